package tours

import (
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, lang.Zone)
	if err != nil {
		panic(err)
	}
	return t
}

func TestWhatGoesBack(t *testing.T) {
	table := Policy{{Hours: 48, Percent: 100}, {Hours: 24, Percent: 50}, {Hours: 2, Percent: 33}}
	start := at("2026-12-12 08:00")
	for _, tt := range []struct {
		now  string
		paid money.VND
		want money.VND
	}{
		{"2026-11-01 00:00", 500_000, 500_000},
		{"2026-12-10 08:00", 500_000, 500_000}, // exactly two days before
		{"2026-12-10 08:01", 500_000, 250_000},
		{"2026-12-11 08:00", 500_001, 250_001}, // half a đồng is the visitor's
		{"2026-12-11 08:01", 100_001, 33_001},
		{"2026-12-12 06:00", 100, 33},
		{"2026-12-12 06:01", 500_000, 0},
		{"2026-12-13 08:00", 500_000, 0},
	} {
		if got := table.Back(tt.paid, start, at(tt.now)); got != tt.want {
			t.Errorf("%s: %d of %d, want %d", tt.now, got, tt.paid, tt.want)
		}
	}
	if got := (Policy{}).Back(500_000, start, at("2026-01-01 00:00")); got != 0 {
		t.Errorf("%d without a table", got)
	}
	for name, bad := range map[string]Policy{
		"later gets more":    {{48, 50}, {24, 100}},
		"later gets as much": {{48, 50}, {24, 50}},
		"twice":              {{24, 50}, {24, 40}},
		"nothing":            {{24, 0}},
		"too much":           {{24, 101}},
		"after it began":     {{-1, 10}},
		"many":               {{1, 1}, {2, 2}, {3, 3}, {4, 4}, {5, 5}, {6, 6}, {7, 7}},
	} {
		if bad.Validate() == nil {
			t.Error(name)
		}
	}
	if err := table.Validate(); err != nil {
		t.Error(err)
	}
	if got := (Policy{{24, 50}, {48, 100}}).tidy()[0]; got.Hours != 48 {
		t.Errorf("%+v", got)
	}
}

func TestSeasons(t *testing.T) {
	for _, tt := range []struct {
		season Season
		day    string
		want   bool
	}{
		{Season{}, "2026-05-05 12:00", true},
		{Season{1001, 1231}, "2026-10-01 00:00", true},
		{Season{1001, 1231}, "2026-09-30 23:59", false},
		{Season{1001, 1231}, "2026-12-31 23:59", true},
		{Season{1015, 228}, "2027-01-01 00:00", true}, // over the turn of the year
		{Season{1015, 228}, "2028-02-29 10:00", true}, // the last day of February
		{Season{1015, 227}, "2028-02-28 10:00", false},
		{Season{1015, 228}, "2027-03-01 00:00", false},
		{Season{229, 229}, "2028-02-29 12:00", true},
		{Season{229, 301}, "2027-02-28 12:00", false},
	} {
		if got := tt.season.Has(at(tt.day)); got != tt.want {
			t.Errorf("%v on %s: %v", tt.season, tt.day, got)
		}
	}
	for day, want := range map[MonthDay]bool{101: true, 229: true, 230: false, 431: false, 1231: true, 0: false, 1301: false, 100: false, -5: false} {
		if day.Valid() != want {
			t.Errorf("%d: %v", day, !want)
		}
	}
	if (Season{From: 101}).Validate() == nil || (Season{}).Validate() != nil || (Season{1015, 228}).Validate() != nil {
		t.Error("half a season, or none")
	}
	// UTC is still on the day before.
	if !(Season{1001, 1001}).Has(time.Date(2026, 9, 30, 17, 0, 0, 0, time.UTC)) {
		t.Error("midnight in Vietnam")
	}
}

func TestRipeness(t *testing.T) {
	calendar := []Ripe{{"", Season{1015, 1231}, 500, 1500}, {"chieng-ban", Season{1101, 1215}, 600, 900}, {"chieng-ban", Season{1201, 115}, 901, 1500}}
	for _, tt := range []struct {
		commune string
		metres  int64
		day     string
		want    RipeState
	}{
		{"chieng-ban", 700, "2026-11-01 09:00", RipeNow},
		{"chieng-ban", 700, "2026-12-16 09:00", RipeLater}, // the general word does not count where there is a closer one
		{"chieng-ban", 1000, "2026-11-10 09:00", RipeSoon},
		{"chieng-ban", 1000, "2026-10-20 09:00", RipeLater},
		{"chieng-ban", 1000, "2027-01-10 09:00", RipeNow},
		{"muoi-noi", 700, "2026-10-15 00:00", RipeNow},
		{"muoi-noi", 700, "2026-09-20 00:00", RipeSoon},
		{"muoi-noi", 400, "2026-11-01 09:00", RipeUnknown},
		{"chieng-ban", 500, "2026-11-01 09:00", RipeNow}, // nothing closer at this altitude
	} {
		if got := RipeAt(calendar, tt.commune, tt.metres, at(tt.day)); got != tt.want {
			t.Errorf("%s at %d m on %s: %s, want %s", tt.commune, tt.metres, tt.day, got, tt.want)
		}
	}
	if got := RipeAt(nil, "x", 700, at("2026-11-01 09:00")); got != RipeUnknown {
		t.Error(got)
	}
}

func TestWeeklyDepartures(t *testing.T) {
	p := Pattern{From: at("2028-02-26 00:00"), To: at("2028-03-05 23:00"), Days: []time.Weekday{time.Saturday, time.Sunday, time.Tuesday}, Times: []ClockTime{13 * 60, 8 * 60, 8 * 60},
		Except: []time.Time{at("2028-02-27 10:00")}}
	want := []string{"2028-02-26 08:00", "2028-02-26 13:00", "2028-02-29 08:00", "2028-02-29 13:00", "2028-03-04 08:00", "2028-03-04 13:00", "2028-03-05 08:00", "2028-03-05 13:00"}
	got := p.Departures()
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range got {
		if !got[i].Equal(at(want[i])) {
			t.Errorf("%v, want %s", got[i], want[i])
		}
	}
	long := Pattern{From: at("2026-01-01 00:00"), To: at("2026-12-31 00:00"), Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, Times: []ClockTime{1, 2}}
	if n := len(long.Departures()); n != maxDepartures || long.Validate() != nil {
		t.Errorf("%d, %v", n, long.Validate())
	}
	for field, bad := range map[string]Pattern{
		"from":  {To: p.To, Days: p.Days, Times: p.Times},
		"to":    {From: p.To, To: p.From, Days: p.Days, Times: p.Times},
		"days":  {From: p.From, To: p.To, Times: p.Times},
		"times": {From: p.From, To: p.To, Days: p.Days, Times: []ClockTime{24 * 60}},
	} {
		err := bad.Validate()
		if err == nil || fault.As(err).Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
