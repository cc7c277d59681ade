package finder

import (
	"context"
	"crypto/rand"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"nguon/app/fault"
	"nguon/app/search"
	"nguon/app/store"
)

// Remote is an index that several machines share and that may be away.
type Remote interface {
	search.Index
	Standing(ctx context.Context) (search.Standing, error)
	// Ping asks whether it answers.
	Ping(ctx context.Context) error
}

// remote is the shared index as this process sees it. One process at a time brings
// it in line, under a lease that saves work; what a process wrote that had lost it
// is brought once more (state.From).
type remote struct {
	follower
	deps    Deps
	name    string      // of this process
	up      atomic.Bool // it answers, and lacks nothing but what lag knows
	lag     lag
	holds   atomic.Bool // this process brings it in line
	doubted atomic.Bool // a search was refused: it may be set up otherwise
	trusted atomic.Bool // it was built by this process, whatever it says of its settings
	owed    atomic.Bool // a rebuild waits until it is back

	// Of FollowRemote alone.
	held    bool // once
	renewed time.Time
	epoch   int64
	known   state     // what the others know
	vain    int       // builds after which it was not sound
	next    time.Time // when it is built again after that

	mu    sync.Mutex
	said  time.Time // when what is wrong was last said
	quiet time.Time // until then it is not asked after a failure
	wait  time.Duration
}

// state is what all processes know of the shared index.
type state struct {
	ID       string    `bson:"_id"`
	Holder   string    `bson:"holder,omitempty"` // who brings it in line
	Until    time.Time `bson:"until"`            // of the lease
	Cursor   time.Time `bson:"cursor"`           // of the newest change that is in it
	Built    time.Time `bson:"built"`            // when what it was built from was read
	Building bool      `bson:"building,omitempty"`
	Behind   bool      `bson:"behind,omitempty"` // the holder cannot bring it in line
	Epoch    int64     `bson:"epoch"`            // grows when the holder has to go back
	From     time.Time `bson:"from"`             // to here; zero for no need
	Created  time.Time `bson:"created"`          // of the index that was built
	Updated  time.Time `bson:"updated"`          // it, after what was last written
}

const stateID = "shared"

// How long a lease is and when it is renewed, how long a failure keeps searches from
// the shared index, at first and at most, and how long it may lack a change.
const (
	leaseFor   = 15 * time.Second
	leaseRenew = 4 * time.Second
	quietFor   = 3 * time.Second
	quietMost  = time.Minute
	mostLag    = 1500 * time.Millisecond
)

func newRemote(d Deps) *remote {
	r := &remote{follower: *newFollower(d.Remote, time.Time{}), deps: d, name: rand.Text()}
	if d.Alone { // a process that was killed left a lease that nobody else can hold
		r.name = "alone"
	}
	return r
}

// answers reports whether a search is for the shared index.
func (r *remote) answers(now time.Time) bool { return r.up.Load() && !r.lag.late(now) }

// failed notes that a search got no answer; one that was refused concerns that
// search, until somebody has looked how the index is set up.
func (r *remote) failed(now time.Time, err error) {
	if errors.Is(err, search.ErrRefused) {
		r.doubted.Store(true)
		r.report("Meilisearch refused a search: the embedded index answered it", err)
		return
	}
	r.mu.Lock()
	if now.Sub(r.quiet) > quietMost { // the last failure is long ago
		r.wait = 0
	}
	r.wait = min(max(2*r.wait, quietFor), quietMost)
	r.quiet = now.Add(r.wait)
	r.mu.Unlock()
	if r.up.Swap(false) {
		r.report("Meilisearch does not answer: the embedded index stands in", err)
	}
}

func (r *remote) isQuiet(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.quiet)
}

// report says what is wrong, the same again every minute while it lasts.
func (r *remote) report(what string, err error) {
	now := r.deps.Now()
	r.mu.Lock()
	soon := now.Sub(r.said).Abs() < time.Minute
	if !soon {
		r.said = now
	}
	r.mu.Unlock()
	if !soon {
		r.deps.Log.Warn(what, "error", err)
	}
}

// serve lets searches be answered by the shared index, or by the embedded one.
func (r *remote) serve(up bool) {
	if up && r.isQuiet(r.deps.Now()) || r.up.Swap(up) == up {
		return
	}
	if up {
		r.deps.Log.Info("Meilisearch answers searches")
	} else {
		r.report("Meilisearch is not in line: the embedded index stands in", nil)
	}
}

// Degraded reports whether the embedded index stands in for the shared one.
func (f *Finder) Degraded() bool { return f != nil && f.remote != nil && !f.remote.answers(f.Now()) }

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
	if r.isQuiet(f.Now()) {
		return nil
	}
	s, err := f.lease(ctx)
	if err != nil {
		return err
	}
	if !r.up.Load() {
		if err := f.Remote.Ping(ctx); err != nil {
			r.report("Meilisearch is away: the embedded index stands in until it is back", err)
			return f.tell(ctx, func(d *state) { d.Behind = true })
		}
	}
	if !r.holds.Load() {
		r.lag.reached(s.Cursor)
		r.serve(!s.Behind && !s.Built.IsZero())
		return nil
	}
	if s.Epoch != r.epoch {
		r.back(s.From)
		r.epoch, r.known.From = s.Epoch, s.From
	}
	if !r.up.Load() || r.doubted.Swap(false) {
		if sound, err := f.sound(ctx); err != nil || !sound {
			r.serve(false)
			if err != nil {
				r.report("Meilisearch does not say how it is set up", err)
			}
			return f.tell(ctx, func(d *state) { d.Behind = true })
		}
	}
	if r.owed.Swap(false) {
		r.ask()
	}
	wrote, err := f.follow(ctx, &r.follower)
	if errors.As(err, new(indexError)) {
		r.serve(false)
		r.report("Meilisearch takes no changes: the embedded index stands in", err)
		return f.tell(ctx, func(d *state) { d.Behind = true })
	}
	var updated time.Time
	if wrote {
		is, broken := f.standing(ctx)
		if broken != nil || !is.Created.Equal(s.Created) && !r.rebuilt(is) {
			r.doubted.Store(true) // it came back empty, and took what was written to it
			return errors.Join(err, broken)
		}
		updated = is.Updated
	}
	cursor := r.at()
	told := f.tell(ctx, func(d *state) {
		d.Behind, d.Cursor = false, cursor
		if wrote {
			d.Updated = updated
		}
		if d.Epoch == r.epoch {
			d.From = time.Time{}
		}
	})
	r.lag.reached(cursor)
	r.serve(true) // what cannot be read the embedded index lacks as well
	return errors.Join(err, told)
}

// rebuilt reports whether a rebuild has put another index in place since the pass
// began.
func (r *remote) rebuilt(is search.Standing) bool {
	r.building.Lock() // one that is about to say so
	defer r.building.Unlock()
	return r.made.Equal(is.Created)
}

// sound reports whether the shared index is what was built; else it asks for
// another.
func (f *Finder) sound(ctx context.Context) (bool, error) {
	r := f.remote
	if !r.building.TryLock() { // somebody is at it
		return false, nil
	}
	defer r.building.Unlock()
	s, err := f.state(ctx)
	if err != nil {
		return false, err
	}
	is, err := f.standing(ctx)
	if err != nil {
		return false, err
	}
	// Updated goes back when a server comes back with an older state.
	ok := (is.Ready || r.trusted.Load() && !is.Created.IsZero()) && !s.Built.IsZero() && is.Created.Equal(s.Created) && !is.Updated.Before(s.Updated)
	switch now := f.Now(); {
	case ok:
		r.vain = 0
	case r.vain == 0 || !now.Before(r.next):
		r.vain++
		r.next = now.Add(buildAgain << min(r.vain, 6))
		r.ask()
	default:
		r.report("Meilisearch does not hold what was built there a moment ago", nil)
	}
	return ok, nil
}

// standing is what the shared index says of itself, in the time that the store
// keeps.
func (f *Finder) standing(ctx context.Context) (search.Standing, error) {
	is, err := f.Remote.Standing(ctx)
	is.Created, is.Updated = store.Stamp(is.Created), store.Stamp(is.Updated)
	return is, err
}

// back goes back to an earlier change.
func (r *remote) back(to time.Time) {
	r.follower.mu.Lock()
	defer r.follower.mu.Unlock()
	if !to.IsZero() && to.Before(r.cursor) {
		r.cursor = to
	}
	clear(r.seen)
}

// at is the newest change that was followed.
func (r *remote) at() time.Time {
	r.follower.mu.Lock()
	defer r.follower.mu.Unlock()
	return r.cursor
}

// take begins where the last holder of the lease ended.
func (r *remote) take(s state) {
	r.follower.mu.Lock()
	defer r.follower.mu.Unlock()
	r.cursor, r.epoch = s.Cursor, -1
	clear(r.seen)
	r.drifts = map[string]string{} // nobody knows how they were: all are brought
}

// lease takes the lease when it is free, and renews it.
func (f *Finder) lease(ctx context.Context) (s state, err error) {
	r, now := f.remote, store.Stamp(f.Now())
	if s, err = f.state(ctx); err != nil {
		return s, err
	}
	before := s.Holder
	switch {
	case before == r.name && r.held && now.Before(r.renewed.Add(leaseRenew)):
		r.holds.Store(true)
		return s, nil
	case before != "" && before != r.name && now.Before(s.Until):
		r.holds.Store(false)
		return s, nil
	}
	mine, err := f.hold(ctx, now, &s)
	if r.holds.Store(mine); err != nil || !mine {
		return s, err
	}
	if r.renewed = now; !r.held || before != r.name {
		r.take(s)
		r.owed.Store(true) // what an older version wrote, or nobody noted, is put right
		r.held = true
	}
	return s, nil
}

func (f *Finder) hold(ctx context.Context, now time.Time, s *state) (mine bool, err error) {
	r := f.remote
	err = f.states.Upsert(ctx, stateID, state{ID: stateID}, func(d *state) error {
		if mine = d.Holder == "" || d.Holder == r.name || !now.Before(d.Until); mine {
			d.Holder, d.Until = r.name, now.Add(leaseFor)
		}
		*s = *d
		return nil
	})
	return mine && err == nil, err
}

// renew keeps the lease while a pass takes long.
func (f *Finder) renew(ctx context.Context) error {
	r := f.remote
	if !r.holds.Load() {
		return nil
	}
	return f.states.Update(ctx, stateID, func(d *state) error {
		if d.Holder == r.name {
			d.Until = store.Stamp(f.Now()).Add(leaseFor)
		}
		return nil
	})
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
	f.remote.holds.Store(false)
	if err != nil && !fault.Is(err, fault.NotFound) {
		f.Log.Warn("the lease of the search index ends by itself", "error", err)
	}
}

// tell lets the others know how far the shared index is; when somebody else holds
// the lease meanwhile, it lets that process go back over what this one wrote.
func (f *Finder) tell(ctx context.Context, change func(*state)) error {
	r := f.remote
	if !r.holds.Load() {
		return nil
	}
	next := r.known
	if change(&next); next.says(r.known) && r.known.Holder == r.name {
		return nil
	}
	lost := false
	err := f.states.Update(ctx, stateID, func(d *state) error {
		if lost = d.Holder != r.name; lost {
			d.goBack(r.renewed.Add(-overlap))
		} else {
			change(d)
		}
		next = *d
		return nil
	})
	if err != nil {
		return err
	}
	if r.known = next; lost {
		r.holds.Store(false)
	}
	return nil
}

// says reports whether a state tells what another does.
func (d state) says(o state) bool {
	return d.Behind == o.Behind && d.Cursor.Equal(o.Cursor) && d.Updated.Equal(o.Updated) && d.From.Equal(o.From)
}

// goBack lets the holder follow once more what was noted since a moment.
func (d *state) goBack(to time.Time) {
	d.Epoch++
	if d.From.IsZero() || to.Before(d.From) {
		d.From = to
	}
}

// rebuildRemote builds the shared index anew beside the old one. What was noted
// since it began is followed again: another process may have followed it into the
// index that went.
func (f *Finder) rebuildRemote(ctx context.Context) error {
	r := f.remote
	r.building.Lock()
	defer r.building.Unlock()
	if !r.holds.Load() {
		return nil // whoever holds the lease builds it
	}
	if f.Remote.Ping(ctx) != nil {
		r.owed.Store(true)
		return nil
	}
	begun := store.Stamp(f.Now())
	if err := f.building(ctx, true); err != nil {
		return err
	}
	err := f.build(ctx, f.Remote, time.Now())
	var is search.Standing
	if err == nil {
		is, err = f.standing(ctx)
	}
	if err != nil {
		return errors.Join(err, f.building(context.WithoutCancel(ctx), false))
	}
	r.owed.Store(false)
	if r.made = is.Created; !is.Ready && !r.trusted.Swap(true) {
		f.Log.Error("Meilisearch tells its settings otherwise than they were set; is it a version that was tested?")
	}
	return f.states.Update(ctx, stateID, func(d *state) error {
		d.Building, d.Created, d.Updated = false, is.Created, is.Updated
		if begun.After(d.Built) {
			d.Built = begun
		}
		d.goBack(begun.Add(-overlap))
		return nil
	})
}

func (f *Finder) building(ctx context.Context, is bool) error {
	return f.states.Update(ctx, stateID, func(d *state) error { d.Building = is; return nil })
}

// lag knows which changes the embedded index has followed and the shared one has
// not.
type lag struct {
	mu      sync.Mutex
	missing []sighting // in the order in which they were followed
}

// sighting is a change and when the embedded index followed it.
type sighting struct{ at, seen time.Time }

const mostMissing = 10_000

func (l *lag) saw(at, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.missing) < mostMissing {
		l.missing = append(l.missing, sighting{at, now})
	}
}

// reached forgets what is in the shared index now.
func (l *lag) reached(cursor time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kept := l.missing[:0]
	for _, m := range l.missing {
		if m.at.After(cursor) {
			kept = append(kept, m)
		}
	}
	l.missing = kept
}

// late reports whether a change has been missing for too long.
func (l *lag) late(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.missing) > 0 && now.Sub(l.missing[0].seen) > mostLag
}
