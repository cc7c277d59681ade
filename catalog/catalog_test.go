package catalog

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/store/sqlite"
)

func on(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, lang.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

// clock is a hand-set clock.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) set(day string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = on(day).Add(9 * time.Hour)
}

func newService(t *testing.T) (*Service, *clock) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	c := &clock{}
	c.set("2026-03-01")
	s, err := New(t.Context(), db, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s, c
}

// gtin is the n-th number of the range GS1 keeps for examples.
func gtin(n int) string {
	digits := fmt.Sprintf("0952%09d", n)
	return digits + string(gs1.CheckDigit(digits))
}

func producer(id, name, commune string) Producer {
	return Producer{ID: id, Name: name, Kind: Cooperative, Commune: commune, Address: lang.Text{Vi: "Bản Mẫu"}, Published: true}
}

func product(n int, producer, name string, change ...func(*Product)) Product {
	p := Product{ID: fmt.Sprintf("p%d", n), Producer: producer, Name: name, Kind: Roasted, Species: "arabica", Roast: Medium, Process: Washed,
		Summary: lang.Text{Vi: "Một câu."}, Art: Art{Color: "roast"}, Published: true,
		Variants: []Variant{{GTIN: gtin(n), NetGrams: 250, Grind: "beans", Price: money.VND(100_000 + n)}}}
	for _, c := range change {
		c(&p)
	}
	return p
}

func stars(n int, from, to string) func(*Product) {
	return func(p *Product) {
		p.OCOP = &OCOP{Stars: n, Decision: "QĐ-1", Grantor: lang.Text{Vi: "UBND tỉnh"}, From: on(from), To: on(to), Checked: &Check{Holds: true}}
	}
}

func save(t *testing.T, s *Service, vs ...any) {
	t.Helper()
	for _, v := range vs {
		var err error
		switch v := v.(type) {
		case Producer:
			err = s.SaveProducer(t.Context(), v)
		case Product:
			err = s.SaveProduct(t.Context(), v)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func find(t *testing.T, s *Service, f Filter) []string {
	t.Helper()
	page, err := s.Products(t.Context(), f)
	if err != nil {
		t.Fatalf("%+v: %v", f, err)
	}
	ids := make([]string, len(page.Items))
	for i, p := range page.Items {
		ids[i] = p.ID
	}
	if page.Next == "" && f.After == "" && page.Total != int64(len(ids)) {
		t.Errorf("%+v: %d found, %d counted", f, len(ids), page.Total)
	}
	return ids
}

func wantFault(t *testing.T, name string, err error, kind fault.Kind, code string) {
	t.Helper()
	if !fault.Is(err, kind) || fault.CodeOf(err) != code {
		t.Errorf("%s: %v, want %s %s", name, err, kind, code)
	}
	for _, l := range lang.All {
		if e := fault.As(err); e != nil {
			for _, f := range e.Fields {
				if !l.Has(f.Code) {
					t.Errorf("%s has no message in %s", f.Code, l)
				}
			}
			if strings.HasPrefix(e.Code, "catalog.") && !l.Has(e.Code) {
				t.Errorf("%s has no message in %s", e.Code, l)
			}
		}
	}
}

func TestFilters(t *testing.T) {
	s, _ := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), producer("b", "HTX Bình", "03724"),
		product(1, "a", "Đậm", stars(4, "2025-01-01", "2027-12-31")),
		product(2, "a", "Dịu", func(p *Product) { p.Kind = Ground }),
		product(3, "b", "Ấm", stars(3, "2025-01-01", "2027-12-31")),
		product(4, "b", "Bột", func(p *Product) { p.Kind = Ground }, stars(5, "2025-01-01", "2027-12-31")),
		product(5, "b", "Ẩn", func(p *Product) { p.Published = false }))
	tests := []struct {
		f    Filter
		want []string
	}{
		{Filter{}, []string{"p3", "p4", "p2", "p1"}}, // Ấm, Bột, Dịu, Đậm
		{Filter{Kind: Ground}, []string{"p4", "p2"}},
		{Filter{Kind: Green}, []string{}},
		{Filter{Stars: 1}, []string{"p3", "p4", "p1"}},
		{Filter{Stars: 4}, []string{"p4", "p1"}},
		{Filter{Stars: 5}, []string{"p4"}},
		{Filter{Producer: "htx-an"}, []string{"p2", "p1"}},
		{Filter{Producer: "htx-nobody"}, []string{}},
		{Filter{Commune: "03724"}, []string{"p3", "p4"}},
		{Filter{Commune: "04105"}, []string{}},
		{Filter{Kind: Roasted, Stars: 3, Producer: "htx-binh", Commune: "03724"}, []string{"p3"}},
		{Filter{Kind: Roasted, Producer: "htx-an", Commune: "03724"}, []string{}},
		{Filter{Sort: PriceUp}, []string{"p1", "p2", "p3", "p4"}},
		{Filter{Sort: PriceDown}, []string{"p4", "p3", "p2", "p1"}},
		{Filter{Sort: PriceDown, Kind: Ground}, []string{"p4", "p2"}},
	}
	for _, tt := range tests {
		if got := find(t, s, tt.f); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: %v, want %v", tt.f, got, tt.want)
		}
	}
}

func TestPages(t *testing.T) {
	s, _ := newService(t)
	save(t, s, producer("a", "HTX An", "04132"))
	for n := 1; n <= 25; n++ {
		save(t, s, product(n, "a", fmt.Sprintf("Cà phê %02d", n)))
	}
	for _, sort := range []Sort{ByName, PriceUp, PriceDown} {
		var all []string
		f := Filter{Sort: sort, Limit: 10}
		for range 5 {
			page, err := s.Products(t.Context(), f)
			if err != nil || page.Total != 25 {
				t.Fatalf("%d in all, %v", page.Total, err)
			}
			for _, p := range page.Items {
				all = append(all, p.ID)
			}
			if f.After = page.Next; f.After == "" {
				break
			}
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != 25 || f.After != "" {
			t.Errorf("sorted by %q: %d products, cursor %q", sort, len(all), f.After)
		}
	}
	page, err := s.Products(t.Context(), Filter{})
	if err != nil || len(page.Items) != usualPage || page.Next == "" {
		t.Fatalf("%d on the usual page, %v", len(page.Items), err)
	}
	// A cursor of one order must not mislead another.
	_, err = s.Products(t.Context(), Filter{Sort: PriceUp, After: page.Next})
	wantFault(t, "foreign cursor", err, fault.Invalid, "store.cursor")
	_, err = s.Products(t.Context(), Filter{After: "!"})
	wantFault(t, "garbage cursor", err, fault.Invalid, "store.cursor")
}

func TestGarbageFilters(t *testing.T) {
	s, _ := newService(t)
	for name, f := range map[string]Filter{
		"kind": {Kind: "espresso"}, "stars": {Stars: 6}, "sort": {Sort: "name"}, "commune": {Commune: "0x"},
		"producer": {Producer: "HTX An"}, "limit": {Limit: 101},
	} {
		_, err := s.Products(t.Context(), f)
		wantFault(t, name, err, fault.Invalid, "catalog.filter.unknown")
		if fields := fault.As(err).Fields; len(fields) != 1 || fields[0].Name != name {
			t.Errorf("%s: %v", name, fields)
		}
	}
	for _, f := range []Filter{{Stars: -1}, {Limit: -1}, {Producer: "a\x00"}, {Producer: "\xff"}} {
		_, err := s.Products(t.Context(), f)
		wantFault(t, fmt.Sprintf("%+v", f), err, fault.Invalid, "catalog.filter.unknown")
	}
}

func TestStarsEnd(t *testing.T) {
	s, c := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một", stars(4, "2026-03-10", "2026-05-31")))
	steps := []struct {
		day            string
		before, after  int // found with stars before and after Refresh
		refreshed      int
		starsOnProduct int
	}{
		{"2026-03-09", 0, 0, 0, 0},
		{"2026-03-10", 0, 1, 1, 4}, // they begin
		{"2026-05-31", 1, 1, 0, 4}, // the last day counts
		{"2026-06-01", 0, 0, 1, 0}, // not found even before Refresh
		{"2026-07-01", 0, 0, 0, 0},
	}
	for _, step := range steps {
		c.set(step.day)
		if got := len(find(t, s, Filter{Stars: 1})); got != step.before {
			t.Errorf("%s, before: %d found, want %d", step.day, got, step.before)
		}
		n, err := s.Refresh(t.Context())
		if err != nil || n != step.refreshed {
			t.Errorf("%s: %d refreshed, want %d; %v", step.day, n, step.refreshed, err)
		}
		if got := len(find(t, s, Filter{Stars: 1})); got != step.after {
			t.Errorf("%s, after: %d found, want %d", step.day, got, step.after)
		}
		p, err := s.Product(t.Context(), "mot")
		if err != nil || p.StarsOn(c.Now()) != step.starsOnProduct {
			t.Errorf("%s: %d stars, want %d; %v", step.day, p.StarsOn(c.Now()), step.starsOnProduct, err)
		}
		if got := len(find(t, s, Filter{})); got != 1 {
			t.Errorf("%s: without stars %d found", step.day, got)
		}
	}
}

func TestNameChangesSlugStays(t *testing.T) {
	s, _ := newService(t)
	a := producer("a", "HTX Đèo Pha Đin", "04132")
	save(t, s, a, product(1, "a", "Cà phê Ấm"))
	a.Name = "HTX Mây"
	save(t, s, a, product(1, "a", "Cà phê Dịu"))
	if p, err := s.Producer(t.Context(), "htx-deo-pha-din"); err != nil || p.Name != "HTX Mây" {
		t.Errorf("%+v, %v", p, err)
	}
	p, err := s.Product(t.Context(), "ca-phe-am")
	if err != nil || p.Name != "Cà phê Dịu" {
		t.Errorf("%+v, %v", p, err)
	}
	if got := find(t, s, Filter{Producer: "htx-deo-pha-din"}); len(got) != 1 {
		t.Errorf("found %v by the producer", got)
	}
	a.Slug = "htx-may"
	wantFault(t, "producer", s.SaveProducer(t.Context(), a), fault.Conflict, "catalog.slug.fixed")
	p.Slug = "khac"
	wantFault(t, "product", s.SaveProduct(t.Context(), p), fault.Conflict, "catalog.slug.fixed")
}

func TestSlugsOfNamesakes(t *testing.T) {
	s, _ := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), producer("b", "HTX Ân", "03724"),
		product(1, "a", "Cà phê"), product(2, "b", "Ca Phé"))
	for _, slug := range []string{"htx-an", "htx-an-2"} {
		if _, err := s.Producer(t.Context(), slug); err != nil {
			t.Errorf("%s: %v", slug, err)
		}
	}
	for _, slug := range []string{"ca-phe", "ca-phe-2"} {
		if _, err := s.Product(t.Context(), slug); err != nil {
			t.Errorf("%s: %v", slug, err)
		}
	}
	asked := producer("c", "HTX Cam", "03724")
	asked.Slug = "htx-an"
	wantFault(t, "asked for a taken slug", s.SaveProducer(t.Context(), asked), fault.Conflict, "catalog.slug.taken")
	// A name in another script has an address too.
	save(t, s, producer("d", "咖啡", "03724"), producer("6740f1a2b3c4d5e6f7a8b9c0", "咖啡", "03724"), product(3, "d", "咖啡"))
	for _, slug := range []string{"nsx-d", "nsx-f7a8b9c0"} {
		if _, err := s.Producer(t.Context(), slug); err != nil {
			t.Errorf("%s: %v", slug, err)
		}
	}
	if _, err := s.Product(t.Context(), "sp-p3"); err != nil {
		t.Error(err)
	}
}

func TestHiding(t *testing.T) {
	s, _ := newService(t)
	a, first := producer("a", "HTX An", "04132"), on("2026-01-01")
	save(t, s, a, product(1, "a", "Một"), product(2, "a", "Hai", func(p *Product) { p.Published, p.First = false, &first }))
	ctx := t.Context()
	_, err := s.Product(ctx, "hai")
	wantFault(t, "unpublished product", err, fault.NotFound, "catalog.product.not_found")
	if list, err := s.ProductsOf(ctx, "a"); err != nil || len(list) != 1 {
		t.Errorf("%d products, %v", len(list), err)
	}
	// An old packet still has a name.
	if p, v, err := s.ByGTIN(ctx, gtin(2)); err != nil || p.ID != "p2" || v.GTIN != gtin(2) || p.Listed {
		t.Errorf("%s, %+v, %v", p.ID, v, err)
	}
	a.Published = false
	save(t, s, a)
	_, err = s.Product(ctx, "mot")
	wantFault(t, "product of a hidden producer", err, fault.NotFound, "catalog.product.not_found")
	_, err = s.Producer(ctx, "htx-an")
	wantFault(t, "hidden producer", err, fault.NotFound, "catalog.producer.not_found")
	if got := find(t, s, Filter{}); len(got) != 0 {
		t.Errorf("found %v of a hidden producer", got)
	}
	if p, err := s.ProducerByID(ctx, "a"); err != nil || p.Published || p.Stale {
		t.Errorf("%+v, %v", p, err)
	}
	if _, _, err := s.ByGTIN(ctx, gtin(1)); err != nil {
		t.Error(err)
	}
	if list, next, err := s.Producers(ctx, ""); err != nil || len(list) != 0 || next != "" {
		t.Errorf("%d producers, %v", len(list), err)
	}
	a.Published, a.Commune = true, "03724"
	save(t, s, a)
	if got := find(t, s, Filter{Commune: "03724"}); !slices.Equal(got, []string{"p1"}) {
		t.Errorf("found %v after the producer moved and came back", got)
	}
	if got := find(t, s, Filter{Commune: "04132"}); len(got) != 0 {
		t.Errorf("found %v where the producer was", got)
	}
}

// A crash between the producer and its products is finished by Refresh.
func TestInterruptedChange(t *testing.T) {
	s, _ := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một"))
	err := s.producers.Update(t.Context(), "a", func(p *Producer) error {
		p.Commune, p.Stale = "03724", true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.Refresh(t.Context()); err != nil || n == 0 {
		t.Errorf("%d refreshed, %v", n, err)
	}
	if got := find(t, s, Filter{Commune: "03724"}); len(got) != 1 {
		t.Errorf("found %v", got)
	}
	if n, err := s.Refresh(t.Context()); err != nil || n != 0 {
		t.Errorf("%d refreshed again, %v", n, err)
	}
}

func TestUnknown(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	for _, slug := range []string{"", "nobody", "Not A Slug", "\xff", "a\x00b", strings.Repeat("a", 500)} {
		_, err := s.Producer(ctx, slug)
		wantFault(t, slug, err, fault.NotFound, "catalog.producer.not_found")
		_, err = s.Product(ctx, slug)
		wantFault(t, slug, err, fault.NotFound, "catalog.product.not_found")
	}
	_, err := s.ProducerByID(ctx, "nobody")
	wantFault(t, "id", err, fault.NotFound, "catalog.producer.not_found")
	for _, g := range []string{"", gtin(9), "123", "\xff", gtin(9)[:13] + "x"} {
		_, _, err := s.ByGTIN(ctx, g)
		wantFault(t, g, err, fault.NotFound, "catalog.gtin.not_found")
	}
	if list, err := s.ProductsOf(ctx, "nobody"); err != nil || list == nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestGTINs(t *testing.T) {
	s, _ := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một"))
	wantFault(t, "taken", s.SaveProduct(t.Context(), product(2, "a", "Hai", func(p *Product) { p.Variants[0].GTIN = gtin(1) })),
		fault.Conflict, "catalog.variant.gtin_taken")
	save(t, s, product(2, "a", "Hai"))
	wantFault(t, "taken by a change", s.SaveProduct(t.Context(), product(2, "a", "Hai", func(p *Product) { p.Variants[0].GTIN = gtin(1) })),
		fault.Conflict, "catalog.variant.gtin_taken")
	// A GTIN-13 as printed under a bar code becomes 14 digits.
	save(t, s, product(3, "a", "Ba", func(p *Product) { p.Variants[0].GTIN = gtin(3)[1:] }))
	if _, v, err := s.ByGTIN(t.Context(), gtin(3)); err != nil || v.GTIN != gtin(3) {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestSaveAgain(t *testing.T) {
	s, c := newService(t)
	save(t, s, producer("a", "HTX An", "04132"), product(1, "a", "Một"))
	created := c.Now()
	c.set("2026-04-01")
	again := product(1, "a", "Một", func(p *Product) {
		p.Variants = append(p.Variants, Variant{GTIN: gtin(11), NetGrams: 500, Grind: "beans", Price: 90_000})
	})
	save(t, s, again)
	p, err := s.Product(t.Context(), "mot")
	if err != nil || !p.Created.Equal(created) || !p.Changed.Equal(c.Now()) || p.MinPrice != 90_000 || len(p.Variants) != 2 {
		t.Errorf("created %s, changed %s, from %d đ, %v", p.Created, p.Changed, p.MinPrice, err)
	}
	moved := product(1, "b", "Một")
	save(t, s, producer("b", "HTX Bình", "04132"))
	wantFault(t, "moved to another producer", s.SaveProduct(t.Context(), moved), fault.Conflict, "catalog.product.producer_fixed")
	wantFault(t, "of nobody", s.SaveProduct(t.Context(), product(7, "nobody", "Bảy")), fault.Invalid, "catalog.product.incomplete")
}

func TestOptions(t *testing.T) {
	s, _ := newService(t)
	hidden := producer("c", "HTX Cam", "04105")
	hidden.Published = false
	save(t, s, producer("b", "HTX Đào", "03664"), producer("a", "HTX Dâu", "03724"), producer("d", "HTX Ấm", "03724"), hidden)
	list, err := s.ProducerOptions(t.Context())
	names := []string{}
	for _, p := range list {
		names = append(names, p.Name)
	}
	if want := []string{"HTX Ấm", "HTX Dâu", "HTX Đào"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("%v, want %v; %v", names, want, err)
	}
	codes, err := s.CommuneOptions(t.Context())
	if want := []string{"03724", "03664"}; err != nil || !slices.Equal(codes, want) { // Bình Thuận, Chiềng An
		t.Errorf("%v, want %v; %v", codes, want, err)
	}
	page, _, err := s.Producers(t.Context(), "")
	if err != nil || len(page) != 3 {
		t.Errorf("%d producers, %v", len(page), err)
	}
	_, _, err = s.Producers(t.Context(), "zzz")
	wantFault(t, "garbage cursor", err, fault.Invalid, "store.cursor")
}

func TestFacetsAreFew(t *testing.T) {
	got := facets(Roasted, 5, "htx-an", "04132")
	if len(got) != 48 {
		t.Errorf("%d keys, want 48", len(got))
	}
	slices.SortFunc(got, cmp.Compare[string])
	if len(slices.Compact(got)) != 48 {
		t.Error("keys repeat")
	}
}
