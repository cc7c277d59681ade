package stripepay

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"

	"nguon/app/fault"
	"nguon/catalog/order"
)

// tolerance is how old a signature may be.
const tolerance = 300 * time.Second

// envelope is what we read of an event. Its other fields change between API
// versions.
type envelope struct {
	ID         string `json:"id"`
	Type       string `json:"type"`
	APIVersion string `json:"api_version"`
	Created    int64  `json:"created"`
	Data       struct {
		Object json.RawMessage `json:"object"`
	} `json:"data"`
}

// message is an event whose signature was checked.
type message struct {
	envelope
	same bool // its object is written in the version that the library reads
}

// Event reads a signed event: body is the request's raw body, header its
// Stripe-Signature. Kind is EventOther for what does not concern an order,
// whatever its type, so that it can be answered as received. Order is "" only
// then. The same event may come again, late and out of order: an object of
// another API version is read anew and told as it is now.
//
// It is fault.Invalid "order.webhook.signature" or "order.webhook.body" (answer
// 400), fault.Unavailable "order.card.away" when something has to be asked of
// Stripe and cannot be, or fault.Internal "order.card.currency" (answer 5xx: it
// comes again).
func (g *Gateway) Event(ctx context.Context, body []byte, header string) (order.Event, error) {
	if err := g.signed(body, header); err != nil {
		return order.Event{}, fault.Wrap(fault.Invalid, "order.webhook.signature", err)
	}
	var m message
	if err := json.Unmarshal(body, &m.envelope); err != nil {
		return order.Event{}, badBody(err)
	}
	if m.ID == "" {
		return order.Event{}, badBody(errors.New("an event without an id"))
	}
	m.same = m.APIVersion == stripe.APIVersion
	out, err := g.read(ctx, m)
	if err != nil {
		return order.Event{}, err
	}
	if out.Amount < 0 {
		return order.Event{}, badBody(errors.New("an amount below nothing"))
	}
	out.ID, out.At = m.ID, moment(m.Created)
	return out, nil
}

// signed checks a signature against each of our secrets.
func (g *Gateway) signed(body []byte, header string) error {
	err := webhook.ErrNoValidSignature
	for _, secret := range g.options.WebhookSecrets {
		if secret == "" {
			continue // anybody knows it
		}
		if err = webhook.ValidatePayloadWithTolerance(body, header, secret, tolerance); err == nil {
			return nil
		}
	}
	return err
}

func badBody(cause error) error { return fault.Wrap(fault.Invalid, "order.webhook.body", cause) }

// typeRefundFailed is sent since 2024; this version of the library does not
// name it.
const typeRefundFailed stripe.EventType = "refund.failed"

// read finds out what an event is for an order. ID and At are left out.
func (g *Gateway) read(ctx context.Context, m message) (order.Event, error) {
	switch typ := stripe.EventType(m.Type); typ {
	case stripe.EventTypeCheckoutSessionCompleted, stripe.EventTypeCheckoutSessionAsyncPaymentSucceeded:
		return g.ofSession(ctx, m, order.EventOther)
	case stripe.EventTypeCheckoutSessionAsyncPaymentFailed:
		return g.ofSession(ctx, m, order.EventFailed)
	case stripe.EventTypeCheckoutSessionExpired:
		return g.ofSession(ctx, m, order.EventExpired)
	case stripe.EventTypePaymentIntentSucceeded:
		return g.ofIntent(ctx, m, order.EventOther)
	case stripe.EventTypePaymentIntentPaymentFailed:
		return g.ofIntent(ctx, m, order.EventFailed)
	case stripe.EventTypePaymentIntentCanceled:
		return g.ofIntent(ctx, m, order.EventExpired)
	case stripe.EventTypeChargeRefunded:
		return g.ofCharge(ctx, m)
	case stripe.EventTypeChargeRefundUpdated, stripe.EventTypeRefundCreated, stripe.EventTypeRefundUpdated, typeRefundFailed:
		return g.ofRefund(ctx, m)
	case stripe.EventTypeChargeDisputeCreated:
		return g.ofDispute(ctx, m, order.EventDisputed)
	case stripe.EventTypeChargeDisputeClosed:
		return g.ofDispute(ctx, m, order.EventDisputeOver)
	}
	return order.Event{Kind: order.EventOther}, nil
}

// object is what an event is about: from the event where it is written as the
// library reads it, else by its id from the API.
func object[T any](m message, get func(id string) (*T, error)) (*T, error) {
	var head struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal(m.Data.Object, &head); err != nil {
		return nil, badBody(err)
	}
	if !isID(head.ID) {
		return nil, badBody(errors.New("an object without an id"))
	}
	if !m.same {
		v, err := get(head.ID)
		if err != nil {
			return nil, classify(err)
		}
		return v, nil
	}
	v := new(T)
	if err := json.Unmarshal(m.Data.Object, v); err != nil {
		return nil, badBody(err)
	}
	return v, nil
}
