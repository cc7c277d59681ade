package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"nguon/app/fault"
	"nguon/app/store"
)

// No memory map: its pages count as resident memory. The log is cut back to
// 16 MB after a long read let it grow. The writer's busy timeout bounds how long it waits
// for another process.
var (
	writerPragmas = []string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)",
		"journal_size_limit(16777216)", "cache_size(-8000)", "temp_store(MEMORY)", "trusted_schema(OFF)"}
	readerPragmas = []string{"busy_timeout(5000)", "query_only(ON)", "trusted_schema(OFF)"}
)

// layoutVersion is the arrangement of tables this package writes.
const layoutVersion = 1

func address(path string, pragmas []string) string {
	q := url.Values{"_pragma": pragmas}
	return (&url.URL{Scheme: "file", Path: absolute(path), RawQuery: q.Encode()}).String()
}

func absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// create makes the folder and a file that only its owner can read. A file that
// exists is not touched: closing a second descriptor of a file drops the locks
// SQLite holds on it in this process.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	return nil
}

// safe asserts the two settings that a crash test cannot see the lack of: a
// killed process loses nothing without them, a power cut does.
func safe(conn *sql.Conn) error {
	var mode string
	var sync int
	ctx := context.Background()
	if err := conn.QueryRowContext(ctx, "PRAGMA journal_mode").Scan(&mode); err != nil {
		return classify(err)
	}
	if err := conn.QueryRowContext(ctx, "PRAGMA synchronous").Scan(&sync); err != nil {
		return classify(err)
	}
	if mode != "wal" || sync != 2 {
		return fault.Wrap(fault.Internal, "store.unsafe",
			fmt.Errorf("journal_mode %s, synchronous %d; want wal, 2 (FULL)", mode, sync))
	}
	return nil
}

// prepare creates the tables in which the file describes itself.
func prepare(conn *sql.Conn) error {
	ctx := context.Background()
	var version int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return classify(err)
	}
	if version == layoutVersion {
		return nil
	}
	if version > layoutVersion {
		return fault.Wrap(fault.Conflict, "store.newer", fmt.Errorf("file layout %d", version))
	}
	_, err := conn.ExecContext(ctx, fmt.Sprintf(`BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS "store:state" (one INTEGER PRIMARY KEY CHECK (one = 1), gen INTEGER NOT NULL, pings INTEGER NOT NULL);
INSERT OR IGNORE INTO "store:state" VALUES (1, 1, 0);
CREATE TABLE IF NOT EXISTS "store:collections" (name TEXT PRIMARY KEY, shape TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS "store:indexes" (collection TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (collection, name));
CREATE TABLE IF NOT EXISTS "store:columns" (collection TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (collection, name));
PRAGMA user_version = %d;
COMMIT`, layoutVersion))
	return classify(err)
}

// Copy writes a consistent copy of the file to path, which must not exist, while
// reads and writes go on. It stands complete or not at all.
func (db *DB) Copy(ctx context.Context, path string) (err error) {
	if _, err := db.ready(ctx); err != nil {
		return err
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.Conflict, "store.copy_exists", err).With("Path", path)
	}
	part := path + ".part"
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	source, err := sql.Open("sqlite", address(db.path, []string{"busy_timeout(5000)"}))
	if err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	if _, err := source.ExecContext(ctx, "VACUUM INTO ?", part); err != nil {
		os.Remove(part)
		if ctx.Err() != nil {
			return store.Ended(ctx.Err())
		}
		return classify(err)
	}
	if err := settle(part, path); err != nil {
		return fault.Wrap(fault.Unavailable, "store.unavailable", err)
	}
	return nil
}

// settle brings a finished file to the disk, private, under its final name.
func settle(part, path string) error {
	if err := os.Chmod(part, 0o600); err != nil {
		return err
	}
	for _, step := range []struct{ sync, after string }{{part, ""}, {filepath.Dir(path), part}} {
		if step.after != "" {
			if err := os.Rename(step.after, path); err != nil {
				return err
			}
		}
		f, err := os.Open(step.sync)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
	}
	return nil
}
