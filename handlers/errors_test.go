package handlers_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"

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
