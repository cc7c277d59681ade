package views

import (
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/tours"
)

// Home is the front page.
type Home struct {
	Base
	Products     []catalog.Product // a few, in the order to show them
	Producers    []catalog.Producer
	ProducerByID map[string]catalog.Producer // of Products
	Communes     []string                    // codes to fill on the map; those of Producers when empty
	Example      *LotLink                    // a lot to look at, nil hides the invitation
	Trips        []Trip                      // a few visits
	Festival     *tours.Edition              // that goes on or comes, nil for none
}

// ProductList is /products.
type ProductList struct {
	Base
	Filter       catalog.Filter // as asked for; its After and Limit are not shown
	Items        []catalog.Product
	Next         string                      // cursor of the next page, "" on the last
	Total        int64                       // products that the filter finds on all pages
	Producers    []catalog.Producer          // of the filter menu, by name
	Communes     []string                    // codes for the filter menu
	ProducerByID map[string]catalog.Producer // of Items
}

// ProductPage is /products/{slug}.
type ProductPage struct {
	Base
	Product  catalog.Product
	Producer catalog.Producer
	Lots     []LotLink         // newest first
	More     []catalog.Product // others of the same producer
	Trips    []Trip            // visits to where it is made
	Today    time.Time
	Left     map[string]int64 // packets that can be had, by GTIN; nil where nothing can be bought
	// UnknownLot is a lot that the visitor came from and that no variant has;
	// UnknownSerial is a serial, without a lot, that we never issued for one. ""
	// shows no notice.
	UnknownLot, UnknownSerial string
	// Preview is the site path back to the desk, on a page that buyers do not see
	// yet; "" on the public one.
	Preview string
}

// LotLink is a lot that a page leads to.
type LotLink struct {
	GTIN, Lot string
	Product   string // name in the language of the page, for lists of several products
	PackedOn  *time.Time
	Season    string
	GI        gi.Result // "" when not judged
	Recalled  bool
}

// Path is the site path of the lot's trace page.
func (l LotLink) Path() string { return tracePath(l.GTIN, l.Lot, "") }

// ProducerList is /producers.
type ProducerList struct {
	Base
	Producers []catalog.Producer
	Next      string // cursor of the next page, "" on the last
}

// ProducerPage is /producers/{slug}.
type ProducerPage struct {
	Base
	Producer catalog.Producer
	Products []catalog.Product
	Rights   []gi.Holder
	Lots     []LotLink
	Trips    []Trip         // visits that it offers
	Festival *tours.Edition // that comes and where it has a booth, nil for none
	Today    time.Time
}

// TracePage is /trace/{gtin}/{lot}[/{serial}].
type TracePage struct {
	Base
	Trace    qr.Trace
	Producer catalog.Producer // zero when unknown
	Visit    *TraceVisit      // to where the coffee grew, nil for none
	Today    time.Time
}

// TraceVisit is a visit that a trace page offers.
type TraceVisit struct {
	Name   lang.Text
	Path   string
	Next   time.Time // departure that can be booked
	Season bool      // cherries are picked there now
}

// TraceLot is the part of a trace page that is the same for every packet of
// the lot. Trace.LotData must be set; serial, state and scans are not read.
type TraceLot struct {
	Lang     lang.Lang
	Trace    qr.Trace
	Producer catalog.Producer
	Visit    *TraceVisit
	Today    time.Time
}

// VerifyPage is /verify: a form for a pasted link or a typed code.
type VerifyPage struct {
	Base
	Input string       // as typed
	Err   *fault.Error // why it led nowhere, nil before the first try
	// Unsold: the visitor comes from the number of a product that the shop does not
	// show.
	Unsold bool
}

// GIPage is /gi.
type GIPage struct {
	Base
	Rules   gi.Rules // those of today when empty
	Holders []gi.Holder
	Today   time.Time
}

// GIRightPage is /gi/{number}.
type GIRightPage struct {
	Base
	Right GIRight
	Today time.Time
}

// GIRight is what anybody may see of a use right: no ids of people.
type GIRight struct {
	Holder    gi.Holder
	Producer  string // slug, "" when it sells nothing here
	Decisions []GIDecision
	Reports   []gi.Report
	Whole     bool // the chain of decisions was checked and holds
}

// GIDecision is one public entry of the register.
type GIDecision struct {
	Seq      int
	Action   gi.Action
	Number   string
	From, To time.Time
	Reason   lang.Text
	Corrects int
	Recorded time.Time
	Hash     string
}

// NewGIRight projects a right: who recorded a decision and the business keys
// stay inside.
func NewGIRight(r gi.Right, h gi.Holder, producerSlug string, whole bool) GIRight {
	p := GIRight{Holder: h, Producer: producerSlug, Reports: r.Reports, Whole: whole}
	for _, d := range r.Decisions {
		p.Decisions = append(p.Decisions, GIDecision{d.Seq, d.Action, d.Number, d.From, d.To, d.Reason, d.Corrects, d.Recorded, d.Hash})
	}
	return p
}

// ErrorPage says what happened and what to do next. Err is nil for a plain 404.
type ErrorPage struct {
	Base
	Status    int
	Err       *fault.Error
	RequestID string // shown for 500 and 503
	Input     string // what was typed or scanned, shown as text
	Again     *Again // a form that was refused for want of its session
}

// Again is a refused form, for its sender to send once more. Lost says that
// it could not be kept.
type Again struct {
	Path   string // site path with query that it goes to
	Fields []Typed
	Lost   bool
}

// Typed is a field of a form as it was filled in.
type Typed struct{ Name, Value string }

// Gallery shows every component in every state; development only.
type Gallery struct{ Base }
