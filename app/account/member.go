package account

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

const (
	inviteValid = 7 * 24 * time.Hour
	maxMembers  = 200
	maxInvites  = 50
)

func isMemberRole(r Role) bool { return r == Owner || r == Staff }

// Invite has a link sent to an address that lets whoever opens it join. One
// address has one open invitation: another takes its place.
func (s *Service) Invite(ctx context.Context, a Actor, org, email string, role Role) error {
	o, err := s.Org(ctx, a, MemberInvite, org)
	if err != nil {
		return err
	}
	address, wrong := parseAddress(email)
	bad := fault.NewForm("account.invite.form")
	bad.Wrong("email", wrong)
	bad.Need(isMemberRole(role), "role", "account.field.choice")
	if err := bad.Result(); err != nil {
		return err
	}
	p, known, err := s.byAddress(ctx, address)
	if err != nil {
		return err
	}
	if known && o.member(p.ID) >= 0 {
		return fault.New(fault.Invalid, "account.invite.form").Field("email", "account.invite.member")
	}
	limit := inviting
	if o.Status != Approved { // mails in a name that nobody has looked at
		limit = invitingUnknown
	}
	if err := s.throttle.take(ctx, limit, "invite", org); err != nil {
		return err
	}
	now, secret := store.Stamp(s.now()), newSecret()
	in := Invite{ID: store.NewID(now), Hash: hashed(secret), Email: address, Key: addressKey(address), Role: role, By: a.Person.ID, At: now, Until: now.Add(inviteValid)}
	m := outbox.Mail{To: address, Lang: string(a.Person.Lang), Key: "mail.invite",
		Args: map[string]string{"Org": o.Name, "By": a.Person.Name, "Role": a.Person.Lang.T("account.member." + string(role))},
		Link: "/join?token=" + token(org+"~"+in.ID, secret)}
	if known {
		m.Name, m.Lang = p.Name, string(p.Lang)
		m.Args["Role"] = p.Lang.T("account.member." + string(role))
	}
	return s.changeOrg(ctx, org, func(o *Org) error {
		o.Invites = slices.DeleteFunc(o.Invites, func(x Invite) bool { return x.Key == in.Key || !now.Before(x.Until) })
		if len(o.Invites) >= maxInvites || len(o.Members) >= maxMembers {
			return fault.New(fault.Invalid, "account.invite.form").Field("email", "account.invite.full")
		}
		o.Invites = append(o.Invites, in)
		o.Post(now, o.entry("invite:"+in.ID, "member.invite", a.Person.ID, now, nil, []outbox.Value{{Name: "invite", Text: in.ID}, {Name: "role", Text: string(role)}}),
			outbox.Effect{ID: "invite:" + in.ID + ":mail", Mail: &m})
		return nil
	})
}

// Revoke takes an open invitation back; one that is gone has been.
func (s *Service) Revoke(ctx context.Context, a Actor, org, invite string) error {
	if _, err := s.Org(ctx, a, MemberInvite, org); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	return s.changeOrg(ctx, org, func(o *Org) error {
		n := len(o.Invites)
		o.Invites = slices.DeleteFunc(o.Invites, func(x Invite) bool { return x.ID == invite })
		if len(o.Invites) < n {
			o.Post(now, o.entry("revoke:"+invite, "member.revoke", a.Person.ID, now, nil, []outbox.Value{{Name: "invite", Text: invite}}))
		}
		return nil
	})
}

// Invited tells what an invitation's link leads to, without using it. One that
// ran out, was used or taken back is fault.Gone "account.invite.gone".
func (s *Service) Invited(ctx context.Context, link string) (org Org, in Invite, err error) {
	gone := fault.New(fault.Gone, "account.invite.gone")
	id, secret, ok := splitToken(link)
	orgID, inviteID, both := cut(id)
	if !ok || !both {
		return Org{}, Invite{}, gone
	}
	o, err := s.org(ctx, orgID)
	if fault.Is(err, fault.NotFound) {
		return Org{}, Invite{}, gone
	}
	if err != nil {
		return Org{}, Invite{}, err
	}
	i := o.invite(inviteID, secret, s.now())
	if i < 0 {
		return Org{}, Invite{}, gone
	}
	return o, o.Invites[i], nil
}

func cut(id string) (org, invite string, ok bool) {
	for i := len(id) - 1; i > 0; i-- {
		if id[i] == '~' {
			return id[:i], id[i+1:], true
		}
	}
	return "", "", false
}

func (o Org) invite(id, secret string, now time.Time) int {
	return slices.IndexFunc(o.Invites, func(x Invite) bool {
		return x.ID == id && sameHash(secret, x.Hash) && now.Before(x.Until)
	})
}

// Join makes who has signed in a member by an invitation to his address. The
// first to use it uses it up: of two people with one link, the second finds it
// gone. Using it again changes nothing for whom it made a member. Somebody with
// another address is fault.Forbidden "account.invite.other": a mail that was
// passed on must not give a cooperative away. The session gets another id.
func (s *Service) Join(ctx context.Context, a Actor, link string) (org, session string, err error) {
	id, secret, ok := splitToken(link)
	orgID, inviteID, both := cut(id)
	if !ok || !both {
		return "", "", fault.New(fault.Gone, "account.invite.gone")
	}
	if a.Person.ID == "" {
		return "", "", fault.New(fault.Unauthenticated, "account.session.none")
	}
	now, me, joined := store.Stamp(s.now()), a.Person.ID, false
	err = s.changeOrg(ctx, orgID, func(o *Org) error {
		if joined = false; o.member(me) >= 0 {
			return nil
		}
		i := o.invite(inviteID, secret, now)
		if i < 0 || o.Status == Closed {
			return fault.New(fault.Gone, "account.invite.gone")
		}
		if o.Invites[i].Key != a.Person.Key {
			return fault.New(fault.Forbidden, "account.invite.other").With("Email", o.Invites[i].Email)
		}
		role := o.Invites[i].Role
		o.Invites = slices.Delete(o.Invites, i, i+1)
		o.Members = append(o.Members, Member{me, role, now})
		o.Post(now, o.entry("join:"+inviteID, "member.join", me, now, nil, []outbox.Value{{Name: "person", Text: me}, {Name: "role", Text: string(role)}}))
		joined = true
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.Gone, "account.invite.gone")
	}
	if err != nil || !joined {
		return orgID, "", err
	}
	session, err = s.renew(ctx, a)
	return orgID, session, err
}

// renew gives the session of who asks another id, because it may do more now.
func (s *Service) renew(ctx context.Context, a Actor) (session string, err error) {
	session = newSecret()
	return session, s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		i := p.session(a.Session.Hash)
		if i < 0 {
			return fault.New(fault.Unauthenticated, "account.session.none")
		}
		p.Sessions[i].Hash = hashed(session)
		return nil
	})
}

// SetRole makes a member owner or staff. The last owner stays one.
func (s *Service) SetRole(ctx context.Context, a Actor, org, person string, role Role) error {
	if _, err := s.Org(ctx, a, MemberChange, org); err != nil {
		return err
	}
	if !isMemberRole(role) {
		return fault.New(fault.Invalid, "account.field.choice")
	}
	now := store.Stamp(s.now())
	eid := "member:role:" + org + ":" + store.NewID(now)
	return s.changeOrg(ctx, org, func(o *Org) error {
		i := o.member(person)
		switch {
		case i < 0:
			return fault.New(fault.NotFound, "account.member.not_found")
		case o.Members[i].Role == role:
			return nil
		case o.lastOwner(person):
			return fault.New(fault.Conflict, "account.last_owner").With("Org", o.Name)
		}
		was := o.Members[i].Role
		o.Members[i].Role = role
		if role != Owner {
			o.uninvite(person)
		}
		o.Post(now, o.entry(eid, "member.role", a.Person.ID, now,
			[]outbox.Value{{Name: "person", Text: person}, {Name: "role", Text: string(was)}}, []outbox.Value{{Name: "role", Text: string(role)}}),
			outbox.Effect{ID: eid + ":sessions", Task: &outbox.Task{Name: TaskEndSessions, Object: person}})
		return nil
	})
}

// RemoveMember takes somebody out of an organisation and ends all sessions of
// that person at once. An owner removes others; everybody may leave but the last
// owner, who is fault.Conflict "account.last_owner".
func (s *Service) RemoveMember(ctx context.Context, a Actor, org, person string) error {
	verb := MemberChange
	if person == a.Person.ID {
		verb = MemberLeave
	}
	if _, err := s.Org(ctx, a, verb, org); err != nil {
		return err
	}
	return s.removeMember(ctx, a.Person.ID, org, person)
}

func (s *Service) removeMember(ctx context.Context, by, org, person string) error {
	now := store.Stamp(s.now())
	eid := "member:remove:" + org + ":" + store.NewID(now)
	return s.changeOrg(ctx, org, func(o *Org) error {
		i := o.member(person)
		if i < 0 {
			return nil
		}
		if o.lastOwner(person) {
			return fault.New(fault.Conflict, "account.last_owner").With("Org", o.Name)
		}
		o.Members = slices.Delete(o.Members, i, i+1)
		o.uninvite(person)
		o.Post(now, o.entry(eid, "member.remove", by, now, []outbox.Value{{Name: "person", Text: person}}, nil))
		if by != person {
			o.Post(now, outbox.Effect{ID: eid + ":sessions", Task: &outbox.Task{Name: TaskRemoved, Object: person + "@" + o.ID}})
		}
		return nil
	})
}

// uninvite takes back what somebody offered who may offer nothing any more:
// else he could come back by a link to an address of his own.
func (o *Org) uninvite(by string) {
	o.Invites = slices.DeleteFunc(o.Invites, func(x Invite) bool { return x.By == by })
}
