package tours

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Claim names what an order takes for a booking. Departure is the one that the
// booking was made for: a booking that was moved has its seats on another.
type Claim struct {
	Order, Booking, Departure string
	Seats                     int64
}

// key is under what the books keep a claim.
func (c Claim) key() string { return c.Order + "/" + c.Booking }

// claim is under what the books keep a booking that stands; a party that came
// without a ticket has no order.
func (b Booking) claim() string {
	if b.Order == "" {
		return Claim{Order: walkIn, Booking: b.ID}.key()
	}
	return Claim{Order: b.Order, Booking: b.ID}.key()
}

// Quote is what a booking costs today.
type Quote struct {
	Booking Booking
	Tour    Tour
	Start   time.Time
	Price   money.VND
	Now     money.VND
	Free    int64 // how often its seats can be had: 0 when they cannot
	Demo    bool
}

// Quote prices a booking that nobody ordered yet, by the table of today. What
// cannot be booked any more is fault.NotFound.
func (s *Service) Quote(ctx context.Context, booking string) (q Quote, err error) {
	b, t, d, err := s.all(ctx, booking)
	if err != nil {
		return q, err
	}
	now := s.Now()
	if err := d.Bookable(now); b.State != Draft || !t.Published || err != nil {
		return q, fault.Wrap(fault.NotFound, "tours.booking.not_found", err)
	}
	price, err := t.PriceOf(b.Party)
	if err != nil { // what it took is not offered any more
		return q, fault.Wrap(fault.NotFound, "tours.booking.not_found", err)
	}
	q = Quote{Booking: b, Tour: t, Start: d.Start, Price: price.Total(), Now: price.Now, Demo: t.Demo}
	q.Free = (d.Left(now) + d.offered(b.Offer, now)) / max(price.Seats, 1)
	for _, p := range t.pieces(d, "", b.Party.AddOns) {
		free, err := s.roomFor(ctx, p, now)
		if err != nil {
			return q, err
		}
		if free < p.Claim.Quantity {
			q.Free = 0
		}
	}
	return q, nil
}

// roomFor is how much of a piece nobody else has; a departure that has its part
// already shares it.
func (s *Service) roomFor(ctx context.Context, p piece, now time.Time) (int64, error) {
	r, err := s.resources.Get(ctx, p.Resource)
	if err != nil {
		return 0, gone(err)
	}
	day, err := s.days.Get(ctx, p.Day)
	if gone(err) != nil {
		return 0, err
	}
	with := Day{Claims: append(append([]DayClaim{}, day.Claims...), p.Claim)}
	return r.Capacity - with.Used(p.Claim.From, p.Claim.To, now) + p.Claim.Quantity, nil
}

// offered are the seats that are kept for an offer.
func (d *Departure) offered(offer string, now time.Time) int64 {
	if i := d.waiter(offer); offer != "" && i >= 0 && !d.Queue[i].Over && d.Queue[i].stands(now) {
		return d.Queue[i].Seats
	}
	return 0
}

// all reads a booking with its tour and departure.
func (s *Service) all(ctx context.Context, booking string) (b Booking, t Tour, d Departure, err error) {
	if b, err = s.Booking(ctx, booking); err != nil {
		return b, t, d, err
	}
	if t, err = s.tours.Get(ctx, b.Tour); err != nil {
		return b, t, d, unknown(err, "tours.tour.not_found")
	}
	d, err = s.departures.Get(ctx, b.Departure)
	return b, t, d, unknown(err, "tours.departure.not_found")
}

// HoldSeats claims what a booking needs until a moment: its seats, and its part of
// what tours share. All or nothing; again replaces the claim before. Faults:
// Conflict "hold.sold_out" with Args "Free".
func (s *Service) HoldSeats(ctx context.Context, c Claim, until time.Time) error {
	now := s.Now()
	until = store.Stamp(until)
	return s.take(ctx, c, &until, func(d *Departure, offer string) error { return d.Seat(c.key(), offer, c.Seats, until, now) })
}

// KeepSeats makes a claim last; where it ran out it takes what is still free.
func (s *Service) KeepSeats(ctx context.Context, c Claim) error {
	now := s.Now()
	return s.take(ctx, c, nil, func(d *Departure, offer string) error {
		if offer != "" && !d.claims(c.key()) && d.offered(offer, now) >= c.Seats { // free of charge: never held
			if err := d.Seat(c.key(), offer, c.Seats, now.Add(time.Minute), now); err != nil {
				return err
			}
		}
		return d.Keep(c.key(), c.Seats, now)
	})
}

func (s *Service) take(ctx context.Context, c Claim, until *time.Time, seats func(*Departure, string) error) error {
	b, t, err := s.claimed(ctx, c)
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Conflict, "hold.sold_out", err).With("Free", int64(0))
	}
	if err != nil {
		return err
	}
	err = s.takeOn(ctx, b, t, b.Departure, c, until, func(d *Departure) error { return seats(d, b.Offer) })
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Conflict, "hold.sold_out", err).With("Free", int64(0))
	}
	return err
}

func (s *Service) takeOn(ctx context.Context, b Booking, t Tour, on string, c Claim, until *time.Time, seats func(*Departure) error) error {
	var d Departure
	err := s.changeDeparture(ctx, on, func(now *Departure) error {
		d = *now
		return asSoldOut(seats(now), now, s.Now())
	})
	if err != nil {
		return err
	}
	pieces := t.pieces(d, c.key(), b.Party.AddOns)
	for i, p := range pieces {
		p.Claim.Until = until
		if err = s.takePiece(ctx, p); err != nil {
			for _, q := range pieces[:i] {
				if e := s.dropPiece(ctx, q); e != nil {
					return e
				}
			}
			break
		}
	}
	if err != nil && !fault.Is(err, fault.Unavailable) {
		if e := s.changeDeparture(ctx, on, func(d *Departure) error { d.GiveUp(c.key(), s.Now()); return nil }); e != nil {
			return e
		}
	}
	return err
}

// asSoldOut words every reason for which a departure has no seat as the books do,
// since orders know no other.
func asSoldOut(err error, d *Departure, now time.Time) error {
	if fault.Is(err, fault.Conflict) && fault.CodeOf(err) != "hold.sold_out" {
		free := d.Left(now)
		if d.Bookable(now) != nil {
			free = 0
		}
		return fault.Wrap(fault.Conflict, "hold.sold_out", err).With("Free", free)
	}
	return err
}

func (s *Service) takePiece(ctx context.Context, p piece) error {
	r, err := s.resources.Get(ctx, p.Resource)
	if err != nil {
		return unknown(err, "tours.resource.not_found")
	}
	erase := store.Stamp(p.Claim.To.AddDate(0, 2, 0))
	return s.days.Upsert(ctx, p.Day, Day{ID: p.Day, Claims: []DayClaim{}, Erase: erase}, func(d *Day) error { return d.Claim(r.Capacity, p.Claim, s.Now()) })
}

func (s *Service) dropPiece(ctx context.Context, p piece) error {
	return gone(s.days.Update(ctx, p.Day, func(d *Day) error { d.Release(p.Claim.Order, p.Claim.Departure); return nil }))
}

// claimed finds what a claim is about: its seats are on the departure that the
// booking is on now.
func (s *Service) claimed(ctx context.Context, c Claim) (b Booking, t Tour, err error) {
	if b, err = s.bookings.Get(ctx, c.Booking); err != nil {
		return b, t, unknown(err, "tours.booking.not_found")
	}
	t, err = s.tours.Get(ctx, b.Tour)
	return b, t, unknown(err, "tours.tour.not_found")
}

// ReleaseSeats gives a claim up, held or kept.
func (s *Service) ReleaseSeats(ctx context.Context, c Claim) error {
	return s.giveBack(ctx, c, func(d *Departure) { d.GiveUp(c.key(), s.Now()) })
}

// FoldSeats counts a kept claim off for good, so that a departure of thousands
// stays a small document.
func (s *Service) FoldSeats(ctx context.Context, c Claim) error {
	b, err := s.bookings.Get(ctx, c.Booking)
	if err != nil {
		return gone(err)
	}
	return s.changeDeparture(ctx, b.Departure, func(d *Departure) error { d.FoldSeats(c.key()); return nil })
}

// RestoreSeats brings a folded claim back: its seats are free again.
func (s *Service) RestoreSeats(ctx context.Context, c Claim) error {
	return s.giveBack(ctx, c, func(d *Departure) { d.Restore(c.key(), c.Seats, s.Now()) })
}

func (s *Service) giveBack(ctx context.Context, c Claim, fn func(*Departure)) error {
	b, t, err := s.claimed(ctx, c)
	if err != nil {
		return gone(err)
	}
	var d Departure
	err = s.changeDeparture(ctx, b.Departure, func(now *Departure) error {
		d = *now
		fn(now)
		return nil
	})
	if err != nil {
		return gone(err)
	}
	for _, p := range t.pieces(d, c.key(), b.Party.AddOns) {
		if err := s.dropPiece(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// changeDeparture changes a departure, tells those on its waiting list who have a
// new offer, and the search index when its last seat goes or the first comes.
func (s *Service) changeDeparture(ctx context.Context, id string, fn func(*Departure) error) error {
	tells := false
	err := s.departures.Update(ctx, id, func(d *Departure) error {
		now, had, before := s.Now(), d.offers(), len(d.Pending)
		could, start := d.free(now), d.Start
		if err := fn(d); err != nil {
			return err
		}
		if d.free(now) != could || !d.Start.Equal(start) { // its day is found, or no longer
			d.Post(now, outbox.Reindex("tour:"+d.Tour, now))
		}
		d.tell(had, now)
		d.seal(now)
		tells = len(d.Pending) > before
		return nil
	})
	if err == nil && tells {
		s.settled(ctx, "departure", s.leaveOut.Settle(ctx, id))
	}
	return unknown(err, "tours.departure.not_found")
}
