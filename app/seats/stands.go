package seats

import (
	"context"
	"time"

	"nguon/app/fault"
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
	return order.Stand{Ref: e.ID + "/" + b.Producer, Event: e.Name, At: e.BoothWords(b), Path: e.Path(), From: e.From, To: e.To}
}

// FollowEdition brings the orders that are fetched at the booths of an edition in
// line with where those are now.
func FollowEdition(ctx context.Context, festival *tours.Editions, orders *order.Service, edition string) error {
	e, err := festival.Edition(ctx, edition)
	if err != nil {
		return err
	}
	now := map[string]order.Stand{}
	for _, b := range e.Booths {
		if first, ok := e.Pickup(b.Producer); ok {
			s := stand(e, first)
			now[s.Ref] = s
		}
	}
	return orders.FollowStands(ctx, e.ID, now)
}
