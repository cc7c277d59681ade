package catalog

import (
	"context"
	"slices"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// SaveProducer inserts a producer, or replaces the one with its id, and
// carries what changed to its products. The slug is made from the name when none is
// given and stays when the name changes. Faults: Invalid with Fields;
// Conflict "catalog.slug.taken" and "catalog.slug.fixed".
func (s *Service) SaveProducer(ctx context.Context, p Producer) error {
	p.tidy()
	if err := p.validate(); err != nil {
		return err
	}
	p.Stale = true
	now := store.Stamp(s.now())
	p.Post(now, outbox.Reindex("org:"+p.ID, now))
	_, err := s.producers.Get(ctx, p.ID)
	switch {
	case fault.Is(err, fault.NotFound):
		if err = s.insertProducer(ctx, p); fault.CodeOf(err) == "store.conflict" { // somebody was faster
			return s.SaveProducer(ctx, p)
		}
	case err == nil:
		err = s.producers.Update(ctx, p.ID, func(old *Producer) error {
			slug, err := keepSlug(old.Slug, p.Slug)
			seq, box := old.FaceSeq, old.Box
			box.Post(now, p.Pending...)
			*old, old.Slug, old.FaceSeq, old.Box = p, slug, seq, box
			return err
		})
	}
	if err != nil {
		return err
	}
	s.settleProducer(ctx, p.ID)
	_, err = s.spread(ctx, p)
	return err
}

// insertProducer gives a new producer its slug. One whose id is taken is the
// store's Conflict.
func (s *Service) insertProducer(ctx context.Context, p Producer) error {
	for _, p.Slug = range slugs(p.Slug, p.Name, "nsx", p.ID) {
		err := s.producers.Insert(ctx, p)
		if !fault.Is(err, fault.Conflict) {
			return err
		}
		if _, gone := s.producers.Get(ctx, p.ID); !fault.Is(gone, fault.NotFound) {
			return err
		}
	}
	return fault.New(fault.Conflict, "catalog.slug.taken").Field("slug", "catalog.slug.taken")
}

// Producer finds a published producer by its slug, or is fault.NotFound.
func (s *Service) Producer(ctx context.Context, slug string) (Producer, error) {
	if !lang.IsSlug(slug) {
		return Producer{}, fault.New(fault.NotFound, "catalog.producer.not_found")
	}
	p, err := s.producers.First(ctx, store.Query{Index: "slug", Eq: []any{slug}})
	if err == nil && !p.Published {
		return Producer{}, fault.New(fault.NotFound, "catalog.producer.not_found")
	}
	return p, unknown(err, "catalog.producer.not_found")
}

// ProducerByID finds a producer whether it is published or not: the trace page
// of an old packet still names who packed it. Link to it only if Published.
func (s *Service) ProducerByID(ctx context.Context, id string) (Producer, error) {
	p, err := s.producers.Get(ctx, id)
	return p, unknown(err, "catalog.producer.not_found")
}

// Producers lists published producers in Vietnamese dictionary order and the
// cursor of the next page, "" on the last. A cursor that is none of ours is
// fault.Invalid.
func (s *Service) Producers(ctx context.Context, after string) ([]Producer, string, error) {
	return s.producers.Find(ctx, store.Query{Index: "listed", Eq: []any{true}, Limit: usualPage, After: after})
}

// ProducerOptions are all published producers by name, for a filter menu.
func (s *Service) ProducerOptions(ctx context.Context) ([]Producer, error) {
	found := []Producer{}
	err := s.producers.All(ctx, store.Query{Index: "listed", Eq: []any{true}}, func(p Producer) error {
		found = append(found, p)
		return nil
	})
	return found, err
}

// CommuneOptions are the codes of the communes that published producers are
// in, each once, in the dictionary order of the communes' names.
func (s *Service) CommuneOptions(ctx context.Context) ([]string, error) {
	producers, err := s.ProducerOptions(ctx)
	if err != nil {
		return nil, err
	}
	codes := []string{}
	for _, p := range producers {
		if !slices.Contains(codes, p.Commune) {
			codes = append(codes, p.Commune)
		}
	}
	slices.SortFunc(codes, byCommuneName)
	return codes, nil
}
