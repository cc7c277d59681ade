// Package store is the document store that the domains are written against:
// typed collections with declared indexes, one aggregate per document, one
// atomic write per change. Its engines are store/sqlite and store/mongo; both
// pass store/storetest.
package store

import (
	"context"

	"go.mongodb.org/mongo-driver/bson"
)

// Kind is the type of the value at an indexed path.
type Kind uint8

// Kinds of an indexed value. Text orders by bytes (use lang.SortKey for
// dictionary order), Time to the millisecond.
const (
	Text Kind = iota
	Int
	Time
	Bool
)

// Part is one component of an index. Path is dotted. Each says that the path
// leads through an array and every element is indexed; an index has at most
// one such part, it comes under equality only, never under range or order.
type Part struct {
	Path string
	Kind Kind
	Each bool
}

// Index is a declared order of a collection. A part must be present in every
// document unless the index is sparse, in which case documents that lack a part are
// not in it.
type Index struct {
	Name           string
	Parts          []Part
	Unique, Sparse bool
}

// Spec declares a collection. Version is the current shape of its documents,
// from 1. Upgrade brings an older one up when it is read, and engines index an
// older document by what Upgrade makes of it; nil leaves it as it is.
type Spec struct {
	Name    string
	Version int
	Indexes []Index
	Upgrade func(from int, d bson.Raw) (bson.Raw, error)
}

// Query reads one declared index: equality on a prefix of its parts, a range
// From <= value < To on the next one (nil leaves a side open), ordered by the
// remaining parts, then id. An empty Index means the order of ids, where From and To
// are ids. Values are string, int, int64, time.Time or bool after their Kind.
// Limit is at most MaxLimit, 0 means MaxLimit. After is a cursor that Find gave.
type Query struct {
	Index    string
	Eq       []any
	From, To any
	Desc     bool
	Limit    int
	After    string
}

// MaxLimit is the largest page: longer reads are paged, because a long
// snapshot makes the embedded engine's log grow without bound.
const MaxLimit = 1000

// MaxDocument is the largest encoded document in bytes.
const MaxDocument = 1 << 20

// DB is an open store. Engines implement it.
type DB interface {
	// Open declares a collection and builds, rebuilds or drops its indexes.
	// A unique index over duplicates is fault.Conflict and names the ids.
	Open(ctx context.Context, spec Spec) (Docs, error)
	// Ping reports whether the store can be read and written.
	Ping(ctx context.Context) error
	// Close finishes writes under way and releases the store.
	Close() error
}

// Docs is one collection of encoded documents, as an engine serves it.
// Documents carry "_id" (a string), "_v" (version of their shape) and "_r"
// (revision, int64 from 1), which engines read and Collection writes.
type Docs interface {
	// Get returns fault.NotFound for an unknown id.
	Get(ctx context.Context, id string) (bson.Raw, error)
	// Insert adds documents in order; it stops at the first that fails, keeps those
	// before it, and returns how many were stored. A taken id or unique value
	// is fault.Conflict.
	Insert(ctx context.Context, docs []bson.Raw) (int, error)
	// Update loads, calls change, and writes its result if nobody else wrote meanwhile;
	// else again, a bounded number of times, then fault.Unavailable. Change
	// returning nil, nil leaves the document as it is; its error is returned as it is.
	Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error
	// Delete removes one document; an unknown id is fault.NotFound.
	Delete(ctx context.Context, id string) error
	// Find returns one page and the cursor of the next, "" at the end.
	Find(ctx context.Context, q Query) ([]bson.Raw, string, error)
	// Count counts what Find would return over all pages.
	Count(ctx context.Context, q Query) (int64, error)
}
