package account

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/bson"

	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// counted is a store that counts reads.
type counted struct {
	store.DB
	reads atomic.Int64
}

func (c *counted) Open(ctx context.Context, spec store.Spec) (store.Docs, error) {
	docs, err := c.DB.Open(ctx, spec)
	return countedDocs{docs, c}, err
}

type countedDocs struct {
	store.Docs
	c *counted
}

func (d countedDocs) Get(ctx context.Context, id string) (bson.Raw, error) {
	d.c.reads.Add(1)
	return d.Docs.Get(ctx, id)
}

func (d countedDocs) Find(ctx context.Context, q store.Query) ([]bson.Raw, string, error) {
	d.c.reads.Add(1)
	return d.Docs.Find(ctx, q)
}

type noEffects struct{}

func (noEffects) Perform(context.Context, outbox.Effect) error { return nil }

// benched is a service with real hashes, one person and the secret of a session.
func benched(t testing.TB) (*Service, *counted, string) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	c := &counted{DB: db}
	s, err := New(t.Context(), Deps{DB: c, Effects: noEffects{}, Secret: []byte("0123456789abcdef0123456789abcdef"), Site: "x", Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Create(t.Context(), NewPerson{Email: "hoa@nguon.example", Name: "Hoa", Lang: lang.Vi, Password: password}); err != nil {
		t.Fatal(err)
	}
	o, err := s.SignIn(t.Context(), SignIn{Email: "hoa@nguon.example", Password: password, Network: home})
	if err != nil {
		t.Fatal(err)
	}
	return s, c, o.Secret
}

func TestASignedInPageCostsTwoReads(t *testing.T) {
	s, c, secret := benched(t)
	for _, orgs := range []int{0, 1, 3} {
		for i := range orgs {
			f := form1()
			f.Name += string(rune('A' + i))
			a, err := s.Actor(t.Context(), secret)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.register(t.Context(), a.Person.ID, f, store.NewID(time.Now()), true); err != nil {
				t.Fatal(err)
			}
		}
		c.reads.Store(0)
		if _, err := s.Actor(t.Context(), secret); err != nil {
			t.Fatal(err)
		}
		if n := c.reads.Load(); n > 2 {
			t.Errorf("%d reads", n)
		}
	}
}

// BenchmarkSignIn compares signing in with its hash alone, in turns, and fails
// when more than a third comes on top. It also reports what finding out who
// asks costs.
func BenchmarkSignIn(b *testing.B) {
	s, c, secret := benched(b)
	hash, err := s.hasher.hash(b.Context(), password)
	if err != nil {
		b.Fatal(err)
	}
	best := func(old, now time.Duration) time.Duration {
		if old == 0 || now < old {
			return now
		}
		return old
	}
	var signIn, alone, page time.Duration
	for b.Loop() {
		for range 5 {
			begun := time.Now()
			if _, err := s.SignIn(b.Context(), SignIn{Email: "hoa@nguon.example", Password: password, Network: home}); err != nil {
				b.Fatal(err)
			}
			signIn, begun = best(signIn, time.Since(begun)), time.Now()
			if fits, _, err := s.hasher.verify(b.Context(), password, hash); !fits || err != nil {
				b.Fatal(err)
			}
			alone, begun = best(alone, time.Since(begun)), time.Now()
			c.reads.Store(0)
			if _, err := s.Actor(b.Context(), secret); err != nil {
				b.Fatal(err)
			}
			page = best(page, time.Since(begun))
		}
	}
	b.ReportMetric(float64(signIn.Microseconds())/1000, "ms/sign-in")
	b.ReportMetric(float64(alone.Microseconds())/1000, "ms/hash")
	b.ReportMetric(float64(page.Microseconds()), "µs/who")
	b.ReportMetric(float64(c.reads.Load()), "reads/who")
	if share := float64(alone) / float64(signIn); share < 2.0/3 {
		b.Errorf("the hash is %.2f of signing in, at least 2/3 is wanted", share)
	}
}
