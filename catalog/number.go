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

// open reports whether a product holds its numbers against others: once its
// producer was approved, or it was in the shop. Before, nobody has looked at who
// typed them, so they neither block their owner nor name the draft to the public.
func (p Product) open(maker Producer) bool { return maker.Published || p.Published || p.First != nil }

// numbers are the GTINs that a product holds: all of an open one, else those it
// held before, because packets may bear them. One that was discarded holds none.
func (p Product) numbers(open bool) []string {
	list := []string{}
	if p.Dropped {
		return list
	}
	for _, v := range p.Variants {
		if open || slices.Contains(p.Numbers, v.GTIN) {
			list = append(list, v.GTIN)
		}
	}
	return list
}

// rewrite changes a product and derives what follows; fn says whether it
// changed anything. Where another product holds one of its numbers, it takes no new
// ones: only publishing needs them, and is refused with the Conflict
// "catalog.variant.gtin_taken".
func (s *Service) rewrite(ctx context.Context, id string, maker Producer, now time.Time, fn func(*Product) (bool, error)) error {
	var last Product
	publishes := false
	write := func(open bool) error {
		return s.products.Update(ctx, id, func(p *Product) error {
			published := p.Published
			if changed, err := fn(p); err != nil || !changed {
				return err
			}
			held := p.numbers(false)
			if p.derive(maker, now); !open {
				p.Numbers = held
			}
			last, publishes = *p, p.Published && !published
			return nil
		})
	}
	err := write(true)
	if fault.CodeOf(err) != "store.conflict" {
		return err
	}
	if publishes {
		return s.clash(ctx, last, err)
	}
	return write(false)
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
