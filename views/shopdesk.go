package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/catalog"
)

// Component renders the page.
func (p ShopPage) Component() templ.Component {
	p.Base = p.private(p.T("shopdesk.title"), p.T("shopdesk.description"))
	return p.page()
}

// Component renders the page.
func (p ProductDeskPage) Component() templ.Component {
	p.Base = p.private(p.Product.Name, p.T("shopdesk.description"))
	return p.page()
}

// Component renders the page.
func (p PortraitPage) Component() templ.Component {
	p.Base = p.private(p.T("shopdesk.portrait.title", "Org", p.Org.Name), p.T("shopdesk.description"))
	return p.page()
}

// Component renders the page.
func (p ProductFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("shopdesk.description"))
	return p.page()
}

// productState is how a product stands: the suffix of a message and the shape
// of its badge.
func productState(p catalog.Product) (state, result string) {
	switch {
	case p.Listed:
		return "listed", "pass"
	case p.Published:
		return "hidden", "undetermined"
	case p.Withdrawn != nil && p.Withdrawn.Market:
		return "market", "fail"
	case p.Withdrawn != nil:
		return "withdrawn", "plain"
	}
	return "draft", "plain"
}

func stateKey(p catalog.Product) string {
	state, _ := productState(p)
	return "shopdesk.state." + state
}

func stateResult(p catalog.Product) string {
	_, result := productState(p)
	return result
}

// ocopState says how a claim of stars stands, "" without one.
func ocopState(b Base, p catalog.Product) string {
	switch o := p.OCOP; {
	case o == nil:
		return ""
	case o.Checked == nil:
		return b.T("shopdesk.ocop.claimed")
	case o.Checked.Holds:
		return b.T("shopdesk.ocop.holds")
	default:
		return b.T("shopdesk.ocop.refused", "Reason", o.Checked.Reason)
	}
}

func approved(o account.Org) bool { return o.Status == account.Approved }

func (p ProductDeskPage) path(end string) string { return "/console/shop/" + p.Product.ID + end }

func (p ProductDeskPage) stock(v catalog.Variant) string {
	n, ok := p.Stock[v.GTIN]
	if !ok {
		return p.T("shopdesk.stock.unknown")
	}
	return p.Lang.Int(n)
}

func (p ProductFormPage) heading() string {
	if p.Product == nil {
		return p.T("productform.new")
	}
	return p.T("productform.edit", "Product", p.Product.Name)
}

func (p ProductFormPage) action() string {
	if p.Product == nil {
		return "/console/shop/new?" + url.Values{"org": {p.Org.ID}}.Encode()
	}
	return "/console/shop/" + p.Product.ID + "/edit"
}

func (p ProductFormPage) save() string {
	if p.Product != nil && p.Product.Published {
		return p.T("productform.save")
	}
	return p.T("productform.save.draft")
}

// fixed reports whether labels bear the variant of a row.
func (p ProductFormPage) fixed(row int) bool {
	return p.Product != nil && p.Product.First != nil && row < len(p.Product.Variants)
}

func at(name string, row int) string { return name + "." + strconv.Itoa(row) }

func words[T ~string](b Base, prefix string, list ...T) []choice {
	var out []choice
	for _, v := range list {
		out = append(out, choice{string(v), b.T(prefix + string(v))})
	}
	return out
}

func (p ProductFormPage) kinds() []choice { return words(p.Base, "shop.kind.", kinds[:]...) }

func (p ProductFormPage) species() []choice {
	return words(p.Base, "shop.species.", "arabica", "robusta", "blend")
}

func (p ProductFormPage) roasts() []choice {
	return asked(p.Base, words(p.Base, "shop.roast.", roasts[:]...)...)
}

func (p ProductFormPage) processes() []choice {
	return asked(p.Base, words(p.Base, "shop.process.", catalog.Washed, catalog.Natural, catalog.Honey, catalog.Anaerobic)...)
}

func (p ProductFormPage) grinds() []choice {
	return words(p.Base, "shop.grind.", "beans", "phin", "fine", "medium", "coarse", "none")
}

func (p ProductFormPage) stars() []choice {
	list := []choice{{"", p.T("productform.stars.none")}}
	for n := 1; n <= 5; n++ {
		list = append(list, choice{strconv.Itoa(n), p.N("shop.stars", n)})
	}
	return list
}

var clothNames = [...]string{"roast", "cherry", "leaf", "indigo", "turmeric"}

// reportPath is the form for reporting a page.
func reportPath(path string) string { return "/report?about=" + url.QueryEscape(path) }

// Component renders the page.
func (p ReportFormPage) Component() templ.Component {
	p.Base = p.named(p.T("reportpage.title"), p.T("reportpage.description"))
	return p.page()
}

func (p ReportFormPage) reasons() []choice {
	var list []choice
	for _, r := range reasonsOf(p.About.Kind) {
		list = append(list, choice{string(r), p.T("report.reason." + string(r))})
	}
	return list
}

// Component renders the page.
func (p AboutPage) Component() templ.Component {
	key := "legal." + string(p.Text.Page)
	p.Base = p.named(p.T(key+".title"), p.T(key+".description"))
	return p.page()
}

func hasEnglish(f Form, names ...string) bool {
	for _, n := range names {
		if strings.TrimSpace(f.Get(n)) != "" {
			return true
		}
	}
	return false
}
