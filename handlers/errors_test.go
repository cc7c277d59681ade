package handlers_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/handlers"
)

// brokenLog panics at the lines that it is asked to.
type brokenLog struct {
	slog.Handler
	at func(message string) bool
}

func (l brokenLog) Handle(ctx context.Context, r slog.Record) error {
	if l.at(r.Message) {
		panic("the log is broken")
	}
	return l.Handler.Handle(ctx, r)
}

// unspeakable is an error that cannot be worded, as a nil pointer in an
// interface cannot.
type unspeakable struct{}

func (unspeakable) Error() string { panic("no words") }

// TestAPanicWhileAnsweringAnErrorEndsNothing: fasthttp would end the process,
// and this test with it.
func TestAPanicWhileAnsweringAnErrorEndsNothing(t *testing.T) {
	breaks := func(at func(string) bool) func(*handlers.Deps) {
		return func(d *handlers.Deps) { d.Log = slog.New(brokenLog{d.Log.Handler(), at}) }
	}
	for name, c := range map[string]struct {
		change func(*handlers.Deps)
		paths  []string
	}{
		"the log of errors": {breaks(func(m string) bool { return m == "request failed" }), []string{"/nothing", "/en/nothing", "/01/x", "/api/nothing"}},
		"the whole log":     {breaks(func(string) bool { return true }), []string{"/", "/nothing", page("")}},
		"the words":         {func(*handlers.Deps) {}, []string{"/products", page(""), "/api/v1" + page("")}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, c.change)
			if name == "the words" {
				s.store.fail(unspeakable{})
			}
			for _, path := range c.paths {
				a := s.get(path, "Accept-Encoding: gzip")
				if a.Status != http.StatusInternalServerError || a.Header.Get("Content-Type") != "text/plain; charset=utf-8" ||
					a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Encoding") != "" {
					t.Errorf("%s: %d %v", path, a.Status, a.Header)
				}
				if !strings.HasPrefix(a.Body, "500 ") || strings.Contains(a.Body, "broken") || strings.Contains(a.Body, "words") {
					t.Errorf("%s: %q", path, a.Body)
				}
			}
			if name != "the whole log" {
				if a := s.get("/healthz"); a.Status != http.StatusOK || !strings.Contains(s.log.String(), "answering an error panicked") {
					t.Errorf("afterwards: %d; %s", a.Status, s.log.last())
				}
			}
		})
	}
}

// Too large an upload speaks of files, in the language of the page, and leads
// back; so does too long a form.
func TestTooLargeAnUploadIsSaid(t *testing.T) {
	s := newSite(t)
	for path, want := range map[string]string{
		"/console/organisations/demo-suong-nui/documents":    lang.Vi.Map("files.too_large", map[string]any{"Most": 10}),
		"/en/console/organisations/demo-suong-nui/documents": lang.En.Map("files.too_large", map[string]any{"Most": 10}),
		"/en/console/shop/x/photo":                           lang.En.Map("files.too_large", map[string]any{"Most": 10}),
		"/en/console/shop/new?org=demo-suong-nui":            lang.En.T("http.too_large"),
		"/report": lang.Vi.T("http.too_large"),
	} {
		a := s.do("POST", path, "Content-Length: 12000000", "Sec-Fetch-Site: same-origin", "Cookie: __Host-session=x")
		d := a.doc(t)
		if a.Status != http.StatusRequestEntityTooLarge || d.Find(".intro").Text() != want {
			t.Errorf("%s: %d %q, want %q", path, a.Status, d.Find(".intro").Text(), want)
		}
		if d.Find(`.acts a.btn[href="`+path+`"]`).Length() != 1 {
			t.Errorf("%s: no way back", path)
		}
	}
}

// Who has no session sends no upload: the body is refused before it is read, and
// the answer leads to sign in.
func TestAnUploadOfNobodyIsNotRead(t *testing.T) {
	s := newSite(t)
	for cookie, want := range map[string]int{"": 401, "device=x": 401, "__Host-session=x": 413, "session=x": 413} {
		for _, path := range []string{"/console/shop/x/photo", "/en/console/organisations/demo-suong-nui/documents"} {
			a := s.do("POST", path, "Content-Length: 12000000", "Sec-Fetch-Site: same-origin", "Cookie: "+cookie)
			if a.Status != want {
				t.Errorf("%q %s: %d", cookie, path, a.Status)
			}
			if ways := a.doc(t).Find(`.acts a[href*="/sign-in"]`).Length(); want == 401 && ways == 0 {
				t.Errorf("%q %s leads nowhere", cookie, path)
			}
		}
	}
	for _, length := range []int{10, 70_000} {
		if a := s.send("POST", "/console/shop/x/photo", strings.Repeat("x", length), "Sec-Fetch-Site: same-origin"); a.Status != 401 {
			t.Errorf("%d bytes: %d", length, a.Status)
		}
	}
}

// The answer to a form leads to its twin in the other language, whatever became
// of it.
func TestTheAnswerToAFormHasATwin(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	token := owner.token()
	org := "/console/organisations/demo-suong-nui"
	for path, want := range map[string]string{
		"/confirm":                              "/en/confirm?token=gone.x",
		"/reset":                                "/en/reset?token=gone.x",
		"/account/address/confirm":              "/en/account/address/confirm?token=gone.x",
		"/join":                                 "/en/join?token=gone.x",
		org + "/apply":                          "/en" + org,
		org + "/documents/remove":               "/en" + org,
		"/console/people/demo-suong-nui/revoke": "/en/console/people/demo-suong-nui",
		"/sign-out":                             "/en/sign-in",
	} {
		p, field := s.visitor(), "token"
		if path == "/join" {
			field = "link"
		}
		a := p.post(path, field, "gone.x", "password", "nương chè xanh mướt")
		if strings.HasPrefix(path, "/console") || path == "/join" {
			a = owner.post(path, "token", token, "link", "gone.x")
		}
		to := a.doc(t).Find(".langs a").Last().AttrOr("href", "")
		if a.Status == 303 {
			continue // leads on
		}
		if to != want {
			t.Errorf("%s: %d, the switch leads to %q", path, a.Status, to)
		}
		if b := owner.get(to); b.Status != 200 && b.Status != 410 {
			t.Errorf("%s: %d", to, b.Status)
		}
	}
}

// Signing out works without a session that lasts, and needs a token with one.
func TestSigningOutOfAnEndedSession(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	p.cookies["__Host-session"] = "ended"
	a := p.post("/sign-out", "token", "old")
	if a.Status != 200 || !strings.Contains(a.doc(t).Find("main").Text(), lang.Vi.T("notice.signed_out.title")) || p.cookies["__Host-session"] != "" {
		t.Errorf("%d %s", a.Status, a.doc(t).Find("main").Text())
	}
	if a := s.visitor().post("/en/sign-out"); a.Status != 200 {
		t.Errorf("of nobody: %d", a.Status)
	}
	buyer := s.enter(account.Buyer)
	if a := buyer.post("/sign-out", "token", "old"); a.Status != 403 || buyer.get("/console").Status != 200 {
		t.Errorf("without its token: %d", a.Status)
	}
	if a := s.send("POST", "/sign-out", "token=x", "Sec-Fetch-Site: cross-site", "Content-Type: application/x-www-form-urlencoded"); a.Status != 403 {
		t.Errorf("from another site: %d", a.Status)
	}
}

// What the foot of a page says of cookies is true for whoever holds one.
func TestTheFootSpeaksOfCookies(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/", "/sign-in", "/sign-in/code", "/products", page("")} {
		for _, l := range lang.All {
			if foot := s.get(l.Path(path)).doc(t).Find(".foot").Text(); !strings.Contains(foot, l.T("common.privacy")) {
				t.Errorf("%s %s: %q", l, path, foot)
			}
		}
	}
}

// The language switch keeps the link of a mail, on the form and on the page
// that says that it ran out.
func TestALinkKeepsItsTokenInTheOtherLanguage(t *testing.T) {
	s := newSite(t)
	if a := s.visitor().post("/sign-up", "name", "Lò Hoa", "email", "hoa@htx.example", "password", "nương chè xanh mướt", "agreed", "on"); a.Status != 200 {
		t.Fatal(a.Status)
	}
	link := s.letters("hoa@htx.example")[0]
	for path, status := range map[string]int{link: 200, "/confirm?token=gone.x": 410, "/reset?token=gone.x": 410, "/join?token=gone.x": 410, "/account/address/confirm?token=gone.x": 410} {
		a := s.get(path)
		d := a.doc(t)
		if a.Status != status || d.Find(`.langs a[href="/en`+path+`"]`).Length() != 1 || status == 410 && d.Find(`.other a[href="/en`+path+`"]`).Length() != 1 {
			t.Errorf("%s: %d, the switch leads to %q", path, a.Status, d.Find(".langs a").Last().AttrOr("href", ""))
		}
		if b := s.get("/en" + path); b.Status != status || b.doc(t).Find("html").AttrOr("lang", "") != "en" {
			t.Errorf("/en%s: %d", path, b.Status)
		}
	}
}
