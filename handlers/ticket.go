package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/seats"
	"nguon/catalog/order"
	"nguon/tours"
	"nguon/views"
)

// ticket is a booking for who has its link.
func (s *Site) ticket(c *fiber.Ctx) error {
	page, err := s.ticketPage(c)
	if err != nil {
		return err
	}
	return s.private(c, page)
}

// private is a page that its address alone opens: nobody keeps it, and no search
// engine finds it.
func (s *Site) private(c *fiber.Ctx, page views.Page) error {
	c.Set("X-Robots-Tag", "noindex")
	return s.own(c, page)
}

func (s *Site) ticketPage(c *fiber.Ctx) (page views.TicketPage, err error) {
	name, err := segment(c, "ticket")
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.TicketPage{Base: s.base(c), Now: s.Now()}
	if page.Booking, page.Tour, page.Departure, err = s.Tours.Whole(ctx, name); err != nil {
		return page, err
	}
	page.Done, page.Query = doneKey(c), rawQuery(c)
	if page.Host, err = s.hostOf(ctx, page.Tour.Org); err != nil {
		return page, err
	}
	b := page.Booking
	if b.State == tours.Booked && page.Departure.State != tours.CalledOff {
		if page.Symbol, err = s.Tours.Ticket(b, 0); err != nil {
			return page, err
		}
		for i := range b.Guests {
			one, err := s.Tours.Ticket(b, i+1)
			if err != nil {
				return page, err
			}
			page.Each = append(page.Each, one)
		}
	}
	if page.Paid, err = s.paidFor(ctx, b); err != nil {
		return page, err
	}
	if b.Movable(page.Tour.Policy, page.Now) {
		if page.Others, err = s.otherDays(ctx, b); err != nil {
			return page, err
		}
	}
	r, said, err := s.Tours.ReviewOf(ctx, b)
	if said {
		page.Review = &r
	}
	page.Demo = page.Tour.Demo
	return page, err
}

// paidFor is what was paid for a visit so far.
func (s *Site) paidFor(ctx context.Context, b tours.Booking) (money.VND, error) {
	if b.Order == "" || b.State == tours.Draft {
		return 0, nil
	}
	o, err := s.Orders.Order(ctx, b.Order)
	if err != nil {
		return 0, err
	}
	if i := o.Parcel(order.ParcelOf(seats.Kind, b.ID)); i >= 0 {
		p := o.Parcels[i]
		return p.Total() - p.Rest + p.OffCredit, nil
	}
	return 0, nil
}

// otherDays are the departures to which a booking fits.
func (s *Site) otherDays(ctx context.Context, b tours.Booking) ([]tours.Departure, error) {
	now := s.Now()
	list, err := s.Tours.Departures(ctx, b.Tour, now, now.Add(2*ahead))
	list = slices.DeleteFunc(list, func(d tours.Departure) bool {
		return d.ID == b.Departure || d.Bookable(now) != nil || d.Left(now) < b.Seats
	})
	return list[:min(len(list), 60)], err
}

// change does something with a ticket and shows it again.
func (s *Site) changeTicket(c *fiber.Ctx, done string, do func(ctx context.Context, page views.TicketPage, v map[string]string) error) error {
	v := values(c)
	page, err := s.ticketPage(c)
	if err != nil {
		return err
	}
	if err := do(c.UserContext(), page, v); err != nil {
		c.Set("X-Robots-Tag", "noindex")
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/tickets/"+page.Booking.ID, "done", done)
}

func (s *Site) cancelTicket(c *fiber.Ctx) error {
	return s.changeTicket(c, "ticket_cancelled", func(ctx context.Context, p views.TicketPage, v map[string]string) error {
		return s.Tours.Cancel(ctx, "shopper", p.Booking.ID, v["as"] == "credit")
	})
}

func (s *Site) moveTicket(c *fiber.Ctx) error {
	return s.changeTicket(c, "ticket_moved", func(ctx context.Context, p views.TicketPage, v map[string]string) error {
		if strings.TrimSpace(v["to"]) == "" {
			return fault.New(fault.Invalid, "tours.party.form").Field("to", "tours.field.choice")
		}
		err := s.Tours.Shift(ctx, p.Booking.ID, v["to"])
		if fault.CodeOf(err) == "hold.sold_out" || fault.Is(err, fault.NotFound) {
			return fault.New(fault.Conflict, "tours.party.form").Field("to", "tours.move.full")
		}
		return err
	})
}

func (s *Site) nameTicket(c *fiber.Ctx) error {
	return s.changeTicket(c, "ticket_named", func(ctx context.Context, p views.TicketPage, v map[string]string) error {
		names := make([]string, len(p.Booking.Guests))
		for i := range names {
			names[i] = v["guest."+strconv.Itoa(i)]
		}
		return s.Tours.Rename(ctx, p.Booking.ID, names)
	})
}

func (s *Site) reviewTicket(c *fiber.Ctx) error {
	return s.changeTicket(c, "ticket_reviewed", func(ctx context.Context, p views.TicketPage, v map[string]string) error {
		n, err := strconv.ParseInt(v["stars"], 10, 8)
		if err != nil {
			n = 0
		}
		return s.Tours.Say(ctx, p.Booking.ID, n, v["text"], v["name"])
	})
}
