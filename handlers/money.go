package handlers

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
	"nguon/views"
)

// moneyWaits are what waits at the operator's money desk.
func (s *Site) moneyWaits(c *fiber.Ctx) ([]views.Section, error) {
	waiting := func(w order.Wait) func() (int64, error) {
		return func() (int64, error) { return s.Orders.CountWaiting(c.UserContext(), w) }
	}
	refunds := "/console/money/refunds?state="
	list := []struct {
		views.Section
		count func() (int64, error)
	}{
		{views.Section{Path: "/console/money/transfers", Name: "moneydesk.wait.transfers", Icon: "inbox"}, func() (int64, error) {
			return s.Orders.CountTransfers(c.UserContext(), order.TransferUnmatched)
		}},
		{views.Section{Path: refunds + "asked", Name: "moneydesk.wait.asked", Icon: "phone"}, waiting(order.WaitRefund(order.RefundAsked))},
		{views.Section{Path: refunds + "ready", Name: "moneydesk.wait.ready", Icon: "undo-2"}, waiting(order.WaitRefund(order.RefundReady))},
		{views.Section{Path: refunds + "sent", Name: "moneydesk.wait.sent", Icon: "send"}, waiting(order.WaitRefund(order.RefundSent))},
		{views.Section{Path: refunds + "failed", Name: "moneydesk.wait.failed", Icon: "octagon-alert"}, waiting(order.WaitRefund(order.RefundFailed))},
		{views.Section{Path: "/console/money/orders?wait=stuck", Name: "moneydesk.wait.stuck", Icon: "triangle-alert"}, waiting(order.WaitStuck)},
		{views.Section{Path: "/console/money/orders?wait=disputed", Name: "moneydesk.wait.disputed", Icon: "shield"}, waiting(order.WaitDisputed)},
		{views.Section{Path: "/console/money/orders?wait=remit", Name: "moneydesk.wait.remit", Icon: "package-check"}, waiting(order.WaitRemit)},
	}
	out := make([]views.Section, len(list))
	for i, w := range list {
		n, err := w.count()
		if err != nil {
			return nil, err
		}
		out[i] = w.Section
		out[i].Open = n
	}
	return out, nil
}

// countMoney is how much waits altogether.
func (s *Site) countMoney(c *fiber.Ctx) (sum int64, err error) {
	list, err := s.moneyWaits(c)
	for _, w := range list {
		sum += w.Open
	}
	return sum, err
}

func (s *Site) moneyPage(c *fiber.Ctx, a account.Actor) error {
	page, err := s.moneyDeskPage(c, a)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"day": s.Now().In(lang.Zone).Format(time.DateOnly)}
	return s.own(c, page)
}

func (s *Site) moneyDeskPage(c *fiber.Ctx, a account.Actor) (page views.MoneyPage, err error) {
	page = views.MoneyPage{Base: s.base(c)}
	if page.Waits, err = s.moneyWaits(c); err != nil {
		return page, err
	}
	due, err := s.payoutsDue(c, a)
	for _, d := range due {
		if d.Payable() {
			page.Sellers++
		}
	}
	return page, err
}

// enterTransfer takes one transfer in that the operator saw at the bank.
func (s *Site) enterTransfer(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	in, err := typedTransfer(v)
	var t order.TransferIn
	done := "transfer"
	if _, known, e := s.Orders.Known(c.UserContext(), in.Ref); err == nil && e == nil && known {
		done = "transfer_known"
	}
	if err == nil {
		t, err = s.Orders.Receive(c.UserContext(), in, "hand", a.Person.ID)
		err = renamed(err, "booked", "day")
	}
	if err != nil {
		page, broken := s.moneyDeskPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/money/transfer", "ref", t.ID, "done", done)
}

// typedTransfer reads the form of a transfer.
func typedTransfer(v map[string]string) (order.Incoming, error) {
	f := fault.NewForm("order.transfer.form")
	amount, err := money.Parse(v["amount"])
	f.Need(err == nil && amount > 0, "amount", "order.field.money")
	ref := strings.Join(strings.Fields(v["ref"]), " ")
	f.Need(ref != "", "ref", "order.transfer.ref")
	at, err := time.ParseInLocation("2006-01-02 15:04", strings.TrimSpace(v["day"])+" "+strings.TrimSpace(v["time"]), lang.Zone)
	_, noDay := time.ParseInLocation(time.DateOnly, strings.TrimSpace(v["day"]), lang.Zone)
	f.Need(noDay == nil, "day", "order.transfer.booked")
	f.Need(noDay != nil || err == nil, "time", "order.transfer.time") // it decides what is late
	return order.Incoming{Ref: ref, Amount: amount, Booked: at, Memo: plainLine(v["memo"]), From: plainLine(v["from"]), Note: plainLine(v["note"])}, f.Result()
}

// plainLine brings what was typed onto one line.
func plainLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// chosen reads a query parameter that is one of a few words, the first by
// default.
func chosen(c *fiber.Ctx, name string, words ...string) (string, error) {
	v, err := query(c, name)
	if err != nil || v == "" {
		return words[0], err
	}
	for _, w := range words {
		if v == w {
			return v, nil
		}
	}
	return "", malformed(fault.New(fault.Invalid, "http.bad_filter"))
}

func (s *Site) transfers(c *fiber.Ctx, _ account.Actor) error {
	state, err := chosen(c, "state", "unmatched", "matched", "ignored")
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.TransfersPage{Base: s.base(c), State: order.TransferState(state), Counts: map[order.TransferState]int64{}}
	page.Query = rawQuery(c)
	if page.Items, page.Next, err = s.Orders.Transfers(c.UserContext(), page.State, after); err != nil {
		return malformedQuery(err)
	}
	for _, st := range views.TransferTabs {
		if page.Counts[st], err = s.Orders.CountTransfers(c.UserContext(), st); err != nil {
			return err
		}
	}
	return s.own(c, page)
}

func (s *Site) transfer(c *fiber.Ctx, _ account.Actor) error {
	ref, err := query(c, "ref")
	if err != nil {
		return err
	}
	page, err := s.transferPage(c, ref)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) transferPage(c *fiber.Ctx, ref string) (page views.TransferPage, err error) {
	ctx := c.UserContext()
	page = views.TransferPage{Base: s.base(c)}
	page.Query = rawQuery(c)
	t, known, err := s.Orders.Known(ctx, ref)
	if err != nil {
		return page, err
	}
	if !known {
		return page, fault.New(fault.NotFound, "order.transfer.not_found")
	}
	page.Transfer = t
	if t.Order != "" {
		o, err := s.Orders.Order(ctx, t.Order)
		if err != nil {
			return page, err
		}
		page.Order = &o
	}
	if t.Like != "" {
		if twin, ok, err := s.Orders.Known(ctx, t.Like); err != nil {
			return page, err
		} else if ok {
			page.Twin = &twin
		}
	}
	if t.State == order.TransferUnmatched && t.Like == "" { // of a twin, the order is known
		if page.Candidates, err = s.Orders.Candidates(ctx, t); err != nil {
			return page, err
		}
	}
	page.Names, err = s.names(c, t.By)
	return page, err
}

// workTransfer matches a transfer by hand, or puts it aside.
func (s *Site) workTransfer(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	ref, done := v["ref"], "transfer_assigned"
	var err error
	switch aside := plainLine(v["aside"]); {
	case v["do"] == "ignore" && aside == "":
		err = fault.New(fault.Invalid, "order.transfer.form").Field("aside", "order.field.missing")
	case v["do"] == "ignore":
		done, err = "transfer_ignored", s.Orders.Ignore(c.UserContext(), a.Person.ID, ref, aside)
	default:
		_, err = s.Orders.Assign(c.UserContext(), a.Person.ID, ref, v["order"], plainLine(v["note"]))
		if fault.CodeOf(err) == "order.not_found" {
			err = fault.New(fault.Invalid, "order.transfer.form").Field("order", "moneydesk.code.unknown")
		}
	}
	if err != nil {
		page, broken := s.transferPage(c, ref)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/money/transfer", "ref", ref, "done", done)
}
