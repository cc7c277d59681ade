package trace

import (
	"math"
	"slices"
	"time"

	"nguon/app/place"
)

// Sources is what the public view of a lot is made from, hidden values included.
type Sources struct {
	Lot        Lot
	Land       Land
	Farmers    []Farmer
	Consents   []Consent
	Facilities []Facility
}

// Project builds what anybody may see of a lot as of now. It is the only
// place where consent is applied: a person's name, photo or plot outline passes only
// under that person's live consent for that purpose.
func Project(s Sources, now time.Time) PublicLot {
	l := s.Lot
	v := PublicLot{ID: l.ID, Code: l.Code, Producer: l.Producer, Items: slices.Clone(l.Items),
		Species: l.Species, Season: l.Season, PackedOn: l.PackedOn,
		Balance: l.Balance(s.Land), Quality: slices.Clone(l.Quality), Papers: slices.Clone(l.Papers),
		Changed: l.Changed, ChainHead: l.head(), ChainValid: l.VerifyChain() == nil, Demo: l.Demo}
	if l.Recall != nil {
		r := *l.Recall
		r.By = "" // a person
		v.Recall = &r
	}
	for _, id := range l.Plots {
		if i := slices.IndexFunc(s.Land.Plots, func(p Plot) bool { return p.ID == id }); i >= 0 {
			v.Plots = append(v.Plots, s.plot(s.Land.Plots[i], now))
		}
	}
	for _, st := range l.Steps() {
		v.Steps = append(v.Steps, s.step(st))
	}
	return v
}

func (s Sources) plot(p Plot, now time.Time) PublicPlot {
	v := PublicPlot{Code: p.Code, Commune: p.Commune, OldCommune: p.OldCommune, AreaHa: p.AreaHa,
		AltitudeM: p.AltitudeM, Species: p.Species, Varieties: slices.Clone(p.Varieties), Planted: p.Planted, PUC: p.PUC}
	if c, ok := p.centre(); ok {
		v.Near = blur(c)
	}
	i := slices.IndexFunc(s.Farmers, func(f Farmer) bool { return p.Farmer != "" && f.ID == p.Farmer })
	if i < 0 {
		return v
	}
	f := s.Farmers[i]
	if s.allows(f.ID, ShowName, now) {
		v.Farmer = f.Name
	}
	if s.allows(f.ID, ShowPhoto, now) {
		v.Photo = f.Photo
	}
	if s.allows(f.ID, ShowPlot, now) {
		v.Ring = slices.Clone(p.Ring)
	}
	return v
}

func (s Sources) allows(farmer string, p Purpose, now time.Time) bool {
	return slices.ContainsFunc(s.Consents, func(c Consent) bool {
		return c.Farmer == farmer && c.Purpose == p && c.Live(now)
	})
}

func (s Sources) step(st Step) PublicStep {
	v := PublicStep{Seq: st.Seq, Kind: st.Kind, At: st.At, Until: st.Until, InForm: st.InForm, OutForm: st.OutForm,
		InGrams: st.InGrams, OutGrams: st.OutGrams, Detail: st.Detail, Corrected: st.Corrected, Reason: st.Because, Hash: st.Hash}
	i := slices.IndexFunc(s.Facilities, func(f Facility) bool { return f.ID == st.Facility })
	if i < 0 {
		return v
	}
	f := s.Facilities[i]
	v.FacilityKind, v.Commune, v.Facility = f.Kind, f.Commune, f.publicName()
	return v
}

// publicName is empty for a farmyard: "the yard of Mr Lò Văn A" is a name
// without consent.
func (f Facility) publicName() string {
	if f.Kind == FarmYard {
		return ""
	}
	return f.Name
}

// grid is the width in degrees of the cells a plot's position is blurred to,
// about two kilometres.
const grid = 0.02

// blur returns the centre of the grid cell that holds p, to two decimals so that it
// carries nothing else of p.
func blur(p place.Point) place.Point {
	cell := func(x float64) float64 {
		return math.Round((math.Floor(x/grid)*grid+grid/2)*100) / 100
	}
	return place.Point{Lon: cell(p.Lon), Lat: cell(p.Lat)}
}
