package handlers

import (
	"io"
	"strconv"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/qr/pdf"
	"nguon/views"
)

// packingList is a PDF with one block for each parcel: who gets it, what goes
// into it with a box to tick, and the cash to collect. A block stays on one
// page where it fits on one.
type packingList struct {
	doc   *pdf.Doc
	l     lang.Lang
	org   string
	day   string
	y     float64
	count int
}

// Lengths in points.
const (
	packLeft   = 42.0
	packWidth  = pdf.Width - 2*packLeft
	packTop    = 74.0
	packBottom = pdf.Height - 42
	packText   = 10.5
	packCode   = 15.0
	packLine   = 15.5
	packGap    = 14.0
)

// setLine is one line of a block.
type setLine struct {
	text   string
	size   float64
	bold   bool
	indent float64
	box    bool // to tick, before the text
	before float64
}

func newPackingList(w io.Writer, l lang.Lang, org string, now time.Time) (*packingList, error) {
	title := l.T("orderdesk.pdf.title")
	doc, err := pdf.NewDoc(w, title+" · "+org)
	if err != nil {
		return nil, err
	}
	p := &packingList{doc: doc, l: l, org: org, day: title + " · " + l.DateTime(now)}
	p.page()
	return p, nil
}

func (p *packingList) page() {
	p.doc.Page()
	name, _ := p.doc.Bold.Wrap(p.org, 12, packWidth-60, 1)
	p.doc.Text(packLeft, 40, 12, true, strings.Join(name, ""))
	p.doc.Text(packLeft, 55, 9, false, p.day)
	n := p.l.T("orderdesk.pdf.page", "N", strconv.Itoa(p.doc.Pages()))
	p.doc.Text(packLeft+packWidth-p.doc.Medium.Width(n, 9), 40, 9, false, n)
	p.y = packTop
}

// add sets the block of an order.
func (p *packingList) add(o views.DeskOrder) {
	for _, parcel := range o.Parcels {
		p.set(p.block(o, parcel))
		p.count++
	}
}

func (p *packingList) block(o views.DeskOrder, d views.DeskParcel) (list []setLine) {
	text := func(s string, bold bool) {
		list = append(list, p.wrapped(s, setLine{size: packText, bold: bold})...)
	}
	list = append(list, setLine{text: o.Code, size: packCode, bold: true, before: 4})
	text(o.Name+" · "+o.Phone, true)
	text(d.Where(p.l, o), false)
	for _, x := range d.Lines {
		items := p.wrapped(views.LineWords(p.l, x), setLine{size: packText, indent: 18})
		items[0].box = true
		list = append(list, items...)
	}
	if o.Note != "" {
		text(p.l.T("orderdesk.pdf.note", "Note", o.Note), false)
	}
	if sum := d.ToCollect(o); sum > 0 {
		text(p.l.T("orderdesk.pdf.cash", "Sum", sum.String()), true)
	}
	return list
}

// wrapped breaks a text into lines; all of it is set.
func (p *packingList) wrapped(s string, as setLine) (list []setLine) {
	f := p.doc.Medium
	if as.bold {
		f = p.doc.Bold
	}
	lines, _ := f.Wrap(s, as.size, packWidth-as.indent, 1000)
	if len(lines) == 0 {
		lines = []string{""}
	}
	for _, t := range lines {
		as.text = t
		list = append(list, as)
	}
	return list
}

func (l setLine) height() float64 { return packLine + l.before }

func (p *packingList) set(block []setLine) {
	height := packGap
	for _, l := range block {
		height += l.height()
	}
	if p.y+height > packBottom && p.y > packTop && height <= packBottom-packTop {
		p.page()
	}
	for _, l := range block {
		if p.y+l.height() > packBottom {
			p.page()
		}
		p.y += l.height()
		if l.box {
			p.doc.Box(packLeft, p.y+1, 10)
		}
		p.doc.Text(packLeft+l.indent, p.y, l.size, l.bold, l.text)
	}
	p.y += packGap / 2
	p.doc.Line(packLeft, p.y, packWidth, .6)
	p.y += packGap / 2
}

// end writes the rest; a list of nothing says so.
func (p *packingList) end() error {
	if p.count == 0 {
		p.doc.Text(packLeft, packTop+packLine, packText, false, p.l.T("orderdesk.none.pack"))
	}
	return p.doc.End()
}
