package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"runtime/debug"
	"time"

	"nguon/app/finder"
	"nguon/app/search/bleveindex"
	"nguon/app/search/meili"
)

// indexFolder holds the embedded search index in the data folder.
const indexFolder = "search"

// buildFirst is how long a start waits for an index that has to be built; a longer
// one is finished while the site serves.
const buildFirst = 3 * time.Second

// lookup joins the search index. Only a server opens it: a command notes what it
// changes, and every server follows.
func (s *services) lookup(ctx context.Context, cfg Config, log *slog.Logger, who role) (err error) {
	d := finder.Deps{DB: s.db, Alone: cfg.MongoURI == "", Now: time.Now, Log: log,
		Source: &finder.Domains{Catalog: s.catalog, Tours: s.tours, Festival: s.festival, GI: s.gi, Trace: s.trace, Account: s.account, Now: time.Now,
			Bad: func(err error) {
				log.Error("something cannot be found by search, since it cannot be read", "error", err)
			}}}
	if cfg.MeiliURL != "" {
		m := meili.New(cfg.MeiliURL, cfg.MeiliKey)
		s.shared, d.Remote = m, m
	}
	if who == server {
		x, found, err := bleveindex.Open(filepath.Join(cfg.DataDir, indexFolder))
		if err != nil {
			return fmt.Errorf("DATA_DIR: %w", err)
		}
		s.index, s.found, d.Index = x, found, x
	}
	if s.finder, err = finder.New(ctx, d); err != nil {
		return fmt.Errorf("search: %w", err)
	}
	s.out.finder = s.finder
	return nil
}

// build fills an index that was not there, as far as a start can wait for it.
func (s *services) build(ctx context.Context, log *slog.Logger) error {
	if s.index == nil || s.found {
		return nil
	}
	short, cancel := context.WithTimeout(ctx, buildFirst)
	defer cancel()
	err := s.finder.Rebuild(short)
	debug.FreeOSMemory()                                    // what building took is not needed again soon
	if s.built = err == nil; !s.built && ctx.Err() == nil { // it is built while the site serves
		log.Warn("the search index is not built yet; until then searches find only part of it", "error", err)
		return nil
	}
	return ctx.Err()
}

// warnOfKey says once, when Meilisearch is there, that its key may do more than it
// needs.
func (s *services) warnOfKey(ctx context.Context, log *slog.Logger) {
	if s.shared == nil {
		return
	}
	if more, err := s.shared.Excess(ctx); err == nil && more {
		log.Warn("MEILI_KEY may read and make keys; make one that only serves this site", "command", "MEILI_KEY=<master key> go run ./app search-key")
	}
}
