package tours

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// logbook performs what documents carry: it keeps the entries.
type logbook struct {
	mu   sync.Mutex
	said []string
	fail error
}

func (l *logbook) Perform(_ context.Context, e outbox.Effect) error {
	if e.Entry == nil {
		return nil // seats follow
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fail == nil {
		l.said = append(l.said, e.Entry.Action)
	}
	return l.fail
}

type festBench struct {
	*Editions
	t    *testing.T
	log  *logbook
	time time.Time
}

func newEditions(t *testing.T) *festBench {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	b := &festBench{t: t, log: &logbook{}, time: festTime("2026-11-20 09:00")}
	b.Editions, err = NewEditions(t.Context(), db, func() time.Time { return b.time }, b.log)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// with makes festival() with its venues and booths.
func (b *festBench) with() Edition {
	b.t.Helper()
	ctx, f := b.t.Context(), festival()
	e, err := b.Save(ctx, EditionEdit{By: "p", Edition: f})
	if err == nil {
		f.Changed = e.Changed
		e, err = b.SetVenues(ctx, EditionEdit{By: "p", Edition: f, Seen: e.Changed})
	}
	if err == nil {
		e, err = b.SetBooths(ctx, EditionEdit{By: "p", Edition: f, Seen: e.Changed})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

func (b *festBench) add(id string, change func(*Event)) (Event, error) {
	v := opening()
	v.ID = id
	if change != nil {
		change(&v)
	}
	return b.SaveEvent(b.t.Context(), EventEdit{By: "p", Event: v})
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	if fault.CodeOf(err) != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestAnEditionIsMadeShownAndHidden(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	if e.Year != 2026 || e.Venues[0].ID != "san-khau" || e.Booths[0].ID != "a1" {
		t.Errorf("%+v", e)
	}
	if _, err := b.OfYear(ctx, 2026); !fault.Is(err, fault.NotFound) {
		t.Error("a draft is shown")
	}
	if _, err := b.Next(ctx); !fault.Is(err, fault.NotFound) {
		t.Error("a draft comes next")
	}
	for range 2 {
		if err := b.Publish(ctx, "p", e.ID); err != nil {
			t.Fatal(err)
		}
	}
	got, err := b.OfYear(ctx, 2026)
	if err != nil || len(got.Pending) != 0 || got.Sequence != 0 || got.First == nil {
		t.Errorf("%+v %v", got, err)
	}
	if n, err := b.Next(ctx); err != nil || n.ID != e.ID {
		t.Error(err)
	}
	b.time = festTime("2026-12-21 00:00")
	if _, err := b.Next(ctx); !fault.Is(err, fault.NotFound) {
		t.Error("what is over comes next")
	}
	if err := b.Withdraw(ctx, "p", e.ID); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Listed(ctx); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if own, err := b.Own(ctx, "committee"); err != nil || len(own) != 1 {
		t.Error(own, err)
	}
	want := []string{"edition.create", "edition.venues", "edition.booths", "edition.publish", "edition.withdraw"}
	if !slices.Equal(b.log.said, want) {
		t.Errorf("the log says %v", b.log.said)
	}
	if err := b.Publish(ctx, "p", "nobody"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

func TestTwoPeopleEditAnEdition(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	mine, theirs := e, e
	mine.Phone, theirs.Phone = "1", "2"
	if _, err := b.Save(ctx, EditionEdit{By: "p", Edition: mine, Seen: e.Changed}); err != nil {
		t.Fatal(err)
	}
	_, err := b.Save(ctx, EditionEdit{By: "q", Edition: theirs, Seen: e.Changed})
	wantCode(t, err, "tours.edition.stale")
	_, err = b.SetBooths(ctx, EditionEdit{By: "q", Edition: theirs, Seen: e.Changed})
	wantCode(t, err, "tours.edition.stale")
	theirs.Org = "others"
	_, err = b.SetVenues(ctx, EditionEdit{By: "q", Edition: theirs, Seen: e.Changed})
	wantCode(t, err, "tours.edition.not_found")
	// A new form that is sent twice makes one edition; another of that year is refused.
	other := festival()
	other.ID = "e2"
	_, err = b.Save(ctx, EditionEdit{By: "p", Edition: other})
	if fault.KindOf(err) != fault.Conflict || !slices.Equal(fields(err), []string{"from"}) {
		t.Error(err)
	}
	other.From, other.To = festDay("2027-12-17"), festDay("2027-12-19")
	for range 2 {
		if _, err := b.Save(ctx, EditionEdit{By: "p", Edition: other}); err != nil {
			t.Error(err)
		}
	}
	other.From, other.To = festDay("2026-12-01"), festDay("2026-12-02")
	if _, err := b.Save(ctx, EditionEdit{By: "p", Edition: other}); fault.CodeOf(err) != "tours.edition.stale" && !slices.Contains(fields(err), "from") {
		t.Error(err)
	}
}

func TestDaysAndVenuesInUseStay(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	if _, err := b.add("v1", nil); err != nil {
		t.Fatal(err)
	}
	short := e
	short.From = festDay("2026-12-19")
	_, err := b.Save(ctx, EditionEdit{By: "p", Edition: short, Seen: e.Changed})
	if !slices.Contains(fields(err), "from") {
		t.Error(err)
	}
	fewer := e
	fewer.Venues = e.Venues[1:]
	if _, err = b.SetVenues(ctx, EditionEdit{By: "p", Edition: fewer, Seen: e.Changed}); !slices.Equal(fields(err), []string{"venues"}) {
		t.Error(err)
	}
	fewer.Venues = e.Venues[:1] // where booths stand
	if _, err = b.SetVenues(ctx, EditionEdit{By: "p", Edition: fewer, Seen: e.Changed}); !slices.Equal(fields(err), []string{"venues"}) {
		t.Error(err)
	}
	more := e
	more.Venues = append(slices.Clone(e.Venues), Venue{Name: word("Sân khấu!"), Kind: AtHall, ID: "../x"})
	got, err := b.SetVenues(ctx, EditionEdit{By: "p", Edition: more, Seen: e.Changed})
	if err != nil || got.Venues[2].ID != "san-khau-2" {
		t.Errorf("%+v %v", got.Venues, err)
	}
}

func TestDaysOfAPublishedEditionCount(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	if err := b.Publish(ctx, "p", e.ID); err != nil {
		t.Fatal(err)
	}
	e, _ = b.Edition(ctx, e.ID)
	longer := e
	longer.To = festDay("2026-12-21")
	got, err := b.Save(ctx, EditionEdit{By: "p", Edition: longer, Seen: e.Changed})
	if err != nil || got.Sequence != 1 {
		t.Fatal(got.Sequence, err)
	}
	got.From, got.To = festDay("2027-01-01"), festDay("2027-01-02") // its address is printed
	if _, err := b.Save(ctx, EditionEdit{By: "p", Edition: got, Seen: got.Changed}); !slices.Contains(fields(err), "from") {
		t.Error(err)
	}
	got, _ = b.Edition(ctx, e.ID)
	got.Story.Vi = ""
	if _, err := b.Save(ctx, EditionEdit{By: "p", Edition: got, Seen: got.Changed}); !slices.Equal(fields(err), []string{"story"}) {
		t.Error("what is shown may lose its story: ", err)
	}
}

func TestAnEventLives(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	v, err := b.add("v1", nil)
	if err != nil || v.Slug != "khai-mac" || v.Org != "committee" {
		t.Fatalf("%+v %v", v, err)
	}
	if w, err := b.add("v1", nil); err != nil || w.Slug != v.Slug {
		t.Error("a form that was sent twice: ", err)
	}
	w, err := b.add("v2", func(v *Event) { v.Venue = "cho" })
	if err != nil || w.Slug != "khai-mac-2" {
		t.Errorf("%s %v", w.Slug, err)
	}
	if p, err := b.add("v3", func(v *Event) { v.Venue, v.Title, v.Kind = "cho", word("Print"), Bazaar }); err != nil || p.Slug == "print" {
		t.Errorf("%s %v", p.Slug, err)
	}
	_, err = b.add("v4", nil)
	if !slices.Equal(fields(err), []string{"venue"}) {
		t.Error(err)
	}
	v, _ = b.Event(ctx, "v1")
	seen := v.Changed
	v.Title, v.Start = word("Lễ khai mạc"), festTime("2026-12-18 20:00")
	if v, err = b.SaveEvent(ctx, EventEdit{By: "p", Event: v, Seen: seen}); err != nil || v.Slug != "khai-mac" || v.Sequence != 0 {
		t.Errorf("%+v %v", v, err)
	}
	_, err = b.SaveEvent(ctx, EventEdit{By: "q", Event: v, Seen: seen})
	wantCode(t, err, "tours.event.stale")
	if err := b.DropEvent(ctx, "p", "v2"); err != nil {
		t.Fatal(err)
	}
	if err := b.Publish(ctx, "p", e.ID); err != nil {
		t.Fatal(err)
	}
	wantCode(t, b.DropEvent(ctx, "p", "v1"), "tours.event.known")
	seen = v.Changed
	v.Venue = "cho"
	if v, err = b.SaveEvent(ctx, EventEdit{By: "p", Event: v, Seen: seen}); err != nil || v.Sequence != 1 || len(v.Changes) != 1 {
		t.Errorf("%+v %v", v, err)
	}
	wantCode(t, b.CallOff(ctx, "p", "v1", word(" ")), "tours.event.call_off")
	for range 2 {
		if err := b.CallOff(ctx, "p", "v1", word("Mưa to")); err != nil {
			t.Fatal(err)
		}
	}
	v, err = b.EventAt(ctx, e.ID, "khai-mac")
	if err != nil || !v.Off() || v.Sequence != 2 || v.Reason.Vi != "Mưa to" {
		t.Errorf("%+v %v", v, err)
	}
	_, err = b.SaveEvent(ctx, EventEdit{By: "p", Event: v, Seen: v.Changed})
	wantCode(t, err, "tours.event.off")
	list, err := b.Programme(ctx, e.ID)
	if err != nil || len(list) != 2 {
		t.Errorf("%d events: %v", len(list), err)
	}
	if e, _ := b.Edition(ctx, e.ID); len(e.Slots) != 1 {
		t.Errorf("%+v", e.Slots)
	}
	_, err = b.EventAt(ctx, e.ID, "khai-mac-2")
	wantCode(t, err, "tours.event.not_found")
}

// Many people fill the same hour of one venue: one of them has it.
func TestOnlyOneTakesTheHour(t *testing.T) {
	b := newEditions(t)
	e := b.with()
	var wg sync.WaitGroup
	var mu sync.Mutex
	had := 0
	for i := range 12 {
		wg.Go(func() {
			if _, err := b.add("v"+itoa(i), nil); err == nil {
				mu.Lock()
				had++
				mu.Unlock()
			} else if !slices.Equal(fields(err), []string{"venue"}) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if list, _ := b.Programme(t.Context(), e.ID); had != 1 || len(list) != 1 {
		t.Errorf("%d were told that they have it, %d have", had, len(list))
	}
}

// Who died between the two writes of an event blocks its hour for a minute only.
func TestASlotWithoutItsEventIsGivenBack(t *testing.T) {
	b := newEditions(t)
	ctx := t.Context()
	e := b.with()
	lost := opening()
	lost.ID = "lost"
	if err := b.editions.Update(ctx, e.ID, func(e *Edition) error { return e.take(lost, store.Stamp(b.time)) }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.add("v1", nil); !slices.Equal(fields(err), []string{"venue"}) {
		t.Error(err)
	}
	b.time = b.time.Add(unsettled)
	if _, err := b.add("v1", nil); err != nil {
		t.Error(err)
	}
	if e, _ = b.Edition(ctx, e.ID); len(e.Slots) != 1 || e.Slots[0].Event != "v1" {
		t.Errorf("%+v", e.Slots)
	}
}

// What the log could not take is told later.
func TestTheLogIsToldLater(t *testing.T) {
	b := newEditions(t)
	b.log.fail = errors.New("away")
	b.with()
	if _, err := b.add("v1", nil); err != nil {
		t.Fatal(err)
	}
	b.log.fail = nil
	if n, err := b.Sweep(t.Context(), b.time.Add(time.Hour)); err != nil || n != 2 {
		t.Error(n, err)
	}
	if got := strings.Join(b.log.said, " "); got != "edition.create edition.venues edition.booths event.create" {
		t.Error(got)
	}
}
