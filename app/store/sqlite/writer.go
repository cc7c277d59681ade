package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"

	"nguon/app/store"
)

// job is one write: run is called inside a transaction that other jobs share.
// Its error takes back what it did and fails it alone if own says so.
type job struct {
	docs *docs // whose shape must still be the file's; nil for the store's own work
	many bool  // run makes more than one statement, so it needs a savepoint
	run  func(*tx) error
	err  error
	done chan struct{}
}

// writer owns the only connection of the process that writes.
type writer struct {
	queue   chan *job
	mu      sync.RWMutex // guards closing of queue against senders
	closing bool
	ended   chan struct{}
}

// maxBatch bounds a transaction, so that no caller waits long for others.
const maxBatch = 256

func startWriter(conn *sql.Conn) *writer {
	w := &writer{queue: make(chan *job, maxBatch), ended: make(chan struct{})}
	t := &tx{conn: conn, stmts: map[string]*sql.Stmt{}}
	go func() {
		defer close(w.ended)
		defer conn.Close()
		for first := range w.queue {
			t.commit(w.gather(first))
		}
	}()
	return w
}

// do queues a job and waits for its result: once queued, the end of ctx no
// longer matters, because the write may happen.
func (w *writer) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return store.Ended(err)
	}
	j.done = make(chan struct{})
	if err := w.send(ctx, j); err != nil {
		return err
	}
	<-j.done
	return j.err
}

func (w *writer) send(ctx context.Context, j *job) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closing {
		return errClosed()
	}
	select {
	case w.queue <- j:
		return nil
	case <-ctx.Done():
		return store.Ended(ctx.Err())
	}
}

// gather takes what is waiting, after giving others one chance to arrive.
func (w *writer) gather(first *job) []*job {
	runtime.Gosched()
	batch := []*job{first}
	for len(batch) < maxBatch {
		select {
		case j, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) stopped() bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.closing
}

// stop finishes what is queued and refuses the rest.
func (w *writer) stop() {
	w.mu.Lock()
	w.closing = true
	close(w.queue)
	w.mu.Unlock()
	<-w.ended
}

// tx is the connection of the writer with its prepared statements. Only the
// writer's goroutine uses it, always with a context that does not end.
type tx struct {
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	gen    int64
	shapes map[string]string
}

// commit runs a batch as one transaction. Callers hear of it after the commit,
// so nobody acts on what is not on the disk.
func (t *tx) commit(batch []*job) {
	err := t.batch(batch)
	for _, j := range batch {
		if err != nil {
			j.err = err
		}
		close(j.done)
	}
}

func (t *tx) batch(batch []*job) error {
	if _, err := t.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := t.knowShapes()
	for _, j := range batch {
		if err != nil {
			break
		}
		if j.err = t.one(j); j.err != nil && !own(j.err) {
			err = j.err
		}
	}
	if err == nil {
		_, err = t.exec("COMMIT")
	}
	if err != nil { // SQLite may have rolled back by itself; then this fails
		t.conn.ExecContext(context.Background(), "ROLLBACK")
		t.shapes = nil
	}
	return err
}

func (t *tx) one(j *job) error {
	if j.docs != nil && t.shapes[j.docs.spec.Name] != j.docs.shape {
		return errReshaped(errors.New("declared otherwise by another process"))
	}
	if !j.many {
		return j.run(t)
	}
	return t.savepoint(func() error { return j.run(t) })
}

// savepoint takes back what run did if it fails by its own fault.
func (t *tx) savepoint(run func() error) error {
	if _, err := t.exec("SAVEPOINT one"); err != nil {
		return err
	}
	failed := run()
	if failed != nil {
		if !own(failed) {
			return failed
		}
		if _, err := t.exec("ROLLBACK TO one"); err != nil {
			return err
		}
	}
	if _, err := t.exec("RELEASE one"); err != nil {
		return err
	}
	return failed
}

// knowShapes notices when any process has declared a collection otherwise.
func (t *tx) knowShapes() error {
	gen, err := t.number(`SELECT gen FROM "store:state"`)
	if err != nil || t.shapes != nil && gen == t.gen {
		return err
	}
	shapes := map[string]string{}
	err = t.rows(`SELECT name, shape FROM "store:collections"`, nil, func(rows *sql.Rows) error {
		var name, shape string
		err := rows.Scan(&name, &shape)
		shapes[name] = shape
		return err
	})
	if err == nil {
		t.gen, t.shapes = gen, shapes
	}
	return err
}
