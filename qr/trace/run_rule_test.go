package trace

import (
	"errors"
	"fmt"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

func TestPrint(t *testing.T) {
	tests := []struct {
		name   string
		before []Run
		run    Run
		kind   fault.Kind
		code   string // "" when it is printed
		field  string
	}{
		{"all that fits", nil, aRun("r", 0, 340), 0, "", ""},
		{"one too many", nil, aRun("r", 0, 341), fault.Conflict, "trace.run.exceeds", ""},
		{"the rest of another run", []Run{aRun("a", 0, 300)}, aRun("r", 300, 40), 0, "", ""},
		{"more than the rest", []Run{aRun("a", 0, 300)}, aRun("r", 300, 41), fault.Conflict, "trace.run.exceeds", ""},
		{"overlap at the end", []Run{aRun("a", 0, 10)}, aRun("r", 9, 1), fault.Conflict, "trace.run.overlap", ""},
		{"overlap around", []Run{aRun("a", 5, 1)}, aRun("r", 0, 10), fault.Conflict, "trace.run.overlap", ""},
		{"just after", []Run{aRun("a", 0, 10)}, aRun("r", 10, 1), 0, "", ""},
		{"same numbers of another item", []Run{aRun("a", 0, 10)}, Run{Key: "r", GTIN: gtin500, Count: 10, KeyID: "k", By: "b"}, 0, "", ""},
		{"strange item", nil, Run{Key: "r", GTIN: "08938505970035", Count: 1, KeyID: "k", By: "b"}, fault.Invalid, "trace.run.invalid", "trace.run.gtin"},
		{"none", nil, aRun("r", 0, 0), fault.Invalid, "trace.run.invalid", "trace.run.count"},
		{"over a million", nil, aRun("r", 0, MaxCount+1), fault.Invalid, "trace.run.invalid", "trace.run.count"},
		{"negative index", nil, aRun("r", -1, 1), fault.Invalid, "trace.run.invalid", "trace.run.first"},
		{"index that overflows", nil, aRun("r", 1<<63-1, 1), fault.Invalid, "trace.run.invalid", "trace.run.first"},
		{"known key for another count", []Run{aRun("a", 0, 10)}, aRun("a", 10, 11), fault.Conflict, "trace.run.key", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := packed(t)
			for _, r := range tt.before {
				mustPrint(t, &l, r)
			}
			got, err := l.print(tt.run, oneLand(), theNow)
			if tt.code != "" {
				wantFault(t, err, tt.kind, tt.code, tt.field)
				if len(l.Runs) != len(tt.before) {
					t.Error("a refused run was kept")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if found, voided, ok := l.RunOf(tt.run.GTIN, tt.run.First); !ok || voided != nil || found != got {
				t.Errorf("found %+v %v %v", found, voided, ok)
			}
		})
	}
}

func TestPrintSaysHowManyMore(t *testing.T) {
	l := packed(t)
	mustPrint(t, &l, aRun("a", 0, 300))
	_, err := l.print(aRun("b", 300, 1000), oneLand(), theNow)
	if a := fault.As(err).Args; a["Allowed"] != int64(40) || a["Wanted"] != int64(1000) {
		t.Errorf("got %v", a)
	}
	if got := lang.En.Map("trace.run.exceeds", fault.As(err).Args); got == "" || got == "trace.run.exceeds" {
		t.Errorf("message %q", got)
	}
}

func TestPrintNeedsCoffee(t *testing.T) {
	l := begun()
	mustRecord(t, &l, oneLand(), course()[:3]...)
	_, err := l.print(aRun("a", 0, 1), oneLand(), theNow)
	wantFault(t, err, fault.Conflict, "trace.run.no_coffee", "")
}

func TestPrintAgain(t *testing.T) {
	l := packed(t)
	first := mustPrint(t, &l, aRun("a", 0, 340))
	again, err := l.print(aRun("a", 500, 340), oneLand(), theNow) // a retry reserved a new range
	if !errors.Is(err, errUnchanged) || again != first || len(l.Runs) != 1 {
		t.Errorf("got %+v, %v", again, err)
	}
}

func TestWithdraw(t *testing.T) {
	l := packed(t)
	r := mustPrint(t, &l, aRun("a", 0, 340))
	wantFault(t, l.withdraw("nonsense", "x", "b", theNow), fault.NotFound, "trace.run.unknown", "")
	wantFault(t, l.withdraw("", "x", "b", theNow), fault.NotFound, "trace.run.unknown", "")
	wantFault(t, l.withdraw(r.Hash, "", "b", theNow), fault.Invalid, "trace.run.invalid", "trace.run.reason")
	if err := l.withdraw(r.Hash, "misprint", "bo", theNow); err != nil {
		t.Fatal(err)
	}
	if err := l.withdraw(r.Hash, "again", "bo", theNow); !errors.Is(err, errUnchanged) || len(l.Runs) != 2 {
		t.Errorf("second withdrawal: %v, %d entries", err, len(l.Runs))
	}
	wantFault(t, l.withdraw(l.Runs[1].Hash, "the withdrawal", "bo", theNow), fault.NotFound, "trace.run.unknown", "")
	if got := l.Committed(); got != 0 {
		t.Errorf("%d g still committed", got)
	}
	if _, voided, ok := l.RunOf(gtin250, 339); !ok || voided == nil || voided.Reason != "misprint" {
		t.Errorf("got %v %v", voided, ok)
	}
	// Its coffee is free again, its numbers are not.
	_, err := l.print(aRun("b", 0, 340), oneLand(), theNow)
	wantFault(t, err, fault.Conflict, "trace.run.overlap", "")
	mustPrint(t, &l, aRun("b", 340, 340))
}

func TestRunOf(t *testing.T) {
	l := packed(t)
	mustPrint(t, &l, aRun("a", 100, 10))
	for index, want := range map[int64]bool{99: false, 100: true, 109: true, 110: false, -1: false, 1<<63 - 1: false} {
		if _, _, ok := l.RunOf(gtin250, index); ok != want {
			t.Errorf("%d: %v", index, ok)
		}
	}
	if _, _, ok := l.RunOf(gtin500, 100); ok {
		t.Error("found a run of another item")
	}
}

func TestRecall(t *testing.T) {
	l := packed(t)
	wantFault(t, l.callBack(Recall{By: "bo"}, theNow), fault.Invalid, "trace.recall.invalid", "trace.recall.advice")
	r := Recall{By: "bo", Reason: lang.Text{Vi: "mốc"}, Advice: lang.Text{Vi: "đừng uống"}}
	if err := l.callBack(r, theNow); err != nil {
		t.Fatal(err)
	}
	r.Reason.Vi = "khác"
	if err := l.callBack(r, theNow); !errors.Is(err, errUnchanged) || l.Recall.Reason.Vi != "mốc" {
		t.Errorf("second recall: %v %v", err, l.Recall)
	}
	if _, err := l.print(aRun("a", 0, 1), oneLand(), theNow); err != nil {
		t.Errorf("a damaged label cannot be replaced: %v", err)
	}
}

func TestRunsAreBounded(t *testing.T) {
	l := packed(t)
	for i := range MaxRuns {
		l.chainRun(Run{Key: fmt.Sprint(i), GTIN: gtin250, First: int64(i), Count: 0}, theNow)
	}
	_, err := l.print(aRun("last", MaxRuns, 1), oneLand(), theNow)
	wantFault(t, err, fault.Conflict, "trace.run.too_many", "")
}

// A lot at every bound at once still fits a document.
func TestFullLotFitsADocument(t *testing.T) {
	l := packed(t)
	id := "6812f0c0aa00bb00cc00dd00"
	l.Plots = nil
	for i := range maxPlots {
		l.Plots = append(l.Plots, fmt.Sprintf("%s%04d", id[:20], i))
	}
	e := l.Events[1]
	e.Key, e.By, e.Facility, e.Reason = id, id, id, "the scales at the mill were read wrongly that day"
	for len(l.Events) < maxEvents {
		l.Events = append(l.Events, e)
	}
	for i := range MaxRuns {
		r := l.chainRun(Run{Key: id, GTIN: gtin250, First: int64(i), Count: 1, KeyID: "k1", By: id}, theNow)
		l.chainRun(Run{Key: "void:" + r.Hash, GTIN: gtin250, By: id, Voids: r.Hash, Reason: "misprint at the print house"}, theNow)
	}
	raw, err := bson.Marshal(l)
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > store.MaxDocument {
		t.Errorf("%d bytes", len(raw))
	}
}
