package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// toursShown is the list of tours, by kind and by day, with a calendar of what is
// free.
func (s *Site) toursShown(c *fiber.Ctx) error {
	ctx, now := c.UserContext(), s.Now()
	page := views.TourList{Base: s.base(c), Now: now}
	var err error
	if page.Kind, err = tourKind(c); err != nil {
		return err
	}
	if page.Day, page.Month, err = dayAndMonth(c, now); err != nil {
		return err
	}
	all, err := s.offered(ctx)
	if err != nil {
		return err
	}
	page.Ripe = tours.Calendar(all)
	byID := map[string]tours.Tour{}
	for _, t := range all {
		if page.Kind == "" || t.Kind == page.Kind {
			byID[t.ID] = t
			page.Tours = append(page.Tours, t)
			page.Demo = page.Demo || t.Demo
		}
	}
	from, to := page.Month, page.Month.AddDate(0, 1, 0)
	if from.Before(now) {
		from = now
	}
	list, err := s.Tours.OpenBetween(ctx, from, to)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(d tours.Departure) bool { _, ok := byID[d.Tour]; return !ok || d.Bookable(now) != nil })
	page.Calendar = views.NewCalendar(page.Month, now, list)
	if page.Day != nil {
		page.OnDay = onDay(list, *page.Day)
	}
	if page.Next, err = s.nextOf(ctx, now); err != nil {
		return err
	}
	page.Query = rawQuery(c)
	page.NoIndex = page.Query != ""
	return s.show(c, page)
}

// offered are the tours that are published and whose hosts may sell.
func (s *Site) offered(ctx context.Context) ([]tours.Tour, error) {
	all, err := s.Tours.Published(ctx)
	if err != nil {
		return nil, err
	}
	may := map[string]bool{}
	return slices.DeleteFunc(all, func(t tours.Tour) bool {
		ok, known := may[t.Org]
		if !known && err == nil {
			ok, err = s.Account.MayPublish(ctx, t.Org)
			may[t.Org] = ok
		}
		return !ok
	}), err
}

// ahead is how far the next departure of a tour is looked for.
const ahead = 90 * 24 * time.Hour

// nextOf are the next departures that can be booked, by tour.
func (s *Site) nextOf(ctx context.Context, now time.Time) (map[string]tours.Departure, error) {
	list, err := s.Tours.OpenBetween(ctx, now, now.Add(ahead))
	m := map[string]tours.Departure{}
	for _, d := range list {
		if _, ok := m[d.Tour]; !ok && d.Bookable(now) == nil && d.Left(now) > 0 {
			m[d.Tour] = d
		}
	}
	return m, err
}

func onDay(list []tours.Departure, day time.Time) (found []tours.Departure) {
	for _, d := range list {
		if lang.Day(d.Start) == lang.Day(day) {
			found = append(found, d)
		}
	}
	return found
}

func tourKind(c *fiber.Ctx) (tours.Kind, error) {
	v, err := query(c, "kind")
	if err == nil && v != "" && !slices.Contains(views.TourKinds, tours.Kind(v)) {
		err = malformed(fault.New(fault.Invalid, "http.bad_filter"))
	}
	return tours.Kind(v), err
}

// dayAndMonth read ?day=2026-12-12 and ?month=2026-12; a day is in its month, and
// without either it is the month of today.
func dayAndMonth(c *fiber.Ctx, now time.Time) (day *time.Time, month time.Time, err error) {
	d, err := query(c, "day")
	if err != nil {
		return nil, month, err
	}
	m, err := query(c, "month")
	if err != nil {
		return nil, month, err
	}
	month = firstOf(now)
	bad := malformed(fault.New(fault.Invalid, "http.bad_filter"))
	if d != "" {
		t, err := time.ParseInLocation(time.DateOnly, d, lang.Zone)
		if err != nil || !sane(t, now) {
			return nil, month, bad
		}
		return &t, firstOf(t), nil
	}
	if m != "" {
		t, err := time.ParseInLocation("2006-01", m, lang.Zone)
		if err != nil || !sane(t, now) {
			return nil, month, bad
		}
		month = t
	}
	return nil, month, nil
}

func firstOf(t time.Time) time.Time {
	y, m, _ := t.In(lang.Zone).Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, lang.Zone)
}

// sane are days that a calendar leads to.
func sane(t, now time.Time) bool {
	return t.After(now.AddDate(-1, -1, 0)) && t.Before(now.AddDate(2, 1, 0))
}

// tour is one tour with its calendar.
func (s *Site) tour(c *fiber.Ctx) error {
	page, err := s.tourPage(c)
	if err != nil {
		return err
	}
	if page.Tour.Page != "" { // an event is told of in its programme
		return s.see(c, page.Tour.Page)
	}
	page.Query = rawQuery(c)
	return s.show(c, page)
}

func (s *Site) tourPage(c *fiber.Ctx) (page views.TourPage, err error) {
	slug, err := slugOf(c)
	if err != nil {
		return page, err
	}
	ctx, now := c.UserContext(), s.Now()
	t, err := s.Tours.TourAt(ctx, slug)
	if err != nil {
		return page, err
	}
	page = views.TourPage{Base: s.base(c), Tour: t, Now: now}
	if page.Day, page.Month, err = dayAndMonth(c, now); err != nil {
		return page, err
	}
	if page.Host, err = s.hostOf(ctx, t.Org); err != nil {
		return page, err
	}
	if !page.Host.Sells {
		return page, fault.New(fault.NotFound, "tours.tour.not_found")
	}
	all, err := s.offered(ctx)
	if err != nil {
		return page, err
	}
	page.Ripe = tours.RipeAt(tours.Calendar(all), t.Commune, t.Altitude, now)
	list, err := s.Tours.Departures(ctx, t.ID, now, now.Add(2*ahead))
	if err != nil {
		return page, err
	}
	list = slices.DeleteFunc(list, func(d tours.Departure) bool { return d.State == tours.CalledOff })
	if len(list) > 0 && c.Query("month") == "" && page.Day == nil {
		page.Month = firstOf(list[0].Start) // where something is
	}
	page.Last = len(list) > 0 && firstOf(list[len(list)-1].Start).After(page.Month)
	of := slices.DeleteFunc(slices.Clone(list), func(d tours.Departure) bool { return !firstOf(d.Start).Equal(page.Month) })
	page.Calendar = views.NewCalendar(page.Month, now, of)
	if page.Departures = of; page.Day != nil {
		page.Departures = onDay(of, *page.Day)
	}
	if page.Products, err = s.shownBy(ctx, t); err != nil {
		return page, err
	}
	if page.Edition, err = s.editionOfTour(ctx, t); err != nil {
		return page, err
	}
	if page.Reviews, err = s.Tours.Reviews(ctx, t.ID, 20); err != nil {
		return page, err
	}
	page.Demo = t.Demo
	return page, nil
}

// hostOf is who receives the people of a tour: a producer with its page, or a
// committee.
func (s *Site) hostOf(ctx context.Context, org string) (h views.TourHost, err error) {
	if h.Sells, err = s.Account.MayPublish(ctx, org); err != nil {
		return h, err
	}
	p, err := s.Catalog.ProducerByID(ctx, org)
	if err == nil {
		h.Name, h.NameEn, h.Path = p.Name, p.NameEn, "/producers/"+p.Slug
		h.Sells = h.Sells && p.Published
		return h, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return h, err
	}
	o, err := s.Account.OrgByID(ctx, org)
	if err == nil && o.Kind == account.Committee {
		h.Name, h.NameEn = o.Name, o.NameEn
	}
	return h, err
}

// shownBy are the products that a tour shows and the shop sells.
func (s *Site) shownBy(ctx context.Context, t tours.Tour) (list []views.TourProduct, err error) {
	seen := map[string]bool{}
	for _, gtin := range t.Products {
		p, _, err := s.Catalog.ByGTIN(ctx, gtin)
		if fault.Is(err, fault.NotFound) || err == nil && (!p.Listed || seen[p.ID]) {
			continue
		}
		if err != nil {
			return nil, err
		}
		seen[p.ID] = true
		m, err := s.Catalog.ProducerByID(ctx, p.Producer)
		if err != nil {
			return nil, err
		}
		list = append(list, views.TourProduct{Product: p, Maker: m})
	}
	return list, nil
}

// departureOf reads the departure that a query or a form names, of a tour.
func (s *Site) departureOf(ctx context.Context, t tours.Tour, id string) (tours.Departure, error) {
	d, err := s.Tours.Departure(ctx, strings.TrimSpace(id))
	if err == nil && d.Tour != t.ID {
		err = fault.New(fault.NotFound, "tours.departure.not_found")
	}
	return d, err
}

// trips are up to most of the visits that fit, those in season and soon first.
func (s *Site) trips(ctx context.Context, most int, fits func(tours.Tour) bool) (list []views.Trip, err error) {
	all, err := s.offered(ctx)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	next, err := s.nextOf(ctx, now)
	if err != nil {
		return nil, err
	}
	ripe := tours.Calendar(all)
	for _, t := range all {
		if !fits(t) {
			continue
		}
		x := views.Trip{Tour: t, Ripe: tours.RipeAt(ripe, t.Commune, t.Altitude, now), Now: now}
		if d, ok := next[t.ID]; ok {
			x.Next = &d
		}
		list = append(list, x)
	}
	rank := func(x views.Trip) int {
		n := 2
		if x.Ripe == tours.RipeNow {
			n--
		}
		if x.Next == nil {
			n += 2
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b views.Trip) int { return rank(a) - rank(b) })
	return list[:min(len(list), most)], nil
}
