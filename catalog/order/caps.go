package order

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/money"
	"nguon/app/store"
)

// Limits of orders that are open at once, so that nobody locks the shop: of one
// telephone, that wait for a transfer or for cash; from one network, where whole
// villages may stand behind one address. A network holds at most half of what is
// there of a thing before money came in, but a few of it in any case.
const (
	mostOpen               = 3
	mostCash               = 3
	mostNetwork            = 20
	mostNetworkValue       = 100_000_000
	fewOfOne         int64 = 20
	capsKept               = 60 * 24 * time.Hour
)

// capDoc counts the open orders of one telephone. Its id is a keyed hash, so
// that no telephone stands in it.
type capDoc struct {
	ID        string    `bson:"_id"`
	Erase     time.Time `bson:"erase"`
	hold.Book `bson:",inline"`
}

// netDoc lists the open orders that came from one network. Its id is a keyed
// hash, so that no address stands in it.
type netDoc struct {
	ID    string    `bson:"_id"`
	Erase time.Time `bson:"erase"`
	Open  []openOne `bson:"open"`
}

// openOne is an order that is open, and what it holds.
type openOne struct {
	Order  string    `bson:"order"`
	Until  time.Time `bson:"until"`
	Value  money.VND `bson:"value"`
	Things []thing   `bson:"things"`
}

// thing is how many of what a fulfiller sells an order holds. Free is how many
// others leave.
type thing struct {
	Kind     Kind   `bson:"kind"`
	Ref      string `bson:"ref"`
	Quantity int64  `bson:"quantity"`
	Total    int64  `bson:"total"` // that was there for it and the others of its network
	free     int64
}

// held is how much of a thing the open orders hold, and how much of it there was
// for all of them at most: what is free was counted before some of them held it.
func (d netDoc) held(t thing) (sum, total int64) {
	for _, o := range d.Open {
		for _, x := range o.Things {
			if x.Kind == t.Kind && x.Ref == t.Ref {
				sum += x.Quantity
			}
		}
	}
	total = t.free + sum
	for _, o := range d.Open {
		for _, x := range o.Things {
			if x.Kind == t.Kind && x.Ref == t.Ref && x.Total > 0 {
				total = min(total, x.Total)
			}
		}
	}
	return sum, total
}

// admit adds an order, or is fault.TooMany: "order.capped" with Args "Most" for
// too many orders, "order.capped.value" with "Most" for too much money,
// "order.capped.share" with "Ref" and "Most" for too much of one thing.
func (d *netDoc) admit(o openOne, now time.Time) error {
	d.Open = slices.DeleteFunc(d.Open, func(x openOne) bool { return x.Order == o.Order || !now.Before(x.Until) })
	sum := o.Value
	for _, x := range d.Open {
		sum += x.Value
	}
	switch {
	case len(d.Open) >= mostNetwork:
		return fault.New(fault.TooMany, "order.capped").With("Most", mostNetwork)
	case sum > mostNetworkValue && len(d.Open) > 0:
		return fault.New(fault.TooMany, "order.capped.value").With("Most", money.VND(mostNetworkValue).String())
	}
	for i, t := range o.Things {
		mine, total := d.held(t)
		o.Things[i].Total = total
		if most := max(total/2, fewOfOne); mine+t.Quantity > most {
			return fault.New(fault.TooMany, "order.capped.share").With("Ref", t.Ref).With("Most", max(most-mine, 0))
		}
	}
	d.Open = append(d.Open, o)
	return nil
}

// openOf is what an order of a basket counts for in its network.
func openOf(o Order, b Basket, until time.Time) openOne {
	x := openOne{Order: o.ID, Until: store.Stamp(until), Value: o.Total(), Things: []thing{}}
	for _, it := range b.Items {
		x.Things = append(x.Things, thing{it.Kind, it.Ref, it.Quantity, 0, it.Free})
	}
	return x
}

// phoneCap is where an order counts for its telephone, and the most that may.
func (s *Service) phoneCap(o Order) (key string, most int64) {
	key = s.hash("phone", string(o.Method), o.Customer.Key)
	if o.Method == Cash {
		return key, mostCash
	}
	return key, mostOpen
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
// too many are fault.TooMany. An order of a crash counts until it would have run
// out. First the network: a full one must not use up a telephone.
func (s *Service) takeCaps(ctx context.Context, o Order, b Basket) error {
	now := s.Now()
	byPhone, byNetwork := now.Add(grace), now.Add(holdTransfer) // of cash the first is made longer once the order is there
	if o.Until != nil {
		byPhone = o.Until.Add(grace)
		byNetwork = byPhone
	}
	if o.Network != "" {
		open := openOf(o, b, byNetwork)
		err := s.networks.Upsert(ctx, o.Network, netDoc{ID: o.Network, Open: []openOne{}}, func(d *netDoc) error {
			d.Erase = store.Stamp(now.Add(capsKept))
			return d.admit(open, now)
		})
		if err != nil {
			return err
		}
	}
	if err := s.keepPhone(ctx, o, byPhone); err != nil {
		return errors.Join(err, s.freeCaps(ctx, o))
	}
	return nil
}

// keepPhone counts an order for its telephone until a moment.
func (s *Service) keepPhone(ctx context.Context, o Order, until time.Time) error {
	now := s.Now()
	key, most := s.phoneCap(o)
	return s.caps.Upsert(ctx, key, capDoc{ID: key}, func(d *capDoc) error {
		d.Erase = store.Stamp(now.Add(capsKept))
		err := d.Hold(most, o.ID, 1, store.Stamp(until), now)
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.TooMany, "order.capped").With("Most", most)
		}
		return err
	})
}

// freeCaps takes an order out of its counts.
func (s *Service) freeCaps(ctx context.Context, o Order) error {
	if o.Network != "" {
		err := s.networks.Update(ctx, o.Network, func(d *netDoc) error {
			d.Open = slices.DeleteFunc(d.Open, func(x openOne) bool { return x.Order == o.ID })
			return nil
		})
		if gone(err) != nil {
			return err
		}
	}
	key, _ := s.phoneCap(o)
	return gone(s.caps.Update(ctx, key, func(d *capDoc) error { d.Release(o.ID); return nil }))
}
