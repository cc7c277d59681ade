package report

import (
	"regexp"
	"testing"
)

func TestNumbers(t *testing.T) {
	form := regexp.MustCompile(`^BC-[0-9A-HJKMNP-TV-Z]{6}$`)
	seen := map[string]bool{}
	for range 1000 {
		n := newNumber()
		if got, ok := parseNumber(n); !form.MatchString(n) || !ok || got != n {
			t.Errorf("%s is read as %s, %v", n, got, ok)
		}
		seen[n] = true
	}
	if len(seen) < 990 {
		t.Errorf("a thousand draws give %d numbers", len(seen))
	}
}

func TestParseNumber(t *testing.T) {
	for typed, want := range map[string]string{
		"BC-7K2Q9X": "BC-7K2Q9X", "bc-7k2q9x": "BC-7K2Q9X", " 7K2 Q9X ": "BC-7K2Q9X", "bc7k2q9x": "BC-7K2Q9X",
		"BC-OIL000": "BC-011000", "BCBCBC": "BC-BCBCBC", "BC-BC0000": "BC-BC0000",
		"": "", "BC-": "", "BC-7K2Q9": "", "BC-7K2Q9XX": "", "BC-7K2Q9U": "", "XX-7K2Q9X": "", "BC-7K2Q9ợ": "",
		"BC-7K2Q9X                                    ": "",
	} {
		if got, ok := parseNumber(typed); got != want || ok != (want != "") {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
}

// What is read as a number reads as itself.
func FuzzParseNumber(f *testing.F) {
	f.Add("bc 7k2q9x")
	f.Add("BC-BCBCBC")
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseNumber(s)
		if again, still := parseNumber(n); ok && (!still || again != n) {
			t.Errorf("%q is read as %q, then as %q", s, n, again)
		}
	})
}
