package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

func updates(t *testing.T, fresh Fresh) {
	t.Run("FiftyTakeTen", func(t *testing.T) { fiftyTakeTen(t, fresh) })
	t.Run("TwoProcesses", func(t *testing.T) { twoProcesses(t, fresh) })
	t.Run("QueueForADocument", func(t *testing.T) { queueForADocument(t, fresh) })
	t.Run("FailedClosure", func(t *testing.T) { failedClosure(t, fresh) })
	t.Run("Interleaved", func(t *testing.T) { interleaved(t, fresh) })
	t.Run("GivesUp", func(t *testing.T) { givesUp(t, fresh) })
	t.Run("DeletedMeanwhile", func(t *testing.T) { deletedMeanwhile(t, fresh) })
	t.Run("ChangedID", func(t *testing.T) { changedID(t, fresh) })
	t.Run("Upsert", func(t *testing.T) { upsert(t, fresh) })
	t.Run("NothingChanged", func(t *testing.T) { nothingChanged(t, fresh) })
}

// upsert: whoever comes first makes the document, nobody's change is lost, and a
// refused change makes none.
func upsert(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	ctx := context.Background()
	if err := c.Upsert(ctx, "up", item{ID: "up"}, take); !errors.Is(err, errNone) {
		t.Errorf("refused: %v", err)
	}
	if _, err := c.Get(ctx, "up"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a refused change made it: %v", err)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := c.Upsert(ctx, "up", item{ID: "up", Rank: 100}, func(v *item) error { v.Rank++; return nil }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := get(t, c, "up").Rank; got != 120 {
		t.Errorf("%d after 20 changes of 100", got)
	}
}

var errNone = errors.New("none left")

func take(v *item) error {
	if v.Rank == 0 {
		return errNone
	}
	v.Rank--
	return nil
}

// fiftyTakeTen: fifty goroutines want one of ten units.
func fiftyTakeTen(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	insert(t, c, item{ID: "stock", Rank: 10})
	if got := race(t, 50, c); got != 10 {
		t.Errorf("%d of 10 units taken", got)
	}
	if left := get(t, c, "stock").Rank; left != 0 {
		t.Errorf("%d left", left)
	}
}

// twoProcesses: the same through two handles, which share no lock.
func twoProcesses(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	other := open[item](t, w.second(), spec())
	insert(t, c, item{ID: "stock", Rank: 10})
	if got := race(t, 20, c, other); got != 10 {
		t.Errorf("%d of 10 units taken", got)
	}
	if left := get(t, other, "stock").Rank; left != 0 {
		t.Errorf("%d left", left)
	}
}

func race(t *testing.T, each int, cs ...*store.Collection[item]) int64 {
	t.Helper()
	var won atomic.Int64
	var wg sync.WaitGroup
	for _, c := range cs {
		for range each {
			wg.Go(func() {
				switch err := c.Update(context.Background(), "stock", take); {
				case err == nil:
					won.Add(1)
				case !errors.Is(err, errNone):
					t.Errorf("take: %v", err)
				}
			})
		}
	}
	wg.Wait()
	return won.Load()
}

// queueForADocument: within a process updates of one document wait for each
// other, so none is done in vain.
func queueForADocument(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	insert(t, c, item{ID: "1"})
	var runs atomic.Int64
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			err := c.Update(context.Background(), "1", func(v *item) error {
				runs.Add(1)
				v.Rank++
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if v := get(t, c, "1"); v.Rank != 30 || runs.Load() != 30 {
		t.Errorf("rank %d after %d runs, want 30 after 30", v.Rank, runs.Load())
	}
}

func failedClosure(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "name", Parts: []store.Part{text("name")}})
	insert(t, c, item{ID: "1", Name: "before", Tags: []string{"t"}})
	err := c.Update(context.Background(), "1", func(v *item) error {
		v.Name, v.Tags[0] = "after", "changed"
		return errNone
	})
	if err != errNone {
		t.Errorf("error %v, want the closure's own", err)
	}
	if v := get(t, c, "1"); v.Name != "before" || v.Tags[0] != "t" {
		t.Errorf("a failed closure left %+v", v)
	}
	wantNames(t, c, store.Query{Index: "name", Eq: []any{"after"}})
}

// interleaved: somebody else writes between load and write, three times; both
// works are kept and the closure saw the others' writes.
func interleaved(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	other := open[item](t, w.second(), spec())
	insert(t, c, item{ID: "1"})
	ctx, runs := context.Background(), 0
	err := c.Update(ctx, "1", func(v *item) error {
		if runs++; runs <= 3 {
			if err := other.Update(ctx, "1", func(o *item) error { o.Rank++; return nil }); err != nil {
				return err
			}
		}
		v.Rank += 100
		return nil
	})
	if err != nil || runs != 4 {
		t.Errorf("closure ran %d times, %v; want 4", runs, err)
	}
	if v := get(t, c, "1"); v.Rank != 103 {
		t.Errorf("rank %d, want 103", v.Rank)
	}
}

func givesUp(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	other := open[item](t, w.second(), spec())
	insert(t, c, item{ID: "1"})
	ctx, runs := context.Background(), 0
	err := c.Update(ctx, "1", func(v *item) error {
		if runs++; runs > 10*store.SwapTries {
			return errors.New("no bound")
		}
		v.Name = "mine"
		return other.Update(ctx, "1", func(o *item) error { o.Rank++; return nil })
	})
	wantFault(t, err, fault.Unavailable, "store.busy")
	if v := get(t, c, "1"); v.Name != "" || v.Rank != int64(runs) {
		t.Errorf("after %d tries: %+v", runs, v)
	}
}

func deletedMeanwhile(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	other := open[item](t, w.second(), spec())
	insert(t, c, item{ID: "1"})
	ctx := context.Background()
	err := c.Update(ctx, "1", func(v *item) error {
		v.Name = "back again"
		return other.Delete(ctx, "1")
	})
	wantFault(t, err, fault.NotFound, "store.not_found")
	_, err = c.Get(ctx, "1")
	wantFault(t, err, fault.NotFound, "store.not_found")
}

func changedID(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	insert(t, c, item{ID: "1"})
	for _, id := range []string{"2", ""} {
		err := c.Update(context.Background(), "1", func(v *item) error { v.ID = id; return nil })
		wantFault(t, err, fault.Internal, "store.id")
	}
	wantNames(t, c, store.Query{}, "")
}

// nothingChanged: a repeated work that recognises itself is no write, so it
// does not disturb others.
func nothingChanged(t *testing.T, fresh Fresh) {
	w, c := items(t, fresh)
	docs, err := w.db.Open(context.Background(), spec())
	if err != nil {
		t.Fatal(err)
	}
	insert(t, c, item{ID: "1", Name: "same"})
	for _, name := range []string{"same", "same", "new", "new"} {
		err := c.Update(context.Background(), "1", func(v *item) error { v.Name = name; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	raw, err := docs.Get(context.Background(), "1")
	if err != nil {
		t.Fatal(err)
	}
	if m, err := store.ReadMeta(raw); err != nil || m.Revision != 2 {
		t.Errorf("revision %d %v, want 2", m.Revision, err)
	}
}
