package order

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/store"
)

// Limits of orders that are open at once, so that nobody locks the shop: of one
// telephone, that wait for a transfer or for cash; from one network, where whole
// villages may stand behind one address.
const (
	mostOpen    = 3
	mostCash    = 3
	mostNetwork = 20
	capsKept    = 60 * 24 * time.Hour
)

// capDoc counts the open orders under one key. Its id is a keyed hash, so that
// no telephone and no address stands in it.
type capDoc struct {
	ID        string    `bson:"_id"`
	Erase     time.Time `bson:"erase"`
	hold.Book `bson:",inline"`
}

type capOf struct {
	key  string
	most int64
}

func (s *Service) capsOf(o Order, network string) []capOf {
	phone := capOf{s.hash("phone", string(o.Method), o.Customer.Key), mostOpen}
	if o.Method == Cash {
		phone.most = mostCash
	}
	if network != "" { // first: a full network must not use up a telephone
		return []capOf{{s.hash("network", network), mostNetwork}, phone}
	}
	return []capOf{phone}
}

func (s *Service) hash(parts ...string) string {
	m := hmac.New(sha256.New, s.Key)
	for _, p := range parts {
		m.Write([]byte(p))
		m.Write([]byte{0})
	}
	return hex.EncodeToString(m.Sum(nil)[:16])
}

// takeCaps counts an order among the open ones before anything is held for it;
// too many are fault.TooMany "order.capped". An order of a crash counts until
// it would have run out.
func (s *Service) takeCaps(ctx context.Context, o Order, network string) error {
	now := s.Now()
	until := now.Add(capsKept)
	if o.Until != nil {
		until = o.Until.Add(grace)
	}
	for _, c := range s.capsOf(o, network) {
		end := until
		if o.Method == Cash && c.most == mostNetwork {
			end = now.Add(holdTransfer)
		}
		if err := s.capHold(ctx, c, o.ID, end, now); err != nil {
			return errors.Join(err, s.freeCaps(ctx, o, network))
		}
	}
	return nil
}

// freeCaps takes an order out of its counts. Nobody remembers the network of
// one that came to be (""), whose count runs out by itself.
func (s *Service) freeCaps(ctx context.Context, o Order, network string) error {
	for _, c := range s.capsOf(o, network) {
		if err := s.caps.Update(ctx, c.key, func(d *capDoc) error { d.Release(o.ID); return nil }); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

func (s *Service) capHold(ctx context.Context, c capOf, order string, until, now time.Time) error {
	change := func(d *capDoc) error {
		d.Erase = store.Stamp(now.Add(capsKept))
		err := d.Hold(c.most, order, 1, store.Stamp(until), now)
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.TooMany, "order.capped").With("Most", c.most)
		}
		return err
	}
	for range 3 {
		err := s.caps.Update(ctx, c.key, change)
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		d := capDoc{ID: c.key}
		if err := change(&d); err != nil {
			return err
		}
		if err := s.caps.Insert(ctx, d); !fault.Is(err, fault.Conflict) {
			return err
		}
	}
	return fault.New(fault.Unavailable, "store.busy")
}
