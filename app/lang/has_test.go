package lang

import "testing"

func TestHas(t *testing.T) {
	for _, l := range All {
		for key, want := range map[string]bool{
			"site.name":           true, // plain
			"gi.band.above":       true, // with placeholders
			"shop.products.count": true, // with plural forms
			"gi.no.such.message":  false,
			"":                    false,
			"gi.evidence.area":    false, // only the start of keys
			"catalog.slug.taken ": false,
		} {
			if got := l.Has(key); got != want {
				t.Errorf("%s: Has(%q) = %v", l, key, got)
			}
		}
	}
}
