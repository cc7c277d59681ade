package views

import (
	"net/url"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/catalog/order"
)

// MoneyPage is /console/money: what waits, and the form of one transfer. Fields:
// ref, amount, day, time, memo, from.
type MoneyPage struct {
	Base
	Form    Form
	Waits   []Section
	Sellers int // to be paid
}

// TransferTabs are the states that the desk shows.
var TransferTabs = [...]order.TransferState{order.TransferUnmatched, order.TransferMatched, order.TransferIgnored}

// TransfersPage is /console/money/transfers.
type TransfersPage struct {
	Base
	State  order.TransferState
	Items  []order.TransferIn
	Next   string
	Counts map[order.TransferState]int64
}

// TransferPage is /console/money/transfer?ref=. Fields: order (its code) and note, or
// aside, why it is put aside.
type TransferPage struct {
	Base
	Form       Form
	Transfer   order.TransferIn
	Order      *order.Order      // that it paid, or may have paid
	Twin       *order.TransferIn // that it may be
	Candidates []order.Candidate
	Names      map[string]string
}

// Component renders the page.
func (p MoneyPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.title"), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p TransfersPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.transfers"), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p TransferPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.transfer"), p.T("moneydesk.description"))
	return p.page()
}

// moneyHome is the way back to the money desk.
func moneyHome(b Base) crumb { return crumb{b.T("moneydesk.title"), "/console/money"} }

func transferPath(ref string) string {
	return "/console/money/transfer?" + url.Values{"ref": {ref}}.Encode()
}

func moneyOrderPath(o order.Order) string { return "/console/money/orders/" + o.ID }

// tab is one of the tabs of a list.
type tab struct {
	Path, Text string
	Open       int64
	Here       bool
}

func (p TransfersPage) tabs() (list []tab) {
	for _, st := range TransferTabs {
		list = append(list, tab{"/console/money/transfers?state=" + string(st), p.T("moneydesk.transfer.state." + string(st)), p.Counts[st], st == p.State})
	}
	return list
}

// matchResult is how a match looks: what is paid in full passes.
func matchResult(t order.TransferState, m order.Match, like string) string {
	switch {
	case like != "" && t == order.TransferUnmatched:
		return "undetermined"
	case t == order.TransferUnmatched, t == order.TransferNew:
		return "fail"
	case t == order.TransferIgnored:
		return "plain"
	case m == order.Exact:
		return "pass"
	}
	return "undetermined"
}

// matchWords says how a transfer fits.
func matchWords(l lang.Lang, t order.TransferState, m order.Match, like string) string {
	switch {
	case like != "" && t == order.TransferUnmatched:
		return l.T("moneydesk.match.twin")
	case t == order.TransferIgnored:
		return l.T("moneydesk.match.ignored")
	case t == order.TransferNew:
		return l.T("moneydesk.match.unknown")
	case t == order.TransferUnmatched:
		return l.T("moneydesk.match.unknown")
	}
	return l.T("moneydesk.match." + string(m))
}

func transferFacts(b Base, t order.TransferIn, names map[string]string) []fact {
	list := []fact{
		{b.T("moneydesk.amount"), t.Amount.String()},
		{b.T("moneydesk.booked"), b.Lang.DateTime(t.Booked)},
		{b.T("moneydesk.ref"), t.ID},
		{b.T("moneydesk.memo"), t.Memo},
	}
	if t.From != "" {
		list = append(list, fact{b.T("moneydesk.from"), t.From})
	}
	list = append(list, fact{b.T("moneydesk.source"), b.T("moneydesk.source." + t.Source)})
	if t.By != t.Source {
		list = append(list, fact{b.T("moneydesk.by"), who(b.Lang, names, t.By)})
	}
	if t.Note != "" && t.Like == "" {
		list = append(list, fact{b.T("moneydesk.note"), t.Note})
	}
	return list
}

// why says why an order is a candidate.
func why(b Base, c order.Candidate) string {
	switch {
	case c.Code && c.Amount:
		return b.T("moneydesk.candidate.both")
	case c.Code:
		return b.T("moneydesk.candidate.code")
	}
	return b.T("moneydesk.candidate.amount")
}

func orderStateResult(s order.State) string {
	switch s {
	case order.Confirmed:
		return "pass"
	case order.Stuck, order.Failed:
		return "fail"
	case order.Open, order.Settling, order.Placing:
		return "undetermined"
	}
	return "plain"
}

// means names the message that says what follows from how a transfer fits.
func (p TransferPage) means() string {
	switch t := p.Transfer; {
	case t.Like != "" && t.State == order.TransferUnmatched:
		return "twin"
	case t.State == order.TransferMatched:
		return string(t.Match)
	case t.State == order.TransferIgnored:
		return "ignored"
	}
	return "unknown"
}
