package views

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/catalog"
	"nguon/tours"
)

// Component renders the page.
func (p FestivalPage) Component() templ.Component {
	p.Base = p.named(p.T("festival.title"), p.T("festival.description"))
	for _, e := range slices.Concat(p.Coming, p.Past) {
		p.shows(e.Demo)
	}
	return p.page()
}

// Component renders the page.
func (p EditionPage) Component() templ.Component {
	e := p.Edition
	p.Base = p.named(e.Name.In(p.Lang)+" "+itoa(int(e.Year)), p.T("festival.edition.description", "Name", e.Name.In(p.Lang), "Days", editionDays(p.Lang, e), "Place", placeLine(p.Lang, e)))
	if p.canon = e.Path(); e.Photo != "" {
		p.Image = e.Photo
	}
	p.Demo = p.Demo || e.Demo
	if p.Preview != "" {
		p.Base = p.private(p.Title, p.Description)
	} else {
		p.JSONLD = append(p.JSONLD, p.editionLD(e, p.Events, p.Organizer), p.crumbsLD(p.crumbs()))
	}
	return p.page()
}

func (p EditionPage) crumbs() []crumb { return editionCrumbs(p.Base, p.Edition) }

func editionCrumbs(b Base, e tours.Edition, more ...crumb) []crumb {
	return append([]crumb{{b.T("festival.title"), "/festival"}, {e.Name.In(b.Lang) + " " + itoa(int(e.Year)), e.Path()}}, more...)
}

// editionDays writes the days of an edition: "18/12/2026 – 20/12/2026".
func editionDays(l lang.Lang, e tours.Edition) string {
	if lang.Day(e.From) == lang.Day(e.To) {
		return unbroken(l.Date(e.From))
	}
	return span(l, e.From, e.To)
}

// placeLine is where an edition takes place, in one line.
func placeLine(l lang.Lang, e tours.Edition) string {
	commune := communeName(l, e.Ground.Commune)
	if w := e.Ground.Words.In(l); w != "" && commune != "" {
		return w + ", " + commune
	} else if w != "" {
		return w
	}
	return upperFirst(commune)
}

func (p EditionPage) facts() []fact {
	e := p.Edition
	list := []fact{{p.T("festival.when"), editionDays(p.Lang, e)}, {p.T("festival.where"), placeLine(p.Lang, e)}}
	if p.Organizer != "" {
		list = append(list, fact{p.T("festival.organizer"), p.Organizer})
	}
	if e.Phone != "" {
		list = append(list, fact{p.T("festival.phone"), e.Phone})
	}
	return list
}

// programmeDay is one day of a programme.
type programmeDay struct {
	Day    time.Time
	Events []tours.Event
	Visits []VisitRow
}

// days is the programme by day, as the filters leave it. A day without anything
// shows only where it was asked for.
func (p EditionPage) days() []programmeDay {
	var list []programmeDay
	for _, d := range p.Edition.Days() {
		if !p.Day.IsZero() && lang.Day(d) != lang.Day(p.Day) {
			continue
		}
		one := programmeDay{Day: d}
		for _, v := range p.Events {
			if v.OnDay(d) && (p.Venue == "" || v.Venue == p.Venue) {
				one.Events = append(one.Events, v)
			}
		}
		for _, v := range p.Visits {
			if p.Venue == "" && lang.Day(v.Day) == lang.Day(d) {
				one.Visits = append(one.Visits, v)
			}
		}
		if len(one.Events) > 0 || len(one.Visits) > 0 || !p.Day.IsZero() {
			list = append(list, one)
		}
	}
	return list
}

// filtered is the address of the page with other filters, at its programme.
func (p EditionPage) filtered(day time.Time, venue string) string {
	q := url.Values{}
	if !day.IsZero() {
		q.Set("day", day.In(lang.Zone).Format(time.DateOnly))
	}
	if venue != "" {
		q.Set("venue", venue)
	}
	path := p.Path
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path + "#programme"
}

func (p EditionPage) onDay(d time.Time) bool {
	return !p.Day.IsZero() && lang.Day(d) == lang.Day(p.Day)
}

// dayShort writes a day for a button: "T6 18/12", in English "Fri 18 Dec".
func dayShort(l lang.Lang, t time.Time) string {
	t = t.In(lang.Zone)
	if l == lang.En {
		return t.Format("Mon 2 Jan")
	}
	short := [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}
	return short[t.Weekday()] + " " + t.Format("02/01")
}

// eventTime writes the time of an event as seen on a day: "19:00–21:00"; what
// began before or goes on says on which day.
func eventTime(l lang.Lang, v tours.Event, day time.Time) string {
	at := func(t time.Time) string { return t.In(lang.Zone).Format("15:04") }
	from, to := at(v.Start), at(v.End)
	last := v.End.Add(-time.Millisecond)
	if lang.Day(last) == lang.Day(v.End) || lang.Day(v.Start) != lang.Day(last) {
		last = v.End
	}
	dash := "–"
	if lang.Day(v.Start) != lang.Day(day) {
		from, dash = from+" "+dayShort(l, v.Start), "\u00a0– "
	}
	if lang.Day(last) != lang.Day(day) {
		to, dash = to+" "+dayShort(l, last), "\u00a0– "
	}
	return unbroken(from) + dash + unbroken(to)
}

// eventWhen writes when an event takes place in full.
func eventWhen(l lang.Lang, v tours.Event) string {
	return l.DateLong(v.Start) + ", " + eventTime(l, v, v.Start)
}

var eventIcons = map[tours.EventKind]string{tours.Talk: "megaphone", tours.Show: "star", tours.Contest: "award", tours.Cupping: "coffee", tours.Bazaar: "store"}

func eventIcon(k tours.EventKind) string {
	if name, ok := eventIcons[k]; ok {
		return name
	}
	return "calendar"
}

func venueName(l lang.Lang, e tours.Edition, id string) string {
	v, _ := e.Venue(id)
	return v.Name.In(l)
}

// entryLine says what an event costs: "Vào tự do", "Vé từ 50.000 ₫".
func entryLine(b Base, v tours.Event) string {
	price, ok := v.PriceFrom()
	switch {
	case !v.Ticketed:
		return b.T("festival.entry.free")
	case !ok:
		return b.T("festival.entry.ticket")
	case price == 0:
		return b.T("festival.entry.registration")
	case len(v.Types) > 1:
		return b.T("festival.entry.from", "Price", price.String())
	}
	return b.T("festival.entry.price", "Price", price.String())
}

// changeLine words a change: "Đổi ngày 20/11/2026: giờ, nơi".
func changeLine(b Base, e tours.Edition, v tours.Event) string {
	c, ok := v.Last()
	if !ok || v.Off() {
		return ""
	}
	var what []string
	for _, w := range c.What {
		switch w {
		case tours.ChangedTime:
			what = append(what, b.T("festival.changed.time", "Was", eventWhen(b.Lang, tours.Event{Start: c.Start, End: c.End})))
		case tours.ChangedVenue:
			was := venueName(b.Lang, e, c.Venue)
			if was == "" {
				was = b.T("festival.changed.elsewhere")
			}
			what = append(what, b.T("festival.changed.venue", "Was", was))
		}
	}
	if len(what) == 0 {
		return ""
	}
	return b.T("festival.changed", "Date", b.Lang.Date(c.At), "What", strings.Join(what, "; "))
}

func speakerNames(v tours.Event) string {
	var names []string
	for _, s := range v.Speakers {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// boothHolder is who stands at a booth, and the page of a producer; "" and "" for
// one whose producer the shop does not show.
func boothHolder(l lang.Lang, b tours.Booth, producers map[string]catalog.Producer) (name, path string) {
	if m, ok := producers[b.Producer]; ok && b.Producer != "" {
		return producerName(l, m), "/producers/" + m.Slug
	}
	return b.Name, ""
}

// mostlyFree reports whether what bears no price in the programme is free.
func (p EditionPage) mostlyFree() bool {
	return slices.ContainsFunc(p.Events, func(v tours.Event) bool { return !v.Ticketed })
}

// pickups reports whether orders of the shop can be fetched at some booth.
func pickups(e tours.Edition) bool {
	return slices.ContainsFunc(e.Booths, func(b tours.Booth) bool { return b.Pickup })
}

// zone is Vietnam's, for templates.
var zone = lang.Zone

// position writes a position as maps take it: "21.33010, 103.91230".
func position(g tours.Ground) string { return fmt.Sprintf("%.5f, %.5f", g.Lat, g.Lon) }

// geoLink opens a position in the map of a phone (RFC 5870).
func geoLink(g tours.Ground) templ.SafeURL {
	at := fmt.Sprintf("%.5f,%.5f", g.Lat, g.Lon)
	return templ.SafeURL("geo:" + at + "?q=" + at)
}
