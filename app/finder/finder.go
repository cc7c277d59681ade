// Package finder keeps the search index in line with what the domains hold, and
// answers searches from it. The index is derived: every instance notes what
// changed in the store, follows what others noted, and can build all of it anew.
package finder

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/search"
	"nguon/app/store"
)

// Source reads the domains.
type Source interface {
	// Documents are what an object ("product:0193…") is found by now, and the ids of
	// documents that are no more.
	Documents(ctx context.Context, object string) (put []search.Document, out []string, err error)
	// Each yields every document.
	Each(ctx context.Context, yield func(search.Document) error) error
	// Drifts are objects with what makes their documents other than they were without
	// anybody writing them: days that can be booked, rights that begin and end. It is
	// read every second.
	Drifts(ctx context.Context) (map[string]string, error)
}

// Deps is what a Finder needs.
type Deps struct {
	DB     store.DB
	Index  search.Index // the embedded one, which this process owns
	Source Source
	Now    func() time.Time
	Log    *slog.Logger
}

// Finder is safe for concurrent use.
type Finder struct {
	Deps
	changes *store.Collection[change]
	woken   chan struct{}

	mu     sync.Mutex // one pass at a time
	cursor time.Time
	seen   map[string]time.Time // changes that were followed already, of the last overlap
	drifts map[string]string
	again  map[string]bool // objects that could not be read

	building sync.Mutex
	asked    chan struct{} // a rebuild is wanted
}

// change says that an object is other than it was at a moment.
type change struct {
	ID string    `bson:"_id"` // object, or rebuildAsked
	At time.Time `bson:"at"`
}

// rebuildAsked and rebuildDone are changes that stand for the whole index.
const (
	rebuildAsked = "rebuild"
	rebuildBegun = "rebuilding"
	rebuildDone  = "rebuilt"
)

// overlap is how far back a pass looks again: so far clocks of several machines may
// differ, and so long a write may be under way.
const overlap = 15 * time.Second

// New declares the collection of changes.
func New(ctx context.Context, d Deps) (*Finder, error) {
	changes, err := store.Open[change](ctx, d.DB, store.Spec{Name: "search_changes", Version: 1, Indexes: []store.Index{
		{Name: "at", Parts: []store.Part{{Path: "at", Kind: store.Time}}},
	}})
	if err != nil {
		return nil, err
	}
	return &Finder{Deps: d, changes: changes, woken: make(chan struct{}, 1), asked: make(chan struct{}, 1), seen: map[string]time.Time{}, again: map[string]bool{}, cursor: d.Now()}, nil
}

// Note records that an object changed; every instance follows it within a second.
// Again it changes nothing but the moment.
func (f *Finder) Note(ctx context.Context, object string) error {
	err := f.stamp(ctx, object)
	if err == nil {
		f.wake()
	}
	return err
}

// Perform does what outbox.TaskIndex asks for.
func (f *Finder) Perform(ctx context.Context, t outbox.Task) error { return f.Note(ctx, t.Object) }

func (f *Finder) wake() {
	select {
	case f.woken <- struct{}{}:
	default:
	}
}

// Search answers a query. Faults: Invalid "search.query" with fields; Unavailable.
func (f *Finder) Search(ctx context.Context, q search.Query) (search.Result, search.Query, error) {
	q, err := q.Clean()
	if err != nil {
		return search.Result{}, q, err
	}
	r, err := f.Index.Search(ctx, q)
	return r, q, err
}

// Run follows changes until ctx ends. Whole says that the index held everything
// when it was opened; else it is built first.
func (f *Finder) Run(ctx context.Context, whole bool) error {
	if whole || !f.try(ctx, "build the index", f.Rebuild) {
		f.ask()
	}
	var background sync.WaitGroup
	defer background.Wait()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	nightly := time.NewTicker(6 * time.Hour)
	defer nightly.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-f.asked:
			background.Go(func() {
				if f.try(ctx, "build the index anew", f.Rebuild) {
					return
				}
				select {
				case <-ctx.Done():
				case <-time.After(buildAgain):
					f.ask()
				}
			})
			continue
		case <-nightly.C:
			f.ask()
			continue
		case <-f.woken:
		case <-tick.C:
		}
		f.try(ctx, "follow changes", f.Follow)
	}
}

// buildAgain is how long after a failure the index is built again.
const buildAgain = 10 * time.Second

func (f *Finder) try(ctx context.Context, what string, do func(context.Context) error) bool {
	err := do(ctx)
	if err != nil && ctx.Err() == nil {
		f.Log.Error("the search index lags behind and will be tried again", "work", what, "error", err)
	}
	return err == nil
}

func (f *Finder) ask() {
	select {
	case f.asked <- struct{}{}:
	default:
	}
}

// Follow brings the index in line with what changed since the last call.
func (f *Finder) Follow(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	objects, latest := map[string]time.Time{}, f.cursor
	err := f.changes.All(ctx, store.Query{Index: "at", From: f.cursor.Add(-overlap)}, func(c change) error {
		if c.At.After(latest) {
			latest = c.At
		}
		if old, ok := f.seen[c.ID]; !ok || c.At.After(old) {
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
	if f.drifts != nil {
		for object, is := range drifts {
			if f.drifts[object] != is {
				objects[object] = time.Time{}
			}
		}
		for object := range f.drifts {
			if _, still := drifts[object]; !still {
				objects[object] = time.Time{}
			}
		}
	}
	for object := range f.again {
		if _, ok := objects[object]; !ok {
			objects[object] = time.Time{}
		}
	}
	failed, err := f.bring(ctx, objects)
	if err != nil {
		return err
	}
	f.drifts = drifts
	f.cursor = latest
	for object, at := range objects {
		if !at.IsZero() {
			f.seen[object] = at
		}
	}
	for object, at := range f.seen {
		if at.Before(f.cursor.Add(-2 * overlap)) {
			delete(f.seen, object)
		}
	}
	return failed
}

// bring puts objects into the index as they are now; failed is why some could not be
// read, which are tried again with the next pass.
func (f *Finder) bring(ctx context.Context, objects map[string]time.Time) (failed, err error) {
	var put []search.Document
	var out []string
	for object, at := range objects {
		switch object {
		case rebuildAsked:
			f.seen[object] = at // asked for once, whatever becomes of the rest
			f.ask()
			continue
		case rebuildBegun, rebuildDone:
			continue
		}
		docs, gone, err := f.Source.Documents(ctx, object)
		if err != nil { // it does not hold up the others
			f.again[object] = true
			failed = err
			continue
		}
		delete(f.again, object)
		put, out = append(put, docs...), append(out, gone...)
	}
	if len(put) > 0 {
		err = f.Index.Put(ctx, put)
	}
	if len(out) > 0 && err == nil {
		err = f.Index.Delete(ctx, out)
	}
	return failed, err
}

// Rebuild builds the index anew beside the old one.
func (f *Finder) Rebuild(ctx context.Context) error {
	f.building.Lock()
	defer f.building.Unlock()
	begun := time.Now()
	if err := f.stamp(ctx, rebuildBegun); err != nil {
		return err
	}
	err := f.Index.Rebuild(ctx, func(yield func(search.Document) error) error { return f.Source.Each(ctx, yield) })
	if err != nil {
		return err
	}
	n, err := f.Index.Count(ctx)
	if err != nil {
		return err
	}
	f.Log.Info("the search index was built", "documents", n, "took", time.Since(begun).Round(time.Millisecond).String())
	return f.stamp(ctx, rebuildDone)
}

func (f *Finder) stamp(ctx context.Context, what string) error {
	now := store.Stamp(f.Now())
	return f.changes.Upsert(ctx, what, change{ID: what}, func(c *change) error {
		if least := c.At.Add(time.Millisecond); now.Before(least) { // two changes never bear the same moment
			c.At = least
		} else {
			c.At = now
		}
		return nil
	})
}

// Ask lets every server build its index anew, and waits until one has. It is fault.
// Unavailable "search.no_server" when none begins, or none is done, in time.
func (f *Finder) Ask(ctx context.Context, begin, wait time.Duration) error {
	asked := store.Stamp(f.Now())
	if err := f.stamp(ctx, rebuildAsked); err != nil {
		return err
	}
	for end := asked.Add(wait); ; {
		done, err := f.changes.Get(ctx, rebuildDone)
		if err == nil && !done.At.Before(asked) {
			return nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		begun, err := f.changes.Get(ctx, rebuildBegun)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		now := f.Now()
		if now.After(end) || begun.At.Before(asked) && now.After(asked.Add(begin)) {
			return fault.New(fault.Unavailable, "search.no_server")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
