package views

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/catalog"
)

// Component renders the page.
func (p ProductPage) Component() templ.Component {
	p.Base = p.named(name(p.Lang, p.Product), p.Product.Summary.In(p.Lang))
	if p.Image == "" && p.Product.Photo != "" {
		p.Image = p.Product.Photo
	}
	p.Demo = p.Demo || p.Product.Demo
	p.JSONLD = append(p.JSONLD, withStock(p.product(p.Product, p.Producer), p.Product, p.Left), p.crumbsLD(p.crumbs()))
	return p.page()
}

func (p ProductPage) crumbs() []crumb {
	return []crumb{{p.T("shop.products.title"), "/products"}, {name(p.Lang, p.Product), "/products/" + p.Product.Slug}}
}

// variant names a weight and a grind.
func (p ProductPage) variant(v catalog.Variant) string {
	s := p.Lang.Kilograms(v.NetGrams)
	if v.Grind != "none" {
		s += ", " + word(p.Lang, "shop.grind.", v.Grind)
	}
	return s
}

// buyable reports whether anything can be put into the cart, which is the next
// step then.
func (p ProductPage) buyable() bool {
	return slices.ContainsFunc(p.Product.Sold(), func(v catalog.Variant) bool { return p.Left[v.GTIN] > 0 })
}

// newest is the lot to lead to. One that was called back stays in the list,
// marked, and is not offered as an example.
func (p ProductPage) newest() (LotLink, bool) {
	i := slices.IndexFunc(p.Lots, func(l LotLink) bool { return !l.Recalled })
	if i < 0 {
		return LotLink{}, false
	}
	return p.Lots[i], true
}

// unnamed leaves out the product's name where the page bears it already.
func unnamed(lots []LotLink) []LotLink {
	list := slices.Clone(lots)
	for i := range list {
		list[i].Product = ""
	}
	return list
}

// telephone is the address that dials a number as people write it.
func telephone(phone string) templ.SafeURL {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, phone)
	return templ.SafeURL("tel:" + digits)
}

// itemNumber words the number of a trade item: a GTIN, or one that counts in
// this marketplace only.
func itemNumber(l lang.Lang, gtin string) string {
	if gs1.IsRestricted(gtin) {
		return l.T("shop.variant.in_store", "Number", gtin)
	}
	return "GTIN " + gtin
}

// itemNumberLine is itemNumber on a narrow card: its words may break, its
// number stays whole.
func itemNumberLine(l lang.Lang, gtin string) templ.Component {
	before, after, _ := strings.Cut(itemNumber(l, gtin), gtin)
	return raw(templ.EscapeString(before) + `<span class="nb">` + templ.EscapeString(gtin) + "</span>" + templ.EscapeString(after))
}
