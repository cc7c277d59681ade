package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/store"
)

func shapes(t *testing.T, fresh Fresh) {
	t.Run("AddedIndex", func(t *testing.T) { addedIndex(t, fresh) })
	t.Run("ChangedIndex", func(t *testing.T) { changedIndex(t, fresh) })
	t.Run("DroppedAndReturned", func(t *testing.T) { droppedAndReturned(t, fresh) })
	t.Run("UniqueOverDuplicates", func(t *testing.T) { uniqueOverDuplicates(t, fresh) })
	t.Run("NewerDocument", func(t *testing.T) { newerDocument(t, fresh) })
	t.Run("Upgrade", func(t *testing.T) { upgrade(t, fresh) })
	t.Run("UpgradeFails", func(t *testing.T) { upgradeFails(t, fresh) })
}

// next reopens the data set with another declaration.
func next(w *world, s store.Spec) *store.Collection[item] {
	w.Helper()
	w.reopen()
	return open[item](w, w.db, s)
}

// addedIndex fills an index over more documents than one batch.
func addedIndex(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	all := make([]item, 1200)
	for i := range all {
		all[i] = item{ID: id(i), Name: fmt.Sprint(i), Rank: int64(len(all) - i), Tags: []string{fmt.Sprint(i % 400)}}
	}
	insert(t, c, all...)
	c = next(w, spec(store.Index{Name: "rank", Unique: true, Parts: []store.Part{{Path: "rank", Kind: store.Int}}},
		store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}}}))
	got := names(t, c, store.Query{Index: "rank"})
	if len(got) != len(all) || got[0] != "1199" || got[1199] != "0" {
		t.Errorf("%d rows from %v", len(got), got[:1])
	}
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"7"}}, "7", "407", "807")
	wantFault(t, c.Insert(context.Background(), item{ID: "x", Rank: 1}), fault.Conflict, "store.conflict")
}

// changedIndex keeps a name and changes what it means, four ways.
func changedIndex(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh, store.Index{Name: "x", Parts: []store.Part{text("name")}})
	insert(t, c, item{ID: "1", Name: "b", Rank: 2, Tags: []string{"t"}, Code: ptr("c")},
		item{ID: "2", Name: "a", Rank: 3, Tags: []string{"t", "u"}}, item{ID: "3", Name: "c", Rank: 1})
	wantNames(t, c, store.Query{Index: "x"}, "a", "b", "c")
	c = next(w, spec(store.Index{Name: "x", Parts: []store.Part{{Path: "rank", Kind: store.Int}}}))
	wantNames(t, c, store.Query{Index: "x"}, "c", "b", "a")
	c = next(w, spec(store.Index{Name: "x", Parts: []store.Part{{Path: "tags", Each: true}}}))
	wantNames(t, c, store.Query{Index: "x", Eq: []any{"t"}}, "b", "a")
	c = next(w, spec(store.Index{Name: "x", Unique: true, Sparse: true, Parts: []store.Part{text("code")}}))
	wantNames(t, c, store.Query{Index: "x"}, "b")
	wantFault(t, c.Insert(context.Background(), item{ID: "4", Code: ptr("c")}), fault.Conflict, "store.conflict")
	c = next(w, spec(store.Index{Name: "x", Sparse: true, Parts: []store.Part{text("code")}}))
	insert(t, c, item{ID: "4", Name: "d", Code: ptr("c")})
	wantNames(t, c, store.Query{Index: "x", Eq: []any{"c"}}, "b", "d")
}

// droppedAndReturned: what was written while an index was away is found when
// it is back.
func droppedAndReturned(t *testing.T, fresh Fresh) {
	byName := store.Index{Name: "name", Unique: true, Parts: []store.Part{text("name")}}
	byTag := store.Index{Name: "tag", Parts: []store.Part{{Path: "tags", Each: true}}}
	w, c := items(t, fresh, byName, byTag)
	insert(t, c, item{ID: "1", Name: "a", Tags: []string{"t"}}, item{ID: "2", Name: "b", Tags: []string{"t"}},
		item{ID: "3", Name: "gone", Tags: []string{"t"}})
	c = next(w, spec())
	ctx := context.Background()
	_, _, err := c.Find(ctx, store.Query{Index: "name"})
	wantFault(t, err, fault.Internal, "store.index")
	insert(t, c, item{ID: "4", Name: "a", Tags: []string{"t"}})
	for _, f := range []error{
		c.Update(ctx, "4", func(v *item) error { v.Name = "new"; return nil }),
		c.Update(ctx, "1", func(v *item) error { v.Name, v.Tags = "z", []string{"u"}; return nil }),
		c.Delete(ctx, "3"),
	} {
		if f != nil {
			t.Fatal(f)
		}
	}
	c = next(w, spec(byName, byTag))
	wantNames(t, c, store.Query{Index: "name"}, "b", "new", "z")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"t"}}, "b", "new")
	wantNames(t, c, store.Query{Index: "tag", Eq: []any{"u"}}, "z")
	wantFault(t, c.Insert(ctx, item{ID: "5", Name: "new"}), fault.Conflict, "store.conflict")
}

func uniqueOverDuplicates(t *testing.T, fresh Fresh) {
	for name, x := range map[string]store.Index{
		"plain": {Name: "x", Unique: true, Parts: []store.Part{text("name")}},
		"each":  {Name: "x", Unique: true, Parts: []store.Part{{Path: "tags", Each: true}}},
	} {
		t.Run(name, func(t *testing.T) {
			w, c := items(t, fresh)
			insert(t, c, item{ID: "first", Name: "same", Tags: []string{"t", "v"}}, item{ID: "other", Name: "b"},
				item{ID: "twin", Name: "same", Tags: []string{"u", "t"}})
			w.reopen()
			ctx := context.Background()
			_, err := store.Open[item](ctx, w.db, spec(x))
			wantFault(t, err, fault.Conflict, "store.duplicates")
			if s := fmt.Sprint(err); !strings.Contains(s, "first") || !strings.Contains(s, "twin") || strings.Contains(s, "other") {
				t.Errorf("error %q should name first and twin only", s)
			}
			c = next(w, spec())
			if err := c.Delete(ctx, "twin"); err != nil {
				t.Fatalf("the data must stay usable without the index: %v", err)
			}
			c = next(w, spec(x))
			wantFault(t, c.Insert(ctx, item{ID: "3", Name: "same", Tags: []string{"t"}}), fault.Conflict, "store.conflict")
		})
	}
}

// newerDocument: an older program may read a newer document, not rewrite it,
// because it would drop the fields it does not know.
func newerDocument(t *testing.T, fresh Fresh) {
	byName := store.Index{Name: "name", Parts: []store.Part{text("name")}}
	newer := spec(byName)
	newer.Version = 2
	w := newWorld(t, fresh)
	insert(t, open[item](t, w.db, newer), item{ID: "1", Name: "a"})
	c := next(w, spec(byName))
	wantNames(t, c, store.Query{Index: "name"}, "a")
	err := c.Update(context.Background(), "1", func(*item) error { t.Error("called"); return nil })
	wantFault(t, err, fault.Conflict, "store.newer")
	if v := get(t, c, "1"); v.Name != "a" {
		t.Errorf("read %+v", v)
	}
}

// regroup is an Upgrade that fills Group, which version 1 left empty, and
// marks Name.
func regroup(_ int, d bson.Raw) (bson.Raw, error) {
	var m bson.D
	if err := bson.Unmarshal(d, &m); err != nil {
		return nil, err
	}
	for i, e := range m {
		switch e.Key {
		case "group":
			m[i].Value = "upgraded"
		case "name":
			m[i].Value = fmt.Sprint(e.Value, "!")
		}
	}
	raw, err := bson.Marshal(m)
	return raw, err
}

func upgrade(t *testing.T, fresh Fresh) {
	byGroup := store.Index{Name: "group", Parts: []store.Part{text("group"), text("name")}}
	w, c := items(t, fresh, byGroup)
	insert(t, c, item{ID: "1", Name: "a"}, item{ID: "2", Name: "b"}, item{ID: "3", Name: "c"})
	v2 := spec(byGroup)
	v2.Version, v2.Upgrade = 2, regroup
	c = next(w, v2)
	if v := get(t, c, "1"); v.Group != "upgraded" || v.Name != "a!" {
		t.Errorf("read %+v", v)
	}
	wantNames(t, c, store.Query{Index: "group", Eq: []any{"upgraded"}, Limit: 1}, "a!", "b!", "c!")
	err := c.Update(context.Background(), "2", func(v *item) error { v.Name += "?"; return nil })
	if err != nil {
		t.Fatal(err)
	}
	insert(t, c, item{ID: "4", Name: "new", Group: "upgraded"})
	c = next(w, v2)
	wantNames(t, c, store.Query{Index: "group", Eq: []any{"upgraded"}}, "a!", "b!?", "c!", "new")
	wantNames(t, c, store.Query{Index: "group", Eq: []any{""}})
}

func upgradeFails(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	insert(t, c, item{ID: "1", Name: "a"})
	bad := spec()
	bad.Version = 2
	bad.Upgrade = func(int, bson.Raw) (bson.Raw, error) { return nil, errNone }
	w.reopen()
	db, err := store.Open[item](context.Background(), w.db, bad)
	if err == nil { // an engine may upgrade when it opens or when it reads
		_, err = db.Get(context.Background(), "1")
	}
	wantFault(t, err, fault.Internal, "store.upgrade")
	if v := get(t, next(w, spec()), "1"); v.Name != "a" {
		t.Errorf("read %+v", v)
	}
}
