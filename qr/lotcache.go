package qr

import (
	"context"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Lots are kept this long, so that a change by another instance shows within
// the two seconds that DESIGN decision 7 allows.
const lotFresh = time.Second

// maxLots bounds the lots kept in memory.
const maxLots = 512

// loadLimit ends a load that several requests wait for; it does not end with
// the request that happened to start it.
const loadLimit = 10 * time.Second

type lotKey struct{ gtin, lot string }

type lotEntry struct {
	part *LotPart
	at   time.Time
}

// lotCache keeps recently read lots. Unknown lots are not kept, so that
// garbage cannot push real ones out.
type lotCache struct {
	load    func(ctx context.Context, gtin, lot string) (*LotPart, error)
	now     func() time.Time
	flight  singleflight.Group
	mu      sync.Mutex
	entries map[lotKey]lotEntry
	epoch   uint64 // counts what was forgotten: a load begun before is neither kept nor waited for
}

func newLotCache(now func() time.Time, load func(context.Context, string, string) (*LotPart, error)) *lotCache {
	return &lotCache{load: load, now: now, entries: make(map[lotKey]lotEntry)}
}

func (c *lotCache) get(ctx context.Context, gtin, lot string) (*LotPart, error) {
	key := lotKey{gtin, lot}
	c.mu.Lock()
	e, ok := c.entries[key]
	epoch := c.epoch
	c.mu.Unlock()
	if age := c.now().Sub(e.at); ok && age >= 0 && age < lotFresh {
		return e.part, nil
	}
	// A load that began before a change is not waited for: its key has another epoch.
	v, err, _ := c.flight.Do(strconv.FormatUint(epoch, 36)+"/"+gtin+"/"+lot, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadLimit)
		defer cancel()
		at := c.now()
		part, err := c.load(ctx, gtin, lot)
		if err == nil {
			c.keep(key, lotEntry{part, at}, epoch)
		}
		return part, err
	})
	if err != nil {
		return nil, err
	}
	return v.(*LotPart), nil
}

func (c *lotCache) keep(key lotKey, e lotEntry, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch != c.epoch {
		return
	}
	if _, ok := c.entries[key]; !ok && len(c.entries) >= maxLots {
		c.evict()
	}
	c.entries[key] = e
}

// evict drops the lot that was read longest ago; the caller holds mu.
func (c *lotCache) evict() {
	var oldest lotKey
	var at time.Time
	for k, e := range c.entries {
		if at.IsZero() || e.at.Before(at) {
			oldest, at = k, e.at
		}
	}
	delete(c.entries, oldest)
}

func (c *lotCache) forget(gtin, lot string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	delete(c.entries, lotKey{gtin, lot})
}

func (c *lotCache) forgetAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.epoch++
	clear(c.entries)
}
