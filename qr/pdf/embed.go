package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
)

// lastFontRune bounds the search for the characters that a font holds; the
// subsets end at the mathematical operators.
const lastFontRune = 0x2fff

// Embed writes the whole font, which is a subset already, as a CIDFontType2
// with two-byte glyph numbers, its widths, and the characters its glyphs
// stand for, so that text can be copied and searched. It returns the object
// that pages name.
func (f *Face) Embed(file *File, d *Deflater) (int, error) {
	metrics, err := f.font.Metrics(&f.buf, unscaled, font.HintingNone)
	if err != nil {
		return 0, fmt.Errorf("pdf: font %s: %w", f.name, err)
	}
	bounds, err := f.font.Bounds(&f.buf, unscaled, font.HintingNone)
	if err != nil {
		return 0, fmt.Errorf("pdf: font %s: %w", f.name, err)
	}
	data, unicode, descriptor, descendant, top := file.Reserve(), file.Reserve(), file.Reserve(), file.Reserve(), file.Reserve()
	file.Stream(data, fmt.Sprintf("/Length1 %d", len(f.data)), d.Deflate(f.data))
	file.Stream(unicode, "", d.Deflate(f.toUnicode()))
	// Flags 4: symbolic, since the encoding is our own. StemV only matters to
	// readers that replace the font; it is not in the file.
	file.Object(descriptor, fmt.Sprintf("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]"+
		"/ItalicAngle 0/Ascent %d/Descent %d/CapHeight %d/StemV 100/FontFile2 %d 0 R>>", f.tagged(),
		bounds.Min.X.Floor(), -bounds.Max.Y.Ceil(), bounds.Max.X.Ceil(), -bounds.Min.Y.Floor(),
		metrics.Ascent.Round(), -metrics.Descent.Round(), metrics.CapHeight.Round(), data))
	file.Object(descendant, fmt.Sprintf("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s"+
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R"+
		"/DW 0/W[0[%s]]/CIDToGIDMap/Identity>>", f.tagged(), descriptor, f.widths()))
	file.Object(top, fmt.Sprintf("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H"+
		"/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", f.tagged(), descendant, unicode))
	return top, nil
}

// tagged is the font's name with the six letters that mark a subset.
func (f *Face) tagged() string { return "NGUONA+" + f.name }

func (f *Face) widths() string {
	var b strings.Builder
	for id := range f.font.NumGlyphs() {
		if id > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprint(&b, f.advance(sfnt.GlyphIndex(id)))
	}
	return b.String()
}

// toUnicode is the CMap from glyphs to characters, in blocks of at most 100
// as the format wants.
func (f *Face) toUnicode() []byte {
	var pairs []string
	known := make(map[sfnt.GlyphIndex]bool)
	for r := rune(' '); r <= lastFontRune; r++ {
		id, err := f.font.GlyphIndex(&f.buf, r)
		if err != nil || id == 0 || known[id] {
			continue
		}
		known[id] = true
		var text string
		for _, u := range utf16.Encode([]rune{r}) {
			text += fmt.Sprintf("%04X", u)
		}
		pairs = append(pairs, fmt.Sprintf("<%04X><%s>\n", id, text))
	}
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000><FFFF>\nendcodespacerange\n")
	for len(pairs) > 0 {
		n := min(100, len(pairs))
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(pairs[:n], ""))
		pairs = pairs[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict/CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
