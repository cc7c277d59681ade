package handlers_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/seed"
	"nguon/catalog/order"
	"nguon/tours"
)

// aTicketed is a seeded event that is booked and costs something.
func (s *site) aTicketed() (tours.Edition, tours.Event) {
	s.t.Helper()
	ctx := context.Background()
	e, err := s.fest.Edition(ctx, seed.Festival)
	must(s.t, err)
	list, err := s.fest.Programme(ctx, e.ID)
	must(s.t, err)
	i := slices.IndexFunc(list, func(v tours.Event) bool {
		least, ok := v.PriceFrom()
		return v.Ticketed && ok && least > 0
	})
	if i < 0 {
		s.t.Fatal("no ticketed event")
	}
	return e, list[i]
}

// tick lets the clock of the worker do its work.
func (s *site) tick() {
	s.t.Helper()
	_, err := s.tours.Work(context.Background())
	must(s.t, err)
	_, err = s.orders.Sweep(context.Background())
	must(s.t, err)
}

// A weekend in Sơn La: a visit in season and an evening of the Festival in one
// cart, found from the programme.
func TestAnEventAndAVisitAreBookedTogether(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	e, v := s.aTicketed()
	doc := s.get(e.Path()).doc(t)
	if doc.Find(`a[href^="/tours/mot-buoi"]`).Length() == 0 {
		t.Error("the edition lists no visit")
	}
	doc = s.get(v.Path(e)).doc(t)
	book := doc.Find(`a[href*="/book?departure="]`).AttrOr("href", "")
	if book == "" {
		t.Fatal(text(doc, "main"))
	}
	p := s.visitor()
	form := p.get(book).doc(t)
	field := form.Find(".counter input").First().AttrOr("name", "")
	path, query, _ := strings.Cut(book, "?")
	if a := p.post(path, "departure", strings.TrimPrefix(query, "departure="), field, "2", "do", "book"); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.doc(t), "main"))
	}
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	var d tours.Departure
	list, err := s.tours.Departures(ctx, pick.ID, e.From, e.To.AddDate(0, 0, 1))
	must(t, err)
	if len(list) == 0 {
		t.Fatal("no visit on the days of the festival")
	}
	d = list[0]
	if got := text(s.get("/tours/"+pick.Slug).doc(t), ".note"); !strings.Contains(got, e.Name.Vi) {
		t.Errorf("the tour does not say so: %q", got)
	}
	b := s.books(p, pick, party(d), "email", "hoa@khach.example")
	o := s.orderOf(b.Order)
	if len(o.Parcels) != 2 || o.State != order.Confirmed {
		t.Fatalf("%s with %d parcels", o.State, len(o.Parcels))
	}
	seats, err := s.tours.Departure(ctx, v.Departs())
	must(t, err)
	if seats.Taken != 2 {
		t.Errorf("%d seats are taken", seats.Taken)
	}
	ref := ""
	for _, x := range o.Parcels {
		r, _ := o.VisitRef(x.ID())
		if y, err := s.tours.Booking(ctx, r); err == nil && y.Tour == v.ID {
			ref = r
		}
	}
	ticket := p.get("/tickets/" + ref)
	if ticket.Status != 200 || !strings.Contains(text(ticket.doc(t), ".stub"), v.Title.Vi) {
		t.Errorf("%d %s", ticket.Status, text(ticket.doc(t), "main"))
	}

	// Another hour: who booked is told, and may have all money back.
	cur, err := s.fest.Event(ctx, v.ID)
	must(t, err)
	cur.Start, cur.End = cur.Start.Add(15*time.Minute), cur.End.Add(15*time.Minute)
	_, err = s.fest.SaveEvent(ctx, tours.EventEdit{By: "test", Event: cur, Seen: cur.Changed})
	must(t, err)
	s.tick()
	moved, err := s.tours.Booking(ctx, ref)
	must(t, err)
	if !moved.Start.Equal(cur.Start) || moved.Sequence != 1 || moved.Choice == nil || moved.Choice.Cause != "moved" {
		t.Errorf("%+v", moved)
	}
	if doc := p.get("/tickets/" + ref).doc(t); !strings.Contains(text(doc, ".panel"), "đổi") {
		t.Error(text(doc, "main"))
	}

	// It is called off: nobody says anything, and the money goes back by itself.
	must(t, s.fest.CallOff(ctx, "test", v.ID, lang.Text{Vi: "Bão về", En: "A storm"}))
	s.tick()
	if off, _ := s.tours.Booking(ctx, ref); off.Choice == nil || off.Choice.Cause != "other" || off.Sequence != 2 {
		t.Errorf("%+v", off)
	}
	if doc := p.get("/tickets/" + ref).doc(t); !strings.Contains(text(doc, "main"), "Bão về") || doc.Find(".stub svg.qr").Length() != 0 {
		t.Error(text(doc, "main"))
	}
	s.clock.Add(int64(8 * 24 * time.Hour))
	s.tick()
	o = s.orderOf(b.Order)
	off, _ := s.tours.Booking(ctx, ref)
	i := o.Parcel("seats-" + ref)
	if off.State != tours.Left || o.Parcels[i].State != order.Dropped || o.Parcels[i].Kept != 0 || o.Returned() != o.Parcels[i].Total() {
		t.Errorf("%s, %s, %v goes back", off.State, o.Parcels[i].State, o.Returned())
	}
	subjects := map[string]bool{}
	_, err = s.mail.Work(ctx)
	must(t, err)
	for _, m := range s.box.list {
		if m.To.Address == "hoa@khach.example" && strings.Contains(m.Calendar, "SEQUENCE") {
			subjects[m.Subject] = m.Cancels
		}
	}
	if len(subjects) < 3 {
		t.Errorf("mails with calendars: %v", subjects)
	}
}
