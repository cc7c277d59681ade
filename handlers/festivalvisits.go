package handlers

import (
	"context"
	"slices"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// visitsOf are the departures of tours that belong to an edition, on its days.
func (s *Site) visitsOf(ctx context.Context, e tours.Edition, l lang.Lang) (rows []views.VisitRow, err error) {
	all, err := s.offered(ctx)
	if err != nil {
		return nil, err
	}
	byID := map[string]tours.Tour{}
	for _, t := range all {
		if t.Edition == e.ID {
			byID[t.ID] = t
		}
	}
	if len(byID) == 0 {
		return nil, nil
	}
	now := s.Now()
	list, err := s.Tours.OpenBetween(ctx, e.From, e.To.AddDate(0, 0, 1))
	for _, d := range list {
		t, ok := byID[d.Tour]
		if !ok || !d.Start.After(now) {
			continue
		}
		rows = append(rows, views.VisitRow{Day: lang.Midnight(d.Start), Start: d.Start, Title: t.Title().In(l), Left: views.SeatsLeft(l, d, now),
			Path: "/tours/" + t.Slug + "?day=" + d.Start.In(lang.Zone).Format("2006-01-02")})
	}
	return rows, err
}

// seatsOf is the departure at which the seats of a ticketed event are booked, nil
// for none.
func (s *Site) seatsOf(ctx context.Context, v tours.Event) (*tours.Departure, string, error) {
	if !v.Ticketed {
		return nil, "", nil
	}
	d, err := s.Tours.Departure(ctx, v.Departs())
	if fault.Is(err, fault.NotFound) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	t, err := s.Tours.Tour(ctx, d.Tour)
	if err != nil || !t.Published {
		return nil, "", err
	}
	return &d, t.Slug, nil
}

// editionOfTour is the festival that a tour belongs to, nil for none that visitors
// see or that is over.
func (s *Site) editionOfTour(ctx context.Context, t tours.Tour) (*tours.Edition, error) {
	if t.Edition == "" {
		return nil, nil
	}
	e, err := s.Festival.Edition(ctx, t.Edition)
	if fault.Is(err, fault.NotFound) || err == nil && (!e.Published || e.Over(s.Now())) {
		return nil, nil
	}
	return &e, err
}

// sameDay are the visits on the day of an event.
func sameDay(rows []views.VisitRow, v tours.Event) []views.VisitRow {
	return slices.DeleteFunc(rows, func(r views.VisitRow) bool { return lang.Day(r.Start) != lang.Day(v.Start) })
}
