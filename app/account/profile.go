package account

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// tidyLine takes needless spaces out. Ends of lines stay, and are refused.
func tidyLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.Is(unicode.Zs, r) || r == '\t' }), " ")
}

// SetProfile changes name and language.
func (s *Service) SetProfile(ctx context.Context, a Actor, name string, l lang.Lang) error {
	name = tidyLine(name)
	bad := fault.NewForm("account.form")
	bad.Wrong("name", named(name, maxName, true))
	if err := bad.Result(); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	id := "profile:" + a.Person.ID + ":" + store.NewID(now)
	err := s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		if p.Name == name && p.Lang == l {
			return nil
		}
		p.Post(now, entry(id, outbox.Entry{At: now, By: p.ID, Action: "person.edit", Object: object("person", p.ID),
			Before: []outbox.Value{{Name: "name", Text: p.Name}, {Name: "lang", Text: string(p.Lang)}},
			After:  []outbox.Value{{Name: "name", Text: name}, {Name: "lang", Text: string(l)}}}))
		p.Name, p.Lang = name, l
		return nil
	})
	if err == nil {
		s.settlePerson(ctx, a.Person.ID)
	}
	return err
}

// ChangePassword asks for the present password, sets another, gives this
// session a new id and ends all others.
func (s *Service) ChangePassword(ctx context.Context, a Actor, current, fresh string) (session string, err error) {
	bad := fault.NewForm("account.form")
	bad.Wrong("password", weak(fresh, a.Person.Name, a.Person.Email, localPart(a.Person.Email)))
	if err := bad.Result(); err != nil {
		return "", err
	}
	if err := s.again(ctx, a, current); err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, fresh)
	if err != nil {
		return "", err
	}
	now, was := store.Stamp(s.now()), a.Person.Password
	session = newSecret()
	err = s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		if p.Password != was {
			return fault.New(fault.Invalid, "account.form").Field("current", "account.password.wrong")
		}
		p.Password, p.Since = hash, now
		if err := p.rotate(a.Session.Hash, hashed(session), a.Session.Strong); err != nil {
			return err
		}
		p.told(now, "mail.changed", "person.password", p.ID)
		return nil
	})
	if err != nil {
		return "", err
	}
	s.settlePerson(ctx, a.Person.ID)
	return session, nil
}

// Data is everything that is held about a person, for the person.
type Data struct {
	Email         string           `json:"email"`
	Name          string           `json:"name"`
	Language      string           `json:"language"`
	Created       time.Time        `json:"created"`
	Agreed        time.Time        `json:"agreedToTerms"`
	PasswordSince time.Time        `json:"passwordSince"`
	TwoStep       *time.Time       `json:"twoStepSince,omitempty"`
	Roles         []Role           `json:"roles"`
	Sessions      []SessionData    `json:"sessions"`
	Organisations []MembershipData `json:"organisations"`
	Documents     []DocumentData   `json:"documents"`   // papers that the person handed in
	Invitations   []InviteData     `json:"invitations"` // open ones, to the person's address
	Log           []LogEntry       `json:"log"`         // what the person did, and what was done to the account
}

// SessionData is a session in Data.
type SessionData struct {
	Browser string    `json:"browser"`
	Created time.Time `json:"created"`
	Seen    time.Time `json:"lastSeen"`
}

// MembershipData is a membership in Data.
type MembershipData struct {
	Organisation string    `json:"organisation"`
	Role         Role      `json:"role"`
	Since        time.Time `json:"since"`
}

// DocumentData is a paper in Data.
type DocumentData struct {
	Organisation string    `json:"organisation"`
	Name         string    `json:"name"`
	At           time.Time `json:"at"`
}

// InviteData is an invitation in Data.
type InviteData struct {
	Organisation string    `json:"organisation"`
	Role         Role      `json:"role"`
	At           time.Time `json:"at"`
}

// mostLog bounds the entries of the log in a download.
const mostLog = 10_000

// Data collects what is held about the one who asks.
func (s *Service) Data(ctx context.Context, a Actor) (Data, error) {
	p := a.Person
	d := Data{Email: p.Email, Name: p.Name, Language: string(p.Lang), Created: p.Created, Agreed: p.Agreed,
		PasswordSince: p.Since, Roles: p.Roles, Sessions: []SessionData{}, Organisations: []MembershipData{}, Documents: []DocumentData{}, Invitations: []InviteData{}, Log: []LogEntry{}}
	if p.Second != nil {
		d.TwoStep = p.Second.On
	}
	for _, o := range p.Sessions {
		d.Sessions = append(d.Sessions, SessionData{o.Agent, o.Created, o.Seen})
	}
	for _, o := range a.Orgs {
		i := o.member(p.ID)
		d.Organisations = append(d.Organisations, MembershipData{o.Name, o.Members[i].Role, o.Members[i].Since})
		for _, x := range o.Documents {
			if x.By == p.ID {
				d.Documents = append(d.Documents, DocumentData{o.Name, x.Name, x.At})
			}
		}
	}
	if err := s.orgs.All(ctx, store.Query{Index: "invited", Eq: []any{p.Key}}, func(o Org) error {
		for _, in := range o.Invites {
			if in.Key == p.Key && s.now().Before(in.Until) {
				d.Invitations = append(d.Invitations, InviteData{o.Name, in.Role, in.At})
			}
		}
		return nil
	}); err != nil {
		return Data{}, err
	}
	seen := map[int64]bool{}
	for _, f := range []LogFilter{{By: p.ID}, {Object: object("person", p.ID)}} {
		err := s.eachEntry(ctx, f, mostLog, func(e LogEntry) error {
			if !seen[e.Seq] {
				seen[e.Seq] = true
				d.Log = append(d.Log, e)
			}
			return nil
		})
		if err != nil {
			return Data{}, err
		}
	}
	slices.SortFunc(d.Log, func(a, b LogEntry) int { return int(a.Seq - b.Seq) })
	return d, nil
}

// Delete erases a person, given the password: name, address, sessions and the
// personal values in the log go; what the person did stays under an id that
// means nobody any more. An organisation that has no other member closes. Who
// is the last owner of one that has hands it over first: fault.Conflict
// "account.last_owner" with Args "Org".
func (s *Service) Delete(ctx context.Context, a Actor, password string) error {
	if err := s.again(ctx, a, password); err != nil {
		return err
	}
	id := a.Person.ID
	for _, o := range a.Orgs {
		if len(o.Members) > 1 && o.lastOwner(id) {
			return fault.New(fault.Conflict, "account.last_owner").With("Org", o.Name)
		}
	}
	for _, o := range a.Orgs {
		if err := s.part(ctx, o.ID, id); err != nil {
			return err
		}
	}
	now := store.Stamp(s.now())
	err := s.people.Update(ctx, id, func(p *Person) error {
		if p.Deleted != nil {
			return nil
		}
		p.Post(now,
			entry("person:delete:"+id, outbox.Entry{At: now, By: id, Action: "person.delete", Object: object("person", id)}),
			outbox.Effect{ID: "person:erase:" + id, Task: &outbox.Task{Name: TaskErase, Object: object("person", id)}},
			outbox.Effect{ID: "person:deleted:" + id, Mail: &outbox.Mail{To: p.Email, Lang: string(p.Lang), Key: "mail.deleted"}})
		*p = Person{ID: p.ID, Key: "deleted:" + p.ID, Lang: p.Lang, Created: p.Created, Roles: []Role{}, Sessions: []Session{}, Deleted: &now, Demo: p.Demo, Box: p.Box}
		return nil
	})
	if err == nil {
		s.settlePerson(ctx, id)
	}
	return err
}

// Names words who did something, for pages that may show people: name, or
// address where there is none. Ids that mean nobody are left out.
func (s *Service) Names(ctx context.Context, ids []string) (map[string]string, error) {
	names := map[string]string{}
	for _, id := range ids {
		if _, done := names[id]; done || len(id) != 24 {
			continue
		}
		p, err := s.people.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if p.Deleted == nil {
			names[id] = p.Name
		}
	}
	return names, nil
}
