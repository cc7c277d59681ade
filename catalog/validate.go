package catalog

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/place"
	"nguon/app/store"
)

func (k Kind) known() bool { return slices.Contains([]Kind{Green, Roasted, Ground, Other}, k) }

// Values that messages and drawings exist for.
var (
	producerKinds = []ProducerKind{Cooperative, Firm, Household}
	species       = []string{"arabica", "robusta", "blend"}
	roasts        = []Roast{Light, MediumLight, Medium, MediumDark, Dark}
	processes     = []Process{Washed, Natural, Honey, Anaerobic}
	grinds        = []string{"beans", "fine", "medium", "coarse", "phin", "none"}
	colors        = []string{"roast", "cherry", "leaf", "indigo", "turmeric"}
)

// Limits of what a page can show and a price can be.
const (
	maxName     = 120
	maxSentence = 300
	maxStory    = 10_000
	maxVariants = 20
	maxGrams    = 100_000
	maxPrice    = 1_000_000_000
)

// form collects the wrong fields of one record.
type form struct{ *fault.Form }

func (f form) need(ok bool, field, code string) {
	f.Need(ok, field, "catalog."+code)
}

func (f form) text(s string, limit int, required bool, field string) {
	f.need(!required || s != "", field, "field.missing")
	f.need(utf8.RuneCountInString(s) <= limit, field, "field.long")
	f.need(utf8.ValidString(s) && !strings.ContainsRune(s, 0), field, "field.text")
}

func (f form) both(t lang.Text, limit int, required bool, field string) {
	f.text(t.Vi, limit, required, field+".vi")
	f.text(t.En, limit, false, field+".en")
}

func (f form) papers(ps []Certificate) {
	for i, c := range ps {
		at := "papers." + strconv.Itoa(i)
		f.text(c.Scheme, maxName, true, at+".scheme")
		f.text(c.Number, maxName, true, at+".number")
		f.text(c.Issuer, maxName, true, at+".issuer")
		f.span(c.From, c.To, at)
	}
}

func (f form) span(from, to time.Time, at string) {
	f.need(!from.IsZero(), at+".from", "field.missing")
	f.need(!to.IsZero(), at+".to", "field.missing")
	f.need(!to.Before(from), at+".to", "field.order")
}

func (p Producer) validate() error {
	f := form{fault.NewForm("catalog.producer.incomplete")}
	_, known := place.ByCode(p.Commune)
	f.text(p.ID, maxName, true, "id")
	f.need(p.Slug == "" || lang.IsSlug(p.Slug), "slug", "field.slug")
	f.text(p.Name, maxName, true, "name")
	f.text(p.NameEn, maxName, false, "nameEn")
	f.need(slices.Contains(producerKinds, p.Kind), "kind", "field.choice")
	f.need(known, "commune", "field.commune")
	f.both(p.Address, maxSentence, true, "address")
	f.text(p.Phone, 30, false, "phone")
	f.both(p.Story, maxStory, false, "story")
	f.need(p.Founded == 0 || p.Founded >= 1900 && p.Founded <= 2200, "founded", "field.year")
	f.need(p.Members >= 0 && p.Members <= 100_000, "members", "field.number")
	f.need(p.AreaHa >= 0 && p.AreaHa <= 100_000 && !math.IsNaN(p.AreaHa), "areaHa", "field.number")
	f.papers(p.Papers)
	return f.Result()
}

// lack is what a product may still lack: gaps that a draft has, and numbers that
// its variants are given next.
type lack struct{ gaps, numbers bool }

func (p Product) validate(may lack) error {
	f := form{fault.NewForm("catalog.product.incomplete")}
	f.text(p.ID, maxName, true, "id")
	f.need(p.Slug == "" || lang.IsSlug(p.Slug), "slug", "field.slug")
	f.text(p.Producer, maxName, true, "producer")
	f.text(p.Name, maxName, true, "name")
	f.text(p.NameEn, maxName, false, "nameEn")
	f.need(p.Kind.known(), "kind", "field.choice")
	f.need(slices.Contains(species, p.Species), "species", "field.choice")
	f.need(p.Roast == "" || slices.Contains(roasts, p.Roast), "roast", "field.choice")
	f.need(p.Roast == "" || p.Kind != Green, "roast", "product.green_roast")
	f.need(p.Process == "" || slices.Contains(processes, p.Process), "process", "field.choice")
	f.both(p.Summary, maxSentence, !may.gaps, "summary")
	f.both(p.Story, maxStory, false, "story")
	f.both(p.Brew, maxStory, false, "brew")
	for i, n := range p.Notes {
		f.both(n, maxName, true, "notes."+strconv.Itoa(i))
	}
	f.papers(p.Papers)
	f.need(slices.Contains(colors, p.Art.Color), "art.color", "field.choice")
	f.need(p.Art.Motif >= 0 && p.Art.Motif < 1000, "art.motif", "field.number")
	if p.OCOP != nil {
		f.ocop(*p.OCOP)
	}
	f.variants(p.Variants, may.numbers)
	f.need(may.gaps || len(p.Sold()) > 0, "variants", "variant.count")
	return f.Result()
}

func (f form) ocop(o OCOP) {
	f.need(o.Stars >= 1 && o.Stars <= 5, "ocop.stars", "ocop.stars")
	f.text(o.Decision, maxName, true, "ocop.decision")
	f.both(o.Grantor, maxSentence, true, "ocop.grantor")
	f.span(o.From, o.To, "ocop")
}

func (f form) variants(vs []Variant, unnumbered bool) {
	f.need(len(vs) <= maxVariants, "variants", "variant.count")
	seen, sold := map[string]bool{}, map[Variant]bool{}
	for i, v := range vs {
		at := "variants." + strconv.Itoa(i)
		f.need(gs1.IsGTIN14(v.GTIN) || v.GTIN == "" && unnumbered, at+".gtin", "variant.gtin")
		f.need(!seen[v.GTIN] || v.GTIN == "", at+".gtin", "variant.gtin_twice")
		seen[v.GTIN] = true
		f.need(v.NetGrams > 0 && v.NetGrams <= maxGrams, at+".netGrams", "variant.weight")
		f.need(slices.Contains(grinds, v.Grind), at+".grind", "field.choice")
		if same := (Variant{NetGrams: v.NetGrams, Grind: v.Grind}); !v.Ended && v.NetGrams > 0 {
			f.need(!sold[same], at+".netGrams", "variant.twice")
			sold[same] = true
		}
		f.need(v.Price > 0 && v.Price <= maxPrice, at+".price", "variant.price")
	}
}

// tidy brings a producer to the form in which it is stored.
func (p *Producer) tidy() {
	p.Name, p.NameEn = strings.TrimSpace(p.Name), strings.TrimSpace(p.NameEn)
	p.SortName = lang.SortKey(p.Name)
	p.Papers = stamped(p.Papers)
}

// tidy brings a product to the form in which it is stored: GTINs of 8, 12 or
// 13 digits to 14.
func (p *Product) tidy() {
	p.Name, p.NameEn = strings.TrimSpace(p.Name), strings.TrimSpace(p.NameEn)
	p.Papers = stamped(p.Papers)
	p.Variants = slices.Clone(p.Variants)
	for i, v := range p.Variants {
		if g, ok := gs1.GTIN14(v.GTIN); ok {
			p.Variants[i].GTIN = g
		}
	}
	if p.OCOP != nil {
		o := *p.OCOP
		o.From, o.To = store.Stamp(o.From), store.Stamp(o.To)
		p.OCOP = &o
	}
}

func stamped(ps []Certificate) []Certificate {
	ps = slices.Clone(ps)
	for i := range ps {
		ps[i].From, ps[i].To = store.Stamp(ps[i].From), store.Stamp(ps[i].To)
	}
	return ps
}
