package qr

import (
	"context"
	"slices"
	"strings"

	"nguon/app/fault"
	"nguon/app/gs1"
)

// serialAmong is the link of a serial of ours that stands among the words of
// an input, whatever else does: a lot we do not know, or words of the label. It
// is the zero Link when there is none, and NotFound "qr.typed.unknown_serial"
// when the input is nothing but a serial.
func (s *Service) serialAmong(ctx context.Context, t typed) (Link, error) {
	words := t.rest
	if t.link.Serial != "" {
		words = []string{t.link.Serial}
	}
	words = words[:min(len(words), mostWords)]
	for from := range words {
		for to := len(words); to > from; to-- {
			serial := tidySerial(strings.Join(words[from:to], ""))
			sr, err := ParseSerial(serial)
			if err != nil {
				continue
			}
			gtin, lot, err := s.runs.find(ctx, sr, func(gtin, lot string) (bool, error) { return s.verified(ctx, sr, gtin, lot) })
			if err != nil || gtin != "" {
				return Link{GTIN: gtin, Lot: lot, Serial: serial}, err
			}
		}
	}
	if whole := tidySerial(strings.Join(words, "")); t.link.Lot == "" && isSerial(whole) && onlyGroups(words) {
		return Link{}, fault.New(fault.NotFound, "qr.typed.unknown_serial").With("Serial", whole)
	}
	return Link{}, nil
}

// mostWords bounds the tries; a label has fewer.
const mostWords = 12

// onlyGroups reports whether words can be one serial as the label prints it,
// in groups of four, or in one piece.
func onlyGroups(words []string) bool {
	return len(words) == 1 || !slices.ContainsFunc(words, func(w string) bool { return len(w) > 5 })
}

// splitLot takes words that looked like one serial, which none of our lots has,
// for a lot that we do not know and a serial behind it; "" when they are none.
func splitLot(words []string) (lot, serial string) {
	for k := 1; k < len(words); k++ {
		if serial = tidySerial(strings.Join(words[k:], "")); isSerial(serial) {
			return strings.Join(words[:k], ""), serial
		}
	}
	return "", ""
}

// isGTIN reports whether a word can be no lot or serial but a GTIN-13 or -14.
func isGTIN(word string) bool {
	_, ok := gs1.GTIN14(word)
	return ok && len(word) >= 13
}
