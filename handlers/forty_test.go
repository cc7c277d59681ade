package handlers_test

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"nguon/handlers"
)

// fromNetworks lets each request say where it comes from, as a proxy does.
func fromNetworks(d *handlers.Deps) {
	d.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
}

// checkouts are guests whose carts are full and whose forms are filled in, each
// with a telephone and a network of its own; place sends the form of one.
func (s *site) checkouts(n int, lines map[string]int, pairs ...string) (place func(i int) answer) {
	s.t.Helper()
	guests, forms := make([]*person, n), make([]string, n)
	for i := range guests {
		guests[i] = s.visitor()
		for ref, quantity := range lines {
			guests[i].add(ref, quantity)
		}
		forms[i] = form(guests[i].checkout(append([]string{"phone", fmt.Sprintf("09%08d", i)}, pairs...)...)...)
	}
	return func(i int) answer {
		return s.send("POST", "/checkout", forms[i], guests[i].headers("Content-Type: application/x-www-form-urlencoded", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i))...)
	}
}

// Forty buyers want the last twenty packets at once, over HTTP.
func TestFortyBuyersOverHTTP(t *testing.T) {
	for _, method := range []string{"transfer", "cod"} {
		t.Run(method, func(t *testing.T) {
			s := newSite(t, fromNetworks)
			ctx := context.Background()
			v, other := s.two()
			must(t, s.cat.Count(ctx, "test", v.GTIN, 20))
			must(t, s.cat.Count(ctx, "test", other.GTIN, 100))
			place := s.checkouts(40, map[string]int{v.GTIN: 1, other.GTIN: 1}, "method", method)
			var mu sync.Mutex
			var wg sync.WaitGroup
			statuses := map[int]int{}
			for i := range 40 {
				wg.Go(func() {
					a := place(i)
					mu.Lock()
					defer mu.Unlock()
					statuses[a.Status]++
				})
			}
			wg.Wait()
			if statuses[303] != 20 || statuses[303]+statuses[409] != 40 {
				t.Errorf("%v", statuses)
			}
			for gtin, want := range map[string]int64{v.GTIN: 0, other.GTIN: 80} {
				st, err := s.cat.Stock(ctx, gtin)
				must(t, err)
				if free := st.Free(s.now()); free != want {
					t.Errorf("%d of %s are free, want %d", free, gtin, want)
				}
				sum := int64(0)
				for _, m := range st.Moves {
					sum += m.Quantity
				}
				if sum != st.OnHand {
					t.Errorf("moves add up to %d, %d on the shelf", sum, st.OnHand)
				}
			}
		})
	}
}

// BenchmarkSixtyCheckouts lets sixty guests place their orders at once.
func BenchmarkSixtyCheckouts(b *testing.B) {
	const guests = 60
	best := time.Hour
	for b.Loop() {
		for range 5 {
			s := newSite(b, fromNetworks)
			v, other := s.two()
			must(b, s.cat.Count(context.Background(), "test", v.GTIN, 1000))
			must(b, s.cat.Count(context.Background(), "test", other.GTIN, 1000))
			place := s.checkouts(guests, map[string]int{v.GTIN: 1, other.GTIN: 1}, "method", "transfer")
			start := time.Now()
			var wg sync.WaitGroup
			for i := range guests {
				wg.Go(func() {
					if a := place(i); a.Status != 303 {
						b.Errorf("%d", a.Status)
					}
				})
			}
			wg.Wait()
			best = min(best, time.Since(start))
		}
	}
	b.ReportMetric(float64(best.Milliseconds()), "ms/60_orders")
	if best > time.Second {
		b.Errorf("sixty orders took %v; one second is asked for", best)
	}
}
