// Package place knows the communes of Sơn La: the 75 units since 1 July 2025,
// the units they were made from, and their outlines for maps. Its data files
// carry their source and licence.
package place

// Point is a WGS 84 position, longitude first as in RFC 7946.
type Point struct {
	Lon float64 `bson:"lon" json:"lon"`
	Lat float64 `bson:"lat" json:"lat"`
}

// Commune is one of today's 75 communes and wards.
type Commune struct {
	Code       string // five digits, as in the national catalogue: "03670"
	Name       string // "Chiềng Cơi"
	FullName   string // "Phường Chiềng Cơi"
	NameEn     string // "Chieng Coi"
	FullNameEn string // "Chieng Coi Ward"
	Ward       bool
	AreaKm2    float64
	Label      Point // an interior point, for a map label
}

// OldCommune is a unit that existed before 1 July 2025.
type OldCommune struct {
	Key      string // "mai-son/chieng-chung": folded district and name; a Chiềng Chung existed in two districts
	Name     string // "Chiềng Chung"
	District string // "Mai Sơn"
	Type     string // "xã", "phường" or "thị trấn"
	New      string // code of today's unit it lies in
}
