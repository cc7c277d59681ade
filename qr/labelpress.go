package qr

import (
	"sync"

	"nguon/qr/pdf"
)

// press is everything that the labels of one run share. Workers use artwork
// at the same time, hence the lock.
type press struct {
	label        Label
	grid         grid
	medium, bold *pdf.Face

	mu   sync.Mutex
	made map[int]artwork // by modules per side of the symbol
}

func newPress(l Label) (*press, error) {
	g, err := newGrid(l.DPI)
	if err != nil {
		return nil, err
	}
	p := &press{label: l.cleaned(), grid: g, made: map[int]artwork{}}
	if p.medium, err = pdf.Medium(); err != nil {
		return nil, err
	}
	if p.bold, err = pdf.Bold(); err != nil {
		return nil, err
	}
	return p, nil
}

// artwork is the layout around a symbol of so many modules, made once for
// each size. It fails like grid.box.
func (p *press) artwork(modules int) (artwork, error) {
	box, err := p.grid.box(modules)
	if err != nil {
		return artwork{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	a, ok := p.made[modules]
	if !ok {
		a = p.compose(box)
		p.made[modules] = a
	}
	return a, nil
}

// print is the symbol of a packet with the layout that goes around it.
func (p *press) print(packet Packet) (symbol, artwork, error) {
	s, err := encodeSymbol(packet.URL)
	if err != nil {
		return s, artwork{}, err
	}
	a, err := p.artwork(s.size)
	return s, a, err
}

// serialLine sets a serial in groups of four, so that it can be typed; a long
// one shrinks to the width of its place.
func (p *press) serialLine(at setLine, serial string) (setLine, []pdf.Glyph) {
	at.text = grouped(serial)
	glyphs := make([]pdf.Glyph, 0, len(at.text))
	units := 0
	for i := range len(at.text) {
		g := p.bold.ASCII[at.text[i]]
		glyphs = append(glyphs, g)
		units += g.Advance
	}
	if w := float64(units) * at.size / 1000; w > at.width {
		at.size *= at.width / w
	}
	at.width = float64(units) * at.size / 1000
	return at, glyphs
}

// grouped writes a serial in groups of four. Serials are ASCII; any other
// byte becomes a question mark.
func grouped(serial string) string {
	b := make([]byte, 0, len(serial)*5/4)
	for i := range len(serial) {
		if i > 0 && i%4 == 0 {
			b = append(b, ' ')
		}
		c := serial[i]
		if c < 0x20 || c > 0x7e {
			c = '?'
		}
		b = append(b, c)
	}
	return string(b)
}
