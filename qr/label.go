package qr

import (
	"context"
	"io"
	"iter"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"nguon/app/fault"
)

// Format is the kind of file that labels are written as.
type Format string

// The formats: one SVG drawing, A4 sheets as PDF, and a table of serials and
// addresses for a print house that sets its own labels.
const (
	FormatSVG Format = "svg"
	FormatPDF Format = "pdf"
	FormatCSV Format = "csv"
)

// ParseFormat reads a format in any case; anything else is fault.Invalid
// "qr.label.format".
func ParseFormat(s string) (Format, error) {
	switch f := Format(strings.ToLower(strings.TrimSpace(s))); f {
	case FormatSVG, FormatPDF, FormatCSV:
		return f, nil
	}
	return "", fault.New(fault.Invalid, "qr.label.format")
}

// Label is what all labels of one run say beside their symbol. Texts may be in
// any Unicode form; empty ones are left out.
type Label struct {
	ProductName string // in full Vietnamese; wraps to three lines
	Variant     string // "250 g · nguyên hạt"
	Producer    string
	Lot, GTIN   string
	PackedOn    *time.Time // shown as the day in Vietnam
	DPI         int        // of the printer: 300 or 203, 0 for 300
	Loopback    bool       // the addresses only work on this computer: warn on each label
}

// WriteLabels writes one label for each packet, in order, while it reads the
// packets: memory does not grow with their number. It returns fault.Invalid
// "qr.label.too_small" when a symbol cannot be printed large enough on the
// label, "qr.label.svg_limit" for more than 240 labels as SVG, "qr.label.dpi"
// and "qr.label.none", and otherwise what w or ctx say. A file that was begun
// when an error came is incomplete and must be thrown away.
func WriteLabels(ctx context.Context, w io.Writer, format Format, l Label, packets iter.Seq[Packet]) error {
	if format == FormatCSV {
		return writeLabelCSV(ctx, w, packets)
	}
	p, err := newPress(l)
	if err != nil {
		return err
	}
	switch format {
	case FormatSVG:
		return p.writeSVG(ctx, w, packets)
	case FormatPDF:
		return p.writePDF(ctx, w, packets)
	}
	_, err = ParseFormat(string(format))
	return err
}

// CheckLabel reports what WriteLabels would say about count labels of which
// none takes a larger symbol than longestURL does: for checking before serials
// are issued, of which none comes back. Faults as WriteLabels, and
// "qr.label.format".
func CheckLabel(format Format, l Label, count int64, longestURL string) error {
	format, err := ParseFormat(string(format))
	if err != nil {
		return err
	}
	var g grid
	if format != FormatCSV {
		if g, err = newGrid(l.DPI); err != nil {
			return err
		}
	}
	switch {
	case count < 1:
		return errNoLabels()
	case format == FormatCSV:
		return nil
	case format == FormatSVG && count > mostSVGLabels:
		return errTooManySVG()
	}
	s, err := encodeSymbol(longestURL)
	if err != nil {
		return err
	}
	_, err = g.box(s.size)
	return err
}

// maxText is more characters than any line of a label has room for.
const maxText = 400

// cleaned brings the texts to what can be set: composed (NFC), valid UTF-8,
// one line, without control and formatting characters, at most maxText long.
func (l Label) cleaned() Label {
	for _, s := range []*string{&l.ProductName, &l.Variant, &l.Producer, &l.Lot, &l.GTIN} {
		*s = cleanText(*s)
	}
	return l
}

func cleanText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0':
			return ' '
		case unicode.Is(unicode.C, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = norm.NFC.String(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " "))
	if runes := []rune(s); len(runes) > maxText {
		s = string(runes[:maxText])
	}
	return s
}

func errNoLabels() error { return fault.New(fault.Invalid, "qr.label.none") }
