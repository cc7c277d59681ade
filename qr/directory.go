package qr

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"nguon/qr/trace"
)

// directory finds the lot of a serial that was typed without one, which is all
// that many people copy from a label. A serial is unique within its GTIN only,
// but its signature fits one GTIN and lot: the label runs that hold its index
// are tried. They are read again when a serial is not among them, at most once
// a second and never for more than a twentieth of the time.
type directory struct {
	lots func(ctx context.Context, fn func(trace.Lot) error) error
	now  func() time.Time

	dirty atomic.Bool

	mu     sync.Mutex
	runs   []runEntry
	readAt time.Time
	took   time.Duration
}

type runEntry struct {
	gtin, lot, keyID string
	first, count     int64
}

// fits reports whether a signature is that of a GTIN and lot.
type fits func(gtin, lot string) (bool, error)

// find returns the GTIN and lot of a serial, "" when no label run made it.
func (d *directory) find(ctx context.Context, sr Serial, fits fits) (gtin, lot string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	gtin, lot, err = d.among(sr, fits)
	if err != nil || gtin != "" {
		return gtin, lot, err
	}
	if age := d.now().Sub(d.readAt); !d.dirty.Swap(false) && age >= 0 && age < max(time.Second, 20*d.took) {
		return "", "", nil
	}
	if err := d.read(ctx); err != nil {
		return "", "", err
	}
	return d.among(sr, fits)
}

// stale makes the next look-up read again: this instance has written.
func (d *directory) stale() { d.dirty.Store(true) }

func (d *directory) among(sr Serial, fits fits) (gtin, lot string, err error) {
	for _, r := range d.runs {
		if r.keyID != sr.KeyID || sr.Index < r.first || sr.Index-r.first >= r.count {
			continue
		}
		if ok, err := fits(r.gtin, r.lot); err != nil || ok {
			return r.gtin, r.lot, err
		}
	}
	return "", "", nil
}

// read takes down every label run; the caller holds mu.
func (d *directory) read(ctx context.Context) error {
	begin := d.now()
	var runs []runEntry
	err := d.lots(ctx, func(l trace.Lot) error {
		for _, r := range l.Runs {
			if r.Voids == "" {
				runs = append(runs, runEntry{r.GTIN, l.Code, r.KeyID, r.First, r.Count})
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.runs, d.readAt, d.took = runs, begin, d.now().Sub(begin)
	return nil
}
