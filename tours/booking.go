package tours

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// BookingState is how far a booking has come.
type BookingState string

// States of a booking.
const (
	Draft  BookingState = "draft"  // in a cart, or its order waits for money
	Booked BookingState = "booked" // its tickets let people in
	Left   BookingState = "left"   // cancelled, by whomever
	NoShow BookingState = "no_show"
)

// Booking is one party on one departure. ID is unguessable: who knows it may see
// the ticket, change it and cancel it.
type Booking struct {
	ID        string       `bson:"_id"`
	Departure string       `bson:"departure"`
	Tour      string       `bson:"tour"`
	Org       string       `bson:"org"`
	Start     time.Time    `bson:"start"`           // of the departure, as it was last told
	Place     string       `bson:"place,omitempty"` // of an event, as it was last told
	Lang      lang.Lang    `bson:"lang"`
	Party     Party        `bson:"party"`
	Guests    []Guest      `bson:"guests"` // one for each person; the place is the index plus one
	Seats     int64        `bson:"seats"`
	Total     money.VND    `bson:"total"`           // of the table of prices; coupons come off in the order
	Rest      money.VND    `bson:"rest"`            // of what the order says, what is paid to the host
	Offer     string       `bson:"offer,omitempty"` // of the waiting list, that it came from
	State     BookingState `bson:"state"`
	Order     string       `bson:"order,omitempty"`
	Code      string       `bson:"code,omitempty"` // of the order
	Name      string       `bson:"name,omitempty"` // of who booked
	Phone     string       `bson:"phone,omitempty"`
	Email     string       `bson:"email,omitempty"`
	WalkIn    bool         `bson:"walkIn,omitempty"` // paid at the gate

	Issue      int64      `bson:"issue"`          // of the tickets; grows when those before do not count any more
	Sequence   int64      `bson:"sequence"`       // of the calendar entry (RFC 5545)
	From       string     `bson:"from,omitempty"` // departure that it was moved from and whose seats go back
	Arrivals   []Arrival  `bson:"arrivals"`
	Odd        []OddScan  `bson:"odd"` // what gates without a network let in that did not count
	Leaving    *Leaving   `bson:"leaving,omitempty"`
	Choice     *Choice    `bson:"choice,omitempty"`
	Sent       []string   `bson:"sent"`             // reminders
	Called     *time.Time `bson:"called,omitempty"` // by telephone, about the last change
	Tags       []string   `bson:"tags"`             // what a gate finds it by: "departure:ref", "departure:code"
	Created    time.Time  `bson:"created"`
	Erase      *time.Time `bson:"erase,omitempty"`
	outbox.Box `bson:",inline"`
}

// Guest is one person of a party.
type Guest struct {
	Type string `bson:"type"`
	Name string `bson:"name,omitempty"`
}

// Arrival is one person who was let in.
type Arrival struct {
	Place   int       `bson:"place"`
	At      time.Time `bson:"at"` // by the clock of the gate
	By      string    `bson:"by"` // person
	Offline bool      `bson:"offline,omitempty"`
}

// OddScan is a ticket that a gate without a network let in although it did not
// count: it had been cancelled, or used at another gate.
type OddScan struct {
	Place int       `bson:"place"`
	At    time.Time `bson:"at"`
	By    string    `bson:"by"`
	Why   string    `bson:"why"` // ScanResult
}

// Leaving says how a booking ended before the visit.
type Leaving struct {
	At      time.Time `bson:"at"`
	By      string    `bson:"by"`      // "shopper", "worker" or a person
	Percent int64     `bson:"percent"` // of what was paid, that goes back
	Cause   string    `bson:"cause"`   // "visit", "called_off", "no_show", "order"
	Credit  bool      `bson:"credit,omitempty"`
}

// Choice is what a party may choose until a moment, because its departure was
// called off or its time was changed. Without a word the money goes back, or the
// new time stands.
type Choice struct {
	Cause string     `bson:"cause"` // CallOff.Cause, or "moved"
	Until time.Time  `bson:"until"`
	Was   *time.Time `bson:"was,omitempty"` // the time before
}

// draftFor is how long a booking that nobody ordered is kept.
const draftFor = 60 * 24 * time.Hour

// NewBooking makes a booking of a party for a departure. Faults: those of PriceOf
// and Answered, and Invalid "tours.party.form" with fields "guest.N".
func NewBooking(id string, t Tour, d Departure, p Party, names []string, l lang.Lang, now time.Time) (Booking, error) {
	price, err := t.PriceOf(p)
	guests, bad := t.guests(p, names)
	if err := fault.Join(err, t.Answered(&p, price.People), bad); err != nil {
		return Booking{}, err
	}
	for _, m := range []map[string]int64{p.People, p.AddOns} {
		for k, n := range m {
			if n == 0 {
				delete(m, k)
			}
		}
	}
	erase := store.Stamp(now.Add(draftFor))
	return Booking{ID: id, Departure: d.ID, Tour: t.ID, Org: d.Org, Start: d.Start, Place: d.Place, Lang: l, Party: p, Guests: guests, Seats: price.Seats,
		Total: price.Total(), Rest: price.Total() - price.Now, State: Draft, Issue: 1, Arrivals: []Arrival{}, Odd: []OddScan{}, Sent: []string{},
		Created: store.Stamp(now), Erase: &erase}, nil
}

// guests are the people of a party in the order of the table of prices, with such
// names as were given.
func (t Tour) guests(p Party, names []string) ([]Guest, error) {
	list := []Guest{}
	for _, c := range t.Types {
		for range min(max(p.People[c.ID], 0), maxSeats) {
			list = append(list, Guest{Type: c.ID})
		}
	}
	return list, nameGuests(list, names)
}

func nameGuests(list []Guest, names []string) error {
	f := fault.NewForm("tours.party.form")
	for i := range min(len(list), len(names)) {
		n := strings.Join(strings.Fields(names[i]), " ")
		f.Need(utf8.RuneCountInString(n) <= 80 && utf8.ValidString(n) && !strings.ContainsFunc(n, unicode.IsControl), "guest."+itoa(i), "tours.party.name")
		list[i].Name = n
	}
	return f.Result()
}

// Of is how many people of a type a party has.
func (b Booking) Of(customer string) (n int64) {
	for _, g := range b.Guests {
		if g.Type == customer {
			n++
		}
	}
	return n
}

// In reports whether a person of the party was let in, and when.
func (b Booking) In(place int) *Arrival {
	for i := range b.Arrivals {
		if b.Arrivals[i].Place == place {
			return &b.Arrivals[i]
		}
	}
	return nil
}

// tag derives what a gate finds a booking by.
func (b *Booking) tag() {
	b.Tags = []string{b.Departure + ":" + b.Ref()}
	if b.Code != "" {
		b.Tags = append(b.Tags, b.Departure+":"+b.Code)
	}
}

// Waits reports whether the party has still to say what it wants.
func (b Booking) Waits(now time.Time) bool {
	return b.State == Booked && b.Choice != nil && now.Before(b.Choice.Until)
}

// leave ends a booking before anybody came. The same end again changes nothing.
func (b *Booking) leave(l Leaving) error {
	switch {
	case b.State == Left || b.State == NoShow:
		return nil
	case b.State != Booked:
		return fault.New(fault.Conflict, "tours.booking.state")
	case len(b.Arrivals) > 0:
		return fault.New(fault.Conflict, "tours.booking.came")
	}
	b.State, b.Leaving, b.Choice = Left, &l, nil
	if l.Cause == "no_show" {
		b.State = NoShow
	}
	b.Issue++
	b.Sequence++
	b.Post(l.At, outbox.Effect{ID: "leave:" + b.ID, Task: &outbox.Task{Name: TaskLeave, Object: b.ID}})
	return nil
}

// Percent is how much of what was paid goes back to who cancels now: by the
// table, or all of it where the visit is not as it was booked.
func (b Booking) Percent(p Policy, now time.Time) int64 {
	if b.Waits(now) {
		return 100
	}
	return p.Percent(b.Start, now)
}

// Movable reports whether the party may choose another departure: as long as it
// could cancel on the best terms of the table.
func (b Booking) Movable(p Policy, now time.Time) bool {
	if b.State != Booked || len(b.Arrivals) > 0 || b.WalkIn {
		return false
	}
	return b.Waits(now) || len(p) > 0 && now.Before(b.Start) && p.Percent(b.Start, now) == p.tidy()[0].Percent
}
