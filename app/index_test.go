package main

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"nguon/app/outbox"
	"nguon/app/search"
	"nguon/qr/gi"
	"nguon/tours"
)

// broken performs nothing: as if the program died between a write and what follows.
type broken struct{}

func (broken) Perform(context.Context, outbox.Effect) error { return errors.New("it died") }

// Whatever changes what can be found is followed by the next pass of the index, one
// a second; what a crash left is followed once the worker has swept.
func TestSearchFollowsTheShop(t *testing.T) {
	ctx := t.Context()
	s, err := open(ctx, testConfig(t), slog.New(slog.DiscardHandler), server)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.finder.Follow(ctx))
	find := func(id string, q search.Query) (search.Document, bool) {
		t.Helper()
		must(s.finder.Follow(ctx))
		r, _, err := s.finder.Search(ctx, q)
		must(err)
		i := slices.IndexFunc(r.Hits, func(d search.Document) bool { return d.ID == id })
		if i < 0 {
			return search.Document{}, false
		}
		return r.Hits[i], true
	}
	honey := search.Query{Text: "sương núi mật ong", Kind: search.Product}
	const product = "product-demo-p03"
	d, ok := find(product, honey)
	if !ok || !d.Sold || d.Price == 0 {
		t.Fatalf("%t %+v", ok, d)
	}

	p, err := s.catalog.ByID(ctx, "demo-p03")
	must(err)
	price := func(v int64) {
		p, err := s.catalog.ByID(ctx, p.ID)
		must(err)
		for i := range p.Variants {
			p.Variants[i].Price = 1000 * 111
		}
		p.Variants[0].Price = 1000 * 99
		if v > 0 {
			p.Name = "Cà phê thử mật ong Sương Núi"
		}
		must(s.catalog.SaveProduct(ctx, p))
	}
	price(1)
	if d, ok = find(product, search.Query{Text: "cà phê thử"}); !ok || d.Price != 99_000 {
		t.Errorf("another name and price: %t %+v", ok, d)
	}

	// The last packet goes, and comes back when the order is cancelled.
	for _, v := range p.Sold() {
		must(s.catalog.Count(ctx, "test", v.GTIN, 0))
	}
	if d, _ = find(product, honey); d.Sold {
		t.Error("what is sold out can be had")
	}
	gtin := p.Sold()[0].GTIN
	must(s.catalog.Count(ctx, "test", gtin, 1))
	if d, _ = find(product, honey); !d.Sold {
		t.Error("a packet came in, and it is sold out")
	}
	must(s.catalog.HoldStock(ctx, "o1", gtin, 1, time.Now().Add(time.Hour)))
	if d, _ = find(product, honey); d.Sold {
		t.Error("the last one is claimed, and can be had")
	}
	must(s.catalog.ReleaseStock(ctx, "o1", gtin))
	if d, _ = find(product, honey); !d.Sold {
		t.Error("it was given up, and is sold out")
	}

	must(s.catalog.Withdraw(ctx, "test", p.ID, "Hết vụ.", false))
	if _, ok = find(product, honey); ok {
		t.Error("what was withdrawn is found")
	}
	// A crash between the write and what follows: nothing is noted until the worker
	// finds what was left.
	s.catalog.Perform(broken{})
	must(s.catalog.Publish(ctx, "test", p.ID, false))
	if _, ok = find(product, honey); ok {
		t.Fatal("the crash is none")
	}
	s.catalog.Perform(s.out)
	_, err = s.catalog.Sweep(ctx, time.Now().Add(time.Minute))
	must(err)
	if _, ok = find(product, honey); !ok {
		t.Error("what a crash left is not found")
	}

	// A right is suspended: the register says so, and its holder's products lose it.
	honey.Filters = search.Facets{search.GI: {"right"}}
	if _, ok = find(product, honey); !ok {
		t.Error("the right is not found")
	}
	r, err := s.gi.Right(ctx, "SL-MAU-01")
	must(err)
	must(s.gi.Decide(ctx, r.ID, gi.Decision{Key: "k", Action: gi.Suspend, Number: "MAU-9/QĐ", By: "test", From: time.Now().Add(-time.Hour), Reason: r.Decisions[0].Reason}))
	if _, ok = find(product, honey); ok {
		t.Error("the right was suspended")
	}
	if d, _ = find("right-SL-MAU-01", search.Query{Text: "SL-MAU-01"}); d.Sold {
		t.Errorf("the register says %q", d.Detail.Vi)
	}

	// A visit is withdrawn; the last seat of its only departure on a day goes.
	own, err := s.tours.Own(ctx, "demo-suong-nui")
	must(err)
	i := slices.IndexFunc(own, func(x tours.Tour) bool { return x.Kind == tours.Harvest })
	pick := own[i]
	list, err := s.tours.Departures(ctx, pick.ID, time.Now().Add(48*time.Hour), time.Now().Add(90*24*time.Hour))
	must(err)
	day := search.Query{Kind: search.Tour, Filters: search.Facets{search.Day: {list[0].Start.In(time.FixedZone("", 7*3600)).Format(time.DateOnly)}}}
	tour := "tour-" + pick.ID
	if _, ok = find(tour, day); !ok {
		t.Errorf("no visit on %v", day.Filters)
	}
	must(s.tours.Close(ctx, "test", list[0].ID, true))
	if _, ok = find(tour, day); ok {
		t.Error("a closed departure is found")
	}
	must(s.tours.Withdraw(ctx, "test", pick.ID, "", false))
	if _, ok = find(tour, search.Query{Text: "hái quả chín", Kind: search.Tour}); ok {
		t.Error("a visit that was withdrawn is found")
	}

	// An event gets another name.
	v, err := s.festival.Event(ctx, "demo-su-kien-7")
	must(err)
	v.Title.Vi = "Thi pha cà phê trứng"
	_, err = s.festival.SaveEvent(ctx, tours.EventEdit{By: "test", Event: v, Seen: v.Changed})
	must(err)
	if _, ok = find("event-demo-su-kien-7", search.Query{Text: "ca phe trung"}); !ok {
		t.Error("the new name of an event is not found")
	}
	must(s.festival.Withdraw(ctx, "test", v.Edition))
	if _, ok = find("event-demo-su-kien-7", search.Query{Text: "ca phe trung"}); ok {
		t.Error("an event of a hidden festival is found")
	}

	// What the embedded index holds now is what building it anew gives.
	before := contents(t, s)
	must(s.finder.Rebuild(ctx))
	if after := contents(t, s); !slices.Equal(before, after) {
		t.Errorf("following gives %d documents, building anew %d:\n%v\n%v", len(before), len(after), before, after)
	}
}

// contents are the documents of an index with what they are sold for.
func contents(t *testing.T, s *services) (list []string) {
	t.Helper()
	for page := range search.MostPages {
		r, _, err := s.finder.Search(t.Context(), search.Query{Size: search.MostSize, Page: page})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range r.Hits {
			list = append(list, d.ID+" "+d.Title.Vi+" "+d.Detail.Vi)
		}
		if len(r.Hits) < search.MostSize {
			break
		}
	}
	slices.Sort(list)
	return list
}
