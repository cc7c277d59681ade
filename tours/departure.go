package tours

import (
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/outbox"
	"nguon/app/store"
)

// DepartureState says whether seats of a departure are sold.
type DepartureState string

// States of a departure.
const (
	Open      DepartureState = "open"
	Closed    DepartureState = "closed" // nobody books any more, those who did come
	CalledOff DepartureState = "called_off"
)

// Departure is one moment at which a tour leaves, with its seats and who waits
// for one: everything about them is one write.
type Departure struct {
	ID       string         `bson:"_id"`
	Tour     string         `bson:"tour"`
	Org      string         `bson:"org"` // who runs it
	Start    time.Time      `bson:"start"`
	End      time.Time      `bson:"end"`
	Capacity int64          `bson:"capacity"`
	Cutoff   time.Time      `bson:"cutoff"` // the last moment to book
	State    DepartureState `bson:"state"`
	Taken    int64          `bson:"taken"` // seats of bookings that were folded out of the book
	Queue    []Waiter       `bson:"queue"` // in the order in which they came

	hold.Book  `bson:",inline"`
	outbox.Box `bson:",inline"`
}

// Waiter is a party on the waiting list of a departure.
type Waiter struct {
	ID      string     `bson:"id"` // unguessable: the link of the offer
	Seats   int64      `bson:"seats"`
	At      time.Time  `bson:"at"`
	Offered *time.Time `bson:"offered,omitempty"` // until when its seats are kept for it
	Over    bool       `bson:"over,omitempty"`    // it booked, left, or let its offer run out
}

const (
	offerFor   = 12 * time.Hour // an offer stands, but not past the cut-off
	maxWaiters = 200
	maxSeats   = 50 // of one party
)

// capacity is how many seats can be claimed.
func (d *Departure) capacity() int64 { return d.Capacity - d.Taken }

// Left is how many seats nobody has, offers to those who wait included.
func (d *Departure) Left(now time.Time) int64 { return max(d.Free(d.capacity(), now), 0) }

// Bookable says why seats cannot be booked now, nil when they can: fault.Conflict
// "tours.called_off", "tours.closed", "tours.cutoff".
func (d *Departure) Bookable(now time.Time) error {
	switch {
	case d.State == CalledOff:
		return fault.New(fault.Conflict, "tours.called_off")
	case d.State == Closed:
		return fault.New(fault.Conflict, "tours.closed")
	case now.After(d.Cutoff):
		return fault.New(fault.Conflict, "tours.cutoff")
	}
	return nil
}

// Seat claims seats for an order until a moment. What is kept for those who wait
// is not to be had, unless by the offer that the order comes from ("" for none),
// whose seats it takes over in the same write.
func (d *Departure) Seat(order, offer string, n int64, until, now time.Time) error {
	if err := d.Bookable(now); err != nil {
		return err
	}
	d.Offer(now)
	i := d.waiter(offer)
	if offer != "" {
		if i < 0 || d.Queue[i].Over || !d.Queue[i].stands(now) {
			return fault.New(fault.Conflict, "tours.offer.over")
		}
		d.Release(offerOf(offer))
	}
	err := d.Hold(d.capacity(), order, n, until, now)
	switch {
	case err != nil && offer != "": // more than was offered: the offer stays
		_ = d.Hold(d.capacity(), offerOf(offer), d.Queue[i].Seats, *d.Queue[i].Offered, now)
	case offer != "":
		d.Queue[i].Over = true
	}
	return err
}

// GiveUp gives an order's seats back and offers them to those who wait.
func (d *Departure) GiveUp(order string, now time.Time) {
	d.Release(order)
	d.Offer(now)
}

// Wait puts a party on the waiting list; again with the same id changes nothing.
// It is for departures that have too few seats: fault.Conflict
// "tours.waiting.seats" while there are enough.
func (d *Departure) Wait(id string, seats int64, now time.Time) error {
	if d.waiter(id) >= 0 {
		return nil
	}
	if err := d.Bookable(now); err != nil {
		return err
	}
	d.Offer(now)
	switch {
	case seats < 1 || seats > maxSeats || seats > d.Capacity:
		return fault.New(fault.Invalid, "tours.waiting.form").Field("seats", "tours.seats")
	case d.Left(now) >= seats && !d.queued():
		return fault.New(fault.Conflict, "tours.waiting.seats")
	case len(d.Queue) >= maxWaiters:
		return fault.New(fault.TooMany, "tours.waiting.full")
	}
	d.Queue = append(d.Queue, Waiter{ID: id, Seats: seats, At: store.Stamp(now)})
	d.Offer(now)
	return nil
}

// Leave takes a party off the waiting list.
func (d *Departure) Leave(id string, now time.Time) {
	if i := d.waiter(id); i >= 0 && !d.Queue[i].Over {
		d.Queue[i].Over, d.Queue[i].Offered = true, nil
		d.Release(offerOf(id))
		d.Offer(now)
	}
}

// Offer ends offers that ran out and keeps what is free for those who wait, in
// the order in which they came: whoever fits is offered all their seats. It
// returns who has a new offer. Offers are holds, so there are never more of them
// than seats.
func (d *Departure) Offer(now time.Time) (fresh []Waiter) {
	for i := range d.Queue {
		if w := &d.Queue[i]; !w.Over && w.Offered != nil && !w.stands(now) {
			w.Over = true // the next one's turn
			d.Release(offerOf(w.ID))
		}
	}
	if d.Bookable(now) != nil {
		return nil
	}
	until := now.Add(offerFor)
	if until.After(d.Cutoff) {
		until = d.Cutoff
	}
	for i := range d.Queue {
		w := &d.Queue[i]
		if w.Over || w.Offered != nil || d.Hold(d.capacity(), offerOf(w.ID), w.Seats, until, now) != nil {
			continue
		}
		at := store.Stamp(until)
		w.Offered = &at
		fresh = append(fresh, *w)
	}
	return fresh
}

func (w Waiter) stands(now time.Time) bool { return w.Offered != nil && now.Before(*w.Offered) }

// queued reports whether somebody waits without an offer.
func (d *Departure) queued() bool {
	return slices.ContainsFunc(d.Queue, func(w Waiter) bool { return !w.Over && w.Offered == nil })
}

func (d *Departure) waiter(id string) int {
	return slices.IndexFunc(d.Queue, func(w Waiter) bool { return w.ID == id })
}

// offerOf is under what the book keeps the seats of an offer.
func offerOf(id string) string { return "offer:" + id }
