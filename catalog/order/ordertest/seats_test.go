package ordertest

import (
	"testing"
	"time"

	"nguon/catalog/order"
)

func TestSeats(t *testing.T) {
	Fulfiller(t, func(_ *testing.T, capacity int64, now func() time.Time) (order.Fulfiller, string, order.Need) {
		seats := map[string]int64{}
		if capacity > 0 {
			seats["tour"] = capacity
		}
		return NewSeats(seats, now), "tour", order.Need{Kind: SeatsKind, Resource: "tour", Quantity: 1}
	})
}

// Lines of different prices need the same seats.
func TestSeatsAreShared(t *testing.T) {
	now := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	s := NewSeats(map[string]int64{"tour": 5}, func() time.Time { return now })
	child, err := s.Quote(t.Context(), "tour/child")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Settle(t.Context(), "a", child.Needs[0]); err != nil {
		t.Fatal(err)
	}
	if err := s.Hold(t.Context(), "b", child.Needs[0], now.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	adult, err := s.Quote(t.Context(), "tour/adult")
	if err != nil || adult.Free != 3 || s.Free("tour") != 3 {
		t.Errorf("%+v, %v", adult, err)
	}
	if held, settled := s.Claims("tour"); len(held) != 1 || held[0] != "b" || len(settled) != 1 || settled[0] != "a" {
		t.Errorf("%v hold, %v settled", held, settled)
	}
}
