package handlers_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"nguon/app/search"
)

func TestSearchFindsHoweverItIsTyped(t *testing.T) {
	s := newSite(t)
	for _, typed := range []string{"suong nui", "Sương Núi", "SƯƠNG NÚI", "suongnui", "Su\u031bo\u031bng Nu\u0301i"} {
		d := s.get("/search?q=" + url.QueryEscape(typed)).doc(t)
		if got := text(d, ".hits"); !strings.Contains(got, "Sương Núi") {
			t.Errorf("%q finds %s", typed, text(d, "main"))
		}
		if d.Find(".hits mark").Length() == 0 {
			t.Errorf("%q: nothing is marked", typed)
		}
	}
	d := s.get("/search?q=ca+phe").doc(t)
	if d.Find(".found-group").Length() < 3 {
		t.Errorf("groups: %s", text(d, "main"))
	}
	if got := d.Find(`link[rel="canonical"]`).Length() + d.Find(`meta[name="robots"][content*="noindex"]`).Length(); got == 0 {
		t.Error("results may be indexed")
	}
	d = s.get("/en/search?q=specialty&kind=product").doc(t)
	if d.Find(".hits > li").Length() == 0 || d.Find(`.kinds [aria-current="page"]`).Length() != 1 {
		t.Error(text(d, "main"))
	}
	// A filter is a link that leads to a state with an address of its own, and back.
	facet := d.Find(".facets a").First()
	href := facet.AttrOr("href", "")
	n := strings.TrimSpace(facet.Find(".num").Text())
	narrowed := s.get(href).doc(t)
	if narrowed.Find(`.facets [aria-current="true"]`).Length() != 1 || narrowed.Find(".chips .chip.off").Length() == 0 || !strings.HasPrefix(text(narrowed, ".count"), "All") && !strings.Contains(text(narrowed, "h2.count"), n+" ") {
		t.Errorf("%s: %s, want %s", href, text(narrowed, "h2.count"), n)
	}
	if back := narrowed.Find(`.facets [aria-current="true"]`).AttrOr("href", ""); !strings.Contains(back, "q=specialty") || strings.Contains(back, "coffee=") && strings.Contains(href, "coffee=") {
		t.Errorf("back leads to %s", back)
	}
}

func TestSearchBadInput(t *testing.T) {
	s := newSite(t)
	for path, status := range map[string]int{
		"/search": 200, "/search?q=": 200, "/search?q=" + url.QueryEscape(strings.Repeat("cà phê ", 300)): 200, "/search?q=" + strings.Repeat("c", 10_000): 431, "/search?q=%F0%9F%8C%B1%00%07": 200, "/search?q=" + url.QueryEscape(`title:* AND -x OR "a" ~2 ^3 {} [a TO b] \`): 200,
		"/search?coffee=" + url.QueryEscape(`ground" OR kind = "x`): 400, "/search?coffee=nothing": 400, "/search?kind=x": 400, "/search?sort=x": 400, "/search?page=0": 400, "/search?page=99999": 400, "/search?page=40&q=ca": 200, "/search?page=-1": 400,
		"/search?stars=1&stars=2&stars=3": 200, "/search?day=2026-99-99": 400, "/search?day=2026-12-31": 200, "/search?producer=nobody": 200, "/search?commune=zzz": 400, "/search?stars=abc": 400, "/search/suggest?q=ca%00": 200, "/search/suggest?q=" + strings.Repeat("c", 900): 200, "/search/suggest?q=su": 200, "/search/suggest": 200, "/api/v1/search?q=ca": 200, "/api/v1/search?kind=x": 400, "/search?q=zzzzqqqq": 200,
	} {
		if a := s.get(path); a.Status != status {
			t.Errorf("%.60s: %d, want %d", path, a.Status, status)
		}
	}
	d := s.get("/search?q=zzzzqqqq").doc(t)
	if d.Find(`.empty a[href="/products"]`).Length() != 1 {
		t.Error("nothing found leads nowhere")
	}
	d = s.get("/search?q=" + url.QueryEscape(`<script>alert(1)</script>`)).doc(t)
	if d.Find("main script").Length() != 0 {
		t.Error("what was typed became markup")
	}
}

func TestSearchForPrograms(t *testing.T) {
	s := newSite(t)
	a := s.get("/api/v1/search?q=suong+nui&kind=product")
	var got struct {
		Hits []struct {
			Kind, URL string
			Title     map[string]string
		}
		Facets map[string]map[string]int
		Total  int
	}
	if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
		t.Fatal(err)
	}
	if got.Total == 0 || len(got.Hits) == 0 || got.Hits[0].Kind != string(search.Product) || !strings.HasPrefix(got.Hits[0].URL, s.base+"/products/") || len(got.Facets["coffee"]) == 0 || a.Header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%s", a.Body)
	}
}
