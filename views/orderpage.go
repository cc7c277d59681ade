package views

import (
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/pay/vietqr"
	"nguon/catalog/order"
	"nguon/qr"
	"nguon/static"
	"nguon/tours"
)

// OrderPage is /orders/{id}, for whoever knows its address.
type OrderPage struct {
	Base
	Form   Form
	Order  order.Order
	Now    time.Time
	Payee  order.Account            // that shoppers transfer to
	QR     string                   // what a bank's app reads; "" where nothing is to be transferred
	Back   bool                     // came back from the page of the card gateway
	Card   bool                     // cards are taken
	Look   bool                     // was looked at again by who has paid
	Visits map[string]tours.Booking // of a confirmed order, by parcel
	Short  bool                     // found by code and telephone, which sellers know too: shows how it stands, opens nothing
}

// FindPage is /orders: a code and a telephone lead to an order.
type FindPage struct {
	Base
	Form Form
}

// Component renders the page.
func (p OrderPage) Component() templ.Component {
	p.Base = p.shopping(p.heading())
	return p.page()
}

// Component renders the page.
func (p FindPage) Component() templ.Component {
	p.Base = p.shopping(p.T("orderpage.find"))
	return p.page()
}

// Payable reports whether the order waits for money that can still come in time.
func (p OrderPage) Payable() bool {
	return p.Order.State == order.Open && p.Order.Due() > 0 && (p.Order.Until == nil || p.Now.Before(*p.Order.Until))
}

// TellsAccount reports whether a refund goes to a bank account that can still be
// told or corrected.
func TellsAccount(r order.Refund) bool {
	return r.Method != order.Card && (r.State == order.RefundAsked || r.State == order.RefundReady || r.State == order.RefundFailed)
}

// stage names the words for how far the order has come.
func (p OrderPage) stage() string {
	o := p.Order
	switch {
	case o.State == order.Open && o.Due() == 0:
		return string(order.Settling)
	case o.State == order.Open && !p.Payable():
		return "late"
	case o.State == order.Open && o.Method == order.Card && p.Back:
		return "card_back"
	case o.State == order.Open && o.Paid() > 0:
		return "part"
	case o.State == order.Open:
		return "open_" + string(o.Method)
	case o.State == order.Confirmed:
		return p.delivery()
	case (o.State == order.Expired || o.State == order.Cancelled) && o.Paid() > 0:
		return string(o.State) + "_paid"
	}
	return string(o.State)
}

// delivery is how far the parcels of a confirmed order have come.
func (p OrderPage) delivery() string {
	live := slices.DeleteFunc(slices.Clone(p.Order.Parcels), func(x order.Parcel) bool { return x.State == order.Dropped || x.State == order.Returned })
	goods := slices.DeleteFunc(slices.Clone(live), order.Parcel.Visit)
	if slices.ContainsFunc(live, p.asks) {
		return "choose"
	}
	if len(goods) == 0 && len(live) > 0 {
		if slices.ContainsFunc(live, func(x order.Parcel) bool { return !x.Came() }) {
			return "booked"
		}
		return "came"
	}
	live = goods // a visit has its own ticket
	count := func(is func(order.Parcel) bool) (n int) {
		for _, x := range live {
			if is(x) {
				n++
			}
		}
		return n
	}
	out := count(func(x order.Parcel) bool { return x.State == order.Sent || x.State == order.Delivered })
	switch {
	case len(live) == 0:
		return "back"
	case slices.ContainsFunc(live, order.Parcel.Asking):
		return "asking"
	case p.Order.Total() == 0 && out == 0:
		return "confirmed_free"
	case count(func(x order.Parcel) bool { return x.State == order.Delivered }) == len(live):
		if !slices.ContainsFunc(live, returnable) {
			return "delivered_all"
		}
		return "delivered"
	case out == len(live) && count(order.Parcel.Fetched) == len(live):
		return "ready"
	case out == len(live):
		return "sent"
	case out > 0:
		return "some_sent"
	case p.Order.Method == order.Cash:
		return "confirmed_cod"
	}
	return "confirmed"
}

func (p OrderPage) heading() string { return p.T("orderpage.is."+p.stage(), p.args()...) }

// next says what to do now.
func (p OrderPage) next() string { return p.T("orderpage.next."+p.stage(), p.args()...) }

func (p OrderPage) args() []any {
	o := p.Order
	args := []any{"Code", o.Code, "Due", o.Due().String(), "Paid", o.Paid().String(), "Total", o.Total().String(), "Until", ""}
	if o.Until != nil {
		args[len(args)-1] = unbroken(p.Lang.DateTime(*o.Until))
	}
	return args
}

// mark is the icon of the state.
func (p OrderPage) mark() string {
	switch p.stage() {
	case "open_transfer", "part":
		return "landmark"
	case "open_card":
		return "credit-card"
	case "placing", "settling", "card_back", "late":
		return "clock"
	case "failed", "expired", "cancelled", "expired_paid", "cancelled_paid", "stuck":
		return "circle-slash"
	case "sent", "some_sent":
		return "truck"
	case "back", "asking":
		return "undo-2"
	case "booked", "came":
		return "ticket"
	case "choose":
		return "triangle-alert"
	}
	return "package-check"
}

// awaits reports whether a script looks by itself whether the order came on.
func (p OrderPage) awaits() bool {
	return !p.Short && (p.Payable() || p.stage() == "placing" || p.stage() == "settling" || p.stage() == "card_back")
}

// sheet are the styles of the page and, while something is awaited, its script.
func (p OrderPage) sheet() templ.Component {
	if !p.awaits() {
		return linkedSheet()
	}
	return templ.Join(linkedSheet(), orderScript)
}

var orderScript = raw(`<script type="module" src="` + static.URL("js/order.js") + `"></script>`)

// seconds are those for which the order is still held.
func (p OrderPage) seconds() int { return int(p.Order.Until.Sub(p.Now) / time.Second) }

// remaining is how long the order is still held, in hours and minutes.
func (p OrderPage) remaining() string {
	if p.Order.Until == nil {
		return ""
	}
	left := p.Order.Until.Sub(p.Now).Round(time.Minute)
	h, m := int(left/time.Hour), int(left%time.Hour/time.Minute)
	switch {
	case h == 0:
		return p.N("orderpage.minutes", max(m, 1))
	case m == 0:
		return p.N("orderpage.hours", h)
	}
	return p.N("orderpage.hours", h) + " " + p.N("orderpage.minutes", m)
}

// symbol draws what a bank's app reads. A text that no symbol holds leaves the
// account beside it.
func (p OrderPage) symbol() templ.Component {
	svg, err := qr.Symbol(p.QR)
	if err != nil {
		return templ.NopComponent
	}
	return raw(strings.Replace(svg, "<svg ", `<svg class="qr" role="img" aria-label="`+templ.EscapeString(p.T("orderpage.qr"))+`" `, 1))
}

func (p OrderPage) bank() string {
	b, ok := vietqr.BankByBIN(p.Payee.BIN)
	if !ok {
		return p.Payee.BIN
	}
	return b.Short
}

// banks are the choices of who tells an account.
func banks(b Base) []choice {
	list := []choice{{"", b.T("form.choose")}}
	for _, k := range vietqr.Banks() {
		list = append(list, choice{k.BIN, k.Short + " · " + k.Name})
	}
	return list
}

func bankName(bin string) string {
	b, ok := vietqr.BankByBIN(bin)
	if !ok {
		return bin
	}
	return b.Short
}

// returnable reports whether a parcel can be asked to go back.
func returnable(x order.Parcel) bool {
	return x.Asked == "" && (x.State == order.Sent || x.State == order.Delivered)
}

// asked are the refunds that wait for an account, told those that have one and
// have not left.
func (p OrderPage) waits() (asked, told []order.Refund) {
	for _, r := range p.Order.Refunds {
		switch {
		case !TellsAccount(r):
		case r.State == order.RefundReady:
			told = append(told, r)
		default:
			asked = append(asked, r)
		}
	}
	return asked, told
}

// accountForm is what stands in the form of the account: what was typed, else
// the account that was told.
func (p OrderPage) accountForm() Form {
	if p.Form.Err != nil || len(p.Form.Values) > 0 {
		return p.Form
	}
	_, told := p.waits()
	for _, r := range told {
		if r.Account != nil {
			return Form{Values: map[string]string{"bin": r.Account.BIN, "number": r.Account.Number, "holder": r.Account.Name}}
		}
	}
	return p.Form
}

// couponWords name a coupon; a credit whose code is not told is one all the same.
func (p OrderPage) couponWords(k order.Applied) string {
	if k.Code == "" || k.IsCredit() {
		return p.T("orderpage.credit.code")
	}
	return p.T("orderpage.coupon")
}

// failed reports whether the bank could not transfer one of them.
func failed(list []order.Refund) bool {
	return slices.ContainsFunc(list, func(r order.Refund) bool { return r.State == order.RefundFailed })
}

// credits are what the shopper may spend because of this order.
func (p OrderPage) credits() []order.Refund {
	return slices.DeleteFunc(slices.Clone(p.Order.Refunds), func(r order.Refund) bool { return r.Expires == nil })
}

func sumOf(list []order.Refund) string {
	total := order.Refund{}.Amount
	for _, r := range list {
		total += r.Amount
	}
	return total.String()
}

// leg is one step of a parcel's way; At is nil before it is made.
type leg struct {
	Name, Note string
	At         *time.Time
}

// legs are the way of a parcel as far as it is known.
func (p OrderPage) legs(x order.Parcel) []leg {
	o := p.Order
	list := []leg{{Name: p.T("orderpage.leg.placed"), At: &o.Placed}}
	if o.Settled != nil {
		list = append(list, leg{Name: p.T("orderpage.leg.confirmed"), At: o.Settled})
	}
	if at := stepOf(o, "packed", x.Seller); at != nil {
		list = append(list, leg{Name: p.T("orderpage.leg.packed"), At: at})
	}
	sent, got := "orderpage.leg.sent", "orderpage.leg.got"
	if x.Fetched() {
		sent, got = "orderpage.leg.ready", "orderpage.leg.fetched"
	}
	switch {
	case x.State == order.Dropped:
		return append(list, leg{Name: p.T("orderpage.leg.dropped"), At: x.DroppedAt})
	case o.State != order.Confirmed:
		return list
	}
	list = append(list, leg{Name: p.T(sent), At: x.SentAt, Note: p.carrier(x)})
	if x.Got != nil || x.State != order.Returned {
		list = append(list, leg{Name: p.T(got), At: x.Got})
	}
	if at := stepOf(o, "return_asked", x.Seller); at != nil {
		list = append(list, leg{Name: p.T("orderpage.leg.asked"), At: at, Note: x.Asked})
	}
	if x.Declined != nil {
		list = append(list, leg{Name: p.T("orderpage.leg.declined"), At: x.Declined, Note: stepWhy(x)})
	}
	if x.Back != nil {
		list = append(list, leg{Name: p.T("orderpage.leg.back"), At: x.Back})
	}
	return list
}

// stepWhy is why a return was declined; once the parcel came back all the same,
// that is no longer known.
func stepWhy(x order.Parcel) string {
	if x.Back != nil {
		return ""
	}
	return x.Why
}

func stepOf(o order.Order, name, note string) *time.Time {
	for _, s := range o.Steps {
		if s.Name == name && s.Note == note {
			return &s.At
		}
	}
	return nil
}

// carrier names who brings a parcel, and its number there.
func (p OrderPage) carrier(x order.Parcel) string {
	switch {
	case x.SentAt == nil || x.Carrier == "" && x.Tracking == "":
		return ""
	case x.Tracking == "":
		return p.T("orderpage.carrier", "Carrier", x.Carrier)
	case x.Carrier == "":
		return p.T("orderpage.tracking", "Tracking", x.Tracking)
	}
	return p.T("orderpage.carrier", "Carrier", x.Carrier) + " · " + p.T("orderpage.tracking", "Tracking", x.Tracking)
}

// linesOf are the lines of one parcel.
func linesOf(o order.Order, parcel string) []order.Line {
	return slices.DeleteFunc(slices.Clone(o.Lines), func(l order.Line) bool { return l.Parcel() != parcel })
}

// customer are the facts of who buys.
func (p OrderPage) customer() []fact {
	c := p.Order.Customer
	list := []fact{{p.T("checkoutpage.name"), c.Name}, {p.T("checkoutpage.phone"), c.Phone}}
	add := func(key, value string) {
		if value != "" {
			list = append(list, fact{p.T(key), value})
		}
	}
	add("checkoutpage.email", c.Email)
	if slices.ContainsFunc(p.Order.Parcels, func(x order.Parcel) bool { return x.Way == order.Ship }) {
		add("orderpage.address", c.Address())
	}
	add("checkoutpage.note", c.Note)
	list = append(list, fact{p.T("checkoutpage.pay"), p.T("orderpage.method." + string(p.Order.Method))})
	if i := p.Order.Invoice; i != nil {
		add("orderpage.invoice", i.Name+" · "+i.TaxCode+" · "+i.Address)
	}
	return list
}

// refundWords say how far money on its way back is.
func (p OrderPage) refundWords(r order.Refund) string {
	key := "orderpage.refund." + string(r.State)
	if r.Method == order.Card && r.State == order.RefundReady {
		key = "orderpage.refund.ready_card"
	}
	if r.State == order.RefundCredit && r.Ref == "" {
		key = "orderpage.refund.credit_short"
	}
	args := []any{"Ref", r.Ref, "Account", ""}
	if r.Account != nil {
		args[3] = r.Account.Number + ", " + bankName(r.Account.BIN)
	}
	return p.T(key, args...)
}

// lookAgain is where the order can be looked at again.
func (p OrderPage) lookAgain() string {
	if p.Short {
		return "/orders"
	}
	return "/orders/" + p.Order.ID
}

// visitState is how far a visit of the order has come.
func (p OrderPage) visitState(x order.Parcel) string {
	switch {
	case p.asks(x):
		return "choose_" + choiceKind(p.Visits[x.ID()])
	case x.State == order.Dropped && x.Why == "no_show":
		return "no_show"
	case x.State == order.Dropped || p.Order.State == order.Cancelled || p.Order.State == order.Expired || p.Order.State == order.Failed || p.Order.State == order.Stuck:
		return "off"
	case x.Came():
		return "came"
	case p.Order.State == order.Confirmed:
		return "booked"
	}
	return "waits"
}

// asks reports whether the party of a visit has to say what it wants instead.
func (p OrderPage) asks(x order.Parcel) bool {
	b, known := p.Visits[x.ID()]
	return known && b.Waits(p.Now)
}
