package trace

import (
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Step is an event as it stands after its corrections. Event holds the values
// in force with the Seq, Key and Kind of the original and the Hash of the
// entry that states them.
type Step struct {
	Event
	Corrected bool
	Because   string // reason of the last correction
	// Claimed is when the weight in force was first put on record: a correction
	// upwards does not inherit the rank of the original (see Land).
	Claimed time.Time
}

// Void reports whether a correction declared that the step never took place.
func (s Step) Void() bool { return s.Kind != Inspect && s.InGrams == 0 && s.OutGrams == 0 }

// Steps folds corrections into the events they restate, in order of Seq.
func (l Lot) Steps() []Step {
	steps := make([]Step, 0, len(l.Events))
	at := make(map[int]int, len(l.Events)) // Seq to position in steps
	for _, e := range l.Events {
		if e.Kind != Correct {
			at[e.Seq] = len(steps)
			steps = append(steps, Step{Event: e, Claimed: e.Recorded})
			continue
		}
		if i, ok := at[e.Corrects]; ok {
			steps[i] = steps[i].restated(e)
		}
	}
	return steps
}

func (s Step) restated(c Event) Step {
	claimed := s.Claimed
	if c.OutGrams > s.OutGrams {
		claimed = c.Recorded
	}
	original := s.Event
	s = Step{Event: c, Corrected: true, Because: c.Reason, Claimed: claimed}
	s.Seq, s.Key, s.Kind, s.Corrects, s.Reason = original.Seq, original.Key, original.Kind, 0, ""
	return s
}

// flow checks that a sequence of steps could have happened: every step takes
// in a form that an earlier record put out, and no sooner (by the day, as small mills
// record days) than it existed. Weights are the balance's business.
func flow(steps []Step) error {
	first := map[Form]int64{} // first day on which a form came into being
	for _, s := range steps {
		if s.Void() || s.Kind == Inspect || s.InForm == s.OutForm {
			continue
		}
		if day, ok := first[s.OutForm]; !ok || lang.Day(s.At) < day {
			first[s.OutForm] = lang.Day(s.At)
		}
	}
	made := map[Form]bool{}
	for _, s := range steps {
		if s.Void() {
			continue
		}
		if s.InForm != "" {
			if !made[s.InForm] {
				return fault.New(fault.Invalid, "trace.event.no_input").With("Seq", s.Seq).
					With("Form", string(s.InForm)).Field("inForm", "trace.event.no_input.field")
			}
			if lang.Day(s.At) < first[s.InForm] {
				return fault.New(fault.Invalid, "trace.event.too_early").With("Seq", s.Seq).
					Field("at", "trace.event.too_early.field")
			}
		}
		if s.OutForm != "" {
			made[s.OutForm] = true
		}
	}
	return packedOnce(steps)
}

// packedOnce holds a lot to one packing day: the day is printed on the packet
// and the use right is judged on it.
func packedOnce(steps []Step) error {
	var day int64
	for _, s := range steps {
		if s.Kind != Pack || s.Void() {
			continue
		}
		if day != 0 && lang.Day(s.At) != day {
			return fault.New(fault.Invalid, "trace.event.pack_day").Field("at", "trace.event.pack_day.field")
		}
		day = lang.Day(s.At)
	}
	return nil
}

// packedOn is the packing time in force, nil before packing.
func packedOn(steps []Step) *time.Time {
	for _, s := range steps {
		if s.Kind == Pack && !s.Void() {
			at := s.At
			return &at
		}
	}
	return nil
}
