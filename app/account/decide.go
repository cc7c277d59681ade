package account

import (
	"context"
	"strings"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// acts says from which statuses an act leads where, and which mail tells of it.
// There is no way but these.
var acts = map[Act]struct {
	from   []Status
	to     Status
	reason bool // must be given
	mail   string
}{
	Apply:   {[]Status{"", Refused}, Waiting, false, ""},
	Approve: {[]Status{Waiting, Refused}, Approved, false, "mail.org_approved"},
	Refuse:  {[]Status{Waiting}, Refused, true, "mail.org_refused"},
	Suspend: {[]Status{Approved}, Suspended, true, "mail.org_suspended"},
	Lift:    {[]Status{Suspended}, Approved, false, "mail.org_lifted"},
	Close:   {[]Status{Waiting, Refused, Approved, Suspended}, Closed, false, ""},
}

// Leads reports whether an act is open to an organisation of this status.
func (a Act) Leads(from Status) bool {
	for _, s := range acts[a].from {
		if s == from {
			return true
		}
	}
	return false
}

// decide appends a decision that Leads allows.
func (o *Org) decide(d Decision) {
	d.Seq = len(o.Decisions) + 1
	if d.Seq > 1 {
		d.Prev = o.Decisions[d.Seq-2].Hash
	}
	d.About = o.Digest()
	d.Hash = o.hash(d)
	o.Decisions = append(o.Decisions, d)
	o.Status = acts[d.Act].to
}

// Verdict is the operator's form. Seq is the number of decisions and Seen the
// Digest of the registration that its page showed.
type Verdict struct {
	Act    Act
	Seq    int
	Seen   string
	Reason string
}

// Decide records what the operator decides on an organisation. If another
// decision came meanwhile, or the registration reads otherwise than what the
// operator saw, it is fault.Conflict "account.org.stale"; repeating a form
// changes nothing. Nobody decides on an organisation of which he is a member.
func (s *Service) Decide(ctx context.Context, a Actor, id string, v Verdict) error {
	o, err := s.Org(ctx, a, OrgDecide, id)
	if err != nil {
		return err
	}
	if o.member(a.Person.ID) >= 0 {
		return fault.New(fault.Forbidden, "account.org.own")
	}
	if v.Act == Apply || v.Act == Close {
		return fault.New(fault.Invalid, "account.field.choice")
	}
	if v.Seen == "" {
		return fault.New(fault.Conflict, "account.org.stale")
	}
	return s.decideBy(ctx, a.Person.ID, id, v)
}

// Apply asks for approval again after a refusal.
func (s *Service) Apply(ctx context.Context, a Actor, id string, seq int) error {
	if _, err := s.Org(ctx, a, OrgEdit, id); err != nil {
		return err
	}
	return s.decideBy(ctx, a.Person.ID, id, Verdict{Act: Apply, Seq: seq})
}

// decideBy takes a Verdict without Seen for granted: of the organisation itself,
// or of the command line.
func (s *Service) decideBy(ctx context.Context, by, id string, v Verdict) error {
	act, seq, reason := v.Act, v.Seq, strings.TrimSpace(v.Reason)
	rule, ok := acts[act]
	bad := fault.NewForm("account.org.decision")
	bad.Need(ok, "act", "account.field.choice")
	bad.Need(!rule.reason || reason != "", "reason", "account.org.reason")
	bad.Need(utf8.RuneCountInString(reason) <= maxReason, "reason", "account.field.long")
	bad.Need(utf8.ValidString(reason), "reason", "account.field.text")
	if err := bad.Result(); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	return s.changeOrg(ctx, id, func(o *Org) error {
		if n := len(o.Decisions); n == seq+1 && o.Decisions[seq].Act == act && o.Decisions[seq].By == by && o.Decisions[seq].Reason == reason {
			return nil // sent twice
		} else if n != seq || !act.Leads(o.Status) || v.Seen != "" && v.Seen != o.Digest() {
			return fault.New(fault.Conflict, "account.org.stale")
		}
		before := string(o.Status)
		o.decide(Decision{Act: act, Reason: reason, By: by, At: now})
		last := o.Decisions[len(o.Decisions)-1]
		o.Post(now, o.entry("org:"+last.Hash[:16], "org."+string(act), by, now,
			[]outbox.Value{{Name: "status", Text: before}}, []outbox.Value{{Name: "status", Text: string(o.Status)}, {Name: "reason", Text: reason}}),
			o.face(now))
		task := TaskDecided
		if act == Apply {
			task = TaskWaiting
		}
		o.Post(now, outbox.Effect{ID: "org:told:" + last.Hash[:16], Task: &outbox.Task{Name: task, Object: o.ID}})
		if _, special := kindRoles[o.Kind]; special && o.Status == Approved { // its people are more than they were
			for _, m := range o.Members {
				o.Post(now, outbox.Effect{ID: "org:sessions:" + last.Hash[:16] + ":" + m.Person, Task: &outbox.Task{Name: TaskEndSessions, Object: m.Person}})
			}
		}
		return nil
	})
}
