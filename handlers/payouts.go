package handlers

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/pay/bank"
	"nguon/catalog/order"
	"nguon/views"
)

// payoutsDue is what the market owes each seller, or a seller owes it; those
// with nothing on either side are left out.
func (s *Site) payoutsDue(c *fiber.Ctx, a account.Actor) ([]views.PayoutDue, error) {
	ctx := c.UserContext()
	var list []views.PayoutDue
	err := s.eachSeller(c, a, func(o account.Org) error {
		d := views.PayoutDue{Seller: o.ID, Name: o.Name, Status: o.Status}
		var err error
		if d.Balance, err = s.Orders.Balance(ctx, o.ID); err != nil || d.Balance == 0 {
			return err
		}
		t, err := s.Orders.Terms(ctx, o.ID)
		d.Account = t.Account
		list = append(list, d)
		return err
	})
	return list, err
}

// eachSeller calls fn for every organisation that may sell, or could once.
func (s *Site) eachSeller(c *fiber.Ctx, a account.Actor, fn func(account.Org) error) error {
	for _, st := range account.Statuses {
		for after := ""; ; {
			orgs, next, err := s.Account.Orgs(c.UserContext(), a, st, after)
			if err != nil {
				return err
			}
			for _, o := range orgs {
				if !o.Kind.Sells() {
					continue
				}
				if err := fn(o); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				break
			}
		}
	}
	return nil
}

func (s *Site) payouts(c *fiber.Ctx, a account.Actor) error {
	page, err := s.payoutsPage(c, a)
	if err != nil {
		return malformedQuery(err)
	}
	return s.own(c, page)
}

func (s *Site) payoutsPage(c *fiber.Ctx, a account.Actor) (page views.PayoutsPage, err error) {
	after, err := query(c, "after")
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.PayoutsPage{Base: s.base(c), Once: order.NewID()}
	page.Query = rawQuery(c)
	if page.Due, err = s.payoutsDue(c, a); err != nil {
		return page, err
	}
	if page.Market, err = s.Orders.Balance(ctx, order.MarketAccount); err != nil {
		return page, err
	}
	if page.Credit, err = s.Orders.Balance(ctx, order.CreditAccount); err != nil {
		return page, err
	}
	if page.Tax, err = s.Orders.Balance(ctx, order.TaxAccount); err != nil {
		return page, err
	}
	if page.History, page.Next, err = s.Orders.Batches(ctx, order.Payouts, after); err != nil {
		return page, err
	}
	by := []string{}
	for _, b := range page.History {
		by = append(by, b.By)
	}
	page.Names, err = s.names(c, by...)
	return page, err
}

// makePayouts makes a batch of the sellers that are ticked.
func (s *Site) makePayouts(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	picks := map[string]string{}
	err := s.eachSeller(c, a, func(o account.Org) error {
		if v["pick."+o.ID] == "on" {
			picks[o.ID] = o.Name
		}
		return nil
	})
	if err != nil {
		return err
	}
	b, err := s.Orders.MakePayouts(c.UserContext(), a.Person.ID, v["once"], picks)
	if err != nil {
		page, broken := s.payoutsPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/money/batches/"+b.ID, "done", "batch")
}

func (s *Site) batch(c *fiber.Ctx, _ account.Actor) error {
	page, err := s.batchPage(c)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) batchPage(c *fiber.Ctx) (page views.BatchPage, err error) {
	name, err := id(c, "batch")
	if err != nil {
		return page, err
	}
	page = views.BatchPage{Base: s.base(c)}
	if page.Batch, err = s.Orders.Batch(c.UserContext(), name); err != nil {
		return page, err
	}
	page.Names, err = s.names(c, page.Batch.By)
	return page, err
}

// batchFile is the batch as a bank takes it. It can be had again, and only once
// everything in it is on record.
func (s *Site) batchFile(c *fiber.Ctx, a account.Actor) error {
	page, err := s.batchPage(c)
	if err != nil {
		return err
	}
	b := page.Batch
	if !b.Priced || b.State != order.BatchReady {
		return fault.New(fault.Unavailable, "store.busy")
	}
	rows := make([]bank.PayoutRow, len(b.Rows))
	for i, r := range b.Rows {
		rows[i] = bank.PayoutRow{Name: r.Account.Name, Account: r.Account.Number, BIN: r.Account.BIN, Amount: r.Amount, Memo: b.Memo(r)}
	}
	var out bytes.Buffer
	if err := bank.PayoutCSV(&out, rows); err != nil {
		return err
	}
	return sendCSV(c, "nguon-"+string(b.Kind)+"-"+b.At.In(lang.Zone).Format(time.DateOnly)+"-"+b.ID[:8]+".csv", out.Bytes())
}

func sendCSV(c *fiber.Ctx, name string, body []byte) error {
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	return c.Send(body)
}

// endPayout notes the bank's word on one payout of a batch.
func (s *Site) endPayout(c *fiber.Ctx, a account.Actor) error {
	name, err := id(c, "batch")
	if err != nil {
		return err
	}
	v := values(c)
	done := "payout_paid"
	switch v["do"] {
	case "paid":
		err = s.Orders.EndPayout(c.UserContext(), a.Person.ID, name, v["seller"], v["ref"], true)
	case "bounced":
		done, err = "payout_bounced", s.Orders.EndPayout(c.UserContext(), a.Person.ID, name, v["seller"], v["ref"], false)
	default:
		err = fault.New(fault.Invalid, "order.payout.form")
	}
	if err != nil {
		page, broken := s.batchPage(c)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/money/batches/"+name, "done", done)
}

// booksPage reads the sums of an account of the market by month.
func (s *Site) booksPage(c *fiber.Ctx, a account.Actor) (page views.BooksPage, err error) {
	name, err := id(c, "account")
	if err != nil {
		return page, err
	}
	if name != order.MarketAccount && name != order.TaxAccount && name != order.CreditAccount {
		return page, fault.New(fault.NotFound, "http.not_found")
	}
	ctx := c.UserContext()
	page = views.BooksPage{Base: s.base(c), Account: name, Names: map[string]string{}}
	if page.Balance, err = s.Orders.Balance(ctx, name); err != nil {
		return page, err
	}
	if page.Sums, err = s.Orders.MonthSums(ctx, name); err != nil {
		return page, err
	}
	err = s.eachSeller(c, a, func(o account.Org) error { page.Names[o.ID] = o.Name; return nil })
	return page, err
}

func (s *Site) books(c *fiber.Ctx, a account.Actor) error {
	page, err := s.booksPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

// booksFile is the same for the filing.
func (s *Site) booksFile(c *fiber.Ctx, a account.Actor) error {
	page, err := s.booksPage(c, a)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"month", "seller", "seller name", "kind", "amount"})
	for _, m := range page.Sums {
		_ = w.Write([]string{m.Month.In(lang.Zone).Format("2006-01"), m.Seller, cell(page.Names[m.Seller]), string(m.Kind), strconv.FormatInt(int64(m.Amount), 10)})
	}
	w.Flush()
	return sendCSV(c, "nguon-"+page.Account+".csv", []byte(b.String()))
}
