package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/store"
)

// WriteLedger adds what the ledger lacks of an order. It is what TaskLedger does.
func (s *Service) WriteLedger(ctx context.Context, id string) error {
	o, err := s.orders.Get(ctx, id)
	if err != nil {
		return unknown(err)
	}
	have, err := s.written(ctx, id)
	if err != nil {
		return err
	}
	return s.write(ctx, slices.DeleteFunc(o.Ledger(), func(e Entry) bool { _, is := have[e.ID]; return is }))
}

// written are the amounts of an order's entries, by their ids.
func (s *Service) written(ctx context.Context, order string) (map[string]money.VND, error) {
	have := map[string]money.VND{}
	err := s.ledger.All(ctx, store.Query{Index: "order", Eq: []any{order}}, func(e Entry) error { have[e.ID] = e.Amount; return nil })
	return have, err
}

// write adds entries that the ledger lacks.
func (s *Service) write(ctx context.Context, list []Entry) error {
	for _, e := range list {
		e.Written = store.Stamp(s.Now())
		if err := s.ledger.Insert(ctx, e); err != nil && !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return nil
}

// Entries lists the entries of an account, the latest first.
func (s *Service) Entries(ctx context.Context, account, after string) ([]Entry, string, error) {
	return s.ledger.Find(ctx, store.Query{Index: "account", Eq: []any{account}, Desc: true, Limit: 100, After: after})
}

// Each calls fn for every order of a state.
func (s *Service) Each(ctx context.Context, state State, fn func(Order) error) error {
	return s.orders.All(ctx, store.Query{Index: "state", Eq: []any{string(state)}}, fn)
}

// Finding is something that does not add up.
type Finding struct{ Order, Code, What string }

// Check compares every order with its entries in the ledger and with itself.
func (s *Service) Check(ctx context.Context) (n int, found []Finding, err error) {
	err = s.orders.All(ctx, store.Query{}, func(o Order) error {
		n++
		if !o.Balanced() {
			found = append(found, Finding{o.ID, o.Code, "payments, refunds and ledger do not add up"})
		}
		for _, p := range o.Payments {
			ref, is := strings.CutPrefix(p.ID, "bank:")
			if !is {
				continue
			}
			t, known, err := s.Known(ctx, ref)
			if err != nil {
				return err
			}
			if !known || t.Amount != p.Amount {
				found = append(found, Finding{o.ID, o.Code, "the transfer " + ref + " is not what was paid"})
			}
		}
		want := o.Ledger()
		have, err := s.written(ctx, o.ID)
		if err != nil {
			return err
		}
		pending := o.PendingAt != nil && s.Now().Sub(*o.PendingAt) < time.Minute
		for _, e := range want {
			if amount, ok := have[e.ID]; (!ok || amount != e.Amount) && !pending {
				found = append(found, Finding{o.ID, o.Code, "the ledger lacks " + e.ID})
			}
			delete(have, e.ID)
		}
		for id := range have {
			found = append(found, Finding{o.ID, o.Code, "the ledger has " + id})
		}
		return nil
	})
	if err != nil {
		return n, found, err
	}
	for _, part := range []func(context.Context) ([]Finding, error){s.checkBatches, s.checkSums} {
		wrong, err := part(ctx)
		if found = append(found, wrong...); err != nil {
			return n, found, err
		}
	}
	return n, found, nil
}
