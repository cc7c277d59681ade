package trace

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store/sqlite"
)

// clock is a settable time, safe for concurrent use.
type clock struct{ at atomic.Pointer[time.Time] }

func (c *clock) now() time.Time { return *c.at.Load() }

func (c *clock) set(t time.Time) { c.at.Store(&t) }

func newService(t *testing.T) (*Service, *clock) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	var c clock
	c.set(theNow)
	s, err := New(t.Context(), db, c.now)
	if err != nil {
		t.Fatal(err)
	}
	return s, &c
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// settledLand stores the plot, its farmer and the facilities of the course.
func settledLand(t *testing.T, s *Service) {
	t.Helper()
	ctx := t.Context()
	must(t, s.SaveFarmer(ctx, Farmer{ID: "farmer-17", Producer: "coop", Name: farmerName, Photo: farmerPhoto}))
	p := onePlot()
	p.Farmer = "farmer-17"
	must(t, s.SavePlot(ctx, p))
	for id, kind := range map[string]FacilityKind{"yard": FarmYard, "mill": WetMill, "roastery": Roastery} {
		must(t, s.SaveFacility(ctx, Facility{ID: id, Producer: "coop", Name: "Xưởng " + id, Kind: kind, Commune: "04132", OldCommune: "mai-son/chieng-ban"}))
	}
}

func packedLot(t *testing.T, s *Service) {
	t.Helper()
	settledLand(t, s)
	must(t, s.CreateLot(t.Context(), oneLot()))
	for _, e := range course() {
		must(t, s.Append(t.Context(), "lot1", e))
	}
}

func TestServiceKeepsALot(t *testing.T) {
	s, _ := newService(t)
	packedLot(t, s)
	ctx := t.Context()
	for _, e := range course() { // repeating everything changes nothing
		must(t, s.Append(ctx, "lot1", e))
	}
	must(t, s.AddReport(ctx, "lot1", Report{Number: "7", Lab: "L", On: day(time.March, 1), Values: map[string]float64{"caffeine_pct": 1.2}, CupPoints: 84}))
	must(t, s.AddReport(ctx, "lot1", Report{Number: "7", Lab: "L", On: day(time.March, 2)}))
	paper := Paper{Scheme: "4c", Number: "9", Issuer: "I", From: day(time.January, 1), To: day(time.June, 1)}
	must(t, s.AddPaper(ctx, "lot1", paper))
	gone := day(time.March, 1)
	paper.Revoked = &gone
	must(t, s.AddPaper(ctx, "lot1", paper))

	l, err := s.Lot(ctx, gtin500, "SN-26-01")
	must(t, err)
	must(t, l.VerifyChain())
	if len(l.Events) != 6 || len(l.Quality) != 1 || l.Quality[0].Values["caffeine_pct"] != 1.2 || len(l.Papers) != 1 || l.Papers[0].Revoked == nil {
		t.Errorf("got %+v", l)
	}
	if !reflect.DeepEqual(l.Steps()[0].Plots, []string{"p1"}) {
		t.Errorf("got %+v", l.Steps()[0])
	}
	r, err := s.AppendRun(ctx, "lot1", aRun("r", 0, 340))
	must(t, err)
	again, err := s.AppendRun(ctx, "lot1", aRun("r", 900, 340))
	must(t, err)
	if again != r {
		t.Errorf("got %+v, want %+v", again, r)
	}
	must(t, s.VoidRun(ctx, "lot1", r.Hash, "misprint", "bo"))
	must(t, s.VoidRun(ctx, "lot1", r.Hash, "misprint", "bo"))
	recall := Recall{By: "bo", Reason: lang.Text{Vi: "mốc"}, Advice: lang.Text{Vi: "đừng uống"}}
	must(t, s.Recall(ctx, "lot1", recall))
	must(t, s.Recall(ctx, "lot1", recall))
	l, err = s.Lot(ctx, gtin250, "SN-26-01")
	must(t, err)
	must(t, l.VerifyChain())
	if l.Committed() != 0 || len(l.Runs) != 2 || l.Recall == nil {
		t.Errorf("got %+v", l)
	}
	b, err := s.Balance(ctx, l)
	must(t, err)
	if !b.OK || b.PackableGrams != 85_000 {
		t.Errorf("got %+v", b)
	}
}

func TestServiceRefuses(t *testing.T) {
	s, _ := newService(t)
	packedLot(t, s)
	ctx := t.Context()
	with := func(alter func(*Lot)) Lot {
		l := oneLot()
		l.ID = "lot2"
		alter(&l)
		return l
	}
	lots := []struct {
		name  string
		lot   Lot
		kind  fault.Kind
		code  string
		field string
	}{
		{"a code that one of its items carries", with(func(l *Lot) { l.Items = l.Items[1:] }), fault.Conflict, "trace.lot.taken", ""},
		{"a taken id", with(func(l *Lot) { l.ID, l.Code = "lot1", "X" }), fault.Conflict, "trace.lot.taken", ""},
		{"letters with accents", with(func(l *Lot) { l.Code = "LÔ1" }), fault.Invalid, "trace.lot.invalid", "trace.lot.code"},
		{"21 characters", with(func(l *Lot) { l.Code = "123456789012345678901" }), fault.Invalid, "trace.lot.invalid", "trace.lot.code"},
		{"GTIN-13", with(func(l *Lot) { l.Items[0].GTIN = gtin250[1:] }), fault.Invalid, "trace.lot.invalid", "trace.lot.gtin"},
		{"wrong check digit", with(func(l *Lot) { l.Items[0].GTIN = "08938505970012" }), fault.Invalid, "trace.lot.invalid", "trace.lot.gtin"},
		{"an item twice", with(func(l *Lot) { l.Items[0] = l.Items[1] }), fault.Invalid, "trace.lot.invalid", "trace.lot.twice"},
		{"no item", with(func(l *Lot) { l.Items = nil }), fault.Invalid, "trace.lot.invalid", "trace.lot.items"},
		{"weightless", with(func(l *Lot) { l.Items[0].NetGrams = 0 }), fault.Invalid, "trace.lot.invalid", "trace.lot.net"},
		{"no plot", with(func(l *Lot) { l.Plots = nil }), fault.Invalid, "trace.lot.invalid", "trace.lot.plots"},
		{"a plot twice", with(func(l *Lot) { l.Plots = []string{"p1", "p1"} }), fault.Invalid, "trace.lot.invalid", "trace.lot.plots"},
		{"an unknown plot", with(func(l *Lot) { l.Code, l.Plots = "X", []string{"p9"} }), fault.Invalid, "trace.lot.invalid", "trace.lot.plot_unknown"},
		{"another species", with(func(l *Lot) { l.Code, l.Species = "X", Robusta }), fault.Invalid, "trace.lot.invalid", "trace.lot.plot_species"},
		{"half a season", with(func(l *Lot) { l.Season = "2025" }), fault.Invalid, "trace.lot.invalid", "trace.lot.season"},
		{"a history", with(func(l *Lot) { l.Events = course() }), fault.Invalid, "trace.lot.invalid", "trace.lot.history"},
	}
	for _, tt := range lots {
		t.Run(tt.name, func(t *testing.T) { wantFault(t, s.CreateLot(ctx, tt.lot), tt.kind, tt.code, tt.field) })
	}
	e := course()[3]
	e.Key, e.Facility = "x", "nowhere"
	wantFault(t, s.Append(ctx, "lot1", e), fault.Invalid, "trace.event.invalid", "trace.event.facility")
	wantFault(t, s.Append(ctx, "lot9", course()[0]), fault.NotFound, "trace.lot.unknown", "")
	_, err := s.AppendRun(ctx, "lot9", aRun("r", 0, 1))
	wantFault(t, err, fault.NotFound, "trace.lot.unknown", "")
	_, err = s.Lot(ctx, gtin250, "nope")
	wantFault(t, err, fault.NotFound, "trace.lot.unknown", "")
	p := onePlot()
	p.ID = "p2"
	wantFault(t, s.SavePlot(ctx, p), fault.Conflict, "trace.plot.taken", "")
	p.Farmer, p.Code = "nobody", "R-02"
	wantFault(t, s.SavePlot(ctx, p), fault.Invalid, "trace.plot.invalid", "trace.plot.farmer")
	p = onePlot()
	p.Producer = "other"
	wantFault(t, s.SavePlot(ctx, p), fault.Conflict, "trace.owner", "")
	wantFault(t, s.SaveFacility(ctx, Facility{ID: "f", Producer: "coop", Name: "X", Kind: "pub", Commune: "04132"}), fault.Invalid, "trace.facility.invalid", "trace.facility.kind")
}

func TestServiceFindsLots(t *testing.T) {
	s, c := newService(t)
	settledLand(t, s)
	ctx := t.Context()
	for i := range 3 {
		c.set(theNow.Add(time.Duration(i) * time.Minute))
		l := oneLot()
		l.ID, l.Code = fmt.Sprint("lot", 9-i), fmt.Sprint("L", i)
		must(t, s.CreateLot(ctx, l))
	}
	ls, err := s.LotsOf(ctx, gtin500, 100)
	must(t, err)
	if len(ls) != 3 || ls[0].Code != "L2" || ls[2].Code != "L0" {
		t.Errorf("got %v", ls)
	}
	for limit, want := range map[int]int{2: 2, 0: 1, 1000: 3} {
		if ls, err = s.LotsOf(ctx, gtin500, limit); err != nil || len(ls) != want || ls[0].Code != "L2" {
			t.Errorf("limit %d: got %v %v", limit, ls, err)
		}
	}
	if ls, err = s.LotsByCode(ctx, "L1"); err != nil || len(ls) != 1 {
		t.Errorf("got %v %v", ls, err)
	}
	if ls, err = s.LotsByCode(ctx, "none"); err != nil || len(ls) != 0 {
		t.Errorf("got %v %v", ls, err)
	}
	var each []string
	for l, err := range s.EachOf(ctx, gtin500) {
		must(t, err)
		if each = append(each, l.Code); len(each) == 2 {
			break
		}
	}
	if !slices.Equal(each, []string{"L2", "L1"}) {
		t.Errorf("going through them: %v", each)
	}
	ended, end := context.WithCancel(ctx)
	end()
	for _, err := range s.EachOf(ended, gtin500) {
		if err == nil {
			t.Error("a search that was given up goes on")
		}
	}
	stop, n := errors.New("stop"), 0
	if err := s.Lots(ctx, func(Lot) error { n++; return stop }); !errors.Is(err, stop) || n != 1 {
		t.Errorf("got %v after %d", err, n)
	}
}

func TestServiceConsent(t *testing.T) {
	s, c := newService(t)
	packedLot(t, s)
	ctx := t.Context()
	l, err := s.Lot(ctx, gtin250, "SN-26-01")
	must(t, err)
	farmer := func() string {
		t.Helper()
		v, err := s.Public(ctx, l)
		must(t, err)
		return v.Plots[0].Farmer
	}
	if farmer() != "" {
		t.Error("a name without consent")
	}
	given := consent(ShowName)
	wantFault(t, s.Consent(ctx, Consent{ID: "x", Farmer: "nobody", Purpose: ShowName, Given: theNow, Evidence: "e"}), fault.Invalid, "trace.consent.invalid", "trace.consent.farmer")
	wantFault(t, s.Consent(ctx, Consent{ID: "x", Farmer: "farmer-17", Purpose: ShowName, Given: theNow}), fault.Invalid, "trace.consent.invalid", "trace.consent.evidence")
	must(t, s.Consent(ctx, given))
	if farmer() != farmerName {
		t.Error("no name with consent")
	}
	must(t, s.WithdrawConsent(ctx, given.ID))
	if farmer() != "" {
		t.Error("a name after the consent was withdrawn")
	}
	must(t, s.Consent(ctx, given)) // a repeated request
	c.set(theNow.Add(time.Hour))
	must(t, s.WithdrawConsent(ctx, given.ID))
	if farmer() != "" {
		t.Error("repeating a consent revived it")
	}
	other := given
	other.Purpose = ShowPhoto
	wantFault(t, s.Consent(ctx, other), fault.Conflict, "trace.consent.taken", "")
	if err := s.WithdrawConsent(ctx, "none"); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v", err)
	}
}

func TestServiceGrounds(t *testing.T) {
	s, _ := newService(t)
	packedLot(t, s)
	l, err := s.Lot(t.Context(), gtin250, "SN-26-01")
	must(t, err)
	l.Plots = append(l.Plots, "lost")
	plots, processed, err := s.Grounds(t.Context(), l)
	must(t, err)
	want := []Site{{"R-01", "04132", "mai-son/chieng-ban", 860}, {Plot: "lost"}}
	if !reflect.DeepEqual(plots, want) {
		t.Errorf("plots %+v", plots)
	}
	if len(processed) != 2 || processed[0].Plot != "Xưởng mill" || processed[1].Plot != "Xưởng roastery" || processed[1].OldCommune != "mai-son/chieng-ban" {
		t.Errorf("processed %+v", processed)
	}
}

// Two lots of one season share what their plot can bear, in the order in which
// the pickings were put on record.
func TestServiceSharesThePlot(t *testing.T) {
	s, c := newService(t)
	settledLand(t, s)
	ctx := t.Context()
	for i, id := range []string{"first", "second"} {
		c.set(theNow.Add(time.Duration(i) * time.Minute))
		l := oneLot()
		l.ID, l.Code = id, id
		must(t, s.CreateLot(ctx, l))
		for _, e := range times(course(), 30) { // 21 t each of 25
			must(t, s.Append(ctx, id, e))
		}
	}
	if _, err := s.AppendRun(ctx, "first", aRun("r", 0, 85_000*30/250)); err != nil {
		t.Error(err)
	}
	_, err := s.AppendRun(ctx, "second", aRun("r", 0, 85_000*30/250))
	wantFault(t, err, fault.Conflict, "trace.run.exceeds", "")
	if a := fault.As(err).Args["Allowed"]; a != int64(2617) { // 4 t are left: 727.2 kg green, 654.48 kg roasted
		t.Errorf("allowed %v", a)
	}
}

// Fifty printers, coffee for ten of them.
func TestAppendRunRace(t *testing.T) {
	s, _ := newService(t)
	packedLot(t, s)
	var fit, full atomic.Int64
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			_, err := s.AppendRun(context.Background(), "lot1", aRun(fmt.Sprint(i), int64(i)*34, 34)) // 34 × 250 g, ten times 8.5 kg
			switch {
			case err == nil:
				fit.Add(1)
			case fault.CodeOf(err) == "trace.run.exceeds":
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	l, err := s.Lot(t.Context(), gtin250, "SN-26-01")
	must(t, err)
	must(t, l.VerifyChain())
	if fit.Load() != 10 || full.Load() != 40 || l.Committed() != 85_000 || len(l.Runs) != 10 {
		t.Errorf("%d fit, %d refused, %d g, %d runs", fit.Load(), full.Load(), l.Committed(), len(l.Runs))
	}
}
