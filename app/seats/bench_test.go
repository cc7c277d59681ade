package seats

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store/sqlite"
	"nguon/catalog/order"
	"nguon/tours"
)

// hall is an event with many seats, with orders and bookings as the program joins
// them; only mails and the log go nowhere.
type hall struct {
	orders *order.Service
	tours  *tours.Service
	leaves tours.Departure
}

func (h *hall) Perform(ctx context.Context, e outbox.Effect) error {
	switch {
	case e.Task == nil, e.Task.Name == tours.TaskBooked, e.Task.Name == order.TaskNew:
		return nil
	case e.Task.Name == order.TaskVisit:
		return Follow(ctx, h.orders, h.tours, *e.Task)
	case e.Task.Name == order.TaskLedger:
		return h.orders.WriteLedger(ctx, e.Task.Object)
	}
	return h.tours.Do(ctx, *e.Task)
}

// Seller implements order.Sellers.
func (h *hall) Seller(_ context.Context, id string) (order.Seller, error) {
	return order.Seller{ID: id, Name: "Ban tổ chức", MaySell: true, Commission: 500}, nil
}

func newHall(b *testing.B, seats int64, price money.VND) *hall {
	b.Helper()
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	db, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "hall.db"), sqlite.Options{})
	must(err)
	b.Cleanup(func() { db.Close() })
	h, paid, log := &hall{}, &Shop{}, slog.New(slog.DiscardHandler)
	h.tours, err = tours.New(b.Context(), tours.Deps{DB: db, Effects: h, Shop: paid, Secret: make([]byte, 32), Now: time.Now, Log: log})
	must(err)
	h.orders, err = order.New(b.Context(), order.Deps{DB: db, Effects: h, Fulfillers: map[order.Kind]order.Fulfiller{Kind: Seats{h.tours}}, Sellers: h, Key: make([]byte, 32), Now: time.Now, Log: log})
	must(err)
	paid.Orders = h.orders
	t := sample("Đêm nhạc", "org")
	t.Seats, t.Deposit, t.AddOns = seats, 0, []tours.AddOn{}
	t.Types = []tours.CustomerType{{ID: "adult", Name: lang.Text{Vi: "người"}, Price: price, Seats: 1, Alone: true}}
	t, err = h.tours.Save(b.Context(), "p", t, time.Time{})
	must(err)
	must(h.tours.Publish(b.Context(), "p", t.ID, false))
	start := time.Now().AddDate(0, 1, 0)
	_, err = h.tours.Plan(b.Context(), "p", tours.Planned{Tour: t.ID, Starts: []time.Time{start}})
	must(err)
	list, err := h.tours.Departures(b.Context(), t.ID, start.Add(-time.Hour), start.Add(time.Hour))
	must(err)
	h.leaves = list[0]
	return h
}

// visitor books one seat from the empty form to the ticket: party, cart, order,
// and where it costs something the money.
func (h *hall) visitor(ctx context.Context, i int, price money.VND) error {
	id, cart := order.NewID(), order.NewID()
	if _, err := h.tours.Book(ctx, tours.Wanted{ID: id, Departure: h.leaves.ID, Party: tours.Party{People: map[string]int64{"adult": 1}}, Lang: lang.Vi}); err != nil {
		return err
	}
	if err := h.orders.Put(ctx, cart, "", Kind, id, 1); err != nil {
		return err
	}
	o, err := h.orders.Place(ctx, order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: order.Transfer, Network: fmt.Sprint("n", i), Seen: price,
		Customer: order.Customer{Name: "Hoa", Phone: fmt.Sprintf("09%08d", i)}})
	if err != nil || price == 0 {
		return err
	}
	_, err = h.orders.Receive(ctx, order.Incoming{Ref: fmt.Sprint("FT", i), Amount: price, Booked: time.Now(), Memo: o.Code}, "webhook", "webhook")
	return err
}

// BenchmarkBookings lets 200 visitors at a time book one departure of 5,000 seats
// until it is full: each does everything from the form to the ticket. Exactly as
// many get in as there are seats.
func BenchmarkBookings(b *testing.B) {
	const seats, visitors, clients = 5000, 5100, 200
	for name, price := range map[string]money.VND{"free": 0, "paid": 150_000} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				h := newHall(b, seats, price)
				var next, full, failed atomic.Int64
				start := time.Now()
				var wg sync.WaitGroup
				for range clients {
					wg.Go(func() {
						for {
							i := int(next.Add(1))
							if i > visitors {
								return
							}
							for {
								err := h.visitor(b.Context(), i, price)
								if fault.Is(err, fault.Unavailable) {
									continue
								}
								if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
									full.Add(1)
								} else if err != nil {
									failed.Add(1)
									b.Log(err)
								}
								break
							}
						}
					})
				}
				wg.Wait()
				took := time.Since(start)
				d, err := h.tours.Departure(b.Context(), h.leaves.ID)
				if err != nil || failed.Load() > 0 || full.Load() != visitors-seats || d.Taken != seats || d.Left(time.Now()) != 0 || len(d.Settled) != 0 {
					b.Fatalf("%d failed, %d found it full, %d seats are taken, %d left, %d claims, %v", failed.Load(), full.Load(), d.Taken, d.Left(time.Now()), len(d.Settled), err)
				}
				roster, err := h.tours.Roster(b.Context(), d.ID)
				if err != nil || len(roster) != seats {
					b.Fatalf("%d tickets of %d seats, %v", len(roster), seats, err)
				}
				b.ReportMetric(float64(seats)/took.Minutes(), "bookings/min")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}
