package views

import (
	"bytes"
	"context"

	"github.com/a-h/templ"
)

// Hole is a place in a trace page that is filled for each packet.
type Hole int

// The holes of a trace page. Nothing follows a piece before NoHole.
const (
	NoHole      Hole = iota
	SerialHole       // the serial as addresses hold it
	GroupedHole      // the serial as the label prints it
	ScansHole        // the sentence about earlier scans
	holes
)

// Piece is a part of a trace page and the hole behind it.
type Piece struct {
	Text []byte
	Then Hole
}

// Fills is what stands in each hole of a page, as HTML.
type Fills [holes]string

// scansMark stands in the hole for scans; NUL never occurs in HTML.
const scansMark = "\x00scans\x00"

// Pieces renders the page with its holes open. It is the same for all packets
// of a lot that are in the same state, and of withdrawn ones in the same run.
// The serial must be one that we issued: its letters and digits are found
// again in the page, and a typed word might stand there by chance.
func (p TracePage) Pieces(ctx context.Context) ([]Piece, error) {
	fills := p.Fills()
	fills[ScansHole] = scansMark
	p = p.prepared()
	p.open = true
	var b bytes.Buffer
	if err := p.page().Render(ctx, &b); err != nil {
		return nil, err
	}
	var list []Piece
	for text := b.Bytes(); ; {
		at, hole := fills.next(text)
		list = append(list, Piece{text[:at], hole})
		if hole == NoHole {
			return list, nil
		}
		text = text[at+len(fills[hole]):]
	}
}

// Fills words what Pieces leaves open.
func (p TracePage) Fills() Fills {
	f := Fills{SerialHole: p.Trace.Serial, GroupedHole: grouped(p.Trace.Serial)}
	if p.scanned() {
		f[ScansHole] = templ.EscapeString(p.scanLine())
	}
	return f
}

// next finds the first hole in a text: where it begins and which it is.
func (f Fills) next(text []byte) (at int, hole Hole) {
	at = len(text)
	for h := SerialHole; h < holes; h++ {
		if i := bytes.Index(text[:at], []byte(f[h])); i >= 0 && f[h] != "" {
			at, hole = i, h
		}
	}
	return at, hole
}
