package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/store"
)

// docs is one collection.
type docs struct {
	*layout
	db    *DB
	locks store.Locks
	stmts sync.Map // query text to *sql.Stmt: one for each form of query
}

var _ store.Docs = (*docs)(nil)

func notFound() error { return fault.New(fault.NotFound, "store.not_found") }

// Get reads one document.
func (d *docs) Get(ctx context.Context, id string) (bson.Raw, error) {
	plain, err := d.db.ready(ctx)
	if err != nil {
		return nil, err
	}
	s, err := d.stmt(`SELECT doc FROM ` + d.table + ` WHERE id = ?`)
	if err != nil {
		return nil, err
	}
	var raw []byte
	err = s.QueryRowContext(plain, id).Scan(&raw)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound()
	}
	return raw, classify(err)
}

// stmt prepares a query once; the pool prepares it on each connection.
func (d *docs) stmt(query string) (*sql.Stmt, error) {
	if s, ok := d.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := d.db.read.Prepare(query)
	if err != nil {
		return nil, classify(err)
	}
	if first, ok := d.stmts.LoadOrStore(query, s); ok {
		s.Close()
		return first.(*sql.Stmt), nil
	}
	return s, nil
}

// insertChunk is how many documents of one call share a job, so that a long
// import lets others through.
const insertChunk = 200

// Insert adds documents in order.
func (d *docs) Insert(ctx context.Context, raws []bson.Raw) (int, error) {
	rows := make([]row, len(raws))
	for i, raw := range raws {
		var err error
		if rows[i], err = d.row(raw); err != nil {
			return 0, err
		}
	}
	stored := 0
	for chunk := range slices.Chunk(rows, insertChunk) {
		n, err := d.insertRows(ctx, chunk)
		if stored += n; err != nil {
			return stored, err
		}
	}
	return stored, nil
}

// insertRows keeps the rows before the first that is refused, so the refusal is
// not an error of the job.
func (d *docs) insertRows(ctx context.Context, rows []row) (int, error) {
	n := 0
	var refused error
	err := d.db.writer.do(ctx, &job{docs: d, run: func(t *tx) error {
		n, refused = 0, nil
		for _, r := range rows {
			err := d.insertRow(t, r)
			if err != nil && own(err) {
				refused = err
				return nil
			}
			if err != nil {
				return err
			}
			n++
		}
		return nil
	}})
	if err != nil {
		return 0, err
	}
	return n, refused
}

func (d *docs) insertRow(t *tx, r row) error {
	insert := func() error {
		args := append([]any{r.meta.ID, r.meta.Revision, r.doc}, r.cells...)
		if _, err := t.exec(d.layout.insert, args...); err != nil {
			return err
		}
		return d.addKeys(t, r)
	}
	if len(r.keys) == 0 {
		return insert()
	}
	return t.savepoint(insert)
}

func (d *docs) addKeys(t *tx, r row) error {
	for i, x := range d.sides() {
		for _, key := range r.keys[i] {
			if _, err := t.exec(x.add, append(cells(key), r.meta.ID)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *docs) dropKeys(t *tx, id string) error {
	for _, x := range d.sides() {
		if _, err := t.exec(x.drop, id); err != nil {
			return err
		}
	}
	return nil
}

// Update holds the id until its write is committed: the next one in this
// process starts from what is on the disk.
func (d *docs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	if _, err := d.db.ready(ctx); err != nil {
		return err
	}
	unlock, err := d.locks.Lock(ctx, id)
	if err != nil {
		return err
	}
	defer unlock()
	return store.Swap(ctx, revised{d}, id, change)
}

type revised struct{ d *docs }

func (r revised) Load(ctx context.Context, id string) (bson.Raw, error) { return r.d.Get(ctx, id) }

var errOutrun = notFound()

// Replace writes one document if its revision is still the old one.
func (r revised) Replace(ctx context.Context, old store.Meta, doc bson.Raw) (bool, error) {
	d := r.d
	next, err := d.row(doc)
	if err != nil {
		return false, err
	}
	err = d.db.writer.do(ctx, &job{docs: d, many: len(next.keys) > 0, run: func(t *tx) error {
		args := append([]any{next.meta.Revision, next.doc}, next.cells...)
		n, err := t.exec(d.update, append(args, old.ID, old.Revision)...)
		if err != nil {
			return err
		}
		if n == 0 {
			return errOutrun
		}
		if err := d.dropKeys(t, old.ID); err != nil {
			return err
		}
		return d.addKeys(t, next)
	}})
	if err == errOutrun {
		return false, nil
	}
	return err == nil, err
}

// Delete removes one document and its index entries.
func (d *docs) Delete(ctx context.Context, id string) error {
	return d.db.writer.do(ctx, &job{docs: d, many: len(d.sides()) > 0, run: func(t *tx) error {
		if err := d.dropKeys(t, id); err != nil {
			return err
		}
		n, err := t.exec(d.remove, id)
		if err == nil && n == 0 {
			return notFound()
		}
		return err
	}})
}
