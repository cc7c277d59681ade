package views

import (
	"testing"
	"time"
)

// A certificate holds from the start of its first day in Vietnam to the end of
// its last, at whatever hour the two were stored.
func TestStandingCountsDays(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 3, day, hour, minute, 0, 0, time.UTC) }
	from, to := at(10, 2, 0), at(20, 2, 0)
	for _, c := range []struct {
		now  time.Time
		want string
	}{
		{at(9, 16, 59), "not_yet"}, {at(9, 17, 0), "valid"}, {at(20, 16, 59), "valid"}, {at(20, 17, 0), "expired"},
	} {
		if got := standing(from, to, c.now); got != c.want {
			t.Errorf("%s: %s, want %s", c.now, got, c.want)
		}
	}
	if standing(time.Time{}, time.Time{}, from) != "valid" {
		t.Error("what is open at both ends does not hold")
	}
}
