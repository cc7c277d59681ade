package qr

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"nguon/app/fault"
	"nguon/qr/trace"
)

func TestIssue(t *testing.T) {
	b := newBench(t)
	got := b.issue(t, 100)
	all := packets(got)
	if len(all) != 100 || got.Run.First != 1 || got.Run.Count != 100 || got.Loopback || got.Chosen || got.Product.Slug == "" {
		t.Fatalf("%d packets, %+v", len(all), got)
	}
	for _, p := range all {
		l, err := ParseLink(p.URL)
		if err != nil || l.GTIN != gtin250 || l.Lot != theLot || l.Serial != p.Serial ||
			!strings.HasPrefix(p.URL, "https://nguon.example/01/"+gtin250+"/10/"+lotPath+"/21/A0") {
			t.Fatalf("%s: %+v, %v", p.URL, l, err)
		}
	}
	if !slices.Equal(all, packets(got)) {
		t.Error("the packets differ when they are made again")
	}
	if next := b.issue(t, 5); next.Run.First != 101 {
		t.Errorf("the next run begins at %d", next.Run.First)
	}
	other, err := b.Issue(b.ctx, IssueRequest{LotCode: theLot, GTIN: gtin500[1:], Count: 2, By: "anna"})
	must(t, err)
	if other.Run.First != 1 || other.Product.NetGrams != 500 {
		t.Errorf("the other item: %+v", other)
	}
}

// Nobody prints for an organisation that is not approved, and no numbers are
// lost in trying.
func TestIssueOnlyForApprovedSellers(t *testing.T) {
	b := newBench(t)
	d := b.deps
	d.Sellers = approvals{"coop": true} // the one that is not
	refused, err := New(b.ctx, d)
	must(t, err)
	r := IssueRequest{LotCode: theLot, Count: 1, By: "anna"}
	_, planned := refused.Plan(b.ctx, r)
	_, issued := refused.Issue(b.ctx, r)
	for _, err := range []error{planned, issued} {
		if fault.CodeOf(err) != "qr.issue.not_approved" || !fault.Is(err, fault.Forbidden) {
			t.Errorf("%v", err)
		}
	}
	if run := b.issue(t, 1).Run; run.First != 1 {
		t.Errorf("the first packet has number %d", run.First)
	}
}

func TestIssueChoosesAndRepeats(t *testing.T) {
	b := newBench(t)
	r := IssueRequest{LotCode: theLot, Count: 10, By: "anna", Key: "order-7"}
	first, err := b.Issue(b.ctx, r)
	must(t, err)
	again, err := b.Issue(b.ctx, r)
	must(t, err)
	if !first.Chosen || first.Run.GTIN != gtin250 || again.Run.Hash != first.Run.Hash || !slices.Equal(packets(first), packets(again)) {
		t.Errorf("%+v and %+v", first.Run, again.Run)
	}
	r.Count = 11
	if _, err = b.Issue(b.ctx, r); !fault.Is(err, fault.Conflict) {
		t.Errorf("another count under the same key: %v", err)
	}
}

func TestIssueRefuses(t *testing.T) {
	b := newBench(t)
	for _, c := range []struct {
		r    IssueRequest
		kind fault.Kind
		code string
	}{
		{IssueRequest{LotCode: theLot, Count: 0}, fault.Invalid, "qr.issue.count"},
		{IssueRequest{LotCode: theLot, Count: MaxRun + 1}, fault.Invalid, "qr.issue.count"},
		{IssueRequest{LotCode: theLot, GTIN: "123", Count: 1}, fault.Invalid, "qr.issue.gtin"},
		{IssueRequest{LotCode: "none", Count: 1}, fault.NotFound, "qr.lot.unknown"},
		{IssueRequest{LotCode: "none", GTIN: gtin250, Count: 1}, fault.NotFound, "qr.lot.unknown"},
		{IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 341}, fault.Conflict, "trace.run.exceeds"},
	} {
		c.r.By = "anna"
		_, err := b.Issue(b.ctx, c.r)
		wantCode(t, err, c.kind, c.code)
	}
	must(t, b.deps.Trace.CreateLot(b.ctx, trace.Lot{ID: "other", Code: theLot, Producer: "coop2", Plots: []string{"p-lot1"},
		Items: []trace.Item{{GTIN: "09520123456801", NetGrams: 250}}, Species: trace.Arabica, Season: "2025/2026"}))
	_, err := b.Issue(b.ctx, IssueRequest{LotCode: theLot, Count: 1, By: "anna"})
	wantCode(t, err, fault.Conflict, "qr.issue.ambiguous")
	if lots, _ := fault.As(err).Args["Lots"].(string); !strings.Contains(lots, gtin500) || !strings.Contains(lots, "coop2") {
		t.Errorf("lots are %q", lots)
	}
}

// However many print at once, on two instances, numbers are never shared and
// the lot's coffee is never exceeded.
func TestIssueAtOnce(t *testing.T) {
	b := newBench(t)
	instances := []*Service{b.Service, b.another(t)}
	var mu sync.Mutex
	var runs []trace.Run
	var refused int
	var wg sync.WaitGroup
	for i := range 12 {
		wg.Go(func() {
			got, err := instances[i%2].Issue(b.ctx, IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 50, By: "anna"})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				if fault.CodeOf(err) != "trace.run.exceeds" {
					t.Error(err)
				}
				refused++
				return
			}
			runs = append(runs, got.Run)
		})
	}
	wg.Wait()
	if len(runs) != 6 || refused != 6 {
		t.Fatalf("%d runs of 50, %d refused; the lot fills 340", len(runs), refused)
	}
	slices.SortFunc(runs, func(a, b trace.Run) int { return int(a.First - b.First) })
	for i := 1; i < len(runs); i++ {
		if runs[i].First < runs[i-1].First+runs[i-1].Count {
			t.Errorf("runs overlap: %+v", runs)
		}
		if runs[i].KeyID != runs[0].KeyID {
			t.Errorf("two first keys: %s and %s", runs[i].KeyID, runs[0].KeyID)
		}
	}
}

func TestLoopback(t *testing.T) {
	for base, want := range map[string]bool{"http://localhost:8080": true, "http://127.0.0.1": true, "http://[::1]:80": true, "http://0.0.0.0:1": true,
		"http://a.localhost": true, "http://192.168.1.7:8080": false, "https://nguon.example": false, "http://localhost.vn": false} {
		if Loopback(base) != want {
			t.Errorf("%s: %v", base, !want)
		}
	}
}

func BenchmarkPackets(b *testing.B) {
	w := newBench(b)
	run := w.issue(b, 1).Run
	run.Count = maxIndex
	seq, err := w.Packets(w.ctx, theLot, run)
	must(b, err)
	b.ReportAllocs()
	n := 0
	b.ResetTimer()
	for range seq {
		if n++; n >= b.N {
			return
		}
	}
}
