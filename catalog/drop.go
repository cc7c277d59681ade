package catalog

import (
	"context"
	"time"

	"nguon/app/fault"
)

// Drop discards a draft that was made by mistake. It stays in the store, since
// the log and its address name it, but it is gone for its people and for the
// operator, its numbers are free, and nobody can bring it back. Faults: Conflict
// "catalog.product.kept" for what was ever in the shop or what the operator took
// out, "catalog.product.in_lot" when a lot holds one of its numbers; NotFound.
func (s *Service) Drop(ctx context.Context, by, id string) error {
	p, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	if err := s.lotless(ctx, p); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(now *Product, _ time.Time) (step, error) {
		if !now.Changed.Equal(p.Changed) { // its numbers may be others
			return step{}, stale()
		}
		return now.drop()
	})
}

func (p *Product) drop() (step, error) {
	if p.First != nil || p.Published || p.takenOut() {
		return step{}, fault.New(fault.Conflict, "catalog.product.kept")
	}
	p.Dropped = true
	if p.OCOP != nil {
		p.OCOP.Claimed = nil // nobody has to check it
	}
	return step{action: "product.drop"}, nil
}

// lotless refuses a product that a lot of its producer packs.
func (s *Service) lotless(ctx context.Context, p Product) error {
	for _, v := range p.Variants {
		if s.inLot == nil {
			return fault.New(fault.Unavailable, "unavailable")
		}
		used, err := s.inLot(ctx, p.Producer, v.GTIN)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, "catalog.product.in_lot")
		}
	}
	return nil
}

func dropped() error { return fault.New(fault.NotFound, "catalog.product.not_found") }
