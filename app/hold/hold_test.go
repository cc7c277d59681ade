package hold

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
)

var noon = time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)

// step does "hold a 3 +10" (until in minutes), "settle a 3", "release a",
// "fold a", or "wait 5".
func step(b *Book, capacity int64, now *time.Time, s string) error {
	var verb, order string
	var n, until int64
	fmt.Sscanf(s, "%s %s", &verb, &order)
	switch verb {
	case "hold":
		fmt.Sscanf(s, "hold %s %d +%d", &order, &n, &until)
		return b.Hold(capacity, order, n, now.Add(time.Duration(until)*time.Minute), *now)
	case "settle":
		fmt.Sscanf(s, "settle %s %d", &order, &n)
		return b.Settle(capacity, order, n, *now)
	case "release":
		b.Release(order)
	case "fold":
		b.Fold(order)
	case "wait":
		fmt.Sscanf(s, "wait %d", &n)
		*now = now.Add(time.Duration(n) * time.Minute)
	}
	return nil
}

func TestBook(t *testing.T) {
	for _, tt := range []struct {
		steps string
		free  int64  // of ten, at the end
		code  string // of the last step
	}{
		{"", 10, ""},
		{"hold a 3 +10", 7, ""},
		{"hold a 3 +10, hold a 3 +10", 7, ""},
		{"hold a 3 +10, hold a 5 +10", 5, ""},
		{"hold a 10 +10, hold a 10 +10", 0, ""},
		{"hold a 11 +10", 10, "hold.sold_out"},
		{"hold a 0 +10", 10, "hold.sold_out"},
		{"hold a -1 +10", 10, "hold.sold_out"},
		{"hold a 6 +10, hold b 5 +10", 4, "hold.sold_out"},
		{"hold a 6 +10, wait 10, hold b 5 +10", 5, ""},
		{"hold a 3 +10, settle a 3", 7, ""},
		{"hold a 3 +10, settle a 3, settle a 3", 7, ""},
		{"hold a 3 +10, settle a 3, hold a 3 +10", 7, ""},
		{"hold a 3 +10, wait 20, settle a 3", 7, ""},
		{"hold a 6 +10, wait 20, hold b 6 +10, settle a 6", 4, "hold.sold_out"},
		{"settle a 6", 4, ""},
		{"settle a 11", 10, "hold.sold_out"},
		{"hold a 3 +10, settle a 4", 6, ""},
		{"hold a 9 +10, hold b 1 +10, settle a 10", 0, "hold.sold_out"},
		{"hold a 3 +10, release a, release a", 10, ""},
		{"settle a 3, release a", 10, ""},
		{"settle a 3, fold a", 10, ""}, // whoever folds lowers the capacity
		{"settle a 3, settle b 7, settle c 1", 0, "hold.sold_out"},
	} {
		b, now := Book{}, noon
		var err error
		for s := range strings.SplitSeq(tt.steps, ", ") {
			if err != nil {
				t.Fatalf("%s: before %q: %v", tt.steps, s, err)
			}
			err = step(&b, 10, &now, s)
		}
		if free := b.Free(10, now); free != tt.free || fault.CodeOf(err) != tt.code && !(err == nil && tt.code == "") {
			t.Errorf("%s: %d are free, %v; want %d, %s", tt.steps, free, err, tt.free, tt.code)
		}
	}
}

func TestSoldOutSaysHowMuchIsLeft(t *testing.T) {
	b := Book{}
	if err := b.Settle(3, "a", 2, noon); err != nil {
		t.Fatal(err)
	}
	if e := fault.As(b.Hold(3, "b", 2, noon.Add(time.Hour), noon)); e.Args["Free"] != int64(1) || e.Kind != fault.Conflict {
		t.Error(e)
	}
	if e := fault.As(b.Hold(1, "b", 2, noon.Add(time.Hour), noon)); e.Args["Free"] != int64(0) {
		t.Error(e)
	}
}

func TestAFullBook(t *testing.T) {
	b := Book{}
	for i := range Most {
		if err := b.Hold(1<<40, fmt.Sprint(i), 1, noon.Add(time.Hour), noon); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Hold(1<<40, "more", 1, noon.Add(time.Hour), noon); fault.CodeOf(err) != "hold.busy" {
		t.Error(err)
	}
	if err := b.Settle(1<<40, "5", 1, noon); err != nil { // who has a claim keeps it
		t.Error(err)
	}
	if n := len(b.Open(noon)); n != Most-1 {
		t.Errorf("%d hold something", n)
	}
	if err := b.Hold(1<<40, "more", 1, noon.Add(2*time.Hour), noon.Add(time.Hour)); err != nil {
		t.Error(err)
	}
}

// Whatever happens in whatever order, claims never exceed the capacity.
func TestNeverMoreThanThereIs(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b, now, capacity := Book{}, noon, int64(r.IntN(12))
		for range 60 {
			order, n := string(rune('a'+r.IntN(5))), int64(r.IntN(6))
			switch r.IntN(5) {
			case 0, 1:
				_ = b.Hold(capacity, order, n, now.Add(time.Duration(r.IntN(20))*time.Minute), now)
			case 2:
				_ = b.Settle(capacity, order, n, now)
			case 3:
				b.Release(order)
			case 4:
				now = now.Add(time.Duration(r.IntN(15)) * time.Minute)
			}
			if free := b.Free(capacity, now); free < 0 {
				t.Fatalf("%d are free of %d: %+v", free, capacity, b)
			}
		}
	}
}
