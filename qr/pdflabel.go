package qr

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"nguon/app/lang"
	"nguon/qr/pdf"
)

// labelPDF is a run of labels on its way into a PDF file. Pages count in
// printer dots from the bottom left, by a matrix at their start. What labels
// share is drawn once, in a form for each size of symbol.
type labelPDF struct {
	*press
	file                      *pdf.File
	deflater                  *pdf.Deflater
	catalog, tree, info, dict int // reserved objects; dict holds fonts and forms
	fonts                     [2]int
	pages                     []int // the page objects
}

// writePDF writes A4 sheets of 3 × 8 labels. Workers encode the symbols and
// compress the pages; nothing is written before the first page is made, so
// that a label that cannot be printed leaves no half file.
func (p *press) writePDF(ctx context.Context, w io.Writer, packets iter.Seq[Packet]) error {
	var doc *labelPDF
	err := inOrder(ctx, packets, labelsPerSheet, p.newPageWorker, func(content []byte) (err error) {
		if doc == nil {
			if doc, err = p.beginPDF(w); err != nil {
				return err
			}
		}
		doc.page(content)
		return doc.file.Err()
	})
	if err != nil {
		return err
	}
	if doc == nil {
		return errNoLabels()
	}
	return doc.end()
}

func (p *press) beginPDF(w io.Writer) (*labelPDF, error) {
	d := &labelPDF{press: p, file: pdf.NewFile(w), deflater: pdf.NewDeflater()}
	d.catalog, d.tree, d.info, d.dict = d.file.Reserve(), d.file.Reserve(), d.file.Reserve(), d.file.Reserve()
	for i, f := range []*pdf.Face{p.medium, p.bold} {
		var err error
		if d.fonts[i], err = f.Embed(d.file, d.deflater); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// page writes one sheet. A sheet is a whole number of dots, at most half a
// dot off A4, so that it makes no difference whether a reader counts from its
// top or its bottom.
func (d *labelPDF) page(content []byte) {
	stream, page := d.file.Reserve(), d.file.Reserve()
	d.file.Stream(stream, "", content)
	pt := 72 / float64(d.grid.dpi)
	d.file.Object(page, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
		d.tree, pdf.Number(float64(d.grid.dots(sheetWidth))*pt, 4), pdf.Number(float64(d.grid.dots(sheetHeight))*pt, 4), d.dict, stream))
	d.pages = append(d.pages, page)
}

// end writes what only the whole run knows: the forms for the symbol sizes
// that came up, the page tree, and what the document says of itself. Printing
// without scaling is asked for, because modules must stay whole dots.
func (d *labelPDF) end() error {
	var forms strings.Builder
	for _, modules := range slices.Sorted(maps.Keys(d.made)) {
		n := d.file.Reserve()
		d.file.Stream(n, fmt.Sprintf("/Type/XObject/Subtype/Form/BBox[0 0 %d %d]/Resources %d 0 R",
			d.grid.dots(labelWidth), d.grid.dots(labelHeight), d.dict), d.deflater.Deflate(d.form(d.made[modules])))
		fmt.Fprintf(&forms, "/L%d %d 0 R", modules, n)
	}
	d.file.Object(d.dict, fmt.Sprintf("<</Font<</M %d 0 R/B %d 0 R>>/XObject<<%s>>>>", d.fonts[0], d.fonts[1], forms.String()))
	var kids []byte
	for _, n := range d.pages {
		kids = fmt.Appendf(kids, "%d 0 R ", n)
	}
	d.file.Object(d.tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), kids))
	d.file.Object(d.info, fmt.Sprintf("<</Title %s/Producer %s>>",
		pdf.Text(d.title()), pdf.Text(lang.Vi.T("site.name"))))
	d.file.Object(d.catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(vi-VN)"+
		"/ViewerPreferences<</DisplayDocTitle true/PrintScaling/None>>>>", d.tree))
	return d.file.Close(d.catalog, d.info)
}

func (p *press) title() string {
	return lang.Vi.T("label.title", "Product", p.label.ProductName, "Lot", p.label.Lot)
}

// newPageWorker makes the function that turns the packets of one sheet into
// its compressed content.
func (p *press) newPageWorker() func([]Packet) ([]byte, error) {
	d := pdf.NewDeflater()
	var b []byte
	return func(packets []Packet) ([]byte, error) {
		pt := pdf.Number(72/float64(p.grid.dpi), 12)
		b = fmt.Appendf(b[:0], "%s 0 0 %s 0 0 cm\n", pt, pt)
		b = p.appendCutMarks(b)
		for i, packet := range packets {
			var err error
			if b, err = p.appendLabel(b, i, packet); err != nil {
				return nil, err
			}
		}
		return d.Deflate(b), nil
	}
}

func (p *press) appendCutMarks(b []byte) []byte {
	height := p.grid.dots(sheetHeight)
	b = append(b, "1 w\n"...)
	for _, m := range p.grid.cutMarks() {
		b = fmt.Appendf(b, "%d %d m %d %d l\n", m[0], height-m[1], m[2], height-m[3])
	}
	return append(b, "S\n"...)
}

// appendLabel draws the nth label of a sheet: what all share, the symbol as a
// mask of one bit per module, and the serial. The mask is written in
// hexadecimal because raw bytes could look like its end; deflating takes that
// back. It is a fiftieth of a dot smaller than its place, because renderers
// that paint every dot they touch would else make it a dot larger and one row
// of modules with it.
func (p *press) appendLabel(b []byte, n int, packet Packet) ([]byte, error) {
	s, a, err := p.print(packet)
	if err != nil {
		return b, err
	}
	x, top := p.grid.place(n)
	top = p.grid.dots(sheetHeight) - top
	b = fmt.Appendf(b, "q 1 0 0 1 %d %d cm/L%d Do Q\n", x, top-p.grid.dots(labelHeight), s.size)
	quiet, side := quietModules*p.grid.module, s.size*p.grid.module
	b = fmt.Appendf(b, "q %d.98 0 0 %d.98 %d.01 %d.01 cm BI/W %d/H %d/IM true/D[1 0]/F/AHx ID ",
		side-1, side-1, x+a.left+quiet, top-a.top-quiet-side, s.size, s.size)
	b = hex.AppendEncode(b, s.bits)
	b = append(b, ">\nEI Q\n"...)
	line, glyphs := p.serialLine(a.serial, packet.Serial)
	return p.appendText(b, line, glyphs, x, top), nil
}

// form draws what labels with the same size of symbol share.
func (p *press) form(a artwork) []byte {
	height := p.grid.dots(labelHeight)
	var b []byte
	band := p.grid.band()
	for _, colour := range inksOf(band) {
		b = p.appendInk(b, colour)
		for _, c := range band[colour] {
			b = fmt.Appendf(b, "%d %d %d %d re\n", c.x, height-c.y-c.h, c.w, c.h)
		}
		b = append(b, "f\n"...)
	}
	for _, l := range a.lines {
		colour := inkBlack
		if l.warns && p.grid.dpi >= 300 {
			colour = inkCherry
		}
		b = p.appendInk(b, colour)
		f := p.medium
		if l.bold {
			f = p.bold
		}
		b = p.appendText(b, l, f.Shape(l.text), 0, height)
	}
	return b
}

// appendInk sets the colour to fill with; black is pure black ink, not the
// mixture of three.
func (p *press) appendInk(b []byte, c ink) []byte {
	if c == inkBlack {
		return append(b, "0 g\n"...)
	}
	return append(b, pdf.Number(float64(c.r)/255, 3)+" "+pdf.Number(float64(c.g)/255, 3)+" "+pdf.Number(float64(c.b)/255, 3)+" rg\n"...)
}

// appendText sets a line on a label whose top left corner lies at x, top.
func (p *press) appendText(b []byte, l setLine, glyphs []pdf.Glyph, x, top int) []byte {
	name := byte('M')
	if l.bold {
		name = 'B'
	}
	perMM := float64(p.grid.dpi) / millimetresPerInch
	b = append(b, "BT/"...)
	b = append(b, name, ' ')
	b = append(b, pdf.Number(l.size*perMM, 2)+" Tf "...)
	b = append(b, pdf.Number(float64(x)+l.x*perMM, 2)+" "+pdf.Number(float64(top)-l.y*perMM, 2)+" Td[<"...)
	for i, g := range glyphs {
		b = fmt.Appendf(b, "%04X", g.ID)
		if g.Kern != 0 && i < len(glyphs)-1 {
			b = fmt.Appendf(b, ">%d<", -g.Kern)
		}
	}
	return append(b, ">]TJ ET\n"...)
}
