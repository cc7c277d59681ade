package views

import (
	"strings"
	"testing"

	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/app/report"
)

func TestReportForm(t *testing.T) {
	for _, l := range lang.All {
		d, _ := mustDocument(t, sellerPages(l)["report"])
		form := d.Find(`form[method="post"]`).Last()
		if form.Find(`input[type="radio"][name="reason"]`).Length() != len(report.Reasons(report.Packet)) {
			t.Error("not all reasons are offered")
		}
		if form.Find(`input[name="about"]`).AttrOr("value", "") != "/trace/09521234000012/SN-26A1/A1K7" || form.Find(`input[name="once"]`).AttrOr("value", "") != "once-token" {
			t.Error("the form does not say what it is about")
		}
		trap := form.Find(`input[name="website"]`)
		if trap.AttrOr("tabindex", "") != "-1" || trap.AttrOr("autocomplete", "") != "off" || trap.Closest(".vh[aria-hidden]").Length() != 1 {
			t.Error("the trap can be met by people")
		}
		if !strings.Contains(d.Find("#contact-hint").Text(), "91/2025") || !strings.Contains(d.Find(".panel").Text(), "09521234000012") {
			t.Error("what happens to an address, or the evidence, is not shown")
		}
		lost, html := mustDocument(t, sellerPages(l)["report-0-bad"])
		if lost.Find(`form[method="get"] textarea[name="page"]`).Text() != "<b>?" || strings.Contains(html, "<b>?") || lost.Find(`main a[href="`+l.Path("/verify")+`"]`).Length() != 1 {
			t.Error("who comes without a page is not helped")
		}
	}
}

func TestPagesLeadToTheReport(t *testing.T) {
	for name, want := range map[string]string{"trace-genuine": "/report?about=%2Ftrace%2F09521234000012%2FSN-26A1%2FA1K7Q2M9X4T0C8RW", "trace-lot": "/report?about=%2Ftrace%2F09521234000012%2FSN-26A1",
		"trace-forged-bare": "/report?about=%2Ftrace%2F09521234000012%2FSN-26A1%2FA1K7Q2M9X4T0C8RW", "product": "/report?about=%2Fproducts%2Fca-phe-mau-indigo"} {
		d, _ := mustDocument(t, samplePages(lang.Vi)[name])
		if d.Find(`main a[href="`+want+`"]`).Length() != 1 {
			t.Errorf("%s does not lead to %s", name, want)
		}
	}
	d, _ := mustDocument(t, sellerPages(lang.Vi)["preview"])
	if d.Find(`main a[href^="/report"]`).Length() != 0 || d.Find(`main a[href="/console/shop/draft"]`).Length() != 1 {
		t.Error("a preview does not lead back, or can be reported")
	}
}

func TestLegalTexts(t *testing.T) {
	d, _ := mustDocument(t, sellerPages(lang.En)["about"])
	links := d.Find("main nav a")
	if links.Length() != len(legal.Pages) || links.First().AttrOr("href", "") != "/en/about" || d.Find(`main nav a[aria-current="page"]`).AttrOr("href", "") != "/en/about/terms" {
		t.Error("the list of texts is not whole, or does not mark this one")
	}
	if d.Find("article ul li").Length() != 2 || !strings.Contains(d.Find("article").Text(), "1 Mar 2026") {
		t.Errorf("the article reads %q", d.Find("article").Text())
	}
	for _, path := range []string{"/about", "/about/terms", "/about/privacy", "/about/delivery", "/about/returns", "/about/complaints", "/report"} {
		if d.Find(`footer a[href="/en`+path+`"]`).Length() != 1 {
			t.Errorf("the footer does not lead to %s", path)
		}
	}
}
