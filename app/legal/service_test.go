package legal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// desk is the clock, and performs effects as the rest of the program would.
type desk struct {
	mu   sync.Mutex
	away error
	done []string
	now  time.Time
}

func (d *desk) Perform(_ context.Context, e outbox.Effect) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.away == nil && !slices.Contains(d.done, e.ID) {
		d.done = append(d.done, e.ID)
	}
	return d.away
}

func (d *desk) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) pass(by time.Duration, away error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now, d.away = d.now.Add(by), away
}

func (d *desk) performed() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return fmt.Sprint(d.done)
}

func openDB(t *testing.T) store.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newService(t *testing.T, db store.DB, d *desk) *Service {
	t.Helper()
	s, err := New(t.Context(), db, d.Now, d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustEdit(t *testing.T, s *Service, rev int, words string) {
	t.Helper()
	if err := s.Edit(t.Context(), "lan", Terms, rev, both(words)); err != nil {
		t.Fatal(err)
	}
}

func mustText(t *testing.T, s *Service, p Page) Text {
	t.Helper()
	got, err := s.Text(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestDefaultUntilEdited(t *testing.T) {
	d := &desk{now: noon}
	s := newService(t, openDB(t), d)
	for _, p := range Pages {
		if got := mustText(t, s, p); got != defaults[p] || !got.Default || got.Rev != 0 {
			t.Errorf("%s: revision %d, default %v", p, got.Rev, got.Default)
		}
	}
	mustEdit(t, s, 0, "a\r\n")
	want := Text{Page: Terms, Body: both("a"), Changed: store.Stamp(noon), Rev: 1}
	if got := mustText(t, s, Terms); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := mustText(t, s, Privacy); !got.Default {
		t.Error("another page changed too")
	}
}

func TestHistory(t *testing.T) {
	s := newService(t, openDB(t), &desk{now: noon})
	for i, words := range []string{"a", "b", "c"} {
		mustEdit(t, s, i, words)
	}
	got, err := s.History(t.Context(), Terms)
	if err != nil {
		t.Fatal(err)
	}
	want := []Revision{{3, store.Stamp(noon), "lan", both("c")}, {2, store.Stamp(noon), "lan", both("b")}, {1, store.Stamp(noon), "lan", both("a")}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	if got, err := s.History(t.Context(), Returns); len(got) != 0 || err != nil {
		t.Errorf("of a page that nobody edited: %v, %v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	s := newService(t, openDB(t), &desk{now: noon})
	mustEdit(t, s, 0, "a")
	_, unknown := s.Text(t.Context(), "cookies")
	_, history := s.History(t.Context(), "cookies")
	tests := map[string]struct {
		err  error
		kind fault.Kind
		code string
	}{
		"text of no page":    {unknown, fault.NotFound, "legal.not_found"},
		"history of no page": {history, fault.NotFound, "legal.not_found"},
		"edit of no page":    {s.Edit(t.Context(), "lan", "cookies", 0, both("a")), fault.NotFound, "legal.not_found"},
		"half a text":        {s.Edit(t.Context(), "lan", Terms, 1, both("b\xff")), fault.Invalid, "legal.incomplete"},
		"stale":              {s.Edit(t.Context(), "minh", Terms, 0, both("b")), fault.Conflict, "legal.stale"},
		"never edited":       {s.Edit(t.Context(), "minh", Returns, 1, both("b")), fault.Conflict, "legal.stale"},
	}
	for name, tt := range tests {
		if !fault.Is(tt.err, tt.kind) || fault.CodeOf(tt.err) != tt.code {
			t.Errorf("%s: %v", name, tt.err)
		}
	}
	if got := mustText(t, s, Returns); !got.Default {
		t.Error("a refused edit was kept")
	}
}

func TestRepeatedEdit(t *testing.T) {
	d := &desk{now: noon}
	s := newService(t, openDB(t), d)
	for range 3 {
		mustEdit(t, s, 0, "a")
	}
	if got := mustText(t, s, Terms); got.Rev != 1 || d.performed() != "[text:terms:1]" {
		t.Errorf("revision %d, entries %s", got.Rev, d.performed())
	}
}

// Of editors that saw the same revision exactly one wins, whether the page was
// edited before or not.
func TestOneOfManyEditorsWins(t *testing.T) {
	d := &desk{now: noon}
	db := openDB(t)
	services := [...]*Service{newService(t, db, d), newService(t, db, d)}
	for rev := range 3 {
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				words := both(fmt.Sprint(rev, " by ", i))
				errs[i] = services[i%2].Edit(t.Context(), fmt.Sprint("person ", i), Terms, rev, words)
			})
		}
		wg.Wait()
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won < 0:
				won = i
			case err == nil:
				t.Errorf("revision %d: %d and %d won", rev, won, i)
			case !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "legal.stale":
				t.Error(err)
			}
		}
		if got := mustText(t, services[max(won, 0)%2], Terms); won < 0 || got.Rev != rev+1 || got.Body != both(fmt.Sprint(rev, " by ", won)) {
			t.Errorf("%d won, and the text is %v", won, got)
		}
		d.pass(fresh, nil)
	}
	if want := "[text:terms:1 text:terms:2 text:terms:3]"; d.performed() != want {
		t.Errorf("entries %s", d.performed())
	}
}

func TestAnotherInstanceSeesAnEditWithinASecond(t *testing.T) {
	d := &desk{now: noon}
	db := openDB(t)
	writer, reader := newService(t, db, d), newService(t, db, d)
	mustText(t, reader, Terms)
	mustText(t, writer, Terms)
	mustEdit(t, writer, 0, "a")
	steps := []struct {
		pass           time.Duration
		writer, reader int
	}{{0, 1, 0}, {fresh - 1, 1, 0}, {1, 1, 1}}
	for _, step := range steps {
		d.pass(step.pass, nil)
		if w, r := mustText(t, writer, Terms).Rev, mustText(t, reader, Terms).Rev; w != step.writer || r != step.reader {
			t.Errorf("after %v: writer %d, reader %d, want %d and %d", step.pass, w, r, step.writer, step.reader)
		}
	}
	mustEdit(t, writer, 1, "b")
	d.pass(-time.Hour, nil) // a clock that was set back keeps nothing alive
	if r := mustText(t, reader, Terms).Rev; r != 2 {
		t.Errorf("after the clock was set back: %d", r)
	}
}

func TestReadingUnderWayIsNotKeptOverAWrite(t *testing.T) {
	c := cache{kept: map[Page]reading{}, seen: map[Page]int{}}
	_, writes, _ := c.get(Terms, noon)
	c.written(Terms)
	c.put(reading{Text{Page: Terms}, noon}, writes)
	if _, _, ok := c.get(Terms, noon); ok {
		t.Error("an old text was kept")
	}
	_, writes, _ = c.get(Terms, noon)
	c.put(reading{Text{Page: Terms, Rev: 1}, noon}, writes)
	if got, _, ok := c.get(Terms, noon); !ok || got.Rev != 1 {
		t.Error("the new text was not kept")
	}
	// One reading began before a write that is still being finished, and ends
	// after one that has seen it.
	c.put(reading{Text{Page: Terms, Rev: 0}, noon}, writes)
	if got, _, _ := c.get(Terms, noon); got.Rev != 1 {
		t.Errorf("revision %d was kept over 1", got.Rev)
	}
	// One that saw revision 2 is too late to be kept; what is kept is older.
	c.put(reading{Text{Page: Terms, Rev: 2}, noon}, writes-1)
	if got, _, ok := c.get(Terms, noon); ok {
		t.Errorf("revision %d is shown after 2", got.Rev)
	}
}

func TestReadersAndWritersTogether(t *testing.T) {
	s := newService(t, openDB(t), &desk{now: noon})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for rev := 0; rev < 10; {
				got, err := s.Text(t.Context(), Terms)
				if err != nil || got.Rev < rev {
					t.Errorf("revision %d after %d, %v", got.Rev, rev, err)
					return
				}
				rev = got.Rev
			}
		})
	}
	for rev := range 10 {
		mustEdit(t, s, rev, fmt.Sprint(rev))
	}
	wg.Wait()
}

func TestSweepPerformsWhatFailed(t *testing.T) {
	d := &desk{now: noon, away: errors.New("the log is away")}
	s := newService(t, openDB(t), d)
	mustEdit(t, s, 0, "a")
	mustEdit(t, s, 1, "b")
	if d.performed() != "[]" {
		t.Errorf("performed %s", d.performed())
	}
	d.pass(time.Minute, nil)
	for _, want := range []int{1, 0} {
		if n, err := s.Sweep(t.Context(), d.Now()); n != want || err != nil {
			t.Errorf("swept %d, %v; want %d", n, err, want)
		}
	}
	if want := "[text:terms:1 text:terms:2]"; d.performed() != want {
		t.Errorf("performed %s", d.performed())
	}
}

func TestBrokenStore(t *testing.T) {
	d := &desk{now: noon}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := newService(t, db, d)
	mustText(t, s, Privacy)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Text(t.Context(), Terms); err == nil || fault.Is(err, fault.NotFound) {
		t.Errorf("a text: %v", err)
	}
	if err := s.Edit(t.Context(), "lan", Privacy, 0, both("a")); err == nil || fault.Is(err, fault.Conflict) {
		t.Errorf("an edit: %v", err)
	}
	if _, err := s.Text(t.Context(), Privacy); err == nil {
		t.Error("an edit whose outcome is unknown left the text in the cache")
	}
}
