package gi

import (
	"math"
	"slices"
	"testing"
	"time"

	"nguon/app/fault"
)

func TestDecideRefuses(t *testing.T) {
	grant := decision("grant", Grant, "2025-01-01", "2025-12-31")
	suspend := decision("s", Suspend, "2025-05-01", "")
	withdraw := decision("w", Withdraw, "2025-06-01", "")
	tests := []struct {
		name    string
		history []Decision
		d       Decision
		code    string
	}{
		{"suspended before it was granted", nil, suspend, "not_granted"},
		{"renewed before it was granted", nil, decision("r", Renew, "2025-01-01", "2026-01-01"), "not_granted"},
		{"in effect before the grant", []Decision{grant}, decision("s", Suspend, "2024-12-31", ""), "not_granted"},
		{"granted twice", []Decision{grant}, decision("g2", Grant, "2026-01-01", "2026-12-31"), "granted_before"},
		{"lifted without a suspension", []Decision{grant}, decision("l", Lift, "2025-05-01", ""), "not_suspended"},
		{"lifted twice", []Decision{grant, suspend, decision("l", Lift, "2025-06-01", "")}, decision("l2", Lift, "2025-07-01", ""), "not_suspended"},
		{"lifted before the suspension", []Decision{grant, suspend}, decision("l", Lift, "2025-04-01", ""), "not_suspended"},
		{"lifted after it ended by itself", []Decision{grant, decision("s", Suspend, "2025-05-01", "2025-05-10")}, decision("l", Lift, "2025-06-01", ""), "not_suspended"},
		{"suspended twice", []Decision{grant, suspend}, decision("s2", Suspend, "2025-05-02", ""), "suspended_before"},
		{"renewal that shortens", []Decision{grant}, decision("r", Renew, "2025-06-01", "2025-12-30"), "renew_shortens"},
		{"renewal of what has no end", []Decision{decision("grant", Grant, "2025-01-01", "")}, decision("r", Renew, "2026-01-01", "2027-01-01"), "renew_shortens"},
		{"renewed after withdrawal", []Decision{grant, withdraw}, decision("r", Renew, "2025-07-01", "2026-12-31"), "after_withdrawal"},
		{"suspended after withdrawal, in effect before", []Decision{grant, withdraw}, suspend, "after_withdrawal"},
		{"withdrawn twice", []Decision{grant, withdraw}, decision("w2", Withdraw, "2025-07-01", ""), "after_withdrawal"},
		{"withdrawal in effect before a later decision", []Decision{grant, suspend}, decision("w", Withdraw, "2025-04-01", ""), "after_withdrawal"},
		{"corrects what does not exist", []Decision{grant}, decision("c", Amend, "2025-01-01", "", corrects(2)), "corrects_unknown"},
		{"corrects nothing", []Decision{grant}, decision("c", Amend, "2025-01-01", ""), "corrects_unknown"},
		{"corrects a correction", []Decision{grant, decision("c", Amend, "2025-01-01", "2026-12-31", corrects(1))}, decision("c2", Amend, "2025-01-01", "", corrects(2)), "corrects_unknown"},
		{"annuls the grant", []Decision{grant}, decision("c", Amend, "", "", corrects(1)), "grant_annulled"},
		{"correction makes an unlawful history", []Decision{grant, suspend}, decision("c", Amend, "2025-05-02", "", corrects(1)), "not_granted"},
		{"key used for something else", []Decision{grant}, decision("grant", Withdraw, "2025-06-01", ""), "key_used"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := register(t, tt.history...)
			before := slices.Clone(r.Decisions)
			err := r.decide(tt.d, tt.d.From)
			if !fault.Is(err, fault.Conflict) || fault.CodeOf(err) != "gi.decision."+tt.code {
				t.Errorf("%v, want %s", err, tt.code)
			}
			if !slices.Equal(before, r.Decisions) {
				t.Error("a refused decision left a trace")
			}
		})
	}
}

func TestDecideIncomplete(t *testing.T) {
	change := func(f func(*Decision)) Decision {
		d := decision("k", Suspend, "2025-05-01", "2025-06-01")
		f(&d)
		return d
	}
	tests := []struct {
		field, code string
		d           Decision
	}{
		{"key", "key_missing", change(func(d *Decision) { d.Key = "" })},
		{"number", "number_missing", change(func(d *Decision) { d.Number = "" })},
		{"by", "by_missing", change(func(d *Decision) { d.By = "" })},
		{"action", "action_unknown", change(func(d *Decision) { d.Action = "burn" })},
		{"from", "from_missing", change(func(d *Decision) { d.From, d.To = time.Time{}, time.Time{} })},
		{"to", "to_before_from", change(func(d *Decision) { d.To = on("2025-04-30") })},
		{"to", "to_misplaced", change(func(d *Decision) { d.Action = Withdraw })},
		{"reason", "reason_missing", change(func(d *Decision) { d.Reason.Vi = "" })},
		{"corrects", "corrects_misplaced", change(func(d *Decision) { d.Corrects = 1 })},
	}
	for _, tt := range tests {
		r := granted(t)
		err := r.decide(tt.d, on("2025-05-01"))
		want := fault.Field{Name: tt.field, Code: "gi.decision." + tt.code}
		if !fault.Is(err, fault.Invalid) || !slices.Contains(fault.As(err).Fields, want) || len(r.Decisions) != 1 {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func TestDecideTwice(t *testing.T) {
	r := granted(t)
	d := decision("s", Suspend, "2025-05-01", "")
	for range 3 {
		if err := r.decide(d, on("2025-05-01")); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.Decisions) != 2 || r.Decisions[1].Seq != 2 {
		t.Errorf("%d decisions", len(r.Decisions))
	}
}

func TestRecordedNeverRunsBackwards(t *testing.T) {
	r := register(t, decision("grant", Grant, "2025-01-01", "", recorded("2025-02-01")), decision("s", Suspend, "2025-05-01", "", recorded("2025-01-15")))
	if r.Decisions[1].Recorded.Before(r.Decisions[0].Recorded) {
		t.Errorf("recorded %s after %s", r.Decisions[1].Recorded, r.Decisions[0].Recorded)
	}
}

func TestVerify(t *testing.T) {
	fresh := func() Right {
		return register(t, decision("grant", Grant, "2025-01-01", "2025-12-31"), decision("s", Suspend, "2025-05-01", ""), decision("l", Lift, "2025-06-01", ""))
	}
	if err := fresh().Verify(); err != nil {
		t.Fatal(err)
	}
	unhurt := fresh()
	unhurt.HolderName, unhurt.Commune, unhurt.Reports = "HTX Đổi tên", "04105", []Report{{}}
	if err := unhurt.Verify(); err != nil {
		t.Errorf("the chain covers what may change: %v", err)
	}
	tampered := map[string]func(*Right){
		"action":    func(r *Right) { r.Decisions[1].Action = Renew },
		"number":    func(r *Right) { r.Decisions[0].Number += "x" },
		"from":      func(r *Right) { r.Decisions[1].From = on("2025-05-02") },
		"to":        func(r *Right) { r.Decisions[0].To = on("2026-12-31") },
		"reason":    func(r *Right) { r.Decisions[1].Reason.En = "" },
		"by":        func(r *Right) { r.Decisions[2].By = "x" },
		"recorded":  func(r *Right) { r.Decisions[2].Recorded = on("2025-01-01") },
		"key":       func(r *Right) { r.Decisions[0].Key = "x" },
		"corrects":  func(r *Right) { r.Decisions[2].Corrects = 1 },
		"seq":       func(r *Right) { r.Decisions[2].Seq = 4 },
		"prev":      func(r *Right) { r.Decisions[1].Prev = "" },
		"hash":      func(r *Right) { r.Decisions[2].Hash = r.Decisions[1].Hash },
		"removed":   func(r *Right) { r.Decisions = slices.Delete(r.Decisions, 1, 2) },
		"swapped":   func(r *Right) { r.Decisions[1], r.Decisions[2] = r.Decisions[2], r.Decisions[1] },
		"holder":    func(r *Right) { r.Holder = "other" },
		"certifier": func(r *Right) { r.Number = "SL-02" },
		"products":  func(r *Right) { r.Products = append(r.Products, "green") },
		"id":        func(r *Right) { r.ID = "r2" },
	}
	for name, change := range tampered {
		r := fresh()
		change(&r)
		if err := r.Verify(); fault.CodeOf(err) != "gi.chain_broken" {
			t.Errorf("%s changed: %v", name, err)
		}
		if err := r.decide(decision("w", Withdraw, "2025-07-01", ""), on("2025-07-01")); fault.CodeOf(err) != "gi.chain_broken" {
			t.Errorf("%s changed, and a decision was added: %v", name, err)
		}
	}
}

func TestReportIncomplete(t *testing.T) {
	whole := Report{Number: "DK", Lab: "Q", Kind: "ground", On: on("2026-01-01"), ValidTo: on("2026-12-31"), Values: good}
	if err := whole.validate(RulesToday(), true); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		field, code string
		change      func(*Report)
	}{
		{"number", "number_missing", func(q *Report) { q.Number = "" }},
		{"lab", "lab_missing", func(q *Report) { q.Lab = "" }},
		{"kind", "kind_unknown", func(q *Report) { q.Kind = "other" }},
		{"on", "on_missing", func(q *Report) { q.On = time.Time{} }},
		{"validTo", "valid_to_missing", func(q *Report) { q.ValidTo = time.Time{} }},
		{"validTo", "valid_to_before_on", func(q *Report) { q.ValidTo = on("2025-12-31") }},
		{"values", "values_missing", func(q *Report) { q.Values = nil }},
		{"values.sugar_pct", "property_unknown", func(q *Report) { q.Values = map[string]float64{"sugar_pct": 7} }},
		{"values.caffeine_pct", "value_out_of_range", func(q *Report) { q.Values = map[string]float64{"caffeine_pct": math.NaN()} }},
		{"values.caffeine_pct", "value_out_of_range", func(q *Report) { q.Values = map[string]float64{"caffeine_pct": -1} }},
	}
	for _, tt := range tests {
		q := whole
		tt.change(&q)
		err := q.validate(RulesToday(), true)
		if want := (fault.Field{Name: tt.field, Code: "gi.report." + tt.code}); !fault.Is(err, fault.Invalid) || !slices.Contains(fault.As(err).Fields, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
}

func FuzzIsNumber(f *testing.F) {
	for _, s := range []string{"SL-MAU-01", "", ".", "..", "a/b", "số", "01.2017", "x\x00", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !IsNumber(s) {
			return
		}
		if s == "." || s == ".." || len(s) > 40 {
			t.Errorf("%q is a number", s)
		}
		for _, c := range []byte(s) {
			if c <= ' ' || c > '~' || slices.Contains([]byte("/?#%&\\\"<>"), c) {
				t.Errorf("%q cannot stand in an address", s)
			}
		}
	})
}
