package account

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

const (
	step          = 30 // seconds of a time step, RFC 6238 §5.2
	totpBytes     = 20 // of the shared secret, RFC 4226 §4
	recoveryCodes = 10
	recoveryBytes = 8 // 64 bits, of which nobody guesses one in codes' time
)

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// Setup is what an authenticator app is told: the address that its camera
// reads, and the secret for typing.
type Setup struct{ URL, Secret string }

// SetUpSecond gives a person a new shared secret that counts once ConfirmSecond
// has seen a code. Asking again before that shows the same one.
func (s *Service) SetUpSecond(ctx context.Context, a Actor) (Setup, error) {
	id := a.Person.ID
	fresh := make([]byte, totpBytes)
	rand.Read(fresh) // never fails; it ends the program instead
	sealed := s.sealer.Seal(fresh, id)
	var kept []byte
	err := s.people.Update(ctx, id, func(p *Person) error {
		if p.Second != nil && p.Second.On != nil {
			return fault.New(fault.Conflict, "account.second.on")
		}
		if p.Second == nil {
			p.Second = &Second{Sealed: sealed, Recovery: []string{}}
		}
		kept = p.Second.Sealed
		return nil
	})
	if err != nil {
		return Setup{}, err
	}
	secret, _, err := s.sealer.Open(kept, id)
	if err != nil {
		return Setup{}, fault.Wrap(fault.Internal, "internal", err)
	}
	return s.setup(base32Plain.EncodeToString(secret), a.Person.Email), nil
}

// setup words the key URI of the Google Authenticator wiki, which apps read.
func (s *Service) setup(secret, email string) Setup {
	q := url.Values{"secret": {secret}, "issuer": {s.site}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + s.site + ":" + email, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return Setup{u.String(), secret}
}

// ConfirmSecond turns the second step on, given the password, so that nobody who
// passes an open browser locks its owner out, and a code of the app. It returns
// recovery codes, which nobody sees again, and a new secret for the session.
func (s *Service) ConfirmSecond(ctx context.Context, a Actor, password, code string) (recovery []string, session string, err error) {
	if err := s.again(ctx, a, password); err != nil {
		return nil, "", err
	}
	if err := s.throttle.take(ctx, codes, "code", a.Person.ID, a.Session.Hash); err != nil {
		return nil, "", err
	}
	now := store.Stamp(s.now())
	recovery, hashes := newRecovery()
	session = newSecret()
	err = s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		if p.Second == nil || p.Second.On != nil {
			return fault.New(fault.Conflict, "account.second.on")
		}
		if err := s.accept(p, code, now); err != nil {
			return err
		}
		p.Second.On, p.Second.Recovery = &now, hashes
		if err := p.rotate(a.Session.Hash, hashed(session), true); err != nil {
			return err
		}
		p.told(now, "mail.second_on", "person.second_on", p.ID)
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	s.settlePerson(ctx, a.Person.ID)
	return recovery, session, s.throttle.clear(ctx, "code", a.Person.ID, a.Session.Hash)
}

// rotate gives a session another id, because what it may do changes, and ends
// all others.
func (p *Person) rotate(old, fresh string, strong bool) error {
	i := p.session(old)
	if i < 0 {
		return fault.New(fault.Unauthenticated, "account.session.none")
	}
	sess := p.Sessions[i]
	sess.Hash, sess.Strong, sess.Waits, sess.Guesses = fresh, strong, false, 0
	p.Sessions = []Session{sess}
	return nil
}

// accept checks a code of the app against the steps beside now and notes the
// one that fitted, so that it does not count again. It is part of an Update.
func (s *Service) accept(p *Person, code string, now time.Time) error {
	wrong := fault.New(fault.Invalid, "account.form").Field("code", "account.code.wrong")
	secret, _, err := s.sealer.Open(p.Second.Sealed, p.ID)
	if err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := now.Unix() / step
	for _, n := range [...]int64{at, at - 1, at + 1} {
		want, err := totpAt(secret, n)
		if err != nil {
			return fault.Wrap(fault.Internal, "internal", err)
		}
		if n > p.Second.Step && subtle.ConstantTimeCompare([]byte(code), []byte(want)) == 1 {
			p.Second.Step = n
			return nil
		}
	}
	return wrong
}

func totpAt(secret []byte, n int64) (string, error) {
	return totp.GenerateCodeCustom(base32Plain.EncodeToString(secret), time.Unix(n*step, 0),
		totp.ValidateOpts{Period: step, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
}

// SecondStep finishes signing in with a code of the app or a recovery code. The
// session gets another id. Too many wrong codes end it; each network, and all
// that the account does not know together, wait longer and longer, whatever
// sessions they open. Who tries knows the password, so its owner is told once
// codes fail in numbers.
func (s *Service) SecondStep(ctx context.Context, secret, code, device, network string) (Opened, error) {
	p, sess, err := s.find(ctx, secret)
	if err != nil {
		return Opened{}, err
	}
	if !sess.Waits {
		return Opened{}, fault.New(fault.Unauthenticated, "account.session.none")
	}
	source, tried, err := s.takeCode(ctx, p, device, network)
	if err != nil {
		return Opened{}, err
	}
	now, fresh := store.Stamp(s.now()), newSecret()
	var refused error
	err = s.people.Update(ctx, p.ID, func(p *Person) error {
		i := p.session(sess.Hash)
		if i < 0 || !p.Sessions[i].live(now) || p.Second == nil {
			return fault.New(fault.Unauthenticated, "account.session.none")
		}
		if refused = s.passes(p, code, now); refused != nil {
			if fault.Is(refused, fault.Invalid) {
				p.Sessions[i].Guesses++
				if tried == warnAt || p.Sessions[i].Guesses == maxGuesses/2 {
					p.warned(now, "mail.codes", sess.Hash)
				}
				return nil // the guess is counted
			}
			return refused
		}
		was := p.Sessions[i]
		was.Hash, was.Strong, was.Waits, was.Guesses, was.Created, was.Seen = hashed(fresh), true, false, 0, now, now
		p.Sessions = slices.Delete(p.Sessions, i, i+1)
		p.begin(was, now)
		p.Post(now, entry("sign_in:"+was.Hash[:16], outbox.Entry{At: now, By: p.ID, Action: "person.sign_in", Object: object("person", p.ID)}))
		return nil
	})
	if err == nil && refused != nil {
		s.settlePerson(ctx, p.ID)
		err = refused
	}
	if err != nil {
		return Opened{}, err
	}
	s.settlePerson(ctx, p.ID)
	return Opened{Secret: fresh, Device: s.mark(device, p.Key), Lang: p.Lang}, s.throttle.clear(ctx, "code", p.ID, source)
}

// warnAt is how many codes from browsers that the account does not know make its
// owner be told.
const warnAt = 5

// takeCode counts a try for a browser that the account knows, else for its
// network and for all networks together; tried is how many those were lately.
func (s *Service) takeCode(ctx context.Context, p Person, device, network string) (source string, tried int, err error) {
	if id, ok := s.device(device, p.Key); ok {
		source = "device:" + id
		return source, 0, s.throttle.take(ctx, codes, "code", p.ID, source)
	}
	source = "net:" + network
	if err := s.throttle.take(ctx, codes, "code", p.ID, source); err != nil {
		return source, 0, err
	}
	if err := s.throttle.take(ctx, allCodes, "codes", p.ID); err != nil {
		return source, 0, err
	}
	tried, err = s.throttle.count(ctx, allCodes, "codes", p.ID)
	return source, tried, err
}

// warned posts a mail about something that is not on record.
func (p *Person) warned(now time.Time, key, cause string) {
	p.Post(now, outbox.Effect{ID: key + ":" + cause[:16], Mail: &outbox.Mail{To: p.Email, Name: p.Name, Lang: string(p.Lang), Key: key}})
}

// passes accepts a code of the app, or uses up a recovery code.
func (s *Service) passes(p *Person, code string, now time.Time) error {
	err := s.accept(p, code, now)
	if err == nil || !fault.Is(err, fault.Invalid) {
		return err
	}
	hash := hashed(plainRecovery(code))
	i := slices.Index(p.Second.Recovery, hash)
	if i < 0 {
		return err
	}
	p.Second.Recovery = slices.Delete(p.Second.Recovery, i, i+1)
	p.Post(now, entry("recovery:"+hash[:16], outbox.Entry{At: now, By: p.ID, Action: "person.recovery_used", Object: object("person", p.ID)}))
	return nil
}

// plainRecovery undoes how a recovery code is grouped and typed.
func plainRecovery(code string) string {
	return strings.NewReplacer("-", "", " ", "").Replace(strings.ToUpper(strings.TrimSpace(code)))
}

func newRecovery() (shown, hashes []string) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		rand.Read(b)
		code := base32Plain.EncodeToString(b)
		hashes = append(hashes, hashed(code))
		shown = append(shown, code[:5]+"-"+code[5:9]+"-"+code[9:])
	}
	return shown, hashes
}

// NewRecovery replaces the recovery codes; the ones before open nothing more.
// It asks for the password again.
func (s *Service) NewRecovery(ctx context.Context, a Actor, password string) ([]string, error) {
	if err := s.again(ctx, a, password); err != nil {
		return nil, err
	}
	now := store.Stamp(s.now())
	shown, hashes := newRecovery()
	err := s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		if p.Second == nil || p.Second.On == nil {
			return fault.New(fault.Conflict, "account.second.off")
		}
		p.Second.Recovery = hashes
		p.Post(now, entry("recovery:"+hashes[0][:16], outbox.Entry{At: now, By: p.ID, Action: "person.recovery_new", Object: object("person", p.ID)}))
		return nil
	})
	if err != nil {
		return nil, err
	}
	s.settlePerson(ctx, a.Person.ID)
	return shown, nil
}

// DropSecond turns the second step off, given the password. Roles that need it
// count no more until it is on again; the session gets another id.
func (s *Service) DropSecond(ctx context.Context, a Actor, password string) (session string, err error) {
	if err := s.again(ctx, a, password); err != nil {
		return "", err
	}
	now, fresh := store.Stamp(s.now()), newSecret()
	err = s.people.Update(ctx, a.Person.ID, func(p *Person) error {
		if p.Second == nil || p.Second.On == nil {
			return fault.New(fault.Conflict, "account.second.off")
		}
		p.Second = nil
		if err := p.rotate(a.Session.Hash, hashed(fresh), false); err != nil {
			return err
		}
		p.told(now, "mail.second_off", "person.second_off", p.ID)
		return nil
	})
	if err != nil {
		return "", err
	}
	s.settlePerson(ctx, a.Person.ID)
	return fresh, nil
}

// ResetSecond turns the second step off for who has lost telephone and recovery
// codes, on the word of who runs the machine. All sessions end.
func (s *Service) ResetSecond(ctx context.Context, email string) error {
	p, ok, err := s.byAddress(ctx, email)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "account.person.not_found")
	}
	if err != nil {
		return err
	}
	now := store.Stamp(s.now())
	err = s.people.Update(ctx, p.ID, func(p *Person) error {
		if p.Second == nil {
			return nil
		}
		p.Second, p.Sessions = nil, []Session{}
		p.told(now, "mail.second_off", "person.second_off", fromCommand)
		return nil
	})
	if err == nil {
		s.settlePerson(ctx, p.ID)
	}
	return err
}

// again asks who has signed in for the password once more, before something
// that a forgotten open browser must not allow.
func (s *Service) again(ctx context.Context, a Actor, password string) error {
	if len(password) > MaxPassword {
		return fault.New(fault.Invalid, "account.form").Field("current", "account.password.long")
	}
	if err := s.throttle.take(ctx, guessing, "again", a.Person.ID, a.Session.Hash); err != nil {
		return err
	}
	fits, _, err := s.hasher.verify(ctx, password, a.Person.Password)
	if err != nil {
		return err
	}
	if !fits {
		return fault.New(fault.Invalid, "account.form").Field("current", "account.password.wrong")
	}
	return s.throttle.clear(ctx, "again", a.Person.ID, a.Session.Hash)
}
