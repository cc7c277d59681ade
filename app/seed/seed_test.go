package seed_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/place"
	"nguon/app/seed"
	"nguon/app/store/sqlite"
	"nguon/catalog"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
)

// open runs the seed on an empty store, as of the given time.
func open(t *testing.T, now time.Time) seed.Services {
	t.Helper()
	ctx := context.Background()
	db, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "seed.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := seed.Services{Now: func() time.Time { return now }}
	if s.Catalog, err = catalog.New(ctx, db, s.Now); err != nil {
		t.Fatal(err)
	}
	if s.Trace, err = trace.New(ctx, db, s.Now); err != nil {
		t.Fatal(err)
	}
	s.GI = func(ctx context.Context, now func() time.Time) (*gi.Service, error) { return gi.New(ctx, db, now) }
	if s.Festival, err = tours.NewEditions(ctx, db, s.Now, nobody{}); err != nil {
		t.Fatal(err)
	}
	if err := seed.Run(ctx, s); err != nil {
		t.Fatal(err)
	}
	return s
}

// nobody performs what documents carry.
type nobody struct{}

func (nobody) Perform(context.Context, outbox.Effect) error { return nil }

// The festival of the demonstration is four weeks ahead, complete, and the same
// after another run.
func TestFestival(t *testing.T) {
	for _, now := range []time.Time{autumn, time.Date(2026, 12, 4, 20, 0, 0, 0, time.UTC), time.Date(2028, 2, 29, 17, 0, 0, 0, time.UTC)} {
		s := open(t, now)
		ctx := context.Background()
		if err := seed.Run(ctx, s); err != nil {
			t.Fatal(err)
		}
		e, err := s.Festival.Next(ctx)
		if err != nil {
			t.Fatal(err)
		}
		ahead := e.From.Sub(now)
		if e.From.In(lang.Zone).Weekday() != time.Friday || ahead < 27*24*time.Hour || ahead > 35*24*time.Hour || len(e.Days()) != 3 || !e.Demo || e.Validate(true) != nil {
			t.Errorf("%v: from %v: %v", now, e.From, e.Validate(true))
		}
		events, err := s.Festival.Programme(ctx, e.ID)
		paid := 0
		for _, v := range events {
			if v.Ticketed {
				paid++
			}
			if len(v.Changes) > 0 || !v.Demo {
				t.Errorf("%s: %+v", v.Slug, v.Changes)
			}
		}
		if err != nil || len(events) != 11 || paid != 2 || len(e.Venues) != 4 || len(e.Booths) != 9 {
			t.Errorf("%d events, %d with tickets, %d venues, %d booths: %v", len(events), paid, len(e.Venues), len(e.Booths), err)
		}
	}
}

var autumn = time.Date(2026, time.November, 23, 5, 0, 0, 0, time.UTC)

func lots(t *testing.T, s seed.Services) map[string]trace.Lot {
	t.Helper()
	all := map[string]trace.Lot{}
	if err := s.Trace.Lots(context.Background(), func(l trace.Lot) error { all[l.ID] = l; return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAmounts(t *testing.T) {
	s := open(t, autumn)
	ctx := context.Background()
	producers, _, err := s.Catalog.Producers(ctx, "")
	if err != nil || len(producers) < 6 {
		t.Errorf("%d producers, %v; want at least 6", len(producers), err)
	}
	products, plots := 0, 0
	for _, p := range producers {
		ps, err := s.Catalog.ProductsOf(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		products += len(ps)
		land, err := s.Trace.Plots(ctx, p.ID)
		if err != nil {
			t.Fatal(err)
		}
		plots += len(land)
		for _, l := range land {
			if len(l.Ring) == 0 {
				continue
			}
			if c, ok := place.At(l.Ring[0]); !ok || c.Code != l.Commune {
				t.Errorf("plot %s is drawn in %s, not in %s", l.Code, c.Name, l.Commune)
			}
		}
	}
	if products < 16 || plots < 20 {
		t.Errorf("%d products and %d plots; want at least 16 and 20", products, plots)
	}
	if n := len(lots(t, s)); n < 12 {
		t.Errorf("%d lots; want at least 12", n)
	}
}

// Running again changes nothing and is no error.
func TestRepeat(t *testing.T) {
	s := open(t, autumn)
	before := lots(t, s)
	if err := seed.Run(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	after := lots(t, s)
	for id, l := range before {
		if a := after[id]; len(a.Events) != len(l.Events) || len(a.Quality) != len(l.Quality) || len(a.Papers) != len(l.Papers) {
			t.Errorf("%s grew when the seed ran twice", id)
		}
	}
}

// The demonstration stays good whatever day it is started on.
func TestEveryMonth(t *testing.T) {
	for m := time.January; m <= time.December; m++ {
		open(t, time.Date(2029, m, 1, 3, 0, 0, 0, time.UTC))
	}
}

func TestChainsAndBalances(t *testing.T) {
	s := open(t, autumn)
	for id, l := range lots(t, s) {
		if err := l.VerifyChain(); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		b, err := s.Trace.Balance(context.Background(), l)
		if err != nil {
			t.Fatal(err)
		}
		if !b.OK {
			t.Errorf("%s does not add up: %+v", id, b.Checks)
		}
		if l.PackedOn != nil && b.PackableGrams == 0 {
			t.Errorf("%s is packed but holds no coffee to pack", id)
		}
	}
}

func TestProducersAreMarked(t *testing.T) {
	s := open(t, autumn)
	page, err := s.Catalog.Products(context.Background(), catalog.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range page.Items {
		if !p.Demo {
			t.Errorf("%s is not marked as demonstration data", p.Slug)
		}
		for _, v := range p.Variants {
			if v.GTIN[:4] != "0952" {
				t.Errorf("%s: GTIN %s is outside the range for examples", p.Slug, v.GTIN)
			}
		}
		if p.Name == lang.Fold(p.Name) {
			t.Errorf("%s has no accents", p.Name)
		}
	}
}
