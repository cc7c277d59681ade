package gi

import (
	"math"
	"slices"
	"testing"

	"nguon/app/lang"
	"nguon/app/place"
)

// The table of FACTS §4.4: how the 24 communes of 2017 lie in today's units.
func TestUnits(t *testing.T) {
	want := []struct {
		code    string
		cover   Cover
		in, out int
	}{
		{"03664", Partial, 1, 2}, {"03670", Partial, 2, 1}, {"03679", Full, 2, 0}, {"03724", Full, 2, 0},
		{"03727", Partial, 1, 1}, {"03784", Partial, 2, 1}, {"03799", Partial, 2, 1}, {"04117", Full, 2, 0},
		{"04123", Partial, 1, 2}, {"04132", Partial, 4, 1}, {"04159", Partial, 1, 2}, {"04228", Partial, 2, 1},
		{"04231", Partial, 2, 1},
	}
	got := RulesToday().Units()
	if len(got) != len(want) {
		t.Fatalf("%d units, want %d", len(got), len(want))
	}
	old := 0
	for i, w := range want {
		u := got[i]
		if u.Commune.Code != w.code || u.Cover != w.cover || len(u.Inside) != w.in || len(u.Outside) != w.out {
			t.Errorf("%s %s: %s, %d in, %d out; want %+v", u.Commune.Code, u.Commune.Name, u.Cover, len(u.Inside), len(u.Outside), w)
		}
		old += len(u.Inside)
	}
	if old != 24 || len(RulesToday().OldCommunes) != 24 {
		t.Errorf("%d communes of 2017, want 24", old)
	}
	// Named by the province for new factories, and without a single GI commune.
	for _, code := range []string{"03721", "03754", "04105"} {
		if u, ok := RulesToday().Unit(code); !ok || u.Cover != None {
			t.Errorf("%s is covered %s", u.Commune.Name, u.Cover)
		}
	}
	if _, ok := RulesToday().Unit("99999"); ok {
		t.Error("an unknown code is known")
	}
}

func TestRulesToday(t *testing.T) {
	r := RulesToday()
	if r.Registration != "00058" || r.Decision != "3262/QĐ-SHTT" || lang.Vi.Date(r.Decided.Time) != "28/09/2017" {
		t.Errorf("registration %s by %s of %s", r.Registration, r.Decision, lang.Vi.Date(r.Decided.Time))
	}
	for name, text := range map[string]lang.Text{"name": r.Name, "registration note": r.RegistrationNote, "manager": r.Manager,
		"cup": r.Cup, "area note": r.AreaNote, "process note": r.ProcessNote} {
		if text.Vi == "" || text.En == "" {
			t.Errorf("the %s lacks a language: %+v", name, text)
		}
	}
	if r.ProcessInArea {
		t.Error("processing in the area is demanded without a source")
	}
	r.OldCommunes[0], r.Kinds[0], r.Bands[0].Property = "x", "x", "x"
	if again := RulesToday(); slices.Contains(again.OldCommunes, "x") || again.Kinds[0] == "x" || again.Bands[0].Property == "x" {
		t.Error("RulesToday gave out its own memory")
	}
	for _, key := range RulesToday().OldCommunes {
		if o, ok := place.Old(key); !ok || o.District == "Mộc Châu" {
			t.Errorf("%s is in the area", key)
		}
	}
}

func TestBand(t *testing.T) {
	closed := Band{Property: "caffeine_pct", Min: 0.8, Max: 1.28}
	above := Band{Property: "bean_mm", Min: 4.75, Above: true}
	from := Band{Property: "sugar_pct", Min: 6.8}
	tests := []struct {
		band Band
		v    float64
		want bool
	}{
		{closed, 0.8, true}, {closed, 1.28, true}, {closed, 0.79, false}, {closed, 1.29, false}, {closed, 0, false},
		{above, 4.75, false}, {above, 4.76, true}, {above, 1000, true}, {above, 4, false},
		{from, 6.8, true}, {from, 6.79, false}, {from, 99, true}, {closed, math.Inf(1), false},
	}
	for _, tt := range tests {
		if got := tt.band.Holds(tt.v); got != tt.want {
			t.Errorf("%v in %s: %v", tt.v, tt.band.In(lang.En), got)
		}
	}
	words := map[string][2]string{
		closed.Property: {closed.In(lang.Vi), closed.In(lang.En)},
		above.Property:  {above.In(lang.Vi), above.In(lang.En)},
		from.Property:   {from.In(lang.Vi), from.In(lang.En)},
	}
	want := map[string][2]string{
		"caffeine_pct": {"0,8–1,28\u00a0%", "0.8–1.28\u00a0%"},
		"bean_mm":      {"trên 4,75 mm", "over 4.75 mm"},
		"sugar_pct":    {"từ 6,8 % trở lên", "6.8 % or more"},
	}
	for property, w := range want {
		if words[property] != w {
			t.Errorf("%s: %q, want %q", property, words[property], w)
		}
	}
}

func TestBandsOf(t *testing.T) {
	want := map[string][]string{
		"green":   {"bean_mm", "caffeine_pct", "protein_pct", "sugar_pct"},
		"roasted": {"caffeine_pct", "extract_pct", "protein_pct"},
		"ground":  {"caffeine_pct", "extract_pct", "protein_pct"},
		"other":   nil,
		"":        nil,
	}
	for kind, properties := range want {
		var got []string
		for _, b := range RulesToday().BandsOf(kind) {
			got = append(got, b.Property)
			for _, l := range lang.All {
				if !l.Has("gi.property."+b.Property) || !l.Has("gi.unit."+b.Property) {
					t.Errorf("%s has no name or unit in %s", b.Property, l)
				}
			}
		}
		if !slices.Equal(got, properties) {
			t.Errorf("%s: %v, want %v", kind, got, properties)
		}
	}
}
