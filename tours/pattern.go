package tours

import (
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Pattern is a weekly plan of departures between two days, both included.
type Pattern struct {
	From, To time.Time      // days of Vietnam
	Days     []time.Weekday // on which it leaves
	Times    []ClockTime    // at which it leaves on each of them
	Except   []time.Time    // days on which it does not
}

// ClockTime is a time of the day in Vietnam, in minutes after midnight.
type ClockTime int

// On is the moment on the day of t.
func (c ClockTime) On(t time.Time) time.Time {
	y, m, d := t.In(lang.Zone).Date()
	return time.Date(y, m, d, int(c)/60, int(c)%60, 0, 0, lang.Zone)
}

// maxDepartures are those that one pattern makes.
const maxDepartures = 400

// Validate reports what is wrong with a pattern: fault.Invalid with fields from,
// to, days, times.
func (p Pattern) Validate() error {
	f := fault.NewForm("tours.pattern")
	f.Need(!p.From.IsZero(), "from", "tours.pattern.day")
	f.Need(!p.To.IsZero() && lang.Day(p.To) >= lang.Day(p.From), "to", "tours.pattern.span")
	f.Need(p.To.IsZero() || lang.Day(p.To)-lang.Day(p.From) <= 366, "to", "tours.pattern.long")
	f.Need(len(p.Days) > 0, "days", "tours.pattern.days")
	f.Need(len(p.Times) > 0 && len(p.Times) <= 12, "times", "tours.pattern.times")
	for _, c := range p.Times {
		f.Need(c >= 0 && c < 24*60, "times", "tours.pattern.times")
	}
	return f.Result()
}

// Departures are the moments of a pattern in their order, none twice, at most
// 400.
func (p Pattern) Departures() (list []time.Time) {
	times := slices.Clone(p.Times)
	slices.Sort(times)
	times = slices.Compact(times)
	for day := lang.Midnight(p.From); lang.Day(day) <= lang.Day(p.To); day = day.AddDate(0, 0, 1) {
		if !slices.Contains(p.Days, day.Weekday()) || slices.ContainsFunc(p.Except, func(x time.Time) bool { return lang.Day(x) == lang.Day(day) }) {
			continue
		}
		for _, c := range times {
			if len(list) == maxDepartures {
				return list
			}
			list = append(list, c.On(day))
		}
	}
	return list
}
