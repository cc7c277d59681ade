package order

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/store"
)

const (
	cartKept  = 60 * 24 * time.Hour
	maxLines  = 50
	maxOfOne  = 999
	idLength  = 32 // hexadecimal digits of 128 random bits
	maxCodes  = 5  // coupons of a cart
	maxCoupon = 40
	maxOrders = 30 // that a cart remembers
)

// NewID is an unguessable id of a cart or an order.
func NewID() string {
	var b [idLength / 2]byte
	rand.Read(b[:]) // never fails; it ends the program instead
	return hex.EncodeToString(b[:])
}

// Cart is what somebody is about to buy. Who has its id has the cart.
type Cart struct {
	ID        string     `bson:"_id"`
	Person    string     `bson:"person,omitempty"` // who signed in with it
	Lines     []CartLine `bson:"lines"`
	Codes     []string   `bson:"codes"`          // of coupons
	Orders    []string   `bson:"orders"`         // that it became, the latest of them
	Form      string     `bson:"form,omitempty"` // of a checkout that makes an order of it now
	FormUntil *time.Time `bson:"formUntil,omitempty"`
	Erase     time.Time  `bson:"erase"`
}

// CartLine is a quantity of one thing, and the price at which it was put in, so
// that a changed price can be told.
type CartLine struct {
	Kind     Kind      `bson:"kind"`
	Ref      string    `bson:"ref"`
	Quantity int64     `bson:"quantity"`
	Seen     money.VND `bson:"seen"`
}

// Cart reads a cart; one that does not exist is empty.
func (s *Service) Cart(ctx context.Context, id string) (Cart, error) {
	if len(id) != idLength {
		return Cart{}, nil
	}
	c, err := s.carts.Get(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return Cart{ID: id}, nil
	}
	return c, err
}

// Put sets how many of a thing are in a cart, and makes the cart when there is
// none; zero takes it out. The quote of today is noted as seen.
func (s *Service) Put(ctx context.Context, id, person string, kind Kind, ref string, quantity int64) error {
	if quantity < 0 || quantity > maxOfOne {
		return fault.New(fault.Invalid, "order.cart.quantity").With("Most", maxOfOne)
	}
	price := money.VND(0)
	if quantity > 0 {
		q, err := s.quote(ctx, kind, ref)
		if err != nil {
			return err
		}
		price = q.Price
	}
	return s.changeCart(ctx, id, person, func(c *Cart) error {
		i := slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.Kind == kind && l.Ref == ref })
		switch {
		case quantity == 0 && i >= 0:
			c.Lines = slices.Delete(c.Lines, i, i+1)
		case quantity == 0:
		case i >= 0:
			c.Lines[i].Quantity, c.Lines[i].Seen = quantity, price
		case len(c.Lines) >= maxLines:
			return fault.New(fault.Invalid, "order.cart.full").With("Most", maxLines)
		default:
			c.Lines = append(c.Lines, CartLine{kind, ref, quantity, price})
		}
		return nil
	})
}

// Add puts more of a thing into a cart.
func (s *Service) Add(ctx context.Context, id, person string, kind Kind, ref string, more int64) error {
	c, err := s.Cart(ctx, id)
	if err != nil {
		return err
	}
	for _, l := range c.Lines {
		if l.Kind == kind && l.Ref == ref {
			more = min(more+l.Quantity, maxOfOne)
		}
	}
	return s.Put(ctx, id, person, kind, ref, more)
}

// AddCode puts a coupon into a cart. One that cannot count is fault.Invalid or
// Conflict and stays out.
func (s *Service) AddCode(ctx context.Context, id, person, code string) error {
	code = tidyCode(code)
	if code == "" || len(code) > maxCoupon {
		return fault.New(fault.Invalid, "order.coupon.unknown").Field("code", "order.coupon.unknown")
	}
	k, err := s.coupons.Get(ctx, code)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "order.coupon.unknown").Field("code", "order.coupon.unknown")
	}
	if err == nil {
		err = k.usable(k.Holder, s.Now())
	}
	if err != nil {
		return err
	}
	return s.changeCart(ctx, id, person, func(c *Cart) error {
		if slices.Contains(c.Codes, code) {
			return nil
		}
		if len(c.Codes) >= maxCodes {
			return fault.New(fault.Invalid, "order.coupon.many").Field("code", "order.coupon.many")
		}
		c.Codes = append(c.Codes, code)
		return nil
	})
}

// DropCode takes a coupon out of a cart.
func (s *Service) DropCode(ctx context.Context, id, code string) error {
	return s.changeCart(ctx, id, "", func(c *Cart) error {
		c.Codes = slices.DeleteFunc(c.Codes, func(x string) bool { return x == tidyCode(code) })
		return nil
	})
}

// Accept notes that somebody saw the prices of today.
func (s *Service) Accept(ctx context.Context, id string, prices map[string]money.VND) error {
	return s.changeCart(ctx, id, "", func(c *Cart) error {
		for i, l := range c.Lines {
			if p, ok := prices[string(l.Kind)+":"+l.Ref]; ok {
				c.Lines[i].Seen = p
			}
		}
		return nil
	})
}

// Join brings the carts of a person together when somebody signs in: what the
// browser had and what the person left elsewhere. It returns the cart to go on
// with.
func (s *Service) Join(ctx context.Context, id, person string) (string, error) {
	var others []Cart
	err := s.carts.All(ctx, store.Query{Index: "person", Eq: []any{person}}, func(c Cart) error {
		if c.ID != id {
			others = append(others, c)
		}
		return nil
	})
	if err != nil || id == "" && len(others) == 0 {
		return id, err
	}
	if id == "" {
		return others[0].ID, nil
	}
	err = s.changeCart(ctx, id, person, func(c *Cart) error {
		for _, o := range others {
			for _, l := range o.Lines {
				mine := slices.ContainsFunc(c.Lines, func(x CartLine) bool { return x.Kind == l.Kind && x.Ref == l.Ref })
				if !mine && len(c.Lines) < maxLines {
					c.Lines = append(c.Lines, l)
				}
			}
			for _, code := range o.Codes {
				if !slices.Contains(c.Codes, code) && len(c.Codes) < maxCodes {
					c.Codes = append(c.Codes, code)
				}
			}
		}
		return nil
	})
	for _, o := range others {
		if err == nil {
			err = gone(s.carts.Delete(ctx, o.ID))
		}
	}
	return id, err
}

func gone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func (s *Service) changeCart(ctx context.Context, id, person string, fn func(*Cart) error) error {
	if len(id) != idLength || strings.Trim(id, "0123456789abcdef") != "" {
		return fault.New(fault.Invalid, "order.cart.id")
	}
	change := func(c *Cart) error {
		if person != "" {
			c.Person = person
		}
		c.Erase = store.Stamp(s.Now().Add(cartKept))
		return fn(c)
	}
	return s.carts.Upsert(ctx, id, Cart{ID: id, Lines: []CartLine{}, Codes: []string{}, Orders: []string{}}, change)
}

func tidyCode(s string) string { return strings.ToUpper(strings.Join(strings.Fields(s), "")) }

func (s *Service) quote(ctx context.Context, kind Kind, ref string) (Quote, error) {
	f, err := s.fulfiller(kind)
	if err != nil {
		return Quote{}, err
	}
	return f.Quote(ctx, ref)
}

// SweepCarts erases carts that nobody touched for sixty days, and counts of open
// orders that are over.
func (s *Service) SweepCarts(ctx context.Context) (n int, err error) {
	err = s.caps.All(ctx, store.Query{Index: "erase", To: s.Now()}, func(d capDoc) error {
		n++
		return gone(s.caps.Delete(ctx, d.ID))
	})
	if err != nil {
		return n, err
	}
	err = s.networks.All(ctx, store.Query{Index: "erase", To: s.Now()}, func(d netDoc) error {
		n++
		return gone(s.networks.Delete(ctx, d.ID))
	})
	if err != nil {
		return n, err
	}
	err = s.carts.All(ctx, store.Query{Index: "erase", To: s.Now()}, func(c Cart) error {
		n++
		return gone(s.carts.Delete(ctx, c.ID))
	})
	return n, err
}
