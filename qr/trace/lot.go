// Package trace records where coffee comes from: plots, facilities, lots and
// the hash-chained steps from cherry to packet, with a mass balance that says
// how many packets a lot's coffee can fill.
package trace

import (
	"time"

	"nguon/app/lang"
)

// Lot is one batch of coffee and all that happened to it. Weights are whole
// grams.
type Lot struct {
	ID       string     `bson:"_id"`
	Code     string     `bson:"code"`     // AI 10: GS1 character set 82, at most 20, no Vietnamese letters
	Producer string     `bson:"producer"` // who packs and issues
	Items    []Item     `bson:"items"`    // the trade items it is packed as
	Plots    []string   `bson:"plots"`    // plot ids, at least one
	Species  Species    `bson:"species"`
	Season   string     `bson:"season"`             // "2025/2026"
	PackedOn *time.Time `bson:"packedOn,omitempty"` // set by the Pack event; a lot has one packing day
	Events   []Event    `bson:"events"`             // append-only chain
	Runs     []Run      `bson:"runs"`               // append-only chain of label runs
	Quality  []Report   `bson:"quality"`            // laboratory reports of this lot
	Papers   []Paper    `bson:"papers"`             // certificates that cover this lot
	Recall   *Recall    `bson:"recall,omitempty"`
	Created  time.Time  `bson:"created"`
	Changed  time.Time  `bson:"changed"` // when anything on this document last changed
	Seal     string     `bson:"seal"`    // over the heads and lengths of both chains, so that a cut-off end shows
	Demo     bool       `bson:"demo,omitempty"`
}

// Item is a trade item that the lot is packed as.
type Item struct {
	GTIN     string `bson:"gtin"` // GTIN-14
	NetGrams int64  `bson:"netGrams"`
}

// EventKind is a step of processing.
type EventKind string

// The steps from cherry to packet, in their usual order.
const (
	Harvest EventKind = "harvest" // cherries picked on Plots
	Collect EventKind = "collect" // cherries received
	Pulp    EventKind = "pulp"    // wet or honey processing: cherry to wet parchment
	Dry     EventKind = "dry"     // to dry parchment or dry cherry
	Hull    EventKind = "hull"    // to green beans
	Sort    EventKind = "sort"    // graded green beans
	Blend   EventKind = "blend"
	Roast   EventKind = "roast"
	Grind   EventKind = "grind"
	Pack    EventKind = "pack"
	Inspect EventKind = "inspect" // nothing changes weight
	Correct EventKind = "correct" // restates the event that Corrects names
)

// Form is the state of the coffee that an event takes in or puts out.
type Form string

// Forms of coffee.
const (
	Cherry    Form = "cherry"
	WetParch  Form = "wet_parchment"
	Parchment Form = "parchment" // dry parchment
	DryCherry Form = "dry_cherry"
	Green     Form = "green"
	Roasted   Form = "roasted"
	Ground    Form = "ground"
)

// Event is one step. Events are only appended; Hash covers every field above
// it and the Hash of the one before (Prev).
type Event struct {
	Seq      int       `bson:"seq"` // from 1
	Key      string    `bson:"key"` // business key; appending the same key twice changes nothing
	Kind     EventKind `bson:"kind"`
	Facility string    `bson:"facility"`
	At       time.Time `bson:"at"` // when it happened
	Until    time.Time `bson:"until,omitempty"`
	Plots    []string  `bson:"plots,omitempty"` // harvest only
	InForm   Form      `bson:"inForm,omitempty"`
	OutForm  Form      `bson:"outForm,omitempty"`
	InGrams  int64     `bson:"inGrams"`
	OutGrams int64     `bson:"outGrams"`
	Detail   string    `bson:"detail,omitempty"`   // a code: "washed", "natural", "honey", "medium" …
	Corrects int       `bson:"corrects,omitempty"` // Seq of the event this one restates
	Reason   string    `bson:"reason,omitempty"`   // why it was corrected
	By       string    `bson:"by"`                 // id of who recorded it
	Recorded time.Time `bson:"recorded"`
	Prev     string    `bson:"prev"`
	Hash     string    `bson:"hash"`
}

// Run is one printing of labels: Count serials of one trade item from index
// First on, made with one key. Runs are only appended and chained like events;
// together they never pack more than the lot's coffee allows.
type Run struct {
	Key    string    `bson:"key"` // business key of the request
	GTIN   string    `bson:"gtin"`
	First  int64     `bson:"first"`
	Count  int64     `bson:"count"`
	KeyID  string    `bson:"keyID"` // key id of the serials
	By     string    `bson:"by"`
	At     time.Time `bson:"at"`
	Voids  string    `bson:"voids,omitempty"`  // Hash of the run that this entry withdraws; Count is 0
	Reason string    `bson:"reason,omitempty"` // why it was withdrawn
	Prev   string    `bson:"prev"`
	Hash   string    `bson:"hash"`
}

// Report is a laboratory report with measured values.
type Report struct {
	Number    string             `bson:"number"`
	Lab       string             `bson:"lab"`
	On        time.Time          `bson:"on"`
	ValidTo   time.Time          `bson:"validTo,omitempty"`
	Values    map[string]float64 `bson:"values"` // "caffeine_pct": 1.2 …, keys of gi's rules
	CupPoints float64            `bson:"cupPoints,omitempty"`
}

// Paper is a certificate: organic, 4C, VietGAP …
type Paper struct {
	Scheme  string     `bson:"scheme"` // message key suffix: "4c", "organic_vn", "vietgap", "ra", "haccp"
	Number  string     `bson:"number"`
	Issuer  string     `bson:"issuer"`
	Holder  string     `bson:"holder"`
	From    time.Time  `bson:"from"`
	To      time.Time  `bson:"to"`
	Revoked *time.Time `bson:"revoked,omitempty"`
}

// Recall says that a lot was called back.
type Recall struct {
	At     time.Time `bson:"at"`
	By     string    `bson:"by"`
	Reason lang.Text `bson:"reason"`
	Advice lang.Text `bson:"advice"` // what a person with a packet should do
}
