package bleveindex

import (
	"runtime"
	"testing"
	"time"

	"nguon/app/search"
	"nguon/app/search/searchtest"
)

// BenchmarkListings fills an index with 20,000 listings and asks it: how many are
// indexed a second, what that takes of memory, and under what time 95 of 100
// queries with facets are, typed well and mistyped.
func BenchmarkListings(b *testing.B) {
	const n = 20_000
	docs := searchtest.Listings(n)
	for b.Loop() {
		b.StopTimer()
		x := open(b)
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
		time.Sleep(5 * time.Second)                        // it goes on merging files for a while
		searchtest.Times(b, x, searchtest.ExactQueries, 1) // reads them once
		b.ReportMetric(float64(n)/took.Seconds(), "docs/s")
		b.ReportMetric(float64(after-min(before, after))/(1<<20), "MB")
		b.ReportMetric(float64(searchtest.Times(b, x, searchtest.ExactQueries, 20).Microseconds())/1000, "ms-exact-p95")
		b.ReportMetric(float64(searchtest.Times(b, x, []string{"ca phe"}, 20).Microseconds())/1000, "ms-all-p95") // what everything has
		b.ReportMetric(float64(searchtest.Times(b, x, searchtest.NearQueries, 20).Microseconds())/1000, "ms-near-p95")
	}
}

// memory is what lives on the heap.
func memory() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
