package finder

import (
	"context"
	"sync"
	"time"

	"nguon/app/search"
	"nguon/app/store"
)

// follower brings one index in line with what others noted.
type follower struct {
	index search.Index
	woken chan struct{}
	asked chan struct{} // a rebuild is wanted

	mu     sync.Mutex           // one pass at a time
	cursor time.Time            // of the newest change that was followed
	seen   map[string]time.Time // changes that were followed already, of the last overlap
	newest time.Time            // change that was read
	drifts map[string]string    // nil before the first pass
	again  map[string]bool      // objects that could not be read

	building sync.Mutex // one rebuild at a time
	built    time.Time  // when the last one began
}

func newFollower(x search.Index, from time.Time) *follower {
	return &follower{index: x, woken: make(chan struct{}, 1), asked: make(chan struct{}, 1), seen: map[string]time.Time{}, again: map[string]bool{}, cursor: from}
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

// follow brings an index in line with what changed since the last call.
func (f *Finder) follow(ctx context.Context, w *follower) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	objects, latest := map[string]time.Time{}, w.cursor
	err := f.changes.All(ctx, store.Query{Index: "at", From: w.cursor.Add(-overlap)}, func(c change) error {
		if c.At.After(latest) {
			latest = c.At
		}
		if c.At.After(w.newest) {
			w.newest = c.At
		}
		if old, ok := w.seen[c.ID]; !ok || c.At.After(old) {
			objects[c.ID] = c.At
		}
		return nil
	})
	if err != nil {
		return err
	}
	drifts, err := f.Source.Drifts(ctx)
	if err != nil {
		return err
	}
	if w.drifts != nil {
		for object, is := range drifts {
			if w.drifts[object] != is {
				objects[object] = time.Time{}
			}
		}
		for object := range w.drifts {
			if _, still := drifts[object]; !still {
				objects[object] = time.Time{}
			}
		}
	}
	for object := range w.again {
		if _, ok := objects[object]; !ok {
			objects[object] = time.Time{}
		}
	}
	failed, err := f.bring(ctx, w, objects)
	if err != nil {
		return err
	}
	w.drifts = drifts
	w.cursor = latest
	for object, at := range objects {
		if !at.IsZero() {
			w.seen[object] = at
		}
	}
	for object, at := range w.seen {
		if at.Before(w.cursor.Add(-2 * overlap)) {
			delete(w.seen, object)
		}
	}
	return failed
}

// bring puts objects into the index as they are now; failed is why some could not be
// read, which are tried again with the next pass.
func (f *Finder) bring(ctx context.Context, w *follower, objects map[string]time.Time) (failed, err error) {
	var put []search.Document
	var out []string
	for object, at := range objects {
		switch object {
		case rebuildAsked:
			w.seen[object] = at // asked for once, whatever becomes of the rest
			if at.After(w.built) {
				w.ask()
			}
			continue
		case rebuildBegun, rebuildDone:
			continue
		}
		docs, gone, err := f.Source.Documents(ctx, object)
		if err != nil { // it does not hold up the others
			w.again[object] = true
			failed = err
			continue
		}
		delete(w.again, object)
		put, out = append(put, docs...), append(out, gone...)
	}
	if len(put) > 0 {
		err = w.index.Put(ctx, put)
	}
	if len(out) > 0 && err == nil {
		err = w.index.Delete(ctx, out)
	}
	if err != nil {
		err = indexError{err}
	}
	return failed, err
}

// indexError is what an index said, not the store.
type indexError struct{ error }

func (e indexError) Unwrap() error { return e.error }
