package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
	"nguon/app/store/storetest"
)

type thing struct {
	ID   string   `bson:"_id"`
	Name string   `bson:"name"`
	Rank int64    `bson:"rank"`
	Tags []string `bson:"tags"`
	Fill string   `bson:"fill"`
}

var byName = store.Index{Name: "name", Unique: true, Parts: []store.Part{{Path: "name"}}}

func things(indexes ...store.Index) store.Spec {
	return store.Spec{Name: "things", Version: 1, Indexes: indexes}
}

func openFile(t testing.TB, path string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), path, o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func collection(t testing.TB, db *DB, s store.Spec) *store.Collection[thing] {
	t.Helper()
	c, err := store.Open[thing](context.Background(), db, s)
	if err != nil {
		t.Fatalf("open collection: %v", err)
	}
	return c
}

func insert(t testing.TB, c *store.Collection[thing], vs ...thing) {
	t.Helper()
	if _, err := c.InsertMany(context.Background(), vs); err != nil {
		t.Fatalf("insert: %v", err)
	}
}

func wantCode(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.CodeOf(err) != code {
		t.Errorf("error %v, want %s %s", err, kind, code)
	}
}

func name(i int) string { return fmt.Sprintf("n%06d", i) }

// fresh names its file so that a careless address would open another.
func fresh(t testing.TB) func() store.DB {
	path := filepath.Join(t.TempDir(), "nguồn dữ liệu?#%41.db")
	return func() store.DB { return openFile(t, path, Options{}) }
}

func TestContract(t *testing.T) { storetest.Run(t, fresh) }

// TestSettings asserts what no crash of a process can show: a commit that has
// returned is on the disk.
func TestSettings(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{})
	for pragma, want := range map[string]int64{"synchronous": 2, "journal_size_limit": 16 << 20,
		"mmap_size": 0, "busy_timeout": 5000} {
		var got int64
		err := db.writer.do(context.Background(), &job{run: func(tx *tx) (err error) {
			got, err = tx.number("PRAGMA " + pragma)
			return err
		}})
		if err != nil || got != want {
			t.Errorf("%s is %d (%v), want %d", pragma, got, err, want)
		}
	}
	var mode string
	if err := db.read.QueryRow("PRAGMA journal_mode").Scan(&mode); err != nil || mode != "wal" {
		t.Errorf("journal_mode %q %v", mode, err)
	}
	if _, err := db.read.Exec(`UPDATE "store:state" SET pings = 0`); err == nil {
		t.Error("a reader may write")
	}
}

func TestUnsafeSettingsAreRefused(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{})
	err := db.writer.do(context.Background(), &job{run: func(tx *tx) error {
		if err := tx.once("COMMIT"); err != nil {
			return err
		}
		if err := tx.once("PRAGMA synchronous = NORMAL"); err != nil {
			return err
		}
		err := safe(tx.conn)
		return errors.Join(tx.once("BEGIN IMMEDIATE"), err)
	}})
	wantCode(t, err, fault.Internal, "store.unsafe")
}

func TestFileIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "a.db")
	db := openFile(t, path, Options{})
	insert(t, collection(t, db, things()), thing{ID: "1"})
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%q: %v %v", suffix, info, err)
		}
	}
}

func TestNotADatabase(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(context.Background(), path, Options{})
	wantCode(t, err, fault.Internal, "store.damaged")
	_, err = Open(context.Background(), filepath.Join(path, "below", "a.db"), Options{})
	wantCode(t, err, fault.Unavailable, "store.unavailable")
}

// TestServers: two servers on one file are refused, commands share it.
func TestServers(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "a.db"), context.Background()
	server := openFile(t, path, Options{Exclusive: true})
	c := collection(t, server, things(byName))
	_, err := Open(ctx, path, Options{Exclusive: true})
	wantCode(t, err, fault.Conflict, "store.in_use")
	command := openFile(t, path, Options{})
	insert(t, collection(t, command, things(byName)), thing{ID: "1", Name: "by the command"})
	if v, err := c.Get(ctx, "1"); err != nil || v.Name != "by the command" {
		t.Errorf("the server reads %+v %v", v, err)
	}
	command.patience = 1e6 // one millisecond: the server does not go away
	_, err = command.Open(ctx, things())
	wantCode(t, err, fault.Conflict, "store.in_use")
	insert(t, c, thing{ID: "2", Name: "the server goes on"})
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	openFile(t, path, Options{Exclusive: true})
}

// TestOtherShape: when another process declares the collection otherwise, the
// first must not write past the new index.
func TestOtherShape(t *testing.T) {
	path, ctx := filepath.Join(t.TempDir(), "a.db"), context.Background()
	older, newer := openFile(t, path, Options{}), openFile(t, path, Options{})
	c := collection(t, older, things())
	insert(t, c, thing{ID: "1", Name: "a"})
	n := collection(t, newer, things(byName))
	wantCode(t, c.Insert(ctx, thing{ID: "2", Name: "a"}), fault.Unavailable, "store.reshaped")
	err := c.Update(ctx, "1", func(v *thing) error { v.Name = "b"; return nil })
	wantCode(t, err, fault.Unavailable, "store.reshaped")
	if _, err := c.Get(ctx, "1"); err != nil {
		t.Errorf("reading goes on: %v", err)
	}
	insert(t, n, thing{ID: "2", Name: "b"})
	collection(t, older, things())
	_, _, err = n.Find(ctx, store.Query{Index: "name"})
	wantCode(t, err, fault.Unavailable, "store.reshaped")
}

// TestOpenedAtOnce: several processes meet an empty file and declare the same.
func TestOpenedAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			db, err := Open(context.Background(), path, Options{})
			if err != nil {
				t.Errorf("open: %v", err)
				return
			}
			defer db.Close()
			c, err := store.Open[thing](context.Background(), db, things(byName))
			if err != nil {
				t.Errorf("declare: %v", err)
				return
			}
			if err := c.Insert(context.Background(), thing{ID: fmt.Sprint(i), Name: name(i)}); err != nil {
				t.Errorf("insert: %v", err)
			}
		})
	}
	wg.Wait()
	c := collection(t, openFile(t, path, Options{}), things(byName))
	if n, err := c.Count(context.Background(), store.Query{Index: "name"}); n != 6 || err != nil {
		t.Errorf("%d documents, %v", n, err)
	}
}

// TestPlansUseIndexes: no form of query scans a table or sorts.
func TestPlansUseIndexes(t *testing.T) {
	each := store.Part{Path: "tags", Each: true}
	rank := store.Part{Path: "rank", Kind: store.Int}
	db := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{})
	opened, err := db.Open(context.Background(), things(byName,
		store.Index{Name: "plain", Parts: []store.Part{{Path: "name"}, rank, {Path: "fill"}}},
		store.Index{Name: "thin", Sparse: true, Parts: []store.Part{{Path: "name"}, rank}},
		store.Index{Name: "tag", Parts: []store.Part{each, rank}},
		store.Index{Name: "one", Unique: true, Parts: []store.Part{each, {Path: "name"}}}))
	if err != nil {
		t.Fatal(err)
	}
	d := opened.(*docs)
	for i, q := range []store.Query{
		{}, {From: "a", To: "b"}, {Index: "name"}, {Index: "name", Eq: []any{"a"}}, {Index: "name", From: "a"},
		{Index: "plain"}, {Index: "plain", Eq: []any{"a"}}, {Index: "plain", Eq: []any{"a"}, From: 1, To: 9},
		{Index: "plain", Eq: []any{"a", 1}}, {Index: "plain", Eq: []any{"a", 1, "f"}},
		{Index: "thin"}, {Index: "thin", Eq: []any{"a"}, From: 1}, {Index: "tag", Eq: []any{"t"}},
		{Index: "tag", Eq: []any{"t"}, From: 1}, {Index: "tag", Eq: []any{"t", 1}}, {Index: "one", Eq: []any{"t"}},
	} {
		for _, desc := range []bool{false, true} {
			q.Desc = desc
			p, err := d.spec.Plan(q)
			if err != nil {
				t.Fatal(err)
			}
			checkPlan(t, d, q, p)
			if p.Index.Unique && len(p.Order) == 0 {
				continue // never a second page: the condition is constant
			}
			p.After = &store.Position{ID: "x", Values: make([]any, len(p.Order))}
			for j := range p.After.Values {
				p.After.Values[j] = int64(i)
			}
			checkPlan(t, d, q, p)
		}
	}
}

func checkPlan(t *testing.T, d *docs, q store.Query, p store.Plan) {
	t.Helper()
	query, args := d.page(p)
	rows, err := d.db.read.Query("EXPLAIN QUERY PLAN "+query, args...)
	if err != nil {
		t.Fatalf("%+v: %v\n%s", q, err, query)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(detail, "TEMP B-TREE") || strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "INDEX") {
			t.Errorf("%+v: %s\n%s", q, detail, query)
		}
		if len(p.Eq) > 0 && strings.HasPrefix(detail, "SCAN") {
			t.Errorf("%+v: %s\n%s", q, detail, query)
		}
	}
}
