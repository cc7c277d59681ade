package gi

import (
	"cmp"
	"math"
	"slices"
	"time"

	"nguon/app/lang"
)

// product decides what the coffee is: its kind, its species, and a laboratory
// value in the band for every property that the rules name for the kind.
func (r Rules) product(s Subject, own []Right, at time.Time) Test {
	t := Test{Name: "product"}
	switch {
	case s.Kind == "":
		t.add(Undetermined, "product.kind_unknown")
	case slices.Contains(r.Kinds, s.Kind):
		t.add(Pass, "product.kind_in", "Kind", kindTerm(s.Kind))
	default:
		t.add(Fail, "product.kind_out", "Kind", kindTerm(s.Kind))
	}
	switch s.Species {
	case "":
		t.add(Undetermined, "product.species_unknown")
	case r.Species:
		t.add(Pass, "product.species_in", "Species", Term("gi.species."+s.Species))
	default:
		t.add(Fail, "product.species_out", "Species", speciesTerm(s.Species))
	}
	if slices.Contains(r.Kinds, s.Kind) {
		t.Evidence = append(t.Evidence, r.quality(s, own, at)...)
	}
	return t.close()
}

// source is a report together with where it comes from: "lot" or "holder".
type source struct {
	Report
	from string
}

// quality holds the bands against the lot's own reports, the newest first,
// then against the holder's periodic reports that were valid on the packing
// day, or on the day of the verdict while the coffee is not packed.
func (r Rules) quality(s Subject, own []Right, at time.Time) []Evidence {
	if s.PackedOn != nil {
		at = *s.PackedOn
	}
	sources, lapsed := reports(s, own, at)
	if len(sources) == 0 {
		if lapsed {
			return []Evidence{evidence(Undetermined, "product.report_lapsed", "Kind", kindTerm(s.Kind), "Day", at)}
		}
		return []Evidence{evidence(Undetermined, "product.no_report", "Kind", kindTerm(s.Kind))}
	}
	var found []Evidence
	for _, b := range r.BandsOf(s.Kind) {
		found = append(found, b.check(sources))
	}
	return found
}

func reports(s Subject, own []Right, at time.Time) (found []source, lapsed bool) {
	for _, q := range s.Quality {
		if q.Kind == s.Kind || q.Kind == "" {
			found = append(found, source{q, "lot"})
		}
	}
	newestFirst(found)
	var periodic []source
	for _, right := range own {
		for _, q := range right.Reports {
			if q.Kind != s.Kind {
				continue
			}
			if !q.ValidTo.IsZero() && lang.OnDays(at, q.On, q.ValidTo) {
				periodic = append(periodic, source{q, "holder"})
			} else {
				lapsed = true
			}
		}
	}
	newestFirst(periodic)
	return append(found, periodic...), lapsed
}

func newestFirst(ss []source) {
	slices.SortStableFunc(ss, func(a, b source) int {
		return cmp.Or(b.On.Compare(a.On), cmp.Compare(b.Number, a.Number))
	})
}

// check takes the first report that measured the property.
func (b Band) check(sources []source) Evidence {
	name := Term("gi.property." + b.Property)
	for _, q := range sources {
		v, ok := q.Values[b.Property]
		if !ok || math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		res, code := Pass, "product.in_band."
		if !b.Holds(v) {
			res, code = Fail, "product.out_of_band."
		}
		return evidence(res, code+q.from, "Property", name, "Value", measure{v, b.Property}, "Band", b,
			"Number", q.Number, "Lab", q.Lab, "On", q.On)
	}
	return evidence(Undetermined, "product.not_measured", "Property", name, "Band", b)
}

func kindTerm(kind string) Term {
	switch kind {
	case "green", "roasted", "ground":
		return Term("gi.kind." + kind)
	}
	return "gi.kind.other"
}

func speciesTerm(species string) Term {
	switch species {
	case "arabica", "robusta", "blend":
		return Term("gi.species." + species)
	}
	return "gi.species.other"
}
