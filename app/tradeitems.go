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

// TradeItem answers fault.NotFound for a GTIN that no product holds; a draft
// holds none before its producer is approved.
func (t tradeItems) TradeItem(ctx context.Context, gtin string) (qr.Product, error) {
	p, v, err := t.catalog.ByGTIN(ctx, gtin)
	if err != nil {
		return qr.Product{}, err
	}
	maker, err := t.catalog.ProducerByID(ctx, p.Producer)
	if err != nil {
		return qr.Product{}, err
	}
	return qr.Product{
		GTIN: v.GTIN, Name: p.Name, NameEn: lang.Text{Vi: p.Name, En: p.NameEn}.In(lang.En), Slug: p.Slug,
		Kind: string(p.Kind), Species: p.Species, Roast: string(p.Roast), Process: string(p.Process),
		NetGrams: v.NetGrams, Grind: v.Grind, Producer: maker.ID, ProducerName: maker.Name,
		ProducerSlug: maker.Slug, Commune: maker.Commune,
		Stars: p.StarsOn(t.now()), Demo: p.Demo,
	}, nil
}
