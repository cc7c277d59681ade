package main

import (
	"context"
	"time"

	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr"
)

// tradeItems lets codes ask the catalogue what a GTIN stands for; it is the
// only place where the two meet.
type tradeItems struct {
	catalog *catalog.Service
	now     func() time.Time
}

// TradeItem answers fault.NotFound for a GTIN that no packet may bear, such as a
// draft's whose labels nobody printed.
func (t tradeItems) TradeItem(ctx context.Context, gtin string) (qr.Product, error) {
	p, v, err := t.catalog.ByGTIN(ctx, gtin)
	if err != nil {
		return qr.Product{}, err
	}
	return t.item(ctx, p, v)
}

// Packable implements qr.Products.
func (t tradeItems) Packable(ctx context.Context, producer, gtin string) (qr.Product, error) {
	p, v, err := t.catalog.Packable(ctx, producer, gtin)
	if err != nil {
		return qr.Product{}, err
	}
	return t.item(ctx, p, v)
}

// Claim implements qr.Products.
func (t tradeItems) Claim(ctx context.Context, producer, gtin string) error {
	return t.catalog.Claim(ctx, producer, gtin)
}

func (t tradeItems) item(ctx context.Context, p catalog.Product, v catalog.Variant) (qr.Product, error) {
	maker, err := t.catalog.ProducerByID(ctx, p.Producer)
	if err != nil {
		return qr.Product{}, err
	}
	return qr.Product{
		GTIN: v.GTIN, Name: p.Name, NameEn: lang.Text{Vi: p.Name, En: p.NameEn}.In(lang.En), Slug: p.Slug,
		Kind: string(p.Kind), Species: p.Species, Roast: string(p.Roast), Process: string(p.Process),
		NetGrams: v.NetGrams, Grind: v.Grind, Producer: maker.ID, ProducerName: maker.Name,
		ProducerSlug: maker.Slug, Commune: maker.Commune,
		Stars: p.StarsOn(t.now()), Listed: p.Listed, Demo: p.Demo,
	}, nil
}
