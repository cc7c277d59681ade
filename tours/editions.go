package tours

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Editions keeps the editions of the festival and their programmes. Who may
// change them is decided elsewhere.
type Editions struct {
	// May reports whether a committee may show anything today; nil for all of them.
	May func(ctx context.Context, org string) (bool, error)

	editions *store.Collection[Edition]
	events   *store.Collection[Event]
	now      func() time.Time
	out      *outbox.Outbox[Edition]
	eventOut *outbox.Outbox[Event]
}

// NewEditions declares the collections in db. By performs what follows from
// changes.
func NewEditions(ctx context.Context, db store.DB, now func() time.Time, by outbox.Performer) (*Editions, error) {
	editions, err := store.Open[Edition](ctx, db, store.Spec{
		Name:    "editions",
		Version: 1,
		Indexes: []store.Index{
			{Name: "year", Parts: []store.Part{{Path: "year", Kind: store.Int}}, Unique: true},
			{Name: "listed", Parts: []store.Part{{Path: "published", Kind: store.Bool}, {Path: "from", Kind: store.Time}}},
			{Name: "own", Parts: []store.Part{{Path: "org"}, {Path: "from", Kind: store.Time}}},
			outbox.Index,
		},
	})
	if err != nil {
		return nil, err
	}
	events, err := store.Open[Event](ctx, db, store.Spec{
		Name:    "festival_events",
		Version: 1,
		Indexes: []store.Index{
			{Name: "slug", Parts: []store.Part{{Path: "edition"}, {Path: "slug"}}, Unique: true},
			{Name: "programme", Parts: []store.Part{{Path: "edition"}, {Path: "start", Kind: store.Time}}},
			outbox.Index,
		},
	})
	if err != nil {
		return nil, err
	}
	s := &Editions{editions: editions, events: events, now: now}
	s.out = outbox.New(editions, by, func(e *Edition) (string, *outbox.Box) { return e.ID, &e.Box })
	s.eventOut = outbox.New(events, by, func(v *Event) (string, *outbox.Box) { return v.ID, &v.Box })
	return s, nil
}

// Sweep does work that a crash left undone: what was posted before a moment.
func (s *Editions) Sweep(ctx context.Context, before time.Time) (int, error) {
	n, err := s.out.Sweep(ctx, before)
	m, of := s.eventOut.Sweep(ctx, before)
	if err == nil {
		err = of
	}
	return n + m, err
}

// Edition finds an edition in whatever state: for its committee.
func (s *Editions) Edition(ctx context.Context, id string) (Edition, error) {
	e, err := s.editions.Get(ctx, id)
	return e, missing(err, "tours.edition.not_found")
}

// Own lists the editions of a committee, the latest first.
func (s *Editions) Own(ctx context.Context, org string) ([]Edition, error) {
	list := []Edition{}
	err := s.editions.All(ctx, store.Query{Index: "own", Eq: []any{org}, Desc: true}, func(e Edition) error {
		list = append(list, e)
		return nil
	})
	return list, err
}

// Listed lists the published editions, the latest first.
func (s *Editions) Listed(ctx context.Context) ([]Edition, error) {
	list := []Edition{}
	err := s.editions.All(ctx, store.Query{Index: "listed", Eq: []any{true}, Desc: true}, func(e Edition) error {
		shown, err := s.shows(ctx, e)
		if shown {
			list = append(list, e.Public())
		}
		return err
	})
	return list, err
}

// shows reports whether an edition is published and its committee may show it.
func (s *Editions) shows(ctx context.Context, e Edition) (bool, error) {
	if !e.Published || s.May == nil {
		return e.Published, nil
	}
	return s.May(ctx, e.Org)
}

// Next is the published edition that goes on or comes next: fault.NotFound when
// none does.
func (s *Editions) Next(ctx context.Context) (Edition, error) {
	list, err := s.Listed(ctx)
	if err != nil {
		return Edition{}, err
	}
	for _, e := range slices.Backward(list) {
		if !e.Over(s.now()) {
			return e, nil
		}
	}
	return Edition{}, fault.New(fault.NotFound, "tours.edition.not_found")
}

// OfYear is the published edition of a year, or fault.NotFound.
func (s *Editions) OfYear(ctx context.Context, year int64) (Edition, error) {
	e, err := s.editions.First(ctx, store.Query{Index: "year", Eq: []any{year}})
	if err != nil {
		return Edition{}, missing(err, "tours.edition.not_found")
	}
	shown, err := s.shows(ctx, e)
	if err == nil && !shown {
		err = fault.New(fault.NotFound, "tours.edition.not_found")
	}
	return e.Public(), err
}

// Programme lists the events of an edition by the time at which they begin, those
// that were called off too.
func (s *Editions) Programme(ctx context.Context, edition string) ([]Event, error) {
	list := []Event{}
	err := s.events.All(ctx, store.Query{Index: "programme", Eq: []any{edition}}, func(v Event) error {
		if !v.Dropped {
			list = append(list, v.Public())
		}
		return nil
	})
	return list, err
}

// Event finds an event that was not discarded, or is fault.NotFound.
func (s *Editions) Event(ctx context.Context, id string) (Event, error) {
	v, err := s.events.Get(ctx, id)
	if err == nil && v.Dropped {
		return Event{}, fault.New(fault.NotFound, "tours.event.not_found")
	}
	return v, missing(err, "tours.event.not_found")
}

// EventAt finds an event of an edition by its slug, or is fault.NotFound.
func (s *Editions) EventAt(ctx context.Context, edition, slug string) (Event, error) {
	v, err := s.events.First(ctx, store.Query{Index: "slug", Eq: []any{edition, slug}})
	if err == nil && v.Dropped {
		return Event{}, fault.New(fault.NotFound, "tours.event.not_found")
	}
	return v.Public(), missing(err, "tours.event.not_found")
}

// missing turns the store's "not found" into one with a code of the festival.
func missing(err error, code string) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, code, err)
	}
	return err
}
