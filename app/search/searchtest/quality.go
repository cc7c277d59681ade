package searchtest

import (
	"slices"
	"testing"

	"nguon/app/search"
)

// bestOf is how many of the first results count.
const bestOf = 5

// Quality runs the list of queries and prints recall at five, which must reach
// 0.95, and the mean reciprocal rank of what should come first.
func Quality(t *testing.T, index search.Index) {
	t.Helper()
	docs, err := Documents()
	if err != nil {
		t.Fatal(err)
	}
	if err := index.Put(t.Context(), docs); err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	for _, d := range docs {
		ids[d.ID] = true
	}
	list := Queries()
	if len(list) < 80 {
		t.Errorf("the list has %d queries", len(list))
	}
	var recall, reciprocal float64
	for _, w := range list {
		q, err := search.Query{Text: w.Text, Kind: w.Kind}.Clean()
		if err != nil {
			t.Fatal(err)
		}
		r, err := index.Search(t.Context(), q)
		if err != nil {
			t.Fatalf("%q: %v", w.Text, err)
		}
		var got []string
		for _, d := range r.Hits {
			got = append(got, d.ID)
		}
		found := 0
		for _, id := range w.IDs {
			if !ids[id] {
				t.Fatalf("%q wants %s, which is no document", w.Text, id)
			}
			if slices.Contains(got[:min(bestOf, len(got))], id) {
				found++
			}
		}
		recall += float64(found) / float64(len(w.IDs))
		if i := slices.Index(got, w.IDs[0]); i >= 0 {
			reciprocal += 1 / float64(i+1)
		}
		if found < len(w.IDs) {
			t.Logf("%q (%s) finds %v, wanted %v", w.Text, w.Why, got[:min(bestOf, len(got))], w.IDs)
		}
	}
	recall, reciprocal = recall/float64(len(list)), reciprocal/float64(len(list))
	t.Logf("%d queries: recall at %d is %.3f, mean reciprocal rank %.3f", len(list), bestOf, recall, reciprocal)
	if recall < 0.95 {
		t.Errorf("recall at %d is %.3f", bestOf, recall)
	}
}
