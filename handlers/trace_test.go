package handlers_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"nguon/app/lang"
	"nguon/qr"
	"nguon/qr/trace"
)

func verdict(t *testing.T, a answer) string {
	t.Helper()
	v, _ := a.doc(t).Find("[data-verdict]").Attr("data-verdict")
	return v
}

func TestTheVerdictStandsInTheMarkup(t *testing.T) {
	s := newSite(t)
	serial := s.packets(2)[0]
	changed := serial[:len(serial)-1] + map[bool]string{true: "B", false: "A"}[serial[len(serial)-1] == 'A']
	for path, want := range map[string]string{
		page(serial):                          "genuine",
		page(changed):                         "forged",
		page("HELLO"):                         "forged",
		page(""):                              "lot",
		"/trace/" + gtin + "/OTHER/" + serial: "forged",
	} {
		for _, address := range both(path) {
			for _, encoding := range []string{"gzip", "identity"} {
				a := s.get(address, "Accept-Encoding: "+encoding)
				if got := verdict(t, a); a.Status != 200 || got != want {
					t.Errorf("%s (%s): %d %q, want %q", address, encoding, a.Status, got, want)
				}
			}
		}
	}
}

func TestTheThreeTestsOfTheIndication(t *testing.T) {
	s := newSite(t)
	d := s.get(page(""), "Accept-Encoding: gzip").doc(t)
	if got, _ := d.Find("[data-gi]").Attr("data-gi"); got != "pass" {
		t.Errorf("data-gi=%q", got)
	}
	for _, name := range []string{"area", "product", "right"} {
		line := d.Find("[data-test=" + name + "]")
		if got, _ := line.Attr("data-result"); line.Length() != 1 || got != "pass" {
			t.Errorf("%s: %d lines, %q", name, line.Length(), got)
		}
	}
}

func TestJoinedPageEqualsTheWholePage(t *testing.T) {
	s := newSite(t)
	for _, serial := range []string{"", s.packets(1)[0]} {
		for _, address := range both(page(serial)) {
			for range 2 { // made, then taken from memory
				joined := s.do("GET", address, "Accept-Encoding: gzip", "User-Agent: Googlebot")
				whole := s.do("GET", address, "User-Agent: Googlebot")
				if joined.Body != whole.Body || joined.Header.Get("Content-Encoding") != "gzip" || whole.Header.Get("Content-Encoding") != "" {
					t.Fatalf("%s: joined page differs from the whole", address)
				}
				if joined.Wire*2 > whole.Wire {
					t.Errorf("%s: %d bytes of %d", address, joined.Wire, whole.Wire)
				}
			}
		}
	}
}

// TestTheFirstVisitorDoesNotShapeThePage: an address may be written in many
// ways, and what is kept for all packets must hold nothing of one of them.
func TestTheFirstVisitorDoesNotShapeThePage(t *testing.T) {
	s := newSite(t)
	serials := s.packets(2)
	odd := "/trace/" + gtin + "/" + strings.ReplaceAll(lot, "-", "%2D") + "/" + fmt.Sprintf("%%%x", serials[0][0]) + serials[0][1:]
	if got := verdict(t, s.get(odd, "Accept-Encoding: gzip")); got != "genuine" {
		t.Fatalf("%s: %q", odd, got)
	}
	a := s.get(page(serials[1]), "Accept-Encoding: gzip")
	if strings.Contains(a.Body, serials[0][1:]) || strings.Contains(a.Body, "%2D") {
		t.Error("the page of a packet leads to another")
	}
	if got := a.doc(t).Find("header a[hreflang=en]").AttrOr("href", ""); got != "/en"+page(serials[1]) {
		t.Errorf("the other language is %q", got)
	}
}

// TestEachStateHasItsPage: packets of one lot may be in different states, and
// withdrawn for different reasons.
func TestEachStateHasItsPage(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	good := s.packets(1)[0]
	for _, reason := range []string{"in lệch", "mất cuộn tem"} {
		issued, err := s.qr.Issue(ctx, qr.IssueRequest{LotCode: lot, GTIN: gtin, Count: 1, By: "test"})
		must(t, err)
		bad := ""
		for p := range issued.Packets {
			bad = p.Serial
		}
		must(t, s.trace.VoidRun(ctx, issued.Lot.ID, issued.Run.Hash, reason, "test"))
		for range 2 {
			a := s.get(page(bad), "Accept-Encoding: gzip")
			if verdict(t, a) != "void" || !strings.Contains(a.doc(t).Find(".verdict").Text(), reason) {
				t.Errorf("withdrawn because of %q, reads %q", reason, a.doc(t).Find(".verdict").Text())
			}
			if got := verdict(t, s.get(page(good), "Accept-Encoding: gzip")); got != "genuine" {
				t.Errorf("the other packet is %q", got)
			}
		}
	}
}

func TestInlineStyleIsAllowedByItsHash(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{page(""), page("A01TF3GGXWV22")} {
		a := s.get(path)
		style := a.doc(t).Find("style")
		if style.Length() != 1 || len(style.Text()) < 500 {
			t.Errorf("%s: %d style sheets in the page", path, style.Length())
		}
		if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "style-src 'self' 'sha256-") {
			t.Errorf("%s: %s", path, csp)
		}
	}
}

func TestScansAreCounted(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	scans := func() int64 {
		var a struct{ Scans struct{ Count int64 } }
		must(t, json.Unmarshal([]byte(s.get("/api/v1/trace/"+gtin+"/"+lot+"/"+serial).Body), &a))
		return a.Scans.Count
	}
	first := s.get(page(serial), "Accept-Encoding: gzip")
	s.later()
	second := s.get(page(serial), "Accept-Encoding: gzip")
	if first.Body == second.Body || first.Header.Get("ETag") == second.Header.Get("ETag") {
		t.Error("the second scan reads like the first")
	}
	if !strings.Contains(first.doc(t).Text(), lang.Vi.T("tracepage.scan.first")) {
		t.Error("the first scan is not said to be the first")
	}
	s.do("HEAD", page(serial))
	s.get(page(serial), "User-Agent: facebookexternalhit/1.1")
	s.get(page(serial), "Sec-Purpose: prefetch")
	s.get(page(""))
	if got := scans(); got != 2 {
		t.Errorf("%d scans, want 2", got)
	}
	must(t, s.qr.Flush(context.Background()))
	if got := scans(); got != 2 {
		t.Errorf("%d scans after flushing, want 2", got)
	}
}

func TestWhatMayBeKept(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	machine := "User-Agent: Googlebot" // counts no scan, so the page stays the same
	for path, control := range map[string]string{page(serial): "no-cache", page(""): "public, max-age=1", page("FORGED"): "no-cache"} {
		for _, encoding := range []string{"Accept-Encoding: gzip", "Accept-Encoding: identity"} {
			a := s.get(path, encoding, machine)
			if a.Header.Get("Cache-Control") != control || a.Header.Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s: %q, Vary %q", path, a.Header.Get("Cache-Control"), a.Header.Get("Vary"))
			}
			tag := a.Header.Get("ETag")
			b := s.get(path, encoding, machine, "If-None-Match: "+tag)
			if tag == "" || b.Status != http.StatusNotModified || b.Wire != 0 || b.Header.Get("ETag") != tag {
				t.Errorf("%s (%s): %d, %d bytes", path, encoding, b.Status, b.Wire)
			}
			if c := s.get(path, encoding, machine, `If-None-Match: "other"`); c.Status != 200 || c.Wire == 0 {
				t.Errorf("%s (%s): %d for another version", path, encoding, c.Status)
			}
		}
	}
	d := s.get(page(serial)).doc(t)
	if got, _ := d.Find("meta[name=robots]").Attr("content"); !strings.Contains(got, "noindex") {
		t.Errorf("the page of a packet may be indexed: %q", got)
	}
}

func TestARecallShowsAtOnce(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	if got := verdict(t, s.get(page(serial), "Accept-Encoding: gzip")); got != "genuine" {
		t.Fatal(got)
	}
	ctx := context.Background()
	l, err := s.trace.Lot(ctx, gtin, lot)
	must(t, err)
	must(t, s.trace.Recall(ctx, l.ID, trace.Recall{At: s.now(), By: "test",
		Reason: lang.Text{Vi: "Thử thu hồi"}, Advice: lang.Text{Vi: "Đừng uống"}}))
	a := s.get(page(serial), "Accept-Encoding: gzip")
	if got := verdict(t, a); got != "recalled" || !strings.Contains(a.Body, "Đừng uống") {
		t.Errorf("%q", got)
	}
	if a := s.get(page(""), "Accept-Encoding: gzip"); verdict(t, a) != "lot" || !strings.Contains(a.Body, "Đừng uống") {
		t.Errorf("the lot's page says nothing of the recall (%q)", verdict(t, a))
	}
}

// TestNoPageLeadsToARecalledLotAsIfNothingWere covers what stands about a lot of
// the demonstration data that was called back, besides the pages of its packets.
func TestNoPageLeadsToARecalledLotAsIfNothingWere(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	for _, recalled := range []string{"HN-26-02", lot} {
		lots, err := s.trace.LotsByCode(ctx, recalled)
		must(t, err)
		l := lots[0]
		if l.Recall == nil {
			must(t, s.trace.Recall(ctx, l.ID, trace.Recall{At: s.now(), By: "test", Reason: lang.Text{Vi: "Thử"}, Advice: lang.Text{Vi: "Đừng dùng"}}))
			s.later()
		}
		path := "/trace/" + l.Items[0].GTIN + "/" + recalled
		p, _, err := s.cat.ByGTIN(ctx, l.Items[0].GTIN)
		must(t, err)
		l, err = s.trace.Lot(ctx, l.Items[0].GTIN, recalled)
		must(t, err)
		for i, address := range both(path) {
			d := s.get(address, "Accept-Encoding: gzip").doc(t)
			v := d.Find("[data-verdict]")
			if v.AttrOr("data-verdict", "") != "lot" || !strings.Contains(v.Find("h1 + .recall").Text(), l.Recall.Advice.In(lang.All[i])) {
				t.Errorf("%s begins with %q", address, v.Text())
			}
		}
		for i, address := range both("/products/" + p.Slug) {
			d := s.get(address).doc(t)
			if d.Find(`.acts a[href="`+lang.All[i].Path(path)+`"]`).Length() > 0 {
				t.Errorf("%s offers lot %s", address, recalled)
			}
			if d.Find(`.lots a[href="`+lang.All[i].Path(path)+`"] .badge.fail`).Length() != 1 {
				t.Errorf("%s does not list lot %s as called back", address, recalled)
			}
		}
		if s.get("/").doc(t).Find(`.hero a[href="`+path+`"]`).Length() > 0 {
			t.Errorf("the front page leads to lot %s", recalled)
		}
	}
}

func TestAProductPageSaysWhenALotIsUnknown(t *testing.T) {
	s := newSite(t)
	const product = "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot"
	for i, address := range both(product + "?lot=XX-26-99&utm_source=a") {
		d, l := s.get(address).doc(t), lang.All[i]
		if got := d.Find(".problem").Text(); !strings.Contains(got, l.T("shop.unknown_lot", "Lot", "XX-26-99")) {
			t.Errorf("%s says %q", address, got)
		}
		if d.Find(`meta[name=robots]`).AttrOr("content", "") != "noindex" {
			t.Errorf("%s may be indexed", address)
		}
		if other := d.Find(`header a[hreflang=`+string(l.Other())+`]`).AttrOr("href", ""); !strings.HasSuffix(other, product+"?lot=XX-26-99") {
			t.Errorf("%s: the other language is %q", address, other)
		}
	}
	for i, address := range both(product + "?serial=A0NONE") {
		if got := s.get(address).doc(t).Find(".problem").Text(); !strings.Contains(got, lang.All[i].T("shop.unknown_serial", "Serial", "A0NONE")) {
			t.Errorf("%s says %q", address, got)
		}
	}
	for _, query := range []string{"?serial=", "?serial=" + s.packets(1)[0], "?serial=a%20b", "", "?lot=", "?lot=" + lot, "?lot=a%20b", "?lot=%3Cscript%3E", "?lot=%ff", "?lot=%00", "?lot=" + strings.Repeat("A", 21), "?lot=C%C3%A0"} {
		if a := s.get(product + query); a.Status != 200 || a.doc(t).Find(".problem").Length() > 0 && query != "?lot=%3Cscript%3E" || strings.Contains(a.Body, "<script>") {
			t.Errorf("%s: %d, or a notice without a cause", query, a.Status)
		}
	}
}

func TestAProducersChangeShowsAfterAMoment(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	s.get(page(""), "Accept-Encoding: gzip")
	l, err := s.trace.Lot(ctx, gtin, lot)
	must(t, err)
	p, err := s.cat.ProducerByID(ctx, l.Producer)
	must(t, err)
	p.Name = "HTX Đổi Tên"
	must(t, s.cat.SaveProducer(ctx, p))
	s.later()
	if a := s.get(page(""), "Accept-Encoding: gzip"); !strings.Contains(a.Body, "HTX Đổi Tên") {
		t.Error("still the old name")
	}
}

func TestManyVisitorsAtOnceEachGetTheirPage(t *testing.T) {
	s := newSite(t)
	serials := s.packets(8)
	var wg sync.WaitGroup
	for i, serial := range serials {
		wg.Go(func() {
			for j := range 10 {
				path := page(serial)
				if (i+j)%2 == 1 {
					path = "/en" + path
				}
				a := s.get(path, "Accept-Encoding: gzip")
				if a.Status != 200 || !strings.Contains(a.Body, serial) {
					t.Errorf("%s: %d, not its own page", path, a.Status)
				}
				for _, other := range serials {
					if other != serial && strings.Contains(a.Body, other) {
						t.Errorf("%s shows %s", path, other)
					}
				}
			}
		})
	}
	wg.Wait()
}

func TestDigitalLinkAnswers(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	link := "/01/" + gtin + "/10/" + lot + "/21/" + serial
	for _, c := range []struct {
		target, accept, location string
	}{
		{link, "", page(serial)},
		{link + "/", "", page(serial)},
		{link + "?utm_source=a%20b&17=270101", "", page(serial) + "?utm_source=a%20b&17=270101"},
		{link, "Accept-Language: en-GB,en;q=0.9", "/en" + page(serial)},
		{link, "Accept-Language: vi,en;q=0.9", page(serial)},
		{link, "Accept-Language: fr", page(serial)},
		{"/01/" + gtin + "/10/" + lot, "", page("")},
		{"/01/" + gtin + "/10/" + lot + "?linkType=gs1:pip", "", "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot?linkType=gs1:pip"},
		{"/01/" + gtin + "/10/NOLOT", "", "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot?lot=NOLOT"},
		{"/01/" + gtin, "", "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot"},
		{"https://other.example" + link, "", page(serial)},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			headers := []string{}
			if c.accept != "" {
				headers = append(headers, c.accept)
			}
			a := s.do(method, c.target, headers...)
			if a.Status != http.StatusTemporaryRedirect || a.Header.Get("Location") != c.location {
				t.Errorf("%s %s: %d to %q, want %q", method, c.target, a.Status, a.Header.Get("Location"), c.location)
			}
			if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %v", c.target, a.Header)
			}
			if !strings.Contains(a.Header.Get("Link"), `rel="linkset"`) {
				t.Errorf("%s: Link is %q", c.target, a.Header.Get("Link"))
			}
		}
	}
}

func TestLinksetOnRequest(t *testing.T) {
	s := newSite(t)
	link := "/01/" + gtin + "/10/" + lot
	for _, a := range []answer{s.get(link + "?linkType=linkset"), s.get(link + "?linkType=all"), s.get(link, "Accept: application/linkset+json")} {
		if a.Status != 200 || a.Header.Get("Content-Type") != "application/linkset+json" || !strings.Contains(a.Header.Get("Link"), "json-ld#context") {
			t.Errorf("%d %v", a.Status, a.Header)
		}
		var set struct {
			Linkset []map[string]any `json:"linkset"`
		}
		if err := json.Unmarshal([]byte(a.Body), &set); err != nil || len(set.Linkset) != 2 {
			t.Errorf("%v: %s", err, a.Body)
		}
	}
	if a := s.get("/01/x", "Accept: application/linkset+json"); a.Status != 400 || !strings.Contains(a.Body, `"code"`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.do("OPTIONS", link, "Origin: https://other.example"); a.Status != 204 || !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "HEAD") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

func TestVerifyLeadsToTheTracePage(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	for _, typed := range []string{
		"https%3A%2F%2Fnguon.example%2F01%2F" + gtin + "%2F10%2F" + lot + "%2F21%2F" + serial,
		gtin + "+" + strings.ToLower(lot) + "+" + strings.ToLower(serial),
		gtin + "%0D%0A" + lot + "%0A" + serial + "%0D%0A",
		gtin + "%09" + lot + "%09" + serial,
		"(01)" + gtin + "%1D(10)" + lot + "%1D(21)" + serial,
		"https://nguon.example/01/" + gtin + "%0D%0A/10/" + lot + "/21/" + serial,
		"01/" + gtin + "/10/" + lot + "/21/" + serial,
		"trace/" + gtin + "/" + lot + "/" + serial,
		"HTTPS://NGUON.EXAMPLE/TRACE/" + gtin + "/" + lot + "/" + serial,
		"/EN/TRACE/" + gtin + "/" + lot + "/" + serial,
		"https://elsewhere.example/01/" + gtin + "/10/" + lot + "/21/" + serial,
	} {
		for i, form := range both("/verify") {
			a := s.get(form + "?code=" + typed)
			if want := lang.All[i].Path(page(serial)); a.Status != http.StatusSeeOther || a.Header.Get("Location") != want {
				t.Errorf("%s?code=%s: %d to %q, want %q", form, typed, a.Status, a.Header.Get("Location"), want)
			}
		}
	}
	a := s.get("/verify?code=%3Cb%3Ehello")
	if got, _ := a.doc(t).Find("[name=code]").Attr("value"); got == "" {
		got = a.doc(t).Find("[name=code]").Text()
		if !strings.Contains(got, "<b>hello") {
			t.Errorf("the form does not keep what was typed: %q", got)
		}
	}
}

// TestTheDescriptionIsTrue holds the answer's fields against the description:
// every one is declared there, and every one declared as required is there.
func TestTheDescriptionIsTrue(t *testing.T) {
	s := newSite(t)
	yaml, err := os.ReadFile("openapi.yaml")
	must(t, err)
	if a := s.get("/api/openapi.yaml"); a.Body != string(yaml) {
		t.Error("another description is served")
	}
	declared := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^ {8,}(\w+):\s*$`).FindAllStringSubmatch(string(yaml), -1) {
		declared[m[1]] = true
	}
	var answers []map[string]any
	for _, path := range []string{page(""), page(s.packets(1)[0]), page("FORGED"), "/trace/09520002000026/HN-26-03"} {
		var v map[string]any
		must(t, json.Unmarshal([]byte(s.get("/api/v1"+path).Body), &v))
		answers = append(answers, v)
		walk(v, func(name string) {
			if !declared[name] {
				t.Errorf("%s: %q is not described", path, name)
			}
		})
	}
	for _, name := range []string{"gtin", "lot", "verdict", "demo", "plots", "steps", "certificates", "quality"} {
		for _, v := range answers {
			if _, ok := v[name]; !ok {
				t.Errorf("%q is described as always there", name)
			}
		}
	}
	if got := answers[0]["verdict"]; got != "lot" {
		t.Errorf("verdict %v", got)
	}
}

// walk names every field of an answer, except those of free-form maps.
func walk(v any, fn func(name string)) {
	switch v := v.(type) {
	case map[string]any:
		for name, below := range v {
			fn(name)
			if !slices.Contains([]string{"args", "values"}, name) {
				walk(below, fn)
			}
		}
	case []any:
		for _, below := range v {
			walk(below, fn)
		}
	}
}

func TestStaticFilesMayBeKeptForEver(t *testing.T) {
	s := newSite(t)
	href, _ := s.get("/").doc(t).Find("link[rel=stylesheet]").Attr("href")
	a := s.get(href, "Accept-Encoding: gzip")
	if a.Status != 200 || !strings.Contains(a.Header.Get("Cache-Control"), "immutable") || a.Header.Get("Content-Encoding") != "gzip" {
		t.Errorf("%s: %d %v", href, a.Status, a.Header)
	}
	if b := s.get(href, "Accept-Encoding: gzip", "If-None-Match: "+a.Header.Get("ETag")); b.Status != 304 {
		t.Errorf("%d", b.Status)
	}
	old := regexp.MustCompile(`/static/\w+/`).ReplaceAllString(href, "/static/0123456789abcdef/")
	if c := s.get(old); c.Status != 200 || c.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("%s: %d %v", old, c.Status, c.Header)
	}
}

func TestSitemapNamesPagesThatExist(t *testing.T) {
	s := newSite(t)
	a := s.get("/sitemap.xml")
	locs := regexp.MustCompile(`<loc>([^<]+)</loc>`).FindAllStringSubmatch(a.Body, -1)
	if len(locs) < 40 {
		t.Fatalf("%d addresses", len(locs))
	}
	for _, m := range locs {
		if b := s.get(strings.TrimPrefix(m[1], s.base)); b.Status != 200 && !(m[1] == s.base+"/") {
			t.Errorf("%s: %d", m[1], b.Status)
		}
	}
}
