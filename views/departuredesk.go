package views

import (
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/tours"
)

// DeparturesPage is /console/tours/{tour}/departures: a month of them. New and
// There are what was planned just now.
type DeparturesPage struct {
	Base
	Org        account.Org
	Tour       tours.Tour
	Month      time.Time // its first moment
	Departures []tours.Departure
	Mine       bool
	Now        time.Time
	Planned    *PlannedNow
}

// PlannedNow is what came of a plan: departures that are new, and that were there.
type PlannedNow struct{ New, There int }

// PlanPage is /console/tours/{tour}/plan. Fields of one departure: day, time,
// seats; of a week: from, to, day.0 (Sunday) to day.6, time.0 to time.3, except
// (days, one a line), weekSeats. The buttons plan one ("do=one"), the weeks
// ("do=week"), or show what they would be ("do=show").
type PlanPage struct {
	Base
	Org   account.Org
	Tour  tours.Tour
	Form  Form
	Would []time.Time // what a pattern would plan
}

// Affected counts who would be told of a change of a departure.
type Affected struct{ Parties, People, Silent, Waiting int } // Silent have no address for mails

// DepartureFormPage is /console/tours/departures/{departure}/change. Fields: seats;
// day and time; do is "close", "open", "seats" or "move".
type DepartureFormPage struct {
	Base
	Org       account.Org
	Departure tours.Departure
	Affected  Affected
	Calls     bool // who looks may call it off
	Now       time.Time
	Form      Form
}

// CallOffPage is /console/tours/departures/{departure}/off: what calling it off
// means, and the form that does. Fields: cause, note, until (a day).
type CallOffPage struct {
	Base
	Org       account.Org
	Departure tours.Departure
	Affected  Affected
	Form      Form
}

// SharedPage is /console/tours/shared?org=. Fields: thing ("" for a new one), name,
// capacity, do ("save", "end", "again"); of one that is there they bear its id,
// "name.{id}".
type SharedPage struct {
	Base
	Org    account.Org
	Orgs   []account.Org // to choose from
	Things []SharedThing
	Form   Form
}

// SharedThing is a thing that tours share and the tours that use it.
type SharedThing struct {
	tours.Resource
	Used []tours.Tour
}

// Component renders the page.
func (p DeparturesPage) Component() templ.Component {
	p.Base = p.private(p.T("departuredesk.of", "Tour", tourTitle(p.Base, p.Tour)), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p PlanPage) Component() templ.Component {
	p.Base = p.private(p.T("departuredesk.plan"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p DepartureFormPage) Component() templ.Component {
	p.Base = p.private(p.T("departuredesk.change"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p CallOffPage) Component() templ.Component {
	p.Base = p.private(p.T("departuredesk.off"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p SharedPage) Component() templ.Component {
	p.Base = p.private(p.T("tourdesk.shared"), p.T("tourdesk.description"))
	return p.page()
}

func departurePath(d tours.Departure, below string) string {
	return "/console/tours/departures/" + d.ID + below
}

// departuresPath is the month of a departure in the list of its tour.
func departuresPath(tour string, at time.Time) string {
	return "/console/tours/" + tour + "/departures?month=" + at.In(lang.Zone).Format("2006-01")
}

// departureState is how a departure stands: the suffix of a message and the shape
// of its badge.
func departureState(d tours.Departure, now time.Time) (state, result string) {
	switch left := d.Left(now); {
	case d.State == tours.CalledOff:
		return "off", "fail"
	case !d.End.After(now):
		return "over", "plain"
	case d.State == tours.Closed:
		return "closed", "undetermined"
	case now.After(d.Cutoff):
		return "cutoff", "plain"
	case left == 0:
		return "full", "plain"
	}
	return "open", "pass"
}

// booked words how many seats of a departure are taken.
func booked(b Base, d tours.Departure, now time.Time) string {
	s := b.T("departuredesk.booked", "Taken", b.Lang.Int(d.Capacity-d.Left(now)), "Of", b.Lang.Int(d.Capacity))
	if n := waiting(d); n > 0 {
		s += " · " + b.N("departuredesk.waiting", n)
	}
	return s
}

// waiting counts the parties on the waiting list of a departure.
func waiting(d tours.Departure) (n int) {
	for _, w := range d.Queue {
		if !w.Over {
			n++
		}
	}
	return n
}

func clock(t time.Time) string { return t.In(lang.Zone).Format("15:04") }

// departureDay is one day of a list.
type departureDay struct {
	Day  time.Time
	List []tours.Departure
}

// days groups a month by day.
func (p DeparturesPage) days() (list []departureDay) {
	for _, d := range p.Departures {
		if n := len(list); n == 0 || lang.Day(list[n-1].Day) != lang.Day(d.Start) {
			list = append(list, departureDay{Day: d.Start})
		}
		list[len(list)-1].List = append(list[len(list)-1].List, d)
	}
	return list
}

func (p DeparturesPage) month(offset int) time.Time { return p.Month.AddDate(0, offset, 0) }

func monthWords(b Base, t time.Time) string {
	t = t.In(lang.Zone)
	if b.Lang == lang.En {
		return t.Format("January 2006")
	}
	return b.T("departuredesk.month", "Month", int(t.Month()), "Year", t.Format("2006"))
}

// weekdays are the fields of the days of a week, Monday first.
func (p PlanPage) weekdays() []Shown {
	list := make([]Shown, 7)
	for i := range list {
		day := (i + 1) % 7
		list[i] = Shown{itoa(day), p.T("departuredesk.day." + itoa(day))}
	}
	return list
}

// PlanTimes is how many times of a day a pattern has fields for.
const PlanTimes = 4

func (p PlanPage) would() string {
	return p.N("departuredesk.would", len(p.Would))
}

// shownMost are the dates of a pattern that are listed before it is planned.
const shownMost = 40

func (p DepartureFormPage) path(below string) string { return departurePath(p.Departure, below) }

// comes reports whether the departure can still be changed.
func (p DepartureFormPage) comes() bool {
	return p.Departure.State != tours.CalledOff && p.Departure.End.After(p.Now)
}

// movable reports whether it has not left.
func (p DepartureFormPage) movable() bool { return p.comes() && p.Departure.Start.After(p.Now) }

func departureCrumb(b Base, d tours.Departure) crumb {
	return crumb{d.Title.In(b.Lang) + ", " + b.T("departuredesk.title"), departuresPath(d.Tour, d.Start)}
}

// tells says who would be told of a change.
func (a Affected) tells(b Base) string {
	if a.Parties == 0 {
		return b.T("departuredesk.tells.nobody")
	}
	return b.T("departuredesk.tells", "Parties", b.N("departuredesk.parties", a.Parties), "People", b.N("departuredesk.people", a.People))
}

func (p CallOffPage) causes() []choice {
	return words(p.Base, "departuredesk.cause.", "weather", "other")
}

func (p CallOffPage) button() string {
	if p.Affected.Parties == 0 {
		return p.T("departuredesk.off.do")
	}
	return p.N("departuredesk.off.do_tell", p.Affected.Parties)
}

func (p SharedPage) action() string { return "/console/tours/shared?org=" + p.Org.ID }

// thingForm is the form of one thing, filled with what is known of it unless it was
// just filled in.
func (p SharedPage) thingForm(x SharedThing) Form {
	if _, typed := p.Form.Values["name."+x.ID]; typed {
		return p.Form
	}
	return Form{Values: map[string]string{"name." + x.ID: x.Name, "capacity." + x.ID: digits(x.Capacity)}, Err: p.Form.Err}
}

// open reports whether the form of a thing is what the page is about.
func (p SharedPage) open(x SharedThing) bool {
	_, typed := p.Form.Values["name."+x.ID]
	return typed
}
