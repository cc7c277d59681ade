package qr

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/place"
	"nguon/app/store"
	"nguon/app/store/sqlite"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

const (
	gtin250 = "09520123456788"
	gtin500 = "09520123456795"
	theLot  = "SN-26/01a"
	lotPath = "SN-26%2F01a"
)

var theNow = time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)

// shelf is a catalogue of two trade items.
type shelf map[string]Product

func (s shelf) TradeItem(_ context.Context, gtin string) (Product, error) {
	if p, ok := s[gtin]; ok {
		return p, nil
	}
	return Product{}, fault.New(fault.NotFound, "catalog.gtin.unknown")
}

func (s shelf) Packable(ctx context.Context, producer, gtin string) (Product, error) {
	p, err := s.TradeItem(ctx, gtin)
	if err == nil && p.Producer != producer {
		err = fault.New(fault.Conflict, "catalog.variant.gtin_taken")
	}
	return p, err
}

func (s shelf) Claim(ctx context.Context, producer, gtin string) error {
	_, err := s.Packable(ctx, producer, gtin)
	return err
}

// bench is a service over a store in a temporary folder, with a clock that a
// test turns. broken makes every read and write of the store fail.
type bench struct {
	*Service
	ctx    context.Context
	db     *flaky
	deps   Deps
	clock  *atomic.Int64
	broken *atomic.Bool
}

func (b *bench) pass(d time.Duration) { b.clock.Add(int64(d)) }

func newBench(t testing.TB) *bench {
	t.Helper()
	db, err := sqlite.Open(context.Background(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	must(t, err)
	t.Cleanup(func() { db.Close() })
	b := &bench{ctx: context.Background(), clock: new(atomic.Int64), broken: new(atomic.Bool)}
	b.db = &flaky{db, b.broken}
	now := func() time.Time { return theNow.Add(time.Duration(b.clock.Load())) }
	tr, err := trace.New(b.ctx, b.db, now)
	must(t, err)
	register, err := gi.New(b.ctx, b.db, now)
	must(t, err)
	item := Product{GTIN: gtin250, Name: "Cà phê rang xay", NameEn: "Ground coffee", Slug: "ca-phe-rang-xay", Kind: "roasted",
		Species: "arabica", NetGrams: 250, Producer: "coop", ProducerName: "HTX Thử", Listed: true}
	big := item
	big.GTIN, big.NetGrams = gtin500, 500
	b.deps = Deps{DB: b.db, Trace: tr, GI: register, Products: shelf{gtin250: item, gtin500: big}, Sellers: approvals{}, BaseURL: "https://nguon.example/",
		Secret: []byte("a secret of enough bytes"), Now: now, Log: slog.New(slog.DiscardHandler)}
	b.Service, err = New(b.ctx, b.deps)
	must(t, err)
	b.plant(t, "lot1", theLot)
	return b
}

// another is a second instance over the same store, as another process is.
func (b *bench) another(t testing.TB) *Service {
	t.Helper()
	d := b.deps
	var err error
	d.Trace, err = trace.New(b.ctx, b.db, d.Now)
	must(t, err)
	d.GI, err = gi.New(b.ctx, b.db, d.Now)
	must(t, err)
	s, err := New(b.ctx, d)
	must(t, err)
	return s
}

// plant records a washed lot of 85 kg roasted coffee: 340 packets of 250 g.
func (b *bench) plant(t testing.TB, id, code string) {
	t.Helper()
	ctx, tr := b.ctx, b.deps.Trace
	point := place.Point{Lon: 103.9733, Lat: 21.1799}
	must(t, tr.SavePlot(ctx, trace.Plot{ID: "p-" + id, Code: "R-" + id, Producer: "coop", Point: &point, AreaHa: 1, AltitudeM: 860,
		Species: trace.Arabica, Varieties: []string{"Catimor"}, Commune: "04132", OldCommune: "mai-son/chieng-ban"}))
	for fid, kind := range map[string]trace.FacilityKind{"yard": trace.FarmYard, "mill": trace.WetMill, "roastery": trace.Roastery} {
		must(t, tr.SaveFacility(ctx, trace.Facility{ID: fid, Producer: "coop", Name: "Xưởng " + fid, Kind: kind, Commune: "04132", OldCommune: "mai-son/chieng-ban"}))
	}
	must(t, tr.CreateLot(ctx, trace.Lot{ID: id, Code: code, Producer: "coop", Items: []trace.Item{{GTIN: gtin250, NetGrams: 250}, {GTIN: gtin500, NetGrams: 500}},
		Plots: []string{"p-" + id}, Species: trace.Arabica, Season: "2025/2026"}))
	day := func(m time.Month, d int) time.Time {
		year := 2026
		if m > time.June {
			year = 2025
		}
		return time.Date(year, m, d, 2, 0, 0, 0, time.UTC)
	}
	for _, e := range []trace.Event{
		{Key: "1", Kind: trace.Harvest, Facility: "yard", At: day(11, 3), Plots: []string{"p-" + id}, OutForm: trace.Cherry, OutGrams: 700_000},
		{Key: "2", Kind: trace.Pulp, Facility: "mill", At: day(11, 4), InForm: trace.Cherry, OutForm: trace.WetParch, InGrams: 700_000, OutGrams: 315_000, Detail: "washed"},
		{Key: "3", Kind: trace.Dry, Facility: "mill", At: day(11, 20), InForm: trace.WetParch, OutForm: trace.Parchment, InGrams: 315_000, OutGrams: 125_000},
		{Key: "4", Kind: trace.Hull, Facility: "mill", At: day(1, 10), InForm: trace.Parchment, OutForm: trace.Green, InGrams: 125_000, OutGrams: 100_000},
		{Key: "5", Kind: trace.Roast, Facility: "roastery", At: day(2, 2), InForm: trace.Green, OutForm: trace.Roasted, InGrams: 100_000, OutGrams: 85_000},
		{Key: "6", Kind: trace.Pack, Facility: "roastery", At: day(2, 3), InForm: trace.Roasted, OutForm: trace.Roasted, InGrams: 85_000, OutGrams: 85_000},
	} {
		e.By = "anna"
		must(t, tr.Append(ctx, id, e))
	}
}

func (b *bench) issue(t testing.TB, count int64) *Issued {
	t.Helper()
	got, err := b.Issue(b.ctx, IssueRequest{LotCode: theLot, GTIN: gtin250, Count: count, By: "anna"})
	must(t, err)
	return got
}

func packets(i *Issued) (all []Packet) {
	for p := range i.Packets {
		all = append(all, p)
	}
	return all
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t testing.TB, err error, kind fault.Kind, code string) {
	t.Helper()
	if fault.CodeOf(err) != code || fault.KindOf(err) != kind {
		t.Fatalf("got %v, want %s %s", err, kind, code)
	}
	if !spoken(err) && code[:3] == "qr." {
		t.Fatalf("%s has no message", code)
	}
}

// flaky is a store that can be switched off.
type flaky struct {
	store.DB
	off *atomic.Bool
}

var errOff = fault.Wrap(fault.Unavailable, "store.unavailable", errors.New("switched off by the test"))

func (f *flaky) Open(ctx context.Context, s store.Spec) (store.Docs, error) {
	d, err := f.DB.Open(ctx, s)
	return &flakyDocs{d, f.off}, err
}

// approvals approves everybody but those it names.
type approvals map[string]bool

func (a approvals) MayPublish(_ context.Context, org string) (bool, error) { return !a[org], nil }
