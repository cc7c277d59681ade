package handlers

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/report"
	"nguon/views"
)

// verbs of the inboxes.
var inboxVerbs = map[report.Inbox]account.Verb{report.Authority: account.PacketCases, report.Operator: account.ListingCases}

func (s *Site) reports(c *fiber.Ctx, a account.Actor) error {
	mine := inboxes(a)
	if len(mine) == 0 {
		return a.May(account.PacketCases, account.Object{})
	}
	box, err := query(c, "inbox")
	if err != nil {
		return err
	}
	status, err := query(c, "status")
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.ReportsPage{Base: s.base(c), Inboxes: mine, Inbox: report.Inbox(cmp.Or(box, string(mine[0]))), Status: report.Status(cmp.Or(status, string(report.Open)))}
	if !slices.Contains(mine, page.Inbox) {
		return fault.New(fault.Forbidden, "account.forbidden")
	}
	page.Query = rawQuery(c)
	if page.Items, page.Next, err = s.Reports.Inbox(c.UserContext(), page.Inbox, page.Status, after); err != nil {
		return malformedQuery(err)
	}
	return s.own(c, page)
}

func (s *Site) report(c *fiber.Ctx, a account.Actor) error {
	page, err := s.reportPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) reportPage(c *fiber.Ctx, a account.Actor) (page views.ReportPage, err error) {
	name, err := id(c, "report")
	if err != nil {
		return page, err
	}
	if len(inboxes(a)) == 0 { // who reads no inbox learns of no report
		return page, a.May(account.PacketCases, account.Object{})
	}
	r, err := s.Reports.Get(c.UserContext(), name)
	if err != nil {
		return page, err
	}
	if a.May(inboxVerbs[r.Inbox], account.Object{}) != nil {
		return page, fault.New(fault.NotFound, "report.not_found")
	}
	page = views.ReportPage{Base: s.base(c), Report: r, Once: rand.Text() + rand.Text()}
	ids := []string{}
	for _, x := range r.Answers {
		ids = append(ids, x.By)
	}
	for _, x := range r.Closings {
		ids = append(ids, x.By, x.ReopenedBy)
	}
	page.Names, err = s.names(c, ids...)
	return page, err
}

func (s *Site) workReport(c *fiber.Ctx, a account.Actor) error {
	page, err := s.reportPage(c, a)
	if err != nil {
		return err
	}
	v, ctx, by, r := values(c), c.UserContext(), a.Person.ID, page.Report.ID
	done := ""
	closings, wrong := strconv.Atoi(v["closings"])
	if wrong != nil {
		closings = -1
	}
	switch v["do"] {
	case "answer":
		done, err = "answered", s.Reports.Answer(ctx, by, r, report.Reply{Words: v["words"], Once: v["once"]})
	case "close":
		done, err = "closed", s.Reports.Close(ctx, by, r, v["words"], closings)
	case "reopen":
		done, err = "reopened", s.Reports.Reopen(ctx, by, r, closings)
	case "erase":
		done, err = "erased", s.Reports.Erase(ctx, by, r)
	default:
		err = fault.New(fault.Invalid, "account.field.choice")
	}
	if err != nil {
		if code := fault.CodeOf(err); code != "report.once_used" && code != "report.answer_used" {
			page.Once = cmp.Or(v["once"], page.Once)
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/reports/"+r, "done", done)
}
