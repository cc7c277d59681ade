package handlers_test

import (
	"context"
	"fmt"
	"testing"

	"nguon/app/lang"
	"nguon/qr"
	"nguon/qr/trace"
	"nguon/static"
)

// most is what the trace page with everything it needs may weigh, as sent
// (DESIGN, Budgets).
const most = 40_000

// TestTracePageWeightAsServed weighs the bytes that a phone receives for the page
// of a packet: the joined member, both fonts and the icon. The style sheet
// stands in the page.
func TestTracePageWeightAsServed(t *testing.T) {
	s := newSite(t)
	path := s.longLot()
	for i, address := range both(path) {
		a := s.get(address, "Accept-Encoding: gzip")
		d := a.doc(t)
		if got := verdict(t, a); got != "genuine" {
			t.Fatalf("%s: %q", address, got)
		}
		if plots, steps := d.Find("details.plot").Length(), d.Find(".line > li").Length(); plots < 12 || steps < 18 {
			t.Fatalf("%s: %d plots and %d steps are no long lot", address, plots, steps)
		}
		if n := d.Find("script[src], link[rel=stylesheet], img[src]").Length(); n > 0 {
			t.Fatalf("%s: %d files are needed that this test does not weigh", address, n)
		}
		total := a.Wire
		for _, name := range []string{"fonts/be-vietnam-pro-500.woff2", "fonts/be-vietnam-pro-700.woff2", "img/favicon.svg"} {
			total += s.get(static.URL(name), "Accept-Encoding: gzip").Wire
		}
		t.Logf("%s: page %d, with fonts and icon %d bytes", lang.All[i], a.Wire, total)
		if total > most {
			t.Errorf("%s: %d bytes, at most %d", address, total, most)
		}
	}
}

// longLot makes a lot of twelve plots and eighteen steps, with reports and
// papers, and returns the path of one of its packets.
func (s *site) longLot() string {
	s.t.Helper()
	ctx := context.Background()
	like, err := s.trace.Lot(ctx, gtin, lot)
	must(s.t, err)
	plots, err := s.trace.Plots(ctx, like.Producer)
	must(s.t, err)
	long := trace.Lot{ID: "long", Code: "SN-26-LONG", Producer: like.Producer, Items: like.Items, Species: like.Species, Season: like.Season}
	for i := range 12 {
		p := plots[i%len(plots)]
		p.AltitudeM += i
		p.ID, p.Code = fmt.Sprintf("long-%d", i), fmt.Sprintf("SN-L%02d", i)
		must(s.t, s.trace.SavePlot(ctx, p))
		long.Plots = append(long.Plots, p.ID)
	}
	must(s.t, s.trace.CreateLot(ctx, long))
	for i, e := range like.Events {
		if len(e.Plots) > 0 {
			e.Plots = long.Plots
		}
		e.Key = fmt.Sprint("step-", i)
		must(s.t, s.trace.Append(ctx, long.ID, e))
	}
	last := like.Events[len(like.Events)-1]
	for i := len(like.Events); i < 18; i++ {
		must(s.t, s.trace.Append(ctx, long.ID, trace.Event{Key: fmt.Sprint("look-", i), Kind: trace.Inspect, Facility: last.Facility, At: last.At, By: "test"}))
	}
	for i := range 3 {
		r, p := like.Quality[0], like.Papers[0]
		r.Number, p.Number = fmt.Sprint(r.Number, "-", i), fmt.Sprint(p.Number, "-", i)
		must(s.t, s.trace.AddReport(ctx, long.ID, r))
		must(s.t, s.trace.AddPaper(ctx, long.ID, p))
	}
	issued, err := s.qr.Issue(ctx, qr.IssueRequest{LotCode: long.Code, GTIN: gtin, Count: 1, By: "test"})
	must(s.t, err)
	for p := range issued.Packets {
		return "/trace/" + gtin + "/" + long.Code + "/" + p.Serial
	}
	s.t.Fatal("no packet")
	return ""
}
