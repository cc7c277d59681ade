package storetest

import (
	"context"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

func indexes(t *testing.T, fresh Fresh) {
	t.Run("Unique", func(t *testing.T) { unique(t, fresh) })
	t.Run("Sparse", func(t *testing.T) { sparse(t, fresh) })
	t.Run("UniqueSparse", func(t *testing.T) { uniqueSparse(t, fresh) })
	t.Run("Each", func(t *testing.T) { each(t, fresh) })
	t.Run("UniqueEach", func(t *testing.T) { uniqueEach(t, fresh) })
	t.Run("MissingPart", func(t *testing.T) { missingPart(t, fresh) })
	t.Run("BadDeclaration", func(t *testing.T) { badDeclaration(t, fresh) })
}

func unique(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "place", Unique: true,
		Parts: []store.Part{text("group"), {Path: "rank", Kind: store.Int}}})
	ctx := context.Background()
	insert(t, c, item{ID: "1", Name: "a", Group: "g", Rank: 1}, item{ID: "2", Name: "b", Group: "g", Rank: 2},
		item{ID: "3", Name: "c", Group: "h", Rank: 1})
	wantFault(t, c.Insert(ctx, item{ID: "4", Group: "g", Rank: 2}), fault.Conflict, "store.conflict")
	err := c.Update(ctx, "1", func(v *item) error { v.Rank = 2; return nil })
	wantFault(t, err, fault.Conflict, "store.conflict")
	if v := get(t, c, "1"); v.Rank != 1 {
		t.Errorf("a refused update left rank %d", v.Rank)
	}
	if err := c.Update(ctx, "1", func(v *item) error { v.Name = "aa"; return nil }); err != nil {
		t.Errorf("an update that keeps its own value: %v", err)
	}
	if err := c.Delete(ctx, "2"); err != nil {
		t.Fatal(err)
	}
	insert(t, c, item{ID: "4", Name: "d", Group: "g", Rank: 2})
	wantNames(t, c, store.Query{Index: "place"}, "aa", "d", "c")
}

func sparse(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "code", Sparse: true,
		Parts: []store.Part{text("group"), text("code")}})
	ctx := context.Background()
	insert(t, c, item{ID: "1", Name: "with", Group: "g", Code: ptr("x")}, item{ID: "2", Name: "without", Group: "g"},
		item{ID: "3", Name: "empty", Group: "g", Code: ptr("")}, item{ID: "4", Name: "same", Group: "g", Code: ptr("x")})
	wantNames(t, c, store.Query{Index: "code"}, "empty", "with", "same")
	wantNames(t, c, store.Query{Index: "code", Eq: []any{"g"}, Desc: true}, "same", "with", "empty")
	if err := c.Update(ctx, "1", func(v *item) error { v.Code = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.Update(ctx, "2", func(v *item) error { v.Code = ptr("a"); return nil }); err != nil {
		t.Fatal(err)
	}
	wantNames(t, c, store.Query{Index: "code", Eq: []any{"g"}}, "empty", "without", "same")
	wantNames(t, c, store.Query{}, "with", "without", "empty", "same")
}

func uniqueSparse(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "code", Unique: true, Sparse: true, Parts: []store.Part{text("code")}})
	ctx := context.Background()
	insert(t, c, item{ID: "1", Name: "a"}, item{ID: "2", Name: "b"}, item{ID: "3", Name: "c", Code: ptr("x")})
	wantFault(t, c.Insert(ctx, item{ID: "4", Code: ptr("x")}), fault.Conflict, "store.conflict")
	err := c.Update(ctx, "1", func(v *item) error { v.Code = ptr("x"); return nil })
	wantFault(t, err, fault.Conflict, "store.conflict")
	if err := c.Update(ctx, "3", func(v *item) error { v.Code = nil; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.Update(ctx, "1", func(v *item) error { v.Code = ptr("x"); return nil }); err != nil {
		t.Errorf("the value is free again: %v", err)
	}
	wantNames(t, c, store.Query{Index: "code"}, "a")
}

func each(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh,
		store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}, {Path: "rank", Kind: store.Int}}},
		store.Index{Name: "key", Parts: []store.Part{text("group"), {Path: "parts.key", Each: true}, text("name")}})
	insert(t, c,
		item{ID: "1", Name: "a", Group: "g", Rank: 3, Tags: []string{"x", "y", "x"}, Parts: []part{{"k", 1}, {"l", 1}}},
		item{ID: "2", Name: "b", Group: "g", Rank: 1, Tags: []string{"x"}, Parts: []part{{"k", 1}, {"k", 2}}},
		item{ID: "3", Name: "c", Group: "h", Rank: 2, Tags: nil, Parts: []part{{"k", 9}}},
		item{ID: "4", Name: "d", Group: "g", Rank: 2, Tags: []string{"x", "z"}})
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"x"}}, "b", "d", "a")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"x"}, Desc: true, Limit: 1}, "a", "d", "b")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"x"}, From: 2, To: 3}, "d")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{""}})
	wantNames(t, c, store.Query{Index: "key", Eq: []any{"g", "k"}, Limit: 1}, "a", "b")
	err := c.Update(context.Background(), "1", func(v *item) error { v.Tags = []string{"z"}; return nil })
	if err != nil {
		t.Fatal(err)
	}
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"x"}}, "b", "d")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"z"}}, "d", "a")
}

func uniqueEach(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "key", Unique: true,
		Parts: []store.Part{{Path: "parts.key", Each: true}}})
	ctx := context.Background()
	insert(t, c, item{ID: "1", Name: "a", Parts: []part{{"k", 1}, {"l", 2}, {"k", 3}}},
		item{ID: "2", Name: "none"}, item{ID: "3", Name: "none either"}, item{ID: "4", Name: "b", Parts: []part{{"m", 1}}})
	wantFault(t, c.Insert(ctx, item{ID: "5", Parts: []part{{"n", 1}, {"l", 1}}}), fault.Conflict, "store.conflict")
	_, err := c.Get(ctx, "5")
	wantFault(t, err, fault.NotFound, "")
	err = c.Update(ctx, "4", func(v *item) error { v.Parts = append(v.Parts, part{"k", 1}); return nil })
	wantFault(t, err, fault.Conflict, "store.conflict")
	wantNames(t, c, store.Query{Index: "key", Eq: []any{"m"}}, "b")
	wantNames(t, c, store.Query{Index: "key", Eq: []any{"n"}})
	if err := c.Update(ctx, "1", func(v *item) error { v.Parts = v.Parts[1:2]; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.Update(ctx, "4", func(v *item) error { v.Parts = append(v.Parts, part{"k", 1}); return nil }); err != nil {
		t.Errorf("the value is free again: %v", err)
	}
	wantNames(t, c, store.Query{Index: "key", Eq: []any{"k"}}, "b")
	wantNames(t, c, store.Query{Index: "key", Eq: []any{"l"}}, "a")
}

func missingPart(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "code", Parts: []store.Part{text("code")}})
	ctx := context.Background()
	wantFault(t, c.Insert(ctx, item{ID: "1"}), fault.Internal, "store.index")
	insert(t, c, item{ID: "1", Code: ptr("x")})
	err := c.Update(ctx, "1", func(v *item) error { v.Code = nil; return nil })
	wantFault(t, err, fault.Internal, "store.index")
	if get(t, c, "1").Code == nil {
		t.Error("the refused update was stored")
	}
}

func badDeclaration(t *testing.T, fresh Fresh) {
	w := newWorld(t, fresh)
	ok := []store.Part{text("name")}
	for what, s := range map[string]store.Spec{
		"no name":     {Version: 1},
		"quoted name": {Name: `a"b`, Version: 1},
		"no version":  {Name: "items"},
		"two of one":  spec(store.Index{Name: "a", Parts: ok}, store.Index{Name: "A", Parts: ok}),
		"no parts":    spec(store.Index{Name: "a"}),
		"bad path":    spec(store.Index{Name: "a", Parts: []store.Part{text("a..b")}}),
		"two Each":    spec(store.Index{Name: "a", Parts: []store.Part{{Path: "a", Each: true}, {Path: "b", Each: true}}}),
	} {
		_, err := store.Open[item](context.Background(), w.db, s)
		t.Run(what, func(t *testing.T) { wantFault(t, err, fault.Internal, "store.spec") })
	}
}
