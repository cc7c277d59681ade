package storetest

import (
	"context"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

func writes(t *testing.T, fresh Fresh) {
	t.Run("InsertGetDelete", func(t *testing.T) { insertGetDelete(t, fresh) })
	t.Run("InsertManyStops", func(t *testing.T) { insertManyStops(t, fresh) })
	t.Run("OneWinsAnID", func(t *testing.T) { oneWinsAnID(t, fresh) })
	t.Run("SecondHandleSees", func(t *testing.T) { secondHandleSees(t, fresh) })
	t.Run("PingAndClose", func(t *testing.T) { pingAndClose(t, fresh) })
}

func insertGetDelete(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "name", Parts: []store.Part{text("name")}},
		store.Index{Name: "tags", Parts: []store.Part{{Path: "tags", Each: true}}})
	ctx := context.Background()
	for _, missing := range []string{"none", "", "\xff", "x\x00y"} {
		_, err := c.Get(ctx, missing)
		wantFault(t, err, fault.NotFound, "store.not_found")
		wantFault(t, c.Delete(ctx, missing), fault.NotFound, "store.not_found")
		err = c.Update(ctx, missing, func(*item) error { t.Error("called"); return nil })
		wantFault(t, err, fault.NotFound, "store.not_found")
	}
	insert(t, c, item{ID: "1", Name: "a", Tags: []string{"t"}})
	wantFault(t, c.Insert(ctx, item{ID: "1", Name: "b"}), fault.Conflict, "store.conflict")
	if v := get(t, c, "1"); v.Name != "a" {
		t.Errorf("a refused insert changed the document to %q", v.Name)
	}
	wantFault(t, c.Insert(ctx, item{Name: "no id"}), fault.Internal, "store.id")
	if err := c.Delete(ctx, "1"); err != nil {
		t.Fatal(err)
	}
	_, err := c.Get(ctx, "1")
	wantFault(t, err, fault.NotFound, "store.not_found")
	wantNames(t, c, store.Query{Index: "name"})
	wantNames(t, c, store.Query{Index: "tags", Eq: []any{"t"}})
	_, err = c.First(ctx, store.Query{Index: "name"})
	wantFault(t, err, fault.NotFound, "store.not_found")
	insert(t, c, item{ID: "1", Name: "again"})
	wantNames(t, c, store.Query{}, "again")
}

func insertManyStops(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	ctx := context.Background()
	insert(t, c, item{ID: "3", Name: "old"})
	n, err := c.InsertMany(ctx, []item{{ID: "1", Name: "a"}, {ID: "2", Name: "b"},
		{ID: "3", Name: "c"}, {ID: "4", Name: "d"}})
	wantFault(t, err, fault.Conflict, "store.conflict")
	if n != 2 {
		t.Errorf("stored %d, want 2", n)
	}
	wantNames(t, c, store.Query{}, "a", "b", "old")
	if n, err := c.InsertMany(ctx, nil); n != 0 || err != nil {
		t.Errorf("nothing to insert: %d %v", n, err)
	}
}

func oneWinsAnID(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() { errs[i] = c.Insert(context.Background(), item{ID: "one"}) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			wantFault(t, err, fault.Conflict, "store.conflict")
		}
	}
	if won != 1 {
		t.Errorf("%d inserts of one id succeeded", won)
	}
}

// secondHandleSees: a command beside a running server reads what it wrote,
// and the other way round.
func secondHandleSees(t *testing.T, fresh Fresh) {
	byName := store.Index{Name: "name", Parts: []store.Part{text("name")}}
	w, c := items(t, fresh, byName)
	other := open[item](t, w.second(), spec(byName))
	insert(t, c, item{ID: "1", Name: "a"})
	insert(t, other, item{ID: "2", Name: "b"})
	if err := other.Update(context.Background(), "1", func(v *item) error { v.Name = "z"; return nil }); err != nil {
		t.Fatal(err)
	}
	wantNames(t, c, store.Query{Index: "name"}, "b", "z")
	wantNames(t, other, store.Query{Index: "name"}, "b", "z")
}

func pingAndClose(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	ctx := context.Background()
	insert(t, c, item{ID: "1"})
	if err := w.db.Ping(ctx); err != nil {
		t.Errorf("ping: %v", err)
	}
	if err := w.db.Close(); err != nil {
		t.Fatal(err)
	}
	wantFault(t, w.db.Ping(ctx), fault.Unavailable, "")
	_, err := c.Get(ctx, "1")
	wantFault(t, err, fault.Unavailable, "")
	wantFault(t, c.Insert(ctx, item{ID: "2"}), fault.Unavailable, "")
	_, _, err = c.Find(ctx, store.Query{})
	wantFault(t, err, fault.Unavailable, "")
	_, err = c.Count(ctx, store.Query{})
	wantFault(t, err, fault.Unavailable, "")
	_, err = store.Open[item](ctx, w.db, spec())
	wantFault(t, err, fault.Unavailable, "")
	w.db = w.dial()
	get(t, open[item](t, w.db, spec()), "1")
}
