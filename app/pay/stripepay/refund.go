package stripepay

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v76"

	"nguon/app/fault"
	"nguon/catalog/order"
)

// Refund sends money back and returns the id of the refund at Stripe; it is
// pending until an event of kind EventRefunded or EventRefundFailed names it.
//
// The same refund is sent once, also long after Stripe forgot its idempotency
// key: what the payment lists as ours is not sent again. It is fault.Conflict
// "order.refund.refused" when Stripe will not do it (returned already, more than
// is left, disputed, sent with another amount): it has to be done by hand or
// anew under another id. It is fault.Unavailable "order.card.away" to be tried again.
func (g *Gateway) Refund(ctx context.Context, r order.GatewayRefund) (string, error) {
	if r.Amount <= 0 || r.Order == "" || r.Refund == "" || !isID(r.Payment) {
		return "", fault.Wrap(fault.Internal, "order.refund.incomplete", fmt.Errorf("%+v", r))
	}
	if ref, err := g.sent(ctx, r); ref != "" || err != nil {
		return ref, err
	}
	made, err := g.refunds.New(refundParams(ctx, r))
	switch {
	case err == nil && made.ID != "":
		return made.ID, nil
	case err == nil:
		return "", fault.Wrap(fault.Unavailable, "order.card.away", errUnreadable)
	case !final(err):
		return "", classify(err)
	}
	// Two of us may have sent it at once, and one of them is told that the
	// other's took what there was.
	if ref, err := g.sent(ctx, r); ref != "" || err != nil {
		return ref, err
	}
	return "", fault.Wrap(fault.Conflict, "order.refund.refused", causeOf(err))
}

func refundParams(ctx context.Context, r order.GatewayRefund) *stripe.RefundParams {
	p := &stripe.RefundParams{
		PaymentIntent: stripe.String(r.Payment),
		Amount:        stripe.Int64(int64(r.Amount)),
		Metadata:      map[string]string{metaOrder: r.Order, metaRefund: r.Refund},
	}
	p.Context = ctx
	p.SetIdempotencyKey(r.Order + ":" + r.Refund)
	return p
}

// sent finds a refund among those of its payment, "" when it is not there.
func (g *Gateway) sent(ctx context.Context, r order.GatewayRefund) (string, error) {
	list := &stripe.RefundListParams{PaymentIntent: stripe.String(r.Payment)}
	all, err := g.listRefunds(ctx, list)
	if err != nil {
		if fault.Is(err, fault.Unavailable) {
			return "", err
		}
		return "", fault.Wrap(fault.Conflict, "order.refund.refused", err)
	}
	for _, known := range all {
		if known.Metadata[metaOrder] != r.Order || known.Metadata[metaRefund] != r.Refund {
			continue
		}
		if known.Amount != int64(r.Amount) {
			return "", fault.Wrap(fault.Conflict, "order.refund.refused",
				fmt.Errorf("%s was sent with %d, not %d", known.ID, known.Amount, r.Amount))
		}
		return known.ID, nil
	}
	return "", nil
}

const pageSize = 100

// listRefunds reads all refunds of a payment or a charge, newest first.
func (g *Gateway) listRefunds(ctx context.Context, p *stripe.RefundListParams) (all []*stripe.Refund, err error) {
	p.Context = ctx
	p.Limit = stripe.Int64(pageSize)
	list := g.refunds.List(p)
	for list.Next() {
		all = append(all, list.Refund())
	}
	if list.Err() != nil {
		return nil, classify(list.Err())
	}
	return all, nil
}
