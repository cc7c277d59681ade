package trace

import (
	"context"
	"iter"

	"nguon/app/fault"
	"nguon/app/store"
)

// pageOfLots bounds the lists that pages show, and what is read at a time;
// mostPages bounds a search through all lots of a trade item.
const pageOfLots, mostPages = 100, 50

// CreateLot stores a new lot without history. A trade item may carry a lot
// code once: else fault.Conflict "trace.lot.taken". Wrong fields, an unknown plot, or a plot
// of another species are fault.Invalid "trace.lot.invalid".
func (s *Service) CreateLot(ctx context.Context, l Lot) error {
	now := s.now()
	if err := l.Validate(now); err != nil {
		return err
	}
	plots, err := fetch(ctx, s.plots, l.Plots)
	if err != nil {
		return err
	}
	w := fault.NewForm("trace.lot.invalid")
	w.Need(len(plots) == len(l.Plots), "plots", "trace.lot.plot_unknown")
	for _, p := range plots {
		w.Need(p.Species == l.Species, "plots", "trace.lot.plot_species")
	}
	if err := w.Result(); err != nil {
		return err
	}
	l.begin(now)
	defer s.changed()
	return conflict(s.lots.Insert(ctx, l), "trace.lot.taken")
}

// Append records one event, or a correction, in a lot's history. The same Key
// again changes nothing. See the Code of the fault: "trace.event.…" is
// fault.Invalid for what cannot have happened and fault.Conflict for what stands against
// it (labels already printed, the Key used for something else).
func (s *Service) Append(ctx context.Context, lotID string, e Event) error {
	_, err := s.facilities.Get(ctx, e.Facility)
	if fault.Is(err, fault.NotFound) || e.Facility == "" {
		return fault.New(fault.Invalid, "trace.event.invalid").Field("facility", "trace.event.facility")
	}
	if err != nil {
		return err
	}
	land, err := s.land(ctx, lotID)
	if err != nil {
		return err
	}
	now := s.now()
	return s.updateLot(ctx, lotID, func(l *Lot) error { return l.record(e, land, now) })
}

// CheckRun reports what AppendRun would say about a run on the lot as it was
// read, without storing anything: for refusing it before serials are reserved.
// First and KeyID need not be known yet, nor Key where no request is repeated.
func (s *Service) CheckRun(ctx context.Context, l Lot, r Run) error {
	land, err := s.landOf(ctx, l)
	if err != nil {
		return err
	}
	return l.mayWish(r, land)
}

// AppendRun records a printing of labels and returns it as stored; a known Key
// returns the run stored under it. More packets than the lot's coffee fills are
// fault.Conflict "trace.run.exceeds" with Allowed (how many more) and Wanted. The rule and the
// write are one atomic step, so that two printers never share the last coffee.
func (s *Service) AppendRun(ctx context.Context, lotID string, r Run) (Run, error) {
	land, err := s.land(ctx, lotID)
	if err != nil {
		return Run{}, err
	}
	now := s.now()
	var stored Run
	err = s.updateLot(ctx, lotID, func(l *Lot) (err error) {
		stored, err = l.print(r, land, now)
		return err
	})
	if err != nil {
		return Run{}, err
	}
	return stored, nil
}

// VoidRun withdraws the run with this hash; its packets count as void and its
// coffee can be packed again. Withdrawing twice changes nothing; an unknown run is
// fault.NotFound "trace.run.unknown".
func (s *Service) VoidRun(ctx context.Context, lotID, runHash, reason, by string) error {
	now := s.now()
	return s.updateLot(ctx, lotID, func(l *Lot) error { return l.withdraw(runHash, reason, by, now) })
}

// Recall calls a lot back, once; a second call changes nothing. Labels can
// still be printed for it: whoever scans one reads the notice.
func (s *Service) Recall(ctx context.Context, lotID string, r Recall) error {
	now := s.now()
	return s.updateLot(ctx, lotID, func(l *Lot) error { return l.callBack(r, now) })
}

// AddReport adds a laboratory report; the same number and laboratory again
// changes nothing.
func (s *Service) AddReport(ctx context.Context, lotID string, r Report) error {
	now := s.now()
	return s.updateLot(ctx, lotID, func(l *Lot) error { return l.addReport(r, now) })
}

// AddPaper adds a certificate or replaces the one with its scheme and number.
func (s *Service) AddPaper(ctx context.Context, lotID string, p Paper) error {
	now := s.now()
	return s.updateLot(ctx, lotID, func(l *Lot) error { return l.addPaper(p, now) })
}

// Lot finds the lot of a trade item; fault.NotFound "trace.lot.unknown".
func (s *Service) Lot(ctx context.Context, gtin, code string) (Lot, error) {
	l, err := s.lots.First(ctx, store.Query{Index: "item", Eq: []any{gtin, code}})
	if fault.Is(err, fault.NotFound) {
		return Lot{}, fault.Wrap(fault.NotFound, "trace.lot.unknown", err)
	}
	return l, err
}

// LotsByCode lists the lots with a code, newest first, at most 100: producers
// choose codes for themselves, so it need not be one.
func (s *Service) LotsByCode(ctx context.Context, code string) ([]Lot, error) {
	ls, _, err := s.lots.Find(ctx, store.Query{Index: "code", Eq: []any{code}, Desc: true, Limit: pageOfLots})
	return ls, err
}

// LotsOf lists the newest lots of a trade item, the newest first, at most
// limit and never more than 100: a lot is read with its whole history.
func (s *Service) LotsOf(ctx context.Context, gtin string, limit int) ([]Lot, error) {
	q := store.Query{Index: "gtin", Eq: []any{gtin}, Desc: true, Limit: max(1, min(limit, pageOfLots))}
	ls, _, err := s.lots.Find(ctx, q)
	return ls, err
}

// EachOf goes through the lots of a trade item, newest first, reading a page
// at a time. It ends with the first error, or after 5,000 lots: thirteen years
// of a lot a day.
func (s *Service) EachOf(ctx context.Context, gtin string) iter.Seq2[Lot, error] {
	q := store.Query{Index: "gtin", Eq: []any{gtin}, Desc: true, Limit: pageOfLots}
	return func(yield func(Lot, error) bool) {
		for range mostPages {
			ls, next, err := s.lots.Find(ctx, q)
			if err != nil {
				yield(Lot{}, err)
				return
			}
			for _, l := range ls {
				if !yield(l, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			q.After = next
		}
	}
}

// Lots calls fn for every lot in the order of ids and stops at its first error.
func (s *Service) Lots(ctx context.Context, fn func(Lot) error) error {
	return s.lots.All(ctx, store.Query{}, fn)
}

func (s *Service) land(ctx context.Context, lotID string) (Land, error) {
	l, err := s.lots.Get(ctx, lotID)
	if fault.Is(err, fault.NotFound) {
		return Land{}, fault.Wrap(fault.NotFound, "trace.lot.unknown", err)
	}
	if err != nil {
		return Land{}, err
	}
	return s.landOf(ctx, l)
}
