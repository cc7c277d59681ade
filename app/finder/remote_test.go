package finder

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/search"
	"nguon/app/search/bleveindex"
)

// shared is an index that several processes ask, and that can be away, not set up,
// or refuse what it is told to write.
type shared struct {
	search.Index
	mu                           sync.Mutex
	away, unready, refusing, odd bool
	built, put                   int
	created, updated             time.Time
}

// wrote notes a write.
func (s *shared) wrote(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put += n
	if s.updated = s.updated.Add(time.Second); s.created.IsZero() { // it makes an index by itself
		s.created = s.updated
	}
}

var errAway = fault.Wrap(fault.Unavailable, "search.broken", errors.New("away"))

func (s *shared) is(what *bool, v bool) { s.mu.Lock(); *what = v; s.mu.Unlock() }

// poison is a title that is refused.
const poison = "Thuốc độc"

func (s *shared) check(writes bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away || writes && s.refusing {
		return errAway
	}
	return nil
}

func (s *shared) Ping(context.Context) error { return s.check(false) }

func (s *shared) Standing(context.Context) (search.Standing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return search.Standing{Ready: !s.unready && !s.odd, Created: s.created, Updated: s.updated}, nil
}

func (s *shared) Search(ctx context.Context, q search.Query) (search.Result, error) {
	if err := s.check(false); err != nil {
		return search.Result{}, err
	}
	if q.Text == poison {
		return search.Result{}, fault.Wrap(fault.Unavailable, "search.broken", search.ErrRefused)
	}
	return s.Index.Search(ctx, q)
}

func (s *shared) Put(ctx context.Context, docs []search.Document) error {
	if err := s.check(true); err != nil {
		return err
	}
	for _, d := range docs {
		if d.Title.Vi == poison {
			return fault.Wrap(fault.Unavailable, "search.broken", search.ErrRefused)
		}
	}
	s.wrote(len(docs))
	return s.Index.Put(ctx, docs)
}

func (s *shared) Delete(ctx context.Context, ids []string) error {
	if err := s.check(true); err != nil {
		return err
	}
	s.wrote(0)
	return s.Index.Delete(ctx, ids)
}

func (s *shared) Rebuild(ctx context.Context, each func(func(search.Document) error) error) error {
	if err := s.check(true); err != nil {
		return err
	}
	s.mu.Lock()
	s.built++
	s.unready = false
	s.updated = s.updated.Add(time.Hour)
	s.created = s.updated
	s.mu.Unlock()
	return s.Index.Rebuild(ctx, each)
}

func (b *bench) shared() *shared {
	b.Helper()
	x, _, err := bleveindex.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	return &shared{Index: x, unready: true, updated: b.at.Add(123456)}
}

// process is a server with an embedded index and the shared one.
func (b *bench) process(s *shared) *Finder {
	b.Helper()
	x, _, err := bleveindex.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	f, err := New(b.Context(), Deps{DB: b.db, Index: x, Remote: s, Source: b.src, Now: func() time.Time { return b.at }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return f
}

// serving is a process whose searches the shared index answers.
func (b *bench) serving() (*shared, *Finder) {
	b.Helper()
	s := b.shared()
	f := b.process(s)
	b.pass(f)
	b.pass(f)
	return s, f
}

// pass lets a second go by in a process, with the rebuild that it asked for.
func (b *bench) pass(f *Finder) {
	b.Helper()
	b.at = b.at.Add(time.Second)
	b.ok(f.Follow(b.Context()))
	b.ok(f.FollowRemote(b.Context()))
	select {
	case <-f.remote.asked:
		if err := f.rebuildRemote(b.Context()); err != nil && !errors.Is(err, errAway) {
			b.Fatal(err)
		}
	default:
	}
}

// answers looks who answers, and with what.
func (b *bench) answers(f *Finder, standIn bool, text string, want ...string) {
	b.Helper()
	b.finds(f, text, want...)
	r, _, err := f.Search(b.Context(), search.Query{Text: text})
	if b.ok(err); r.StandIn != standIn {
		b.Errorf("the embedded index answers: %t", r.StandIn)
	}
}

// While the shared index is away the embedded one answers; back again, it is brought
// in line with everything that changed meanwhile, then it answers.
func TestTheSharedIndexIsAway(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	f := b.process(s)
	b.src.set("product:a", "Sương Núi")
	b.ok(f.Rebuild(t.Context()))
	b.answers(f, true, "suong nui", "product-a") // not built yet
	b.pass(f)
	b.pass(f)
	b.answers(f, false, "suong nui", "product-a")

	s.is(&s.away, true)
	b.answers(f, true, "suong nui", "product-a")
	b.src.set("product:a", "Nậm Ty")
	b.ok(f.Note(t.Context(), "product:a"))
	b.pass(f)
	b.answers(f, true, "nam ty", "product-a")
	b.at = b.at.Add(time.Hour) // away for long
	b.src.set("product:b", "Ban Trắng")
	b.ok(f.Note(t.Context(), "product:b"))
	b.pass(f)
	b.answers(f, true, "ban trang", "product-b")
	s.is(&s.away, false)
	b.at = b.at.Add(quietFor)
	b.pass(f)
	b.answers(f, false, "nam ty", "product-a")
	b.answers(f, false, "ban trang", "product-b")
	b.answers(f, false, "suong nui")

	// One that answers and takes no changes lags behind.
	s.is(&s.refusing, true)
	b.src.set("product:b", "Tà Xùa")
	b.ok(f.Note(t.Context(), "product:b"))
	b.pass(f)
	b.answers(f, true, "ta xua", "product-b")
	s.is(&s.refusing, false)
	b.pass(f)
	b.answers(f, false, "ta xua", "product-b")

	// One that lost what it held is built before it answers.
	n := s.built
	s.is(&s.away, true)
	b.answers(f, true, "ta xua", "product-b")
	s.is(&s.away, false)
	s.is(&s.unready, true)
	b.at = b.at.Add(quietFor)
	b.pass(f)
	b.answers(f, true, "ta xua", "product-b")
	b.pass(f)
	b.answers(f, false, "ta xua", "product-b")
	if s.built != n+1 {
		t.Errorf("it was built %d times", s.built-n)
	}
}

// Of several processes one writes; when it is gone another goes on where it ended,
// and nobody reads from an index that lacks what was noted.
func TestOneProcessWrites(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	one, two := b.process(s), b.process(s)
	b.src.set("product:a", "Sương Núi")
	both := func() { b.pass(one); b.pass(two) }
	for range 3 {
		both()
	}
	if !one.remote.holds.Load() || two.remote.holds.Load() || s.built != 1 {
		t.Fatalf("%t %t, built %d times", one.remote.holds.Load(), two.remote.holds.Load(), s.built)
	}
	b.ok(one.Rebuild(t.Context()))
	b.ok(two.Rebuild(t.Context()))
	b.answers(one, false, "suong nui", "product-a")
	b.answers(two, false, "suong nui", "product-a")
	b.src.set("product:a", "Nậm Ty")
	b.ok(two.Note(t.Context(), "product:a"))
	put := s.put
	both()
	both()
	if s.put != put+1 {
		t.Errorf("one change was written %d times", s.put-put)
	}
	b.answers(two, false, "nam ty", "product-a")

	// The one that writes is killed: the other sees that a change is missing, and
	// takes over when the lease has ended.
	b.src.set("product:b", "Ban Trắng")
	b.ok(two.Note(t.Context(), "product:b"))
	b.pass(two)
	b.pass(two)
	b.pass(two)
	b.answers(two, true, "ban trang", "product-b")
	b.at = b.at.Add(time.Minute)
	b.pass(two)
	b.answers(two, false, "ban trang", "product-b")

	// One that ends in order gives the lease back.
	two.release(t.Context())
	b.src.set("product:c", "Tà Xùa")
	b.ok(two.Note(t.Context(), "product:c"))
	three := b.process(s)
	b.pass(three)
	b.pass(three)
	b.answers(three, false, "ta xua", "product-c")
	if !three.remote.holds.Load() {
		t.Error("nobody holds the lease")
	}
}

// One that was asleep past its lease writes what is so now, not what was.
func TestAHolderThatWasAsleep(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	one, two := b.process(s), b.process(s)
	b.src.set("product:a", "Sương Núi")
	b.pass(one)
	b.pass(one)
	b.at = b.at.Add(leaseFor)
	b.pass(two)
	b.src.set("product:a", "Nậm Ty")
	b.ok(two.Note(t.Context(), "product:a"))
	b.pass(two)
	b.pass(one)
	if one.remote.holds.Load() || !two.remote.holds.Load() {
		t.Errorf("who holds the lease: %t %t", one.remote.holds.Load(), two.remote.holds.Load())
	}
	b.answers(two, false, "nam ty", "product-a")
	b.answers(two, false, "suong nui")
}

// Everything is built anew once, however often that is asked for meanwhile; the
// command hears when both indexes are, or that the shared one is away.
func TestReindexOfTheSharedIndex(t *testing.T) {
	b := newBench(t)
	s, f := b.serving()
	n := s.built
	asking := b.process(s)
	b.ok(asking.stamp(t.Context(), rebuildAsked))
	for range 5 {
		b.pass(f)
	}
	if s.built != n+1 {
		t.Errorf("asked once, it was built %d times", s.built-n)
	}
	s.is(&s.away, true)
	b.answers(f, true, "nothing")
	b.ok(asking.stamp(t.Context(), rebuildAsked))
	b.at = b.at.Add(quietFor)
	b.pass(f)
	b.at = b.at.Add(time.Second)
	b.ok(f.Rebuild(t.Context()))
	b.at = b.at.Add(-time.Second)
	if err := asking.Ask(t.Context(), -time.Second, time.Minute); fault.CodeOf(err) != "search.remote_away" {
		t.Errorf("%v", err)
	}
	s.is(&s.away, false)
	b.at = b.at.Add(quietFor)
	b.pass(f)
	if s.built != n+2 {
		t.Errorf("asked while it was away, it was built %d times", s.built-n-1)
	}
}

// An object that nobody can read keeps nobody from the shared index.
func TestWhatCannotBeReadIsNotItsFault(t *testing.T) {
	b := newBench(t)
	_, f := b.serving()
	b.src.broken = errors.New("unreadable")
	b.ok(f.Note(t.Context(), "product:a"))
	b.at = b.at.Add(time.Second)
	if err := f.FollowRemote(t.Context()); err == nil {
		t.Error("nothing is said of it")
	}
	b.answers(f, false, "nothing")
}

// An object that could be read only the second time, when nothing could be written,
// is written the third time.
func TestReadLateAndWrittenLater(t *testing.T) {
	b := newBench(t)
	s, f := b.serving()
	b.src.set("product:a", "Sương Núi")
	b.ok(f.Note(t.Context(), "product:a"))
	b.src.broken = errors.New("a hiccup")
	b.at = b.at.Add(time.Second)
	_ = f.FollowRemote(t.Context())
	b.src.broken = nil
	s.is(&s.refusing, true)
	b.at = b.at.Add(time.Second)
	_ = f.FollowRemote(t.Context())
	s.is(&s.refusing, false)
	b.pass(f)
	b.answers(f, false, "suong nui", "product-a")
}

// A document that is refused keeps out no other, and a search that is refused takes
// the shared index from nobody.
func TestWhatIsRefused(t *testing.T) {
	b := newBench(t)
	_, f := b.serving()
	b.src.set("product:a", poison)
	b.src.set("product:b", "Sương Núi")
	b.ok(f.Note(t.Context(), "product:a"))
	b.ok(f.Note(t.Context(), "product:b"))
	b.at = b.at.Add(time.Second)
	b.ok(f.Follow(t.Context()))
	if err := f.FollowRemote(t.Context()); !errors.Is(err, search.ErrRefused) {
		t.Errorf("nothing is said of it: %v", err)
	}
	b.answers(f, false, "suong nui", "product-b")
	b.answers(f, true, poison, "product-a")
	b.answers(f, false, "suong nui", "product-b")
	b.pass(f)
	b.answers(f, false, "suong nui", "product-b")
}

// While the holder is busy with a long pass, searches ask the index that has what
// was noted.
func TestALongPass(t *testing.T) {
	b := newBench(t)
	_, f := b.serving()
	b.src.set("product:a", "Sương Núi")
	b.ok(f.Note(t.Context(), "product:a"))
	b.ok(f.Follow(t.Context()))
	b.at = b.at.Add(mostLag + time.Millisecond)
	b.answers(f, true, "suong nui", "product-a")
	b.pass(f)
	b.answers(f, false, "suong nui", "product-a")
}

// A server that tells its settings otherwise than they were set is built once, one
// that comes back with an older state, or empty, once more.
func TestWhatTheSharedIndexSaysOfItself(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	s.odd = true
	f := b.process(s)
	for range 5 {
		b.pass(f)
	}
	b.answers(f, false, "nothing")
	if s.built != 1 {
		t.Errorf("it was built %d times", s.built)
	}
	b.src.set("product:a", "Sương Núi")
	b.ok(f.Note(t.Context(), "product:a"))
	b.pass(f)
	s.is(&s.away, true)
	b.answers(f, true, "suong nui", "product-a")
	s.mu.Lock()
	s.away, s.updated = false, s.updated.Add(-time.Second)
	s.mu.Unlock()
	b.ok(s.Index.Delete(t.Context(), []string{"product-a"}))
	b.at = b.at.Add(quietFor)
	b.pass(f)
	b.answers(f, true, "suong nui", "product-a")
	b.pass(f)
	b.answers(f, false, "suong nui", "product-a")

	// Emptied while nobody looks: it makes an index of its own of what it is told.
	s.mu.Lock()
	s.created = s.created.Add(time.Minute)
	s.mu.Unlock()
	b.ok(s.Index.Delete(t.Context(), []string{"product-a"}))
	b.src.set("product:b", "Ban Trắng")
	b.ok(f.Note(t.Context(), "product:b"))
	for range 3 {
		b.pass(f)
	}
	b.answers(f, false, "suong nui", "product-a")
	b.answers(f, false, "ban trang", "product-b")
}

// A process that lost the lease while it built swaps in what lacks changes of the
// one that holds it: that one follows them once more.
func TestASwapThatComesLate(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	one, two := b.process(s), b.process(s)
	b.pass(one)
	b.pass(one)
	begun := b.at
	b.at = b.at.Add(leaseFor + time.Second)
	b.pass(two)
	b.src.set("product:a", "Sương Núi")
	b.ok(two.Note(t.Context(), "product:a"))
	b.pass(two)
	b.pass(two)
	b.answers(two, false, "suong nui", "product-a")
	b.at = b.at.Add(time.Minute)
	b.src.set("product:b", "Ban Trắng")
	b.ok(two.Note(t.Context(), "product:b"))
	b.pass(two)
	// What one does at the end of a build that began before.
	b.ok(s.Index.Rebuild(t.Context(), func(func(search.Document) error) error { return nil }))
	b.ok(one.states.Update(t.Context(), stateID, func(d *state) error { d.goBack(begun.Add(-overlap)); return nil }))
	b.pass(two)
	b.answers(two, false, "suong nui", "product-a")
}

// While nothing changes nothing is written, but the lease is kept.
func TestAnIdleHolderWritesNothing(t *testing.T) {
	b := newBench(t)
	s := b.shared()
	f := b.process(s)
	for range 4 {
		b.pass(f)
	}
	before, err := f.states.Get(t.Context(), stateID)
	b.ok(err)
	put := s.put
	for range 3 {
		b.ok(f.FollowRemote(t.Context()))
	}
	after, err := f.states.Get(t.Context(), stateID)
	if b.ok(err); after != before || s.put != put {
		t.Errorf("%+v\n%+v\n%d documents", before, after, s.put-put)
	}
}
