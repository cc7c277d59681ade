package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

// Statement is what a bank-statement file says.
type Statement struct {
	Rows    []Row
	Skipped int      // rows that are no transfer that came in: money out, totals, notes
	Columns []string // headings of the columns that were read
}

// Row is one transfer that came in, or a row that could not be read.
type Row struct {
	Line    int // in the file, from 1
	In      order.Incoming
	Problem string // message code; "" for a row that was read. In then holds what could be read
}

// Problems of a row.
const (
	problemDate     = "order.statement.row.date"
	problemAmount   = "order.statement.row.amount"
	problemColumns  = "order.statement.row.columns"
	problemTwice    = "order.statement.row.twice"
	problemCurrency = "order.statement.row.currency"
)

// ParseStatement reads the CSV of a bank statement as banks in Vietnam export it
// and spreadsheets save it. A file that cannot be read at all is fault.Invalid:
// "order.statement.large" (over MaxFile), ".rows" (over MaxRows), ".empty",
// ".kind" (no text), ".header" (no columns that are known) or ".currency" (an
// account that is not in đồng). A single row that cannot be read carries a
// problem.
func ParseStatement(b []byte) (Statement, error) {
	text, err := decode(b)
	if err != nil {
		return Statement{}, err
	}
	cols, rows, before, err := find(text)
	if err != nil {
		return Statement{}, err
	}
	if foreignCurrency(before) {
		return Statement{}, fault.New(fault.Invalid, "order.statement.currency")
	}
	r := reader{cols: cols, account: ownAccount(before), seen: map[string]int{}}
	r.out.Columns = cols.names()
	for n := 0; ; {
		row, line, ok := rows.next()
		if !ok {
			return r.out, nil
		}
		if blank(row) {
			continue
		}
		if n++; n > MaxRows {
			return Statement{}, fault.New(fault.Invalid, "order.statement.rows")
		}
		r.row(row, line)
	}
}

// reader collects the rows of one statement.
type reader struct {
	cols    columns
	account string
	seen    map[string]int // references, and rows that have none
	out     Statement
}

func (r *reader) row(cells []string, line int) {
	row := Row{Line: line, In: order.Incoming{
		Memo: clean(r.cols.of(cells, memo), MaxMemo),
		From: clean(r.cols.of(cells, sender), maxName),
		To:   clean(r.cols.of(cells, account), maxName),
	}}
	if row.In.To == "" {
		row.In.To = r.account
	}
	at, rest, dated := when(r.cols.of(cells, date))
	if r.cols.refInDay {
		row.In.Ref = reference("", rest)
	} else {
		dated = dated && rest == ""
	}
	in, moved, readable := r.amount(cells)
	switch {
	case !dated && (!moved || isTotal(cells) || isHeader(cells)):
		r.out.Skipped++
		return
	case !dated:
		row.Problem = problemDate
	case !blank(cells[min(len(cells), len(r.cols.kinds)):]):
		row.Problem = problemColumns
	case !readable:
		row.Problem = problemAmount
	case in <= 0:
		r.out.Skipped++
		return
	case !isDong(r.cols.of(cells, currency)):
		row.Problem = problemCurrency
	}
	if dated {
		row.In.Booked = at
	}
	if row.Problem == "" {
		row.In.Amount = in
		row.Problem = r.refer(&row.In, cells)
	}
	r.out.Rows = append(r.out.Rows, row)
}

// amount is what came in, negative or 0 for what did not. moved is false when
// the row names no amount at all, readable when one of them is no amount.
func (r *reader) amount(cells []string) (in money.VND, moved, readable bool) {
	readable = true
	read := func(k kind) money.VND {
		s := r.cols.of(cells, k)
		v, ok := amount(s)
		moved = moved || v != 0 || !ok
		readable = readable && ok
		return v
	}
	if r.cols.has(credit) {
		c, d := read(credit), read(debit)
		if c != 0 && d != 0 {
			return 0, moved, false
		}
		return c, moved, readable
	}
	in = read(value)
	if r.cols.has(side) && moved {
		switch letters(strings.NewReplacer("+", "c", "-", "d").Replace(r.cols.of(cells, side))) {
		case "c", "cr", "co", "ghi co", "credit", "in", "tien vao":
		case "d", "dr", "no", "ghi no", "debit", "out", "tien ra":
			return min(in, -in), moved, readable
		default: // "transfer", say: then the amount itself has to tell
			readable = readable && strings.ContainsAny(r.cols.of(cells, value), "+-(")
		}
	}
	return in, moved, readable
}

// refer gives a transfer the bank's reference or, where there is none, one made
// of its content, so that the same file finds the same transfers again. The
// same reference twice in a file is a problem that a person decides.
func (r *reader) refer(in *order.Incoming, cells []string) (problem string) {
	if s := r.cols.of(cells, ref); strings.Trim(s, "-. ") != "" {
		in.Ref = reference("", s)
	}
	if in.Ref != "" {
		if r.seen[in.Ref]++; r.seen[in.Ref] > 1 {
			return problemTwice
		}
		return ""
	}
	content := fmt.Sprintf("%s\x00%s\x00%d\x00%s\x00", in.To, in.Booked.Format(time.RFC3339), in.Amount, in.Memo)
	r.seen[content]++
	sum := sha256.Sum256(fmt.Appendf([]byte(content), "%d", r.seen[content]))
	in.Ref = "row:" + hex.EncodeToString(sum[:8])
	return ""
}

// isTotal recognises the rows with which statements begin and end by their first
// words.
func isTotal(cells []string) bool {
	i := slices.IndexFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" })
	s := letters(cells[i])
	return s == "cong" || slices.ContainsFunc([]string{"tong", "cong phat sinh", "total", "so du", "opening balance", "closing balance"},
		func(words string) bool { return s == words || strings.HasPrefix(s, words+" ") })
}

// isHeader recognises a header that comes again, in English or on a new page.
func isHeader(cells []string) bool {
	_, ok := header(cells)
	return ok
}

func isDong(cell string) bool {
	switch strings.ToUpper(strings.TrimSpace(cell)) {
	case "", "VND", "VNĐ", "₫", "Đ", "ĐỒNG", "704":
		return true
	}
	return false
}

// foreignCurrency finds an account in another currency in what stands before the
// header: "Loại tiền: USD".
func foreignCurrency(before [][]string) bool {
	for _, row := range before {
		s := " " + letters(clean(strings.Join(row, " "), maxName)) + " "
		if !strings.Contains(s, " loai tien ") && !strings.Contains(s, " currency ") || strings.Contains(s, " vnd ") {
			continue
		}
		for _, code := range []string{"usd", "eur", "jpy", "gbp", "aud", "cny", "krw", "sgd", "lak", "thb"} {
			if strings.Contains(s, " "+code+" ") {
				return true
			}
		}
	}
	return false
}

// ownAccount finds the account's number in what stands before the header: six
// digits or more behind "Số tài khoản" or "Account".
func ownAccount(before [][]string) string {
	for _, row := range before {
		s := clean(strings.Join(row, " "), maxName)
		folded := lang.Fold(s)
		if !strings.Contains(folded, "tai khoan") && !strings.Contains(folded, "account") {
			continue
		}
		for _, word := range strings.FieldsFunc(folded, func(r rune) bool { return r < '0' || r > '9' }) {
			if len(word) >= 6 {
				return word
			}
		}
	}
	return ""
}
