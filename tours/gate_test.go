package tours

import (
	"fmt"
	"testing"
)

// What a gate says of a party of three, scan after scan.
func TestWhoIsLetIn(t *testing.T) {
	type scan struct {
		places  []int
		issue   int64
		by      string
		at      string
		offline bool
		want    string // result, places, those who were in before, odd scans by then
	}
	for name, tt := range map[string]struct {
		state BookingState
		scans []scan
	}{
		"all at once":           {Booked, []scan{{nil, 2, "a", "08:00", false, "in [1 2 3] 0 0"}, {nil, 2, "a", "08:05", false, "again [] 3 0"}}},
		"in parts":              {Booked, []scan{{[]int{2}, 2, "a", "08:00", false, "in [2] 0 0"}, {nil, 2, "b", "08:10", false, "in [1 3] 1 0"}, {[]int{1}, 2, "b", "08:11", false, "again [] 1 0"}}},
		"told again":            {Booked, []scan{{nil, 2, "a", "08:00", true, "in [1 2 3] 0 0"}, {nil, 2, "a", "08:00", true, "in [1 2 3] 0 0"}}},
		"two gates, no network": {Booked, []scan{{nil, 2, "a", "08:00", true, "in [1 2 3] 0 0"}, {[]int{1}, 2, "b", "08:01", true, "again [] 1 1"}, {[]int{1}, 2, "b", "08:01", true, "again [] 1 1"}}},
		"cancelled":             {Left, []scan{{nil, 2, "a", "08:00", false, "cancelled [] 0 0"}, {[]int{1}, 2, "a", "08:00", true, "cancelled [] 0 1"}}},
		"issued anew":           {Booked, []scan{{nil, 1, "a", "08:00", false, "cancelled [] 0 0"}, {nil, 0, "a", "08:01", false, "in [1 2 3] 0 0"}}},
		"nobody of the party":   {Booked, []scan{{[]int{0, 4, 9}, 2, "a", "08:00", false, "again [] 0 0"}}},
		"late":                  {NoShow, []scan{{[]int{1, 1}, 2, "a", "08:00", true, "in [1] 0 0"}}},
	} {
		b := Booking{State: tt.state, Issue: 2, Guests: make([]Guest, 3)}
		for i, s := range tt.scans {
			r := b.Let(s.places, s.issue, s.by, at("2026-12-12 "+s.at), s.offline)
			if r.Places == nil {
				r.Places = []int{}
			}
			if got := fmt.Sprint(r.Result, " ", r.Places, " ", len(r.Before), " ", len(b.Odd)); got != s.want {
				t.Errorf("%s, scan %d: %s, want %s", name, i+1, got, s.want)
			}
		}
	}
}
