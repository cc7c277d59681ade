package handlers_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/handlers"
)

// public is every address of a page that a visitor can open, without /en.
var public = []string{
	"/", "/products", "/products?kind=roasted&sort=price", "/products?stars=4", "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot",
	"/producers", "/producers/htx-ca-phe-suong-nui", "/verify", "/gi", "/gi/SL-MAU-01", page(""),
}

func both(path string) []string {
	path, query, found := strings.Cut(path, "?")
	en := lang.En.Path(path)
	if found {
		return []string{path + "?" + query, en + "?" + query}
	}
	return []string{path, en}
}

func TestEveryPageInBothLanguages(t *testing.T) {
	s := newSite(t)
	paths := append([]string{page(s.packets(1)[0]), page("A01TF3GGXWV22")}, public...)
	for _, path := range paths {
		for i, address := range both(path) {
			a := s.get(address)
			if a.Status != http.StatusOK {
				t.Errorf("%s: %d", address, a.Status)
				continue
			}
			d, l := a.doc(t), lang.All[i]
			if got, _ := d.Find("html").Attr("lang"); got != string(l) {
				t.Errorf("%s: lang=%q", address, got)
			}
			if d.Find("title").Length() != 1 || d.Find("h1").Length() != 1 || d.Find("main").Length() != 1 {
				t.Errorf("%s: not one title, h1 and main", address)
			}
			other, _ := d.Find(`link[rel=alternate][hreflang=` + string(l.Other()) + `]`).Attr("href")
			if !strings.HasPrefix(other, s.base) {
				t.Errorf("%s: leads to %q in the other language", address, other)
			}
			if d.Find("[style], script:not([type='application/ld+json'])").Length() != 0 {
				t.Errorf("%s: inline styles or scripts", address)
			}
			if strings.Contains(a.Body, "\x00") {
				t.Errorf("%s: a mark was left in the page", address)
			}
		}
	}
}

func TestNoPageSetsACookieAndAllAreProtected(t *testing.T) {
	s := newSite(t)
	others := []string{page(s.packets(1)[0]), "/nothing", "/trace/1/2", "/01/" + gtin, "/01/x", "/api/v1/trace/" + gtin + "/" + lot, "/api/nothing",
		"/api/openapi.yaml", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/.well-known/gs1resolver", "/static/x/y"}
	for _, path := range append(others, public...) {
		a := s.get(path, "Cookie: session=1")
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'",
			"X-Content-Type-Options":  "nosniff",
			"Referrer-Policy":         "strict-origin-when-cross-origin",
			"Permissions-Policy":      "camera=()",
			"X-Request-Id":            "",
		} {
			if got := a.Header.Get(name); got == "" || !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if csp := a.Header.Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
		if a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
		if a.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: browsers are not told to insist on https", path)
		}
	}
}

func TestBadInput(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("9", 3000)
	for _, c := range []struct {
		target string
		status int
		code   string // "" when only the status counts
	}{
		{"/nothing", 404, "http.not_found"},
		{"/en/nothing", 404, "http.not_found"},
		{"/PRODUCTS", 404, "http.not_found"},
		{"/TRACE/" + gtin + "/" + lot, 404, "http.not_found"},
		{"/Trace/" + gtin + "/" + lot, 404, "http.not_found"},
		{"/EN/products", 404, "http.not_found"},
		{"/products/Ca-Phe", 404, "http.not_found"},
		{"/products/no-such-product", 404, ""},
		{"/products/%zz", 400, "http.bad_path"},
		{"/products/%00", 400, "http.bad_path"},
		{"/products/%ff", 400, "http.bad_path"},
		{"/products/" + long, 400, "http.too_long"},
		{"/producers/no-such-producer", 404, ""},
		{"/producers/%c3%28", 400, "http.bad_path"},
		{"/gi/no-such-right", 404, ""},
		{"/gi/%", 400, "http.bad_path"},
		{"/products?kind=tea", 400, "http.bad_filter"},
		{"/products?stars=9", 400, "http.bad_filter"},
		{"/products?stars=4x", 400, "http.bad_filter"},
		{"/products?commune=99999", 400, "http.bad_filter"},
		{"/products?sort=magic", 400, "http.bad_filter"},
		{"/products?producer=A%20B", 400, "http.bad_filter"},
		{"/products?kind=%ff", 400, "http.bad_query"},
		{"/products?kind=%00", 400, "http.bad_query"},
		{"/products?after=rubbish", 400, ""},
		{"/products?after=%ff%fe", 400, "http.bad_query"},
		{"/products?kind=" + long, 400, "http.too_long"},
		{"/producers?after=rubbish", 400, ""},
		{"/verify?code=%ff", 400, "http.bad_query"},
		{"/verify?code=%00", 400, "http.bad_query"},
		{"/verify?code=hello", 422, ""},
		{"/verify?code=" + long, 400, "http.too_long"},
		{"/trace/09520001000011/" + lot, 400, "qr.link.check_digit"},
		{"/trace/0952000100001/" + lot, 400, ""},
		{"/trace/" + gtin + "/%zz", 400, ""},
		{"/trace/" + gtin + "/%00", 400, ""},
		{"/trace/" + gtin + "/%ff", 400, ""},
		{"/trace/" + gtin + "/a%20b", 400, ""},
		{"/trace/" + gtin + "/C%C3%A0", 400, ""},
		{"/trace/" + gtin + "/" + strings.Repeat("A", 21), 400, ""},
		{"/trace/" + gtin + "/" + long, 400, ""},
		{"/trace/" + gtin + "/" + lot + "/" + strings.Repeat("A", 21), 400, ""},
		{"/trace/" + gtin + "/" + lot + "/%e1%ba", 400, ""},
		{"/trace/" + gtin, 404, "http.not_found"},
		{"/trace/" + gtin + "/" + lot + "/A/B", 404, "http.not_found"},
		{"/trace/" + gtin + "/NO-SUCH-LOT", 404, "qr.lot.unknown"},
		{"/trace/09520009999996/" + lot, 404, "qr.gtin.unknown"},
		{"/01/", 400, ""},
		{"/01/09520001000011", 400, "qr.link.check_digit"},
		{"/01/" + gtin + "/10", 400, ""},
		{"/01/" + gtin + "/21/A/10/B", 400, ""},
		{"/01/" + gtin + "/10/%00", 400, ""},
		{"/01/" + gtin + "/10/%zz", 400, ""},
		{"/01/" + gtin + "/10/%ff", 400, ""},
		{"/01/" + gtin + "?17=999999", 400, ""},
		{"/01/" + gtin + "/10/" + long, 400, ""},
		{"/01/09520009999996", 404, "qr.gtin.unknown"},
		{"/01/" + gtin + "?linkType=gs1:recipeInfo", 404, "qr.link.type_absent"},
		{"/static/../app/main.go", 404, "http.not_found"},
		{"/static/%2e%2e/secret", 404, "http.not_found"},
		{"/_gallery", 404, "http.not_found"},
		{"/" + strings.Repeat("%F0%9F%8D%B5", 500), 404, "http.not_found"},
	} {
		a := s.get(c.target)
		name := c.target[:min(len(c.target), 60)]
		if a.Status != c.status {
			t.Errorf("%s: %d, want %d", name, a.Status, c.status)
			continue
		}
		if a.Header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.HasSuffix(strings.TrimSpace(a.Body), "</html>") {
			t.Errorf("%s: no whole page", name)
		}
		if a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: an error may be kept: %q", name, a.Header.Get("Cache-Control"))
		}
		if strings.Contains(a.Body, "&lt;no value&gt;") {
			t.Errorf("%s: the message misses a value", name)
		}
		l := lang.Vi
		if strings.HasPrefix(c.target, "/en/") {
			l = lang.En
		}
		if c.code == "" {
			continue
		}
		if !strings.Contains(s.log.last(), `"code":"`+c.code+`"`) {
			t.Errorf("%s: want %s, got %s", name, c.code, s.log.last())
		}
		if first, _, _ := strings.Cut(l.T(c.code), "."); !strings.Contains(first, "<no value>") && !strings.Contains(a.doc(t).Text(), first) {
			t.Errorf("%s: the page does not say %q", name, first)
		}
	}
}

func TestRequestLinesThatCannotBeTakenApart(t *testing.T) {
	s := newSite(t)
	for _, target := range []string{"/a\x01b", "//\x7f", "nothing", "http://[::1/x"} {
		if a := s.get(target); a.Status != http.StatusBadRequest && a.Status != http.StatusNotFound {
			t.Errorf("%q: %d", target, a.Status)
		}
	}
}

func TestWrongMethodIsRefused(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/en/products", page(""), "/verify", "/01/" + gtin, "/api/v1/trace/" + gtin + "/" + lot} {
		a := s.do("POST", path, "Content-Length: 0")
		if a.Status != http.StatusMethodNotAllowed || !strings.Contains(a.Header.Get("Allow"), "GET") {
			t.Errorf("%s: %d, Allow: %q", path, a.Status, a.Header.Get("Allow"))
		}
	}
}

func TestSlashesAtTheEndLeadToTheBareAddress(t *testing.T) {
	s := newSite(t)
	for target, want := range map[string]string{
		"/en/":                              "/en",
		"/products/":                        "/products",
		"/products//":                       "/products",
		"/en/products/?kind=roasted&x=%20/": "/en/products?kind=roasted&x=%20/",
		"/verify/?code=1":                   "/verify?code=1",
		page("") + "/":                      page(""),
		"/en" + page("ABC") + "/":           "/en" + page("ABC"),
		"/api/v1" + page("") + "/":          "/api/v1" + page(""),
		"https://other.example/products/":   "/products",
		"/nothing//evil.example//":          "/nothing//evil.example",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			a := s.do(method, target)
			if a.Status != http.StatusPermanentRedirect || a.Header.Get("Location") != want || a.Header.Get("Content-Security-Policy") == "" {
				t.Errorf("%s %s: %d to %q, want %q", method, target, a.Status, a.Header.Get("Location"), want)
			}
		}
	}
	for _, target := range []string{"//", "//evil.example/", "///evil.example//", `/\evil.example/`, "/%2fevil.example/", "/%5cevil.example/", "/.evil.example/", "/"} {
		if a := s.get(target); a.Header.Get("Location") != "" {
			t.Errorf("%s leads to %q", target, a.Header.Get("Location"))
		}
	}
	if a := s.do("POST", "/products/", "Content-Length: 0"); a.Header.Get("Location") != "" {
		t.Errorf("a POST is sent on: %d", a.Status)
	}
}

func TestTheErrorPageShowsWhatWasAskedFor(t *testing.T) {
	s := newSite(t)
	for target, want := range map[string]string{
		"/products?kind=tea":                 "/products?kind=tea",
		"/01/" + gtin + "?17=999999":         "/01/" + gtin + "?17=999999",
		"/trace/" + gtin + "/%ff?utm_source": "/trace/" + gtin + "/%ff?utm_source",
		"/products?kind=<script>":            "/products?kind=<script>",
	} {
		a := s.get(target)
		if a.Status != http.StatusBadRequest || !strings.Contains(a.doc(t).Text(), want) || strings.Contains(a.Body, "<script>") {
			t.Errorf("%s: %d, does not show what was sent", target, a.Status)
		}
	}
}

func TestPagesThatShowLotsAreKeptForASecond(t *testing.T) {
	s := newSite(t)
	for _, path := range public {
		want := "public, max-age=15"
		switch {
		case path == "/", path == page(""), strings.HasPrefix(path, "/products/"), strings.HasPrefix(path, "/producers/"):
			want = "public, max-age=1"
		}
		for _, address := range both(path) {
			if got := s.get(address).Header.Get("Cache-Control"); got != want {
				t.Errorf("%s: %q, want %q", address, got, want)
			}
		}
	}
}

// TestOtherSitesMayReadWhatIsOpen: a page elsewhere must be able to read an
// error of the API, not only an answer.
func TestOtherSitesMayReadWhatIsOpen(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/api/v1" + page(""), 200}, {"GET", "/api/v1/nothing", 404}, {"GET", "/api/v1/trace/1/2", 400}, {"POST", "/api/v1" + page(""), 405},
		{"OPTIONS", "/api/v1" + page(""), 204}, {"OPTIONS", "/api/v1" + page("ABC"), 204},
		{"GET", "/01/x", 400}, {"POST", "/01/" + gtin, 405}, {"OPTIONS", "/01/" + gtin, 204}, {"GET", "/.well-known/gs1resolver", 200},
	} {
		a := s.do(c.method, c.path, "Origin: https://other.example", "Content-Length: 0")
		if a.Status != c.status || a.Header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "GET") {
			t.Errorf("%s %s: %d %v", c.method, c.path, a.Status, a.Header)
		}
	}
	for _, path := range []string{"/", page(""), "/apian", "/nothing"} {
		if a := s.get(path); a.Header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s is open to other sites", path)
		}
	}
}

func TestHeadAnswersLikeGetWithoutABody(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", page(""), "/api/v1/trace/" + gtin + "/" + lot, "/healthz"} {
		g, h := s.get(path), s.do("HEAD", path)
		if h.Status != g.Status || h.Body != "" || h.Header.Get("Content-Type") != g.Header.Get("Content-Type") {
			t.Errorf("%s: %d %q, GET %d", path, h.Status, h.Header.Get("Content-Type"), g.Status)
		}
	}
}

func TestTooLargeABodyIsRefused(t *testing.T) {
	s := newSite(t)
	a := s.do("POST", "/", "Content-Length: 10000000")
	if a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", a.Status)
	}
}

func TestErrorsForPrograms(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/api/v1/trace/09520001000011/" + lot:    {400, "qr.link.check_digit"},
		"/api/v1/trace/" + gtin + "/NO-SUCH-LOT": {404, "qr.lot.unknown"},
		"/api/v1/nothing":                        {404, "http.not_found"},
		"/api/v1/trace/" + gtin + "/%zz":         {400, ""},
	} {
		for _, l := range lang.All {
			a := s.get(path, "Accept-Language: "+string(l))
			var got struct {
				Error struct{ Code, Message, RequestID string }
			}
			if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
				t.Errorf("%s: %v in %q", path, err, a.Body)
				continue
			}
			e := got.Error
			if a.Status != want.status || want.code != "" && e.Code != want.code || e.RequestID != a.Header.Get("X-Request-Id") {
				t.Errorf("%s: %d %+v", path, a.Status, e)
			}
			if e.Message == e.Code || e.Message == "" || strings.Contains(e.Message, "<no value>") {
				t.Errorf("%s: no message in %s: %q", path, l, e.Message)
			}
		}
	}
}

func TestABrokenStoreGivesWholeErrorPages(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	for _, broken := range []struct {
		err    error
		status int
		code   string
	}{
		{fault.Wrap(fault.Unavailable, "unavailable", errors.New("dial secret-host: refused")), 503, "unavailable"},
		{errors.New("secret-host: auth failed"), 500, "internal"},
	} {
		s.store.fail(broken.err)
		for _, path := range append([]string{page(serial)}, public...) {
			if path == "/verify" {
				continue // a form needs no store
			}
			for i, address := range both(path) {
				s.later()
				a := s.get(address, "Accept-Encoding: gzip")
				if a.Status != broken.status || !strings.HasSuffix(strings.TrimSpace(a.Body), "</html>") {
					t.Errorf("%s: %d, want %d with a whole page", address, a.Status, broken.status)
					continue
				}
				text, said := a.doc(t).Text(), lang.All[i].T("errorpage.says."+strconv.Itoa(broken.status))
				if !strings.Contains(text, said) || !strings.Contains(text, a.Header.Get("X-Request-Id")) {
					t.Errorf("%s: says neither what happened nor under which number", address)
				}
				if strings.Contains(a.Body, "secret-host") {
					t.Errorf("%s: shows the cause", address)
				}
			}
		}
		s.later()
		if a := s.get("/api/v1/trace/" + gtin + "/" + lot); a.Status != broken.status || !strings.Contains(a.Body, `"code":"`+broken.code+`"`) {
			t.Errorf("api: %d %s", a.Status, a.Body)
		}
		if a := s.get("/readyz"); a.Status != 503 || strings.Contains(a.Body, "secret-host") {
			t.Errorf("readyz: %d %s", a.Status, a.Body)
		}
		if a := s.get("/healthz"); a.Status != 200 {
			t.Errorf("healthz: %d", a.Status)
		}
	}
	if !strings.Contains(s.log.String(), "secret-host: auth failed") {
		t.Error("the cause is not in the log")
	}
}

func TestOneLogLineWithoutTheVisitor(t *testing.T) {
	s := newSite(t)
	serial := s.packets(1)[0]
	before := len(s.log.String())
	a := s.get(page(serial)+"?utm=secret", "X-Request-Id: forged-line", "X-Forwarded-For: 203.0.113.9")
	line := s.log.String()[before:]
	if strings.Count(line, "\n") != 1 {
		t.Errorf("not one line:\n%s", line)
	}
	if strings.Contains(line, "127.0.0.1") || strings.Contains(line, "203.0.113.9") || strings.Contains(line, "secret") || strings.Contains(line, "forged-line") {
		t.Errorf("the line says too much: %s", line)
	}
	var entry struct {
		Method, Path, Request string
		Status                int
	}
	must(t, json.Unmarshal([]byte(line), &entry))
	if entry.Method != "GET" || entry.Path != page(serial) || entry.Status != 200 || entry.Request != a.Header.Get("X-Request-Id") {
		t.Errorf("%+v", entry)
	}
}

func TestForwardedHostsAreNotBelieved(t *testing.T) {
	s := newSite(t, func(d *handlers.Deps) { d.Proxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")} })
	a := s.get("/products", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: http")
	if strings.Contains(a.Body, "evil.example") || !strings.Contains(a.Body, s.base) {
		t.Error("absolute links come from the request")
	}
}

func TestGalleryIsForDevelopment(t *testing.T) {
	s := newSite(t, func(d *handlers.Deps) { d.Dev = true })
	for _, path := range both("/_gallery") {
		if a := s.get(path); a.Status != 200 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := s.get("/"); a.Header.Get("Strict-Transport-Security") != "" {
		t.Error("development insists on https")
	}
}
