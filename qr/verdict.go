package qr

import (
	"context"

	"nguon/app/fault"
	"nguon/qr/trace"
)

// facts are what the state of a serial follows from.
type facts struct {
	signed   bool // the MAC is ours, for this GTIN and lot
	issued   bool // a label run covers it
	voided   bool
	recalled bool
	exceeded bool // more visitors than one packet explains
}

// state is decision 7: the first that applies.
func (f facts) state() State {
	switch {
	case !f.signed:
		return Forged
	case !f.issued:
		return Unknown
	case f.voided:
		return Void
	case f.recalled:
		return Recalled
	case f.exceeded:
		return Suspicious
	}
	return Genuine
}

// Inspect says what is known of a code; it changes nothing. Scans are those
// counted so far. Without a serial an unknown GTIN or lot is fault.NotFound;
// with one the answer is a State: Forged when the signature is not ours,
// Unknown when it is but no label run covers it. Neither carries Product,
// LotData or GI, so that a copied pattern borrows no credit from a real lot.
// Values that no GTIN, lot or serial can have are fault.Invalid.
func (s *Service) Inspect(ctx context.Context, gtin, lot, serial string) (Trace, error) {
	t := Trace{GTIN: gtin, Lot: lot, Serial: serial, State: LotOnly}
	if serial != "" {
		if err := checkQualifier("21", serial); err != nil {
			return Trace{}, err
		}
	}
	part, err := s.LotPart(ctx, gtin, lot)
	if err != nil && (serial == "" || !fault.Is(err, fault.NotFound)) {
		return Trace{}, err
	}
	if part != nil {
		t.Demo = part.Demo
	}
	if serial == "" {
		t.show(part)
		return t, nil
	}
	return s.inspectSerial(ctx, t, part)
}

// inspectSerial is the hot path: one MAC, a look into the lot's runs, one read.
func (s *Service) inspectSerial(ctx context.Context, t Trace, part *LotPart) (Trace, error) {
	var f facts
	sr, err := ParseSerial(t.Serial)
	if err == nil {
		if f.signed, err = s.verified(ctx, sr, t.GTIN, t.Lot); err != nil {
			return Trace{}, err
		}
	}
	if f.signed && part != nil {
		if part, err = s.withRun(ctx, t, part, sr); err != nil {
			return Trace{}, err
		}
		t.Run, f.issued = runOf(part.lot, t.GTIN, sr)
	}
	if !f.issued {
		t.State = f.state()
		return t, nil
	}
	now := s.now()
	scans, err := s.scans.read(ctx, t.GTIN, t.Serial, now)
	if err != nil {
		return Trace{}, err
	}
	f.voided, f.recalled = t.Run.Voided != nil, part.lot.Recall != nil
	f.exceeded = SuspicionToday().exceeded(scans.Days, now)
	t.Scans = Scans{First: scans.First, Count: scans.Total}
	t.State = f.state()
	t.show(part)
	return t, nil
}

// withRun reads the lot again when it does not hold the run of a serial that we
// did sign: another process may have printed it a moment ago. Nobody else can
// make such serials, so the reads are bounded by the labels there are.
func (s *Service) withRun(ctx context.Context, t Trace, part *LotPart, sr Serial) (*LotPart, error) {
	if _, ok := runOf(part.lot, t.GTIN, sr); ok {
		return part, nil
	}
	s.Forget(t.GTIN, t.Lot)
	return s.LotPart(ctx, t.GTIN, t.Lot)
}

// runOf finds the run that issued a serial; the run must have been made with
// the serial's key.
func runOf(lot trace.Lot, gtin string, sr Serial) (*Run, bool) {
	run, voided, ok := lot.RunOf(gtin, sr.Index)
	if !ok || run.KeyID != sr.KeyID {
		return nil, false
	}
	r := &Run{On: run.At, Count: run.Count}
	if voided != nil {
		at := voided.At
		r.Voided, r.Reason = &at, voided.Reason
	}
	return r, true
}

func (t *Trace) show(part *LotPart) {
	gi := part.GI
	t.Product, t.LotData, t.GI = part.Product, &part.Lot, &gi
}
