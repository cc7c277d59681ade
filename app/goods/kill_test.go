package goods

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
	"nguon/catalog"
	"nguon/catalog/order"
)

const killFile = "NGUON_KILL_FILE"

const onShelf = 500

type oneSeller struct{}

func (oneSeller) Seller(_ context.Context, id string) (order.Seller, error) {
	return order.Seller{ID: id, Name: "HTX Mẫu", MaySell: true, Commission: 500, Rates: order.DefaultTerms.Rates}, nil
}

// ledgerOnly performs what orders post to themselves.
type ledgerOnly struct{ s *order.Service }

func (l *ledgerOnly) Perform(ctx context.Context, e outbox.Effect) error {
	if e.Task != nil && e.Task.Name == order.TaskLedger {
		return l.s.WriteLedger(ctx, e.Task.Object)
	}
	return nil
}

// killShop opens a shop on a file, whose clock goes ahead of the real one.
func killShop(t *testing.T, path string, ahead time.Duration) (*order.Service, *catalog.Service) {
	t.Helper()
	db, err := sqlite.Open(context.Background(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	now := func() time.Time { return time.Now().Add(ahead) }
	c, err := catalog.New(t.Context(), db, now)
	if err != nil {
		t.Fatal(err)
	}
	l := &ledgerOnly{}
	s, err := order.New(t.Context(), order.Deps{DB: db, Effects: l, Fulfillers: map[order.Kind]order.Fulfiller{order.Goods: Goods{c}}, Sellers: oneSeller{},
		Key: make([]byte, 32), Now: now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	l.s = s
	return s, c
}

// TestKilledWhileItSells kills a process that sells from eight tills at once, at
// moments that nobody chose. Another goes on: no packet is lost or sold twice,
// no order that was answered and no payment that was taken is forgotten.
func TestKilledWhileItSells(t *testing.T) {
	path := t.TempDir() + "/shop.db"
	_, c := killShop(t, path, 0)
	ctx := context.Background()
	if err := c.SaveProducer(ctx, catalog.Producer{ID: "a", Name: "HTX Mẫu", Kind: catalog.Cooperative, Commune: "04132", Address: lang.Text{Vi: "Bản Mẫu"}, Published: true}); err != nil {
		t.Fatal(err)
	}
	p := catalog.Product{ID: "p", Slug: "ca-phe-mau", Producer: "a", Name: "Cà phê mẫu", Kind: catalog.Roasted, Species: "arabica", Roast: catalog.Medium, Process: catalog.Washed,
		Summary: lang.Text{Vi: "Một câu."}, Art: catalog.Art{Color: "roast"}, Published: true, Variants: []catalog.Variant{{GTIN: exampleGTIN(1), NetGrams: 250, Grind: "beans", Price: 135_000}}}
	if err := c.SaveProduct(ctx, p); err != nil {
		t.Fatal(err)
	}
	gtin := p.Variants[0].GTIN
	if err := c.Count(ctx, "p", gtin, onShelf); err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for round, after := range []int{3, 60, 200} {
		for _, line := range killedTill(t, path, after) {
			id, what, _ := strings.Cut(line, " ")
			said[id] = what
		}
		ahead := time.Duration(round+1) * 3 * time.Minute
		s, c := killShop(t, path, ahead)
		for range 3 {
			if _, err := s.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SweepTransfers(ctx); err != nil {
			t.Fatal(err)
		}
		sound(t, s, c, gtin, said)
	}
	if len(said) < 100 {
		t.Errorf("only %d orders were answered", len(said))
	}
}

// sound compares what the till had answered, the orders and the stock.
func sound(t *testing.T, s *order.Service, c *catalog.Service, gtin string, said map[string]string) {
	t.Helper()
	ctx := t.Context()
	for id, what := range said {
		o, err := s.Order(ctx, id)
		switch {
		case err != nil:
			t.Errorf("%s was %s and is gone: %v", id, what, err)
		case what == "placed" && o.State != order.Open && o.State != order.Confirmed:
			t.Errorf("%s was placed and is %s", id, o.State)
		case what == "paid" && (o.State != order.Confirmed || o.Paid() != o.Total()):
			t.Errorf("%s was paid and is %s", id, o.State)
		case what == "sent" && o.Parcels[0].State != order.Sent:
			t.Errorf("%s was sent and is %s", id, o.Parcels[0].State)
		}
	}
	held, sent := int64(0), int64(0)
	for _, state := range []order.State{order.Open, order.Confirmed, order.Placing, order.Settling, order.Stuck} {
		after := ""
		for {
			list, next, err := s.ByState(ctx, state, after)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range list {
				if state != order.Open && state != order.Confirmed {
					t.Errorf("%s is still %s", o.ID, state)
				}
				if o.Parcels[0].SentAt != nil {
					sent += o.Lines[0].Quantity
				} else {
					held += o.Lines[0].Quantity
				}
			}
			if after = next; after == "" {
				break
			}
		}
	}
	st, err := c.Stock(ctx, gtin)
	if err != nil {
		t.Fatal(err)
	}
	if free := st.Free(time.Now()); st.OnHand != onShelf-sent || free != onShelf-sent-held {
		t.Errorf("%d on the shelf, %d free; %d were sent and %d are claimed", st.OnHand, free, sent, held)
	}
	if n, found, err := s.Check(ctx); err != nil || len(found) > 0 {
		t.Errorf("%d orders, %v, %v", n, found, err)
	}
}

// killedTill runs TestTillChild, kills it after so many lines and returns them.
func killedTill(t *testing.T, path string, lines int) (said []string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestTillChild$")
	child.Env = append(os.Environ(), killFile+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	scan := bufio.NewScanner(out)
	for scan.Scan() {
		if l, ok := strings.CutPrefix(scan.Text(), "order "); ok {
			said = append(said, l)
		}
		if len(said) == lines {
			_ = child.Process.Kill()
		}
	}
	_ = child.Wait()
	if len(said) < lines {
		t.Fatalf("only %d lines: %v", len(said), said)
	}
	return said
}

// TestTillChild is the process that is killed; by itself it does nothing.
func TestTillChild(t *testing.T) {
	path := os.Getenv(killFile)
	if path == "" {
		t.Skip("is run, and killed, by TestKilledWhileItSells")
	}
	s, _ := killShop(t, path, 0)
	gtin := exampleGTIN(1)
	var mu sync.Mutex
	say := func(id, what string) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Println("order", id, what)
	}
	var wg sync.WaitGroup
	for till := range 8 {
		wg.Go(func() {
			for i := range 1000 {
				sellOne(t.Context(), s, gtin, till, i, say)
			}
		})
	}
	wg.Wait()
}

// sellOne takes an order as far as its number says, and tells each step once it
// was answered.
func sellOne(ctx context.Context, s *order.Service, gtin string, till, i int, say func(id, what string)) {
	cart := order.NewID()
	if s.Put(ctx, cart, "", order.Goods, gtin, 1) != nil {
		return
	}
	method := []order.Method{order.Transfer, order.Cash}[i%2]
	f := order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: method, Network: fmt.Sprint(till, i, time.Now().UnixNano()), Seen: 135_000 + 20_000,
		Customer: order.Customer{Name: "Hoa", Phone: fmt.Sprintf("09%08d", time.Now().UnixNano()/1000%100_000_000), Street: "1", Commune: "x", Province: "14"}}
	o, err := s.Place(ctx, f)
	if err != nil {
		return
	}
	say(o.ID, "placed")
	if method == order.Transfer && i%4 == 0 {
		if _, err := s.Receive(ctx, order.Incoming{Ref: "vcb:" + o.ID, Amount: o.Total(), Booked: store.Stamp(time.Now()), Memo: o.Code}, "webhook", "webhook"); err != nil {
			return
		}
		say(o.ID, "paid")
	}
	if i%3 == 0 && s.Handle(ctx, "p1", o.ID, order.Moving{Move: order.Send, Seller: "a"}) == nil {
		say(o.ID, "sent")
	}
}
