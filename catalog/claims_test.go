package catalog

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// stockOf reads a stock, which must be the sum of its moves.
func stockOf(t *testing.T, s *Service, gtin string) Stock {
	t.Helper()
	st, err := s.Stock(t.Context(), gtin)
	if err != nil {
		t.Fatal(err)
	}
	sum := int64(0)
	for _, m := range st.Moves {
		sum += m.Quantity
	}
	if sum != st.OnHand {
		t.Errorf("moves add up to %d, on hand are %d", sum, st.OnHand)
	}
	return st
}

func TestClaimsAndTheShelf(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	err := errors.Join(s.Count(ctx, "p1", "x", 10), s.HoldStock(ctx, "a", "x", 3, c.Now().Add(time.Hour)),
		s.SettleStock(ctx, "a", "x", 3), s.HoldStock(ctx, "b", "x", 2, c.Now().Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name         string
		do           func() error
		onHand, free int64
		last         Move
	}{
		{"a count leaves claims", func() error { return s.Count(ctx, "p1", "x", 12) }, 12, 7, Move{Reason: Counted, Quantity: 2, By: "p1"}},
		{"sold", func() error { return s.FoldStock(ctx, "a", "x") }, 9, 7, Move{Key: "sold:a", Reason: Sold, Quantity: -3}},
		{"damaged", func() error { return s.Adjust(ctx, "p1", "x", Damaged, 8, "k") }, 1, -1, Move{Key: "damaged:k", Reason: Damaged, Quantity: -8, By: "p1"}},
		{"the same again", func() error { return s.Adjust(ctx, "p1", "x", Damaged, 8, "k") }, 1, -1, Move{Key: "damaged:k", Reason: Damaged, Quantity: -8, By: "p1"}},
		{"received", func() error { return s.Adjust(ctx, "p2", "x", Received, 8, "k") }, 9, 7, Move{Key: "received:k", Reason: Received, Quantity: 8, By: "p2"}},
		{"returned", func() error { return s.RestoreStock(ctx, "a", "x", 3) }, 12, 10, Move{Key: "returned:a", Reason: Returned, Quantity: 3}},
		{"the same again", func() error { return s.RestoreStock(ctx, "a", "x", 3) }, 12, 10, Move{Key: "returned:a", Reason: Returned, Quantity: 3}},
	} {
		if err := step.do(); err != nil {
			t.Fatal(step.name, err)
		}
		st := stockOf(t, s, "x")
		last := st.Moves[len(st.Moves)-1]
		if last.At = (time.Time{}); step.last.Key == "" {
			last.Key = ""
		}
		if st.OnHand != step.onHand || st.Free(c.Now()) != step.free || last != step.last {
			t.Errorf("%s: %d on hand, %d free, %+v", step.name, st.OnHand, st.Free(c.Now()), last)
		}
	}
}

// Claims of more than is there, after a count, leave nothing, and do not keep
// packets from leaving.
func TestMoreIsClaimedThanIsThere(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	err := errors.Join(s.Count(ctx, "p1", "x", 5), s.SettleStock(ctx, "a", "x", 5), s.Count(ctx, "p1", "x", 2))
	if err != nil {
		t.Fatal(err)
	}
	free, err := s.Available(ctx, []string{"x", "y"})
	if n, counted := free["x"]; err != nil || n != 0 || !counted || len(free) != 1 {
		t.Errorf("%v, %v", free, err)
	}
	if err := s.FoldStock(ctx, "a", "x"); err != nil {
		t.Fatal(err)
	}
	if st := stockOf(t, s, "x"); st.OnHand != -3 {
		t.Errorf("%d on hand", st.OnHand)
	}
	on, err := s.OnHand(ctx, Product{Variants: []Variant{{GTIN: "x"}, {GTIN: "y"}}})
	if n, counted := on["x"]; err != nil || n != 0 || !counted || len(on) != 1 {
		t.Errorf("%v, %v", on, err)
	}
	if err := s.Count(ctx, "p1", "x", 4); err != nil {
		t.Fatal(err)
	}
	if st := stockOf(t, s, "x"); st.OnHand != 4 {
		t.Errorf("%d on hand", st.OnHand)
	}
}

func TestAStockNobodyCounted(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	for name, err := range map[string]error{
		"hold":   s.HoldStock(ctx, "a", "x", 1, c.Now().Add(time.Hour)),
		"settle": s.SettleStock(ctx, "a", "x", 1),
	} {
		wantFault(t, name, err, fault.Conflict, "hold.sold_out")
		if e := fault.As(err); e.Args["Free"] != int64(0) {
			t.Errorf("%s: %v", name, e)
		}
	}
	if err := errors.Join(s.ReleaseStock(ctx, "a", "x"), s.FoldStock(ctx, "a", "x")); err != nil {
		t.Error(err)
	}
	wantFault(t, "damaged", s.Adjust(ctx, "p1", "x", Damaged, 1, "k"), fault.Invalid, "catalog.stock.damaged")
	if _, err := s.stocks.Get(ctx, "x"); !fault.Is(err, fault.NotFound) {
		t.Errorf("refusals left a stock: %v", err)
	}
	if err := s.Adjust(ctx, "p1", "x", Received, 4, "k"); err != nil {
		t.Fatal(err)
	}
	if st := stockOf(t, s, "x"); st.OnHand != 4 || len(st.Moves) != 1 {
		t.Errorf("%+v", st)
	}
}

func TestAdjustIsRefused(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	if err := s.Count(ctx, "p1", "x", maxStock-1); err != nil {
		t.Fatal(err)
	}
	wantFault(t, "sold", s.Adjust(ctx, "p1", "x", Sold, 1, "k"), fault.Invalid, "catalog.stock.reason")
	wantFault(t, "no key", s.Adjust(ctx, "p1", "x", Received, 1, ""), fault.Invalid, "catalog.stock.reason")
	wantFault(t, "none", s.Adjust(ctx, "p1", "x", Received, 0, "k"), fault.Invalid, "catalog.stock.count")
	wantFault(t, "fewer", s.Adjust(ctx, "p1", "x", Damaged, -1, "k"), fault.Invalid, "catalog.stock.count")
	wantFault(t, "too many", s.Adjust(ctx, "p1", "x", Received, 2, "k"), fault.Invalid, "catalog.stock.count")
	wantFault(t, "none came back", s.RestoreStock(ctx, "a", "x", 0), fault.Invalid, "catalog.stock.count")
	if st := stockOf(t, s, "x"); st.OnHand != maxStock-1 || len(st.Moves) != 1 {
		t.Errorf("%+v", st)
	}
}

// Moves are forgotten, and nothing happens twice because of it: what was sold is
// not sold again, what came back does not come back again.
func TestForgottenMovesAreNotMadeAgain(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	sell := func(order string) error {
		return errors.Join(s.HoldStock(ctx, order, "x", 1, c.Now().Add(time.Hour)), s.SettleStock(ctx, order, "x", 1), s.FoldStock(ctx, order, "x"))
	}
	err := errors.Join(s.Adjust(ctx, "p1", "x", Received, 5000, "first"), sell("a"), s.RestoreStock(ctx, "a", "x", 1))
	if err != nil {
		t.Fatal(err)
	}
	const more = maxMoves + 20
	for i := range more {
		if err := sell(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	before, err := s.Stock(ctx, "x")
	if err != nil || len(before.Moves) != maxMoves || before.OnHand != 5000-more || len(before.Past) != 2 {
		t.Fatalf("%d moves, %d on hand, %v, %v", len(before.Moves), before.OnHand, before.Past, err)
	}
	err = errors.Join(s.FoldStock(ctx, "a", "x"), s.FoldStock(ctx, "0", "x"), s.RestoreStock(ctx, "a", "x", 1),
		s.Adjust(ctx, "p1", "x", Received, 5000, "first"))
	if after, _ := s.Stock(ctx, "x"); err != nil || after.OnHand != before.OnHand {
		t.Errorf("%d on hand, want %d, %v", after.OnHand, before.OnHand, err)
	}
	st := Stock{}
	for i := range maxMoves + maxPast + 50 {
		st.move(Move{Key: fmt.Sprint(i), Reason: Returned, Quantity: 1})
	}
	if len(st.Moves) != maxMoves || len(st.Past) != maxPast || st.made("49") || !st.made("50") {
		t.Errorf("%d moves and %d keys are remembered", len(st.Moves), len(st.Past))
	}
}

// A stock that an earlier version stored is taken as it is.
func TestAStockWithoutClaims(t *testing.T) {
	s, m := newMeddled(t)
	ctx := t.Context()
	type before struct {
		GTIN   string `bson:"_id"`
		OnHand int64  `bson:"onHand"`
		Moves  []Move `bson:"moves"`
	}
	old, err := store.Open[before](ctx, m.DB, store.Spec{Name: "stocks", Version: 1, Indexes: []store.Index{outbox.Index}})
	if err != nil {
		t.Fatal(err)
	}
	moves := []Move{{Key: "k", Reason: Received, Quantity: 3}}
	if err := old.Insert(ctx, before{"x", 3, moves}); err != nil {
		t.Fatal(err)
	}
	err = errors.Join(s.ReleaseStock(ctx, "a", "x"), s.HoldStock(ctx, "a", "x", 2, s.now().Add(time.Hour)))
	if st := stockOf(t, s, "x"); err != nil || st.Free(s.now()) != 1 || !slices.Equal(st.Open(s.now()), []string{"a"}) {
		t.Errorf("%+v, %v", st, err)
	}
	// The earlier version, still running elsewhere, does not write the claim away.
	err = old.Update(ctx, "x", func(b *before) error { b.OnHand = 9; return nil })
	wantFault(t, "an older program", err, fault.Conflict, "store.newer")
}

// Of 40 orders that want one of 20 at once, 20 get it.
func TestTwentyOfForty(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	if err := s.Count(ctx, "p1", "x", 20); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var got atomic.Int64
	for i := range 40 {
		wg.Go(func() {
			order := fmt.Sprint(i)
			err := s.HoldStock(ctx, order, "x", 1, c.Now().Add(time.Hour))
			if err == nil {
				got.Add(1)
				err = errors.Join(s.SettleStock(ctx, order, "x", 1), s.FoldStock(ctx, order, "x"))
			} else if fault.CodeOf(err) == "hold.sold_out" {
				err = nil
			}
			if err != nil {
				t.Error(order, err)
			}
		})
	}
	wg.Wait()
	if st := stockOf(t, s, "x"); got.Load() != 20 || st.OnHand != 0 || len(st.Moves) != 21 {
		t.Errorf("%d got one, %d on hand, %d moves", got.Load(), st.OnHand, len(st.Moves))
	}
}
