package views

import (
	"slices"

	"github.com/a-h/templ"

	"nguon/app/pay/vietqr"
	"nguon/catalog/order"
)

// RefundTabs are the states of refunds that the desk shows.
var RefundTabs = [...]order.RefundState{order.RefundAsked, order.RefundReady, order.RefundSent, order.RefundFailed}

// OwedRefund is a refund with its order.
type OwedRefund struct {
	Order  order.Order
	Refund order.Refund
}

// RefundsPage is /console/money/refunds. Fields: bin, number, holder; ref; and
// pick.ORDER.REFUND for a batch. Once names the batch.
type RefundsPage struct {
	Base
	State  order.RefundState
	Items  []OwedRefund
	Next   string
	Counts map[order.RefundState]int64
	Once   string
	Form   Form
}

// OrderWaits are the reasons for which the desk lists orders.
var OrderWaits = [...]order.Wait{order.WaitStuck, order.WaitDisputed, order.WaitRemit}

// MoneyOrdersPage is /console/money/orders. Field: code.
type MoneyOrdersPage struct {
	Base
	Form   Form
	Wait   order.Wait
	Items  []order.Order
	Next   string
	Counts map[order.Wait]int64
}

// MoneyOrderPage is /console/money/orders/{id}: the whole of an order. Fields:
// note, and those of refunds.
type MoneyOrderPage struct {
	Base
	Form    Form
	Order   order.Order
	Entries []order.Entry
	Names   map[string]string
}

// Component renders the page.
func (p RefundsPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.refunds"), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p MoneyOrdersPage) Component() templ.Component {
	p.Base = p.private(p.T("moneydesk.orders"), p.T("moneydesk.description"))
	return p.page()
}

// Component renders the page.
func (p MoneyOrderPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("moneydesk.description"))
	return p.page()
}

func (p MoneyOrderPage) heading() string { return p.T("moneydesk.order.title", "Code", p.Order.Code) }

func (p RefundsPage) tabs() (list []tab) {
	for _, st := range RefundTabs {
		list = append(list, tab{"/console/money/refunds?state=" + string(st), p.T("moneydesk.refund.state." + string(st)), p.Counts[st], st == p.State})
	}
	return list
}

func (p MoneyOrdersPage) tabs() (list []tab) {
	for _, w := range OrderWaits {
		list = append(list, tab{"/console/money/orders?wait=" + string(w), p.T("moneydesk.orders." + string(w)), p.Counts[w], w == p.Wait})
	}
	return list
}

// batchable reports whether some of the refunds can go into a batch.
func (p RefundsPage) batchable() bool {
	for _, x := range p.Items {
		if x.batchable() {
			return true
		}
	}
	return false
}

func (x OwedRefund) batchable() bool {
	return x.Refund.State == order.RefundReady && x.Refund.Method != order.Card && x.Refund.Account != nil
}

// rest are the refunds that no batch takes: of cards.
func (p RefundsPage) rest() (list []OwedRefund) {
	for _, x := range p.Items {
		if !x.batchable() {
			list = append(list, x)
		}
	}
	return list
}

func (x OwedRefund) pick() string { return "pick." + x.Order.ID + "." + x.Refund.ID }

// key tells the fields of one refund from those of another.
func (x OwedRefund) key() string { return x.Order.Code + "-" + x.Refund.ID }

// mine is what was typed into the forms of this refund.
func (x OwedRefund) mine(f Form) Form {
	if f.Get("refund") == x.Refund.ID && f.Get("order") == x.Order.ID {
		return f
	}
	return Form{}
}

// text is what the seller or the operator sends to ask for the account.
func (x OwedRefund) text(b Base) string {
	l := x.Order.Lang
	return l.T("moneydesk.refund.text", "Code", x.Order.Code, "Amount", x.Refund.Amount.String(), "Cause", l.T("moneydesk.refund.cause."+x.Refund.Cause), "Link", b.BaseURL+l.Path("/orders/"+x.Order.ID))
}

func accountLine(a order.Account) string {
	return a.Number + " · " + bankName(a.BIN) + " · " + a.Name
}

func bankChoices(b Base) []choice {
	var list []choice
	for _, x := range vietqr.Banks() {
		list = append(list, choice{x.BIN, x.Short + " · " + x.Name})
	}
	return asked(b, list...)
}

func refundResult(st order.RefundState) string {
	switch st {
	case order.RefundDone, order.RefundCredit:
		return "pass"
	case order.RefundFailed:
		return "fail"
	}
	return "undetermined"
}

// told is what the market sends to a shopper without mail once money went back.
func (x OwedRefund) told() string {
	if x.Order.Customer.Email != "" {
		return ""
	}
	l := x.Order.Lang
	switch {
	case x.Refund.State == order.RefundDone:
		return l.T("moneydesk.refund.told.done", "Code", x.Order.Code, "Amount", x.Refund.Amount.String(), "Cause", l.T("moneydesk.refund.cause."+x.Refund.Cause), "Ref", x.Refund.Ref)
	case x.Refund.Expires != nil:
		return l.T("moneydesk.refund.told.credit", "Code", x.Order.Code, "Amount", x.Refund.Amount.String(), "Credit", x.Refund.Ref, "Phone", x.Order.Customer.Phone, "Until", l.Date(*x.Refund.Expires))
	}
	return ""
}

// stepNote is what a step of an order was about: a seller's name, a refund's
// amount, a note.
func (p MoneyOrderPage) stepNote(st order.Step) string {
	if i := p.Order.Parcel(st.Note); i >= 0 {
		return p.Order.Parcels[i].Name(p.Lang)
	}
	for _, r := range p.Order.Refunds {
		if r.ID == st.Note {
			return r.Amount.String()
		}
	}
	return st.Note
}

func (p MoneyOrderPage) facts() []fact {
	o := p.Order
	list := []fact{
		{p.T("moneydesk.order.placed"), p.Lang.DateTime(o.Placed)},
		{p.T("moneydesk.order.method"), p.T("moneydesk.method." + string(o.Method))},
		{p.T("moneydesk.order.total"), o.Total().String()},
		{p.T("moneydesk.order.paid"), o.Paid().String()},
		{p.T("moneydesk.order.back"), o.Returned().String()},
		{p.T("moneydesk.order.customer"), o.Customer.Name + " · " + o.Customer.Phone},
	}
	if o.Until != nil && o.State == order.Open {
		list = append(list, fact{p.T("moneydesk.order.until"), p.Lang.DateTime(*o.Until)})
	}
	return list
}

func (p MoneyOrderPage) accountName(e order.Entry) string {
	if key := "moneydesk.account." + e.Account; p.Lang.Has(key) {
		return p.T(key)
	}
	if i := p.Order.Parcel(e.Account); i >= 0 {
		return p.Order.Parcels[i].Name(p.Lang)
	}
	return e.Account
}

// refundPath is where a form about a refund goes: to the page that it stands on.
func refundPath(x OwedRefund, back string) string {
	if back == "order" {
		return moneyOrderPath(x.Order)
	}
	return "/console/money/refunds"
}

// rowAria ties a field of a form that stands several times to what is wrong.
func rowAria(b Base, f Form, key, name string) templ.Attributes {
	if f.wrong(b, name) == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": name + "-" + key + "-error"}
}

// state is how the order stands; one of which nothing is left is not confirmed.
func (p MoneyOrderPage) state() (result, words string) {
	o := p.Order
	left := slices.ContainsFunc(o.Parcels, func(x order.Parcel) bool { return x.State != order.Dropped && x.State != order.Returned })
	if o.State == order.Confirmed && !left {
		return "plain", p.T("moneydesk.order.state.back")
	}
	return orderStateResult(o.State), p.T("moneydesk.order.state." + string(o.State))
}

func disputeState(d order.Dispute) string {
	switch {
	case !d.Over:
		return "open"
	case d.Lost > 0:
		return "lost"
	}
	return "over"
}
