package handlers

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
	"nguon/views"
)

// mostInvoices are the orders that a page or a file of one month holds.
const mostInvoices = 5000

// invoicesPage lists the company invoices that buyers of one month asked for: of
// the seller whose desk it is, or of all.
func (s *Site) invoicesPage(c *fiber.Ctx, path string, org account.Org) (page views.InvoicesPage, err error) {
	month, err := query(c, "month")
	if err != nil {
		return page, err
	}
	page = views.InvoicesPage{Base: s.base(c), Desk: path, Org: org, Month: lang.Month(s.Now())}
	page.Query, page.Form.Values = rawQuery(c), map[string]string{"month": page.Month.Format("2006-01")}
	if month != "" {
		page.Form.Values["month"] = month
		at, err := time.ParseInLocation("2006-01", month, lang.Zone)
		if err != nil || at.Year() < 2020 || at.After(s.Now()) {
			page.Form.Err = fault.New(fault.Invalid, "orderdesk.invoices.form").Field("month", "orderdesk.invoices.month.wrong")
			return page, nil
		}
		page.Month = at
	}
	err = s.Orders.Invoices(c.UserContext(), org.ID, page.Month, page.Month.AddDate(0, 1, 0), func(o order.Order) error {
		if len(page.Orders) >= mostInvoices {
			return fault.New(fault.Invalid, "account.log.long")
		}
		page.Orders = append(page.Orders, views.NewInvoiceOrder(o, org.ID))
		return nil
	})
	return page, err
}

// sellerInvoicesPage is that of one seller.
func (s *Site) sellerInvoicesPage(c *fiber.Ctx, a account.Actor) (page views.InvoicesPage, err error) {
	org, _, err := s.deskOrg(c, a)
	if err == nil && org.ID == "" {
		err = fault.New(fault.NotFound, "http.not_found")
	}
	if err != nil {
		return page, err
	}
	page, err = s.invoicesPage(c, "/console/orders/invoices", org)
	page.Demo = org.Demo
	return page, err
}

func (s *Site) sellerInvoices(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sellerInvoicesPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) sellerInvoicesCSV(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sellerInvoicesPage(c, a)
	if err != nil {
		return err
	}
	return s.invoicesCSV(c, page)
}

// moneyInvoicesPage is that of all sellers, for the market.
func (s *Site) moneyInvoicesPage(c *fiber.Ctx) (views.InvoicesPage, error) {
	return s.invoicesPage(c, "/console/money/invoices", account.Org{})
}

func (s *Site) moneyInvoices(c *fiber.Ctx, _ account.Actor) error {
	page, err := s.moneyInvoicesPage(c)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) moneyInvoicesCSV(c *fiber.Ctx, _ account.Actor) error {
	page, err := s.moneyInvoicesPage(c)
	if err != nil {
		return err
	}
	return s.invoicesCSV(c, page)
}

// invoicesCSV has one row for each thing that was bought, for each delivery and
// for each discount: the rows of an order and seller add up to what was paid.
func (s *Site) invoicesCSV(c *fiber.Ctx, page views.InvoicesPage) error {
	if page.Form.Err != nil {
		return page.Form.Err
	}
	var b bytes.Buffer
	b.WriteString("\ufeff")
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"date", "order", "company", "tax_code", "address", "email", "phone", "seller", "state", "item", "quantity", "unit_price", "amount"})
	l := lang.From(c.UserContext())
	for _, o := range page.Orders {
		for _, p := range o.Parcels {
			row := func(item string, quantity int64, price, amount money.VND) {
				_ = w.Write([]string{o.Placed.In(lang.Zone).Format(time.DateOnly), o.Code, cell(o.Invoice.Name), cell(o.Invoice.TaxCode), cell(o.Invoice.Address), cell(o.Email), cell(o.Phone),
					cell(p.Name(l)), string(p.State), cell(item), strconv.FormatInt(quantity, 10), strconv.FormatInt(int64(price), 10), strconv.FormatInt(int64(amount), 10)})
			}
			for _, x := range p.Lines {
				row(x.Words(l), x.Quantity, x.Price, x.Sum())
			}
			if p.Fee != 0 {
				row(l.T("orderdesk.money.fee"), 1, p.Fee, p.Fee)
			}
			if off := p.OffSeller + p.OffMarket - p.OffCredit; off != 0 { // a credit pays, it makes nothing cheaper
				row(l.T("cartpage.off"), 1, -off, -off)
			}
		}
	}
	w.Flush()
	return sendCSV(c, "nguon-invoices-"+page.Month.Format("2006-01")+".csv", b.Bytes())
}
