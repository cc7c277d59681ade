package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/pay/vietqr"
	"nguon/catalog/order"
)

// TermsPage is /console/shop/{org}/terms: delivery and the account for payouts.
// Fields of delivery: freeFrom, pickup, cash, zones (how many), and of zone i
// z{i}.p{province}, z{i}.steps, z{i}.to.{n}, z{i}.fee.{n}, with "r" in place of
// z{i} for everywhere else; the button "do" saves or adds a row ("more.zone",
// "more.z0"). Of the account: bin, number, holder.
type TermsPage struct {
	Base
	Org   account.Org
	Terms order.Terms
	Open  bool         // the form of own rates is shown
	Owner bool         // who looks may say where payouts go
	Stand *order.Stand // where it also hands out; nil for none
	Form  Form
}

// CouponsPage is /console/shop/{org}/coupons. Fields: code, kind, percent,
// amount, from, to, least, uses.
type CouponsPage struct {
	Base
	Org     account.Org
	Coupons []order.Coupon
	Next    string
	Today   time.Time
	Form    Form
}

// BalancePage is /console/shop/{org}/balance.
type BalancePage struct {
	Base
	Org     account.Org
	Sum     money.VND
	Entries []order.Entry
	Next    string
}

// Component renders the page.
func (p TermsPage) Component() templ.Component {
	p.Base = p.private(p.T("terms.title"), p.T("orderdesk.description"))
	return p.page()
}

// Component renders the page.
func (p CouponsPage) Component() templ.Component {
	p.Base = p.private(p.T("coupons.title"), p.T("orderdesk.description"))
	return p.page()
}

// Component renders the page.
func (p BalancePage) Component() templ.Component {
	p.Base = p.private(p.T("balance.title"), p.T("orderdesk.description"))
	return p.page()
}

// shopParts are the pages on how a seller sells.
var shopParts = [...]struct{ path, key, icon string }{{"/terms", "terms.title", "send"}, {"/coupons", "coupons.title", "award"}, {"/balance", "balance.title", "scroll-text"}}

func shopPath(o account.Org, below string) string { return "/console/shop/" + o.ID + below }

// shopCrumb leads back to the orders of a seller.
func shopCrumb(b Base, o account.Org) crumb {
	return crumb{b.T("orderdesk.title"), "/console/orders?org=" + o.ID}
}

// rows is how many rows the form has.
func (f Form) rows(count string) int {
	n, _ := strconv.Atoi(f.Get(count))
	return min(max(n, 0), 40)
}

func zoneName(i int) string { return "z" + strconv.Itoa(i) }

// zoneWords is what a zone is called: by its first provinces.
func (p TermsPage) zoneWords(i int) string { return p.T("terms.zone", "N", strconv.Itoa(i+1)) }

// chosen names the provinces of a zone of the form.
func (p TermsPage) chosen(zone string) string {
	var names []string
	for _, v := range order.Provinces {
		if p.Form.Get(zone+".p"+v.Code) == "on" {
			names = append(names, v.Name)
		}
	}
	if len(names) == 0 {
		return p.T("terms.zone.none")
	}
	return strings.Join(names, ", ")
}

// more is the address that shows the form again at the row that was added.
func (p TermsPage) more(field string) string { return shopPath(p.Org, "/terms#"+field) }

// places names the provinces of a zone.
func places(b Base, z order.Zone) string {
	if len(z.Provinces) == 0 {
		return b.T("terms.rest")
	}
	names := make([]string, len(z.Provinces))
	for i, c := range z.Provinces {
		names[i] = c
		if v, ok := order.ProvinceByCode(c); ok {
			names[i] = v.Name
		}
	}
	return strings.Join(names, ", ")
}

// stepWords is a row of a price list: "đến 3 kg: 30.000 ₫".
func rateWords(b Base, st order.RateStep) string {
	return b.T("terms.step", "Weight", b.Lang.Kilograms(st.UpTo), "Fee", st.Fee.String())
}

// ratesFacts are what rates say beside their zones.
func ratesFacts(b Base, r order.Rates) []fact {
	yes := func(on bool) string {
		if on {
			return b.T("terms.yes")
		}
		return b.T("terms.no")
	}
	free := b.T("terms.free.never")
	if r.FreeFrom > 0 {
		free = b.T("terms.free.value", "Sum", r.FreeFrom.String())
	}
	return []fact{{b.T("terms.free.fact"), free}, {b.T("terms.pickup.fact"), yes(r.Pickup)}, {b.T("terms.cash.fact"), yes(r.Cash)}}
}

// accountForm fills the form of the account with the one that is known, unless
// it was just filled in.
func (p TermsPage) accountForm() Form {
	f := p.Form
	if _, typed := f.Values["bin"]; typed || p.Terms.Account == nil {
		return f
	}
	v := map[string]string{"bin": p.Terms.Account.BIN, "number": p.Terms.Account.Number, "holder": p.Terms.Account.Name}
	return Form{Values: v, Err: f.Err}
}

func (p TermsPage) accountFacts() []fact {
	a := p.Terms.Account
	bank, _ := vietqr.BankByBIN(a.BIN)
	return []fact{{p.T("terms.account.bank"), bank.Short}, {p.T("terms.account.number"), a.Number}, {p.T("terms.account.holder"), a.Name}}
}

// takes says what a coupon takes away.
func takes(b Base, k order.Coupon) string {
	switch {
	case k.Kind == order.Percent && k.Amount > 0:
		return b.T("coupons.takes.percent_most", "Percent", k.Percent, "Most", k.Amount.String())
	case k.Kind == order.Percent:
		return b.T("coupons.takes.percent", "Percent", k.Percent)
	case k.Kind == order.FreeDelivery:
		return b.T("coupons.takes.delivery")
	}
	return b.T("coupons.takes.amount", "Sum", k.Amount.String())
}

// couponState is how a coupon stands: the suffix of a message and the shape of
// its badge.
func (p CouponsPage) couponState(k order.Coupon) (state, result string) {
	switch {
	case k.Off:
		return "ended", "fail"
	case p.Today.After(k.To):
		return "over", "plain"
	case k.Left(p.Today) < 1:
		return "used_up", "plain"
	case p.Today.Before(k.From):
		return "waits", "undetermined"
	}
	return "on", "pass"
}

func (p CouponsPage) limits(k order.Coupon) string {
	parts := []string{span(p.Lang, k.From, k.To)}
	if k.Least > 0 {
		parts = append(parts, p.T("coupons.least.from", "Sum", k.Least.String()))
	}
	used := p.Lang.Int(k.Used(p.Today))
	if k.Uses > 0 {
		return strings.Join(append(parts, p.T("coupons.used.of", "N", used, "Of", p.Lang.Int(k.Uses))), " · ")
	}
	return strings.Join(append(parts, p.T("coupons.used", "N", used)), " · ")
}

func couponKinds(b Base) []choice {
	return words(b, "coupons.kind.", order.Percent, order.Amount, order.FreeDelivery)
}

// EntryWords says what an entry of the ledger is.
func EntryWords(l lang.Lang, e order.Entry) string {
	s := word(l, "balance.kind.", string(e.Kind))
	if e.Cause == "returned" || e.Cause == "dropped" {
		s += " · " + l.T("balance.cause."+e.Cause)
	}
	return s
}

// balanceKinds are all entries that a seller can meet.
var balanceKinds = [...]order.EntryKind{order.Sale, order.Delivery, order.CouponCost, order.Fees, order.Tax, order.CashKept, order.Payout}

func (p BalancePage) sumWords() string {
	switch {
	case p.Sum < 0:
		return p.T("balance.owes")
	case p.Sum == 0:
		return p.T("balance.even")
	}
	return p.T("balance.owed")
}
