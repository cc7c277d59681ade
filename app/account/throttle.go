package account

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// policy says how often something may be tried under one key: some tries at
// once, then one after each delay, which doubles up to most. What was tried
// longer than forget ago does not count.
//
// A leak takes one try back each time it has passed, for keys that many people
// share.
type policy struct {
	free   int
	first  time.Duration
	most   time.Duration
	forget time.Duration
	leak   time.Duration
}

// delay is how long after try n the next one may come.
func (p policy) delay(n int) time.Duration {
	if n < p.free {
		return 0
	}
	d := p.first
	for range min(n-p.free, 40) {
		if d *= 2; d >= p.most {
			return p.most
		}
	}
	return d
}

// The limits. Passwords are counted for an account together with where the
// tries come from: a browser that signed in to it before counts for itself, all
// others by network. So nobody who fails on purpose keeps the owner out, and a
// network that is new to the account always has a try. While an account is
// tried from many networks, each gets fewer (OWASP, "Slow Down Online Guessing
// Attacks with Device Cookies").
var (
	guessing  = policy{free: 5, first: 2 * time.Second, most: 15 * time.Minute, forget: time.Hour}
	underfire = policy{free: 1, first: 30 * time.Second, most: 15 * time.Minute, forget: time.Hour}
	byNetwork = policy{free: 60, first: time.Second, most: 10 * time.Second, forget: time.Hour, leak: time.Minute}
	fromAll   = policy{free: 1 << 30, forget: time.Hour}
	codes     = policy{free: 5, first: 5 * time.Second, most: 15 * time.Minute, forget: time.Hour}
	allCodes  = policy{free: 20, first: time.Minute, most: 15 * time.Minute, forget: 6 * time.Hour}
	signingUp = policy{free: 30, first: time.Minute, most: 15 * time.Minute, forget: 6 * time.Hour, leak: 10 * time.Minute}
	mailing   = policy{free: 3, first: 5 * time.Minute, most: 2 * time.Hour, forget: 12 * time.Hour}
	flooding  = policy{free: 12, first: 5 * time.Minute, most: 30 * time.Minute, forget: 12 * time.Hour}
	asking    = policy{free: 20, first: time.Minute, most: 10 * time.Minute, forget: 6 * time.Hour, leak: 10 * time.Minute}
	inviting  = policy{free: 20, first: time.Minute, most: time.Hour, forget: 6 * time.Hour}
	// invitingUnknown is for organisations that were not approved yet.
	invitingUnknown = policy{free: 3, first: 10 * time.Minute, most: 6 * time.Hour, forget: 24 * time.Hour}
	registring      = policy{free: 5, first: 10 * time.Minute, most: 6 * time.Hour, forget: 24 * time.Hour}
	// reporting limits what visitors without an account send in.
	reporting = policy{free: 10, first: time.Minute, most: 10 * time.Minute, forget: 6 * time.Hour, leak: 10 * time.Minute}
)

// fire is how many failures from all networks within an hour make an account
// count as attacked.
const fire = 30

// throttleDoc counts tries under one key. Its id is a keyed hash, so that
// neither addresses of visitors nor of mail stand in it.
type throttleDoc struct {
	ID    string    `bson:"_id"`
	N     int       `bson:"n"`
	Last  time.Time `bson:"last"`
	Leak  time.Time `bson:"leak"`  // until when tries were taken back
	Until time.Time `bson:"until"` // no try before
	Erase time.Time `bson:"erase"`
}

type throttle struct {
	docs *store.Collection[throttleDoc]
	key  []byte
	now  func() time.Time
}

func newThrottle(ctx context.Context, db store.DB, key []byte, now func() time.Time) (*throttle, error) {
	docs, err := store.Open[throttleDoc](ctx, db, store.Spec{Name: "throttles", Version: 1,
		Indexes: []store.Index{{Name: "erase", Parts: []store.Part{{Path: "erase", Kind: store.Time}}}}})
	return &throttle{docs, key, now}, err
}

func (t *throttle) id(parts ...string) string {
	m := hmac.New(sha256.New, t.key)
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// take counts a try before it is made, so that tries at the same moment do not
// all pass. Too many are fault.TooMany with Args "Seconds", and do not count.
// A try that turned out well is given back.
func (t *throttle) take(ctx context.Context, p policy, parts ...string) error {
	id := t.id(parts...)
	return t.docs.Upsert(ctx, id, throttleDoc{ID: id}, func(d *throttleDoc) error { return d.take(p, t.now()) })
}

func (d *throttleDoc) take(p policy, now time.Time) error {
	now = store.Stamp(now)
	if now.Sub(d.Last) > p.forget {
		d.N = 0
	}
	if p.leak > 0 {
		if d.N == 0 {
			d.Leak = now
		}
		gone := int(now.Sub(d.Leak) / p.leak)
		d.N, d.Leak = max(0, d.N-gone), d.Leak.Add(time.Duration(gone)*p.leak)
	}
	if d.N > 0 && now.Before(d.Until) {
		return tooMany(d.Until.Sub(now))
	}
	d.N++
	d.Last, d.Until = now, now.Add(p.delay(d.N))
	d.Erase = now.Add(max(p.forget, p.most))
	return nil
}

// give takes a try back that take counted.
func (t *throttle) give(ctx context.Context, parts ...string) error {
	err := t.docs.Update(ctx, t.id(parts...), func(d *throttleDoc) error {
		if d.N > 0 {
			d.N--
			d.Until = d.Last
		}
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// mayMail counts a mail that somebody asks for to an address. Who asks too often
// is told so, as fault.TooMany; where others ask, the mail is left out (ok is
// false) and nobody learns of it: they must not keep its owner from asking. A
// browser that signed in to the address before counts for itself.
func (s *Service) mayMail(ctx context.Context, what, key, device, network string) (ok bool, err error) {
	if id, known := s.device(device, key); known {
		return true, s.throttle.take(ctx, mailing, what, key, "device:"+id)
	}
	if err := s.throttle.take(ctx, mailing, what, key, "net:"+network); err != nil {
		return false, err
	}
	err = s.throttle.take(ctx, flooding, what, key)
	if fault.Is(err, fault.TooMany) {
		return false, nil
	}
	return err == nil, err
}

func tooMany(wait time.Duration) error {
	seconds := int64((wait + time.Second - 1) / time.Second)
	return fault.New(fault.TooMany, "account.too_many").With("Seconds", seconds)
}

// count is how many tries stand under a key.
func (t *throttle) count(ctx context.Context, p policy, parts ...string) (int, error) {
	d, err := t.docs.Get(ctx, t.id(parts...))
	if fault.Is(err, fault.NotFound) || err == nil && t.now().Sub(d.Last) > p.forget {
		return 0, nil
	}
	return d.N, err
}

// clear forgets the tries under a key.
func (t *throttle) clear(ctx context.Context, parts ...string) error {
	err := t.docs.Delete(ctx, t.id(parts...))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// sweep erases what no longer counts.
func (t *throttle) sweep(ctx context.Context) (n int, err error) {
	err = t.docs.All(ctx, store.Query{Index: "erase", To: t.now()}, func(d throttleDoc) error {
		n++
		return t.clearID(ctx, d.ID)
	})
	return n, err
}

func (t *throttle) clearID(ctx context.Context, id string) error {
	if err := t.docs.Delete(ctx, id); !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

// MayReport counts a report that a visitor sends in without an account; too
// many from one network are fault.TooMany.
func (s *Service) MayReport(ctx context.Context, network string) error {
	return s.throttle.take(ctx, reporting, "report", network)
}
