package sqlite

import (
	"context"
	"database/sql"
	"strings"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
)

// Find reads one page in one statement, so that no snapshot outlives it.
func (d *docs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	plain, err := d.db.ready(ctx)
	if err != nil {
		return nil, "", err
	}
	p, err := d.spec.Plan(q)
	if err != nil {
		return nil, "", err
	}
	query, args := d.page(p)
	s, err := d.stmt(query)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.QueryContext(plain, args...)
	if err != nil {
		return nil, "", classify(err)
	}
	var page []bson.Raw
	err = scan(rows, func(rows *sql.Rows) error {
		var raw []byte
		err := rows.Scan(&raw)
		page = append(page, raw)
		return err
	})
	if err != nil || len(page) <= p.Limit {
		return page, "", classify(err)
	}
	page = page[:p.Limit]
	last, err := d.spec.Current(page[p.Limit-1])
	if err != nil {
		return nil, "", err
	}
	next, err := p.Cursor(last)
	return page, next, err
}

// Count counts in one statement over the index.
func (d *docs) Count(ctx context.Context, q store.Query) (int64, error) {
	plain, err := d.db.ready(ctx)
	if err != nil {
		return 0, err
	}
	q.Limit, q.After = 0, ""
	p, err := d.spec.Plan(q)
	if err != nil {
		return 0, err
	}
	b := d.where(p)
	s, err := d.stmt("SELECT COUNT(*) FROM " + b.from + b.text.String())
	if err != nil {
		return 0, err
	}
	var n int64
	return n, classify(s.QueryRowContext(plain, b.args...).Scan(&n))
}

// builder collects the conditions of a query.
type builder struct {
	from  string
	id    string // the expression of the id; "" where the parts alone give a total order
	parts []string
	text  strings.Builder
	args  []any
}

func (b *builder) and(condition string, args ...any) {
	if b.text.Len() == 0 {
		b.text.WriteString(" WHERE ")
	} else {
		b.text.WriteString(" AND ")
	}
	b.text.WriteString(condition)
	b.args = append(b.args, cells(args)...)
}

// source chooses the table; INDEXED BY makes a query fail rather than scan.
func (d *docs) source(p store.Plan) *builder {
	b := &builder{from: d.table + " AS d", id: "d.id"}
	for _, x := range d.indexes {
		if x.Name != p.Index.Name {
			continue
		}
		b.parts = x.exprs
		b.from = d.table + " AS d INDEXED BY " + quote(x.name)
		if x.side != "" {
			b.id = "s.id"
			b.from = quote(x.side) + " AS s INDEXED BY " + quote(x.name) + " CROSS JOIN " + d.table + " AS d ON d.row = s.row"
		}
		if x.Unique {
			b.id = ""
		}
		if x.Sparse && x.side == "" { // the condition of the partial index
			for _, e := range x.exprs {
				b.and(e + " IS NOT NULL")
			}
		}
	}
	return b
}

func (d *docs) where(p store.Plan) *builder {
	b := d.source(p)
	for i, v := range p.Eq {
		b.and(b.parts[i]+" = ?", v)
	}
	next := "d.id"
	if len(p.Order) > 0 {
		next = b.parts[len(p.Eq)]
	}
	if p.From != nil {
		b.and(next+" >= ?", p.From)
	}
	if p.To != nil {
		b.and(next+" < ?", p.To)
	}
	return b
}

// page is the statement of one page and one row more, which tells whether
// another page follows.
func (d *docs) page(p store.Plan) (string, []any) {
	b := d.where(p)
	order := append([]string(nil), b.parts[len(p.Eq):]...)
	if b.id != "" {
		order = append(order, b.id)
	}
	if p.After != nil {
		b.behind(order, p)
	}
	if len(order) > 0 {
		way := ""
		if p.Desc {
			way = " DESC"
		}
		b.text.WriteString(" ORDER BY " + strings.Join(order, way+", ") + way)
	}
	return "SELECT d.doc FROM " + b.from + b.text.String() + " LIMIT ?", append(b.args, p.Limit+1)
}

func (b *builder) behind(order []string, p store.Plan) {
	if len(order) == 0 { // a unique value has one document, and that was shown
		b.and("0")
		return
	}
	values := append([]any(nil), p.After.Values...)
	if b.id != "" {
		values = append(values, p.After.ID)
	}
	sign := ">"
	if p.Desc {
		sign = "<"
	}
	b.and("("+strings.Join(order, ", ")+") "+sign+" (?"+strings.Repeat(", ?", len(order)-1)+")", values...)
}
