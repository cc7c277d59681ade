package mongo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
	"go.mongodb.org/mongo-driver/mongo/options"

	"nguon/app/store"
)

// prefix marks the indexes that this package made; an operator's own are left
// alone.
const prefix = "ng_"

// built is one server index. Its name ends in a fingerprint of all that it
// depends on, so a changed declaration is a missing index and one too many:
// nothing has to be remembered beside it, and nothing can disagree.
type built struct {
	name   string
	of     store.Index
	keys   bson.D
	unique bool
}

func newBuilt(purpose string, x store.Index, keys bson.D, unique bool) built {
	sum := sha256.Sum256(fmt.Appendf(nil, "1 %v %+v %t", keys, x, unique))
	return built{prefix + x.Name + "_" + purpose + "_" + hex.EncodeToString(sum[:4]), x, keys, unique}
}

// wanted lists the server indexes of a collection, in the order of their
// declaration. A server takes one index of a kind, so declarations of the same
// order share one.
func wanted(s store.Spec) []built {
	var all []built
	if s.Upgrade != nil {
		all = append(all, newBuilt("version", store.Index{}, bson.D{{Key: "_v", Value: 1}}, false))
	}
	seen := map[string]bool{}
	for _, x := range s.Indexes {
		for _, b := range serving(x) {
			if kind := fmt.Sprint(b.keys, b.unique); !seen[kind] {
				seen[kind] = true
				all = append(all, b)
			}
		}
	}
	return all
}

// serving lists the server indexes of one declaration. The id closes the order
// of those that are read in pages, so that the server need not sort; what
// begins with the id needs no index beside the server's own.
func serving(x store.Index) []built {
	var keys bson.D
	for _, p := range x.Parts {
		keys = append(keys, bson.E{Key: p.Path, Value: 1})
	}
	if keys[0].Key == "_id" {
		return nil
	}
	if x.Unique && !needsKey(x) {
		return []built{newBuilt("key", x, keys, true)}
	}
	if !slices.ContainsFunc(keys, func(e bson.E) bool { return e.Key == "_id" }) {
		keys = append(keys, bson.E{Key: "_id", Value: 1})
	}
	order := newBuilt("order", x, keys, false)
	if !x.Unique {
		return []built{order}
	}
	own := bson.D{{Key: keysField + "." + keyName(x), Value: 1}}
	return []built{order, newBuilt("key", x, own, true)}
}

// reconcile drops the indexes that are no longer declared as they are, brings
// older documents up to what the indexes expect, and builds those that are
// missing. Several instances may do so at once.
func (d *docs) reconcile(ctx context.Context) error {
	have, err := d.ownIndexes(ctx)
	if err != nil {
		return err
	}
	want := wanted(d.spec)
	if err := d.drop(ctx, have, want); err != nil {
		return err
	}
	if d.spec.Upgrade != nil {
		if err := d.upgrade(ctx); err != nil {
			return err
		}
	}
	for _, b := range want {
		if !have[b.name] {
			if err := d.build(ctx, b); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *docs) ownIndexes(ctx context.Context) (map[string]bool, error) {
	specs, err := d.coll.Indexes().ListSpecifications(ctx)
	if err != nil && !gone(err) {
		return nil, classify(ctx, err)
	}
	own := map[string]bool{}
	for _, s := range specs {
		if strings.HasPrefix(s.Name, prefix) {
			own[s.Name] = true
		}
	}
	return own, nil
}

func (d *docs) drop(ctx context.Context, have map[string]bool, want []built) error {
	keep := map[string]bool{}
	for _, b := range want {
		keep[b.name] = true
	}
	for name := range have {
		if keep[name] {
			continue
		}
		d.db.log.Info("dropping an index", "collection", d.spec.Name, "index", name)
		if _, err := d.coll.Indexes().DropOne(ctx, name); err != nil && !gone(err) {
			return classify(ctx, err)
		}
	}
	return nil
}

// gone: another instance dropped it first, or there is no collection yet.
func gone(err error) bool {
	var se mongo.ServerError
	return errors.As(err, &se) && (se.HasErrorCode(26) || se.HasErrorCode(27))
}

// build makes one index. Keys are filled in first, for documents that were
// written while the index was not declared.
func (d *docs) build(ctx context.Context, b built) error {
	d.db.log.Info("building an index", "collection", d.spec.Name, "index", b.name)
	if b.unique && needsKey(b.of) {
		if err := d.fill(ctx); err != nil {
			return err
		}
	}
	o := options.Index().SetName(b.name)
	if b.unique {
		o.SetUnique(true)
	}
	_, err := d.coll.Indexes().CreateOne(ctx, mongo.IndexModel{Keys: b.keys, Options: o})
	if err != nil && b.unique && ctx.Err() == nil {
		if err := d.duplicates(ctx, b.of); err != nil {
			return err
		}
	}
	return classify(ctx, err)
}
