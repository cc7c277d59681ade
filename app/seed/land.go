package seed

import (
	"context"
	"fmt"
	"math"
	"time"

	"nguon/app/place"
	"nguon/qr/trace"
)

// ground is one seeded plot; its outline is drawn near the label point of its
// commune, Dx and Dy kilometres east and north of it.
type ground struct {
	code, producer, farmer string
	commune, old           string
	dx, dy, ha             float64
	altitude, planted      int
	species                trace.Species
	varieties              []string
	puc                    string
	point                  bool
}

var arabicas = []string{"Catimor"}

var grounds = []ground{
	{"SN-R01", suongNui, "demo-f01", "04132", "mai-son/chieng-ban", 0.4, 0.9, 1.8, 860, 2014, trace.Arabica, arabicas, "VN-SL-04132-01-24", false},
	{"SN-R02", suongNui, "demo-f02", "04132", "mai-son/chieng-ban", -0.8, 0.6, 1.2, 960, 2012, trace.Arabica, []string{"Catimor", "THA1"}, "VN-SL-04132-02-24", false},
	{"SN-R03", suongNui, "demo-f03", "04132", "mai-son/chieng-kheo", 0.9, -0.5, 2.4, 780, 2015, trace.Arabica, arabicas, "VN-SL-04132-03-24", false},
	{"SN-R04", suongNui, "demo-f04", "04132", "mai-son/chieng-dong", -0.5, -0.9, 1.5, 820, 2016, trace.Arabica, arabicas, "", false},
	{"SN-R05", suongNui, "demo-f01", "04132", "mai-son/chieng-ban", 1.2, 0.3, 4.6, 900, 2013, trace.Arabica, []string{"Catimor", "Typica"}, "VN-SL-04132-04-24", false},
	{"HN-R01", huaNoong, "demo-f05", "03670", "thanh-pho-son-la/hua-la", 0.5, 0.4, 1.1, 720, 2013, trace.Arabica, arabicas, "VN-SL-03670-01-24", false},
	{"HN-R02", huaNoong, "demo-f06", "03670", "thanh-pho-son-la/hua-la", -0.6, 0.2, 0.9, 740, 2017, trace.Arabica, arabicas, "", false},
	{"HN-R03", huaNoong, "demo-f05", "03670", "thanh-pho-son-la/chieng-co", 0.1, -0.8, 1.6, 690, 2015, trace.Arabica, []string{"THA1"}, "VN-SL-03670-02-24", false},
	{"BT-R01", banTrang, "demo-f07", "03679", "thanh-pho-son-la/chieng-ngan", 0.7, 0.3, 2.2, 760, 2011, trace.Arabica, arabicas, "VN-SL-03679-01-24", false},
	{"BT-R02", banTrang, "", "03679", "thanh-pho-son-la/chieng-ngan", -0.4, -0.5, 1.4, 800, 2014, trace.Arabica, arabicas, "", true},
	{"NS-R01", nhaSan, "demo-f08", "04117", "mai-son/muong-chanh", 0.3, 0.6, 0.8, 880, 2018, trace.Arabica, []string{"Catimor", "Bourbon"}, "", false},
	{"NS-R02", nhaSan, "demo-f08", "04117", "mai-son/chieng-chung", -0.7, -0.3, 0.6, 910, 2019, trace.Arabica, []string{"Bourbon"}, "", false},
	{"PD-R01", phaDin, "demo-f09", "03724", "thuan-chau/phong-lai", 0.8, 0.7, 2.8, 1_080, 2012, trace.Arabica, []string{"Catimor", "THA1"}, "VN-SL-03724-01-24", false},
	{"PD-R02", phaDin, "demo-f10", "03724", "thuan-chau/phong-lai", -0.6, 0.9, 1.9, 1_140, 2013, trace.Arabica, arabicas, "VN-SL-03724-02-24", false},
	{"PD-R03", phaDin, "", "03724", "thuan-chau/chieng-pha", 0.2, -0.9, 3.1, 980, 2010, trace.Arabica, arabicas, "VN-SL-03724-03-24", false},
	{"NX-R01", naSan, "demo-f11", "04105", "mai-son/co-noi", 0.6, -0.4, 2.6, 640, 2015, trace.Arabica, arabicas, "VN-SL-04105-01-24", false},
	{"NX-R02", naSan, "", "04105", "mai-son/co-noi", -0.9, 0.5, 1.7, 655, 2016, trace.Arabica, arabicas, "", false},
	{"PP-R01", phiengPn, "demo-f12", "04159", "", 0.5, 0.8, 2.1, 830, 2018, trace.Arabica, arabicas, "VN-SL-04159-01-24", false},
	{"PP-R02", phiengPn, "", "04159", "mai-son/phieng-pan", -0.7, -0.2, 1.3, 850, 2018, trace.Arabica, arabicas, "", false},
	{"NT-R01", namTy, "demo-f13", "04186", "song-ma/nam-ty", 0.3, 0.3, 1.9, 430, 2020, trace.Robusta, []string{"TR4"}, "", false},
	{"NT-R02", namTy, "demo-f13", "04186", "song-ma/nam-ty", -0.5, 0.6, 1.2, 450, 2021, trace.Robusta, []string{"TR4", "TR9"}, "", true},
}

var farmers = []trace.Farmer{
	{ID: "demo-f01", Producer: suongNui, Name: "Lò Văn Pành"}, {ID: "demo-f02", Producer: suongNui, Name: "Quàng Thị Ỏm"},
	{ID: "demo-f03", Producer: suongNui, Name: "Cà Văn Hoan"}, {ID: "demo-f04", Producer: suongNui, Name: "Tòng Thị Lả"},
	{ID: "demo-f05", Producer: huaNoong, Name: "Lường Văn Dọn"}, {ID: "demo-f06", Producer: huaNoong, Name: "Lò Thị Phanh"},
	{ID: "demo-f07", Producer: banTrang, Name: "Hoàng Văn Inh"}, {ID: "demo-f08", Producer: nhaSan, Name: "Cầm Thị Hiêng"},
	{ID: "demo-f09", Producer: phaDin, Name: "Giàng A Sềnh"}, {ID: "demo-f10", Producer: phaDin, Name: "Mùa Thị Say"},
	{ID: "demo-f11", Producer: naSan, Name: "Nguyễn Đình Toại"}, {ID: "demo-f12", Producer: phiengPn, Name: "Vì Văn Chiến"},
	{ID: "demo-f13", Producer: namTy, Name: "Tòng Văn Yêu"},
}

// consented lists who allowed what; demo-f06 withdrew again.
var consented = []struct {
	farmer  string
	purpose trace.Purpose
}{
	{"demo-f01", trace.ShowName}, {"demo-f01", trace.ShowPlot}, {"demo-f02", trace.ShowName},
	{"demo-f06", trace.ShowName}, {"demo-f08", trace.ShowName}, {"demo-f08", trace.ShowPlot}, {"demo-f09", trace.ShowName},
}

var facilities = []trace.Facility{
	{ID: "demo-x01", Producer: suongNui, Name: "Xưởng sơ chế Ban Mới", Kind: trace.WetMill, Commune: "04132", OldCommune: "mai-son/chieng-ban"},
	{ID: "demo-x02", Producer: suongNui, Name: "Xưởng rang Sương Núi", Kind: trace.Roastery, Commune: "04132", OldCommune: "mai-son/chieng-ban"},
	{ID: "demo-x03", Producer: huaNoong, Name: "Sân phơi Bản Noong", Kind: trace.DryMill, Commune: "03670", OldCommune: "thanh-pho-son-la/hua-la"},
	{ID: "demo-x04", Producer: huaNoong, Name: "Xưởng rang Hua Noong", Kind: trace.Roastery, Commune: "03670", OldCommune: "thanh-pho-son-la/hua-la"},
	{ID: "demo-x05", Producer: banTrang, Name: "Xưởng Ban Trắng", Kind: trace.Roastery, Commune: "03679", OldCommune: "thanh-pho-son-la/chieng-sinh"},
	{ID: "demo-x06", Producer: banTrang, Name: "Trạm sơ chế Chiềng Ngần", Kind: trace.WetMill, Commune: "03679", OldCommune: "thanh-pho-son-la/chieng-ngan"},
	{ID: "demo-x07", Producer: nhaSan, Name: "Giàn phơi Nhà Sàn", Kind: trace.FarmYard, Commune: "04117", OldCommune: "mai-son/muong-chanh"},
	{ID: "demo-x08", Producer: nhaSan, Name: "Bếp rang Nhà Sàn", Kind: trace.Roastery, Commune: "04117", OldCommune: "mai-son/muong-chanh"},
	{ID: "demo-x09", Producer: phaDin, Name: "Trạm ướt Mây Pha Đin", Kind: trace.WetMill, Commune: "03724", OldCommune: "thuan-chau/phong-lai"},
	{ID: "demo-x10", Producer: phaDin, Name: "Xưởng rang Mây Pha Đin", Kind: trace.Roastery, Commune: "03724", OldCommune: "thuan-chau/phong-lai"},
	{ID: "demo-x11", Producer: naSan, Name: "Xưởng Nà Sản Xanh", Kind: trace.Roastery, Commune: "04105", OldCommune: "mai-son/co-noi"},
	{ID: "demo-x12", Producer: phiengPn, Name: "Xưởng Phiêng Pằn Xanh", Kind: trace.Roastery, Commune: "04159", OldCommune: "mai-son/phieng-pan"},
	{ID: "demo-x13", Producer: namTy, Name: "Sân nhà Nậm Ty", Kind: trace.FarmYard, Commune: "04186", OldCommune: "song-ma/nam-ty"},
}

func writeLand(ctx context.Context, s Services, y int) error {
	for _, f := range farmers {
		if err := s.Trace.SaveFarmer(ctx, f); err != nil {
			return err
		}
	}
	for _, f := range facilities {
		if err := s.Trace.SaveFacility(ctx, f); err != nil {
			return err
		}
	}
	for i, g := range grounds {
		p, err := g.plot(i)
		if err != nil {
			return err
		}
		if err := s.Trace.SavePlot(ctx, p); err != nil {
			return fmt.Errorf("%s: %w", g.code, err)
		}
	}
	return writeConsents(ctx, s, y)
}

func writeConsents(ctx context.Context, s Services, y int) error {
	for i, c := range consented {
		id := fmt.Sprintf("demo-c%02d", i+1)
		err := s.Trace.Consent(ctx, trace.Consent{ID: id, Farmer: c.farmer, Purpose: c.purpose,
			Given: day(y-1, time.October, 1), Evidence: "Phiếu đồng ý mẫu có chữ ký"})
		if err != nil {
			return err
		}
		if c.farmer == "demo-f06" {
			if err := s.Trace.WithdrawConsent(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (g ground) plot(i int) (trace.Plot, error) {
	c, ok := place.ByCode(g.commune)
	if !ok {
		return trace.Plot{}, fmt.Errorf("no commune %s", g.commune)
	}
	center := place.Point{Lon: c.Label.Lon + g.dx/kmPerLon(c.Label.Lat), Lat: c.Label.Lat + g.dy/kmPerLat}
	p := trace.Plot{
		ID: "demo-" + g.code, Code: g.code, Producer: g.producer, Farmer: g.farmer, AreaHa: g.ha,
		AltitudeM: g.altitude, Species: g.species, Varieties: g.varieties, Planted: g.planted, PUC: g.puc,
		Commune: g.commune, OldCommune: g.old, Demo: true,
	}
	if g.point {
		p.Point = &center
	} else {
		p.Ring = outline(center, g.ha, i)
	}
	return p, nil
}

const kmPerLat = 111.2

func kmPerLon(lat float64) float64 { return kmPerLat * math.Cos(lat*math.Pi/180) }

// outline draws a field of the given area: a closed, star-shaped polygon of
// seven to nine corners, six decimals as TRACES asks for.
func outline(center place.Point, ha float64, variety int) []place.Point {
	corners := 7 + variety%3
	radii := make([]float64, corners)
	for k := range radii {
		radii[k] = 1 + 0.28*math.Sin(float64(3*k+variety))
	}
	step := 2 * math.Pi / float64(corners)
	unit := 0.0
	for k := range radii {
		unit += radii[k] * radii[(k+1)%corners] * math.Sin(step) / 2
	}
	scale := math.Sqrt(ha / 100 / unit) // kilometres
	ring := make([]place.Point, 0, corners+1)
	for k, r := range radii {
		sin, cos := math.Sincos(step * float64(k))
		ring = append(ring, place.Point{
			Lon: round6(center.Lon + scale*r*cos/kmPerLon(center.Lat)),
			Lat: round6(center.Lat + scale*r*sin/kmPerLat),
		})
	}
	return append(ring, ring[0])
}

func round6(f float64) float64 { return math.Round(f*1e6) / 1e6 }
