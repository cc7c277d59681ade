package trace

import (
	"math"
	"slices"
	"time"

	"nguon/app/fault"
)

// Bounds of label runs.
const (
	MaxRuns  = 1000      // printings of one lot, so that its document stays within a megabyte
	MaxCount = 1_000_000 // serials of one printing
)

// Committed is the coffee, in grams, on label runs that were not withdrawn.
func (l Lot) Committed() int64 {
	void := make(map[string]bool)
	for _, r := range l.Runs {
		if r.Voids != "" {
			void[r.Voids] = true
		}
	}
	var sum int64
	for _, r := range l.Runs {
		if r.Voids == "" && !void[r.Hash] {
			sum += r.Count * l.netOf(r.GTIN)
		}
	}
	return sum
}

// RunOf finds the run that issued a serial's index, and the entry that
// withdrew it, if one did. Ok is false when no run covers the index.
func (l Lot) RunOf(gtin string, index int64) (r Run, voided *Run, ok bool) {
	for _, r := range l.Runs {
		if r.Voids == "" && r.GTIN == gtin && index >= r.First && index-r.First < r.Count {
			return r, l.voidOf(r), true
		}
	}
	return Run{}, nil, false
}

// voidOf is the entry that withdrew r, or nil.
func (l Lot) voidOf(r Run) *Run {
	i := slices.IndexFunc(l.Runs, func(v Run) bool { return v.Voids == r.Hash })
	if r.Hash == "" || i < 0 {
		return nil
	}
	v := l.Runs[i]
	return &v
}

// netOf is the weight of a trade item's packet, 0 when the lot has no such item.
func (l Lot) netOf(gtin string) int64 {
	for _, it := range l.Items {
		if it.GTIN == gtin {
			return it.NetGrams
		}
	}
	return 0
}

// validate reports what is wrong with a run by itself and in this lot, as
// fault.Invalid "trace.run.invalid".
func (r Run) validate(l Lot) error {
	w := fault.NewForm("trace.run.invalid")
	r.checkWish(w, l)
	w.Need(r.Key != "" && shortText(r.Key, 100), "key", "trace.field.required")
	w.Need(r.KeyID != "" && shortText(r.KeyID, 40), "keyID", "trace.field.required")
	w.Need(r.First >= 0 && r.First <= math.MaxInt64-MaxCount, "first", "trace.run.first")
	w.Need(r.Voids == "" && r.Reason == "", "voids", "trace.run.voids")
	return w.Result()
}

// checkWish checks what is known of a run before serials are reserved for it.
func (r Run) checkWish(w *fault.Form, l Lot) {
	w.Need(r.By != "" && shortText(r.By, 100), "by", "trace.field.required")
	w.Need(l.netOf(r.GTIN) > 0, "gtin", "trace.run.gtin")
	w.Need(r.Count >= 1 && r.Count <= MaxCount, "count", "trace.run.count")
}

// mayWish reports what would stand against a run whose serials are not
// reserved yet: everything that print refuses but the place of the serials.
func (l Lot) mayWish(r Run, land Land) error {
	if _, known, err := l.runWithKey(r); known || err != nil {
		return err
	}
	w := fault.NewForm("trace.run.invalid")
	r.checkWish(w, l)
	if err := w.Result(); err != nil {
		return err
	}
	if err := l.mayPrint(); err != nil {
		return err
	}
	return l.fits(r, l.packable(land))
}

// runWithKey finds the run that was stored under r's Key; the key of another
// item or count is fault.Conflict "trace.run.key".
func (l Lot) runWithKey(r Run) (had Run, known bool, err error) {
	i := slices.IndexFunc(l.Runs, func(x Run) bool { return x.Key == r.Key })
	if r.Key == "" || i < 0 {
		return Run{}, false, nil
	}
	if had = l.Runs[i]; had.GTIN != r.GTIN || had.Count != r.Count {
		return Run{}, false, fault.New(fault.Conflict, "trace.run.key")
	}
	return had, true, nil
}

// print appends one label run and returns it as stored. The same Key again
// returns the stored run with errUnchanged; for another item or count it is
// fault.Conflict "trace.run.key".
func (l *Lot) print(r Run, land Land, now time.Time) (Run, error) {
	had, known, err := l.runWithKey(r)
	if err != nil {
		return Run{}, err
	}
	if known {
		return had, errUnchanged
	}
	if err := r.validate(*l); err != nil {
		return Run{}, err
	}
	if err := l.mayPrint(); err != nil {
		return Run{}, err
	}
	if l.overlaps(r) {
		return Run{}, fault.New(fault.Conflict, "trace.run.overlap")
	}
	if err := l.fits(r, l.packable(land)); err != nil {
		return Run{}, err
	}
	return l.chainRun(r, now), nil
}

// mayPrint refuses what no amount of coffee would allow. A recall does not stop
// printing: a packet whose label is damaged must still lead to the notice.
func (l Lot) mayPrint() error {
	if err := l.VerifyChain(); err != nil {
		return err
	}
	printed := 0
	for _, x := range l.Runs {
		if x.Voids == "" {
			printed++
		}
	}
	if printed >= MaxRuns {
		return fault.New(fault.Conflict, "trace.run.too_many").With("Max", MaxRuns)
	}
	return nil
}

// overlaps reports whether a run would use serials that another one has.
func (l Lot) overlaps(r Run) bool {
	return slices.ContainsFunc(l.Runs, func(x Run) bool {
		return x.Voids == "" && x.GTIN == r.GTIN && r.First < x.First+x.Count && x.First < r.First+r.Count
	})
}

// fits holds a run against the coffee that is left: Allowed is how many more
// packets of this item it fills.
func (l Lot) fits(r Run, packable int64) error {
	if packable == 0 {
		return fault.New(fault.Conflict, "trace.run.no_coffee")
	}
	allowed := max(0, packable-l.Committed()) / l.netOf(r.GTIN)
	if r.Count > allowed {
		return fault.New(fault.Conflict, "trace.run.exceeds").With("Allowed", allowed).With("Wanted", r.Count)
	}
	return nil
}

// withdraw appends an entry that withdraws the run with this hash and gives
// its coffee back; its serials stay used. Withdrawing twice is errUnchanged.
func (l *Lot) withdraw(hash, reason, by string, now time.Time) error {
	i := slices.IndexFunc(l.Runs, func(x Run) bool { return x.Hash == hash && x.Voids == "" })
	if i < 0 || hash == "" {
		return fault.New(fault.NotFound, "trace.run.unknown")
	}
	if l.voidOf(l.Runs[i]) != nil {
		return errUnchanged
	}
	w := fault.NewForm("trace.run.invalid")
	w.Need(reason != "" && shortText(reason, 500), "reason", "trace.run.reason")
	w.Need(by != "" && shortText(by, 100), "by", "trace.field.required")
	if err := w.Result(); err != nil {
		return err
	}
	if err := l.VerifyChain(); err != nil {
		return err
	}
	l.chainRun(Run{Key: "void:" + hash, GTIN: l.Runs[i].GTIN, By: by, Voids: hash, Reason: reason}, now)
	return nil
}

func (l *Lot) chainRun(r Run, now time.Time) Run {
	r.At, r.Prev = stamp(now), l.runHead()
	r.Hash = r.sum(l.ID)
	l.Runs = append(slices.Clip(l.Runs), r)
	l.touch(now)
	return r
}
