package stripepay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/stripe/stripe-go/v76"

	"nguon/app/fault"
)

// classify makes a fault of what a call returned:
//   - Unavailable "order.card.away": network, key refused, too many requests, 5xx
//   - Invalid "order.card.amount": under or above what Stripe takes
//   - Conflict "order.card.attempt": the idempotency key stands for something else
//   - NotFound "order.card.unknown": no such object
//   - Internal "order.card.refused": the rest, a mistake of ours
func classify(err error) error {
	cause := causeOf(err)
	e, ok := answered(err)
	if !ok {
		return fault.Wrap(fault.Unavailable, "order.card.away", cause)
	}
	switch status := e.HTTPStatusCode; {
	case status >= 500 && replayed(e), e.Type == stripe.ErrorTypeIdempotency && status == http.StatusBadRequest:
		return fault.Wrap(fault.Conflict, "order.card.attempt", cause)
	case status >= 500, status == http.StatusTooManyRequests, status == http.StatusConflict,
		status == http.StatusUnauthorized, status == http.StatusForbidden:
		return fault.Wrap(fault.Unavailable, "order.card.away", cause)
	case e.Code == stripe.ErrorCodeAmountTooSmall, e.Code == stripe.ErrorCodeAmountTooLarge,
		e.Code == stripe.ErrorCodeInvalidChargeAmount, strings.Contains(e.Param, "unit_amount"):
		return fault.Wrap(fault.Invalid, "order.card.amount", cause)
	case status == http.StatusNotFound:
		return fault.Wrap(fault.NotFound, "order.card.unknown", cause)
	}
	return fault.Wrap(fault.Internal, "order.card.refused", cause)
}

// answered is the API's own error, where it came to one.
func answered(err error) (*stripe.Error, bool) {
	var e *stripe.Error
	ok := errors.As(err, &e)
	return e, ok
}

// final reports whether the API understood and said no, so that asking the same
// again is of no use.
func final(err error) bool {
	return err != nil && !fault.Is(classify(err), fault.Unavailable)
}

// replayed reports whether Stripe repeats what it answered to the same key
// before, a failure included.
func replayed(e *stripe.Error) bool {
	return e.LastResponse != nil && e.LastResponse.Header.Get("Idempotent-Replayed") == "true"
}

var errUnreadable = errors.New("stripe: an answer that is not the API's")

// causeOf words an error for the log. What the library says of an answer quotes
// it, secrets included, so only chosen parts go on.
func causeOf(err error) error {
	if e, ok := answered(err); ok {
		return fmt.Errorf("stripe: %d %s code=%s param=%s request=%s: %s", e.HTTPStatusCode, e.Type, e.Code, e.Param, e.RequestID, e.Msg)
	}
	var network *url.Error
	if errors.As(err, &network) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return errUnreadable
}
