package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/tours"
)

// TourDeskPage is /console/tours: the visits of each own organisation, drafts too.
type TourDeskPage struct {
	Base
	Hosts []Host
	Now   time.Time
}

// Host is an organisation that receives visitors, and its visits.
type Host struct {
	Org   account.Org
	Tours []HostTour
}

// HostTour is a visit and its next departures.
type HostTour struct {
	Tour tours.Tour
	Next []tours.Departure
}

// TourHomePage is /console/tours/{tour}: a visit, how it stands, and what can be
// done with it. Fields: photo (a file), reason. Lacks are names of fields of its
// form, with the codes of what is missing.
type TourHomePage struct {
	Base
	Org   account.Org
	Tour  tours.Tour
	Next  []tours.Departure
	Names map[string]string // of what tours share, by id
	Lacks []fault.Field
	Mine  bool // who looks may change it, else only take it out
	Now   time.Time
	Form  Form
}

// Component renders the page.
func (p TourDeskPage) Component() templ.Component {
	p.Base = p.private(p.T("tourdesk.title"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p TourHomePage) Component() templ.Component {
	p.Base = p.private(p.Tour.Name, p.T("tourdesk.description"))
	return p.page()
}

func tourPath(t tours.Tour, below string) string { return "/console/tours/" + t.ID + below }

func tourTitle(b Base, t tours.Tour) string { return t.Title().In(b.Lang) }

func toursCrumb(b Base) crumb { return crumb{b.T("tourdesk.title"), "/console/tours"} }

func tourCrumb(b Base, t tours.Tour) crumb { return crumb{tourTitle(b, t), tourPath(t, "")} }

// tourState is how a visit stands: the suffix of a message and the shape of its
// badge.
func tourState(t tours.Tour) (state, result string) {
	switch {
	case t.Published:
		return "shown", "pass"
	case t.Taken != "":
		return "taken", "fail"
	}
	return "draft", "plain"
}

// nextWords say when a visit leaves next, and how many seats are left then.
func nextWords(b Base, next []tours.Departure, now time.Time) string {
	if len(next) == 0 {
		return b.T("tourdesk.next.none")
	}
	parts := make([]string, len(next))
	for i, d := range next {
		parts[i] = b.T("tourdesk.next.one", "When", unbroken(b.Lang.DateTime(d.Start)), "Left", b.Lang.Int(d.Left(now)))
	}
	return strings.Join(parts, " · ")
}

// lackCount is how many things a visit lacks before it can be shown.
func lackCount(t tours.Tour) int {
	if t.Published {
		return 0
	}
	if e := fault.As(t.Validate(true)); e != nil {
		return len(e.Fields)
	}
	return 0
}

func (p TourHomePage) path(below string) string { return tourPath(p.Tour, below) }

// operates reports whether who looks runs the market and may take the visit out.
func (p TourHomePage) operates() bool { return !p.Mine && p.has("/console/market") }

func (p TourHomePage) ready() bool {
	return p.Mine && approved(p.Org) && !p.Tour.Published && p.Tour.Taken == "" && len(p.Lacks) == 0
}

// lackWords names a field of the form and says what is wrong with it.
func (p TourHomePage) lackWords(f fault.Field) string {
	base, _, _ := strings.Cut(f.Name, ".")
	return lineOf(word(p.Lang, "tourdesk.field.", base), p.T(f.Code))
}

// hours words a duration: "5 giờ", "1 giờ 30 phút".
func hours(b Base, minutes int64) string {
	switch h, m := minutes/60, minutes%60; {
	case minutes == 0:
		return ""
	case h == 0:
		return b.T("tourdesk.minutes", "M", m)
	case m == 0:
		return b.T("tourdesk.hours", "H", h)
	default:
		return b.T("tourdesk.hours_minutes", "H", h, "M", m)
	}
}

// season words when a visit is on.
func season(b Base, s tours.Season) string {
	if s == (tours.Season{}) {
		return b.T("tourdesk.season.year")
	}
	day := func(d tours.MonthDay) string { return strconv.Itoa(int(d%100)) + "/" + strconv.Itoa(int(d/100)) }
	return b.T("tourdesk.season.span", "From", day(s.From), "To", day(s.To))
}

func speaks(b Base, list []string) string {
	names := make([]string, len(list))
	for i, l := range list {
		names[i] = word(b.Lang, "tourdesk.speaks.", l)
	}
	return strings.Join(names, ", ")
}

// said are the facts of a visit as its host wrote them.
func (p TourHomePage) said() []fact {
	t := p.Tour
	place := t.Meeting.Words.In(p.Lang)
	if t.Meeting.Lat != 0 {
		place = strings.TrimSpace(place + " (" + p.Lang.Num(t.Meeting.Lat, 5) + "; " + p.Lang.Num(t.Meeting.Lon, 5) + ")")
	}
	altitude := ""
	if t.Altitude > 0 {
		altitude = p.Lang.Int(t.Altitude) + " m"
	}
	return []fact{
		{p.T("tourdesk.field.kind"), p.T("tourdesk.kind." + string(t.Kind))},
		{p.T("tourdesk.field.commune"), upperFirst(communeName(p.Lang, t.Commune))},
		{p.T("tourdesk.field.altitude"), altitude},
		{p.T("tourdesk.field.minutes"), hours(p.Base, t.Minutes)},
		{p.T("tourdesk.field.level"), p.T("tourdesk.level." + string(t.Level))},
		{p.T("tourdesk.field.season"), season(p.Base, t.Season)},
		{p.T("tourdesk.field.speaks"), speaks(p.Base, t.Speaks)},
		{p.T("tourdesk.field.phone"), t.Phone},
		{p.T("tourdesk.field.meeting"), place},
		{p.T("tourdesk.field.road"), p.T("tourdesk.road." + string(t.Meeting.Road))},
		{p.T("tourdesk.field.rain"), t.Rain.In(p.Lang)},
		{p.T("tourdesk.field.included"), t.Included.In(p.Lang)},
	}
}

// terms are what a visit costs and how it is cancelled.
func (p TourHomePage) terms() []fact {
	t := p.Tour
	var types, extras, back, shared []string
	for _, c := range t.Types {
		types = append(types, c.Name.In(p.Lang)+" "+c.Price.String())
	}
	for _, a := range t.AddOns {
		extras = append(extras, a.Name.In(p.Lang)+" "+a.Price.String())
	}
	for _, s := range t.Policy {
		back = append(back, p.T("tourdesk.policy.step", "Hours", s.Hours, "Percent", s.Percent))
	}
	for _, u := range t.Uses {
		shared = append(shared, cmp.Or(p.Names[u.Resource], short(u.Resource)))
	}
	list := []fact{{p.T("tourdesk.field.types"), strings.Join(types, " · ")}, {p.T("tourdesk.field.addOns"), cmp.Or(strings.Join(extras, " · "), p.T("tourdesk.none"))},
		{p.T("tourdesk.field.policy"), cmp.Or(strings.Join(back, " · "), p.T("tourdesk.policy.none"))},
		{p.T("tourdesk.field.deposit"), p.deposit()}, {p.T("tourdesk.field.seats"), p.Lang.Int(t.Seats)},
		{p.T("tourdesk.field.fewest"), p.fewest()}, {p.T("tourdesk.field.cutoff"), p.T("tourdesk.cutoff.hours", "Hours", t.Cutoff)}}
	if len(shared) > 0 {
		slices.Sort(shared)
		list = append(list, fact{p.T("tourdesk.field.uses"), strings.Join(slices.Compact(shared), ", ")})
	}
	return list
}

func (p TourHomePage) deposit() string {
	if d := p.Tour.Deposit; d > 0 && d < 100 {
		return p.T("tourdesk.deposit.percent", "Percent", d)
	}
	return p.T("tourdesk.deposit.all")
}

func (p TourHomePage) fewest() string {
	if p.Tour.Fewest > 1 {
		return p.T("tourdesk.fewest.words", "N", p.Tour.Fewest, "Hours", p.Tour.Decide)
	}
	return p.T("tourdesk.fewest.one")
}
