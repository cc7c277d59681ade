// Package sqlite keeps the documents of app/store in one SQLite file: a BSON
// blob for each document beside one real column for each indexed path. All writes of a
// process go through one goroutine that commits what is waiting together;
// other processes may share the file.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/gofrs/flock"

	"nguon/app/fault"
	"nguon/app/store"
)

// Options say who opens the file. The zero value is a command, which may share
// it with a running server and with other commands.
type Options struct {
	Exclusive bool         // a server: a second one is refused
	Log       *slog.Logger // where slow work at start is told; nil is silent
}

// DB is an open file.
type DB struct {
	path     string
	log      *slog.Logger
	server   *flock.Flock // held for life by a server, nil in a command
	write    *sql.DB      // one connection, used by the writer alone
	read     *sql.DB
	writer   *writer
	shaping  sync.Mutex    // one collection is built at a time
	patience time.Duration // how long to wait for another process that builds indexes
	closed   sync.Once
}

var _ store.DB = (*DB)(nil)

// Open opens or creates the file and its folder. A server that finds another
// server is fault.Conflict "store.in_use"; a file system that cannot keep what
// was acknowledged is fault.Internal "store.unsafe".
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	if err := ctx.Err(); err != nil {
		return nil, store.Ended(err)
	}
	db := &DB{path: path, log: o.Log, patience: 3 * time.Second}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	if o.Exclusive {
		db.server = flock.New(path + lockSuffix)
		if ok, err := db.server.TryLock(); err != nil || !ok {
			return nil, inUse(err)
		}
	}
	if err := db.startPatiently(ctx); err != nil {
		return nil, errors.Join(err, db.release())
	}
	return db, nil
}

// startPatiently starts again while another process is making the same file:
// SQLite's busy timeout does not cover the change to write-ahead logging.
func (db *DB) startPatiently(ctx context.Context) error {
	wait, cancel := context.WithTimeout(ctx, db.patience)
	defer cancel()
	for {
		err := db.start()
		if fault.CodeOf(err) != "store.busy" {
			return err
		}
		if err := db.write.Close(); err != nil {
			return classify(err)
		}
		select {
		case <-wait.Done():
			return err
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func (db *DB) start() (err error) {
	if db.write, err = sql.Open("sqlite", address(db.path, writerPragmas)); err != nil {
		return classify(err)
	}
	db.write.SetMaxOpenConns(1)
	conn, err := db.write.Conn(context.Background())
	if err != nil {
		return classify(err)
	}
	if err := safe(conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if err := prepare(conn); err != nil {
		return errors.Join(err, conn.Close())
	}
	if db.read, err = sql.Open("sqlite", address(db.path, readerPragmas)); err != nil {
		return errors.Join(classify(err), conn.Close())
	}
	db.read.SetMaxOpenConns(maxReaders)
	db.read.SetMaxIdleConns(maxReaders)
	db.writer = startWriter(conn)
	return nil
}

// Ping writes one row, so that a full or read-only disk shows.
func (db *DB) Ping(ctx context.Context) error {
	return db.writer.do(ctx, &job{run: func(t *tx) error {
		_, err := t.exec(`UPDATE "store:state" SET pings = pings + 1`)
		return err
	}})
}

// Close waits for the writes that are queued, folds the log into the file and
// releases it. Everything after it is fault.Unavailable.
func (db *DB) Close() error {
	var err error
	db.closed.Do(func() {
		db.writer.stop()
		err = db.release()
	})
	return err
}

func (db *DB) release() error {
	var errs []error
	for _, pool := range []*sql.DB{db.read, db.write} {
		if pool != nil {
			errs = append(errs, pool.Close())
		}
	}
	if db.server != nil {
		errs = append(errs, db.server.Close())
	}
	return errors.Join(errs...)
}

// ready checks what every read checks: the caller still waits and the file is
// open. The read itself gets a plain context, because a cancelable one costs a
// goroutine for each statement.
func (db *DB) ready(ctx context.Context) (context.Context, error) {
	if err := ctx.Err(); err != nil {
		return nil, store.Ended(err)
	}
	if db.writer.stopped() {
		return nil, errClosed()
	}
	return context.WithoutCancel(ctx), nil
}

// lockShape lets one build indexes at a time. Who does so holds the server's
// lock, so that no server of another version works on the file meanwhile.
func (db *DB) lockShape(ctx context.Context) (unlock func(), err error) {
	db.shaping.Lock()
	if db.server != nil {
		return db.shaping.Unlock, nil
	}
	l := flock.New(db.path + lockSuffix)
	wait, cancel := context.WithTimeout(ctx, db.patience)
	defer cancel()
	if ok, err := l.TryLockContext(wait, db.patience/100); err != nil || !ok {
		db.shaping.Unlock()
		if ctx.Err() != nil {
			return nil, store.Ended(ctx.Err())
		}
		return nil, inUse(err)
	}
	return func() { l.Close(); db.shaping.Unlock() }, nil
}

const (
	lockSuffix = ".lock"
	maxReaders = 8
)

func inUse(cause error) error { return fault.Wrap(fault.Conflict, "store.in_use", cause) }
