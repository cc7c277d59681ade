package views

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/catalog/order"
)

// SellerTerms is the commission of one seller.
type SellerTerms struct {
	ID, Name   string
	Commission int64
	Special    bool // its own, not the market's
}

// MarketTermsPage is /console/market/terms. Fields: freeFrom, pickup, cash; for
// each zone n where.n (provinces) and steps.n ("grams: price", one a line);
// commission, and commission.SELLER.
type MarketTermsPage struct {
	Base
	Form    Form
	Terms   order.Terms
	Zones   int // fields for so many
	Sellers []SellerTerms
}

// MarketCouponsPage is /console/market/terms/coupons. Fields: mark (the code),
// kind, percent, amount, seller, bears, from, to, least, uses.
type MarketCouponsPage struct {
	Base
	Form    Form
	Seller  string // whose coupons are listed, "" for those of the whole market
	Sellers []SellerTerms
	Names   map[string]string
	Coupons []order.Coupon
	Next    string
	Now     time.Time
}

// Component renders the page.
func (p MarketTermsPage) Component() templ.Component {
	p.Base = p.private(p.T("marketterms.title"), p.T("marketterms.description"))
	return p.page()
}

// Component renders the page.
func (p MarketCouponsPage) Component() templ.Component {
	p.Base = p.private(p.T("marketterms.coupons"), p.T("marketterms.description"))
	return p.page()
}

// percent writes hundredths of a percent.
func percent(l lang.Lang, n int64) string {
	s := strconv.FormatFloat(float64(n)/100, 'f', -1, 64)
	if d := len(s) - 1 - indexDot(s); d > 0 && d < len(s) {
		return l.Num(float64(n)/100, d) + " %"
	}
	return s + " %"
}

func indexDot(s string) int {
	for i := range s {
		if s[i] == '.' {
			return i
		}
	}
	return -1
}

// commissionOf is what stands in the field of one seller.
func (p MarketTermsPage) commissionOf(s SellerTerms) string {
	if v, typed := p.Form.Values["commission."+s.ID]; typed {
		return v
	}
	if !s.Special {
		return ""
	}
	return strconv.FormatFloat(float64(s.Commission)/100, 'f', -1, 64)
}

func (p MarketCouponsPage) kinds() (list []choice) {
	for _, k := range []order.CouponKind{order.Percent, order.Amount, order.FreeDelivery} {
		list = append(list, choice{string(k), p.T("marketterms.coupon.kind." + string(k))})
	}
	return list
}

func (p MarketCouponsPage) bearers() []choice {
	return []choice{{string(order.MarketBears), p.T("marketterms.coupon.bears.market")}, {string(order.SellerBears), p.T("marketterms.coupon.bears.seller")}}
}

func (p MarketCouponsPage) sellers() []choice {
	list := []choice{{"", p.T("marketterms.coupon.all")}}
	for _, s := range p.Sellers {
		list = append(list, choice{s.ID, s.Name})
	}
	return list
}

// shown leaves out credits, which belong to one shopper each.
func (p MarketCouponsPage) shown() (list []order.Coupon) {
	for _, k := range p.Coupons {
		if k.Kind != order.Credit {
			list = append(list, k)
		}
	}
	return list
}

// worth says what a coupon takes away.
func (p MarketCouponsPage) worth(k order.Coupon) string {
	switch {
	case k.Kind == order.Percent && k.Amount > 0:
		return p.T("marketterms.coupon.percent_most", "Percent", itoa(int(k.Percent)), "Amount", k.Amount.String())
	case k.Kind == order.Percent:
		return itoa(int(k.Percent)) + " %"
	case k.Kind == order.Amount:
		return k.Amount.String()
	}
	return p.T("marketterms.coupon.kind.delivery")
}

// standing says whether a coupon counts now.
func (p MarketCouponsPage) standing(k order.Coupon) (result, key string) {
	switch {
	case k.Off:
		return "fail", "off"
	case p.Now.Before(k.From):
		return "plain", "later"
	case p.Now.After(k.To):
		return "plain", "over"
	case k.Left(p.Now) < 1:
		return "plain", "used"
	}
	return "pass", "on"
}

// uses says how often a coupon can still be used.
func (p MarketCouponsPage) uses(k order.Coupon) string {
	if k.Uses == 0 {
		return p.T("marketterms.coupon.unlimited")
	}
	return p.T("marketterms.coupon.left", "Left", p.Lang.Int(k.Left(p.Now)), "Uses", p.Lang.Int(k.Uses))
}
