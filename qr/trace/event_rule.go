package trace

import (
	"slices"
	"time"

	"nguon/app/fault"
)

// Bounds of one document: what a store holds in a megabyte.
const (
	maxEvents = 300
	maxPlots  = 200
	maxGrams  = 100_000_000_000 // 100,000 t in one event, more than the province's green beans
)

// validate reports everything wrong with the event by itself, as one
// fault.Invalid "trace.event.invalid". Kind is what the event records or, for
// a correction, the kind of the event it restates.
func (e Event) validate(kind EventKind, l Lot, now time.Time) error {
	w := fault.NewForm("trace.event.invalid")
	w.Need(e.Key != "" && shortText(e.Key, 100), "key", "trace.field.required")
	w.Need(e.By != "" && shortText(e.By, 100), "by", "trace.field.required")
	w.Need(e.Facility != "", "facility", "trace.event.facility")
	w.Need(isCode(e.Detail), "detail", "trace.event.detail")
	w.Need(shortText(e.Reason, 500), "reason", "trace.field.text")
	w.Need(!e.At.IsZero() && !e.At.After(now), "at", "trace.event.at")
	w.Need(e.Until.IsZero() || !e.Until.Before(e.At) && !e.Until.After(now), "until", "trace.event.until")
	correction := e.Kind == Correct
	w.Need(!correction || e.Reason != "", "reason", "trace.event.reason")
	w.Need(correction || e.Corrects == 0, "corrects", "trace.event.corrects")
	switch kind {
	case Harvest:
		e.validateHarvest(w, l)
	case Inspect:
		w.Need(e.InGrams == 0 && e.OutGrams == 0 && e.OutForm == "", "outGrams", "trace.event.inspect")
		w.Need(len(e.Plots) == 0, "plots", "trace.event.plots_only_harvest")
	default:
		e.validateChange(w, kind)
	}
	return w.Result()
}

func (e Event) validateHarvest(w *fault.Form, l Lot) {
	w.Need(e.InForm == "" && e.InGrams == 0, "inGrams", "trace.event.harvest_in")
	w.Need(e.OutForm == Cherry, "outForm", "trace.event.harvest_out")
	w.Need(e.weighed(e.OutGrams), "outGrams", "trace.event.grams")
	w.Need(len(e.Plots) > 0, "plots", "trace.event.plots")
	for i, p := range e.Plots {
		w.Need(slices.Contains(l.Plots, p) && !slices.Contains(e.Plots[:i], p), "plots", "trace.event.plots")
	}
	w.Need(e.At.IsZero() || SeasonOf(e.At) == l.Season, "at", "trace.event.season")
	w.Need(e.Until.IsZero() || SeasonOf(e.Until) == l.Season, "until", "trace.event.season")
}

func (e Event) validateChange(w *fault.Form, kind EventKind) {
	w.Need(len(e.Plots) == 0, "plots", "trace.event.plots_only_harvest")
	_, possible := yields.Step(kind, e.InForm, e.OutForm)
	w.Need(possible, "outForm", "trace.event.change")
	w.Need(e.weighed(e.InGrams), "inGrams", "trace.event.grams")
	w.Need(e.weighed(e.OutGrams), "outGrams", "trace.event.grams")
}

// weighed accepts a positive weight and, in a correction, the two zeros that
// say the step never took place.
func (e Event) weighed(grams int64) bool {
	if e.Kind == Correct && e.InGrams == 0 && e.OutGrams == 0 {
		return true
	}
	return grams > 0 && grams <= maxGrams
}

// isCode accepts a short lower-case code, or none.
func isCode(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return len(s) <= 40
}

// kindOf is what e records: its own kind or that of the event it restates.
func (l Lot) kindOf(e Event) (EventKind, error) {
	if e.Kind != Correct {
		return e.Kind, nil
	}
	if e.Corrects < 1 || e.Corrects > len(l.Events) || l.Events[e.Corrects-1].Kind == Correct {
		return "", fault.New(fault.Invalid, "trace.event.invalid").Field("corrects", "trace.event.corrects")
	}
	return l.Events[e.Corrects-1].Kind, nil
}

// record appends one event. The same Key again changes nothing (errUnchanged);
// with another kind or weight it is fault.Conflict. A record that would leave
// less coffee than the label runs have committed is fault.Conflict "trace.event.committed".
func (l *Lot) record(e Event, land Land, now time.Time) error {
	e.At, e.Until = stamp(e.At), stamp(e.Until)
	if i := slices.IndexFunc(l.Events, func(x Event) bool { return x.Key == e.Key }); i >= 0 {
		return sameRequest(l.Events[i], e)
	}
	if err := l.VerifyChain(); err != nil {
		return err
	}
	if len(l.Events) >= maxEvents {
		return fault.New(fault.Conflict, "trace.event.too_many").With("Max", maxEvents)
	}
	kind, err := l.kindOf(e)
	if err != nil {
		return err
	}
	if err := e.validate(kind, *l, now); err != nil {
		return err
	}
	next := *l
	next.Events = append(slices.Clone(l.Events), e)
	last := &next.Events[len(l.Events)]
	last.Seq, last.Recorded, last.Prev = len(l.Events)+1, stamp(now), l.head()
	last.Hash = last.sum(l.ID)
	if err := next.admits(*l, e, land); err != nil {
		return err
	}
	l.Events, l.PackedOn = next.Events, packedOn(next.Steps())
	l.touch(now)
	return nil
}

// admits checks the lot as it would stand with e against how it stood before.
func (l Lot) admits(before Lot, e Event, land Land) error {
	if err := flow(l.Steps()); err != nil {
		return err
	}
	if e.Kind != Correct && e.InForm != "" {
		if has := before.stock(e.InForm); e.InGrams > has {
			return fault.New(fault.Invalid, "trace.event.not_enough").With("Allowed", max(has, 0)).With("Wanted", e.InGrams).
				Field("inGrams", "trace.event.not_enough.field")
		}
	}
	committed := l.Committed()
	if committed == 0 {
		return nil
	}
	was, is := before.packable(land), l.packable(land)
	if is < committed && is < was {
		return fault.New(fault.Conflict, "trace.event.committed").With("Allowed", is).With("Committed", committed)
	}
	return nil
}

func sameRequest(had, e Event) error {
	if had.Kind == e.Kind && had.Corrects == e.Corrects && had.InGrams == e.InGrams && had.OutGrams == e.OutGrams {
		return errUnchanged
	}
	return fault.New(fault.Conflict, "trace.event.key").With("Seq", had.Seq)
}
