package order

import (
	"context"
	"time"

	"nguon/app/store"
)

// Invoices calls fn for the orders of a span of time whose buyers asked for a
// company invoice, the earliest first: those that were sold, by one seller, or by
// anybody where seller is "". None is issued here.
func (s *Service) Invoices(ctx context.Context, seller string, from, to time.Time, fn func(Order) error) error {
	q := store.Query{Index: "state", Eq: []any{string(Confirmed)}, From: from, To: to}
	if seller != "" {
		q.Index, q.Eq = "seller", []any{seller}
	}
	return s.orders.All(ctx, q, func(o Order) error {
		if o.Invoice == nil || o.State != Confirmed || seller != "" && o.Parcels[o.Parcel(seller)].State == Dropped {
			return nil
		}
		return fn(o)
	})
}
