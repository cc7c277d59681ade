package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/store"
)

var benchSpec = store.Spec{Name: "things", Version: 1, Indexes: []store.Index{byName,
	{Name: "rank", Parts: []store.Part{{Path: "rank", Kind: store.Int}}}}}

func benchCollection(b *testing.B, n int) *store.Collection[thing] {
	b.Helper()
	c := collection(b, openFile(b, filepath.Join(b.TempDir(), "a.db"), Options{}), benchSpec)
	all := make([]thing, n)
	for i := range all {
		all[i] = benchThing(i)
	}
	insert(b, c, all...)
	b.ResetTimer()
	return c
}

func benchThing(i int) thing {
	return thing{ID: name(i), Name: name(i), Rank: int64(i % 100), Tags: []string{"a", "b"}, Fill: strings.Repeat("x", 800)}
}

func BenchmarkInsertMany(b *testing.B) {
	c := benchCollection(b, 0)
	all := make([]thing, b.N)
	for i := range all {
		all[i] = benchThing(i)
	}
	b.ResetTimer()
	insert(b, c, all...)
}

func BenchmarkUpdateParallel(b *testing.B) {
	c := benchCollection(b, 1000)
	var next atomic.Int64
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			bump(b, c, name(int(next.Add(1)%1000)))
		}
	})
}

func bump(b *testing.B, c *store.Collection[thing], id string) {
	err := c.Update(context.Background(), id, func(v *thing) error { v.Rank++; return nil })
	if err != nil {
		b.Error(err)
	}
}

func BenchmarkGet(b *testing.B) {
	c := benchCollection(b, 10_000)
	ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
	defer cancel()
	i := 0
	for b.Loop() {
		if _, err := c.Get(ctx, name(i*7919%10_000)); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

func BenchmarkPage20(b *testing.B) {
	c := benchCollection(b, 10_000)
	i := 0
	for b.Loop() {
		vs, _, err := c.Find(context.Background(), store.Query{Index: "rank", Eq: []any{i % 100}, Limit: 20})
		if err != nil || len(vs) != 20 {
			b.Fatal(len(vs), err)
		}
		i++
	}
}

// BenchmarkGroupCommit compares 64 workers with one in the same run, five alternating
// rounds, the best of each; "times" is how much more is written.
func BenchmarkGroupCommit(b *testing.B) {
	c := benchCollection(b, 64)
	best := map[int]float64{}
	for b.Loop() {
		for range 5 {
			for _, workers := range []int{1, 64} {
				best[workers] = max(best[workers], updatesPerSecond(b, c, workers))
			}
		}
	}
	b.ReportMetric(best[1], "one/s")
	b.ReportMetric(best[64], "sixtyfour/s")
	b.ReportMetric(best[64]/best[1], "times")
}

func updatesPerSecond(b *testing.B, c *store.Collection[thing], workers int) float64 {
	const perRound = 640
	var wg sync.WaitGroup
	start := time.Now()
	for w := range workers {
		wg.Go(func() {
			for range perRound / workers {
				bump(b, c, name(w))
			}
		})
	}
	wg.Wait()
	return perRound / time.Since(start).Seconds()
}

// BenchmarkHotDocument is 64 workers on one document, the worst case of an
// update loop.
func BenchmarkHotDocument(b *testing.B) {
	c := benchCollection(b, 1)
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			bump(b, c, name(0))
		}
	})
}

func BenchmarkCount(b *testing.B) {
	c := benchCollection(b, 10_000)
	for b.Loop() {
		if n, err := c.Count(context.Background(), store.Query{Index: "rank"}); err != nil || n != 10_000 {
			b.Fatal(fmt.Sprint(n), err)
		}
	}
}
