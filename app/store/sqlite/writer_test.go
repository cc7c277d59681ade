package sqlite

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/store"
)

// together queues jobs while the writer is held, so that they share one batch,
// and waits for all. The writer is held by a job of its own batch.
func together(t *testing.T, db *DB, jobs ...*job) {
	t.Helper()
	held, let := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		db.writer.do(context.Background(), &job{run: func(*tx) error { close(held); <-let; return nil }})
	})
	<-held
	for _, j := range jobs {
		j.done = make(chan struct{})
		if err := db.writer.send(context.Background(), j); err != nil {
			t.Fatal(err)
		}
	}
	close(let)
	for _, j := range jobs {
		<-j.done
	}
	wg.Wait()
}

func statement(query string) *job {
	return &job{many: true, run: func(t *tx) error { _, err := t.exec(query); return err }}
}

func scratch(t *testing.T) (*DB, func() string) {
	db := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{})
	together(t, db, statement(`CREATE TABLE scratch (n INTEGER NOT NULL UNIQUE)`))
	return db, func() string {
		var all string
		err := db.read.QueryRow(`SELECT coalesce(group_concat(n, ' '), '') FROM (SELECT n FROM scratch ORDER BY n)`).Scan(&all)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
}

func TestConstraintFailsOneWrite(t *testing.T) {
	db, stored := scratch(t)
	jobs := []*job{statement(`INSERT INTO scratch VALUES (1)`), statement(`INSERT INTO scratch VALUES (1)`),
		statement(`INSERT INTO scratch VALUES (2)`)}
	half := &job{many: true, run: func(t *tx) error {
		if _, err := t.exec(`INSERT INTO scratch VALUES (9)`); err != nil {
			return err
		}
		_, err := t.exec(`INSERT INTO scratch VALUES (1)`)
		return err
	}}
	together(t, db, append(jobs, half)...)
	if jobs[0].err != nil || jobs[2].err != nil {
		t.Errorf("neighbours failed: %v %v", jobs[0].err, jobs[2].err)
	}
	wantCode(t, jobs[1].err, fault.Conflict, "store.conflict")
	wantCode(t, half.err, fault.Conflict, "store.conflict")
	if got := stored(); got != "1 2" {
		t.Errorf("stored %q, want 1 2: half a job must leave nothing", got)
	}
}

func TestOtherErrorFailsTheBatch(t *testing.T) {
	db, stored := scratch(t)
	jobs := []*job{statement(`INSERT INTO scratch VALUES (1)`), statement(`INSERT INTO nowhere VALUES (1)`),
		statement(`INSERT INTO scratch VALUES (2)`)}
	jobs[1].run = func(t *tx) error {
		_, err := t.exec(`INSERT INTO scratch VALUES (abs(-9223372036854775808))`)
		return err
	}
	together(t, db, jobs...)
	for i, j := range jobs {
		if j.err == nil || j.err != jobs[1].err {
			t.Errorf("job %d: %v", i, j.err)
		}
	}
	if got := stored(); got != "" {
		t.Errorf("stored %q after a failed batch", got)
	}
	together(t, db, statement(`INSERT INTO scratch VALUES (3)`))
	if got := stored(); got != "3" {
		t.Errorf("stored %q, want 3: the writer must go on", got)
	}
}

// TestQueuedWriteIsAwaited: once queued, the end of a context does not make the
// caller believe that nothing was written.
func TestQueuedWriteIsAwaited(t *testing.T) {
	db, stored := scratch(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := db.writer.do(ctx, &job{run: func(t *tx) error {
		cancel()
		_, err := t.exec(`INSERT INTO scratch VALUES (1)`)
		return err
	}})
	if err != nil || stored() != "1" {
		t.Errorf("error %v, stored %q", err, stored())
	}
}

// TestDiskFull: a full disk is reported, what was acknowledged stays, reading
// goes on, and writing works again once there is room.
func TestDiskFull(t *testing.T) {
	db := openFile(t, filepath.Join(t.TempDir(), "a.db"), Options{})
	c, ctx := collection(t, db, things(byName)), context.Background()
	limit := func(pages string) {
		t.Helper()
		if err := db.writer.do(ctx, &job{run: func(t *tx) error { return t.once("PRAGMA max_page_count = " + pages) }}); err != nil {
			t.Fatal(err)
		}
	}
	fill := strings.Repeat("x", 8000)
	insert(t, c, thing{ID: "first", Name: "first", Fill: fill})
	limit("60")
	var acked []string
	var full error
	for i := 0; full == nil && i < 1000; i++ {
		if full = c.Insert(ctx, thing{ID: name(i), Name: name(i), Fill: fill}); full == nil {
			acked = append(acked, name(i))
		}
	}
	wantCode(t, full, fault.Unavailable, "store.full")
	if len(acked) == 0 {
		t.Fatal("nothing fitted")
	}
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			wantCode(t, c.Insert(ctx, thing{ID: fmt.Sprint(i), Name: fmt.Sprint(i), Fill: fill}), fault.Unavailable, "store.full")
		})
	}
	wg.Wait()
	if n, err := c.Count(ctx, store.Query{Index: "name"}); err != nil || n != int64(len(acked)+1) {
		t.Errorf("%d documents readable, %v; want %d", n, err, len(acked)+1)
	}
	limit("1000000")
	insert(t, c, thing{ID: "later", Name: "later", Fill: fill})
	for _, id := range append(acked, "first", "later") {
		if _, err := c.Get(ctx, id); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	intact(t, db)
}

func intact(t *testing.T, db *DB) {
	t.Helper()
	var verdict string
	if err := db.read.QueryRow("PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity_check: %q %v", verdict, err)
	}
}

// TestCopy copies while writes go on; the copy is whole and opens by itself.
func TestCopy(t *testing.T) {
	dir, ctx := t.TempDir(), context.Background()
	db := openFile(t, filepath.Join(dir, "a.db"), Options{Exclusive: true})
	c := collection(t, db, things(byName))
	for i := range 300 {
		insert(t, c, thing{ID: name(i), Name: name(i), Rank: 1})
	}
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for i := 300; ; i++ {
			select {
			case <-stop:
				return
			default:
				insert(t, c, thing{ID: name(i), Name: name(i), Rank: 1})
			}
		}
	}()
	path := filepath.Join(dir, "copy.db")
	if err := db.Copy(ctx, path); err != nil {
		t.Errorf("copy: %v", err)
	}
	close(stop)
	<-done
	wantCode(t, db.Copy(ctx, path), fault.Conflict, "store.copy_exists")
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := db.Copy(ended, path+"2"); !errors.Is(err, context.Canceled) || !fault.Is(err, fault.Unavailable) {
		t.Errorf("cancelled copy: %v", err)
	}
	copied := openFile(t, path, Options{})
	intact(t, copied)
	n, err := collection(t, copied, things(byName)).Count(ctx, store.Query{Index: "name"})
	if err != nil || n < 300 {
		t.Errorf("%d documents in the copy, %v", n, err)
	}
}
