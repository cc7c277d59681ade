package views

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

	"nguon/app/lang"
	"nguon/catalog"
)

// name prints the product's name between the two bands, in as many lines as
// it needs, and under it what the coffee is.
func (d *packet) name(l lang.Lang) {
	lines, size := fit(name(l, d.p), float64(d.right-d.left-12))
	top, room := float64(d.label+bandHeight), float64(d.foot-d.label-bandHeight)
	if d.p.Art.Window {
		room -= windowHeight + 6
	}
	size = min(size, (room-20)/(1.3*float64(len(lines))))
	block := size*(1.3*float64(len(lines))-.35) + 14
	y := top + (room-block)/2 + size*.95
	fmt.Fprintf(d, `<g fill="%s" text-anchor="middle" font-family="'Be Vietnam Pro',system-ui,sans-serif" font-weight="700">`, d.ink)
	for _, line := range lines {
		fmt.Fprintf(d, `<text x="120" y="%.1f" font-size="%.1f">%s</text>`, y, size, html.EscapeString(line))
		y += size * 1.3
	}
	y += 14 - size*1.3
	fmt.Fprintf(d, `<text x="120" y="%.1f" font-size="8.5" font-weight="500" letter-spacing="1.2">%s</text></g>`,
		y, html.EscapeString(strings.ToUpper(l.T("shop.species."+d.p.Species))))
}

// Heights in units of the drawing.
const (
	bandHeight   = 18
	windowHeight = 30
)

// fit breaks a text into at most three lines and finds the type size at which
// the longest of them is no wider than width.
func fit(text string, width float64) (lines []string, size float64) {
	words := strings.Fields(text)
	per := 11
	for lines = wrap(words, per); len(lines) > 3 && per < 60; lines = wrap(words, per) {
		per++
	}
	for n := len(lines); per > 5 && len(wrap(words, per-1)) == n; per-- {
		lines = wrap(words, per-1) // as even as it goes
	}
	longest := 1
	for _, line := range lines {
		longest = max(longest, utf8.RuneCountInString(line))
	}
	return lines, min(19, width/(0.58*float64(longest)))
}

func wrap(words []string, per int) []string {
	var lines []string
	for _, w := range words {
		if n := len(lines); n > 0 && utf8.RuneCountInString(lines[n-1])+1+utf8.RuneCountInString(w) <= per {
			lines[n-1] += " " + w
			continue
		}
		lines = append(lines, w)
	}
	return lines
}

// window lets the beans be seen.
func (d *packet) window() {
	if !d.p.Art.Window {
		return
	}
	y := d.foot - windowHeight - 7
	fmt.Fprintf(d, `<clipPath id="%[1]sb"><rect x="80" y="%[2]d" width="80" height="30" rx="15"/></clipPath><g clip-path="url(#%[1]sb)"><rect x="80" y="%[2]d" width="80" height="30" fill="#221a14"/>`, d.id, y)
	fmt.Fprintf(d, `<defs><g id="%so"><ellipse rx="7" ry="5" fill="%s" stroke="#221a14" stroke-width=".6"/><path d="M-6.5 0q3-2.5 6.5 0t6.5 0" fill="none" stroke="#221a14" stroke-opacity=".6"/></g></defs>`, d.id, beanColors[d.roast()])
	color, seed := beanColors[d.roast()], d.seed
	for i := range 24 {
		seed = seed*1664525 + 1013904223
		x, by, turn := 82+(i%8)*11+int(seed>>28), y+4+(i/8)*11+int(seed>>20&3), int(seed>>12)%180
		if d.p.Kind == catalog.Ground {
			fmt.Fprintf(d, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, x, by, 5+i%3, color)
			continue
		}
		fmt.Fprintf(d, `<use href="#%so" transform="translate(%d %d)rotate(%d)"/>`, d.id, x, by, turn)
	}
	fmt.Fprintf(d, `</g><rect x="80" y="%d" width="80" height="30" rx="15" fill="none" stroke="%s" stroke-width="2"/>`, y, d.ink)
}

func (d *packet) roast() catalog.Roast {
	if d.p.Kind == catalog.Green {
		return ""
	}
	if d.p.Roast == "" {
		return catalog.Medium
	}
	return d.p.Roast
}
