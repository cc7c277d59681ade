package gi

import (
	"cmp"
	"slices"
	"time"

	"nguon/app/lang"
)

// Standing is what holds of a right on a day.
type Standing struct {
	Status   Status
	Since    time.Time  // first day of the status; zero for NotYet
	From, To time.Time  // the period of validity: the present, the last, or the first to come; To is zero when it has no end
	Basis    []Decision // the decisions that the status rests on, corrections applied
}

// StatusOn is the status on a day in Vietnam.
func (r Right) StatusOn(t time.Time) Status { return r.StandingOn(t).Status }

// StandingOn works out what holds on a day in Vietnam, by the days on which
// decisions took effect, whenever they were recorded.
func (r Right) StandingOn(t time.Time) Standing { return standing(effective(r.Decisions), t) }

// effective applies corrections, the last one of each decision, drops what they annul,
// and orders by the day of effect. A corrected decision counts as recorded when
// it was corrected.
func effective(all []Decision) []Decision {
	last := map[int]Decision{}
	for _, d := range all {
		if d.Action == Amend {
			last[d.Corrects] = d
		}
	}
	var found []Decision
	for _, d := range all {
		if d.Action == Amend {
			continue
		}
		if c, ok := last[d.Seq]; ok {
			if c.From.IsZero() {
				continue
			}
			d.From, d.To, d.Recorded = c.From, c.To, c.Recorded
			d.Number, d.Reason.Vi, d.Reason.En = cmp.Or(c.Number, d.Number), cmp.Or(c.Reason.Vi, d.Reason.Vi), cmp.Or(c.Reason.En, d.Reason.En)
		}
		found = append(found, d)
	}
	slices.SortStableFunc(found, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(lang.Day(a.From), lang.Day(b.From)), cmp.Compare(a.Seq, b.Seq))
	})
	return found
}

// state is what the decisions up to a day add up to.
type state struct {
	period, suspension, lift, withdrawal *Decision
	from                                 time.Time // start of the unbroken validity
}

func (s *state) apply(d *Decision) {
	switch d.Action {
	case Grant, Renew:
		if s.period == nil || ended(s.period.To, lang.Midnight(d.From).AddDate(0, 0, -1)) {
			s.from = d.From
		}
		s.period = d
	case Suspend:
		s.suspension, s.lift = d, nil
	case Lift:
		s.suspension, s.lift = nil, d
	case Withdraw:
		s.withdrawal = d
	}
}

// suspended reports whether a suspension holds on a day; one with an end lifts
// itself after it.
func (s *state) suspended(t time.Time) bool {
	return s.suspension != nil && !ended(s.suspension.To, t)
}

// ended reports whether the last day, if there is one, lies before t's.
func ended(last, t time.Time) bool { return !last.IsZero() && lang.Day(last) < lang.Day(t) }

func standing(decisions []Decision, t time.Time) Standing {
	var s state
	for i := range decisions {
		if lang.Day(decisions[i].From) > lang.Day(t) {
			break
		}
		s.apply(&decisions[i])
	}
	if s.period == nil {
		if len(decisions) == 0 {
			return Standing{Status: NotYet}
		}
		d := decisions[0]
		return Standing{Status: NotYet, From: d.From, To: d.To, Basis: []Decision{d}}
	}
	st := Standing{Status: Valid, Since: s.from, From: s.from, To: s.period.To, Basis: []Decision{*s.period}}
	switch {
	case s.withdrawal != nil:
		st.Status, st.Since, st.Basis = Withdrawn, s.withdrawal.From, []Decision{*s.withdrawal}
	case ended(s.period.To, t):
		st.Status, st.Since = Expired, lang.Midnight(s.period.To).AddDate(0, 0, 1)
	case s.suspended(t):
		st.Status, st.Since, st.Basis = Suspended, s.suspension.From, []Decision{*s.suspension}
	case s.lift != nil && lang.Day(s.lift.From) > lang.Day(st.Since):
		st.Since, st.Basis = s.lift.From, append(st.Basis, *s.lift)
	case s.suspension != nil && lang.Day(s.suspension.To) >= lang.Day(st.Since):
		st.Since, st.Basis = lang.Midnight(s.suspension.To).AddDate(0, 0, 1), append(st.Basis, *s.suspension)
	}
	return st
}

// HolderOn is the line of the public register on a day.
func (r Right) HolderOn(t time.Time) Holder {
	st := r.StandingOn(t)
	h := Holder{Number: r.Number, Holder: r.Holder, Name: r.HolderName, Commune: r.Commune, Products: r.Products,
		Status: st.Status, From: st.From, To: st.To, Since: st.Since, Demo: r.Demo}
	if st.Status == Suspended || st.Status == Withdrawn {
		h.Reason = st.Basis[0].Reason
	}
	for _, d := range r.Decisions {
		h.Papers = append(h.Papers, d.Number)
	}
	for _, t := range r.Reports {
		h.Papers = append(h.Papers, t.Number)
	}
	return h
}
