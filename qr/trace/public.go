package trace

import (
	"time"

	"nguon/app/place"
)

// PublicLot is what anybody may see of a lot. It is built by Project, the only
// place where consent is applied, and has no field for what is hidden.
type PublicLot struct {
	ID, Code   string
	Producer   string // organisation id
	Items      []Item
	Species    Species
	Season     string
	PackedOn   *time.Time
	Plots      []PublicPlot
	Steps      []PublicStep
	Balance    Balance
	Quality    []Report
	Papers     []Paper
	Recall     *Recall
	Changed    time.Time
	ChainHead  string // hash of the last event, or of the lot itself before the first
	ChainValid bool
	Demo       bool
}

// PublicPlot is what anybody may see of a plot.
type PublicPlot struct {
	Code       string
	Commune    string        // today's code
	OldCommune string        // key, "" when unknown
	Near       place.Point   // snapped to a grid of about two kilometres
	Ring       []place.Point // only under consent ShowPlot
	Farmer     string        // name, only under consent ShowName
	Photo      string        // only under consent ShowPhoto
	AreaHa     float64
	AltitudeM  int
	Species    Species
	Varieties  []string
	Planted    int
	PUC        string
}

// PublicStep is one effective step: corrections are folded into the step they
// restate and said to be corrections.
type PublicStep struct {
	Seq               int
	Kind              EventKind
	At, Until         time.Time
	Facility          string // name; "" for a farmyard, whose name is mostly a person's
	FacilityKind      FacilityKind
	Commune           string
	InForm, OutForm   Form
	InGrams, OutGrams int64
	Detail            string
	Corrected         bool
	Reason            string
	Hash              string // of the entry that states it: the event, or its last correction
}

// Balance is the lot's mass balance: every step held against plausible yields,
// and what can be and has been packed.
type Balance struct {
	Checks         []Check
	PackableGrams  int64 // coffee in its final form
	CommittedGrams int64 // on label runs that were not withdrawn
	OK             bool
}

// Check is one line of the balance: a ratio held against its plausible range.
type Check struct {
	Seq      int       // event, 0 for the whole lot
	Step     EventKind // kind of that event, or the step that is missing; "" for the whole lot
	Code     string    // message key suffix under "trace.balance.": one of the Check codes
	Ratio    float64
	Min, Max float64
	OK       bool
}

// Codes of balance checks.
const (
	CheckYield     = "yield"            // out for each gram in, within the band of the step
	CheckMoreOut   = "more_out_than_in" // a step put out more than it took in
	CheckOverdrawn = "overdrawn"        // a step took in more than the steps before it had put out
	CheckCapacity  = "capacity"         // cherries picked, of what the plots can bear in one season
	CheckTotal     = "total"            // green beans for each gram of cherries, over the whole lot
	CheckMissing   = "missing_step"     // a step without which there is no coffee to pack
	CheckLabels    = "labels"           // coffee on label runs, of what can be packed
)
