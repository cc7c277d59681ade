package store

import (
	"bytes"
	"context"
	"unicode/utf8"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// Collection is a typed view of Docs. T is a struct whose field tagged
// `bson:"_id"` is a string and whose other exported fields carry bson tags.
type Collection[T any] struct {
	docs Docs
	spec Spec
}

// Open declares a collection of T in db.
func Open[T any](ctx context.Context, db DB, spec Spec) (*Collection[T], error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	docs, err := db.Open(ctx, spec)
	if err != nil {
		return nil, err
	}
	return &Collection[T]{docs, spec}, nil
}

// Get returns the document with this id, or fault.NotFound.
func (c *Collection[T]) Get(ctx context.Context, id string) (T, error) {
	var v T
	if !possible(id) {
		return v, fault.New(fault.NotFound, "store.not_found")
	}
	raw, err := c.docs.Get(ctx, id)
	if err != nil {
		return v, err
	}
	err = c.decode(raw, &v)
	return v, err
}

// Insert adds one document; a taken id or unique value is fault.Conflict.
func (c *Collection[T]) Insert(ctx context.Context, v T) error {
	_, err := c.InsertMany(ctx, []T{v})
	return err
}

// InsertMany adds documents in order and is not atomic: it stops at the first
// that is refused, keeps those before it and returns how many were stored. One that
// cannot be encoded stops it before any is stored.
func (c *Collection[T]) InsertMany(ctx context.Context, vs []T) (int, error) {
	raws := make([]bson.Raw, len(vs))
	for i := range vs {
		raw, err := c.encode(&vs[i], "", 1)
		if err != nil {
			return 0, err
		}
		raws[i] = raw
	}
	return c.docs.Insert(ctx, raws)
}

// Update changes one document through fn, which may run several times, must
// have no effects, and should recognise its own work when it is repeated. Its error
// leaves no trace and is returned as it is. An unknown id is fault.NotFound;
// a document of a newer shape is fault.Conflict "store.newer"; too much
// contention is fault.Unavailable.
func (c *Collection[T]) Update(ctx context.Context, id string, fn func(*T) error) error {
	if !possible(id) {
		return fault.New(fault.NotFound, "store.not_found")
	}
	return c.docs.Update(ctx, id, func(raw bson.Raw) (bson.Raw, error) {
		m, err := ReadMeta(raw)
		if err != nil {
			return nil, err
		}
		if m.Version > c.spec.Version {
			return nil, fault.New(fault.Conflict, "store.newer").With("ID", id)
		}
		var v T
		if err := c.decode(raw, &v); err != nil {
			return nil, err
		}
		if err := fn(&v); err != nil {
			return nil, err
		}
		return c.rewrite(&v, m, raw)
	})
}

// Upsert changes a document as Update does, or inserts one that fn has made of
// empty, which must carry the id. Whoever inserts it first, the others change it.
func (c *Collection[T]) Upsert(ctx context.Context, id string, empty T, fn func(*T) error) error {
	for range upserts {
		err := c.Update(ctx, id, fn)
		if fault.CodeOf(err) != "store.not_found" {
			return err
		}
		v := empty
		if err := fn(&v); err != nil {
			return err
		}
		if err := c.Insert(ctx, v); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}

// upserts are how often a document may be inserted and removed by others.
const upserts = 3

// rewrite encodes a changed document; one that is as it was needs no write.
func (c *Collection[T]) rewrite(v *T, old Meta, raw bson.Raw) (bson.Raw, error) {
	doc, err := c.encode(v, old.ID, old.Revision)
	if err != nil || bytes.Equal(doc, raw) {
		return nil, err
	}
	return seal(unseal(doc), c.spec.Version, old.Revision+1), nil
}

// Delete removes one document; an unknown id is fault.NotFound.
func (c *Collection[T]) Delete(ctx context.Context, id string) error {
	if !possible(id) {
		return fault.New(fault.NotFound, "store.not_found")
	}
	return c.docs.Delete(ctx, id)
}

// possible reports whether a document can have this id, which may come from an
// address.
func possible(id string) bool { return id != "" && utf8.ValidString(id) }

// Find returns one page and the cursor of the next page, "" at the end. A
// query that names no declared index, or does not fit it, is fault.Internal.
func (c *Collection[T]) Find(ctx context.Context, q Query) ([]T, string, error) {
	raws, next, err := c.docs.Find(ctx, q)
	if err != nil {
		return nil, "", err
	}
	vs := make([]T, len(raws))
	for i, raw := range raws {
		if err := c.decode(raw, &vs[i]); err != nil {
			return nil, "", err
		}
	}
	return vs, next, nil
}

// First returns the first document of a query, or fault.NotFound.
func (c *Collection[T]) First(ctx context.Context, q Query) (T, error) {
	q.Limit = 1
	vs, _, err := c.Find(ctx, q)
	if err != nil || len(vs) == 0 {
		var zero T
		if err == nil {
			err = fault.New(fault.NotFound, "store.not_found")
		}
		return zero, err
	}
	return vs[0], nil
}

// All calls fn for every document of a query, page by page; rows added
// meanwhile may or may not be seen. It stops at fn's first error.
func (c *Collection[T]) All(ctx context.Context, q Query, fn func(T) error) error {
	for {
		vs, next, err := c.Find(ctx, q)
		if err != nil {
			return err
		}
		for _, v := range vs {
			if err := fn(v); err != nil {
				return err
			}
		}
		if next == "" {
			return nil
		}
		q.After = next
	}
}

// Count counts the documents of a query; Limit and After are ignored.
func (c *Collection[T]) Count(ctx context.Context, q Query) (int64, error) {
	q.Limit, q.After = 0, ""
	return c.docs.Count(ctx, q)
}
