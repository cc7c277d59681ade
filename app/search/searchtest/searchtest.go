// Package searchtest is the contract that every engine of package search keeps, and
// the list of queries by which their quality is measured.
package searchtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/search"
)

// doc is a product of a name.
func doc(id, title string, change ...func(*search.Document)) search.Document {
	d := search.Document{ID: "product-" + id, Kind: search.Product, Path: "/products/" + id, Title: lang.Text{Vi: title}, Detail: lang.Text{Vi: "Cà phê"}, Sold: true,
		Created: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Facets: search.Facets{}}
	for _, f := range change {
		f(&d)
	}
	return d
}

func costs(price int64) func(*search.Document) { return func(d *search.Document) { d.Price = price } }
func has(f search.Facet, values ...string) func(*search.Document) {
	return func(d *search.Document) { d.Facets[f] = values }
}

// bench is an engine under test.
type bench struct {
	*testing.T
	x search.Index
}

func (b bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) put(docs ...search.Document) { b.Helper(); b.ok(b.x.Put(b.Context(), docs)) }

func (b bench) find(q search.Query) search.Result {
	b.Helper()
	q, err := q.Clean()
	b.ok(err)
	r, err := b.x.Search(b.Context(), q)
	b.ok(err)
	return r
}

// ids are those of the hits for a text, in order.
func (b bench) ids(text string) []string {
	b.Helper()
	return idsOf(b.find(search.Query{Text: text}))
}

func idsOf(r search.Result) (ids []string) {
	for _, d := range r.Hits {
		ids = append(ids, strings.TrimPrefix(d.ID, "product-"))
	}
	return ids
}

func (b bench) wants(text string, want ...string) {
	b.Helper()
	if got := b.ids(text); !slices.Equal(got, want) {
		b.Errorf("%q finds %v, want %v", text, got, want)
	}
}

// Contract runs all of it; open makes an empty engine.
func Contract(t *testing.T, open func(t *testing.T) search.Index) {
	for name, test := range map[string]func(bench){
		"a change is seen when it returns": changes, "accents": accents, "mistakes": mistakes, "codes": codes, "synonyms": synonyms, "filters and counts": filters,
		"sorts and pages": sorts, "bad input": badInput, "rebuild": rebuild, "documents come back whole": whole,
	} {
		t.Run(name, func(t *testing.T) { test(bench{t, open(t)}) })
	}
	t.Run("quality", func(t *testing.T) { Quality(t, open(t)) })
}

func changes(b bench) {
	b.put(doc("a", "Cà phê Bản Mới"), doc("b", "Trà vỏ"))
	b.wants("ban moi", "a")
	b.put(doc("a", "Cà phê Nậm Ty"))
	b.wants("ban moi")
	b.wants("nam ty", "a")
	b.ok(b.x.Delete(b.Context(), []string{"product-a", "product-none"}))
	b.wants("nam ty")
	n, err := b.x.Count(b.Context())
	if b.ok(err); n != 1 {
		b.Errorf("%d documents", n)
	}
	b.ok(b.x.Put(b.Context(), nil))
	b.ok(b.x.Delete(b.Context(), nil))
}

// Whatever the spelling, the same is found; what bears the accents as they were
// typed comes first.
func accents(b bench) {
	b.put(doc("dua", "Bánh dừa"), doc("dua2", "Bánh dứa"), doc("dua3", "Bánh dưa"), doc("duong", "Đường phèn"))
	for typed, first := range map[string]string{"dừa": "dua", "dứa": "dua2", "dưa": "dua3", "DỨA": "dua2", "du\u031b\u0301a": "dua2", "bánh dứa": "dua2"} {
		got := b.ids(typed)
		if len(got) != 3 || got[0] != first {
			b.Errorf("%q finds %v, want %s first of three", typed, got, first)
		}
	}
	if got := b.ids("dua"); len(got) != 3 {
		b.Errorf("without accents: %v", got)
	}
	for _, typed := range []string{"đường", "duong", "Ðường", "DUONG", "đuong", "duongphen"} {
		b.wants(typed, "duong")
	}
}

func mistakes(b bench) {
	b.put(doc("arabica", "Arabica chế biến ướt"), doc("chieng", "Chiềng Mai"), doc("ocop", "Cà phê OCOP"))
	for typed, want := range map[string]string{"arabika": "arabica", "arbica": "arabica", "chieng mia": "chieng", "chienh mai": "chieng"} {
		q, err := search.Query{Text: typed}.Clean()
		b.ok(err)
		r, err := b.x.Search(b.Context(), q)
		if b.ok(err); len(r.Hits) == 0 || idsOf(r)[0] != want || !r.Near {
			b.Errorf("%q finds %v, near %t", typed, idsOf(r), r.Near)
		}
	}
	if r := b.find(search.Query{Text: "arabica"}); r.Near {
		b.Error("what is typed well counts as mistyped")
	}
	b.wants("ab") // too short to guess
}

// Numbers are found whole or by their beginning, never by likeness.
func codes(b bench) {
	with := func(codes ...string) func(*search.Document) { return func(d *search.Document) { d.Codes = codes } }
	b.put(doc("a", "Một", with("09520001000058", "9520001000058", "SN-26-01", "0212 385 1234")), doc("b", "Hai", with("09520001000065", "SN-26-02", "VG-MAU-1187")))
	for typed, want := range map[string]string{"09520001000058": "a", "9520001000058": "a", "SN-26-01": "a", "sn2602": "b", "sn 26 02": "b", "0212 385 1234": "a", "0212.385.1234": "a", "VG-MAU-1187": "b", "vgmau1187": "b", "vg-mau-11": "b"} {
		b.wants(typed, want)
	}
	b.wants("SN-26-03")
	b.wants("09520001000059")
	b.wants("0212 385 1235")
	// Nor by what bears a part of one: dates, years, the word "mẫu".
	event := doc("e", "Thi hái quả chín (mẫu)")
	event.Text, event.Detail = lang.Text{Vi: "Cà phê MẪU ISO-22000, gói 250 g"}, lang.Text{Vi: "26/12/2026 08:09 · Cà phê"}
	b.put(event)
	for _, typed := range []string{"SN-26-09", "BT-26-08", "sn 26 09", "MAU-202", "MAU-0415", "VG-MAU-1287", "ca phe SN-26-09", "lô SN-26-09", "ca phe 09520001000059"} {
		b.wants(typed)
	}
	for typed, want := range map[string]string{"cà phê SN-26-01": "a", "lô SN-26-01": "a", "(01)09520001000058(10)SN-26-01": "a", "https://nguon.example/01/09520001000065/10/SN-26-02": "b", "iso-22000": "e", "ISO 22000": "e", "250g": "e"} {
		b.wants(typed, want)
	}
	if got := b.ids("thi hái 2025"); len(got) == 0 || got[0] != "e" {
		b.Errorf("a year that nothing has keeps everything away: %v", got)
	}
	if got := b.ids("0952000100"); len(got) != 2 {
		b.Errorf("the beginning of two numbers finds %v", got)
	}
}

func synonyms(b bench) {
	b.put(doc("special", "Cà phê đặc sản"), doc("honey", "Chế biến mật ong"), doc("ground", "Cà phê bột"), doc("natural", "Natural process"))
	for typed, want := range map[string]string{"specialty": "special", "honey": "honey", "ground": "ground", "chế biến khô": "natural", "che bien kho": "natural", "phơi nguyên quả": "natural"} {
		if got := b.ids(typed); len(got) == 0 || got[0] != want {
			b.Errorf("%q finds %v, want %s", typed, got, want)
		}
	}
}

func filters(b bench) {
	tour := doc("t", "Hái cà phê", has(search.Season, "11", "12"))
	tour.ID, tour.Kind, tour.Days = "tour-t", search.Tour, []time.Time{time.Date(2026, 12, 5, 0, 0, 0, 0, lang.Zone)}
	b.put(doc("a", "Cà phê một", has(search.Coffee, "ground"), has(search.Stars, "4"), has(search.Paper, "vietgap", "4c"), costs(90_000)),
		doc("b", "Cà phê hai", has(search.Coffee, "ground"), has(search.Stars, "3"), costs(150_000)), doc("c", "Cà phê ba", has(search.Coffee, "roasted"), has(search.Stars, "4"), costs(450_000)), tour)
	r := b.find(search.Query{Text: "ca phe", Filters: search.Facets{search.Coffee: {"ground"}, search.Stars: {"4"}}})
	if got := idsOf(r); !slices.Equal(got, []string{"a"}) || r.Total != 1 {
		b.Errorf("two filters find %v", got)
	}
	// A facet that is filtered by counts as if it were not.
	if c := r.Facets[search.Coffee]; c["ground"] != 1 || c["roasted"] != 1 {
		b.Errorf("kinds of coffee among four stars: %v", c)
	}
	if c := r.Facets[search.Stars]; c["4"] != 1 || c["3"] != 1 {
		b.Errorf("stars of ground coffee: %v", c)
	}
	if c := r.Facets[search.Paper]; c["vietgap"] != 1 || c["4c"] != 1 {
		b.Errorf("papers: %v", c)
	}
	r = b.find(search.Query{Filters: search.Facets{search.Stars: {"3", "4"}}})
	if r.Total != 3 || r.Facets[search.PriceBand]["0-100"] != 1 || r.Facets[search.PriceBand]["400"] != 1 {
		b.Errorf("either of two values: %d, %v", r.Total, r.Facets)
	}
	r = b.find(search.Query{Text: "ca phe", Kind: search.Tour})
	if r.Total != 1 || r.Kinds[search.Product] != 3 || r.Kinds[search.Tour] != 1 || r.Facets[search.Day]["2026-12-05"] != 1 || r.Facets[search.Season]["11"] != 1 {
		b.Errorf("visits: %+v", r)
	}
	if r = b.find(search.Query{Filters: search.Facets{search.Day: {"2026-12-05"}}}); r.Total != 1 {
		b.Errorf("on a day: %d", r.Total)
	}
	if r = b.find(search.Query{Filters: search.Facets{search.Stars: {"5"}}}); r.Total != 0 || r.Facets[search.Stars]["4"] != 2 {
		b.Errorf("a value that nothing has: %+v", r)
	}
}

func sorts(b bench) {
	var docs []search.Document
	for i := range 30 {
		d := doc(fmt.Sprintf("p%02d", i), "Cà phê", costs(int64(30-i)*10_000))
		d.Created = d.Created.AddDate(0, 0, i)
		docs = append(docs, d)
	}
	free := doc("free", "Cà phê")
	b.put(append(docs, free)...)
	for sort, first := range map[search.Sort]string{search.PriceUp: "p29", search.PriceDown: "p00", search.Newest: "p29"} {
		r := b.find(search.Query{Text: "ca phe", Sort: sort, Size: 10})
		if got := idsOf(r); len(got) != 10 || got[0] != first || r.Total != 31 {
			b.Errorf("%q: %v of %d", sort, got, r.Total)
		}
	}
	seen := map[string]bool{}
	for page := range 5 {
		for _, id := range idsOf(b.find(search.Query{Text: "ca phe", Sort: search.PriceUp, Page: page, Size: 10})) {
			if seen[id] {
				b.Errorf("%s stands on two pages", id)
			}
			seen[id] = true
		}
	}
	if len(seen) != 31 {
		b.Errorf("%d on all pages", len(seen))
	}
	if got := idsOf(b.find(search.Query{Text: "ca phe", Sort: search.PriceDown, Page: 3, Size: 10})); !slices.Equal(got, []string{"free"}) {
		b.Errorf("what has no price is not last: %v", got)
	}
}

// Whatever is typed is an answer in bounded time, and no language of an engine.
func badInput(b bench) {
	b.put(doc("a", "Cà phê"))
	for _, text := range []string{strings.Repeat("cà phê ", 5000), strings.Repeat("x", 10_000), `title:* OR (a AND "b"~3)^4 -c +d`, "🌱☕", "\x00\x01\u202e", "'; DROP TABLE", `") OR kind = "x`, "%_\\", "* ?", strings.Repeat("a ", 500), "\xff\xfe"} {
		begun := time.Now()
		b.find(search.Query{Text: text})
		if d := time.Since(begun); d > 5*time.Second {
			b.Errorf("%.20q took %v", text, d)
		}
	}
	for _, q := range []search.Query{{Kind: "x"}, {Sort: "x"}, {Page: -1}, {Page: search.MostPages}, {Size: 1000}, {Filters: search.Facets{"x": {"y"}}}, {Filters: search.Facets{search.Coffee: {`ground" OR kind = "tour`}}},
		{Filters: search.Facets{search.Coffee: {""}}}, {Filters: search.Facets{search.Coffee: {"espresso"}}}, {Filters: search.Facets{search.Day: {"2026-99-99"}}}, {Filters: search.Facets{search.Commune: {"99999"}}}, {Filters: search.Facets{search.PriceBand: {"1-2"}}}, {Filters: search.Facets{search.Coffee: {strings.Repeat("a", 200)}}}, {Filters: search.Facets{search.Stars: strings.Split(strings.Repeat("1,", 60)+"1", ",")}}} {
		if _, err := q.Clean(); !fault.Is(err, fault.Invalid) {
			b.Errorf("%.60q is taken: %v", fmt.Sprint(q), err)
		}
	}
}

func whole(b bench) {
	d := doc("a", "Cà phê Sương Núi", costs(98_000), has(search.Coffee, "ground"), has(search.Paper, "4c", "haccp"))
	d.Title.En, d.Detail, d.Text = "Sương Núi coffee", lang.Text{Vi: "Cà phê bột · HTX", En: "Ground coffee"}, lang.Text{Vi: "Ủ lâu.\nVị “mật ong” & chanh <b>", En: "Long."}
	d.Names, d.Codes, d.Image, d.Demo = []string{"xã Chiềng Mai"}, []string{"0952"}, "/photos/x.jpg", true
	d.Days = []time.Time{time.Date(2026, 12, 5, 0, 0, 0, 0, lang.Zone)}
	b.put(d)
	r := b.find(search.Query{Text: "suong nui"})
	if len(r.Hits) != 1 {
		b.Fatal(r)
	}
	got := r.Hits[0]
	if got.Title != d.Title || got.Detail != d.Detail || got.Text != d.Text || got.Path != d.Path || got.Image != d.Image || got.Price != d.Price || !got.Demo || !got.Sold || !got.Created.Equal(d.Created) || len(got.Days) != 1 || !got.Days[0].Equal(d.Days[0]) || !slices.Equal(got.Facets[search.Paper], d.Facets[search.Paper]) {
		b.Errorf("%+v\nwant %+v", got, d)
	}
}

// While everything is built anew, searches find the old state or the new one, and
// what changes meanwhile is not lost.
func rebuild(b bench) {
	var old []search.Document
	for i := range 300 {
		old = append(old, doc(fmt.Sprintf("p%03d", i), "Cà phê"))
	}
	b.put(old...)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			q, _ := search.Query{Text: "ca phe"}.Clean()
			if r, err := b.x.Search(b.Context(), q); err != nil || r.Total < 299 || r.Total > 301 {
				b.Errorf("meanwhile %d are found, %v", r.Total, err)
				return
			}
		}
	})
	err := b.x.Rebuild(b.Context(), func(yield func(search.Document) error) error {
		for i, d := range old {
			if i == 100 { // others write while the old state is still being read
				b.put(doc("p000", "Cà phê mới"), doc("p299", "Cà phê mới"), doc("new", "Cà phê mới"))
				b.ok(b.x.Delete(b.Context(), []string{"product-p001", "product-p298"}))
			}
			if err := yield(d); err != nil {
				return err
			}
		}
		return nil
	})
	close(stop)
	wg.Wait()
	b.ok(err)
	if got := b.ids("moi"); len(got) != 3 {
		b.Errorf("what changed meanwhile: %v", got)
	}
	n, err := b.x.Count(b.Context())
	if b.ok(err); n != 299 {
		b.Errorf("%d documents, want 299", n)
	}
	// One that fails leaves everything as it was.
	broken := errors.New("the store is away")
	if err := b.x.Rebuild(b.Context(), func(yield func(search.Document) error) error {
		if err := yield(doc("only", "Cà phê")); err != nil {
			return err
		}
		return broken
	}); err == nil {
		b.Error("a rebuild that failed says nothing")
	}
	if n, err = b.x.Count(b.Context()); err != nil || n != 299 {
		b.Errorf("after it %d documents, %v", n, err)
	}
	b.put(doc("later", "Cà phê mới"))
	if got := b.ids("moi"); len(got) != 4 {
		b.Errorf("after it %v", got)
	}
}
