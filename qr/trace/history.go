package trace

import (
	"errors"
	"time"

	"nguon/app/chain"
	"nguon/app/fault"
	"nguon/app/store"
)

// errUnchanged ends an update that found its work done already; the service
// turns it into success.
var errUnchanged = errors.New("trace: nothing to change")

// genesis binds both chains to what the lot was created as, so that neither
// moves to another lot and the lot's own data cannot change under them.
func (l Lot) genesis() string {
	e := chain.New("nguon/lot/1", "").Str(l.ID, l.Code, l.Producer, string(l.Species), l.Season).
		List(l.Plots).Time(l.Created).Int(int64(len(l.Items)))
	for _, it := range l.Items {
		e.Str(it.GTIN).Int(it.NetGrams)
	}
	return e.Sum()
}

// head is the hash that the next event continues.
func (l Lot) head() string {
	if n := len(l.Events); n > 0 {
		return l.Events[n-1].Hash
	}
	return l.genesis()
}

// runHead is the hash that the next label run continues.
func (l Lot) runHead() string {
	if n := len(l.Runs); n > 0 {
		return l.Runs[n-1].Hash
	}
	return l.genesis()
}

// sum hashes every field of the event above Hash.
func (e Event) sum(lot string) string {
	return chain.New("nguon/lot-event/1", e.Prev).Str(lot, e.Key, string(e.Kind), e.Facility).
		Int(int64(e.Seq)).Time(e.At, e.Until).List(e.Plots).Str(string(e.InForm), string(e.OutForm)).
		Int(e.InGrams, e.OutGrams).Str(e.Detail).Int(int64(e.Corrects)).Str(e.Reason, e.By).
		Time(e.Recorded).Sum()
}

// sum hashes every field of the run above Hash.
func (r Run) sum(lot string) string {
	return chain.New("nguon/lot-run/1", r.Prev).Str(lot, r.Key, r.GTIN).Int(r.First, r.Count).
		Str(r.KeyID, r.By).Time(r.At).Str(r.Voids, r.Reason).Sum()
}

func (l Lot) seal() string {
	return chain.New("nguon/lot-seal/1", l.genesis()).Str(l.head(), l.runHead()).
		Int(int64(len(l.Events)), int64(len(l.Runs))).Sum()
}

// touch follows every change of the lot.
func (l *Lot) touch(now time.Time) {
	l.Changed = stamp(now)
	l.Seal = l.seal()
}

// VerifyChain recomputes both histories. A changed, missing, added or moved
// entry, or changed lot data, is fault.Conflict "trace.chain.broken", which
// names the part and the first entry (from 1) that does not fit. Who can write the
// whole document can also rewrite the whole chain; ChainHead, kept elsewhere, shows that.
func (l Lot) VerifyChain() error {
	prev := l.genesis()
	for i, e := range l.Events {
		if e.Seq != i+1 || e.Prev != prev || e.Hash != e.sum(l.ID) {
			return broken("events", i+1)
		}
		prev = e.Hash
	}
	prev = l.genesis()
	for i, r := range l.Runs {
		if r.Prev != prev || r.Hash != r.sum(l.ID) {
			return broken("runs", i+1)
		}
		prev = r.Hash
	}
	if l.Seal != l.seal() || !sameTime(l.PackedOn, packedOn(l.Steps())) {
		return broken("lot", 0)
	}
	return nil
}

func sameTime(a, b *time.Time) bool {
	return a == b || a != nil && b != nil && a.Equal(*b)
}

func broken(part string, entry int) error {
	return fault.New(fault.Conflict, "trace.chain.broken").With("Part", part).With("Entry", entry)
}

// stamp is store.Stamp that leaves the zero time alone.
func stamp(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return store.Stamp(t)
}
