package handlers

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog/order"
	"nguon/views"
)

// deskOrg is the organisation whose orders are asked for: that of the query,
// else the first own one that sells; zero where there is none. All are the own
// ones, for the menu.
func (s *Site) deskOrg(c *fiber.Ctx, a account.Actor) (org account.Org, all []account.Org, err error) {
	for _, o := range a.Orgs {
		if a.May(account.OrderRead, account.OfOrg(o)) == nil && o.Kind.Sells() {
			all = append(all, o)
		}
	}
	name, err := query(c, "org")
	switch {
	case err != nil:
		return org, all, err
	case name != "":
		org, err = s.Account.Org(c.UserContext(), a, account.OrderRead, name)
	case len(all) > 0:
		org = all[0]
	}
	return org, all, err
}

// orders are the parcels of one organisation, by what is to be done with them.
func (s *Site) orders(c *fiber.Ctx, a account.Actor) error {
	show, err := query(c, "show")
	if err != nil {
		return err
	}
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.OrderDeskPage{Base: s.base(c), Show: order.Desk(show), Counts: map[order.Desk]int64{}}
	page.Query = rawQuery(c)
	if page.Org, page.Orgs, err = s.deskOrg(c, a); err != nil {
		return err
	}
	if page.Org.ID == "" {
		return s.own(c, page)
	}
	if !slices.Contains(order.Desks[:], page.Show) {
		page.Show = order.DeskPack
	}
	page.Demo, page.Terms = page.Org.Demo, a.May(account.TermsEdit, account.OfOrg(page.Org)) == nil
	ctx := c.UserContext()
	for _, d := range order.Desks {
		if page.Counts[d], err = s.Orders.DeskCount(ctx, page.Org.ID, d); err != nil {
			return err
		}
	}
	list, next, err := s.Orders.DeskList(ctx, page.Org.ID, page.Show, after)
	if err != nil {
		return malformedQuery(err)
	}
	for _, o := range list {
		page.Orders = append(page.Orders, views.NewDeskOrder(o, page.Org))
	}
	page.Next = next
	return s.own(c, page)
}

// deskOrder reads the order that the path names and the organisations whose
// parcels somebody may do verb with. An order without any is answered as if it
// were not there.
func (s *Site) deskOrder(c *fiber.Ctx, a account.Actor, verb account.Verb) (o order.Order, orgs []account.Org, err error) {
	missing := fault.New(fault.NotFound, "http.not_found")
	name, err := id(c, "code")
	if err != nil {
		return o, nil, err
	}
	ctx := c.UserContext()
	if o, err = s.Orders.ByCode(ctx, name); fault.Is(err, fault.NotFound) {
		o, err = s.Orders.Order(ctx, name) // mails name it so
	}
	if fault.Is(err, fault.NotFound) {
		return o, nil, missing
	}
	if err != nil {
		return o, nil, err
	}
	for _, seller := range o.Sellers {
		org, err := s.Account.Org(ctx, a, verb, seller)
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
			continue
		}
		if err != nil {
			return o, nil, err
		}
		orgs = append(orgs, org)
	}
	if len(orgs) == 0 || !o.OnDesk() && a.May(account.MoneyHandle, account.Object{}) != nil {
		return o, nil, missing
	}
	return o, orgs, nil
}

func (s *Site) deskOrderPage(c *fiber.Ctx, a account.Actor) (page views.DeskOrderPage, o order.Order, err error) {
	o, orgs, err := s.deskOrder(c, a, account.OrderRead)
	if err != nil {
		return page, o, err
	}
	page = views.DeskOrderPage{Base: s.base(c), Order: views.NewDeskOrder(o, orgs...)}
	page.Demo = o.Demo
	var people []string
	for _, st := range page.Order.Steps {
		people = append(people, st.By)
	}
	page.Names, err = s.names(c, people...)
	return page, o, err
}

func (s *Site) order(c *fiber.Ctx, a account.Actor) error {
	page, _, err := s.deskOrderPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

// handled are the moves that sellers make here; what a courier hands over is
// noted where the money comes in.
var handled = map[order.Move]string{order.Pack: "order_packed", order.Send: "order_sent", order.Deliver: "order_delivered", order.Collect: "order_collected",
	order.Return: "order_returned", order.Drop: "order_dropped", order.Decline: "order_declined"}

// moveParcel makes a move with a parcel. The form says in which state it showed
// the parcel, so that one that comes late changes nothing.
func (s *Site) moveParcel(c *fiber.Ctx, a account.Actor) error {
	o, orgs, err := s.deskOrder(c, a, account.OrderHandle)
	if err != nil {
		return err
	}
	v := values(c)
	n := "." + v["n"]
	m := order.Moving{Move: order.Move(v["move"]), Seller: v["seller"], Seen: order.ParcelState(v["seen"]), Carrier: one(v["carrier"+n]), Tracking: one(v["tracking"+n]),
		Collector: order.Collector(v["collector"+n]), Restock: v["restock"+n] == "yes", Note: plainText(v["note"+n])}
	note := "note"
	if m.Move == order.Decline {
		note, m.Note = "declined", plainText(v["declined"+n])
	}
	done, ok := handled[m.Move]
	switch {
	case !slices.ContainsFunc(orgs, func(g account.Org) bool { return g.ID == m.Seller }):
		return fault.New(fault.NotFound, "http.not_found")
	case !ok:
		err = fault.New(fault.Conflict, "order.parcel.state")
	case (m.Move == order.Drop || m.Move == order.Decline) && m.Note == "":
		err = fault.New(fault.Invalid, "orderdesk.form").Field(note+n, "orderdesk.why.missing")
	case m.Move == order.Return && v["restock"+n] == "":
		err = fault.New(fault.Invalid, "orderdesk.form").Field("restock"+n, "order.field.choice")
	case m.Move == order.Send && m.Collector == "" && asksCollector(o, m.Seller):
		err = fault.New(fault.Invalid, "orderdesk.form").Field("collector"+n, "order.field.choice")
	default:
		err = s.Orders.Handle(c.UserContext(), a.Person.ID, o.ID, m)
	}
	if err != nil {
		page, _, broken := s.deskOrderPage(c, a)
		if broken != nil {
			return broken
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/orders/"+o.Code, "done", done)
}

// asksCollector reports whether somebody has to say who takes the cash: what is
// picked up is paid to the seller.
func asksCollector(o order.Order, seller string) bool {
	i := o.Parcel(seller)
	return i >= 0 && o.Method == order.Cash && o.Parcels[i].Way == order.Ship
}

// packing is the list of all parcels to pack, for printing.
func (s *Site) packing(c *fiber.Ctx, a account.Actor) error {
	org, _, err := s.deskOrg(c, a)
	if err != nil {
		return err
	}
	if org.ID == "" {
		return fault.New(fault.NotFound, "http.not_found")
	}
	l, now := lang.From(c.UserContext()), s.Now()
	var b bytes.Buffer
	list, err := newPackingList(&b, l, org.Name, now)
	if err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	err = s.Orders.DeskAll(c.UserContext(), org.ID, order.DeskPack, func(o order.Order) error {
		list.add(views.NewDeskOrder(o, org))
		return nil
	})
	if err != nil {
		return err
	}
	if err := list.end(); err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="dong-goi-`+now.In(lang.Zone).Format("2006-01-02")+`.pdf"`)
	c.Set(fiber.HeaderContentLength, strconv.Itoa(b.Len()))
	return c.Send(b.Bytes())
}
