package order

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
	"nguon/app/store/sqlite"
)

// shelf fulfils one kind of thing from memory.
type shelf struct {
	mu       sync.Mutex
	kind     Kind
	now      func() time.Time
	capacity map[string]int64
	books    map[string]*hold.Book
	folded   map[string]int64 // of orders and resources
	quotes   map[string]Quote
	fuse     *fuse // nil for one that never blows
}

var errDead = errors.New("killed")

func (f *shelf) Quote(_ context.Context, ref string) (Quote, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q, ok := f.quotes[ref]
	if !ok {
		return q, fault.New(fault.NotFound, "catalog.gtin.not_found")
	}
	q.Free = 1 << 40
	for _, n := range q.Needs {
		q.Free = min(q.Free, f.book(n.Resource).Free(f.capacity[n.Resource], f.now())/n.Quantity)
	}
	return q, nil
}

func (f *shelf) book(resource string) *hold.Book {
	if f.books[resource] == nil {
		f.books[resource] = &hold.Book{}
	}
	return f.books[resource]
}

func (f *shelf) with(n Need, fn func(b *hold.Book) error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fuse == nil {
		return fn(f.book(n.Resource))
	}
	done, heard := f.fuse.burn()
	var err error
	if done {
		err = fn(f.book(n.Resource))
	}
	if !heard {
		return errDead
	}
	return err
}

func (f *shelf) Hold(_ context.Context, order string, n Need, until time.Time) error {
	return f.with(n, func(b *hold.Book) error {
		return b.Hold(f.capacity[n.Resource], order, n.Quantity, until, f.now())
	})
}

func (f *shelf) Settle(_ context.Context, order string, n Need) error {
	return f.with(n, func(b *hold.Book) error { return b.Settle(f.capacity[n.Resource], order, n.Quantity, f.now()) })
}

func (f *shelf) Release(_ context.Context, order string, n Need) error {
	return f.with(n, func(b *hold.Book) error { b.Release(order); return nil })
}

func (f *shelf) Fold(_ context.Context, order string, n Need) error {
	return f.with(n, func(b *hold.Book) error {
		q := b.Fold(order)
		f.capacity[n.Resource] -= q
		f.folded[order+n.Resource] += q
		return nil
	})
}

func (f *shelf) Restore(_ context.Context, order string, n Need) error {
	return f.with(n, func(*hold.Book) error {
		f.capacity[n.Resource] += f.folded[order+n.Resource]
		f.folded[order+n.Resource] = 0
		return nil
	})
}

// makers know two sellers: a cooperative and a household.
type makers struct {
	closed map[string]bool
	stands map[string]*Stand
}

func (m makers) Seller(_ context.Context, id string) (Seller, error) {
	rates := Rates{FreeFrom: 1_000_000, Pickup: true, Cash: true, Zones: []Zone{{Provinces: []string{"14"}, Steps: []RateStep{{1000, 20_000}, {5000, 35_000}}}, {Steps: []RateStep{{1000, 30_000}, {5000, 55_000}}}}}
	return Seller{ID: id, Name: "HTX " + id, Household: id == "ho", MaySell: !m.closed[id], PickupAt: "Bản Noong", Stand: m.stands[id], Phone: "0212 385 1234", Path: "/producers/" + id, Commission: 500, Rates: rates}, nil
}

// shop is a service on a store of its own, with a clock that moves when told.
type shop struct {
	*Service
	t      *testing.T
	db     store.DB
	at     time.Time
	mu     sync.Mutex
	goods  *shelf
	seats  *shelf
	makers makers
	mails  map[string]outbox.Mail
	tasks  map[string]int
	done   []outbox.Task
	n      int
}

const seat Kind = "seat"

func newShop(t *testing.T) *shop {
	t.Helper()
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := &shop{t: t, db: db, at: time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC), mails: map[string]outbox.Mail{}, tasks: map[string]int{}, makers: makers{map[string]bool{}, map[string]*Stand{}}}
	goods := func(seller, name string, price money.VND, resource string, quantity int64) Quote {
		return Quote{Seller: seller, Title: lang.Text{Vi: name, En: name}, Price: price, Grams: 280, Needs: []Need{{Goods, resource, quantity}}}
	}
	d.goods = &shelf{kind: Goods, now: d.clock, capacity: map[string]int64{"a250": 20, "b500": 20, "c1": 20}, books: map[string]*hold.Book{}, folded: map[string]int64{},
		quotes: map[string]Quote{"a250": goods("htx", "Arabica 250 g", 95_000, "a250", 1), "box": goods("htx", "Hộp hai gói", 180_000, "a250", 2),
			"b500": goods("ho", "Robusta 500 g", 120_000, "b500", 1), "c1": goods("htx", "Nhân xanh", 168_000, "c1", 1)}}
	d.seats = &shelf{kind: seat, now: d.clock, capacity: map[string]int64{"sat": 20, "guide": 20}, books: map[string]*hold.Book{}, folded: map[string]int64{},
		quotes: map[string]Quote{"sat": {Seller: "htx", Title: lang.Text{Vi: "Hái quả"}, Price: 250_000, Service: true, Needs: []Need{{seat, "sat", 1}, {seat, "guide", 1}}}}}
	d.restart()
	return d
}

// restartWith makes the service on a store that is about to die: declaring the
// collections costs nothing of its fuse.
func (d *shop) restartWith(f *fuse) {
	left := f.left
	f.left = 1 << 30
	d.restart()
	f.left = left
}

// restart makes the service anew on the same store, as another process would.
func (d *shop) restart() {
	d.t.Helper()
	s, err := New(d.t.Context(), Deps{DB: d.db, Effects: d, Fulfillers: map[Kind]Fulfiller{Goods: d.goods, seat: d.seats}, Sellers: d.makers,
		Key: []byte("0123456789abcdef0123456789abcdef"), Now: d.clock, Log: slog.New(slog.DiscardHandler)})
	d.ok(err)
	d.Service = s
}

func (d *shop) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at
}

func (d *shop) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at = d.at.Add(by)
}

// Perform keeps mails and does tasks of the ledger.
func (d *shop) Perform(ctx context.Context, e outbox.Effect) error {
	if e.Task != nil && e.Task.Name == TaskLedger {
		return d.WriteLedger(ctx, e.Task.Object)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case e.Mail != nil:
		d.mails[e.ID] = *e.Mail
	case e.Task != nil:
		d.tasks[e.ID]++
		d.done = append(d.done, *e.Task)
	}
	return nil
}

func (d *shop) ok(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *shop) refused(err error, code string) {
	d.t.Helper()
	if fault.CodeOf(err) != code || err == nil {
		d.t.Fatalf("got %v, want %s", err, code)
	}
}

// fill makes a cart of lines like "goods:a250*2".
func (d *shop) fill(lines ...string) string {
	d.t.Helper()
	id := NewID()
	for _, l := range lines {
		var ref string
		var n int64
		fmt.Sscanf(l, "%s %d", &ref, &n)
		kind := Goods
		if ref == "sat" {
			kind = seat
		}
		d.ok(d.Put(d.t.Context(), id, "", kind, ref, n))
	}
	return id
}

// form is a checkout of a cart as its page would send it; each is of another
// telephone.
func (d *shop) form(cart string, m Method) Checkout {
	d.t.Helper()
	d.mu.Lock()
	d.n++
	phone := fmt.Sprintf("09%08d", d.n)
	d.mu.Unlock()
	f := Checkout{ID: NewID(), Cart: cart, Lang: lang.Vi, Method: m, Network: "net" + phone,
		Customer: Customer{Name: "Lò Thị Hoa", Phone: phone, Email: "hoa@khach.example", Street: "12 Tô Hiệu", Commune: "Phường Tô Hiệu", Province: "14"}}
	c, err := d.Cart(d.t.Context(), cart)
	d.ok(err)
	b, err := d.Basket(d.t.Context(), c, Wish{Province: "14", Phone: PhoneKey(phone)})
	d.ok(err)
	f.Seen, f.Ways = b.Total, map[string]Way{}
	for _, p := range b.Parcels {
		f.Ways[p.Seller] = p.Way
	}
	return f
}

func (d *shop) place(m Method, lines ...string) Order {
	d.t.Helper()
	o, err := d.Place(d.t.Context(), d.form(d.fill(lines...), m))
	d.ok(err)
	return o
}

func (d *shop) get(id string) Order {
	d.t.Helper()
	o, err := d.Order(d.t.Context(), id)
	d.ok(err)
	return o
}

// transfer lets money come in at the bank.
func (d *shop) transfer(ref string, o Order, amount money.VND, booked time.Time) TransferIn {
	d.t.Helper()
	t, err := d.Receive(d.t.Context(), Incoming{Ref: ref, Amount: amount, Booked: booked, Memo: "CK " + o.Code + " mua ca phe"}, "hand", "p1")
	d.ok(err)
	return t
}

func (d *shop) sweep() {
	d.t.Helper()
	_, err := d.Sweep(d.t.Context())
	d.ok(err)
}

// free is how much of a resource nobody has.
func (d *shop) free(f *shelf, resource string) int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.book(resource).Free(f.capacity[resource], d.clock())
}

// sound checks that all money adds up and the ledger says the same.
func (d *shop) sound() {
	d.t.Helper()
	_, found, err := d.Check(d.t.Context())
	d.ok(err)
	for _, f := range found {
		d.t.Errorf("%s: %s", f.Code, f.What)
	}
}

func moneyOf(n int64) money.VND { return money.VND(n) }
