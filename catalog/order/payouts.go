package order

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// EndPayout notes the bank's word on a payout: its reference, or that it came
// back, and then the seller's balance has it again. One that was paid can still
// come back. Repeating changes nothing.
func (s *Service) EndPayout(ctx context.Context, by, batch, seller, ref string, paid bool) error {
	ref = clip(strings.TrimSpace(ref), maxRef)
	if paid && ref == "" {
		return fault.New(fault.Invalid, "order.payout.form").Field("ref", "order.transfer.ref")
	}
	_, err := s.changeBatch(ctx, batch, func(b *Batch, now time.Time) error {
		i := slices.IndexFunc(b.Rows, func(r BatchRow) bool { return r.Seller == seller && seller != "" })
		if i < 0 || b.Kind != Payouts {
			return fault.New(fault.NotFound, "order.batch.not_found")
		}
		r, want := &b.Rows[i], RowBounced
		if paid {
			want = RowPaid
		}
		switch {
		case r.State == want:
			return nil
		case !b.Priced || len(b.Claims) > 0 || r.State == RowBounced:
			return fault.New(fault.Conflict, "order.payout.state")
		}
		at := store.Stamp(now)
		r.State, r.Ended, r.Ref = want, &at, cmp.Or(ref, r.Ref)
		e := b.entry("batch."+string(want), by, now, outbox.Value{Name: "ref", Text: ref}, outbox.Value{Name: "amount", Text: r.Amount.String()})
		e.ID += ":" + seller
		e.Entry.Org = seller
		b.Post(now, e)
		if !paid {
			b.State = BatchMaking // until the entry that gives it back is written
		}
		return nil
	})
	if err != nil {
		return err
	}
	_ = s.batchOut.Settle(ctx, batch) // what fails waits for Sweep
	_, err = s.finishBatch(ctx, batch)
	return err
}

// sweepMoney finishes batches that a crash left, and performs what batches and
// transfers carry.
func (s *Service) sweepMoney(ctx context.Context) (first error) {
	before := s.Now().Add(-leaseFor)
	note := func(err error) {
		if err != nil && first == nil && !fault.Is(err, fault.Conflict) {
			first = err
		}
	}
	note(s.batches.All(ctx, store.Query{Index: "state", Eq: []any{string(BatchMaking)}, To: before}, func(b Batch) error {
		_, err := s.finishBatch(ctx, b.ID)
		note(err)
		return ctx.Err()
	}))
	_, err := s.batchOut.Sweep(ctx, before)
	note(err)
	_, err = s.moneyOut.Sweep(ctx, before)
	note(err)
	return first
}

// checkBatches compares batches with the ledger.
func (s *Service) checkBatches(ctx context.Context) (found []Finding, err error) {
	err = s.batches.All(ctx, store.Query{}, func(b Batch) error {
		if b.State != BatchReady {
			return nil
		}
		for _, e := range b.ledger() {
			have, err := s.ledger.Get(ctx, e.ID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			if err != nil || have.Amount != e.Amount {
				found = append(found, Finding{b.ID, "", "the ledger lacks " + e.ID})
			}
		}
		return nil
	})
	return found, err
}

// MonthSum is what one month brought an account, of one seller and one kind.
type MonthSum struct {
	Month  time.Time // its first moment in Vietnam
	Seller string
	Kind   EntryKind
	Amount money.VND
}

// Seller is from whose sale an entry follows, or who was paid.
func (e Entry) Seller() string {
	if e.Order == "" {
		return e.Account
	}
	seller, _, _ := strings.Cut(strings.TrimPrefix(e.ID, e.Order+":"), ":")
	return seller
}

// MonthSums adds up the entries of an account by month, seller and kind, the
// latest month first.
func (s *Service) MonthSums(ctx context.Context, account string) ([]MonthSum, error) {
	sums := map[MonthSum]money.VND{}
	err := s.ledger.All(ctx, store.Query{Index: "account", Eq: []any{account}}, func(e Entry) error {
		sums[MonthSum{Month: lang.Month(e.At), Seller: e.Seller(), Kind: e.Kind}] += e.Amount
		return nil
	})
	list := make([]MonthSum, 0, len(sums))
	for m, amount := range sums {
		m.Amount = amount
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b MonthSum) int {
		return cmp.Or(b.Month.Compare(a.Month), cmp.Compare(a.Seller, b.Seller), cmp.Compare(a.Kind, b.Kind))
	})
	return list, err
}
