package finder

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/search"
	"nguon/app/search/bleveindex"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// shelf is a source of documents by object.
type shelf struct {
	mu     sync.Mutex
	docs   map[string]search.Document
	drifts map[string]string
	broken error
}

func (s *shelf) set(object, title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if title == "" {
		delete(s.docs, object)
		return
	}
	s.docs[object] = search.Document{ID: DocumentID(object), Kind: search.Product, Path: "/" + object, Title: lang.Text{Vi: title}}
}

func (s *shelf) Documents(_ context.Context, object string) ([]search.Document, []string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken != nil {
		return nil, nil, s.broken
	}
	if d, ok := s.docs[object]; ok {
		return []search.Document{d}, nil, nil
	}
	return nil, []string{DocumentID(object)}, nil
}

func (s *shelf) Each(_ context.Context, yield func(search.Document) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.docs {
		if err := yield(d); err != nil {
			return err
		}
	}
	return nil
}

func (s *shelf) Drifts(context.Context) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	copied := map[string]string{}
	for k, v := range s.drifts {
		copied[k] = v
	}
	return copied, nil
}

type bench struct {
	*testing.T
	db  store.DB
	src *shelf
	at  time.Time
}

func newBench(t *testing.T) *bench {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "x.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return &bench{t, db, &shelf{docs: map[string]search.Document{}, drifts: map[string]string{}}, time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)}
}

// instance is a server with an index of its own on the store of the bench.
func (b *bench) instance() *Finder {
	b.Helper()
	x, _, err := bleveindex.Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { x.Close() })
	f, err := New(b.Context(), Deps{DB: b.db, Index: x, Source: b.src, Now: func() time.Time { return b.at }, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return f
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) finds(f *Finder, text string, want ...string) {
	b.Helper()
	r, _, err := f.Search(b.Context(), search.Query{Text: text})
	b.ok(err)
	var got []string
	for _, d := range r.Hits {
		got = append(got, d.ID)
	}
	if slices.Sort(got); !slices.Equal(got, want) {
		b.Errorf("%q finds %v, want %v", text, got, want)
	}
}

// What one instance notes, every instance follows, once and again after a change at
// the same moment.
func TestEveryInstanceFollows(t *testing.T) {
	b := newBench(t)
	one, two := b.instance(), b.instance()
	b.src.set("product:a", "Sương Núi")
	b.ok(one.Note(t.Context(), "product:a"))
	for _, f := range []*Finder{one, two} {
		b.ok(f.Follow(t.Context()))
		b.finds(f, "suong nui", "product-a")
	}
	b.src.set("product:a", "Nậm Ty")
	b.ok(two.Note(t.Context(), "product:a"))
	for _, f := range []*Finder{one, two} {
		b.ok(f.Follow(t.Context()))
		b.finds(f, "suong nui")
		b.finds(f, "nam ty", "product-a")
	}
	b.src.set("product:a", "")
	b.at = b.at.Add(time.Hour)
	b.ok(one.Note(t.Context(), "product:a"))
	b.ok(two.Follow(t.Context()))
	b.finds(two, "nam ty")
}

// What cannot be read is followed later; nothing is skipped.
func TestWhatFailsIsFollowedLater(t *testing.T) {
	b := newBench(t)
	f := b.instance()
	b.src.set("product:a", "Sương Núi")
	b.ok(f.Note(t.Context(), "product:a"))
	b.src.broken = errors.New("away")
	if err := f.Follow(t.Context()); err == nil {
		t.Error("nothing is said of it")
	}
	b.src.broken = nil
	b.at = b.at.Add(time.Second)
	b.ok(f.Follow(t.Context()))
	b.finds(f, "suong nui", "product-a")
}

// A clock that is an hour ahead hides nothing that is noted by others.
func TestAClockThatIsAhead(t *testing.T) {
	b := newBench(t)
	one, two := b.instance(), b.instance()
	b.src.set("product:a", "Một")
	b.src.set("product:b", "Hai")
	b.at = b.at.Add(time.Hour)
	b.ok(one.Note(t.Context(), "product:a"))
	b.at = b.at.Add(-time.Hour)
	b.ok(two.Follow(t.Context()))
	b.finds(two, "mot", "product-a")
	b.at = b.at.Add(20 * time.Second)
	b.ok(two.Note(t.Context(), "product:b"))
	b.ok(two.Follow(t.Context()))
	b.finds(two, "hai", "product-b")
}

// The clock of another machine may be behind.
func TestALateClock(t *testing.T) {
	b := newBench(t)
	one, two := b.instance(), b.instance()
	b.src.set("product:a", "Một")
	b.src.set("product:b", "Hai")
	b.ok(one.Note(t.Context(), "product:a"))
	b.ok(two.Follow(t.Context()))
	b.at = b.at.Add(-5 * time.Second)
	b.ok(one.Note(t.Context(), "product:b"))
	b.at = b.at.Add(6 * time.Second)
	b.ok(two.Follow(t.Context()))
	b.finds(two, "hai", "product-b")
}

// What changes without being written is seen by what it depends on.
func TestDrifts(t *testing.T) {
	b := newBench(t)
	f := b.instance()
	b.src.set("tour:a", "Hái quả")
	b.src.drifts["tour:a"] = "2026-12-05"
	b.ok(f.Follow(t.Context()))
	b.ok(f.Rebuild(t.Context()))
	b.src.set("tour:a", "Hái quả chín")
	b.ok(f.Follow(t.Context()))
	b.finds(f, "chin")
	b.src.drifts["tour:a"] = "2026-12-06"
	b.ok(f.Follow(t.Context()))
	b.finds(f, "chin", "tour-a")
	b.src.set("tour:a", "")
	delete(b.src.drifts, "tour:a")
	b.ok(f.Follow(t.Context()))
	b.finds(f, "hai qua")
}

// Reindexing while servers run: all of them build anew, the command hears when one
// has; without a server it says so.
func TestReindex(t *testing.T) {
	b := newBench(t)
	b.at = time.Now()
	f := b.instance()
	f.Now = time.Now
	if err := f.Ask(t.Context(), 10*time.Millisecond, time.Minute); fault.CodeOf(err) != "search.no_server" {
		t.Errorf("nobody builds: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- f.Run(ctx, true) }()
	b.src.set("product:a", "Sương Núi") // nobody notes it
	asking, err := New(t.Context(), Deps{DB: b.db, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	b.ok(err)
	b.ok(asking.Ask(t.Context(), time.Minute, time.Minute))
	b.finds(f, "suong nui", "product-a")
	// What is noted while it runs is found within two seconds.
	b.src.set("product:b", "Nậm Ty")
	begun := time.Now()
	b.ok(asking.Note(t.Context(), "product:b"))
	for {
		r, _, err := f.Search(t.Context(), search.Query{Text: "nam ty"})
		if b.ok(err); r.Total == 1 {
			break
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatal("it is not found")
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Logf("found after %v", time.Since(begun).Round(time.Millisecond))
	stop()
	b.ok(<-done)
}

func TestDocumentIDs(t *testing.T) {
	for object, want := range map[string]string{"product:0193": "product-0193", "right:SL.01/a": "right-SL_2e_01_2f_a", "tour:é": "tour-_e9_"} {
		got := DocumentID(object)
		if got != want || strings.Trim(got, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			t.Errorf("%s is %s, want %s", object, got, want)
		}
	}
}
