package order

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/store"
)

// How often one network may look orders up by code and telephone.
const (
	mostFinds = 10
	findSpan  = time.Hour
)

// MayFind counts a look-up from a network before it is made, found or not. Too
// many within an hour are fault.TooMany "order.find.many" with Args "Seconds"
// until the next; one that is refused does not count.
func (s *Service) MayFind(ctx context.Context, network string) error {
	now := s.Now()
	key, try := s.hash("find", network), NewID()
	change := func(d *capDoc) error {
		d.Erase = store.Stamp(now.Add(findSpan))
		err := d.Hold(mostFinds, try, 1, store.Stamp(now.Add(findSpan)), now)
		if fault.Is(err, fault.Conflict) {
			return fault.New(fault.TooMany, "order.find.many").With("Seconds", d.firstFree(now))
		}
		return err
	}
	return upsert(ctx, s.caps, key, capDoc{ID: key}, change)
}

// firstFree is in how many seconds the first claim runs out.
func (d capDoc) firstFree(now time.Time) int64 {
	if len(d.Holds) == 0 {
		return 0
	}
	first := slices.MinFunc(d.Holds, func(a, b hold.Claim) int { return a.Until.Compare(b.Until) })
	return int64((first.Until.Sub(now) + time.Second - 1) / time.Second)
}
