package views

import (
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/money"
	"nguon/qr"
	"nguon/tours"
)

// TicketPage is /tickets/{id}.
type TicketPage struct {
	Base
	Form      Form
	Booking   tours.Booking
	Tour      tours.Tour
	Departure tours.Departure
	Host      TourHost
	Now       time.Time
	Symbol    string            // text of the symbol that lets all of the party in
	Each      []string          // of each person, where there are several
	Others    []tours.Departure // to which the booking can be moved
	Paid      money.VND         // for the visit so far
	Review    *tours.Review
}

// Component renders the page.
func (p TicketPage) Component() templ.Component {
	p.Base = p.shopping(p.T("ticket.title", "Title", p.Tour.Title().In(p.Lang)))
	return p.page()
}

func (p TicketPage) path() string { return "/tickets/" + p.Booking.ID }

// state is the word that stands on top of the ticket.
func (p TicketPage) state() string {
	switch {
	case p.Booking.State == tours.Draft:
		return "waits"
	case p.Booking.State == tours.Left && p.Booking.Leaving != nil && p.Booking.Leaving.Cause == "called_off", p.Departure.State == tours.CalledOff && p.Booking.State == tours.Booked:
		return "called_off"
	case p.Booking.State == tours.Left:
		return "left"
	case p.Booking.State == tours.NoShow:
		return "no_show"
	case len(p.Booking.Arrivals) == len(p.Booking.Guests):
		return "came"
	case len(p.Booking.Arrivals) > 0:
		return "partly"
	}
	return "valid"
}

func (p TicketPage) stateIcon() string {
	switch p.state() {
	case "valid", "came", "partly":
		return "circle-check"
	case "waits":
		return "clock"
	}
	return "circle-slash"
}

// back is what goes back to who cancels now.
func (p TicketPage) back() money.VND {
	percent := p.Booking.Percent(p.Tour.Policy, p.Now)
	return (p.Paid*money.VND(percent) + 99) / 100
}

// open reports whether the party can still change or cancel the booking.
func (p TicketPage) open() bool {
	b := p.Booking
	return b.State == tours.Booked && len(b.Arrivals) == 0 && !b.WalkIn && (b.Waits(p.Now) || p.Now.Before(b.Start))
}

func (p TicketPage) movable() bool { return p.open() && p.Booking.Movable(p.Tour.Policy, p.Now) }

// reviewable reports whether the party may say how it was.
func (p TicketPage) reviewable() bool { return p.Booking.Reviewable(p.Now) == nil }

// guest is a person of the party with its place.
func (p TicketPage) guest(i int) string {
	g := p.Booking.Guests[i]
	name := itoa(i + 1)
	for _, c := range p.Tour.EveryType() {
		if c.ID == g.Type {
			name += " · " + c.Name.In(p.Lang)
		}
	}
	if g.Name != "" {
		name += " · " + g.Name
	}
	return name
}

func (p TicketPage) guestValue(i int) string {
	if p.Form.Err != nil {
		return p.Form.Get("guest." + itoa(i))
	}
	return p.Booking.Guests[i].Name
}

// symbolOf draws a symbol with what it is of.
func symbolOf(text, about string) templ.Component {
	svg, err := qr.Symbol(text)
	if err != nil {
		return templ.NopComponent
	}
	return raw(strings.Replace(svg, "<svg ", `<svg class="qr" role="img" aria-label="`+templ.EscapeString(about)+`" `, 1))
}

// words of the party, in the language of the page.
func (p TicketPage) party() string {
	b := p.Booking
	b.Lang = p.Lang
	return b.Words(p.Tour)
}

func choiceKind(b tours.Booking) string {
	if b.Choice != nil && b.Choice.Cause == "moved" {
		return "moved"
	}
	return "off"
}

func (p TicketPage) otherDays() []choice {
	list := []choice{{"", p.T("form.choose")}}
	for _, d := range p.Others {
		list = append(list, choice{d.ID, p.Lang.DateTime(d.Start) + " · " + seatsLeft(p.Base, d, p.Now)})
	}
	return list
}

func (p TicketPage) namesWrong() bool {
	for i := range p.Booking.Guests {
		if p.Form.wrong(p.Base, "guest."+itoa(i)) != "" {
			return true
		}
	}
	return false
}

func (p TicketPage) cancelWords() string {
	if b := p.back(); b > 0 {
		return p.T("ticket.cancel.money", "Back", b.String())
	}
	return p.T("ticket.cancel.nothing")
}

// reviewForm is the review as it stands, or as it was typed.
func (p TicketPage) reviewForm() Form {
	if p.Form.Err != nil || p.Review == nil {
		return p.Form
	}
	r := p.Review
	return Form{Values: map[string]string{"stars": digits(r.Stars), "text": r.Text, "name": r.Name}}
}

func (p TicketPage) starChoices() (list []choice) {
	for n := 5; n >= 1; n-- {
		list = append(list, choice{itoa(n), p.T("ticket.review.stars." + itoa(n))})
	}
	return list
}
