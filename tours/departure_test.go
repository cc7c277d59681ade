package tours

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"nguon/app/fault"
)

func leaves(seats int64) *Departure {
	start := at("2026-12-12 08:00")
	return &Departure{ID: "d", Start: start, End: start.Add(6 * time.Hour), Cutoff: start.Add(-24 * time.Hour), Capacity: seats, State: Open}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Errorf("%v, want %q", err, code)
	}
}

func TestSeatsOfADeparture(t *testing.T) {
	now := at("2026-12-01 08:00")
	hour := now.Add(time.Hour)
	d := leaves(4)
	refused(t, d.Seat("a", "", 3, hour, now), "")
	refused(t, d.Seat("b", "", 2, hour, now), "hold.sold_out")
	refused(t, d.Seat("b", "", 1, hour, now), "")
	if d.Left(now) != 0 || d.Left(hour) != 4 {
		t.Errorf("%d, %d", d.Left(now), d.Left(hour))
	}
	for state, code := range map[DepartureState]string{Closed: "tours.closed", CalledOff: "tours.called_off"} {
		d.State = state
		refused(t, d.Seat("c", "", 1, hour, now), code)
	}
	d.State = Open
	refused(t, d.Seat("c", "", 1, d.Cutoff.Add(time.Hour), d.Cutoff.Add(time.Second)), "tours.cutoff")
	refused(t, d.Seat("c", "", 1, d.Cutoff.Add(time.Hour), d.Cutoff), "") // the last moment counts
}

func TestTheWaitingList(t *testing.T) {
	now := at("2026-12-01 08:00")
	d := leaves(4)
	refused(t, d.Wait(Waiter{ID: "w0", Seats: 2}, now), "tours.waiting.seats")
	for _, o := range []string{"a", "b"} {
		refused(t, d.Seat(o, "", 2, now.Add(48*time.Hour), now), "")
	}
	refused(t, d.Wait(Waiter{ID: "w1", Seats: 2}, now), "")
	refused(t, d.Wait(Waiter{ID: "w1", Seats: 2}, now), "") // the form sent twice
	refused(t, d.Wait(Waiter{ID: "w2", Seats: 3}, now), "")
	refused(t, d.Wait(Waiter{ID: "w3", Seats: 1}, now), "")
	refused(t, d.Wait(Waiter{ID: "w4", Seats: 5}, now), "tours.waiting.form")
	d.GiveUp("a", now)
	if !d.Queue[0].stands(now) || d.Queue[1].Offered != nil || d.Queue[2].Offered != nil {
		t.Errorf("%+v", d.Queue)
	}
	refused(t, d.Seat("walk-in", "", 1, now.Add(time.Hour), now), "hold.sold_out")
	refused(t, d.Seat("x", "w2", 1, now.Add(time.Hour), now), "tours.offer.over") // has none
	refused(t, d.Seat("x", "w1", 3, now.Add(time.Hour), now), "hold.sold_out")    // more than was offered
	if !d.Queue[0].stands(now) || d.Left(now) != 0 {
		t.Error("the offer is gone")
	}
	// It runs out: whoever fits is next.
	now = now.Add(offerFor)
	if fresh := d.Offer(now); len(fresh) != 1 || fresh[0].ID != "w3" || !d.Queue[0].Over {
		t.Errorf("%+v, %+v", fresh, d.Queue)
	}
	refused(t, d.Seat("late", "w1", 2, now.Add(time.Hour), now), "tours.offer.over")
	refused(t, d.Seat("three", "w3", 1, now.Add(time.Hour), now), "")
	refused(t, d.Seat("again", "w3", 1, now.Add(time.Hour), now), "tours.offer.over")
	d.GiveUp("b", now)
	if !d.Queue[1].stands(now) || d.Left(now) != 0 {
		t.Errorf("%+v, %d left", d.Queue, d.Left(now))
	}
	d.Leave("w2", now)
	if d.Left(now) != 3 || len(d.Offer(now)) != 0 {
		t.Errorf("%d left", d.Left(now))
	}
	// An offer ends with the cut-off.
	late := leaves(1)
	now = late.Cutoff.Add(-time.Hour)
	refused(t, late.Seat("a", "", 1, now.Add(24*time.Hour), now), "")
	refused(t, late.Wait(Waiter{ID: "w", Seats: 1}, now), "")
	late.GiveUp("a", now)
	if !late.Queue[0].Offered.Equal(late.Cutoff) {
		t.Errorf("%v", late.Queue[0].Offered)
	}
	if late.Offer(late.Cutoff.Add(time.Second)); !late.Queue[0].Over {
		t.Error("it stands past the cut-off")
	}
}

// Whatever happens, no more seats are claimed or offered than there are, nobody
// has two offers, and nobody who fits waits while seats are free.
func TestSeatsAlwaysAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		d, now := leaves(1+r.Int64N(12)), at("2026-12-01 08:00")
		for step := range 120 {
			now = now.Add(time.Duration(r.IntN(240)) * time.Minute)
			id, n := fmt.Sprint(r.IntN(9)), 1+r.Int64N(5)
			switch r.IntN(6) {
			case 0, 1:
				_ = d.Seat("o"+id, "", n, now.Add(time.Duration(r.IntN(300))*time.Minute), now)
			case 2:
				_ = d.Wait(Waiter{ID: "w" + id, Seats: n}, now)
			case 3:
				_ = d.Seat("o"+fmt.Sprint(step), "w"+id, n, now.Add(time.Hour), now)
			case 4:
				d.GiveUp("o"+id, now)
			default:
				d.Leave("w"+id, now)
			}
			d.Offer(now)
			claimed := int64(0)
			for _, c := range d.Holds {
				if now.Before(c.Until) {
					claimed += c.Quantity
				}
			}
			if claimed > d.Capacity {
				t.Fatalf("%d of %d seats", claimed, d.Capacity)
			}
			for _, w := range d.Queue {
				if !w.Over && w.Offered == nil && w.Seats <= d.Left(now) && d.Bookable(now) == nil {
					t.Fatalf("%+v waits, and %d are free", w, d.Left(now))
				}
			}
		}
	}
}
