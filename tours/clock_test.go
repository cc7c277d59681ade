package tours

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store/sqlite"
)

// desk is a service on a store of its own with a clock that moves when told, and a
// shop that only remembers.
type desk struct {
	*Service
	t     *testing.T
	mu    sync.Mutex
	at    time.Time
	mails map[string]outbox.Mail // by id
	left  map[string]int64       // percent that went back, by booking
	came  map[string]int
	tour  Tour
}

func (d *desk) Leave(_ context.Context, _, booking, _ string, percent int64, _ string, _ bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.left[booking] = percent
	return nil
}

func (d *desk) Attend(_ context.Context, _, booking, _ string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.came[booking]++
	return nil
}

func (d *desk) Perform(ctx context.Context, e outbox.Effect) error {
	switch {
	case e.Mail != nil:
		d.mu.Lock()
		defer d.mu.Unlock()
		d.mails[e.ID] = *e.Mail
	case e.Task != nil && e.Task.Name != TaskBooked && e.Task.Name != TaskReview:
		return d.Do(ctx, *e.Task)
	}
	return nil
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

// until lets the clock stand at a moment of Vietnam and the worker do its work.
func (d *desk) until(s string) {
	d.t.Helper()
	d.mu.Lock()
	d.at = at(s)
	d.mu.Unlock()
	for range 2 { // what is done is not done again
		_, err := d.Work(d.t.Context())
		d.ok(err)
	}
}

func (d *desk) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func newDesk(t *testing.T, now string, change func(*Tour)) *desk {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := &desk{t: t, at: at(now), mails: map[string]outbox.Mail{}, left: map[string]int64{}, came: map[string]int{}}
	d.Service, err = New(t.Context(), Deps{DB: db, Effects: d, Shop: d, Secret: []byte("0123456789abcdef0123456789abcdef"), Now: d.clock, Log: slog.New(slog.DiscardHandler)})
	d.ok(err)
	x := picking()
	x.ID, x.Org, x.Phone, x.Minutes, x.Questions, x.Fewest, x.Decide, x.Cutoff = "", "org", "0212 000 000", 240, []Question{}, 0, 0, 0
	x.Story, x.Rain, x.Meeting.Words = lang.Text{Vi: "x"}, lang.Text{Vi: "x"}, lang.Text{Vi: "x"}
	if change != nil {
		change(&x)
	}
	d.tour, err = d.Save(t.Context(), "p", x, time.Time{})
	d.ok(err)
	d.ok(d.Publish(t.Context(), "p", d.tour.ID, false))
	d.tour, err = d.Tour(t.Context(), d.tour.ID)
	d.ok(err)
	return d
}

func (d *desk) leaves(start string, seats int64) Departure {
	d.t.Helper()
	_, err := d.Plan(d.t.Context(), "p", Planned{Tour: d.tour.ID, Starts: []time.Time{at(start)}, Capacity: seats})
	d.ok(err)
	x, err := d.Departure(d.t.Context(), d.tour.leaving(at(start), seats).ID)
	d.ok(err)
	return x
}

func (d *desk) again(x Departure) *Departure {
	d.t.Helper()
	x, err := d.Departure(d.t.Context(), x.ID)
	d.ok(err)
	return &x
}

// books books adults as an order would, that is paid at once.
func (d *desk) books(x Departure, adults int64, email string) Booking {
	d.t.Helper()
	var raw [16]byte
	rand.Read(raw[:])
	id := hex.EncodeToString(raw[:])
	b, err := d.Book(d.t.Context(), Wanted{ID: id, Departure: x.ID, Party: Party{People: map[string]int64{"adult": adults}}, Lang: lang.Vi})
	d.ok(err)
	c := Claim{Order: "order-" + id[:6], Booking: id, Departure: x.ID, Seats: b.Seats}
	d.ok(d.KeepSeats(d.t.Context(), c))
	d.ok(d.FoldSeats(d.t.Context(), c))
	_, err = d.Follow(d.t.Context(), News{Booking: id, Order: c.Order, Code: "SL" + strings.ToUpper(id[:6]), Name: "Hoa", Phone: "0912", Email: email, Paid: true})
	d.ok(err)
	return d.booking(id)
}

func (d *desk) booking(id string) Booking {
	d.t.Helper()
	b, err := d.Booking(d.t.Context(), id)
	d.ok(err)
	return b
}

// told are the keys of the mails to somebody, sorted.
func (d *desk) told(email string) (keys []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.mails {
		if m.To == email {
			keys = append(keys, strings.TrimPrefix(m.Key, "mail."))
		}
	}
	slices.Sort(keys)
	return keys
}

func (d *desk) hears(email, want string) {
	d.t.Helper()
	if got := strings.Join(d.told(email), " "); got != want {
		d.t.Errorf("%s was told %q, want %q", email, got, want)
	}
}

// Reminders come two days and three hours before, once each, also over midnight
// and over a leap day; who books later than that gets none for what is past.
func TestReminders(t *testing.T) {
	for _, tt := range []struct{ start, days, hours string }{
		{"2026-12-12 08:00", "2026-12-10 08:00", "2026-12-12 05:00"},
		{"2026-12-12 01:30", "2026-12-10 01:30", "2026-12-11 22:30"}, // the day before
		{"2028-03-01 08:00", "2028-02-28 08:00", "2028-03-01 05:00"}, // over 29 February
		{"2027-03-01 08:00", "2027-02-27 08:00", "2027-03-01 05:00"},
	} {
		t.Run(tt.start, func(t *testing.T) {
			d := newDesk(t, at(tt.start).Add(-10*24*time.Hour).Format("2006-01-02 15:04"), nil)
			x := d.leaves(tt.start, 10)
			d.books(x, 2, "a@khach.example")
			d.until(at(tt.days).Add(-time.Minute).In(lang.Zone).Format("2006-01-02 15:04"))
			d.hears("a@khach.example", "")
			d.until(tt.days)
			d.hears("a@khach.example", "visit_soon")
			d.books(x, 1, "late@khach.example")
			d.until(at(tt.hours).Add(-time.Minute).In(lang.Zone).Format("2006-01-02 15:04"))
			d.hears("a@khach.example", "visit_soon")
			d.until(tt.hours)
			d.hears("a@khach.example", "visit_now visit_soon")
			d.hears("late@khach.example", "visit_now")
		})
	}
}

func TestADepartureNeedsEnoughPeople(t *testing.T) {
	for _, tt := range []struct {
		people int64
		want   DepartureState
	}{{1, CalledOff}, {2, Open}, {0, Open}} {
		d := newDesk(t, "2026-12-01 08:00", func(t *Tour) { t.Fewest, t.Decide = 2, 24 })
		x := d.leaves("2026-12-12 08:00", 10)
		id := ""
		if tt.people > 0 {
			id = d.books(x, tt.people, "a@khach.example").ID
		}
		d.until("2026-12-11 07:59")
		if got := d.again(x); got.State != Open {
			t.Errorf("a minute before it is decided: %s", got.State)
		}
		d.until("2026-12-11 08:00")
		if got := d.again(x); got.State != tt.want {
			t.Errorf("%d people: %s", tt.people, got.State)
		}
		if tt.want != CalledOff {
			continue
		}
		if b := d.booking(id); b.Choice == nil || b.Choice.Cause != "too_few" || b.State != Booked {
			t.Errorf("%+v", b)
		}
		d.until("2026-12-12 08:01") // nobody said anything
		if b := d.booking(id); b.State != Left || d.left[id] != 100 {
			t.Errorf("%s, %d percent back", b.State, d.left[id])
		}
	}
}

// Called off for weather: one party takes another day, one a credit, one says
// nothing, and one is called by telephone.
func TestWeather(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", nil)
	ctx := t.Context()
	x, other := d.leaves("2026-12-12 08:00", 10), d.leaves("2026-12-13 08:00", 10)
	a, b, c, e := d.books(x, 2, "a@khach.example"), d.books(x, 1, "b@khach.example"), d.books(x, 1, "c@khach.example"), d.books(x, 1, "")
	d.until("2026-12-12 07:00") // too late for the table
	for range 2 {
		d.ok(d.CallOff(ctx, "p", x.ID, "weather", "Đường sạt lở", at("2026-12-15 08:00")))
	}
	for _, x := range []Booking{a, b, c, e} {
		now := d.booking(x.ID)
		if now.Choice == nil || !now.Waits(d.clock()) || now.Sequence != x.Sequence+1 || now.Percent(d.tour.Policy, d.clock()) != 100 {
			t.Errorf("%+v", now)
		}
	}
	if m := d.mails["off:"+a.ID+":1"]; m.Event == nil || !m.Event.Cancelled || m.Event.Sequence != 1 || !strings.Contains(m.Args["Cause"], "sạt lở") {
		t.Errorf("%+v", m)
	}
	d.ok(d.Shift(ctx, a.ID, other.ID))
	if got := d.booking(a.ID); got.Departure != other.ID || got.Choice != nil || got.State != Booked || got.Sequence != 2 {
		t.Errorf("%+v", got)
	}
	d.ok(d.Cancel(ctx, "shopper", b.ID, true))
	d.until("2026-12-15 08:00")
	for _, x := range []Booking{b, c, e} {
		if got := d.booking(x.ID); got.State != Left || d.left[x.ID] != 100 || got.Leaving.Cause != "called_off" {
			t.Errorf("%s, %d percent: %+v", got.State, d.left[x.ID], got.Leaving)
		}
	}
	if !d.booking(b.ID).Leaving.Credit || d.booking(c.ID).Leaving.Credit {
		t.Error("a credit for who asked for none, or none for who did")
	}
	if _, gone := d.left[a.ID]; gone || d.again(other).Left(d.clock()) != 8 {
		t.Errorf("who took another day lost it: %d are left", d.again(other).Left(d.clock()))
	}
	refused(t, d.Retime(ctx, "p", x.ID, at("2026-12-20 08:00")), "tours.called_off")
	refused(t, d.Close(ctx, "p", x.ID, false), "tours.called_off")
	if _, err := d.Book(ctx, Wanted{ID: strings.Repeat("a", 32), Departure: x.ID, Party: Party{People: map[string]int64{"adult": 1}}}); fault.CodeOf(err) != "tours.called_off" {
		t.Error(err)
	}
}

func TestADepartureLeavesAtAnotherTime(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", nil)
	ctx := t.Context()
	x := d.leaves("2026-12-12 08:00", 10)
	a := d.books(x, 2, "a@khach.example")
	d.until("2026-12-11 20:00")
	d.ok(d.Retime(ctx, "p", x.ID, at("2026-12-12 10:30")))
	now := d.booking(a.ID)
	if !now.Start.Equal(at("2026-12-12 10:30")) || now.Choice == nil || now.Choice.Cause != "moved" || now.Percent(d.tour.Policy, d.clock()) != 100 || now.Sequence != 1 {
		t.Errorf("%+v", now)
	}
	if m := d.mails["retimed:"+a.ID+":1"]; m.Event == nil || m.Event.Cancelled || !m.Event.Start.Equal(at("2026-12-12 10:30")) || m.Args["Was"] == "" {
		t.Errorf("%+v", m)
	}
	// Its old hour can be planned anew, once.
	for _, want := range []int{1, 0} {
		n, err := d.Plan(ctx, "p", Planned{Tour: d.tour.ID, Starts: []time.Time{at("2026-12-12 08:00")}})
		if err != nil || n != want {
			t.Errorf("%d departures are new, want %d: %v", n, want, err)
		}
	}
	// Without a word the new time stands.
	d.until("2026-12-12 10:00")
	if got := d.booking(a.ID); got.State != Booked || got.Percent(d.tour.Policy, d.clock()) != 0 {
		t.Errorf("%+v", got)
	}
}

// Who did not come is known two days after the end, when gates without a network
// have told; nothing goes back then.
func TestNobodyCame(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", nil)
	x := d.leaves("2026-12-12 08:00", 10)
	a, b := d.books(x, 2, "a@khach.example"), d.books(x, 1, "b@khach.example")
	d.until("2026-12-12 08:05")
	r, err := d.CheckIn(t.Context(), "gate", Scan{Departure: x.ID, Ticket: a.Code, Places: []int{1}})
	if err != nil || r.Result != ScanIn || d.came[a.ID] != 1 {
		t.Fatalf("%s, %v, %v", r.Result, err, d.came)
	}
	d.until("2026-12-14 11:59")
	if got := d.booking(b.ID); got.State != Booked {
		t.Errorf("%s a minute early", got.State)
	}
	d.until("2026-12-14 12:00")
	if got := d.booking(b.ID); got.State != NoShow || d.left[b.ID] != 0 {
		t.Errorf("%s, %d percent back", got.State, d.left[b.ID])
	}
	if got := d.booking(a.ID); got.State != Booked {
		t.Errorf("half of a party is a party: %s", got.State)
	}
	if slices.Contains(d.told("b@khach.example"), "visit_left") {
		t.Error("who did not come is told that it was cancelled")
	}
	if x := d.again(x); x.Wake != nil {
		t.Errorf("it wakes for ever: %v", x.Wake)
	}
}

// Seats whose hold ran out, and offers that nobody took, go to the next in line;
// there are never more offers than seats.
func TestOffersGoRound(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", nil)
	ctx := t.Context()
	x := d.leaves("2026-12-12 08:00", 2)
	id := strings.Repeat("b", 32)
	b, err := d.Book(ctx, Wanted{ID: id, Departure: x.ID, Party: Party{People: map[string]int64{"adult": 2}}})
	d.ok(err)
	d.ok(d.HoldSeats(ctx, Claim{Order: "o", Booking: b.ID, Departure: x.ID, Seats: 2}, at("2026-12-01 09:00")))
	for i := range 3 {
		d.ok(d.Wait(ctx, x.ID, Waiter{ID: fmt.Sprint("w", i), Name: "Hoa", Email: fmt.Sprintf("w%d@khach.example", i), Seats: 1, Lang: lang.Vi}))
	}
	if err := d.Wait(ctx, x.ID, Waiter{ID: "w9", Name: "Hoa", Email: "w1@khach.example", Seats: 1}); fault.CodeOf(err) != "tours.waiting.again" {
		t.Error(err)
	}
	offers := func() (n int) {
		for _, w := range d.again(x).Queue {
			if w.stands(d.clock()) && !w.Over {
				n++
			}
		}
		return n
	}
	d.until("2026-12-01 08:59")
	if offers() != 0 {
		t.Error("what is held was offered")
	}
	d.until("2026-12-01 09:00")
	d.hears("w0@khach.example", "waiting waiting_offer")
	d.hears("w1@khach.example", "waiting waiting_offer")
	d.hears("w2@khach.example", "waiting")
	if offers() != 2 {
		t.Errorf("%d offers of two seats", offers())
	}
	d.until("2026-12-01 20:59")
	d.hears("w2@khach.example", "waiting")
	d.until("2026-12-01 21:00")
	d.hears("w2@khach.example", "waiting waiting_offer")
	if offers() != 1 || d.again(x).Left(d.clock()) != 1 {
		t.Errorf("%d offers, %d left", offers(), d.again(x).Left(d.clock()))
	}
}

// Twenty parties want to move to a day with three seats at once: three do, and no
// seat of either day is lost.
func TestManyMoveAtOnce(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", nil)
	x, to := d.leaves("2026-12-12 08:00", 20), d.leaves("2026-12-13 08:00", 3)
	var list []Booking
	for range 20 {
		list = append(list, d.books(x, 1, ""))
	}
	var wg sync.WaitGroup
	errs := make([]error, len(list))
	for i, b := range list {
		wg.Go(func() { errs[i] = d.Shift(t.Context(), b.ID, to.ID) })
	}
	wg.Wait()
	moved := 0
	for i, b := range list {
		now := d.booking(b.ID)
		switch {
		case errs[i] == nil && now.Departure == to.ID && now.From == "":
			moved++
		case fault.CodeOf(errs[i]) == "hold.sold_out" && now.Departure == x.ID:
		default:
			t.Errorf("%v: on %s from %q", errs[i], now.Departure, now.From)
		}
	}
	if moved != 3 || d.again(x).Left(d.clock()) != 3 || d.again(to).Left(d.clock()) != 0 {
		t.Errorf("%d moved, %d and %d left", moved, d.again(x).Left(d.clock()), d.again(to).Left(d.clock()))
	}
}

// The table counts to the second, also where its hours lie over midnight.
func TestCutoffs(t *testing.T) {
	d := newDesk(t, "2026-12-01 08:00", func(t *Tour) { t.Cutoff = 12 })
	x := d.leaves("2026-12-12 06:00", 5)
	want := Wanted{ID: strings.Repeat("c", 32), Departure: x.ID, Party: Party{People: map[string]int64{"adult": 1}}}
	d.until("2026-12-11 18:00")
	if _, err := d.Book(t.Context(), want); err != nil {
		t.Error("at the last moment:", err)
	}
	d.until("2026-12-11 18:01")
	if _, err := d.Book(t.Context(), want); fault.CodeOf(err) != "tours.cutoff" {
		t.Error(err)
	}
	if _, err := d.Quote(t.Context(), want.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
