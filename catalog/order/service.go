package order

import (
	"context"
	"log/slog"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Deps is what a Service needs.
type Deps struct {
	DB         store.DB
	Effects    outbox.Performer
	Fulfillers map[Kind]Fulfiller
	Sellers    Sellers
	Gateway    Gateway // nil where cards are not taken
	Account    string  // number of the account that shoppers transfer to; "" is not compared
	Webhook    bool    // the bank tells of transfers at once
	// Pay words how an amount of an order is transferred, and gives the text of a
	// QR code that a bank's app reads; nil where nothing is transferred.
	Pay func(code string, due money.VND) (qr string, args map[string]string)
	Key []byte // hashes what is counted, such as telephones
	Now func() time.Time
	Log *slog.Logger
}

// Service keeps carts, orders, coupons and the ledger. It is safe for concurrent
// use; any number of instances may share a store.
type Service struct {
	Deps
	carts     *store.Collection[Cart]
	orders    *store.Collection[Order]
	coupons   *store.Collection[Coupon]
	caps      *store.Collection[capDoc]
	networks  *store.Collection[netDoc]
	ledger    *store.Collection[Entry]
	sums      *store.Collection[sumDoc]
	transfers *store.Collection[TransferIn]
	terms     *store.Collection[Terms]
	out       *outbox.Outbox[Order]
	termsOut  *outbox.Outbox[Terms]
	couponOut *outbox.Outbox[Coupon]
	batches   *store.Collection[Batch]
	moneyOut  *outbox.Outbox[TransferIn]
	batchOut  *outbox.Outbox[Batch]
}

// New declares the collections.
func New(ctx context.Context, d Deps) (s *Service, err error) {
	s = &Service{Deps: d}
	text := func(path string) store.Part { return store.Part{Path: path} }
	at := func(path string) store.Part { return store.Part{Path: path, Kind: store.Time} }
	if s.carts, err = store.Open[Cart](ctx, d.DB, store.Spec{Name: "carts", Version: 1, Indexes: []store.Index{
		{Name: "erase", Parts: []store.Part{at("erase")}},
		{Name: "person", Parts: []store.Part{text("person")}, Sparse: true},
	}}); err != nil {
		return nil, err
	}
	if s.orders, err = store.Open[Order](ctx, d.DB, store.Spec{Name: "orders", Version: 1, Indexes: []store.Index{
		{Name: "code", Parts: []store.Part{text("code")}, Unique: true},
		{Name: "payment", Parts: []store.Part{{Path: "refs", Each: true}}, Unique: true},
		{Name: "session", Parts: []store.Part{{Path: "sessions", Each: true}}},
		{Name: "phone", Parts: []store.Part{text("customer.key"), at("placed")}},
		{Name: "person", Parts: []store.Part{text("person"), at("placed")}, Sparse: true},
		{Name: "seller", Parts: []store.Part{{Path: "sellers", Each: true}, at("placed")}},
		{Name: "desk", Parts: []store.Part{{Path: "desk", Each: true}, at("placed")}},
		{Name: "state", Parts: []store.Part{text("state"), at("placed")}},
		{Name: "wake", Parts: []store.Part{at("wake")}, Sparse: true},
		{Name: "stands", Parts: []store.Part{{Path: "stands", Each: true}}, Sparse: true},
		{Name: "waits", Parts: []store.Part{{Path: "waits", Each: true}, at("placed")}, Sparse: true},
		outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.coupons, err = store.Open[Coupon](ctx, d.DB, store.Spec{Name: "coupons", Version: 1, Indexes: []store.Index{
		{Name: "seller", Parts: []store.Part{text("seller"), at("created")}}, outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.caps, err = store.Open[capDoc](ctx, d.DB, store.Spec{Name: "order_caps", Version: 1, Indexes: []store.Index{
		{Name: "erase", Parts: []store.Part{at("erase")}},
	}}); err != nil {
		return nil, err
	}
	if s.networks, err = store.Open[netDoc](ctx, d.DB, store.Spec{Name: "order_networks", Version: 1, Indexes: []store.Index{
		{Name: "erase", Parts: []store.Part{at("erase")}},
	}}); err != nil {
		return nil, err
	}
	if s.sums, err = store.Open[sumDoc](ctx, d.DB, store.Spec{Name: "ledger_sums", Version: 1}); err != nil {
		return nil, err
	}
	if s.ledger, err = store.Open[Entry](ctx, d.DB, store.Spec{Name: "ledger", Version: 2, Upgrade: upgradeEntry, Indexes: []store.Index{
		{Name: "account", Parts: []store.Part{text("account"), at("at")}},
		{Name: "written", Parts: []store.Part{text("account"), at("written")}},
		{Name: "order", Parts: []store.Part{text("order")}, Sparse: true},
	}}); err != nil {
		return nil, err
	}
	if s.transfers, err = store.Open[TransferIn](ctx, d.DB, store.Spec{Name: "transfers", Version: 1, Indexes: []store.Index{
		{Name: "state", Parts: []store.Part{text("state"), at("booked")}}, outbox.Index,
	}}); err != nil {
		return nil, err
	}
	if s.batches, err = store.Open[Batch](ctx, d.DB, batchSpec()); err != nil {
		return nil, err
	}
	if s.terms, err = store.Open[Terms](ctx, d.DB, store.Spec{Name: "order_terms", Version: 1, Indexes: []store.Index{outbox.Index}}); err != nil {
		return nil, err
	}
	s.termsOut = outbox.New(s.terms, d.Effects, func(t *Terms) (string, *outbox.Box) { return t.Seller, &t.Box })
	s.couponOut = outbox.New(s.coupons, d.Effects, func(k *Coupon) (string, *outbox.Box) { return k.Code, &k.Box })
	s.moneyOut = outbox.New(s.transfers, d.Effects, func(t *TransferIn) (string, *outbox.Box) { return t.ID, &t.Box })
	s.batchOut = outbox.New(s.batches, d.Effects, func(b *Batch) (string, *outbox.Box) { return b.ID, &b.Box })
	s.Fulfillers[couponNeed] = couponUses{s}
	s.out = outbox.New(s.orders, d.Effects, func(o *Order) (string, *outbox.Box) { return o.ID, &o.Box })
	return s, nil
}

// Order finds an order by its id, which only those have whom it concerns.
func (s *Service) Order(ctx context.Context, id string) (Order, error) {
	if len(id) != idLength {
		return Order{}, fault.New(fault.NotFound, "order.not_found")
	}
	o, err := s.orders.Get(ctx, id)
	return o, unknown(err)
}

func unknown(err error) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, "order.not_found", err)
	}
	return err
}

// change makes one transition of an order and does what follows from it: fn may
// run several times. What fails after the transition is left to the worker.
func (s *Service) change(ctx context.Context, id string, fn func(*Order, time.Time) error) error {
	now := s.Now()
	err := s.orders.Update(ctx, id, func(o *Order) error {
		rev := o.Rev
		if err := fn(o, now); err != nil {
			return err
		}
		if o.Rev != rev {
			o.Post(now, o.effects(rev, s.Pay)...)
		}
		o.seal(now)
		return nil
	})
	if err != nil {
		return unknown(err)
	}
	s.follow(ctx, id)
	return nil
}

// follow performs what an order carries and what it asks for next.
func (s *Service) follow(ctx context.Context, id string) {
	if err := s.Advance(ctx, id); err != nil {
		s.Log.Warn("an order is left to the worker", "order", masked(id), "error", err)
	}
	if err := s.out.Settle(ctx, id); err != nil {
		s.Log.Warn("effects of an order are left to the worker", "order", masked(id), "error", err)
	}
}

// masked names an order in a log without telling its address.
func masked(id string) string { return id[:min(6, len(id))] + "…" }

// Sweep does what orders wait for: those that ran out, and whatever a crash
// interrupted. A worker calls it every few seconds.
func (s *Service) Sweep(ctx context.Context) (n int, first error) {
	note := func(err error) {
		if err != nil && first == nil {
			first = err
		}
	}
	note(s.orders.All(ctx, store.Query{Index: "wake", To: s.Now().Add(time.Millisecond)}, func(o Order) error {
		n++
		note(s.Advance(ctx, o.ID))
		return ctx.Err()
	}))
	_, err := s.out.Sweep(ctx, s.Now().Add(-leaseFor))
	note(err)
	_, err = s.termsOut.Sweep(ctx, s.Now().Add(-leaseFor))
	note(err)
	_, err = s.couponOut.Sweep(ctx, s.Now().Add(-leaseFor))
	note(err)
	note(s.sweepMoney(ctx))
	return n, first
}
