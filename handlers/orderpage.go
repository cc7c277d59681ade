package handlers

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/pay/vietqr"
	"nguon/catalog/order"
	"nguon/tours"
	"nguon/views"
)

// orderPage shows an order to whoever knows its address.
func (s *Site) orderPage(c *fiber.Ctx) error {
	id, err := orderID(c)
	if err != nil {
		return err
	}
	paid, err := query(c, "paid")
	if err != nil {
		return err
	}
	if paid != "" {
		if err := s.Orders.Returned(c.UserContext(), id); err != nil && !fault.Is(err, fault.NotFound) {
			// The gateway's word comes by itself.
			s.Log.LogAttrs(c.UserContext(), slog.LevelWarn, "the card gateway was not asked", slog.String("request", requestID(c)), slog.String("error", err.Error()))
		}
	}
	page, err := s.orderShown(c, id)
	if err != nil {
		return err
	}
	look, err := query(c, "look")
	if err != nil {
		return err
	}
	page.Back, page.Look = paid != "", look != ""
	return s.own(c, page)
}

// orderID reads the id of the path; what cannot be one was never given out.
func orderID(c *fiber.Ctx) (string, error) {
	id, err := segment(c, "order")
	if err == nil && !isCapability(id) {
		err = fault.New(fault.NotFound, "order.not_found")
	}
	return id, err
}

// orderShown reads an order for its page. The address is a capability: no other
// site learns it from a Referer. "same-origin" and not "no-referrer", under which
// browsers without Fetch Metadata send our own forms with "Origin: null".
func (s *Site) orderShown(c *fiber.Ctx, id string) (page views.OrderPage, err error) {
	o, err := s.Orders.Order(c.UserContext(), id)
	if err != nil {
		return page, err
	}
	page = views.OrderPage{Base: s.base(c), Order: o, Now: s.Now(), Payee: s.Payee, Card: s.Card != nil}
	page.Path, page.Done, page.Demo = "/orders/"+o.ID, doneKey(c), o.Demo
	if page.Payable() && o.Method == order.Transfer {
		if page.QR, err = vietqr.Payload(vietqr.Payee{BIN: s.Payee.BIN, Number: s.Payee.Number, Name: s.Payee.Name}, o.Due(), o.Code); err != nil {
			return page, err
		}
	}
	if page.Visits, err = s.bookingsOf(c.UserContext(), o); err != nil {
		return page, err
	}
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderContentSecurityPolicy, scripted(plainPolicy))
	c.Set("X-Robots-Tag", "noindex")
	if page.Payable() && o.Method == order.Card {
		s.letFormsGoOn(c)
	}
	return page, nil
}

// bookingsOf are the bookings of a confirmed order, by parcel.
func (s *Site) bookingsOf(ctx context.Context, o order.Order) (map[string]tours.Booking, error) {
	list := map[string]tours.Booking{}
	for _, p := range o.Parcels {
		ref, ok := o.VisitRef(p.ID())
		if !ok || o.State != order.Confirmed {
			continue
		}
		b, err := s.Tours.Booking(ctx, ref)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list[p.ID()] = b
	}
	return list, nil
}

// letFormsGoOn lets a form of the page lead to the gateway's: browsers hold a
// redirect against form-action as well.
func (s *Site) letFormsGoOn(c *fiber.Ctx) {
	where := "form-action 'self' https:"
	if s.Dev {
		where += " http:"
	}
	c.Set(fiber.HeaderContentSecurityPolicy, strings.Replace(scripted(plainPolicy), "form-action 'self'", where, 1))
}

// payByCard leads to the page of the gateway.
func (s *Site) payByCard(c *fiber.Ctx) error {
	return s.withOrder(c, "", func(id string) error {
		here := s.BaseURL + lang.From(c.UserContext()).Path("/orders/"+id)
		address, err := s.Orders.Card(c.UserContext(), id, here+"?paid=1", here)
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderCacheControl, "no-store")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set(fiber.HeaderLocation, address)
		c.Status(http.StatusSeeOther)
		return nil
	})
}

func (s *Site) cancelOrder(c *fiber.Ctx) error {
	return s.withOrder(c, "order_cancelled", func(id string) error { return s.Orders.Cancel(c.UserContext(), "shopper", id, "") })
}

// askReturn tells a seller why its parcel is to go back.
func (s *Site) askReturn(c *fiber.Ctx) error {
	return s.withOrder(c, "order_return", func(id string) error {
		v := values(c)
		field := "why." + v["seller"]
		return renamed(s.Orders.AskReturn(c.UserContext(), id, v["seller"], v[field]), "why", field)
	})
}

// renamed is an error about a form whose field bears another name there.
func renamed(err error, from, to string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	e := *fault.As(err)
	e.Fields = append([]fault.Field(nil), e.Fields...)
	for i := range e.Fields {
		if e.Fields[i].Name == from {
			e.Fields[i].Name = to
		}
	}
	return &e
}

// tellAccount notes where money goes back to: all that waits for an account, or
// has not left yet.
func (s *Site) tellAccount(c *fiber.Ctx) error {
	return s.withOrder(c, "order_account", func(id string) error {
		v := values(c)
		to := order.Account{BIN: v["bin"], Number: v["number"], Name: v["holder"]}
		o, err := s.Orders.Order(c.UserContext(), id)
		if err != nil {
			return err
		}
		told := false
		for _, r := range o.Refunds {
			if !views.TellsAccount(r) {
				continue
			}
			if err := s.Orders.TellAccount(c.UserContext(), id, r.ID, to); err != nil {
				return err
			}
			told = true
		}
		if !told {
			return fault.New(fault.Conflict, "order.refund.state")
		}
		return nil
	})
}

// withOrder is a form of an order's page: what is wrong is shown there, what
// worked leads back to it, with a message where there is one.
func (s *Site) withOrder(c *fiber.Ctx, done string, do func(id string) error) error {
	id, err := orderID(c)
	if err != nil {
		return err
	}
	if err := do(id); err != nil {
		if fault.CodeOf(err) == "order.not_found" {
			return err
		}
		page, broken := s.orderShown(c, id)
		if broken != nil {
			return broken
		}
		if fault.CodeOf(err) == "order.card.away" { // which the page says beside the button
			return s.anew(c, err, func(f views.Form) views.Page { page.Form = f; return page }, values(c))
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, values(c))
	}
	if done == "" {
		return nil
	}
	return s.see(c, "/orders/"+id, "done", done)
}

func (s *Site) findForm(c *fiber.Ctx) error {
	return s.own(c, views.FindPage{Base: s.base(c)})
}

// foundOrder shows how an order stands to who knows its code and telephone, as
// its sellers do. Its address, which opens everything, is not told.
func (s *Site) foundOrder(c *fiber.Ctx, o order.Order) error {
	page, err := s.orderShown(c, o.ID)
	if err != nil {
		return err
	}
	page.Short, page.Path = true, "/orders"
	page.Order = page.Order.Guarded()
	return s.own(c, page)
}

// findOrder looks an order up by its code and telephone. An unknown code and
// another telephone are answered alike.
func (s *Site) findOrder(c *fiber.Ctx) error {
	v := values(c)
	ctx := c.UserContext()
	o, err := s.Orders.Find(ctx, s.network(c), v["number"], v["phone"])
	if err == nil {
		return s.foundOrder(c, o)
	}
	page := func(f views.Form) views.Page { return views.FindPage{Base: s.base(c), Form: f} }
	if fault.Is(err, fault.NotFound) {
		return s.anew(c, err, page, v)
	}
	return s.again(c, err, page, v)
}
