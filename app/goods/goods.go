// Package goods fulfils orders of packets from the catalogue's stocks. It is the
// only place where orders and the catalogue meet.
package goods

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/catalog/order"
)

// Goods is the fulfiller of packets: a line's reference and what it needs are a
// GTIN.
type Goods struct{ Catalog *catalog.Service }

var _ order.Fulfiller = Goods{}

// packing is what a packet weighs beside its contents, in percent, with its
// share of the parcel's box.
const packing = 10

// grossGrams is what a packet counts for in a parcel, rounded up to ten grams.
func grossGrams(net int64) int64 { return (net*(100+packing) + 999) / 1000 * 10 }

// Quote implements order.Fulfiller: what the shop does not sell today is not
// found.
func (g Goods) Quote(ctx context.Context, gtin string) (order.Quote, error) {
	p, v, err := g.Catalog.ByGTIN(ctx, gtin)
	if err != nil {
		return order.Quote{}, err
	}
	if !p.Listed || v.Ended {
		return order.Quote{}, fault.New(fault.NotFound, "catalog.product.not_found")
	}
	free, err := g.Catalog.Available(ctx, []string{gtin})
	if err != nil {
		return order.Quote{}, err
	}
	return order.Quote{
		Seller: p.Producer, Title: lang.Text{Vi: p.Name, En: p.NameEn},
		Detail: lang.Text{Vi: Variant(lang.Vi, v.NetGrams, v.Grind), En: Variant(lang.En, v.NetGrams, v.Grind)},
		Path:   "/products/" + p.Slug, Image: p.Photo, Price: v.Price, Grams: grossGrams(v.NetGrams), Free: free[gtin],
		Needs: []order.Need{{Kind: order.Goods, Resource: gtin, Quantity: 1}}, Demo: p.Demo,
	}, nil
}

// Hold implements order.Fulfiller.
func (g Goods) Hold(ctx context.Context, id string, n order.Need, until time.Time) error {
	return g.Catalog.HoldStock(ctx, id, n.Resource, n.Quantity, until)
}

// Settle implements order.Fulfiller.
func (g Goods) Settle(ctx context.Context, id string, n order.Need) error {
	return g.Catalog.SettleStock(ctx, id, n.Resource, n.Quantity)
}

// Release implements order.Fulfiller.
func (g Goods) Release(ctx context.Context, id string, n order.Need) error {
	return g.Catalog.ReleaseStock(ctx, id, n.Resource)
}

// Fold implements order.Fulfiller.
func (g Goods) Fold(ctx context.Context, id string, n order.Need) error {
	return g.Catalog.FoldStock(ctx, id, n.Resource)
}

// Restore implements order.Fulfiller.
func (g Goods) Restore(ctx context.Context, id string, n order.Need) error {
	return g.Catalog.RestoreStock(ctx, id, n.Resource, n.Quantity)
}

// Variant words a trade item: "250 g · Nguyên hạt".
func Variant(l lang.Lang, grams int64, grind string) string {
	s := l.Kilograms(grams)
	if key := "shop.grind." + grind; grind != "none" && lang.Vi.Has(key) {
		s += " · " + l.T(key)
	}
	return s
}
