// Package storetest is the contract that every engine of app/store keeps. An
// engine's own tests call Run; what only one engine can show (a crash, a full
// disk, the commands on the wire) is tested beside that engine.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// Fresh prepares an empty data set and returns how to dial it. Each call of
// dial opens one more handle to the same data, as another process would;
// handles may be open at the same time. Run closes those it dialled.
type Fresh func(t testing.TB) (dial func() store.DB)

// Run runs the whole contract.
func Run(t *testing.T, fresh Fresh) {
	for _, group := range []struct {
		name string
		run  func(*testing.T, Fresh)
	}{
		{"Values", values}, {"Writes", writes}, {"Indexes", indexes}, {"Queries", queries},
		{"Pages", pages}, {"Updates", updates}, {"Shapes", shapes}, {"Contexts", contexts},
	} {
		t.Run(group.name, func(t *testing.T) { group.run(t, fresh) })
	}
}

// item is the document of most tests.
type item struct {
	ID    string    `bson:"_id"`
	Name  string    `bson:"name"`
	Group string    `bson:"group"`
	Rank  int64     `bson:"rank"`
	Seen  time.Time `bson:"seen"`
	Live  bool      `bson:"live"`
	Code  *string   `bson:"code,omitempty"`
	Tags  []string  `bson:"tags"`
	Parts []part    `bson:"parts"`
}

type part struct {
	Key string `bson:"key"`
	N   int    `bson:"n"`
}

func text(path string) store.Part { return store.Part{Path: path, Kind: store.Text} }

func spec(indexes ...store.Index) store.Spec {
	return store.Spec{Name: "items", Version: 1, Indexes: indexes}
}

// world is one data set with its open handle.
type world struct {
	*testing.T
	dial func() store.DB
	db   store.DB
}

func newWorld(t *testing.T, fresh Fresh) *world {
	t.Helper()
	w := &world{T: t, dial: fresh(t)}
	w.db = w.dial()
	t.Cleanup(func() { w.db.Close() })
	return w
}

// reopen closes the handle and opens the data again, as a restart does.
func (w *world) reopen() {
	w.Helper()
	if err := w.db.Close(); err != nil {
		w.Fatalf("close: %v", err)
	}
	w.db = w.dial()
}

// second opens one more handle beside the first.
func (w *world) second() store.DB {
	db := w.dial()
	w.Cleanup(func() { db.Close() })
	return db
}

func open[T any](t testing.TB, db store.DB, s store.Spec) *store.Collection[T] {
	t.Helper()
	c, err := store.Open[T](context.Background(), db, s)
	if err != nil {
		t.Fatalf("open %s: %v", s.Name, err)
	}
	return c
}

// items opens a new data set with one collection.
func items(t *testing.T, fresh Fresh, indexes ...store.Index) (*world, *store.Collection[item]) {
	t.Helper()
	w := newWorld(t, fresh)
	return w, open[item](t, w.db, spec(indexes...))
}

func insert[T any](t testing.TB, c *store.Collection[T], vs ...T) {
	t.Helper()
	if n, err := c.InsertMany(context.Background(), vs); err != nil || n != len(vs) {
		t.Fatalf("inserted %d of %d: %v", n, len(vs), err)
	}
}

// wantFault checks the kind of an error, and its code unless that is "".
func wantFault(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || code != "" && fault.CodeOf(err) != code {
		t.Errorf("error %v, want %s %s", err, kind, code)
	}
}

func get[T any](t testing.TB, c *store.Collection[T], id string) T {
	t.Helper()
	v, err := c.Get(context.Background(), id)
	if err != nil {
		t.Fatalf("get %s: %v", id, err)
	}
	return v
}

// names reads a whole query and returns the names it met, in order.
func names(t testing.TB, c *store.Collection[item], q store.Query) []string {
	t.Helper()
	got := []string{}
	err := c.All(context.Background(), q, func(v item) error {
		got = append(got, v.Name)
		return nil
	})
	if err != nil {
		t.Fatalf("query %+v: %v", q, err)
	}
	return got
}

func wantNames(t testing.TB, c *store.Collection[item], q store.Query, want ...string) {
	t.Helper()
	got := names(t, c, q)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("query %+v: %v, want %v", q, got, want)
	}
	n, err := c.Count(context.Background(), q)
	if err != nil || n != int64(len(want)) {
		t.Errorf("count %+v: %d %v, want %d", q, n, err, len(want))
	}
}

func id(n int) string { return fmt.Sprintf("id%05d", n) }

func ptr[T any](v T) *T { return &v }
