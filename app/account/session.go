package account

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// How long sessions live: without use, and at all; those that passed the
// second step have less time. seenEvery bounds how often use is written down.
const (
	idleUsual   = 14 * 24 * time.Hour
	lifeUsual   = 60 * 24 * time.Hour
	idleStrong  = 12 * time.Hour
	lifeStrong  = 7 * 24 * time.Hour
	waitsFor    = 10 * time.Minute // for the second step
	seenEvery   = 10 * time.Minute
	maxSessions = 20
	maxWaiting  = 3  // of them, for the second step
	maxGuesses  = 10 // of codes in one session
)

// live reports whether a session still counts.
func (s Session) live(now time.Time) bool {
	idle, life := idleUsual, lifeUsual
	switch {
	case s.Waits:
		return now.Before(s.Created.Add(waitsFor)) && s.Guesses < maxGuesses
	case s.Strong:
		idle, life = idleStrong, lifeStrong
	}
	return now.Before(s.Seen.Add(idle)) && now.Before(s.Created.Add(life))
}

// begin adds a session and drops those that ended; the oldest go when there are
// too many.
func (p *Person) begin(sess Session, now time.Time) {
	p.Sessions = slices.DeleteFunc(p.Sessions, func(o Session) bool { return !o.live(now) || o.Hash == sess.Hash })
	if sess.Waits { // who has only the password pushes nobody out
		for waiting := p.waiting(); len(waiting) >= maxWaiting; waiting = p.waiting() {
			p.Sessions = slices.Delete(p.Sessions, waiting[0], waiting[0]+1)
		}
	}
	p.Sessions = append(p.Sessions, sess)
	if n := len(p.Sessions); n > maxSessions {
		p.Sessions = slices.Clone(p.Sessions[n-maxSessions:])
	}
}

// waiting are the places of sessions that wait for the second step, oldest first.
func (p *Person) waiting() (at []int) {
	for i, o := range p.Sessions {
		if o.Waits {
			at = append(at, i)
		}
	}
	return at
}

func (p *Person) session(hash string) int {
	return slices.IndexFunc(p.Sessions, func(o Session) bool { return o.Hash == hash })
}

// SignIn is a form of somebody who has an account. Device is the mark of a
// browser that signed in before; Network says where the try came from.
type SignIn struct {
	Email, Password string
	Device, Network string
	Agent           string // the browser's name for itself
}

// Opened is a session that begins. Secret goes into the cookie, Device into the
// mark of the browser; neither is kept.
type Opened struct {
	Secret, Device string
	Waits          bool // the second step comes first
	Lang           lang.Lang
}

// SignIn checks a password. Whatever is wrong is fault.Unauthenticated
// "account.sign_in.wrong", alike in word and time; too many tries are TooMany.
func (s *Service) SignIn(ctx context.Context, f SignIn) (Opened, error) {
	if len(f.Password) > MaxPassword {
		return Opened{}, fault.New(fault.Invalid, "account.form").Field("password", "account.password.long")
	}
	address, wrong := parseAddress(f.Email)
	if wrong != "" || f.Password == "" {
		bad := fault.NewForm("account.form")
		bad.Wrong("email", wrong)
		bad.Need(f.Password != "", "password", "account.password.missing")
		return Opened{}, bad.Result()
	}
	key := addressKey(address)
	source, err := s.takeTurn(ctx, key, f)
	if err != nil {
		return Opened{}, err
	}
	p, _, err := s.byAddress(ctx, address)
	if err != nil {
		return Opened{}, err
	}
	fits, stale, err := s.hasher.verify(ctx, f.Password, p.Password)
	if err != nil {
		return Opened{}, err
	}
	if !fits {
		return Opened{}, fault.New(fault.Unauthenticated, "account.sign_in.wrong")
	}
	if err := s.throttle.clear(ctx, "in", key, source); err != nil {
		return Opened{}, err
	}
	if strings.HasPrefix(source, "net:") {
		if err := s.throttle.give(ctx, "net", f.Network); err != nil {
			return Opened{}, err
		}
	}
	return s.enter(ctx, p, f, stale)
}

// takeTurn counts the try where it has to be counted and returns the source
// that it counted for.
func (s *Service) takeTurn(ctx context.Context, key string, f SignIn) (source string, err error) {
	if device, ok := s.device(f.Device, key); ok {
		source = "device:" + device
		return source, s.throttle.take(ctx, guessing, "in", key, source)
	}
	source = "net:" + f.Network
	if err := s.throttle.take(ctx, byNetwork, "net", f.Network); err != nil {
		return source, err
	}
	tried, err := s.throttle.count(ctx, fromAll, "all", key)
	if err != nil {
		return source, err
	}
	p := guessing
	if tried >= fire {
		p = underfire
	}
	if err := s.throttle.take(ctx, p, "in", key, source); err != nil {
		return source, err
	}
	return source, s.throttle.take(ctx, fromAll, "all", key)
}

// enter begins a session, and makes the hash anew when its cost is of old.
func (s *Service) enter(ctx context.Context, p Person, f SignIn, stale bool) (Opened, error) {
	now := store.Stamp(s.now())
	anew := ""
	if stale {
		var err error
		if anew, err = s.hasher.hash(ctx, f.Password); err != nil {
			return Opened{}, err
		}
	}
	secret := newSecret()
	sess := Session{Hash: hashed(secret), Created: now, Seen: now, Agent: browserName(f.Agent), Waits: p.Second != nil && p.Second.On != nil}
	was := p.Password
	err := s.people.Update(ctx, p.ID, func(p *Person) error {
		if p.Password != was || p.Deleted != nil { // changed while we looked
			return fault.New(fault.Unauthenticated, "account.sign_in.wrong")
		}
		if anew != "" {
			p.Password = anew
		}
		p.begin(sess, now)
		if !sess.Waits {
			p.Post(now, entry("sign_in:"+sess.Hash[:16], outbox.Entry{At: now, By: p.ID, Action: "person.sign_in", Object: object("person", p.ID)}))
		}
		return nil
	})
	if err != nil {
		return Opened{}, err
	}
	s.settlePerson(ctx, p.ID)
	o := Opened{Secret: secret, Waits: sess.Waits, Lang: p.Lang}
	if !o.Waits { // a browser is known once it has come in, not with the password alone
		o.Device = s.mark(f.Device, p.Key)
	}
	return o, nil
}

// A device mark is a random name of a browser and a keyed hash that binds it to
// one account: it lets nobody in, but counts failures apart from others'.
func (s *Service) mark(old, key string) string {
	if _, ok := s.device(old, key); ok {
		return old
	}
	name := make([]byte, 12)
	rand.Read(name) // never fails; it ends the program instead
	id := base64.RawURLEncoding.EncodeToString(name)
	return id + "." + s.deviceMAC(id, key)
}

func (s *Service) device(mark, key string) (id string, ok bool) {
	id, mac, ok := strings.Cut(mark, ".")
	return id, ok && subtle.ConstantTimeCompare([]byte(mac), []byte(s.deviceMAC(id, key))) == 1
}

func (s *Service) deviceMAC(id, key string) string {
	m := hmac.New(sha256.New, s.devices)
	m.Write([]byte(id + "\x00" + key))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// find reads the person whose session a secret opens: one read of the store.
// fault.Unauthenticated "account.session.none" for every other secret.
func (s *Service) find(ctx context.Context, secret string) (Person, Session, error) {
	none := fault.New(fault.Unauthenticated, "account.session.none")
	if len(secret) != base64.RawURLEncoding.EncodedLen(secretBytes) {
		return Person{}, Session{}, none
	}
	hash := hashed(secret)
	p, err := s.people.First(ctx, store.Query{Index: "session", Eq: []any{hash}})
	if fault.Is(err, fault.NotFound) {
		return Person{}, Session{}, none
	}
	if err != nil {
		return Person{}, Session{}, err
	}
	i := p.session(hash)
	if i < 0 || !p.Sessions[i].live(s.now()) || p.Deleted != nil || s.shut(p) {
		return Person{}, Session{}, none
	}
	return p, p.Sessions[i], nil
}

// touch notes that a session was used, now and then.
func (s *Service) touch(ctx context.Context, p Person, sess Session) error {
	now := store.Stamp(s.now())
	if now.Sub(sess.Seen) < seenEvery {
		return nil
	}
	return s.people.Update(ctx, p.ID, func(p *Person) error {
		if i := p.session(sess.Hash); i >= 0 && now.After(p.Sessions[i].Seen) {
			p.Sessions[i].Seen = now
		}
		return nil
	})
}

// SignOut ends the session of a secret; one that is not there has ended.
func (s *Service) SignOut(ctx context.Context, secret string) error {
	p, sess, err := s.find(ctx, secret)
	if fault.Is(err, fault.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.end(ctx, p.ID, p.ID, func(o Session) bool { return o.Hash == sess.Hash })
}

// EndSession ends one session of a person by the name that Sessions shows; an
// unknown one has ended.
func (s *Service) EndSession(ctx context.Context, a Actor, name string) error {
	return s.end(ctx, a.Person.ID, a.Person.ID, func(o Session) bool { return o.Name() == name })
}

// EndOtherSessions ends all sessions but the one that asks.
func (s *Service) EndOtherSessions(ctx context.Context, a Actor) error {
	return s.end(ctx, a.Person.ID, a.Person.ID, func(o Session) bool { return o.Hash != a.Session.Hash })
}

// Name tells sessions of a person apart without opening them.
func (s Session) Name() string { return hashed(s.Hash)[:16] }

func (s *Service) end(ctx context.Context, by, id string, which func(Session) bool) error {
	now := store.Stamp(s.now())
	eid := "sign_out:" + id + ":" + store.NewID(now)
	err := s.people.Update(ctx, id, func(p *Person) error {
		n := len(p.Sessions)
		p.Sessions = slices.DeleteFunc(p.Sessions, which)
		if len(p.Sessions) < n {
			p.Post(now, entry(eid, outbox.Entry{At: now, By: by, Action: "person.sign_out", Object: object("person", id)}))
		}
		return nil
	})
	if err == nil {
		s.settlePerson(ctx, id)
	}
	return err
}

// browserName keeps of a User-Agent what a person recognises a session by.
func browserName(agent string) string {
	first := func(names ...string) string {
		for _, n := range names {
			if strings.Contains(agent, n) {
				return n
			}
		}
		return ""
	}
	browser := first("Edg", "OPR", "coc_coc", "SamsungBrowser", "Firefox", "Chrome", "Safari", "curl")
	switch browser {
	case "Edg":
		browser = "Edge"
	case "OPR":
		browser = "Opera"
	case "coc_coc":
		browser = "Cốc Cốc"
	case "SamsungBrowser":
		browser = "Samsung Internet"
	}
	system := first("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
	return strings.Trim(browser+" · "+system, " ·")
}
