package order

import (
	"context"
	"slices"

	"nguon/app/fault"
	"nguon/app/store"
)

// emptied takes out of a cart what became an order of another form, whose process
// died before it did that.
func (s *Service) emptied(ctx context.Context, f Checkout) error {
	c, err := s.Cart(ctx, f.Cart)
	if err != nil || c.Form == "" || c.Form == f.ID {
		return err
	}
	o, err := s.orders.Get(ctx, c.Form)
	if err != nil || f.comesTo(o, nil) != nil {
		return gone(err)
	}
	return s.clearCart(ctx, o)
}

// claimCart lets one form at a time make an order of a cart.
func (s *Service) claimCart(ctx context.Context, f Checkout) (c Cart, err error) {
	now := store.Stamp(s.Now())
	err = s.carts.Update(ctx, f.Cart, func(d *Cart) error {
		if c = *d; slices.Contains(d.Orders, f.ID) {
			return nil
		}
		if d.Form != "" && d.Form != f.ID && d.FormUntil != nil && now.Before(*d.FormUntil) {
			return fault.New(fault.Unavailable, "store.busy")
		}
		until := now.Add(placeWithin)
		d.Form, d.FormUntil = f.ID, &until
		c = *d
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return Cart{ID: f.Cart}, nil
	}
	return c, err
}

// freeCart lets another form try; what fails runs out by itself.
func (s *Service) freeCart(ctx context.Context, f Checkout) {
	_ = s.carts.Update(ctx, f.Cart, func(d *Cart) error {
		if d.Form == f.ID {
			d.Form, d.FormUntil = "", nil
		}
		return nil
	})
}

// clearCart takes what became an order out of its cart, once: what was put in
// meanwhile stays, and an old form that comes again takes out nothing.
func (s *Service) clearCart(ctx context.Context, o Order) error {
	err := s.carts.Update(ctx, o.Cart, func(c *Cart) error {
		if slices.Contains(c.Orders, o.ID) {
			return nil
		}
		if c.Orders = append(c.Orders, o.ID); len(c.Orders) > maxOrders {
			c.Orders = c.Orders[1:]
		}
		if c.Form == o.ID {
			c.Form, c.FormUntil = "", nil
		}
		for i := range c.Lines {
			for _, x := range o.Lines {
				if l := &c.Lines[i]; x.Kind == l.Kind && x.Ref == l.Ref {
					l.Quantity -= x.Quantity
				}
			}
		}
		c.Lines = slices.DeleteFunc(c.Lines, func(l CartLine) bool { return l.Quantity <= 0 })
		c.Codes = slices.DeleteFunc(c.Codes, func(code string) bool {
			return slices.ContainsFunc(o.Coupons, func(a Applied) bool { return a.Code == code })
		})
		return nil
	})
	return gone(err)
}
