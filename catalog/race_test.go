package catalog

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// meddler is a store that lets something happen once: just before a product is
// inserted or changed, or a producer changed; and as soon as a producer was read.
type meddler struct {
	store.DB
	before func() // of products
	beside func() // of producers
	broken error  // of whoever looks for products
}

func once(fn *func()) {
	if f := *fn; f != nil {
		*fn = nil
		f()
	}
}

func (m *meddler) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	docs, err := m.DB.Open(ctx, spec)
	switch spec.Name {
	case "products":
		return meddledDocs{docs, m}, err
	case "producers":
		return meddledMakers{docs, m}, err
	}
	return docs, err
}

type meddledDocs struct {
	store.Docs
	m *meddler
}

func (d meddledDocs) Insert(ctx context.Context, docs []bson.Raw) (int, error) {
	once(&d.m.before)
	return d.Docs.Insert(ctx, docs)
}

func (d meddledDocs) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	once(&d.m.before)
	return d.Docs.Update(ctx, id, change)
}

type meddledMakers struct {
	store.Docs
	m *meddler
}

func (d meddledMakers) Get(ctx context.Context, id string) (bson.Raw, error) {
	raw, err := d.Docs.Get(ctx, id)
	once(&d.m.beside)
	return raw, err
}

func (d meddledMakers) Update(ctx context.Context, id string, change func(bson.Raw) (bson.Raw, error)) error {
	once(&d.m.beside)
	return d.Docs.Update(ctx, id, change)
}

func (d meddledDocs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	if d.m.broken != nil {
		return nil, "", d.m.broken
	}
	return d.Docs.Find(ctx, q)
}

func newMeddled(t *testing.T) (*Service, *meddler) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &clock{}
	c.set("2026-03-01")
	m := &meddler{DB: db}
	s, err := New(t.Context(), m, c.Now)
	if err != nil {
		t.Fatal(err)
	}
	return s, m
}

// A producer that moves or hides while its product is being saved does not
// leave the product where the producer was.
func TestProducerChangesMeanwhile(t *testing.T) {
	for name, change := range map[string]func(*Producer){
		"moves": func(p *Producer) { p.Commune = "03724" },
		"hides": func(p *Producer) { p.Published = false },
	} {
		t.Run(name, func(t *testing.T) {
			s, m := newMeddled(t)
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

// Nor does one that is suspended while its seller saves leave the product in the
// shop.
func TestProducerIsSuspendedDuringASave(t *testing.T) {
	s, m := newMeddled(t)
	a := producer("a", "HTX An", "04132")
	save(t, s, a, product(1, "a", "Một"))
	p, err := s.ByID(t.Context(), "p1")
	if err != nil {
		t.Fatal(err)
	}
	m.before = func() {
		a.Published = false
		save(t, s, a)
	}
	p.Summary = lang.Text{Vi: "Câu khác."}
	if _, err := s.Save(t.Context(), Edit{By: "p1", Product: p, Seen: p.Changed}); err != nil {
		t.Fatal(err)
	}
	if p, err = s.ByID(t.Context(), "p1"); err != nil || p.Listed || p.Summary.Vi != "Câu khác." {
		t.Errorf("listed %v, %q, %v", p.Listed, p.Summary.Vi, err)
	}
}

// A registration and a portrait that are entered at once are both kept; of two
// registrations the later counts, whichever comes last.
func TestFaceIsEnteredMeanwhile(t *testing.T) {
	s, m := newMeddled(t)
	ctx := t.Context()
	f := Face{ID: "a", Name: "HTX An", Kind: Cooperative, Commune: "04132", Address: "Bản Noong", Published: true, Seq: 2}
	suspended, moved := f, f
	suspended.Published, suspended.Seq = false, 4
	moved.Phone, moved.Seq = "0212 385 1234", 3
	if err := s.SetFace(ctx, f); err != nil {
		t.Fatal(err)
	}
	save(t, s, product(1, "a", "Một"))
	for name, beside := range map[string]func() error{
		"a portrait":       func() error { return s.SetPortrait(ctx, "p1", "a", Portrait{Founded: 2016}) },
		"a later decision": func() error { return s.SetFace(ctx, suspended) },
	} {
		m.beside = func() {
			if err := beside(); err != nil {
				t.Error(name, err)
			}
		}
		if err := s.SetFace(ctx, moved); err != nil {
			t.Fatal(name, err)
		}
	}
	p, err := s.ProducerByID(ctx, "a")
	if err != nil || p.Founded != 2016 || p.Published || p.FaceSeq != 4 || p.Stale {
		t.Errorf("%+v, %v", p, err)
	}
	if found := find(t, s, Filter{}); len(found) != 0 {
		t.Errorf("%v of a suspended producer", found)
	}
}

// Two effects that make the same face make one.
func TestFaceIsMadeTwiceAtOnce(t *testing.T) {
	s, m := newMeddled(t)
	ctx := t.Context()
	f := Face{ID: "a", Name: "HTX An", Kind: Cooperative, Commune: "04132", Address: "Bản Noong", Seq: 1}
	later := f
	later.Published, later.Seq = true, 2
	m.beside = func() {
		if err := s.SetFace(ctx, later); err != nil {
			t.Error(err)
		}
	}
	if err := s.SetFace(ctx, f); err != nil {
		t.Fatal(err)
	}
	if p, err := s.Producer(ctx, "htx-an"); err != nil || p.FaceSeq != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// lazy performs nothing.
type lazy struct{}

func (lazy) Perform(context.Context, outbox.Effect) error { return io.ErrClosedPipe }

// What fails of products does not hold up producers.
func TestSweepGoesOn(t *testing.T) {
	s, m := newMeddled(t)
	ctx := t.Context()
	save(t, s, producer("a", "HTX An", "04132"))
	s.Perform(lazy{})
	if err := s.SetPortrait(ctx, "p1", "a", Portrait{Founded: 2016}); err != nil {
		t.Fatal(err)
	}
	log := &keeper{}
	s.Perform(log)
	m.broken = io.ErrUnexpectedEOF
	n, err := s.Sweep(ctx, s.now().Add(time.Hour))
	if n != 1 || len(log.list) != 1 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d swept, %d performed, %v", n, len(log.list), err)
	}
}
