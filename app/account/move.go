package account

import (
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

const (
	forAddress   = "address"
	addressValid = time.Hour
)

// AskAddress has a link sent to the address that is to be the person's new one,
// given the password; until it is opened nothing changes. Where the address has
// an account already, its owner is told instead, and the caller does not learn
// of it. Faults: Invalid with Fields, TooMany.
func (s *Service) AskAddress(ctx context.Context, a Actor, current, email string) error {
	address, wrong := parseAddress(email)
	bad := fault.NewForm("account.form")
	bad.Wrong("email", wrong)
	bad.Need(wrong != "" || addressKey(address) != a.Person.Key, "email", "account.email.same")
	if err := bad.Result(); err != nil {
		return err
	}
	if err := s.again(ctx, a, current); err != nil {
		return err
	}
	if err := s.throttle.take(ctx, asking, "address", a.Person.ID); err != nil {
		return err
	}
	may, err := s.mayMail(ctx, "address", addressKey(address), "", a.Person.ID)
	if err != nil {
		return err
	}
	known, ok, err := s.byAddress(ctx, address)
	if err != nil {
		return err
	}
	secret := newSecret()
	r := s.request(forAddress, addressValid, address, a.Person.Lang, secret)
	r.Person, r.Was = a.Person.ID, a.Person.Key
	m := &outbox.Mail{To: address, Lang: string(a.Person.Lang), Key: "mail.address", Link: "/account/address/confirm?token=" + token(r.ID, secret)}
	if ok {
		m = &outbox.Mail{To: known.Email, Name: known.Name, Lang: string(known.Lang), Key: "mail.known", Link: "/sign-in"}
	}
	if !may {
		m = nil
	}
	return s.post(ctx, r, m)
}

// NewAddress tells which address a link would give to its person, without using
// it.
func (s *Service) NewAddress(ctx context.Context, link string) (email string, err error) {
	r, _, err := s.moving(ctx, link)
	return r.Email, err
}

// moving finds the request behind a link and its person. It counts while the
// person still has the address and the password of when it was asked for, so it
// works once.
func (s *Service) moving(ctx context.Context, link string) (request, Person, error) {
	r, err := s.opened(ctx, forAddress, link)
	if err != nil {
		return r, Person{}, err
	}
	p, err := s.person(ctx, r.Person)
	if fault.Is(err, fault.NotFound) || err == nil && !r.moves(p) {
		err = fault.New(fault.Gone, "account.link.gone")
	}
	return r, p, err
}

func (r request) moves(p Person) bool {
	return p.Deleted == nil && p.Key == r.Was && r.At.After(p.Since)
}

// ChangeAddress gives a person the address that a link was sent to, for who knows
// the person's password, and tells the one before: a stranger who presses the
// button gives his address to nobody. A link that was used or ran out is fault.Gone
// "account.link.gone", an address that got an account meanwhile
// "account.link.known".
func (s *Service) ChangeAddress(ctx context.Context, link, password string) error {
	r, p, err := s.moving(ctx, link)
	if err != nil {
		return err
	}
	if err := s.knows(ctx, r, password, p.Password); err != nil {
		return err
	}
	now := store.Stamp(s.now())
	err = s.people.Update(ctx, r.Person, func(p *Person) error {
		if !r.moves(*p) {
			return fault.New(fault.Gone, "account.link.gone")
		}
		p.Post(now,
			entry("address:"+r.ID, outbox.Entry{At: now, By: p.ID, Action: "person.address", Object: object("person", p.ID),
				Before: []outbox.Value{{Name: "email", Text: p.Email}}, After: []outbox.Value{{Name: "email", Text: r.Email}}}),
			outbox.Effect{ID: "address:" + r.ID + ":mail", Mail: &outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: "mail.moved"}})
		p.Email, p.Key = r.Email, addressKey(r.Email)
		return nil
	})
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Gone, "account.link.known")
	}
	if err != nil {
		return err
	}
	s.settlePerson(ctx, r.Person)
	return nil
}
