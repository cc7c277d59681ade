package storetest

import (
	"context"
	"encoding/base64"
	"fmt"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

func pages(t *testing.T, fresh Fresh) {
	t.Run("NeitherSkipNorRepeat", func(t *testing.T) { neitherSkipNorRepeat(t, fresh) })
	t.Run("Limits", func(t *testing.T) { limits(t, fresh) })
	t.Run("BadCursors", func(t *testing.T) { badCursors(t, fresh) })
	t.Run("DeletedPosition", func(t *testing.T) { deletedPosition(t, fresh) })
}

// neitherSkipNorRepeat pages through twenty rows, most with equal keys, while
// rows are added before, at and behind the cursor.
func neitherSkipNorRepeat(t *testing.T, fresh Fresh) {
	byRank := []store.Part{text("group"), {Path: "rank", Kind: store.Int}}
	for name, q := range map[string]store.Query{
		"up":        {Index: "rank", Eq: []any{"g"}},
		"down":      {Index: "rank", Eq: []any{"g"}, Desc: true},
		"whole":     {Index: "rank"},
		"range":     {Index: "rank", Eq: []any{"g"}, From: 0, To: 1000},
		"each":      {Index: "tag", Eq: []any{"x"}},
		"each down": {Index: "tag", Eq: []any{"x"}, Desc: true},
		"ids":       {},
		"ids down":  {Desc: true},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := items(t, fresh, store.Index{Name: "rank", Parts: byRank},
				store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}, {Path: "rank", Kind: store.Int}}})
			row := func(i, rank int) item {
				return item{ID: id(i), Group: "g", Rank: int64(rank), Tags: []string{"x", "y"}}
			}
			for i := range 20 {
				insert(t, c, row(100+i*10, i/7))
			}
			seen := pageThrough(t, c, q, func(page int) {
				insert(t, c, row(1000+page, page%4), row(page, page%4), row(101+page*10, page%4))
			})
			for i := range 20 {
				if n := seen[id(100+i*10)]; n != 1 {
					t.Errorf("row %d seen %d times", i, n)
				}
			}
			for id, n := range seen {
				if n > 1 {
					t.Errorf("%s seen %d times", id, n)
				}
			}
		})
	}
}

// pageThrough reads pages of three, calling between after each of the first
// ten, and counts how often it met each id.
func pageThrough(t *testing.T, c *store.Collection[item], q store.Query, between func(int)) map[string]int {
	t.Helper()
	seen := map[string]int{}
	q.Limit = 3
	for page := range 100 {
		vs, next, err := c.Find(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		if len(vs) > 3 {
			t.Fatalf("page of %d", len(vs))
		}
		for _, v := range vs {
			seen[v.ID]++
		}
		if next == "" {
			return seen
		}
		q.After = next
		if page < 10 {
			between(page)
		}
	}
	t.Fatal("paging does not end")
	return nil
}

func limits(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "rank", Parts: []store.Part{{Path: "rank", Kind: store.Int}}})
	all := make([]item, store.MaxLimit+5)
	for i := range all {
		all[i] = item{ID: id(i), Rank: int64(i), Name: fmt.Sprint(i)}
	}
	insert(t, c, all...)
	ctx := context.Background()
	for _, limit := range []int{0, store.MaxLimit, store.MaxLimit + 1, 1 << 40} {
		vs, next, err := c.Find(ctx, store.Query{Index: "rank", Limit: limit})
		if err != nil || len(vs) != store.MaxLimit || next == "" {
			t.Errorf("limit %d: %d rows, cursor %q, %v", limit, len(vs), next, err)
		}
	}
	vs, next, err := c.Find(ctx, store.Query{Index: "rank", From: 1000})
	if err != nil || len(vs) != 5 || next != "" {
		t.Errorf("last page: %d rows, cursor %q, %v", len(vs), next, err)
	}
	vs, next, err = c.Find(ctx, store.Query{Index: "rank", From: 1000, Limit: 5})
	if err != nil || len(vs) != 5 || next != "" {
		t.Errorf("a page that ends exactly: %d rows, cursor %q, %v", len(vs), next, err)
	}
	if n := len(names(t, c, store.Query{})); n != len(all) {
		t.Errorf("All saw %d of %d", n, len(all))
	}
	if n, err := c.Count(ctx, store.Query{Limit: 3, After: "ignored"}); err != nil || n != int64(len(all)) {
		t.Errorf("count %d %v", n, err)
	}
}

func badCursors(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh,
		store.Index{Name: "rank", Parts: []store.Part{text("group"), {Path: "rank", Kind: store.Int}}},
		store.Index{Name: "other", Parts: []store.Part{text("group"), {Path: "rank", Kind: store.Int}}})
	for i := range 5 {
		insert(t, c, item{ID: id(i), Group: "g", Rank: int64(i)})
	}
	ctx := context.Background()
	good := store.Query{Index: "rank", Eq: []any{"g"}, Limit: 2}
	_, next, err := c.Find(ctx, good)
	if err != nil || next == "" {
		t.Fatalf("cursor %q: %v", next, err)
	}
	for what, change := range map[string]func(*store.Query){
		"garbage":        func(q *store.Query) { q.After = "not a cursor" },
		"not base64":     func(q *store.Query) { q.After = "%%%\x00" },
		"short document": func(q *store.Query) { q.After = base64.RawURLEncoding.EncodeToString([]byte{5, 0, 0, 0, 0}) },
		"lying length":   func(q *store.Query) { q.After = base64.RawURLEncoding.EncodeToString([]byte{255, 255, 255, 127}) },
		"cut":            func(q *store.Query) { q.After = next[:len(next)-4] },
		"other index":    func(q *store.Query) { q.Index = "other" },
		"other way":      func(q *store.Query) { q.Desc = true },
		"other prefix":   func(q *store.Query) { q.Eq = nil },
		"no index":       func(q *store.Query) { q.Index, q.Eq = "", nil },
	} {
		t.Run(what, func(t *testing.T) {
			q := good
			q.After = next
			change(&q)
			_, _, err := c.Find(ctx, q)
			wantFault(t, err, fault.Invalid, "store.cursor")
		})
	}
}

// deletedPosition: a cursor is a place, not a row.
func deletedPosition(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "rank", Unique: true, Parts: []store.Part{{Path: "rank", Kind: store.Int}}})
	for i := range 6 {
		insert(t, c, item{ID: id(i), Name: fmt.Sprint(i), Rank: int64(i)})
	}
	ctx := context.Background()
	_, next, err := c.Find(ctx, store.Query{Index: "rank", Limit: 3})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Delete(ctx, id(2)); err != nil {
		t.Fatal(err)
	}
	got := names(t, c, store.Query{Index: "rank", After: next})
	if fmt.Sprint(got) != "[3 4 5]" {
		t.Errorf("after a deleted row: %v", got)
	}
}
