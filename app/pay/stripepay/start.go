package stripepay

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/stripe/stripe-go/v76"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

const (
	// A page is open for at least 30 minutes and at most 24 hours
	// (docs.stripe.com/api/checkout/sessions/create); a minute is for the way.
	minOpen = 31 * time.Minute
	maxOpen = 24*time.Hour - time.Minute

	maxLines = 100 // of a page
	maxTitle = 250 // runes of a line
)

// Start opens a Checkout page. The page closes at s.Until; where Stripe refuses
// that moment as too near or too far, 31 minutes or a day from now, so that it
// may outlive what is held and a late payment has to be expected.
//
// The same attempt with the same words opens the same page, in any number of
// processes; it is fault.Conflict "order.card.attempt" with other words, where the
// moment was moved, or when Stripe keeps a failure for it: go on with the next
// attempt. It is fault.Invalid
// "order.card.amount" for less or more than Stripe takes, fault.Unavailable
// "order.card.away" to be tried again, fault.Internal "order.card.lines" when the
// lines are not the amount. The page is told as it was when it was opened.
func (g *Gateway) Start(ctx context.Context, s order.Start) (order.Session, error) {
	params, err := startParams(s)
	if err != nil {
		return order.Session{}, err
	}
	params.Context = ctx
	page, err := g.sessions.New(params)
	for tries := 0; tries < 2 && mend(params, err, g.options.Now()); tries++ {
		page, err = g.sessions.New(params)
	}
	if err != nil {
		return order.Session{}, classify(err)
	}
	if page.ID == "" {
		return order.Session{}, fault.Wrap(fault.Unavailable, "order.card.away", errUnreadable)
	}
	return order.Session{ID: page.ID, Order: s.Order, URL: page.URL, Amount: s.Amount}, nil
}

func startParams(s order.Start) (*stripe.CheckoutSessionParams, error) {
	lines, err := startLines(s)
	if err != nil {
		return nil, err
	}
	meta := map[string]string{metaOrder: s.Order, metaAttempt: strconv.Itoa(s.Attempt)}
	p := &stripe.CheckoutSessionParams{
		Mode:              stripe.String(string(stripe.CheckoutSessionModePayment)),
		ClientReferenceID: stripe.String(s.Order),
		Metadata:          meta,
		PaymentIntentData: &stripe.CheckoutSessionPaymentIntentDataParams{
			Description:   stripe.String(s.Code),
			Metadata:      meta,
			TransferGroup: stripe.String(s.Order),
		},
		LineItems:  lines,
		Locale:     stripe.String(locale(s.Lang)),
		ExpiresAt:  stripe.Int64(s.Until.Unix()),
		SuccessURL: stripe.String(s.Done),
		CancelURL:  stripe.String(s.Back),
	}
	if s.Email != "" {
		p.CustomerEmail = stripe.String(s.Email)
	}
	p.SetIdempotencyKey(s.Order + ":" + strconv.Itoa(s.Attempt))
	return p, nil
}

// mend takes out of params what Stripe refused and can do without. A moment is
// sent as given first, since the same attempt must say the same words whenever
// it is made; a refusal of this kind uses no idempotency key up.
func mend(p *stripe.CheckoutSessionParams, err error, now time.Time) bool {
	e, ok := answered(err)
	if !ok || e.Type != stripe.ErrorTypeInvalidRequest {
		return false
	}
	switch e.Param {
	case "expires_at":
		until := time.Unix(*p.ExpiresAt, 0)
		if until.Before(now.Add(minOpen)) {
			until = now.Add(minOpen)
		} else {
			until = now.Add(maxOpen)
		}
		p.ExpiresAt = stripe.Int64(until.Unix())
		return true
	case "customer_email":
		p.CustomerEmail = nil // only fills in a field of the page
		return true
	}
	return false
}

// locale is the page's language (docs.stripe.com/js/appendix/supported_locales).
func locale(l lang.Lang) string {
	if l == lang.En {
		return "en"
	}
	return "vi"
}

// startLines is one item a line. What goes beyond the number that a page takes
// is summed up in the last one.
func startLines(s order.Start) ([]*stripe.CheckoutSessionLineItemParams, error) {
	sum, lines := money.VND(0), s.Lines
	for _, l := range lines {
		var err error
		if sum, err = money.Sum(sum, l.Amount); err != nil || l.Amount < 0 || l.Title == "" {
			return nil, fault.Wrap(fault.Internal, "order.card.lines", fmt.Errorf("line %q of %d: %w", l.Title, l.Amount, err))
		}
	}
	if sum != s.Amount || sum <= 0 {
		return nil, fault.Wrap(fault.Internal, "order.card.lines", fmt.Errorf("lines of %d for an amount of %d", sum, s.Amount))
	}
	if s.Order == "" {
		return nil, fault.Wrap(fault.Internal, "order.card.lines", errors.New("a payment without an order"))
	}
	if len(lines) > maxLines {
		rest := order.StartLine{Title: "+ " + strconv.Itoa(len(lines)-maxLines+1)}
		for _, l := range lines[maxLines-1:] {
			rest.Amount += l.Amount
		}
		lines = append(append([]order.StartLine(nil), lines[:maxLines-1]...), rest)
	}
	items := make([]*stripe.CheckoutSessionLineItemParams, len(lines))
	for i, l := range lines {
		items[i] = &stripe.CheckoutSessionLineItemParams{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionLineItemPriceDataParams{
				Currency:    stripe.String(string(stripe.CurrencyVND)),
				UnitAmount:  stripe.Int64(int64(l.Amount)),
				ProductData: &stripe.CheckoutSessionLineItemPriceDataProductDataParams{Name: stripe.String(short(l.Title))},
			},
		}
	}
	return items, nil
}

func short(title string) string {
	if r := []rune(title); len(r) > maxTitle {
		return string(r[:maxTitle-1]) + "…"
	}
	return title
}
