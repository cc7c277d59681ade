package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/catalog/order"
	"nguon/views"
)

// moneyOrders lists orders that somebody has to look into, or leads to the one
// whose code was typed.
func (s *Site) moneyOrders(c *fiber.Ctx, _ account.Actor) error {
	wait, err := chosen(c, "wait", "stuck", "disputed", "remit")
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	code, err := query(c, "code")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.MoneyOrdersPage{Base: s.base(c), Wait: order.Wait(wait), Counts: map[order.Wait]int64{}}
	page.Query = rawQuery(c)
	page.Form.Values = map[string]string{"code": code}
	if code != "" {
		o, err := s.Orders.ByCode(ctx, code)
		if err == nil {
			return s.see(c, "/console/money/orders/"+o.ID)
		}
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		page.Form.Err = fault.New(fault.Invalid, "moneydesk.code.unknown").Field("code", "moneydesk.code.unknown")
	}
	if page.Items, page.Next, err = s.Orders.Waiting(ctx, page.Wait, after); err != nil {
		return malformedQuery(err)
	}
	for _, w := range views.OrderWaits {
		if page.Counts[w], err = s.Orders.CountWaiting(ctx, w); err != nil {
			return err
		}
	}
	return s.own(c, page)
}

func (s *Site) moneyOrder(c *fiber.Ctx, _ account.Actor) error {
	page, err := s.moneyOrderPage(c)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) moneyOrderPage(c *fiber.Ctx) (page views.MoneyOrderPage, err error) {
	name, err := id(c, "order")
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.MoneyOrderPage{Base: s.base(c)}
	if page.Order, err = s.Orders.Order(ctx, name); err != nil {
		return page, err
	}
	page.Demo = page.Order.Demo
	page.Entries = page.Order.Ledger()
	by := []string{}
	for _, st := range page.Order.Steps {
		by = append(by, st.By)
	}
	page.Names, err = s.names(c, by...)
	return page, err
}

// workOrder cancels an order, notes cash that a courier handed over, or makes a
// step of a refund.
func (s *Site) workOrder(c *fiber.Ctx, a account.Actor) error {
	name, err := id(c, "order")
	if err != nil {
		return err
	}
	v := values(c)
	v["order"] = name
	done := ""
	switch v["do"] {
	case "cancel":
		if done = "order_cancelled"; plainLine(v["note"]) == "" {
			err = fault.New(fault.Invalid, "moneydesk.cancel.form").Field("note", "order.field.missing")
		} else {
			err = s.Orders.Cancel(c.UserContext(), a.Person.ID, name, plainLine(v["note"]))
		}
	case "dispute":
		done, err = "dispute_seen", s.Orders.SeeDispute(c.UserContext(), a.Person.ID, name, v["ref"])
	case "remit":
		done, err = "order_remitted", s.Orders.Handle(c.UserContext(), a.Person.ID, name, order.Moving{Move: order.Remit, Seller: v["seller"]})
	default:
		done, err = s.stepRefund(c, a, v)
	}
	if err != nil {
		page, broken := s.moneyOrderPage(c)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/money/orders/"+name, "done", done)
}
