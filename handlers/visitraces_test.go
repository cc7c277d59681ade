package handlers_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/catalog/order"
	"nguon/tours"
)

// atOnce sends all requests at the same moment and returns their states.
func atOnce(send []func() answer) []int {
	var wg sync.WaitGroup
	status, start := make([]int, len(send)), make(chan struct{})
	for i, f := range send {
		wg.Go(func() {
			<-start
			status[i] = f().Status
		})
	}
	close(start)
	wg.Wait()
	return status
}

// placed counts those orders that were placed; anything but "placed" and "not any more"
// is an error.
func (s *site) placed(status []int) (n int) {
	s.t.Helper()
	for _, x := range status {
		if x == 303 {
			n++
		} else if x != 409 {
			s.t.Errorf("status %d", x)
		}
	}
	return n
}

// places are visitors with one adult on a departure in the cart and the form of
// the checkout filled in, each of a network and a telephone of its own.
func (s *site) places(t tours.Tour, d tours.Departure, n, first int, more ...string) (send []func() answer) {
	s.t.Helper()
	for i := range n {
		p := s.visitor()
		if a := p.post("/tours/"+t.Slug+"/book", append([]string{"departure", d.ID, "people.adult", "1", "do", "book"}, more...)...); a.Status != 303 {
			s.t.Fatalf("%d %s", a.Status, text(a.doc(s.t), "main"))
		}
		body := form(p.checkout("method", "transfer", "phone", fmt.Sprintf("09%08d", first+i))...)
		send = append(send, func() answer {
			return s.send("POST", "/checkout", body, p.headers("Content-Type: application/x-www-form-urlencoded", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", first+i))...)
		})
	}
	return send
}

// Two tours of a cooperative share a minibus of five seats: whichever of sixteen
// people with a seat on the bus in the cart come first have it, on both together.
func TestTheLastMinibusOverHTTP(t *testing.T) {
	s := newSite(t, fromNetworks)
	ctx := context.Background()
	bus, err := s.tours.SaveResource(ctx, tours.Resource{Org: ourOrg, Name: "Xe 5 chỗ", Capacity: 5})
	must(t, err)
	start := s.now().AddDate(0, 0, 9).Truncate(24 * time.Hour).Add(3*time.Hour + 40*time.Minute)
	var send []func() answer
	var both []tours.Departure
	for i, name := range []string{"Một buổi", "Thử nếm"} {
		x := s.visitOf(ourOrg, name)
		x.AddOns = append(x.AddOns, tours.AddOn{ID: "xe", Price: 50_000})
		x.AddOns[len(x.AddOns)-1].Name.Vi = "Đón ở bến xe, xe 5 chỗ"
		x.Uses = []tours.Use{{Resource: bus.ID, AddOn: "xe", Quantity: 1}}
		x, err := s.tours.Save(ctx, "test", x, x.Changed)
		must(t, err)
		_, err = s.tours.Plan(ctx, "test", tours.Planned{Tour: x.ID, Starts: []time.Time{start}, Capacity: 20})
		must(t, err)
		list, err := s.tours.Departures(ctx, x.ID, start, start.Add(time.Minute))
		must(t, err)
		if len(list) != 1 {
			t.Fatalf("%d departures of %s", len(list), name)
		}
		both = append(both, list[0])
		send = append(send, s.places(x, list[0], 8, 100*i, "addons.xe", "1", "asked", "1")...)
	}
	got := s.placed(atOnce(send))
	taken := int64(0)
	for _, d := range both {
		d, err := s.tours.Departure(ctx, d.ID)
		must(t, err)
		taken += 20 - d.Left(s.now())
	}
	if got != 5 || taken != 5 {
		t.Errorf("%d orders and %d seats for a bus of five", got, taken)
	}
}

// A seat comes free while somebody waits for it, others have it in their carts,
// and somebody stands at the gate: it is offered to who waits, and to nobody else.
func TestAnOfferAgainstAWalkIn(t *testing.T) {
	s := newSite(t, fromNetworks)
	ctx := context.Background()
	taste := s.visitOf(ourOrg, "Thử nếm")
	d := s.leaves(taste, 7)
	must(t, s.tours.Resize(ctx, "test", d.ID, 1))
	send := s.places(taste, d, 8, 0)
	first := s.visitor()
	b := s.books(first, taste, []string{"departure", d.ID, "people.adult", "1", "do", "book"})
	w, path := s.visitor(), "/tours/"+taste.Slug
	id := w.get(path+"/wait?departure="+d.ID).doc(t).Find(`input[name="id"]`).AttrOr("value", "")
	if a := w.post(path+"/wait", "departure", d.ID, "id", id, "seats", "1", "name", "Hoa", "email", "hoa@khach.example"); a.Status != 200 {
		t.Fatal(a.Status)
	}
	host := s.enter(account.Owner)
	token := host.token()
	send = append(send, func() answer {
		return s.send("POST", "/console/tours/checkin/"+d.ID, form("token", token, "do", "walkin", "booking", order.NewID(), "people.adult", "1", "name", "Khách"), host.headers("Content-Type: application/x-www-form-urlencoded")...)
	})
	cancel := func() answer {
		return s.send("POST", "/tickets/"+b.ID+"/cancel", form("as", "money"), first.headers("Content-Type: application/x-www-form-urlencoded")...)
	}
	status := atOnce(append(send, cancel))
	if n := len(status) - 1; status[n] != 303 || s.placed(status[:n]) != 0 {
		t.Errorf("cancelled with %d, the others %v", status[n], status[:n])
	}
	if got := s.placed(atOnce(send)); got != 0 {
		t.Errorf("%d have what is offered to somebody else", got)
	}
	got := s.books(w, taste, []string{"departure", d.ID, "offer", id, "people.adult", "1", "do", "book"})
	d, err := s.tours.Departure(ctx, d.ID)
	must(t, err)
	if got.State != tours.Booked || d.Taken != 1 || d.Left(s.now()) != 0 {
		t.Errorf("%s, %d taken, %d left", got.State, d.Taken, d.Left(s.now()))
	}
}
