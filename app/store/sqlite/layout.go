package sqlite

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/store"
)

// layout is how a collection lies in the file. Names hold a ':' that no
// declared name can hold, so they cannot collide, and are always quoted.
type layout struct {
	spec    store.Spec
	table   string // quoted
	columns []column
	indexes []index
	shape   string // fingerprint of all that follows from the declaration

	insert, update, remove string
}

// column is a real column that repeats the value at one path.
type column struct {
	name     string // not quoted; holds the kind, so that a changed kind is another column
	part     store.Part
	required bool // some index over it is not sparse
}

// index is a declared index; side is the table of an Each index, else "".
type index struct {
	store.Index
	name, side string // not quoted; they hold the fingerprint of the definition
	exprs      []string
	add, drop  string // statements for the entries of one document in side
}

var kindPrefix = [...]string{store.Text: "text:", store.Int: "int:", store.Time: "time:", store.Bool: "bool:"}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

func newLayout(spec store.Spec) *layout {
	l := &layout{spec: spec, table: quote("c:" + spec.Name)}
	at := map[string]int{}
	marks := []string{fmt.Sprint("columns of version ", l.version())}
	for _, x := range spec.Indexes {
		l.addIndex(x, at)
		marks = append(marks, l.indexes[len(l.indexes)-1].name)
	}
	l.shape = fingerprint(marks)
	l.statements()
	return l
}

// version is what the values in columns depend on beside the documents: with
// an Upgrade, older documents are indexed as it makes them.
func (l *layout) version() int {
	if l.spec.Upgrade == nil {
		return 0
	}
	return l.spec.Version
}

func (l *layout) addIndex(def store.Index, at map[string]int) {
	mark := fingerprint([]any{def.Name, def.Parts, def.Unique, def.Sparse, l.version()})
	x := index{Index: def, name: "x:" + l.spec.Name + ":" + def.Name + ":" + mark}
	if def.HasEach() {
		x.side = "e:" + l.spec.Name + ":" + def.Name + ":" + mark
		for i := range def.Parts {
			x.exprs = append(x.exprs, fmt.Sprintf("s.k%d", i))
		}
		marks := strings.Repeat(", ?", len(def.Parts))
		x.add = fmt.Sprintf(`INSERT INTO %s SELECT row, id%s FROM %s WHERE id = ?`, quote(x.side), marks, l.table)
		x.drop = fmt.Sprintf(`DELETE FROM %s WHERE row = (SELECT row FROM %s WHERE id = ?)`, quote(x.side), l.table)
		l.indexes = append(l.indexes, x)
		return
	}
	for _, p := range def.Parts {
		c := column{name: kindPrefix[p.Kind] + p.Path, part: p}
		i, known := at[c.name]
		if !known {
			i = len(l.columns)
			at[c.name] = i
			l.columns = append(l.columns, c)
		}
		l.columns[i].required = l.columns[i].required || !def.Sparse
		x.exprs = append(x.exprs, "d."+quote(c.name))
	}
	l.indexes = append(l.indexes, x)
}

func (l *layout) statements() {
	var names, marks, sets strings.Builder
	for _, c := range l.columns {
		names.WriteString(", " + quote(c.name))
		marks.WriteString(", ?")
		sets.WriteString(", " + quote(c.name) + " = ?")
	}
	l.insert = fmt.Sprintf(`INSERT INTO %s (id, rev, doc%s) VALUES (?, ?, ?%s)`, l.table, &names, &marks)
	l.update = fmt.Sprintf(`UPDATE %s SET rev = ?, doc = ?%s WHERE id = ? AND rev = ?`, l.table, &sets)
	l.remove = fmt.Sprintf(`DELETE FROM %s WHERE id = ?`, l.table)
}

// sides are the indexes that have a table of their own.
func (l *layout) sides() (xs []index) {
	for _, x := range l.indexes {
		if x.side != "" {
			xs = append(xs, x)
		}
	}
	return xs
}

// row is what a document becomes in the file.
type row struct {
	meta  store.Meta
	doc   []byte
	cells []any     // one for each column, nil where absent
	keys  [][][]any // the entries in each of sides
}

// row reads a document's indexed values. A missing part is fault.Internal
// "store.index" unless its index is sparse.
func (l *layout) row(doc bson.Raw) (r row, err error) {
	if r.meta, err = store.ReadMeta(doc); err != nil {
		return r, err
	}
	r.doc = doc
	if doc, err = l.spec.Current(doc); err != nil {
		return r, err
	}
	r.cells = make([]any, len(l.columns))
	for i, c := range l.columns {
		v, ok, err := c.part.Value(doc)
		if err == nil && !ok && c.required {
			err = fault.Wrap(fault.Internal, "store.index",
				fmt.Errorf("%s %s lacks %s", l.spec.Name, r.meta.ID, c.part.Path))
		}
		if err != nil {
			return r, err
		}
		r.cells[i] = cell(v)
	}
	for _, x := range l.sides() {
		keys, err := x.Keys(doc)
		if err != nil {
			return r, fmt.Errorf("%s %s: %w", l.spec.Name, r.meta.ID, err)
		}
		r.keys = append(r.keys, keys)
	}
	return r, nil
}

// cell is a value as SQLite keeps it: times as milliseconds, bools as 0 and 1.
func cell(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.UnixMilli()
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	}
	return v
}

func cells(vs []any) []any {
	out := make([]any, len(vs))
	for i, v := range vs {
		out[i] = cell(v)
	}
	return out
}

func fingerprint(v any) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "layout %d %+v", layoutVersion, v))
	return hex.EncodeToString(sum[:8])
}
