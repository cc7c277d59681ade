package mongo

import (
	"context"
	"sync"
)

// locks lets one goroutine of this process at a time update a document: the
// compare-and-set of update.go is correct without it, but then needs dozens of
// tries on a document that many want.
type locks struct {
	mu   sync.Mutex
	held map[string]*lock
}

// lock is a semaphore of one and the number of those who hold or await it.
type lock struct {
	sem  chan struct{}
	want int
}

func newLocks() *locks { return &locks{held: map[string]*lock{}} }

// take waits for the lock of one document, or for ctx to end.
func (l *locks) take(ctx context.Context, key string) (release func(), err error) {
	l.mu.Lock()
	k := l.held[key]
	if k == nil {
		k = &lock{sem: make(chan struct{}, 1)}
		l.held[key] = k
	}
	k.want++
	l.mu.Unlock()
	select {
	case k.sem <- struct{}{}:
		return func() { <-k.sem; l.leave(key, k) }, nil
	case <-ctx.Done():
		l.leave(key, k)
		return nil, ctx.Err()
	}
}

func (l *locks) leave(key string, k *lock) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if k.want--; k.want == 0 {
		delete(l.held, key)
	}
}
