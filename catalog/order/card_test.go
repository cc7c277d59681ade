package order

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
)

// till is a gateway that remembers what it was asked.
type till struct {
	mu      sync.Mutex
	pages   map[string]Session
	said    map[string]Start
	refunds map[string]GatewayRefund
	refuse  error
	away    bool
	now     func() time.Time
}

func (g *till) Start(_ context.Context, s Start) (Session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := fmt.Sprint("cs_", s.Order, "_", s.Attempt)
	if said, ok := g.said[id]; ok && (said.Amount != s.Amount || said.Done != s.Done || said.Lang != s.Lang) {
		return Session{}, fault.New(fault.Conflict, "order.card.attempt")
	}
	g.said[id] = s
	if _, ok := g.pages[id]; !ok {
		g.pages[id] = Session{ID: id, Order: s.Order, URL: "https://pay.example/" + id, Amount: s.Amount}
	}
	return g.pages[id], nil
}

func (g *till) Session(_ context.Context, id string) (Session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.away {
		return Session{}, fault.New(fault.Unavailable, "order.card.away")
	}
	return g.pages[id], nil
}

func (g *till) Refund(_ context.Context, r GatewayRefund) (string, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refuse != nil {
		return "", g.refuse
	}
	g.refunds[r.Refund] = r
	return "re_" + r.Refund, nil
}

// pay is what the shopper does on the page.
func (g *till) pay(id string) Session {
	g.mu.Lock()
	defer g.mu.Unlock()
	p := g.pages[id]
	p.Paid, p.Payment, p.At = true, "pi_"+id, g.now()
	g.pages[id] = p
	return p
}

func cardShop(t *testing.T) (*shop, *till) {
	t.Helper()
	d := newShop(t)
	g := &till{pages: map[string]Session{}, said: map[string]Start{}, refunds: map[string]GatewayRefund{}, now: d.clock}
	d.Gateway = g
	return d, g
}

func TestTheSameWordFiftyTimes(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	o := d.place(Card, "a250 1")
	if o.State != Open || !o.Until.Equal(o.Placed.Add(holdCard)) {
		t.Fatalf("%s until %v", o.State, o.Until)
	}
	url, err := d.Card(ctx, o.ID, "https://x/done", "https://x/back")
	d.ok(err)
	if again, err := d.Card(ctx, o.ID, "https://x/done", "https://x/back"); err != nil || again != url {
		t.Errorf("another page: %s, %v", again, err)
	}
	page := g.pay(d.get(o.ID).Sessions[0])
	e := Event{ID: "evt_1", Kind: EventPaid, Order: o.ID, Session: page.ID, Payment: page.Payment, Amount: page.Amount, At: d.clock()}
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			var err error
			if i%5 == 0 {
				err = d.Returned(ctx, o.ID) // and the shopper comes back
			} else {
				err = d.Take(ctx, e)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	d.sweep()
	o = d.get(o.ID)
	confirmed, mails := 0, 0
	for _, s := range o.Steps {
		if s.Name == "confirmed" {
			confirmed++
		}
	}
	for _, m := range d.mails {
		if m.Key == "mail.order_confirmed" {
			mails++
		}
	}
	if o.State != Confirmed || confirmed != 1 || mails != 1 || len(o.Payments) != 1 {
		t.Errorf("%s, confirmed %d times, %d mails, %d payments", o.State, confirmed, mails, len(o.Payments))
	}
	if _, err := d.Card(ctx, o.ID, "", ""); fault.CodeOf(err) != "order.card.over" {
		t.Error(err)
	}
	d.sound()
}

func TestAWordOfAnUnknownOrderIsSentAgain(t *testing.T) {
	d, _ := cardShop(t)
	for _, e := range []Event{{ID: "1", Kind: EventPaid, Order: NewID(), Payment: "pi", Amount: 1}, {ID: "2", Kind: EventPaid, Session: "cs_x"}, {ID: "3", Kind: EventRefunded, Payment: "pi_x"}, {ID: "4", Kind: EventDisputed}} {
		if err := d.Take(t.Context(), e); !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v: %v", e, err)
		}
	}
	for _, k := range []EventKind{EventOther, EventFailed, EventExpired} {
		if err := d.Take(t.Context(), Event{ID: "5", Kind: k, Order: NewID()}); err != nil {
			t.Error(k, err)
		}
	}
}

// The gateway's words come in any order, and more than once: the end is the same.
func TestWordsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 30 {
		d, g := cardShop(t)
		ctx := t.Context()
		o := d.place(Card, "a250 2")
		_, err := d.Card(ctx, o.ID, "", "")
		d.ok(err)
		page := g.pay(d.get(o.ID).Sessions[0])
		paid := Event{ID: "e1", Kind: EventPaid, Order: o.ID, Payment: page.Payment, Amount: page.Amount, At: d.clock()}
		d.ok(d.Take(ctx, paid))
		d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
		d.sweep()
		if got := d.get(o.ID); len(got.Refunds) != 1 || got.Refunds[0].State != RefundSent || g.refunds["r1"].Amount != page.Amount {
			t.Fatalf("%+v %+v", got.Refunds, g.refunds)
		}
		words := []Event{paid, paid,
			{ID: "e2", Kind: EventRefunded, Order: o.ID, Payment: page.Payment, Refund: "r1", Ref: "re_r1"},
			{ID: "e2", Kind: EventRefunded, Payment: page.Payment, Ref: "re_r1"},
			{ID: "e3", Kind: EventExpired, Order: o.ID}, {ID: "e4", Kind: EventFailed, Order: o.ID}}
		r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
		for _, e := range words {
			d.ok(d.Take(ctx, e))
		}
		got := d.get(o.ID)
		if got.State != Cancelled || got.Held() != 0 || got.Refunds[0].State != RefundDone || d.free(d.goods, "a250") != 20 {
			t.Fatalf("%s, %d held, %+v", got.State, got.Held(), got.Refunds)
		}
		d.sound()
	}
}

func TestARefundTheGatewayRefuses(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	o := d.place(Card, "a250 1")
	_, err := d.Card(ctx, o.ID, "", "")
	d.ok(err)
	g.pay(d.get(o.ID).Sessions[0])
	d.ok(d.Returned(ctx, o.ID))
	g.refuse = fault.New(fault.Conflict, "order.refund.refused")
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	if got := d.get(o.ID).Refunds[0]; got.State != RefundFailed {
		t.Fatalf("%+v", got)
	}
	g.refuse = fault.New(fault.Unavailable, "order.card.away")
	d.ok(d.RetryRefund(ctx, "p1", o.ID, "r1"))
	if got := d.get(o.ID); got.Refunds[0].State != RefundReady || got.Wake == nil {
		t.Fatalf("%+v, wakes %v", got.Refunds[0], got.Wake)
	}
	g.refuse = nil
	d.later(time.Minute)
	d.sweep()
	if got := d.get(o.ID).Refunds[0]; got.State != RefundSent || len(g.refunds) != 1 {
		t.Fatalf("%+v %v", got, g.refunds)
	}
	d.ok(d.Take(ctx, Event{ID: "e", Kind: EventRefundFailed, Order: o.ID, Ref: "re_r1.1"}))
	if got := d.get(o.ID).Refunds[0]; got.State != RefundFailed {
		t.Errorf("%+v", got)
	}
	d.sound()
}

// A page that was paid and whose word was lost is found when the order would be
// given up, also by a gateway that is away for a while.
func TestALostWordIsAskedFor(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	paid, unpaid := d.place(Card, "a250 1"), d.place(Card, "a250 1")
	for _, o := range []Order{paid, unpaid} {
		_, err := d.Card(ctx, o.ID, "", "")
		d.ok(err)
	}
	g.pay(d.get(paid.ID).Sessions[0])
	g.away = true
	d.later(holdCard + grace)
	_, err := d.Sweep(ctx)
	d.refused(err, "order.card.away")
	if o := d.get(paid.ID); o.State != Open {
		t.Error(o.State)
	}
	g.away = false
	d.later(leaseFor)
	d.sweep()
	if o, x := d.get(paid.ID), d.get(unpaid.ID); o.State != Confirmed || x.State != Expired {
		t.Errorf("%s, %s", o.State, x.State)
	}
	third := d.place(Card, "a250 1")
	_, err = d.Card(ctx, third.ID, "", "")
	d.ok(err)
	g.away = true
	d.later(holdCard + grace + askFor)
	d.sweep()
	if o := d.get(third.ID); o.State != Expired {
		t.Error(o.State)
	}
	d.sound()
}

// The button of the card leads on however often it is pressed, in whichever
// language, and whatever else came in meanwhile.
func TestTheCardsPageIsOpenedAgain(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	o := d.place(Card, "a250 1")
	press := func(done string) string {
		t.Helper()
		url, err := d.Card(ctx, o.ID, done, done)
		d.ok(err)
		return url
	}
	first := press("/orders/1")
	if again, english := press("/orders/1"), press("/en/orders/1"); again != first || english != first {
		t.Errorf("%s, then %s and %s", first, again, english)
	}
	d.transfer("vcb:1", o, 15_000, d.clock())
	part := press("/orders/1")
	if part == first || g.pages[d.get(o.ID).Sessions[1]].Amount != 100_000 {
		t.Errorf("%s for the rest", part)
	}
	// A crash forgot which pages there are.
	d.ok(d.orders.Update(ctx, o.ID, func(o *Order) error { o.Sessions = []string{}; return nil }))
	if url := press("/en/orders/1"); url == first {
		t.Error("a page with another amount")
	}
	g.pay(d.get(o.ID).Sessions[0])
	_, err := d.Card(ctx, o.ID, "/orders/1", "/orders/1")
	d.refused(err, "order.card.over")
	if o = d.get(o.ID); o.State != Confirmed {
		t.Errorf("paid, and it is %s", o.State)
	}
	d.sound()
}

// An old word about a try that failed since does not end the next try.
func TestAnOldWordOfARefund(t *testing.T) {
	d, g := cardShop(t)
	ctx := t.Context()
	o := d.place(Card, "a250 1")
	d.ok(d.Take(ctx, Event{ID: "1", Kind: EventPaid, Order: o.ID, Payment: "pi_1", Amount: o.Total(), At: d.clock()}))
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	done := Event{ID: "2", Kind: EventRefunded, Order: o.ID, Refund: "r1", Ref: "re_r1", At: d.clock()}
	failed := done
	failed.Kind = EventRefundFailed
	d.ok(d.Take(ctx, done))
	d.ok(d.Take(ctx, failed))
	g.refuse = fault.New(fault.Unavailable, "order.card.away")
	d.ok(d.RetryRefund(ctx, "p1", o.ID, "r1"))
	d.ok(d.Take(ctx, done)) // once more
	if r := d.get(o.ID).Refunds[0]; r.State != RefundReady {
		t.Errorf("%+v", r)
	}
	d.sound()
}
