package seats

import (
	"context"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog/order"
	"nguon/tours"
)

// changed saves a tour as a form that was just opened does.
func changed(t *testing.T, s *tours.Service, id string, fn func(*tours.Tour)) (tours.Tour, error) {
	t.Helper()
	x, err := s.Tour(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	fn(&x)
	return s.Save(t.Context(), "p", x, x.Changed)
}

func walkIn(ctx context.Context, s *tours.Service, d tours.Departure, people, addOns map[string]int64) (tours.Booking, error) {
	return s.WalkIn(ctx, "p", tours.Wanted{ID: order.NewID(), Departure: d.ID, Party: tours.Party{People: people, AddOns: addOns}, Lang: lang.Vi}, "Hoa", "")
}

// A table of prices changes while parties are booked by the old one: they keep what
// they have, under its name, and its id goes to nothing else.
func TestAChangedTableKeepsBookings(t *testing.T) {
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	s, tour := newTours(t, func() time.Time { return now })
	d := plan(t, s, tour, saturday, 10)
	_, err := walkIn(t.Context(), s, d, map[string]int64{"adult": 1, "child": 2}, map[string]int64{"bus": 3})
	if err != nil {
		t.Fatal(err)
	}
	after, err := changed(t, s, tour.ID, func(x *tours.Tour) {
		x.Types = []tours.CustomerType{{Name: lang.Text{Vi: "Adult"}, Price: 300_000, Seats: 1, Alone: true}}
		x.AddOns = []tours.AddOn{}
	})
	if err != nil {
		t.Fatal(err)
	}
	if after.Types[0].ID == "adult" || len(after.Former.Types) != 2 || len(after.Former.AddOns) != 1 {
		t.Errorf("%+v %+v", after.Types, after.Former)
	}
	list, err := s.Roster(t.Context(), d.ID)
	if err != nil || len(list) != 1 || list[0].Words(after) != "1 người lớn, 2 trẻ em, 3 × đón ở bến xe" {
		t.Errorf("%v %v", list, err)
	}
	if _, err := changed(t, s, tour.ID, func(x *tours.Tour) { x.Name = "Hái quả" }); err != nil {
		t.Fatal(err)
	}
	if now, err := s.Departure(t.Context(), d.ID); err != nil || now.Title.Vi != "Hái quả" {
		t.Errorf("the departure is called %q, %v", now.Title.Vi, err)
	}
	// An old form brings nothing back, and a new one may.
	if _, err := s.Save(t.Context(), "p", tour, tour.Changed); fault.CodeOf(err) != "tours.form.stale" {
		t.Error(err)
	}
	again, err := changed(t, s, tour.ID, func(x *tours.Tour) { x.AddOns = x.Former.AddOns })
	if err != nil || again.AddOns[0].ID != "bus" || len(again.Former.AddOns) != 0 {
		t.Errorf("%+v %v", again.AddOns, err)
	}
}

// What tours share follows a tour that is changed: who is booked needs it now, or
// needs it no more.
func TestWhatIsSharedFollowsAChangedTour(t *testing.T) {
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	s, one := newTours(t, func() time.Time { return now })
	bus, err := s.SaveResource(t.Context(), tours.Resource{Org: "a", Name: "Xe 10 chỗ", Capacity: 10})
	if err != nil {
		t.Fatal(err)
	}
	use := []tours.Use{{Resource: bus.ID, AddOn: "bus", Quantity: 1}}
	other := sample("Đi bộ xem hoa", "a")
	other.Uses = use
	if other, err = s.Save(t.Context(), "p", other, time.Time{}); err != nil {
		t.Fatal(err)
	}
	d, e := plan(t, s, one, saturday, 10), plan(t, s, other, saturday.Add(time.Hour), 10)
	if _, err := walkIn(t.Context(), s, d, map[string]int64{"adult": 6}, map[string]int64{"bus": 6}); err != nil {
		t.Fatal(err)
	}
	want := func(n int64, code string) {
		t.Helper()
		if _, err := walkIn(t.Context(), s, e, map[string]int64{"adult": n}, map[string]int64{"bus": n}); fault.CodeOf(err) != code {
			t.Errorf("%v, want %q", err, code)
		}
	}
	if _, err := changed(t, s, one.ID, func(x *tours.Tour) { x.Uses = use }); err != nil {
		t.Fatal(err)
	}
	want(5, "hold.sold_out") // six of the ten are on the bus by now
	if _, err := walkIn(t.Context(), s, d, map[string]int64{"adult": 3}, map[string]int64{"bus": 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := changed(t, s, one.ID, func(x *tours.Tour) { x.Uses = nil }); err != nil {
		t.Fatal(err)
	}
	want(8, "")
	for _, x := range []tours.Use{{Resource: "another's", Quantity: 1}, {Resource: bus.ID, AddOn: "boat", Quantity: 1}} {
		if _, err := changed(t, s, one.ID, func(y *tours.Tour) { y.Uses = []tours.Use{x} }); fault.CodeOf(err) != "tours.form" {
			t.Errorf("%+v: %v", x, err)
		}
	}
	bus.Ended = true
	if _, err := s.SaveResource(t.Context(), bus); fault.CodeOf(err) != "tours.resource.used" {
		t.Error(err)
	}
	if _, err := changed(t, s, other.ID, func(x *tours.Tour) { x.Uses = nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := s.SaveResource(t.Context(), bus); err != nil {
		t.Error(err)
	}
	if _, err := changed(t, s, one.ID, func(x *tours.Tour) { x.Uses = use }); fault.CodeOf(err) != "tours.form" {
		t.Errorf("what ended is used: %v", err)
	}
}

// A departure moves where all its parties find room on what tours share, not only
// each of them; what they have now does not stand in their own way.
func TestADepartureMovesWithWhatItShares(t *testing.T) {
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	s, one := newTours(t, func() time.Time { return now })
	bus, err := s.SaveResource(t.Context(), tours.Resource{Org: "a", Name: "Xe 10 chỗ", Capacity: 10})
	if err != nil {
		t.Fatal(err)
	}
	if one, err = changed(t, s, one.ID, func(x *tours.Tour) { x.Uses = []tours.Use{{Resource: bus.ID, AddOn: "bus", Quantity: 1}} }); err != nil {
		t.Fatal(err)
	}
	d, e := plan(t, s, one, saturday, 10), plan(t, s, one, saturday.Add(24*time.Hour), 10)
	for _, x := range []struct {
		d tours.Departure
		n int64
	}{{d, 4}, {d, 4}, {e, 5}} {
		if _, err := walkIn(t.Context(), s, x.d, map[string]int64{"adult": x.n}, map[string]int64{"bus": x.n}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Retime(t.Context(), "p", d.ID, e.Start.Add(time.Hour)); fault.CodeOf(err) != "tours.departure.shared" {
		t.Errorf("eight more on a bus with five: %v", err)
	}
	if err := s.Retime(t.Context(), "p", d.ID, d.Start.Add(30*time.Minute)); err != nil {
		t.Errorf("half an hour later: %v", err)
	}
}
