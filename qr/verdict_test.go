package qr

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

func (b *bench) look(t testing.TB, s *Service, lot, serial string) Trace {
	t.Helper()
	got, err := s.Inspect(b.ctx, gtin250, lot, serial)
	must(t, err)
	return got
}

func TestInspectStates(t *testing.T) {
	b := newBench(t)
	run := b.issue(t, 3)
	all := packets(run)
	good := all[0].Serial
	g := b.look(t, b.Service, theLot, good)
	if g.State != Genuine || g.LotData == nil || g.GI == nil || g.Run == nil || g.Run.Count != 3 || g.Product.Slug == "" || g.Scans.Count != 0 {
		t.Fatalf("%+v", g)
	}
	if g.LotData.PackedOn == nil || g.GI.Packed == nil || g.GI.Packed.AsOf.After(g.GI.Today.AsOf) {
		t.Errorf("packed on %v, verdicts %+v", g.LotData.PackedOn, g.GI)
	}
	l := b.look(t, b.Service, theLot, "")
	if l.State != LotOnly || l.LotData == nil || l.Run != nil {
		t.Errorf("%+v", l)
	}
	last := "Z"
	if strings.HasSuffix(good, last) {
		last = "Y"
	}
	for name, serial := range map[string]string{"one character": good[:len(good)-1] + last, "another system's": "ABC-123", "lower case": strings.ToLower(good)} {
		f := b.look(t, b.Service, theLot, serial)
		if f.State != Forged || f.LotData != nil || f.GI != nil || f.Product.Name != "" {
			t.Errorf("%s: %+v", name, f)
		}
	}
	if f := b.look(t, b.Service, "other", good); f.State != Forged {
		t.Errorf("in another lot: %s", f.State)
	}
	must(t, b.deps.Trace.VoidRun(b.ctx, "lot1", run.Run.Hash, "misprint", "anna"))
	v := b.look(t, b.Service, theLot, good)
	if v.State != Void || v.Run.Voided == nil || v.Run.Reason != "misprint" {
		t.Errorf("%+v %+v", v, v.Run)
	}
}

// Signed numbers that no run covers are unknown: a gap, or a stolen key.
func TestInspectUnknown(t *testing.T) {
	b := newBench(t)
	b.issue(t, 3)
	secret, _, err := b.keys.secret(b.ctx, "A0")
	must(t, err)
	beyond := string(newSigner("A0", secret, gtin250, theLot).appendSerial(nil, 4))
	if got := b.look(t, b.Service, theLot, beyond); got.State != Unknown || got.LotData != nil {
		t.Errorf("%+v", got)
	}
	noLot := string(newSigner("A0", secret, gtin250, "GONE").appendSerial(nil, 1))
	if got := b.look(t, b.Service, "GONE", noLot); got.State != Unknown {
		t.Errorf("unknown lot: %s", got.State)
	}
	_, err = b.RotateKey(b.ctx)
	must(t, err)
	secret, _, err = b.keys.secret(b.ctx, "A1")
	must(t, err)
	otherKey := string(newSigner("A1", secret, gtin250, theLot).appendSerial(nil, 1))
	if got := b.look(t, b.Service, theLot, otherKey); got.State != Unknown {
		t.Errorf("a number signed with a key its run was not made with: %s", got.State)
	}
}

// The instance that wrote shows it at once, although it has just read the lot.
func TestInspectRecalled(t *testing.T) {
	b := newBench(t)
	good := packets(b.issue(t, 1))[0].Serial
	if got := b.look(t, b.Service, theLot, good); got.State != Genuine {
		t.Fatalf("%s", got.State)
	}
	must(t, b.deps.Trace.Recall(b.ctx, "lot1", trace.Recall{By: "anna", At: theNow, Reason: lang.Text{Vi: "mốc"}, Advice: lang.Text{Vi: "trả lại"}}))
	if got := b.look(t, b.Service, theLot, good); got.State != Recalled {
		t.Errorf("%s", got.State)
	}
}

func TestInspectFaults(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		gtin, lot, serial string
		kind              fault.Kind
		code              string
	}{
		{"09520123456789", theLot, "", fault.Invalid, "qr.link.check_digit"},
		{"9520123456788", theLot, "", fault.Invalid, "qr.link.gtin_short"},
		{gtin250, "", "", fault.Invalid, "qr.link.empty"},
		{gtin250, "Lô 1", "", fault.Invalid, "qr.link.charset"},
		{gtin250, theLot, strings.Repeat("A", 21), fault.Invalid, "qr.link.length"},
		{gtin250, "none", "", fault.NotFound, "qr.lot.unknown"},
		{"09520123456801", theLot, "", fault.NotFound, "qr.gtin.unknown"},
	} {
		_, err := b.Inspect(b.ctx, c.gtin, c.lot, c.serial)
		wantCode(t, err, c.kind, c.code)
	}
	if got, err := b.Inspect(b.ctx, "09520123456801", theLot, "A01ABCDEFGHJK"); err != nil || got.State != Forged {
		t.Errorf("foreign GTIN with a serial: %v, %v", got.State, err)
	}
	b.pass(2 * time.Second)
	b.broken.Store(true)
	_, err := b.Inspect(b.ctx, gtin250, theLot, "")
	wantCode(t, err, fault.Unavailable, "store.unavailable")
}

// Another instance sees a change within two seconds, the writing one at once,
// and the version tells pages that they are old.
func TestLotPartFreshness(t *testing.T) {
	b := newBench(t)
	other := b.another(t)
	before, err := other.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	same, err := b.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	if before.Version == "" || before.Version != same.Version {
		t.Fatalf("versions %q and %q", before.Version, same.Version)
	}
	must(t, b.deps.Trace.AddPaper(b.ctx, "lot1", trace.Paper{Scheme: "4c", Number: "9", Issuer: "I", Holder: "H", From: theNow, To: theNow.AddDate(1, 0, 0)}))
	mine, err := b.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	stale, err := other.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	if len(mine.Lot.Papers) != 1 || mine.Version == before.Version || stale.Version != before.Version {
		t.Errorf("%d papers, stale %v", len(mine.Lot.Papers), stale.Version == before.Version)
	}
	b.pass(time.Second)
	fresh, err := other.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	if fresh.Version != mine.Version {
		t.Error("the other instance still shows the old lot")
	}
	b.pass(24 * time.Hour)
	tomorrow, err := b.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	if tomorrow.Version == fresh.Version {
		t.Error("today's verdict has no new version tomorrow")
	}
}

func TestSubjectCarriesTheEvidence(t *testing.T) {
	packed := theNow
	lot := trace.Lot{Producer: "coop", PackedOn: &packed, Quality: []trace.Report{{Number: "7", Values: map[string]float64{"caffeine_pct": 1.2}}}}
	s := subjectOf(lot, Product{Kind: "roasted", Species: "arabica"}, []trace.Site{{Plot: "p", Commune: "04132", OldCommune: "o", AltitudeM: 860}}, nil)
	if s.Packer != "coop" || s.Species != "arabica" || s.Kind != "roasted" || len(s.Plots) != 1 || s.Plots[0] != (gi.Ground{Plot: "p", Commune: "04132", OldCommune: "o", AltitudeM: 860}) ||
		len(s.Quality) != 1 || s.Quality[0].Kind != "roasted" || s.PackedOn == nil {
		t.Errorf("%+v", s)
	}
}

func TestLotCacheIsBounded(t *testing.T) {
	b := newBench(t)
	part := &LotPart{}
	for i := range 2 * maxLots {
		b.pass(time.Millisecond / 4)
		b.lots.keep(lotKey{gtin250, fmt.Sprint(i)}, lotEntry{part, b.now()}, b.lots.epoch)
	}
	if len(b.lots.entries) != maxLots {
		t.Errorf("%d lots kept", len(b.lots.entries))
	}
	b.lots.forgetAll()
	if len(b.lots.entries) != 0 {
		t.Error("not all forgotten")
	}
}

// A load that began before a change must not bring the old lot back.
func TestForgetWinsOverALoadUnderWay(t *testing.T) {
	b := newBench(t)
	epoch := b.lots.epoch
	b.Forget(gtin250, theLot)
	b.lots.keep(lotKey{gtin250, theLot}, lotEntry{&LotPart{}, b.now()}, epoch)
	if len(b.lots.entries) != 0 {
		t.Error("an old lot was kept")
	}
}

// Nor may somebody who asks after the change get the answer of such a load.
func TestNobodyWaitsForALoadFromBeforeAChange(t *testing.T) {
	b := newBench(t)
	began, end := make(chan struct{}), make(chan struct{})
	var loads atomic.Int32
	c := newLotCache(b.now, func(context.Context, string, string) (*LotPart, error) {
		if loads.Add(1) == 1 {
			close(began)
			<-end
			return &LotPart{Version: "old"}, nil
		}
		return &LotPart{Version: "new"}, nil
	})
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = c.get(b.ctx, gtin250, theLot) })
	<-began
	c.forgetAll()
	after := make(chan string, 1)
	wg.Go(func() {
		p, err := c.get(b.ctx, gtin250, theLot)
		if err != nil {
			t.Error(err)
		}
		after <- p.Version
	})
	select {
	case v := <-after:
		if v != "new" {
			t.Errorf("%s", v)
		}
	case <-time.After(5 * time.Second):
		t.Error("it waits for the load from before")
	}
	close(end)
	wg.Wait()
	if p, err := c.get(b.ctx, gtin250, theLot); err != nil || p.Version != "new" {
		t.Errorf("%v, %v", p, err)
	}
}

// What the register and the consents change shows at once as well.
func TestARegisterChangeShowsAtOnce(t *testing.T) {
	b := newBench(t)
	before, err := b.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	must(t, b.deps.GI.Create(b.ctx, gi.Right{ID: "r1", Number: "SL-01", Holder: "coop", HolderName: "HTX Thử", Commune: "04132", Products: []string{"roasted"}}))
	after, err := b.LotPart(b.ctx, gtin250, theLot)
	must(t, err)
	if before == after {
		t.Error("the lot was judged by the register as it was before")
	}
}

func BenchmarkInspect(b *testing.B) {
	w := newBench(b)
	all := packets(w.issue(b, 300))
	for _, p := range all {
		w.Scan(w.ctx, Visit{GTIN: gtin250, Lot: theLot, Serial: p.Serial, IP: "192.0.2.1", Method: "GET"})
	}
	must(b, w.Flush(w.ctx))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if got, err := w.Inspect(w.ctx, gtin250, theLot, all[i%len(all)].Serial); err != nil || got.State != Genuine {
			b.Fatal(got.State, err)
		}
	}
}
