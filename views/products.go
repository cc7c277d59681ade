package views

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"nguon/catalog"
)

// Component renders the page.
func (p ProductList) Component() templ.Component {
	p.Base = p.named(p.T("shop.products.title"), p.T("shop.products.description"))
	for _, item := range p.Items {
		p.shows(item.Demo)
	}
	return p.page()
}

// option is a choice of a select menu.
type option struct {
	Value, Label string
	Chosen       bool
}

var kinds = [...]catalog.Kind{catalog.Green, catalog.Roasted, catalog.Ground, catalog.Other}

func (p ProductList) kindOptions() []option {
	list := []option{{"", p.T("shop.filter.any.kind"), p.Filter.Kind == ""}}
	for _, k := range kinds {
		list = append(list, option{string(k), p.T("shop.kind." + string(k)), p.Filter.Kind == k})
	}
	return list
}

func (p ProductList) starOptions() []option {
	list := []option{{"", p.T("shop.filter.any.stars"), p.Filter.Stars == 0}}
	for n := 5; n >= 3; n-- {
		list = append(list, option{strconv.Itoa(n), p.starLabel(n), p.Filter.Stars == n})
	}
	return list
}

func (p ProductList) starLabel(n int) string {
	if n >= 5 {
		return p.N("shop.stars", n)
	}
	return p.N("shop.filter.atleast", n)
}

func (p ProductList) producerOptions() []option {
	list := []option{{"", p.T("shop.filter.any.producer"), p.Filter.Producer == ""}}
	for _, m := range p.Producers {
		list = append(list, option{m.Slug, producerName(p.Lang, m), p.Filter.Producer == m.Slug})
	}
	return list
}

func (p ProductList) communeOptions() []option {
	list := []option{{"", p.T("shop.filter.any.commune"), p.Filter.Commune == ""}}
	for _, c := range p.Communes {
		list = append(list, option{c, upperFirst(communeName(p.Lang, c)), p.Filter.Commune == c})
	}
	return list
}

func (p ProductList) sortOptions() []option {
	return []option{
		{"", p.T("shop.sort.name"), p.Filter.Sort == catalog.ByName},
		{string(catalog.PriceUp), p.T("shop.sort.price_up"), p.Filter.Sort == catalog.PriceUp},
		{string(catalog.PriceDown), p.T("shop.sort.price_down"), p.Filter.Sort == catalog.PriceDown},
	}
}

func (p ProductList) filtered() bool {
	f := p.Filter
	return f.Kind != "" || f.Stars != 0 || f.Producer != "" || f.Commune != ""
}

// chips names each filter in force with the path of the list without it.
func (p ProductList) chips() []crumb {
	var list []crumb
	add := func(name string, drop func(*catalog.Filter)) {
		f := p.Filter
		drop(&f)
		list = append(list, crumb{name, p.query(f, "")})
	}
	if p.Filter.Kind != "" {
		add(word(p.Lang, "shop.kind.", string(p.Filter.Kind)), func(f *catalog.Filter) { f.Kind = "" })
	}
	if p.Filter.Stars != 0 {
		add(p.starLabel(p.Filter.Stars), func(f *catalog.Filter) { f.Stars = 0 })
	}
	if p.Filter.Producer != "" {
		add(p.producerLabel(), func(f *catalog.Filter) { f.Producer = "" })
	}
	if p.Filter.Commune != "" {
		add(upperFirst(communeName(p.Lang, p.Filter.Commune)), func(f *catalog.Filter) { f.Commune = "" })
	}
	return list
}

func (p ProductList) producerLabel() string {
	for _, m := range p.Producers {
		if m.Slug == p.Filter.Producer {
			return producerName(p.Lang, m)
		}
	}
	return p.Filter.Producer
}

// query is the path of the list with a filter and a cursor.
func (p ProductList) query(f catalog.Filter, after string) string {
	v := url.Values{}
	set := func(k, s string) {
		if s != "" {
			v.Set(k, s)
		}
	}
	set("kind", string(f.Kind))
	if f.Stars > 0 {
		v.Set("stars", strconv.Itoa(f.Stars))
	}
	set("producer", f.Producer)
	set("commune", f.Commune)
	set("sort", string(f.Sort))
	set("after", after)
	if len(v) == 0 {
		return "/products"
	}
	return "/products?" + v.Encode()
}
