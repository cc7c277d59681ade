package views

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

// OrderDeskPage is /console/orders?org=&show=: the parcels of one seller.
type OrderDeskPage struct {
	Base
	Orgs   []account.Org // to choose from
	Org    account.Org   // zero for who sells nothing
	Show   order.Desk
	Counts map[order.Desk]int64
	Orders []DeskOrder
	Next   string
	Terms  bool // who looks may edit the terms
}

// DeskOrderPage is /console/orders/{code}. Fields of the forms, with the parcel's
// place on the page behind a point: carrier, tracking, collector, restock, note.
type DeskOrderPage struct {
	Base
	Order DeskOrder
	Names map[string]string
	Form  Form
}

// DeskOrder is what a seller may see of an order: the own parcels, and of the
// shopper what these need.
type DeskOrder struct {
	Code    string
	Placed  time.Time
	Lang    lang.Lang // in which the shopper reads
	Method  order.Method
	State   order.State
	Name    string
	Phone   string
	Note    string
	Address string // of parcels that are sent, "" where none is
	Mailed  bool   // the shopper left an address for mails
	Invoice *order.Invoice
	Parcels []DeskParcel
	Steps   []order.Step // of these parcels, and of the whole order
}

// DeskParcel is one seller's part of it.
type DeskParcel struct {
	order.Parcel
	Org     account.Org
	Lines   []order.Line
	Codes   []string // of the seller's own coupons
	Entries []order.Entry
	Earned  bool
}

// whole are the steps that concern every parcel.
var whole = [...]string{"placed", "confirmed", "cancelled", "stuck"}

// NewDeskOrder projects an order for those who work for these sellers.
func NewDeskOrder(o order.Order, sellers ...account.Org) DeskOrder {
	d := DeskOrder{Code: o.Code, Placed: o.Placed, Lang: o.Lang, Method: o.Method, State: o.State, Name: o.Customer.Name, Phone: o.Customer.Phone,
		Note: o.Customer.Note, Mailed: o.Customer.Email != "", Invoice: o.Invoice}
	mine := map[string]bool{}
	for _, org := range sellers {
		i := o.Parcel(org.ID)
		if i < 0 {
			continue
		}
		mine[org.ID] = true
		p := DeskParcel{Parcel: o.Parcels[i], Org: org}
		for _, l := range o.Lines {
			if l.Seller == org.ID {
				p.Lines = append(p.Lines, l)
			}
		}
		for _, k := range o.Coupons {
			if k.Seller == org.ID {
				p.Codes = append(p.Codes, k.Code)
			}
		}
		p.Entries, p.Earned = o.Statement(org.ID)
		if p.Way == order.Ship {
			d.Address = o.Customer.Address()
		}
		d.Parcels = append(d.Parcels, p)
	}
	for _, st := range o.Steps {
		if mine[st.Note] || slices.Contains(whole[:], st.Name) {
			d.Steps = append(d.Steps, st)
		}
	}
	return d
}

// Where says how a parcel reaches the shopper, with the address it is sent to.
func (p DeskParcel) Where(l lang.Lang, o DeskOrder) string {
	if p.Way == order.Ship {
		return lineOf(l.T("orderdesk.way.ship"), o.Address)
	}
	if p.Way == order.AtStand {
		return lineOf(l.T("orderdesk.way.stand"), p.Place(l))
	}
	return l.T("orderdesk.way." + string(p.Way))
}

// ToCollect is the cash that is still to be collected for a parcel.
func (p DeskParcel) ToCollect(o DeskOrder) money.VND {
	if o.Method != order.Cash || p.Cash != nil || p.State == order.Returned || p.State == order.Dropped {
		return 0
	}
	return p.Total()
}

// LineWords is a line as it is packed: "2 × Cà phê … · 250 g, nguyên hạt".
func LineWords(l lang.Lang, x order.Line) string {
	return l.Int(x.Quantity) + "\u00a0× " + x.Words(l)
}

// Component renders the page.
func (p OrderDeskPage) Component() templ.Component {
	p.Base = p.private(p.T("orderdesk.title"), p.T("orderdesk.description"))
	return p.page()
}

// Component renders the page.
func (p DeskOrderPage) Component() templ.Component {
	p.Base = p.private(p.T("orderdesk.order", "Code", p.Order.Code), p.T("orderdesk.description"))
	return p.page()
}

// list is the address of one pile.
func (p OrderDeskPage) list(d order.Desk) string {
	q := url.Values{"show": {string(d)}}
	if len(p.Orgs) != 1 {
		q.Set("org", p.Org.ID)
	}
	return "/console/orders?" + q.Encode()
}

func (p OrderDeskPage) file() string {
	return "/console/orders/packing.pdf?" + url.Values{"org": {p.Org.ID}}.Encode()
}

func (p OrderDeskPage) orgs() (list []choice) {
	for _, o := range p.Orgs {
		list = append(list, choice{o.ID, o.Name})
	}
	return list
}

// short says what is in a parcel on one line.
func (p DeskParcel) short(l lang.Lang) string {
	if len(p.Lines) == 0 {
		return ""
	}
	s := LineWords(l, p.Lines[0])
	if n := len(p.Lines) - 1; n > 0 {
		s += " " + l.N("orderdesk.more", n)
	}
	return s
}

// ways says on one line how a parcel goes and how it is paid.
func (p DeskParcel) ways(b Base, o DeskOrder) string {
	return b.T("orderdesk.way."+string(p.Way)) + " · " + b.T("orderdesk.method."+string(o.Method))
}

// badgeOf is the shape of a parcel's state.
func badgeOf(s order.ParcelState) string {
	switch s {
	case order.Delivered:
		return "pass"
	case order.Dropped, order.Returned:
		return "fail"
	case order.ToPack:
		return "undetermined"
	}
	return "plain"
}

// stateWords are those of a parcel: one that is picked up is not sent.
func (p DeskParcel) stateWords(b Base) string {
	if p.State == order.Sent && p.Way != order.Ship {
		return b.T("orderdesk.state.ready")
	}
	return b.T("orderdesk.state." + string(p.State))
}

// above is the pile that a parcel lies in.
func (p DeskOrderPage) above() crumb {
	path := "/console/orders"
	if len(p.Order.Parcels) > 0 {
		x := p.Order.Parcels[0]
		path = OrderDeskPage{Org: x.Org, Orgs: nil, Show: order.DeskPack}.list(x.pile(p.Order))
	}
	return crumb{p.T("orderdesk.title"), path}
}

func (p DeskParcel) pile(o DeskOrder) order.Desk {
	switch {
	case p.State == order.ToPack:
		return order.DeskPack
	case p.State == order.Dropped:
		return order.DeskOff
	case p.State == order.Returned, p.Asking():
		return order.DeskBack
	case p.State == order.Delivered && p.ToCollect(o) > 0:
		return order.DeskCash
	case p.State == order.Delivered:
		return order.DeskDone
	}
	return order.DeskWay
}

// tel is the address by which a phone calls a number.
func tel(phone string) templ.SafeURL { return templ.SafeURL("tel:" + telDigits(phone)) }

func telDigits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
}

// sms opens a message with the words in it.
func sms(phone, words string) templ.SafeURL {
	return templ.SafeURL("sms:" + telDigits(phone) + "?body=" + strings.ReplaceAll(url.QueryEscape(words), "+", "%20"))
}

// customer are the facts about who gets the parcels.
func (p DeskOrderPage) customer() []fact {
	return said(fact{p.T("orderdesk.customer.address"), p.Order.Address}, fact{p.T("orderdesk.customer.note"), p.Order.Note},
		fact{p.T("orderdesk.customer.lang"), p.T("orderdesk.lang." + string(p.Order.Lang))})
}

// said leaves out what was not said.
func said(list ...fact) []fact {
	return slices.DeleteFunc(list, func(f fact) bool { return f.Value == "" })
}

func (p DeskOrderPage) invoice() []fact {
	i := p.Order.Invoice
	return []fact{{p.T("orderdesk.invoice.name"), i.Name}, {p.T("orderdesk.invoice.tax"), i.TaxCode}, {p.T("orderdesk.invoice.address"), i.Address}}
}

// done are the facts about how far a parcel has come.
func (x DeskParcel) done(b Base) (list []fact) {
	on := func(key string, t *time.Time) {
		if t != nil {
			list = append(list, fact{b.T("orderdesk.at." + key), b.Lang.DateTime(*t)})
		}
	}
	if x.Way == order.Ship {
		on("sent", x.SentAt)
	} else {
		on("ready", x.SentAt)
	}
	list = append(list, fact{b.T("orderdesk.carrier"), x.Carrier}, fact{b.T("orderdesk.tracking"), x.Tracking})
	if x.Collector != "" {
		list = append(list, fact{b.T("orderdesk.collector"), b.T("orderdesk.collector." + string(x.Collector))})
	}
	on("got", x.Got)
	on("cash", x.Cash)
	on("remitted", x.Remitted)
	if !x.Asking() { // else it stands above
		list = append(list, fact{b.T("orderdesk.asked"), x.Asked})
	}
	on("declined", x.Declined)
	on("back", x.Back)
	on("dropped", x.DroppedAt)
	if x.State == order.Returned {
		again := "no"
		if x.Restock {
			again = "yes"
		}
		list = append(list, fact{b.T("orderdesk.restock"), b.T("orderdesk.restock." + again)})
	}
	return said(append(list, fact{b.T("orderdesk.why"), x.Why})...)
}

// stepWords say what happened, and at whose parcel where there are several.
func (p DeskOrderPage) stepWords(st order.Step) string {
	s := word(p.Lang, "orderdesk.step.", st.Name)
	for _, x := range p.Order.Parcels {
		if len(p.Order.Parcels) > 1 && x.Seller == st.Note {
			s += " · " + x.Org.Name
		}
	}
	return s
}

func (p DeskOrderPage) stepBy(st order.Step) string { return who(p.Lang, p.Names, st.By) }

func codeList(codes []string) string { return strings.Join(codes, ", ") }
