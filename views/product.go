package views

import (
	"slices"
	"strings"

	"github.com/a-h/templ"
)

// Component renders the page.
func (p ProductPage) Component() templ.Component {
	p.Base = p.named(name(p.Lang, p.Product), p.Product.Summary.In(p.Lang))
	if p.Image == "" && p.Product.Photo != "" {
		p.Image = p.Product.Photo
	}
	p.Demo = p.Demo || p.Product.Demo
	p.JSONLD = append(p.JSONLD, p.product(p.Product, p.Producer), p.crumbsLD(p.crumbs()))
	return p.page()
}

func (p ProductPage) crumbs() []crumb {
	return []crumb{{p.T("shop.products.title"), "/products"}, {name(p.Lang, p.Product), "/products/" + p.Product.Slug}}
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
