package catalog

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/store"
)

// borne reports whether packets may bear a number: the product was in the shop,
// or labels were printed before it came there. Only then is it told by its number.
func (p Product) borne(gtin string) bool {
	return p.First != nil || p.Published || slices.Contains(p.Printed, gtin)
}

// numbers are the GTINs that a product holds against others: those that packets
// may bear, and in-store numbers, which are given to nobody else. What a draft
// only says blocks nobody. One that was discarded holds none.
func (p Product) numbers() []string {
	list := []string{}
	if p.Dropped {
		return list
	}
	for _, v := range p.Variants {
		if p.borne(v.GTIN) || gs1.IsRestricted(v.GTIN) {
			list = append(list, v.GTIN)
		}
	}
	return list
}

// Packable is the product of a producer that says a number, and its variant: what
// labels of the number would name. Faults: NotFound "catalog.gtin.not_found";
// Conflict "catalog.variant.gtin_taken" for a number that another producer holds.
func (s *Service) Packable(ctx context.Context, producer, gtin string) (Product, Variant, error) {
	p, v, err := s.ByGTIN(ctx, gtin)
	if err == nil && p.Producer != producer {
		return Product{}, Variant{}, fault.New(fault.Conflict, "catalog.variant.gtin_taken").With("GTIN", gtin)
	}
	if err == nil || !fault.Is(err, fault.NotFound) {
		return p, v, err
	}
	own, broken := s.Own(ctx, producer)
	for _, p := range own {
		if i := p.find(gtin); i >= 0 {
			return p, p.Variants[i], nil
		}
	}
	if broken != nil {
		err = broken
	}
	return Product{}, Variant{}, err
}

// Claim makes the producer's product hold a number that labels are about to bear,
// though it was never in the shop. Claiming again changes nothing. Faults as
// Packable.
func (s *Service) Claim(ctx context.Context, producer, gtin string) error {
	p, _, err := s.Packable(ctx, producer, gtin)
	if err != nil || p.borne(gtin) {
		return err
	}
	maker, err := s.producers.Get(ctx, producer)
	if err != nil {
		return unknown(err, "catalog.producer.not_found")
	}
	now := store.Stamp(s.now())
	return s.rewrite(ctx, p.ID, maker, now, func(p *Product) (bool, error) {
		if p.Dropped || p.find(gtin) < 0 {
			return false, fault.New(fault.NotFound, "catalog.gtin.not_found").With("GTIN", gtin)
		}
		if p.borne(gtin) {
			return false, nil
		}
		p.Printed, p.Changed = append(slices.Clone(p.Printed), gtin), next(p.Changed, now)
		return true, nil
	})
}

// printed are those of a draft's printed numbers that a lot bears; all of them
// where nobody says how to ask.
func (s *Service) printed(ctx context.Context, p Product) ([]string, error) {
	if p.First != nil || s.inLot == nil {
		return p.Printed, nil
	}
	var list []string
	for _, gtin := range p.Printed {
		used, err := s.inLot(ctx, p.Producer, gtin)
		if err != nil {
			return nil, err
		}
		if used {
			list = append(list, gtin)
		}
	}
	return list, nil
}

// rewrite changes a product and derives what follows; fn says whether it changed
// anything. Where another product holds one of its numbers, that is the Conflict
// "catalog.variant.gtin_taken".
func (s *Service) rewrite(ctx context.Context, id string, maker Producer, now time.Time, fn func(*Product) (bool, error)) error {
	var last Product
	err := s.products.Update(ctx, id, func(p *Product) error {
		if changed, err := fn(p); err != nil || !changed {
			return err
		}
		p.derive(maker, now)
		last = *p
		return nil
	})
	if fault.CodeOf(err) == "store.conflict" {
		return s.clash(ctx, last, err)
	}
	if err == nil && last.ID != "" {
		s.settle(ctx, id)
	}
	return err
}

// clash finds out which unique value another product holds: a GTIN, else it is
// what otherwise says.
func (s *Service) clash(ctx context.Context, p Product, otherwise error) error {
	for i, v := range p.Variants {
		if !slices.Contains(p.Numbers, v.GTIN) {
			continue
		}
		other, err := s.products.First(ctx, store.Query{Index: "gtin", Eq: []any{v.GTIN}})
		if err == nil && other.ID != p.ID {
			return fault.New(fault.Conflict, "catalog.variant.gtin_taken").With("GTIN", v.GTIN).
				Field("variants."+strconv.Itoa(i)+".gtin", "catalog.variant.gtin_taken")
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return otherwise
}

// othersHold reports whether a number is another product's, whatever a draft says.
func (s *Service) othersHold(ctx context.Context, p Product, gtin string) (bool, error) {
	if slices.Contains(p.Numbers, gtin) {
		return false, nil
	}
	other, err := s.products.First(ctx, store.Query{Index: "gtin", Eq: []any{gtin}})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return other.ID != p.ID, err
}

// numberDoc counts the in-store numbers that were given out.
type numberDoc struct {
	ID   string `bson:"_id"`
	Next int64  `bson:"next"`
}

const (
	inStoreCounter = "in-store"
	// inStorePrefix lies in the range 200-299 that GS1 leaves to companies for
	// numbers of their own (GS1 General Specifications, Restricted Circulation
	// Numbers). They are unique within this marketplace and nowhere else.
	inStorePrefix = "020"
	inStoreMost   = 9_999_999_999
)

// InStore gives out the next in-store number, as 14 digits: for a trade item
// whose producer has no GTIN. A number that is not used leaves a gap.
func (s *Service) InStore(ctx context.Context) (string, error) {
	var n int64
	err := s.numbers.Update(ctx, inStoreCounter, func(d *numberDoc) error {
		n = d.Next
		d.Next++
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		n = 1
		if err = s.numbers.Insert(ctx, numberDoc{inStoreCounter, n + 1}); fault.Is(err, fault.Conflict) {
			return s.InStore(ctx)
		}
	}
	if err == nil && n > inStoreMost {
		err = fault.New(fault.Unavailable, "unavailable")
	}
	if err != nil {
		return "", err
	}
	digits := fmt.Sprintf("%s%010d", inStorePrefix, n)
	return digits + string(gs1.CheckDigit(digits)), nil
}
