package order

import (
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// How long things may take. Transfers without a webhook wait for somebody to
// look into the bank's app.
const (
	placeWithin  = time.Minute      // an order that is still being placed then was interrupted
	leaseFor     = 30 * time.Second // one process works on an order alone
	holdTransfer = 24 * time.Hour
	holdWebhook  = 30 * time.Minute
	holdCard     = 31 * time.Minute // a page of the gateway cannot be shorter than 30
	grace        = 10 * time.Minute // a word about a payment may be this late
	askFor       = time.Hour        // and so long a gateway that is away is asked again
)

// work is what an order asks for next.
type work uint8

const (
	nothing   work = iota
	toFail         // it was interrupted while it was placed
	toSettle       // paid: what it needs becomes its own
	toExpire       // nobody paid
	toRelease      // what it held goes back
	toFold         // what was sent is counted off, what came back is counted in
	toUncap        // it counts for no limit any more
	toCredit       // a refund became a credit that does not exist yet
	toRefund       // money goes back by the card gateway
)

// next says what an order asks for at a moment. Every answer is acted on by one
// function, however the order came to it.
func (o Order) next(now time.Time) work {
	switch o.State {
	case Placing:
		if !now.Before(o.Placed.Add(placeWithin)) {
			return toFail
		}
		return nothing
	case Settling:
		return toSettle
	case Open:
		if o.Due() == 0 {
			return toSettle
		}
		if o.Until != nil && !now.Before(o.Until.Add(grace)) {
			return toExpire
		}
		return nothing
	case Expired:
		if o.late() {
			return toSettle // it gets what is still free
		}
	}
	switch {
	case o.over() && !o.Released:
		return toRelease
	case len(o.unfolded()) > 0:
		return toFold
	case !o.Uncapped && o.uncaps():
		return toUncap
	case slices.ContainsFunc(o.Refunds, Refund.uncredited):
		return toCredit
	case slices.ContainsFunc(o.Refunds, o.sendable):
		return toRefund
	}
	return nothing
}

// uncredited reports whether a refund is a credit that has to be made.
func (r Refund) uncredited() bool {
	return r.State == RefundCredit && r.Expires == nil
}

// sendable reports whether a refund goes by the gateway that took the money.
func (o Order) sendable(r Refund) bool {
	return r.Method == Card && r.State == RefundReady && r.Payment != "" && !o.disputed(r.Payment)
}

// over reports whether an order ended without anything being sold.
func (o Order) over() bool {
	return o.State == Failed || o.State == Expired || o.State == Cancelled || o.State == Stuck
}

// final reports whether nothing more happens to a parcel.
func (s ParcelState) final() bool { return s == Delivered || s == Returned || s == Dropped }

// uncaps reports whether an order counts no more among the open ones of its
// telephone: it was paid or is over, and cash was collected.
func (o Order) uncaps() bool {
	if o.over() {
		return true
	}
	if o.State != Confirmed {
		return false
	}
	return o.Method != Cash || !slices.ContainsFunc(o.Parcels, func(p Parcel) bool { return !p.State.final() })
}

// Steps that count uses of coupons off, and give them back once the order was
// cancelled.
const (
	foldCoupons  = "coupons:"
	unuseCoupons = "unuse:"
)

// unfolded lists the steps in other documents that an order still asks for.
func (o Order) unfolded() (todo []string) {
	if o.State == Cancelled && slices.Contains(o.Done, foldCoupons) && !slices.Contains(o.Done, unuseCoupons) {
		return []string{unuseCoupons}
	}
	if o.State == Cancelled {
		return o.unrestored()
	}
	if o.State != Confirmed {
		return nil
	}
	if len(o.Coupons) > 0 && !slices.Contains(o.Done, foldCoupons) {
		todo = append(todo, foldCoupons)
	}
	for _, p := range o.Parcels {
		steps := []string{}
		id := p.ID()
		folded := slices.Contains(o.Done, "fold:"+id)
		switch {
		case p.State == Dropped && folded:
			steps = append(steps, "restore:"+id)
		case p.State == Dropped:
			steps = append(steps, "drop:"+id)
		case p.SentAt != nil || p.Visit(): // a thousand seats are not kept one by one
			steps = append(steps, "fold:"+id)
		}
		if p.State == Returned && p.Restock {
			steps = append(steps, "restore:"+id)
		}
		for _, s := range steps {
			if !slices.Contains(o.Done, s) {
				todo = append(todo, s)
			}
		}
	}
	return todo
}

// unrestored are visits that were left before the rest of their order was
// cancelled.
func (o Order) unrestored() (todo []string) {
	for _, p := range o.Parcels {
		id := p.ID()
		if p.Visit() && slices.Contains(o.Done, "fold:"+id) && !slices.Contains(o.Done, "restore:"+id) {
			todo = append(todo, "restore:"+id)
		}
	}
	return todo
}

// wakes says when the worker has to look at an order, nil for never.
func (o Order) wakes(now time.Time) *time.Time {
	at := now
	switch {
	case o.Lease != nil && now.Before(*o.Lease):
		at = *o.Lease
	case o.State == Placing:
		at = o.Placed.Add(placeWithin)
	case o.next(now) != nothing:
	case o.State == Open && o.Until != nil:
		at = o.Until.Add(grace)
	default:
		return nil
	}
	at = store.Stamp(at)
	return &at
}

// step notes a transition.
func (o *Order) step(name, by, note string, now time.Time) {
	o.Rev++
	o.Steps = append(o.Steps, Step{Name: name, At: store.Stamp(now), By: by, Note: note})
}

// seal brings what is derived up to date; every change ends with it.
func (o *Order) seal(now time.Time) {
	o.Refs = o.Refs[:0:0]
	for _, p := range o.Payments {
		o.Refs = append(o.Refs, p.ID)
	}
	o.Desk = o.desk()
	o.Waits = o.waits()
	o.Stands = o.stands()
	o.Wake = o.wakes(now)
}

// fail ends an order of which something could not be held.
func (o *Order) fail(by, note string, now time.Time) {
	o.State = Failed
	o.step("failed", by, note, now)
}

// open makes an order wait for its money.
func (o *Order) open(now time.Time) {
	o.State = Open
	o.step("placed", "shopper", "", now)
}

// confirm makes what an order needs its own: its parcels can be packed.
func (o *Order) confirm(by string, now time.Time) {
	at := store.Stamp(now)
	o.State, o.Settled = Confirmed, &at
	for i := range o.Parcels {
		o.Parcels[i].State = ToPack
	}
	o.step("confirmed", by, "", now)
	o.reconcile("over", now)
}

// stick notes that a paid order cannot be fulfilled; the money goes back.
func (o *Order) stick(by, note string, now time.Time) {
	o.State = Stuck
	o.step("stuck", by, note, now)
	o.reconcile("stuck", now)
}

// expire ends an order that nobody paid in time.
func (o *Order) expire(now time.Time) {
	o.State = Expired
	o.step("expired", "worker", "", now)
	if o.Due() > 0 {
		o.reconcile("late", now) // too little came in
	}
}

// pay notes money that came in; the same payment again changes nothing.
func (o *Order) pay(p Payment, now time.Time) bool {
	if p.Amount <= 0 || slices.ContainsFunc(o.Payments, func(x Payment) bool { return x.ID == p.ID }) {
		return false
	}
	p.At, p.Booked = store.Stamp(now), store.Stamp(p.Booked)
	o.Payments = append(o.Payments, p)
	o.step("paid", p.By, p.ID, now)
	switch {
	case o.mayPay():
	case o.State == Confirmed:
		o.reconcile("over", now)
	default:
		o.reconcile("late", now)
	}
	return true
}

// WasLate reports whether an order ran out and was paid all the same.
func (o Order) WasLate() bool {
	return slices.ContainsFunc(o.Steps, func(s Step) bool { return s.Name == "expired" })
}

// mayPay reports whether what came in may still pay for an order, and nothing of
// it goes back before that is known: one that is late gets what is still free.
func (o Order) mayPay() bool {
	switch o.State {
	case Placing, Open, Settling:
		return true
	}
	return o.late()
}

// late reports whether an order that ran out was paid all the same.
func (o Order) late() bool {
	return o.State == Expired && o.Paid() > 0 && o.Due() == 0 && o.Returned() == 0
}

// Late reports whether money came in after what it pays for was given up, by
// the bank's time.
func (o Order) Late(p Payment) bool { return o.Until != nil && p.Booked.After(*o.Until) }

// cancellable says why an order cannot be cancelled any more, nil when it can.
func (o Order) cancellable() error {
	switch o.State {
	case Open:
		return nil
	case Confirmed:
		left := false
		for _, p := range o.Parcels {
			if p.State != ToPack && p.State != Dropped {
				return fault.New(fault.Conflict, "order.cancel.packed")
			}
			if p.Visit() && p.State != Dropped { // its own rules say what goes back
				return fault.New(fault.Conflict, "order.cancel.visit")
			}
			left = left || p.State == ToPack
		}
		if !left {
			return fault.New(fault.Conflict, "order.cancel.over")
		}
		return nil
	case Cancelled:
		return nil
	case Settling, Placing:
		return fault.New(fault.Conflict, "order.cancel.busy")
	}
	return fault.New(fault.Conflict, "order.cancel.over")
}

// Cancellable reports whether an order can be cancelled.
func (o Order) Cancellable() bool { return o.State != Cancelled && o.cancellable() == nil }

// cancel ends an order before anything was packed; what was paid goes back.
func (o *Order) cancel(by, note string, now time.Time) error {
	if err := o.cancellable(); err != nil || o.State == Cancelled {
		return err
	}
	at := store.Stamp(now)
	for i := range o.Parcels {
		if p := &o.Parcels[i]; p.State != Dropped {
			p.State, p.DroppedAt = Dropped, &at
		}
	}
	o.State = Cancelled
	o.step("cancelled", by, note, now)
	o.reconcile("cancelled", now)
	return nil
}
