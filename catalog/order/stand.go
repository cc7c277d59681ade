package order

import (
	"context"
	"errors"
	"fmt"
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
	As    time.Time `bson:"as"` // the change of the event after which it was so
}

// Stands are those of an event by their refs, as they are after a change of it.
type Stands struct {
	Event string
	As    time.Time
	By    map[string]Stand
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
// its stands as they are now; one that is not among them is gone. Shoppers are told
// where something changed. Again it changes nothing, and what is older than what an
// order knows neither. One order that cannot be changed holds up no other.
func (s *Service) FollowStands(ctx context.Context, now Stands) error {
	var failed []error
	err := s.orders.All(ctx, store.Query{Index: "stands", Eq: []any{now.Event}}, func(o Order) error {
		if err := s.followStands(ctx, o, now); err != nil {
			failed = append(failed, fmt.Errorf("order %s: %w", o.Code, err))
		}
		return ctx.Err()
	})
	return errors.Join(append(failed, err)...)
}

// FollowStandsOf does the same for one order, which may have been placed while the
// stands changed.
func (s *Service) FollowStandsOf(ctx context.Context, id string, now Stands) error {
	o, err := s.orders.Get(ctx, id)
	if err != nil {
		return unknown(err)
	}
	return s.followStands(ctx, o, now)
}

func (s *Service) followStands(ctx context.Context, o Order, now Stands) error {
	if !o.follows(now) {
		return nil
	}
	return s.change(ctx, o.ID, func(o *Order, at time.Time) error {
		o.follow(now, at)
		return nil
	})
}

// follows reports whether some stand of an order is other than it was.
func (o Order) follows(now Stands) bool {
	return slices.ContainsFunc(o.Parcels, func(p Parcel) bool { return p.moves(now) != nil })
}

// moves is the stand of a parcel as it is now, nil where it has not changed or
// does not count any more.
func (p Parcel) moves(now Stands) *Stand {
	if p.Way != AtStand || p.Stand == nil || p.Stand.event() != now.Event || !p.Undelivered() || now.As.Before(p.Stand.As) {
		return nil
	}
	next, there := now.By[p.Stand.Ref]
	if !there {
		next = *p.Stand
		next.Gone = true
	}
	if next.As = now.As; next.Same(*p.Stand) {
		return nil
	}
	return &next
}

func (o *Order) follow(now Stands, at time.Time) {
	for i := range o.Parcels {
		p := &o.Parcels[i]
		next := p.moves(now)
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
