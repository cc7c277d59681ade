package handlers_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

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
		a := s.do("POST", path, "Content-Length: 12000000", "Sec-Fetch-Site: same-origin")
		d := a.doc(t)
		if a.Status != http.StatusRequestEntityTooLarge || d.Find(".intro").Text() != want {
			t.Errorf("%s: %d %q, want %q", path, a.Status, d.Find(".intro").Text(), want)
		}
		if d.Find(`.acts a.btn[href="`+path+`"]`).Length() != 1 {
			t.Errorf("%s: no way back", path)
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
