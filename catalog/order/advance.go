package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// steps bounds how far one call takes an order.
const steps = 12

// Advance takes an order as far as it can come now. It may be called at any
// time, by anybody, any number of times: a return page, a webhook, a person and
// the worker all come here.
func (s *Service) Advance(ctx context.Context, id string) error {
	for range steps {
		o, err := s.orders.Get(ctx, id)
		if err != nil {
			return unknown(err)
		}
		now := s.Now()
		w := o.next(now)
		if w == nothing {
			return s.rest(ctx, o, now)
		}
		if ok, err := s.lease(ctx, o); err != nil || !ok {
			return err // somebody else is at it
		}
		if err := s.do(ctx, o, w); err != nil {
			return err
		}
	}
	return nil
}

// rest lets an order sleep that woke for nothing.
func (s *Service) rest(ctx context.Context, o Order, now time.Time) error {
	if o.Wake == nil || o.Wake.After(now) {
		return nil
	}
	return s.orders.Update(ctx, o.ID, func(o *Order) error {
		o.seal(s.Now())
		return nil
	})
}

// lease lets one process work on an order, for a while; ok is false while
// another does. Every step can be repeated all the same.
func (s *Service) lease(ctx context.Context, o Order) (ok bool, err error) {
	err = s.orders.Update(ctx, o.ID, func(o *Order) error {
		now := s.Now()
		if ok = o.Lease == nil || !now.Before(*o.Lease); ok {
			until := store.Stamp(now.Add(leaseFor))
			o.Lease = &until
			o.Wake = &until
		}
		return nil
	})
	return ok, err
}

// record ends a piece of work: it makes the transition and gives the lease back.
func (s *Service) record(ctx context.Context, id string, fn func(*Order, time.Time)) error {
	now := s.Now()
	return s.orders.Update(ctx, id, func(o *Order) error {
		rev := o.Rev
		fn(o, now)
		if o.Rev != rev {
			o.Post(now, o.effects(rev, s.Pay)...)
		}
		o.Lease = nil
		o.seal(now)
		return nil
	})
}

func (s *Service) do(ctx context.Context, o Order, w work) error {
	switch w {
	case toFail:
		return s.record(ctx, o.ID, func(o *Order, now time.Time) {
			if o.State == Placing {
				o.fail("worker", "interrupted", now)
			}
		})
	case toExpire:
		if err := s.asked(ctx, o); err != nil && s.Now().Before(o.Until.Add(grace+askFor)) {
			return err // a page that was paid is not given up because its word was lost
		}
		return s.record(ctx, o.ID, func(o *Order, now time.Time) {
			if o.next(now) == toExpire {
				o.expire(now)
			}
		})
	case toSettle:
		return s.settle(ctx, o)
	case toRelease:
		return s.release(ctx, o)
	case toFold:
		return s.fold(ctx, o)
	case toCredit:
		return s.makeCredits(ctx, o)
	case toRefund:
		return s.sendCardRefunds(ctx, o)
	case toUncap:
		if err := s.freeCaps(ctx, o); err != nil {
			return err
		}
		return s.record(ctx, o.ID, func(o *Order, _ time.Time) { o.Uncapped, o.Network = true, "" })
	}
	return nil
}

// settle makes what a paid order needs its own. That it is about to is recorded
// first, so that nothing else happens to the order meanwhile.
func (s *Service) settle(ctx context.Context, o Order) error {
	if o.State != Settling {
		going := false
		err := s.orders.Update(ctx, o.ID, func(o *Order) error {
			if going = o.next(s.Now()) == toSettle; going {
				o.State, o.Released = Settling, false
			}
			return nil
		})
		if err != nil || !going {
			return err
		}
	}
	for _, n := range o.Needs {
		f, err := s.fulfiller(n.Kind)
		if err == nil {
			err = f.Settle(ctx, o.ID, n)
		}
		if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
			return s.record(ctx, o.ID, func(o *Order, now time.Time) {
				if o.State == Settling {
					o.stick("worker", n.Resource, now)
				}
			})
		}
		if err != nil {
			return err
		}
	}
	mine := false
	err := s.record(ctx, o.ID, func(o *Order, now time.Time) {
		if mine = o.State == Settling || o.State == Confirmed; o.State == Settling {
			o.confirm("worker", now)
		}
	})
	if err == nil && !mine { // it took so long that the order went on without it
		return s.undo(ctx, o.ID)
	}
	return err
}

// release gives up what an order that is over claims. Should it have come to life
// meanwhile, as by late money while this step was asleep, it gets its claims back.
func (s *Service) release(ctx context.Context, o Order) error {
	if err := s.releaseAll(ctx, o); err != nil {
		return err
	}
	over := false
	err := s.record(ctx, o.ID, func(o *Order, _ time.Time) {
		over = o.over()
		o.Released = over
	})
	if err != nil || over {
		return err
	}
	return s.reclaim(ctx, o.ID)
}

// undo releases what a late step claimed for an order that is over.
func (s *Service) undo(ctx context.Context, id string) error {
	o, err := s.orders.Get(ctx, id)
	if err != nil || !o.over() {
		return err
	}
	return s.releaseAll(ctx, o)
}

// reclaim settles anew what a confirmed order needs and a late step gave up: of
// what was sent nothing, since that is counted off. What somebody else has by now
// is said in the log, and check finds it.
func (s *Service) reclaim(ctx context.Context, id string) error {
	o, err := s.orders.Get(ctx, id)
	if err != nil || o.State != Confirmed {
		return err
	}
	for _, n := range o.Needs {
		f, err := s.fulfiller(n.Kind)
		if err == nil && o.Needed(n.Kind, n.Resource) == n.Quantity {
			err = f.Settle(ctx, o.ID, n)
		}
		if fault.Is(err, fault.Conflict) {
			s.Log.Error("a confirmed order lost its claim", "order", masked(id), "resource", n.Resource)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// releaseAll gives up what an order claims, but for credits that paid: they
// become others, which reconcile has noted.
func (s *Service) releaseAll(ctx context.Context, o Order) error {
	for _, n := range o.Needs {
		if o.Settled != nil && n.isCredit() {
			continue
		}
		f, err := s.fulfiller(n.Kind)
		if err == nil {
			err = f.Release(ctx, o.ID, n)
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

// fold carries what was sent, dropped or came back to those who count it.
func (s *Service) fold(ctx context.Context, o Order) error {
	done := []string{}
	for _, todo := range o.unfolded() {
		verb, seller, _ := strings.Cut(todo, ":")
		list := o.needsOf(seller)
		if todo == foldCoupons || todo == unuseCoupons {
			list = slices.DeleteFunc(slices.Clone(o.Needs), func(n Need) bool { return n.Kind != couponNeed })
		}
		for _, n := range list {
			f, err := s.fulfiller(n.Kind)
			if err != nil {
				return err
			}
			switch verb {
			case "fold", "coupons":
				err = f.Fold(ctx, o.ID, n)
			case "restore", "unuse":
				err = f.Restore(ctx, o.ID, n)
			case "drop":
				err = f.Release(ctx, o.ID, n)
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
		done = append(done, todo)
	}
	return s.record(ctx, o.ID, func(o *Order, _ time.Time) {
		for _, d := range done {
			if !slices.Contains(o.Done, d) {
				o.Done = append(o.Done, d)
			}
		}
	})
}

func (s *Service) fulfiller(k Kind) (Fulfiller, error) {
	f, ok := s.Fulfillers[k]
	if !ok {
		return nil, fault.New(fault.NotFound, "order.kind")
	}
	return f, nil
}
