package views

import (
	"github.com/a-h/templ"

	"nguon/app/fault"
	"nguon/catalog/order"
)

// StatementPage is /console/money/statement. Field: file. Once a file was read,
// its rows: as they would be received, or, where Received, as they were.
type StatementPage struct {
	Base
	Form       Form
	Read       bool
	Received   bool
	Rows       []StatementRow
	Skipped    int    // rows that are no transfer that came in
	File, Seal string // of the form that confirms
}

// StatementRow is one row of a statement and what becomes of it.
type StatementRow struct {
	Line    int
	In      order.Incoming
	Problem string // message code of a row that could not be read
	Err     *fault.Error
	Seen    order.Foreseen
}

// Component renders the page.
func (p StatementPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.statement"), p.T("moneydesk.description"))
	return p.page()
}

// kind of a row: "known", "problem", "matched" or "unmatched".
func (r StatementRow) kind() string {
	switch {
	case r.Problem != "" || r.Err != nil:
		return "problem"
	case r.Seen.Known:
		return "known"
	case r.Seen.State == order.TransferMatched:
		return "matched"
	}
	return "unmatched"
}

// counts are how many rows are of each kind.
func (p StatementPage) counts() map[string]int {
	n := map[string]int{}
	for _, r := range p.Rows {
		n[r.kind()]++
	}
	return n
}

func (p StatementPage) summary() []fact {
	n := p.counts()
	list := []fact{}
	for _, k := range []string{"matched", "unmatched", "known", "problem"} {
		list = append(list, fact{p.T("moneydesk.row." + k), p.Lang.Int(int64(n[k]))})
	}
	return append(list, fact{p.T("moneydesk.row.skipped"), p.Lang.Int(int64(p.Skipped))})
}

// fresh is how many rows would be received.
func (p StatementPage) fresh() int { n := p.counts(); return n["matched"] + n["unmatched"] }

// words says what becomes, or became, of a row.
func (p StatementPage) words(r StatementRow) string {
	switch {
	case r.Problem != "":
		return p.T(r.Problem)
	case r.Err != nil:
		return p.Lang.Map(r.Err.Code, r.Err.Args)
	}
	return matchWords(p.Lang, r.Seen.State, r.Seen.Match, r.Seen.Like)
}

func (r StatementRow) result() string {
	if r.kind() == "problem" {
		return "fail"
	}
	return matchResult(r.Seen.State, r.Seen.Match, r.Seen.Like)
}
