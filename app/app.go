package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"nguon/handlers"
)

// stopWithin is how long requests under way may take once the program is
// asked to stop; the machines that run it kill it later than that.
const stopWithin = 10 * time.Second

// App is the whole program. Tests make one with New, run it on a listener of
// their own, and Close it.
type App struct {
	cfg  Config
	log  *slog.Logger
	svc  *services
	site *handlers.Site
}

// New opens the store, fills an empty one with demonstration data in
// development, and prepares every page. What it cannot have, it refuses to
// start without.
func New(ctx context.Context, cfg Config, log *slog.Logger) (*App, error) {
	svc, err := open(ctx, cfg, log, server)
	if err != nil {
		return nil, err
	}
	return &App{cfg: svc.cfg, log: log, svc: svc, site: svc.site(svc.cfg, log)}, nil
}

// Run serves on the listener until ctx ends, then stops gracefully: readiness
// turns red, no new connection is taken, requests under way are finished, scan
// counts are written. The store stays open until Close.
func (a *App) Run(ctx context.Context, ln net.Listener) error {
	if err := a.announce(ctx, ln.Addr()); err != nil && ctx.Err() == nil {
		return errors.Join(err, ln.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		if err := a.site.Serve(ln); err != nil {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	g.Go(func() error { return a.work(ctx) })
	g.Go(func() error { return a.svc.finder.Run(ctx, a.svc.built) })
	g.Go(func() error { a.svc.warnOfKey(ctx, a.log); return nil })
	g.Go(func() error {
		<-ctx.Done()
		return a.stop(ln)
	})
	err := g.Wait()
	return errors.Join(err, a.flush())
}

func (a *App) stop(ln net.Listener) error {
	a.log.Info("stopping")
	err := a.site.Stop(ln, stopWithin)
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("requests were still under way and were cut off")
		return nil
	}
	return err
}

// Close releases the store. Call it once, after Run has returned.
func (a *App) Close() error { return a.svc.close() }

// announce says where the site is and how to go on from there.
func (a *App) announce(ctx context.Context, addr net.Addr) error {
	a.log.Info("serving", "addr", addr.String(), "base", a.cfg.BaseURL, "config", a.cfg)
	if !a.cfg.Dev() {
		return nil
	}
	a.log.Info("print labels", "command", "go run ./app lots; go run ./app labels -lot LOT -count 24 -format pdf -out labels.pdf")
	if a.cfg.Loopback() {
		_, port, _ := net.SplitHostPort(addr.String())
		a.log.Warn("labels printed now lead to this computer only; for a phone in the same network start with",
			"command", fmt.Sprintf("HOST=0.0.0.0 BASE_URL=http://%s:%s go run ./app", lanAddress(), port))
	}
	return a.svc.announceSignIns(ctx, a.log)
}

// lanAddress is an address of this machine that others in its network can
// reach, or words that stand for it.
func lanAddress() string {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return "LAN-ADDRESS"
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsPrivate() {
			return n.IP.String()
		}
	}
	return "LAN-ADDRESS"
}
