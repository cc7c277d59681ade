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
		producers, _, err := s.catalog.Producers(ctx, "")
		if err != nil || len(producers) > 0 {
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

// seed writes the demonstration data; what is there already stays as it is.
func (s *services) seed(ctx context.Context) error {
	register := func(ctx context.Context, now func() time.Time) (*gi.Service, error) { return gi.New(ctx, s.db, now) }
	return seed.Run(ctx, seed.Services{Catalog: s.catalog, Trace: s.trace, GI: register, Now: time.Now})
}
