package catalog

import (
	"context"
	"path/filepath"
	"testing"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// meddler is a store that lets something happen just before a product is
// inserted.
type meddler struct {
	store.DB
	before func()
}

func (m *meddler) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	docs, err := m.DB.Open(ctx, spec)
	if spec.Name != "products" {
		return docs, err
	}
	return meddledDocs{docs, m}, err
}

type meddledDocs struct {
	store.Docs
	m *meddler
}

func (d meddledDocs) Insert(ctx context.Context, docs []bson.Raw) (int, error) {
	if before := d.m.before; before != nil {
		d.m.before = nil
		before()
	}
	return d.Docs.Insert(ctx, docs)
}

// A producer that moves or hides while its product is being saved does not
// leave the product where the producer was.
func TestProducerChangesMeanwhile(t *testing.T) {
	for name, change := range map[string]func(*Producer){
		"moves": func(p *Producer) { p.Commune = "03724" },
		"hides": func(p *Producer) { p.Published = false },
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			c := &clock{}
			c.set("2026-03-01")
			m := &meddler{DB: db}
			s, err := New(t.Context(), m, c.Now)
			if err != nil {
				t.Fatal(err)
			}
			a := producer("a", "HTX An", "04132")
			save(t, s, a)
			m.before = func() {
				change(&a)
				save(t, s, a)
			}
			save(t, s, product(1, "a", "Một"))
			if got := find(t, s, Filter{Commune: "04132"}); len(got) != 0 {
				t.Errorf("found %v where the producer was", got)
			}
			p, _, err := s.ByGTIN(t.Context(), gtin(1))
			if err != nil || p.Commune != a.Commune || p.Listed != a.Published {
				t.Errorf("in %s, listed %v, %v", p.Commune, p.Listed, err)
			}
		})
	}
}
