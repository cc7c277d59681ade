package order

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/hold"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// rack is a fulfiller whose stocks are small documents of the store.
type rack struct{ docs *store.Collection[rackDoc] }

type rackDoc struct {
	ID        string `bson:"_id"`
	Capacity  int64  `bson:"capacity"`
	hold.Book `bson:",inline"`
}

func (r rack) Quote(_ context.Context, ref string) (Quote, error) {
	return Quote{Seller: "htx", Title: lang.Text{Vi: ref}, Price: 95_000, Grams: 280, Free: 1 << 30, Needs: []Need{{Goods, ref, 1}}}, nil
}

func (r rack) with(ctx context.Context, n Need, fn func(*rackDoc) error) error {
	return r.docs.Update(ctx, n.Resource, fn)
}

func (r rack) Hold(ctx context.Context, order string, n Need, until time.Time) error {
	return r.with(ctx, n, func(d *rackDoc) error { return d.Book.Hold(d.Capacity, order, n.Quantity, until, time.Now()) })
}

func (r rack) Settle(ctx context.Context, order string, n Need) error {
	return r.with(ctx, n, func(d *rackDoc) error {
		if err := d.Book.Settle(d.Capacity, order, n.Quantity, time.Now()); err != nil {
			return err
		}
		d.Capacity -= d.Book.Fold(order)
		return nil
	})
}

func (r rack) Release(ctx context.Context, order string, n Need) error {
	return r.with(ctx, n, func(d *rackDoc) error { d.Book.Release(order); return nil })
}
func (r rack) Fold(context.Context, string, Need) error    { return nil }
func (r rack) Restore(context.Context, string, Need) error { return nil }

type silent struct{}

func (silent) Perform(context.Context, outbox.Effect) error { return nil }

const benchProducts = 64

// newRackShop is a shop whose everything is in one store.
func newRackShop(b *testing.B) *Service {
	b.Helper()
	file, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	docs, err := store.Open[rackDoc](b.Context(), file, store.Spec{Name: "racks", Version: 1})
	if err != nil {
		b.Fatal(err)
	}
	for i := range benchProducts {
		if err := docs.Insert(b.Context(), rackDoc{ID: fmt.Sprint("g", i), Capacity: 1 << 40, Book: hold.Book{Holds: []hold.Claim{}, Settled: []hold.Claim{}}}); err != nil {
			b.Fatal(err)
		}
	}
	s, err := New(b.Context(), Deps{DB: file, Effects: silent{}, Fulfillers: map[Kind]Fulfiller{Goods: rack{docs}}, Sellers: makers{},
		Key: make([]byte, 32), Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// orders lets 64 workers place a number of cash orders over some products, and
// returns how many a second.
func orders(b *testing.B, s *Service, n, products int) float64 {
	b.Helper()
	forms := make([]Checkout, n)
	for i := range forms {
		cart := NewID()
		if err := s.Put(b.Context(), cart, "", Goods, fmt.Sprint("g", i%products), 1); err != nil {
			b.Fatal(err)
		}
		forms[i] = Checkout{ID: NewID(), Cart: cart, Lang: lang.Vi, Method: Cash, Network: fmt.Sprint("n", time.Now().UnixNano(), i), Seen: 95_000 + 20_000,
			Customer: Customer{Name: "Hoa", Phone: fmt.Sprintf("09%08d", time.Now().UnixNano()%50_000_000+int64(i)), Street: "1", Commune: "x", Province: "14"}}
	}
	next, failed := new(atomic.Int64), new(atomic.Int64)
	start := time.Now()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				if _, err := s.Place(b.Context(), forms[i]); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	wg.Wait()
	took := time.Since(start).Seconds()
	if failed.Load() > 0 {
		b.Fatalf("%d orders failed", failed.Load())
	}
	return float64(n) / took
}

// bareUpdates are the writes that follow an order's own in the flow: that it is
// placed, that its effects were performed, that its cart is empty.
const bareUpdates = 3

// bare makes the durable writes of orders alone (two limits, the order, its
// stock, bareUpdates), from 64 workers and with nothing around them, and returns
// for how many orders a second.
func bare(b *testing.B, n int) float64 {
	b.Helper()
	s := newRackShop(b)
	r := s.Fulfillers[Goods].(rack)
	cart := NewID()
	if err := s.Put(b.Context(), cart, "", Goods, "g0", 1); err != nil {
		b.Fatal(err)
	}
	f := Checkout{ID: NewID(), Cart: cart, Lang: lang.Vi, Method: Cash, Network: "n", Seen: 115_000,
		Customer: Customer{Name: "Hoa", Phone: "0912345678", Street: "1", Commune: "x", Province: "14"}}
	like, err := s.Place(b.Context(), f)
	if err != nil {
		b.Fatal(err)
	}
	next, start := new(atomic.Int64), time.Now()
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			for {
				i := next.Add(1)
				if i > int64(n) {
					return
				}
				o := like
				o.ID, o.Code = NewID(), newCode()+fmt.Sprint(i)
				err := s.caps.Insert(b.Context(), capDoc{ID: NewID(), Book: hold.Book{Holds: []hold.Claim{}, Settled: []hold.Claim{}}})
				if err == nil {
					err = s.caps.Insert(b.Context(), capDoc{ID: NewID(), Book: hold.Book{Holds: []hold.Claim{}, Settled: []hold.Claim{}}})
				}
				if err == nil {
					err = s.orders.Insert(b.Context(), o)
				}
				if err == nil {
					err = r.Settle(b.Context(), o.ID, Need{Goods, fmt.Sprint("g", i%benchProducts), 1})
				}
				for range bareUpdates {
					if err == nil {
						err = s.orders.Update(b.Context(), o.ID, func(o *Order) error { o.Rev++; return nil })
					}
				}
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// BenchmarkOrders places cash orders from 64 workers: over many products, over
// two hot ones, beside the same writes alone, in alternating rounds of which the
// best of each counts.
func BenchmarkOrders(b *testing.B) {
	for b.Loop() {
		var spread, hot, plain float64
		for range 5 {
			s := newRackShop(b)
			spread = max(spread, orders(b, s, 1500, benchProducts))
			hot, plain = max(hot, orders(b, s, 600, 2)), max(plain, bare(b, 1500))
		}
		b.ReportMetric(spread, "orders/s")
		b.ReportMetric(hot, "hot_orders/s")
		b.ReportMetric(spread/plain, "of_bare_writes")
		b.ReportMetric(hot/spread, "hot_of_spread")
		if spread/plain < 0.45 || hot/spread < 0.40 {
			b.Errorf("%.2f of the bare writes and %.2f of the spread rate on hot products; 0.45 and 0.40 are asked for", spread/plain, hot/spread)
		}
	}
}
