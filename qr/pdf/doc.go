package pdf

import (
	"fmt"
	"io"
)

// A4 in points; so are all lengths of a Doc, counted from the top left corner.
const (
	Width  = 595.28
	Height = 841.89
)

// Doc is a document of A4 pages of text, written while they are made.
type Doc struct {
	Medium, Bold *Face

	file                *File
	deflater            *Deflater
	catalog, tree, dict int // reserved objects
	fonts               [2]int
	title               string
	pages               []int
	content             []byte
	begun               bool
}

// NewDoc begins a document. Nothing can be written to w by others before End.
func NewDoc(w io.Writer, title string) (d *Doc, err error) {
	d = &Doc{title: title}
	if d.Medium, err = Medium(); err != nil {
		return nil, err
	}
	if d.Bold, err = Bold(); err != nil {
		return nil, err
	}
	d.file, d.deflater = NewFile(w), NewDeflater()
	d.catalog, d.tree, d.dict = d.file.Reserve(), d.file.Reserve(), d.file.Reserve()
	for i, f := range []*Face{d.Medium, d.Bold} {
		if d.fonts[i], err = f.Embed(d.file, d.deflater); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// Page begins the next page.
func (d *Doc) Page() {
	d.flush()
	d.begun = true
}

// Pages is how many pages were begun.
func (d *Doc) Pages() int {
	if d.begun {
		return len(d.pages) + 1
	}
	return len(d.pages)
}

func (d *Doc) flush() {
	if !d.begun {
		return
	}
	stream, page := d.file.Reserve(), d.file.Reserve()
	d.file.Stream(stream, "", d.deflater.Deflate(d.content))
	d.file.Object(page, fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
		d.tree, Number(Width, 2), Number(Height, 2), d.dict, stream))
	d.pages = append(d.pages, page)
	d.content, d.begun = d.content[:0], false
}

// Text sets one line with its base at y.
func (d *Doc) Text(x, y, size float64, bold bool, s string) {
	f, name := d.Medium, byte('M')
	if bold {
		f, name = d.Bold, 'B'
	}
	d.content = fmt.Appendf(d.content, "BT/%c %s Tf %s %s Td[<", name, Number(size, 2), Number(x, 2), Number(Height-y, 2))
	glyphs := f.Shape(s)
	for i, g := range glyphs {
		d.content = fmt.Appendf(d.content, "%04X", g.ID)
		if g.Kern != 0 && i < len(glyphs)-1 {
			d.content = fmt.Appendf(d.content, ">%d<", -g.Kern)
		}
	}
	d.content = append(d.content, ">]TJ ET\n"...)
}

// Line draws a level line.
func (d *Doc) Line(x, y, width, thick float64) {
	d.content = fmt.Appendf(d.content, "%s w %s %s m %s %s l S\n", Number(thick, 2), Number(x, 2), Number(Height-y, 2), Number(x+width, 2), Number(Height-y, 2))
}

// Box draws an empty square whose lower edge is at y, to be ticked by hand.
func (d *Doc) Box(x, y, side float64) {
	d.content = fmt.Appendf(d.content, ".8 w %s %s %s %s re S\n", Number(x, 2), Number(Height-y, 2), Number(side, 2), Number(side, 2))
}

// End writes the last page and what the whole document says of itself.
func (d *Doc) End() error {
	d.flush()
	d.file.Object(d.dict, fmt.Sprintf("<</Font<</M %d 0 R/B %d 0 R>>>>", d.fonts[0], d.fonts[1]))
	var kids []byte
	for _, n := range d.pages {
		kids = fmt.Appendf(kids, "%d 0 R ", n)
	}
	d.file.Object(d.tree, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), kids))
	info := d.file.Reserve()
	d.file.Object(info, fmt.Sprintf("<</Title %s>>", Text(d.title)))
	d.file.Object(d.catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang(vi-VN)/ViewerPreferences<</DisplayDocTitle true>>>>", d.tree))
	return d.file.Close(d.catalog, info)
}
