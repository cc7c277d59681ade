package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"nguon/app/fault"
	"nguon/app/seed"
	"nguon/qr/gi"
)

// seedIfEmpty writes demonstration data into a store that holds no producer.
// A file marks the work until it is done, so that a start that was
// interrupted is finished by the next one.
func (s *services) seedIfEmpty(ctx context.Context, cfg Config, log *slog.Logger) error {
	mark := filepath.Join(cfg.DataDir, "seeding")
	_, err := os.Stat(mark)
	if errors.Is(err, fs.ErrNotExist) {
		done, err := s.seeded(ctx)
		if err != nil || done {
			return err
		}
	}
	log.Info("the store is empty: writing demonstration data")
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return fmt.Errorf("demonstration data: %w", err)
	}
	if err := s.seed(ctx); err != nil {
		return err
	}
	if err := os.Remove(mark); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("demonstration data: %w", err)
	}
	return nil
}

// seeded reports whether nothing is to be written: the store holds producers,
// and, where they are those of the demonstration, the people behind them and the
// festival, which earlier versions did not have.
func (s *services) seeded(ctx context.Context) (bool, error) {
	producers, _, err := s.catalog.Producers(ctx, "")
	if err != nil || len(producers) == 0 {
		return false, err
	}
	if !producers[0].Demo {
		return true, nil
	}
	_, err = s.account.OrgByID(ctx, producers[0].ID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, err = s.festival.Edition(ctx, seed.Festival)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil, err
}

// seed writes the demonstration data; what is there already stays as it is.
func (s *services) seed(ctx context.Context) error {
	signIns, err := s.signIns(ctx)
	if err != nil {
		return err
	}
	register := func(ctx context.Context, now func() time.Time) (*gi.Service, error) { return gi.New(ctx, s.db, now) }
	return seed.Run(ctx, seed.Services{Catalog: s.catalog, Trace: s.trace, GI: register, Now: time.Now, Accounts: s.account, SignIns: signIns, Tours: s.tours, Festival: s.festival})
}

// announceSignIns prints how each invented person signs in, in development
// only.
func (s *services) announceSignIns(ctx context.Context, log *slog.Logger) error {
	key, err := s.signIns(ctx)
	if err != nil {
		return err
	}
	for _, p := range seed.People() {
		in := p.SignInOf(key)
		attrs := []any{"role", p.Role, "email", in.Email, "password", in.Password}
		if code := in.Code(); code != "" {
			attrs = append(attrs, "totp", code)
		}
		log.Info("sign-in of the demonstration", attrs...)
	}
	return nil
}
