package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/catalog"
	"nguon/tours"
)

const festivalDesk = "/console/festival"

// Component renders the page.
func (p FestivalDeskPage) Component() templ.Component {
	p.Base = p.private(p.T("festdesk.title"), p.T("festdesk.description"))
	return p.page()
}

func newEditionPath(c Committee) string {
	return festivalDesk + "/new?" + url.Values{"org": {c.Org.ID}}.Encode()
}

// editionState is how an edition stands: the suffix of a message and the shape of
// its badge.
func editionState(e tours.Edition) (state, result string) {
	switch {
	case e.Published:
		return "published", "pass"
	case e.First != nil:
		return "withdrawn", "undetermined"
	}
	return "draft", "plain"
}

// Component renders the page.
func (p EditionDeskPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("festdesk.description"))
	p.Demo = p.Demo || p.Edition.Demo
	return p.page()
}

func (p EditionDeskPage) heading() string { return editionName(p.Base, p.Edition) }

func editionName(b Base, e tours.Edition) string { return e.Name.In(b.Lang) + " " + itoa(int(e.Year)) }

func editionDesk(e tours.Edition, below string) string { return festivalDesk + "/" + e.ID + below }

func (p EditionDeskPage) path(below string) string { return editionDesk(p.Edition, below) }

func (p EditionDeskPage) eventPath(v tours.Event) string { return p.path("/events/" + v.ID) }

// days is the whole programme by day.
func (p EditionDeskPage) days() []programmeDay {
	return EditionPage{Edition: p.Edition, Events: p.Events}.days()
}

// lacks are what an edition needs before it is shown: where to fill it in, and
// words.
func (p EditionDeskPage) lacks() (list []choice) {
	for _, w := range p.Lacks {
		what, _, _ := strings.Cut(w.Name, ".")
		switch what {
		case "venues", "booths":
			list = append(list, choice{p.path("/" + what), p.T("festdesk.lacks." + what)})
		default:
			list = append(list, choice{p.path("/edit#" + w.Name), word(p.Lang, "festdesk.field.", what)})
		}
	}
	slices.SortFunc(list, func(a, b choice) int { return strings.Compare(a.Value, b.Value) })
	return slices.Compact(list)
}

func (p EditionDeskPage) counts() []fact {
	pickup := 0
	for _, b := range p.Edition.Booths {
		if b.Pickup {
			pickup++
		}
	}
	return []fact{
		{p.T("festival.when"), editionDays(p.Lang, p.Edition)},
		{p.T("festival.where"), placeLine(p.Lang, p.Edition)},
		{p.T("festdesk.venues"), p.Lang.Int(int64(len(p.Edition.Venues)))},
		{p.T("festdesk.booths"), p.T("festdesk.booths.count", "N", len(p.Edition.Booths), "Pickup", pickup)},
		{p.T("festdesk.events"), p.Lang.Int(int64(len(p.Events)))},
	}
}

// Component renders the page.
func (p EditionFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("festdesk.description"))
	return p.page()
}

func (p EditionFormPage) heading() string {
	if p.Edition == nil {
		return p.T("festdesk.new")
	}
	return p.T("festdesk.edit")
}

func (p EditionFormPage) above() crumb {
	if p.Edition == nil {
		return crumb{p.T("festdesk.title"), festivalDesk}
	}
	return crumb{editionName(p.Base, *p.Edition), editionDesk(*p.Edition, "")}
}

func (p EditionFormPage) action() string {
	if p.Edition == nil {
		return newEditionPath(Committee{Org: p.Org})
	}
	return editionDesk(*p.Edition, "/edit")
}

func (p EditionFormPage) english() bool {
	return filled(p.Base, p.Form, "nameEn", "placeEn", "storyEn", "rainEn", "wayEn")
}

// draft reports whether what is saved may have gaps.
func (p EditionFormPage) draft() bool { return p.Edition == nil || !p.Edition.Published }

// Component renders the page.
func (p VenuesPage) Component() templ.Component {
	p.Base = p.private(p.T("festdesk.venues"), p.T("festdesk.description"))
	return p.page()
}

func (p VenuesPage) kinds() []choice {
	return words(p.Base, "festival.venue.", tours.VenueKinds[:]...)
}

func (p VenuesPage) row(i int) string { return p.T("festdesk.venue.row", "N", i+1) }

// Component renders the page.
func (p BoothsPage) Component() templ.Component {
	p.Base = p.private(p.T("festdesk.booths"), p.T("festdesk.description"))
	return p.page()
}

func (p BoothsPage) row(i int) string { return p.T("festdesk.booth.row", "N", i+1) }

func (p BoothsPage) venues() []choice { return venueChoices(p.Base, p.Edition) }

func venueChoices(b Base, e tours.Edition) []choice {
	list := asked(b)
	for _, v := range e.Venues {
		list = append(list, choice{v.ID, v.Name.In(b.Lang)})
	}
	return list
}

// holders are the producers of the menu.
func (p BoothsPage) holders() []choice {
	list := []choice{{"", p.T("festdesk.booth.other")}}
	for _, m := range p.Producers {
		list = append(list, choice{m.ID, producerName(p.Lang, m)})
	}
	return list
}

// How many rows the forms have at most; the rules allow no more.
const (
	mostVenues   = 30
	mostBooths   = 400
	mostSpeakers = 12
	mostTypes    = 8
	mostSteps    = 6
)

// in is the name of a field in a row of a list.
func in(list string, row int, name string) string {
	return list + "." + strconv.Itoa(row) + "." + name
}

// staleForm reports whether somebody else changed meanwhile what a form shows.
func staleForm(f Form) bool {
	return f.Err != nil && (f.Err.Code == "tours.edition.stale" || f.Err.Code == "tours.event.stale")
}

// Component renders the page.
func (p EventFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("festdesk.description"))
	return p.page()
}

func (p EventFormPage) heading() string {
	if p.Event == nil {
		return p.T("festdesk.event.new")
	}
	return p.Event.Title.In(p.Lang)
}

func (p EventFormPage) path(below string) string {
	if p.Event == nil {
		return editionDesk(p.Edition, "/events/new")
	}
	return editionDesk(p.Edition, "/events/"+p.Event.ID+below)
}

func (p EventFormPage) copyPath() string {
	return editionDesk(p.Edition, "/events/new?from="+p.Event.ID)
}

func (p EventFormPage) kinds() []choice {
	return words(p.Base, "festival.kind.", tours.EventKinds[:]...)
}

func (p EventFormPage) entries() []choice {
	return words(p.Base, "festdesk.entry.", "free", "ticketed")
}

func (p EventFormPage) venues() []choice { return venueChoices(p.Base, p.Edition) }

func (p EventFormPage) english() bool { return filled(p.Base, p.Form, "titleEn", "storyEn") }

// off are the fields of the form that calls an event off; the others are of the
// event itself.
func (p EventFormPage) off() bool { return p.Event != nil && p.Event.Off() }

// known reports whether visitors may have seen the event.
func (p EventFormPage) known() bool { return p.Edition.First != nil }

// boothNumbers names the booths that can be linked.
func (p EventFormPage) boothNumbers() string {
	var list []string
	for _, b := range p.Edition.Booths {
		list = append(list, b.Number)
	}
	if len(list) == 0 {
		return p.T("festdesk.event.booths.none")
	}
	const some = 6
	if len(list) > some {
		list = append(list[:some:some], "…")
	}
	return p.T("festdesk.event.booths.hint", "Numbers", strings.Join(list, ", "))
}

// boothsHeldBy lists the numbers of a producer's booths.
func boothsHeldBy(e tours.Edition, m catalog.Producer) string {
	var list []string
	for _, b := range e.Booths {
		if b.Producer == m.ID {
			list = append(list, b.Number)
		}
	}
	return strings.Join(list, ", ")
}

// boothLine tells where a producer stands at the festival that comes.
func boothLine(l lang.Lang, e tours.Edition, m catalog.Producer) string {
	return l.T("festival.producer.line", "Numbers", boothsHeldBy(e, m), "Days", editionDays(l, e), "Place", placeLine(l, e))
}
