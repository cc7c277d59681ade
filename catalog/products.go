package catalog

import (
	"cmp"
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/place"
	"nguon/app/store"
)

// SaveProduct inserts a product, or replaces the one with its id, and derives
// what lists need. Created is kept, Changed is set. Faults: Invalid with Fields,
// also for an unknown producer; Conflict for a slug or GTIN of another product,
// and for a change of slug or producer.
func (s *Service) SaveProduct(ctx context.Context, p Product) error {
	p.tidy()
	if err := p.validate(lack{}); err != nil {
		return err
	}
	maker, err := s.producers.Get(ctx, p.Producer)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "catalog.product.incomplete").Field("producer", "catalog.product.producer_unknown")
	}
	if err != nil {
		return err
	}
	now := store.Stamp(s.now())
	if p.Changed = now; p.Created.IsZero() {
		p.Created = now
	}
	p.Created = store.Stamp(p.Created)
	if p.Published && p.First == nil {
		p.First = &now
	}
	if err := s.writeProduct(ctx, p, maker); err != nil {
		return err
	}
	s.settle(ctx, p.ID)
	return s.recheck(ctx, maker, p.ID)
}

func (s *Service) writeProduct(ctx context.Context, p Product, maker Producer) error {
	_, err := s.products.Get(ctx, p.ID)
	if fault.Is(err, fault.NotFound) {
		p.Printed = nil
		p.derive(maker, p.Changed)
		return s.insertProduct(ctx, &p)
	}
	if err != nil {
		return err
	}
	err = s.products.Update(ctx, p.ID, func(old *Product) error {
		if old.Producer != p.Producer {
			return fault.New(fault.Conflict, "catalog.product.producer_fixed").Field("producer", "catalog.product.producer_fixed")
		}
		if old.Dropped {
			return dropped()
		}
		slug, err := keepSlug(old.Slug, p.Slug)
		was := *old
		*old = p
		old.Slug, old.Created, old.Changed, old.Printed, old.Box = slug, was.Created, next(was.Changed, p.Changed), was.Printed, was.Box
		if was.First != nil {
			old.First = was.First
		}
		old.derive(maker, p.Changed)
		p.Numbers = old.Numbers
		return err
	})
	if fault.CodeOf(err) == "store.conflict" {
		return s.clash(ctx, p, err)
	}
	return err
}

// insertProduct gives a new product its slug. One whose id is taken is stale: it
// was made at the same moment.
func (s *Service) insertProduct(ctx context.Context, p *Product) error {
	taken := fault.New(fault.Conflict, "catalog.slug.taken").Field("slug", "catalog.slug.taken")
	for _, p.Slug = range slugs(p.Slug, p.Name, "sp", p.ID) {
		err := s.products.Insert(ctx, *p)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		if _, err := s.products.Get(ctx, p.ID); err == nil {
			return stale()
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		if err := s.clash(ctx, *p, taken); fault.CodeOf(err) != "catalog.slug.taken" {
			return err
		}
	}
	return taken
}

// Product finds a product by its slug, or is fault.NotFound; so is one that is
// not published or whose producer is not.
func (s *Service) Product(ctx context.Context, slug string) (Product, error) {
	if !lang.IsSlug(slug) {
		return Product{}, fault.New(fault.NotFound, "catalog.product.not_found")
	}
	p, err := s.products.First(ctx, store.Query{Index: "slug", Eq: []any{slug}})
	if err == nil && !p.Listed {
		return Product{}, fault.New(fault.NotFound, "catalog.product.not_found")
	}
	return p.public(), unknown(err, "catalog.product.not_found")
}

// Shown is the product as the public would see it, for its people and the
// operator.
func (p Product) Shown() Product { return p.public() }

// public leaves out what the public does not see: claims that nobody checked,
// and what waits to be done.
func (p Product) public() Product {
	if p.OCOP != nil && !p.OCOP.Holds() {
		p.OCOP = nil
	}
	p.Box, p.Withdrawn = outbox.Box{}, nil
	return p
}

// listed is public for lists: there, stars that do not hold today are not
// shown either.
func (p Product) listed(now time.Time) Product {
	if p = p.public(); p.StarsOn(now) == 0 {
		p.OCOP = nil
	}
	return p
}

// ByGTIN finds the product whose packets may bear a number, and its variant,
// published or not: the trace page of an old packet still names what was in it.
// Link to the product only if Listed.
func (s *Service) ByGTIN(ctx context.Context, gtin string) (Product, Variant, error) {
	missing := fault.New(fault.NotFound, "catalog.gtin.not_found").With("GTIN", gtin)
	if !gs1.IsGTIN14(gtin) {
		return Product{}, Variant{}, missing
	}
	p, err := s.products.First(ctx, store.Query{Index: "gtin", Eq: []any{gtin}})
	if err != nil {
		return Product{}, Variant{}, unknown(err, "catalog.gtin.not_found")
	}
	i := p.find(gtin)
	if i < 0 || !p.borne(gtin) {
		return Product{}, Variant{}, missing
	}
	return p, p.Variants[i], nil
}

// Products lists what a filter finds. A value that no menu offers, or a cursor
// that is none of ours, is fault.Invalid; an unknown producer finds nothing.
func (s *Service) Products(ctx context.Context, f Filter) (Page, error) {
	if err := f.check(); err != nil {
		return Page{}, err
	}
	q := store.Query{Index: "by_name", Eq: []any{facet(f.Kind, f.Stars, f.Producer, f.Commune)},
		Limit: cmp.Or(f.Limit, usualPage), After: f.After}
	if f.Sort != ByName {
		q.Index, q.Desc = "by_price", f.Sort == PriceDown
	}
	items, next, err := s.products.Find(ctx, q)
	if err != nil {
		return Page{}, err
	}
	total, err := s.products.Count(ctx, q)
	if err != nil {
		return Page{}, err
	}
	// Stars that ended since the product was written must not be found, even
	// before Refresh takes them out of the facets.
	now := s.now()
	found := slices.DeleteFunc(items, func(p Product) bool { return p.StarsOn(now) < f.Stars })
	for i := range found {
		found[i] = found[i].listed(now)
	}
	return Page{Items: found, Next: next, Total: total - int64(len(items)-len(found))}, nil
}

// ProductsOf lists a producer's published products by name.
func (s *Service) ProductsOf(ctx context.Context, producerID string) ([]Product, error) {
	found, now := []Product{}, s.now()
	err := s.products.All(ctx, store.Query{Index: "producer", Eq: []any{producerID, true}}, func(p Product) error {
		found = append(found, p.listed(now))
		return nil
	})
	return found, err
}

func byCommuneName(a, b string) int {
	ca, _ := place.ByCode(a)
	cb, _ := place.ByCode(b)
	return cmp.Or(cmp.Compare(lang.SortKey(ca.Name), lang.SortKey(cb.Name)), cmp.Compare(a, b))
}
