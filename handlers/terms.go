package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog/order"
	"nguon/views"
)

// The form of delivery. Zone i has fields z{i}.p{code} for its provinces and
// z{i}.to.{n} and z{i}.fee.{n} for its steps; "r" in place of z{i} stands for
// everywhere else, which comes last and names no province.

const (
	mostZones = 40 // and steps of one
	rest      = "r"
)

func (s *Site) termsPage(c *fiber.Ctx, a account.Actor) (page views.TermsPage, err error) {
	o, err := s.object(c, a, account.TermsEdit)
	if err != nil {
		return page, err
	}
	page = views.TermsPage{Base: s.base(c), Org: o, Owner: a.May(account.OrgEdit, account.OfOrg(o)) == nil}
	page.Demo = o.Demo
	if page.Terms, err = s.Orders.Terms(c.UserContext(), o.ID); err != nil {
		return page, err
	}
	m, err := s.Orders.Sellers.Seller(c.UserContext(), o.ID)
	if fault.Is(err, fault.NotFound) {
		return page, nil
	}
	page.Stand = m.Stand
	return page, err
}

func (s *Site) terms(c *fiber.Ctx, a account.Actor) error {
	page, err := s.termsPage(c, a)
	if err != nil {
		return err
	}
	own, err := query(c, "own")
	if err != nil {
		return err
	}
	page.Query = rawQuery(c)
	if page.Open = page.Terms.Own || own != ""; page.Open {
		page.Form.Values = ratesValues(page.Terms.Rates)
	}
	return s.own(c, page)
}

// setRates saves the rates of a seller, or shows the form again with another
// row.
func (s *Site) setRates(c *fiber.Ctx, a account.Actor) error {
	page, err := s.termsPage(c, a)
	if err != nil {
		return err
	}
	page.Open = true
	v := values(c)
	if row, more := strings.CutPrefix(v["do"], "more."); more {
		addRow(v, row)
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	rates, names, err := readRates(v)
	if err == nil {
		err = names.rename(s.Orders.SetRates(c.UserContext(), a.Person.ID, page.Org.ID, seenAt(v["seen"]), rates))
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, termsPath(page.Org, ""), "done", "terms")
}

func termsPath(o account.Org, below string) string { return "/console/shop/" + o.ID + "/terms" + below }

func (s *Site) dropRates(c *fiber.Ctx, a account.Actor) error {
	page, err := s.termsPage(c, a)
	if err != nil {
		return err
	}
	if err := s.Orders.DropRates(c.UserContext(), a.Person.ID, page.Org.ID); err != nil {
		return err
	}
	return s.see(c, termsPath(page.Org, ""), "done", "terms_market")
}

// setAccount says where a seller is paid: only its owners do.
func (s *Site) setAccount(c *fiber.Ctx, a account.Actor) error {
	page, err := s.termsPage(c, a)
	if err != nil {
		return err
	}
	if err := a.May(account.OrgEdit, account.OfOrg(page.Org)); err != nil {
		return err
	}
	v := values(c)
	err = s.Orders.SetAccount(c.UserContext(), a.Person.ID, page.Org.ID, order.Account{BIN: v["bin"], Number: v["number"], Name: v["holder"]})
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, termsPath(page.Org, ""), "done", "terms_account")
}

// addRow lets the form have one zone more, or a zone one step more.
func addRow(v map[string]string, row string) {
	count := "zones"
	if row != "zone" {
		count = row + ".steps"
	}
	v[count] = strconv.Itoa(min(rowsOf(v, count)+1, mostZones))
}

// rowsOf is how many rows of a kind a form has.
func rowsOf(v map[string]string, count string) int {
	n, _ := strconv.Atoi(v[count])
	return min(max(n, 0), mostZones)
}

// ratesNames say which fields of the form the rates came from.
type ratesNames struct {
	zones []string   // "z0"
	steps [][]string // of each zone: rows
}

// readRates reads the form. What is no number, or stands where it cannot, is
// fault.Invalid with the names of the form.
func readRates(v map[string]string) (order.Rates, ratesNames, error) {
	r := &reader{v: v}
	rates := order.Rates{FreeFrom: money.VND(r.whole("freeFrom", "freeFrom")), Zones: []order.Zone{}, Pickup: v["pickup"] == "on", Cash: v["cash"] == "on"}
	var names ratesNames
	taken := map[string]bool{}
	for i := range rowsOf(v, "zones") {
		zone := "z" + strconv.Itoa(i)
		z, rows := r.zone(zone)
		for _, p := range order.Provinces {
			if v[zone+".p"+p.Code] != "on" {
				continue
			}
			if taken[p.Code] {
				r.wrong(zone, "terms.zone.twice")
			}
			taken[p.Code] = true
			z.Provinces = append(z.Provinces, p.Code)
		}
		switch {
		case len(z.Provinces) == 0 && len(z.Steps) == 0:
			continue
		case len(z.Provinces) == 0:
			r.wrong(zone, "terms.zone.provinces")
		}
		rates.Zones, names.zones, names.steps = append(rates.Zones, z), append(names.zones, zone), append(names.steps, rows)
	}
	if z, rows := r.zone(rest); len(z.Steps) > 0 {
		rates.Zones, names.zones, names.steps = append(rates.Zones, z), append(names.zones, rest), append(names.steps, rows)
	}
	if len(r.unread) == 0 {
		return rates, names, nil
	}
	bad := fault.New(fault.Invalid, "order.rates")
	for _, f := range r.unread {
		bad = bad.Field(f.Name, f.Code)
	}
	return rates, names, bad
}

// zone reads the steps of a zone; empty rows are none.
func (r *reader) zone(name string) (z order.Zone, rows []string) {
	z = order.Zone{Provinces: []string{}, Steps: []order.RateStep{}}
	for i := range rowsOf(r.v, name+".steps") {
		n := strconv.Itoa(i)
		to, fee := name+".to."+n, name+".fee."+n
		if one(r.v[to]) == "" && one(r.v[fee]) == "" {
			continue
		}
		if one(r.v[fee]) == "" { // 0 is written, not left out
			r.wrong(fee, "order.field.missing")
		}
		z.Steps = append(z.Steps, order.RateStep{UpTo: r.whole(to, to), Fee: money.VND(r.whole(fee, fee))})
		rows = append(rows, n)
	}
	return z, rows
}

// rename gives the fields of an error the names of the form.
func (n ratesNames) rename(err error) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out := &e
	for _, f := range fields {
		out = out.Field(n.of(f.Name), f.Code)
	}
	return out
}

func (n ratesNames) of(name string) string {
	parts := strings.Split(name, ".")
	if parts[0] != "zones" || len(parts) < 2 {
		return name
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil || i >= len(n.zones) {
		return name
	}
	if len(parts) < 5 {
		return n.zones[i]
	}
	field := map[string]string{"upTo": "to", "fee": "fee"}[parts[4]]
	if j, err := strconv.Atoi(parts[3]); err == nil && j < len(n.steps[i]) {
		return n.zones[i] + "." + field + "." + n.steps[i][j]
	}
	return n.zones[i]
}

// ratesValues fills the form. There is always room for one step more.
func ratesValues(r order.Rates) map[string]string {
	v := map[string]string{}
	tick := func(name string, on bool) {
		if on {
			v[name] = "on"
		}
	}
	tick("pickup", r.Pickup)
	tick("cash", r.Cash)
	if r.FreeFrom > 0 {
		v["freeFrom"] = r.FreeFrom.Digits()
	}
	zones := 0
	v[rest+".steps"] = "1"
	for _, z := range r.Zones {
		name := rest
		if len(z.Provinces) > 0 {
			name = "z" + strconv.Itoa(zones)
			zones++
		}
		for _, p := range z.Provinces {
			v[name+".p"+p] = "on"
		}
		for j, st := range z.Steps {
			n := strconv.Itoa(j)
			v[name+".to."+n], v[name+".fee."+n] = money.VND(st.UpTo).Digits(), st.Fee.Digits()
		}
		v[name+".steps"] = strconv.Itoa(max(len(z.Steps), 1))
	}
	v["zones"] = strconv.Itoa(zones)
	return v
}
