package qr

import (
	"slices"

	"nguon/qr/pdf"
)

// composer sets one column of a label.
type composer struct {
	medium, bold *pdf.Face
	x, width     float64
}

// row is a line of a column before its height is known: parts in the two
// weights, one after the other, and in one of them the serial after these.
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
			key := c.line(row{parts: r.parts, size: r.size * factSize / serialSize}, base)
			x := c.x + key[0].width
			lines = append(lines, key[0], setLine{bold: true, x: x, y: base, size: r.size, width: c.x + c.width - x})
			continue
		}
		lines = append(lines, c.line(r, base)...)
	}
	return lines
}

// wrapped breaks rows of one part that are wider than the column into two
// lines of about the same length.
func (c *composer) wrapped(rows []row) []row {
	var out []row
	for _, r := range rows {
		p := r.parts[0]
		f := c.face(p.bold)
		lines := []string{p.text}
		if full := f.Width(p.text, r.size); full > c.width*1.1 {
			for share := 0.5; share < 1; share += 0.04 {
				var cut bool
				if lines, cut = f.Wrap(p.text, r.size, full*share, 2); !cut {
					break
				}
			}
		}
		for _, s := range lines {
			out = append(out, row{parts: []part{{s, p.bold}}, size: r.size, warns: r.warns})
		}
	}
	return out
}

// centred places rows of one part like down, each in the middle of the
// column, all shrunk alike if one is too wide.
func (c *composer) centred(rows []row, y float64) []setLine {
	shrink := 1.0
	for _, r := range rows {
		shrink = min(shrink, c.width/c.face(r.parts[0].bold).Width(r.parts[0].text, r.size))
	}
	rows = slices.Clone(rows)
	for i := range rows {
		rows[i].size *= max(leastFit, shrink)
	}
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
		total += c.face(p.bold).Width(p.text, r.size)
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
		if f.Width(p.text, size) > left+1e-9 {
			p.text = f.Ellipsis([]rune(p.text), size, left)
		}
		w := f.Width(p.text, size)
		lines = append(lines, setLine{text: p.text, bold: p.bold, x: x, y: y, size: size, width: w, warns: r.warns})
		x += w
	}
	return lines
}

func (c *composer) face(bold bool) *pdf.Face {
	if bold {
		return c.bold
	}
	return c.medium
}
