package qr

import (
	"context"
	"strings"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/qr/trace"
)

// Plan is what a request would come to. Chosen says that the lot is packed as
// several trade items and the first was taken. Loopback warns that phones
// cannot reach the address in the symbols.
type Plan struct {
	Lot        trace.Lot
	GTIN       string
	Product    Product
	Chosen     bool
	Loopback   bool
	LongestURL string // no packet of the run takes a larger symbol; for CheckLabel
}

// Plan reports what Issue would do and why it would refuse, with the same
// faults. It stores nothing and takes no numbers, so that what else a printing
// needs can be checked first. Issue may still refuse, where another run takes
// the coffee meanwhile.
func (s *Service) Plan(ctx context.Context, r IssueRequest) (*Plan, error) {
	p, err := s.plan(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := s.trace.CheckRun(ctx, p.Lot, r.run(p.GTIN)); err != nil {
		return nil, err
	}
	next, err := s.next(ctx, p.GTIN, r.Count)
	if err != nil {
		return nil, err
	}
	p.LongestURL = s.head(p.GTIN, p.Lot.Code) + longestSerial(next+r.Count-1)
	return p, nil
}

// plan finds the lot and the trade item of a request.
func (s *Service) plan(ctx context.Context, r IssueRequest) (*Plan, error) {
	if r.Count < 1 || r.Count > MaxRun {
		return nil, fault.New(fault.Invalid, "qr.issue.count").With("Count", r.Count).With("Max", MaxRun).Field("count", "qr.issue.count")
	}
	lot, gtin, chosen, err := s.lotFor(ctx, r)
	if err != nil {
		return nil, err
	}
	approved, err := s.sellers.MayPublish(ctx, lot.Producer)
	if err != nil {
		return nil, err
	}
	if !approved {
		return nil, fault.New(fault.Forbidden, "qr.issue.not_approved")
	}
	product, err := s.products.Packable(ctx, lot.Producer, gtin)
	if err != nil {
		return nil, notPackable(gtin, err)
	}
	return &Plan{Lot: lot, GTIN: gtin, Product: product, Chosen: chosen, Loopback: Loopback(s.base)}, nil
}

// notPackable says why labels of a GTIN cannot be printed.
func notPackable(gtin string, err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound:
		return fault.Wrap(fault.NotFound, "qr.issue.no_product", err).With("GTIN", gtin)
	case fault.Conflict:
		return fault.Wrap(fault.Conflict, "qr.issue.taken", err).With("GTIN", gtin)
	}
	return err
}

// run is the request as the lot records it, as far as it is known before the
// numbers are.
func (r IssueRequest) run(gtin string) trace.Run {
	return trace.Run{Key: r.Key, GTIN: gtin, Count: r.Count, By: r.By}
}

func (s *Service) lotFor(ctx context.Context, r IssueRequest) (lot trace.Lot, gtin string, chosen bool, err error) {
	if r.GTIN != "" {
		gtin, ok := gs1.GTIN14(r.GTIN)
		if !ok {
			return lot, "", false, fault.New(fault.Invalid, "qr.issue.gtin").With("GTIN", excerpt(r.GTIN)).Field("gtin", "qr.issue.gtin")
		}
		lot, err = s.lot(ctx, gtin, r.LotCode)
		return lot, gtin, false, err
	}
	lots, err := s.trace.LotsByCode(ctx, r.LotCode)
	switch {
	case err != nil:
		return lot, "", false, err
	case len(lots) > 1:
		return lot, "", false, fault.New(fault.Conflict, "qr.issue.ambiguous").With("Lot", r.LotCode).With("Lots", describeLots(lots))
	case len(lots) == 0 || len(lots[0].Items) == 0:
		return lot, "", false, unknownLot("", r.LotCode)
	}
	return lots[0], lots[0].Items[0].GTIN, len(lots[0].Items) > 1, nil
}

// lot finds a lot by the GTIN it is packed as, or fault.NotFound
// "qr.lot.unknown".
func (s *Service) lot(ctx context.Context, gtin, code string) (trace.Lot, error) {
	lot, err := s.trace.Lot(ctx, gtin, code)
	if fault.Is(err, fault.NotFound) {
		return lot, unknownLot(gtin, code)
	}
	return lot, err
}

func describeLots(lots []trace.Lot) string {
	var all []string
	for _, l := range lots {
		for _, it := range l.Items {
			all = append(all, it.GTIN+" ("+l.Producer+")")
		}
	}
	return strings.Join(all, ", ")
}
