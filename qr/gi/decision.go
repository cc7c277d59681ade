package gi

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"nguon/app/chain"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

// seal hashes a decision over the one before. The right's own number, holder
// and products are part of every hash, because they decide as much as the
// decisions do; the holder's name is not, so that it can be corrected or erased.
func (r *Right) seal(d Decision) string {
	return chain.New("nguon/gi-decision/1", d.Prev).
		Str(r.ID, r.Number, r.Holder).List(r.Products).
		Int(int64(d.Seq)).Str(d.Key, string(d.Action), d.Number).Time(d.From, d.To).
		Str(d.Reason.Vi, d.Reason.En).Int(int64(d.Corrects)).Str(d.By).Time(d.Recorded).Sum()
}

// Verify recomputes the chain of decisions; it is fault.Internal
// "gi.chain_broken" with the Seq of the first that does not fit.
func (r Right) Verify() error {
	prev := ""
	for i, d := range r.Decisions {
		if d.Seq != i+1 || d.Prev != prev || d.Hash != r.seal(d) {
			return fault.New(fault.Internal, "gi.chain_broken").With("Right", r.Number).With("Seq", strconv.Itoa(i+1))
		}
		prev = d.Hash
	}
	return nil
}

// decide appends a decision, or refuses it: fault.Invalid for one that is
// incomplete, fault.Conflict for one that the right's history does not allow.
// The same Key again changes nothing.
func (r *Right) decide(d Decision, now time.Time) error {
	d.From, d.To = stampOrZero(d.From), stampOrZero(d.To)
	for _, old := range r.Decisions {
		if old.Key == d.Key {
			return sameDecision(old, d)
		}
	}
	if err := d.validate(); err != nil {
		return err
	}
	if err := r.Verify(); err != nil {
		return err
	}
	if err := r.corrects(d); err != nil {
		return err
	}
	d.Seq, d.Recorded, d.Prev = len(r.Decisions)+1, store.Stamp(now), ""
	if n := len(r.Decisions); n > 0 {
		d.Prev = r.Decisions[n-1].Hash
		// A clock that was set back must not make history run backwards.
		if last := r.Decisions[n-1].Recorded; d.Recorded.Before(last) {
			d.Recorded = last
		}
	}
	d.Hash = r.seal(d)
	all := append(slices.Clone(r.Decisions), d)
	if err := lawful(effective(all), d); err != nil {
		return err
	}
	r.Decisions = all
	return nil
}

// BSON has no year 1, so a missing time stays the zero time.
func stampOrZero(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return store.Stamp(t)
}

func sameDecision(old, d Decision) error {
	if old.Action == d.Action && old.Number == d.Number && old.From.Equal(d.From) && old.To.Equal(d.To) && old.Corrects == d.Corrects {
		return nil
	}
	return fault.New(fault.Conflict, "gi.decision.key_used").With("Number", old.Number)
}

// validate checks what can be said of a decision by itself.
func (d Decision) validate() error {
	bad := fault.New(fault.Invalid, "gi.decision.incomplete")
	need := func(ok bool, field, code string) {
		if !ok {
			bad = bad.Field(field, "gi.decision."+code)
		}
	}
	need(d.Key != "", "key", "key_missing")
	need(d.Number != "", "number", "number_missing")
	need(d.By != "", "by", "by_missing")
	need(slices.Contains([]Action{Grant, Renew, Suspend, Lift, Withdraw, Amend}, d.Action), "action", "action_unknown")
	need(!d.From.IsZero() || d.Action == Amend, "from", "from_missing")
	need(d.To.IsZero() || !d.From.IsZero() && lang.Day(d.To) >= lang.Day(d.From), "to", "to_before_from")
	need(d.Reason.Vi != "" || !slices.Contains([]Action{Suspend, Withdraw, Amend}, d.Action), "reason", "reason_missing")
	need(d.Action == Amend || d.Corrects == 0, "corrects", "corrects_misplaced")
	need(d.To.IsZero() || d.Action != Lift && d.Action != Withdraw, "to", "to_misplaced")
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// corrects checks that a correction names an earlier decision that is no
// correction itself. One without a day annuls what it names; a grant cannot be
// annulled, only withdrawn.
func (r *Right) corrects(d Decision) error {
	if d.Action != Amend {
		return nil
	}
	if d.Corrects < 1 || d.Corrects > len(r.Decisions) || r.Decisions[d.Corrects-1].Action == Amend {
		return fault.New(fault.Conflict, "gi.decision.corrects_unknown").With("Seq", strconv.Itoa(d.Corrects))
	}
	if d.From.IsZero() && r.Decisions[d.Corrects-1].Action == Grant {
		return fault.New(fault.Conflict, "gi.decision.grant_annulled")
	}
	return nil
}

// lawful walks the decisions in the order of their effect and refuses the
// history that the new one would make.
func lawful(all []Decision, added Decision) error {
	var s state
	refuse := func(code string) error { return fault.New(fault.Conflict, "gi.decision."+code) }
	withdrawn := slices.ContainsFunc(all, func(d Decision) bool { return d.Action == Withdraw && d.Seq != added.Seq })
	if withdrawn && added.Action != Amend {
		return refuse("after_withdrawal")
	}
	for i := range all {
		d := &all[i]
		switch {
		case s.withdrawal != nil:
			return refuse("after_withdrawal")
		case d.Action == Grant && s.period != nil:
			return refuse("granted_before")
		case d.Action != Grant && s.period == nil:
			return refuse("not_granted")
		case d.Action == Renew && (s.period.To.IsZero() || !d.To.IsZero() && lang.Day(d.To) <= lang.Day(s.period.To)):
			return refuse("renew_shortens")
		case d.Action == Suspend && s.suspended(d.From):
			return refuse("suspended_before")
		case d.Action == Lift && !s.suspended(d.From):
			return refuse("not_suspended")
		}
		s.apply(d)
	}
	return nil
}

// validate checks a report: a value for every property it names, known
// properties only.
func (q Report) validate(r Rules, periodic bool) error {
	bad := fault.New(fault.Invalid, "gi.report.incomplete")
	need := func(ok bool, field, code string) {
		if !ok {
			bad = bad.Field(field, "gi.report."+code)
		}
	}
	need(q.Number != "", "number", "number_missing")
	need(q.Lab != "", "lab", "lab_missing")
	need(slices.Contains(r.Kinds, q.Kind), "kind", "kind_unknown")
	need(!q.On.IsZero(), "on", "on_missing")
	need(!periodic || !q.ValidTo.IsZero(), "validTo", "valid_to_missing")
	need(q.ValidTo.IsZero() || lang.Day(q.ValidTo) >= lang.Day(q.On), "validTo", "valid_to_before_on")
	need(len(q.Values) > 0, "values", "values_missing")
	bands := r.BandsOf(q.Kind)
	for name, v := range q.Values {
		known := slices.ContainsFunc(bands, func(b Band) bool { return b.Property == name })
		need(known, "values."+name, "property_unknown")
		need(v >= 0 && v <= 100, "values."+name, "value_out_of_range")
	}
	slices.SortFunc(bad.Fields, func(a, b fault.Field) int { return cmp.Compare(a.Name, b.Name) })
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}
