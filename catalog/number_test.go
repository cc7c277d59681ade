package catalog

import (
	"context"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

func TestWhoHoldsNumbers(t *testing.T) {
	first := on("2026-01-01")
	waiting, approved := producer("a", "HTX An", "04132"), producer("a", "HTX An", "04132")
	waiting.Published = false
	draft := func(p *Product) { p.Published = false }
	before := func(p *Product) { p.Published, p.First = false, &first }
	held := func(p *Product) { p.Published, p.Numbers = false, []string{gtin(1)} }
	for _, c := range []struct {
		name  string
		maker Producer
		state func(*Product)
		want  []string
	}{
		{"a draft of nobody known", waiting, draft, []string{}},
		{"a draft of an approved producer", approved, draft, []string{gtin(1), gtin(2)}},
		{"in the shop", approved, func(*Product) {}, []string{gtin(1), gtin(2)}},
		{"in the shop once, its producer suspended", waiting, before, []string{gtin(1), gtin(2)}},
		{"a draft whose producer was suspended keeps and takes none", waiting, held, []string{gtin(1)}},
		{"a number that is typed no more is free", waiting, func(p *Product) { held(p); p.Variants = p.Variants[1:] }, []string{}},
	} {
		p := product(1, "a", "Một", func(p *Product) {
			p.Variants = append(p.Variants, Variant{GTIN: gtin(2), NetGrams: 500, Grind: "beans", Price: 1})
		}, c.state)
		p.derive(c.maker, first)
		if !slices.Equal(p.Numbers, c.want) {
			t.Errorf("%s: %v, want %v", c.name, p.Numbers, c.want)
		}
	}
}

// typed is a form with a number of GS1 on it.
func typed(id, producer, name string, n int) Edit {
	e := draft(name)
	e.Product.ID, e.Product.Producer, e.Product.Summary = id, producer, lang.Text{Vi: "Rang vừa."}
	e.Product.Variants[0].GTIN, e.Stock = gtin(n), nil
	return e
}

// A number typed by nobody known blocks neither its owner nor an approval, and
// names nothing to the public.
func TestASquattedNumber(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	a, b := producer("a", "HTX An", "04132"), producer("b", "HTX Bình", "04132")
	a.Published = false
	save(t, s, a, b)
	squatted, err := s.Save(ctx, typed("d1", "a", "Chiếm chỗ", 1))
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Save(ctx, typed("d2", "a", "Khác", 2))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{1, 2} {
		_, _, err = s.ByGTIN(ctx, gtin(n))
		wantFault(t, "a draft of nobody known", err, fault.NotFound, "catalog.gtin.not_found")
	}
	if _, err := s.Save(ctx, typed("d3", "b", "Chủ thật", 1)); err != nil {
		t.Fatalf("its owner is blocked: %v", err)
	}
	a.Published = true
	save(t, s, a) // nor the approval
	if p, err := s.ProducerByID(ctx, "a"); err != nil || p.Stale {
		t.Errorf("the approval is not carried through: %v", err)
	}
	// A label of a draft of an approved producer finds it.
	if p, _, err := s.ByGTIN(ctx, gtin(2)); err != nil || p.ID != other.ID {
		t.Errorf("%s, %v", p.ID, err)
	}
	if p, _, err := s.ByGTIN(ctx, gtin(1)); err != nil || p.ID != "d3" {
		t.Errorf("%s, %v", p.ID, err)
	}
	err = s.Publish(ctx, "p1", squatted.ID, false)
	wantFault(t, "publish", err, fault.Conflict, "catalog.variant.gtin_taken")
	if f := fault.As(err).Fields; len(f) != 1 || f[0].Name != "variants.0.gtin" {
		t.Errorf("marks %v", f)
	}
	// What does not need the number goes on.
	if err := s.SetPhoto(ctx, "p1", squatted.ID, "/photos/x-l.jpg"); err != nil {
		t.Error(err)
	}
	if err := s.Withdraw(ctx, "op", squatted.ID, "Mã của nơi khác.", true); err != nil {
		t.Error(err)
	}
	if err := s.Publish(ctx, "op", squatted.ID, true); err != nil {
		t.Error(err)
	}
	now, err := s.ByID(ctx, squatted.ID)
	if err != nil || len(now.Numbers) != 0 {
		t.Fatalf("holds %v, %v", now.Numbers, err)
	}
	e := typed("d1", "a", "Chiếm chỗ", 1)
	e.Seen = now.Changed
	_, err = s.Save(ctx, e)
	wantFault(t, "save", err, fault.Conflict, "catalog.variant.gtin_taken")
	e.Product.Variants[0].GTIN = gtin(3)
	if _, err = s.Save(ctx, e); err != nil {
		t.Error(err)
	}
	if err := s.Publish(ctx, "p1", squatted.ID, false); err != nil {
		t.Error(err)
	}
}

// Packets that were printed still find their story when the producer is
// suspended; numbers typed meanwhile are nobody's.
func TestNumbersOfASuspendedProducer(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	a := producer("a", "HTX An", "04132")
	save(t, s, a)
	p, err := s.Save(ctx, typed("d1", "a", "Một", 1))
	if err != nil {
		t.Fatal(err)
	}
	a.Published = false
	save(t, s, a)
	e := typed("d1", "a", "Một", 1)
	e.Seen = p.Changed
	e.Product.Variants = append(e.Product.Variants, Variant{GTIN: gtin(2), NetGrams: 500, Grind: "beans", Price: 1})
	if _, err := s.Save(ctx, e); err != nil {
		t.Fatal(err)
	}
	if found, _, err := s.ByGTIN(ctx, gtin(1)); err != nil || found.ID != p.ID {
		t.Errorf("a printed packet lost its name: %v", err)
	}
	_, _, err = s.ByGTIN(ctx, gtin(2))
	wantFault(t, "typed while suspended", err, fault.NotFound, "catalog.gtin.not_found")
}

// Documents of the version before are found by number as soon as they may be.
func TestNumbersOfOlderProducts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.db")
	at := on("2026-01-01")
	first := func(p *Product) { p.Published, p.First = false, &at }
	draft := func(p *Product) { p.Published = false }
	waiting := producer("b", "HTX Bình", "04132")
	waiting.Published = false
	inside(t, path, func(ctx context.Context, db store.DB) {
		producers, err := store.Open[Producer](ctx, db, store.Spec{Name: "producers", Version: 1})
		if err != nil {
			t.Fatal(err)
		}
		products, err := store.Open[Product](ctx, db, store.Spec{Name: "products", Version: 2})
		if err != nil {
			t.Fatal(err)
		}
		a := producer("a", "HTX An", "04132")
		a.Slug, waiting.Slug = "a", "b"
		if _, err := producers.InsertMany(ctx, []Producer{a, waiting}); err != nil {
			t.Fatal(err)
		}
		for n, p := range []Product{product(1, "a", "Một"), product(2, "b", "Hai", first), product(3, "a", "Ba", draft), product(4, "b", "Bốn", draft)} {
			p.Slug, p.Numbers = p.ID, []string{gtin(90 + n)} // which the upgrade writes anew
			if err := products.Insert(ctx, p); err != nil {
				t.Fatal(err)
			}
		}
	})
	inside(t, path, func(ctx context.Context, db store.DB) {
		s, err := New(ctx, db, func() time.Time { return at })
		if err != nil {
			t.Fatal(err)
		}
		found := func() (ids []string) {
			for n := 1; n <= 4; n++ {
				if p, _, err := s.ByGTIN(ctx, gtin(n)); err == nil {
					ids = append(ids, p.ID)
				}
			}
			return ids
		}
		if got := found(); !slices.Equal(got, []string{"p1", "p2"}) {
			t.Errorf("at once: %v", got)
		}
		if _, err := s.Refresh(ctx); err != nil {
			t.Fatal(err)
		}
		if got := found(); !slices.Equal(got, []string{"p1", "p2", "p3"}) {
			t.Errorf("refreshed: %v", got)
		}
	})
}

func inside(t *testing.T, path string, fn func(context.Context, store.DB)) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	fn(t.Context(), db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
