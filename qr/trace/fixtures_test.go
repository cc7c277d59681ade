package trace

import (
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/place"
)

const (
	gtin250 = "08938505970011"
	gtin500 = "08938505970028"
)

// theNow is the fixed clock of the tests: after the season of the lot.
var theNow = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)

func day(month time.Month, d int) time.Time {
	year := 2026
	if month >= time.July {
		year = 2025
	}
	return time.Date(year, month, d, 2, 0, 0, 0, time.UTC)
}

// square is a closed ring of about a side of m metres in Chiềng Ban.
func square(lon, lat, m float64) []place.Point {
	dx, dy := m/103_900, m/110_700
	return []place.Point{{Lon: lon, Lat: lat}, {Lon: lon + dx, Lat: lat}, {Lon: lon + dx, Lat: lat + dy}, {Lon: lon, Lat: lat + dy}, {Lon: lon, Lat: lat}}
}

func onePlot() Plot {
	return Plot{ID: "p1", Code: "R-01", Producer: "coop", Ring: square(103.9733, 21.1799, 100), AreaHa: 1, AltitudeM: 860,
		Species: Arabica, Varieties: []string{"Catimor", "THA1"}, Planted: 2014, PUC: "VN-14-04132-01-24",
		Commune: "04132", OldCommune: "mai-son/chieng-ban"}
}

// oneLot has room for 25 t of cherries on its one plot.
func oneLot() Lot {
	return Lot{ID: "lot1", Code: "SN-26-01", Producer: "coop", Items: []Item{{gtin250, 250}, {gtin500, 500}},
		Plots: []string{"p1"}, Species: Arabica, Season: "2025/2026"}
}

func oneLand() Land { return Land{Plots: []Plot{onePlot()}} }

// begun is a stored lot without events.
func begun() Lot {
	l := oneLot()
	l.begin(theNow)
	return l
}

// course is a sound washed lot: 700 kg of cherries, 100 kg of green beans,
// 85 kg roasted and packed.
func course() []Event {
	return []Event{
		{Key: "1", Kind: Harvest, Facility: "yard", At: day(time.November, 3), Plots: []string{"p1"}, OutForm: Cherry, OutGrams: 700_000, By: "anna"},
		{Key: "2", Kind: Pulp, Facility: "mill", At: day(time.November, 4), InForm: Cherry, OutForm: WetParch, InGrams: 700_000, OutGrams: 315_000, Detail: "washed", By: "anna"},
		{Key: "3", Kind: Dry, Facility: "mill", At: day(time.November, 20), InForm: WetParch, OutForm: Parchment, InGrams: 315_000, OutGrams: 125_000, By: "anna"},
		{Key: "4", Kind: Hull, Facility: "mill", At: day(time.January, 10), InForm: Parchment, OutForm: Green, InGrams: 125_000, OutGrams: 100_000, By: "anna"},
		{Key: "5", Kind: Roast, Facility: "roastery", At: day(time.February, 2), InForm: Green, OutForm: Roasted, InGrams: 100_000, OutGrams: 85_000, Detail: "medium", By: "anna"},
		{Key: "6", Kind: Pack, Facility: "roastery", At: day(time.February, 3), InForm: Roasted, OutForm: Roasted, InGrams: 85_000, OutGrams: 85_000, By: "anna"},
	}
}

func mustRecord(t *testing.T, l *Lot, land Land, events ...Event) {
	t.Helper()
	for _, e := range events {
		if err := l.record(e, land, theNow); err != nil {
			t.Fatalf("event %s %s: %v", e.Key, e.Kind, err)
		}
	}
}

func packed(t *testing.T) Lot {
	t.Helper()
	l := begun()
	mustRecord(t, &l, oneLand(), course()...)
	return l
}

func aRun(key string, first, count int64) Run {
	return Run{Key: key, GTIN: gtin250, First: first, Count: count, KeyID: "k1", By: "anna"}
}

func mustPrint(t *testing.T, l *Lot, r Run) Run {
	t.Helper()
	got, err := l.print(r, oneLand(), theNow)
	if err != nil {
		t.Fatalf("run %s: %v", r.Key, err)
	}
	return got
}

// wantFault checks kind and code, and that the code of one field is among the fault's.
func wantFault(t *testing.T, err error, kind fault.Kind, code, field string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want %s", code)
	}
	f := fault.As(err)
	if f.Kind != kind || f.Code != code {
		t.Fatalf("got %v, want %v %s", err, kind, code)
	}
	if field == "" {
		return
	}
	for _, x := range f.Fields {
		if x.Code == field {
			return
		}
	}
	t.Fatalf("got fields %v, want %s", f.Fields, field)
}
