package gi

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store/sqlite"
)

func newService(t *testing.T, now func() time.Time) *Service {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := New(t.Context(), db, now)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fixed(day string) func() time.Time { return func() time.Time { return on(day) } }

func sample() Right {
	return Right{ID: "r1", Number: "SL-01", Holder: "coop", HolderName: "HTX Thử", Commune: "04132", Products: []string{"roasted"}}
}

func TestService(t *testing.T) {
	ctx := t.Context()
	s := newService(t, fixed("2026-03-20"))
	for range 2 { // everything may be repeated
		if err := s.Create(ctx, sample()); err != nil {
			t.Fatal(err)
		}
		if err := s.Decide(ctx, "r1", decision("grant", Grant, "2025-01-01", "2027-12-31")); err != nil {
			t.Fatal(err)
		}
		if err := s.AddReport(ctx, "r1", Report{Number: "DK-1", Lab: "Q", Kind: "roasted", On: on("2026-01-01"), ValidTo: on("2026-12-31"), Values: good}); err != nil {
			t.Fatal(err)
		}
	}
	r, err := s.Right(ctx, "SL-01")
	if err != nil || len(r.Decisions) != 1 || len(r.Reports) != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := r.Verify(); err != nil {
		t.Errorf("the chain does not survive the store: %v", err)
	}
	if !r.Decisions[0].Recorded.Equal(on("2026-03-20")) {
		t.Errorf("recorded %s", r.Decisions[0].Recorded)
	}
	holders, err := s.Holders(ctx)
	if err != nil || len(holders) != 1 || holders[0].Status != Valid {
		t.Fatalf("%+v, %v", holders, err)
	}
	v, err := s.Judge(ctx, coffee(func(s *Subject) { s.Quality = nil }), time.Time{})
	if err != nil || v.Result != Pass || !v.AsOf.Equal(on("2026-03-20")) {
		t.Errorf("%+v, %v", v, err)
	}
	if v, err := s.Judge(ctx, coffee(func(s *Subject) { s.Packer = "" }), packing); err != nil || v.Result != Undetermined {
		t.Errorf("%s, %v", v.Result, err)
	}
}

// Whoever keeps verdicts hears of every write.
func TestServiceTellsOfEveryWrite(t *testing.T) {
	s := newService(t, fixed("2026-03-20"))
	told := 0
	s.OnChange(func() { told++ })
	report := Report{Number: "7", Lab: "L", Kind: "roasted", On: on("2026-01-20"), ValidTo: on("2027-01-19"), Values: good}
	if err := s.Create(t.Context(), sample()); err != nil || told != 1 {
		t.Errorf("creating: told %d times, %v", told, err)
	}
	if err := s.Decide(t.Context(), "r1", decision("grant", Grant, "2025-01-01", "")); err != nil || told != 2 {
		t.Errorf("deciding: told %d times, %v", told, err)
	}
	if err := s.AddReport(t.Context(), "r1", report); err != nil || told != 3 {
		t.Errorf("reporting: told %d times, %v", told, err)
	}
}

// An annulling correction has no day; the chain must hold after a round trip.
func TestAnnulmentSurvivesTheStore(t *testing.T) {
	ctx := t.Context()
	s := newService(t, fixed("2026-03-20"))
	if err := s.Create(ctx, sample()); err != nil {
		t.Fatal(err)
	}
	for _, d := range []Decision{decision("grant", Grant, "2025-01-01", ""), decision("w", Withdraw, "2025-06-01", ""),
		decision("c", Amend, "", "", corrects(2)), decision("s", Suspend, "2026-01-01", "2026-01-31")} {
		if err := s.Decide(ctx, "r1", d); err != nil {
			t.Fatalf("%s: %v", d.Key, err)
		}
	}
	r, err := s.Right(ctx, "SL-01")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(); err != nil {
		t.Error(err)
	}
	if got := r.StatusOn(on("2026-03-20")); got != Valid {
		t.Errorf("%s, want valid", got)
	}
}

func TestServiceRefuses(t *testing.T) {
	ctx := t.Context()
	s := newService(t, fixed("2026-03-20"))
	if err := s.Create(ctx, sample()); err != nil {
		t.Fatal(err)
	}
	report := Report{Number: "DK-1", Lab: "Q", Kind: "roasted", On: on("2026-01-01"), ValidTo: on("2026-12-31"), Values: good}
	if err := s.AddReport(ctx, "r1", report); err != nil {
		t.Fatal(err)
	}
	changed := report
	changed.Values = map[string]float64{"caffeine_pct": 1.5}
	other, reused := sample(), sample()
	other.ID = "r2"
	reused.Number = "SL-02"
	_, errRight := s.Right(ctx, "SL-99")
	_, errForm := s.Right(ctx, "a/\x00\xff")
	tests := []struct {
		name string
		err  error
		kind fault.Kind
		code string
	}{
		{"number taken", s.Create(ctx, other), fault.Conflict, "gi.right.taken"},
		{"id taken", s.Create(ctx, reused), fault.Conflict, "gi.right.taken"},
		{"incomplete", s.Create(ctx, Right{}), fault.Invalid, "gi.right.incomplete"},
		{"decisions given", s.Create(ctx, func() Right { r := sample(); r.Decisions = []Decision{{}}; return r }()), fault.Invalid, "gi.right.incomplete"},
		{"unknown right", s.Decide(ctx, "r9", decision("g", Grant, "2025-01-01", "")), fault.NotFound, "gi.right.not_found"},
		{"unknown right, report", s.AddReport(ctx, "r9", report), fault.NotFound, "gi.right.not_found"},
		{"unlawful", s.Decide(ctx, "r1", decision("l", Lift, "2025-01-01", "")), fault.Conflict, "gi.decision.not_granted"},
		{"report changed", s.AddReport(ctx, "r1", changed), fault.Conflict, "gi.report.number_used"},
		{"unknown number", errRight, fault.NotFound, "gi.right.not_found"},
		{"garbage number", errForm, fault.NotFound, "gi.right.not_found"},
	}
	for _, tt := range tests {
		if !fault.Is(tt.err, tt.kind) || fault.CodeOf(tt.err) != tt.code {
			t.Errorf("%s: %v, want %s %s", tt.name, tt.err, tt.kind, tt.code)
		}
	}
}

// Many officials pressing the button at once make one decision.
func TestDecideAtOnce(t *testing.T) {
	ctx := context.Background()
	s := newService(t, fixed("2026-03-20"))
	if err := s.Create(ctx, sample()); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.Decide(ctx, "r1", decision("grant", Grant, "2025-01-01", "")); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if r, err := s.Right(ctx, "SL-01"); err != nil || len(r.Decisions) != 1 {
		t.Errorf("%d decisions, %v", len(r.Decisions), err)
	}
}

// TestEveryMessageIsUsed runs last in the file order: by then the tables have
// met every piece of evidence that has a sentence.
func TestEveryMessageIsUsed(t *testing.T) {
	if len(seen) < 10 {
		t.Skip("the tables did not run; this test counts only in a full run")
	}
	raw, err := os.ReadFile("../../app/lang/messages/gi.vi.json")
	if err != nil {
		t.Fatal(err)
	}
	var messages map[string]any
	if err := json.Unmarshal(raw, &messages); err != nil {
		t.Fatal(err)
	}
	for key := range messages {
		if strings.HasPrefix(key, "gi.evidence.") && !seen[key] {
			t.Errorf("%s is said by no test", key)
		}
	}
}

// Every code that a fault of this package carries has a message.
func TestFaultsHaveMessages(t *testing.T) {
	for _, name := range []string{"decision.go", "service.go"} {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		prefix := ""
		var keys []string
		for line := range strings.Lines(string(raw)) {
			switch {
			case strings.Contains(line, `field, "gi.`):
				prefix = between(line, `field, "`, `"`)
			case strings.Contains(line, `fault.New(fault.Conflict, "gi.decision."+code`):
				prefix = "gi.decision."
			case strings.Contains(line, "need(") && strings.Contains(line, `", "`):
				keys = append(keys, prefix+between(line[strings.LastIndex(line, `, "`):], `, "`, `"`))
			case strings.Contains(line, `refuse("`):
				keys = append(keys, prefix+between(line, `refuse("`, `"`))
			}
			if strings.Contains(line, `fault.`) && strings.Contains(line, `"gi.`) && !strings.Contains(line, `"+code`) {
				keys = append(keys, "gi."+between(line, `"gi.`, `"`))
			}
		}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			for _, l := range lang.All {
				if !l.Has(key) {
					t.Errorf("%s: %s has no message in %s", name, key, l)
				}
			}
		}
		if len(keys) < 10 {
			t.Errorf("%s: only %d codes were found: %v", name, len(keys), keys)
		}
	}
}

func between(s, from, to string) string {
	_, s, _ = strings.Cut(s, from)
	s, _, _ = strings.Cut(s, to)
	return s
}
