package finder

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// remote is the shared index as this process sees it. One process at a time brings
// it in line, under a lease that only saves work: two would write the same.
type remote struct {
	follower
	deps Deps
	name string      // of this process
	up   atomic.Bool // it answers, and lacks nothing

	quiet   atomic.Int64 // milliseconds of the clock until which it is not asked after a failure
	holds   bool         // this process brings it in line
	renewed time.Time
	saved   time.Time   // the cursor that the others know
	behind  bool        // as the others know it
	lag     time.Time   // since when this process has followed what the shared index lacks
	said    time.Time   // when what is wrong was last said
	owed    atomic.Bool // a rebuild waits until it is back
}

// state is what all processes know of the shared index.
type state struct {
	ID     string    `bson:"_id"`
	Holder string    `bson:"holder,omitempty"` // who brings it in line
	Until  time.Time `bson:"until"`            // of the lease
	Cursor time.Time `bson:"cursor"`           // of the newest change that is in it
	Built  time.Time `bson:"built"`            // when what it was built from was read
	Behind bool      `bson:"behind,omitempty"` // the holder cannot bring it in line
}

const stateID = "shared"

// How long a lease is and when it is renewed, how long a failure of the shared index
// keeps searches from it, and how long it may lack what the embedded one holds.
const (
	leaseFor   = 15 * time.Second
	leaseRenew = 5 * time.Second
	quietFor   = 3 * time.Second
	mostLag    = 1500 * time.Millisecond
)

func newRemote(d Deps) *remote {
	r := &remote{follower: *newFollower(d.Remote, time.Time{}), deps: d, name: rand.Text()}
	if d.Alone { // a process that was killed left a lease that nobody else can hold
		r.name = "alone"
	}
	return r
}

// failed notes that a search got no answer.
func (r *remote) failed(now time.Time, err error) {
	r.quiet.Store(now.Add(quietFor).UnixMilli())
	if r.up.Swap(false) {
		r.deps.Log.Warn("Meilisearch does not answer: the embedded index stands in", "error", err)
	}
}

// Degraded reports whether the embedded index stands in for the shared one.
func (f *Finder) Degraded() bool { return f != nil && f.remote != nil && !f.remote.up.Load() }

func (f *Finder) state(ctx context.Context) (state, error) {
	s, err := f.states.Get(ctx, stateID)
	if fault.Is(err, fault.NotFound) {
		return state{ID: stateID}, nil
	}
	return s, err
}

// FollowRemote brings the shared index in line, or sees whether whoever does that
// has done it, and so decides who answers searches.
func (f *Finder) FollowRemote(ctx context.Context) error {
	r := f.remote
	if f.Now().UnixMilli() < r.quiet.Load() {
		return nil
	}
	held := r.holds
	s, err := f.lease(ctx)
	if err != nil {
		return err
	}
	if r.holds && !held {
		r.take(s)
		r.owed.Store(true) // what an older version wrote, or nobody noted, is put right
	}
	if !r.up.Load() {
		if err := f.Remote.Ping(ctx); err != nil {
			r.report("Meilisearch is away: the embedded index stands in until it is back", err)
			return f.tell(ctx, true)
		}
	}
	if !r.holds {
		r.serve(f.current(s))
		return nil
	}
	if !r.up.Load() {
		ready, err := f.Remote.Ready(ctx)
		if err != nil {
			r.report("Meilisearch does not say how it is set up", err)
			return f.tell(ctx, true)
		}
		if !ready || s.Built.IsZero() {
			if r.building.TryLock() { // nobody is at it
				r.building.Unlock()
				r.ask()
			}
			return f.tell(ctx, true)
		}
	}
	if r.owed.Swap(false) {
		r.ask()
	}
	err = f.follow(ctx, &r.follower)
	if errors.As(err, new(indexError)) {
		if r.up.Swap(false) {
			r.said = time.Time{}
		}
		r.report("Meilisearch lags behind: the embedded index stands in", err)
		return f.tell(ctx, true)
	}
	r.serve(true) // what cannot be read the embedded index lacks as well
	return errors.Join(err, f.tell(ctx, false))
}

// serve lets searches be answered by the shared index, or by the embedded one.
func (r *remote) serve(up bool) {
	if r.up.Swap(up) == up {
		return
	}
	if r.said = (time.Time{}); up {
		r.deps.Log.Info("Meilisearch answers searches")
	} else {
		r.deps.Log.Warn("Meilisearch lags behind: the embedded index stands in")
	}
}

// report says what is wrong, again every minute while it lasts.
func (r *remote) report(what string, err error) {
	if now := r.deps.Now(); now.Sub(r.said) >= time.Minute {
		r.said = now
		r.deps.Log.Warn(what, "error", err)
	}
}

// take begins where the last holder of the lease ended.
func (r *remote) take(s state) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cursor, r.saved, r.behind, r.built = s.Cursor, s.Cursor, s.Behind, s.Built
	clear(r.seen)
	r.drifts = map[string]string{} // nobody knows how they were: all are brought
}

// lease takes the lease when it is free, and renews it.
func (f *Finder) lease(ctx context.Context) (s state, err error) {
	r, now := f.remote, store.Stamp(f.Now())
	if r.holds && now.Before(r.renewed.Add(leaseRenew)) {
		return f.state(ctx)
	}
	if s, err = f.state(ctx); err != nil || s.Holder != r.name && now.Before(s.Until) {
		r.holds = false
		return s, err
	}
	mine := false
	err = f.states.Upsert(ctx, stateID, state{ID: stateID}, func(d *state) error {
		if mine = d.Holder == "" || d.Holder == r.name || !now.Before(d.Until); mine {
			d.Holder, d.Until = r.name, now.Add(leaseFor)
		}
		s = *d
		return nil
	})
	r.holds, r.renewed = mine && err == nil, now
	return s, err
}

// release gives the lease back, so that another process need not wait for its end.
func (f *Finder) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	err := f.states.Update(ctx, stateID, func(d *state) error {
		if d.Holder == f.remote.name {
			d.Holder, d.Until = "", time.Time{}
		}
		return nil
	})
	if err != nil && !fault.Is(err, fault.NotFound) {
		f.Log.Warn("the lease of the search index ends by itself", "error", err)
	}
}

// tell lets the others know how far the shared index is.
func (f *Finder) tell(ctx context.Context, behind bool) error {
	r := f.remote
	if !r.holds {
		return nil
	}
	r.mu.Lock()
	cursor := r.cursor
	r.mu.Unlock()
	if behind == r.behind && cursor.Equal(r.saved) {
		return nil
	}
	err := f.states.Update(ctx, stateID, func(d *state) error {
		if d.Holder == r.name {
			d.Behind, d.Cursor = behind, cursor
		}
		return nil
	})
	if err == nil {
		r.behind, r.saved = behind, cursor
	}
	return err
}

// current reports whether the shared index holds what the embedded one does, as far
// as another process tells.
func (f *Finder) current(s state) bool {
	r := f.remote
	if s.Behind || s.Built.IsZero() {
		return false
	}
	f.local.mu.Lock()
	newest := f.local.newest
	f.local.mu.Unlock()
	if !s.Cursor.Before(newest) {
		r.lag = time.Time{}
		return true
	}
	now := f.Now()
	if r.lag.IsZero() {
		r.lag = now
	}
	return r.up.Load() && now.Sub(r.lag) < mostLag
}

// rebuildRemote builds the shared index anew beside the old one. What was noted
// since it began is followed again: another process may have followed it into the
// index that went.
func (f *Finder) rebuildRemote(ctx context.Context) error {
	r := f.remote
	r.building.Lock()
	defer r.building.Unlock()
	s, err := f.state(ctx)
	if err != nil || s.Holder != r.name {
		return err // whoever holds the lease builds it
	}
	if f.Remote.Ping(ctx) != nil {
		r.owed.Store(true)
		return nil
	}
	begun := store.Stamp(f.Now())
	if err := f.build(ctx, f.Remote, time.Now()); err != nil {
		return err
	}
	r.owed.Store(false)
	r.mu.Lock()
	if from := begun.Add(-overlap); r.cursor.IsZero() || r.cursor.After(from) {
		r.cursor = from
	}
	clear(r.seen)
	r.built = begun
	r.mu.Unlock()
	return f.states.Update(ctx, stateID, func(d *state) error {
		d.Built = begun
		return nil
	})
}
