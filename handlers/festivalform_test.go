package handlers

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
)

func TestTimesAsPeopleTypeThem(t *testing.T) {
	for typed, want := range map[string]time.Duration{"19:00": 19 * time.Hour, "7h30": 7*time.Hour + 30*time.Minute, " 8 ": 8 * time.Hour, "8h": 8 * time.Hour, "14.05": 14*time.Hour + 5*time.Minute, "0:00": 0, "7g15": 7*time.Hour + 15*time.Minute} {
		if got, ok := clockOf(typed); !ok || got != want {
			t.Errorf("%q: %v %v, want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "24:00", "12:60", "12:5x", "-1:00", "+1:00", "12:00:00", "sáng", ":30", "012:00", "1:030"} {
		if got, ok := clockOf(typed); ok {
			t.Errorf("%q is %v", typed, got)
		}
	}
}

func TestRowsKeepTheirNames(t *testing.T) {
	n := rowNames{"types": {0, 3}, "policy": {2}}
	for _, tt := range [][3]string{{"types.1.price", "x", "types.3.price"}, {"types", "x", "types"}, {"types.7.price", "x", "types.7.price"}, {"types.a.price", "x", "types.a.price"},
		{"policy.0", "tours.policy.hours", "policy.2.hours"}, {"policy.0", "tours.policy.percent", "policy.2.percent"}, {"title", "x", "title"}, {"speakers.0.name", "x", "speakers.0.name"}} {
		if got := n.of(tt[0], tt[1]); got != tt[2] {
			t.Errorf("%s: %s, want %s", tt[0], got, tt[2])
		}
	}
	err := n.rename(fault.New(fault.Invalid, "x").Field("policy.0.percent", "a").Field("policy.0", "tours.policy.percent"))
	if f := fault.As(err).Fields; len(f) != 1 || f[0].Code != "a" {
		t.Errorf("%v", f)
	}
}

func fuzzEdition() tours.Edition {
	day := time.Date(2026, 12, 18, 0, 0, 0, 0, lang.Zone)
	return tours.Edition{ID: "e", Org: "o", Year: 2026, From: day, To: day.AddDate(0, 0, 2), Venues: []tours.Venue{{ID: "nha", Name: lang.Text{Vi: "Nhà"}, Kind: tours.AtHall}},
		Booths: []tours.Booth{{ID: "a1", Number: "A1", Venue: "nha", Name: "x"}}}
}

// Whatever is typed, the form is read without harm: what it makes an event of is
// right, or something is told.
func FuzzEventForm(f *testing.F) {
	f.Add("2026-12-18", "19:00", "21:00", "", "A1, a 1;Z", "50.000", "48", "100")
	f.Add("", "", "", "2026-12-20", ",,;", "-1", "9999999999999", "%")
	f.Add("0000-00-00", "99:99", "1:1:1", "x", "\x00", "1e9", "1,5", "\xff")
	f.Fuzz(func(t *testing.T, day, begins, ends, until, booths, price, hours, percent string) {
		e := fuzzEdition()
		v := map[string]string{"kind": "talk", "title": "T", "venue": "nha", "entry": "ticketed", "capacity": "5", "day": day, "begins": begins, "ends": ends, "until": until, "booths": booths,
			"types.0.name": "A", "types.0.price": price, "policy.0.hours": hours, "policy.0.percent": percent}
		in, names := eventTyped(v, e, 1, 1, 1)
		for _, id := range in.Event.Booths {
			if _, ok := e.Booth(id); !ok {
				t.Errorf("booth %q", id)
			}
		}
		for _, w := range in.Unread {
			if got := names.of(w.Name, w.Code); strings.Count(got, ".") == 1 {
				t.Errorf("%q is the name of no field", got)
			}
		}
		if err := in.Event.Validate(e); err == nil && len(in.Unread) == 0 && (!in.Event.End.After(in.Event.Start) || in.Event.Start.Before(e.From)) {
			t.Errorf("%v to %v", in.Event.Start, in.Event.End)
		}
	})
}

func FuzzFilters(f *testing.F) {
	f.Add("2026-12-19", "nha")
	f.Add("2026-12-17", "")
	f.Add("19/12/2026", "../x")
	f.Fuzz(func(t *testing.T, day, venue string) {
		e := fuzzEdition()
		d, err := dayOfEdition(e, day, venue)
		if err == nil && day != "" && !slices.ContainsFunc(e.Days(), d.Equal) {
			t.Errorf("%q is %v", day, d)
		}
	})
}

func FuzzVenueRows(f *testing.F) {
	f.Add("Sân khấu", "50", "10", 3)
	f.Add("", "x", "", 0)
	f.Fuzz(func(t *testing.T, name, x, y string, rows int) {
		v := map[string]string{"venues.1.name": name, "venues.1.x": x, "venues.1.y": y, "venues.1.kind": "hall"}
		in, names := venuesTyped(v, min(max(rows, 0), venueRows))
		if len(in.Edition.Venues) != len(names["venues"]) || len(in.Edition.Venues) > 1 {
			t.Errorf("%d venues in %d rows", len(in.Edition.Venues), len(names["venues"]))
		}
	})
}
