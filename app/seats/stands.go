package seats

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/catalog/order"
	"nguon/tours"
)

// StandOf is where a producer hands out what is ordered now: its booth at the
// festival that goes on or comes next, or nil.
func StandOf(ctx context.Context, festival *tours.Editions, producer string, now time.Time) (*order.Stand, error) {
	e, err := festival.Next(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil || !e.Hands(now) {
		return nil, err
	}
	b, ok := e.Pickup(producer)
	if !ok {
		return nil, nil
	}
	s := stand(e, b)
	return &s, nil
}

func stand(e tours.Edition, b tours.Booth) order.Stand {
	return order.Stand{Ref: e.ID + "/" + b.Producer, Event: e.Name, At: e.BoothWords(b), Path: e.Path(), From: e.From, To: e.To, As: e.Changed}
}

// FollowEdition brings the orders that are fetched at the booths of an edition in
// line with where those are now.
func FollowEdition(ctx context.Context, festival *tours.Editions, orders *order.Service, edition string) error {
	now, err := standsOf(ctx, festival, edition)
	if err != nil {
		return err
	}
	return orders.FollowStands(ctx, now)
}

// FollowPlaced does what order.TaskStand asks for.
func FollowPlaced(ctx context.Context, festival *tours.Editions, orders *order.Service, t outbox.Task) error {
	id, edition, ok := order.CutTask(t.Object)
	if !ok {
		return fault.New(fault.Internal, "internal")
	}
	now, err := standsOf(ctx, festival, edition)
	if err != nil {
		return err
	}
	return orders.FollowStandsOf(ctx, id, now)
}

func standsOf(ctx context.Context, festival *tours.Editions, edition string) (order.Stands, error) {
	e, err := festival.Edition(ctx, edition)
	if err != nil {
		return order.Stands{}, err
	}
	now := order.Stands{Event: e.ID, As: e.Changed, By: map[string]order.Stand{}}
	for _, b := range e.Booths {
		if first, ok := e.Pickup(b.Producer); ok {
			s := stand(e, first)
			now.By[s.Ref] = s
		}
	}
	return now, nil
}
