package views

import (
	"net/url"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/money"
	"nguon/catalog/order"
)

// InvoicesPage lists the company invoices that buyers of a month asked for. Org
// is the seller, zero for all of them. Field: month.
type InvoicesPage struct {
	Base
	Form   Form
	Desk   string // its address
	Org    account.Org
	Month  time.Time
	Orders []InvoiceOrder
}

// InvoiceOrder is an order whose buyer asked for an invoice, with the parcels
// that are shown.
type InvoiceOrder struct {
	ID, Code, Email, Phone string
	Placed                 time.Time
	Invoice                order.Invoice
	Parcels                []DeskParcel
}

// NewInvoiceOrder projects an order for one seller, or for the market (""). Only
// the market is told its id.
func NewInvoiceOrder(o order.Order, seller string) InvoiceOrder {
	x := InvoiceOrder{Code: o.Code, Email: o.Customer.Email, Phone: o.Customer.Phone, Placed: o.Placed, Invoice: *o.Invoice}
	if seller == "" {
		x.ID = o.ID
	}
	for _, p := range o.Parcels {
		if p.State != order.Dropped && (seller == "" || seller == p.Seller) {
			x.Parcels = append(x.Parcels, DeskParcel{Parcel: p, Lines: linesOf(o, p.ID())})
		}
	}
	return x
}

// Total is what was paid for the parcels, credits included.
func (x InvoiceOrder) Total() (sum money.VND) {
	for _, p := range x.Parcels {
		sum += p.Total() + p.OffCredit
	}
	return sum
}

// Component renders the page.
func (p InvoicesPage) Component() templ.Component {
	p.Base = p.private(p.T("orderdesk.invoices"), p.T("orderdesk.description"))
	return p.page()
}

func (p InvoicesPage) above() crumb {
	if p.Org.ID == "" {
		return moneyHome(p.Base)
	}
	return crumb{p.T("orderdesk.title"), "/console/orders?" + url.Values{"org": {p.Org.ID}}.Encode()}
}

func (p InvoicesPage) file() string {
	q := url.Values{"month": {p.Month.Format("2006-01")}}
	if p.Org.ID != "" {
		q.Set("org", p.Org.ID)
	}
	return p.Desk + ".csv?" + q.Encode()
}

// of is the page of one order.
func (p InvoicesPage) of(o InvoiceOrder) string {
	if o.ID != "" {
		return "/console/money/orders/" + o.ID
	}
	return "/console/orders/" + o.Code
}

// invoicesOf is the page of a seller's invoices.
func invoicesOf(o account.Org) string {
	return "/console/orders/invoices?" + url.Values{"org": {o.ID}}.Encode()
}
