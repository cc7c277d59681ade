package views

import (
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/search"
)

// searchPages are the results page in the states that matter.
func searchPages(l lang.Lang) map[string]Page {
	base := Base{Lang: l, Path: "/search", BaseURL: "https://nguon.example"}
	doc := func(k search.Kind, id, title, detail, text string, price int64) search.Document {
		return search.Document{ID: string(k) + "-" + id, Kind: k, Path: "/products/" + id, Title: lang.Text{Vi: title}, Detail: lang.Text{Vi: detail}, Text: lang.Text{Vi: text}, Price: price, Sold: price != 120_000}
	}
	hits := []search.Document{doc(search.Product, "a", "Cà phê bột Sương Núi", "Cà phê bột · HTX <b>", "", 98_000), doc(search.Product, "b", "Cà phê khác", "Cà phê", strings.Repeat("Dài dòng ", 20)+"ở Sương Núi "+strings.Repeat("và nữa ", 40), 120_000),
		{ID: "tour-a", Kind: search.Tour, Path: "/tours/a", Image: "/photos/a.jpg", Title: lang.Text{Vi: "Hái quả"}, Detail: lang.Text{Vi: "Sương Núi"}, Demo: true}}
	counts := map[search.Facet]map[string]int64{search.Coffee: {"ground": 2, "roasted": 1}, search.Stars: {"4": 1, "5": 2}, search.Paper: {"vietgap": 1, "unheard": 1}, search.PriceBand: {"0-100": 1, "100-200": 1, "400": 1},
		search.Day: {"2026-12-05": 1, "2020-01-01": 3}, search.Season: {"01": 1, "12": 1}, search.Maker: {"htx-mot": 1}, search.Commune: {"03646": 1}, search.GI: {"right": 2}, search.Process: {"washed": 1}, search.Roast: {"light": 1}}
	for _, c := range [...]string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		counts[search.Maker]["maker-"+c] = 1
	}
	kinds := map[search.Kind]int64{search.Product: 2, search.Tour: 1}
	q, err := search.Query{Text: "suong nui"}.Clean()
	if err != nil {
		panic(err)
	}
	now := time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)
	narrow := q
	narrow.Kind, narrow.Filters, narrow.Sort, narrow.Page, narrow.Size = search.Product, search.Facets{search.Coffee: {"ground"}, search.Day: {"2026-99-99"}, search.Season: {"99"}}, search.PriceUp, 1, 1
	empty, _ := search.Query{}.Clean()
	return map[string]Page{
		"search":         SearchPage{Base: base, Now: now, Typed: "suong nui", Asked: q, Result: search.Result{Hits: hits, Total: 3, Kinds: kinds, Facets: counts}, Groups: []SearchGroup{{search.Product, hits[:2], 7}, {search.Tour, hits[2:], 1}}},
		"search-narrow":  SearchPage{Base: base, Now: now, Typed: "suong nui", Asked: narrow, Result: search.Result{Hits: hits[:1], Total: 3, Kinds: kinds, Facets: counts, Near: true, StandIn: true}},
		"search-nothing": SearchPage{Base: base, Now: now, Typed: "<zzzz>", Asked: narrow, Result: search.Result{}},
		"search-start":   SearchPage{Base: base, Now: now, Asked: empty, Result: search.Result{Hits: hits, Total: 3, Kinds: kinds, Facets: counts}},
	}
}

// Where another index stands in the page says so, and nowhere else.
func TestTheStandInIsNamed(t *testing.T) {
	for name, page := range searchPages(lang.En) {
		d, _ := mustDocument(t, page)
		if got := d.Find(".stand-in").Length() > 0; got != (name == "search-narrow") {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestSearchPage(t *testing.T) {
	d, html := mustDocument(t, searchPages(lang.Vi)["search"])
	if got := d.Find(".hits mark").First().Text(); got != "Sương Núi" {
		t.Errorf("the first mark is %q", got)
	}
	if strings.Contains(html, "HTX <b>") {
		t.Error("what a seller wrote became markup")
	}
	if got := d.Find(".hits .small").Text(); !strings.Contains(got, "…") || strings.Contains(got, "và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa và nữa") {
		t.Errorf("where it was found in the text: %q", got)
	}
	if d.Find(`.facets a[href*="day=2020-01-01"]`).Length() != 0 || d.Find(`.facets a[href*="day=2026-12-05"]`).Length() != 1 {
		t.Error("days that are over, or days to come")
	}
	if got := d.Find(`.found-group a[href="/search?kind=product&q=suong+nui"]`).Length(); got != 1 {
		t.Errorf("%d ways to all of a kind", got)
	}
	d, _ = mustDocument(t, searchPages(lang.En)["search-narrow"])
	on := d.Find(`.facets [aria-current="true"]`)
	if on.Length() != 3 || !strings.Contains(on.First().AttrOr("href", ""), "kind=product") || strings.Contains(on.First().AttrOr("href", ""), "coffee=") {
		t.Errorf("%d values are chosen, the first leads to %s", on.Length(), on.First().AttrOr("href", ""))
	}
	for rel, page := range map[string]string{"prev": "", "next": "page=3"} {
		a := d.Find(`.pages a[rel^="` + rel + `"]`)
		if href := a.AttrOr("href", ""); a.Length() != 1 || !strings.Contains(href, page) || !strings.Contains(href, "sort=price") || rel == "prev" && strings.Contains(href, "page=") {
			t.Errorf("%s leads to %s", rel, href)
		}
	}
}
