package place

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Map is the drawing of the whole province in the coordinates of ViewBox.
// Every border is drawn once, also where two communes share it.
type Map struct {
	ViewBox  string // of the svg element: "0 0 640 468"
	Borders  string // d of one open path: every border between communes and around the province
	Province string // d of one closed path: the province's outline, for filling
}

//go:embed data/map.json
var mapJSON []byte

// atlas is the content of map.json. Arcs are pieces of border between two
// points where three areas meet: a start and then steps, in whole units. A ring lists
// its arcs in order; ^i stands for arc i walked backwards.
type atlas struct {
	Width  int                `json:"width"`
	Height int                `json:"height"`
	West   float64            `json:"west"`   // longitude of x = 0
	North  float64            `json:"north"`  // latitude of y = 0
	PerLon float64            `json:"perLon"` // units per degree eastwards
	PerLat float64            `json:"perLat"` // units per degree southwards
	Arcs   [][]int            `json:"arcs"`
	Rings  map[string][][]int `json:"rings"` // by commune code
	Outer  [][]int            `json:"outer"` // of the province

	codes   []string // of Rings, sorted, so that At always answers alike
	closed  map[string][][]vertex
	outline Map
}

type vertex struct{ x, y int }

// Read once and never written again.
var sheet = mustAtlas(mapJSON)

func mustAtlas(raw []byte) atlas {
	var a atlas
	if err := json.Unmarshal(raw, &a); err != nil {
		panic(fmt.Errorf("place: map.json: %w", err))
	}
	a.codes = slices.Sorted(maps.Keys(a.Rings))
	a.closed = make(map[string][][]vertex, len(a.codes))
	for code, rings := range a.Rings {
		for _, refs := range rings {
			a.closed[code] = append(a.closed[code], a.ring(refs))
		}
	}
	var borders pathData
	for i := range a.Arcs {
		borders.add(a.walk(i), false)
	}
	a.outline = Map{
		ViewBox:  fmt.Sprintf("0 0 %d %d", a.Width, a.Height),
		Borders:  borders.String(),
		Province: a.path(a.Outer),
	}
	return a
}

// Outline is the map of the province.
func Outline() Map { return sheet.outline }

// Borders is Outline().Borders.
func Borders() string { return sheet.outline.Borders }

// ViewBox is Outline().ViewBox.
func ViewBox() string { return sheet.outline.ViewBox }

// Shape is the d of a closed path of one commune in the coordinates of the
// map, "" for an unknown code.
func Shape(code string) string { return sheet.path(sheet.Rings[code]) }

// Project brings a position into the coordinates of the map.
func Project(p Point) (x, y float64) {
	return (p.Lon - sheet.West) * sheet.PerLon, (sheet.North - p.Lat) * sheet.PerLat
}

// At finds the commune that a position lies in. It decides on the reduced outlines of
// the map, whose borders are up to about 700 metres off: good enough to
// suggest a commune or to notice one that is far off, not to decide a claim.
func At(p Point) (Commune, bool) {
	x, y := Project(p)
	for _, code := range sheet.codes {
		inside := false
		for _, ring := range sheet.closed[code] {
			inside = inside != crosses(ring, x, y)
		}
		if inside {
			return ByCode(code)
		}
	}
	return Commune{}, false
}

// crosses reports whether a ray from (x, y) to the east crosses the ring an
// odd number of times.
func crosses(ring []vertex, x, y float64) (odd bool) {
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		ax, ay, bx, by := float64(a.x), float64(a.y), float64(b.x), float64(b.y)
		if (ay > y) != (by > y) && x < ax+(y-ay)/(by-ay)*(bx-ax) {
			odd = !odd
		}
	}
	return odd
}

// walk lists the vertices of an arc in the direction the reference says.
func (a *atlas) walk(ref int) []vertex {
	backwards := ref < 0
	if backwards {
		ref = ^ref
	}
	steps := a.Arcs[ref]
	vs := make([]vertex, 0, len(steps)/2)
	var at vertex
	for i := 0; i+1 < len(steps); i += 2 {
		at = vertex{at.x + steps[i], at.y + steps[i+1]}
		vs = append(vs, at)
	}
	if backwards {
		slices.Reverse(vs)
	}
	return vs
}

// ring lists the vertices of a closed ring, the first not repeated.
func (a *atlas) ring(refs []int) []vertex {
	var vs []vertex
	for _, ref := range refs {
		arc := a.walk(ref)
		vs = append(vs, arc[:len(arc)-1]...)
	}
	return vs
}

func (a *atlas) path(rings [][]int) string {
	var d pathData
	for _, refs := range rings {
		d.add(a.ring(refs), true)
	}
	return d.String()
}

// pathData writes the d of an SVG path: absolute starts, relative lines, no
// separator where a minus sign does.
type pathData struct{ strings.Builder }

func (d *pathData) add(vs []vertex, closed bool) {
	fmt.Fprintf(d, "M%d %d", vs[0].x, vs[0].y)
	for i := 1; i < len(vs); i++ {
		if i == 1 {
			d.WriteByte('l')
			d.number(vs[1].x-vs[0].x, false)
		} else {
			d.number(vs[i].x-vs[i-1].x, true)
		}
		d.number(vs[i].y-vs[i-1].y, true)
	}
	if closed {
		d.WriteByte('z')
	}
}

func (d *pathData) number(n int, separate bool) {
	if separate && n >= 0 {
		d.WriteByte(' ')
	}
	d.WriteString(strconv.Itoa(n))
}
