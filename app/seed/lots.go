package seed

import (
	"context"
	"fmt"
	"time"

	"nguon/app/fault"
	"nguon/catalog"
	"nguon/qr/trace"
)

// batch is one seeded lot: what went in, how it was processed, and what it
// was packed as. Dates count from the harvest.
type batch struct {
	code     string // without the year
	producer string
	plots    []string // plot codes
	process  catalog.Process
	final    trace.Form
	roast    catalog.Roast
	cherryKg int64
	harvest  time.Time // first day of picking
	packed   time.Time // zero while it waits unpacked
	mill     string
	roastery string
	items    []trace.Item
	species  trace.Species
	reports  []trace.Report
	papers   []trace.Paper
	recall   *trace.Recall
}

func writeLots(ctx context.Context, s Services, y int) error {
	for _, b := range batches(y) {
		if err := b.write(ctx, s, y); err != nil {
			return fmt.Errorf("%s: %w", b.code, err)
		}
	}
	return nil
}

func (b batch) write(ctx context.Context, s Services, y int) error {
	id := "demo-l-" + b.code
	plots := make([]string, len(b.plots))
	for i, code := range b.plots {
		plots[i] = "demo-" + code
	}
	lot := trace.Lot{
		ID: id, Code: fmt.Sprintf("%s-%02d%s", b.code[:2], y%100, b.code[2:]), Producer: b.producer,
		Items: b.items, Plots: plots, Species: b.species, Season: fmt.Sprintf("%d/%d", y-1, y), Demo: true,
	}
	if err := create(ctx, s, lot); err != nil {
		return err
	}
	for i, e := range b.events(plots) {
		e.Key, e.By = fmt.Sprintf("seed-%d", i+1), recorder
		if err := s.Trace.Append(ctx, id, e); err != nil {
			return fmt.Errorf("event %d %s: %w", i+1, e.Kind, err)
		}
	}
	for _, r := range b.reports {
		if err := s.Trace.AddReport(ctx, id, r); err != nil {
			return err
		}
	}
	for _, p := range b.papers {
		if err := s.Trace.AddPaper(ctx, id, p); err != nil {
			return err
		}
	}
	if b.recall != nil {
		return s.Trace.Recall(ctx, id, *b.recall)
	}
	return nil
}

// create makes a lot unless an earlier run of the seed made it.
func create(ctx context.Context, s Services, lot trace.Lot) error {
	err := s.Trace.CreateLot(ctx, lot)
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	if known, e := s.Trace.Lot(ctx, lot.Items[0].GTIN, lot.Code); e == nil && known.ID == lot.ID {
		return nil
	}
	return err
}

// step is one transformation with its yield in grams per kilogram taken in.
type step struct {
	kind     trace.EventKind
	out      trace.Form
	perKilo  int64
	days     int // after the step before
	facility string
	detail   string
}

// events lays out the usual course from cherry to packet with weights that
// follow common yields.
func (b batch) events(plots []string) []trace.Event {
	steps := b.course()
	picked := b.cherryKg * 1000
	first := trace.Event{Kind: trace.Harvest, Facility: b.mill, At: b.harvest.Add(7 * time.Hour), Until: b.harvest.AddDate(0, 0, 9).Add(17 * time.Hour),
		Plots: plots, OutForm: trace.Cherry, OutGrams: picked}
	events := []trace.Event{first}
	form, grams, when := trace.Cherry, picked, b.harvest.AddDate(0, 0, 9).Add(18*time.Hour)
	for _, st := range steps {
		when = when.AddDate(0, 0, st.days)
		if st.kind == trace.Pack {
			when = b.packed.Add(9 * time.Hour)
		}
		out := grams / 1000 * st.perKilo
		events = append(events, trace.Event{Kind: st.kind, Facility: st.facility, At: when, Detail: st.detail,
			InForm: form, InGrams: grams, OutForm: st.out, OutGrams: out})
		form, grams = st.out, out
	}
	return events
}

func (b batch) course() []step {
	wet := []step{
		{trace.Pulp, trace.WetParch, 480, 0, b.mill, string(b.process)},
		{trace.Dry, trace.Parchment, 400, 14, b.mill, ""},
		{trace.Hull, trace.Green, 810, 20, b.mill, ""},
	}
	if b.process == catalog.Natural || b.process == catalog.Anaerobic {
		wet = []step{
			{trace.Dry, trace.DryCherry, 380, 18, b.mill, string(b.process)},
			{trace.Hull, trace.Green, 405, 20, b.mill, ""},
		}
	}
	if b.packed.IsZero() {
		return wet[:len(wet)-1]
	}
	steps := append(wet, step{trace.Sort, trace.Green, 970, 2, b.mill, "screen_16"})
	if b.final == trace.Roasted || b.final == trace.Ground {
		steps = append(steps, step{trace.Roast, trace.Roasted, 850, 3, b.roastery, string(b.roast)})
	}
	if b.final == trace.Ground {
		steps = append(steps, step{trace.Grind, trace.Ground, 990, 1, b.roastery, ""})
	}
	where := b.roastery
	if b.final == trace.Green {
		where = b.mill
	}
	return append(steps, step{trace.Pack, b.final, 1000, 1, where, ""})
}

func labReport(number string, on time.Time, values map[string]float64, points float64) trace.Report {
	return trace.Report{Number: number, Lab: "Phòng thử nghiệm mẫu", On: on, ValidTo: on.AddDate(1, 0, -1), Values: values, CupPoints: points}
}

func certificate(scheme, number, holder string, y int) trace.Paper {
	return trace.Paper{Scheme: scheme, Number: number, Issuer: "Tổ chức chứng nhận mẫu", Holder: holder, From: day(y-1, 3, 1), To: day(y+2, 2, 28)}
}
