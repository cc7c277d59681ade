package bank

import (
	"slices"
	"strings"

	"nguon/app/fault"
	"nguon/app/lang"
)

// kind is what a column holds.
type kind uint8

const (
	none kind = iota
	date
	ref
	credit
	debit
	side // C or D, beside an amount
	value
	memo
	balance
	sender
	account
	currency
)

// names are those of columns, folded, letters only. The longest name found in a heading
// decides; of two that are equally long, the one that stands here first.
var names = []struct {
	kind  kind
	names []string
}{
	{credit, []string{"so tien ghi co", "so phat sinh co", "phat sinh co", "ghi co", "credit amount", "credit", "tien vao", "so tien vao"}},
	{debit, []string{"so tien ghi no", "so phat sinh no", "phat sinh no", "ghi no", "debit amount", "debit", "tien ra", "so tien ra"}},
	{side, []string{"d c", "c d", "dr cr", "cr dr", "no co", "co no", "transaction type", "loai giao dich"}},
	{date, []string{"ngay giao dich", "thoi gian giao dich", "ngay gd", "ngay hach toan", "ngay hieu luc", "transaction date", "trans date", "tnx date", "txn date", "posting date", "booking date", "effective date", "value date", "ngay", "date", "thoi gian"}},
	{ref, []string{"so tham chieu", "ma tham chieu", "so but toan", "so chung tu", "so ct", "so gd", "ma giao dich", "ma gd", "reference number", "reference", "ref no", "ref", "transaction id", "transaction no", "doc no"}},
	{memo, []string{"noi dung", "noi dung chi tiet", "noi dung giao dich", "dien giai", "mo ta", "mo ta giao dich", "description", "transaction description", "transactions in detail", "remark", "remarks", "details"}},
	{balance, []string{"so du", "balance", "available balance"}},
	{sender, []string{"nguoi chuyen", "nguoi gui", "don vi chuyen", "tai khoan doi ung", "so tai khoan doi ung", "doi ung", "counterpart", "counterparty", "counterpart account", "counter account", "remitter"}},
	{currency, []string{"loai tien", "loai tien te", "currency", "tien te"}},
	{account, []string{"so tai khoan", "tai khoan", "account number", "account no", "account"}},
	{value, []string{"so tien giao dich", "so tien", "transaction amount", "amount"}},
}

// columns is a header that was understood: which kind stands where.
type columns struct {
	kinds    []kind
	headings []string
	refInDay bool // one column holds the day and, below it, the reference
}

// letters folds a heading and keeps its letters, a space between words.
func letters(heading string) string {
	if len(heading) > maxName*2 {
		return ""
	}
	return strings.Join(strings.FieldsFunc(lang.Fold(heading), func(r rune) bool { return r < 'a' || r > 'z' }), " ")
}

// kindOf is what a heading announces; both is true for a day with a reference.
func kindOf(heading string) (k kind, both bool) {
	h := letters(heading)
	if h == "" {
		return none, false
	}
	if h == "co" || h == "no" {
		return map[string]kind{"co": credit, "no": debit}[h], false
	}
	best, found, words := 0, map[kind]bool{}, " "+h+" "
	for _, n := range names {
		for _, name := range n.names {
			if !strings.Contains(words, " "+name+" ") {
				continue
			}
			if found[n.kind] = true; len(name) > best {
				best, k = len(name), n.kind
			}
		}
	}
	switch {
	case found[credit] && found[debit] && !found[value]:
		return side, false
	case found[credit] && found[debit]:
		return value, false
	case found[ref] && (k == date || found[date] && strings.HasPrefix(h, "ngay")):
		return date, true
	}
	return k, false
}

// header reads a row as a header. It is one when it names a day, an amount and
// at least one thing more.
func header(row []string) (c columns, ok bool) {
	found := map[kind]bool{}
	for i, cell := range row[:min(len(row), maxCells)] {
		k, both := kindOf(cell)
		if found[k] && k != memo && k != sender {
			k = none
		}
		found[k] = true
		c.kinds = append(c.kinds, k)
		c.headings = append(c.headings, row[i])
		c.refInDay = c.refInDay || both && k == date
	}
	delete(found, none)
	if found[credit] {
		c.drop(value, side)
	}
	return c, found[date] && (found[credit] || found[value]) && len(found) >= 3
}

// drop forgets columns that another makes needless.
func (c *columns) drop(kinds ...kind) {
	for i, k := range c.kinds {
		if slices.Contains(kinds, k) {
			c.kinds[i] = none
		}
	}
}

// understood counts the columns that are read.
func (c columns) understood() (n int) {
	for _, k := range c.kinds {
		if k != none {
			n++
		}
	}
	return n
}

// has reports whether there is a column of a kind.
func (c columns) has(k kind) bool { return slices.Contains(c.kinds, k) }

// of is the text of the columns of a kind in a row, joined where there are
// several.
func (c columns) of(row []string, k kind) string {
	var parts []string
	for i, cell := range row[:min(len(row), len(c.kinds))] {
		if c.kinds[i] == k && strings.TrimSpace(cell) != "" {
			parts = append(parts, plain(cell))
		}
	}
	return strings.Join(parts, " ")
}

// names lists the headings of the columns that are read, as the file writes them.
func (c columns) names() (list []string) {
	for i, k := range c.kinds {
		if k != none {
			list = append(list, clean(c.headings[i], maxName))
		}
	}
	return list
}

const headerWithin = 30 // rows that are not blank

// find looks for the header with each delimiter and takes the one under which
// most columns are understood. It returns the rows that follow and those before.
func find(text string) (c columns, rows cells, before [][]string, err error) {
	best := 0
	for _, delim := range []byte{'\t', ';', ','} {
		in := cells{rest: text, delim: delim, line: 1}
		var passed [][]string
		for len(passed) < headerWithin {
			row, _, ok := in.next()
			if !ok {
				break
			}
			if blank(row) {
				continue
			}
			if h, ok := header(row); ok {
				if n := h.understood(); n > best {
					best, c, rows, before = n, h, in, passed
				}
				break
			}
			passed = append(passed, row)
		}
	}
	if best == 0 {
		return c, rows, nil, fault.New(fault.Invalid, "order.statement.header")
	}
	return c, rows, before, nil
}

func blank(row []string) bool {
	return !slices.ContainsFunc(row, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}
