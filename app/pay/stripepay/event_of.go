package stripepay

import (
	"context"
	"slices"

	"github.com/stripe/stripe-go/v76"

	"nguon/app/money"
	"nguon/catalog/order"
)

// other is an event that asks for nothing.
var other = order.Event{Kind: order.EventOther}

// ofSession reads an event about a page. A page that is paid is EventPaid
// whatever its event says, and unpaid it is what its event says.
func (g *Gateway) ofSession(ctx context.Context, m message, unpaid order.EventKind) (order.Event, error) {
	s, err := object(m, func(id string) (*stripe.CheckoutSession, error) {
		p := &stripe.CheckoutSessionParams{}
		p.Context = ctx
		return g.sessions.Get(id, p)
	})
	if err != nil {
		return order.Event{}, err
	}
	e := order.Event{Kind: unpaid, Order: orderOf(s.ClientReferenceID, s.Metadata), Session: s.ID, Amount: money.VND(s.AmountTotal)}
	if e.Order == "" {
		return other, nil
	}
	if paid(s) {
		e.Kind, e.Payment = order.EventPaid, paymentOf(s)
	}
	return e, inDong(s.Currency, s.ID)
}

// ofIntent reads an event about a payment that no page made. The payments of
// pages are told by their pages, once. It is EventPaid or unpaid, as above.
func (g *Gateway) ofIntent(ctx context.Context, m message, unpaid order.EventKind) (order.Event, error) {
	pi, err := object(m, g.intent(ctx))
	if err != nil {
		return order.Event{}, err
	}
	if pi.Metadata[metaOrder] == "" {
		return other, nil
	}
	list := &stripe.CheckoutSessionListParams{PaymentIntent: stripe.String(pi.ID)}
	list.Context, list.Single = ctx, true
	list.Limit = stripe.Int64(1)
	pages := g.sessions.List(list)
	if pages.Next() {
		return other, nil
	}
	if pages.Err() != nil {
		return order.Event{}, classify(pages.Err())
	}
	e := order.Event{Kind: unpaid, Order: pi.Metadata[metaOrder], Payment: pi.ID, Amount: money.VND(pi.Amount)}
	if pi.Status == stripe.PaymentIntentStatusSucceeded {
		e.Kind, e.Amount = order.EventPaid, money.VND(pi.AmountReceived)
	}
	return e, inDong(pi.Currency, pi.ID)
}

func (g *Gateway) intent(ctx context.Context) func(string) (*stripe.PaymentIntent, error) {
	return func(id string) (*stripe.PaymentIntent, error) {
		p := &stripe.PaymentIntentParams{}
		p.Context = ctx
		return g.intents.Get(id, p)
	}
}

// ofCharge reads that a charge was refunded. The event does not say by which
// refund, so it is looked for.
func (g *Gateway) ofCharge(ctx context.Context, m message) (order.Event, error) {
	c, err := object(m, func(id string) (*stripe.Charge, error) {
		p := &stripe.ChargeParams{}
		p.Context = ctx
		return g.charges.Get(id, p)
	})
	if err != nil {
		return order.Event{}, err
	}
	all, err := g.listRefunds(ctx, &stripe.RefundListParams{Charge: stripe.String(c.ID)})
	if err != nil {
		return order.Event{}, err
	}
	total := int64(-1)
	if m.same {
		total = c.AmountRefunded
	}
	if r := refundAt(all, total, m.Created); r != nil {
		return refundEvent(r)
	}
	return other, nil
}

// refundAt finds which of the refunds, newest first, an event told of: the one
// that brought the sum to what the event says, else the newest of its time.
func refundAt(all []*stripe.Refund, total, created int64) *stripe.Refund {
	sum := int64(0)
	for _, r := range slices.Backward(all) {
		if sum += standing(r); sum == total && standing(r) > 0 {
			return r
		}
	}
	for _, r := range all {
		if r.Created <= created {
			return r
		}
	}
	return nil
}

// standing is what a refund counts for in its charge's sum.
func standing(r *stripe.Refund) int64 {
	if r.Status == stripe.RefundStatusFailed || r.Status == stripe.RefundStatusCanceled {
		return 0
	}
	return r.Amount
}

func (g *Gateway) ofRefund(ctx context.Context, m message) (order.Event, error) {
	r, err := object(m, func(id string) (*stripe.Refund, error) {
		p := &stripe.RefundParams{}
		p.Context = ctx
		return g.refunds.Get(id, p)
	})
	if err != nil {
		return order.Event{}, err
	}
	return refundEvent(r)
}

// refundEvent is EventOther for a refund that is on its way, or that somebody
// made at Stripe by hand.
func refundEvent(r *stripe.Refund) (order.Event, error) {
	e := order.Event{Kind: order.EventOther, Order: r.Metadata[metaOrder], Refund: r.Metadata[metaRefund], Ref: r.ID, Amount: money.VND(r.Amount)}
	if e.Order == "" || e.Refund == "" {
		return other, nil
	}
	if r.PaymentIntent != nil {
		e.Payment = r.PaymentIntent.ID
	}
	switch r.Status {
	case stripe.RefundStatusSucceeded:
		e.Kind = order.EventRefunded
	case stripe.RefundStatusFailed, stripe.RefundStatusCanceled:
		e.Kind = order.EventRefundFailed
	}
	return e, inDong(r.Currency, r.ID)
}

// ofDispute reads a dispute, which names a payment but no order. Its amount is
// the bank's and 0 when that is not in đồng: a dispute is told in any case.
func (g *Gateway) ofDispute(ctx context.Context, m message, kind order.EventKind) (order.Event, error) {
	d, err := object(m, func(id string) (*stripe.Dispute, error) {
		p := &stripe.DisputeParams{}
		p.Context = ctx
		return g.disputes.Get(id, p)
	})
	if err != nil {
		return order.Event{}, err
	}
	if d.PaymentIntent == nil || !isID(d.PaymentIntent.ID) {
		return other, nil
	}
	pi, err := g.intent(ctx)(d.PaymentIntent.ID)
	if err != nil {
		return order.Event{}, classify(err)
	}
	if pi.Metadata[metaOrder] == "" {
		return other, nil
	}
	e := order.Event{Kind: kind, Order: pi.Metadata[metaOrder], Payment: pi.ID, Ref: d.ID, Lost: kind == order.EventDisputeOver && d.Status == stripe.DisputeStatusLost}
	if d.Currency == stripe.CurrencyVND {
		e.Amount = money.VND(d.Amount)
	}
	return e, nil
}
