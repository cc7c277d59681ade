package finder

import (
	"context"
	"errors"
	"sync"
	"time"

	"nguon/app/search"
	"nguon/app/store"
)

// follower brings one index in line with what others noted.
type follower struct {
	index search.Index
	saw   func(at, now time.Time) // is told of each change that was followed; nil for nobody
	woken chan struct{}
	asked chan struct{} // a rebuild is wanted

	mu       sync.Mutex           // one pass at a time
	cursor   time.Time            // of the newest change that was followed
	seen     map[string]time.Time // changes that were followed already, of the last overlap
	drifts   map[string]string    // nil before the first pass
	again    map[string]attempt   // objects that could not be read or written
	answered time.Time            // the wish for a rebuild that was passed on last

	building sync.Mutex // one rebuild at a time
	made     time.Time  // the index of the last rebuild, by its server's clock
}

// attempt is when an object is tried again.
type attempt struct {
	at   time.Time
	wait time.Duration
}

// Objects that cannot be read are tried again after ever longer.
const (
	retryFirst = time.Second
	retryMost  = 5 * time.Minute
)

func newFollower(x search.Index, from time.Time) *follower {
	return &follower{index: x, woken: make(chan struct{}, 1), asked: make(chan struct{}, 1), seen: map[string]time.Time{}, again: map[string]attempt{}, cursor: from}
}

func (w *follower) wake() { signal(w.woken) }
func (w *follower) ask()  { signal(w.asked) }

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// overlap is how far back a pass looks again: so far clocks of several machines may
// differ, and so long a write may be under way.
const overlap = 15 * time.Second

// indexError is what an index said, not the store.
type indexError struct{ error }

func (e indexError) Unwrap() error { return e.error }

// follow brings an index in line with what changed since the last call, and says
// whether it wrote. What cannot be read holds up nothing else: it is tried again, and
// the error is returned at the end.
func (f *Finder) follow(ctx context.Context, w *follower) (wrote bool, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := f.Now()
	objects, latest := map[string]time.Time{}, w.cursor
	err = f.changes.All(ctx, store.Query{Index: "at", From: w.cursor.Add(-overlap)}, func(c change) error {
		if at := earlier(c.At, now); at.After(latest) { // a clock that is ahead takes nobody along
			latest = at
		}
		if old, ok := w.seen[c.ID]; !ok || c.At.After(old) {
			objects[c.ID] = c.At
		}
		return nil
	})
	if err != nil {
		return false, err
	}
	drifts, err := f.Source.Drifts(ctx)
	if err != nil {
		return false, err
	}
	drifted := map[string]bool{}
	if w.drifts != nil {
		for object, is := range drifts {
			drifted[object] = w.drifts[object] != is
		}
		for object := range w.drifts {
			if _, still := drifts[object]; !still {
				drifted[object] = true
			}
		}
	}
	want := map[string]bool{}
	for object, at := range objects {
		switch object {
		case rebuildAsked:
			if at.After(w.answered) {
				w.answered = at
				w.ask()
			}
		case rebuildBegun, rebuildDone:
		default:
			want[object] = true
		}
	}
	for object, is := range drifted {
		if is {
			want[object] = true
		}
	}
	for object, a := range w.again {
		if !now.Before(a.at) {
			want[object] = true
		}
	}
	wrote, failed, err := f.bring(ctx, w, want, now)
	if err != nil {
		return wrote, err
	}
	w.drifts, w.cursor = drifts, latest
	for object, at := range objects {
		if w.seen[object] = at; w.saw != nil {
			w.saw(earlier(at, now), now)
		}
	}
	for object, at := range w.seen {
		if at.Before(w.cursor.Add(-2 * overlap)) {
			delete(w.seen, object)
		}
	}
	return wrote, failed
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// bring puts objects into the index as they are now; failed is why some could not be
// read, or are refused.
func (f *Finder) bring(ctx context.Context, w *follower, objects map[string]bool, now time.Time) (wrote bool, failed, err error) {
	var put []search.Document
	var out []string
	later := func(object string, err error) {
		a := w.again[object]
		a.wait = min(max(2*a.wait, retryFirst), retryMost)
		a.at = now.Add(a.wait)
		w.again[object] = a
		failed = errors.Join(failed, err)
	}
	read := map[string]bool{}
	for object := range objects {
		docs, gone, err := f.Source.Documents(ctx, object)
		if err != nil {
			later(object, err)
			continue
		}
		read[object] = true
		put, out = append(put, docs...), append(out, gone...)
	}
	if len(put) > 0 {
		if err = w.index.Put(ctx, put); errors.Is(err, search.ErrRefused) { // one of them: the others go alone
			failed, err = errors.Join(failed, err), nil
			for _, d := range put {
				if e := w.index.Put(ctx, []search.Document{d}); e != nil && !errors.Is(e, search.ErrRefused) {
					err = e
				}
			}
		}
	}
	if len(out) > 0 && err == nil {
		err = w.index.Delete(ctx, out)
	}
	if wrote = len(put)+len(out) > 0; err != nil {
		return wrote, failed, indexError{err}
	}
	for object := range read {
		delete(w.again, object)
	}
	return wrote, failed, nil
}
