package handlers

import (
	"encoding/csv"
	"slices"
	"strconv"
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

func (s *Site) sellerCouponsPage(c *fiber.Ctx, a account.Actor) (page views.CouponsPage, err error) {
	o, err := s.object(c, a, account.TermsEdit)
	if err != nil {
		return page, err
	}
	after, err := query(c, "after")
	if err != nil {
		return page, err
	}
	page = views.CouponsPage{Base: s.base(c), Org: o, Today: s.Now()}
	page.Demo, page.Query = o.Demo, rawQuery(c)
	page.Coupons, page.Next, err = s.Orders.Coupons(c.UserContext(), o.ID, after)
	return page, malformedQuery(err)
}

func (s *Site) coupons(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sellerCouponsPage(c, a)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"kind": string(order.Percent), "from": page.Today.In(lang.Zone).Format(time.DateOnly)}
	return s.own(c, page)
}

// sellerKinds are the coupons that sellers make; credits are the market's.
var sellerKinds = []order.CouponKind{order.Percent, order.Amount, order.FreeDelivery}

func (s *Site) saveCoupon(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sellerCouponsPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	k, err := readCoupon(v)
	if err == nil {
		k.Seller, k.Bears, k.By = page.Org.ID, order.SellerBears, a.Person.ID
		err = s.Orders.SaveCoupon(c.UserContext(), k)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/shop/"+page.Org.ID+"/coupons", "done", "coupon")
}

// readCoupon reads the form; days are those of Vietnam, the last one included.
func readCoupon(v map[string]string) (k order.Coupon, err error) {
	r := &reader{v: v}
	k = order.Coupon{Code: v["code"], Kind: order.CouponKind(v["kind"]), Least: money.VND(r.whole("least", "least")), Uses: r.whole("uses", "uses")}
	if !slices.Contains(sellerKinds, k.Kind) {
		r.wrong("kind", "order.field.choice")
	}
	if k.Kind == order.Percent {
		k.Percent = r.whole("percent", "percent")
	}
	if k.Kind != order.FreeDelivery {
		k.Amount = money.VND(r.whole("amount", "amount"))
	}
	if k.From, err = dayOf(v["from"]); err != nil {
		r.wrong("from", "catalog.field.date")
	}
	if k.To, err = dayOf(v["to"]); err != nil {
		r.wrong("to", "catalog.field.date")
	} else if !k.To.IsZero() {
		k.To = k.To.AddDate(0, 0, 1).Add(-time.Millisecond)
	}
	if len(r.unread) == 0 {
		return k, nil
	}
	bad := fault.New(fault.Invalid, "order.coupon.form")
	for _, f := range r.unread {
		bad = bad.Field(f.Name, f.Code)
	}
	return k, bad
}

func (s *Site) endCoupon(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sellerCouponsPage(c, a)
	if err != nil {
		return err
	}
	if err := s.Orders.EndCoupon(c.UserContext(), a.Person.ID, page.Org.ID, values(c)["code"]); err != nil {
		return err
	}
	return s.see(c, "/console/shop/"+page.Org.ID+"/coupons", "done", "coupon_ended")
}

// balance is what the market owes a seller, and why.
func (s *Site) balance(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.TermsEdit)
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.BalancePage{Base: s.base(c), Org: o}
	page.Demo, page.Query = o.Demo, rawQuery(c)
	ctx := c.UserContext()
	if page.Sum, err = s.Orders.Balance(ctx, o.ID); err != nil {
		return err
	}
	if page.Entries, page.Next, err = s.Orders.Entries(ctx, o.ID, after); err != nil {
		return malformedQuery(err)
	}
	return s.own(c, page)
}

// balanceCSV is the ledger of a seller as a file, the latest first.
func (s *Site) balanceCSV(c *fiber.Ctx, a account.Actor) error {
	o, err := s.object(c, a, account.TermsEdit)
	if err != nil {
		return err
	}
	l := lang.From(c.UserContext())
	var b strings.Builder
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"at", "order", "kind", "words", "cause", "amount"})
	after, n := "", 0
	for {
		list, next, err := s.Orders.Entries(c.UserContext(), o.ID, after)
		if err != nil {
			return err
		}
		for _, e := range list {
			if n++; n > exportMost {
				return fault.New(fault.Invalid, "account.log.long")
			}
			_ = w.Write([]string{e.At.In(lang.Zone).Format(time.RFC3339), cell(e.Code), string(e.Kind), cell(views.EntryWords(l, e)), cell(e.Cause), strconv.FormatInt(int64(e.Amount), 10)})
		}
		if after = next; next == "" {
			break
		}
	}
	w.Flush()
	return sendCSV(c, "nguon-balance.csv", []byte(b.String()))
}
