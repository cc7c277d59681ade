package views

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
)

// Gate is a departure with who comes, in the order of the printed list.
type Gate struct {
	Base
	Departure tours.Departure
	Tour      tours.Tour
	Roster    []tours.Booking
	Names     map[string]string // of who let people in
	Now       time.Time
}

// GateDay is /console/tours/checkin.
type GateDay struct {
	Base
	Day  time.Time
	Now  time.Time
	List []Gate
}

// GatePage is /console/tours/checkin/{departure}.
type GatePage struct {
	Gate
	Form   Form
	Result *tours.Scanned // of the scan before, nil for none
	WalkIn string         // id that the form of who came without gives a booking
}

// ManifestPage is /console/tours/departures/{departure}.
type ManifestPage struct {
	Gate
	Mine bool // who looks may stand at the gate
}

// ManifestPrint is the list of the day on paper.
type ManifestPrint struct{ Gate }

// Component renders the page.
func (p GateDay) Component() templ.Component {
	p.Base = p.private(p.T("gate.day.title"), p.T("console.description"))
	return p.page()
}

// Component renders the page.
func (p GatePage) Component() templ.Component {
	p.Base = p.private(p.T("gate.title", "Title", p.Departure.Title.In(p.Lang)), p.T("console.description"))
	return p.page()
}

// Component renders the page.
func (p ManifestPage) Component() templ.Component {
	p.Base = p.private(p.T("manifest.title", "Title", p.Departure.Title.In(p.Lang)), p.T("console.description"))
	return p.page()
}

// Component renders the page.
func (p ManifestPrint) Component() templ.Component {
	p.Base = p.private(p.T("manifest.title", "Title", p.Departure.Title.In(p.Lang)), p.T("console.description"))
	return p.page()
}

func (g Gate) path() string     { return "/console/tours/checkin/" + g.Departure.ID }
func (g Gate) manifest() string { return "/console/tours/departures/" + g.Departure.ID }

// Who is the name of somebody who let people in.
func (g Gate) Who(id string) string { return orText(g.Names[id], g.T("gate.somebody")) }

// People are the places of a booking in words, the first first.
func (g Gate) People(b tours.Booking) []string {
	list := make([]string, len(b.Guests))
	for i := range b.Guests {
		list[i] = TicketPage{Base: g.Base, Booking: b, Tour: g.Tour}.guest(i)
	}
	return list
}

// GuestNames are the names that the people of a party gave.
func (g Gate) GuestNames(b tours.Booking) (list []string) {
	for _, x := range b.Guests {
		if x.Name != "" {
			list = append(list, x.Name)
		}
	}
	return list
}

// Notes are what a party answered.
func (g Gate) Notes(b tours.Booking) (list []string) {
	list = []string{}
	for _, q := range g.Tour.EveryQuestion() {
		var said []string
		for _, a := range b.Party.Answers[q.ID] {
			if a != "" {
				said = append(said, answerIn(g.Lang, q, a))
			}
		}
		if len(said) > 0 {
			list = append(list, q.Text.In(g.Lang)+": "+strings.Join(said, ", "))
		}
	}
	return list
}

// party words who comes, in the language of the page.
func (g Gate) party(b tours.Booking) string {
	b.Lang = g.Lang
	return b.Words(g.Tour)
}

// due is what is still to be paid at the gate.
func (g Gate) due(b tours.Booking) money.VND {
	if g.Departure.State == tours.CalledOff || len(b.Arrivals) > 0 || b.State != tours.Booked {
		return 0
	}
	return b.Rest
}

func (g Gate) count(of func(tours.Booking) int) (n int) {
	for _, b := range g.Roster {
		if b.State == tours.Booked {
			n += of(b)
		}
	}
	return n
}

func (g Gate) expected() int { return g.count(func(b tours.Booking) int { return len(b.Guests) }) }
func (g Gate) arrived() int  { return g.count(func(b tours.Booking) int { return len(b.Arrivals) }) }
func (g Gate) money() (sum money.VND) {
	for _, b := range g.Roster {
		sum += g.due(b)
	}
	return sum
}

// totals are how many of each kind of people and of each add-on come.
func (g Gate) totals() (list []fact) {
	for _, t := range g.Tour.EveryType() {
		if n := g.count(func(b tours.Booking) int { return int(b.Of(t.ID)) }); n > 0 {
			list = append(list, fact{upperFirst(t.Name.In(g.Lang)), strconv.Itoa(n)})
		}
	}
	for _, a := range g.Tour.EveryAddOn() {
		if n := g.count(func(b tours.Booking) int { return int(b.Party.AddOns[a.ID]) }); n > 0 {
			list = append(list, fact{upperFirst(a.Name.In(g.Lang)), strconv.Itoa(n)})
		}
	}
	if sum := g.money(); sum > 0 {
		list = append(list, fact{g.T("manifest.due"), sum.String()})
	}
	return list
}

// toCall are the parties that nobody can write to and that do not know yet that
// something changed.
func (g Gate) toCall() (list []tours.Booking) {
	for _, b := range g.Roster {
		if b.Choice != nil && b.Email == "" && (b.State == tours.Booked || b.Called != nil) {
			list = append(list, b)
		}
	}
	return list
}

// odd are bookings of which a gate without a network let somebody in wrongly.
func (g Gate) odd() (list []tours.Booking) {
	for _, b := range g.Roster {
		if len(b.Odd) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// callText is what can be read aloud or sent to a party that has no address.
func (g Gate) callText(b tours.Booking) string {
	l, key := b.Lang, "manifest.say.off"
	args := []any{"Name", b.Name, "Title", g.Tour.Title().In(l), "When", l.DateTime(g.Departure.Start), "Until", "", "Cause", "", "Code", b.Code, "Phone", g.Tour.Phone}
	if b.Choice != nil {
		args[7] = l.DateTime(b.Choice.Until)
		if b.Choice.Cause == "moved" {
			key = "manifest.say.moved"
		}
	}
	if o := g.Departure.Off; o != nil {
		args[9] = strings.TrimSpace(l.T("tours.off."+o.Cause) + " " + o.Note)
	}
	return l.T(key, args...)
}

// bookingState is the word for how far a booking has come.
func bookingState(b tours.Booking) string {
	switch {
	case b.State == tours.Left:
		return "left"
	case b.State == tours.NoShow:
		return "no_show"
	case len(b.Arrivals) == 0:
		return "expected"
	case len(b.Arrivals) < len(b.Guests):
		return "partly"
	}
	return "in"
}

func (p GatePage) resultIcon() string {
	switch p.Result.Result {
	case tours.ScanIn:
		return "circle-check"
	case tours.ScanAgain:
		return "history"
	}
	return "octagon-x"
}

// resultWords say what came of a scan: who, how many, when and by whom before.
func (p GatePage) resultWords() (list []string) {
	r := p.Result
	if r.Booking.ID != "" {
		list = append(list, orText(r.Booking.Name, r.Booking.Code)+" · "+p.party(r.Booking))
	}
	for _, in := range r.Before {
		list = append(list, p.T("gate.before", "Place", itoa(in.Place), "When", p.Lang.DateTime(in.At), "Who", p.Who(in.By)))
	}
	if d := r.Elsewhere; d != nil {
		list = append(list, d.Title.In(p.Lang)+", "+p.Lang.DateTime(d.Start))
	}
	if r.Result == tours.ScanIn && len(r.Booking.Arrivals) == len(r.Places) && r.Booking.Rest > 0 && !r.Booking.WalkIn {
		list = append(list, p.T("gate.collect", "Sum", r.Booking.Rest.String()))
	}
	if r.Result == tours.ScanIn && len(r.Booking.Arrivals) < len(r.Booking.Guests) {
		list = append(list, p.T("gate.partly", "In", itoa(len(r.Booking.Arrivals)), "Of", itoa(len(r.Booking.Guests))))
	}
	return append(list, p.Notes(r.Booking)...)
}

func zoned(t time.Time) time.Time { return t.In(lang.Zone) }

// dayAfter is the list of another day.
func (p GateDay) dayAt(days int) string {
	return "/console/tours/checkin?day=" + p.Day.AddDate(0, 0, days).Format(time.DateOnly)
}

func join(list []string) string { return strings.Join(list, ", ") }

// words are what the script of the gate says, as JSON.
func (p GatePage) words() string {
	m := map[string]string{}
	for _, k := range [...]string{"result.in", "result.again", "result.cancelled", "result.wrong", "result.unknown", "online", "offline", "waiting", "age", "unsigned", "before", "collect", "partly", "counts", "state.in", "state.partly", "dismiss", "conflict", "expired"} {
		m[k] = p.T("gate."+k, "Place", "{Place}", "When", "{When}", "Who", "{Who}", "Sum", "{Sum}", "In", "{In}", "Of", "{Of}", "Name", "{Name}", "Result", "{Result}")
	}
	b, err := json.Marshal(m)
	if err != nil {
		return "{}"
	}
	return string(b)
}

// above is the list that the departure stands in; an event stands in its programme.
func (p ManifestPage) above() crumb {
	if p.Tour.Page != "" {
		return crumb{p.T("gate.day.title"), "/console/tours/checkin?day=" + zoned(p.Departure.Start).Format(time.DateOnly)}
	}
	return crumb{p.Tour.Title().In(p.Lang), "/console/tours/" + p.Tour.ID + "/departures?month=" + zoned(p.Departure.Start).Format("2006-01")}
}
