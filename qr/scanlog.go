package qr

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

// maxPending bounds the packets counted in memory between two flushes; scans
// of further packets wait for nothing and are lost, with a line in the log.
const maxPending = 50_000

// flushers write this many packets' counts at a time; the store groups them
// into one commit.
const flushers = 16

// scanLog counts scans in memory and adds them to the store in batches.
type scanLog struct {
	docs  *store.Collection[scanDoc]
	salts *salts
	log   *slog.Logger

	mu      sync.Mutex // guards entries and the tallies in them
	entries map[string]*scanEntry
	lost    int64
	flushMu sync.Mutex // one flush at a time
}

// scanEntry is what one packet has pending. live grows; sent is on its way to
// the store under the name batch. commit is held for writing while that
// happens, so that a reader sees sent either here or in the document.
type scanEntry struct {
	commit     sync.RWMutex
	live, sent tally
	batch      string
}

func newScanLog(ctx context.Context, d Deps) (*scanLog, error) {
	docs, err := store.Open[scanDoc](ctx, d.DB, store.Spec{Name: "qr_scans", Version: 1})
	if err != nil {
		return nil, err
	}
	saltDocs, err := store.Open[saltDoc](ctx, d.DB, store.Spec{Name: "qr_salts", Version: 1})
	if err != nil {
		return nil, err
	}
	return &scanLog{docs: docs, log: d.Log, entries: make(map[string]*scanEntry),
		salts: &salts{docs: saltDocs, days: make(map[string]saltDoc)}}, nil
}

func scanID(gtin, serial string) string { return gtin + "/" + serial }

// count adds one scan in memory. A store that is away costs the bucket, not
// the count.
func (l *scanLog) count(ctx context.Context, v Visit) {
	id := scanID(v.GTIN, v.Serial)
	bucket, err := l.salts.bucket(ctx, v.At, id, v.IP)
	if err != nil {
		l.log.Warn("scan counted without a bucket", "err", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.entries[id]
	if !ok {
		if len(l.entries) >= maxPending {
			l.lost++
			return
		}
		e = new(scanEntry)
		l.entries[id] = e
	}
	e.live.add(v.At, bucket, regionKey(v.Region))
}

// read returns the stored counts with those still pending added; a packet
// nobody scanned is an empty document. One read of the store.
func (l *scanLog) read(ctx context.Context, gtin, serial string, now time.Time) (scanDoc, error) {
	id := scanID(gtin, serial)
	l.mu.Lock()
	e := l.entries[id]
	l.mu.Unlock()
	if e != nil {
		e.commit.RLock()
		defer e.commit.RUnlock()
	}
	d, err := l.docs.Get(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return d, err
	}
	if e != nil {
		l.mu.Lock()
		sent, batch, live := e.sent.clone(), e.batch, e.live.clone()
		l.mu.Unlock()
		if !d.holds(batch) { // else it was stored and only the answer was lost
			d.merge(sent, now)
		}
		d.merge(live, now)
	}
	return d, nil
}

// flush adds everything pending to the store. What cannot be written stays
// pending; the first error is returned.
func (l *scanLog) flush(ctx context.Context, now time.Time) error {
	l.flushMu.Lock()
	defer l.flushMu.Unlock()
	l.mu.Lock()
	ids := make(chan string, len(l.entries))
	for id := range l.entries {
		ids <- id
	}
	lost := l.lost
	l.lost = 0
	l.mu.Unlock()
	close(ids)
	if lost > 0 {
		l.log.Warn("scans not counted: too many packets between two flushes", "scans", lost)
	}
	return l.drain(ctx, ids, now)
}

func (l *scanLog) drain(ctx context.Context, ids <-chan string, now time.Time) error {
	var wg sync.WaitGroup
	errs := make(chan error, flushers)
	for range min(flushers, len(ids)) {
		wg.Go(func() {
			for id := range ids {
				if err := l.flushOne(ctx, id, now); err != nil {
					errs <- err
					return // the store is away; the next flush tries again
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

func (l *scanLog) flushOne(ctx context.Context, id string, now time.Time) error {
	e := l.send(id, now)
	e.commit.Lock()
	defer e.commit.Unlock()
	if err := l.write(ctx, id, e, now); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e.sent = tally{}
	if e.live.count == 0 {
		delete(l.entries, id)
	}
	return nil
}

// send fixes what goes to the store. A batch that failed is sent again as it
// was, under its name: its write may have happened after all.
func (l *scanLog) send(id string, now time.Time) *scanEntry {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.entries[id]
	if e.sent.count == 0 {
		e.sent, e.live = e.live, tally{}
		e.batch = store.NewID(now)
	}
	return e
}

func (l *scanLog) write(ctx context.Context, id string, e *scanEntry, now time.Time) error {
	add := func(d *scanDoc) error {
		d.take(e.sent.clone(), e.batch, now)
		return nil
	}
	err := l.docs.Update(ctx, id, add)
	if !fault.Is(err, fault.NotFound) {
		return err
	}
	d := scanDoc{ID: id}
	if err := add(&d); err != nil {
		return err
	}
	if err = l.docs.Insert(ctx, d); fault.Is(err, fault.Conflict) {
		return l.docs.Update(ctx, id, add)
	}
	return err
}
