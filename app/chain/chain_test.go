package chain

import (
	"testing"
	"time"
)

// Entries that differ in any field, in its type, or in where one field ends
// and the next begins have different hashes.
func TestEveryFieldCounts(t *testing.T) {
	at := time.Date(2026, time.March, 12, 2, 0, 0, 0, time.UTC)
	entries := map[string]*Entry{
		"empty":             New("k", ""),
		"other kind":        New("k2", ""),
		"after another":     New("k", "00"),
		"a text":            New("k", "").Str("ab", "c"),
		"cut elsewhere":     New("k", "").Str("a", "bc"),
		"one text":          New("k", "").Str("abc"),
		"an empty text":     New("k", "").Str("ab", "c", ""),
		"a list":            New("k", "").List([]string{"ab", "c"}),
		"an empty list":     New("k", "").List(nil),
		"a list then text":  New("k", "").List([]string{"ab"}).Str("c"),
		"zero":              New("k", "").Int(0),
		"one":               New("k", "").Int(1),
		"minus one":         New("k", "").Int(-1),
		"no time":           New("k", "").Time(time.Time{}),
		"a time":            New("k", "").Time(at),
		"a millisecond on":  New("k", "").Time(at.Add(time.Millisecond)),
		"the Unix epoch":    New("k", "").Time(time.UnixMilli(0)),
		"its number":        New("k", "").Int(at.UnixMilli()),
		"numbers reordered": New("k", "").Int(1, 0),
		"numbers":           New("k", "").Int(0, 1),
	}
	seen := map[string]string{}
	for name, e := range entries {
		sum := e.Sum()
		if len(sum) != 64 {
			t.Errorf("%s: %q is not 64 digits", name, sum)
		}
		if other, ok := seen[sum]; ok {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		seen[sum] = name
	}
}

// The encoding is part of every stored history: it never changes.
func TestEncodingIsFrozen(t *testing.T) {
	at := time.Date(2026, time.March, 12, 9, 0, 0, 999_999, time.FixedZone("+07", 7*3600))
	got := New("nguon/test/1", "").Str("a").Int(7).Time(at).List([]string{"x"}).Sum()
	const want = "2cd574f2a019a9c88fa01ad37d83c7f70cb664b618a55c66c22ecdf42050ba3b"
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if utc := New("nguon/test/1", "").Str("a").Int(7).Time(at.UTC()).List([]string{"x"}).Sum(); utc != got {
		t.Error("the zone of a time changes the hash")
	}
}
