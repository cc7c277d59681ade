package catalog

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

func TestOCOP(t *testing.T) {
	o := OCOP{Stars: 4, From: on("2025-12-20"), To: on("2028-12-19"), Checked: &Check{Holds: true}}
	tests := []struct {
		at   time.Time
		want bool
	}{
		{on("2025-12-20").Add(-time.Millisecond), false},
		{on("2025-12-20"), true},
		{on("2028-12-19").Add(24*time.Hour - time.Millisecond), true},
		{on("2028-12-20"), false},
		// 18:00 in UTC is the next day in Vietnam.
		{time.Date(2028, 12, 19, 18, 0, 0, 0, time.UTC), false},
		{time.Date(2028, 12, 19, 16, 59, 0, 0, time.UTC), true},
	}
	for _, tt := range tests {
		if got := o.ValidOn(tt.at); got != tt.want {
			t.Errorf("%s: %v", tt.at, got)
		}
		p := Product{OCOP: &o}
		if got := p.StarsOn(tt.at); got != map[bool]int{true: 4, false: 0}[tt.want] {
			t.Errorf("%s: %d stars", tt.at, got)
		}
	}
	if got := (Product{}).StarsOn(on("2026-01-01")); got != 0 {
		t.Errorf("%d stars of nothing", got)
	}
	for at, want := range map[string]string{"2025-01-01": "2025-12-20", "2025-12-20": "2028-12-20", "2028-12-19": "2028-12-20"} {
		if got := o.turn(on(at)); got == nil || !got.Equal(on(want)) {
			t.Errorf("from %s the stars turn on %v, want %s", at, got, want)
		}
	}
	if got := o.turn(on("2028-12-20")); got != nil {
		t.Errorf("they turn again on %v", got)
	}
}

func TestProductValidation(t *testing.T) {
	if err := product(1, "a", "Một", stars(4, "2025-01-01", "2027-12-31")).validate(lack{}); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field, code string
		change      func(*Product)
	}{
		{"id", "field.missing", func(p *Product) { p.ID = "" }},
		{"slug", "field.slug", func(p *Product) { p.Slug = "Không" }},
		{"producer", "field.missing", func(p *Product) { p.Producer = "" }},
		{"name", "field.missing", func(p *Product) { p.Name = "" }},
		{"name", "field.long", func(p *Product) { p.Name = strings.Repeat("ệ", maxName+1) }},
		{"name", "field.text", func(p *Product) { p.Name = "a\xff" }},
		{"name", "field.text", func(p *Product) { p.Name = "a\x00" }},
		{"kind", "field.choice", func(p *Product) { p.Kind = "espresso" }},
		{"species", "field.choice", func(p *Product) { p.Species = "" }},
		{"roast", "field.choice", func(p *Product) { p.Roast = "burnt" }},
		{"roast", "product.green_roast", func(p *Product) { p.Kind = Green }},
		{"process", "field.choice", func(p *Product) { p.Process = "boiled" }},
		{"summary.vi", "field.missing", func(p *Product) { p.Summary.Vi = "" }},
		{"summary.en", "field.long", func(p *Product) { p.Summary.En = strings.Repeat("x", maxSentence+1) }},
		{"notes.0.vi", "field.missing", func(p *Product) { p.Notes = []lang.Text{{En: "cocoa"}} }},
		{"art.color", "field.choice", func(p *Product) { p.Art.Color = "#fff" }},
		{"art.motif", "field.number", func(p *Product) { p.Art.Motif = -1 }},
		{"papers.0.number", "field.missing", func(p *Product) {
			p.Papers = []Certificate{{Scheme: "4c", Issuer: "x", From: on("2025-01-01"), To: on("2026-01-01")}}
		}},
		{"papers.0.to", "field.order", func(p *Product) {
			p.Papers = []Certificate{{Scheme: "4c", Number: "1", Issuer: "x", From: on("2025-01-02"), To: on("2025-01-01")}}
		}},
		{"ocop.stars", "ocop.stars", func(p *Product) { p.OCOP.Stars = 0 }},
		{"ocop.stars", "ocop.stars", func(p *Product) { p.OCOP.Stars = 6 }},
		{"ocop.decision", "field.missing", func(p *Product) { p.OCOP.Decision = "" }},
		{"ocop.grantor.vi", "field.missing", func(p *Product) { p.OCOP.Grantor.Vi = "" }},
		{"ocop.from", "field.missing", func(p *Product) { p.OCOP.From = time.Time{} }},
		{"ocop.to", "field.order", func(p *Product) { p.OCOP.To = on("2024-01-01") }},
		{"variants", "variant.count", func(p *Product) { p.Variants = nil }},
		{"variants.0.gtin", "variant.gtin", func(p *Product) { p.Variants[0].GTIN = gtin(1)[:13] + "x" }},
		{"variants.0.gtin", "variant.gtin", func(p *Product) { p.Variants[0].GTIN = "09520000000001" }},
		{"variants.1.gtin", "variant.gtin_twice", func(p *Product) { p.Variants = append(p.Variants, p.Variants[0]) }},
		{"variants.1.netGrams", "variant.twice", func(p *Product) {
			p.Variants = append(p.Variants, p.Variants[0])
			p.Variants[1].GTIN = gtin(2)
		}},
		{"variants.0.netGrams", "variant.weight", func(p *Product) { p.Variants[0].NetGrams = 0 }},
		{"variants.0.netGrams", "variant.weight", func(p *Product) { p.Variants[0].NetGrams = maxGrams + 1 }},
		{"variants.0.grind", "field.choice", func(p *Product) { p.Variants[0].Grind = "dust" }},
		{"variants.0.price", "variant.price", func(p *Product) { p.Variants[0].Price = 0 }},
		{"variants.0.price", "variant.price", func(p *Product) { p.Variants[0].Price = maxPrice + 1 }},
	}
	for _, tt := range tests {
		p := product(1, "a", "Một", stars(4, "2025-01-01", "2027-12-31"))
		tt.change(&p)
		wantField(t, p.validate(lack{}), "catalog.product.incomplete", tt.field, tt.code)
	}
}

// What is no longer sold stands in nobody's way, and what has no weight yet is
// not the same as another.
func TestVariantsOfOneWeight(t *testing.T) {
	for name, change := range map[string]func(*Variant){
		"ended":        func(v *Variant) { v.Ended = true },
		"other grind":  func(v *Variant) { v.Grind = "fine" },
		"other weight": func(v *Variant) { v.NetGrams++ },
	} {
		p := product(1, "a", "Một")
		p.Variants = append(p.Variants, p.Variants[0])
		p.Variants[1].GTIN = gtin(2)
		change(&p.Variants[1])
		if err := p.validate(lack{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	p := product(1, "a", "Một")
	p.Variants = []Variant{{Grind: "beans", Price: 1}, {Grind: "beans", Price: 1}}
	if e := fault.As(p.validate(lack{numbers: true})); e == nil || len(e.Fields) != 2 {
		t.Errorf("two without a weight: %v", e)
	}
}

func TestProducerValidation(t *testing.T) {
	if err := producer("a", "HTX An", "04132").validate(); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field, code string
		change      func(*Producer)
	}{
		{"id", "field.missing", func(p *Producer) { p.ID = "" }},
		{"slug", "field.slug", func(p *Producer) { p.Slug = "-" }},
		{"name", "field.missing", func(p *Producer) { p.Name = "" }},
		{"kind", "field.choice", func(p *Producer) { p.Kind = "state" }},
		{"commune", "field.commune", func(p *Producer) { p.Commune = "99999" }},
		{"address.vi", "field.missing", func(p *Producer) { p.Address = lang.Text{} }},
		{"phone", "field.long", func(p *Producer) { p.Phone = strings.Repeat("0", 31) }},
		{"story.vi", "field.long", func(p *Producer) { p.Story.Vi = strings.Repeat("x", maxStory+1) }},
		{"founded", "field.year", func(p *Producer) { p.Founded = 16 }},
		{"members", "field.number", func(p *Producer) { p.Members = -1 }},
		{"areaHa", "field.number", func(p *Producer) { p.AreaHa = math.NaN() }},
		{"areaHa", "field.number", func(p *Producer) { p.AreaHa = math.Inf(1) }},
		{"papers.0.issuer", "field.missing", func(p *Producer) { p.Papers = []Certificate{{}} }},
	}
	for _, tt := range tests {
		p := producer("a", "HTX An", "04132")
		tt.change(&p)
		wantField(t, p.validate(), "catalog.producer.incomplete", tt.field, tt.code)
	}
}

func wantField(t *testing.T, err error, code, field, fieldCode string) {
	t.Helper()
	wantFault(t, field, err, fault.Invalid, code)
	if want := (fault.Field{Name: field, Code: "catalog." + fieldCode}); err != nil && !slices.Contains(fault.As(err).Fields, want) {
		t.Errorf("%v, want %v", err, want)
	}
}

func TestFirstSlug(t *testing.T) {
	id := "6740f1a2b3c4d5e6f7a8b9c0"
	for _, c := range []struct{ asked, name, kind, id, want string }{
		{"", "HTX Đèo Pha Đin", "nsx", id, "htx-deo-pha-din"},
		{"cua-toi", "HTX Đèo Pha Đin", "nsx", id, "cua-toi"},
		{"", "咖啡", "nsx", id, "nsx-f7a8b9c0"},
		{"", "Кофе", "sp", id, "sp-f7a8b9c0"},
		{"", "???", "sp", "d", "sp-d"},
		{"", "???", "sp", "ế-\xff", "sp-e"},
		{"", "", "nsx", "", "nsx"},
	} {
		if got := slugs(c.asked, c.name, c.kind, c.id); len(got) == 0 || got[0] != c.want {
			t.Errorf("%+v: %.2v", c, got)
		}
	}
}

func FuzzSlugs(f *testing.F) {
	for _, s := range []string{"HTX Cà phê Đèo Pha Đin", "", "???", "a\u0323\u0302", "\xff", strings.Repeat("ệ ", 100), "--a--", "ＡＢ", "Ⅷ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, name string) {
		seen := map[string]bool{}
		for _, s := range slugs("", name, "sp", name) {
			if !lang.IsSlug(s) || seen[s] {
				t.Errorf("%q gives %q", name, s)
			}
			seen[s] = true
		}
		if len(seen) == 0 {
			t.Errorf("%q has no address", name)
		}
	})
}

func FuzzFilter(f *testing.F) {
	f.Add("roasted", 4, "htx-an", "04132", "price", 12)
	f.Add("", 0, "", "", "", 0)
	f.Add("ROASTED", -1, "../x", "４１３２", "-price", 1<<40)
	f.Add("a/b", 5, "a/b", "0413\x00", "\xff", -1)
	f.Fuzz(func(t *testing.T, kind string, stars int, producer, commune, sort string, limit int) {
		filter := Filter{Kind: Kind(kind), Stars: stars, Producer: producer, Commune: commune, Sort: Sort(sort), Limit: limit}
		if err := filter.check(); err != nil {
			if !fault.Is(err, fault.Invalid) || len(fault.As(err).Fields) == 0 {
				t.Errorf("%+v: %v", filter, err)
			}
			return
		}
		key := facet(filter.Kind, filter.Stars, filter.Producer, filter.Commune)
		if strings.Count(key, "/") != 3 || len(key) > 120 {
			t.Errorf("%+v has the key %q", filter, key)
		}
	})
}
