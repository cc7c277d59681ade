package account

import (
	"cmp"
	"context"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// request waits for somebody to open a mailed link: a sign-up to be confirmed,
// a forgotten password, or a new address. It is written for unknown addresses as for known
// ones.
type request struct {
	ID         string    `bson:"_id"`
	Purpose    string    `bson:"purpose"`
	Email      string    `bson:"email"`
	Name       string    `bson:"name,omitempty"`
	Password   string    `bson:"password,omitempty"` // hash, of a sign-up
	Person     string    `bson:"person,omitempty"`   // whose password was forgotten, or address is to change
	Was        string    `bson:"was,omitempty"`      // key of the address that is to change
	Next       string    `bson:"next,omitempty"`     // site path to go on to after a sign-up
	Lang       lang.Lang `bson:"lang"`
	Hash       string    `bson:"hash"` // of the secret in the link
	At         time.Time `bson:"at"`
	Until      time.Time `bson:"until"`
	outbox.Box `bson:",inline"`
}

const (
	forSignUp = "signup"
	forReset  = "reset"

	signUpValid = 24 * time.Hour
	resetValid  = time.Hour
	// chooseValid is how long the first password of somebody whom the command
	// line made may be chosen.
	chooseValid = 24 * time.Hour
)

// SignUp is a form of somebody who wants an account. Device and Network are for
// limits and not stored.
type SignUp struct {
	Name, Email, Password string
	Agreed                bool // to terms and privacy notice, not ticked beforehand
	Lang                  lang.Lang
	Device, Network       string // mark of the browser, and where the form came from
	Next                  string // site path to go on to, "" for the usual one
}

// Request takes a sign-up in and has a mail sent: a link to confirm the
// address, or, where it has an account already, word of that. The caller learns
// neither. Faults: Invalid with Fields, TooMany.
func (s *Service) Request(ctx context.Context, f SignUp) error {
	f.Name = tidyLine(f.Name)
	address, wrong := parseAddress(f.Email)
	bad := fault.NewForm("account.form")
	bad.Wrong("name", named(f.Name, maxName, true))
	bad.Wrong("email", wrong)
	bad.Wrong("password", weak(f.Password, f.Name, address, localPart(address)))
	bad.Need(f.Agreed, "agreed", "account.agree")
	if err := bad.Result(); err != nil {
		return err
	}
	if err := s.throttle.take(ctx, signingUp, "signup", f.Network); err != nil {
		return err
	}
	may, err := s.mayMail(ctx, "signup", addressKey(address), f.Device, f.Network)
	if err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, f.Password)
	if err != nil {
		return err
	}
	known, ok, err := s.byAddress(ctx, address)
	if err != nil {
		return err
	}
	secret := newSecret()
	r := s.request(forSignUp, signUpValid, address, f.Lang, secret)
	r.Name, r.Password, r.Next = f.Name, hash, f.Next
	// Without the name: nobody knows yet that the address is its bearer's.
	m := &outbox.Mail{To: address, Lang: string(f.Lang), Key: "mail.confirm", Link: "/confirm?token=" + token(r.ID, secret)}
	if ok { // to who has the account, in words that the account chose
		m = &outbox.Mail{To: known.Email, Name: known.Name, Lang: string(known.Lang), Key: "mail.known", Link: "/sign-in"}
	}
	if !may {
		m = nil
	}
	return s.post(ctx, r, m)
}

func localPart(address string) string {
	for i := range len(address) {
		if address[i] == '@' {
			return address[:i]
		}
	}
	return address
}

func (s *Service) request(purpose string, valid time.Duration, address string, l lang.Lang, secret string) request {
	now := store.Stamp(s.now())
	return request{ID: store.NewID(now), Purpose: purpose, Email: address, Lang: l, Hash: hashed(secret), At: now, Until: now.Add(valid)}
}

// post writes a request; its mail is sent by the worker, so that the answer
// takes as long whether there is one or not.
func (s *Service) post(ctx context.Context, r request, m *outbox.Mail) error {
	if m != nil {
		r.Box.Post(s.now(), outbox.Effect{ID: "request:" + r.ID, Mail: m})
	}
	if err := s.requests.Insert(ctx, r); err != nil {
		return err
	}
	s.nudge()
	return nil
}

// opened finds the request behind a link. One that never was, ran out or was
// used is fault.Gone "account.link.gone", and says so alike.
func (s *Service) opened(ctx context.Context, purpose, link string) (request, error) {
	gone := fault.New(fault.Gone, "account.link.gone")
	id, secret, ok := splitToken(link)
	if !ok {
		return request{}, gone
	}
	r, err := s.requests.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return request{}, gone
	}
	if err != nil {
		return request{}, err
	}
	if r.Purpose != purpose || !sameHash(secret, r.Hash) || !s.now().Before(r.Until) {
		return request{}, gone
	}
	return r, nil
}

// Confirmable tells whether a link of a sign-up can still be used, and for
// which address. It uses nothing up: mail programs open links by themselves.
func (s *Service) Confirmable(ctx context.Context, link string) (email string, err error) {
	r, err := s.opened(ctx, forSignUp, link)
	if err != nil {
		return "", err
	}
	_, known, err := s.byAddress(ctx, r.Email)
	if err == nil && known {
		err = fault.New(fault.Gone, "account.link.known")
	}
	return r.Email, err
}

// Confirm makes the account of a sign-up for who opens its link and knows its
// password: who signed up with a stranger's address gets nothing from the
// stranger's confirming it. It returns the address, and where to go on to. The
// person gets the id of the request, so that repeating it makes no second one:
// a link that was used is fault.Gone "account.link.known", as is one whose
// address got an account by another link.
func (s *Service) Confirm(ctx context.Context, link, password string) (email, next string, err error) {
	r, err := s.opened(ctx, forSignUp, link)
	if err != nil {
		return "", "", err
	}
	if _, known, err := s.byAddress(ctx, r.Email); err != nil || known || r.Password == "" {
		return "", "", cmp.Or(err, error(fault.New(fault.Gone, "account.link.known")))
	}
	if err := s.knows(ctx, r, password, r.Password); err != nil {
		return "", "", err
	}
	now := store.Stamp(s.now())
	p := Person{ID: r.ID, Email: r.Email, Key: addressKey(r.Email), Name: r.Name, Lang: r.Lang, Password: r.Password,
		Since: now, Created: now, Agreed: r.At, Roles: []Role{}, Sessions: []Session{}}
	p.Post(now, entry("person:create:"+p.ID, outbox.Entry{At: now, By: p.ID, Action: "person.create", Object: object("person", p.ID)}))
	err = s.people.Insert(ctx, p)
	if fault.Is(err, fault.Conflict) {
		return "", "", fault.New(fault.Gone, "account.link.known")
	}
	if err != nil {
		return "", "", err
	}
	s.settlePerson(ctx, p.ID)
	return r.Email, r.Next, s.burn(ctx, r.ID)
}

// knows checks the password that belongs to a mailed link, against its hash.
func (s *Service) knows(ctx context.Context, r request, password, hash string) error {
	if len(password) > MaxPassword {
		return fault.New(fault.Invalid, "account.form").Field("password", "account.password.long")
	}
	if err := s.throttle.take(ctx, guessing, "confirm", r.ID); err != nil {
		return err
	}
	fits, _, err := s.hasher.verify(ctx, password, hash)
	if err == nil && !fits {
		err = fault.New(fault.Invalid, "account.form").Field("password", "account.password.wrong")
	}
	return err
}

// burn erases what a request held; its id stays taken until it runs out.
func (s *Service) burn(ctx context.Context, id string) error {
	return s.requests.Update(ctx, id, func(r *request) error {
		r.Password, r.Name, r.Next = "", "", ""
		return nil
	})
}

// Forgot has a link to a new password sent to an address, if it has an account.
// The caller does not learn whether it has.
func (s *Service) Forgot(ctx context.Context, email, device, network string, l lang.Lang) error {
	address, wrong := parseAddress(email)
	bad := fault.NewForm("account.form")
	bad.Wrong("email", wrong)
	if err := bad.Result(); err != nil {
		return err
	}
	if _, known := s.device(device, addressKey(address)); !known { // neighbours do not count for it
		if err := s.throttle.take(ctx, asking, "forgot", network); err != nil {
			return err
		}
	}
	may, err := s.mayMail(ctx, "forgot", addressKey(address), device, network)
	if err != nil {
		return err
	}
	p, ok, err := s.byAddress(ctx, address)
	if err != nil {
		return err
	}
	secret := newSecret()
	r := s.request(forReset, resetValid, address, l, secret)
	if !ok || !may {
		return s.post(ctx, r, nil)
	}
	r.Person = p.ID
	return s.post(ctx, r, &outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: "mail.reset", Link: "/reset?token=" + token(r.ID, secret)})
}

// Resettable tells whether a link to a new password can still be used, without
// using it.
func (s *Service) Resettable(ctx context.Context, link string) error {
	_, _, err := s.resettable(ctx, link)
	return err
}

func (s *Service) resettable(ctx context.Context, link string) (request, Person, error) {
	r, err := s.opened(ctx, forReset, link)
	if err != nil {
		return r, Person{}, err
	}
	p, err := s.person(ctx, r.Person)
	if fault.Is(err, fault.NotFound) || err == nil && !r.resets(p) {
		return r, p, fault.New(fault.Gone, "account.link.gone")
	}
	return r, p, err
}

// resets reports whether a link that was mailed still counts: the password was
// not set since, and the mailbox is still the account's.
func (r request) resets(p Person) bool { return r.At.After(p.Since) && addressKey(r.Email) == p.Key }

// Reset sets a new password by a mailed link and ends all sessions. A link
// counts only when it was asked for after the password was last set, so it
// works once, and none of the others after it. The mark lets the browser that
// proved to read the account's mail sign in although others fail on purpose.
func (s *Service) Reset(ctx context.Context, link, password string) (device string, err error) {
	r, p, err := s.resettable(ctx, link)
	if err != nil {
		return "", err
	}
	bad := fault.NewForm("account.form")
	bad.Wrong("password", weak(password, p.Name, p.Email, localPart(p.Email)))
	if err := bad.Result(); err != nil {
		return "", err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return "", err
	}
	now := store.Stamp(s.now())
	err = s.people.Update(ctx, r.Person, func(p *Person) error {
		if !r.resets(*p) {
			return fault.New(fault.Gone, "account.link.gone")
		}
		p.Password, p.Since, p.Sessions = hash, now, []Session{}
		p.told(now, "mail.changed", "person.reset", p.ID)
		return nil
	})
	if err != nil {
		return "", err
	}
	s.settlePerson(ctx, r.Person)
	return s.mark("", p.Key), nil
}

// told posts the entry and the mail of a change that its owner should hear of.
func (p *Person) told(now time.Time, mailKey, action, by string) {
	id := action + ":" + p.ID + ":" + store.NewID(now)
	p.Post(now,
		entry(id, outbox.Entry{At: now, By: by, Action: action, Object: object("person", p.ID)}),
		outbox.Effect{ID: id + ":mail", Mail: &outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: mailKey}})
}

func entry(id string, e outbox.Entry) outbox.Effect { return outbox.Effect{ID: id, Entry: &e} }

// object names what an entry of the log is about.
func object(kind, id string) string { return kind + ":" + id }
