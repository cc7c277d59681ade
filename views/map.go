package views

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/place"
)

// mapDrawing is what one drawing of the province shows beside its borders.
type mapDrawing struct {
	Label string        // what it shows, in words
	On    []string      // codes of filled communes
	Part  []string      // codes of communes filled in the second colour
	Dots  []place.Point // blurred positions
}

// provinceMap draws the province with every border once.
func provinceMap(m mapDrawing) templ.Component {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="map" viewBox="%s" role="img" aria-label="%s">`, place.ViewBox(), html.EscapeString(m.Label))
	fmt.Fprintf(&b, `<path class="land" d="%s"/>`, place.Outline().Province)
	m.fill(&b)
	fmt.Fprintf(&b, `<path class="arcs" d="%s"/>`, place.Borders())
	for _, p := range m.Dots {
		x, y := place.Project(p)
		fmt.Fprintf(&b, `<circle class="dot" cx="%.0f" cy="%.0f" r="7"/>`, x, y)
	}
	b.WriteString(`</svg>`)
	return raw(b.String())
}

func (m mapDrawing) fill(b *strings.Builder) {
	for _, code := range unique(m.Part) {
		fmt.Fprintf(b, `<path class="part" d="%s"/>`, place.Shape(code))
	}
	for _, code := range unique(m.On) {
		fmt.Fprintf(b, `<path class="on" d="%s"/>`, place.Shape(code))
	}
}

// miniMap is the outline of the province with communes filled, small and
// without inner borders, beside words that name them.
func miniMap(codes []string) templ.Component {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="map mini" viewBox="%s" aria-hidden="true"><path class="land" d="%s"/>`, place.ViewBox(), place.Outline().Province)
	mapDrawing{On: codes}.fill(&b)
	b.WriteString(`</svg>`)
	return raw(b.String())
}

func unique(codes []string) []string {
	seen := make(map[string]bool, len(codes))
	var list []string
	for _, c := range codes {
		if !seen[c] && place.Shape(c) != "" {
			seen[c] = true
			list = append(list, c)
		}
	}
	return list
}
