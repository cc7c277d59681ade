package tours

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
)

// Kind of a visit.
type Kind string

// Kinds of visits.
const (
	Harvest  Kind = "harvest" // picking and roasting
	Tasting  Kind = "tasting"
	Homestay Kind = "homestay"
	Trail    Kind = "trail"
	AtEvent  Kind = "event" // a ticketed event of a festival, see SyncEvent
)

// Road is what comes to the meeting point.
type Road string

// Roads, the easiest first.
const (
	ByBus  Road = "bus"
	ByCar  Road = "car"
	ByBike Road = "motorbike"
	By4WD  Road = "4wd"
)

// Level is how hard a visit is.
type Level string

// Levels of difficulty.
const (
	Easy     Level = "easy"
	Moderate Level = "moderate"
	Hard     Level = "hard"
)

// Meeting is where a visit begins.
type Meeting struct {
	Lat   float64   `bson:"lat"` // WGS 84, degrees
	Lon   float64   `bson:"lon"`
	Words lang.Text `bson:"words"`
	Road  Road      `bson:"road"`
}

// Tour is a visit that a producer or an organizer offers. Its departures and
// their seats are documents of their own.
type Tour struct {
	ID       string `bson:"_id"`
	Org      string `bson:"org"`
	Page     string `bson:"page,omitempty"` // of an event, where it is told of
	Slug     string `bson:"slug"`
	Kind     Kind   `bson:"kind"`
	Name     string `bson:"name"`
	NameEn   string `bson:"nameEn,omitempty"`
	Commune  string `bson:"commune"`  // code
	Altitude int64  `bson:"altitude"` // metres above the sea

	Story    lang.Text `bson:"story"`
	Host     lang.Text `bson:"host"` // who receives, as they want to be told of
	Phone    string    `bson:"phone"`
	Photos   []string  `bson:"photos"`
	Speaks   []string  `bson:"speaks"` // ISO 639-1
	Minutes  int64     `bson:"minutes"`
	Level    Level     `bson:"level"`
	Youngest int64     `bson:"youngest"` // years
	Meeting  Meeting   `bson:"meeting"`
	Parking  lang.Text `bson:"parking"`
	Toilets  lang.Text `bson:"toilets"`
	Food     lang.Text `bson:"food"`
	Bring    lang.Text `bson:"bring"`
	Rain     lang.Text `bson:"rain"` // what happens when it rains
	Included lang.Text `bson:"included"`

	Season    Season         `bson:"season"`
	Types     []CustomerType `bson:"types"`
	AddOns    []AddOn        `bson:"addOns"`
	Questions []Question     `bson:"questions"`
	Policy    Policy         `bson:"policy"`
	Deposit   int64          `bson:"deposit"`           // percent that is paid at booking; 0 or 100 is all
	Fewest    int64          `bson:"fewest"`            // people with whom it leaves; 0 for one
	Decide    int64          `bson:"decide"`            // hours before it leaves at which that is decided
	Cutoff    int64          `bson:"cutoff"`            // hours before it leaves after which nobody books
	Seats     int64          `bson:"seats"`             // of a departure, unless it says otherwise
	Uses      []Use          `bson:"uses"`              // of what tours share
	Edition   string         `bson:"edition,omitempty"` // of the festival that its departures belong to
	Plots     []string       `bson:"plots"`             // that it shows
	Products  []string       `bson:"products"`          // GTINs

	Former Former `bson:"former"`

	SortName   string    `bson:"sortName"`
	Published  bool      `bson:"published"`
	Taken      string    `bson:"taken,omitempty"` // why the market withdrew it; only the market lets it back
	Demo       bool      `bson:"demo,omitempty"`
	Created    time.Time `bson:"created"`
	Changed    time.Time `bson:"changed"`
	outbox.Box `bson:",inline"`
}

// Limits of what a form takes.
const (
	maxName  = 120
	maxText  = 4000
	maxPrice = 100_000_000
	maxTypes = 8
	maxList  = 20
	maxPlots = 50
)

// Validate reports what is wrong with a tour, and with gaps also what it lacks
// before it can be shown: fault.Invalid "tours.form" with fields.
func (t Tour) Validate(gaps bool) error {
	f := fault.NewForm("tours.form")
	lacks := func(is bool, field string) { f.Need(!gaps || !is, field, "tours.field.missing") }
	f.Need(strings.TrimSpace(t.Name) != "", "name", "tours.field.missing")
	f.Need(utf8.RuneCountInString(t.Name) <= maxName && utf8.RuneCountInString(t.NameEn) <= maxName, "name", "tours.field.long")
	f.Need(utf8.RuneCountInString(t.Phone) <= 30, "phone", "tours.field.long")
	f.Need(slices.Contains([]Kind{Harvest, Tasting, Homestay, Trail}, t.Kind), "kind", "tours.field.choice")
	f.Need(slices.Contains([]Level{Easy, Moderate, Hard}, t.Level), "level", "tours.field.choice")
	f.Need(slices.Contains([]Road{ByBus, ByCar, ByBike, By4WD}, t.Meeting.Road), "road", "tours.field.choice")
	for field, text := range map[string]lang.Text{"story": t.Story, "host": t.Host, "parking": t.Parking, "toilets": t.Toilets, "food": t.Food, "bring": t.Bring, "rain": t.Rain, "included": t.Included, "meeting": t.Meeting.Words} {
		f.Need(utf8.RuneCountInString(text.Vi) <= maxText && utf8.RuneCountInString(text.En) <= maxText, field, "tours.field.long")
	}
	f.Need(t.Altitude >= 0 && t.Altitude <= 3200, "altitude", "tours.field.altitude")
	f.Need(t.Minutes >= 0 && t.Minutes <= 7*24*60, "minutes", "tours.field.number")
	f.Need(t.Youngest >= 0 && t.Youngest <= 18, "youngest", "tours.field.number")
	f.Need(t.Deposit >= 0 && t.Deposit <= 100, "deposit", "tours.policy.percent")
	f.Need(t.Fewest >= 0 && t.Fewest <= maxSeats, "fewest", "tours.field.number")
	f.Need(t.Decide >= 0 && t.Decide <= maxHours && t.Cutoff >= 0 && t.Cutoff <= maxHours, "cutoff", "tours.policy.hours")
	f.Need(t.Fewest <= 1 || t.Decide > 0, "decide", "tours.field.decide") // who waits for others must know when
	inVietnam := t.Meeting.Lat > 8 && t.Meeting.Lat < 24 && t.Meeting.Lon > 102 && t.Meeting.Lon < 110
	f.Need(t.Meeting.Lat == 0 && t.Meeting.Lon == 0 || inVietnam, "place", "tours.field.place")
	f.Need(t.Seats >= 0 && t.Seats <= maxCapacity, "seats", "tours.field.number")
	f.Need(len(t.Plots) <= maxPlots && len(t.Products) <= maxPlots, "shows", "tours.field.many")
	t.rows(f)
	lacks(t.Story.Vi == "", "story")
	lacks(t.Minutes == 0, "minutes")
	lacks(t.Meeting.Words.Vi == "", "meeting")
	lacks(t.Rain.Vi == "", "rain")
	lacks(t.Phone == "", "phone")
	lacks(t.Seats == 0, "seats")
	lacks(!slices.ContainsFunc(t.Types, func(c CustomerType) bool { return c.Alone && c.Seats > 0 }), "types")
	return fault.Join(f.Result(), t.Policy.Validate(), t.Season.Validate())
}

// PriceFrom is the lowest price at which somebody can come alone; ok is false
// where nobody can.
func (t Tour) PriceFrom() (least money.VND, ok bool) {
	for _, c := range t.Types {
		if c.Alone && (!ok || c.Price < least) {
			least, ok = c.Price, true
		}
	}
	return least, ok
}
