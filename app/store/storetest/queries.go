package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

func queries(t *testing.T, fresh Fresh) {
	t.Run("RangeAndOrder", func(t *testing.T) { rangeAndOrder(t, fresh) })
	t.Run("Milliseconds", func(t *testing.T) { milliseconds(t, fresh) })
	t.Run("VietnameseOrder", func(t *testing.T) { vietnameseOrder(t, fresh) })
	t.Run("OrderOfIDs", func(t *testing.T) { orderOfIDs(t, fresh) })
	t.Run("BytesOrder", func(t *testing.T) { bytesOrder(t, fresh) })
	t.Run("Refused", func(t *testing.T) { refused(t, fresh) })
}

func rangeAndOrder(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "rank", Parts: []store.Part{
		{Path: "live", Kind: store.Bool}, {Path: "rank", Kind: store.Int}, text("name")}})
	const big = 1 << 62
	insert(t, c, item{ID: "1", Name: "b", Live: true, Rank: 5}, item{ID: "2", Name: "a", Live: true, Rank: 5},
		item{ID: "3", Name: "c", Live: true, Rank: -5}, item{ID: "4", Name: "d", Live: false, Rank: 5},
		item{ID: "5", Name: "e", Live: true, Rank: big}, item{ID: "6", Name: "f", Live: true, Rank: big + 1},
		item{ID: "0", Name: "a", Live: true, Rank: 5})
	yes := []any{true}
	wantNames(t, c, store.Query{Index: "rank"}, "d", "c", "a", "a", "b", "e", "f")
	wantNames(t, c, store.Query{Index: "rank", Desc: true}, "f", "e", "b", "a", "a", "c", "d")
	wantNames(t, c, store.Query{Index: "rank", Eq: yes, From: 5, To: 6}, "a", "a", "b")
	wantNames(t, c, store.Query{Index: "rank", Eq: yes, From: int64(big), Desc: true}, "f", "e")
	wantNames(t, c, store.Query{Index: "rank", Eq: yes, From: big + 1}, "f")
	wantNames(t, c, store.Query{Index: "rank", Eq: yes, To: 5, Limit: 1}, "c")
	wantNames(t, c, store.Query{Index: "rank", Eq: []any{true, 5, "b"}}, "b")
	wantNames(t, c, store.Query{Index: "rank", Eq: yes, From: 6, To: 5})
	vs, _, err := c.Find(context.Background(), store.Query{Index: "rank", Eq: []any{true, 5, "a"}, Desc: true})
	if err != nil || len(vs) != 2 || vs[0].ID != "2" || vs[1].ID != "0" {
		t.Errorf("equal parts, descending: %v %v, want ids 2 0", vs, err)
	}
}

func milliseconds(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "seen", Parts: []store.Part{{Path: "seen", Kind: store.Time}}})
	at := time.Date(2025, 11, 3, 8, 0, 0, 0, time.UTC)
	ms := func(n int) time.Time { return at.Add(time.Duration(n) * time.Millisecond) }
	insert(t, c, item{ID: "1", Name: "20", Seen: ms(20)}, item{ID: "2", Name: "3", Seen: ms(3)},
		item{ID: "3", Name: "999", Seen: ms(999)}, item{ID: "4", Name: "100", Seen: ms(100)},
		item{ID: "5", Name: "before 1970", Seen: time.Date(1969, 12, 31, 23, 59, 59, 1e6, time.UTC)})
	wantNames(t, c, store.Query{Index: "seen"}, "before 1970", "3", "20", "100", "999")
	wantNames(t, c, store.Query{Index: "seen", From: ms(20), To: ms(999)}, "20", "100")
	local := ms(3).In(time.FixedZone("ICT", 7*3600)).Add(400 * time.Microsecond)
	wantNames(t, c, store.Query{Index: "seen", Eq: []any{local}}, "3")
	wantNames(t, c, store.Query{Index: "seen", Desc: true, Limit: 2}, "999", "100", "20", "3", "before 1970")
}

func vietnameseOrder(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "sort", Parts: []store.Part{text("group")}})
	want := strings.Fields("a à ả ã á ạ ă ằ â ấ b d da đ đa e ê ế g o ô ố ơ ờ p u ú ư ừ v")
	for i, n := range []int{7, 3, 19, 0, 28, 11} { // inserted out of order
		want[i%len(want)], want[n] = want[n], want[i%len(want)]
	}
	for i, name := range want {
		insert(t, c, item{ID: id(i), Name: name, Group: lang.SortKey(name)})
	}
	wantNames(t, c, store.Query{Index: "sort"},
		strings.Fields("a à ả ã á ạ ă ằ â ấ b d da đ đa e ê ế g o ô ố ơ ờ p u ú ư ừ v")...)
}

func orderOfIDs(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	insert(t, c, item{ID: "b", Name: "2"}, item{ID: "a", Name: "1"}, item{ID: "đ", Name: "4"}, item{ID: "c", Name: "3"})
	wantNames(t, c, store.Query{}, "1", "2", "3", "4")
	wantNames(t, c, store.Query{Desc: true, Limit: 1}, "4", "3", "2", "1")
	wantNames(t, c, store.Query{From: "b", To: "đ"}, "2", "3")
	wantNames(t, c, store.Query{From: "b", Desc: true}, "4", "3", "2")
}

// bytesOrder: text orders by bytes on both engines, whatever it holds.
func bytesOrder(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "name", Parts: []store.Part{text("name")}})
	sorted := []string{"", " ", "1", "10", "2", "A", "Z", "a", "a b", "ab", "é", "đ", "中", "🐘"}
	for i := range sorted {
		insert(t, c, item{ID: id(len(sorted) - i), Name: sorted[(i*5)%len(sorted)]})
	}
	wantNames(t, c, store.Query{Index: "name"}, sorted...)
	wantNames(t, c, store.Query{Index: "name", Eq: []any{""}}, "")
	wantNames(t, c, store.Query{Index: "name", Eq: []any{"a"}}, "a")
	wantNames(t, c, store.Query{Index: "name", Eq: []any{"' OR 1=1 --"}})
}

func refused(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh,
		store.Index{Name: "rank", Parts: []store.Part{text("group"), {Path: "rank", Kind: store.Int}}},
		store.Index{Name: "tag", Parts: []store.Part{text("group"), {Path: "tags", Each: true}}})
	ctx := context.Background()
	for what, q := range map[string]store.Query{
		"unknown index":    {Index: "nope"},
		"wrong type":       {Index: "rank", Eq: []any{1}},
		"nil value":        {Index: "rank", Eq: []any{nil}},
		"too many values":  {Index: "rank", Eq: []any{"a", 1, 2}},
		"range type":       {Index: "rank", Eq: []any{"a"}, From: "x"},
		"range past parts": {Index: "rank", Eq: []any{"a", 1}, From: 1},
		"Eq without index": {Eq: []any{"a"}},
		"id range type":    {From: 1},
		"Each not equal":   {Index: "tag", Eq: []any{"a"}},
		"negative limit":   {Index: "rank", Limit: -1},
	} {
		t.Run(what, func(t *testing.T) {
			_, _, err := c.Find(ctx, q)
			wantFault(t, err, fault.Internal, "store.index")
			_, err = c.Count(ctx, q)
			if what != "negative limit" { // Count ignores the limit
				wantFault(t, err, fault.Internal, "store.index")
			}
		})
	}
}
