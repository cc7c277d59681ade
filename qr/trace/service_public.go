package trace

import (
	"context"

	"nguon/app/store"
)

// Site is where a plot or facility lies, as the area test of the
// geographical indication needs it. An unknown plot has only its id.
type Site struct {
	Plot, Commune, OldCommune string
	AltitudeM                 int // 0 when unknown
}

// Public builds what anybody may see of a lot as of now.
func (s *Service) Public(ctx context.Context, l Lot) (PublicLot, error) {
	src, err := s.sources(ctx, l)
	if err != nil {
		return PublicLot{}, err
	}
	return Project(src, s.now()), nil
}

// Balance is the mass balance of a lot as it stands now.
func (s *Service) Balance(ctx context.Context, l Lot) (Balance, error) {
	land, err := s.landOf(ctx, l)
	if err != nil {
		return Balance{}, err
	}
	return l.Balance(land), nil
}

// Grounds lists where a lot grew (its plots by code, in their order) and where
// it was processed (each facility once by its public name, in the order of the
// steps; picking is not processing).
func (s *Service) Grounds(ctx context.Context, l Lot) (plots, processed []Site, err error) {
	ps, err := fetch(ctx, s.plots, l.Plots)
	if err != nil {
		return nil, nil, err
	}
	byID := make(map[string]Site, len(ps))
	for _, p := range ps {
		byID[p.ID] = Site{p.Code, p.Commune, p.OldCommune, p.AltitudeM}
	}
	for _, id := range l.Plots {
		site, ok := byID[id]
		if !ok {
			site.Plot = id // lost: nothing else is known of it
		}
		plots = append(plots, site)
	}
	fs, err := fetch(ctx, s.facilities, l.processedAt())
	if err != nil {
		return nil, nil, err
	}
	for _, f := range fs {
		processed = append(processed, Site{f.publicName(), f.Commune, f.OldCommune, 0})
	}
	return plots, processed, nil
}

// processedAt lists the facilities of the steps that changed or packed coffee.
func (l Lot) processedAt() []string {
	var ids []string
	for _, st := range l.Steps() {
		if st.Kind != Harvest && st.Kind != Inspect && !st.Void() {
			ids = append(ids, st.Facility)
		}
	}
	return ids
}

func (s *Service) sources(ctx context.Context, l Lot) (Sources, error) {
	src := Sources{Lot: l}
	var err error
	if src.Land, err = s.landOf(ctx, l); err != nil {
		return src, err
	}
	own := make(map[string]bool, len(l.Plots))
	for _, id := range l.Plots {
		own[id] = true
	}
	var people []string
	for _, p := range src.Land.Plots {
		if own[p.ID] {
			people = append(people, p.Farmer)
		}
	}
	if src.Farmers, err = fetch(ctx, s.farmers, people); err != nil {
		return src, err
	}
	for _, f := range src.Farmers {
		err := s.consents.All(ctx, store.Query{Index: "farmer", Eq: []any{f.ID}}, func(c Consent) error {
			src.Consents = append(src.Consents, c)
			return nil
		})
		if err != nil {
			return src, err
		}
	}
	var sites []string
	for _, st := range l.Steps() {
		sites = append(sites, st.Facility)
	}
	src.Facilities, err = fetch(ctx, s.facilities, sites)
	return src, err
}
