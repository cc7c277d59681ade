// Package place knows the communes of Sơn La: the 75 units since 1 July 2025,
// the units they were made from, and their outlines for maps. Its data files
// carry their source and licence.
package place

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Point is a WGS 84 position, longitude first as in RFC 7946.
type Point struct {
	Lon float64 `bson:"lon" json:"lon"`
	Lat float64 `bson:"lat" json:"lat"`
}

// Commune is one of today's 75 communes and wards.
type Commune struct {
	Code       string  `json:"code"`       // five digits, as in the national catalogue: "03670"
	Name       string  `json:"name"`       // "Chiềng Cơi"
	FullName   string  `json:"fullName"`   // "Phường Chiềng Cơi"
	NameEn     string  `json:"nameEn"`     // "Chieng Coi"
	FullNameEn string  `json:"fullNameEn"` // "Chieng Coi Ward"
	Ward       bool    `json:"ward"`
	AreaKm2    float64 `json:"areaKm2"` // as stated, not measured on the outline
	Label      Point   `json:"label"`   // an interior point, for a map label
}

// OldCommune is a unit that existed before 1 July 2025.
type OldCommune struct {
	Key      string `json:"key"`      // "mai-son/chieng-chung": folded district and name; a Chiềng Chung existed in two districts
	Name     string `json:"name"`     // "Chiềng Chung"
	District string `json:"district"` // "Mai Sơn"
	Type     string `json:"type"`     // "xã", "phường" or "thị trấn"
	New      string `json:"new"`      // code of today's unit it lies in
}

// FullName is the name as people wrote it: "xã Chiềng Chung".
func (o OldCommune) FullName() string { return o.Type + " " + o.Name }

// DistrictName is the district with what it was: "huyện Mai Sơn", "Thành phố
// Sơn La". Districts ended on 1 July 2025.
func (o OldCommune) DistrictName() string {
	if strings.HasPrefix(o.District, "Thành phố") || strings.HasPrefix(o.District, "Thị xã") {
		return o.District
	}
	return "huyện " + o.District
}

//go:embed data/communes.json
var communesJSON []byte

type gazetteer struct {
	Communes []Commune    `json:"communes"`
	Old      []OldCommune `json:"old"`

	byCode map[string]int
	byKey  map[string]int
}

// Read once and never written again.
var units = mustGazetteer(communesJSON)

func mustGazetteer(raw []byte) gazetteer {
	var g gazetteer
	if err := json.Unmarshal(raw, &g); err != nil {
		panic(fmt.Errorf("place: communes.json: %w", err))
	}
	g.byCode = make(map[string]int, len(g.Communes))
	for i, c := range g.Communes {
		g.byCode[c.Code] = i
	}
	g.byKey = make(map[string]int, len(g.Old))
	for i, o := range g.Old {
		g.byKey[o.Key] = i
	}
	return g
}

// All lists today's 75 units by code. The caller owns the slice.
func All() []Commune { return slices.Clone(units.Communes) }

// ByCode finds one of today's units.
func ByCode(code string) (Commune, bool) {
	i, ok := units.byCode[code]
	if !ok {
		return Commune{}, false
	}
	return units.Communes[i], true
}

// Old finds a unit that existed before 1 July 2025 by its key.
func Old(key string) (OldCommune, bool) {
	i, ok := units.byKey[key]
	if !ok {
		return OldCommune{}, false
	}
	return units.Old[i], true
}

// OldUnitsOf lists the units that today's unit was made from, by key; empty
// for an unknown code.
func OldUnitsOf(code string) []OldCommune {
	var found []OldCommune
	for _, o := range units.Old {
		if o.New == code {
			found = append(found, o)
		}
	}
	return found
}
