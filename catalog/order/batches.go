package order

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// BatchKind says to whom the transfers of a batch go.
type BatchKind string

// Kinds of batches.
const (
	Payouts       BatchKind = "payouts" // to sellers
	RefundsInBank BatchKind = "refunds" // to shoppers
)

// BatchState is how far a batch has come.
type BatchState string

// States of a batch. What a row means for the ledger or its order is recorded
// before the batch is ready and its file can be had.
const (
	BatchMaking BatchState = "making"
	BatchReady  BatchState = "ready"
)

// RowState is what became of a payout.
type RowState string

// States of a payout.
const (
	RowSent    RowState = "sent"
	RowPaid    RowState = "paid"
	RowBounced RowState = "bounced" // the bank sent it back
)

// Batch is a list of transfers that a bank makes at once. While it is made it
// claims its sellers, so that no other batch pays the same balance.
type Batch struct {
	ID         string     `bson:"_id"`
	Kind       BatchKind  `bson:"kind"`
	By         string     `bson:"by"`
	At         time.Time  `bson:"at"`
	State      BatchState `bson:"state"`
	Priced     bool       `bson:"priced"` // its amounts are final
	Claims     []string   `bson:"claims"`
	Rows       []BatchRow `bson:"rows"`
	outbox.Box `bson:",inline"`
}

// BatchRow is one transfer of a batch.
type BatchRow struct {
	Seller  string     `bson:"seller,omitempty"`
	Name    string     `bson:"name,omitempty"` // of the seller
	Order   string     `bson:"order,omitempty"`
	Code    string     `bson:"code,omitempty"` // of the order
	Refund  string     `bson:"refund,omitempty"`
	Account Account    `bson:"account"`
	Amount  money.VND  `bson:"amount"`
	State   RowState   `bson:"state"`
	Ref     string     `bson:"ref,omitempty"` // of the bank
	Ended   *time.Time `bson:"ended,omitempty"`
}

// Memo is what the bank writes beside a transfer.
func (b Batch) Memo(r BatchRow) string {
	if b.Kind == Payouts {
		return "NGUON TT " + strings.ToUpper(b.ID[:8])
	}
	return "NGUON HOAN " + r.Code
}

// Total is the sum of a batch.
func (b Batch) Total() (sum money.VND) {
	for _, r := range b.Rows {
		sum += r.Amount
	}
	return sum
}

func batchSpec() store.Spec {
	return store.Spec{Name: "batches", Version: 1, Indexes: []store.Index{
		{Name: "claim", Parts: []store.Part{{Path: "claims", Each: true}}, Unique: true},
		{Name: "kind", Parts: []store.Part{{Path: "kind"}, {Path: "at", Kind: store.Time}}},
		{Name: "state", Parts: []store.Part{{Path: "state"}, {Path: "at", Kind: store.Time}}},
		outbox.Index,
	}}
}

// most rows of a batch.
const mostRows = 200

// MakePayouts makes a batch of what the market owes sellers, by their ids, each
// with its name. ID is the form's own: sent twice, it is one batch. Those without
// an account or a balance are left out; with none left it is fault.Conflict
// "order.payout.nothing". While another batch of a seller is being made it is
// fault.Conflict "order.payout.busy".
func (s *Service) MakePayouts(ctx context.Context, by, id string, sellers map[string]string) (Batch, error) {
	b := Batch{Kind: Payouts, Claims: []string{}, Rows: []BatchRow{}}
	for seller, name := range sellers {
		b.Rows = append(b.Rows, BatchRow{Seller: seller, Name: name, State: RowSent})
		b.Claims = append(b.Claims, "seller:"+seller)
	}
	slices.SortFunc(b.Rows, func(x, y BatchRow) int { return cmp.Compare(x.Seller, y.Seller) })
	return s.makeBatch(ctx, by, id, b)
}

// RefundID names a refund of an order.
type RefundID struct{ Order, Refund string }

// MakeRefunds makes a batch of refunds that are ready; each is noted as sent
// before the batch is. ID is the form's own. Those that cannot be sent now are
// left out; with none left it is fault.Conflict "order.refund.state".
func (s *Service) MakeRefunds(ctx context.Context, by, id string, refunds []RefundID) (Batch, error) {
	b := Batch{Kind: RefundsInBank, Claims: []string{}, Rows: []BatchRow{}}
	for _, r := range refunds {
		b.Rows = append(b.Rows, BatchRow{Order: r.Order, Refund: r.Refund, State: RowSent})
	}
	return s.makeBatch(ctx, by, id, b)
}

func (s *Service) makeBatch(ctx context.Context, by, id string, b Batch) (Batch, error) {
	if !isID(id) || len(b.Rows) == 0 || len(b.Rows) > mostRows {
		return b, fault.New(fault.Invalid, "order.batch.form").Field("pick", "order.batch.pick")
	}
	b.ID, b.By, b.At, b.State = id, by, store.Stamp(s.Now()), BatchMaking
	if err := s.batches.Insert(ctx, b); fault.Is(err, fault.Conflict) {
		if _, found := s.batches.Get(ctx, id); fault.Is(found, fault.NotFound) {
			return b, fault.New(fault.Conflict, "order.payout.busy")
		}
	} else if err != nil {
		return b, err
	}
	return s.finishBatch(ctx, id)
}

func isID(id string) bool {
	return len(id) == idLength && strings.Trim(id, "0123456789abcdef") == ""
}

// finishBatch records what a batch means and makes it ready; every step can be
// repeated.
func (s *Service) finishBatch(ctx context.Context, id string) (Batch, error) {
	b, err := s.Batch(ctx, id)
	if err != nil || b.State == BatchReady {
		return b, err
	}
	record, nothing := s.priceBatch, "order.payout.nothing"
	if b.Kind == RefundsInBank {
		record, nothing = s.sendBatch, "order.refund.state"
	}
	if b, err = record(ctx, b); err != nil {
		return b, err
	}
	if len(b.Rows) == 0 {
		if err := s.batches.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return b, err
		}
		return b, fault.New(fault.Conflict, nothing)
	}
	if err := s.write(ctx, b.ledger()); err != nil {
		return b, err
	}
	b, err = s.changeBatch(ctx, id, func(b *Batch, now time.Time) error {
		if b.State != BatchMaking {
			return nil
		}
		b.State, b.Claims = BatchReady, []string{}
		b.Post(now, b.entry("batch.make", b.By, now, outbox.Value{Name: "amount", Text: b.Total().String()}, outbox.Value{Name: "rows", Text: itoa(len(b.Rows))}))
		return nil
	})
	if err == nil {
		_ = s.batchOut.Settle(ctx, id) // what fails waits for Sweep
	}
	return b, err
}

// entry is a line of the audit log about a batch.
func (b Batch) entry(action, by string, now time.Time, after ...outbox.Value) outbox.Effect {
	e := outbox.Entry{At: store.Stamp(now), By: by, Action: action, Object: "batch:" + b.ID, After: after}
	id := action + ":" + b.ID
	for _, v := range after {
		id += ":" + v.Text
	}
	return outbox.Effect{ID: id, Entry: &e}
}

// ledger lists the entries that follow from a batch as it stands.
func (b Batch) ledger() (list []Entry) {
	if b.Kind != Payouts || !b.Priced {
		return nil
	}
	for _, r := range b.Rows {
		e := Entry{ID: "payout:" + b.ID + ":" + r.Seller, Account: r.Seller, Kind: Payout, Cause: b.ID, Amount: -r.Amount, At: b.At}
		list = append(list, e)
		if r.State == RowBounced {
			e.ID, e.Kind, e.Amount, e.At = e.ID+":back", Bounced, r.Amount, *r.Ended
			list = append(list, e)
		}
	}
	return list
}

// priceBatch fixes what each seller gets, once; nobody else pays them meanwhile.
func (s *Service) priceBatch(ctx context.Context, b Batch) (Batch, error) {
	if b.Priced {
		return b, nil
	}
	rows := []BatchRow{}
	for _, r := range b.Rows {
		t, err := s.terms.Get(ctx, r.Seller)
		if fault.Is(err, fault.NotFound) || err == nil && t.Account == nil {
			continue
		}
		if err != nil {
			return b, err
		}
		if r.Amount, err = s.Balance(ctx, r.Seller); err != nil {
			return b, err
		}
		if r.Account = *t.Account; r.Amount > 0 {
			rows = append(rows, r)
		}
	}
	return s.changeBatch(ctx, b.ID, func(b *Batch, _ time.Time) error {
		if !b.Priced {
			b.Rows, b.Priced = rows, true
		}
		return nil
	})
}

// sendBatch notes in each order that its refund is sent in this batch.
func (s *Service) sendBatch(ctx context.Context, b Batch) (Batch, error) {
	rows := []BatchRow{}
	for _, row := range b.Rows {
		err := s.changeRefund(ctx, row.Order, row.Refund, func(o *Order, r *Refund, now time.Time) error {
			sent := r.State == RefundSent && r.Batch == b.ID
			if !sent && (r.State != RefundReady || r.Method == Card || r.Account == nil) {
				return refundState()
			}
			row.Code, row.Amount, row.Account = o.Code, r.Amount, *r.Account
			if !sent {
				r.State, r.Batch = RefundSent, b.ID
				o.step("refund_sent", b.By, r.ID, now)
			}
			return nil
		})
		switch {
		case err == nil:
			rows = append(rows, row)
		case !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound):
			return b, err
		}
	}
	return s.changeBatch(ctx, b.ID, func(b *Batch, _ time.Time) error {
		if b.State == BatchMaking {
			b.Rows, b.Priced = rows, true
		}
		return nil
	})
}

func (s *Service) changeBatch(ctx context.Context, id string, fn func(*Batch, time.Time) error) (b Batch, err error) {
	now := s.Now()
	err = s.batches.Update(ctx, id, func(d *Batch) error {
		err := fn(d, now)
		b = *d
		return err
	})
	return b, noBatch(err)
}

func noBatch(err error) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.New(fault.NotFound, "order.batch.not_found")
	}
	return err
}

// Batch finds a batch.
func (s *Service) Batch(ctx context.Context, id string) (Batch, error) {
	b, err := s.batches.Get(ctx, id)
	return b, noBatch(err)
}

// Batches lists batches of a kind, the latest first.
func (s *Service) Batches(ctx context.Context, kind BatchKind, after string) ([]Batch, string, error) {
	return s.batches.Find(ctx, store.Query{Index: "kind", Eq: []any{string(kind)}, Desc: true, Limit: 20, After: after})
}
