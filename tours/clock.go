package tours

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// What the clock makes of a departure, each once, kept in Departure.Done.
const (
	remindDays  = "remind48" // two days before
	remindHours = "remind3"  // three hours before
	decided     = "decided"  // whether enough people come
	spread      = "spread"   // every party knows that it was called off
	choices     = "choices"  // those that said nothing get their money back
	over        = "over"     // who did not come did not
)

// noShowAfter is how long gates without a network have to tell who came.
const noShowAfter = 48 * time.Hour

// due is one thing that the clock makes of a departure, and when.
type due struct {
	what string
	at   time.Time
}

// dues are what the clock has still to make of a departure.
func (d *Departure) dues() (list []due) {
	add := func(what string, at time.Time) {
		if !slices.Contains(d.Done, what) {
			list = append(list, due{what, at})
		}
	}
	if d.State == CalledOff && d.Off != nil {
		add(spread, d.Off.At)
		add(choices, d.Off.Until)
		return list
	}
	add(remindDays, d.Start.Add(-48*time.Hour))
	add(remindHours, d.Start.Add(-3*time.Hour))
	if d.Fewest > 1 {
		add(decided, d.Start.Add(-time.Duration(d.Decide)*time.Hour))
	}
	if d.Moved != nil {
		add(movedAt(*d.Moved), *d.Moved)
	}
	add(over, d.End.Add(noShowAfter))
	return list
}

// movedAt is what the clock makes of one change of time: every party knows.
func movedAt(t time.Time) string { return "moved" + itoa(int(t.UnixMilli())) }

// seal says when the worker has to look at a departure.
func (d *Departure) seal(now time.Time) {
	var first *time.Time
	at := func(t time.Time) {
		if t = store.Stamp(t); first == nil || t.Before(*first) {
			first = &t
		}
	}
	for _, x := range d.dues() {
		at(x.at)
	}
	for _, w := range d.Queue {
		if !w.Over && w.Offered != nil && d.State != CalledOff {
			at(*w.Offered)
		}
	}
	if d.queued() && d.Bookable(now) == nil { // seats whose hold runs out are theirs
		for _, c := range d.Holds {
			at(c.Until)
		}
	}
	d.Wake = first
}

// offers are who has an offer.
func (d *Departure) offers() map[string]bool {
	m := map[string]bool{}
	for _, w := range d.Queue {
		if w.Offered != nil {
			m[w.ID] = true
		}
	}
	return m
}

// tell posts a mail for each offer that is new.
func (d *Departure) tell(had map[string]bool, now time.Time) {
	for _, w := range d.Queue {
		if w.Offered == nil || had[w.ID] || w.Over || w.Email == "" {
			continue
		}
		d.Post(now, outbox.Effect{ID: "offer:" + w.ID, Mail: &outbox.Mail{To: w.Email, Name: w.Name, Lang: string(w.Lang), Key: "mail.waiting_offer",
			Args: map[string]string{"Title": d.Title.In(w.Lang), "When": w.Lang.DateTime(d.Start), "Until": w.Lang.DateTime(*w.Offered), "Seats": w.Lang.Int(w.Seats)},
			Link: d.Path + "/book?departure=" + d.ID + "&offer=" + w.ID}})
	}
}

// Work does what the clock asks for: reminders, the decision whether a departure
// takes place, offers that ran out, the end of choices, and who did not come. A
// worker calls it every few seconds; what fails is tried again.
func (s *Service) Work(ctx context.Context) (n int, first error) {
	now := s.Now()
	err := s.departures.All(ctx, store.Query{Index: "wake", To: now.Add(time.Millisecond)}, func(d Departure) error {
		n++
		if err := s.tick(ctx, d, now); err != nil && first == nil {
			first = err
		}
		return ctx.Err()
	})
	if first == nil {
		first = err
	}
	return n, first
}

func (s *Service) tick(ctx context.Context, d Departure, now time.Time) error {
	for _, x := range d.dues() {
		if x.at.After(now) {
			continue
		}
		if err := s.make(ctx, d, x, now); err != nil {
			return err
		}
		if err := s.noteDone(ctx, d.ID, x.what); err != nil {
			return err
		}
	}
	return s.changeDeparture(ctx, d.ID, func(d *Departure) error { d.Offer(now); return nil })
}

func (s *Service) noteDone(ctx context.Context, id, what string) error {
	return s.changeDeparture(ctx, id, func(d *Departure) error {
		if !slices.Contains(d.Done, what) {
			d.Done = append(d.Done, what)
		}
		return nil
	})
}

func (s *Service) make(ctx context.Context, d Departure, x due, now time.Time) error {
	switch x.what {
	case decided:
		return s.decide(ctx, d, now)
	case choices:
		return s.eachBooked(ctx, d.ID, func(b Booking) error {
			return s.end(ctx, b.ID, Leaving{At: store.Stamp(now), By: "worker", Percent: 100, Cause: "called_off"})
		})
	case over:
		return s.eachBooked(ctx, d.ID, func(b Booking) error {
			if len(b.Arrivals) > 0 {
				return nil
			}
			return s.end(ctx, b.ID, Leaving{At: store.Stamp(now), By: "worker", Cause: "no_show"})
		})
	}
	t, err := s.tours.Get(ctx, d.Tour)
	if err != nil {
		return err
	}
	return s.eachBooked(ctx, d.ID, func(b Booking) error {
		if x.what != spread && x.what != remindDays && x.what != remindHours && !b.Start.Equal(d.Start) {
			if err := s.reshare(ctx, t, d, b); err != nil {
				return err
			}
		}
		return s.changeBooking(ctx, b.ID, func(b *Booking) error {
			switch x.what {
			case spread:
				b.calledOff(t, d, now)
			case remindDays, remindHours:
				if x.at.Add(time.Hour).After(now) && b.Created.Before(x.at) { // one that comes late tells nothing new
					b.remind(t, d, x.what, now)
				}
			default:
				b.retimed(t, d, now)
			}
			return nil
		})
	})
}

// decide calls a departure off to which too few people come.
func (s *Service) decide(ctx context.Context, d Departure, now time.Time) error {
	people := int64(0)
	err := s.eachBooked(ctx, d.ID, func(b Booking) error { people += int64(len(b.Guests)); return nil })
	if err != nil || people >= d.Fewest || people == 0 {
		return err
	}
	err = s.CallOff(ctx, "worker", d.ID, "too_few", "", d.Start)
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// eachBooked calls fn for every booking of a departure that stands.
func (s *Service) eachBooked(ctx context.Context, departure string, fn func(Booking) error) error {
	var list []Booking // read first: what fn changes would move under the reading
	err := s.bookings.All(ctx, store.Query{Index: "departure", Eq: []any{departure, string(Booked)}}, func(b Booking) error {
		list = append(list, b)
		return nil
	})
	for _, b := range list {
		if err == nil {
			err = fn(b)
		}
	}
	return err
}

// Erase removes drafts that nobody ordered and days that are long over.
func (s *Service) Erase(ctx context.Context) (n int, err error) {
	now := s.Now()
	err = s.bookings.All(ctx, store.Query{Index: "erase", To: now}, func(b Booking) error {
		n++
		return gone(s.bookings.Delete(ctx, b.ID))
	})
	if err != nil {
		return n, err
	}
	err = s.days.All(ctx, store.Query{Index: "erase", To: now}, func(d Day) error {
		n++
		return gone(s.days.Delete(ctx, d.ID))
	})
	return n, err
}
