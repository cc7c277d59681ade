package handlers

import (
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

// marketTerms shows what delivery costs and what commission is taken where a
// seller has no terms of its own.
func (s *Site) marketTerms(c *fiber.Ctx, a account.Actor) error {
	page, err := s.marketTermsPage(c, a)
	if err != nil {
		return err
	}
	page.Form.Values = ratesTyped(page.Terms.Rates)
	page.Form.Values["commission"] = percentTyped(page.Terms.Commission)
	return s.own(c, page)
}

func (s *Site) marketTermsPage(c *fiber.Ctx, a account.Actor) (page views.MarketTermsPage, err error) {
	page = views.MarketTermsPage{Base: s.base(c)}
	if page.Terms, err = s.Orders.MarketTerms(c.UserContext()); err != nil {
		return page, err
	}
	page.Zones = max(len(page.Terms.Rates.Zones)+1, 3)
	err = s.eachSeller(c, a, func(o account.Org) error {
		t, err := s.Orders.Terms(c.UserContext(), o.ID)
		page.Sellers = append(page.Sellers, views.SellerTerms{ID: o.ID, Name: o.Name, Commission: t.Commission, Special: t.Special})
		return err
	})
	return page, err
}

// ratesTyped is how rates stand in the form: for each zone its provinces, and a
// line for each weight.
func ratesTyped(r order.Rates) map[string]string {
	v := map[string]string{"freeFrom": r.FreeFrom.Digits(), "pickup": ticked(r.Pickup), "cash": ticked(r.Cash)}
	for i, z := range r.Zones {
		var names, lines []string
		for _, code := range z.Provinces {
			if p, ok := order.ProvinceByCode(code); ok {
				names = append(names, p.Name)
			}
		}
		for _, st := range z.Steps {
			lines = append(lines, strconv.FormatInt(st.UpTo, 10)+": "+st.Fee.Digits())
		}
		v["where."+strconv.Itoa(i)], v["steps."+strconv.Itoa(i)] = strings.Join(names, ", "), strings.Join(lines, "\n")
	}
	return v
}

func ticked(on bool) string {
	if on {
		return "on"
	}
	return ""
}

// zonesOfForm is how many zones a form has at most.
const zonesOfForm = 12

// typedRates reads the form of rates; zones that are left empty are none.
func typedRates(v map[string]string) (r order.Rates, err error) {
	f := fault.NewForm("order.rates")
	if t := strings.TrimSpace(v["freeFrom"]); t != "" {
		r.FreeFrom, err = money.Parse(t)
		f.Need(err == nil, "freeFrom", "order.field.money")
	}
	r.Pickup, r.Cash, r.Zones = v["pickup"] == "on", v["cash"] == "on", []order.Zone{}
	var at []int // the field of each zone
	for i := range zonesOfForm {
		where, steps := v["where."+strconv.Itoa(i)], v["steps."+strconv.Itoa(i)]
		if strings.TrimSpace(steps) == "" && strings.TrimSpace(where) == "" {
			continue
		}
		z := order.Zone{Provinces: []string{}, Steps: []order.RateStep{}}
		for name := range strings.SplitSeq(strings.ReplaceAll(where, "\n", ","), ",") {
			if name = plainLine(name); name == "" {
				continue
			}
			code, ok := provinceNamed(name)
			f.Need(ok, "where."+strconv.Itoa(i), "order.rates.province")
			z.Provinces = append(z.Provinces, code)
		}
		for line := range strings.SplitSeq(steps, "\n") {
			if line = plainLine(line); line == "" {
				continue
			}
			st, ok := typedStep(line)
			f.Need(ok, "steps."+strconv.Itoa(i), "moneydesk.rates.step")
			z.Steps = append(z.Steps, st)
		}
		r.Zones, at = append(r.Zones, z), append(at, i)
	}
	if err := f.Result(); err != nil {
		return r, err
	}
	if err := r.Validate(); err != nil {
		return r, ratesFields(err, at)
	}
	return r, nil
}

// ratesFields renames what is wrong with rates to the fields of the form.
func ratesFields(err error, at []int) error {
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out := &e
	for _, f := range fields {
		name := f.Name
		if parts := strings.Split(name, "."); parts[0] == "zones" && len(parts) > 1 {
			i, _ := strconv.Atoi(parts[1])
			if name = "steps." + strconv.Itoa(at[min(i, len(at)-1)]); len(parts) == 2 && f.Code != "order.rates.no_step" {
				name = "where." + strconv.Itoa(at[min(i, len(at)-1)])
			}
		}
		out = out.Field(name, f.Code)
	}
	return out
}

// typedStep reads a line such as "1000: 20.000".
func typedStep(line string) (st order.RateStep, ok bool) {
	weight, fee, ok := strings.Cut(line, ":")
	grams, err := money.Parse(strings.TrimSuffix(strings.TrimSpace(weight), "g"))
	if !ok || err != nil {
		return st, false
	}
	st.UpTo = int64(grams)
	st.Fee, err = money.Parse(fee)
	return st, err == nil
}

func provinceNamed(name string) (code string, ok bool) {
	for _, p := range order.Provinces {
		if lang.Fold(p.Name) == lang.Fold(name) || p.Code == name {
			return p.Code, true
		}
	}
	return "", false
}

// percentTyped writes hundredths of a percent as people type them: "5", "4,5".
func percentTyped(n int64) string {
	return strings.ReplaceAll(strconv.FormatFloat(float64(n)/100, 'f', -1, 64), ".", ",")
}

// typedPercent reads it, with a comma or a point and at most two decimals.
func typedPercent(s string) (int64, bool) {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	whole, part, _ := strings.Cut(strings.ReplaceAll(s, ",", "."), ".")
	if len(part) > 2 || whole == "" || len(whole) > 3 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, false
	}
	n, _ := strconv.ParseInt(whole+(part + "00")[:2], 10, 64)
	return n, true
}

func (s *Site) termsAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.marketTermsPage(c, a)
	if broken != nil {
		return broken
	}
	all := ratesTyped(page.Terms.Rates)
	all["commission"] = percentTyped(page.Terms.Commission)
	if _, rates := v["freeFrom"]; rates { // the other form of the page keeps what counts
		all = map[string]string{"commission": all["commission"]}
	}
	for name, value := range v {
		all[name] = value
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, all)
}

func (s *Site) setMarketRates(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	r, err := typedRates(v)
	if err == nil {
		err = s.Orders.SetRates(c.UserContext(), a.Person.ID, order.Market, seenAt(v["seen"]), r)
	}
	if err != nil {
		return s.termsAgain(c, a, err, v)
	}
	return s.see(c, "/console/market/terms", "done", "terms")
}

// setCommission sets the commission of the market or of one seller; an empty one
// lets the market's count for the seller again.
func (s *Site) setCommission(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	seller, rate, ok := v["seller"], int64(-1), true
	if seller == "" {
		seller = order.Market
	} else if o, err := s.Account.OrgByID(c.UserContext(), seller); err != nil || !o.Kind.Sells() {
		return fault.New(fault.NotFound, "http.not_found")
	}
	if seller == order.Market || plainLine(v["commission"]) != "" {
		rate, ok = typedPercent(v["commission"])
	}
	err := error(fault.New(fault.Invalid, "order.commission").Field("commission", "order.commission"))
	if ok {
		err = s.Orders.SetCommission(c.UserContext(), a.Person.ID, seller, rate)
	}
	if err != nil {
		if seller != order.Market {
			err = asCommissionOf(err, seller)
			v["commission."+seller] = v["commission"]
			delete(v, "commission")
		}
		return s.termsAgain(c, a, err, v)
	}
	return s.see(c, "/console/market/terms", "done", "terms")
}

// asCommissionOf ties what is wrong to the field of one seller.
func asCommissionOf(err error, seller string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	return fault.New(fault.Invalid, "order.commission").Field("commission."+seller, "order.commission")
}

func (s *Site) marketCoupons(c *fiber.Ctx, a account.Actor) error {
	page, err := s.couponsPage(c, a)
	if err != nil {
		return malformedQuery(err)
	}
	today := s.Now().In(lang.Zone)
	page.Form.Values = map[string]string{"kind": "percent", "bears": "market", "from": today.Format(time.DateOnly), "to": today.AddDate(0, 1, 0).Format(time.DateOnly)}
	return s.own(c, page)
}

func (s *Site) couponsPage(c *fiber.Ctx, a account.Actor) (page views.MarketCouponsPage, err error) {
	after, err := query(c, "after")
	if err != nil {
		return page, err
	}
	page = views.MarketCouponsPage{Base: s.base(c), Now: s.Now(), Names: map[string]string{}}
	page.Query = rawQuery(c)
	err = s.eachSeller(c, a, func(o account.Org) error {
		page.Sellers = append(page.Sellers, views.SellerTerms{ID: o.ID, Name: o.Name})
		page.Names[o.ID] = o.Name
		return nil
	})
	if err != nil {
		return page, err
	}
	if page.Seller, err = query(c, "seller"); err != nil {
		return page, err
	}
	page.Coupons, page.Next, err = s.Orders.Coupons(c.UserContext(), page.Seller, after)
	return page, err
}

// asMark renames the field of a coupon's code: what other forms call a code is a
// secret that no page shows again.
func asMark(err error) error {
	if !ours(err) {
		return err
	}
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out := &e
	for _, f := range fields {
		if f.Name == "code" {
			f.Name = "mark"
		}
		out = out.Field(f.Name, f.Code)
	}
	return out
}

// workCoupon makes a coupon, or takes one back.
func (s *Site) workCoupon(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	ctx, done := c.UserContext(), "coupon"
	k, err := typedCoupon(v)
	k.By = a.Person.ID
	if v["do"] == "end" {
		done, err = "coupon_ended", s.Orders.EndCoupon(ctx, a.Person.ID, "", v["mark"])
	} else if err == nil {
		err = s.Orders.SaveCoupon(ctx, k)
	}
	if err != nil {
		page, broken := s.couponsPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, asMark(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/market/terms/coupons", "done", done, "seller", v["seller"])
}

// typedCoupon reads the form of a coupon.
func typedCoupon(v map[string]string) (order.Coupon, error) {
	f := fault.NewForm("order.coupon.form")
	amount := func(name string) money.VND {
		if plainLine(v[name]) == "" {
			return 0
		}
		n, err := money.Parse(v[name])
		f.Need(err == nil && n >= 0, name, "order.field.money")
		return n
	}
	count := func(name, code string) int64 {
		if plainLine(v[name]) == "" {
			return 0
		}
		n, err := money.Parse(v[name])
		f.Need(err == nil && n >= 0, name, code)
		return int64(n)
	}
	k := order.Coupon{Code: v["mark"], Kind: order.CouponKind(v["kind"]), Percent: count("percent", "order.coupon.percent"), Amount: amount("amount"), Seller: v["seller"],
		Bears: order.Bearer(v["bears"]), Least: amount("least"), Uses: count("uses", "order.coupon.uses")}
	from, err := dayOf(v["from"])
	f.Need(err == nil && !from.IsZero(), "from", "order.coupon.span")
	to, err := dayOf(v["to"])
	f.Need(err == nil && !to.IsZero(), "to", "order.coupon.span")
	k.From, k.To = from, to.AddDate(0, 0, 1).Add(-time.Millisecond)
	return k, f.Result()
}
