package views

import (
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/catalog"
)

// ld is a node of linked data for search engines.
type ld map[string]any

// jsonLD writes one block of linked data. encoding/json escapes <, > and &, so
// that no text in it can end the element; what cannot be encoded is left out.
func jsonLD(v any) templ.Component {
	b, err := json.Marshal(v)
	if err != nil {
		return templ.NopComponent
	}
	return raw(`<script type="application/ld+json">` + string(b) + `</script>`)
}

func (b Base) organization(p catalog.Producer) ld {
	n := ld{"@context": "https://schema.org", "@type": "Organization", "name": p.Name,
		"url": b.BaseURL + b.Lang.Path("/producers/"+p.Slug),
		"address": ld{"@type": "PostalAddress", "streetAddress": p.Address.In(b.Lang),
			"addressRegion": "Sơn La", "addressCountry": "VN"}}
	if p.Phone != "" {
		n["telephone"] = p.Phone
	}
	if p.Founded > 0 {
		n["foundingDate"] = time.Date(p.Founded, 1, 1, 0, 0, 0, 0, time.UTC).Format("2006")
	}
	return n
}

func (b Base) product(p catalog.Product, maker catalog.Producer) ld {
	sold := p.Sold()
	offers := make([]ld, 0, len(sold))
	for _, v := range sold {
		offers = append(offers, ld{"@type": "Offer", "price": int64(v.Price), "priceCurrency": "VND", numberName(v.GTIN): v.GTIN,
			"itemOffered": ld{"@type": "Product", "name": name(b.Lang, p), numberName(v.GTIN): v.GTIN,
				"weight": ld{"@type": "QuantitativeValue", "value": v.NetGrams, "unitCode": "GRM"}}})
	}
	n := ld{"@context": "https://schema.org", "@type": "Product", "name": name(b.Lang, p),
		"description": p.Summary.In(b.Lang), "url": b.BaseURL + b.Lang.Path("/products/"+p.Slug),
		"image":  b.absolute(b.picture()),
		"brand":  ld{"@type": "Brand", "name": maker.Name},
		"offers": offers, "additionalProperty": b.properties(p),
		"countryOfOrigin": ld{"@type": "Country", "name": "VN"}}
	if len(sold) > 0 {
		n[numberName(sold[0].GTIN)] = sold[0].GTIN
	}
	return n
}

// numberName is the property that a trade item's number stands under: an
// in-store number is no GTIN to anybody else.
func numberName(gtin string) string {
	if gs1.IsRestricted(gtin) {
		return "sku"
	}
	return "gtin"
}

// properties are the facts of a product as name and value.
func (b Base) properties(p catalog.Product) []ld {
	list := []ld{}
	for _, f := range productFacts(b.Lang, p) {
		list = append(list, ld{"@type": "PropertyValue", "name": f.Name, "value": f.Value})
	}
	if p.OCOP != nil {
		list = append(list, ld{"@type": "PropertyValue", "name": "OCOP", "value": b.N("shop.stars", p.OCOP.Stars)})
	}
	return list
}

// name is a product's name in the language, Vietnamese where there is no other.
func name(l lang.Lang, p catalog.Product) string {
	return lang.Text{Vi: p.Name, En: p.NameEn}.In(l)
}

func (b Base) crumbsLD(crumbs []crumb) ld {
	items := make([]ld, 0, len(crumbs))
	for i, c := range crumbs {
		items = append(items, ld{"@type": "ListItem", "position": i + 1, "name": c.Name, "item": b.BaseURL + b.Lang.Path(c.Path)})
	}
	return ld{"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": items}
}

// withStock says of each offer whether it can be had; without a stock it says
// nothing.
func withStock(n ld, p catalog.Product, stock map[string]int64) ld {
	offers, _ := n["offers"].([]ld)
	for i, v := range p.Sold() {
		if stock == nil || i >= len(offers) {
			break
		}
		offers[i]["availability"] = "https://schema.org/OutOfStock"
		if stock[v.GTIN] > 0 {
			offers[i]["availability"] = "https://schema.org/InStock"
		}
	}
	return n
}
