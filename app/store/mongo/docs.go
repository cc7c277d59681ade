package mongo

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"

	"nguon/app/fault"
	"nguon/app/store"
)

// docs is one collection.
type docs struct {
	db   *DB
	coll *mongo.Collection
	spec store.Spec
}

var _ store.Docs = (*docs)(nil)

// batch is how many documents one insert command carries at most; with
// documents of store.MaxDocument it stays below the protocol's 48 MB.
const batch = 40

func (d *docs) Get(ctx context.Context, id string) (bson.Raw, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	raw, err := d.load(ctx, id)
	if err != nil {
		return nil, err
	}
	return plain(raw)
}

// load reads a document as it is stored.
func (d *docs) load(ctx context.Context, id string) (bson.Raw, error) {
	raw, err := d.coll.FindOne(ctx, bson.D{{Key: "_id", Value: id}}).Raw()
	return raw, classify(ctx, err)
}

func (d *docs) Insert(ctx context.Context, raws []bson.Raw) (int, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	stored := 0
	for len(raws) > 0 {
		n := min(len(raws), batch)
		done, err := d.insert(ctx, raws[:n])
		stored += done
		if err != nil {
			return stored, err
		}
		raws = raws[n:]
	}
	return stored, nil
}

// insert writes one command's worth and says how many are certainly stored.
func (d *docs) insert(ctx context.Context, raws []bson.Raw) (int, error) {
	in := make([]any, len(raws))
	for i, raw := range raws {
		with, err := d.derived(raw)
		if err != nil {
			return 0, err
		}
		in[i] = with
	}
	_, err := d.coll.InsertMany(ctx, in)
	if err == nil {
		return len(raws), nil
	}
	var be mongo.BulkWriteException
	if errors.As(err, &be) && len(be.WriteErrors) > 0 {
		return be.WriteErrors[0].Index, classify(ctx, err)
	}
	return 0, classify(ctx, err)
}

func (d *docs) Delete(ctx context.Context, id string) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	res, err := d.coll.DeleteOne(ctx, bson.D{{Key: "_id", Value: id}})
	if err != nil {
		return classify(ctx, err)
	}
	if res.DeletedCount == 0 {
		return fault.New(fault.NotFound, "store.not_found")
	}
	return nil
}
