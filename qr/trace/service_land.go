package trace

import (
	"context"

	"nguon/app/fault"
	"nguon/app/store"
)

// SavePlot inserts or replaces a plot by its id. Wrong fields are
// fault.Invalid "trace.plot.invalid"; a number that the producer already uses is
// fault.Conflict "trace.plot.taken".
func (s *Service) SavePlot(ctx context.Context, p Plot) error {
	if err := p.Validate(s.now()); err != nil {
		return err
	}
	if p.Farmer != "" {
		f, err := s.farmers.Get(ctx, p.Farmer)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || f.Producer != p.Producer {
			return fault.New(fault.Invalid, "trace.plot.invalid").Field("farmer", "trace.plot.farmer")
		}
	}
	defer s.changed()
	return save(ctx, s.plots, p, "trace.plot.taken")
}

// SaveFarmer inserts or replaces a person by id; fault.Invalid
// "trace.farmer.invalid". What of it is public, consents decide.
func (s *Service) SaveFarmer(ctx context.Context, f Farmer) error {
	if err := f.Validate(); err != nil {
		return err
	}
	defer s.changed()
	return save(ctx, s.farmers, f, "")
}

// SaveFacility inserts or replaces a facility by id; fault.Invalid
// "trace.facility.invalid".
func (s *Service) SaveFacility(ctx context.Context, f Facility) error {
	if err := f.Validate(); err != nil {
		return err
	}
	defer s.changed()
	return save(ctx, s.facilities, f, "")
}

// Consent records a consent. The same id again changes nothing and does not revive a
// withdrawn one; for another person or purpose it is fault.Conflict "trace.consent.taken".
func (s *Service) Consent(ctx context.Context, c Consent) error {
	if err := c.Validate(s.now()); err != nil {
		return err
	}
	if _, err := s.farmers.Get(ctx, c.Farmer); fault.Is(err, fault.NotFound) {
		return fault.New(fault.Invalid, "trace.consent.invalid").Field("farmer", "trace.consent.farmer")
	} else if err != nil {
		return err
	}
	c.Given, c.Withdrawn = stamp(c.Given), nil
	defer s.changed()
	err := s.consents.Insert(ctx, c)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	had, err := s.consents.Get(ctx, c.ID)
	if err != nil {
		return err
	}
	return had.again(c)
}

// WithdrawConsent ends a consent as of now; every page made from then on is
// without what it showed. Withdrawing twice changes nothing.
func (s *Service) WithdrawConsent(ctx context.Context, id string) error {
	now := s.now()
	defer s.changed()
	return settled(s.consents.Update(ctx, id, func(c *Consent) error { return c.withdraw(now) }))
}

// Plots lists a producer's plots by their number.
func (s *Service) Plots(ctx context.Context, producer string) ([]Plot, error) {
	var found []Plot
	err := s.plots.All(ctx, store.Query{Index: "number", Eq: []any{producer}}, func(p Plot) error {
		found = append(found, p)
		return nil
	})
	return found, err
}

// landOf loads a lot's plots and what other lots of the season picked on them.
func (s *Service) landOf(ctx context.Context, l Lot) (Land, error) {
	var d Land
	var err error
	if d.Plots, err = fetch(ctx, s.plots, l.Plots); err != nil {
		return d, err
	}
	seen := map[string]bool{l.ID: true}
	shared := map[string]bool{}
	for _, id := range l.Plots {
		err := s.lots.All(ctx, store.Query{Index: "picked", Eq: []any{id, l.Season}}, func(x Lot) error {
			if seen[x.ID] {
				return nil
			}
			seen[x.ID] = true
			for _, c := range x.Claims() {
				d.Others = append(d.Others, c)
				for _, p := range c.Plots {
					shared[p] = true
				}
			}
			return nil
		})
		if err != nil {
			return d, err
		}
	}
	for _, p := range d.Plots {
		delete(shared, p.ID)
	}
	// Others' pickings were shared with plots that are not ours: those count too.
	more, err := fetch(ctx, s.plots, keys(shared))
	d.Plots = append(d.Plots, more...)
	return d, err
}

func keys(m map[string]bool) []string {
	ids := make([]string, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	return ids
}

// fetch loads documents by id, each once, and leaves out ids that are unknown.
func fetch[T any](ctx context.Context, c *store.Collection[T], ids []string) ([]T, error) {
	var found []T
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		if id == "" || seen[id] {
			continue
		}
		seen[id] = true
		v, err := c.Get(ctx, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, nil
}
