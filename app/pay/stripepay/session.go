package stripepay

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/stripe/stripe-go/v76"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog/order"
)

// Session reads a page. Paid is true only when the money is there, not when a
// slow method was merely accepted; At is when the charge was made, zero before.
// It is fault.NotFound "order.card.unknown", fault.Unavailable "order.card.away",
// or fault.Internal "order.card.currency" for a page that is not in đồng.
func (g *Gateway) Session(ctx context.Context, id string) (order.Session, error) {
	if !isID(id) {
		return order.Session{}, fault.New(fault.NotFound, "order.card.unknown")
	}
	params := &stripe.CheckoutSessionParams{Expand: []*string{stripe.String("payment_intent.latest_charge")}}
	params.Context = ctx
	s, err := g.sessions.Get(id, params)
	if err != nil {
		return order.Session{}, classify(err)
	}
	if err := inDong(s.Currency, s.ID); err != nil {
		return order.Session{}, err
	}
	out := order.Session{ID: s.ID, Order: orderOf(s.ClientReferenceID, s.Metadata), URL: s.URL, Amount: money.VND(s.AmountTotal)}
	if paid(s) {
		out.Paid, out.Payment, out.At = true, paymentOf(s), paidAt(s)
	}
	return out, nil
}

// paid reports whether nothing is left to pay.
func paid(s *stripe.CheckoutSession) bool {
	return s.PaymentStatus == stripe.CheckoutSessionPaymentStatusPaid ||
		s.PaymentStatus == stripe.CheckoutSessionPaymentStatusNoPaymentRequired
}

// paymentOf is the id of the payment intent, or of the page where nothing had
// to be paid.
func paymentOf(s *stripe.CheckoutSession) string {
	if s.PaymentIntent == nil || s.PaymentIntent.ID == "" {
		return s.ID
	}
	return s.PaymentIntent.ID
}

func paidAt(s *stripe.CheckoutSession) time.Time {
	at := s.Created
	if s.PaymentIntent != nil && s.PaymentIntent.LatestCharge != nil {
		at = cmp.Or(s.PaymentIntent.LatestCharge.Created, at)
	}
	return moment(at)
}

func moment(seconds int64) time.Time { return time.Unix(seconds, 0).UTC() }

// orderOf is "" for what is not ours: another use of the same account.
func orderOf(reference string, meta map[string]string) string {
	return cmp.Or(reference, meta[metaOrder])
}

// inDong refuses any other currency, in which the same number is other money.
func inDong(c stripe.Currency, object string) error {
	if c != stripe.CurrencyVND {
		return fault.Wrap(fault.Internal, "order.card.currency", fmt.Errorf("%s is in %q", object, c))
	}
	return nil
}

// isID reports whether an id has the form of Stripe's, so that it stands for one
// object in a path.
func isID(id string) bool {
	for _, r := range id {
		if r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return id != "" && len(id) <= 255
}
