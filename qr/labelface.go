package qr

import (
	_ "embed" // the two fonts
	"fmt"
	"strings"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// How the fonts were made, and their licence, stands in font/README.md.
var (
	//go:embed font/BeVietnamPro-Medium.ttf
	mediumFont []byte
	//go:embed font/BeVietnamPro-Bold.ttf
	boldFont []byte
)

// face measures and shapes text in one weight. Lengths are thousandths of the
// font size, which is also what a PDF counts in. Not safe for concurrent use,
// except for ascii.
type face struct {
	name string
	data []byte
	font *sfnt.Font
	buf  sfnt.Buffer
	// ascii is the part that workers read at the same time, for serials.
	ascii [128]glyph
}

// glyph is one placed glyph: how far the pen moves after it, kerning included.
type glyph struct {
	id      sfnt.GlyphIndex
	advance int
	kern    int // the part of advance that is kerning to the next glyph
}

func newFace(name string, data []byte) (*face, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("qr: font %s: %w", name, err)
	}
	if parsed.UnitsPerEm() != 1000 {
		return nil, fmt.Errorf("qr: font %s: %d units per em, want 1000", name, parsed.UnitsPerEm())
	}
	f := &face{name: name, data: data, font: parsed}
	for r := range f.ascii {
		f.ascii[r] = f.glyph(rune(r))
	}
	return f, nil
}

var unscaled = fixed.I(1000) // a size at which one unit is one pixel

func (f *face) advance(id sfnt.GlyphIndex) int {
	a, err := f.font.GlyphAdvance(&f.buf, id, unscaled, font.HintingNone)
	if err != nil {
		return 1000
	}
	return a.Round()
}

// glyph finds the glyph of a character, or that of its base letter when the
// font lacks the accent, or the empty box.
func (f *face) glyph(r rune) glyph {
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || id == 0 {
		for _, base := range norm.NFKD.String(string(r)) {
			id, _ = f.font.GlyphIndex(&f.buf, base)
			break
		}
	}
	return glyph{id: id, advance: f.advance(id)}
}

// shape turns a text into kerned glyphs.
func (f *face) shape(s string) []glyph {
	glyphs := make([]glyph, 0, len(s))
	for _, r := range s {
		g := f.glyph(r)
		if n := len(glyphs); n > 0 {
			if k, err := f.font.Kern(&f.buf, glyphs[n-1].id, g.id, unscaled, font.HintingNone); err == nil {
				glyphs[n-1].kern = k.Round()
				glyphs[n-1].advance += k.Round()
			}
		}
		glyphs = append(glyphs, g)
	}
	return glyphs
}

// width is the length of a text set at the given size, in the unit of size.
func (f *face) width(s string, size float64) float64 {
	total := 0
	for _, g := range f.shape(s) {
		total += g.advance
	}
	return float64(total) * size / 1000
}

// wrap breaks a text at spaces, and inside words wider than a line, into at
// most limit lines. The last one ends in an ellipsis when cut is true.
func (f *face) wrap(s string, size, width float64, limit int) (lines []string, cut bool) {
	rest := []rune(s)
	for len(rest) > 0 {
		n := f.fitting(rest, size, width)
		if n < len(rest) && len(lines) == limit-1 {
			return append(lines, f.ellipsis(rest, size, width)), true
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		rest = []rune(strings.TrimSpace(string(rest[n:])))
	}
	return lines, false
}

// fitting is the number of characters that go on one line, at least one.
func (f *face) fitting(text []rune, size, width float64) int {
	if f.width(string(text), size) <= width {
		return len(text)
	}
	n, space := 1, 0
	for n < len(text) && f.width(string(text[:n+1]), size) <= width {
		if text[n] == ' ' {
			space = n
		}
		n++
	}
	if n < len(text) && text[n] == ' ' || space == 0 {
		return n
	}
	return space
}

// ellipsis cuts a text so that it fits with an ellipsis at its end, after a
// whole word where there is one.
func (f *face) ellipsis(text []rune, size, width float64) string {
	for n := f.fitting(text, size, width); n > 0; n-- {
		s := string(text[:n])
		if space := strings.LastIndexByte(s, ' '); space > len(s)/2 && n < len(text) && text[n] != ' ' {
			s = s[:space]
		}
		if s = strings.TrimRight(s, " ,.·-") + "…"; f.width(s, size) <= width {
			return s
		}
	}
	return "…"
}
