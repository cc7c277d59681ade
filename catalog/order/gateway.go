package order

import (
	"context"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
)

// Gateway takes payments somewhere else: a card page. Its answers are kept with
// the order before anybody relies on them.
type Gateway interface {
	// Start opens a page where the shopper pays, valid until a moment. The same
	// attempt opens the same page.
	Start(ctx context.Context, s Start) (Session, error)
	// Session reads how far a page has come.
	Session(ctx context.Context, id string) (Session, error)
	// Refund sends money back. The same refund is sent once; it is done when an
	// event says so.
	Refund(ctx context.Context, r GatewayRefund) (ref string, err error)
}

// Start is what a gateway has to know of a payment.
type Start struct {
	Order, Code string
	Attempt     int
	Amount      money.VND
	Email       string
	Lang        lang.Lang
	Until       time.Time
	Done, Back  string // addresses to return to
	Lines       []StartLine
}

// StartLine is a line of the gateway's page. The lines add up to the amount.
type StartLine struct {
	Title  string
	Amount money.VND
}

// Session is a page of the gateway. Payment is "" until it was paid.
type Session struct {
	ID, Order, URL string
	Paid           bool
	Payment        string
	Amount         money.VND
	At             time.Time
}

// GatewayRefund is money that goes back by the gateway that took it.
type GatewayRefund struct {
	Order, Refund, Payment string
	Amount                 money.VND
}

// EventKind is what a gateway tells.
type EventKind string

// Kinds of events.
const (
	EventPaid         EventKind = "paid"
	EventFailed       EventKind = "failed"
	EventExpired      EventKind = "expired"
	EventRefunded     EventKind = "refunded"
	EventRefundFailed EventKind = "refund_failed"
	EventDisputed     EventKind = "disputed"
	EventDisputeOver  EventKind = "dispute_over"
	EventOther        EventKind = "other" // not ours to act on
)

// Event is a word of a gateway, checked for its signature.
type Event struct {
	ID      string
	Kind    EventKind
	Order   string // "" where the gateway does not say
	Session string
	Payment string
	Refund  string // our id of the refund
	Ref     string // the gateway's id of the refund
	Amount  money.VND
	Lost    bool // a dispute that is over: the cardholder's bank keeps the money
	At      time.Time
}

// Incoming is a transfer that came in at the bank.
type Incoming struct {
	Ref    string    // of the bank: unique
	Amount money.VND // positive: came in
	Booked time.Time
	Memo   string // as the bank gives it
	From   string // name or number of who sent it, where the bank says
	To     string // number of our account, where the source says
	Note   string // of who entered it by hand
}
