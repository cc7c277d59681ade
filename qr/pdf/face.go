package pdf

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

// Face measures and shapes text in one weight. Lengths are thousandths of the
// font size, which is also what a PDF counts in. Not safe for concurrent use,
// except for ASCII.
type Face struct {
	name string
	data []byte
	font *sfnt.Font
	buf  sfnt.Buffer
	// ASCII is the part that workers read at the same time, for serials.
	ASCII [128]Glyph
}

// Glyph is one placed glyph: how far the pen moves after it, kerning included.
type Glyph struct {
	ID      sfnt.GlyphIndex
	Advance int
	Kern    int // the part of advance that is kerning to the next glyph
}

// Medium is the weight of text. It fails only for a broken build.
func Medium() (*Face, error) { return newFace("BeVietnamPro-Medium", mediumFont) }

// Bold is the weight of headings.
func Bold() (*Face, error) { return newFace("BeVietnamPro-Bold", boldFont) }

func newFace(name string, data []byte) (*Face, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("pdf: font %s: %w", name, err)
	}
	if parsed.UnitsPerEm() != 1000 {
		return nil, fmt.Errorf("pdf: font %s: %d units per em, want 1000", name, parsed.UnitsPerEm())
	}
	f := &Face{name: name, data: data, font: parsed}
	for r := range f.ASCII {
		f.ASCII[r] = f.glyph(rune(r))
	}
	return f, nil
}

var unscaled = fixed.I(1000) // a size at which one unit is one pixel

func (f *Face) advance(id sfnt.GlyphIndex) int {
	a, err := f.font.GlyphAdvance(&f.buf, id, unscaled, font.HintingNone)
	if err != nil {
		return 1000
	}
	return a.Round()
}

// glyph finds the glyph of a character, or that of its base letter when the
// font lacks the accent, or the empty box.
func (f *Face) glyph(r rune) Glyph {
	id, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil || id == 0 {
		for _, base := range norm.NFKD.String(string(r)) {
			id, _ = f.font.GlyphIndex(&f.buf, base)
			break
		}
	}
	return Glyph{ID: id, Advance: f.advance(id)}
}

// Shape turns a text into kerned glyphs.
func (f *Face) Shape(s string) []Glyph {
	glyphs := make([]Glyph, 0, len(s))
	for _, r := range s {
		g := f.glyph(r)
		if n := len(glyphs); n > 0 {
			if k, err := f.font.Kern(&f.buf, glyphs[n-1].ID, g.ID, unscaled, font.HintingNone); err == nil {
				glyphs[n-1].Kern = k.Round()
				glyphs[n-1].Advance += k.Round()
			}
		}
		glyphs = append(glyphs, g)
	}
	return glyphs
}

// Width is the length of a text set at the given size, in the unit of size.
func (f *Face) Width(s string, size float64) float64 {
	total := 0
	for _, g := range f.Shape(s) {
		total += g.Advance
	}
	return float64(total) * size / 1000
}

// Wrap breaks a text at spaces, and inside words wider than a line, into at
// most limit lines. The last one ends in an ellipsis when cut is true.
func (f *Face) Wrap(s string, size, width float64, limit int) (lines []string, cut bool) {
	rest := []rune(s)
	for len(rest) > 0 {
		n := f.fitting(rest, size, width)
		if n < len(rest) && len(lines) == limit-1 {
			return append(lines, f.Ellipsis(rest, size, width)), true
		}
		lines = append(lines, strings.TrimSpace(string(rest[:n])))
		rest = []rune(strings.TrimSpace(string(rest[n:])))
	}
	return lines, false
}

// fitting is the number of characters that go on one line, at least one.
func (f *Face) fitting(text []rune, size, width float64) int {
	if f.Width(string(text), size) <= width {
		return len(text)
	}
	n, space := 1, 0
	for n < len(text) && f.Width(string(text[:n+1]), size) <= width {
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

// Ellipsis cuts a text so that it fits with an ellipsis at its end, after a
// whole word where there is one.
func (f *Face) Ellipsis(text []rune, size, width float64) string {
	for n := f.fitting(text, size, width); n > 0; n-- {
		s := string(text[:n])
		if space := strings.LastIndexByte(s, ' '); space > len(s)/2 && n < len(text) && text[n] != ' ' {
			s = s[:space]
		}
		if s = strings.TrimRight(s, " ,.·-") + "…"; f.Width(s, size) <= width {
			return s
		}
	}
	return "…"
}
