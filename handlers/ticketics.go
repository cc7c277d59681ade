package handlers

import (
	"net/url"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/ical"
	"nguon/app/lang"
	"nguon/tours"
)

// ticketCalendar is the entry of a booking for the calendar of a phone.
func (s *Site) ticketCalendar(c *fiber.Ctx) error {
	id, err := segment(c, "ticket")
	if err != nil {
		return err
	}
	b, t, d, err := s.Tours.Whole(c.UserContext(), id)
	if err != nil {
		return err
	}
	if b.State == tours.Draft {
		return fault.New(fault.NotFound, "tours.booking.not_found")
	}
	b.Lang = lang.From(c.UserContext())
	e := b.Calendar(t, d)
	host := ""
	if u, err := url.Parse(s.BaseURL); err == nil {
		host = u.Hostname()
	}
	calendar := ical.Calendar{Name: e.Title, Events: []ical.Event{{UID: e.UID + "@" + host, Start: e.Start, End: e.End, Stamp: s.Now().UTC(), Sequence: e.Sequence,
		Cancelled: e.Cancelled, Summary: e.Title, Description: e.Text, Location: e.Place, Lat: e.Lat, Lon: e.Lon, URL: s.BaseURL + b.Lang.Path(e.Link), Phone: t.Phone}}}
	c.Set(fiber.HeaderContentType, ical.ContentType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="visit.ics"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Robots-Tag", "noindex")
	return c.SendString(calendar.String())
}
