package views

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"

	"nguon/tours"
)

// The plan is a drawing of 100 by 64 units; venues stand inside a margin.
const (
	planWidth, planHeight = 100, 64
	planMargin            = 9
)

// planShapes are the venues' drawings around their middle.
var planShapes = map[tours.VenueKind]string{
	tours.AtStage:  "M-6 3v-1a6 6 0 0 1 12 0v1z",
	tours.AtHall:   "M-5.5 4v-5l5.5-4 5.5 4v5z",
	tours.AtMarket: "M-5.6-4.6h11.2l1.6 3.6h-1.7v5.4h-11v-5.4h-1.7z",
	tours.AtField:  "M-6 0a6 4.6 0 1 0 12 0a6 4.6 0 1 0-12 0z",
	tours.AtFood:   "M-5-3.5h8.5v1.2h1.2a2.6 2.6 0 0 1 0 5.2h-1.4q-.8 1.8-2.6 1.8h-3.1q-2.6 0-2.6-3z",
	tours.AtHelp:   "M0-5.4l5.4 5.4-5.4 5.4-5.4-5.4z",
}

// plan draws the ground with its venues, each a link to what takes place there.
// Here is the venue that was asked for, "" for none.
func plan(b Base, e tours.Edition, here string, to func(venue string) string) templ.Component {
	var s strings.Builder
	fmt.Fprintf(&s, `<svg class="plan" viewBox="0 0 %d %d" role="group" aria-label="%s">`, planWidth, planHeight, html.EscapeString(b.T("festival.plan.label", "Name", e.Name.In(b.Lang))))
	fmt.Fprintf(&s, `<rect class="ground" x=".5" y=".5" width="%d" height="%d" rx="3"/>`, planWidth-1, planHeight-1)
	s.WriteString(`<path class="walk" d="`)
	for _, v := range e.Venues {
		x, y := onPlan(v)
		fmt.Fprintf(&s, "M%d %dL%.1f %.1f", planWidth/2, planHeight/2, x, y)
	}
	s.WriteString(`"/>`)
	for i, v := range e.Venues {
		x, y := onPlan(v)
		class := "venue " + string(v.Kind)
		if v.ID == here {
			class += " here"
		}
		shape, ok := planShapes[v.Kind]
		if !ok {
			shape, class = planShapes[tours.AtHall], "venue hall"
		}
		fmt.Fprintf(&s, `<a href="%s" aria-label="%s"><g class="%s" transform="translate(%.1f %.1f)"><circle class="touch" r="8"/><path d="%s"/><text y="2">%d</text></g></a>`,
			html.EscapeString(string(b.To(to(v.ID)))), html.EscapeString(v.Name.In(b.Lang)), class, x, y, shape, i+1)
	}
	s.WriteString(`</svg>`)
	return raw(s.String())
}

func onPlan(v tours.Venue) (x, y float64) {
	inside := func(percent int64, size float64) float64 {
		return planMargin + float64(min(max(percent, 0), 100))/100*(size-2*planMargin)
	}
	return inside(v.X, planWidth), inside(v.Y, planHeight)
}
