package catalog

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/store"
)

// Claims of orders on packets. Each method is one atomic write and may be
// repeated. A stock that nobody counted has nothing to give.

// HoldStock claims packets for an order until a moment; holding again replaces
// the order's own claim. Too few is fault.Conflict "hold.sold_out" with Args
// "Free", a stock with too many claims fault.Unavailable "hold.busy".
func (s *Service) HoldStock(ctx context.Context, order, gtin string, n int64, until time.Time) error {
	return s.claim(ctx, gtin, func(st *Stock, now time.Time) error {
		if st.made(soldTo(order)) {
			return nil
		}
		return st.Hold(st.OnHand, order, n, store.Stamp(until), now)
	})
}

// SettleStock makes a claim last. Where it ran out, it takes what is free or is
// fault.Conflict "hold.sold_out".
func (s *Service) SettleStock(ctx context.Context, order, gtin string, n int64) error {
	return s.claim(ctx, gtin, func(st *Stock, now time.Time) error {
		if st.made(soldTo(order)) {
			return nil
		}
		return st.Settle(st.OnHand, order, n, now)
	})
}

// ReleaseStock gives a claim up, held or settled: the packets stayed on the
// shelf.
func (s *Service) ReleaseStock(ctx context.Context, order, gtin string) error {
	return s.claim(ctx, gtin, func(st *Stock, _ time.Time) error {
		st.Release(order)
		return nil
	})
}

// FoldStock counts a settled claim off: its packets left the house. The claim
// itself keeps that from happening twice.
func (s *Service) FoldStock(ctx context.Context, order, gtin string) error {
	return s.claim(ctx, gtin, func(st *Stock, now time.Time) error {
		if n := st.Fold(order); n > 0 {
			st.move(Move{Key: soldTo(order), Reason: Sold, Quantity: -n, At: now})
		}
		return nil
	})
}

// RestoreStock puts packets that left the house back on the shelf. Again it
// changes nothing as long as the stock remembers, which is past many other moves
// but not for ever: the caller records the return first, and calls again only
// while it has not recorded that it was done.
func (s *Service) RestoreStock(ctx context.Context, order, gtin string, n int64) error {
	if n < 1 {
		return fault.New(fault.Invalid, "catalog.stock.count")
	}
	m := Move{Key: "returned:" + order, Reason: Returned, Quantity: n, At: store.Stamp(s.now())}
	return s.shelve(ctx, gtin, func(st *Stock) error {
		if !st.made(m.Key) {
			st.move(m)
		}
		return nil
	})
}

// soldTo is the key of the move that counts off what an order bought.
func soldTo(order string) string { return "sold:" + order }

// claim changes the claims on a stock in one write.
func (s *Service) claim(ctx context.Context, gtin string, fn func(*Stock, time.Time) error) error {
	now := store.Stamp(s.now())
	turned := false
	err := s.stocks.Update(ctx, gtin, func(st *Stock) error {
		was := st.Free(now) > 0
		if err := fn(st, now); err != nil {
			return err
		}
		st.turn(was, now)
		turned = len(st.Pending) > 0
		return nil
	})
	if err == nil && turned {
		s.settleStock(ctx, gtin)
	}
	if fault.CodeOf(err) == "store.not_found" {
		return fn(&Stock{GTIN: gtin}, now) // refused, or nothing to give up
	}
	return err
}

// EachClaim walks the claims on all stocks, those that ran out included. Of a
// claim that lasts, Until is zero.
func (s *Service) EachClaim(ctx context.Context, fn func(gtin string, c hold.Claim) error) error {
	return s.stocks.All(ctx, store.Query{}, func(st Stock) error {
		for _, c := range slices.Concat(st.Holds, st.Settled) {
			if err := fn(st.GTIN, c); err != nil {
				return err
			}
		}
		return nil
	})
}
