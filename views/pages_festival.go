package views

import (
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/catalog"
	"nguon/tours"
)

// FestivalPage is /festival.
type FestivalPage struct {
	Base
	Coming []tours.Edition // that go on or come, the soonest first
	Past   []tours.Edition // the latest first
}

// EditionPage is /festival/{year}; a day or a venue leaves out the rest of the
// programme.
type EditionPage struct {
	Base
	Edition   tours.Edition
	Events    []tours.Event               // the whole programme, by time
	Day       time.Time                   // zero for all
	Venue     string                      // "" for all
	Producers map[string]catalog.Producer // those that the shop shows, by id
	Organizer string                      // name of the committee
	Visits    []VisitRow                  // to farms, that belong to the edition
	Preview   string                      // site path back to the desk; "" on the public page
}

// VisitRow is a departure of a tour that belongs to an edition.
type VisitRow struct {
	Day   time.Time
	Start time.Time
	Title string
	Path  string // site path
	Left  string // what is left, in words
}

// EditionPrint is /festival/{year}/print: the programme as a sheet.
type EditionPrint struct {
	Base
	Edition   tours.Edition
	Events    []tours.Event
	Organizer string
	Now       time.Time
}

// EventPage is /festival/{year}/{event}.
type EventPage struct {
	Base
	Edition   tours.Edition
	Event     tours.Event
	Producers map[string]catalog.Producer
	Organizer string
	Preview   string
	Seats     *tours.Departure // at which a ticketed event is booked, nil for none
	BookPath  string           // of its form
	Visits    []VisitRow       // to farms, on its day
	Now       time.Time
}

// FestivalDeskPage is /console/festival: the editions of each own committee.
type FestivalDeskPage struct {
	Base
	Committees []Committee
}

// Committee is an organisation with its editions, the latest first.
type Committee struct {
	Org      account.Org
	Editions []tours.Edition
}

// EditionDeskPage is /console/festival/{edition}. Field: photo (a file).
type EditionDeskPage struct {
	Base
	Org     account.Org
	Edition tours.Edition
	Events  []tours.Event
	Lacks   []fault.Field // what has to be filled in before it can be shown
	Form    Form
}

// EditionFormPage is /console/festival/new?org= and …/{edition}/edit. Fields: id,
// name, nameEn, from, to, place, placeEn, commune, lat, lon, story, storyEn, rain,
// rainEn, way, wayEn, phone.
type EditionFormPage struct {
	Base
	Form    Form
	Org     account.Org
	Edition *tours.Edition // nil for a new one
	Seen    string         // of the edition that the form shows
}

// VenuesPage is …/{edition}/venues. Fields of each row n: venues.n.id, .name,
// .nameEn, .words, .wordsEn, .kind, .x, .y; rows is how many there are. The button
// "do=row" adds one; a row without a name is no venue.
type VenuesPage struct {
	Base
	Form    Form
	Edition tours.Edition
	Rows    int
	Seen    string
}

// BoothsPage is …/{edition}/booths. Fields of each row n: booths.n.id, .number,
// .venue, .producer, .name, .pickup.
type BoothsPage struct {
	Base
	Form      Form
	Edition   tours.Edition
	Producers []catalog.Producer // to choose from
	Rows      int
	Seen      string
}

// EventFormPage is …/{edition}/events/new and …/{event}. Fields: id, kind, title,
// titleEn, story, storyEn, venue, day, begins, until, ends, speakers.n.name, .of,
// .words, .wordsEn, booths (numbers), entry ("free", "ticketed"), capacity, cutoff,
// types.n.id, .name, .nameEn, .price, .child, policy.n.hours, .percent. Below, of the
// form that calls it off: reason, reasonEn.
type EventFormPage struct {
	Base
	Form     Form
	Edition  tours.Edition
	Event    *tours.Event // nil for a new one
	Speakers int          // rows
	Types    int
	Steps    int // of the policy
	Seen     string
}
