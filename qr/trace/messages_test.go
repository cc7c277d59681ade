package trace

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nguon/app/lang"
)

var keyLiteral = regexp.MustCompile(`"((?:trace|paper)\.[a-z0-9_.]*[a-z0-9])"`)

// Every code in this package's source, and every value that is a key's last
// part, has a message in both languages.
func TestEveryCodeHasMessages(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range keyLiteral.FindAllStringSubmatch(string(src), -1) {
			keys[m[1]] = true
		}
	}
	if len(keys) < 80 {
		t.Fatalf("found only %d codes", len(keys))
	}
	for _, k := range []EventKind{Harvest, Collect, Pulp, Dry, Hull, Sort, Blend, Roast, Grind, Pack, Inspect, Correct} {
		keys["trace.step."+string(k)] = true
	}
	for _, f := range []Form{Cherry, WetParch, Parchment, DryCherry, Green, Roasted, Ground} {
		keys["trace.form."+string(f)] = true
	}
	for _, f := range []FacilityKind{WetMill, DryMill, Roastery, Warehouse, FarmYard} {
		keys["trace.facility."+string(f)] = true
	}
	for _, s := range []Species{Arabica, Robusta} {
		keys["trace.species."+string(s)] = true
	}
	for _, p := range []Purpose{ShowName, ShowPhoto, ShowPlot} {
		keys["trace.purpose."+string(p)] = true
	}
	for _, s := range schemes {
		keys["paper."+s], keys["paper."+s+".means"] = true, true
	}
	for key := range keys {
		for _, l := range lang.All {
			if s := l.T(key); s == key || s == "" || strings.Contains(s, "!") {
				t.Errorf("%s %s: %q", l, key, s)
			}
		}
	}
}
