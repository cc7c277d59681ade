package trace

import (
	"errors"
	"testing"
	"time"

	"nguon/app/fault"
)

func TestRecord(t *testing.T) {
	correct := func(seq int, e Event) Event {
		e.Kind, e.Corrects, e.Key, e.Reason = Correct, seq, "c", "the scales were read wrongly"
		return e
	}
	tests := []struct {
		name  string
		after int // events of the sound course that stand before
		alter func(e Event, c []Event) Event
		kind  fault.Kind
		code  string // "" when it is accepted
		field string
	}{
		{"the next step", 3, func(e Event, _ []Event) Event { return e }, 0, "", ""},
		{"same key again", 3, func(_ Event, c []Event) Event { return c[1] }, 0, "unchanged", ""},
		{"key used for another weight", 3, func(e Event, c []Event) Event { c[1].OutGrams++; return c[1] }, fault.Conflict, "trace.event.key", ""},
		{"no picking first", 0, func(_ Event, c []Event) Event { return c[1] }, fault.Invalid, "trace.event.no_input", "trace.event.no_input.field"},
		{"a form is skipped", 2, func(_ Event, c []Event) Event { return c[3] }, fault.Invalid, "trace.event.no_input", ""},
		{"roasted to green", 5, func(e Event, _ []Event) Event {
			e.Kind, e.InForm, e.OutForm = Hull, Roasted, Green
			return e
		}, fault.Invalid, "trace.event.invalid", "trace.event.change"},
		{"unknown kind", 3, func(e Event, _ []Event) Event { e.Kind = "brew"; return e }, fault.Invalid, "trace.event.invalid", "trace.event.change"},
		{"more than there is", 3, func(e Event, _ []Event) Event { e.InGrams++; return e }, fault.Invalid, "trace.event.not_enough", "trace.event.not_enough.field"},
		{"more out than in is recorded", 3, func(e Event, _ []Event) Event { e.OutGrams = e.InGrams * 2; return e }, 0, "", ""},
		{"before the form existed", 3, func(e Event, _ []Event) Event { e.At = day(time.November, 19); return e }, fault.Invalid, "trace.event.too_early", "trace.event.too_early.field"},
		{"the same day, an earlier hour", 3, func(e Event, _ []Event) Event { e.At = day(time.November, 20).Add(-time.Hour); return e }, 0, "", ""},
		{"in the future", 3, func(e Event, _ []Event) Event { e.At = theNow.Add(time.Second); return e }, fault.Invalid, "trace.event.invalid", "trace.event.at"},
		{"ends before it begins", 3, func(e Event, _ []Event) Event { e.Until = e.At.Add(-time.Hour); return e }, fault.Invalid, "trace.event.invalid", "trace.event.until"},
		{"ends in the future", 3, func(e Event, _ []Event) Event { e.Until = theNow.Add(time.Hour); return e }, fault.Invalid, "trace.event.invalid", "trace.event.until"},
		{"no facility", 3, func(e Event, _ []Event) Event { e.Facility = ""; return e }, fault.Invalid, "trace.event.invalid", "trace.event.facility"},
		{"nobody recorded it", 3, func(e Event, _ []Event) Event { e.By = ""; return e }, fault.Invalid, "trace.event.invalid", "trace.field.required"},
		{"negative weight", 3, func(e Event, _ []Event) Event { e.OutGrams = -1; return e }, fault.Invalid, "trace.event.invalid", "trace.event.grams"},
		{"no weight", 3, func(e Event, _ []Event) Event { e.InGrams, e.OutGrams = 0, 0; return e }, fault.Invalid, "trace.event.invalid", "trace.event.grams"},
		{"detail in words", 3, func(e Event, _ []Event) Event { e.Detail = "Rang vừa"; return e }, fault.Invalid, "trace.event.invalid", "trace.event.detail"},
		{"plots on a mill's step", 3, func(e Event, _ []Event) Event { e.Plots = []string{"p1"}; return e }, fault.Invalid, "trace.event.invalid", "trace.event.plots_only_harvest"},
		{"picking on a strange plot", 0, func(e Event, _ []Event) Event { e.Plots = []string{"p9"}; return e }, fault.Invalid, "trace.event.invalid", "trace.event.plots"},
		{"picking on no plot", 0, func(e Event, _ []Event) Event { e.Plots = nil; return e }, fault.Invalid, "trace.event.invalid", "trace.event.plots"},
		{"picking in another season", 0, func(e Event, _ []Event) Event { e.At = day(time.November, 3).AddDate(-1, 0, 0); return e }, fault.Invalid, "trace.event.invalid", "trace.event.season"},
		{"picking takes something in", 0, func(e Event, _ []Event) Event { e.InGrams = 1; return e }, fault.Invalid, "trace.event.invalid", "trace.event.harvest_in"},
		{"picking green beans", 0, func(e Event, _ []Event) Event { e.OutForm = Green; return e }, fault.Invalid, "trace.event.invalid", "trace.event.harvest_out"},
		{"an inspection", 4, func(e Event, _ []Event) Event {
			return Event{Key: "i", Kind: Inspect, Facility: "mill", At: e.At, InForm: Green, By: "bo"}
		}, 0, "", ""},
		{"an inspection that weighs", 4, func(e Event, _ []Event) Event { e.Kind = Inspect; return e }, fault.Invalid, "trace.event.invalid", "trace.event.inspect"},
		{"packed on another day", 6, func(_ Event, c []Event) Event {
			return Event{Key: "p2", Kind: Pack, Facility: "mill", At: day(time.February, 4), InForm: Green, OutForm: Green, InGrams: 1, OutGrams: 1, By: "bo"}
		}, fault.Invalid, "trace.event.pack_day", "trace.event.pack_day.field"},
		{"a correction", 6, func(_ Event, c []Event) Event { c[3].OutGrams = 101_000; return correct(4, c[3]) }, 0, "", ""},
		{"a correction without a reason", 6, func(_ Event, c []Event) Event { e := correct(4, c[3]); e.Reason = ""; return e }, fault.Invalid, "trace.event.invalid", "trace.event.reason"},
		{"a correction of nothing", 6, func(_ Event, c []Event) Event { return correct(7, c[3]) }, fault.Invalid, "trace.event.invalid", "trace.event.corrects"},
		{"a correction to another form", 6, func(_ Event, c []Event) Event { return correct(4, c[4]) }, fault.Invalid, "trace.event.invalid", "trace.event.change"},
		{"a step that names one it corrects", 3, func(e Event, _ []Event) Event { e.Corrects = 1; return e }, fault.Invalid, "trace.event.invalid", "trace.event.corrects"},
		{"picking declared void under later steps", 6, func(_ Event, c []Event) Event { c[0].OutGrams = 0; return correct(1, c[0]) }, fault.Invalid, "trace.event.no_input", ""},
		{"the last step declared void", 5, func(_ Event, c []Event) Event { c[4].InGrams, c[4].OutGrams = 0, 0; return correct(5, c[4]) }, 0, "", ""},
		{"picking moved after pulping", 6, func(_ Event, c []Event) Event { c[0].At = day(time.November, 5); return correct(1, c[0]) }, fault.Invalid, "trace.event.too_early", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := begun()
			mustRecord(t, &l, oneLand(), course()[:tt.after]...)
			before := len(l.Events)
			c := course()
			next := c[min(tt.after, len(c)-1)]
			err := l.record(tt.alter(next, c), oneLand(), theNow)
			switch tt.code {
			case "":
				if err != nil {
					t.Fatal(err)
				}
				if len(l.Events) != before+1 || l.Events[before].Seq != before+1 || !l.Events[before].Recorded.Equal(theNow) {
					t.Fatalf("stored %+v", l.Events)
				}
			case "unchanged":
				if !errors.Is(err, errUnchanged) {
					t.Fatal(err)
				}
			default:
				wantFault(t, err, tt.kind, tt.code, tt.field)
			}
			if tt.code != "" && len(l.Events) != before {
				t.Fatal("a refused event was kept")
			}
			if err := l.VerifyChain(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestStepsFoldCorrections(t *testing.T) {
	l := packed(t)
	c := course()[3]
	c.Kind, c.Corrects, c.Key, c.Reason, c.OutGrams, c.Facility = Correct, 4, "c1", "first", 99_000, "mill2"
	mustRecord(t, &l, oneLand(), c)
	c.Key, c.Reason, c.OutGrams = "c2", "second", 98_000
	mustRecord(t, &l, oneLand(), c)
	steps := l.Steps()
	if len(steps) != 6 {
		t.Fatalf("%d steps", len(steps))
	}
	s := steps[3]
	if s.Seq != 4 || s.Kind != Hull || s.OutGrams != 98_000 || s.Facility != "mill2" || !s.Corrected || s.Because != "second" {
		t.Errorf("got %+v", s)
	}
	if s.Hash != l.Events[7].Hash {
		t.Error("a step carries the hash of what it was before")
	}
	if l.Events[3].OutGrams != 100_000 {
		t.Error("the original was changed")
	}
}

func TestPackedOn(t *testing.T) {
	l := packed(t)
	if l.PackedOn == nil || !l.PackedOn.Equal(day(time.February, 3)) {
		t.Fatalf("packed on %v", l.PackedOn)
	}
	c := course()[5]
	c.Kind, c.Corrects, c.Key, c.Reason, c.At = Correct, 6, "c1", "it was the day after", day(time.February, 4)
	mustRecord(t, &l, oneLand(), c)
	if !l.PackedOn.Equal(day(time.February, 4)) {
		t.Fatalf("packed on %v after the correction", l.PackedOn)
	}
}

// A record may not take away coffee that labels were already printed for.
func TestRecordKeepsCommitted(t *testing.T) {
	l := packed(t)
	run := mustPrint(t, &l, aRun("r1", 0, 336)) // 84 kg of 85
	c := course()[5]
	c.Kind, c.Corrects, c.Key, c.Reason, c.OutGrams = Correct, 6, "c1", "one sack less", 83_999
	wantFault(t, l.record(c, oneLand(), theNow), fault.Conflict, "trace.event.committed", "")
	// Not even far upstream: half the harvest cannot explain 84 kg.
	h := course()[0]
	h.Kind, h.Corrects, h.Key, h.Reason, h.OutGrams = Correct, 1, "c2", "half of it", 350_000
	wantFault(t, l.record(h, oneLand(), theNow), fault.Conflict, "trace.event.committed", "")
	c.OutGrams = 84_000
	mustRecord(t, &l, oneLand(), c)
	if err := l.withdraw(run.Hash, "misprint", "anna", theNow); err != nil {
		t.Fatal(err)
	}
	mustRecord(t, &l, oneLand(), h)
}
