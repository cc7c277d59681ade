package main

import (
	"context"
	"time"
)

// How often the background work is done.
const (
	flushEvery = time.Second
	sweepEvery = 10 * time.Minute
	flushLast  = 5 * time.Second // for the last flush, after ctx has ended
)

// work does what no request waits for until ctx ends: it writes counted scans,
// erases the salts of old days and lets stars end on their day. A failure is logged and tried again, since
// pages can be read meanwhile.
func (a *App) work(ctx context.Context) error {
	flush, sweep := time.NewTicker(flushEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer sweep.Stop()
	a.sweep(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-flush.C:
			a.try(ctx, "write scans", a.svc.qr.Flush)
		case <-sweep.C:
			a.sweep(ctx)
		}
	}
}

func (a *App) sweep(ctx context.Context) {
	a.try(ctx, "erase salts", a.svc.qr.Sweep)
	a.try(ctx, "refresh the catalogue", func(ctx context.Context) error {
		_, err := a.svc.catalog.Refresh(ctx)
		return err
	})
}

func (a *App) try(ctx context.Context, what string, do func(context.Context) error) {
	if err := do(ctx); err != nil && ctx.Err() == nil {
		a.log.Error("background work failed and will be tried again", "work", what, "error", err)
	}
}

// flush writes what was counted last. It has a time of its own, because it
// runs when everything else has been told to end.
func (a *App) flush() error {
	ctx, cancel := context.WithTimeout(context.Background(), flushLast)
	defer cancel()
	return a.svc.qr.Flush(ctx)
}
