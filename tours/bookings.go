package tours

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// idLength is that of an unguessable id: hexadecimal digits of 128 bits.
const idLength = 32

// Booking finds a booking by its id, which only those have whom it concerns.
func (s *Service) Booking(ctx context.Context, id string) (Booking, error) {
	if len(id) != idLength {
		return Booking{}, fault.New(fault.NotFound, "tours.booking.not_found")
	}
	b, err := s.bookings.Get(ctx, id)
	return b, unknown(err, "tours.booking.not_found")
}

// Whole reads a booking with its tour and its departure.
func (s *Service) Whole(ctx context.Context, id string) (Booking, Tour, Departure, error) {
	return s.all(ctx, id)
}

// Ref names a booking to gates and on lists; it opens nothing.
func (b Booking) Ref() string {
	hash := sha256.Sum256([]byte("nguon/booking/" + b.ID))
	return hex.EncodeToString(hash[:6])
}

// Wanted is the form by which a party is put together.
type Wanted struct {
	ID        string // of the booking, unguessable; one that is a draft is changed
	Departure string
	Offer     string // of the waiting list, "" for none
	Party     Party
	Names     []string
	Lang      lang.Lang
}

// Book makes a draft, or changes it, for a cart to hold. Nothing is claimed before
// it is ordered. Faults: Invalid "tours.party.form" with fields; Conflict
// "tours.booking.ordered" for one that was ordered, and those of Bookable.
func (s *Service) Book(ctx context.Context, w Wanted) (Booking, error) {
	if len(w.ID) != idLength {
		return Booking{}, fault.New(fault.Invalid, "tours.booking.not_found")
	}
	d, err := s.Departure(ctx, w.Departure)
	if err != nil {
		return Booking{}, err
	}
	t, err := s.tours.Get(ctx, d.Tour)
	if err != nil || !t.Published {
		return Booking{}, fault.Wrap(fault.NotFound, "tours.tour.not_found", err)
	}
	now := s.Now()
	if err := d.Bookable(now); err != nil {
		return Booking{}, err
	}
	b, err := NewBooking(w.ID, t, d, w.Party, w.Names, w.Lang, now)
	if err != nil {
		return Booking{}, err
	}
	b.Offer = w.Offer
	b.tag()
	err = s.bookings.Upsert(ctx, w.ID, b, func(old *Booking) error {
		if old.State != Draft || old.Order != "" {
			return fault.New(fault.Conflict, "tours.booking.ordered")
		}
		b.Created = old.Created
		*old = b
		return nil
	})
	return b, err
}

// News is what an order says of a booking.
type News struct {
	Booking, Order, Code string
	Name, Phone, Email   string
	Rest                 money.VND // that the host is paid when people come
	Paid                 bool      // it was paid for and stands
	Over                 bool      // it ended without a visit, or this visit was left
}

// Follow brings a booking in line with its order. Again it changes nothing. Other
// is true for one that belongs to another order, so that this one must be given
// back.
func (s *Service) Follow(ctx context.Context, n News) (other bool, err error) {
	err = s.changeBooking(ctx, n.Booking, func(b *Booking) error {
		other = false
		switch {
		case b.Order != "" && b.Order != n.Order && b.State != Draft:
			other = n.Paid && !n.Over
		case n.Paid && !n.Over && b.State == Draft:
			now := store.Stamp(s.Now())
			b.Order, b.Code, b.Name, b.Phone, b.Email, b.Rest = n.Order, n.Code, n.Name, n.Phone, n.Email, n.Rest
			b.State, b.Erase = Booked, nil
			b.Post(now, outbox.Effect{ID: "booked:" + b.ID, Task: &outbox.Task{Name: TaskBooked, Object: b.ID}})
		case n.Over && b.State == Booked && b.Order == n.Order: // somebody of the market ended it there
			return b.leave(Leaving{At: store.Stamp(s.Now()), By: "worker", Percent: 100, Cause: "order"})
		case n.Over && b.State == Draft && b.Order == n.Order:
			b.Order, b.Code = "", ""
		case b.State == Draft:
			b.Order, b.Code = n.Order, n.Code
		}
		return nil
	})
	return other, gone(err)
}

// changeBooking changes a booking and performs what follows from it.
func (s *Service) changeBooking(ctx context.Context, id string, fn func(*Booking) error) error {
	posts := false
	err := s.bookings.Update(ctx, id, func(b *Booking) error {
		before := len(b.Pending)
		err := fn(b)
		b.tag()
		posts = len(b.Pending) > before // what was there already may be being performed right now
		return err
	})
	if err == nil && posts {
		s.settled(ctx, "booking", s.bookOut.Settle(ctx, id))
	}
	return unknown(err, "tours.booking.not_found")
}

// Cancel ends a booking at the wish of its party; the table of its tour says how
// much goes back. Again it changes nothing. Faults: Conflict "tours.booking.came"
// once somebody was let in, "tours.booking.over" once it has begun.
func (s *Service) Cancel(ctx context.Context, by, id string, credit bool) error {
	b, t, _, err := s.all(ctx, id)
	if err != nil {
		return err
	}
	now := s.Now()
	if b.State == Booked && !b.Waits(now) && !now.Before(b.Start) {
		return fault.New(fault.Conflict, "tours.booking.over")
	}
	l := Leaving{At: store.Stamp(now), By: by, Percent: b.Percent(t.Policy, now), Cause: "visit", Credit: credit}
	if b.Waits(now) && b.Choice.Cause != "moved" {
		l.Cause = "called_off"
	}
	return s.end(ctx, id, l)
}

// end ends a booking and tells its party.
func (s *Service) end(ctx context.Context, id string, l Leaving) error {
	_, t, d, err := s.all(ctx, id)
	if err != nil {
		return err
	}
	return s.changeBooking(ctx, id, func(b *Booking) error {
		stood := b.State == Booked
		if err := b.leave(l); err != nil || !stood {
			return err
		}
		if b.Email != "" && l.Cause != "no_show" {
			b.mail(t, d, "mail.visit_left", "left", l.At)
		}
		return nil
	})
}

// NoteCall notes that a party without an address was told by telephone; again takes
// that back.
func (s *Service) NoteCall(ctx context.Context, id string, called bool) error {
	return s.changeBooking(ctx, id, func(b *Booking) error {
		b.Called = nil
		if called {
			at := store.Stamp(s.Now())
			b.Called = &at
		}
		return nil
	})
}

// ByRef finds a booking of a departure by its Ref.
func (s *Service) ByRef(ctx context.Context, departure, ref string) (Booking, error) {
	b, err := s.bookings.First(ctx, store.Query{Index: "tag", Eq: []any{departure + ":" + ref}})
	return b, unknown(err, "tours.booking.not_found")
}

// Rename changes the names of a party, as long as nobody was let in.
func (s *Service) Rename(ctx context.Context, id string, names []string) error {
	return s.changeBooking(ctx, id, func(b *Booking) error {
		if b.State != Booked || len(b.Arrivals) > 0 {
			return fault.New(fault.Conflict, "tours.booking.came")
		}
		list := slices.Clone(b.Guests)
		if err := nameGuests(list, names); err != nil {
			return err
		}
		b.Guests = list
		return nil
	})
}

// Shift moves a booking to another departure of its tour: its new seats are kept
// first, then the booking is moved, then its old seats go back. Faults: Conflict
// "tours.booking.fixed" when it may not be moved any more, "hold.sold_out" with
// Args "Free", and those of Bookable.
func (s *Service) Shift(ctx context.Context, id, to string) error {
	b, t, old, err := s.all(ctx, id)
	if err != nil || b.Departure == to {
		return err
	}
	d, err := s.Departure(ctx, to)
	if err != nil {
		return err
	}
	now := s.Now()
	switch {
	case d.Tour != b.Tour:
		return fault.New(fault.NotFound, "tours.departure.not_found")
	case b.From != "" || !b.Movable(t.Policy, now):
		return fault.New(fault.Conflict, "tours.booking.fixed")
	}
	if err := d.Bookable(now); err != nil {
		return err
	}
	c := Claim{Order: b.Order, Booking: b.ID, Departure: to, Seats: b.Seats}
	until := store.Stamp(now.Add(10 * time.Minute))
	if err := s.takeOn(ctx, b, t, d.ID, c, &until, func(d *Departure) error { return d.Seat(c.key(), "", c.Seats, until, now) }); err != nil {
		return err
	}
	return s.changeBooking(ctx, id, func(b *Booking) error {
		if b.Departure != old.ID || b.From != "" || !b.Movable(t.Policy, now) {
			return fault.New(fault.Conflict, "tours.booking.fixed")
		}
		b.From, b.Departure, b.Start, b.Place, b.Choice, b.Called = old.ID, d.ID, d.Start, d.Place, nil, nil
		b.Issue++
		b.Sequence++
		b.Sent = []string{}
		b.Post(now, outbox.Effect{ID: "moved:" + b.ID + ":" + itoa(int(b.Sequence)), Task: &outbox.Task{Name: TaskMoved, Object: b.ID}})
		if b.Email != "" {
			b.mail(t, d, "mail.visit_shifted", "shifted", now)
		}
		return nil
	})
}

// Do performs the tasks of bookings that concern nobody else.
func (s *Service) Do(ctx context.Context, t outbox.Task) error {
	b, err := s.bookings.Get(ctx, t.Object)
	if err != nil {
		return gone(err)
	}
	switch t.Name {
	case TaskLeave:
		return s.doLeave(ctx, b)
	case TaskAttend:
		if b.Order == "" {
			return nil
		}
		err := s.Shop.Attend(ctx, b.Order, b.ID, b.Arrivals[0].By)
		if fault.Is(err, fault.Conflict) { // it was left there meanwhile; the list of the day says so
			return nil
		}
		return err
	case TaskMoved:
		return s.doMoved(ctx, b)
	}
	return fault.New(fault.Internal, "internal")
}

// doLeave gives the money back; of a walk-in only the seats.
func (s *Service) doLeave(ctx context.Context, b Booking) error {
	l := b.Leaving
	if l == nil {
		return nil
	}
	if b.Order == "" {
		return s.RestoreSeats(ctx, Claim{Order: walkIn, Booking: b.ID, Departure: b.Departure, Seats: b.Seats})
	}
	return s.Shop.Leave(ctx, b.Order, b.ID, l.By, l.Percent, l.Cause, l.Credit)
}

// doMoved keeps the new seats for good and gives the old ones back.
func (s *Service) doMoved(ctx context.Context, b Booking) error {
	if b.From == "" {
		return nil
	}
	c := Claim{Order: b.Order, Booking: b.ID, Departure: b.Departure, Seats: b.Seats}
	if err := s.KeepSeats(ctx, c); err != nil {
		return err
	}
	if err := s.FoldSeats(ctx, c); err != nil {
		return err
	}
	t, err := s.tours.Get(ctx, b.Tour)
	if err != nil {
		return err
	}
	old, err := s.departures.Get(ctx, b.From)
	if err != nil {
		return err
	}
	if err := s.changeDeparture(ctx, old.ID, func(d *Departure) error { d.Restore(c.key(), c.Seats, s.Now()); return nil }); err != nil {
		return err
	}
	for _, p := range t.pieces(old, c.key(), b.Party.AddOns) {
		if err := s.dropPiece(ctx, p); err != nil {
			return err
		}
	}
	return s.bookings.Update(ctx, b.ID, func(b *Booking) error {
		if b.From == old.ID {
			b.From = ""
		}
		return nil
	})
}
