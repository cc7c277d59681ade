package gi

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
)

func TestStanding(t *testing.T) {
	grant := decision("grant", Grant, "2025-01-01", "2025-12-31")
	open := decision("grant", Grant, "2025-01-01", "")
	tests := []struct {
		name      string
		decisions []Decision
		day       string
		want      Status
		since     string
	}{
		{"nothing decided", nil, "2025-06-01", NotYet, ""},
		{"the day before", []Decision{grant}, "2024-12-31", NotYet, ""},
		{"first day", []Decision{grant}, "2025-01-01", Valid, "2025-01-01"},
		{"last day", []Decision{grant}, "2025-12-31", Valid, "2025-01-01"},
		{"the day after", []Decision{grant}, "2026-01-01", Expired, "2026-01-01"},
		{"without an end", []Decision{open}, "2099-01-01", Valid, "2025-01-01"},
		{"renewed without a gap", []Decision{grant, decision("renew", Renew, "2026-01-01", "2026-12-31")}, "2026-06-01", Valid, "2025-01-01"},
		{"renewed early", []Decision{grant, decision("renew", Renew, "2025-11-01", "2026-12-31")}, "2026-06-01", Valid, "2025-01-01"},
		{"renewed late, in the gap", []Decision{grant, decision("renew", Renew, "2026-03-01", "2026-12-31")}, "2026-02-01", Expired, "2026-01-01"},
		{"renewed late, after the gap", []Decision{grant, decision("renew", Renew, "2026-03-01", "2026-12-31")}, "2026-06-01", Valid, "2026-03-01"},
		{"renewal does not reach back", []Decision{grant, decision("renew", Renew, "2026-01-01", "2026-12-31")}, "2025-06-01", Valid, "2025-01-01"},
		{"the day before suspension", []Decision{grant, decision("s", Suspend, "2025-05-01", "")}, "2025-04-30", Valid, "2025-01-01"},
		{"suspended", []Decision{grant, decision("s", Suspend, "2025-05-01", "")}, "2025-05-01", Suspended, "2025-05-01"},
		{"suspended and run out", []Decision{grant, decision("s", Suspend, "2025-05-01", "")}, "2026-02-01", Expired, "2026-01-01"},
		{"suspended to a day", []Decision{grant, decision("s", Suspend, "2025-05-01", "2025-05-31")}, "2025-05-31", Suspended, "2025-05-01"},
		{"after that day", []Decision{grant, decision("s", Suspend, "2025-05-01", "2025-05-31")}, "2025-06-01", Valid, "2025-06-01"},
		{"lifted", []Decision{grant, decision("s", Suspend, "2025-05-01", ""), decision("l", Lift, "2025-06-10", "")}, "2025-06-10", Valid, "2025-06-10"},
		{"the day before lifting", []Decision{grant, decision("s", Suspend, "2025-05-01", ""), decision("l", Lift, "2025-06-10", "")}, "2025-06-09", Suspended, "2025-05-01"},
		{"lifted long before a late renewal", []Decision{grant, decision("s", Suspend, "2025-05-01", ""), decision("l", Lift, "2025-06-10", ""),
			decision("renew", Renew, "2026-03-01", "2026-12-31")}, "2026-06-01", Valid, "2026-03-01"},
		{"suspension that ended long before a late renewal", []Decision{grant, decision("s", Suspend, "2025-05-01", "2025-05-31"),
			decision("renew", Renew, "2026-03-01", "2026-12-31")}, "2026-06-01", Valid, "2026-03-01"},
		{"suspended again", []Decision{grant, decision("s", Suspend, "2025-05-01", ""), decision("l", Lift, "2025-06-10", ""), decision("s2", Suspend, "2025-07-01", "")},
			"2025-07-02", Suspended, "2025-07-01"},
		{"withdrawn", []Decision{grant, decision("w", Withdraw, "2025-05-01", "")}, "2025-05-01", Withdrawn, "2025-05-01"},
		{"the day before withdrawal", []Decision{grant, decision("w", Withdraw, "2025-05-01", "")}, "2025-04-30", Valid, "2025-01-01"},
		{"withdrawn stays withdrawn", []Decision{grant, decision("w", Withdraw, "2025-05-01", "")}, "2030-01-01", Withdrawn, "2025-05-01"},
		{"end corrected", []Decision{grant, decision("c", Amend, "2025-01-01", "2025-06-30", corrects(1), recorded("2025-02-01"))}, "2025-07-01", Expired, "2025-07-01"},
		{"corrected twice, the last counts", []Decision{grant, decision("c", Amend, "2025-01-01", "2025-06-30", corrects(1), recorded("2025-02-01")),
			decision("c2", Amend, "2025-01-01", "2026-06-30", corrects(1), recorded("2025-02-02"))}, "2026-06-30", Valid, "2025-01-01"},
		{"suspension annulled", []Decision{grant, decision("s", Suspend, "2025-05-01", ""), decision("c", Amend, "", "", corrects(2), recorded("2025-06-01"))}, "2025-05-15", Valid, "2025-01-01"},
		{"withdrawal annulled", []Decision{grant, decision("w", Withdraw, "2025-05-01", ""), decision("c", Amend, "", "", corrects(2), recorded("2025-06-01"))}, "2025-05-15", Valid, "2025-01-01"},
		{"recorded later, in effect earlier", []Decision{grant, decision("s", Suspend, "2025-05-01", "", recorded("2025-08-01"))}, "2025-06-01", Suspended, "2025-05-01"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := register(t, tt.decisions...)
			noon := on(tt.day).Add(12 * time.Hour)
			// The whole day counts, in Vietnam's time.
			for _, at := range []time.Time{on(tt.day), noon.UTC(), on(tt.day).Add(24*time.Hour - time.Millisecond)} {
				got := r.StandingOn(at)
				if got.Status != tt.want || r.StatusOn(at) != tt.want {
					t.Fatalf("%s on %s, want %s", got.Status, at, tt.want)
				}
				if since := got.Since; tt.since == "" && !since.IsZero() || tt.since != "" && !since.Equal(on(tt.since)) {
					t.Errorf("since %s, want %s", since, tt.since)
				}
			}
		})
	}
}

func TestHolderOn(t *testing.T) {
	r := register(t, decision("grant", Grant, "2025-01-01", "2025-12-31"), decision("s", Suspend, "2025-05-01", ""))
	h := r.HolderOn(on("2025-05-02"))
	if h.Number != "SL-01" || h.Holder != "coop" || h.Status != Suspended || h.Reason.Vi != "Lý do s" ||
		!h.From.Equal(on("2025-01-01")) || !h.To.Equal(on("2025-12-31")) || !h.Since.Equal(on("2025-05-01")) {
		t.Errorf("%+v", h)
	}
	if h := r.HolderOn(on("2025-04-01")); h.Status != Valid || h.Reason != (lang.Text{}) {
		t.Errorf("valid, but with a reason: %+v", h)
	}
}

func TestRight(t *testing.T) {
	grant := decision("grant", Grant, "2025-01-01", "2027-12-31")
	broken := granted(t)
	broken.Decisions[0].To = on("2099-12-31")
	tests := []struct {
		name   string
		rights []Right
		kind   string
		want   Result
		codes  []string
	}{
		{"valid", []Right{register(t, grant)}, "roasted", Pass, []string{"right.valid"}},
		{"valid without an end", []Right{register(t, decision("grant", Grant, "2025-01-01", ""))}, "roasted", Pass, []string{"right.valid_open"}},
		{"kind not covered", []Right{register(t, grant)}, "green", Fail, []string{"right.kind"}},
		{"kind unknown", []Right{register(t, grant)}, "", Undetermined, []string{"right.kind_unknown"}},
		{"none", nil, "roasted", Fail, []string{"right.none"}},
		{"never granted", []Right{register(t)}, "roasted", Fail, []string{"right.not_granted"}},
		{"not yet", []Right{register(t, decision("grant", Grant, "2026-03-11", "2027-12-31"))}, "roasted", Fail, []string{"right.not_yet", "right.recorded_later"}},
		{"expired the day before", []Right{register(t, decision("grant", Grant, "2025-01-01", "2026-03-09"))}, "roasted", Fail, []string{"right.expired"}},
		{"suspended", []Right{register(t, grant, decision("s", Suspend, "2026-03-10", ""))}, "roasted", Fail, []string{"right.suspended"}},
		{"withdrawn", []Right{register(t, grant, decision("w", Withdraw, "2026-01-10", ""))}, "roasted", Fail, []string{"right.withdrawn"}},
		{"suspended afterwards", []Right{register(t, grant, decision("s", Suspend, "2026-03-11", ""))}, "roasted", Pass, []string{"right.valid"}},
		{"suspension entered later, in effect on the day", []Right{register(t, grant, decision("s", Suspend, "2026-03-01", "", recorded("2026-04-01")))},
			"roasted", Fail, []string{"right.suspended", "right.recorded_later"}},
		{"grant entered later", []Right{register(t, decision("grant", Grant, "2026-01-01", "2027-12-31", recorded("2026-04-01")))},
			"roasted", Pass, []string{"right.valid", "right.recorded_later"}},
		{"one valid right is enough", []Right{register(t, decision("grant", Grant, "2020-01-01", "2020-12-31")), register(t, grant)}, "roasted", Pass, []string{"right.valid"}},
		{"two that do not help", []Right{register(t, decision("grant", Grant, "2020-01-01", "2020-12-31")), register(t, grant)}, "green", Fail, []string{"right.expired", "right.kind"}},
		{"chain broken", []Right{broken}, "roasted", Undetermined, []string{"right.broken"}},
		{"chain broken beside an expired one", []Right{register(t, decision("grant", Grant, "2020-01-01", "2020-12-31")), broken}, "roasted", Undetermined, []string{"right.expired", "right.broken"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := RulesToday().right(coffee(func(s *Subject) { s.Kind = tt.kind }), tt.rights, packing)
			if got.Result != tt.want || !slices.Equal(codes(t, got.Evidence), tt.codes) {
				t.Errorf("%s %v, want %s %v", got.Result, codes(t, got.Evidence), tt.want, tt.codes)
			}
		})
	}
	if got := RulesToday().right(Subject{Kind: "roasted"}, nil, packing); got.Result != Undetermined || codes(t, got.Evidence)[0] != "right.packer_unknown" {
		t.Errorf("without a packer: %s", got.Result)
	}
}

// What was true on the packing day and what is true today may differ.
func TestRightThenAndNow(t *testing.T) {
	r := register(t, decision("grant", Grant, "2025-01-01", "2027-12-31"), decision("s", Suspend, "2026-06-01", ""))
	then := RulesToday().Judge(coffee(nil), []Right{r}, packing)
	now := RulesToday().Judge(coffee(nil), []Right{r}, on("2026-07-01"))
	if then.Result != Pass || now.Result != Fail || now.Tests[0].Result != Pass || now.Tests[1].Result != Pass {
		t.Errorf("then %s, now %s", then.Result, now.Result)
	}
	text := now.Tests[2].Evidence[0].Text(lang.Vi)
	for _, part := range []string{"SL-01", "HTX Thử", "01/06/2026", "01/07/2026", "Lý do s"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
	if en := now.Tests[2].Evidence[0].Text(lang.En); !strings.Contains(en, "1 Jun 2026") || !strings.Contains(en, "Reason s") {
		t.Error(en)
	}
}
