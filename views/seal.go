package views

import (
	"fmt"
	"math"
	"strings"

	"github.com/a-h/templ"

	"nguon/qr"
)

// sealShapes gives each state an outline and a sign of its own: a scalloped
// stamp, an octagon, a torn square, a diamond, a triangle, a plain tag.
var sealShapes = map[qr.State]templ.Component{
	qr.Genuine:    raw(`<path class="g" d="` + scallop(16, 30, 27) + `"/><path class="s" d="m20 33 8 8 16-17"/>`),
	qr.Forged:     raw(`<path class="g" d="M20 3h24l17 17v24L44 61H20L3 44V20z"/><path class="s" d="m22 22 20 20m0-20L22 42"/>`),
	qr.Unknown:    raw(`<path class="g" d="M32 2l30 30-30 30L2 32z"/><path class="s" d="M26 26a6.5 6.5 0 1 1 8.5 6.2c-2 .8-2.5 2-2.5 4"/><path class="s" d="M32 44v.1"/>`),
	qr.Void:       raw(`<path class="g" d="M4 8h56v48H4z"/><path class="s" d="M18 32h28"/>`),
	qr.Recalled:   raw(`<path class="g" d="M20 3h24l17 17v24L44 61H20L3 44V20z"/><path class="s" d="M26 20l-9 9 9 9M18 29h20a8 8 0 0 1 0 16h-6"/>`),
	qr.Suspicious: raw(`<path class="g" d="M32 4l30 54H2z"/><path class="s" d="M32 25v15M32 48v.1"/>`),
	qr.LotOnly:    raw(`<path class="g" d="M8 4h30l20 28-20 28H8z"/><path class="s" d="M20 24h18M20 33h22M20 42h14"/>`),
}

func sealShape(s qr.State) templ.Component {
	if c, ok := sealShapes[s]; ok {
		return c
	}
	return sealShapes[qr.Unknown]
}

// scallop is the edge of a postage stamp bent round: n waves between two radii.
func scallop(n int, outer, inner float64) string {
	var b strings.Builder
	for i := range n {
		a, mid := float64(i)*2*math.Pi/float64(n), (float64(i)+.5)*2*math.Pi/float64(n)
		if i == 0 {
			fmt.Fprintf(&b, "M%.1f %.1f", 32+inner*math.Cos(a), 32+inner*math.Sin(a))
		}
		end := float64(i+1) * 2 * math.Pi / float64(n)
		r := outer + (outer - inner)
		fmt.Fprintf(&b, "Q%.1f %.1f %.1f %.1f", 32+r*math.Cos(mid), 32+r*math.Sin(mid), 32+inner*math.Cos(end), 32+inner*math.Sin(end))
	}
	return b.String() + "z"
}
