// Package finder keeps the search index in line with what the domains hold, and
// answers searches from it. The index is derived: every instance notes what
// changed in the store, follows what others noted, and can build all of it anew.
package finder

import (
	"context"
	"errors"
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
	Index  search.Index // the embedded one, which this process owns; nil in a command
	Remote Remote       // asked before the embedded one; nil for none
	Alone  bool         // no other process works on the store
	Source Source
	Now    func() time.Time
	Log    *slog.Logger
}

// Finder is safe for concurrent use.
type Finder struct {
	Deps
	changes *store.Collection[change]
	states  *store.Collection[state]
	local   *follower
	remote  *remote // nil for none
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

// New declares the collections of changes and of what became of the shared index.
func New(ctx context.Context, d Deps) (*Finder, error) {
	changes, err := store.Open[change](ctx, d.DB, store.Spec{Name: "search_changes", Version: 1, Indexes: []store.Index{
		{Name: "at", Parts: []store.Part{{Path: "at", Kind: store.Time}}},
	}})
	if err != nil {
		return nil, err
	}
	states, err := store.Open[state](ctx, d.DB, store.Spec{Name: "search_states", Version: 1})
	if err != nil {
		return nil, err
	}
	f := &Finder{Deps: d, changes: changes, states: states, local: newFollower(d.Index, d.Now())}
	if d.Remote != nil {
		f.remote = newRemote(d)
		f.local.saw = f.remote.lag.saw
	}
	return f, nil
}

// Note records that an object changed; every instance follows it within a second.
// Again it changes nothing but the moment.
func (f *Finder) Note(ctx context.Context, object string) error {
	err := f.stamp(ctx, object)
	if err == nil {
		f.local.wake()
		if f.remote != nil {
			f.remote.wake()
		}
	}
	return err
}

// Perform does what outbox.TaskIndex asks for.
func (f *Finder) Perform(ctx context.Context, t outbox.Task) error { return f.Note(ctx, t.Object) }

// Search answers a query. While the shared index is away or behind, the embedded
// one stands in for it, which the result says. Faults: Invalid "search.query" with
// fields; Unavailable.
func (f *Finder) Search(ctx context.Context, q search.Query) (search.Result, search.Query, error) {
	q, err := q.Clean()
	if err != nil {
		return search.Result{}, q, err
	}
	if f.remote != nil && f.remote.answers(f.Now()) {
		r, err := f.Remote.Search(ctx, q)
		if err == nil || ctx.Err() != nil {
			return r, q, err
		}
		f.remote.failed(f.Now(), err)
	}
	r, err := f.Index.Search(ctx, q)
	r.StandIn = f.remote != nil
	return r, q, err
}

// Run follows changes until ctx ends. Built says that the embedded index was built
// by this process; one that was found, or is empty, is built beside what it answers.
func (f *Finder) Run(ctx context.Context, built bool) error {
	if !built {
		f.local.ask()
	}
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { f.builds(ctx, f.local, "build the index anew", f.Rebuild) })
	if f.remote != nil {
		all.Go(func() { f.builds(ctx, &f.remote.follower, "build the index on Meilisearch", f.rebuildRemote) })
		all.Go(func() {
			ctx, cancel := context.WithCancel(ctx)
			defer cancel()
			all.Go(func() { f.keep(ctx) })
			f.each(ctx, &f.remote.follower, "follow changes on Meilisearch", f.FollowRemote)
			f.release(ctx)
		})
	}
	f.each(ctx, f.local, "follow changes", f.Follow)
	return nil
}

// each follows changes once a second, and at once when it is woken.
func (f *Finder) each(ctx context.Context, w *follower, what string, follow func(context.Context) error) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.woken:
		case <-tick.C:
		}
		f.try(ctx, what, follow)
	}
}

// keep renews the lease of the shared index.
func (f *Finder) keep(ctx context.Context) {
	tick := time.NewTicker(leaseRenew)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			f.try(ctx, "keep the lease of the index on Meilisearch", f.renew)
		}
	}
}

// buildAgain is how long after a failure an index is built again, buildNightly how
// long after the last time.
const (
	buildAgain   = 10 * time.Second
	buildNightly = 6 * time.Hour
)

// builds builds an index anew when that is asked for, one build at a time.
func (f *Finder) builds(ctx context.Context, w *follower, what string, build func(context.Context) error) {
	nightly := time.NewTicker(buildNightly)
	defer nightly.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.asked:
		case <-nightly.C:
		}
		if f.try(ctx, what, build) {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(buildAgain):
			w.ask()
		}
	}
}

func (f *Finder) try(ctx context.Context, what string, do func(context.Context) error) bool {
	err := do(ctx)
	if err != nil && ctx.Err() == nil {
		f.Log.Error("the search index lags behind and will be tried again", "work", what, "error", err)
	}
	return err == nil
}

// Follow brings the embedded index in line with what changed since the last call.
func (f *Finder) Follow(ctx context.Context) error {
	_, err := f.follow(ctx, f.local)
	return err
}

// Rebuild builds the embedded index anew beside the old one.
func (f *Finder) Rebuild(ctx context.Context) error {
	f.local.building.Lock()
	defer f.local.building.Unlock()
	begun := time.Now()
	if err := f.stamp(ctx, rebuildBegun); err != nil {
		return err
	}
	if err := f.build(ctx, f.Index, begun); err != nil {
		return err
	}
	return f.stamp(ctx, rebuildDone)
}

func (f *Finder) build(ctx context.Context, x search.Index, begun time.Time) error {
	err := x.Rebuild(ctx, func(yield func(search.Document) error) error { return f.Source.Each(ctx, yield) })
	if err != nil {
		return err
	}
	n, err := x.Count(ctx)
	if err != nil {
		return err
	}
	f.Log.Info("a search index was built", "shared", x != f.Index, "documents", n, "took", time.Since(begun).Round(time.Millisecond).String())
	return nil
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

// Ask lets every server build its index anew, and waits until one has, and until
// the shared index is built. It is fault.Unavailable "search.no_server" when none
// begins, or none is done, in time; "search.remote_away" when only the shared one is
// not.
func (f *Finder) Ask(ctx context.Context, begin, wait time.Duration) error {
	asked := store.Stamp(f.Now())
	if err := f.stamp(ctx, rebuildAsked); err != nil {
		return err
	}
	at := func(what string) (time.Time, error) {
		c, err := f.changes.Get(ctx, what)
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return c.At, err
	}
	for end := asked.Add(wait); ; {
		begun, err := at(rebuildBegun)
		done, err2 := at(rebuildDone)
		shared, err3 := f.state(ctx)
		if err := errors.Join(err, err2, err3); err != nil {
			return err
		}
		built := !begun.Before(asked) && !done.Before(begun) // one that had begun before counts for nothing
		if built && (f.Remote == nil || !shared.Built.Before(asked)) {
			return nil
		}
		now := f.Now()
		if built && (now.After(end) || shared.Behind && !shared.Building && now.After(asked.Add(begin))) {
			return fault.New(fault.Unavailable, "search.remote_away")
		}
		if now.After(end) || begun.Before(asked) && now.After(asked.Add(begin)) {
			return fault.New(fault.Unavailable, "search.no_server")
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}
