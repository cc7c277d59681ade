package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/ical"
	"nguon/app/lang"
	"nguon/tours"
)

// editionCalendar is the programme of an edition for a calendar; before there is
// one, the days of the edition.
func (s *Site) editionCalendar(c *fiber.Ctx) error {
	e, err := s.editionOf(c)
	if err != nil {
		return err
	}
	events, err := s.Festival.Programme(c.UserContext(), e.ID)
	if err != nil {
		return err
	}
	l := lang.From(c.UserContext())
	cal := ical.Calendar{Name: e.Name.In(l) + " " + strconv.FormatInt(e.Year, 10), URL: s.BaseURL + l.Path(e.Path())}
	for _, v := range events {
		cal.Events = append(cal.Events, s.calendarEvent(l, e, v))
	}
	if len(events) == 0 {
		cal.Events = []ical.Event{s.calendarDays(l, e)}
	}
	return s.sendCalendar(c, cal, "festival-"+strconv.FormatInt(e.Year, 10))
}

func (s *Site) eventCalendar(c *fiber.Ctx) error {
	e, v, err := s.eventOf(c)
	if err != nil {
		return err
	}
	l := lang.From(c.UserContext())
	cal := ical.Calendar{Name: v.Title.In(l), URL: s.BaseURL + l.Path(v.Path(e)), Events: []ical.Event{s.calendarEvent(l, e, v)}}
	return s.sendCalendar(c, cal, "festival-"+strconv.FormatInt(e.Year, 10)+"-"+v.Slug)
}

// sendCalendar sends a calendar as a file, which anybody may keep for a moment.
func (s *Site) sendCalendar(c *fiber.Ctx, cal ical.Calendar, name string) error {
	body := []byte(cal.String())
	c.Set(fiber.HeaderContentType, ical.ContentType)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+name+`.ics"`)
	c.Set(fiber.HeaderCacheControl, keepCalendar)
	c.Vary(fiber.HeaderAcceptEncoding)
	if unchanged(c, tagOf(body)) {
		return nil
	}
	return c.Send(body)
}

// keepCalendar is how long a cache may keep a calendar, which programs fetch again
// every few hours.
const keepCalendar = "public, max-age=300"

// uid names something in every calendar for ever.
func (s *Site) uid(id string) string {
	host := "nguon"
	if u, err := url.Parse(s.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return id + "@" + host
}

func (s *Site) calendarEvent(l lang.Lang, e tours.Edition, v tours.Event) ical.Event {
	venue, _ := e.Venue(v.Venue)
	text := []string{}
	for _, t := range []string{v.Reason.In(l), v.Story.In(l)} {
		if t != "" {
			text = append(text, t)
		}
	}
	return ical.Event{UID: s.uid(v.ID), Start: v.Start, End: v.End, Stamp: v.Changed, Sequence: v.Sequence, Cancelled: v.Off(),
		Summary: v.Title.In(l), Description: strings.Join(append(text, s.BaseURL+l.Path(v.Path(e))), "\n\n"),
		Location: venueAt(l, e, venue), URL: s.BaseURL + l.Path(v.Path(e)), Lat: e.Ground.Lat, Lon: e.Ground.Lon,
		Organizer: e.Name.In(l), Phone: e.Phone}
}

func venueAt(l lang.Lang, e tours.Edition, v tours.Venue) string {
	if place := e.Ground.Words.In(l); place != "" && v.Name.Vi != "" {
		return v.Name.In(l) + ", " + place
	}
	return v.Name.In(l) + e.Ground.Words.In(l)
}

// calendarDays is an edition as one entry.
func (s *Site) calendarDays(l lang.Lang, e tours.Edition) ical.Event {
	return ical.Event{UID: s.uid(e.ID), Start: e.From, End: lang.Midnight(e.To).Add(24 * time.Hour), Stamp: e.Changed, Sequence: e.Sequence,
		Summary: e.Name.In(l), Description: s.BaseURL + l.Path(e.Path()), Location: e.Ground.Words.In(l), URL: s.BaseURL + l.Path(e.Path()),
		Lat: e.Ground.Lat, Lon: e.Ground.Lon, Organizer: e.Name.In(l), Phone: e.Phone}
}
