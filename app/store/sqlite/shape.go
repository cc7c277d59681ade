package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"nguon/app/fault"
	"nguon/app/store"
)

// fillBatch is how many documents are indexed in one transaction while an
// index is built; writes to other collections go on in between.
const fillBatch = 500

// maxNamed is how many ids the refusal of a unique index names.
const maxNamed = 10

// Open declares a collection. If the file knows it otherwise, its indexes are
// brought to the declaration first; until that is finished nobody can write to it.
func (db *DB) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	if err := spec.Validate(); err != nil {
		return nil, err
	}
	l := newLayout(spec)
	same, err := db.hasShape(ctx, l)
	if err != nil {
		return nil, err
	}
	if !same {
		if err := db.reshape(ctx, l); err != nil {
			return nil, err
		}
	}
	return &docs{layout: l, db: db}, nil
}

func (db *DB) hasShape(ctx context.Context, l *layout) (bool, error) {
	plain, err := db.ready(ctx)
	if err != nil {
		return false, err
	}
	var shape string
	err = db.read.QueryRowContext(plain, `SELECT shape FROM "store:collections" WHERE name = ?`, l.spec.Name).Scan(&shape)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return shape == l.shape, classify(err)
}

func (db *DB) reshape(ctx context.Context, l *layout) error {
	unlock, err := db.lockShape(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	if same, err := db.hasShape(ctx, l); same || err != nil { // another process was faster
		return err
	}
	s := &shaper{layout: l}
	steps := func(run func(*tx) error) error { return db.writer.do(ctx, &job{many: true, run: run}) }
	if err := steps(s.begin); err != nil {
		return err
	}
	for s.filling {
		if err := steps(s.fill); err != nil {
			return err
		}
	}
	if s.filled > 0 {
		db.log.Info("indexed stored documents", "collection", l.spec.Name, "documents", s.filled)
	}
	return steps(s.finish)
}

// shaper brings the tables of a collection to its layout.
type shaper struct {
	*layout
	stale   []column // columns whose values the file does not keep up
	build   []index  // indexes that the file lacks
	filling bool
	last    int64 // row up to which documents are indexed
	filled  int
}

// begin drops what the declaration no longer has, adds what it newly has, and
// takes the collection away from everybody else.
func (s *shaper) begin(t *tx) error {
	if err := t.once(fmt.Sprintf(`CREATE TABLE IF NOT EXISTS %s (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
		rev INTEGER NOT NULL%s, doc BLOB NOT NULL)`, s.table, s.definitions())); err != nil {
		return err
	}
	for _, step := range []func(*tx) error{s.dropIndexes, s.findStale, s.addSides, s.claim} {
		if err := step(t); err != nil {
			return err
		}
	}
	s.filling = len(s.stale) > 0 || slices.ContainsFunc(s.build, func(x index) bool { return x.side != "" })
	return nil
}

func (s *shaper) definitions() string {
	var b strings.Builder
	for _, c := range s.columns {
		b.WriteString(", " + quote(c.name) + c.affinity())
	}
	return b.String()
}

func (c column) affinity() string {
	if c.part.Kind == store.Text {
		return " TEXT"
	}
	return " INTEGER"
}

// dropIndexes removes every index and side table that is not both declared and
// recorded as complete.
func (s *shaper) dropIndexes(t *tx) error {
	complete, err := t.texts(`SELECT name FROM "store:indexes" WHERE collection = ?`, s.spec.Name)
	if err != nil {
		return err
	}
	keep := map[string]bool{}
	for _, x := range s.indexes {
		if slices.Contains(complete, x.name) {
			keep[x.name], keep[x.side] = true, true
		} else {
			s.build = append(s.build, x)
		}
	}
	for _, kind := range []struct{ prefix, what string }{{"x:", "INDEX"}, {"e:", "TABLE"}} {
		prefix := kind.prefix + s.spec.Name + ":"
		found, err := t.texts(`SELECT name FROM sqlite_schema WHERE substr(name, 1, ?) = ?`, len(prefix), prefix)
		if err != nil {
			return err
		}
		for _, name := range found {
			if keep[name] {
				continue
			}
			if err := t.once("DROP " + kind.what + " IF EXISTS " + quote(name)); err != nil {
				return err
			}
			if err := t.once(`DELETE FROM "store:indexes" WHERE collection = ? AND name = ?`, s.spec.Name, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// findStale adds missing columns and notes which hold no or old values. A
// column that is no longer declared stays in the table but is no longer recorded,
// so that it is filled again should it return.
func (s *shaper) findStale(t *tx) error {
	exist, err := t.texts(`SELECT name FROM pragma_table_info(?)`, "c:"+s.spec.Name)
	if err != nil {
		return err
	}
	fresh, err := t.texts(`SELECT name FROM "store:columns" WHERE collection = ? AND version = ?`,
		s.spec.Name, s.version())
	if err != nil {
		return err
	}
	for _, c := range s.columns {
		if !slices.Contains(fresh, c.name) {
			s.stale = append(s.stale, c)
		}
		if !slices.Contains(exist, c.name) {
			if err := t.once("ALTER TABLE " + s.table + " ADD COLUMN " + quote(c.name) + c.affinity()); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *shaper) addSides(t *tx) error {
	for _, x := range s.build {
		if x.side == "" {
			continue
		}
		columns := ""
		for i, p := range x.Parts {
			columns += fmt.Sprintf(", k%d%s", i, column{part: p}.affinity())
		}
		if err := t.once(fmt.Sprintf("CREATE TABLE %s (row INTEGER NOT NULL, id TEXT NOT NULL%s)", quote(x.side), columns)); err != nil {
			return err
		}
		if err := t.once(fmt.Sprintf("CREATE INDEX %s ON %s (row)", quote(x.side+":row"), quote(x.side))); err != nil {
			return err
		}
	}
	return nil
}

// claim makes the writers of other processes refuse this collection until
// finish, because they would leave entries out.
func (s *shaper) claim(t *tx) error {
	if err := t.once(`INSERT OR REPLACE INTO "store:collections" VALUES (?, '')`, s.spec.Name); err != nil {
		return err
	}
	return t.once(`UPDATE "store:state" SET gen = gen + 1`)
}

// fill indexes one batch of documents and ends filling with the last.
func (s *shaper) fill(t *tx) error {
	type stored struct {
		row int64
		doc []byte
	}
	var batch []stored
	err := t.rows(`SELECT row, doc FROM `+s.table+` WHERE row > ? ORDER BY row LIMIT ?`, []any{s.last, fillBatch},
		func(rows *sql.Rows) error {
			var d stored
			err := rows.Scan(&d.row, &d.doc)
			batch = append(batch, d)
			return err
		})
	if err != nil {
		return err
	}
	for _, d := range batch {
		r, err := s.row(d.doc)
		if err != nil {
			return err
		}
		if err := s.fillRow(t, r); err != nil {
			return err
		}
		s.last = d.row
	}
	s.filled += len(batch)
	s.filling = len(batch) == fillBatch
	return nil
}

func (s *shaper) fillRow(t *tx, r row) error {
	if len(s.stale) > 0 {
		sets := make([]string, len(s.columns))
		for i, c := range s.columns {
			sets[i] = quote(c.name) + " = ?"
		}
		query := "UPDATE " + s.table + " SET " + strings.Join(sets, ", ") + " WHERE id = ?"
		if _, err := t.exec(query, append(r.cells, r.meta.ID)...); err != nil {
			return err
		}
	}
	for i, x := range s.sides() {
		if !slices.ContainsFunc(s.build, func(b index) bool { return b.name == x.name }) {
			continue
		}
		for _, key := range r.keys[i] {
			if _, err := t.exec(x.add, append(cells(key), r.meta.ID)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish creates the indexes over what was filled and records all as complete.
func (s *shaper) finish(t *tx) error {
	for _, x := range s.build {
		if err := s.refuseDuplicates(t, x); err != nil {
			return err
		}
		if err := t.once(s.createIndex(x)); err != nil {
			return err
		}
		if err := t.once(`INSERT INTO "store:indexes" VALUES (?, ?)`, s.spec.Name, x.name); err != nil {
			return err
		}
	}
	if err := t.once(`DELETE FROM "store:columns" WHERE collection = ?`, s.spec.Name); err != nil {
		return err
	}
	for _, c := range s.columns {
		if err := t.once(`INSERT INTO "store:columns" VALUES (?, ?, ?)`, s.spec.Name, c.name, s.version()); err != nil {
			return err
		}
	}
	if err := t.once(`UPDATE "store:collections" SET shape = ? WHERE name = ?`, s.shape, s.spec.Name); err != nil {
		return err
	}
	return t.once(`UPDATE "store:state" SET gen = gen + 1`)
}

// on is the table of an index, its columns, and the condition under which a
// row is in it.
func (s *shaper) on(x index) (table, columns, condition string) {
	table = s.table
	if x.side != "" {
		table = quote(x.side)
	}
	names := make([]string, len(x.exprs))
	for i, e := range x.exprs {
		names[i] = e[2:] // without the alias
		if x.Sparse && x.side == "" {
			condition += " AND " + names[i] + " IS NOT NULL"
		}
	}
	return table, strings.Join(names, ", "), strings.Replace(condition, " AND ", " WHERE ", 1)
}

func (s *shaper) createIndex(x index) string {
	table, columns, condition := s.on(x)
	if x.Unique {
		return "CREATE UNIQUE INDEX " + quote(x.name) + " ON " + table + " (" + columns + ")" + condition
	}
	return "CREATE INDEX " + quote(x.name) + " ON " + table + " (" + columns + ", id)" + condition
}

func (s *shaper) refuseDuplicates(t *tx, x index) error {
	if !x.Unique {
		return nil
	}
	table, columns, condition := s.on(x)
	ids, err := t.texts(fmt.Sprintf(`SELECT id FROM %s WHERE (%s) IN (SELECT %s FROM %s%s GROUP BY %s HAVING COUNT(*) > 1)
		ORDER BY %s, id LIMIT ?`, table, columns, columns, table, condition, columns, columns), maxNamed)
	if err != nil || len(ids) == 0 {
		return err
	}
	return fault.New(fault.Conflict, "store.duplicates").With("Collection", s.spec.Name).
		With("Index", x.Name).With("IDs", strings.Join(ids, ", "))
}
