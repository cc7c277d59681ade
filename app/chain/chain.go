// Package chain hashes the entries of append-only histories, each over the one
// before it, so that a changed or missing entry shows.
package chain

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"time"
)

// Entry collects the fields of one entry in a fixed order. Every field is
// written with its type and length, so that no two entries share an encoding.
type Entry struct{ h hash.Hash }

// New starts an entry of the given kind ("nguon/lot-event/1") after the entry
// whose hash is prev ("" for the first).
func New(kind, prev string) *Entry {
	e := &Entry{sha256.New()}
	return e.Str(kind).Str(prev)
}

func (e *Entry) put(tag byte, b []byte) *Entry {
	var head [9]byte
	head[0] = tag
	binary.BigEndian.PutUint64(head[1:], uint64(len(b)))
	e.h.Write(head[:])
	e.h.Write(b)
	return e
}

// Str adds texts.
func (e *Entry) Str(ss ...string) *Entry {
	for _, s := range ss {
		e.put('s', []byte(s))
	}
	return e
}

// List adds a list of texts as one field.
func (e *Entry) List(ss []string) *Entry {
	return e.put('l', binary.BigEndian.AppendUint64(nil, uint64(len(ss)))).Str(ss...)
}

// Int adds whole numbers.
func (e *Entry) Int(ns ...int64) *Entry {
	for _, n := range ns {
		e.put('i', binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	return e
}

// Time adds times to the millisecond; a zero time differs from every other.
func (e *Entry) Time(ts ...time.Time) *Entry {
	for _, t := range ts {
		if t.IsZero() {
			e.put('z', nil)
			continue
		}
		e.put('t', binary.BigEndian.AppendUint64(nil, uint64(t.UnixMilli())))
	}
	return e
}

// Sum is the hash of the entry, 64 hexadecimal digits.
func (e *Entry) Sum() string { return hex.EncodeToString(e.h.Sum(nil)) }
