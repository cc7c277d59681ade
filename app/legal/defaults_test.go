package legal

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
)

func TestDefaultTexts(t *testing.T) {
	most := map[Page]int{Privacy: 1200}
	last := map[lang.Lang]string{lang.Vi: "*Bản soạn sẵn ngày " + lang.Vi.Date(written) + ".*", lang.En: "*Default text of " + lang.Vi.Date(written) + ".*"}
	for _, p := range Pages {
		d := defaults[p]
		if got, err := checked(d.Body); err != nil || got != d.Body {
			t.Errorf("%s could not be saved as it is: %v", p, err)
		}
		if vi, en := len(Gaps(d.Body.Vi)), len(Gaps(d.Body.En)); vi != en {
			t.Errorf("%s leaves %d gaps in Vietnamese, %d in English", p, vi, en)
		}
		for _, l := range lang.All {
			body := d.Body.In(l)
			if n := len(strings.Fields(body)); n < 250 || n > max(600, most[p]) {
				t.Errorf("%s.%s has %d words", p, l, n)
			}
			if !strings.HasSuffix(body, last[l]) {
				t.Errorf("%s.%s does not name its date at the end", p, l)
			}
			if strings.ContainsAny(body, "!\r\t") || strings.Contains(body, "  ") {
				t.Errorf("%s.%s shouts, or holds stray spaces", p, l)
			}
		}
	}
}

func TestDefaultTextsAreAlikeInBothLanguages(t *testing.T) {
	for _, p := range Pages {
		vi, en := shape(t, defaults[p].Body.Vi), shape(t, defaults[p].Body.En)
		if vi != en {
			t.Errorf("%s\nvi %s\nen %s", p, vi, en)
		}
	}
}

// shape is the sequence of blocks of a text.
func shape(t *testing.T, body string) string {
	t.Helper()
	var tags []string
	render(t, body).Find("h2, h3, p, ul, ol, li").Each(func(_ int, s *goquery.Selection) { tags = append(tags, goquery.NodeName(s)) })
	return strings.Join(tags, " ")
}

func TestLinksOfDefaultTextsStayInTheirLanguage(t *testing.T) {
	for _, p := range Pages {
		for _, l := range lang.All {
			render(t, defaults[p].Body.In(l)).Find("a").Each(func(_ int, s *goquery.Selection) {
				to := s.AttrOr("href", "")
				if english := strings.HasPrefix(to, "/en/"); !strings.HasPrefix(to, "/") || english != (l == lang.En) {
					t.Errorf("%s.%s leads to %s", p, l, to)
				}
			})
		}
	}
}

func TestPagesHaveTitles(t *testing.T) {
	for _, p := range Pages {
		for _, l := range lang.All {
			for _, of := range []string{".title", ".description"} {
				if key := "legal." + string(p) + of; !l.Has(key) {
					t.Errorf("no %s in %s", key, l)
				}
			}
		}
	}
}

func TestParsePage(t *testing.T) {
	for _, p := range Pages {
		if got, ok := ParsePage(string(p)); got != p || !ok {
			t.Errorf("%s: %q, %v", p, got, ok)
		}
	}
	for _, s := range []string{"", "Terms", "terms ", "../terms", "terms.vi"} {
		if got, ok := ParsePage(s); got != "" || ok {
			t.Errorf("%q: %q, %v", s, got, ok)
		}
	}
}
