package qr

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/store"
)

func visit(serial string, ip int) Visit {
	return Visit{GTIN: gtin250, Lot: theLot, Serial: serial, IP: fmt.Sprintf("198.51.%d.%d", ip/200, ip%200), Method: "GET", UserAgent: "Mozilla/5.0", Region: "VN-05"}
}

func (b *bench) view(t testing.TB, s *Service, v Visit) Trace {
	t.Helper()
	got, err := s.View(b.ctx, v)
	must(t, err)
	return got
}

// The second visit is told of the first although nothing was flushed, and the
// numbers survive flushing, another instance and a restart.
func TestScansAreTold(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	first := b.view(t, b.Service, visit(serial, 1))
	if !first.Scans.First.IsZero() || first.Scans.Count != 1 {
		t.Fatalf("the first visit reads %+v", first.Scans)
	}
	b.pass(time.Minute)
	second := b.view(t, b.Service, visit(serial, 2))
	if !second.Scans.First.Equal(theNow) || second.Scans.Count != 2 {
		t.Fatalf("the second visit reads %+v", second.Scans)
	}
	must(t, b.Flush(b.ctx))
	must(t, b.Flush(b.ctx))
	if len(b.scans.entries) != 0 {
		t.Error("flushed packets stay in memory")
	}
	third := b.view(t, b.another(t), visit(serial, 3))
	if !third.Scans.First.Equal(theNow) || third.Scans.Count != 3 {
		t.Errorf("another instance reads %+v", third.Scans)
	}
	if got := b.look(t, b.Service, theLot, serial); got.Scans.Count != 2 {
		t.Errorf("looking counts: %+v", got.Scans)
	}
	d, err := b.scans.docs.Get(b.ctx, scanID(gtin250, serial))
	must(t, err)
	if d.Regions["VN-05"] != 2 || d.Days[0].Distinct != 2 {
		t.Errorf("%+v", d)
	}
}

func TestOnlyIssuedCodesAndPeopleCount(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	for _, v := range []Visit{
		visit("A01ABCDEFGHJK", 1), visit("GARBAGE", 1), visit("", 1),
		{GTIN: gtin250, Lot: theLot, Serial: serial, Method: "HEAD"},
		{GTIN: gtin250, Lot: theLot, Serial: serial, Method: "GET", UserAgent: "WhatsApp/2.2"},
		{GTIN: gtin250, Lot: "else", Serial: serial, Method: "GET"},
	} {
		if b.Scan(b.ctx, v) {
			t.Errorf("%+v was counted", v)
		}
		if v.Serial != "" {
			b.view(t, b.Service, v)
		}
	}
	if len(b.scans.entries) != 0 {
		t.Errorf("%d packets pending", len(b.scans.entries))
	}
	if !b.Scan(b.ctx, visit(serial, 1)) {
		t.Error("a person's scan was not counted")
	}
}

func TestSuspiciousRestsOnPeopleNotOnScans(t *testing.T) {
	b := newBench(t)
	all := packets(b.issue(t, 2))
	for range 100 {
		b.view(t, b.Service, visit(all[0].Serial, 1))
	}
	if got := b.look(t, b.Service, theLot, all[0].Serial); got.State != Genuine || got.Scans.Count != 100 {
		t.Errorf("one visitor a hundred times: %s, %+v", got.State, got.Scans)
	}
	other := b.another(t)
	for i := range SuspicionToday().PerDay {
		s := b.Service
		if i%2 == 0 {
			s = other
		}
		b.view(t, s, visit(all[1].Serial, i))
	}
	must(t, b.Flush(b.ctx))
	must(t, other.Flush(b.ctx))
	for _, s := range []*Service{b.Service, other} {
		if got := b.look(t, s, theLot, all[1].Serial); got.State != Suspicious || got.LotData == nil {
			t.Errorf("twelve visitors: %s", got.State)
		}
	}
}

// A store that is away loses no count, and coming back counts nothing twice.
func TestFlushFailureKeepsCounts(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	b.view(t, b.Service, visit(serial, 1))
	b.broken.Store(true)
	if err := b.Flush(b.ctx); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("flush: %v", err)
	}
	b.Scan(b.ctx, visit(serial, 2))
	b.broken.Store(false)
	if got := b.look(t, b.Service, theLot, serial); got.Scans.Count != 2 {
		t.Errorf("pending: %+v", got.Scans)
	}
	must(t, b.Flush(b.ctx))
	must(t, b.Flush(b.ctx))
	if got := b.look(t, b.another(t), theLot, serial); got.Scans.Count != 2 {
		t.Errorf("stored: %+v", got.Scans)
	}
}

// A write whose answer was lost is recognised when it is sent again.
func TestBatchIsAddedOnce(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	b.Scan(b.ctx, visit(serial, 1))
	id := scanID(gtin250, serial)
	e := b.scans.send(id, theNow)
	must(t, b.scans.write(b.ctx, id, e, theNow)) // stored, but nobody was told
	must(t, b.Flush(b.ctx))
	if d, err := b.scans.docs.Get(b.ctx, id); err != nil || d.Total != 1 {
		t.Errorf("%+v, %v", d, err)
	}
}

// It is recognised too when others have written meanwhile, and until it is
// sent again nobody is told of its scans twice.
func TestBatchIsAddedOnceBehindOthers(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	id := scanID(gtin250, serial)
	b.Scan(b.ctx, visit(serial, 1))
	e := b.scans.send(id, theNow)
	must(t, b.scans.write(b.ctx, id, e, theNow)) // stored, but nobody was told
	if got := b.look(t, b.Service, theLot, serial); got.Scans.Count != 1 {
		t.Errorf("one scan reads as %d before it is sent again", got.Scans.Count)
	}
	other := b.another(t)
	const behind = 7
	for i := range behind {
		other.Scan(b.ctx, visit(serial, 2+i))
		must(t, other.Flush(b.ctx))
	}
	if got := b.look(t, b.Service, theLot, serial); got.Scans.Count != 1+behind {
		t.Errorf("%d scans read as %d", 1+behind, got.Scans.Count)
	}
	b.Scan(b.ctx, visit(serial, 1))
	must(t, b.Flush(b.ctx))
	must(t, b.Flush(b.ctx))
	d, err := b.scans.docs.Get(b.ctx, id)
	must(t, err)
	if d.Total != 2+behind || len(d.Batches) != keptBatches {
		t.Errorf("%d scans stored as %d, %d batches kept", 2+behind, d.Total, len(d.Batches))
	}
}

func TestScansAtOnce(t *testing.T) {
	b := newBench(t)
	all := packets(b.issue(t, 5))
	instances := []*Service{b.Service, b.another(t)}
	var wg sync.WaitGroup
	const visitors, each = 8, 25
	for i := range visitors {
		wg.Go(func() {
			for n := range each {
				if _, err := instances[i%2].View(b.ctx, visit(all[n%5].Serial, i)); err != nil {
					t.Error(err)
				}
				if n%5 == 0 {
					if err := instances[i%2].Flush(b.ctx); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
	for _, s := range instances {
		must(t, s.Flush(b.ctx))
	}
	var sum int64
	for _, p := range all {
		sum += b.look(t, b.Service, theLot, p.Serial).Scans.Count
	}
	if sum != visitors*each {
		t.Errorf("%d scans counted of %d", sum, visitors*each)
	}
}

func TestSweepErasesSalts(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	b.Scan(b.ctx, visit(serial, 1))
	count := func() int64 {
		n, err := b.scans.salts.docs.Count(b.ctx, store.Query{})
		must(t, err)
		return n
	}
	b.pass(47 * time.Hour)
	must(t, b.Sweep(b.ctx))
	b.Scan(b.ctx, visit(serial, 1))
	if count() != 2 {
		t.Errorf("%d salts after two days", count())
	}
	b.pass(time.Hour)
	must(t, b.Sweep(b.ctx))
	must(t, b.Sweep(b.ctx))
	if count() != 1 || len(b.scans.salts.days) != 1 {
		t.Errorf("%d salts stored, %d in memory after 48 hours", count(), len(b.scans.salts.days))
	}
}

// Nothing that was stored names an address, and the same visitor is another
// bucket on another packet.
func TestBucketsHideAddresses(t *testing.T) {
	b := newBench(t)
	one, err := b.scans.salts.bucket(b.ctx, theNow, "a", "192.0.2.1")
	must(t, err)
	again, err := b.another(t).scans.salts.bucket(b.ctx, theNow, "a", "192.0.2.1")
	must(t, err)
	elsewhere, err := b.scans.salts.bucket(b.ctx, theNow, "b", "192.0.2.1")
	must(t, err)
	tomorrow, err := b.scans.salts.bucket(b.ctx, theNow.AddDate(0, 0, 1), "a", "192.0.2.1")
	must(t, err)
	if one != again || one == elsewhere || one == tomorrow || len(one) != 12 {
		t.Errorf("%s %s %s %s", one, again, elsewhere, tomorrow)
	}
}

func TestPendingIsBounded(t *testing.T) {
	b := newBench(t)
	b.scans.entries = make(map[string]*scanEntry, maxPending)
	for i := range maxPending {
		b.scans.entries[fmt.Sprint(i)] = new(scanEntry)
	}
	serial := packets(b.issue(t, 1))[0].Serial
	b.Scan(b.ctx, visit(serial, 1))
	if len(b.scans.entries) != maxPending || b.scans.lost != 1 {
		t.Errorf("%d pending, %d lost", len(b.scans.entries), b.scans.lost)
	}
}
