package tours

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/lang"
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
	Taken    int64          `bson:"taken"`             // seats of bookings that were folded out of the book
	Folded   string         `bson:"folded"`            // the latest of them, oldest first: "order seats" on a line each
	Forgot   bool           `bson:"forgot,omitempty"`  // not all of them stand there any more
	Queue    []Waiter       `bson:"queue"`             // in the order in which they came
	Fewest   int64          `bson:"fewest"`            // people with whom it takes place
	Decide   int64          `bson:"decide"`            // hours before it leaves at which that is decided
	Title    lang.Text      `bson:"title"`             // of the tour or event, for mails
	Path     string         `bson:"path"`              // of its page
	Off      *CallOff       `bson:"off,omitempty"`     // once it was called off
	Place    string         `bson:"place,omitempty"`   // of an event: where it is, as visitors were told
	Moved    *time.Time     `bson:"moved,omitempty"`   // when its time was changed the last time
	Was      *time.Time     `bson:"was,omitempty"`     // its start before that
	Decided  *time.Time     `bson:"decided,omitempty"` // that enough people come
	Done     []string       `bson:"done"`              // what the clock made of it: "remind48", "remind3", "spread", "over"
	Wake     *time.Time     `bson:"wake,omitempty"`    // when the worker has to look, nil for never
	Rev      int64          `bson:"rev"`               // grows with each change that people are told of

	hold.Book  `bson:",inline"`
	outbox.Box `bson:",inline"`
}

// CallOff says why a departure does not take place, and until when the parties say
// what they want instead.
type CallOff struct {
	At    time.Time `bson:"at"`
	By    string    `bson:"by"`    // person or "worker"
	Cause string    `bson:"cause"` // message key suffix under "tours.off.": "weather", "too_few", "other"
	Note  string    `bson:"note,omitempty"`
	Until time.Time `bson:"until"`
}

// Waiter is a party on the waiting list of a departure.
type Waiter struct {
	ID      string     `bson:"id"` // unguessable: the link of the offer
	Name    string     `bson:"name"`
	Email   string     `bson:"email"`
	Lang    lang.Lang  `bson:"lang"`
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

// free reports whether somebody can still book.
func (d *Departure) free(now time.Time) bool { return d.Bookable(now) == nil && d.Left(now) > 0 }

// Seat claims seats for an order until a moment. What is kept for those who wait
// is not to be had, unless by the offer that the order comes from ("" for none),
// whose seats it takes over in the same write.
func (d *Departure) Seat(order, offer string, n int64, until, now time.Time) error {
	if d.wasFolded(order) {
		return nil
	}
	if d.claims(order) { // again: what it was offered is its own by now
		return d.Hold(d.capacity(), order, n, until, now)
	}
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

// Keep makes an order's seats its own: those it holds, or for one whose hold ran
// out those that are still free. It is fault.Conflict "tours.called_off" for a
// departure that does not take place, and for one that has left without them
// "tours.cutoff".
func (d *Departure) Keep(order string, n int64, now time.Time) error {
	switch {
	case d.wasFolded(order):
		return nil
	case d.State == CalledOff:
		return fault.New(fault.Conflict, "tours.called_off")
	case !d.claims(order) && !now.Before(d.Start):
		return fault.New(fault.Conflict, "tours.cutoff")
	}
	return d.Settle(d.capacity(), order, n, now)
}

// maxFolded is how many bytes of folded claims a departure remembers, so that
// nothing is folded or brought back twice. They are one text, because a thousand
// bookings rewrite it: a list of documents took a third of their time.
const maxFolded = 16 << 10

// FoldSeats counts an order's seats off for good.
func (d *Departure) FoldSeats(order string) {
	n := d.Fold(order)
	if n == 0 {
		return
	}
	d.Taken += n
	d.Folded += order + " " + strconv.FormatInt(n, 10) + "\n"
	for len(d.Folded) > maxFolded {
		_, d.Folded, _ = strings.Cut(d.Folded, "\n")
		d.Forgot = true
	}
}

// Restore takes seats that were folded back in and offers them to those who wait.
// What was never folded is not brought back, as far as the departure remembers.
func (d *Departure) Restore(order string, n int64, now time.Time) {
	i, seats := d.folded(order)
	switch {
	case i >= 0:
		n = seats
		line, _, _ := strings.Cut(d.Folded[i:], "\n")
		d.Folded = d.Folded[:i] + d.Folded[i+len(line)+1:]
	case !d.Forgot || d.claims(order):
		return
	}
	d.Taken = max(d.Taken-n, 0)
	d.Offer(now)
}

// folded finds a folded claim: where its line begins, -1 for none, and its seats.
func (d *Departure) folded(order string) (at int, seats int64) {
	if at = strings.Index(d.Folded, order+" "); at < 0 || at > 0 && d.Folded[at-1] != '\n' {
		return -1, 0
	}
	line, _, _ := strings.Cut(d.Folded[at+len(order)+1:], "\n")
	seats, _ = strconv.ParseInt(line, 10, 64)
	return at, seats
}

// wasFolded reports whether an order's seats were counted off.
func (d *Departure) wasFolded(order string) bool {
	at, _ := d.folded(order)
	return at >= 0
}

func (d *Departure) claims(order string) bool {
	is := func(c hold.Claim) bool { return c.Order == order }
	return slices.ContainsFunc(d.Holds, is) || slices.ContainsFunc(d.Settled, is)
}

// GiveUp gives an order's seats back and offers them to those who wait.
func (d *Departure) GiveUp(order string, now time.Time) {
	d.Release(order)
	d.Offer(now)
}

// Wait puts a party on the waiting list; again with the same id changes nothing.
// It is for departures that have too few seats: fault.Conflict
// "tours.waiting.seats" while there are enough.
func (d *Departure) Wait(w Waiter, now time.Time) error {
	if d.waiter(w.ID) >= 0 {
		return nil
	}
	seats := w.Seats
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
	w.At, w.Offered, w.Over = store.Stamp(now), nil, false
	d.Queue = append(d.Queue, w)
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
