package catalog

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
)

// What a form says is every field of a product that a form can set.
func TestWhatAFormSays(t *testing.T) {
	base := func() Product {
		return product(1, "a", "Một", stars(3, "2025-01-01", "2027-12-31"), func(p *Product) { p.Variants[0].GTIN = "02000000000015" })
	}
	other := map[string]func(*Product){
		"Name": func(p *Product) { p.Name = "Hai" }, "NameEn": func(p *Product) { p.NameEn = "Two" }, "Kind": func(p *Product) { p.Kind = Ground },
		"Species": func(p *Product) { p.Species = "robusta" }, "Roast": func(p *Product) { p.Roast = Dark }, "Process": func(p *Product) { p.Process = Honey },
		"Summary": func(p *Product) { p.Summary.En = "One." }, "Story": func(p *Product) { p.Story.Vi = "Chuyện." }, "Notes": func(p *Product) { p.Notes = []lang.Text{{Vi: "Mật"}} },
		"Brew": func(p *Product) { p.Brew.Vi = "Phin." }, "OCOP": func(p *Product) { p.OCOP.Stars = 4 }, "Art": func(p *Product) { p.Art.Color = "leaf" },
		"Variants": func(p *Product) { p.Variants[0].Price++ },
	}
	kept := map[string]bool{"ID": true, "Slug": true, "Producer": true, "Papers": true, "Photo": true, "Published": true, "Created": true, "Changed": true, "First": true,
		"Withdrawn": true, "Dropped": true, "Printed": true, "Demo": true, "Box": true, "Numbers": true, "Commune": true, "Listed": true, "MinPrice": true, "SortName": true, "Facets": true, "RefreshAt": true}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Product]()) {
		if len(f.Index) > 1 || kept[f.Name] {
			continue
		}
		change := other[f.Name]
		if change == nil {
			t.Errorf("%s: is it of the form, or kept?", f.Name)
			continue
		}
		p := base()
		if change(&p); p.says(base()) || base().says(p) {
			t.Errorf("%s may differ", f.Name)
		}
	}
	for name, c := range map[string]struct {
		change func(*Product)
		same   bool
	}{
		"nothing":                   {func(*Product) {}, true},
		"the number it was given":   {func(p *Product) { p.Variants[0].GTIN = "" }, true},
		"a number of its own":       {func(p *Product) { p.Variants[0].GTIN = gtin(1) }, false},
		"no variant":                {func(p *Product) { p.Variants = nil }, false},
		"no stars":                  {func(p *Product) { p.OCOP = nil }, false},
		"no notes, written as none": {func(p *Product) { p.Notes = []lang.Text{} }, true},
	} {
		p := base()
		if c.change(&p); p.says(base()) != c.same {
			t.Errorf("%s: %v", name, !c.same)
		}
	}
}

// One form sent twice makes one product, one after the other or at once.
func TestANewProductSentTwice(t *testing.T) {
	s, c := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"), producer("b", "HTX Bình", "04132"))
	var wg sync.WaitGroup
	numbers := make([]string, 6)
	for i := range numbers {
		wg.Go(func() {
			p, err := s.Save(context.Background(), draft("Một"))
			if err != nil {
				t.Error(err)
				return
			}
			numbers[i] = p.Variants[0].GTIN
		})
	}
	wg.Wait()
	c.set("2026-03-02")
	p, err := s.Save(ctx, draft("Một"))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range numbers {
		if n != p.Variants[0].GTIN {
			t.Errorf("numbers %v and %s", numbers, p.Variants[0].GTIN)
		}
	}
	if own, err := s.Own(ctx, "a"); err != nil || len(own) != 1 {
		t.Fatalf("%d products, %v", len(own), err)
	}
	if on, err := s.OnHand(ctx, p); err != nil || on[p.Variants[0].GTIN] != 40 {
		t.Errorf("%v, %v", on, err)
	}
	_, err = s.Save(ctx, draft("Hai"))
	wantFault(t, "another form", err, fault.Conflict, "catalog.product.stale")
	e := draft("Một")
	e.Product.Producer = "b"
	_, err = s.Save(ctx, e)
	wantFault(t, "another producer", err, fault.NotFound, "catalog.product.not_found")
	if err := s.SetPhoto(ctx, "p1", p.ID, "/photos/x-l.jpg"); err != nil {
		t.Fatal(err)
	}
	_, err = s.Save(ctx, draft("Một"))
	wantFault(t, "changed since", err, fault.Conflict, "catalog.product.stale")
}

// A form with an impossible stock stores nothing, so that it can be corrected.
func TestAStockThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		stock map[string]int64
		field string
	}{
		"too many":         {map[string]int64{"0": maxStock + 1}, "variants.0.stock"},
		"fewer than none":  {map[string]int64{"0": -1}, "variants.0.stock"},
		"of no variant":    {map[string]int64{"1": 5}, "variants.1.stock"},
		"of nothing known": {map[string]int64{"x": 5}, "variants.x.stock"},
		"most":             {map[string]int64{"0": maxStock}, ""},
		"none":             {map[string]int64{"0": 0}, ""},
		"not counted":      {nil, ""},
	} {
		e := draft("Một")
		e.Stock = c.stock
		if err := e.stockWrong(); c.field == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		} else if c.field != "" {
			wantField(t, err, "catalog.product.incomplete", c.field, "stock.count")
		}
	}
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	e := draft("Một")
	e.Stock["0"] = 2_000_000
	_, err := s.Save(ctx, e)
	wantField(t, err, "catalog.product.incomplete", "variants.0.stock", "stock.count")
	e.Stock["0"] = 200
	p, err := s.Save(ctx, e)
	if err != nil {
		t.Fatalf("the corrected form: %v", err)
	}
	e.Seen, e.Product.Variants[0].GTIN, e.Product.Name = p.Changed, p.Variants[0].GTIN, "Hai"
	e.Stock["0"] = -5
	if _, err = s.Save(ctx, e); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
	e.Stock["0"] = 5
	if _, err = s.Save(ctx, e); err != nil {
		t.Errorf("the corrected change: %v", err)
	}
}
