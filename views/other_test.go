package views

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/fault"
	"nguon/app/lang"
)

func TestVerifyKeepsWhatWasTyped(t *testing.T) {
	d, html := mustDocument(t, samplePages(lang.Vi)["verify-bad"])
	if got := d.Find(`form[method="get"][action="/verify"] textarea[name="code"]`).Text(); got != `https://x/01/095<b>` {
		t.Errorf("field holds %q", got)
	}
	if strings.Contains(html, "095<b>") {
		t.Error("what was typed became markup")
	}
	if d.Find(`.problem[role="alert"] a[href="#code"]`).Length() != 1 || d.Find(`textarea[aria-invalid="true"]`).Length() != 1 {
		t.Error("the problem does not lead to the field")
	}
	fresh, _ := mustDocument(t, samplePages(lang.En)["verify"])
	if fresh.Find(".problem").Length() != 0 || fresh.Find(`form[action="/en/verify"]`).Length() != 1 {
		t.Error("a fresh form shows a problem, or leaves the language")
	}
}

func TestErrorPagesHelp(t *testing.T) {
	for _, l := range lang.All {
		for name, p := range samplePages(l) {
			if !strings.HasPrefix(name, "error-") {
				continue
			}
			d, html := mustDocument(t, p)
			if d.Find(".acts .btn").Length() == 0 || d.Find(`.other[lang="`+string(l.Other())+`"]`).Length() != 1 {
				t.Errorf("%s/%s offers no way on, or not in the other language", l, name)
			}
			if has := strings.Contains(html, "01J9-REQUEST"); has != strings.HasPrefix(name, "error-5") {
				t.Errorf("%s/%s: request id shown %v", l, name, has)
			}
			if strings.Contains(html, "<script>") {
				t.Errorf("%s/%s: input became markup", l, name)
			}
		}
	}
}

// Each error leads to where its cause can be mended, the likeliest way first.
func TestErrorPagesLeadOn(t *testing.T) {
	for name, want := range map[string]struct{ title, ways string }{
		"error-401":          {"Bạn cần đăng nhập", "/sign-in /"},
		"error-413":          {"Phần gửi lên quá lớn", "/x /"},
		"error-second":       {"Cần bật đăng nhập hai bước", "/account/two-step /console"},
		"error-gone-confirm": {"Đường dẫn này không còn dùng được", "/sign-up /sign-in /forgot"},
		"error-gone-reset":   {"Đường dẫn này không còn dùng được", "/forgot /sign-in /sign-up"},
		"error-gone-move":    {"Đường dẫn này không còn dùng được", "/account/address /sign-in"},
		"error-known":        {"Địa chỉ này đã xác nhận rồi", "/sign-in /"},
		"error-invite":       {"Lời mời này không còn dùng được", "/console /"},
		"error-lost-401":     {"Phiên đăng nhập đã hết", "/x /"},
		"error-lost-403":     {"Phiên đăng nhập đã đổi", "/x /"},
	} {
		d, _ := mustDocument(t, samplePages(lang.Vi)[name])
		var ways []string
		d.Find(".acts a").Each(func(_ int, a *goquery.Selection) { ways = append(ways, a.AttrOr("href", "")) })
		if got := strings.Join(ways, " "); got != want.ways || d.Find("h1").Text() != want.title {
			t.Errorf("%s: %q leads to %s, want %q and %s", name, d.Find("h1").Text(), got, want.title, want.ways)
		}
	}
	d, _ := mustDocument(t, samplePages(lang.Vi)["error-gone-confirm"])
	if d.Find(`a[hreflang="en"][href="/en/confirm?token=a.b"]`).Length() != 2 {
		t.Error("changing the language loses the link")
	}
	d, _ = mustDocument(t, samplePages(lang.Vi)["error-413"])
	if !strings.Contains(d.Find(".intro").Text(), "10 MB") {
		t.Errorf("too large a file: %q", d.Find(".intro").Text())
	}
}

// A form that was refused stands on the page with all that was typed, for one
// click.
func TestARefusedFormCanBeSentAgain(t *testing.T) {
	for _, l := range lang.All {
		for name, in := range map[string]bool{"error-again-401": false, "error-again-403": true} {
			d, _ := mustDocument(t, samplePages(l)[name])
			f := d.Find("main form")
			if f.AttrOr("action", "") != l.Path("/x?org=1") || f.AttrOr("method", "") != "post" || f.Find("button").Text() != l.T("errorpage.again.send") {
				t.Errorf("%s: the form goes to %q", name, f.AttrOr("action", ""))
			}
			if got := f.Find(`[type="hidden"][name="name"]`).AttrOr("value", ""); got != `Cà phê "Sương Núi" <mới>` {
				t.Errorf("%s keeps %q", name, got)
			}
			if f.Find(`[name="token"]`).Length() == 1 != in || strings.Contains(d.Find("main").Text(), "Lò Thị Hoa") != in {
				t.Errorf("%s: token and name of who sends it", name)
			}
			if d.Find(`main a[href$="/sign-in"][target="_blank"][rel="noopener"]`).Length() == 1 == in {
				t.Errorf("%s: signing in beside it", name)
			}
			if d.Find(".other a").Length() != 0 {
				t.Errorf("%s: changing the language would lose what was typed", name)
			}
		}
		for _, name := range []string{"error-lost-401", "error-lost-403"} {
			if d, _ := mustDocument(t, samplePages(l)[name]); d.Find("main form").Length() != 0 {
				t.Errorf("%s offers to send what is not there", name)
			}
		}
	}
}

// A long wait reads in minutes, on a form as on the error page.
func TestWaitsAreWorded(t *testing.T) {
	for seconds, want := range map[int64]string{5: "Hãy đợi 5 giây", 90: "Hãy đợi 90 giây", 91: "Hãy đợi 2 phút", 298: "Hãy đợi 5 phút", 3600: "Hãy đợi 60 phút"} {
		err := fault.New(fault.TooMany, "account.too_many").With("Seconds", seconds)
		base := Base{Lang: lang.Vi, Path: "/sign-in"}
		for _, p := range []Page{SignInPage{Base: base, Form: Form{Err: err}}, ErrorPage{Base: base, Status: 429, Err: err}} {
			if d, _ := mustDocument(t, p); !strings.Contains(d.Find("main").Text(), want) {
				t.Errorf("%d seconds: no %q in %q", seconds, want, d.Find("main").Text())
			}
		}
	}
}

func TestSignInSaysThatASessionEnded(t *testing.T) {
	for query, want := range map[string]bool{"": false, "next=%2Fconsole": false, "next=%2Fconsole&over=1": true} {
		d, _ := mustDocument(t, SignInPage{Base: Base{Lang: lang.En, Path: "/sign-in", Query: query}})
		if strings.Contains(d.Text(), lang.En.T("common.session_over")) != want {
			t.Errorf("%q: want it said %v", query, want)
		}
	}
}

func TestRegisterShowsStatusAndHidesPeople(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["gi"])
	for _, s := range []string{"valid", "suspended", "expired", "withdrawn", "not_yet"} {
		if row := d.Find(`tr[data-status="` + s + `"]`); row.Length() != 1 || row.Find(".badge").Text() == "" {
			t.Errorf("no line with status %s", s)
		}
	}
	if n := d.Find("#area tbody tr").Length(); n < 12 {
		t.Errorf("%d communes in the area", n)
	}
	right, html := mustDocument(t, samplePages(lang.Vi)["gi-right"])
	if right.Find(".line > li").Length() != 2 || right.Find(".line > li").First().AttrOr("id", "") != "d2" {
		t.Error("the history is not shown newest first")
	}
	if strings.Contains(html, "secret-") {
		t.Error("a right's page shows who recorded a decision, or its key")
	}
}

func TestHomeLeadsOn(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.En)["home"])
	if d.Find(`form[action="/en/verify"]`).Length() != 1 || d.Find(`.hero a[href="/en/trace/09521234000012/SN-26A1"]`).Length() != 1 {
		t.Error("the front page offers no form or no example")
	}
	if d.Find(".card.product").Length() != 5 || d.Find(".card.producer").Length() != 2 {
		t.Error("products or producers are missing")
	}
}
