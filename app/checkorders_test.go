package main

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/lang"
	"nguon/app/store"
	"nguon/app/store/sqlite"
	"nguon/catalog/order"
)

const soldGTIN = "09520001000010"

// soldOne sells a packet in a store and closes it.
func soldOne(t *testing.T, dir string, sent ...order.Move) order.Order {
	t.Helper()
	ctx := t.Context()
	cfg, err := LoadConfig(env("DATA_DIR", dir))
	if err != nil {
		t.Fatal(err)
	}
	s, err := open(ctx, cfg, slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(s.catalog.Count(ctx, "test", soldGTIN, 20))
	cart := order.NewID()
	ok(s.orders.Put(ctx, cart, "", order.Goods, soldGTIN, 2))
	c, err := s.orders.Cart(ctx, cart)
	ok(err)
	f := order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: order.Transfer, Customer: order.Customer{Name: "Lò Thị Hoa", Phone: "0912345678", Street: "12 Tô Hiệu", Commune: "Tô Hiệu", Province: "14"}}
	b, err := s.orders.Basket(ctx, c, order.Wish{Province: "14"})
	ok(err)
	f.Seen = b.Total
	o, err := s.orders.Place(ctx, f)
	ok(err)
	_, err = s.orders.Receive(ctx, order.Incoming{Ref: "FT1", Amount: o.Total(), Booked: o.Placed, Memo: o.Code}, "hand", "p1")
	ok(err)
	for _, p := range sent {
		ok(s.orders.Handle(ctx, "p1", o.ID, order.Moving{Move: p, Seller: o.Sellers[0]}))
	}
	o, err = s.orders.Order(ctx, o.ID)
	ok(err)
	ok(s.close())
	return o
}

// raw is a document as it is stored, without what the store itself adds.
type raw struct {
	ID   string `bson:"_id"`
	Rest bson.M `bson:",inline"`
}

// tamper changes a document behind the program's back.
func tamper(t *testing.T, dir, collection string, version int, fn func(ctx context.Context, docs *store.Collection[raw]) error) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(dir, storeFile), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	docs, err := store.Open[raw](t.Context(), db, store.Spec{Name: collection, Version: version})
	if err == nil {
		err = fn(t.Context(), docs)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func changed(id string, fn func(bson.M)) func(context.Context, *store.Collection[raw]) error {
	return func(ctx context.Context, docs *store.Collection[raw]) error {
		return docs.Update(ctx, id, func(d *raw) error {
			delete(d.Rest, "_v") // the store's own
			delete(d.Rest, "_r")
			fn(d.Rest)
			return nil
		})
	}
}

func TestCheckComparesOrdersLedgerAndStocks(t *testing.T) {
	for name, tt := range map[string]struct {
		collection, id string // "" for the order's
		fn             func(bson.M)
		says           string
	}{
		"nothing":              {says: "claims on stocks: 1"},
		"a payment is changed": {collection: "orders", fn: func(d bson.M) { d["payments"].(bson.A)[0].(bson.M)["amount"] = int64(1) }, says: "do not add up"},
		"an order is over":     {collection: "orders", fn: func(d bson.M) { d["released"] = true }, says: "which needs 0"},
		"a claim is larger": {collection: "stocks", id: soldGTIN, fn: func(d bson.M) { d["settled"].(bson.A)[0].(bson.M)["quantity"] = int64(3) },
			says: "3 are claimed by order"},
		"a claim is gone":       {collection: "stocks", id: soldGTIN, fn: func(d bson.M) { d["settled"] = bson.A{} }, says: "needs 2 and has no claim"},
		"a transfer is changed": {collection: "transfers", id: "FT1", fn: func(d bson.M) { d["amount"] = int64(1) }, says: "the transfer FT1 is not what was paid"},
		"a claim of nobody": {collection: "stocks", id: soldGTIN, fn: func(d bson.M) { d["settled"].(bson.A)[0].(bson.M)["order"] = strings.Repeat("a", 32) },
			says: "which is no order"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			o := soldOne(t, dir)
			if tt.collection != "" {
				id := tt.id
				if id == "" {
					id = o.ID
				}
				tamper(t, dir, tt.collection, map[string]int{"orders": 1, "stocks": 3, "transfers": 1}[tt.collection], changed(id, tt.fn))
			}
			var out, errs bytes.Buffer
			code := run(t.Context(), []string{"check"}, env("DATA_DIR", dir), &out, &errs)
			want := exitFailed
			if tt.collection == "" {
				want = exitOK
			}
			if code != want || !strings.Contains(out.String(), tt.says) || !strings.Contains(out.String(), "orders: 1\n") {
				t.Errorf("%d %s%s", code, out.String(), errs.String())
			}
		})
	}
	t.Run("an entry of the ledger is gone", func(t *testing.T) {
		dir := t.TempDir()
		o := soldOne(t, dir, order.Send)
		id := o.Ledger()[0].ID
		tamper(t, dir, "ledger", 2, func(ctx context.Context, docs *store.Collection[raw]) error { return docs.Delete(ctx, id) })
		var out bytes.Buffer
		if code := run(t.Context(), []string{"check"}, env("DATA_DIR", dir), &out, &out); code != exitFailed || !strings.Contains(out.String(), "the ledger lacks "+id) {
			t.Errorf("%d %s", code, out.String())
		}
	})
}
