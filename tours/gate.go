package tours

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// ScanResult is what a gate says of a ticket.
type ScanResult string

// Results of a scan.
const (
	ScanIn        ScanResult = "in"        // let them in
	ScanAgain     ScanResult = "again"     // all of them came already
	ScanCancelled ScanResult = "cancelled" // the booking does not stand, or the ticket was issued anew
	ScanWrong     ScanResult = "wrong"     // a ticket of another departure
	ScanUnknown   ScanResult = "unknown"   // none of ours
)

// Scan is a ticket at a gate, or a booking picked from the list of the day.
type Scan struct {
	Departure string    // that the gate is open for
	Ticket    string    // text of the symbol, or what was typed: the code of an order or a Ref
	Places    []int     // of the people who are there; none for all of the ticket
	At        time.Time // by the clock of the gate
	Offline   bool      // the gate had let them in before anybody was asked
}

// Scanned is what came of a scan.
type Scanned struct {
	Result    ScanResult
	Booking   Booking
	Places    []int      // that were let in now
	Before    []Arrival  // of the same people
	Elsewhere *Departure // that the ticket is for
}

// Let lets people of a booking in. Somebody who came already is in Before; what a
// gate without a network let in wrongly is noted on the booking, once.
func (b *Booking) Let(places []int, issue int64, by string, at time.Time, offline bool) (r Scanned) {
	if len(places) == 0 {
		for i := range b.Guests {
			places = append(places, i+1)
		}
	}
	places = slices.DeleteFunc(slices.Clone(places), func(p int) bool { return p < 1 || p > len(b.Guests) })
	slices.Sort(places)
	places = slices.Compact(places)
	odd := func(p int, why ScanResult) {
		o := OddScan{Place: p, At: at, By: by, Why: string(why)}
		if offline && len(b.Odd) < maxOdd && !slices.ContainsFunc(b.Odd, func(x OddScan) bool { return x.Place == p && x.At.Equal(at) }) {
			b.Odd = append(b.Odd, o)
		}
	}
	if b.State != Booked && b.State != NoShow || issue != 0 && issue != b.Issue && b.State != NoShow {
		for _, p := range places {
			odd(p, ScanCancelled)
		}
		r.Result = ScanCancelled
		return r
	}
	for _, p := range places {
		if was := b.In(p); was != nil && was.At.Equal(at) && was.By == by { // the same scan told again
			r.Places = append(r.Places, p)
			continue
		} else if was != nil {
			r.Before = append(r.Before, *was)
			odd(p, ScanAgain)
			continue
		}
		b.Arrivals = append(b.Arrivals, Arrival{Place: p, At: at, By: by, Offline: offline})
		r.Places = append(r.Places, p)
	}
	if r.Result = ScanIn; len(r.Places) == 0 {
		r.Result = ScanAgain
	}
	return r
}

// clockOff is how wrong the clock of a gate may be.
const clockOff = 5 * time.Minute

// maxOdd are the odd scans that a booking keeps.
const maxOdd = 50

// CheckIn lets people in at the gate of a departure.
func (s *Service) CheckIn(ctx context.Context, by string, sc Scan) (r Scanned, err error) {
	id, issue, places, r, err := s.read(ctx, sc)
	if err != nil || r.Result != "" {
		return r, err
	}
	if len(sc.Places) > 0 {
		places = sc.Places
	}
	now := s.Now()
	at := store.Stamp(sc.At)
	if at.IsZero() || at.After(now.Add(clockOff)) || !sc.Offline && at.Before(now.Add(-clockOff)) {
		at = store.Stamp(now)
	}
	err = s.changeBooking(ctx, id, func(b *Booking) error {
		first := len(b.Arrivals) == 0
		r = b.Let(places, issue, by, at, sc.Offline)
		if first && len(b.Arrivals) > 0 && b.State == Booked {
			b.Choice = nil
			b.Post(now, outbox.Effect{ID: "attend:" + b.ID, Task: &outbox.Task{Name: TaskAttend, Object: b.ID}})
		}
		r.Booking = *b
		return nil
	})
	return r, err
}

// read finds the booking that a scan is about; a result says that there is none to
// let in here.
func (s *Service) read(ctx context.Context, sc Scan) (id string, issue int64, places []int, r Scanned, err error) {
	text := strings.TrimSpace(sc.Ticket)
	ref := ""
	if t, e := s.gate.Check(text); e == nil {
		if t.Event != sc.Departure {
			r.Result = ScanWrong
			if d, e := s.Departure(ctx, t.Event); e == nil {
				r.Elsewhere = &d
			}
			return id, 0, nil, r, nil
		}
		ref, issue = t.Booking, int64(t.Issue)
		if t.Place > 0 {
			places = []int{int(t.Place)}
		}
	}
	tag := sc.Departure + ":" + ref
	if ref == "" {
		typed := strings.ToUpper(strings.Join(strings.Fields(text), ""))
		if tag = sc.Departure + ":" + typed; len(typed) == 12 {
			tag = sc.Departure + ":" + strings.ToLower(typed) // a Ref
		}
	}
	found := []Booking{}
	err = s.bookings.All(ctx, store.Query{Index: "tag", Eq: []any{tag}}, func(b Booking) error {
		if b.State != Draft {
			found = append(found, b)
		}
		return nil
	})
	if err != nil {
		return id, 0, nil, r, err
	}
	slices.SortStableFunc(found, func(a, b Booking) int { return cmp.Compare(a.rank(), b.rank()) })
	switch {
	case len(found) == 0 && ref != "": // signed by us and not on this list: it was moved away
		r.Result = ScanCancelled
	case len(found) == 0:
		r.Result = ScanUnknown
	default:
		return found[0].ID, issue, places, r, nil
	}
	return id, 0, nil, r, nil
}

// rank puts what can be let in first, where one order has several bookings.
func (b Booking) rank() int {
	switch {
	case b.State == Booked && len(b.Arrivals) < len(b.Guests):
		return 0
	case b.State == Booked:
		return 1
	}
	return 2
}

// walkIn stands in the books where an order would.
const walkIn = "walkin"

// WalkIn books a party that stands at the gate and pays the host, and lets it in.
// Faults: those of NewBooking, Conflict "hold.sold_out" with Args "Free".
func (s *Service) WalkIn(ctx context.Context, by string, w Wanted, name, phone string) (Booking, error) {
	d, err := s.Departure(ctx, w.Departure)
	if err != nil {
		return Booking{}, err
	}
	t, err := s.Tour(ctx, d.Tour)
	if err != nil {
		return Booking{}, err
	}
	now := store.Stamp(s.Now())
	t.Questions = nil // they can be asked aloud
	b, err := NewBooking(w.ID, t, d, w.Party, w.Names, w.Lang, now)
	if err != nil {
		return b, err
	}
	b.WalkIn, b.Rest, b.Name, b.Phone = true, 0, clip(name, 80), clip(phone, 30)
	if old, err := s.bookings.Get(ctx, b.ID); err == nil {
		return old, nil // the form came twice
	}
	if d.State == CalledOff || !now.Before(d.End) {
		return b, fault.New(fault.Conflict, "tours.called_off")
	}
	c := Claim{Order: walkIn, Booking: b.ID, Departure: d.ID, Seats: b.Seats}
	if err := s.takeOn(ctx, b, t, d.ID, c, nil, func(d *Departure) error {
		if d.wasFolded(c.key()) {
			return nil
		}
		d.Offer(now)
		return d.Settle(d.capacity(), c.key(), c.Seats, now)
	}); err != nil {
		return b, err
	}
	b.State, b.Erase = Booked, nil
	b.tag()
	b.Let(nil, 0, by, now, false)
	if err := s.bookings.Insert(ctx, b); err != nil && !fault.Is(err, fault.Conflict) {
		return b, err
	}
	return b, s.FoldSeats(ctx, c)
}

func clip(s string, n int) string {
	r := []rune(strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " "))
	return string(r[:min(len(r), n)])
}

// Roster is who comes to a departure, in the order of the printed list of the day:
// by name, then by code.
func (s *Service) Roster(ctx context.Context, departure string) (list []Booking, err error) {
	for _, state := range []BookingState{Booked, NoShow, Left} {
		err := s.bookings.All(ctx, store.Query{Index: "departure", Eq: []any{departure, string(state)}}, func(b Booking) error {
			list = append(list, b)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(list, func(a, b Booking) int {
		stands := func(b Booking) int {
			if b.State == Left {
				return 1
			}
			return 0
		}
		return cmp.Or(cmp.Compare(stands(a), stands(b)), cmp.Compare(lang.SortKey(a.Name), lang.SortKey(b.Name)), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}
