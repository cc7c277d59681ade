package qr

import (
	"bufio"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"nguon/app/fault"
	"nguon/qr/pdf"
)

// mostSVGLabels is ten sheets; a browser or a drawing program has to hold the
// whole of an SVG at once.
const mostSVGLabels = 240

// svgFonts is the label's own font where it is installed, then what systems
// have that knows Vietnamese. Lines carry their length, so that no other font
// can run over the edge.
const svgFonts = "'Be Vietnam Pro','Segoe UI',Roboto,'Noto Sans','DejaVu Sans',Arial,sans-serif"

// svgLabel is one packet with its symbol, ready to be drawn.
type svgLabel struct {
	packet  Packet
	symbol  symbol
	artwork artwork
}

// writeSVG writes one drawing in millimetres: A4 sheets one under the other.
func (p *press) writeSVG(ctx context.Context, w io.Writer, packets iter.Seq[Packet]) error {
	var labels []svgLabel
	for packet := range packets {
		if err := ctx.Err(); err != nil {
			return err
		}
		if len(labels) == mostSVGLabels {
			return errTooManySVG()
		}
		s, a, err := p.print(packet)
		if err != nil {
			return err
		}
		labels = append(labels, svgLabel{packet, s, a})
	}
	if len(labels) == 0 {
		return errNoLabels()
	}
	d := svgDrawing{press: p, w: bufio.NewWriter(w)}
	d.sheets(labels)
	return d.w.Flush() // a bufio.Writer keeps its first error until here
}

func errTooManySVG() error {
	return fault.New(fault.Invalid, "qr.label.svg_limit").With("Most", mostSVGLabels)
}

type svgDrawing struct {
	*press
	w *bufio.Writer
}

func (d *svgDrawing) print(format string, args ...any) { fmt.Fprintf(d.w, format, args...) }

func (d *svgDrawing) sheets(labels []svgLabel) {
	g := d.grid
	count := (len(labels) + labelsPerSheet - 1) / labelsPerSheet
	width, height := g.mm(g.dots(sheetWidth)), g.mm(g.dots(sheetHeight))
	d.print(`<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<svg xmlns="http://www.w3.org/2000/svg" xml:lang="vi" width="%smm" height="%smm" viewBox="0 0 %[1]s %[2]s" font-family="%s" fill="#000">`+"\n",
		svgNumber(width), svgNumber(height*float64(count)), svgFonts)
	d.print("<title>%s</title>\n<defs>\n", escapeXML(d.title()))
	for _, modules := range slices.Sorted(maps.Keys(d.made)) {
		d.shared(modules, d.made[modules])
	}
	d.print("</defs>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n")
	for sheet := range count {
		down := float64(sheet) * height
		d.cutMarks(down)
		for i, l := range labels[sheet*labelsPerSheet : min(len(labels), (sheet+1)*labelsPerSheet)] {
			x, y := g.place(i)
			d.label(l, g.mm(x), g.mm(y)+down)
		}
	}
	d.print("</svg>\n")
}

func (d *svgDrawing) cutMarks(down float64) {
	d.print(`<path fill="none" stroke="#000" stroke-width="0.1" d="`)
	for _, m := range d.grid.cutMarks() {
		d.print("M%s %sL%s %s", svgNumber(d.grid.mm(m[0])), svgNumber(d.grid.mm(m[1])+down),
			svgNumber(d.grid.mm(m[2])), svgNumber(d.grid.mm(m[3])+down))
	}
	d.print("\"/>\n")
}

// shared draws what labels with the same size of symbol have in common.
func (d *svgDrawing) shared(modules int, a artwork) {
	d.print("<g id=\"label%d\">\n", modules)
	band := d.grid.band()
	for _, c := range inksOf(band) {
		d.print(`<path shape-rendering="crispEdges" transform="scale(%s)" fill="#%02x%02x%02x" d="`, svgNumber(d.grid.mm(1)), c.r, c.g, c.b)
		for _, r := range band[c] {
			d.print("M%d %dh%dv%dh-%dz", r.x, r.y, r.w, r.h, r.w)
		}
		d.print("\"/>\n")
	}
	for _, l := range a.lines {
		d.text(l)
	}
	d.print("</g>\n")
}

// label draws one label at its place: the shared part, then the symbol as one
// path of runs whose unit is a module.
func (d *svgDrawing) label(l svgLabel, x, y float64) {
	g := d.grid
	d.print("<g transform=\"translate(%s %s)\"><use href=\"#label%d\"/>\n", svgNumber(x), svgNumber(y), l.symbol.size)
	quiet := quietModules * g.module
	d.print(`<path class="symbol" shape-rendering="crispEdges" transform="translate(%s %s) scale(%s)" d="`,
		svgNumber(g.mm(l.artwork.left+quiet)), svgNumber(g.mm(l.artwork.top+quiet)), svgNumber(g.mm(g.module)))
	l.symbol.runs(func(x, y, length int) { d.print("M%d %dh%dv1h-%dz", x, y, length, length) })
	d.print("\"/>\n")
	line, _ := d.serialLine(l.artwork.serial, l.packet.Serial)
	d.text(line)
	d.print("</g>\n")
}

func (d *svgDrawing) text(l setLine) {
	weight, fill := 500, ""
	if l.bold {
		weight = 700
	}
	if l.warns && d.grid.dpi >= 300 {
		fill = fmt.Sprintf(` fill="#%02x%02x%02x"`, inkCherry.r, inkCherry.g, inkCherry.b)
	}
	d.print("<text x=\"%s\" y=\"%s\" font-size=\"%s\" font-weight=\"%d\"%s textLength=\"%s\" lengthAdjust=\"spacingAndGlyphs\" xml:space=\"preserve\">%s</text>\n",
		svgNumber(l.x), svgNumber(l.y), svgNumber(l.size), weight, fill, svgNumber(l.width), escapeXML(l.text))
}

func svgNumber(n float64) string { return pdf.Number(n, 4) }

func escapeXML(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // memory takes every write
	return b.String()
}
