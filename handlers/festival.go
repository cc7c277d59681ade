package handlers

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/tours"
	"nguon/views"
)

// festival is the edition that goes on or comes, and those before.
func (s *Site) festival(c *fiber.Ctx) error {
	list, err := s.Festival.Listed(c.UserContext())
	if err != nil {
		return err
	}
	page := views.FestivalPage{Base: s.base(c)}
	for _, e := range list { // the latest first
		if e.Over(s.Now()) {
			page.Past = append(page.Past, e)
		} else {
			page.Coming = append([]tours.Edition{e}, page.Coming...)
		}
	}
	return s.show(c, page)
}

// editionOf reads the edition that the path names.
func (s *Site) editionOf(c *fiber.Ctx) (tours.Edition, error) {
	text, err := segment(c, "year")
	if err != nil {
		return tours.Edition{}, err
	}
	year, ok := yearOf(text)
	if !ok {
		return tours.Edition{}, fault.New(fault.NotFound, "tours.edition.not_found")
	}
	return s.Festival.OfYear(c.UserContext(), year)
}

// yearOf reads a year as an address writes it: four digits.
func yearOf(s string) (int64, bool) {
	n, err := strconv.ParseUint(s, 10, 16)
	return int64(n), err == nil && len(s) == 4 && n >= 1900
}

// edition is one edition with its programme; ?day= and ?venue= leave out the rest.
func (s *Site) edition(c *fiber.Ctx) error {
	e, err := s.editionOf(c)
	if err != nil {
		return err
	}
	page, err := s.editionPage(c, e)
	if err != nil {
		return err
	}
	if err := narrow(c, &page); err != nil {
		return err
	}
	page.NoIndex = !page.Day.IsZero() || page.Venue != ""
	return s.show(c, page)
}

// narrow reads the filters of the address.
func narrow(c *fiber.Ctx, page *views.EditionPage) error {
	day, err := query(c, "day")
	if err != nil {
		return err
	}
	if page.Venue, err = query(c, "venue"); err != nil {
		return err
	}
	page.Query = rawQuery(c)
	page.Day, err = dayOfEdition(page.Edition, day, page.Venue)
	return err
}

// dayOfEdition reads the filters of a programme. A day or a venue that the edition
// does not have is malformed, so that no page claims to show what it does not.
func dayOfEdition(e tours.Edition, day, venue string) (time.Time, error) {
	d, err := dayOf(day)
	_, known := e.Venue(venue)
	if err != nil || !d.IsZero() && !lang.OnDays(d, e.From, e.To) || venue != "" && !known {
		return time.Time{}, malformed(fault.New(fault.Invalid, "http.bad_filter"))
	}
	return d, nil
}

func (s *Site) editionPage(c *fiber.Ctx, e tours.Edition) (page views.EditionPage, err error) {
	ctx := c.UserContext()
	page = views.EditionPage{Base: s.base(c), Edition: e}
	if page.Events, err = s.Festival.Programme(ctx, e.ID); err != nil {
		return page, err
	}
	if page.Organizer, err = s.committeeOf(ctx, e); err != nil {
		return page, err
	}
	if page.Visits, err = s.visitsOf(ctx, e, lang.From(ctx)); err != nil {
		return page, err
	}
	page.Producers, err = s.boothHolders(ctx, e)
	return page, err
}

// committeeOf is the name of who holds an edition.
func (s *Site) committeeOf(ctx context.Context, e tours.Edition) (string, error) {
	o, err := orNil(s.Account.OrgByID(ctx, e.Org))
	return lang.Text{Vi: o.Name, En: o.NameEn}.In(lang.From(ctx)), err
}

// boothHolders are the producers of an edition's booths that the shop shows.
func (s *Site) boothHolders(ctx context.Context, e tours.Edition) (map[string]catalog.Producer, error) {
	found := map[string]catalog.Producer{}
	for _, b := range e.Booths {
		if _, done := found[b.Producer]; done || b.Producer == "" {
			continue
		}
		p, err := orNil(s.Catalog.ProducerByID(ctx, b.Producer))
		if err != nil {
			return nil, err
		}
		if p.Published {
			found[b.Producer] = p
		}
	}
	return found, nil
}

// editionPrint is the programme as a sheet of paper.
func (s *Site) editionPrint(c *fiber.Ctx) error {
	e, err := s.editionOf(c)
	if err != nil {
		return err
	}
	page := views.EditionPrint{Base: s.base(c), Edition: e, Now: s.Now()}
	if page.Events, err = s.Festival.Programme(c.UserContext(), e.ID); err != nil {
		return err
	}
	return s.show(c, page)
}

// eventOf reads the event that the path names, and its edition.
func (s *Site) eventOf(c *fiber.Ctx) (e tours.Edition, v tours.Event, err error) {
	if e, err = s.editionOf(c); err != nil {
		return e, v, err
	}
	slug, err := slugOf(c)
	if err != nil {
		return e, v, err
	}
	v, err = s.Festival.EventAt(c.UserContext(), e.ID, slug)
	return e, v, err
}

func (s *Site) event(c *fiber.Ctx) error {
	e, v, err := s.eventOf(c)
	if err != nil {
		return err
	}
	page, err := s.eventPage(c, e, v)
	if err != nil {
		return err
	}
	return s.show(c, page)
}

func (s *Site) eventPage(c *fiber.Ctx, e tours.Edition, v tours.Event) (page views.EventPage, err error) {
	ctx := c.UserContext()
	page = views.EventPage{Base: s.base(c), Edition: e, Event: v, Now: s.Now()}
	d, slug, err := s.seatsOf(ctx, v)
	if err != nil {
		return page, err
	}
	if d != nil {
		page.Seats, page.BookPath = d, "/tours/"+slug
	}
	visits, err := s.visitsOf(ctx, e, lang.From(ctx))
	if err != nil {
		return page, err
	}
	page.Visits = sameDay(visits, v)
	if page.Organizer, err = s.committeeOf(ctx, e); err != nil {
		return page, err
	}
	page.Producers, err = s.boothHolders(ctx, e)
	return page, err
}

// festivalPaths are the addresses of the festival that search engines may keep.
func (s *Site) festivalPaths(ctx context.Context) ([]string, error) {
	paths := []string{"/festival"}
	list, err := s.Festival.Listed(ctx)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		events, err := s.Festival.Programme(ctx, e.ID)
		if err != nil {
			return nil, err
		}
		paths = append(paths, e.Path())
		for _, v := range events {
			paths = append(paths, v.Path(e))
		}
	}
	return paths, nil
}

// nextEdition is the edition that comes, for pages that lead there; nil when none
// does.
func (s *Site) nextEdition(ctx context.Context) (*tours.Edition, error) {
	e, err := orNil(s.Festival.Next(ctx))
	if err != nil || e.ID == "" {
		return nil, err
	}
	return &e, nil
}

// standsAt is the edition that comes, if a producer has a booth there.
func (s *Site) standsAt(ctx context.Context, producer string) (*tours.Edition, error) {
	e, err := s.nextEdition(ctx)
	if e == nil || !slices.ContainsFunc(e.Booths, func(b tours.Booth) bool { return b.Producer == producer }) {
		return nil, err
	}
	return e, err
}
