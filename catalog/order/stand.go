package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

// Stand is where a seller hands parcels out on some days: its booth at a festival.
type Stand struct {
	Ref   string    `bson:"ref"`   // "event/seller"
	Event lang.Text `bson:"event"` // what it is part of
	At    lang.Text `bson:"at"`    // which one, and where
	Path  string    `bson:"path"`  // of its page
	From  time.Time `bson:"from"`  // the first day, from midnight in Vietnam
	To    time.Time `bson:"to"`    // the last day
	Gone  bool      `bson:"gone,omitempty"`
}

// Same reports whether two are one stand in the same place on the same days.
func (s Stand) Same(o Stand) bool {
	return s.Ref == o.Ref && s.Event == o.Event && s.At == o.At && s.Path == o.Path && s.From.Equal(o.From) && s.To.Equal(o.To) && s.Gone == o.Gone
}

// Days words its days in a language.
func (s Stand) Days(l lang.Lang) string {
	if lang.Day(s.From) == lang.Day(s.To) {
		return l.Date(s.From)
	}
	return l.Date(s.From) + " – " + l.Date(s.To)
}

// event is what a stand is part of.
func (s Stand) event() string {
	event, _, _ := strings.Cut(s.Ref, "/")
	return event
}

// Fetched reports whether the shopper comes for a parcel.
func (p Parcel) Fetched() bool { return p.Way == Pickup || p.Way == AtStand }

// Place is where a parcel is fetched, in a language; "" for one that is sent.
func (p Parcel) Place(l lang.Lang) string {
	if p.Way == AtStand && p.Stand != nil {
		return p.Stand.At.In(l) + ", " + p.Stand.Event.In(l) + " (" + p.Stand.Days(l) + ")"
	}
	return p.PickupAt
}

// stands are the events at which something of an order is still to be fetched.
func (o Order) stands() (list []string) {
	if o.over() {
		return nil
	}
	for _, p := range o.Parcels {
		if p.Way == AtStand && p.Stand != nil && p.Undelivered() && !slices.Contains(list, p.Stand.event()) {
			list = append(list, p.Stand.event())
		}
	}
	return list
}

// Undelivered reports whether a parcel has not reached the shopper yet, and may.
func (p Parcel) Undelivered() bool {
	return p.State == Waiting || p.State == ToPack || p.State == Packed || p.State == Sent
}

// FollowStands brings orders whose parcels are fetched at an event in line with
// its stands as they are now, by their refs; one that is not among them is gone.
// Shoppers are told where something changed. Again it changes nothing.
func (s *Service) FollowStands(ctx context.Context, event string, now map[string]Stand) error {
	return s.orders.All(ctx, store.Query{Index: "stands", Eq: []any{event}}, func(o Order) error {
		if !o.follows(event, now) {
			return nil
		}
		return s.change(ctx, o.ID, func(o *Order, at time.Time) error {
			o.follow(event, now, at)
			return nil
		})
	})
}

// follows reports whether some stand of an order is other than it was.
func (o Order) follows(event string, now map[string]Stand) bool {
	return slices.ContainsFunc(o.Parcels, func(p Parcel) bool { return p.moves(event, now) != nil })
}

// moves is the stand of a parcel as it is now, nil where it has not changed or
// does not count any more.
func (p Parcel) moves(event string, now map[string]Stand) *Stand {
	if p.Way != AtStand || p.Stand == nil || p.Stand.event() != event || !p.Undelivered() {
		return nil
	}
	next, there := now[p.Stand.Ref]
	if !there {
		next = *p.Stand
		next.Gone = true
	}
	if next.Same(*p.Stand) {
		return nil
	}
	return &next
}

func (o *Order) follow(event string, now map[string]Stand, at time.Time) {
	for i := range o.Parcels {
		p := &o.Parcels[i]
		next := p.moves(event, now)
		if next == nil {
			continue
		}
		name := "stand"
		if next.Gone {
			name = "stand_gone"
		}
		p.Stand = next
		o.step(name, "worker", p.ID(), at)
	}
}

// ask reports what is wrong with how the parcels of a basket are to come: nobody
// is sent to fetch what they did not choose to.
func (b Basket) ask(ways map[string]Way, known bool, bad *fault.Form) {
	for _, p := range b.Parcels {
		bad.Need(p.Way != Ship || p.Ship || !known, "way."+p.ID(), "order.field.way")
		bad.Need(!p.Fetched() || ways[p.ID()] == p.Way, "way."+p.ID(), "order.field.choice")
	}
}
