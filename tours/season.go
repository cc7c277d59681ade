package tours

import (
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// MonthDay is a day of any year: month*100 + day. 229 is a day of leap years.
type MonthDay int

// Valid reports whether some year has the day.
func (d MonthDay) Valid() bool {
	m, day := time.Month(d/100), int(d%100)
	return m >= 1 && m <= 12 && day >= 1 && time.Date(2024, m, day, 0, 0, 0, 0, time.UTC).Month() == m // 2024 is a leap year
}

func monthDay(t time.Time) MonthDay {
	t = t.In(lang.Zone)
	return MonthDay(int(t.Month())*100 + t.Day())
}

// Season is a span of days of any year, both ends included; it may reach over
// the turn of the year. The zero season is the whole year.
type Season struct {
	From MonthDay `bson:"from"`
	To   MonthDay `bson:"to"`
}

// Validate is fault.Invalid for a season with half of its ends or with days that
// no year has.
func (s Season) Validate() error {
	if s == (Season{}) || s.From.Valid() && s.To.Valid() {
		return nil
	}
	return fault.New(fault.Invalid, "tours.season").Field("season", "tours.season")
}

// Has reports whether a day lies in the season. One that ends on the last day of
// February ends there in every year.
func (s Season) Has(t time.Time) bool {
	if s == (Season{}) {
		return true
	}
	day, to := monthDay(t), s.To
	if to == 228 {
		to = 229
	}
	if s.From <= to {
		return s.From <= day && day <= to
	}
	return s.From <= day || day <= to
}

// Ripe is when cherries are picked at an altitude of a commune, as people there
// have told. Unknown is unknown: a place without one is not ripe and not unripe.
type Ripe struct {
	Commune string `bson:"commune"` // code, "" for any
	Season  Season `bson:"season"`
	Low     int64  `bson:"low"`  // metres above the sea
	High    int64  `bson:"high"` // itself included
}

// RipeState is what is known of the cherries of a place today.
type RipeState string

// States of ripeness.
const (
	RipeNow     RipeState = "now"
	RipeSoon    RipeState = "soon" // within four weeks
	RipeLater   RipeState = "later"
	RipeUnknown RipeState = "unknown"
)

const soon = 28 * 24 * time.Hour

// RipeAt says what a calendar knows of a commune and altitude today. What names
// the commune counts before what names none.
func RipeAt(calendar []Ripe, commune string, metres int64, now time.Time) RipeState {
	best := RipeUnknown
	for _, exact := range [...]bool{true, false} {
		for _, r := range calendar {
			if (r.Commune == commune) != exact || !exact && r.Commune != "" || metres < r.Low || metres > r.High {
				continue
			}
			switch {
			case r.Season.Has(now):
				return RipeNow
			case r.Season.beginsWithin(now, soon):
				best = RipeSoon
			case best == RipeUnknown:
				best = RipeLater
			}
		}
		if best != RipeUnknown {
			return best
		}
	}
	return best
}

func (s Season) beginsWithin(now time.Time, d time.Duration) bool {
	for t := now; !t.After(now.Add(d)); t = t.Add(24 * time.Hour) {
		if monthDay(t) == s.From {
			return true
		}
	}
	return false
}

// band is how far from a host's own altitude its word about ripe cherries counts,
// in metres.
const band = 150

// Calendar is what hosts have told of ripe cherries: each harvest that is offered
// says when its own place is picked.
func Calendar(list []Tour) (ripe []Ripe) {
	for _, t := range list {
		if t.Kind == Harvest && t.Season != (Season{}) && t.Commune != "" {
			ripe = append(ripe, Ripe{Commune: t.Commune, Season: t.Season, Low: t.Altitude - band, High: t.Altitude + band})
		}
	}
	return ripe
}
