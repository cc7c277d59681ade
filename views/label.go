package views

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"
)

// sampleLabel draws where on a label the code stands. Its squares are a
// picture of a QR symbol, not one that could be scanned.
func sampleLabel() templ.Component { return labelPicture }

var labelPicture = raw(drawLabel())

func drawLabel() string {
	var b strings.Builder
	b.WriteString(`<svg class="label-picture" viewBox="0 0 220 110" aria-hidden="true" shape-rendering="crispEdges">`)
	b.WriteString(`<rect x="1" y="1" width="218" height="108" rx="6" fill="#fffdf9" stroke="#87735d"/>`)
	b.WriteString(`<g transform="translate(14 17)scale(4)" fill="#221a14">`)
	seed := uint32(7)
	for y := range 19 {
		for x := range 19 {
			seed = seed*1664525 + 1013904223
			if corner(x, y) || corner(18-x, y) || corner(x, 18-y) {
				continue
			}
			if seed>>29 < 4 {
				fmt.Fprintf(&b, `<path d="M%d %dh1v1h-1z"/>`, x, y)
			}
		}
	}
	for _, at := range [][2]int{{0, 0}, {12, 0}, {0, 12}} {
		fmt.Fprintf(&b, `<path fill-rule="evenodd" d="M%d %dh7v7h-7zm1 1v5h5v-5zm1 1h3v3h-3z"/>`, at[0], at[1])
	}
	b.WriteString(`</g><g fill="#87735d"><path d="M104 20h96v8h-96zM104 34h70v6h-70z" fill="#221a14"/><path d="M104 50h54v4h-54zM104 59h62v4h-62z"/></g>`)
	b.WriteString(`<rect x="100" y="70" width="108" height="24" rx="4" fill="none" stroke="#b3261e" stroke-width="2.5"/><path d="M106 79h92v3h-92zM106 85h66v3h-66z" fill="#b3261e"/></svg>`)
	return b.String()
}

func corner(x, y int) bool { return x < 8 && y < 8 }
