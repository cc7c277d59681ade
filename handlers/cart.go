package handlers

import (
	"cmp"
	"context"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/views"
)

// cartCookie holds the id of a cart. Only a form sets it, so that public pages
// stay without cookies.
const (
	cartCookie = "cart"
	cartKept   = 60 * 24 * time.Hour
)

// isCapability reports whether s has the form of an unguessable id of a cart or
// an order.
func isCapability(s string) bool {
	return len(s) == 32 && strings.Trim(s, "0123456789abcdef") == ""
}

// cartOf is the id of the visitor's cart, "" for none.
func (s *Site) cartOf(c *fiber.Ctx) string {
	if id := s.cookie(c, cartCookie); isCapability(id) {
		return id
	}
	return ""
}

func (s *Site) cart(c *fiber.Ctx) error {
	if _, err := s.maybe(c); err != nil {
		return err
	}
	page, err := s.cartPage(c)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) cartPage(c *fiber.Ctx) (page views.CartPage, err error) {
	page = views.CartPage{Base: s.base(c)}
	page.Done, page.Query = doneKey(c), rawQuery(c)
	if page.Dest, err = destination(c); err != nil {
		return page, err
	}
	ctx := c.UserContext()
	cart, err := s.Orders.Cart(ctx, s.cartOf(c))
	if err != nil {
		return page, err
	}
	if page.Basket, err = s.Orders.Basket(ctx, cart, order.Wish{Province: page.Dest}); err != nil {
		return page, err
	}
	page.Demo = page.Basket.Demo
	page.Things, err = s.thingsIn(ctx, page.Basket)
	return page, err
}

// destination is the province of the query, "" for none.
func destination(c *fiber.Ctx) (string, error) {
	to, err := query(c, "to")
	if _, known := order.ProvinceByCode(to); err == nil && to != "" && !known {
		err = malformed(fault.New(fault.Invalid, "http.bad_filter"))
	}
	return to, err
}

// thingsIn are the products that a basket's lines name, for their pictures and
// for the names of those that are not sold any more.
func (s *Site) thingsIn(ctx context.Context, b order.Basket) (map[string]catalog.Product, error) {
	m := map[string]catalog.Product{}
	for _, it := range b.Items {
		if it.Kind != order.Goods {
			continue
		}
		p, _, err := s.Catalog.ByGTIN(ctx, it.Ref)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		m[it.Ref] = p
	}
	return m, nil
}

// changeCart is every form about a cart; "do" says what it does.
func (s *Site) changeCart(c *fiber.Ctx) error {
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	to, err := destination(c)
	if err != nil {
		return err
	}
	v := values(c)
	id := cmp.Or(s.cartOf(c), order.NewID())
	done, err := s.alter(c.UserContext(), id, a.Person.ID, v)
	if err != nil {
		page, broken := s.cartPage(c)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	s.setCookie(c, cartCookie, id, cartKept)
	return s.see(c, "/cart", "to", to, "done", done)
}

// alter does what a form of the cart asks for and names the message about it.
func (s *Site) alter(ctx context.Context, id, person string, v map[string]string) (done string, err error) {
	kind, ref := order.Kind(cmp.Or(v["kind"], string(order.Goods))), v["ref"]
	switch v["do"] {
	case "remove":
		return "cart_removed", s.Orders.Put(ctx, id, person, kind, ref, 0)
	case "coupon":
		return "cart_coupon", asCoupon(s.Orders.AddCode(ctx, id, person, v["coupon"]))
	case "uncoupon":
		return "cart_uncoupon", s.Orders.DropCode(ctx, id, v["coupon"])
	case "accept":
		return "cart_accepted", s.Orders.Accept(ctx, id, shownPrices(v))
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v["quantity"]), 10, 64)
	if err != nil {
		n = -1 // which the service refuses with its own words
	}
	if v["do"] == "set" {
		return "cart_changed", asQuantity(s.Orders.Put(ctx, id, person, kind, ref, n), ref)
	}
	if n < 1 {
		n = -1
	}
	return "cart_added", asQuantity(s.Orders.Add(ctx, id, person, kind, ref, n), ref)
}

// asQuantity words what is wrong with a line for the page of the cart: one that
// is not sold is no missing page.
func asQuantity(err error, ref string) error {
	switch {
	case fault.Is(err, fault.NotFound):
		return fault.Wrap(fault.Conflict, "order.kind", err)
	case fault.CodeOf(err) == "order.cart.quantity":
		return fault.As(err).Field("n-"+ref, "order.cart.quantity")
	}
	return err
}

// asCoupon ties an error about a code to the field it was typed into.
func asCoupon(err error) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	e := *fault.As(err)
	e.Fields = []fault.Field{{Name: "coupon", Code: e.Code}}
	return &e
}

// shownPrices are the prices that a page showed, as its form carries them.
func shownPrices(v map[string]string) map[string]money.VND {
	m := map[string]money.VND{}
	for name, value := range v {
		if line, ok := strings.CutPrefix(name, "price."); ok {
			if n, err := strconv.ParseInt(value, 10, 64); err == nil {
				m[line] = money.VND(n)
			}
		}
	}
	return m
}

// bringCart lets the cart of a browser go on with who has just signed in there,
// together with what the person left elsewhere. That it failed keeps nobody out.
func (s *Site) bringCart(c *fiber.Ctx, session string) {
	ctx, mine := c.UserContext(), s.cartOf(c)
	id := mine
	a, err := s.Account.Actor(ctx, session)
	if err == nil {
		id, err = s.Orders.Join(ctx, mine, a.Person.ID)
	}
	if err != nil {
		s.Log.LogAttrs(ctx, slog.LevelWarn, "a cart was not joined", slog.String("request", requestID(c)), slog.String("error", err.Error()))
		return
	}
	if id != "" && id != mine {
		s.setCookie(c, cartCookie, id, cartKept)
	}
}
