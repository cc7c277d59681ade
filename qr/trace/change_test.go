package trace

import (
	"context"
	"testing"
	"time"

	"nguon/app/lang"
)

// Whoever keeps what was read hears of every write, each of the service's
// methods that has one.
func TestServiceTellsOfEveryWrite(t *testing.T) {
	s, _ := newService(t)
	told := 0
	s.OnChange(func() { told++ })
	packedLot(t, s)
	if want := 1 + 1 + 3 + 1 + len(course()); told != want {
		t.Errorf("%d writes were told of %d", told, want)
	}
	run := Run{Key: "k", GTIN: gtin250, First: 1, Count: 1, KeyID: "A0", By: "anna"}
	for name, write := range map[string]func(context.Context) error{
		"consent": func(ctx context.Context) error {
			c := Consent{ID: "c1", Farmer: "farmer-17", Purpose: ShowName, Given: theNow, Evidence: "e"}
			return s.Consent(ctx, c)
		},
		"report": func(ctx context.Context) error {
			return s.AddReport(ctx, "lot1", Report{Number: "7", Lab: "L", On: day(time.March, 1)})
		},
		"paper": func(ctx context.Context) error {
			return s.AddPaper(ctx, "lot1", Paper{Scheme: "4c", Number: "9", Issuer: "I", From: day(time.January, 1), To: day(time.June, 1)})
		},
		"run": func(ctx context.Context) error { _, err := s.AppendRun(ctx, "lot1", run); return err },
		"recall": func(ctx context.Context) error {
			return s.Recall(ctx, "lot1", Recall{By: "anna", Reason: lang.Text{Vi: "mốc"}, Advice: lang.Text{Vi: "trả lại"}})
		},
	} {
		told = 0
		if err := write(t.Context()); err != nil || told != 1 {
			t.Errorf("%s: told %d times, %v", name, told, err)
		}
	}
	l, err := s.Lot(t.Context(), gtin250, oneLot().Code)
	must(t, err)
	told = 0
	must(t, s.VoidRun(t.Context(), l.ID, l.Runs[0].Hash, "misprint", "anna"))
	must(t, s.WithdrawConsent(t.Context(), "c1"))
	if told != 2 {
		t.Errorf("withdrawing a run and a consent was told %d times", told)
	}
}
