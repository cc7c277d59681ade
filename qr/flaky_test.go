package qr

import (
	"context"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
)

type flakyDocs struct {
	store.Docs
	off *atomic.Bool
}

func (d *flakyDocs) Get(ctx context.Context, id string) (bson.Raw, error) {
	if d.off.Load() {
		return nil, errOff
	}
	return d.Docs.Get(ctx, id)
}

func (d *flakyDocs) Insert(ctx context.Context, docs []bson.Raw) (int, error) {
	if d.off.Load() {
		return 0, errOff
	}
	return d.Docs.Insert(ctx, docs)
}

func (d *flakyDocs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	if d.off.Load() {
		return errOff
	}
	return d.Docs.Update(ctx, id, change)
}

func (d *flakyDocs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	if d.off.Load() {
		return nil, "", errOff
	}
	return d.Docs.Find(ctx, q)
}
