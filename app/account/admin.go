package account

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// NewPerson is somebody whom the command line or the demonstration makes,
// without a sign-up.
type NewPerson struct {
	ID          string // a new one when empty
	Email, Name string
	Lang        lang.Lang
	Password    string // empty: to be chosen by a link
	Roles       []Role // Operator, Admin
	TOTP        []byte // shared secret of a second step that is on; nil for none
	Demo        bool
}

// IsGiven reports whether a role is given to a person, not by membership.
func (r Role) IsGiven() bool { return r == Operator || r == Admin }

// Create makes a person, or gives the one with this address the roles that are
// missing; made says which. Only for the command line and the demonstration.
func (s *Service) Create(ctx context.Context, n NewPerson) (p Person, made bool, err error) {
	address, wrong := parseAddress(n.Email)
	bad := fault.NewForm("account.form")
	bad.Wrong("email", wrong)
	bad.Wrong("name", named(tidyLine(n.Name), maxName, true))
	for _, r := range n.Roles {
		bad.Need(r.IsGiven(), "role", "account.field.choice")
	}
	if err := bad.Result(); err != nil {
		return Person{}, false, err
	}
	p, known, err := s.byAddress(ctx, address)
	if err != nil {
		return Person{}, false, err
	}
	if known {
		for _, r := range n.Roles {
			if err := s.grant(ctx, fromCommand, p.ID, r, true); err != nil {
				return Person{}, false, err
			}
		}
		return p, false, nil
	}
	p, err = s.newPerson(ctx, n, address)
	if err != nil {
		return Person{}, false, err
	}
	err = s.people.Insert(ctx, p)
	if err == nil {
		s.settlePerson(ctx, p.ID)
	}
	return p, true, err
}

func (s *Service) newPerson(ctx context.Context, n NewPerson, address string) (Person, error) {
	now := store.Stamp(s.now())
	// The first link to a password is asked for after this moment.
	p := Person{ID: n.ID, Email: address, Key: addressKey(address), Name: tidyLine(n.Name), Lang: n.Lang, Since: now,
		Created: now, Agreed: now, Roles: slices.Clone(n.Roles), Sessions: []Session{}, Demo: n.Demo}
	p.Since = now.Add(-time.Second)
	if p.ID == "" {
		p.ID = store.NewID(now)
	}
	if p.Roles == nil {
		p.Roles = []Role{}
	}
	if n.Password != "" {
		hash, err := s.hasher.hash(ctx, n.Password)
		if err != nil {
			return Person{}, err
		}
		p.Password = hash
	}
	if n.TOTP != nil {
		p.Second = &Second{Sealed: s.sealer.Seal(n.TOTP, p.ID), On: &now, Recovery: []string{}}
	}
	by := fromCommand
	if n.Demo {
		by = "demo"
	}
	p.Post(now, entry("person:create:"+p.ID, outbox.Entry{At: now, By: by, Action: "person.create", Object: object("person", p.ID)}))
	return p, nil
}

// FirstLink is the site path by which a person without a password chooses one,
// within a day, once.
func (s *Service) FirstLink(ctx context.Context, person string) (string, error) {
	p, err := s.person(ctx, person)
	if err != nil {
		return "", err
	}
	secret := newSecret()
	r := s.request(forReset, chooseValid, p.Email, p.Lang, secret)
	r.Person = p.ID
	if err := s.requests.Insert(ctx, r); err != nil {
		return "", err
	}
	return "/reset?token=" + token(r.ID, secret), nil
}

// HasPassword reports whether a person can sign in.
func (p Person) HasPassword() bool { return p.Password != "" }

// Seat makes a person a member of an organisation without an invitation. Only
// for the command line and the demonstration; repeating it changes nothing.
func (s *Service) Seat(ctx context.Context, org, person string, role Role) error {
	now := store.Stamp(s.now())
	return s.changeOrg(ctx, org, func(o *Org) error {
		if i := o.member(person); i >= 0 {
			o.Members[i].Role = role
			return nil
		}
		o.Members = append(o.Members, Member{person, role, now})
		o.Post(now, o.entry("seat:"+o.ID+":"+person, "member.join", fromCommand, now, nil,
			[]outbox.Value{{Name: "person", Text: person}, {Name: "role", Text: string(role)}}))
		return nil
	})
}

// Enter registers and approves an organisation that is known already: one of
// the demonstration. Repeating it changes nothing.
func (s *Service) Enter(ctx context.Context, id string, f OrgForm) error {
	f.tidy()
	if err := f.validate(); err != nil {
		return err
	}
	_, err := s.org(ctx, id)
	if fault.Is(err, fault.NotFound) {
		err = s.register(ctx, fromCommand, f, id, true)
	}
	if err != nil && !fault.Is(err, fault.Conflict) {
		return err
	}
	err = s.decideBy(ctx, fromCommand, id, Verdict{Act: Approve, Seq: 1})
	if fault.CodeOf(err) == "account.org.stale" {
		return nil // decided before
	}
	return err
}

// Grant gives a role to a person, or takes it. All sessions of the person end,
// so that nobody goes on with rights of before.
func (s *Service) Grant(ctx context.Context, a Actor, person string, r Role, on bool) error {
	if err := a.May(RoleGrant, Object{}); err != nil {
		return err
	}
	if !r.IsGiven() {
		return fault.New(fault.Invalid, "account.field.choice")
	}
	if person == a.Person.ID && r == Admin && !on {
		return fault.New(fault.Conflict, "account.role.own")
	}
	return s.grant(ctx, a.Person.ID, person, r, on)
}

func (s *Service) grant(ctx context.Context, by, person string, r Role, on bool) error {
	if _, err := s.person(ctx, person); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	id := "role:" + person + ":" + store.NewID(now)
	err := s.people.Update(ctx, person, func(p *Person) error {
		if slices.Contains(p.Roles, r) == on {
			return nil
		}
		before := slices.Clone(p.Roles)
		p.Roles = slices.DeleteFunc(p.Roles, func(o Role) bool { return o == r })
		if on {
			p.Roles = append(p.Roles, r)
		}
		p.Sessions = []Session{}
		p.Post(now,
			entry(id, outbox.Entry{At: now, By: by, Action: "role.grant", Object: object("person", person), Before: roleValues(before), After: roleValues(p.Roles)}),
			outbox.Effect{ID: id + ":mail", Mail: &outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: "mail.role",
				Args: map[string]string{"Role": roleWords(p.Lang, p.Roles)}}})
		return nil
	})
	if err == nil {
		s.settlePerson(ctx, person)
	}
	return err
}

func roleValues(roles []Role) (vs []outbox.Value) {
	for _, r := range roles {
		vs = append(vs, outbox.Value{Name: "role", Text: string(r)})
	}
	return vs
}

func roleWords(l lang.Lang, roles []Role) string {
	if len(roles) == 0 {
		return l.T("account.role.buyer")
	}
	words := ""
	for i, r := range roles {
		if i > 0 {
			words += ", "
		}
		words += l.T("account.role." + string(r))
	}
	return words
}

// PersonByAddress finds somebody for the administrator, or is fault.NotFound.
func (s *Service) PersonByAddress(ctx context.Context, a Actor, email string) (Person, error) {
	if err := a.May(RoleGrant, Object{}); err != nil {
		return Person{}, err
	}
	p, ok, err := s.byAddress(ctx, email)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "account.person.not_found")
	}
	return p, err
}

// WithRole lists who was given a role.
func (s *Service) WithRole(ctx context.Context, a Actor, r Role) ([]Person, error) {
	if err := a.May(RoleGrant, Object{}); err != nil {
		return nil, err
	}
	found := []Person{}
	err := s.people.All(ctx, store.Query{Index: "role", Eq: []any{string(r)}}, func(p Person) error {
		found = append(found, p)
		return nil
	})
	return found, err
}

// Members are the people of an organisation by the ids of its members.
func (s *Service) Members(ctx context.Context, o Org) (map[string]Person, error) {
	found := map[string]Person{}
	for _, m := range o.Members {
		p, err := s.person(ctx, m.Person)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[p.ID] = p
	}
	return found, nil
}
