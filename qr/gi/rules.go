package gi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"nguon/app/lang"
	"nguon/app/place"
)

// Rules are what the indication demands, as data/rules.json states them. They
// are values: a caller may change its copy's settings and judge by it.
type Rules struct {
	Name             lang.Text `json:"name"`
	Registration     string    `json:"registration"` // number; sources disagree, see RegistrationNote
	Decision         string    `json:"decision"`
	Decided          Date      `json:"decided"`
	RegistrationNote lang.Text `json:"registrationNote"`
	Manager          lang.Text `json:"manager"`
	Species          string    `json:"species"`
	Kinds            []string  `json:"kinds"` // product kinds: "green", "roasted", "ground"
	AltitudeMin      int       `json:"altitudeMin"`
	AltitudeMax      int       `json:"altitudeMax"` // metres, inclusive
	Bands            []Band    `json:"bands"`
	Cup              lang.Text `json:"cup"`         // what the brew is like, in words; not tested
	OldCommunes      []string  `json:"oldCommunes"` // keys of place.OldCommune
	AreaNote         lang.Text `json:"areaNote"`
	ProcessInArea    bool      `json:"processInArea"` // the area test then also asks for Subject.Processed
	ProcessNote      lang.Text `json:"processNote"`
}

// Band is the range in which a property of some kinds must lie, ends included.
type Band struct {
	Kinds    []string `json:"kinds"`
	Property string   `json:"property"` // "caffeine_pct"; its name is the message "gi.property." + Property
	Min      float64  `json:"min"`
	Above    bool     `json:"above,omitempty"` // Min itself is not enough
	Max      float64  `json:"max,omitempty"`   // 0 when there is no upper end
}

// Date is a calendar day in Vietnam, in JSON "2017-09-28".
type Date struct{ time.Time }

// UnmarshalJSON reads "2017-09-28".
func (d *Date) UnmarshalJSON(b []byte) (err error) {
	d.Time, err = time.ParseInLocation(`"`+time.DateOnly+`"`, string(b), lang.Zone)
	return err
}

//go:embed data/rules.json
var rulesJSON []byte

// Read once and never written again.
var today = mustRules(rulesJSON)

func mustRules(raw []byte) Rules {
	var r Rules
	if err := json.Unmarshal(raw, &r); err != nil {
		panic(fmt.Errorf("gi: rules.json: %w", err))
	}
	for _, key := range r.OldCommunes {
		if _, ok := place.Old(key); !ok {
			panic(fmt.Errorf("gi: rules.json: %q is no commune of before July 2025", key))
		}
	}
	return r
}

// RulesToday are the rules in force. The caller owns them.
func RulesToday() Rules {
	r := today
	r.Kinds = slices.Clone(r.Kinds)
	r.OldCommunes = slices.Clone(r.OldCommunes)
	r.Bands = slices.Clone(r.Bands)
	return r
}

// BandsOf lists the bands of a product kind; empty for a kind that the
// indication does not name.
func (r Rules) BandsOf(kind string) []Band {
	var found []Band
	for _, b := range r.Bands {
		if slices.Contains(b.Kinds, kind) {
			found = append(found, b)
		}
	}
	return found
}

// Holds reports whether a measured value lies in the band.
func (b Band) Holds(v float64) bool {
	if v < b.Min || b.Above && v == b.Min {
		return false
	}
	return b.Max == 0 || v <= b.Max
}

// In writes the band in words: "0,8–1,28 %", "trên 4,75 mm".
func (b Band) In(l lang.Lang) string {
	unit := l.T("gi.unit." + b.Property)
	switch {
	case b.Max != 0:
		return l.Num(b.Min, 2) + "–" + l.Num(b.Max, 2) + "\u00a0" + unit
	case b.Above:
		return l.T("gi.band.above", "Min", l.Num(b.Min, 2), "Unit", unit)
	default:
		return l.T("gi.band.from", "Min", l.Num(b.Min, 2), "Unit", unit)
	}
}

// measure is a value with its unit, for evidence.
type measure struct {
	Value    float64 `json:"value"`
	Property string  `json:"property"`
}

// In writes the value as the language writes numbers: "1,2 %".
func (m measure) In(l lang.Lang) string {
	return l.Num(m.Value, 3) + "\u00a0" + l.T("gi.unit."+m.Property)
}
