package sqlite

import (
	"context"
	"database/sql"
	"errors"
)

// stmt prepares a statement once; there are as many as there are kinds of
// write, so they are kept for good.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.stmts[query]; ok {
		return s, nil
	}
	s, err := t.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, classify(err)
	}
	t.stmts[query] = s
	return s, nil
}

// exec runs a recurring statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, classify(err)
	}
	n, err := res.RowsAffected()
	return n, classify(err)
}

// once runs a statement that will not come again.
func (t *tx) once(query string, args ...any) error {
	_, err := t.conn.ExecContext(context.Background(), query, args...)
	return classify(err)
}

func (t *tx) number(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	var n int64
	return n, classify(s.QueryRowContext(context.Background(), args...).Scan(&n))
}

// rows calls each for every row of a query.
func (t *tx) rows(query string, args []any, each func(*sql.Rows) error) error {
	rows, err := t.conn.QueryContext(context.Background(), query, args...)
	if err != nil {
		return classify(err)
	}
	return classify(scan(rows, each))
}

func scan(rows *sql.Rows, each func(*sql.Rows) error) error {
	for rows.Next() {
		if err := each(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}

// texts reads one column of text.
func (t *tx) texts(query string, args ...any) ([]string, error) {
	var all []string
	err := t.rows(query, args, func(rows *sql.Rows) error {
		var s string
		err := rows.Scan(&s)
		all = append(all, s)
		return err
	})
	return all, err
}
