package gi

import (
	"slices"
	"time"

	"nguon/app/lang"
)

// right decides whether the packer was allowed to use the indication for this
// kind of product on the day.
func (r Rules) right(s Subject, own []Right, at time.Time) Test {
	t := Test{Name: "right"}
	switch {
	case s.Packer == "":
		t.add(Undetermined, "right.packer_unknown")
		return t.close()
	case len(own) == 0:
		t.add(Fail, "right.none", "Day", at)
		return t.close()
	}
	var against []Evidence
	gap := false
	for _, right := range own {
		found := right.speak(s.Kind, at)
		switch found[0].Result {
		case Pass: // one valid right is enough, whatever became of others
			t.Evidence = found
			return t.close()
		case Undetermined:
			gap = true
		}
		against = append(against, found...)
	}
	t.Evidence = against
	t = t.close()
	if gap { // a right that cannot be read might have been the valid one
		t.Result = Undetermined
	}
	return t
}

// speak says what one right proves on a day; the first piece of evidence
// decides.
func (r Right) speak(kind string, at time.Time) []Evidence {
	if err := r.Verify(); err != nil {
		return []Evidence{evidence(Undetermined, "right.broken", "Number", r.Number)}
	}
	st := r.StandingOn(at)
	args := []any{"Number", r.Number, "Holder", r.HolderName, "Day", at, "From", st.From, "To", st.To,
		"Since", st.Since, "Kind", kindTerm(kind)}
	var found []Evidence
	switch {
	case st.Status == NotYet && len(st.Basis) == 0:
		found = append(found, evidence(Fail, "right.not_granted", args...))
	case st.Status == Suspended || st.Status == Withdrawn:
		found = append(found, evidence(Fail, "right."+string(st.Status), append(args, "Reason", st.Basis[0].Reason)...))
	case st.Status != Valid:
		found = append(found, evidence(Fail, "right."+string(st.Status), args...))
	case kind == "":
		found = append(found, evidence(Undetermined, "right.kind_unknown", args...))
	case !slices.Contains(r.Products, kind):
		found = append(found, evidence(Fail, "right.kind", args...))
	case st.To.IsZero():
		found = append(found, evidence(Pass, "right.valid_open", args...))
	default:
		found = append(found, evidence(Pass, "right.valid", args...))
	}
	for _, d := range st.Basis {
		if lang.Day(d.Recorded) > lang.Day(at) {
			found = append(found, evidence(found[0].Result, "right.recorded_later",
				"Decision", d.Number, "From", d.From, "Recorded", d.Recorded))
		}
	}
	return found
}
