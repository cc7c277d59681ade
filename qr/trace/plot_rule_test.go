package trace

import (
	"math"
	"testing"

	"nguon/app/fault"
	"nguon/app/place"
)

func TestPlotValidate(t *testing.T) {
	shifted := func(ring []place.Point, i int, p place.Point) []place.Point {
		ring[i] = p
		return ring
	}
	tests := []struct {
		name  string
		alter func(*Plot)
		field string // "" for a sound plot
	}{
		{"sound", func(p *Plot) {}, ""},
		{"a point is enough up to 4 ha", func(p *Plot) { p.Ring, p.Point, p.AreaHa = nil, &place.Point{Lon: 104, Lat: 21.2}, 4 }, ""},
		{"a point above 4 ha", func(p *Plot) { p.Ring, p.Point, p.AreaHa = nil, &place.Point{Lon: 104, Lat: 21.2}, 4.01 }, "trace.plot.polygon_needed"},
		{"neither point nor ring", func(p *Plot) { p.Ring = nil }, "trace.plot.where"},
		{"three points", func(p *Plot) { p.Ring = p.Ring[:3] }, "trace.plot.ring_short"},
		{"open", func(p *Plot) { p.Ring = p.Ring[:4] }, "trace.plot.ring_open"},
		{"bow tie", func(p *Plot) { p.Ring[1], p.Ring[2] = p.Ring[2], p.Ring[1] }, "trace.plot.ring_crosses"},
		{"spike", func(p *Plot) {
			p.Ring = []place.Point{{Lon: 104, Lat: 21.2}, {Lon: 104.001, Lat: 21.2}, {Lon: 104.002, Lat: 21.2}, {Lon: 104.001, Lat: 21.2}, {Lon: 104, Lat: 21.201}, {Lon: 104, Lat: 21.2}}
		}, "trace.plot.ring_crosses"},
		{"point twice", func(p *Plot) { p.Ring = append(p.Ring[:2:2], p.Ring[1:]...) }, "trace.plot.ring_crosses"},
		{"touches itself", func(p *Plot) {
			p.Ring = []place.Point{{Lon: 104, Lat: 21.2}, {Lon: 104.002, Lat: 21.2}, {Lon: 104.002, Lat: 21.202}, {Lon: 104.001, Lat: 21.2}, {Lon: 104, Lat: 21.202}, {Lon: 104, Lat: 21.2}}
		}, "trace.plot.ring_crosses"},
		{"latitude first", func(p *Plot) {
			for i, q := range p.Ring {
				p.Ring[i] = place.Point{Lon: q.Lat, Lat: q.Lon}
			}
		}, "trace.plot.far_away"},
		{"not a number", func(p *Plot) { p.Ring = shifted(p.Ring, 1, place.Point{Lon: math.NaN(), Lat: 21}) }, "trace.plot.far_away"},
		{"point elsewhere", func(p *Plot) { p.Point = &place.Point{Lon: 105.8, Lat: 21} }, "trace.plot.far_away"},
		{"area 14 % off", func(p *Plot) { p.AreaHa = 1.14 }, ""},
		{"area 20 % off", func(p *Plot) { p.AreaHa = 1.2 }, "trace.plot.area_differs"},
		{"area of nothing", func(p *Plot) { p.AreaHa = 0 }, "trace.plot.area_range"},
		{"area not a number", func(p *Plot) { p.AreaHa = math.NaN() }, "trace.plot.area_range"},
		{"unknown commune", func(p *Plot) { p.Commune = "99999" }, "trace.commune.unknown"},
		{"unknown old commune", func(p *Plot) { p.OldCommune = "nowhere" }, "trace.commune.old_unknown"},
		{"old commune of another", func(p *Plot) { p.OldCommune = "mai-son/muong-chanh" }, "trace.commune.old_elsewhere"},
		{"old commune not known", func(p *Plot) { p.OldCommune = "" }, ""},
		{"planted next year", func(p *Plot) { p.Planted = 2027 }, "trace.plot.planted"},
		{"above the highest peak", func(p *Plot) { p.AltitudeM = 3200 }, "trace.plot.altitude"},
		{"altitude not known", func(p *Plot) { p.AltitudeM = 0 }, ""},
		{"Vietnamese number", func(p *Plot) { p.Code = "Thửa 1" }, "trace.plot.code"},
		{"species", func(p *Plot) { p.Species = "liberica" }, "trace.plot.species"},
		{"blank variety", func(p *Plot) { p.Varieties = []string{" "} }, "trace.plot.varieties"},
		{"any growing-area code", func(p *Plot) { p.PUC = "whatever the office wrote" }, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := onePlot()
			tt.alter(&p)
			err := p.Validate(theNow)
			if tt.field == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			wantFault(t, err, fault.Invalid, "trace.plot.invalid", tt.field)
		})
	}
}

func TestPUCLooksUsual(t *testing.T) {
	for puc, want := range map[string]bool{
		"VN-66-650-24370-94-21": true, // the example of Decision 3156
		"VN-14-04132-01-24":     true, // without a district
		"VN-SL-04132-01-24":     false,
		"":                      false,
		"vn-14-04132-01-24":     false,
	} {
		if got := PUCLooksUsual(puc); got != want {
			t.Errorf("%q: %v", puc, got)
		}
	}
}

func TestPlotWarnings(t *testing.T) {
	if got := onePlot().Warnings(); len(got) != 0 {
		t.Errorf("sound plot: %v", got)
	}
	p := onePlot()
	p.PUC, p.Commune, p.OldCommune = "ABC", "03646", ""
	got := p.Warnings()
	want := []string{"trace.plot.puc_unusual", "trace.plot.other_commune", "trace.plot.old_missing"}
	if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
		t.Errorf("got %v", got)
	}
}

func TestRingHectares(t *testing.T) {
	if ha := ringHectares(square(103.9733, 21.1799, 200)); ha < 3.9 || ha > 4.1 {
		t.Errorf("200 m by 200 m is %v ha", ha)
	}
}

func FuzzRing(f *testing.F) {
	f.Add([]byte{0, 0, 9, 0, 9, 9, 0, 9, 0, 0})
	f.Add([]byte{0, 0, 9, 9, 9, 0, 0, 9, 0, 0})
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, b []byte) {
		var ring []place.Point
		for i := 0; i+1 < len(b) && len(ring) < 40; i += 2 {
			ring = append(ring, place.Point{Lon: 104 + float64(b[i])/1000, Lat: 21 + float64(b[i+1])/1000})
		}
		reversed := make([]place.Point, len(ring))
		for i, p := range ring {
			reversed[len(ring)-1-i] = p
		}
		got := ringFault(ring)
		if back := ringFault(reversed); got != back {
			t.Fatalf("%q, reversed %q", got, back)
		}
		if got != "" {
			return
		}
		if ha := ringHectares(ring); !(ha > 0) || math.IsInf(ha, 0) {
			t.Fatalf("a sound ring of %v ha", ha)
		}
	})
}
