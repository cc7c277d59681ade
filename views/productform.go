package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/catalog"
)

// Component renders the page.
func (p ProductFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("shopdesk.description"))
	return p.page()
}

// mostRows is how many variants a product may have.
const mostRows = 20

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
	return p.back() + "/edit"
}

// addRow is the address that shows the form again at the row it added.
func (p ProductFormPage) addRow() string { return p.action() + "#" + at("weight", p.Rows) }

func (p ProductFormPage) back() string {
	if p.Product == nil {
		return "/console/shop"
	}
	return "/console/shop/" + p.Product.ID
}

func (p ProductFormPage) save() string {
	if p.draft() {
		return p.T("productform.save.draft")
	}
	return p.T("productform.save")
}

// draft reports whether what is saved is a draft, which may still have gaps: then
// the browser asks for nothing that the program does not.
func (p ProductFormPage) draft() bool { return p.Product == nil || !p.Product.Published }

// confirmed reports whether there are stars that a change puts at stake.
func (p ProductFormPage) confirmed() bool {
	return p.Product != nil && p.Product.OCOP != nil && p.Product.OCOP.Holds()
}

// stale reports whether somebody else changed the product meanwhile.
func (p ProductFormPage) stale() bool {
	return p.Product != nil && p.Form.Err != nil && p.Form.Err.Code == "catalog.product.stale"
}

// fixed reports whether labels bear the variant of a row.
func (p ProductFormPage) fixed(row int) bool {
	return p.Product != nil && p.Product.First != nil && row < len(p.Product.Variants)
}

// variant is what a row of the form is called.
func (p ProductFormPage) variant(row int) string { return p.T("productform.variant", "N", itoa(row+1)) }

// rowFacts are what cannot change of such a variant.
func (p ProductFormPage) rowFacts(row int) []fact {
	weight := p.Form.Get(at("weight", row))
	if grams, err := strconv.ParseInt(weight, 10, 64); err == nil {
		weight = p.Lang.Kilograms(grams)
	}
	return []fact{
		{p.T("shop.variant.weight"), weight},
		{p.T("productform.grind"), word(p.Lang, "shop.grind.", p.Form.Get(at("grind", row)))},
		{p.T("productform.gtin"), p.Form.Get(at("gtin", row))},
	}
}

// kept are the fields of such a variant that are sent as they are.
var kept = [...]string{"weight", "grind", "gtin"}

// english reports whether the English part of the form holds something to see.
func (p ProductFormPage) english() bool {
	return filled(p.Base, p.Form, "nameEn", "summaryEn", "storyEn", "notesEn", "brewEn")
}

// filled reports whether one of these fields holds something, or is wrong.
func filled(b Base, f Form, names ...string) bool {
	for _, n := range names {
		if strings.TrimSpace(f.Get(n)) != "" || f.wrong(b, n) != "" {
			return true
		}
	}
	return false
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
