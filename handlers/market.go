package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/catalog"
	"nguon/views"
)

// market lists organisations by what became of them, those that wait first.
func (s *Site) market(c *fiber.Ctx, a account.Actor) error {
	status, err := query(c, "status")
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.MarketPage{Base: s.base(c), Status: account.Status(cmp.Or(status, string(account.Waiting))), Counts: map[account.Status]int64{}}
	page.Query = rawQuery(c)
	if page.Orgs, page.Next, err = s.Account.Orgs(ctx, a, page.Status, after); err != nil {
		return malformedQuery(err)
	}
	for _, st := range account.Statuses {
		if page.Counts[st], err = s.Account.CountOrgs(ctx, st); err != nil {
			return err
		}
	}
	if page.Claims, err = s.Catalog.CountClaims(ctx); err != nil {
		return err
	}
	if page.Failed, err = s.Mail.CountFailed(ctx); err != nil {
		return err
	}
	return s.own(c, page)
}

// malformedQuery marks what is wrong with a list's address as such.
func malformedQuery(err error) error {
	if fault.Is(err, fault.Invalid) {
		return malformed(err)
	}
	return err
}

func (s *Site) marketOrg(c *fiber.Ctx, a account.Actor) error {
	page, err := s.marketOrgPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) marketOrgPage(c *fiber.Ctx, a account.Actor) (page views.MarketOrgPage, err error) {
	o, err := s.object(c, a, account.OrgDecide)
	if err != nil {
		return page, err
	}
	page = views.MarketOrgPage{Base: s.base(c), Org: o, Own: o.Has(a.Person.ID), Whole: o.Verify()}
	page.Demo = o.Demo
	for _, act := range [...]account.Act{account.Approve, account.Refuse, account.Suspend, account.Lift} {
		if act.Leads(o.Status) {
			page.Acts = append(page.Acts, act)
		}
	}
	if page.People, err = s.Account.Members(c.UserContext(), o); err != nil {
		return page, err
	}
	if o.Kind.Sells() {
		if page.Products, err = s.Catalog.Own(c.UserContext(), o.ID); err != nil {
			return page, err
		}
	}
	if page.SameTax, err = s.Account.SameTaxCode(c.UserContext(), a, o); err != nil {
		return page, err
	}
	page.Names, err = s.names(c, deciders(o)...)
	return page, err
}

func (s *Site) decide(c *fiber.Ctx, a account.Actor) error {
	org, err := id(c, "org")
	if err != nil {
		return err
	}
	v := values(c)
	seq, _ := strconv.Atoi(v["seq"])
	if err := s.Account.Decide(c.UserContext(), a, org, account.Verdict{Act: account.Act(v["act"]), Seq: seq, Seen: v["seen"], Reason: v["reason"]}); err != nil {
		page, broken := s.marketOrgPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/market/"+org, "done", "decided")
}

// claims lists recognitions that wait for a check or, with show=out, products
// that the operator took out.
func (s *Site) claims(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	show, err := query(c, "show")
	if err != nil {
		return err
	}
	list := map[string]func(context.Context, string) ([]catalog.Product, string, error){"": s.Catalog.Claims, "out": s.Catalog.TakenOut}[show]
	if list == nil {
		return malformed(fault.New(fault.Invalid, "http.bad_filter"))
	}
	page := views.ClaimsPage{Base: s.base(c), Out: show == "out"}
	page.Query = rawQuery(c)
	if page.Items, page.Next, err = list(c.UserContext(), after); err != nil {
		return malformedQuery(err)
	}
	page.Demo = anyDemo(page.Items)
	page.Makers, err = s.producersOf(c.UserContext(), page.Items)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) claim(c *fiber.Ctx, a account.Actor) error {
	page, err := s.claimPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) claimPage(c *fiber.Ctx, a account.Actor) (page views.ClaimPage, err error) {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return page, err
	}
	product, err := id(c, "product")
	if err != nil {
		return page, err
	}
	page = views.ClaimPage{Base: s.base(c)}
	if page.Product, err = s.Catalog.ByID(c.UserContext(), product); err != nil {
		return page, err
	}
	page.Seen, page.Demo = seenOf(page.Product), page.Product.Demo
	page.Own = slices.ContainsFunc(a.Orgs, func(o account.Org) bool { return o.ID == page.Product.Producer })
	page.Producer, err = s.Catalog.ProducerByID(c.UserContext(), page.Product.Producer)
	return page, err
}

// judged is the page of a product on which this operator may decide: nobody
// decides on what his own organisation sells, as account.Service.Decide has it.
func (s *Site) judged(c *fiber.Ctx, a account.Actor) (views.ClaimPage, error) {
	page, err := s.claimPage(c, a)
	if err == nil && page.Own {
		err = fault.New(fault.Forbidden, "account.org.own")
	}
	return page, err
}

// claimAgain shows the page as the product is now. What was answered to another
// state of it has to be answered anew.
func (s *Site) claimAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	if fault.Is(err, fault.Conflict) {
		delete(v, "holds")
	}
	page, broken := s.claimPage(c, a)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func (s *Site) checkClaim(c *fiber.Ctx, a account.Actor) error {
	page, err := s.judged(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if v["holds"] != "yes" && v["holds"] != "no" {
		return s.claimAgain(c, a, fault.New(fault.Invalid, "account.form").Field("holds", "account.field.choice"), v)
	}
	if err := s.Catalog.CheckOCOP(c.UserContext(), a.Person.ID, page.Product.ID, seenAt(v["seen"]), v["holds"] == "yes", v["reason"]); err != nil {
		return s.claimAgain(c, a, err, v)
	}
	return s.see(c, "/console/market/claims/"+page.Product.ID, "done", "claim")
}

func (s *Site) takeOut(c *fiber.Ctx, a account.Actor) error {
	page, err := s.judged(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if v["do"] == "publish" {
		err = s.Catalog.Publish(c.UserContext(), a.Person.ID, page.Product.ID, true)
	} else {
		err = s.Catalog.Withdraw(c.UserContext(), a.Person.ID, page.Product.ID, v["reason"], true)
	}
	if err != nil {
		return s.claimAgain(c, a, err, v)
	}
	return s.see(c, "/console/market/claims/"+page.Product.ID, "done", "withdrawn")
}

// texts lists the legal pages.
func (s *Site) texts(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.TextEdit, account.Object{}); err != nil {
		return err
	}
	page := views.TextsPage{Base: s.base(c)}
	for _, p := range legal.Pages {
		t, err := s.Legal.Text(c.UserContext(), p)
		if err != nil {
			return err
		}
		page.Texts = append(page.Texts, t)
	}
	return s.own(c, page)
}

func (s *Site) text(c *fiber.Ctx, a account.Actor) error {
	page, err := s.textPage(c, a)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"vi": page.Text.Body.Vi, "en": page.Text.Body.En, "rev": strconv.Itoa(page.Text.Rev)}
	return s.own(c, page)
}

func (s *Site) textPage(c *fiber.Ctx, a account.Actor) (page views.TextPage, err error) {
	if err := a.May(account.TextEdit, account.Object{}); err != nil {
		return page, err
	}
	name, err := id(c, "page")
	if err != nil {
		return page, err
	}
	p, ok := legal.ParsePage(name)
	if !ok {
		return page, fault.New(fault.NotFound, "legal.not_found")
	}
	page = views.TextPage{Base: s.base(c)}
	ctx := c.UserContext()
	if page.Text, err = s.Legal.Text(ctx, p); err != nil {
		return page, err
	}
	if page.History, err = s.Legal.History(ctx, p); err != nil {
		return page, err
	}
	ids := []string{}
	for _, r := range page.History {
		ids = append(ids, r.By)
	}
	page.Names, err = s.names(c, ids...)
	return page, err
}

func (s *Site) editText(c *fiber.Ctx, a account.Actor) error {
	page, err := s.textPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	rev, _ := strconv.Atoi(v["rev"])
	err = s.Legal.Edit(c.UserContext(), a.Person.ID, page.Text.Page, rev, lang.Text{Vi: v["vi"], En: v["en"]})
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/market/texts/"+string(page.Text.Page), "done", "text")
}

// failedMail lists mails that were given up.
func (s *Site) failedMail(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.MailRead, account.Object{}); err != nil {
		return err
	}
	list, err := s.Mail.Failed(c.UserContext(), mailsShown)
	if err != nil {
		return err
	}
	page := views.MailPage{Base: s.base(c)}
	for _, m := range list {
		page.Failed = append(page.Failed, views.FailedMail{ID: m.ID, Key: m.Key, To: m.To, Reason: m.Reason, At: m.At})
	}
	return s.own(c, page)
}

const mailsShown = 100

func (s *Site) retryMail(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.MailRead, account.Object{}); err != nil {
		return err
	}
	ctx, id := c.UserContext(), values(c)["id"]
	again, err := s.Mail.Retry(ctx, id)
	if err == nil && again {
		now := s.Now()
		err = s.Account.Record(ctx, "mail.retry:"+store.NewID(now), outbox.Entry{At: now, By: a.Person.ID, Action: "mail.retry", Object: "mail:" + id})
	}
	if err != nil {
		return err
	}
	return s.see(c, "/console/market/mail", "done", "mail")
}
