package trace

import (
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"nguon/app/place"
)

// maxRing bounds the work of the crossing test, which looks at every pair of
// sides; a walked plot has tens of vertices.
const maxRing = 500

// The province with a margin of about ten kilometres; plots of its producers
// lie within.
const (
	minLon, maxLon = 103.1, 105.14
	minLat, maxLat = 20.47, 22.13
)

func nearProvince(p place.Point) bool {
	return p.Lon >= minLon && p.Lon <= maxLon && p.Lat >= minLat && p.Lat <= maxLat // false for NaN
}

// ringFault is the message key of the first thing wrong with an outer ring,
// "" when it is sound: at least four points, first equal to last, all near
// the province, and no side that meets another (rules of the EU's TRACES file
// description 1.3, which buyers apply too).
func ringFault(ring []place.Point) string {
	switch n := len(ring); {
	case n < 4:
		return "trace.plot.ring_short"
	case n > maxRing:
		return "trace.plot.ring_long"
	case ring[0] != ring[n-1]:
		return "trace.plot.ring_open"
	}
	for _, p := range ring {
		if !nearProvince(p) {
			return "trace.plot.far_away"
		}
	}
	if crosses(ring) {
		return "trace.plot.ring_crosses"
	}
	return ""
}

// crosses reports whether two sides of a closed ring meet anywhere but at the
// vertex they share.
func crosses(ring []place.Point) bool {
	n := len(ring) - 1 // sides
	for i := range n {
		if ring[i] == ring[i+1] {
			return true
		}
		if foldsBack(ring[i], ring[i+1], ring[(i+1)%n+1]) {
			return true
		}
		for j := i + 2; j < n; j++ {
			if i == 0 && j == n-1 {
				continue // neighbours through the closing vertex
			}
			if meet(ring[i], ring[i+1], ring[j], ring[j+1]) {
				return true
			}
		}
	}
	return false
}

// foldsBack reports whether the side b-c runs back over a-b.
func foldsBack(a, b, c place.Point) bool {
	return turn(a, b, c) == 0 && (b.Lon-a.Lon)*(c.Lon-b.Lon)+(b.Lat-a.Lat)*(c.Lat-b.Lat) < 0
}

// turn is the sign of the turn a-b-c: 1 left, -1 right, 0 straight.
func turn(a, b, c place.Point) int {
	switch d := (b.Lon-a.Lon)*(c.Lat-a.Lat) - (b.Lat-a.Lat)*(c.Lon-a.Lon); {
	case d > 0:
		return 1
	case d < 0:
		return -1
	}
	return 0
}

// meet reports whether the segments a-b and c-d share a point.
func meet(a, b, c, d place.Point) bool {
	t1, t2, t3, t4 := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	if t1 != t2 && t3 != t4 {
		return true
	}
	return t1 == 0 && between(a, b, c) || t2 == 0 && between(a, b, d) ||
		t3 == 0 && between(c, d, a) || t4 == 0 && between(c, d, b)
}

// between reports whether p, known to be on the line a-b, is on the segment.
func between(a, b, p place.Point) bool {
	return min(a.Lon, b.Lon) <= p.Lon && p.Lon <= max(a.Lon, b.Lon) &&
		min(a.Lat, b.Lat) <= p.Lat && p.Lat <= max(a.Lat, b.Lat)
}

func orbRing(ring []place.Point) orb.Ring {
	r := make(orb.Ring, len(ring))
	for i, p := range ring {
		r[i] = orb.Point{p.Lon, p.Lat}
	}
	return r
}

// ringHectares is the area of a ring on a sphere of the equatorial radius,
// within one per cent of the ellipsoid here.
func ringHectares(ring []place.Point) float64 { return geo.Area(orbRing(ring)) / 10000 }

// centre is the plot's middle: of its outline, else its point; ok is false
// when neither is known.
func (p Plot) centre() (c place.Point, ok bool) {
	if len(p.Ring) >= 4 {
		m, _ := planar.CentroidArea(orbRing(p.Ring))
		return place.Point{Lon: m.Lon(), Lat: m.Lat()}, true
	}
	if p.Point != nil {
		return *p.Point, true
	}
	return place.Point{}, false
}
