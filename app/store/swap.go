package store

import (
	"context"
	"fmt"
	"sync"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
)

// Revised is what Swap needs of an engine.
type Revised interface {
	// Load returns fault.NotFound for an unknown id.
	Load(ctx context.Context, id string) (bson.Raw, error)
	// Replace writes doc if the stored document still has the revision of old,
	// in one atomic step. It returns false if it has not, or is gone.
	Replace(ctx context.Context, old Meta, doc bson.Raw) (bool, error)
}

// SwapTries is how often an update starts again before it gives up. With a
// lock per process, four busy processes need 0.3 retries an update.
const SwapTries = 40

// Swap is the loop behind Docs.Update: load, change, write if nobody else wrote
// meanwhile, else again. It gives up with fault.Unavailable "store.busy".
func Swap(ctx context.Context, r Revised, id string, change func(bson.Raw) (bson.Raw, error)) error {
	for range SwapTries {
		if err := ctx.Err(); err != nil {
			return Ended(err)
		}
		raw, err := r.Load(ctx, id)
		if err != nil {
			return err
		}
		old, err := ReadMeta(raw)
		if err != nil {
			return err
		}
		doc, err := change(raw)
		if err != nil || doc == nil {
			return err
		}
		m, err := ReadMeta(doc)
		if err != nil {
			return err
		}
		if m.ID != old.ID || m.Revision != old.Revision+1 {
			return fault.Wrap(fault.Internal, "store.id", fmt.Errorf("%v was turned into %v", old, m))
		}
		if done, err := r.Replace(ctx, old, doc); err != nil || done {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}

// Ended classifies the error of a context that ended.
func Ended(err error) error { return fault.Wrap(fault.Unavailable, "store.unavailable", err) }

// Locks is one lock per id, so that the goroutines of a process queue for a
// document instead of wasting each other's writes. The zero value is ready.
type Locks struct {
	mu   sync.Mutex
	held map[string]*idLock
}

type idLock struct {
	turn chan struct{} // holds one token while the lock is free
	refs int
}

// Lock waits for the id or the end of ctx, which is fault.Unavailable. The
// caller calls unlock exactly once.
func (l *Locks) Lock(ctx context.Context, id string) (unlock func(), err error) {
	k := l.join(id)
	select {
	case <-k.turn:
		return func() { k.turn <- struct{}{}; l.leave(id, k) }, nil
	case <-ctx.Done():
		l.leave(id, k)
		return nil, Ended(ctx.Err())
	}
}

func (l *Locks) join(id string) *idLock {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string]*idLock{}
	}
	k := l.held[id]
	if k == nil {
		k = &idLock{turn: make(chan struct{}, 1)}
		k.turn <- struct{}{}
		l.held[id] = k
	}
	k.refs++
	return k
}

func (l *Locks) leave(id string, k *idLock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.refs--; k.refs == 0 {
		delete(l.held, id)
	}
}
