package trace

import (
	"time"

	"nguon/app/place"
)

// Plot is a piece of land on which coffee grows.
type Plot struct {
	ID         string        `bson:"_id"`
	Code       string        `bson:"code"`     // the producer's own number, ASCII, unique within the producer
	Producer   string        `bson:"producer"` // organisation id
	Farmer     string        `bson:"farmer,omitempty"`
	Ring       []place.Point `bson:"ring,omitempty"`  // outer ring, closed; empty when only Point is known
	Point      *place.Point  `bson:"point,omitempty"` // for plots without a polygon
	AreaHa     float64       `bson:"areaHa"`
	AltitudeM  int           `bson:"altitudeM"` // 0 when unknown
	Species    Species       `bson:"species"`
	Varieties  []string      `bson:"varieties"` // "Catimor", "THA1"
	Planted    int           `bson:"planted"`   // year, 0 when unknown
	PUC        string        `bson:"puc,omitempty"`
	Commune    string        `bson:"commune"`              // today's code
	OldCommune string        `bson:"oldCommune,omitempty"` // place.OldCommune.Key, "" when unknown
	Demo       bool          `bson:"demo,omitempty"`
}

// Species is the botanical species of the coffee.
type Species string

// The species grown in the province.
const (
	Arabica Species = "arabica" // Coffea arabica
	Robusta Species = "robusta" // Coffea canephora
)

// Farmer is a person; nothing of it is public without a Consent.
type Farmer struct {
	ID       string `bson:"_id"`
	Producer string `bson:"producer"`
	Name     string `bson:"name"`
	Photo    string `bson:"photo,omitempty"`
}

// Purpose is what a person may consent to have shown.
type Purpose string

// Purposes of consent; each is given and withdrawn by itself.
const (
	ShowName  Purpose = "name"
	ShowPhoto Purpose = "photo"
	ShowPlot  Purpose = "plot" // the exact outline of the person's plots
)

// Consent is the record that a farmer allowed one purpose.
type Consent struct {
	ID        string     `bson:"_id"`
	Farmer    string     `bson:"farmer"`
	Purpose   Purpose    `bson:"purpose"`
	Given     time.Time  `bson:"given"`
	Withdrawn *time.Time `bson:"withdrawn,omitempty"`
	Evidence  string     `bson:"evidence"` // how it was given: "signed form 12/2025"
}

// FacilityKind says what is done at a facility.
type FacilityKind string

// Kinds of facility.
const (
	WetMill   FacilityKind = "wet_mill"
	DryMill   FacilityKind = "dry_mill"
	Roastery  FacilityKind = "roastery"
	Warehouse FacilityKind = "warehouse"
	FarmYard  FacilityKind = "farm"
)

// Facility is a place where coffee is processed or kept; every processing
// event names one.
type Facility struct {
	ID         string       `bson:"_id"`
	Producer   string       `bson:"producer"`
	Name       string       `bson:"name"`
	Kind       FacilityKind `bson:"kind"`
	Commune    string       `bson:"commune"`
	OldCommune string       `bson:"oldCommune,omitempty"`
}
