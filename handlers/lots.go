package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/views"
)

// producersOf looks up who makes the products, each once.
func (s *Site) producersOf(ctx context.Context, products []catalog.Product) (map[string]catalog.Producer, error) {
	byID := make(map[string]catalog.Producer, len(products))
	for _, p := range products {
		if _, ok := byID[p.Producer]; ok {
			continue
		}
		maker, err := s.Catalog.ProducerByID(ctx, p.Producer)
		if err != nil {
			return nil, err
		}
		byID[p.Producer] = maker
	}
	return byID, nil
}

// lotLinks lists the newest lots of products, a lot only once although it may
// be packed as several trade items.
func (s *Site) lotLinks(c *fiber.Ctx, products []catalog.Product) ([]views.LotLink, error) {
	ctx := c.UserContext()
	type found struct {
		lot  trace.Lot
		gtin string
		name string
	}
	var all []found
	seen := map[string]bool{}
	for _, p := range products {
		name := lang.Text{Vi: p.Name, En: p.NameEn}.In(lang.From(ctx))
		for _, v := range p.Variants {
			lots, err := s.Trace.LotsOf(ctx, v.GTIN, lotsShown)
			if err != nil {
				return nil, err
			}
			for _, l := range lots {
				if !seen[l.ID] {
					seen[l.ID] = true
					all = append(all, found{l, v.GTIN, name})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return packed(b.lot).Compare(packed(a.lot)) })
	all = all[:min(len(all), lotsShown)]
	links := make([]views.LotLink, 0, len(all))
	for _, f := range all {
		part, err := s.QR.LotPart(ctx, f.gtin, f.lot.Code)
		if err != nil {
			return nil, err
		}
		links = append(links, views.LotLink{GTIN: f.gtin, Lot: f.lot.Code, Product: f.name, PackedOn: f.lot.PackedOn,
			Season: f.lot.Season, GI: part.GI.Shown().Result, Recalled: f.lot.Recall != nil})
	}
	return links, nil
}

// packed orders lots: one that is not packed yet is the newest.
func packed(l trace.Lot) time.Time {
	if l.PackedOn == nil {
		return l.Created
	}
	return *l.PackedOn
}

// rightsOf lists the use rights of one organisation.
func (s *Site) rightsOf(ctx context.Context, organisation string) ([]gi.Holder, error) {
	all, err := s.GI.Holders(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(all), func(h gi.Holder) bool { return h.Holder != organisation }), nil
}

// without leaves one product out and keeps at most n of the others.
func without(products []catalog.Product, id string, n int) []catalog.Product {
	others := slices.DeleteFunc(slices.Clone(products), func(p catalog.Product) bool { return p.ID == id })
	return others[:min(len(others), n)]
}

func anyDemo(products []catalog.Product) bool {
	return slices.ContainsFunc(products, func(p catalog.Product) bool { return p.Demo })
}

// orNil turns "there is none" into a zero value where a page does without.
func orNil[T any](v T, err error) (T, error) {
	if fault.Is(err, fault.NotFound) {
		var zero T
		return zero, nil
	}
	return v, err
}
