package trace

import (
	"cmp"
	"slices"
	"time"
)

// Land is what the balance of a lot must know beyond the lot: its plots, and
// what other lots of the same season picked on them. Without the others, every new
// lot would find the plots unpicked.
type Land struct {
	Plots  []Plot
	Others []Claim
}

// Claim is one picking that draws on what plots can bear in a season. Claims
// are served in the order in which their weight was first put on record; that
// time is set by us, so nobody can move ahead of what others have packed.
type Claim struct {
	Lot     string
	Seq     int
	Plots   []string
	Grams   int64
	Claimed time.Time
}

// Claims lists the pickings of a lot.
func (l Lot) Claims() []Claim {
	var cs []Claim
	for _, s := range l.Steps() {
		if s.Kind == Harvest && !s.Void() {
			cs = append(cs, Claim{l.ID, s.Seq, s.Plots, s.OutGrams, s.Claimed})
		}
	}
	return cs
}

// capacity is how many grams of cherries the plot can bear in one season.
func (p Plot) capacity() float64 { return p.AreaHa * yields.Capacity.GramsPerHa }

// harvests serves all claims in order and returns, for each picking of the
// lot (by Seq), how much of it its plots can have borne, and the capacity that was left for the lot.
func (d Land) harvests(l Lot) (granted map[int]float64, left float64) {
	room := make(map[string]float64, len(d.Plots))
	for _, p := range d.Plots {
		room[p.ID] = p.capacity()
	}
	own := map[string]bool{}
	for _, id := range l.Plots {
		own[id] = true
	}
	claims := append(slices.Clone(d.Others), l.Claims()...)
	slices.SortFunc(claims, func(a, b Claim) int {
		return cmp.Or(a.Claimed.Compare(b.Claimed), cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Seq, b.Seq))
	})
	granted = map[int]float64{}
	var mine float64
	for _, c := range claims {
		got := take(room, c)
		if c.Lot == l.ID {
			granted[c.Seq] = got
			mine += got
		}
	}
	left = mine
	for id, g := range room {
		if own[id] {
			left += g
		}
	}
	return granted, left
}

// take serves one claim from its plots in proportion to the room each has.
func take(room map[string]float64, c Claim) float64 {
	var total float64
	for _, id := range c.Plots {
		total += room[id]
	}
	got := min(float64(c.Grams), total)
	if got <= 0 {
		return 0
	}
	for _, id := range c.Plots {
		room[id] -= got * room[id] / total
	}
	return got
}
