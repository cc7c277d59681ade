package account

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/seal"
	"nguon/app/store"
)

// Deps is what a Service needs. Secret seals the secrets of second steps and
// keys what is counted; OldSecret is the one before a change and may be empty.
// Effects performs mails, tasks and entries of the audit log.
type Deps struct {
	DB                store.DB
	Effects           outbox.Performer
	Secret, OldSecret []byte
	Site              string // host of the public address: the issuer that authenticator apps show
	Now               func() time.Time
	Log               *slog.Logger
	Production        bool  // people of the demonstration are nobody
	quick             *cost // of hashes in tests that are about something else
}

// Service keeps people, organisations and the audit log. It is safe for
// concurrent use; any number of instances may share a store.
type Service struct {
	people   *store.Collection[Person]
	orgs     *store.Collection[Org]
	requests *store.Collection[request]
	audit    *store.Collection[logDoc]

	peopleOut   *outbox.Outbox[Person]
	orgsOut     *outbox.Outbox[Org]
	requestsOut *outbox.Outbox[request]

	hasher   *hasher
	throttle *throttle
	sealer   *seal.Sealer
	devices  []byte // key of the marks of known browsers
	site     string
	real     bool // people of the demonstration are nobody
	now      func() time.Time
	log      *slog.Logger
	wake     chan struct{}
}

// hashesAtOnce bounds the memory that signing in takes: 19 MiB each.
const hashesAtOnce = 4

// New declares the collections.
func New(ctx context.Context, d Deps) (*Service, error) {
	s := &Service{site: d.Site, real: d.Production, now: d.Now, log: d.Log, wake: make(chan struct{}, 1)}
	if err := s.keys(ctx, d); err != nil {
		return nil, err
	}
	c := usualCost
	if d.quick != nil {
		c = *d.quick
	}
	s.hasher = newHasher(c, hashesAtOnce)
	if err := s.open(ctx, d.DB); err != nil {
		return nil, err
	}
	s.peopleOut = outbox.New(s.people, d.Effects, func(p *Person) (string, *outbox.Box) { return p.ID, &p.Box })
	s.orgsOut = outbox.New(s.orgs, d.Effects, func(o *Org) (string, *outbox.Box) { return o.ID, &o.Box })
	s.requestsOut = outbox.New(s.requests, d.Effects, func(r *request) (string, *outbox.Box) { return r.ID, &r.Box })
	return s, nil
}

func (s *Service) keys(ctx context.Context, d Deps) (err error) {
	if s.sealer, err = seal.New("nguon/totp/1", d.Secret, d.OldSecret); err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	if s.devices, err = seal.Key(d.Secret, "nguon/device/1"); err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	key, err := seal.Key(d.Secret, "nguon/throttle/1")
	if err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	s.throttle, err = newThrottle(ctx, d.DB, key, d.Now)
	return err
}

func (s *Service) open(ctx context.Context, db store.DB) (err error) {
	text := func(path string) store.Part { return store.Part{Path: path} }
	if s.people, err = store.Open[Person](ctx, db, store.Spec{Name: "people", Version: 1, Indexes: []store.Index{
		{Name: "key", Parts: []store.Part{text("key")}, Unique: true},
		{Name: "session", Parts: []store.Part{{Path: "sessions.hash", Each: true}}},
		{Name: "role", Parts: []store.Part{{Path: "roles", Each: true}}},
		outbox.Index,
	}}); err != nil {
		return err
	}
	if s.orgs, err = store.Open[Org](ctx, db, store.Spec{Name: "organisations", Version: 1, Indexes: []store.Index{
		{Name: "status", Parts: []store.Part{text("status"), {Path: "created", Kind: store.Time}}},
		{Name: "tax", Parts: []store.Part{text("taxCode")}},
		{Name: "kind", Parts: []store.Part{text("kind"), text("status")}},
		{Name: "member", Parts: []store.Part{{Path: "members.person", Each: true}}},
		{Name: "invited", Parts: []store.Part{{Path: "invites.key", Each: true}}},
		outbox.Index,
	}}); err != nil {
		return err
	}
	if s.requests, err = store.Open[request](ctx, db, store.Spec{Name: "account_requests", Version: 1, Indexes: []store.Index{
		{Name: "until", Parts: []store.Part{{Path: "until", Kind: store.Time}}},
		outbox.Index,
	}}); err != nil {
		return err
	}
	s.audit, err = store.Open[logDoc](ctx, db, logSpec)
	return err
}

// Wake tells when work was posted that a worker should perform at once.
func (s *Service) Wake() <-chan struct{} { return s.wake }

func (s *Service) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// PerformPending does the work that requests leave behind: the mails of
// sign-ups and forgotten passwords, whose answers must not tell whether an
// address is known, not even by their time.
func (s *Service) PerformPending(ctx context.Context) error {
	_, err := s.requestsOut.Sweep(ctx, s.now().Add(time.Millisecond))
	return err
}

// Sweep finishes what a crash interrupted and erases what has run out.
func (s *Service) Sweep(ctx context.Context) error {
	before := s.now().Add(-leftOver)
	_, people := s.peopleOut.Sweep(ctx, before)
	_, orgs := s.orgsOut.Sweep(ctx, before)
	_, tries := s.throttle.sweep(ctx)
	return errors.Join(people, orgs, tries, s.sweepRequests(ctx)) // none waits for another
}

func (s *Service) sweepRequests(ctx context.Context) error {
	return s.requests.All(ctx, store.Query{Index: "until", To: s.now().Add(-keepRequests)}, func(r request) error {
		if err := s.requests.Delete(ctx, r.ID); !fault.Is(err, fault.NotFound) {
			return err
		}
		return nil
	})
}

// leftOver is how old effects are that whoever posted them did not perform;
// keepRequests is how long a link that ran out is still known as such.
const (
	leftOver     = 10 * time.Second
	keepRequests = 7 * 24 * time.Hour
)

// settle performs the effects of a document that was written just now. What
// fails is left to Sweep: the change itself is done.
func (s *Service) settlePerson(ctx context.Context, id string) {
	if err := s.peopleOut.Settle(ctx, id); err != nil {
		s.log.Warn("effects of a person are left to the worker", "person", id, "error", err)
	}
}

func (s *Service) settleOrg(ctx context.Context, id string) {
	if err := s.orgsOut.Settle(ctx, id); err != nil {
		s.log.Warn("effects of an organisation are left to the worker", "org", id, "error", err)
	}
}

// person finds somebody by id.
func (s *Service) person(ctx context.Context, id string) (Person, error) {
	p, err := s.people.Get(ctx, id)
	if fault.CodeOf(err) == "store.not_found" || err == nil && (p.Deleted != nil || s.shut(p)) {
		return Person{}, fault.New(fault.NotFound, "account.person.not_found")
	}
	return p, err
}

// shut reports whether somebody is of the demonstration, whose passwords are
// printed at the start, and the site is real.
func (s *Service) shut(p Person) bool { return s.real && p.Demo }

// byAddress finds somebody by e-mail address; ok is false when nobody has it.
func (s *Service) byAddress(ctx context.Context, address string) (p Person, ok bool, err error) {
	p, err = s.people.First(ctx, store.Query{Index: "key", Eq: []any{addressKey(address)}})
	if fault.Is(err, fault.NotFound) || err == nil && s.shut(p) {
		return Person{}, false, nil
	}
	return p, err == nil, err
}
