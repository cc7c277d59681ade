package trace

import (
	"reflect"
	"testing"
	"time"

	"nguon/app/fault"
)

func history(t *testing.T) Lot {
	t.Helper()
	l := packed(t)
	mustPrint(t, &l, aRun("r1", 0, 10))
	r := mustPrint(t, &l, aRun("r2", 10, 10))
	if err := l.withdraw(r.Hash, "misprint", "anna", theNow); err != nil {
		t.Fatal(err)
	}
	mustPrint(t, &l, aRun("r3", 20, 10))
	return l
}

func TestVerifyChain(t *testing.T) {
	tests := []struct {
		name  string
		harm  func(*Lot)
		part  string
		entry int
	}{
		{"event removed", func(l *Lot) { l.Events = append(l.Events[:2:2], l.Events[3:]...) }, "events", 3},
		{"last event removed", func(l *Lot) { l.Events = l.Events[:5] }, "lot", 0},
		{"all events removed", func(l *Lot) { l.Events = nil }, "lot", 0},
		{"events reordered", func(l *Lot) { l.Events[1], l.Events[2] = l.Events[2], l.Events[1] }, "events", 2},
		{"event twice", func(l *Lot) { l.Events = append(l.Events, l.Events[5]) }, "events", 7},
		{"run removed", func(l *Lot) { l.Runs = append(l.Runs[:1:1], l.Runs[2:]...) }, "runs", 2},
		{"withdrawal removed", func(l *Lot) { l.Runs = append(l.Runs[:2:2], l.Runs[3:]...) }, "runs", 3},
		{"last run removed", func(l *Lot) { l.Runs = l.Runs[:3] }, "lot", 0},
		{"runs reordered", func(l *Lot) { l.Runs[0], l.Runs[1] = l.Runs[1], l.Runs[0] }, "runs", 1},
		{"packet made lighter", func(l *Lot) { l.Items[0].NetGrams = 25 }, "events", 1},
		{"moved to another lot", func(l *Lot) { l.ID = "lot2" }, "events", 1},
		{"other plots", func(l *Lot) { l.Plots = []string{"p2"} }, "events", 1},
		{"packing day changed", func(l *Lot) { d := day(time.January, 1); l.PackedOn = &d }, "lot", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := history(t)
			if err := l.VerifyChain(); err != nil {
				t.Fatal(err)
			}
			tt.harm(&l)
			err := l.VerifyChain()
			wantFault(t, err, fault.Conflict, "trace.chain.broken", "")
			if a := fault.As(err).Args; a["Part"] != tt.part || a["Entry"] != tt.entry {
				t.Errorf("got %v", a)
			}
			// A broken history is not continued.
			wantFault(t, l.record(Event{Key: "new"}, oneLand(), theNow), fault.Conflict, "trace.chain.broken", "")
			_, err = l.print(aRun("new", 90, 1), oneLand(), theNow)
			if err == nil {
				t.Error("printed from a broken history")
			}
		})
	}
}

// Every single field of an event and of a run is under its hash.
func TestChainCoversEveryField(t *testing.T) {
	l := history(t)
	each := func(name string, entry reflect.Value) {
		for i := range entry.NumField() {
			field := entry.Type().Field(i).Name
			old := reflect.New(entry.Field(i).Type()).Elem()
			old.Set(entry.Field(i))
			switch f := entry.Field(i); f.Interface().(type) {
			case time.Time:
				f.Set(reflect.ValueOf(theNow.Add(time.Millisecond)))
			case []string:
				f.Set(reflect.ValueOf([]string{"other"}))
			default:
				if f.Kind() == reflect.String {
					f.SetString(f.String() + "x")
				} else {
					f.SetInt(f.Int() + 1)
				}
			}
			if l.VerifyChain() == nil {
				t.Errorf("%s.%s can be changed unseen", name, field)
			}
			entry.Field(i).Set(old)
		}
	}
	each("Event", reflect.ValueOf(&l.Events[1]).Elem())
	each("Run", reflect.ValueOf(&l.Runs[1]).Elem())
	if err := l.VerifyChain(); err != nil {
		t.Fatal("the test left something changed: ", err)
	}
}
