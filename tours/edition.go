package tours

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/place"
)

// VenueKind says how a venue is drawn on the plan.
type VenueKind string

// Kinds of venues.
const (
	AtStage  VenueKind = "stage"
	AtHall   VenueKind = "hall"
	AtMarket VenueKind = "market"
	AtField  VenueKind = "field"
	AtFood   VenueKind = "food"
	AtHelp   VenueKind = "help" // information, first aid, the way in
)

// VenueKinds are all of them, in the order of a menu.
var VenueKinds = [...]VenueKind{AtStage, AtHall, AtMarket, AtField, AtFood, AtHelp}

// Venue is a place on the ground of a festival. Its id is a slug that its first
// name gave it, and stays.
type Venue struct {
	ID    string    `bson:"id"`
	Name  lang.Text `bson:"name"`
	Words lang.Text `bson:"words"` // how to find it
	Kind  VenueKind `bson:"kind"`
	X     int64     `bson:"x"` // percent of the plan's width, from the left
	Y     int64     `bson:"y"` // percent of its height, from the top
}

// Booth is a stand that somebody holds during the festival. Its id stays when it
// gets another number.
type Booth struct {
	ID       string `bson:"id"`
	Number   string `bson:"number"` // as it hangs there: "A12"
	Venue    string `bson:"venue"`
	Producer string `bson:"producer,omitempty"` // of the catalogue
	Name     string `bson:"name,omitempty"`     // of a holder who is none
	Pickup   bool   `bson:"pickup"`             // orders of the shop can be fetched here
}

// Ground is where a festival takes place.
type Ground struct {
	Words   lang.Text `bson:"words"`
	Commune string    `bson:"commune"` // today's code
	Lat     float64   `bson:"lat"`     // WGS 84, degrees; 0 and 0 when not known
	Lon     float64   `bson:"lon"`
}

// Known reports whether the ground has a position.
func (g Ground) Known() bool { return g.Lat != 0 || g.Lon != 0 }

// Edition is the festival of one year: its year is its address. Its programme
// is a document for each event; what they take of venues stands in Slots, so that
// two of them cannot take the same hour in one write.
type Edition struct {
	ID     string    `bson:"_id"`
	Org    string    `bson:"org"` // the committee
	Year   int64     `bson:"year"`
	Name   lang.Text `bson:"name"`
	From   time.Time `bson:"from"` // the first day, from midnight
	To     time.Time `bson:"to"`   // the last day
	Ground Ground    `bson:"ground"`
	Story  lang.Text `bson:"story"`
	Rain   lang.Text `bson:"rain"` // what happens when it rains
	Way    lang.Text `bson:"way"`  // getting there
	Phone  string    `bson:"phone,omitempty"`
	Photo  string    `bson:"photo,omitempty"` // site path

	Venues []Venue     `bson:"venues"`
	Booths []Booth     `bson:"booths"`
	Slots  []VenueSlot `bson:"slots"`

	Sequence  int64      `bson:"sequence"` // grows when days or ground change after publishing
	Published bool       `bson:"published"`
	First     *time.Time `bson:"first,omitempty"` // when it was published first
	Demo      bool       `bson:"demo,omitempty"`
	Created   time.Time  `bson:"created"`
	Changed   time.Time  `bson:"changed"` // by a form; slots do not count

	outbox.Box `bson:",inline"`
}

// Limits of an edition and its programme.
const (
	maxDays   = 31
	maxVenues = 30
	maxBooths = 400
	maxNumber = 12
	maxWords  = 400
	maxPhone  = 30
)

// Path is the edition's page.
func (e Edition) Path() string { return "/festival/" + strconv.FormatInt(e.Year, 10) }

// Days lists the days of the edition, each at its midnight in Vietnam.
func (e Edition) Days() []time.Time {
	list := []time.Time{}
	for d := lang.Midnight(e.From); lang.Day(d) <= lang.Day(e.To) && len(list) < maxDays; d = d.AddDate(0, 0, 1) {
		list = append(list, d)
	}
	return list
}

// Over reports whether the last day has passed.
func (e Edition) Over(now time.Time) bool { return lang.Day(now) > lang.Day(e.To) }

// Venue finds a venue by its id.
func (e Edition) Venue(id string) (Venue, bool) {
	i := slices.IndexFunc(e.Venues, func(v Venue) bool { return v.ID == id })
	if i < 0 {
		return Venue{}, false
	}
	return e.Venues[i], true
}

// Booth finds a booth by its id.
func (e Edition) Booth(id string) (Booth, bool) {
	i := slices.IndexFunc(e.Booths, func(b Booth) bool { return b.ID == id })
	if i < 0 {
		return Booth{}, false
	}
	return e.Booths[i], true
}

// BoothNumbered finds a booth by its number, whatever its case and spaces.
func (e Edition) BoothNumbered(number string) (Booth, bool) {
	i := slices.IndexFunc(e.Booths, func(b Booth) bool { return numberKey(b.Number) == numberKey(number) })
	if i < 0 {
		return Booth{}, false
	}
	return e.Booths[i], true
}

func numberKey(s string) string { return strings.ReplaceAll(lang.Fold(s), " ", "") }

// Public leaves out what no page shows: what waits to be done and the slots.
func (e Edition) Public() Edition {
	e.Box, e.Slots = outbox.Box{}, nil
	return e
}

// Validate reports what is wrong with an edition, and with gaps also what it lacks
// before it can be shown: fault.Invalid "tours.edition.form" with fields.
func (e Edition) Validate(gaps bool) error {
	f := fault.NewForm("tours.edition.form")
	lacks := func(is bool, field string) { f.Need(!gaps || !is, field, "tours.field.missing") }
	textNeeds(f, "name", e.Name, maxName, true)
	f.Need(!e.From.IsZero(), "from", "tours.edition.day")
	f.Need(!e.To.IsZero(), "to", "tours.edition.day")
	if !e.From.IsZero() && !e.To.IsZero() {
		f.Need(lang.Day(e.To) >= lang.Day(e.From), "to", "tours.edition.span")
		f.Need(lang.Day(e.To)-lang.Day(e.From) < maxDays, "to", "tours.edition.long")
		f.Need(int64(e.From.In(lang.Zone).Year()) == e.Year, "from", "tours.edition.year")
	}
	textNeeds(f, "place", e.Ground.Words, maxWords, false)
	_, known := place.ByCode(e.Ground.Commune)
	f.Need(known, "commune", "tours.field.choice")
	inVietnam := e.Ground.Lat > 8 && e.Ground.Lat < 24 && e.Ground.Lon > 102 && e.Ground.Lon < 110
	f.Need(!e.Ground.Known() || inVietnam, "lat", "tours.field.place")
	for _, t := range []struct {
		field string
		text  lang.Text
	}{{"story", e.Story}, {"rain", e.Rain}, {"way", e.Way}} {
		textNeeds(f, t.field, t.text, maxText, false)
	}
	f.Need(textFits(e.Phone, maxPhone, false), "phone", "tours.field.long")
	lacks(e.Ground.Words.Vi == "", "place")
	lacks(e.Story.Vi == "", "story")
	lacks(e.Rain.Vi == "", "rain")
	return fault.Join(f.Result(), e.venuesWrong(gaps), e.boothsWrong())
}

func (e Edition) venuesWrong(gaps bool) error {
	f := fault.NewForm("tours.edition.form")
	f.Need(len(e.Venues) <= maxVenues, "venues", "tours.field.many")
	f.Need(!gaps || len(e.Venues) > 0, "venues", "tours.edition.no_venue")
	for i, v := range e.Venues {
		at := "venues." + itoa(i)
		textNeeds(f, at+".name", v.Name, maxName, true)
		textNeeds(f, at+".words", v.Words, maxWords, false)
		f.Need(slices.Contains(VenueKinds[:], v.Kind), at+".kind", "tours.field.choice")
		f.Need(v.X >= 0 && v.X <= 100, at+".x", "tours.edition.percent")
		f.Need(v.Y >= 0 && v.Y <= 100, at+".y", "tours.edition.percent")
		twice := slices.ContainsFunc(e.Venues[:i], func(o Venue) bool {
			return o.ID == v.ID || v.Name.Vi != "" && lang.Fold(o.Name.Vi) == lang.Fold(v.Name.Vi)
		})
		f.Need(!twice, at+".name", "tours.edition.venue_twice")
	}
	return f.Result()
}

func (e Edition) boothsWrong() error {
	f := fault.NewForm("tours.edition.form")
	f.Need(len(e.Booths) <= maxBooths, "booths", "tours.field.many")
	ids, numbers := map[string]bool{}, map[string]bool{}
	for i, b := range e.Booths {
		at := "booths." + itoa(i)
		key := numberKey(b.Number)
		f.Need(b.Number != "", at+".number", "tours.field.missing")
		f.Need(textFits(b.Number, maxNumber, false), at+".number", "tours.field.long")
		f.Need(b.Number == "" || !numbers[key] && !ids[b.ID], at+".number", "tours.edition.booth_twice")
		ids[b.ID], numbers[key] = true, true
		_, known := e.Venue(b.Venue)
		f.Need(known, at+".venue", "tours.field.choice")
		f.Need(b.Producer != "" || b.Name != "", at+".name", "tours.edition.holder")
		f.Need(textFits(b.Name, maxName, false), at+".name", "tours.field.long")
	}
	return f.Result()
}

// textNeeds notes a text that is too long, holds what no page can show, or is
// missing in Vietnamese where it is needed.
func textNeeds(f *fault.Form, field string, t lang.Text, most int, needed bool) {
	f.Need(!needed || strings.TrimSpace(t.Vi) != "", field, "tours.field.missing")
	f.Need(textFits(t.Vi, most, most == maxText), field, "tours.field.long")
	f.Need(textFits(t.En, most, most == maxText), field+"En", "tours.field.long")
}

// textFits reports whether a text is short enough and plain; only long ones have
// several lines.
func textFits(s string, most int, lines bool) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most &&
		!strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && !(lines && r == '\n') })
}
