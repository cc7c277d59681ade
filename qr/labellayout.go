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
	leading                 = 1.25
	leastFit                = 0.55 // a line shrinks to this before it is cut
)

// compose lays out a label whose symbol has the given size. The symbol stands
// at the left; what to do with it goes under it, or, where a large symbol
// leaves no room, into the column of texts.
func (p *press) compose(box int) artwork {
	g := p.grid
	side := g.mm(box)
	a := artwork{box: box, left: g.dots(symbolLeft), top: g.dots(symbolTop + (symbolRoom-side)/2)}
	margin := 2 * g.mm(g.module)
	under := composer{medium: p.medium, bold: p.bold, x: g.mm(a.left) + margin, width: side - 2*margin}
	aside := p.scanRows()
	if rows := under.wrapped(aside); stackHeight(rows) <= symbolRoom-side {
		a.top = g.dots(symbolTop + (symbolRoom-side-stackHeight(rows))/2)
		a.lines = under.centred(rows, g.mm(a.top)+side)
		aside = nil
	}
	x := g.mm(a.left+box) + 0.4
	c := composer{medium: p.medium, bold: p.bold, x: x, width: labelWidth - columnInset - x}
	upper, lower := p.column(&c, aside)
	a.lines = append(a.lines, c.down(upper, symbolTop)...)
	for _, l := range c.down(lower, labelHeight-textInset-stackHeight(lower)) {
		if l.text == "" {
			a.serial = l
			continue
		}
		a.lines = append(a.lines, l)
	}
	return a
}

// column makes the rows of the text column as large as its height allows: the
// name shrinks first and a little of the rest with it, then the producer
// loses its second line, then the name its third.
func (p *press) column(c *composer, aside []row) (upper, lower []row) {
	const room = labelHeight - textInset - symbolTop - 0.3
	for _, limit := range [...]struct{ name, producer int }{{3, 2}, {3, 1}, {2, 1}, {1, 1}} {
		for size := nameSize; size >= leastNameSize; size -= 0.3 {
			rest := max(0.84, size/nameSize)
			name, cut := p.bold.Wrap(p.label.ProductName, size*millimetresPerPoint, c.width, limit.name)
			upper = nil
			for _, s := range name {
				upper = append(upper, row{parts: []part{{s, true}}, size: size * millimetresPerPoint})
			}
			upper = append(upper, p.aboutRows(c, rest, limit.producer)...)
			lower = append(p.factRows(rest), aside...)
			last := size-0.3 < leastNameSize
			if stackHeight(upper)+stackHeight(lower) <= room && (!cut || last) {
				return upper, lower
			}
		}
	}
	return upper, lower
}

// aboutRows are the variant and the producer.
func (p *press) aboutRows(c *composer, scale float64, limit int) []row {
	var rows []row
	if p.label.Variant != "" {
		rows = append(rows, row{parts: []part{{p.label.Variant, true}}, size: variantSize * scale * millimetresPerPoint})
	}
	size, lines := producerSize*scale*millimetresPerPoint, []string{p.label.Producer}
	if limit > 1 {
		lines, _ = p.medium.Wrap(p.label.Producer, size, c.width, limit)
	}
	for _, s := range lines {
		if s != "" {
			rows = append(rows, row{parts: []part{{s, false}}, size: size})
		}
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
	code := part{both("label.code", "/") + " ", false}
	return append(rows, row{parts: []part{code}, size: serialSize * scale * millimetresPerPoint, serial: true})
}

// scanRows say what the symbol is for, or that a phone cannot follow it.
func (p *press) scanRows() []row {
	key, size := "label.scan", scanSize
	if p.label.Loopback {
		key, size = "label.loopback", warningSize
	}
	var rows []row
	for i, l := range lang.All {
		rows = append(rows, row{parts: []part{{l.T(key), i == 0}}, size: size * millimetresPerPoint, warns: p.label.Loopback})
	}
	return rows
}

// both is a message in Vietnamese and English, side by side.
func both(key, between string) string { return lang.Vi.T(key) + between + lang.En.T(key) }
