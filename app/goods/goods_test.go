package goods

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/store/sqlite"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/catalog/order/ordertest"
)

// exampleGTIN lies in the range that GS1 keeps for examples.
func exampleGTIN(n byte) string {
	digits := "095200000000" + string('0'+n)
	return digits + string(gs1.CheckDigit(digits))
}

// newGoods has one product with two variants, 250 g and an ended one.
func newGoods(t *testing.T, now func() time.Time) (Goods, catalog.Product) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := catalog.New(t.Context(), db, now)
	if err != nil {
		t.Fatal(err)
	}
	err = s.SaveProducer(t.Context(), catalog.Producer{ID: "a", Name: "HTX Mẫu", Kind: catalog.Cooperative, Commune: "04132",
		Address: lang.Text{Vi: "Bản Mẫu"}, Published: true})
	if err != nil {
		t.Fatal(err)
	}
	p := catalog.Product{ID: "p", Slug: "ca-phe-mau", Producer: "a", Name: "Cà phê mẫu", NameEn: "Sample coffee", Kind: catalog.Roasted,
		Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed, Summary: lang.Text{Vi: "Một câu."}, Art: catalog.Art{Color: "roast"},
		Photo: "/photos/x-l.jpg", Published: true, Demo: true, Variants: []catalog.Variant{
			{GTIN: exampleGTIN(1), NetGrams: 250, Grind: "beans", Price: 135_000},
			{GTIN: exampleGTIN(2), NetGrams: 500, Grind: "none", Price: 255_000, Ended: true}}}
	if err := s.SaveProduct(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	return Goods{s}, p
}

func TestGoodsFulfil(t *testing.T) {
	ordertest.Fulfiller(t, func(t *testing.T, capacity int64, now func() time.Time) (order.Fulfiller, string, order.Need) {
		g, p := newGoods(t, now)
		gtin := p.Variants[0].GTIN
		if capacity > 0 {
			if err := g.Catalog.Count(t.Context(), "p", gtin, capacity); err != nil {
				t.Fatal(err)
			}
		}
		t.Cleanup(func() { addsUp(t, g, gtin) })
		return g, gtin, order.Need{Kind: order.Goods, Resource: gtin, Quantity: 1}
	})
}

// addsUp: whatever happened, what is on the shelf is the sum of its moves.
func addsUp(t *testing.T, g Goods, gtin string) {
	st, err := g.Catalog.Stock(context.WithoutCancel(t.Context()), gtin)
	sum := int64(0)
	for _, m := range st.Moves {
		sum += m.Quantity
	}
	if err != nil || sum != st.OnHand {
		t.Errorf("moves add up to %d, %d are on the shelf, %v", sum, st.OnHand, err)
	}
}

func TestGoodsAreQuoted(t *testing.T) {
	g, p := newGoods(t, time.Now)
	ctx := t.Context()
	gtin := p.Variants[0].GTIN
	if err := g.Catalog.Count(ctx, "p", gtin, 7); err != nil {
		t.Fatal(err)
	}
	q, err := g.Quote(ctx, gtin)
	if err != nil {
		t.Fatal(err)
	}
	if q.Seller != "a" || q.Title != (lang.Text{Vi: "Cà phê mẫu", En: "Sample coffee"}) || q.Path != "/products/ca-phe-mau" ||
		q.Detail != (lang.Text{Vi: "250\u00a0g · Nguyên hạt", En: "250\u00a0g · Whole beans"}) || q.Image != "/photos/x-l.jpg" ||
		q.Price != 135_000 || q.Grams != 280 || q.Free != 7 || q.Service || !q.Demo {
		t.Errorf("%+v", q)
	}
	if _, err := g.Quote(ctx, p.Variants[1].GTIN); !fault.Is(err, fault.NotFound) {
		t.Errorf("a variant that ended: %v", err)
	}
	hidden := func(name string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(name, err)
		}
		if _, err := g.Quote(ctx, gtin); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	hidden("a product out of the shop", g.Catalog.Withdraw(ctx, "p", "p", "", false))
	if err := g.Catalog.SaveProduct(ctx, p); err != nil {
		t.Fatal(err)
	}
	maker, err := g.Catalog.ProducerByID(ctx, "a")
	if err != nil {
		t.Fatal(err)
	}
	maker.Published = false
	hidden("a product of a hidden producer", g.Catalog.SaveProducer(ctx, maker))
}

func TestGrossGrams(t *testing.T) {
	for net, want := range map[int64]int64{1: 10, 100: 110, 250: 280, 500: 550, 1000: 1100, 1001: 1110} {
		if got := grossGrams(net); got != want {
			t.Errorf("%d g count for %d g, want %d", net, got, want)
		}
	}
}
