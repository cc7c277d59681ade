package tours

import (
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
)

// EventKind is what an event of a festival is.
type EventKind string

// Kinds of events. A Bazaar goes on beside others in the same venue.
const (
	Talk    EventKind = "talk"
	Show    EventKind = "show"
	Contest EventKind = "contest"
	Cupping EventKind = "tasting"
	Bazaar  EventKind = "market"
)

// EventKinds are all of them, in the order of a menu.
var EventKinds = [...]EventKind{Talk, Show, Contest, Cupping, Bazaar}

// EventState says whether an event takes place.
type EventState string

// States of an event.
const (
	EventOn  EventState = "on"
	EventOff EventState = "called_off"
)

// Speaker is somebody who speaks, shows or judges.
type Speaker struct {
	Name  string    `bson:"name"`
	Words lang.Text `bson:"words"`
	Of    string    `bson:"of,omitempty"` // the organisation
}

// What of an event changed after it was published.
const (
	ChangedTime  = "time"
	ChangedVenue = "venue"
	ChangedState = "state"
)

// EventChange is what visitors may have known otherwise: when it changed, what, and
// how it stood before.
type EventChange struct {
	At       time.Time `bson:"at"`
	What     []string  `bson:"what"` // of ChangedTime, ChangedVenue, ChangedState
	Sequence int64     `bson:"sequence"`
	Start    time.Time `bson:"start"` // before
	End      time.Time `bson:"end"`
	Venue    string    `bson:"venue"`
}

// Event is one entry of a festival's programme.
type Event struct {
	ID      string    `bson:"_id"`
	Edition string    `bson:"edition"`
	Org     string    `bson:"org"`
	Kind    EventKind `bson:"kind"`
	Slug    string    `bson:"slug"` // within its edition
	Title   lang.Text `bson:"title"`
	Story   lang.Text `bson:"story"`
	Venue   string    `bson:"venue"`
	Start   time.Time `bson:"start"`
	End     time.Time `bson:"end"`

	Speakers []Speaker `bson:"speakers"`
	Booths   []string  `bson:"booths"` // ids

	Ticketed bool           `bson:"ticketed"` // who comes books; else whoever comes is welcome
	Capacity int64          `bson:"capacity"` // of a ticketed one
	Types    []CustomerType `bson:"types"`    // prices; 0 is a free ticket
	Policy   Policy         `bson:"policy"`
	Cutoff   int64          `bson:"cutoff"` // hours before it begins after which nobody books

	State    EventState    `bson:"state"`
	Reason   lang.Text     `bson:"reason"` // why it was called off
	Sequence int64         `bson:"sequence"`
	Changes  []EventChange `bson:"changes"` // after publishing, the oldest first
	Dropped  bool          `bson:"dropped,omitempty"`
	Demo     bool          `bson:"demo,omitempty"`
	Created  time.Time     `bson:"created"`
	Changed  time.Time     `bson:"changed"`

	outbox.Box `bson:",inline"`
}

const (
	maxSpeakers = 12
	maxLinked   = 40
	maxCapacity = 20_000
	maxChanges  = 20
	maxEvents   = 400 // of an edition
)

// Path is the event's page under that of its edition.
func (v Event) Path(e Edition) string { return e.Path() + "/" + v.Slug }

// Off reports whether the event was called off.
func (v Event) Off() bool { return v.State == EventOff }

// OnDay reports whether some of the event falls on the day of t.
func (v Event) OnDay(t time.Time) bool {
	last := v.End
	if v.End.After(v.Start) {
		last = v.End.Add(-time.Millisecond) // what ends at midnight is over by then
	}
	return lang.OnDays(t, v.Start, last)
}

// Closes is the last moment to book a ticketed event.
func (v Event) Closes() time.Time { return v.Start.Add(-time.Duration(v.Cutoff) * time.Hour) }

// Last is the latest change after publishing; ok is false where there is none.
func (v Event) Last() (c EventChange, ok bool) {
	if len(v.Changes) == 0 {
		return c, false
	}
	return v.Changes[len(v.Changes)-1], true
}

// PriceFrom is the lowest price at which somebody can come alone; ok is false
// where no ticket is needed.
func (v Event) PriceFrom() (least money.VND, ok bool) {
	for _, c := range v.Types {
		if v.Ticketed && c.Alone && (!ok || c.Price < least) {
			least, ok = c.Price, true
		}
	}
	return least, ok
}

// Public leaves out what no page shows.
func (v Event) Public() Event {
	v.Box = outbox.Box{}
	return v
}

// Validate reports what is wrong with an event of an edition: fault.Invalid
// "tours.event.form" with fields. Whether its venue is free is for Edition.Take.
func (v Event) Validate(e Edition) error {
	f := fault.NewForm("tours.event.form")
	f.Need(slices.Contains(EventKinds[:], v.Kind), "kind", "tours.field.choice")
	textNeeds(f, "title", v.Title, maxName, true)
	textNeeds(f, "story", v.Story, maxText, false)
	_, known := e.Venue(v.Venue)
	f.Need(known, "venue", "tours.field.choice")
	v.timesWrong(f, e)
	f.Need(len(v.Speakers) <= maxSpeakers, "speakers", "tours.field.many")
	for i, s := range v.Speakers {
		at := "speakers." + itoa(i)
		f.Need(strings.TrimSpace(s.Name) != "", at+".name", "tours.field.missing")
		f.Need(textFits(s.Name, maxName, false), at+".name", "tours.field.long")
		f.Need(textFits(s.Of, maxName, false), at+".of", "tours.field.long")
		textNeeds(f, at+".words", s.Words, maxWords, false)
	}
	f.Need(len(v.Booths) <= maxLinked, "booths", "tours.field.many")
	for _, id := range v.Booths {
		_, known := e.Booth(id)
		f.Need(known, "booths", "tours.event.booth")
	}
	return fault.Join(f.Result(), v.ticketsWrong())
}

// timesWrong checks that an event lies inside the days of its edition. The night
// after the last day belongs to it until six in the morning.
func (v Event) timesWrong(f *fault.Form, e Edition) {
	if v.Start.IsZero() || v.End.IsZero() {
		f.Need(!v.Start.IsZero(), "day", "tours.event.time")
		f.Need(!v.End.IsZero(), "ends", "tours.event.time")
		return
	}
	f.Need(v.End.After(v.Start), "ends", "tours.event.ends")
	f.Need(lang.OnDays(v.Start, e.From, e.To), "day", "tours.event.days")
	f.Need(!v.End.After(lang.Midnight(e.To).Add(30*time.Hour)), "ends", "tours.event.days")
}

func (v Event) ticketsWrong() error {
	if !v.Ticketed {
		return nil
	}
	f := fault.NewForm("tours.event.form")
	f.Need(v.Capacity >= 1 && v.Capacity <= maxCapacity, "capacity", "tours.event.capacity")
	f.Need(v.Cutoff >= 0 && v.Cutoff <= maxHours, "cutoff", "tours.policy.hours")
	f.Need(len(v.Types) <= maxTypes, "types", "tours.field.many")
	for i, c := range v.Types {
		at := "types." + itoa(i)
		textNeeds(f, at+".name", c.Name, maxName, true)
		f.Need(c.Price >= 0 && c.Price <= maxPrice, at+".price", "tours.field.money")
		f.Need(c.Seats >= 0 && c.Seats <= 4, at+".price", "tours.field.number")
		f.Need(!slices.ContainsFunc(v.Types[:i], func(o CustomerType) bool { return o.ID == c.ID }), at+".name", "tours.event.type_twice")
	}
	f.Need(slices.ContainsFunc(v.Types, func(c CustomerType) bool { return c.Alone && c.Seats > 0 }), "types", "tours.event.types")
	return fault.Join(f.Result(), v.Policy.Validate())
}

// revise notes what a changed event tells visitors anew, once its edition was
// published: Sequence and Changes grow.
func (v *Event) revise(old Event, published bool, now time.Time) {
	v.Sequence, v.Changes = old.Sequence, old.Changes
	c := EventChange{At: now, Start: old.Start, End: old.End, Venue: old.Venue}
	for _, w := range []struct {
		what string
		is   bool
	}{
		{ChangedTime, !v.Start.Equal(old.Start) || !v.End.Equal(old.End)},
		{ChangedVenue, v.Venue != old.Venue},
		{ChangedState, v.State != old.State},
	} {
		if w.is {
			c.What = append(c.What, w.what)
		}
	}
	if !published || len(c.What) == 0 {
		return
	}
	v.Sequence++
	c.Sequence = v.Sequence
	v.Changes = append(slices.Clone(v.Changes), c)
	v.Changes = v.Changes[max(len(v.Changes)-maxChanges, 0):]
}
