package lang

import (
	"testing"
	"time"
)

func utc(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05.000Z", s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDay(t *testing.T) {
	for _, c := range []struct {
		a, b string
		days int64
	}{
		{"2026-03-01T00:00:00.000Z", "2026-03-01T16:59:59.999Z", 0},
		{"2026-03-01T16:59:59.999Z", "2026-03-01T17:00:00.000Z", 1},
		{"2026-02-28T17:00:00.000Z", "2026-03-01T16:59:00.000Z", 0},
		{"2026-02-28T16:59:00.000Z", "2026-03-01T17:00:00.000Z", 2},
		{"2025-12-31T17:00:00.000Z", "2026-12-31T17:00:00.000Z", 365},
		{"1969-12-31T16:59:00.000Z", "1969-12-31T17:00:00.000Z", 1},
	} {
		if got := Day(utc(c.b)) - Day(utc(c.a)); got != c.days {
			t.Errorf("from %s to %s are %d days, want %d", c.a, c.b, got, c.days)
		}
	}
}

func TestMidnight(t *testing.T) {
	for at, want := range map[string]string{
		"2026-03-01T16:59:59.999Z": "2026-02-28T17:00:00.000Z",
		"2026-03-01T17:00:00.000Z": "2026-03-01T17:00:00.000Z",
		"2026-03-01T00:00:00.000Z": "2026-02-28T17:00:00.000Z",
	} {
		if got := Midnight(utc(at)); !got.Equal(utc(want)) || Day(got) != Day(utc(at)) || got.Format("15:04") != "00:00" {
			t.Errorf("the day of %s begins at %s, want %s", at, got, want)
		}
	}
}

func TestOnDays(t *testing.T) {
	// Both days as forms store them: at midnight in Vietnam; and at other hours.
	from, to := utc("2026-02-28T17:00:00.000Z"), utc("2026-03-30T17:00:00.000Z")
	lateFrom, earlyTo := utc("2026-03-01T16:59:59.999Z"), utc("2026-03-31T00:00:00.000Z")
	for at, want := range map[string]bool{
		"2026-02-28T16:59:59.999Z": false,
		"2026-02-28T17:00:00.000Z": true,
		"2026-03-01T00:00:00.000Z": true,
		"2026-03-31T16:59:59.999Z": true, // the last evening of the last day
		"2026-03-31T17:00:00.000Z": false,
	} {
		if got := OnDays(utc(at), from, to); got != want {
			t.Errorf("%s: %v", at, got)
		}
		if got := OnDays(utc(at), lateFrom, earlyTo); got != want {
			t.Errorf("%s, whatever the hour of the ends: %v", at, got)
		}
	}
	far := utc("2099-01-01T00:00:00.000Z")
	if !OnDays(far, from, time.Time{}) || OnDays(far, from, to) || !OnDays(from, time.Time{}, to) || OnDays(from.Add(-1), from, time.Time{}) {
		t.Error("an open end closes, or a closed one is open")
	}
}

func TestMonthsBeginInVietnam(t *testing.T) {
	for in, want := range map[string]string{
		"2026-11-30T16:59:59Z": "2026-10-31T17:00:00Z",
		"2026-11-30T17:00:00Z": "2026-11-30T17:00:00Z",
		"2026-12-31T17:00:00Z": "2026-12-31T17:00:00Z",
	} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := Month(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
