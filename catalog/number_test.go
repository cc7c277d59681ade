package catalog

import (
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

func TestWhoHoldsNumbers(t *testing.T) {
	first := on("2026-01-01")
	inStore := "02000000000015"
	draft := func(p *Product) { p.Published = false }
	printed := func(p *Product) { p.Published, p.Printed = false, []string{gtin(1)} }
	for _, c := range []struct {
		name  string
		state func(*Product)
		want  []string
	}{
		{"a draft", draft, []string{}},
		{"a draft with an in-store number", func(p *Product) { draft(p); p.Variants[1].GTIN = inStore }, []string{inStore}},
		{"a draft with labels", printed, []string{gtin(1)}},
		{"a number that is said no more is free", func(p *Product) { printed(p); p.Variants = p.Variants[1:] }, []string{}},
		{"in the shop", func(*Product) {}, []string{gtin(1), gtin(2)}},
		{"in the shop once", func(p *Product) { p.Published, p.First = false, &first }, []string{gtin(1), gtin(2)}},
		{"discarded", func(p *Product) { printed(p); p.Dropped = true }, []string{}},
	} {
		p := product(1, "a", "Một", func(p *Product) {
			p.Variants = append(p.Variants, Variant{GTIN: gtin(2), NetGrams: 500, Grind: "beans", Price: 1})
		}, c.state)
		p.derive(producer("a", "HTX An", "04132"), first)
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

// What a draft says, of whomever, neither blocks the number's owner nor an
// approval, and names nothing to the public.
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
	a.Published = true
	save(t, s, a)
	if p, err := s.ProducerByID(ctx, "a"); err != nil || p.Stale {
		t.Errorf("the approval is not carried through: %v", err)
	}
	right, err := s.Save(ctx, typed("d3", "b", "Chủ thật", 1))
	if err != nil {
		t.Fatalf("its owner is blocked: %v", err)
	}
	_, _, err = s.ByGTIN(ctx, gtin(1))
	wantFault(t, "two drafts say it", err, fault.NotFound, "catalog.gtin.not_found")
	if err := s.Publish(ctx, "p2", right.ID, false); err != nil {
		t.Fatal(err)
	}
	if p, _, err := s.ByGTIN(ctx, gtin(1)); err != nil || p.ID != "d3" {
		t.Errorf("%s, %v", p.ID, err)
	}
	err = s.Publish(ctx, "p1", squatted.ID, false)
	wantFault(t, "publish", err, fault.Conflict, "catalog.variant.gtin_taken")
	if f := fault.As(err).Fields; len(f) != 1 || f[0].Name != "variants.0.gtin" {
		t.Errorf("marks %v", f)
	}
	wantFault(t, "print", s.Claim(ctx, "a", gtin(1)), fault.Conflict, "catalog.variant.gtin_taken")
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
	e := typed("d1", "a", "Chiếm chỗ", 3)
	e.Seen = now.Changed
	if _, err = s.Save(ctx, e); err != nil {
		t.Error(err)
	}
	if err := s.Publish(ctx, "p1", squatted.ID, false); err != nil {
		t.Error(err)
	}
	// One that is in the shop takes no number of another.
	if now, err = s.ByID(ctx, squatted.ID); err != nil {
		t.Fatal(err)
	}
	e = typed("d1", "a", "Chiếm chỗ", 3)
	e.Seen, e.Product.Variants = now.Changed, append(e.Product.Variants, Variant{GTIN: gtin(1), NetGrams: 500, Grind: "beans", Price: 1})
	_, err = s.Save(ctx, e)
	wantFault(t, "save", err, fault.Conflict, "catalog.variant.gtin_taken")
}

// Labels make a draft hold the number that they bear: nobody else takes it, it is
// found by it, and keeps it, whatever becomes of its producer.
func TestPrintingClaimsANumber(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	a, b := producer("a", "HTX An", "04132"), producer("b", "HTX Bình", "04132")
	save(t, s, a, b)
	p, err := s.Save(ctx, typed("d1", "a", "Một", 1))
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, "of nobody", s.Claim(ctx, "a", gtin(9)), fault.NotFound, "catalog.gtin.not_found")
	wantFault(t, "of another's draft", s.Claim(ctx, "b", gtin(1)), fault.NotFound, "catalog.gtin.not_found")
	for range 2 {
		if err := s.Claim(ctx, "a", gtin(1)); err != nil {
			t.Fatal(err)
		}
	}
	wantFault(t, "of another", s.Claim(ctx, "b", gtin(1)), fault.Conflict, "catalog.variant.gtin_taken")
	a.Published = false
	save(t, s, a)
	now, _, err := s.ByGTIN(ctx, gtin(1))
	if err != nil || now.ID != p.ID {
		t.Fatalf("a printed packet lost its name: %v", err)
	}
	e := typed("d1", "a", "Một", 2)
	e.Seen = now.Changed
	_, err = s.Save(ctx, e)
	wantField(t, err, "catalog.product.incomplete", "variants", "variant.gone")
	e.Product.Variants = append(typed("d1", "a", "Một", 1).Product.Variants, Variant{GTIN: gtin(2), NetGrams: 500, Grind: "beans", Price: 1})
	if _, err := s.Save(ctx, e); err != nil {
		t.Fatal(err)
	}
	_, _, err = s.ByGTIN(ctx, gtin(2))
	wantFault(t, "said, not printed", err, fault.NotFound, "catalog.gtin.not_found")
	if _, _, err := s.ByGTIN(ctx, gtin(1)); err != nil {
		t.Errorf("an edit lost it: %v", err)
	}
}

// An in-store number is held from the start, but told only when packets bear it.
func TestAnInStoreNumberOfADraft(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	p, err := s.Save(ctx, draft("Một"))
	if err != nil || !slices.Equal(p.Numbers, []string{p.Variants[0].GTIN}) {
		t.Fatalf("%v, %v", p.Numbers, err)
	}
	_, _, err = s.ByGTIN(ctx, p.Numbers[0])
	wantFault(t, "a draft", err, fault.NotFound, "catalog.gtin.not_found")
	if err := s.Claim(ctx, "a", p.Numbers[0]); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.ByGTIN(ctx, p.Numbers[0]); err != nil {
		t.Error(err)
	}
}

// Drafts of versions in which they held what they said let go of all that no lot
// bears.
func TestNumbersOfOlderProducts(t *testing.T) {
	for _, version := range []int{2, 4} {
		t.Run(strconv.Itoa(version), func(t *testing.T) { numbersOfOlder(t, version) })
	}
}

func numbersOfOlder(t *testing.T, version int) {
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
		products, err := store.Open[Product](ctx, db, store.Spec{Name: "products", Version: version})
		if err != nil {
			t.Fatal(err)
		}
		a := producer("a", "HTX An", "04132")
		a.Slug, waiting.Slug = "a", "b"
		if _, err := producers.InsertMany(ctx, []Producer{a, waiting}); err != nil {
			t.Fatal(err)
		}
		for n, p := range []Product{product(1, "a", "Một"), product(2, "b", "Hai", first), product(3, "a", "Ba", draft), product(4, "a", "Bốn", draft)} {
			p.Slug, p.Numbers = p.ID, []string{gtin(n + 1)}
			if version < 3 {
				p.Numbers[0] = gtin(90 + n) // which the upgrade writes anew
			}
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
		s.InLots(lots(gtin(3)))
		found := func() (ids []string) {
			for n := 1; n <= 4; n++ {
				if p, _, err := s.ByGTIN(ctx, gtin(n)); err == nil {
					ids = append(ids, p.ID)
				}
			}
			return ids
		}
		if got := found(); !slices.Equal(got, []string{"p1", "p2", "p3", "p4"}) {
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
