package main

import (
	"context"
	"time"
)

// How often the background work is done.
const (
	flushEvery  = time.Second
	finishEvery = 15 * time.Second
	sweepEvery  = 10 * time.Minute
	flushLast   = 5 * time.Second // for the last flush, after ctx has ended
)

// work does what no request waits for until ctx ends: it writes counted scans,
// sends mail, finishes what a crash interrupted, erases the salts of old days
// and lets stars end on their day. A failure is logged and tried again, since
// pages can be read meanwhile.
func (a *App) work(ctx context.Context) error {
	flush, finish, sweep := time.NewTicker(flushEvery), time.NewTicker(finishEvery), time.NewTicker(sweepEvery)
	defer flush.Stop()
	defer finish.Stop()
	defer sweep.Stop()
	a.sweep(ctx)
	a.finish(ctx)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-flush.C:
			a.try(ctx, "write scans", a.svc.qr.Flush)
			a.try(ctx, "go on with orders", func(ctx context.Context) error {
				_, err := a.svc.orders.Sweep(ctx)
				return err
			})
			a.try(ctx, "go on with visits", func(ctx context.Context) error {
				_, err := a.svc.tours.Work(ctx)
				return err
			})
			a.letters(ctx)
		case <-a.svc.account.Wake():
			a.letters(ctx)
		case <-finish.C:
			a.finish(ctx)
		case <-sweep.C:
			a.sweep(ctx)
		}
	}
}

// letters sends what waits to be sent.
func (a *App) letters(ctx context.Context) {
	a.try(ctx, "answer requests", a.svc.account.PerformPending)
	a.try(ctx, "send mail", func(ctx context.Context) error {
		_, err := a.svc.mail.Work(ctx)
		return err
	})
}

// finish does what a crash left undone.
func (a *App) finish(ctx context.Context) {
	a.try(ctx, "finish changes of people", a.svc.account.Sweep)
	a.try(ctx, "match transfers", func(ctx context.Context) error {
		_, err := a.svc.orders.SweepTransfers(ctx)
		return err
	})
	before := time.Now().Add(-finishEvery)
	for what, sweep := range map[string]func(context.Context, time.Time) (int, error){
		"finish changes of products": a.svc.catalog.Sweep, "finish reports": a.svc.reports.SweepEffects, "finish texts": a.svc.legal.Sweep,
		"finish changes of visits": a.svc.tours.Sweep, "finish changes of the festival": a.svc.festival.Sweep,
	} {
		a.try(ctx, what, func(ctx context.Context) error {
			_, err := sweep(ctx, before)
			return err
		})
	}
}

func (a *App) sweep(ctx context.Context) {
	for what, sweep := range map[string]func(context.Context) (int, error){"erase old mail": a.svc.mail.Sweep, "erase contacts": a.svc.reports.Sweep, "erase carts": a.svc.orders.SweepCarts, "erase bookings": a.svc.tours.Erase} {
		a.try(ctx, what, func(ctx context.Context) error {
			_, err := sweep(ctx)
			return err
		})
	}
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
