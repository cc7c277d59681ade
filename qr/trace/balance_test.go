package trace

import (
	"encoding/json"
	"testing"
	"time"

	"nguon/app/lang"
)

func codes(b Balance, ok bool) (list []string) {
	for _, c := range b.Checks {
		if c.OK == ok {
			list = append(list, c.Code)
		}
	}
	return list
}

func TestBalance(t *testing.T) {
	tests := []struct {
		name     string
		events   func(c []Event) []Event
		land     Land
		packable int64
		wrong    []string
	}{
		{"a sound lot", func(c []Event) []Event { return c }, oneLand(), 85_000, nil},
		{"nothing yet", func(c []Event) []Event { return nil }, oneLand(), 0, []string{CheckMissing}},
		{"in the making", func(c []Event) []Event { return c[:3] }, oneLand(), 0, nil},
		{"green beans", func(c []Event) []Event { return c[:4] }, oneLand(), 100_000, nil},
		{"roasted, not packed", func(c []Event) []Event { return c[:5] }, oneLand(), 85_000, nil},
		{"roasted from half, green left over does not count", func(c []Event) []Event {
			c[4].InGrams, c[4].OutGrams = 50_000, 42_500
			return c[:5]
		}, oneLand(), 42_500, nil},
		{"part ground, part beans", func(c []Event) []Event {
			return append(c[:5], Event{Key: "g", Kind: Grind, Facility: "roastery", At: day(time.February, 2), By: "anna",
				InForm: Roasted, OutForm: Ground, InGrams: 50_000, OutGrams: 49_500})
		}, oneLand(), 84_500, nil},
		{"packed in part, the rest still counts", func(c []Event) []Event {
			c[5].InGrams, c[5].OutGrams = 40_000, 39_000
			return c
		}, oneLand(), 84_000, nil},
		{"roast that loses nothing: only 90 kg are plausible", func(c []Event) []Event {
			c[4].OutGrams = 100_000
			return c[:5]
		}, oneLand(), 90_000, []string{CheckYield}},
		{"more out than in", func(c []Event) []Event {
			c[4].OutGrams = 200_000
			return c[:5]
		}, oneLand(), 90_000, []string{CheckMoreOut}},
		{"loses far too much", func(c []Event) []Event {
			c[4].OutGrams = 60_000
			return c[:5]
		}, oneLand(), 60_000, []string{CheckYield}},
		{"each step at its best is too good in total", func(c []Event) []Event {
			c[1].OutGrams = 420_000                        // 0.60
			c[2].InGrams, c[2].OutGrams = 420_000, 218_400 // 0.52
			c[3].InGrams, c[3].OutGrams = 218_400, 179_000 // 0.82, 25.6 % of the cherries
			return c[:4]
		}, oneLand(), 127_260, []string{CheckTotal}},
		{"more cherries than the plot bears", func(c []Event) []Event { return times(c, 100) }, oneLand(), 4_090_500, []string{CheckCapacity}},
		{"no plot is known", func(c []Event) []Event { return c }, Land{}, 0, []string{CheckCapacity}},
		{"another lot picked the plot before", func(c []Event) []Event { return c },
			Land{Plots: oneLand().Plots, Others: []Claim{{"lot0", 1, []string{"p1"}, 24_650_000, theNow.Add(-time.Hour)}}}, 57_267, []string{CheckCapacity}},
		{"another lot claimed the plot afterwards", func(c []Event) []Event { return c },
			Land{Plots: oneLand().Plots, Others: []Claim{{"lot0", 1, []string{"p1"}, 24_650_000, theNow.Add(time.Hour)}}}, 85_000, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := begun()
			mustRecord(t, &l, tt.land, tt.events(course())...)
			b := l.Balance(tt.land)
			if b.PackableGrams != tt.packable {
				t.Errorf("packable %d, want %d", b.PackableGrams, tt.packable)
			}
			wrong := codes(b, false)
			if len(wrong) != len(tt.wrong) || len(wrong) > 0 && wrong[0] != tt.wrong[0] {
				t.Errorf("wrong %v, want %v", wrong, tt.wrong)
			}
			if b.OK != (len(wrong) == 0) {
				t.Error("OK does not follow the checks")
			}
			if _, err := json.Marshal(b); err != nil {
				t.Error(err)
			}
		})
	}
}

// times multiplies all weights: a hundredfold lot is 70 t of cherries, of which one
// hectare explains 25 t, 4,545 kg of green beans, 4,090.5 kg roasted.
func times(c []Event, by int64) []Event {
	for i := range c {
		c[i].InGrams *= by
		c[i].OutGrams *= by
	}
	return c
}

func TestBalanceOverdrawn(t *testing.T) {
	l := packed(t)
	h := course()[3]
	h.Kind, h.Corrects, h.Key, h.Reason, h.InGrams, h.OutGrams = Correct, 4, "c", "half", 62_500, 50_000
	mustRecord(t, &l, oneLand(), h)
	b := l.Balance(oneLand())
	if wrong := codes(b, false); len(wrong) != 1 || wrong[0] != CheckOverdrawn {
		t.Errorf("wrong %v", wrong)
	}
	if b.PackableGrams != 45_000 { // 50 kg at most 0.90
		t.Errorf("packable %d", b.PackableGrams)
	}
}

// A correction upwards queues behind what others put on record meanwhile.
func TestCorrectionUpwardsDoesNotJumpTheQueue(t *testing.T) {
	l := begun()
	small := course()[0]
	small.OutGrams = 1_000
	mustRecord(t, &l, oneLand(), small)
	other := Claim{"lot0", 1, []string{"p1"}, 25_000_000, theNow.Add(time.Hour)}
	big := course()[0]
	big.Kind, big.Corrects, big.Key, big.Reason, big.OutGrams = Correct, 1, "c", "a zero was lost", 20_000_000
	if err := l.record(big, oneLand(), theNow.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	granted, _ := Land{Plots: oneLand().Plots, Others: []Claim{other}}.harvests(l)
	if granted[1] != 0 {
		t.Errorf("granted %v", granted[1])
	}
}

func TestCheckText(t *testing.T) {
	c := Check{Step: Roast, Code: CheckYield, Ratio: 0.853, Min: 0.8, Max: 0.9, OK: true}
	if got, want := c.Text(lang.Vi), "Rang: ra 85,3% khối lượng vào, trong mức thường gặp 80–90%."; got != want {
		t.Errorf("got %q", got)
	}
	for _, l := range lang.All {
		for _, code := range []string{CheckYield, CheckMoreOut, CheckOverdrawn, CheckCapacity, CheckTotal, CheckMissing, CheckLabels} {
			for _, c := range []Check{{Code: code, OK: true}, {Code: code, Ratio: 2, Max: 1}} {
				if s := c.Text(l); len(s) < 10 || s[:5] == "trace" {
					t.Errorf("%s %v: %q", l, c, s)
				}
			}
		}
		for _, code := range []string{CheckYield, CheckTotal} {
			if s := (Check{Code: code, Min: 0.5}).Text(l); s[:5] == "trace" {
				t.Errorf("%s %s low: %q", l, code, s)
			}
		}
	}
}

func TestYieldsFile(t *testing.T) {
	if y := yields; y.Total.Min > 1/7.0 || y.Total.Max < 1/7.0 {
		t.Error("the province's own ratio of 7 to 1 is held implausible")
	}
	for _, broken := range []string{"", "{}", `{"total":{"min":2,"max":1}}`} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was accepted", broken)
				}
			}()
			mustYields([]byte(broken))
		}()
	}
}
