package search_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"nguon/app/search"
	"nguon/app/search/bleveindex"
	"nguon/app/search/meili"
	"nguon/app/search/searchtest"
)

// BenchmarkListings fills each engine with 20,000 listings and asks it: how many
// are indexed a second, what that takes of this process's memory, and under what
// time 95 of 100 queries with facets are, typed well and mistyped. Meilisearch is
// asked when TEST_MEILI_URL says where it is; it must be empty.
func BenchmarkListings(b *testing.B) {
	b.Run("embedded", func(b *testing.B) {
		listings(b, func() search.Index {
			x, _, err := bleveindex.Open(b.TempDir())
			if err != nil {
				b.Fatal(err)
			}
			return x
		})
	})
	b.Run("meilisearch", func(b *testing.B) {
		address := os.Getenv("TEST_MEILI_URL")
		if address == "" {
			b.Skip("TEST_MEILI_URL is not set")
		}
		listings(b, func() search.Index { return meili.New(address, os.Getenv("TEST_MEILI_KEY")) })
	})
}

func listings(b *testing.B, open func() search.Index) {
	const n = 20_000
	docs := searchtest.Listings(n)
	for b.Loop() {
		b.StopTimer()
		x := open()
		before := memory()
		b.StartTimer()
		begun := time.Now()
		if err := x.Rebuild(b.Context(), func(yield func(search.Document) error) error {
			for _, d := range docs {
				if err := yield(d); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		took := time.Since(begun)
		after := memory()
		time.Sleep(5 * time.Second)                        // engines go on merging files for a while
		searchtest.Times(b, x, searchtest.ExactQueries, 1) // reads them once
		b.ReportMetric(float64(n)/took.Seconds(), "docs/s")
		b.ReportMetric(float64(after-min(before, after))/(1<<20), "MB")
		b.ReportMetric(milliseconds(searchtest.Times(b, x, searchtest.ExactQueries, 20)), "ms-exact-p95")
		b.ReportMetric(milliseconds(searchtest.Times(b, x, []string{"ca phe"}, 20)), "ms-all-p95") // what everything has
		b.ReportMetric(milliseconds(searchtest.Times(b, x, searchtest.NearQueries, 20)), "ms-near-p95")
		if err := x.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// memory is what lives on the heap.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
