package views

import (
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/tours"
)

// Component renders the page.
func (p EventPage) Component() templ.Component {
	v := p.Event
	p.Base = p.named(v.Title.In(p.Lang), eventWhen(p.Lang, v)+" · "+venueName(p.Lang, p.Edition, v.Venue)+" · "+p.Edition.Name.In(p.Lang))
	if p.Edition.Photo != "" {
		p.Image = p.Edition.Photo
	}
	p.Demo = p.Demo || v.Demo
	if p.Preview != "" {
		p.Base = p.private(p.Title, p.Description)
	} else {
		p.JSONLD = append(p.JSONLD, p.eventLD(p.Edition, v, p.Organizer), p.crumbsLD(p.crumbs()))
	}
	return p.page()
}

func (p EventPage) crumbs() []crumb {
	return editionCrumbs(p.Base, p.Edition, crumb{p.Event.Title.In(p.Lang), p.Event.Path(p.Edition)})
}

func (p EventPage) facts() []fact {
	v := p.Event
	list := []fact{{p.T("festival.when"), eventWhen(p.Lang, v)}, {p.T("festival.where"), venueName(p.Lang, p.Edition, v.Venue)},
		{p.T("festival.entry"), entryLine(p.Base, v)}}
	if v.Ticketed {
		list = append(list, fact{p.T("festival.capacity"), p.Lang.Int(v.Capacity)})
		if v.Cutoff > 0 {
			list = append(list, fact{p.T("festival.closes"), p.Lang.DateTime(v.Closes())})
		}
	}
	return list
}

// refundLine words one step of what goes back to who cancels.
func refundLine(b Base, v tours.Event, s tours.Step) string {
	return b.T("festival.refund.step", "Until", b.Lang.DateTime(s.Until(v.Start)), "Percent", s.Percent)
}

// dayPath is the programme of the day on which the event begins.
func (p EventPage) dayPath() string {
	return EditionPage{Base: Base{Path: p.Edition.Path()}}.filtered(lang.Midnight(p.Event.Start), "")
}

func (p EventPage) venuePath(venue string) string {
	return EditionPage{Base: Base{Path: p.Edition.Path()}}.filtered(time.Time{}, venue)
}

// booths are those that are linked and still there.
func (p EventPage) booths() (list []tours.Booth) {
	for _, id := range p.Event.Booths {
		if b, ok := p.Edition.Booth(id); ok {
			list = append(list, b)
		}
	}
	return list
}

// Component renders the page.
func (p EditionPrint) Component() templ.Component {
	p.Base = p.named(p.T("festival.print.title", "Name", p.Edition.Name.In(p.Lang)), p.T("festival.print.description", "Name", p.Edition.Name.In(p.Lang)))
	p.Demo, p.NoIndex = p.Demo || p.Edition.Demo, true
	return p.page()
}

func (p EditionPrint) days() []programmeDay {
	return EditionPage{Edition: p.Edition, Events: p.Events}.days()
}

// line is what stands beside the title of an event on the sheet.
func (p EditionPrint) line(v tours.Event) string {
	s := p.T("festival.kind." + string(v.Kind))
	if names := speakerNames(v); names != "" {
		s += " · " + names
	}
	if v.Ticketed {
		s += " · " + entryLine(p.Base, v)
	}
	return s
}
