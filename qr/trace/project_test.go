package trace

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/place"
)

const (
	farmerName  = "Lò Văn Pành"
	farmerPhoto = "photos/panh-7781.jpg"
)

func privateSources(t *testing.T) Sources {
	t.Helper()
	p := onePlot()
	p.Farmer = "farmer-17"
	l := packed(t)
	if err := l.callBack(Recall{By: "anna", Reason: lang.Text{Vi: "mốc"}, Advice: lang.Text{Vi: "đừng uống"}}, theNow); err != nil {
		t.Fatal(err)
	}
	return Sources{Lot: l, Land: Land{Plots: []Plot{p}},
		Farmers: []Farmer{{ID: "farmer-17", Producer: "coop", Name: farmerName, Photo: farmerPhoto}},
		Facilities: []Facility{{ID: "yard", Name: "Sân nhà ông Pành", Kind: FarmYard, Commune: "04132"},
			{ID: "mill", Name: "Xưởng Ban Mới", Kind: WetMill, Commune: "04132"}}}
}

func consent(p Purpose) Consent {
	return Consent{ID: string(p), Farmer: "farmer-17", Purpose: p, Given: theNow.AddDate(0, -6, 0), Evidence: "signed form"}
}

// leaves lists every value in v, however deep, as text.
func leaves(v reflect.Value, found *[]string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			leaves(v.Elem(), found)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			leaves(v.Field(i), found)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			leaves(v.Index(i), found)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			leaves(k, found)
			leaves(v.MapIndex(k), found)
		}
	default:
		*found = append(*found, fmt.Sprint(v))
	}
}

// Without consent nothing personal is anywhere in what is public.
func TestProjectHidesPeople(t *testing.T) {
	s := privateSources(t)
	v := Project(s, theNow)
	var all []string
	leaves(reflect.ValueOf(v), &all)
	js, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(all, "\n") + string(js)
	hidden := []string{farmerName, "Pành", farmerPhoto, "farmer-17", "anna", "yard"}
	for _, p := range s.Land.Plots[0].Ring {
		hidden = append(hidden, fmt.Sprint(p.Lon), fmt.Sprint(p.Lat))
	}
	for _, h := range hidden {
		if strings.Contains(text, h) {
			t.Errorf("%q is public", h)
		}
	}
	if !strings.Contains(text, "Xưởng Ban Mới") || v.Steps[0].FacilityKind != FarmYard {
		t.Error("what is public is missing")
	}
	if v.Recall == nil || v.Recall.Reason.Vi != "mốc" || s.Lot.Recall.By != "anna" {
		t.Error("the recall is not shown, or the lot was changed")
	}
}

func TestProjectAppliesEachConsent(t *testing.T) {
	before, after := theNow.Add(-time.Second), theNow.Add(time.Second)
	withdrawn := func(at time.Time) *time.Time { return &at }
	tests := []struct {
		name              string
		consents          []Consent
		farmer, photo, ok bool
	}{
		{"none", nil, false, false, false},
		{"name", []Consent{consent(ShowName)}, true, false, false},
		{"photo", []Consent{consent(ShowPhoto)}, false, true, false},
		{"outline", []Consent{consent(ShowPlot)}, false, false, true},
		{"all", []Consent{consent(ShowName), consent(ShowPhoto), consent(ShowPlot)}, true, true, true},
		{"of another person", []Consent{{Farmer: "farmer-18", Purpose: ShowName, Given: before}}, false, false, false},
		{"not given yet", []Consent{{Farmer: "farmer-17", Purpose: ShowName, Given: after}}, false, false, false},
		{"withdrawn a second ago", []Consent{{Farmer: "farmer-17", Purpose: ShowName, Given: before, Withdrawn: withdrawn(before)}}, false, false, false},
		{"withdrawn this moment", []Consent{{Farmer: "farmer-17", Purpose: ShowName, Given: before, Withdrawn: withdrawn(theNow)}}, false, false, false},
		{"withdrawn and given anew", []Consent{{Farmer: "farmer-17", Purpose: ShowName, Given: before, Withdrawn: withdrawn(before)}, consent(ShowName)}, true, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := privateSources(t)
			s.Consents = tt.consents
			p := Project(s, theNow).Plots[0]
			if (p.Farmer == farmerName) != tt.farmer || (p.Photo == farmerPhoto) != tt.photo || (len(p.Ring) > 0) != tt.ok {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestBlur(t *testing.T) {
	for _, p := range []place.Point{{Lon: 103.9733, Lat: 21.1799}, {Lon: 104, Lat: 21}, {Lon: 103.99999, Lat: 21.01}, {Lon: -0.001, Lat: 0}} {
		got := blur(p)
		if math.Abs(got.Lon-p.Lon) > grid/2+1e-9 || math.Abs(got.Lat-p.Lat) > grid/2+1e-9 {
			t.Errorf("%v became %v", p, got)
		}
		if n := math.Round(got.Lon * 100); math.Mod(math.Abs(n), 2) != 1 {
			t.Errorf("%v is not the centre of a cell", got)
		}
	}
	if blur(place.Point{Lon: 103.9601, Lat: 21.1601}) != blur(place.Point{Lon: 103.9799, Lat: 21.1799}) {
		t.Error("two points of one cell can be told apart")
	}
}

func TestProjectShowsChain(t *testing.T) {
	s := privateSources(t)
	v := Project(s, theNow)
	if !v.ChainValid || v.ChainHead != s.Lot.Events[5].Hash || v.Balance.PackableGrams != 85_000 {
		t.Errorf("got %v %v %v", v.ChainValid, v.ChainHead, v.Balance)
	}
	s.Lot.Events[2].OutGrams++
	if Project(s, theNow).ChainValid {
		t.Error("a changed history is called valid")
	}
}
