package qr

import (
	"nguon/app/lang"
)

// setLine is a line of text with its place in millimetres from the label's top
// left corner: the pen's start on the baseline, and the size of the font.
type setLine struct {
	text        string
	bold        bool
	x, y        float64
	size, width float64
	warns       bool
}

// artwork is what all labels with the same size of symbol have in common.
type artwork struct {
	box       int // dots per side of symbol and quiet zone
	left, top int // of that box, in dots
	lines     []setLine
	serial    setLine // its place; text, size and width differ from label to label
}

// Font sizes in points before a label that is full shrinks them, and the
// height of a line, which leaves room for Vietnamese accents in two storeys.
const (
	nameSize, leastNameSize = 10.5, 6.6
	variantSize             = 7.6
	producerSize            = 6.8
	factSize                = 6.4
	serialSize              = 7.4
	scanSize                = 5.6
	warningSize             = 5.4
	leading                 = 1.28
	leastFit                = 0.55 // a line shrinks to this before it is cut
)

// composer sets one column of a label.
type composer struct {
	medium, bold   *face
	x, width       float64
	scale, nameCap float64
}

// row is a line of a column before its height is known: parts in the two
// weights, one after the other.
type row struct {
	parts  []part
	size   float64 // mm
	warns  bool
	serial bool
}

type part struct {
	text string
	bold bool
}

// compose lays out a label whose symbol has the given size. The symbol stands
// at the left; what to do with it goes under it, or, where a large symbol
// leaves no room, into the column of texts.
func (p *press) compose(box int) artwork {
	g := p.grid
	a := artwork{box: box, left: g.dots(symbolLeft)}
	side, scan := g.mm(box), p.scanRows()
	under := stackHeight(scan) <= symbolRoom-side
	used := side
	if under {
		used += stackHeight(scan)
	}
	a.top = g.dots(symbolTop + max(0, symbolRoom-used)/2)
	if under {
		c := composer{medium: p.medium, bold: p.bold, x: symbolLeft + g.mm(g.module), width: side - 2*g.mm(g.module)}
		a.lines = c.centred(scan, g.mm(a.top)+side)
		scan = nil
	}
	x := g.mm(a.left+box) + 0.4
	c := composer{medium: p.medium, bold: p.bold, x: x, width: labelWidth - labelInset - 0.6 - x}
	upper, lower := p.column(&c, scan)
	a.lines = append(a.lines, c.down(upper, symbolTop)...)
	for _, l := range c.down(lower, labelHeight-labelInset-stackHeight(lower)) {
		if l.text == "" {
			a.serial = l
			continue
		}
		a.lines = append(a.lines, l)
	}
	return a
}

// column makes the rows of the text column as large as its height allows: the
// name shrinks first and a little of the rest with it, then the name loses
// lines.
func (p *press) column(c *composer, scan []row) (upper, lower []row) {
	const room = labelHeight - labelInset - symbolTop
	for limit := 3; ; limit-- {
		for size := nameSize; size >= leastNameSize; size -= 0.3 {
			rest := max(0.84, size/nameSize)
			name, cut := p.bold.wrap(p.label.ProductName, size*millimetresPerPoint, c.width, limit)
			upper = nil
			for _, s := range name {
				upper = append(upper, row{parts: []part{{s, true}}, size: size * millimetresPerPoint})
			}
			upper = append(upper, p.aboutRows(c, rest)...)
			lower = append(p.factRows(rest), scan...)
			last := size-0.3 < leastNameSize
			if stackHeight(upper)+stackHeight(lower) <= room && (!cut || last) {
				return upper, lower
			}
		}
		if limit == 1 {
			return upper, lower
		}
	}
}

// aboutRows are the variant and the producer, who may take two lines.
func (p *press) aboutRows(c *composer, scale float64) []row {
	var rows []row
	if p.label.Variant != "" {
		rows = append(rows, row{parts: []part{{p.label.Variant, true}}, size: variantSize * scale * millimetresPerPoint})
	}
	size := producerSize * scale * millimetresPerPoint
	lines, _ := p.medium.wrap(p.label.Producer, size, c.width, 2)
	for _, s := range lines {
		rows = append(rows, row{parts: []part{{s, false}}, size: size})
	}
	return rows
}

// factRows are what a person compares or types: lot, packing date, GTIN and
// the serial, whose row stays empty here.
func (p *press) factRows(scale float64) []row {
	var rows []row
	fact := func(key, value string) {
		if value != "" {
			rows = append(rows, row{parts: []part{{key + " ", false}, {value, true}}, size: factSize * scale * millimetresPerPoint})
		}
	}
	fact(both("label.lot", "/"), p.label.Lot)
	if t := p.label.PackedOn; t != nil {
		fact(both("label.packed", "/"), lang.Vi.Date(*t))
	}
	fact("GTIN", p.label.GTIN)
	return append(rows, row{serial: true, size: serialSize * scale * millimetresPerPoint})
}

// scanRows say what the symbol is for, or that it only works here.
func (p *press) scanRows() []row {
	var rows []row
	for i, l := range lang.All {
		rows = append(rows, row{parts: []part{{l.T("label.scan"), i == 0}}, size: scanSize * millimetresPerPoint})
	}
	if p.label.Loopback {
		for _, l := range lang.All {
			rows = append(rows, row{parts: []part{{l.T("label.loopback"), true}}, size: warningSize * millimetresPerPoint, warns: true})
		}
	}
	return rows
}

// both is a message in Vietnamese and English, side by side.
func both(key, between string) string { return lang.Vi.T(key) + between + lang.En.T(key) }

func stackHeight(rows []row) float64 {
	h := 0.0
	for _, r := range rows {
		h += r.size * leading
	}
	return h
}

// down places rows one under the other from a height on.
func (c *composer) down(rows []row, y float64) []setLine {
	var lines []setLine
	for _, r := range rows {
		y += r.size * leading
		base := y - r.size*(leading-1)
		if r.serial {
			lines = append(lines, setLine{bold: true, x: c.x, y: base, size: r.size, width: c.width})
			continue
		}
		lines = append(lines, c.line(r, base)...)
	}
	return lines
}

// centred places rows like down, each in the middle of the column.
func (c *composer) centred(rows []row, y float64) []setLine {
	lines := c.down(rows, y)
	for i := range lines {
		lines[i].x += (c.width - lines[i].width) / 2
	}
	return lines
}

// line sets the parts of a row side by side; a row too wide for the column
// shrinks, and if that is not enough its last part is cut.
func (c *composer) line(r row, y float64) []setLine {
	total := 0.0
	for _, p := range r.parts {
		total += c.face(p.bold).width(p.text, r.size)
	}
	size := r.size
	if total > c.width {
		size *= max(leastFit, c.width/total)
	}
	var lines []setLine
	x := c.x
	for _, p := range r.parts {
		f := c.face(p.bold)
		left := c.x + c.width - x
		if f.width(p.text, size) > left+1e-9 {
			p.text = f.ellipsis([]rune(p.text), size, left)
		}
		w := f.width(p.text, size)
		lines = append(lines, setLine{text: p.text, bold: p.bold, x: x, y: y, size: size, width: w, warns: r.warns})
		x += w
	}
	return lines
}

func (c *composer) face(bold bool) *face {
	if bold {
		return c.bold
	}
	return c.medium
}
