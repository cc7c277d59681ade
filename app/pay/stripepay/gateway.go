// Package stripepay takes cards through Stripe Checkout: it opens the page,
// reads how far it has come, sends money back and reads signed events. Amounts
// are whole đồng throughout, since VND has no minor unit at Stripe either
// (docs.stripe.com/currencies).
package stripepay

import (
	"cmp"
	"log/slog"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/charge"
	"github.com/stripe/stripe-go/v76/checkout/session"
	"github.com/stripe/stripe-go/v76/dispute"
	"github.com/stripe/stripe-go/v76/paymentintent"
	"github.com/stripe/stripe-go/v76/refund"

	"nguon/catalog/order"
)

// Options is what a Gateway needs. Two webhook secrets are valid at once while
// one takes the other's place.
type Options struct {
	Key            string // secret or restricted API key
	WebhookSecrets []string
	Base           string        // address of the API; "" for Stripe's own
	Timeout        time.Duration // of one try, of which there are three; 0 for 10 seconds
	Now            func() time.Time
	Log            *slog.Logger // gets retries only; nil for none
}

// String names the address and keeps the secrets.
func (o Options) String() string { return "stripe at " + cmp.Or(o.Base, stripe.APIURL) }

// GoString keeps the secrets out of %#v as well.
func (o Options) GoString() string { return "stripepay.Options{" + o.String() + "}" }

// LogValue makes slog print what String prints.
func (o Options) LogValue() slog.Value { return slog.StringValue(o.String()) }

// Gateway speaks with one account at Stripe. It is safe for concurrent use and
// touches nothing that the library keeps globally.
type Gateway struct {
	options  Options
	sessions session.Client
	intents  paymentintent.Client
	charges  charge.Client
	refunds  refund.Client
	disputes dispute.Client
}

var _ order.Gateway = (*Gateway)(nil)

// What an object at Stripe carries in its metadata to be known as ours.
const (
	metaOrder   = "order"
	metaAttempt = "attempt"
	metaRefund  = "refund"
)

const (
	defaultTimeout = 10 * time.Second
	maxRetries     = 2 // after the first try, as the library spaces them
)

// New makes a Gateway; it sends nothing yet.
func New(o Options) *Gateway {
	o.Timeout = cmp.Or(o.Timeout, defaultTimeout)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		EnableTelemetry:   stripe.Bool(false),
		HTTPClient:        client(o.Timeout),
		LeveledLogger:     retryLog{o.Log},
		MaxNetworkRetries: stripe.Int64(maxRetries),
		URL:               stripe.String(cmp.Or(o.Base, stripe.APIURL)),
	})
	return &Gateway{
		options:  o,
		sessions: session.Client{B: b, Key: o.Key},
		intents:  paymentintent.Client{B: b, Key: o.Key},
		charges:  charge.Client{B: b, Key: o.Key},
		refunds:  refund.Client{B: b, Key: o.Key},
		disputes: dispute.Client{B: b, Key: o.Key},
	}
}

// String names the address and keeps the secrets.
func (g *Gateway) String() string { return g.options.String() }

// GoString keeps the secrets out of %#v as well.
func (g *Gateway) GoString() string { return "stripepay.Gateway{" + g.String() + "}" }
