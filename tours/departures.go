package tours

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Departure finds a departure.
func (s *Service) Departure(ctx context.Context, id string) (Departure, error) {
	d, err := s.departures.Get(ctx, id)
	return d, unknown(err, "tours.departure.not_found")
}

// Departures are those of a tour from one moment to another, in their order.
func (s *Service) Departures(ctx context.Context, tour string, from, to time.Time) (list []Departure, err error) {
	err = s.departures.All(ctx, store.Query{Index: "tour", Eq: []any{tour}, From: from, To: to}, func(d Departure) error {
		list = append(list, d)
		return nil
	})
	return list, err
}

// OpenBetween are the departures of all tours that are booked, from one moment to
// another.
func (s *Service) OpenBetween(ctx context.Context, from, to time.Time) (list []Departure, err error) {
	err = s.departures.All(ctx, store.Query{Index: "state", Eq: []any{string(Open)}, From: from, To: to}, func(d Departure) error {
		list = append(list, d)
		return nil
	})
	return list, err
}

// OfOrg are the departures of an organisation from one moment to another.
func (s *Service) OfOrg(ctx context.Context, org string, from, to time.Time) (list []Departure, err error) {
	err = s.departures.All(ctx, store.Query{Index: "org", Eq: []any{org}, From: from, To: to}, func(d Departure) error {
		list = append(list, d)
		return nil
	})
	return list, err
}

// Planned is the form of departures: single ones are a pattern of one day.
type Planned struct {
	Tour     string
	Starts   []time.Time
	Capacity int64 // 0 for the tour's
}

// Plan adds departures to a tour, none at a moment at which it leaves already, and
// returns how many were new. Faults: Invalid "tours.pattern" with fields.
func (s *Service) Plan(ctx context.Context, by string, p Planned) (n int, err error) {
	t, err := s.Tour(ctx, p.Tour)
	if err != nil {
		return 0, err
	}
	now := s.Now()
	f := fault.NewForm("tours.pattern")
	seats := p.Capacity
	if seats == 0 {
		seats = t.Seats
	}
	f.Need(len(p.Starts) > 0, "from", "tours.pattern.none")
	f.Need(seats >= 1 && seats <= maxCapacity, "capacity", "tours.field.number")
	f.Need(t.Minutes > 0, "from", "tours.pattern.minutes")
	if err := f.Result(); err != nil {
		return 0, err
	}
	var list []Departure
	for _, start := range p.Starts {
		if start.After(now) {
			d := t.leaving(start, seats)
			d.seal(now)
			list = append(list, d)
		}
	}
	for len(list) > 0 {
		k, err := s.departures.InsertMany(ctx, list)
		n += k
		if err == nil {
			break
		}
		if !fault.Is(err, fault.Conflict) {
			return n, err
		}
		old, err := s.departures.Get(ctx, list[k].ID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return n, err
		}
		if list = list[k:]; err == nil && !old.Start.Equal(list[0].Start) { // it moved to another hour
			list[0].ID += "-2"
			continue
		}
		list = list[1:] // that one was there
	}
	if n > 0 {
		err = s.note(ctx, by, t, "tour.planned", outbox.Value{Name: "departures", Text: itoa(n)})
	}
	return n, err
}

// leaving is a departure of the tour. Its id is made of the tour and the moment, so
// that a plan that is made twice plans nothing twice.
func (t Tour) leaving(start time.Time, seats int64) Departure {
	start = store.Stamp(start)
	return Departure{ID: t.ID + "-" + start.UTC().Format("200601021504"), Tour: t.ID, Org: t.Org, Start: start, End: store.Stamp(start.Add(time.Duration(t.Minutes) * time.Minute)),
		Capacity: seats, Cutoff: store.Stamp(start.Add(-time.Duration(t.Cutoff) * time.Hour)), State: Open, Queue: []Waiter{}, Done: []string{},
		Fewest: t.Fewest, Decide: t.Decide, Title: t.Title(), Path: "/tours/" + t.Slug, Book: hold.Book{Holds: []hold.Claim{}, Settled: []hold.Claim{}}}
}

// Close ends the booking of a departure, or opens it again.
func (s *Service) Close(ctx context.Context, by, id string, closed bool) error {
	return s.decideOn(ctx, by, id, "departure.close", func(d *Departure, now time.Time) error {
		if d.State == CalledOff {
			return fault.New(fault.Conflict, "tours.called_off")
		}
		if d.State = Open; closed {
			d.State = Closed
		}
		return nil
	})
}

// Resize changes how many seats a departure has; never below what is booked.
func (s *Service) Resize(ctx context.Context, by, id string, seats int64) error {
	return s.decideOn(ctx, by, id, "departure.resize", func(d *Departure, now time.Time) error {
		taken := d.Capacity - d.Left(now)
		if seats < 1 || seats > maxCapacity || seats < taken {
			return fault.New(fault.Invalid, "tours.departure.form").Field("capacity", "tours.departure.seats").With("Taken", taken)
		}
		d.Capacity = seats
		d.Offer(now)
		return nil
	})
}

// Retime lets a departure leave at another time: every party is told, and may have
// its money back. Faults: Invalid with field "start", Conflict "tours.called_off",
// "tours.departure.shared" when another tour has what they share then.
func (s *Service) Retime(ctx context.Context, by, id string, start time.Time) error {
	d, err := s.Departure(ctx, id)
	if err != nil {
		return err
	}
	if err := s.sharedAt(ctx, d, store.Stamp(start)); err != nil {
		return err
	}
	return s.decideOn(ctx, by, id, "departure.move", func(d *Departure, now time.Time) error {
		start = store.Stamp(start)
		switch {
		case d.State == CalledOff:
			return fault.New(fault.Conflict, "tours.called_off")
		case !start.After(now), !d.Start.After(now):
			return fault.New(fault.Invalid, "tours.departure.form").Field("start", "tours.departure.past")
		case start.Equal(d.Start):
			return nil
		}
		was, at := d.Start, store.Stamp(now)
		d.End, d.Cutoff = store.Stamp(d.End.Add(start.Sub(was))), store.Stamp(d.Cutoff.Add(start.Sub(was)))
		d.Start, d.Was, d.Moved = start, &was, &at
		d.Rev++
		return nil
	})
}

// sharedAt says whether what tours share is free for a departure at another time:
// fault.Conflict "tours.departure.shared" where it is not.
func (s *Service) sharedAt(ctx context.Context, d Departure, start time.Time) error {
	t, err := s.Tour(ctx, d.Tour)
	if err != nil {
		return err
	}
	d.End, d.Start = d.End.Add(start.Sub(d.Start)), start
	want := map[string][]piece{} // by day of a resource
	err = s.eachBooked(ctx, d.ID, func(b Booking) error {
		for _, p := range t.pieces(d, b.claim(), b.Party.AddOns) {
			want[p.Day] = append(want[p.Day], p)
		}
		return nil
	})
	for _, list := range want {
		if err == nil {
			err = s.fits(ctx, list)
		}
	}
	return err
}

// fits says whether all bookings of one departure together find room on a day of a
// resource, with what they have there now out of the way.
func (s *Service) fits(ctx context.Context, list []piece) error {
	one := list[0]
	r, err := s.resources.Get(ctx, one.Resource)
	if err != nil {
		return gone(err)
	}
	day, err := s.days.Get(ctx, one.Day)
	if gone(err) != nil {
		return err
	}
	day.Claims = slices.DeleteFunc(slices.Clone(day.Claims), func(c DayClaim) bool { return c.Departure == one.Claim.Departure })
	for _, p := range list {
		day.Claims = append(day.Claims, p.Claim)
	}
	if day.Used(one.Claim.From, one.Claim.To, s.Now()) > r.Capacity {
		return fault.New(fault.Conflict, "tours.departure.shared")
	}
	return nil
}

// reshare carries a booking's part of what tours share to the new time of its
// departure.
func (s *Service) reshare(ctx context.Context, t Tour, d Departure, b Booking) error {
	was := d
	was.End, was.Start = d.End.Add(d.Was.Sub(d.Start)), *d.Was
	key := b.claim()
	return s.swap(ctx, d.ID, t.pieces(was, key, b.Party.AddOns), t.pieces(d, key, b.Party.AddOns))
}

// causes of calling a departure off, as CallOff has them.
var causes = [...]string{"weather", "too_few", "other"}

// CallOff calls a departure off: every party is offered another one, a credit or
// its money, until a moment, and those who wait are told no more. By is a person
// or "worker". Again it changes nothing.
func (s *Service) CallOff(ctx context.Context, by, id, cause, note string, until time.Time) error {
	note = strings.Join(strings.Fields(note), " ")
	f := fault.NewForm("tours.departure.form")
	f.Need(slices.Contains(causes[:], cause), "cause", "tours.off.cause")
	f.Need(utf8.RuneCountInString(note) <= 300, "note", "tours.field.long")
	if err := f.Result(); err != nil {
		return err
	}
	return s.decideOn(ctx, by, id, "departure.call_off", func(d *Departure, now time.Time) error {
		switch {
		case d.State == CalledOff:
			return nil
		case !d.End.After(now):
			return fault.New(fault.Conflict, "tours.departure.over")
		case !until.After(now):
			return fault.New(fault.Invalid, "tours.departure.form").Field("until", "tours.departure.past")
		}
		d.State, d.Off = CalledOff, &CallOff{At: store.Stamp(now), By: by, Cause: cause, Note: note, Until: store.Stamp(until)}
		d.Rev++
		return nil
	})
}

// decideOn changes a departure by somebody's decision and notes it in the log.
func (s *Service) decideOn(ctx context.Context, by, id, action string, fn func(*Departure, time.Time) error) error {
	now := s.Now()
	err := s.changeDeparture(ctx, id, func(d *Departure) error {
		was := *d
		if err := fn(d, now); err != nil {
			return err
		}
		if was.State != d.State || was.Capacity != d.Capacity || !was.Start.Equal(d.Start) {
			e := outbox.Entry{At: store.Stamp(now), By: by, Action: action, Object: "departure:" + d.ID, Org: d.Org, Before: was.values(), After: d.values()}
			d.Post(now, outbox.Effect{ID: store.NewID(now), Entry: &e})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if d, err := s.departures.Get(ctx, id); err == nil && d.Wake != nil && !d.Wake.After(now) {
		if err := s.tick(ctx, d, now); err != nil {
			s.settled(ctx, "departure", err)
		}
	}
	return nil
}

func (d Departure) values() []outbox.Value {
	return []outbox.Value{{Name: "state", Text: string(d.State)}, {Name: "start", Text: d.Start.Format(time.RFC3339)}, {Name: "capacity", Text: itoa(int(d.Capacity))}}
}
