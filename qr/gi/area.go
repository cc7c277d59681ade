package gi

import (
	"slices"

	"nguon/app/lang"
	"nguon/app/place"
)

// Cover says how much of one of today's units lies in the area.
type Cover string

// Full and None decide for every plot of the unit; Partial decides nothing
// without the commune of before July 2025.
const (
	Full    Cover = "full"
	Partial Cover = "partial"
	None    Cover = "none"
)

// Unit is one of today's communes with the parts of it that belong to the area
// and those that do not.
type Unit struct {
	Commune         place.Commune
	Cover           Cover
	Inside, Outside []place.OldCommune
}

// Unit sorts the parts of one of today's communes; ok is false for an unknown
// code.
func (r Rules) Unit(code string) (u Unit, ok bool) {
	u.Commune, ok = place.ByCode(code)
	for _, o := range place.OldUnitsOf(code) {
		if slices.Contains(r.OldCommunes, o.Key) {
			u.Inside = append(u.Inside, o)
		} else {
			u.Outside = append(u.Outside, o)
		}
	}
	switch {
	case len(u.Inside) == 0:
		u.Cover = None
	case len(u.Outside) == 0:
		u.Cover = Full
	default:
		u.Cover = Partial
	}
	return u, ok
}

// Units lists today's communes that lie in the area, wholly or partly, by code.
func (r Rules) Units() []Unit {
	var found []Unit
	for _, c := range place.All() {
		if u, _ := r.Unit(c.Code); u.Cover != None {
			found = append(found, u)
		}
	}
	return found
}

// area decides where the coffee grew: every plot inside and within the
// altitudes.
func (r Rules) area(s Subject) Test {
	t := Test{Name: "area"}
	if len(s.Plots) == 0 {
		t.add(Undetermined, "area.no_plots")
	}
	for _, g := range s.Plots {
		t.Evidence = append(t.Evidence, r.locate(g, "area."), r.altitude(g))
	}
	if r.ProcessInArea {
		if len(s.Processed) == 0 {
			t.add(Undetermined, "area.facility.none")
		}
		for _, g := range s.Processed {
			t.Evidence = append(t.Evidence, r.locate(g, "area.facility."))
		}
	}
	return t.close()
}

// locate decides by the commune of before July 2025, and where that is not
// recorded by today's, which is enough when it lies wholly in or out.
func (r Rules) locate(g Ground, code string) Evidence {
	u, known := r.Unit(g.Commune)
	if old, ok := place.Old(g.OldCommune); ok {
		if known && old.New != g.Commune {
			return evidence(Undetermined, code+"conflict", "Plot", g.Plot, "Old", oldName(old), "Commune", communeName(u.Commune))
		}
		if slices.Contains(r.OldCommunes, old.Key) {
			return evidence(Pass, code+"inside", "Plot", g.Plot, "Old", oldName(old))
		}
		return evidence(Fail, code+"outside", "Plot", g.Plot, "Old", oldName(old))
	}
	switch {
	case !known:
		return evidence(Undetermined, code+"commune_unknown", "Plot", g.Plot)
	case u.Cover == Full:
		return evidence(Pass, code+"commune_inside", "Plot", g.Plot, "Commune", communeName(u.Commune))
	case u.Cover == None:
		return evidence(Fail, code+"commune_outside", "Plot", g.Plot, "Commune", communeName(u.Commune))
	default:
		return evidence(Undetermined, code+"old_unknown", "Plot", g.Plot, "Commune", communeName(u.Commune),
			"Inside", names(u.Inside), "Outside", names(u.Outside))
	}
}

func (r Rules) altitude(g Ground) Evidence {
	args := []any{"Plot", g.Plot, "Altitude", g.AltitudeM, "Min", r.AltitudeMin, "Max", r.AltitudeMax}
	switch {
	case g.AltitudeM == 0:
		return evidence(Undetermined, "area.altitude_unknown", args...)
	case g.AltitudeM < r.AltitudeMin || g.AltitudeM > r.AltitudeMax:
		return evidence(Fail, "area.altitude_out", args...)
	}
	return evidence(Pass, "area.altitude_in", args...)
}

func communeName(c place.Commune) lang.Text {
	vi, en := "xã ", " commune"
	if c.Ward {
		vi, en = "phường ", " ward"
	}
	return lang.Text{Vi: vi + c.Name, En: c.Name + en}
}

// oldName names a unit with its district, because two districts had a Chiềng
// Chung.
func oldName(o place.OldCommune) lang.Text {
	en := map[string]string{"xã": " commune", "phường": " ward", "thị trấn": " township"}[o.Type]
	district := o.District + " district"
	if o.District == "Thành phố Sơn La" {
		district = "Sơn La city"
	}
	return lang.Text{Vi: o.FullName() + ", " + o.DistrictName(), En: o.Name + en + ", " + district}
}

func names(os []place.OldCommune) string {
	s := ""
	for i, o := range os {
		if i > 0 {
			s += ", "
		}
		s += o.Name
	}
	return s
}
