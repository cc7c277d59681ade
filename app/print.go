package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"math"

	"nguon/app/fault"
	"nguon/app/goods"
	"nguon/app/lang"
	"nguon/qr"
	"nguon/qr/trace"
)

// labels issues a run of serials and writes its labels. When the file cannot
// be written the run is withdrawn again, so that the lot's coffee is free for
// another.
func (p program) labels(ctx context.Context, args []string) error {
	var (
		req      qr.IssueRequest
		name     string
		out, dpi = "", 300
	)
	const unset = math.MinInt64
	err := p.flags("labels", args, func(f *flag.FlagSet) {
		f.StringVar(&req.LotCode, "lot", "", "code of the lot; the command lots lists them")
		f.StringVar(&req.GTIN, "gtin", "", "trade item, where a lot is packed as several")
		f.Int64Var(&req.Count, "count", unset, "how many labels")
		f.StringVar(&name, "format", "pdf", "svg, pdf or csv")
		f.StringVar(&out, "out", "", "file to write, - for standard output")
		f.IntVar(&dpi, "dpi", dpi, "of the printer: 300 or 203")
	})
	if err != nil {
		return err
	}
	if req.LotCode == "" || req.Count == unset || out == "" {
		return fmt.Errorf("%w: labels needs -lot, -count and -out", errUsage)
	}
	format, err := qr.ParseFormat(name)
	if err != nil {
		return fmt.Errorf("%w: %s", errUsage, lang.En.Map("qr.label.format", nil))
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	req.By = "cli"
	return errors.Join(p.print(ctx, s, req, format, dpi, out), s.close())
}

// print checks everything and opens the file before it issues the run, so that
// a slip on the command line costs no serial numbers.
func (p program) print(ctx context.Context, s *services, req qr.IssueRequest, format qr.Format, dpi int, out string) error {
	plan, err := s.qr.Plan(ctx, req)
	if err != nil {
		return err
	}
	label := labelOf(plan, dpi)
	if err := qr.CheckLabel(format, label, req.Count, plan.LongestURL); err != nil {
		return err
	}
	req.GTIN = plan.GTIN
	var issued *qr.Issued
	err = writeOut(out, p.stdout, func(w io.Writer) (err error) {
		if issued, err = s.qr.Issue(ctx, req); err != nil {
			return err
		}
		return qr.WriteLabels(ctx, w, format, label, issued.Packets)
	})
	if issued == nil {
		return err
	}
	if err != nil {
		return errors.Join(err, p.withdraw(ctx, s, issued))
	}
	p.log.Info("labels written", "lot", plan.Lot.Code, "gtin", plan.GTIN, "count", req.Count, "out", out)
	p.warn(plan)
	return nil
}

func labelOf(plan *qr.Plan, dpi int) qr.Label {
	return qr.Label{
		ProductName: plan.Product.Name, Variant: variant(plan.Product), Producer: plan.Product.ProducerName,
		Lot: plan.Lot.Code, GTIN: plan.GTIN, PackedOn: plan.Lot.PackedOn, DPI: dpi, Loopback: plan.Loopback,
	}
}

// warn says what the person may not have meant.
func (p program) warn(plan *qr.Plan) {
	if plan.Chosen {
		p.log.Warn("the lot is packed as several trade items and the first was taken; choose another with -gtin", "gtin", plan.GTIN)
	}
	if plan.Lot.Recall != nil {
		p.log.Warn("the lot was recalled, and whoever scans these labels reads so", "recalled", plan.Lot.Recall.At)
	}
	if plan.Loopback {
		p.log.Warn("the labels lead to this computer only: set BASE_URL to an address that a phone can reach and print again", "base", p.cfg.BaseURL)
	}
}

// withdraw voids the run of labels that were never printed. It goes on when
// the person has pressed Ctrl-C, which may be why they were not.
func (p program) withdraw(ctx context.Context, s *services, issued *qr.Issued) error {
	err := s.trace.VoidRun(context.WithoutCancel(ctx), issued.Lot.ID, issued.Run.Hash, "labels were not written", "cli")
	if err == nil {
		p.log.Info("the run was withdrawn, since its labels were not written", "lot", issued.Lot.Code)
	}
	return err
}

func variant(item qr.Product) string { return goods.Variant(lang.Vi, item.NetGrams, item.Grind) }

// lots lists every lot with each trade item it is packed as, and whether it
// is coffee of the geographical indication.
func (p program) lots(ctx context.Context, args []string) error {
	var format, out string
	err := p.flags("lots", args, func(f *flag.FlagSet) {
		f.StringVar(&format, "format", "csv", "csv")
		f.StringVar(&out, "out", "-", "file to write, - for standard output")
	})
	if err != nil {
		return err
	}
	if format != "csv" {
		return fmt.Errorf("%w: lots knows -format csv", errUsage)
	}
	s, err := open(ctx, p.cfg, p.log, command)
	if err != nil {
		return err
	}
	err = writeOut(out, p.stdout, func(w io.Writer) error { return s.writeLots(ctx, w, p.log) })
	return errors.Join(err, s.close())
}

func (s *services) writeLots(ctx context.Context, w io.Writer, log *slog.Logger) error {
	table := csv.NewWriter(w)
	if err := table.Write([]string{"gtin", "lot", "product", "producer", "gi"}); err != nil {
		return err
	}
	err := s.trace.Lots(ctx, func(l trace.Lot) error {
		for _, item := range l.Items {
			t, err := s.qr.Inspect(ctx, item.GTIN, l.Code, "")
			if fault.Is(err, fault.NotFound) {
				log.Warn("a lot of a product that was neither published nor printed", "lot", l.Code, "gtin", item.GTIN)
				continue
			}
			if err != nil {
				return fmt.Errorf("lot %s: %w", l.Code, err)
			}
			if t.GI == nil {
				log.Warn("a lot without a decision", "lot", l.Code, "gtin", item.GTIN)
				continue
			}
			row := []string{item.GTIN, l.Code, t.Product.Name, t.Product.ProducerName, string(t.GI.Shown().Result)}
			if err := table.Write(row); err != nil {
				return err
			}
		}
		return nil
	})
	table.Flush()
	return errors.Join(err, table.Error())
}
