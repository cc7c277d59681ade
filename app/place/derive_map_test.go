package place

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"
)

const (
	mapWidth  = 640 // units
	mapMargin = 4   // units around the province, for the stroke
	tolerance = 1.6 // units: under one pixel on a map 320 pixels wide
)

type pos [2]float64 // longitude, latitude

// deriveMap cuts the outlines into arcs at the points where three areas meet,
// reduces each arc once, so that neighbours still fit, and writes them in whole
// units. An arc that would cross or cover another one is reduced less.
func deriveMap(t *testing.T) []byte {
	rings := readOutlines(t)
	topo := cut(rings)
	a := frame(rings)
	tol := make([]float64, len(topo.arcs))
	for i := range tol {
		tol[i] = tolerance
	}
	for round := 0; ; round++ {
		a.Arcs = a.Arcs[:0]
		for i, arc := range topo.arcs {
			a.Arcs = append(a.Arcs, a.reduce(arc, tol[i]))
		}
		bad := clashes(&a)
		if len(bad) == 0 {
			break
		}
		if round == 20 {
			t.Fatalf("arcs %v still clash", bad)
		}
		for i := range bad {
			tol[i] *= 0.7
		}
	}
	a.Rings, a.Outer = topo.rings, topo.outer
	return writeAtlas(t, &a)
}

func readOutlines(t *testing.T) map[string][][]pos {
	var file struct {
		Features []struct {
			Properties struct{ Code string }
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	readJSON(t, "data/source/sonla_boundaries.geojson.gz", &file)
	rings := map[string][][]pos{}
	for _, f := range file.Features {
		var polygons [][][]pos
		var err error
		if f.Geometry.Type == "Polygon" {
			polygons = make([][][]pos, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
		} else {
			err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range polygons {
			for _, r := range p {
				rings[f.Properties.Code] = append(rings[f.Properties.Code], r[:len(r)-1])
			}
		}
	}
	return rings
}

type topology struct {
	arcs  [][]pos
	rings map[string][][]int
	outer [][]int
	known map[string]int
}

func cut(rings map[string][][]pos) *topology {
	joints := junctions(rings)
	topo := &topology{rings: map[string][][]int{}, known: map[string]int{}}
	uses := map[int][]int{}
	for _, code := range slices.Sorted(maps.Keys(rings)) {
		for _, r := range rings[code] {
			var refs []int
			for _, arc := range split(r, joints) {
				ref := topo.ref(arc)
				refs = append(refs, ref)
				uses[max(ref, ^ref)] = append(uses[max(ref, ^ref)], ref)
			}
			topo.rings[code] = append(topo.rings[code], refs)
		}
	}
	topo.outer = topo.chain(uses)
	return topo
}

// junctions are the vertices with more than two different neighbours.
func junctions(rings map[string][][]pos) map[pos]bool {
	near := map[pos]map[pos]bool{}
	link := func(a, b pos) {
		if near[a] == nil {
			near[a] = map[pos]bool{}
		}
		near[a][b] = true
	}
	for _, rs := range rings {
		for _, r := range rs {
			for i := range r {
				a, b := r[i], r[(i+1)%len(r)]
				link(a, b)
				link(b, a)
			}
		}
	}
	joints := map[pos]bool{}
	for p, n := range near {
		if len(n) > 2 {
			joints[p] = true
		}
	}
	return joints
}

// split cuts a ring at its junctions; a ring without one is an arc that ends
// where it starts.
func split(r []pos, joints map[pos]bool) [][]pos {
	start := slices.IndexFunc(r, func(p pos) bool { return joints[p] })
	if start < 0 {
		start = 0
		for i := range r {
			if less(r[i], r[start]) {
				start = i
			}
		}
	}
	turned := append(slices.Clone(r[start:]), r[:start+1]...)
	var arcs [][]pos
	from := 0
	for i := 1; i < len(turned); i++ {
		if joints[turned[i]] || i == len(turned)-1 {
			arcs = append(arcs, turned[from:i+1])
			from = i
		}
	}
	return arcs
}

func less(a, b pos) bool { return a[0] < b[0] || a[0] == b[0] && a[1] < b[1] }

// ref finds an arc, or keeps it, and says whether it is walked backwards.
func (topo *topology) ref(arc []pos) int {
	back := slices.Clone(arc)
	slices.Reverse(back)
	if i, ok := topo.known[fmt.Sprint(back)]; ok {
		return ^i
	}
	key := fmt.Sprint(arc)
	i, ok := topo.known[key]
	if !ok {
		i = len(topo.arcs)
		topo.known[key] = i
		topo.arcs = append(topo.arcs, arc)
	}
	return i
}

// chain joins the arcs that only one commune uses into the province's rings.
func (topo *topology) chain(uses map[int][]int) [][]int {
	from := map[pos]int{}
	for _, refs := range uses {
		if len(refs) == 1 {
			start, _ := topo.ends(refs[0])
			from[start] = refs[0]
		}
	}
	var rings [][]int
	for len(from) > 0 {
		var first pos
		for p := range from {
			if first == (pos{}) || less(p, first) {
				first = p
			}
		}
		var ring []int
		for at := first; len(ring) == 0 || at != first; {
			ref := from[at]
			delete(from, at)
			ring = append(ring, ref)
			_, at = topo.ends(ref)
		}
		rings = append(rings, ring)
	}
	return rings
}

func (topo *topology) ends(ref int) (start, end pos) {
	if ref < 0 {
		arc := topo.arcs[^ref]
		return arc[len(arc)-1], arc[0]
	}
	arc := topo.arcs[ref]
	return arc[0], arc[len(arc)-1]
}

// frame fits an equirectangular projection, true at the middle latitude.
func frame(rings map[string][][]pos) atlas {
	west, south, east, north := 180.0, 90.0, -180.0, -90.0
	for _, rs := range rings {
		for _, r := range rs {
			for _, p := range r {
				west, east = min(west, p[0]), max(east, p[0])
				south, north = min(south, p[1]), max(north, p[1])
			}
		}
	}
	perLon := (mapWidth - 2*mapMargin) / (east - west)
	perLat := perLon / math.Cos((south+north)/2*math.Pi/180)
	round := func(f float64) float64 { return math.Round(f*1e6) / 1e6 }
	return atlas{
		Width: mapWidth, Height: int(math.Ceil((north-south)*perLat)) + 2*mapMargin,
		West: round(west - mapMargin/perLon), North: round(north + mapMargin/perLat),
		PerLon: round(perLon), PerLat: round(perLat),
	}
}

// reduce projects an arc, drops what Douglas and Peucker drop, rounds, and
// writes a start and steps. An arc that ends where it starts keeps its far point.
func (a *atlas) reduce(arc []pos, tol float64) []int {
	ps := make([]pos, len(arc))
	for i, p := range arc {
		ps[i] = pos{(p[0] - a.West) * a.PerLon, (a.North - p[1]) * a.PerLat}
	}
	keep := make([]bool, len(ps))
	keep[0], keep[len(ps)-1] = true, true
	mark(ps, keep, 0, len(ps)-1, tol)
	var steps []int
	var last vertex
	for i, p := range ps {
		v := vertex{int(math.Round(p[0])), int(math.Round(p[1]))}
		if !keep[i] || len(steps) > 0 && v == last && i < len(ps)-1 {
			continue
		}
		if len(steps) > 2 && v == last {
			continue
		}
		steps = append(steps, v.x-last.x, v.y-last.y)
		last = v
	}
	return steps
}

func mark(ps []pos, keep []bool, from, to int, tol float64) {
	far, at := -1.0, 0
	for i := from + 1; i < to; i++ {
		if d := distance(ps[i], ps[from], ps[to]); d > far {
			far, at = d, i
		}
	}
	if far > tol || far >= 0 && ps[from] == ps[to] {
		keep[at] = true
		mark(ps, keep, from, at, tol)
		mark(ps, keep, at, to, tol)
	}
}

// distance of p from the segment a–b.
func distance(p, a, b pos) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	f := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		f = max(0, min(1, ((p[0]-a[0])*dx+(p[1]-a[1])*dy)/l))
	}
	return math.Hypot(p[0]-a[0]-f*dx, p[1]-a[1]-f*dy)
}

func writeAtlas(t *testing.T, a *atlas) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"width\":%d,\"height\":%d,\"west\":%v,\"north\":%v,\"perLon\":%v,\"perLat\":%v,\n\"arcs\":",
		a.Width, a.Height, a.West, a.North, a.PerLon, a.PerLat)
	rows(t, &b, a.Arcs)
	rings, err := json.Marshal(a.Rings)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := json.Marshal(a.Outer)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(&b, ",\n\"rings\":%s,\n\"outer\":%s\n}\n", bytes.ReplaceAll(rings, []byte("]],"), []byte("]],\n")), outer)
	return b.Bytes()
}

type segment struct{ a, b vertex }

// clashes finds the arcs of which a segment crosses, covers or touches another
// one elsewhere than at a common end.
func clashes(a *atlas) map[int]bool {
	var segs []segment
	var owner []int
	for i := range a.Arcs {
		vs := a.walk(i)
		for j := 1; j < len(vs); j++ {
			segs = append(segs, segment{vs[j-1], vs[j]})
			owner = append(owner, i)
		}
	}
	bad := map[int]bool{}
	for i := range segs {
		if segs[i].a == segs[i].b {
			bad[owner[i]] = true
		}
		for j := range i {
			if clash(segs[i], segs[j]) {
				bad[owner[i]], bad[owner[j]] = true, true
			}
		}
	}
	return bad
}

func clash(s, t segment) bool {
	turn := func(p, q, r vertex) int { return (q.x-p.x)*(r.y-p.y) - (q.y-p.y)*(r.x-p.x) }
	within := func(p vertex, s segment) bool { // p on s but not at its ends
		return turn(s.a, s.b, p) == 0 && p != s.a && p != s.b &&
			min(s.a.x, s.b.x) <= p.x && p.x <= max(s.a.x, s.b.x) &&
			min(s.a.y, s.b.y) <= p.y && p.y <= max(s.a.y, s.b.y)
	}
	if s == t || s.a == t.b && s.b == t.a || within(s.a, t) || within(s.b, t) || within(t.a, s) || within(t.b, s) {
		return true
	}
	opposite := func(m, n int) bool { return m < 0 && n > 0 || m > 0 && n < 0 }
	return opposite(turn(s.a, s.b, t.a), turn(s.a, s.b, t.b)) && opposite(turn(t.a, t.b, s.a), turn(t.a, t.b, s.b))
}
