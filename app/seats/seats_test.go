package seats

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store/sqlite"
	"nguon/catalog/order"
	"nguon/catalog/order/ordertest"
	"nguon/tours"
)

// heard keeps what was posted.
type heard struct {
	mu   sync.Mutex
	list []outbox.Effect
}

func (h *heard) Perform(_ context.Context, e outbox.Effect) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.list = append(h.list, e)
	return nil
}

// newTours has one published tour of a day in December, with a minibus of ten
// seats that is an add-on and a guide of whom there is one.
func newTours(t *testing.T, now func() time.Time) (*tours.Service, tours.Tour) {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "data.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, err := tours.New(t.Context(), tours.Deps{DB: db, Effects: &heard{}, Secret: []byte("0123456789abcdef0123456789abcdef"), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	tour, err := s.Save(t.Context(), "p", sample("Hái quả và rang", "a"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Publish(t.Context(), "p", tour.ID, false); err != nil {
		t.Fatal(err)
	}
	tour, err = s.Tour(t.Context(), tour.ID)
	if err != nil {
		t.Fatal(err)
	}
	return s, tour
}

func sample(name, org string) tours.Tour {
	text := func(s string) lang.Text { return lang.Text{Vi: s, En: s} }
	return tours.Tour{Org: org, Kind: tours.Harvest, Name: name, NameEn: "Pick and roast", Commune: "03646", Altitude: 1050, Story: text("Một buổi ở vườn."), Phone: "0212 385 1234",
		Minutes: 240, Level: tours.Easy, Rain: text("Có mái che."), Seats: 10, Meeting: tours.Meeting{Lat: 21.3, Lon: 103.9, Words: text("Cổng vườn"), Road: tours.ByCar},
		Types:  []tours.CustomerType{{ID: "adult", Name: text("người lớn"), Price: 250_000, Seats: 1, Alone: true}, {ID: "child", Name: text("trẻ em"), Price: 100_000, Seats: 1}},
		AddOns: []tours.AddOn{{ID: "bus", Name: text("đón ở bến xe"), Price: 50_000}}, Policy: tours.Policy{{Hours: 48, Percent: 100}, {Hours: 24, Percent: 50}}, Deposit: 20}
}

func plan(t *testing.T, s *tours.Service, tour tours.Tour, start time.Time, seats int64) tours.Departure {
	t.Helper()
	if _, err := s.Plan(t.Context(), "p", tours.Planned{Tour: tour.ID, Starts: []time.Time{start}, Capacity: seats}); err != nil {
		t.Fatal(err)
	}
	list, err := s.Departures(t.Context(), tour.ID, start, start.Add(time.Minute))
	if err != nil || len(list) != 1 {
		t.Fatalf("%d departures, %v", len(list), err)
	}
	return list[0]
}

func book(t *testing.T, s *tours.Service, d tours.Departure, people, addOns map[string]int64) tours.Booking {
	t.Helper()
	b, err := s.Book(t.Context(), tours.Wanted{ID: order.NewID(), Departure: d.ID, Party: tours.Party{People: people, AddOns: addOns}, Lang: lang.Vi})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var saturday = time.Date(2026, 12, 12, 1, 0, 0, 0, time.UTC) // eight in the morning

func TestSeatsFulfil(t *testing.T) {
	ordertest.Fulfiller(t, func(t *testing.T, capacity int64, now func() time.Time) (order.Fulfiller, string, order.Need) {
		s, tour := newTours(t, now)
		if capacity == 0 {
			return Seats{s}, "", order.Need{Kind: Kind, Resource: "d/b", Quantity: 1}
		}
		d := plan(t, s, tour, saturday, capacity)
		b := book(t, s, d, map[string]int64{"adult": 1}, nil)
		return Seats{s}, b.ID, order.Need{Kind: Kind, Resource: d.ID + "/" + b.ID, Quantity: 1}
	})
}

// Two tours compete for one minibus of ten seats: who has it has all of the party
// on it, and who has not has nothing.
func TestTheLastSeatsOfAMinibus(t *testing.T) {
	now := time.Date(2026, 12, 1, 3, 0, 0, 0, time.UTC)
	s, one := newTours(t, func() time.Time { return now })
	bus, err := s.SaveResource(t.Context(), tours.Resource{Org: "a", Name: "Xe 10 chỗ", Capacity: 10})
	if err != nil {
		t.Fatal(err)
	}
	other, err := s.Save(t.Context(), "p", sample("Đi bộ xem hoa", "a"), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	var claims []tours.Claim
	for _, x := range []tours.Tour{one, other} {
		seen := x.Changed
		x.Uses = []tours.Use{{Resource: bus.ID, AddOn: "bus", Quantity: 1}}
		if x, err = s.Save(t.Context(), "p", x, seen); err != nil {
			t.Fatal(err)
		}
		if err := s.Publish(t.Context(), "p", x.ID, false); err != nil {
			t.Fatal(err)
		}
		d := plan(t, s, x, saturday.Add(time.Hour), 10)
		b := book(t, s, d, map[string]int64{"adult": 6}, map[string]int64{"bus": 6})
		claims = append(claims, tours.Claim{Order: order.NewID(), Booking: b.ID, Departure: d.ID, Seats: 6})
	}
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, c := range claims {
		wg.Go(func() { errs[i] = s.HoldSeats(t.Context(), c, now.Add(time.Hour)) })
	}
	wg.Wait()
	won := 0
	for i, c := range claims {
		d, err := s.Departure(t.Context(), c.Departure)
		if err != nil {
			t.Fatal(err)
		}
		want := int64(10)
		if errs[i] == nil {
			won, want = won+1, 4
		} else if fault.CodeOf(errs[i]) != "hold.sold_out" {
			t.Error(errs[i])
		}
		if d.Left(now) != want {
			t.Errorf("%d seats are left, want %d", d.Left(now), want)
		}
	}
	if won != 1 {
		t.Fatalf("%d of two parties are on the bus: %v", won, errs)
	}
	// Who has it gives it up: the other has it.
	for i := range claims {
		if errs[i] == nil {
			if err := s.ReleaseSeats(t.Context(), claims[i]); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range claims {
		if errs[i] != nil {
			if err := s.HoldSeats(t.Context(), claims[i], now.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		}
	}
}
