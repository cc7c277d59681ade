package lang

import "time"

// Day numbers the calendar days of Vietnam: times on one day have one number,
// those on the next have one more.
func Day(t time.Time) int64 {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
}

// Midnight is the moment at which the Vietnamese day of t begins, 17:00 UTC on
// the day before.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone)
}

// Month is the moment at which the Vietnamese month of t begins.
func Month(t time.Time) time.Time {
	y, m, _ := t.In(Zone).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, Zone)
}

// OnDays reports whether t falls on a Vietnamese day from that of from to that
// of to, both included, as certificates and decisions count. A zero to has no
// end.
func OnDays(t, from, to time.Time) bool {
	return Day(t) >= Day(from) && (to.IsZero() || Day(t) <= Day(to))
}
