package catalog

import (
	"context"
	"fmt"

	"nguon/app/fault"
	"nguon/app/gs1"
)

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
