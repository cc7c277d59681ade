package trace

import (
	"testing"
	"time"

	"nguon/app/lang"
)

func TestSeasonOf(t *testing.T) {
	for want, at := range map[string]time.Time{
		"2024/2025": time.Date(2025, 6, 30, 23, 59, 0, 0, lang.Zone),
		"2025/2026": time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC), // already 1 July in Vietnam
	} {
		if got := SeasonOf(at); got != want {
			t.Errorf("%v: %s, want %s", at, got, want)
		}
	}
}

func FuzzIsSeason(f *testing.F) {
	for _, s := range []string{"2025/2026", "2025/2027", "2025-2026", "", "+025/+026", "1989/1990", "9999/10000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !IsSeason(s) {
			return
		}
		year, err := time.Parse("2006", s[:4])
		if err != nil {
			t.Fatalf("%q", s)
		}
		if got := SeasonOf(year.AddDate(0, 8, 0)); got != s {
			t.Fatalf("%q reads back as %q", s, got)
		}
	})
}
