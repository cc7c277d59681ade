package legal

import (
	"slices"
	"strings"
	"testing"
)

func TestGaps(t *testing.T) {
	tests := map[string]struct {
		body string
		want []string
	}{
		"none":           {"Tên: HTX Chiềng Khoa", nil},
		"in order, once": {"[b c] and [a] and [b c]", []string{"b c", "a"}},
		"Vietnamese":     {"- Tên: [Tên đơn vị vận hành]\n- Mã số thuế: [ Mã số thuế ]", []string{"Tên đơn vị vận hành", "Mã số thuế"}},
		"links":          {"[a](/b) [c][d] [d] ![e](f)\n\n[d]: /g", nil},
		"of a link":      {"[a [b]](/c)", []string{"b"}},
		"emphasis":       {"[**a** b]", []string{"a b"}},
		"over a line":    {"[a\nb]", []string{"a b"}},
		"over a block":   {"[a\n\nb]", nil},
		"heading":        {"# [a]\n[b]", []string{"a", "b"}},
		"no letters":     {"[1] [ ] [...]", nil},
		"escaped":        {`\[a\]`, nil},
		"nested":         {"[a [b] c]", []string{"b"}},
		"open":           {"[a", nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := Gaps(tt.body); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestTheOperatorIsAGapOfTheDefaults(t *testing.T) {
	for _, p := range []Page{Imprint, Terms, Privacy} {
		if g := Gaps(defaults[p].Body.Vi); !slices.Contains(g, "Tên đơn vị vận hành") {
			t.Errorf("%s: %s", p, strings.Join(g, ", "))
		}
	}
}
