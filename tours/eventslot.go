package tours

import (
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// VenueSlot is the time that an event takes of a venue. It stands in the document
// of the edition, which is written before that of the event.
type VenueSlot struct {
	Event  string    `bson:"event"`
	Venue  string    `bson:"venue"`
	Start  time.Time `bson:"start"`
	End    time.Time `bson:"end"`
	Shared bool      `bson:"shared"` // goes on beside others: a market
	At     time.Time `bson:"at"`     // when it was taken
}

// slotOf is what an event takes; ok is false for one that takes nothing.
func slotOf(v Event, now time.Time) (s VenueSlot, ok bool) {
	return VenueSlot{Event: v.ID, Venue: v.Venue, Start: v.Start, End: v.End, Shared: v.Kind == Bazaar, At: now}, !v.Off() && !v.Dropped
}

// same reports whether two slots take the same.
func (s VenueSlot) same(o VenueSlot) bool {
	return s.Venue == o.Venue && s.Start.Equal(o.Start) && s.End.Equal(o.End) && s.Shared == o.Shared
}

// clashes reports whether two slots cannot both be had. One that ends when the
// other begins leaves room.
func (s VenueSlot) clashes(o VenueSlot) bool {
	return s.Event != o.Event && s.Venue == o.Venue && !s.Shared && !o.Shared && s.Start.Before(o.End) && o.Start.Before(s.End)
}

// clash finds a slot that an event cannot have its own beside.
func (e *Edition) clash(v Event, now time.Time) (VenueSlot, bool) {
	mine, takes := slotOf(v, now)
	i := slices.IndexFunc(e.Slots, func(o VenueSlot) bool { return takes && mine.clashes(o) })
	if i < 0 {
		return VenueSlot{}, false
	}
	return e.Slots[i], true
}

// take gives an event the time of its venue in place of what it had; one that was
// called off gives it back. A venue that is taken is fault.Invalid
// "tours.event.form" with the field "venue".
func (e *Edition) take(v Event, now time.Time) error {
	if o, taken := e.clash(v, now); taken {
		return takenBy(o)
	}
	mine, takes := slotOf(v, now)
	i := slices.IndexFunc(e.Slots, func(o VenueSlot) bool { return o.Event == v.ID })
	switch {
	case !takes && i >= 0:
		e.Slots = slices.Delete(slices.Clone(e.Slots), i, i+1)
	case takes && i < 0:
		e.Slots = append(slices.Clone(e.Slots), mine)
	case takes && !e.Slots[i].same(mine):
		e.Slots = slices.Clone(e.Slots)
		e.Slots[i] = mine
	}
	return nil
}

func takenBy(o VenueSlot) error {
	return fault.New(fault.Invalid, "tours.event.form").
		With("From", o.Start.In(lang.Zone).Format("15:04")).With("To", o.End.In(lang.Zone).Format("15:04")).
		Field("venue", "tours.event.taken")
}

// kept checks that an edition still has room for its programme: its days and
// venues hold every slot. Faults: Invalid "tours.edition.form".
func (e *Edition) kept() error {
	f := fault.NewForm("tours.edition.form")
	for _, s := range e.Slots {
		_, known := e.Venue(s.Venue)
		f.Need(known, "venues", "tours.edition.venue_used")
		f.Need(lang.OnDays(s.Start, e.From, e.To), "from", "tours.edition.days_used")
	}
	return f.Result()
}
