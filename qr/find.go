package qr

import (
	"context"
	"slices"
	"strings"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/qr/trace"
)

// Typed reads what a person types or pastes: a link, an element string, or the
// GTIN, lot and serial of a label, with the lots at hand. The lot may be in
// another case or lack its dashes; it may be left out when GTIN and serial are
// there, the GTIN when the lot is, and both when the serial is one of ours. A lot that is not known stays as typed
// when there is a serial to judge, and Resolve leads such a link to the trace
// page, which says that the code is not ours, instead of walking up to the
// product. Faults: Invalid with codes under "qr.typed." or "qr.link.", NotFound
// "qr.gtin.unknown", "qr.lot.unknown" and "qr.typed.unknown_serial".
func (s *Service) Typed(ctx context.Context, input string) (Link, error) {
	t, err := readTyped(input)
	if err != nil {
		return Link{}, err
	}
	l, err := s.find(ctx, t)
	l.asked = true
	return l, err
}

func (s *Service) find(ctx context.Context, t typed) (Link, error) {
	if t.link.GTIN == "" {
		return s.typedByLot(ctx, t)
	}
	if _, err := s.product(ctx, t.link.GTIN); err != nil {
		return Link{}, err
	}
	l, known, err := s.match(ctx, t)
	if err != nil {
		return Link{}, err
	}
	if l.Lot == "" && l.Serial != "" {
		if l.Lot, err = s.lotOfSerial(ctx, l.GTIN, l.Serial); err != nil {
			return Link{}, err
		}
		if l.Lot == "" {
			if l.Lot, l.Serial = splitLot(t.rest); l.Lot == "" {
				return Link{}, fault.New(fault.Invalid, "qr.typed.need_lot").With("GTIN", l.GTIN)
			}
		}
	}
	if err := l.check(); err != nil {
		return Link{}, err
	}
	if l.Serial == "" && l.Lot != "" && !known {
		return Link{}, unknownLot(l.GTIN, l.Lot)
	}
	return l, nil
}

// match finds the lot of an input. A code typed as it stands on the label is
// looked up, however many lots there are; only one in another case or without
// its separators takes a search through the codes of them all.
func (s *Service) match(ctx context.Context, t typed) (l Link, known bool, err error) {
	said := t.lotCodes()
	var codes []string
	for _, code := range said {
		_, err := s.trace.Lot(ctx, t.link.GTIN, code)
		if err == nil {
			codes = append(codes, code)
		} else if !fault.Is(err, fault.NotFound) {
			return Link{}, false, err
		}
	}
	if l, known = t.among(codes); known && (l.Serial == "" || t.link.Lot != "" || isSerial(l.Serial)) || len(said) == 0 {
		return l, known, nil
	}
	codes = nil
	for lot, err := range s.trace.EachOf(ctx, t.link.GTIN) {
		if err != nil {
			return Link{}, false, err
		}
		codes = append(codes, lot.Code)
	}
	l, known = t.among(codes)
	return l, known, nil
}

// lotCodes lists what of an input may be a lot's code, the longest first.
func (t typed) lotCodes() []string {
	if t.link.Lot != "" {
		return []string{t.link.Lot}
	}
	var codes []string
	for k := len(t.rest); k > 0; k-- {
		if code := strings.Join(t.rest[:k], ""); checkQualifier("10", code) == nil {
			codes = append(codes, code)
		}
	}
	return codes
}

// among finds the lot among the codes of the GTIN and takes what is left for
// the serial. Known is false when the lot is none of them.
func (t typed) among(codes []string) (l Link, known bool) {
	l = t.link
	rest := t.rest
	if l.Lot != "" {
		if code, ok := sameLot(codes, l.Lot); ok {
			l.Lot, known = code, true
		}
	} else {
		for k := len(rest); k > 0 && !known; k-- {
			if code, ok := sameLot(codes, strings.Join(rest[:k], "")); ok {
				l.Lot, known, rest = code, true, rest[k:]
			}
		}
	}
	if l.Lot == "" && l.Serial == "" && len(rest) > 0 && !isSerial(tidySerial(strings.Join(rest, ""))) {
		l.Lot, rest = rest[0], rest[1:]
	}
	if l.Serial == "" {
		l.Serial = strings.Join(rest, "")
	}
	l.Serial = canonicalSerial(l.Serial)
	return l, known
}

func isSerial(s string) bool {
	_, err := ParseSerial(s)
	return err == nil
}

// canonicalSerial tidies a serial that could be one of ours; another stays as
// it is.
func canonicalSerial(s string) string {
	if tidy := tidySerial(s); isSerial(tidy) {
		return tidy
	}
	return s
}

// sameLot finds a lot's code as typed, then in any case, then without its
// separators.
func sameLot(codes []string, code string) (string, bool) {
	same := []func(string) bool{
		func(s string) bool { return s == code },
		func(s string) bool { return strings.EqualFold(s, code) },
		func(s string) bool { return squeeze(s) != "" && squeeze(s) == squeeze(code) },
	}
	for _, is := range same {
		if i := slices.IndexFunc(codes, is); i >= 0 {
			return codes[i], true
		}
	}
	return "", false
}

func squeeze(s string) string {
	return strings.ToUpper(strings.NewReplacer("-", "", " ", "", ".", "", "_", "", "/", "").Replace(s))
}

// lotOfSerial finds the lot whose label run made the serial: serials are
// unique within a GTIN. It is "" when none did.
func (s *Service) lotOfSerial(ctx context.Context, gtin, serial string) (string, error) {
	sr, err := ParseSerial(serial)
	if err != nil {
		return "", nil
	}
	if _, ours, err := s.keys.secret(ctx, sr.KeyID); err != nil || !ours {
		return "", err
	}
	for lot, err := range s.trace.EachOf(ctx, gtin) {
		if err != nil {
			return "", err
		}
		if _, ok := runOf(lot, gtin, sr); !ok {
			continue
		}
		if ok, err := s.verified(ctx, sr, gtin, lot.Code); err != nil || ok {
			return lot.Code, err
		}
	}
	return "", nil
}

// typedByLot helps where the GTIN was left out: a lot's code is often enough,
// and a serial's signature says which trade item it belongs to.
func (s *Service) typedByLot(ctx context.Context, t typed) (Link, error) {
	if i := slices.IndexFunc(t.rest, isGTIN); i >= 0 {
		t.link.GTIN, _ = gs1.GTIN14(t.rest[i])
		t.rest = slices.Delete(slices.Clone(t.rest), i, i+1)
		return s.find(ctx, t)
	}
	code, rest := t.link.Lot, t.rest
	if code == "" && len(rest) > 0 {
		code, rest = rest[0], rest[1:]
	}
	serial := t.link.Serial
	if serial == "" {
		serial = canonicalSerial(strings.Join(rest, ""))
	}
	lots, err := s.lotsNamed(ctx, code)
	if err != nil {
		return Link{}, err
	}
	for _, lot := range lots {
		l, err := s.signedItem(ctx, lot, serial)
		if err != nil || l.GTIN != "" {
			return l, err
		}
	}
	if l, err := s.serialAmong(ctx, t); err != nil || l.Serial != "" {
		return l, err
	}
	if len(lots) != 1 || len(lots[0].Items) == 0 {
		return Link{}, needGTIN(append([]string{code}, rest...))
	}
	l := Link{GTIN: lots[0].Items[0].GTIN, Lot: lots[0].Code, Serial: serial}
	return l, l.check()
}

func (s *Service) lotsNamed(ctx context.Context, code string) ([]trace.Lot, error) {
	if checkQualifier("10", code) != nil {
		return nil, nil
	}
	lots, err := s.trace.LotsByCode(ctx, code)
	if upper := strings.ToUpper(code); err == nil && len(lots) == 0 && upper != code {
		lots, err = s.trace.LotsByCode(ctx, upper)
	}
	return lots, err
}

// signedItem is the link of the lot's trade item whose signature the serial
// bears, or the zero Link.
func (s *Service) signedItem(ctx context.Context, lot trace.Lot, serial string) (Link, error) {
	sr, err := ParseSerial(serial)
	if err != nil {
		return Link{}, nil
	}
	for _, it := range lot.Items {
		ok, err := s.verified(ctx, sr, it.GTIN, lot.Code)
		if err != nil {
			return Link{}, err
		}
		if ok {
			return Link{GTIN: it.GTIN, Lot: lot.Code, Serial: serial}, nil
		}
	}
	return Link{}, nil
}
