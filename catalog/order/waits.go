package order

import (
	"context"
	"slices"

	"nguon/app/store"
)

// Wait is something for which an order waits for the operator.
type Wait string

// What the operator's desk lists.
const (
	WaitStuck    Wait = "stuck"    // paid, cannot be fulfilled, and the money is not back
	WaitDisputed Wait = "disputed" // at the card gateway, or lost there and not looked at
	WaitRemit    Wait = "remit"    // a courier has its cash
)

// WaitRefund is the wait for a step of a refund of a state.
func WaitRefund(st RefundState) Wait { return "refund:" + Wait(st) }

// waits lists what an order waits for, for the index.
func (o Order) waits() []string {
	list := []string{}
	add := func(w Wait, is bool) {
		if is && !slices.Contains(list, string(w)) {
			list = append(list, string(w))
		}
	}
	add(WaitStuck, o.State == Stuck && o.pendingRefunds() > 0)
	add(WaitDisputed, o.Disputed() || o.lostUnseen())
	for _, p := range o.Parcels {
		add(WaitRemit, o.State == Confirmed && p.Remittable(o.Method))
	}
	for _, r := range o.Refunds {
		add(WaitRefund(r.State), r.State != RefundDone && r.State != RefundCredit)
	}
	return list
}

// Remittable reports whether a courier has the parcel's cash.
func (p Parcel) Remittable(m Method) bool {
	return m == Cash && p.Collector == ByCourier && p.Cash != nil && p.Remitted == nil
}

// Waiting lists orders that wait for something, the latest first.
func (s *Service) Waiting(ctx context.Context, w Wait, after string) ([]Order, string, error) {
	return s.orders.Find(ctx, store.Query{Index: "waits", Eq: []any{string(w)}, Desc: true, Limit: 50, After: after})
}

// CountWaiting is how many orders wait for something.
func (s *Service) CountWaiting(ctx context.Context, w Wait) (int64, error) {
	return s.orders.Count(ctx, store.Query{Index: "waits", Eq: []any{string(w)}})
}

// Needed is how much of a resource an order has to hold or to have settled now:
// 0 for one that is over, or whose parcels have left the house.
func (o Order) Needed(kind Kind, resource string) (sum int64) {
	if o.Released {
		return 0
	}
	for _, l := range o.Lines {
		if o.State == Confirmed && (slices.Contains(o.Done, "fold:"+l.Parcel()) || slices.Contains(o.Done, "drop:"+l.Parcel())) {
			continue
		}
		for _, n := range l.Needs {
			if n.Kind == kind && n.Resource == resource {
				sum += n.Quantity * l.Quantity
			}
		}
	}
	return sum
}
