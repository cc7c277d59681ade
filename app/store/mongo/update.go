package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
)

// Update is store.Swap: a read, the change, and one command that replaces the
// document only if its revision is still the one that was read.
func (d *docs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	unlock, err := d.db.locks.Lock(ctx, d.spec.Name+"\x00"+id)
	if err != nil {
		return err
	}
	defer unlock()
	return store.Swap(ctx, &swap{docs: d}, id, change)
}

// swap is one update: it counts how often somebody else was faster.
type swap struct {
	docs   *docs
	missed int
}

func (s *swap) Load(ctx context.Context, id string) (bson.Raw, error) { return s.docs.Get(ctx, id) }

func (s *swap) Replace(ctx context.Context, old store.Meta, doc bson.Raw) (bool, error) {
	done, err := s.docs.replace(ctx, old, doc)
	if done || err != nil {
		return done, err
	}
	s.missed++
	pause(ctx, s.missed)
	return false, nil
}

// replace writes doc if the stored document still has the revision of old.
func (d *docs) replace(ctx context.Context, old store.Meta, doc bson.Raw) (bool, error) {
	with, err := d.derived(doc)
	if err != nil {
		return false, err
	}
	still := bson.D{{Key: "_id", Value: old.ID}, {Key: "_r", Value: old.Revision}}
	res, err := d.coll.ReplaceOne(ctx, still, with)
	if err != nil {
		return false, classify(ctx, err)
	}
	return res.MatchedCount == 1, nil
}

// pause waits after a lost race: not after the first, then a little longer
// each time, at most 20 ms or until ctx ends.
func pause(ctx context.Context, missed int) {
	if missed < 2 {
		return
	}
	t := time.NewTimer(time.Duration(min(missed, 20)) * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
