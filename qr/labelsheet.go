package qr

import (
	"math"

	"nguon/app/fault"
)

// The sheet is plain A4, cut along the marks in its margins; every printer
// leaves up to 5 mm of the edge white, hence labels of 66 × 35 mm.
const (
	sheetWidth, sheetHeight  = 210.0, 297.0 // mm
	labelWidth, labelHeight  = 66.0, 35.0   // mm
	sheetColumns, sheetRows  = 3, 8
	labelsPerSheet           = sheetColumns * sheetRows
	quietModules             = 4
	largestSymbol            = 177 // modules of version 40
	millimetresPerInch       = 25.4
	millimetresPerPoint      = millimetresPerInch / 72
	labelInset               = 1.4 // mm left free for a cut that is not straight
	bandHeight               = 2.3 // mm of the brocade band at the top
	symbolTop                = labelInset + bandHeight + 0.6
	symbolLeft               = 1.0
	symbolRoom               = labelHeight - symbolTop - 1.0 // mm for symbol and quiet zone
	textInset                = 1.0                           // mm under the last line
	columnInset              = 2.4                           // mm right of the texts, where the band ends
	cutMarkLength, cutMarkAt = 3.2, 1.0                      // mm, and its distance from the labels
)

// grid counts in printer dots. Everything that must be crisp lies on whole
// dots: modules, symbols, labels and the sheet itself.
type grid struct {
	dpi    int
	module int // dots per module
}

// newGrid knows the printers in use: 0.423 mm a module at 300 dpi and 0.500 mm
// at 203 dpi, never under the 0.396 mm of GS1's symbol specification table for
// retail products.
func newGrid(dpi int) (grid, error) {
	switch dpi {
	case 0, 300:
		return grid{300, 5}, nil
	case 203:
		return grid{203, 4}, nil
	}
	return grid{}, fault.New(fault.Invalid, "qr.label.dpi").With("DPI", dpi)
}

func (g grid) dots(mm float64) int {
	return int(math.Round(mm * float64(g.dpi) / millimetresPerInch))
}

func (g grid) mm(dots int) float64 { return float64(dots) * millimetresPerInch / float64(g.dpi) }

// box is the side in dots of a symbol with its quiet zone. A symbol that the
// label has no room for is fault.Invalid "qr.label.too_small", with the whole
// millimetres it needs and those there are.
func (g grid) box(modules int) (int, error) {
	side := (modules + 2*quietModules) * g.module
	if g.mm(side) > symbolRoom {
		return 0, fault.New(fault.Invalid, "qr.label.too_small").
			With("Needed", int(math.Ceil(g.mm(side)))).With("Available", int(math.Floor(symbolRoom)))
	}
	return side, nil
}

// corner is the top left corner, in dots from the top left of the sheet, of
// the grid line crossing before the given column and row.
func (g grid) corner(column, row int) (x, y int) {
	w, h := g.dots(labelWidth), g.dots(labelHeight)
	left := (g.dots(sheetWidth) - sheetColumns*w) / 2
	top := (g.dots(sheetHeight) - sheetRows*h) / 2
	return left + column*w, top + row*h
}

// place is the top left corner of the nth label of a sheet.
func (g grid) place(n int) (x, y int) { return g.corner(n%sheetColumns, n/sheetColumns) }

// cutMarks are the strokes around the labels, in dots: x1, y1, x2, y2.
func (g grid) cutMarks() [][4]int {
	near, far := g.dots(cutMarkAt), g.dots(cutMarkAt+cutMarkLength)
	_, top := g.corner(0, 0)
	right, bottom := g.corner(sheetColumns, sheetRows)
	left, _ := g.corner(0, 0)
	var marks [][4]int
	for c := range sheetColumns + 1 {
		x, _ := g.corner(c, 0)
		marks = append(marks, [4]int{x, top - far, x, top - near}, [4]int{x, bottom + near, x, bottom + far})
	}
	for r := range sheetRows + 1 {
		_, y := g.corner(0, r)
		marks = append(marks, [4]int{left - far, y, left - near, y}, [4]int{right + near, y, right + far, y})
	}
	return marks
}
