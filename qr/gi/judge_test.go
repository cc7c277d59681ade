package gi

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
)

// on is a day in Vietnam, "2026-03-01".
func on(s string) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, s, lang.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func ptr(t time.Time) *time.Time { return &t }

var (
	inside  = Ground{"CB-01", "04132", "mai-son/chieng-ban", 850}
	good    = map[string]float64{"caffeine_pct": 1.2, "extract_pct": 31, "protein_pct": 12}
	packing = on("2026-03-10")
)

func coffee(change func(*Subject)) Subject {
	s := Subject{Plots: []Ground{inside}, Kind: "roasted", Species: "arabica", Packer: "coop", PackedOn: ptr(packing),
		Quality: []Report{{Number: "KN-1", Lab: "Quatest 1", Kind: "roasted", On: on("2026-03-01"), Values: good}}}
	if change != nil {
		change(&s)
	}
	return s
}

// register makes a right with a proper chain; every decision is recorded on
// the day it takes effect unless it says otherwise.
func register(t *testing.T, ds ...Decision) Right {
	t.Helper()
	r := Right{ID: "r1", Number: "SL-01", Holder: "coop", HolderName: "HTX Thử", Commune: "04132", Products: []string{"roasted", "ground"}}
	for _, d := range ds {
		now := d.Recorded
		if now.IsZero() {
			now = d.From
		}
		if err := r.decide(d, now); err != nil {
			t.Fatalf("%s: %v", d.Key, err)
		}
	}
	return r
}

func decision(key string, a Action, from, to string, change ...func(*Decision)) Decision {
	d := Decision{Key: key, Action: a, Number: "QĐ-" + key, By: "so-khcn", Reason: lang.Text{Vi: "Lý do " + key, En: "Reason " + key}}
	if from != "" {
		d.From = on(from)
	}
	if to != "" {
		d.To = on(to)
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func recorded(day string) func(*Decision) { return func(d *Decision) { d.Recorded = on(day) } }
func corrects(seq int) func(*Decision)    { return func(d *Decision) { d.Corrects = seq } }

func granted(t *testing.T) Right {
	return register(t, decision("grant", Grant, "2025-01-01", "2027-12-31"))
}

// seen collects the codes of all evidence that the tests of this package meet;
// TestEveryMessageIsUsed reads it.
var seen = map[string]bool{}

func codes(t *testing.T, es []Evidence) []string {
	t.Helper()
	var found []string
	for _, e := range es {
		seen[e.Code] = true
		found = append(found, strings.TrimPrefix(e.Code, "gi.evidence."))
		for _, l := range lang.All {
			text := e.Text(l)
			if text == e.Code || strings.Contains(text, "<no value>") || strings.Contains(text, "gi.") || strings.Contains(text, "{") {
				t.Errorf("%s in %s reads %q", e.Code, l, text)
			}
		}
		if _, err := json.Marshal(e); err != nil {
			t.Errorf("%s: %v", e.Code, err)
		}
	}
	return found
}

func TestArea(t *testing.T) {
	tests := []struct {
		name  string
		plots []Ground
		want  Result
		codes []string
	}{
		{"no plots", nil, Undetermined, []string{"area.no_plots"}},
		{"inside by the old commune", []Ground{inside}, Pass, []string{"area.inside", "area.altitude_in"}},
		{"outside by the old commune, in a partial unit", []Ground{{"A", "04132", "mai-son/chieng-ve", 800}}, Fail, []string{"area.outside", "area.altitude_in"}},
		{"old commune unknown, unit wholly inside", []Ground{{"A", "03724", "", 900}}, Pass, []string{"area.commune_inside", "area.altitude_in"}},
		{"old commune unknown, unit wholly outside", []Ground{{"A", "04105", "", 700}}, Fail, []string{"area.commune_outside", "area.altitude_in"}},
		{"old commune unknown, unit partly inside", []Ground{{"A", "04132", "", 800}}, Undetermined, []string{"area.old_unknown", "area.altitude_in"}},
		{"old commune of no list counts as unknown", []Ground{{"A", "04132", "mai-son/nowhere", 800}}, Undetermined, []string{"area.old_unknown", "area.altitude_in"}},
		{"commune unknown", []Ground{{"A", "", "", 800}}, Undetermined, []string{"area.commune_unknown", "area.altitude_in"}},
		{"commune of no list", []Ground{{"A", "99999", "", 800}}, Undetermined, []string{"area.commune_unknown", "area.altitude_in"}},
		{"old commune alone is enough", []Ground{{"A", "", "mai-son/chieng-chung", 800}}, Pass, []string{"area.inside", "area.altitude_in"}},
		{"the other Chiềng Chung", []Ground{{"A", "04000", "moc-chau/chieng-chung", 800}}, Fail, []string{"area.outside", "area.altitude_in"}},
		{"records disagree", []Ground{{"A", "04000", "mai-son/chieng-chung", 800}}, Undetermined, []string{"area.conflict", "area.altitude_in"}},
		{"lowest altitude", []Ground{{"A", "03724", "", 600}}, Pass, []string{"area.commune_inside", "area.altitude_in"}},
		{"highest altitude", []Ground{{"A", "03724", "", 1200}}, Pass, []string{"area.commune_inside", "area.altitude_in"}},
		{"too low", []Ground{{"A", "03724", "", 599}}, Fail, []string{"area.commune_inside", "area.altitude_out"}},
		{"too high", []Ground{{"A", "03724", "", 1201}}, Fail, []string{"area.commune_inside", "area.altitude_out"}},
		{"below the sea", []Ground{{"A", "03724", "", -5}}, Fail, []string{"area.commune_inside", "area.altitude_out"}},
		{"altitude unknown", []Ground{{"A", "03724", "", 0}}, Undetermined, []string{"area.commune_inside", "area.altitude_unknown"}},
		{"blend, all pass", []Ground{inside, {"B", "03724", "", 900}}, Pass, []string{"area.inside", "area.altitude_in", "area.commune_inside", "area.altitude_in"}},
		{"blend, one unknown", []Ground{inside, {"B", "04132", "", 900}}, Undetermined, []string{"area.inside", "area.altitude_in", "area.old_unknown", "area.altitude_in"}},
		{"blend, one unknown and one outside", []Ground{{"B", "04132", "", 900}, {"C", "04105", "", 900}, inside}, Fail,
			[]string{"area.old_unknown", "area.altitude_in", "area.commune_outside", "area.altitude_in", "area.inside", "area.altitude_in"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := RulesToday().area(Subject{Plots: tt.plots})
			if got.Name != "area" || got.Result != tt.want || !slices.Equal(codes(t, got.Evidence), tt.codes) {
				t.Errorf("%s %v, want %s %v", got.Result, codes(t, got.Evidence), tt.want, tt.codes)
			}
		})
	}
}

func TestAreaSaysWhatIsMissing(t *testing.T) {
	got := RulesToday().area(Subject{Plots: []Ground{{"PP-04", "04159", "", 800}}})
	vi, en := got.Evidence[0].Text(lang.Vi), got.Evidence[0].Text(lang.En)
	for _, part := range []string{"PP-04", "xã Phiêng Pằn", "trong vùng: Phiêng Pằn", "ngoài vùng: Chiềng Lương, Nà Ớt"} {
		if !strings.Contains(vi, part) {
			t.Errorf("%q does not say %q", vi, part)
		}
	}
	for _, part := range []string{"PP-04", "Phiêng Pằn commune", "inside: Phiêng Pằn", "outside: Chiềng Lương, Nà Ớt"} {
		if !strings.Contains(en, part) {
			t.Errorf("%q does not say %q", en, part)
		}
	}
}

func TestOldNames(t *testing.T) {
	tests := []struct{ key, vi, en string }{
		{"mai-son/chieng-chung", "xã Chiềng Chung, huyện Mai Sơn", "Chiềng Chung commune, Mai Sơn district"},
		{"thanh-pho-son-la/hua-la", "xã Hua La, Thành phố Sơn La", "Hua La commune, Sơn La city"},
		{"thanh-pho-son-la/chieng-sinh", "phường Chiềng Sinh, Thành phố Sơn La", "Chiềng Sinh ward, Sơn La city"},
	}
	for _, tt := range tests {
		e := RulesToday().area(Subject{Plots: []Ground{{"A", "", tt.key, 800}}}).Evidence[0]
		if !strings.Contains(e.Text(lang.Vi), tt.vi) || !strings.Contains(e.Text(lang.En), tt.en) {
			t.Errorf("%s: %q, %q", tt.key, e.Text(lang.Vi), e.Text(lang.En))
		}
	}
}

func TestProcessingInTheArea(t *testing.T) {
	r := RulesToday()
	s := Subject{Plots: []Ground{inside}, Processed: []Ground{{Plot: "Xưởng rang", Commune: "04105"}}}
	if got := r.area(s); got.Result != Pass {
		t.Errorf("the place of processing counts although the rules do not ask: %s", got.Result)
	}
	r.ProcessInArea = true
	tests := []struct {
		name  string
		where []Ground
		want  Result
		code  string
	}{
		{"not recorded", nil, Undetermined, "area.facility.none"},
		{"inside", []Ground{{Plot: "X", Commune: "04132", OldCommune: "mai-son/chieng-ban"}}, Pass, "area.facility.inside"},
		{"outside", []Ground{{Plot: "X", Commune: "04132", OldCommune: "mai-son/chieng-ve"}}, Fail, "area.facility.outside"},
		{"unit inside", []Ground{{Plot: "X", Commune: "03724"}}, Pass, "area.facility.commune_inside"},
		{"unit outside", []Ground{{Plot: "X", Commune: "04105"}}, Fail, "area.facility.commune_outside"},
		{"unit partly inside", []Ground{{Plot: "X", Commune: "04132"}}, Undetermined, "area.facility.old_unknown"},
		{"unknown", []Ground{{Plot: "X"}}, Undetermined, "area.facility.commune_unknown"},
		{"records disagree", []Ground{{Plot: "X", Commune: "04105", OldCommune: "mai-son/chieng-ban"}}, Undetermined, "area.facility.conflict"},
	}
	for _, tt := range tests {
		s.Processed = tt.where
		got := r.area(s)
		found := codes(t, got.Evidence)
		if got.Result != tt.want || found[len(found)-1] != tt.code {
			t.Errorf("%s: %s %v, want %s %s", tt.name, got.Result, found, tt.want, tt.code)
		}
	}
}

func TestProduct(t *testing.T) {
	report := func(kind string, values map[string]float64) Report {
		return Report{Number: "KN-2", Lab: "Quatest 1", Kind: kind, On: on("2026-03-01"), Values: values}
	}
	periodic := func(from, to, kind string, values map[string]float64) Right {
		r := granted(t)
		r.Reports = []Report{{Number: "DK-1", Lab: "Quatest 1", Kind: kind, On: on(from), ValidTo: on(to), Values: values}}
		return r
	}
	all := []string{"product.kind_in", "product.species_in", "product.in_band.lot", "product.in_band.lot", "product.in_band.lot"}
	fromHolder := []string{"product.kind_in", "product.species_in", "product.in_band.holder", "product.in_band.holder", "product.in_band.holder"}
	tests := []struct {
		name   string
		change func(*Subject)
		rights []Right
		want   Result
		codes  []string
	}{
		{"all in band", nil, nil, Pass, all},
		{"green has its own bands", func(s *Subject) {
			s.Kind = "green"
			s.Quality = []Report{report("green", map[string]float64{"bean_mm": 5.1, "caffeine_pct": 1.1, "protein_pct": 12, "sugar_pct": 7})}
		}, nil, Pass, append(slices.Clone(all), "product.in_band.lot")},
		{"instant is not named", func(s *Subject) { s.Kind = "other" }, nil, Fail, []string{"product.kind_out", "product.species_in"}},
		{"kind never heard of", func(s *Subject) { s.Kind = "capsule" }, nil, Fail, []string{"product.kind_out", "product.species_in"}},
		{"kind unknown", func(s *Subject) { s.Kind = "" }, nil, Undetermined, []string{"product.kind_unknown", "product.species_in"}},
		{"robusta", func(s *Subject) { s.Species = "robusta" }, nil, Fail, append([]string{"product.kind_in", "product.species_out"}, all[2:]...)},
		{"blend of species", func(s *Subject) { s.Species = "blend" }, nil, Fail, append([]string{"product.kind_in", "product.species_out"}, all[2:]...)},
		{"a third species", func(s *Subject) { s.Species = "liberica" }, nil, Fail, append([]string{"product.kind_in", "product.species_out"}, all[2:]...)},
		{"species unknown", func(s *Subject) { s.Species = "" }, nil, Undetermined, append([]string{"product.kind_in", "product.species_unknown"}, all[2:]...)},
		{"no report", func(s *Subject) { s.Quality = nil }, nil, Undetermined, []string{"product.kind_in", "product.species_in", "product.no_report"}},
		{"report of another kind", func(s *Subject) { s.Quality = []Report{report("green", good)} }, nil, Undetermined,
			[]string{"product.kind_in", "product.species_in", "product.no_report"}},
		{"report without a kind speaks of the lot", func(s *Subject) { s.Quality = []Report{report("", good)} }, nil, Pass, all},
		{"value outside", func(s *Subject) {
			s.Quality = []Report{report("roasted", map[string]float64{"caffeine_pct": 1.7, "extract_pct": 31, "protein_pct": 12})}
		}, nil, Fail, []string{"product.kind_in", "product.species_in", "product.out_of_band.lot", "product.in_band.lot", "product.in_band.lot"}},
		{"property missing", func(s *Subject) {
			s.Quality = []Report{report("roasted", map[string]float64{"caffeine_pct": 1.2, "protein_pct": 12})}
		}, nil, Undetermined, []string{"product.kind_in", "product.species_in", "product.in_band.lot", "product.not_measured", "product.in_band.lot"}},
		{"not a number is not measured", func(s *Subject) {
			s.Quality = []Report{report("roasted", map[string]float64{"caffeine_pct": math.NaN(), "extract_pct": math.Inf(1), "protein_pct": 12})}
		}, nil, Undetermined, []string{"product.kind_in", "product.species_in", "product.not_measured", "product.not_measured", "product.in_band.lot"}},
		{"outside weighs more than missing", func(s *Subject) {
			s.Quality = []Report{report("roasted", map[string]float64{"protein_pct": 20})}
		}, nil, Fail, []string{"product.kind_in", "product.species_in", "product.not_measured", "product.not_measured", "product.out_of_band.lot"}},
		{"the newest report of the lot counts", func(s *Subject) {
			newer := report("roasted", map[string]float64{"caffeine_pct": 1.3})
			newer.On = on("2026-03-05")
			s.Quality[0].Values = map[string]float64{"caffeine_pct": 9, "extract_pct": 31, "protein_pct": 12}
			s.Quality = append(s.Quality, newer)
		}, nil, Pass, all},
		{"periodic report", func(s *Subject) { s.Quality = nil }, []Right{periodic("2025-06-01", "2026-05-31", "roasted", good)}, Pass, fromHolder},
		{"valid to the packing day", func(s *Subject) { s.Quality = nil }, []Right{periodic("2025-06-01", "2026-03-10", "roasted", good)}, Pass, fromHolder},
		{"valid from the packing day", func(s *Subject) { s.Quality = nil }, []Right{periodic("2026-03-10", "2026-09-10", "roasted", good)}, Pass, fromHolder},
		{"lapsed the day before", func(s *Subject) { s.Quality = nil }, []Right{periodic("2025-06-01", "2026-03-09", "roasted", good)}, Undetermined,
			[]string{"product.kind_in", "product.species_in", "product.report_lapsed"}},
		{"periodic report of another kind", func(s *Subject) { s.Quality = nil }, []Right{periodic("2025-06-01", "2026-05-31", "ground", good)}, Undetermined,
			[]string{"product.kind_in", "product.species_in", "product.no_report"}},
		{"periodic value outside", func(s *Subject) { s.Quality = nil },
			[]Right{periodic("2025-06-01", "2026-05-31", "roasted", map[string]float64{"caffeine_pct": 0.5, "extract_pct": 31, "protein_pct": 12})}, Fail,
			[]string{"product.kind_in", "product.species_in", "product.out_of_band.holder", "product.in_band.holder", "product.in_band.holder"}},
		{"the lot's own report goes first, the periodic fills gaps", func(s *Subject) {
			s.Quality = []Report{report("roasted", map[string]float64{"caffeine_pct": 1.2})}
		}, []Right{periodic("2025-06-01", "2026-05-31", "roasted", map[string]float64{"caffeine_pct": 9, "extract_pct": 31, "protein_pct": 12})}, Pass,
			[]string{"product.kind_in", "product.species_in", "product.in_band.lot", "product.in_band.holder", "product.in_band.holder"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := coffee(tt.change)
			// Today's verdict asks for the report of the packing day all the same.
			for _, at := range []time.Time{packing, on("2027-05-01")} {
				got := RulesToday().product(s, tt.rights, at)
				if got.Name != "product" || got.Result != tt.want || !slices.Equal(codes(t, got.Evidence), tt.codes) {
					t.Errorf("as of %s: %s %v, want %s %v", lang.En.Date(at), got.Result, codes(t, got.Evidence), tt.want, tt.codes)
				}
			}
		})
	}
}

func TestProductNotPackedYet(t *testing.T) {
	r := granted(t)
	r.Reports = []Report{{Number: "DK-1", Lab: "Q", Kind: "roasted", On: on("2026-01-01"), ValidTo: on("2026-06-30"), Values: good}}
	s := coffee(func(s *Subject) { s.PackedOn, s.Quality = nil, nil })
	for day, want := range map[string]Result{"2026-06-30": Pass, "2026-07-01": Undetermined} {
		if got := RulesToday().product(s, []Right{r}, on(day)); got.Result != want {
			t.Errorf("as of %s: %s, want %s", day, got.Result, want)
		}
	}
}

func TestJudge(t *testing.T) {
	right := granted(t)
	tests := []struct {
		name   string
		change func(*Subject)
		rights []Right
		want   [4]Result // area, product, right, all
	}{
		{"all pass", nil, []Right{right}, [4]Result{Pass, Pass, Pass, Pass}},
		{"not from the area", func(s *Subject) { s.Plots[0] = Ground{"A", "04105", "", 700} }, []Right{right}, [4]Result{Fail, Pass, Pass, Fail}},
		{"one gap", func(s *Subject) { s.Quality = nil }, []Right{right}, [4]Result{Pass, Undetermined, Pass, Undetermined}},
		{"a gap and a failure", func(s *Subject) { s.Plots = nil }, nil, [4]Result{Undetermined, Pass, Fail, Fail}},
		{"somebody else's right", func(s *Subject) { s.Packer = "other" }, []Right{right}, [4]Result{Pass, Pass, Fail, Fail}},
		{"nothing known", func(s *Subject) { *s = Subject{} }, nil, [4]Result{Undetermined, Undetermined, Undetermined, Undetermined}},
		{"nobody's right proves nothing", func(s *Subject) { s.Packer = "" }, []Right{{Holder: ""}}, [4]Result{Pass, Pass, Undetermined, Undetermined}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := RulesToday().Judge(coffee(tt.change), tt.rights, packing)
			got := [4]Result{v.Tests[0].Result, v.Tests[1].Result, v.Tests[2].Result, v.Result}
			if got != tt.want || !v.AsOf.Equal(packing) {
				t.Errorf("%v, want %v", got, tt.want)
			}
			if v.Tests[0].Name != "area" || v.Tests[1].Name != "product" || v.Tests[2].Name != "right" {
				t.Errorf("tests stand as %s, %s, %s", v.Tests[0].Name, v.Tests[1].Name, v.Tests[2].Name)
			}
			for _, test := range v.Tests {
				codes(t, test.Evidence)
				if len(test.Evidence) == 0 {
					t.Errorf("%s rests on nothing", test.Name)
				}
			}
		})
	}
}
