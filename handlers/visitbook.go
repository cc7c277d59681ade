package handlers

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/seats"
	"nguon/catalog/order"
	"nguon/tours"
	"nguon/views"
)

// bookForm asks who comes on a departure; a booking that lies in the visitor's
// cart is filled in.
func (s *Site) bookForm(c *fiber.Ctx) error {
	if _, err := s.maybe(c); err != nil {
		return err
	}
	v := map[string]string{}
	for _, name := range [...]string{"departure", "booking", "offer"} {
		q, err := query(c, name)
		if err != nil {
			return err
		}
		v[name] = q
	}
	page, err := s.bookPage(c, v)
	if err != nil {
		return err
	}
	b, mine, err := s.inCart(c, v["booking"])
	if err != nil {
		return err
	}
	if mine && b.Tour == page.Tour.ID {
		fillBooking(v, b, page.Tour)
	} else {
		v["booking"] = order.NewID()
	}
	page.Form = typed(v, nil)
	return s.own(c, page)
}

// bookPage reads the tour of the path and the departure that was chosen.
func (s *Site) bookPage(c *fiber.Ctx, v map[string]string) (page views.BookPage, err error) {
	slug, err := slugOf(c)
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.BookPage{Base: s.base(c), Now: s.Now()}
	page.Query = rawQuery(c)
	if page.Tour, err = s.Tours.TourAt(ctx, slug); err != nil {
		return page, err
	}
	page.Demo = page.Tour.Demo
	if page.Departure, err = s.departureOf(ctx, page.Tour, v["departure"]); err != nil {
		return page, err
	}
	page.Offered = page.Departure.OfferStands(v["offer"], page.Now)
	return page, nil
}

// inCart finds a booking that lies in the visitor's cart and was not ordered.
func (s *Site) inCart(c *fiber.Ctx, id string) (b tours.Booking, mine bool, err error) {
	if !isCapability(id) {
		return b, false, nil
	}
	cart, err := s.Orders.Cart(c.UserContext(), s.cartOf(c))
	if err != nil {
		return b, false, err
	}
	for _, l := range cart.Lines {
		mine = mine || l.Kind == seats.Kind && l.Ref == id
	}
	if !mine {
		return b, false, nil
	}
	b, err = s.Tours.Booking(c.UserContext(), id)
	if fault.Is(err, fault.NotFound) {
		return b, false, nil
	}
	return b, b.State == tours.Draft, err
}

func fillBooking(v map[string]string, b tours.Booking, t tours.Tour) {
	for id, n := range b.Party.People {
		v["people."+id] = strconv.FormatInt(n, 10)
	}
	for id, n := range b.Party.AddOns {
		v["addons."+id] = strconv.FormatInt(n, 10)
	}
	for _, q := range t.Questions {
		for i, a := range b.Party.Answers[q.ID] {
			if q.Each {
				v["answer."+q.ID+"."+strconv.Itoa(i)] = a
			} else {
				v["answer."+q.ID] = a
			}
		}
	}
	for i, g := range b.Guests {
		v["guest."+strconv.Itoa(i)] = g.Name
	}
	v["offer"] = cmp.Or(v["offer"], b.Offer)
}

// book puts a party into the cart. What is asked of each person is asked once it
// is known how many come.
func (s *Site) book(c *fiber.Ctx) error {
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	v := values(c)
	page, err := s.bookPage(c, v)
	if err != nil {
		return err
	}
	_, mine, err := s.inCart(c, v["booking"])
	if err != nil {
		return err
	}
	if !isCapability(v["booking"]) {
		v["booking"] = order.NewID()
	}
	w, err := wanted(page.Tour, v, lang.From(c.UserContext()))
	people := w.Party.Total()
	asksMore := page.Tour.AsksEach() && v["asked"] != strconv.FormatInt(people, 10)
	if err == nil && (asksMore || v["do"] == "recount") && people > 0 {
		if _, priced := page.Tour.PriceOf(w.Party); priced == nil {
			page.People = people
			page.Form = typed(v, nil)
			return s.own(c, page)
		}
	}
	if err == nil {
		_, err = s.Tours.Book(c.UserContext(), w)
	}
	id := cmp.Or(s.cartOf(c), order.NewID())
	if err == nil {
		err = asTaken(s.Orders.Put(c.UserContext(), id, a.Person.ID, seats.Kind, w.ID, 1))
	}
	if err != nil {
		page.People = people
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	s.setCookie(c, cartCookie, id, cartKept)
	done := "cart_added"
	if mine {
		done = "cart_changed"
	}
	return s.see(c, "/cart", "done", done)
}

// asTaken words a booking that cannot be had any more.
func asTaken(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(fault.Conflict, "tours.closed", err)
	}
	return err
}

// wanted reads the form of a party.
func wanted(t tours.Tour, v map[string]string, l lang.Lang) (w tours.Wanted, err error) {
	bad := fault.NewForm("tours.party.form")
	number := func(field string) int64 {
		text := strings.TrimSpace(v[field])
		if text == "" {
			return 0
		}
		n, err := strconv.ParseInt(text, 10, 32)
		bad.Need(err == nil, field, "tours.party.people")
		return n
	}
	w = tours.Wanted{ID: v["booking"], Departure: v["departure"], Offer: v["offer"], Lang: l,
		Party: tours.Party{People: map[string]int64{}, AddOns: map[string]int64{}, Answers: map[string][]string{}}}
	for _, k := range t.Types {
		w.Party.People[k.ID] = number("people." + k.ID)
	}
	for _, a := range t.AddOns {
		w.Party.AddOns[a.ID] = number("addons." + a.ID)
	}
	people := int(min(max(w.Party.Total(), 0), 50))
	for _, q := range t.Questions {
		if !q.Each {
			w.Party.Answers[q.ID] = []string{v["answer."+q.ID]}
			continue
		}
		for i := range people {
			w.Party.Answers[q.ID] = append(w.Party.Answers[q.ID], v["answer."+q.ID+"."+strconv.Itoa(i)])
		}
	}
	for i := range people {
		w.Names = append(w.Names, v["guest."+strconv.Itoa(i)])
	}
	return w, bad.Result()
}

// waitForm is the waiting list of a departure.
func (s *Site) waitForm(c *fiber.Ctx) error {
	a, err := s.maybe(c)
	if err != nil {
		return err
	}
	id, err := query(c, "departure")
	if err != nil {
		return err
	}
	v := map[string]string{"departure": id, "name": a.Person.Name, "email": a.Person.Email, "id": order.NewID(), "seats": "1"}
	page, err := s.waitPage(c, v)
	if err != nil {
		return err
	}
	page.Form = typed(v, nil)
	return s.own(c, page)
}

func (s *Site) waitPage(c *fiber.Ctx, v map[string]string) (page views.WaitPage, err error) {
	slug, err := slugOf(c)
	if err != nil {
		return page, err
	}
	page = views.WaitPage{Base: s.base(c), Now: s.Now()}
	page.Query = rawQuery(c)
	if page.Tour, err = s.Tours.TourAt(c.UserContext(), slug); err != nil {
		return page, err
	}
	page.Demo = page.Tour.Demo
	page.Departure, err = s.departureOf(c.UserContext(), page.Tour, v["departure"])
	return page, err
}

// wait puts a party on the waiting list, or takes it off.
func (s *Site) wait(c *fiber.Ctx) error {
	if _, err := s.maybe(c); err != nil {
		return err
	}
	v := values(c)
	page, err := s.waitPage(c, v)
	if err != nil {
		return err
	}
	if v["do"] == "leave" {
		if err := s.Tours.LeaveList(c.UserContext(), page.Departure.ID, v["id"]); err != nil {
			return err
		}
		return s.see(c, "/tours/"+page.Tour.Slug, "done", "waiting_left")
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v["seats"]), 10, 32)
	if err != nil {
		n = 0
	}
	w := tours.Waiter{ID: v["id"], Name: oneLine(v["name"]), Email: strings.TrimSpace(v["email"]), Seats: n, Lang: lang.From(c.UserContext())}
	if !isCapability(w.ID) {
		w.ID = order.NewID()
	}
	if err := s.Tours.Wait(c.UserContext(), page.Departure.ID, w); err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	page.Done, page.Waits = "done.waiting", true
	page.Form = typed(v, nil)
	return s.own(c, page)
}
