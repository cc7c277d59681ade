package views

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
)

func mustDocument(t *testing.T, p Page) (*goquery.Document, string) {
	t.Helper()
	b := mustRender(t, p)
	d, err := goquery.NewDocumentFromReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return d, string(b)
}

// each runs a check on every sample page in both languages.
func each(t *testing.T, check func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string)) {
	t.Helper()
	for _, l := range lang.All {
		for name, p := range samplePages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				check(t, l, name, d, html)
			})
		}
	}
}

var messageKey = regexp.MustCompile(`\b(common|festival|home|shop|tracepage|verify|gipage|errorpage|gallery|gi|trace|error)\.[a-z_]+(\.[a-z0-9_]+)*\b`)

func TestEveryMessageIsWorded(t *testing.T) {
	each(t, func(t *testing.T, _ lang.Lang, _ string, d *goquery.Document, _ string) {
		d.Find("script, style").Remove()
		var text strings.Builder
		d.Find("body *, title").Each(func(_ int, s *goquery.Selection) {
			text.WriteString(" " + s.AttrOr("aria-label", "") + " " + s.AttrOr("alt", ""))
		})
		all := d.Text() + text.String()
		if m := messageKey.FindString(all); m != "" {
			t.Errorf("the page shows the message key %q", m)
		}
		for _, bad := range []string{"<no value>", "{{", "%!", "/0001", "Jan 0001"} {
			if strings.Contains(all, bad) {
				t.Errorf("the page shows %q", bad)
			}
		}
	})
}

func TestDocument(t *testing.T) {
	each(t, func(t *testing.T, l lang.Lang, _ string, d *goquery.Document, html string) {
		if got := d.Find("html").AttrOr("lang", ""); got != string(l) {
			t.Errorf("html lang = %q, want %q", got, l)
		}
		if !strings.HasPrefix(html, "<!doctype html>") {
			t.Errorf("starts with %.20q", html)
		}
		for _, sel := range []string{"title", "h1", "main#content", `meta[name="description"][content]`, `link[rel="canonical"]`, `meta[property="og:image"]`,
			`link[hreflang="vi"][rel="alternate"]`, `link[hreflang="en"][rel="alternate"]`, `link[hreflang="x-default"]`, `a.skip[href="#content"]`} {
			if n := d.Find(sel).Length(); n < 1 || (n > 1 && !strings.HasPrefix(sel, "link")) {
				t.Errorf("%d × %s", n, sel)
			}
		}
		if len(d.Find("title").Text()) < 5 || d.Find(`meta[name="description"]`).AttrOr("content", "") == "" && d.Find(`meta[name="robots"]`).Length() == 0 {
			t.Error("title or description is empty")
		}
	})
}

// TestMarkup holds what the content security policy and assistive technology
// rely on.
func TestMarkup(t *testing.T) {
	each(t, func(t *testing.T, _ lang.Lang, name string, d *goquery.Document, _ string) {
		if n := d.Find("[style], [onclick], [onload]").Length(); n > 0 {
			t.Errorf("%d elements carry style or handlers", n)
		}
		d.Find("script").Each(func(_ int, s *goquery.Selection) {
			ours := s.AttrOr("type", "") == "module" && strings.HasPrefix(s.AttrOr("src", ""), "/static/") && s.Text() == ""
			if s.AttrOr("type", "") != "application/ld+json" && (!ours || !strings.HasPrefix(name, "search")) {
				t.Error("a script that is neither linked data nor the one of suggestions")
			}
		})
		d.Find("img").Each(func(_ int, s *goquery.Selection) {
			if _, ok := s.Attr("alt"); !ok {
				t.Error("an img without alt")
			}
		})
		d.Find(`svg`).Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("aria-hidden", "") != "true" && s.AttrOr("aria-label", "") == "" {
				t.Error("an svg that is neither hidden nor named")
			}
		})
		level := 0
		d.Find("h1, h2, h3, h4").Each(func(_ int, s *goquery.Selection) {
			n := int(goquery.NodeName(s)[1] - '0')
			if n > level+1 && level > 0 {
				t.Errorf("heading %q jumps from level %d to %d", s.Text(), level, n)
			}
			level = n
		})
		if name != "gallery" {
			ids := map[string]bool{}
			d.Find("[id]").Each(func(_ int, s *goquery.Selection) {
				id := s.AttrOr("id", "")
				if ids[id] {
					t.Errorf("id %q stands twice", id)
				}
				ids[id] = true
			})
		}
		d.Find("input:not([type=hidden]), select, textarea").Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("id", ""); id == "" || d.Find(`label[for="`+id+`"]`).Length() == 0 {
				t.Error("a field without a label")
			}
		})
	})
}

// known are the routes that exist; a link appears only when its target does.
var known = regexp.MustCompile(`^(/en)?(/|/products(/[^/?]+)?(\?.*)?|/producers(/[^/?]+)?(\?.*)?|/tours(/[^/?]+)?(\?.*)?|/search(\?.*)?|/verify|/cart|/orders|/account(/two-step|/address)?|/sign-(in|up|out)|/(confirm|reset|account/address/confirm)\?token=a\.b|/forgot|/console|/about(/(terms|privacy|delivery|returns|complaints))?|/report(\?about=[^/]+)?|/gi(/[^/?]+)?|/festival(/20[0-9]{2}(\.ics|/[a-z-]+(\.ics)?)?(\?[a-z0-9&=-]+)?(#programme)?)?|/trace/\d{14}/[^/]+(/[^/]+)?|/_gallery|/x(\?.*)?)?$`)

func TestLinks(t *testing.T) {
	each(t, func(t *testing.T, l lang.Lang, _ string, d *goquery.Document, _ string) {
		d.Find("a[href], form[action]").Each(func(_ int, s *goquery.Selection) {
			href := s.AttrOr("href", s.AttrOr("action", ""))
			switch {
			case strings.HasPrefix(href, "#"):
				if d.Find(`[id="`+href[1:]+`"]`).Length() == 0 {
					t.Errorf("link to %s, which is not on the page", href)
				}
			case strings.HasPrefix(href, "tel:"), strings.HasPrefix(href, "geo:"):
			case !known.MatchString(href):
				t.Errorf("link to %q, which is no route", href)
			case s.AttrOr("hreflang", string(l)) == string(l) && (l == lang.En) != strings.HasPrefix(href, "/en"):
				t.Errorf("link to %q leaves the language", href)
			}
		})
	})
}

func TestLinkedDataParses(t *testing.T) {
	each(t, func(t *testing.T, _ lang.Lang, name string, d *goquery.Document, _ string) {
		d.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
			var v map[string]any
			if err := json.Unmarshal([]byte(s.Text()), &v); err != nil {
				t.Fatalf("%v in %s", err, s.Text())
			}
			if v["@context"] != "https://schema.org" || v["@type"] == "" {
				t.Errorf("%v", v)
			}
		})
		if name == "product" && !strings.Contains(d.Find("script").Text(), `"priceCurrency":"VND"`) {
			t.Error("the product has no offers in VND")
		}
	})
}

func TestLinkedDataCannotEndItsElement(t *testing.T) {
	p := samplePages(lang.Vi)["product"].(ProductPage)
	p.Product.Name = `</script><script>alert(1)</script>`
	_, html := mustDocument(t, p)
	if strings.Contains(html, "<script>alert") || strings.Contains(html, "</script><script>a") {
		t.Error("a product name became markup")
	}
}
