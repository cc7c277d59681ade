package views

import (
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/money"
	"nguon/catalog/order"
)

// PayoutDue is what the market owes a seller; below zero the seller owes it.
type PayoutDue struct {
	Seller, Name string
	Status       account.Status
	Balance      money.VND
	Account      *order.Account // nil where the seller has given none
}

// Payable reports whether a batch can pay it.
func (d PayoutDue) Payable() bool { return d.Balance > 0 && d.Account != nil }

// PayoutsPage is /console/money/payouts. Fields: pick.SELLER. Once names the
// batch.
type PayoutsPage struct {
	Base
	Form        Form
	Once        string
	Due         []PayoutDue
	History     []order.Batch
	Next        string
	Market, Tax money.VND
	Credit      money.VND // that shoppers may still spend
	Names       map[string]string
}

// BatchPage is /console/money/batches/{id}. Fields: seller, ref.
type BatchPage struct {
	Base
	Form  Form
	Batch order.Batch
	Names map[string]string
}

// BooksPage is /console/money/books/{account}: an account of the market by month.
type BooksPage struct {
	Base
	Account string
	Balance money.VND
	Sums    []order.MonthSum
	Names   map[string]string // of sellers
}

// Component renders the page.
func (p PayoutsPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.payouts"), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p BatchPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p BooksPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.books."+p.Account), p.T("moneydesk.description"))
	return p.page()
}

func (p BatchPage) heading() string {
	return p.T("moneydesk.batch.title."+string(p.Batch.Kind), "Date", p.Lang.DateTime(p.Batch.At))
}

// above is the list that a batch belongs to.
func (p BatchPage) above() crumb {
	if p.Batch.Kind == order.Payouts {
		return crumb{p.T("moneydesk.payouts"), "/console/money/payouts"}
	}
	return crumb{p.T("moneydesk.refunds"), "/console/money/refunds?state=sent"}
}

func (p PayoutsPage) some(is func(PayoutDue) bool) bool {
	for _, d := range p.Due {
		if is(d) {
			return true
		}
	}
	return false
}

func (d PayoutDue) unpayable() bool { return !d.Payable() }

// says is why a seller is not paid now.
func (d PayoutDue) says(b Base) string {
	if d.Balance < 0 {
		return b.T("moneydesk.payout.owes")
	}
	return b.T("moneydesk.payout.no_account")
}

// monthOf words a month: "11/2026".
func monthOf(t time.Time) string { return t.Format("01/2006") }

func rowResult(s order.RowState) string {
	switch s {
	case order.RowPaid:
		return "pass"
	case order.RowBounced:
		return "fail"
	}
	return "undetermined"
}

// mine is what was typed into the form of one row.
func (p BatchPage) mine(r order.BatchRow) Form {
	if p.Form.Get("seller") == r.Seller {
		return p.Form
	}
	return Form{}
}

// of is from whose sale a sum of the books follows; a credit or a dispute is of no
// seller.
func (p BooksPage) of(m order.MonthSum) string {
	if m.Seller == "" {
		return p.T("moneydesk.books.nobody")
	}
	return nameOr(p.Names, m.Seller)
}

// nameOr is a name, or the id that none is known for.
func nameOr(names map[string]string, id string) string {
	if n := names[id]; n != "" {
		return n
	}
	return id
}
