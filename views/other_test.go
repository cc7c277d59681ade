package views

import (
	"strings"
	"testing"

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
			if d.Find(".acts a.btn").Length() == 0 || d.Find(`.other[lang="`+string(l.Other())+`"]`).Length() != 1 {
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
