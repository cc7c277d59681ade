package handlers

import (
	"context"
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

// checkout shows the form, filled in with what is known of who signed in. What
// must be put right first is put right in the cart.
func (s *Site) checkout(c *fiber.Ctx) error {
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	to, err := destination(c)
	if err != nil {
		return err
	}
	v := map[string]string{"province": to, "name": a.Person.Name, "email": a.Person.Email}
	page, err := s.checkoutPage(c, v)
	if err != nil {
		return err
	}
	if len(page.Basket.Items) == 0 || page.Blocked() {
		return s.see(c, "/cart", "to", to)
	}
	page.ID = order.NewID()
	page.Form = typed(v, nil)
	return s.own(c, page)
}

// checkoutPage prices the cart for what was chosen so far.
func (s *Site) checkoutPage(c *fiber.Ctx, v map[string]string) (page views.CheckoutPage, err error) {
	page = views.CheckoutPage{Base: s.base(c)}
	ctx := c.UserContext()
	cart, err := s.Orders.Cart(ctx, s.cartOf(c))
	if err != nil {
		return page, err
	}
	if page.Basket, err = s.Orders.Basket(ctx, cart, wish(v)); err != nil {
		return page, err
	}
	page.Demo = page.Basket.Demo
	if page.Things, err = s.thingsIn(ctx, page.Basket); err != nil {
		return page, err
	}
	page.Methods = s.methods(page.Basket)
	if len(page.Methods) == 1 {
		v["method"] = string(page.Methods[0])
	}
	for _, p := range page.Basket.Parcels {
		v["way."+p.ID()] = string(p.Way)
	}
	return page, nil
}

// methods are the ways of payment that a basket can be offered.
func (s *Site) methods(b order.Basket) (list []order.Method) {
	if s.Payee.Number != "" {
		list = append(list, order.Transfer)
	}
	if !slices.ContainsFunc(b.Parcels, func(p order.Offer) bool { return !p.Cash }) {
		list = append(list, order.Cash)
	}
	if s.Card != nil {
		list = append(list, order.Card)
	}
	return list
}

// wish is what a form has chosen so far.
func wish(v map[string]string) order.Wish {
	w := order.Wish{Ways: map[string]order.Way{}, Phone: order.PhoneKey(v["phone"])}
	if _, known := order.ProvinceByCode(v["province"]); known {
		w.Province = v["province"]
	}
	for name, value := range v {
		if seller, ok := strings.CutPrefix(name, "way."); ok {
			w.Ways[seller] = order.Way(value)
		}
	}
	return w
}

// placeOrder makes the order, or does what another button of the form asks for
// and shows it again with all that was typed.
func (s *Site) placeOrder(c *fiber.Ctx) error {
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	v := values(c)
	if !isCapability(v["id"]) {
		v["id"] = order.NewID()
	}
	if v["do"] == "place" {
		return s.placeOr(c, a, v)
	}
	err = s.mend(c.UserContext(), s.cartOf(c), a.Person.ID, v["do"])
	if err != nil && !ours(err) {
		return err
	}
	return s.checkoutAgain(c, err, v)
}

// mend changes the cart from within the checkout: "put:kind:ref:quantity" or
// "drop:coupon". Anything else only counts anew.
func (s *Site) mend(ctx context.Context, cart, person, do string) error {
	verb, rest, _ := strings.Cut(do, ":")
	switch verb {
	case "drop":
		return s.Orders.DropCode(ctx, cart, rest)
	case "put":
		kind, rest, _ := strings.Cut(rest, ":")
		ref, quantity, _ := strings.Cut(rest, ":")
		n, err := strconv.ParseInt(quantity, 10, 64)
		if err != nil {
			return nil
		}
		return asQuantity(s.Orders.Put(ctx, cart, person, order.Kind(kind), ref, n), ref)
	}
	return nil
}

func (s *Site) placeOr(c *fiber.Ctx, a account.Actor, v map[string]string) error {
	ctx := c.UserContext()
	f := s.checkoutOf(c, a, v)
	if prices := shownPrices(v); len(prices) > 0 { // this page has told them
		if err := s.Orders.Accept(ctx, f.Cart, prices); err != nil && !ours(err) {
			return err
		}
	}
	o, err := s.place(ctx, f)
	switch fault.CodeOf(err) {
	case "":
		return s.see(c, "/orders/"+o.ID)
	case "order.empty":
		return s.see(c, "/cart")
	case "order.sold_out":
		v["id"] = order.NewID() // the order of the old one has failed
	case "store.busy":
		err = fault.Wrap(fault.Conflict, "checkoutpage.busy", err)
	}
	if !ours(err) {
		return err
	}
	return s.checkoutAgain(c, unchosen(err, v), v)
}

// unchosen words a way of payment that nobody chose as such: the service only
// knows that it is none that can be used.
func unchosen(err error, v map[string]string) error {
	if v["method"] != "" || !fault.Is(err, fault.Invalid) {
		return err
	}
	e := *fault.As(err)
	e.Fields = slices.Clone(e.Fields)
	for i := range e.Fields {
		if e.Fields[i].Name == "method" {
			e.Fields[i].Code = "order.field.choice"
		}
	}
	return &e
}

// How often and how long a form that is being placed already is waited for: who
// clicks twice sees the order all the same.
const (
	placeTries = 8
	placeWait  = 150 * time.Millisecond
)

func (s *Site) place(ctx context.Context, f order.Checkout) (o order.Order, err error) {
	for range placeTries {
		o, err = s.Orders.Place(ctx, f)
		if fault.CodeOf(err) != "store.busy" {
			break
		}
		select {
		case <-ctx.Done():
			return o, err
		case <-time.After(placeWait):
		}
	}
	return o, err
}

// checkoutOf reads the form.
func (s *Site) checkoutOf(c *fiber.Ctx, a account.Actor, v map[string]string) order.Checkout {
	f := order.Checkout{ID: v["id"], Cart: s.cartOf(c), Person: a.Person.ID, Lang: lang.From(c.UserContext()), Method: order.Method(v["method"]), Network: s.network(c),
		Ways:     wish(v).Ways,
		Customer: order.Customer{Name: v["name"], Phone: v["phone"], Email: v["email"], Street: v["street"], Commune: v["commune"], Province: v["province"], Note: oneLine(v["note"])}}
	if v["invoiceName"]+v["invoiceTax"]+v["invoiceAddress"] != "" {
		f.Invoice = &order.Invoice{Name: v["invoiceName"], TaxCode: v["invoiceTax"], Address: v["invoiceAddress"]}
	}
	if n, err := strconv.ParseInt(v["seen"], 10, 64); err == nil {
		f.Seen = money.VND(n)
	}
	if f.Method == order.Transfer && s.Payee.Number == "" && f.Seen > 0 {
		f.Method = "" // there is no account to transfer to
	}
	return f
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// checkoutAgain shows the form once more, priced for what stands in it now; err
// is nil where nothing is wrong.
func (s *Site) checkoutAgain(c *fiber.Ctx, err error, v map[string]string) error {
	page, broken := s.checkoutPage(c, v)
	if broken != nil {
		return broken
	}
	if len(page.Basket.Items) == 0 {
		return s.see(c, "/cart")
	}
	page.ID = v["id"]
	if err == nil {
		page.Form = typed(v, nil)
		page.Recounted = true
		return s.own(c, page)
	}
	if seen, e := strconv.ParseInt(v["seen"], 10, 64); e == nil && money.VND(seen) != page.Basket.Total {
		page.Was = money.VND(seen)
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}
