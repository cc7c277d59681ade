package catalog

import (
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/place"
)

// A filter of products is answered by one equality on one indexed array: each
// product carries a key for every filter that finds it, at most 2 kinds (its
// own, any) × 6 star levels × 2 producers × 2 communes = 48. Both indexes on the
// keys, by name and by price, then give filter, order and cursor in one query.

// facet is the key of one filter; what does not filter stays empty.
func facet(kind Kind, stars int, producerSlug, commune string) string {
	return string(kind) + "/" + strconv.Itoa(stars) + "/" + producerSlug + "/" + commune
}

func facets(kind Kind, stars int, producerSlug, commune string) []string {
	keys := make([]string, 0, 8*(stars+1))
	for _, k := range [...]Kind{"", kind} {
		for n := range stars + 1 {
			for _, p := range [...]string{"", producerSlug} {
				keys = append(keys, facet(k, n, p, ""), facet(k, n, p, commune))
			}
		}
	}
	return keys
}

// derive fills the fields that follow from others, from its producer and from
// the day, and lets the search index follow. A hidden product has no facets, so no filter finds it.
func (p *Product) derive(maker Producer, now time.Time) {
	p.Post(now, outbox.Reindex("product:"+p.ID, now))
	p.Numbers = p.numbers()
	p.Commune = maker.Commune
	p.Listed = p.Published && maker.Published
	p.SortName = lang.SortKey(p.Name)
	p.MinPrice = 0
	for i, v := range p.Sold() {
		if i == 0 || int64(v.Price) < p.MinPrice {
			p.MinPrice = int64(v.Price)
		}
	}
	p.Facets, p.RefreshAt = nil, nil
	if p.Listed {
		p.Facets = facets(p.Kind, p.StarsOn(now), maker.Slug, maker.Commune)
		p.RefreshAt = p.OCOP.turn(now)
	}
}

// usualPage and largestPage are sizes of a page of products.
const (
	usualPage   = 24
	largestPage = 100
)

// check refuses values that no menu offers, naming each field. A producer's
// slug that nobody has is no error: it finds nothing.
func (f Filter) check() error {
	bad := fault.New(fault.Invalid, "catalog.filter.unknown")
	need := func(ok bool, field string) {
		if !ok {
			bad = bad.Field(field, "catalog.filter."+field)
		}
	}
	_, known := place.ByCode(f.Commune)
	need(f.Kind == "" || f.Kind.known(), "kind")
	need(f.Stars >= 0 && f.Stars <= 5, "stars")
	need(f.Producer == "" || lang.IsSlug(f.Producer), "producer")
	need(f.Commune == "" || known, "commune")
	need(f.Sort == ByName || f.Sort == PriceUp || f.Sort == PriceDown, "sort")
	need(f.Limit >= 0 && f.Limit <= largestPage, "limit")
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
