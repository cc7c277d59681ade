package handlers

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/views"
)

// stock shows what stands on the shelf of a product and why it changed.
func (s *Site) stock(c *fiber.Ctx, a account.Actor) error {
	page, err := s.stockPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) stockPage(c *fiber.Ctx, a account.Actor) (page views.StockPage, err error) {
	p, o, err := s.ownProduct(c, a, account.ProductRead)
	if err != nil {
		return page, err
	}
	page = views.StockPage{Base: s.base(c), Org: o, Product: p, Mine: a.May(account.ProductEdit, account.OfOrg(o)) == nil, Now: s.Now(), Once: order.NewID()}
	page.Demo = p.Demo
	if page.Stocks, err = s.Catalog.Held(c.UserContext(), p); err != nil {
		return page, err
	}
	people := []string{}
	for _, st := range page.Stocks {
		for _, m := range st.Moves {
			if m.By != "" {
				people = append(people, m.By)
			}
		}
	}
	page.Names, err = s.names(c, people...)
	return page, err
}

// changeStock notes packets that were received, damaged or counted. Once names
// the form, so that sent twice it is one change.
func (s *Site) changeStock(c *fiber.Ctx, a account.Actor) error {
	p, _, err := s.ownProduct(c, a, account.ProductEdit)
	if err != nil {
		return err
	}
	v := values(c)
	gtin, reason := v["gtin"], catalog.Reason(v["reason"])
	f := fault.NewForm("shopdesk.stock.form")
	f.Need(slices.Contains(p.Numbers, gtin), "gtin", "order.field.choice")
	f.Need(reason == catalog.Received || reason == catalog.Damaged || reason == catalog.Counted, "reason", "order.field.choice")
	n, broken := money.Parse(v["quantity"])
	f.Need(strings.TrimSpace(v["quantity"]) != "" && broken == nil && n >= 0, "quantity", "catalog.stock.number")
	if err = f.Result(); err == nil {
		if reason == catalog.Counted {
			err = s.Catalog.Count(c.UserContext(), a.Person.ID, gtin, int64(n))
		} else {
			err = s.Catalog.Adjust(c.UserContext(), a.Person.ID, gtin, reason, int64(n), v["once"])
		}
		if fault.Is(err, fault.Invalid) && len(fault.As(err).Fields) == 0 {
			err = asField(err, "quantity")
		}
	}
	if err != nil {
		page, broken := s.stockPage(c, a)
		if broken != nil {
			return broken
		}
		if v["once"] != "" {
			page.Once = v["once"]
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/shop/"+p.ID+"/stock", "done", "stock")
}
