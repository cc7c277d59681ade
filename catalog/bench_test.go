package catalog

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/store/sqlite"
)

// BenchmarkHoldSettle holds, settles and counts off, as 64 buyers at once do,
// with durable writes: on one stock, on 64, and on one that already remembers as
// much as it can.
func BenchmarkHoldSettle(b *testing.B) {
	for _, bb := range []struct {
		name   string
		stocks int
		full   bool
	}{{"one", 1, false}, {"one_full", 1, true}, {"spread", 64, false}} {
		b.Run(bb.name, func(b *testing.B) { benchmarkClaims(b, bb.stocks, bb.full) })
	}
}

func benchmarkClaims(b *testing.B, stocks int, full bool) {
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	s, err := New(b.Context(), db, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	for i := range stocks {
		st := Stock{GTIN: gtin(i)}
		for st.move(Move{Key: "received:0", Reason: Received, Quantity: maxStock}); full && len(st.Moves) < maxMoves; {
			st.move(Move{Key: soldTo(fmt.Sprintf("%024d", len(st.Moves))), Reason: Sold, At: time.Now()})
		}
		if err := s.stocks.Insert(b.Context(), st); err != nil {
			b.Fatal(err)
		}
	}
	const workers, steps = 64, 3
	var next, failed atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range workers {
		wg.Go(func() {
			for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
				order, number := fmt.Sprintf("%024d", i), gtin(int(i)%stocks)
				for _, err := range [steps]error{
					s.HoldStock(b.Context(), order, number, 1, time.Now().Add(time.Hour)),
					s.SettleStock(b.Context(), order, number, 1),
					s.FoldStock(b.Context(), order, number),
				} {
					if err != nil {
						failed.Add(1)
					}
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N*steps)/b.Elapsed().Seconds(), "updates/s")
	if n := failed.Load(); n > 0 {
		b.Errorf("%d updates failed", n)
	}
}
