package mongo

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo/options"
	"go.mongodb.org/mongo-driver/x/bsonx/bsoncore"

	"nguon/app/fault"
	"nguon/app/store"
)

// fill gives every document the keys that the declaration asks for, at the
// revision it has: what is declared about it changes, not the document.
func (d *docs) fill(ctx context.Context) error {
	return d.each(ctx, nil, func(stored bson.Raw) error {
		return d.settle(ctx, stored, func(doc bson.Raw) (bson.Raw, error) { return doc, nil })
	})
}

// upgrade rewrites documents of an older shape, since the server indexes what
// is stored and knows no Upgrade. Later starts find none.
func (d *docs) upgrade(ctx context.Context) error {
	older := compare("_v", "$lt", int64(d.spec.Version))
	return d.each(ctx, older, func(stored bson.Raw) error {
		return d.settle(ctx, stored, d.upgraded)
	})
}

func (d *docs) upgraded(doc bson.Raw) (bson.Raw, error) {
	m, err := store.ReadMeta(doc)
	if err != nil || m.Version >= d.spec.Version {
		return doc, err
	}
	up, err := d.spec.Current(doc)
	if err != nil {
		return nil, err
	}
	if up, err = without(up, "_v", "_r"); err != nil {
		return nil, err
	}
	out := bsoncore.AppendInt32Element(up[:len(up)-1], "_v", int32(d.spec.Version))
	out = append(bsoncore.AppendInt64Element(out, "_r", m.Revision+1), 0)
	return bsoncore.UpdateLength(out, 0, int32(len(out))), nil
}

// settle rewrites one document unless it is as it should be. One that somebody
// else changes meanwhile is read again.
func (d *docs) settle(ctx context.Context, stored bson.Raw, should func(bson.Raw) (bson.Raw, error)) error {
	for range store.SwapTries {
		done, err := d.settleOnce(ctx, stored, should)
		if done || err != nil {
			return err
		}
		stored, err = d.load(ctx, idOf(stored))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}

func (d *docs) settleOnce(ctx context.Context, stored bson.Raw, should func(bson.Raw) (bson.Raw, error)) (bool, error) {
	old, err := store.ReadMeta(stored)
	if err != nil {
		return false, err
	}
	doc, err := plain(stored)
	if err != nil {
		return false, err
	}
	if doc, err = should(doc); err != nil {
		return false, err
	}
	with, err := d.derived(doc)
	if err != nil || bytes.Equal(with, stored) {
		return err == nil, err
	}
	return d.replace(ctx, old, doc)
}

// duplicates reads the whole collection to name the documents that share a
// value which is declared unique; it returns nil when there are none.
func (d *docs) duplicates(ctx context.Context, x store.Index) error {
	const most = 20
	first := map[string]string{}
	var ids []string
	note := func(id string) {
		if len(ids) < most && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	err := d.each(ctx, nil, func(stored bson.Raw) error {
		current, err := d.spec.Current(stored)
		if err != nil {
			return err
		}
		entries, err := x.Keys(current)
		for _, e := range entries {
			key, id := hash(e), idOf(stored)
			if other, taken := first[key]; taken {
				note(other)
				note(id)
			} else {
				first[key] = id
			}
		}
		return err
	})
	if err != nil || len(ids) == 0 {
		return err
	}
	return fault.New(fault.Conflict, "store.duplicates").With("Collection", d.spec.Name).
		With("Index", x.Name).With("IDs", strings.Join(ids, ", "))
}

// each calls fn for the stored documents that match, in the order of ids. A
// page is read whole before fn, which may use the only connection.
func (d *docs) each(ctx context.Context, match bson.D, fn func(stored bson.Raw) error) error {
	const size = 50
	o := options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(size)
	after := ""
	for {
		all := append(compare("_id", "$gt", after), match...)
		found, err := d.coll.Find(ctx, all, o)
		if err != nil {
			return classify(ctx, err)
		}
		var page []bson.Raw
		if err := found.All(ctx, &page); err != nil {
			return classify(ctx, err)
		}
		for _, stored := range page {
			if err := fn(stored); err != nil {
				return err
			}
		}
		if len(page) < size {
			return nil
		}
		after = idOf(page[size-1])
	}
}
