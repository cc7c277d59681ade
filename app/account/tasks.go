package account

import (
	"context"
	"strings"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Names of the tasks that this package posts. TaskFace and TaskDropFile are
// for whoever joins organisations with the catalogue and the files; Do performs
// the others.
const (
	TaskFace        = "org-face"     // bring a seller's public face up to date
	TaskWaiting     = "org-waiting"  // tell the operators
	TaskDecided     = "org-decided"  // tell the owners
	TaskRemoved     = "member-gone"  // end the sessions of a removed member, tell the person
	TaskEndSessions = "end-sessions" // of a person whose rights changed
	TaskErase       = "erase-values" // personal values about an object in the log
	TaskDropFile    = "drop-file"    // a paper that package files keeps; for whoever joins the two
)

// Do performs a task of this package; doing it again changes nothing. An
// unknown one is fault.Internal. Mails go out through mail.
func (s *Service) Do(ctx context.Context, id string, t outbox.Task, mail func(context.Context, string, outbox.Mail) error) error {
	switch t.Name {
	case TaskWaiting:
		return s.tellOperators(ctx, id, t.Object, mail)
	case TaskDecided:
		return s.tellOwners(ctx, id, t.Object, mail)
	case TaskRemoved:
		person, org, _ := strings.Cut(t.Object, "@")
		return s.removed(ctx, id, person, org, mail)
	case TaskEndSessions:
		return s.end(ctx, "worker", t.Object, func(Session) bool { return true })
	case TaskErase:
		return s.eraseValues(ctx, t.Object)
	}
	return fault.New(fault.Internal, "internal")
}

func (s *Service) tellOperators(ctx context.Context, id, org string, mail func(context.Context, string, outbox.Mail) error) error {
	o, err := s.org(ctx, org)
	if err != nil {
		return err
	}
	return s.tellRole(ctx, id, Operator, "mail.org_waiting", map[string]string{"Org": o.Name}, "/console/market/"+o.ID, mail)
}

// tellRole mails everybody who was given a role.
func (s *Service) tellRole(ctx context.Context, id string, r Role, key string, args map[string]string, link string, mail func(context.Context, string, outbox.Mail) error) error {
	return s.people.All(ctx, store.Query{Index: "role", Eq: []any{string(r)}}, func(p Person) error {
		return mail(ctx, id+":"+p.ID, outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: key, Args: args, Link: link})
	})
}

// TellInbox mails the people who work on reports: the members of approved
// authorities, or the operators.
func (s *Service) TellInbox(ctx context.Context, id string, authority bool, about, link string, mail func(context.Context, string, outbox.Mail) error) error {
	args := map[string]string{"About": about}
	if !authority {
		return s.tellRole(ctx, id, Operator, "mail.new_report", args, link, mail)
	}
	return s.orgs.All(ctx, store.Query{Index: "kind", Eq: []any{string(Department), string(Approved)}}, func(o Org) error {
		return s.tellMembers(ctx, id, o, members, "mail.new_report", args, link, mail)
	})
}

func (s *Service) tellMembers(ctx context.Context, id string, o Org, roles []Role, key string, args map[string]string, link string, mail func(context.Context, string, outbox.Mail) error) error {
	for _, m := range o.Members {
		p, err := s.person(ctx, m.Person)
		if fault.Is(err, fault.NotFound) || len(roles) == 1 && m.Role != roles[0] {
			continue
		}
		if err != nil {
			return err
		}
		if err := mail(ctx, id+":"+p.ID, outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: key, Args: args, Link: link}); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) tellOwners(ctx context.Context, id, org string, mail func(context.Context, string, outbox.Mail) error) error {
	o, err := s.org(ctx, org)
	if err != nil {
		return err
	}
	for _, d := range o.Decisions { // the one that posted this task
		if key := acts[d.Act].mail; key != "" && strings.HasSuffix(id, d.Hash[:16]) {
			args := map[string]string{"Org": o.Name, "Reason": d.Reason}
			return s.tellMembers(ctx, id, o, owners, key, args, "/console/organisations/"+o.ID, mail)
		}
	}
	return nil
}

// TellOperators mails everybody who runs the marketplace.
func (s *Service) TellOperators(ctx context.Context, id, key string, args map[string]string, link string, mail func(context.Context, string, outbox.Mail) error) error {
	return s.tellRole(ctx, id, Operator, key, args, link, mail)
}

// TellOwners mails the owners of an organisation about something of theirs.
func (s *Service) TellOwners(ctx context.Context, id, org, key string, args map[string]string, link string, mail func(context.Context, string, outbox.Mail) error) error {
	o, err := s.org(ctx, org)
	if err != nil {
		return err
	}
	return s.tellMembers(ctx, id, o, owners, key, args, link, mail)
}

func (s *Service) removed(ctx context.Context, id, person, org string, mail func(context.Context, string, outbox.Mail) error) error {
	p, err := s.person(ctx, person)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.end(ctx, "worker", person, func(Session) bool { return true }); err != nil {
		return err
	}
	o, err := s.org(ctx, org)
	if err != nil {
		return err
	}
	return mail(ctx, id, outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: "mail.removed", Args: map[string]string{"Org": o.Name}})
}
