package qr

import (
	"errors"
	"fmt"
	"strings"

	qrcode "github.com/skip2/go-qrcode"

	"nguon/app/fault"
)

// symbol is a QR code without its quiet zone, one bit per module, rows padded
// to whole bytes, the leftmost module in the highest bit.
type symbol struct {
	size int // modules per side
	bits []byte
}

// encodeSymbol makes the level M symbol of an address. The encoder splits an
// address into byte, alphanumeric and numeric segments by itself, so the lot
// and the upper-case serial cost 5.5 bits a character without our help.
func encodeSymbol(address string) (symbol, error) {
	if address == "" {
		return symbol{}, fault.Wrap(fault.Internal, "internal", errors.New("qr: a packet without an address"))
	}
	code, err := qrcode.New(address, qrcode.Medium)
	if err != nil {
		return symbol{size: largestSymbol + 1}, nil // longer than version 40 holds: no label has room for it
	}
	code.DisableBorder = true
	rows := code.Bitmap()
	s := symbol{size: len(rows)}
	s.bits = make([]byte, s.size*s.stride())
	for y, row := range rows {
		for x, dark := range row {
			if dark {
				s.bits[y*s.stride()+x/8] |= 0x80 >> (x % 8)
			}
		}
	}
	return s, nil
}

func (s symbol) stride() int { return (s.size + 7) / 8 }

func (s symbol) dark(x, y int) bool { return s.bits[y*s.stride()+x/8]&(0x80>>(x%8)) != 0 }

// runs calls f for each horizontal run of dark modules.
func (s symbol) runs(f func(x, y, length int)) {
	for y := range s.size {
		for x := 0; x < s.size; x++ {
			start := x
			for x < s.size && s.dark(x, y) {
				x++
			}
			if x > start {
				f(start, y, x-start)
			}
		}
	}
}

// Symbol draws a text as a QR symbol of level M with its quiet zone, as an SVG
// image for screens: what is read by an app, not a packet's label.
func Symbol(text string) (string, error) {
	s, err := encodeSymbol(text)
	if err != nil {
		return "", err
	}
	if s.size > largestSymbol {
		return "", fault.Wrap(fault.Internal, "internal", errors.New("qr: a text that no symbol holds"))
	}
	var d strings.Builder
	s.runs(func(x, y, length int) {
		fmt.Fprintf(&d, "M%d %dh%dv1h-%dz", x+quietModules, y+quietModules, length, length)
	})
	side := s.size + 2*quietModules
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`,
		side, side, side, side, d.String()), nil
}
