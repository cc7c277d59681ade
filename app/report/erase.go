package report

import (
	"context"
	"time"

	"nguon/app/store"
)

// Erase removes the address of whoever sent a report, for instance because they ask
// for it; by is the id of the person who does it. What they wrote stays.
// Repeating it changes nothing; an unknown report is fault.NotFound.
func (s *Service) Erase(ctx context.Context, by, id string) error {
	return s.update(ctx, id, func(r *Report) error {
		r.erase(by, s.now())
		return nil
	})
}

// Sweep removes the addresses that have been kept long enough, 180 days behind
// the last answer or closing and 365 behind the filing at most, and returns
// how many. A worker calls it once a day or oftener. One report that fails
// does not hold up the others; the first error is returned.
func (s *Service) Sweep(ctx context.Context) (n int, first error) {
	now := s.now()
	due := store.Query{Index: "erase", To: now.Add(time.Millisecond)}
	err := s.reports.All(ctx, due, func(r Report) error {
		erased, err := s.expire(ctx, r.ID, now)
		if erased {
			n++
		}
		if first == nil {
			first = err
		}
		return ctx.Err()
	})
	if first == nil {
		first = err
	}
	return n, first
}

// expire looks again whether the time has come: an answer may have moved it.
func (s *Service) expire(ctx context.Context, id string, now time.Time) (erased bool, err error) {
	err = s.update(ctx, id, func(r *Report) error {
		if erased = r.EraseAt != nil && !r.EraseAt.After(now); erased {
			r.erase("worker", now)
		}
		return nil
	})
	return erased && err == nil, err
}
