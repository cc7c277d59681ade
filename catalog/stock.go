package catalog

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// Stock is how many packets of a trade item there are. It stands apart from the
// product's description, because it changes with every sale.
type Stock struct {
	GTIN   string `bson:"_id"`
	OnHand int64  `bson:"onHand"`
	Moves  []Move `bson:"moves"` // the latest of them, oldest first
}

// Reason says why a stock changed.
type Reason string

// Reasons of a change of stock.
const (
	Received Reason = "received"
	Counted  Reason = "counted"
)

// Move is one change of a stock.
type Move struct {
	Key      string    `bson:"key"` // of its cause; repeating it changes nothing
	Reason   Reason    `bson:"reason"`
	Quantity int64     `bson:"quantity"` // added, or taken when negative
	By       string    `bson:"by"`
	At       time.Time `bson:"at"`
}

const (
	maxStock = 1_000_000
	maxMoves = 500
)

// countable reports whether there can be so many packets.
func countable(n int64) bool { return n >= 0 && n <= maxStock }

// Count notes how many packets somebody counted. The first count is a receipt.
// The same number again changes nothing.
func (s *Service) Count(ctx context.Context, by, gtin string, n int64) error {
	if !countable(n) {
		return fault.New(fault.Invalid, "catalog.stock.count")
	}
	now := store.Stamp(s.now())
	m := Move{Key: store.NewID(now), Reason: Counted, By: by, At: now}
	err := s.stocks.Update(ctx, gtin, func(st *Stock) error {
		if m.Quantity = n - st.OnHand; m.Quantity == 0 {
			return nil
		}
		st.OnHand = n
		st.Moves = append(st.Moves, m)
		if over := len(st.Moves) - maxMoves; over > 0 {
			st.Moves = append([]Move(nil), st.Moves[over:]...)
		}
		return nil
	})
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	m.Reason, m.Quantity = Received, n
	err = s.stocks.Insert(ctx, Stock{GTIN: gtin, OnHand: n, Moves: []Move{m}})
	if fault.Is(err, fault.Conflict) { // somebody was faster
		return s.Count(ctx, by, gtin, n)
	}
	return err
}

// OnHand is the stock of each trade item of a product; one that nobody ever
// counted is missing.
func (s *Service) OnHand(ctx context.Context, p Product) (map[string]int64, error) {
	found := make(map[string]int64, len(p.Variants))
	for _, v := range p.Variants {
		st, err := s.stocks.Get(ctx, v.GTIN)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[v.GTIN] = st.OnHand
	}
	return found, nil
}
