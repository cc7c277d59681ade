package storetest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

func contexts(t *testing.T, fresh Fresh) {
	for name, end := range map[string]func() (context.Context, context.CancelFunc, error){
		"Cancelled": func() (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			return ctx, cancel, context.Canceled
		},
		"DeadlineExceeded": func() (context.Context, context.CancelFunc, error) {
			ctx, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
			return ctx, cancel, context.DeadlineExceeded
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel, want := end()
			defer cancel()
			endedContext(t, fresh, ctx, want)
		})
	}
	t.Run("WhileWaiting", func(t *testing.T) { whileWaiting(t, fresh) })
	t.Run("DuringUpdate", func(t *testing.T) { duringUpdate(t, fresh) })
}

func endedContext(t *testing.T, fresh Fresh, ctx context.Context, want error) {
	w, c := items(t, fresh)
	insert(t, c, item{ID: "1", Name: "kept"})
	_, getErr := c.Get(ctx, "1")
	_, _, findErr := c.Find(ctx, store.Query{})
	_, countErr := c.Count(ctx, store.Query{})
	_, openErr := store.Open[item](ctx, w.db, spec())
	for what, err := range map[string]error{
		"get": getErr, "find": findErr, "count": countErr, "open": openErr,
		"insert": c.Insert(ctx, item{ID: "2"}),
		"update": c.Update(ctx, "1", func(v *item) error { v.Name = "changed"; return nil }),
		"delete": c.Delete(ctx, "1"),
		"ping":   w.db.Ping(ctx),
	} {
		t.Run(what, func(t *testing.T) {
			wantFault(t, err, fault.Unavailable, "")
			if !errors.Is(err, want) {
				t.Errorf("error %v does not carry %v", err, want)
			}
		})
	}
	wantNames(t, c, store.Query{}, "kept")
}

// whileWaiting: who waits for a document that another holds, waits no longer
// than its context; the holder is not disturbed.
func whileWaiting(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh)
	insert(t, c, item{ID: "1"})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	inside, done := make(chan struct{}), make(chan error, 1)
	var once sync.Once // the closure may run again where engines share documents
	go func() {
		done <- c.Update(context.Background(), "1", func(v *item) error {
			once.Do(func() { close(inside); <-ctx.Done() })
			v.Rank = 7
			return nil
		})
	}()
	<-inside
	cancel()
	err := c.Update(ctx, "1", func(v *item) error { v.Name = "late"; return nil })
	wantFault(t, err, fault.Unavailable, "")
	if err := <-done; err != nil {
		t.Errorf("the holder: %v", err)
	}
	if v := get(t, c, "1"); v.Rank != 7 || v.Name != "" {
		t.Errorf("stored %+v", v)
	}
}

// duringUpdate: a context that ends between load and write either stops the
// write or the write is there; it is never half.
func duringUpdate(t *testing.T, fresh Fresh) {
	_, c := items(t, fresh, store.Index{Name: "name", Parts: []store.Part{text("name")}})
	insert(t, c, item{ID: "1", Name: "old"})
	ctx, cancel := context.WithCancel(context.Background())
	err := c.Update(ctx, "1", func(v *item) error { v.Name = "new"; cancel(); return nil })
	want := "new"
	if err != nil {
		wantFault(t, err, fault.Unavailable, "")
		want = "old"
	}
	if v := get(t, c, "1"); v.Name != want {
		t.Errorf("error %v, but stored %q", err, v.Name)
	}
	wantNames(t, c, store.Query{Index: "name"}, want)
}
