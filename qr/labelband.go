package qr

import (
	"cmp"
	"maps"
	"slices"
)

// ink is one of the colours of a label, from the site's palette.
type ink struct{ r, g, b uint8 }

var (
	inkBlack    = ink{0, 0, 0}
	inkIndigo   = ink{0x27, 0x34, 0x6b}
	inkCherry   = ink{0xb3, 0x26, 0x1e}
	inkTurmeric = ink{0xe0, 0xa5, 0x26}
)

// The brocade band is a row of diamonds, as the Thái and H'Mông weave them,
// drawn on a small grid: 9 cells high, repeating every 12.
const (
	bandRows   = 9
	bandPeriod = 12
)

// stitch is the thread at a cell of the band: 0 none, 1 indigo, 2 cherry,
// 3 turmeric.
func stitch(x, y int) int {
	if y == 0 || y == bandRows-1 {
		return 1
	}
	dx, dy := abs(x%bandPeriod-bandPeriod/2), abs(y-bandRows/2)
	switch d := dx + dy; {
	case d == 3:
		return 1
	case d <= 1:
		return 2
	case bandPeriod/2-dx+dy <= 1, d == 5 && dy == 3:
		return 3
	}
	return 0
}

// cell is a run of equal stitches, in dots from the label's top left.
type cell struct{ x, y, w, h int }

// band is the brocade of a label by colour; a 203 dpi printer is a thermal
// one, which only has black.
func (g grid) band() map[ink][]cell {
	threads := [...]ink{1: inkIndigo, 2: inkCherry, 3: inkTurmeric}
	if g.dpi < 300 {
		threads = [...]ink{1: inkBlack, 2: inkBlack, 3: inkBlack}
	}
	size := g.dots(bandHeight / bandRows)
	count := g.dots(labelWidth-2*labelInset) / size / bandPeriod * bandPeriod
	left := (g.dots(labelWidth) - (count+1)*size) / 2
	top := g.dots(labelInset)
	cells := map[ink][]cell{}
	for y := range bandRows {
		for x := 0; x <= count; {
			start, thread := x, stitch(x, y)
			for x++; x <= count && stitch(x, y) == thread; x++ {
			}
			if thread != 0 {
				cells[threads[thread]] = append(cells[threads[thread]],
					cell{left + start*size, top + y*size, (x - start) * size, size})
			}
		}
	}
	return cells
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// inksOf lists the colours of a band in a fixed order.
func inksOf(band map[ink][]cell) []ink {
	return slices.SortedFunc(maps.Keys(band), func(a, b ink) int {
		return cmp.Or(cmp.Compare(a.r, b.r), cmp.Compare(a.g, b.g), cmp.Compare(a.b, b.b))
	})
}
