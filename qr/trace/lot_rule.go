package trace

import (
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
)

// Validate reports everything wrong with a new lot as one fault.Invalid
// "trace.lot.invalid" with its fields. History (events, runs, packing day, recall)
// is not given but appended afterwards, so that it is chained.
func (l Lot) Validate(now time.Time) error {
	w := fault.NewForm("trace.lot.invalid")
	w.Need(l.ID != "", "id", "trace.field.required")
	w.Need(gs1.IsQualifier(l.Code), "code", "trace.lot.code")
	w.Need(l.Producer != "", "producer", "trace.field.required")
	w.Need(l.Species == Arabica || l.Species == Robusta, "species", "trace.plot.species")
	w.Need(IsSeason(l.Season), "season", "trace.lot.season")
	w.Need(!l.Created.After(now), "created", "trace.field.future")
	w.Need(len(l.Plots) > 0 && len(l.Plots) <= maxPlots, "plots", "trace.lot.plots")
	for i, p := range l.Plots {
		w.Need(p != "" && !slices.Contains(l.Plots[:i], p), "plots", "trace.lot.plots")
	}
	w.Need(len(l.Items) > 0 && len(l.Items) <= 20, "items", "trace.lot.items")
	for i, it := range l.Items {
		w.Need(gs1.IsGTIN14(it.GTIN), "items", "trace.lot.gtin")
		w.Need(it.NetGrams > 0 && it.NetGrams <= maxNet, "items", "trace.lot.net")
		twice := slices.ContainsFunc(l.Items[:i], func(x Item) bool { return x.GTIN == it.GTIN })
		w.Need(!twice, "items", "trace.lot.twice")
	}
	w.Need(len(l.Quality) <= maxPapers && len(l.Papers) <= maxPapers, "papers", "trace.paper.too_many")
	for _, r := range l.Quality {
		r.check(w, now)
	}
	for _, p := range l.Papers {
		p.check(w)
	}
	w.Need(len(l.Events) == 0 && len(l.Runs) == 0 && l.PackedOn == nil && l.Recall == nil, "events", "trace.lot.history")
	return w.Result()
}

// maxNet is the largest packet in grams: a big bag of a tonne.
const maxNet = 1_000_000

// begin completes a validated lot before it is stored.
func (l *Lot) begin(now time.Time) {
	if l.Created.IsZero() {
		l.Created = now
	}
	l.Created = stamp(l.Created)
	l.touch(now)
}
