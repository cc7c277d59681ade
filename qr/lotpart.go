package qr

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

// LotPart is everything about a lot and trade item that does not depend on the
// serial. It is shared between requests: read it, do not change it.
type LotPart struct {
	Product Product
	Lot     trace.PublicLot
	GI      GI
	Demo    bool
	// Version changes when anything above changes, the verdict of a new day
	// included; pages rendered from this part may be kept under it.
	Version string

	lot trace.Lot // for looking up the runs of a serial
}

// PlotIDs are the plots that the lot's coffee came from. They are not for
// visitors' eyes.
func (p *LotPart) PlotIDs() []string { return p.lot.Plots }

// LotPart returns the lot's part of the trace page, at most lotFresh old.
// Faults: Invalid for a GTIN or lot that cannot be one, NotFound
// "qr.gtin.unknown" and "qr.lot.unknown".
func (s *Service) LotPart(ctx context.Context, gtin, lot string) (*LotPart, error) {
	if err := checkGTIN(gtin); err != nil {
		return nil, err
	}
	if err := checkQualifier("10", lot); err != nil {
		return nil, err
	}
	return s.lots.get(ctx, gtin, lot)
}

func checkQualifier(ai, v string) error {
	switch {
	case v == "":
		return linkFault("qr.link.empty").With("AI", ai)
	case len(v) > gs1.MaxQualifier:
		return linkFault("qr.link.length").With("AI", ai).With("Max", gs1.MaxQualifier)
	case !gs1.InSet82(v):
		return linkFault("qr.link.charset").With("AI", ai).With("Value", excerpt(v))
	}
	return nil
}

// Forget drops what is kept in memory about a lot. What this process changes
// through trace and gi is forgotten by itself; this is for a change that came
// another way.
func (s *Service) Forget(gtin, lot string) { s.lots.forget(gtin, lot) }

func (s *Service) loadLot(ctx context.Context, gtin, code string) (*LotPart, error) {
	product, err := s.product(ctx, gtin)
	if err != nil {
		return nil, err
	}
	lot, err := s.lot(ctx, gtin, code)
	if err != nil {
		return nil, err
	}
	p := &LotPart{Product: product, Demo: product.Demo || lot.Demo, lot: lot}
	if p.Lot, err = s.trace.Public(ctx, lot); err != nil {
		return nil, err
	}
	if p.GI, err = s.judge(ctx, lot, product); err != nil {
		return nil, err
	}
	p.Version, err = p.version()
	return p, err
}

func (s *Service) product(ctx context.Context, gtin string) (Product, error) {
	p, err := s.products.TradeItem(ctx, gtin)
	if fault.Is(err, fault.NotFound) {
		return p, unknownGTIN(gtin)
	}
	return p, err
}

// judge decides the indication for the packing date and for today.
func (s *Service) judge(ctx context.Context, lot trace.Lot, p Product) (GI, error) {
	plots, processed, err := s.trace.Grounds(ctx, lot)
	if err != nil {
		return GI{}, err
	}
	subject := subjectOf(lot, p, plots, processed)
	var g GI
	if g.Today, err = s.gi.Judge(ctx, subject, s.now()); err != nil || lot.PackedOn == nil {
		return g, err
	}
	packed, err := s.gi.Judge(ctx, subject, *lot.PackedOn)
	g.Packed = &packed
	return g, err
}

// subjectOf tells the register about a lot in the register's own words.
func subjectOf(lot trace.Lot, p Product, plots, processed []trace.Site) gi.Subject {
	species := string(lot.Species)
	if species == "" {
		species = p.Species
	}
	s := gi.Subject{Plots: grounds(plots), Processed: grounds(processed), Kind: p.Kind, Species: species,
		Packer: lot.Producer, PackedOn: lot.PackedOn}
	for _, r := range lot.Quality {
		s.Quality = append(s.Quality, gi.Report{Number: r.Number, Lab: r.Lab, Kind: p.Kind, On: r.On, ValidTo: r.ValidTo, Values: r.Values})
	}
	return s
}

func grounds(from []trace.Site) []gi.Ground {
	var to []gi.Ground
	for _, g := range from {
		to = append(to, gi.Ground{Plot: g.Plot, Commune: g.Commune, OldCommune: g.OldCommune, AltitudeM: g.AltitudeM})
	}
	return to
}

// version hashes all that is shown. The moment of today's verdict, which its
// evidence may repeat, counts by its day only, or no two versions would be alike.
func (p *LotPart) version() (string, error) {
	g := p.GI
	g.Today = byDay(g.Today)
	shown, err := json.Marshal(struct {
		Product Product
		Lot     trace.PublicLot
		GI      GI
		Demo    bool
		Changed time.Time
	}{p.Product, p.Lot, g, p.Demo, p.lot.Changed})
	if err != nil {
		return "", fault.Wrap(fault.Internal, "internal", err)
	}
	sum := sha256.Sum256(shown)
	return hex.EncodeToString(sum[:12]), nil
}

// byDay is a copy of a verdict whose times are cut to days in Vietnam.
func byDay(v gi.Verdict) gi.Verdict {
	v.AsOf = lang.Midnight(v.AsOf)
	for i := range v.Tests {
		evidence := slices.Clone(v.Tests[i].Evidence)
		for j := range evidence {
			args := maps.Clone(evidence[j].Args)
			for name, arg := range args {
				if t, ok := arg.(time.Time); ok {
					args[name] = lang.Midnight(t)
				}
			}
			evidence[j].Args = args
		}
		v.Tests[i].Evidence = evidence
	}
	return v
}
