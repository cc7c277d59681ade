// Package gi keeps the register behind the geographical indication "Sơn La"
// for coffee (use rights, area, product rules) and decides, by three
// independent tests and with the evidence for each, whether a packet is
// coffee of the indication.
package gi

import (
	"time"

	"nguon/app/lang"
)

// Right is one use right and everything ever decided about it.
type Right struct {
	ID         string     `bson:"_id"`
	Number     string     `bson:"number"` // of the certificate of use; also its address under /gi/
	Holder     string     `bson:"holder"` // organisation id
	HolderName string     `bson:"holderName"`
	Commune    string     `bson:"commune"`
	Products   []string   `bson:"products"`  // product kinds it covers: "green", "roasted", "ground"
	Decisions  []Decision `bson:"decisions"` // append-only chain, oldest first
	Reports    []Report   `bson:"reports"`   // the holder's periodic quality reports
	Demo       bool       `bson:"demo,omitempty"`
}

// Action is what a decision does to a right.
type Action string

// Actions of the authority.
const (
	Grant    Action = "grant"
	Renew    Action = "renew"
	Suspend  Action = "suspend"
	Lift     Action = "lift" // ends a suspension
	Withdraw Action = "withdraw"
	Amend    Action = "correct" // restates the decision Corrects names
)

// Decision is one entry of the register; Hash covers the fields above it, the
// right's own number, holder and products, and the Hash of the one before. Days
// count in Vietnam, From and To included. A correction restates From, To, Number
// and Reason of the decision it names, or annuls it when it has no From.
type Decision struct {
	Seq      int       `bson:"seq"`
	Key      string    `bson:"key"` // business key; repeating it changes nothing
	Action   Action    `bson:"action"`
	Number   string    `bson:"number"`       // of the authority's paper
	From     time.Time `bson:"from"`         // takes effect
	To       time.Time `bson:"to,omitempty"` // last day of a grant, renewal or suspension; zero for no end
	Reason   lang.Text `bson:"reason"`
	Corrects int       `bson:"corrects,omitempty"`
	By       string    `bson:"by"`
	Recorded time.Time `bson:"recorded"`
	Prev     string    `bson:"prev"`
	Hash     string    `bson:"hash"`
}

// Status of a right on a day.
type Status string

// The statuses of a right.
const (
	Valid     Status = "valid"
	NotYet    Status = "not_yet"
	Expired   Status = "expired"
	Suspended Status = "suspended"
	Withdrawn Status = "withdrawn"
)

// Report is a laboratory report: of one lot, or a holder's periodic one.
type Report struct {
	Number  string             `bson:"number"`
	Lab     string             `bson:"lab"`
	Kind    string             `bson:"kind"` // product kind it speaks of
	On      time.Time          `bson:"on"`
	ValidTo time.Time          `bson:"validTo,omitempty"`
	Values  map[string]float64 `bson:"values"` // by property of Rules: "caffeine_pct" …
}

// Result of a test.
type Result string

// Pass and Fail rest on evidence; Undetermined says what is missing.
const (
	Pass         Result = "pass"
	Fail         Result = "fail"
	Undetermined Result = "undetermined"
)

// Evidence is one fact that a test rests on, a sentence by Text. Code is a
// message key under "gi.evidence."; Args fill it: texts, numbers, time.Time,
// and values that are written by language (lang.Text, Term, Band).
type Evidence struct {
	Result Result         `json:"result"`
	Code   string         `json:"code"`
	Args   map[string]any `json:"args,omitempty"`
}

// Test is the outcome of one of the three tests.
type Test struct {
	Name     string     `json:"name"` // "area", "product", "right"
	Result   Result     `json:"result"`
	Evidence []Evidence `json:"evidence"`
}

// Verdict is the GI decision as of one day: Pass only when all three tests
// pass, Fail when one fails, else Undetermined.
type Verdict struct {
	Result Result    `json:"result"`
	Tests  [3]Test   `json:"tests"` // area, product, right
	AsOf   time.Time `json:"asOf"`
}

// Ground is what the area test needs to know of one plot.
type Ground struct {
	Plot, Commune, OldCommune string
	AltitudeM                 int // 0 when unknown
}

// Subject is the coffee to decide about.
type Subject struct {
	Plots    []Ground
	Kind     string // product kind: "green", "roasted", "ground", "other"
	Species  string // "arabica", "robusta", "" when unknown
	Quality  []Report
	Packer   string     // organisation id
	PackedOn *time.Time // nil when not packed yet
	// Processed holds today's communes of the facilities the coffee passed
	// through; they count only where the rules demand processing in the area.
	Processed []Ground
}

// Holder is one line of the public register.
type Holder struct {
	Number, Holder, Name string
	Commune              string
	Products             []string
	Status               Status
	From, To             time.Time
	Since                time.Time // when the present status began
	Reason               lang.Text // of a suspension or withdrawal
	Papers               []string  // numbers of the decisions and test reports on it
	Demo                 bool
}
