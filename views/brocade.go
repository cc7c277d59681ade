package views

import (
	"fmt"
	"strings"

	"github.com/a-h/templ"
)

// motif is the left half of a woven pattern, the middle column last; the right
// half mirrors it. Each letter is a thread of the khăn piêu: t turmeric,
// c cherry, l leaf, p undyed cotton; a point is the ground.
type motif []string

var motifs = [...]motif{
	{ // hooked diamonds
		"t.t.t.t.t",
		"...l....p",
		"..l.l..p.",
		"c.....p.c",
		"cc..tp.ct",
		"c.....p.c",
		"..l.l..p.",
		"...l....p",
		"t.t.t.t.t",
	},
	{ // ridges
		"ccccccccc",
		".........",
		"p.......t",
		"pp.....t.",
		".pp...t.t",
		"..pp.t.t.",
		"l..ppt..c",
		"ll..p..cc",
		"lll...ccc",
	},
	{ // eight-pointed stars
		"p.p.p.p.p",
		".........",
		"....t..tt",
		"t..tt.ttt",
		"tt...t.tc",
		"t..tt.ttt",
		"....t..tt",
		".........",
		"p.p.p.p.p",
	},
	{ // fern shoots
		".l.l.l.l.",
		"l.......p",
		"..ppp..p.",
		".p...p.p.",
		".p.p.p.pc",
		".p.pp..p.",
		".p.....p.",
		"..ppppp..",
		"c.c.c.c.c",
	},
	{ // lozenge chain
		"c.......c",
		"cc.....cc",
		".cc...cc.",
		"t.cc.cc.t",
		"tt.ccc.tt",
		"t.cc.cc.t",
		".cc...cc.",
		"cc.....cc",
		"c.......c",
	},
	{ // terraces
		"ttttttttt",
		"........t",
		"ppppppp.t",
		"p.....p.t",
		"p.lll.p.t",
		"p.l.l.p..",
		"p.l.lpppp",
		"..l......",
		"ccccccccc",
	},
}

var threads = map[byte]string{'t': "#e0a526", 'c': "#d2574c", 'l': "#6fae7b", 'p': "#f6eee2"}

const threadOrder = "pctl"

func pick(n int) motif {
	if n < 0 {
		n = -n
	}
	return motifs[n%len(motifs)]
}

// width is the number of columns after which the pattern repeats.
func (m motif) width() int { return 2*len(m[0]) - 2 }

// at is the thread at a place of the tile.
func (m motif) at(x, y int) byte {
	if x >= len(m[y]) {
		x = m.width() - x
	}
	return m[y][x]
}

// paths draws the tile, one unit a thread, one path a colour. Runs of equal
// threads become one rectangle.
func (m motif) paths() string {
	var b strings.Builder
	for _, t := range []byte(threadOrder) {
		var d strings.Builder
		for y := range m {
			for x := 0; x < m.width(); {
				n := 0
				for x+n < m.width() && m.at(x+n, y) == t {
					n++
				}
				if n > 0 {
					fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x, y, n, n)
				}
				x += max(n, 1)
			}
		}
		if d.Len() > 0 {
			fmt.Fprintf(&b, `<path fill="%s" d="%s"/>`, threads[t], d.String())
		}
	}
	return b.String()
}

// pattern defines the tile under an id, each thread size units wide.
func (m motif) pattern(id string, size float64) string {
	return fmt.Sprintf(`<pattern id="%s" width="%g" height="%g" patternUnits="userSpaceOnUse" viewBox="0 0 %d %d">%s</pattern>`,
		id, size*float64(m.width()), size*float64(len(m)), m.width(), len(m), m.paths())
}

// brocade is the woven band at the edge of header and footer. Its tile is
// defined once, where it is drawn first.
func brocade() templ.Component { return band }

var band = raw(`<svg class="band" aria-hidden="true" shape-rendering="crispEdges"><defs>` +
	motifs[0].pattern("weave", 2) +
	`</defs><rect width="100%" height="18" fill="currentColor"/><rect width="100%" height="18" fill="url(#weave)"/></svg>`)

var bandAgain = raw(`<svg class="band" aria-hidden="true" shape-rendering="crispEdges"><rect width="100%" height="18" fill="url(#weave)"/></svg>`)

// mark is the sign of the site: a coffee bean inside a woven lozenge.
func mark() templ.Component { return sign }

const signPaths = `<path fill="#27346b" d="M16 0l4 4h4v4h4v4l4 4-4 4v4h-4v4h-4l-4 4-4-4H8v-4H4v-4l-4-4 4-4V8h4V4h4z"/>` +
	`<path fill="#e0a526" d="M15 4h2v2h-2zM15 26h2v2h-2zM4 15h2v2H4zM26 15h2v2h-2z"/>` +
	`<ellipse cx="16" cy="16" rx="6.2" ry="8" transform="rotate(28 16 16)" fill="#fbf7f0"/>` +
	`<path d="M19.6 9.4c-3.8 2.6-1 4.6-3.6 6.6s.2 4-3.6 6.6" fill="none" stroke="#b3261e" stroke-width="1.9" stroke-linecap="round"/>`

var sign = raw(`<svg viewBox="0 0 32 32" aria-hidden="true">` + signPaths + `</svg>`)
