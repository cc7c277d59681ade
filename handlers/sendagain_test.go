package handlers_test

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/lang"
)

// hidden are the fields that a page would send again, as pairs.
func hidden(t *testing.T, a answer) (path string, pairs []string) {
	t.Helper()
	f := a.doc(t).Find("main form")
	f.Find("input[type=hidden]").Each(func(_ int, in *goquery.Selection) {
		pairs = append(pairs, in.AttrOr("name", ""), in.AttrOr("value", ""))
	})
	return f.AttrOr("action", ""), pairs
}

// A session that ended while somebody filled in a form costs nothing of what
// was typed: sign in beside it, send again, and it is there.
func TestAFormOutlivesItsSession(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	old := p.token()
	form := []string{"token", old, "name", `Lò "Hoa" <b>`, "lang", "vi", "name", "second"}
	kept := p.cookies["__Host-session"]

	delete(p.cookies, "__Host-session")
	a := p.post("/en/account/profile?x=1", form...)
	path, fields := hidden(t, a)
	if a.Status != 401 || path != "/en/account/profile?x=1" || strings.Join(fields, "|") != `lang|vi|name|Lò "Hoa" <b>` || strings.Contains(a.Body, old) {
		t.Fatalf("%d %s %q", a.Status, path, fields)
	}
	if a.doc(t).Find(`main a[href="/en/sign-in"][target="_blank"]`).Length() != 1 || a.Header.Get("Cache-Control") != "no-store" {
		t.Error("no way to sign in beside it, or a cache keeps what was typed")
	}
	other := s.enter(account.Owner) // in another tab
	a = other.post(strings.TrimPrefix(path, "/en"), fields...)
	path, fields = hidden(t, a)
	if a.Status != 403 || path != "/account/profile?x=1" || fields[0] != "token" || strings.Join(fields[2:], "|") != `lang|vi|name|Lò "Hoa" <b>` {
		t.Fatalf("%d %s %q", a.Status, path, fields)
	}
	if a = other.post(path, fields...); a.Status != 303 {
		t.Errorf("sent again: %d", a.Status)
	}
	if got := other.get("/account/profile").doc(t).Find("#name").AttrOr("value", ""); got != `Lò "Hoa" <b>` {
		t.Errorf("the name is %q", got)
	}
	// The form of one session in another one.
	p.cookies["__Host-session"] = kept
	if a := p.post("/account/profile", "token", other.token(), "name", "x"); a.Status != 403 || a.doc(t).Find("main form").Length() != 1 {
		t.Errorf("another's token: %d", a.Status)
	}
}

// What must not stand on a page again is not offered: passwords, codes, files,
// and more text than a form has. Requests of other sites get nothing back.
func TestWhatIsNotSentAgain(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Operator)
	long := strings.Repeat("x", 70_000)
	kind := "Content-Type: multipart/form-data; boundary=b"
	file := "--b\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.pdf\"\r\n\r\n%PDF\r\n--b--\r\n"
	for name, a := range map[string]answer{
		"password": s.visitor().post("/account/password", "password", "typed-secret", "x", "1"),
		"current":  p.post("/account/delete", "current", "typed-secret"),
		"code":     p.post("/account/two-step", "code", "typed-secret"),
		"long":     p.post("/console/market/texts/terms", "vi", long),
		"file":     s.send("POST", "/console/organisations/demo-suong-nui/documents", file, s.visitor().headers(kind)...),
	} {
		d := a.doc(t)
		if a.Status != 401 && a.Status != 403 || d.Find("main form").Length() != 0 || strings.Contains(a.Body, "typed-secret") || strings.Contains(a.Body, long) {
			t.Errorf("%s: %d, or offered to be sent again", name, a.Status)
		}
		if !strings.Contains(d.Find("main").Text(), lang.Vi.T("errorpage.next.again_lost")) {
			t.Errorf("%s: %q", name, d.Find("main").Text())
		}
	}
	if a := s.visitor().post("/sign-out"); a.Status != 200 || a.doc(t).Find("main form").Length() != 0 {
		t.Errorf("signing out once more: %d", a.Status)
	}
	a := s.send("POST", "/account/profile", form("name", "evil"), "Sec-Fetch-Site: cross-site", "Content-Type: application/x-www-form-urlencoded")
	if a.Status != 403 || strings.Contains(a.Body, "evil") || a.doc(t).Find("main form").Length() != 0 {
		t.Errorf("another site's form comes back: %d", a.Status)
	}
}

func TestAnEndedSessionIsSaid(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	p.cookies["__Host-session"] = strings.Repeat("A", 43)
	a := p.get("/en/console/shop")
	if got := a.Header.Get("Location"); got != "/en/sign-in?next=%2Fconsole%2Fshop&over=1" {
		t.Fatal(got)
	}
	words := lang.En.T("common.session_over")
	if a = p.get(a.Header.Get("Location")); !strings.Contains(a.Body, words) {
		t.Error("the sign-in page does not say that the session ended")
	}
	if a = s.visitor().get("/en/sign-in?next=%2Fconsole"); strings.Contains(a.Body, words) {
		t.Error("it says so to everybody")
	}
}
