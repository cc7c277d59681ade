package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/catalog/order"
	"nguon/views"
)

// refunds is the desk of refunds by how far they are.
func (s *Site) refunds(c *fiber.Ctx, _ account.Actor) error {
	state, err := chosen(c, "state", "asked", "ready", "sent", "failed")
	if err != nil {
		return err
	}
	page, err := s.refundsPage(c, order.RefundState(state))
	if err != nil {
		return malformedQuery(err)
	}
	return s.own(c, page)
}

func (s *Site) refundsPage(c *fiber.Ctx, state order.RefundState) (page views.RefundsPage, err error) {
	after, err := query(c, "after")
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.RefundsPage{Base: s.base(c), State: state, Once: order.NewID(), Counts: map[order.RefundState]int64{}}
	page.Query = rawQuery(c)
	list, next, err := s.Orders.Waiting(ctx, order.WaitRefund(state), after)
	if err != nil {
		return page, err
	}
	page.Next = next
	for _, o := range list {
		for _, r := range o.Refunds {
			if r.State == state {
				page.Items = append(page.Items, views.OwedRefund{Order: o, Refund: r})
			}
		}
	}
	for _, st := range views.RefundTabs {
		if page.Counts[st], err = s.Orders.CountWaiting(ctx, order.WaitRefund(st)); err != nil {
			return page, err
		}
	}
	return page, nil
}

// workRefund makes a step of one refund, or a batch of those that are ticked.
func (s *Site) workRefund(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	state := order.RefundState(v["state"])
	if v["do"] == "batch" {
		b, err := s.Orders.MakeRefunds(c.UserContext(), a.Person.ID, v["once"], picked(v))
		if err == nil {
			return s.see(c, "/console/money/batches/"+b.ID, "done", "batch")
		}
		return s.refundsAgain(c, order.RefundReady, err, v)
	}
	done, err := s.stepRefund(c, a, v)
	if err != nil {
		return s.refundsAgain(c, state, err, v)
	}
	if v["back"] == "order" {
		return s.see(c, "/console/money/orders/"+v["order"], "done", done)
	}
	return s.see(c, "/console/money/refunds", "state", string(state), "done", done)
}

func (s *Site) refundsAgain(c *fiber.Ctx, state order.RefundState, err error, v map[string]string) error {
	known := false
	for _, st := range views.RefundTabs {
		known = known || st == state
	}
	if !known {
		state = order.RefundAsked
	}
	page, broken := s.refundsPage(c, state)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

// picked are the ticked boxes of a form, named "pick.ORDER.REFUND".
func picked(v map[string]string) (list []order.RefundID) {
	for name, on := range v {
		id, is := strings.CutPrefix(name, "pick.")
		if o, r, ok := strings.Cut(id, "."); is && ok && on == "on" {
			list = append(list, order.RefundID{Order: o, Refund: r})
		}
	}
	return list
}

// stepRefund makes the step that a form asks for, and names what was done.
func (s *Site) stepRefund(c *fiber.Ctx, a account.Actor, v map[string]string) (done string, err error) {
	ctx, by, id, refund := c.UserContext(), a.Person.ID, v["order"], v["refund"]
	switch v["do"] {
	case "account":
		return "refund_account", s.Orders.NoteAccount(ctx, by, id, refund, order.Account{BIN: v["bin"], Number: v["number"], Name: v["holder"]})
	case "credit":
		_, err := s.Orders.CreditRefund(ctx, by, id, refund)
		return "refund_credit", err
	case "paid":
		return "refund_paid", s.Orders.EndRefund(ctx, by, id, refund, v["ref"], true)
	case "failed":
		return "refund_failed", s.Orders.EndRefund(ctx, by, id, refund, "", false)
	case "transfer":
		return "refund_transfer", s.Orders.RefundByTransfer(ctx, by, id, refund)
	case "again":
		return "refund_again", s.Orders.RetryRefund(ctx, by, id, refund)
	}
	return "", fault.New(fault.Invalid, "order.refund.form")
}
