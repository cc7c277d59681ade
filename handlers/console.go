package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/report"
	"nguon/catalog/order"
	"nguon/views"
)

// console is the front page of those who work here: what waits for them.
func (s *Site) console(c *fiber.Ctx, a account.Actor) error {
	page := views.ConsolePage{Base: s.base(c), Orgs: a.Orgs}
	for _, t := range s.tasks(a) {
		n, err := t.count(c)
		if err != nil {
			return err
		}
		if t.Open = n; n > 0 {
			page.Tasks = append(page.Tasks, t.Section)
		}
	}
	return s.own(c, page)
}

// task is work that may wait for somebody.
type task struct {
	views.Section
	count func(*fiber.Ctx) (int64, error)
}

func (s *Site) tasks(a account.Actor) []task {
	var list []task
	add := func(path, name, icon string, count func(*fiber.Ctx) (int64, error)) {
		list = append(list, task{views.Section{Path: path, Name: name, Icon: icon}, count})
	}
	for _, o := range a.Orgs {
		if a.May(account.OrderHandle, account.OfOrg(o)) == nil {
			add("/console/orders?org="+o.ID, "console.task.pack", "package", func(c *fiber.Ctx) (int64, error) {
				return s.Orders.DeskCount(c.UserContext(), o.ID, order.DeskPack)
			})
		}
	}
	if a.Is(account.Operator, account.Admin) {
		add("/console/market", "console.task.orgs", "building-2", func(c *fiber.Ctx) (int64, error) {
			return s.Account.CountOrgs(c.UserContext(), account.Waiting)
		})
		add("/console/market/claims", "console.task.claims", "award", func(c *fiber.Ctx) (int64, error) { return s.Catalog.CountClaims(c.UserContext()) })
		add("/console/money", "console.task.money", "banknote", s.countMoney)
		add("/console/market/mail", "console.task.mail", "mail", func(c *fiber.Ctx) (int64, error) { return s.Mail.CountFailed(c.UserContext()) })
	}
	for _, in := range inboxes(a) {
		add("/console/reports?inbox="+string(in), "console.task.reports", "inbox", func(c *fiber.Ctx) (int64, error) {
			return s.Reports.CountOpen(c.UserContext(), in)
		})
	}
	return list
}

// inboxes are those that somebody may read.
func inboxes(a account.Actor) []report.Inbox {
	var list []report.Inbox
	if a.May(account.PacketCases, account.Object{}) == nil {
		list = append(list, report.Authority)
	}
	if a.May(account.ListingCases, account.Object{}) == nil {
		list = append(list, report.Operator)
	}
	return list
}

// names are the people behind ids, for pages that may show them.
func (s *Site) names(c *fiber.Ctx, ids ...string) (map[string]string, error) {
	return s.Account.Names(c.UserContext(), ids)
}

// id reads a part of the path that names something in the store; what cannot be
// one does not exist.
func id(c *fiber.Ctx, name string) (string, error) {
	v, err := segment(c, name)
	if err != nil || v == "" || len(v) > 80 {
		return "", fault.New(fault.NotFound, "http.not_found")
	}
	return v, nil
}

// object reads the organisation that the path names, for somebody who may do
// verb with it.
func (s *Site) object(c *fiber.Ctx, a account.Actor, verb account.Verb) (account.Org, error) {
	org, err := id(c, "org")
	if err != nil {
		return account.Org{}, err
	}
	return s.Account.Org(c.UserContext(), a, verb, org)
}
