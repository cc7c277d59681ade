package order

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Fifty forms of one cart at once, as of two windows of one buyer, make one order.
func TestFormsOfOneCartAtOnce(t *testing.T) {
	d := newShop(t)
	cart := d.fill("a250 1")
	const n = 50
	forms, errs := make([]Checkout, n), make(chan error, n)
	for i := range forms {
		forms[i] = d.form(cart, Transfer)
	}
	for _, f := range forms {
		go func() { _, err := d.Place(t.Context(), f); errs <- err }()
	}
	placed := 0
	for range n {
		if err := <-errs; err == nil {
			placed++
		} else if !fault.Is(err, fault.Unavailable) && !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.Invalid) {
			t.Error(err)
		}
	}
	if left := d.free(d.goods, "a250"); placed != 1 || left != 19 {
		t.Errorf("%d orders of one cart, %d packets left", placed, left)
	}
}

// A network that is full uses up nothing of a telephone, and a form that could
// not be placed lets go of its cart.
func TestAFullNetworkLeavesTheTelephone(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	for range mostNetwork {
		f := d.form(d.fill("c1 1"), Transfer)
		f.Network = "one"
		if _, err := d.Place(ctx, f); err != nil {
			t.Fatal(err)
		}
	}
	cart := d.fill("a250 1")
	for range mostOpen + 1 {
		f := d.form(cart, Transfer)
		f.Network, f.Customer.Phone = "one", "0912 345 678"
		_, err := d.Place(ctx, f)
		d.refused(err, "order.capped")
	}
	for range mostOpen {
		f := d.form(d.fill("b500 1"), Transfer)
		f.Network, f.Customer.Phone = "two", "0912 345 678"
		_, err := d.Place(ctx, f)
		d.ok(err)
	}
}

// Money that came in on another account pays no order here.
func TestMoneyOfAnotherAccount(t *testing.T) {
	d := newShop(t)
	d.Service.Account = "0011 0042 6666"
	for i, c := range []struct {
		to      string
		matched bool
	}{{"", true}, {"001100426666", true}, {"0011-0042-6666", true}, {"99887766", false}} {
		o := d.place(Transfer, "c1 1")
		in, err := d.Receive(t.Context(), Incoming{Ref: fmt.Sprint("vcb:", i), To: c.to, Amount: o.Total(), Booked: d.clock(), Memo: o.Code}, "hand", "p1")
		d.ok(err)
		if got := in.State != TransferNew && d.get(o.ID).Paid() == o.Total(); got != c.matched {
			t.Errorf("to %q: %v, state %s", c.to, got, in.State)
		}
	}
	d.sound()
}

// The code of a credit is not known from its order, and nobody makes one like it.
func TestCreditsCannotBeTaken(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Transfer, "a250 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	code, err := d.CreditRefund(ctx, "p1", o.ID, "r1")
	d.ok(err)
	if !strings.HasPrefix(code, creditPrefix) || strings.Contains(code, o.Code) || len(code) != len(creditPrefix)+16 {
		t.Errorf("%q of order %s", code, o.Code)
	}
	k := Coupon{Code: "TD-AAAA", Seller: "htx", Kind: Amount, Amount: 10_000, Bears: SellerBears, Uses: 1, From: d.clock(), To: d.clock().AddDate(0, 1, 0)}
	if err := d.SaveCoupon(ctx, k); fault.CodeOf(err) == "" || !strings.Contains(err.Error(), "reserved") {
		t.Errorf("a code like a credit's: %v", err)
	}
	k.Code = "TET-AAAA"
	d.ok(d.SaveCoupon(ctx, k))
}

// A coupon with nothing left to take off is not used up.
func TestACouponThatTakesNothingIsKept(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	for _, code := range []string{"MOTMOT", "HAIHAI", "BABABA"} {
		d.ok(d.SaveCoupon(ctx, Coupon{Code: code, Seller: "htx", Kind: Amount, Amount: 200_000, Bears: SellerBears, Uses: 1, From: d.clock(), To: d.clock().AddDate(0, 1, 0)}))
	}
	cart := d.fill("a250 1")
	d.ok(d.AddCode(ctx, cart, "", "MOTMOT"))
	d.ok(d.AddCode(ctx, cart, "", "HAIHAI")) // takes the delivery
	d.ok(d.AddCode(ctx, cart, "", "BABABA"))
	o, err := d.Place(ctx, d.form(cart, Transfer))
	d.ok(err)
	if len(o.Coupons) != 2 || o.Total() != 0 || o.Coupons[1].Code != "HAIHAI" {
		t.Errorf("%+v", o.Coupons)
	}
}

// Large orders are not taken without money.
func TestTheValueOfAnOrderIsLimited(t *testing.T) {
	for _, c := range []struct {
		method Method
		total  int64
		want   bool
	}{{Cash, int64(mostCashValue), true}, {Cash, int64(mostCashValue) + 1, false}, {Transfer, int64(mostCashValue) + 1, true},
		{Transfer, int64(mostValue), true}, {Transfer, int64(mostValue) + 1, false}} {
		f := Checkout{Lang: lang.Vi, Method: c.method, Ways: map[string]Way{"htx": Pickup}, Customer: Customer{Key: "84912345678", Name: "Hoa", Phone: "0912345678"}}
		b := Basket{Total: moneyOf(c.total), Parcels: []Offer{{Parcel: Parcel{Seller: "htx", Way: Pickup}, Cash: true}}}
		if err := f.validate(b, false); (err == nil) != c.want {
			t.Errorf("%s of %d: %v", c.method, c.total, err)
		}
	}
}

// A network holds no more than its share of what is there; money frees it.
func TestNobodyLocksTheShop(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	d.goods.capacity["a250"] = 100
	from := func(network string, n int) (Order, error) {
		f := d.form(d.fill(fmt.Sprint("a250 ", n)), Transfer)
		f.Network = network
		return d.Place(ctx, f)
	}
	_, err := from("one", 51)
	d.refused(err, "order.capped.share")
	if e := fault.As(err); e.Args["Most"] != int64(50) || e.Args["Title"] != "Arabica 250 g" {
		t.Errorf("%v", e.Args)
	}
	o, err := from("one", 50)
	d.ok(err)
	_, err = from("one", 1)
	d.refused(err, "order.capped.share")
	_, err = from("two", 25) // half of what is left
	d.ok(err)
	d.transfer("vcb:1", o, o.Total(), d.clock())
	if o = d.get(o.ID); !o.Uncapped || o.Network != "" {
		t.Errorf("paid, and it counts: %v %q", o.Uncapped, o.Network)
	}
	_, err = from("one", 20) // of 25
	d.ok(err)
	d.later(holdTransfer + grace)
	d.sweep()
	for range 4 { // what nobody paid counts no more
		o, err = from("one", 12)
		d.ok(err)
		d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	}
}

func TestWhatANetworkMayHold(t *testing.T) {
	now := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	in := func(d time.Duration) time.Time { return now.Add(d) }
	things := func(q, free int64) []thing { return []thing{{Goods, "a250", q, 0, free}} }
	full := netDoc{}
	for i := range mostNetwork {
		full.Open = append(full.Open, openOne{Order: fmt.Sprint(i), Until: in(time.Hour)})
	}
	for name, tt := range map[string]struct {
		have netDoc
		want openOne
		code string
	}{
		"the first":                {netDoc{}, openOne{Order: "a", Value: mostValue, Things: things(50, 100)}, ""},
		"one too many":             {full, openOne{Order: "a"}, "order.capped"},
		"the same again":           {full, openOne{Order: "3"}, ""},
		"those that ran out":       {netDoc{Open: []openOne{{Order: "b", Until: now, Value: mostNetworkValue, Things: things(90, 0)}}}, openOne{Order: "a", Value: 1, Things: things(1, 2)}, ""},
		"too much money":           {netDoc{Open: []openOne{{Order: "b", Until: in(1), Value: mostNetworkValue - 1}}}, openOne{Order: "a", Value: 2}, "order.capped.value"},
		"all the money":            {netDoc{Open: []openOne{{Order: "b", Until: in(1), Value: mostNetworkValue - 1}}}, openOne{Order: "a", Value: 1}, ""},
		"more than half":           {netDoc{}, openOne{Order: "a", Things: things(51, 100)}, "order.capped.share"},
		"half with what it has":    {netDoc{Open: []openOne{{Order: "b", Until: in(1), Things: things(30, 0)}}}, openOne{Order: "a", Things: things(20, 70)}, ""},
		"and one more":             {netDoc{Open: []openOne{{Order: "b", Until: in(1), Things: things(30, 0)}}}, openOne{Order: "a", Things: things(21, 70)}, "order.capped.share"},
		"all of a few":             {netDoc{}, openOne{Order: "a", Things: things(20, 20)}, ""},
		"as it was counted before": {netDoc{Open: []openOne{{Order: "b", Until: in(1), Things: []thing{{Goods, "a250", 50, 100, 0}}}}}, openOne{Order: "a", Things: things(1, 100)}, "order.capped.share"},
		"of another thing":         {netDoc{Open: []openOne{{Order: "b", Until: in(1), Things: []thing{{Goods, "b500", 90, 0, 0}}}}}, openOne{Order: "a", Things: things(50, 100)}, ""},
	} {
		tt.want.Until = in(time.Hour)
		err := tt.have.admit(tt.want, now)
		if fault.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A form of long ago that comes again takes nothing out of the cart of today,
// and what was put in while an order was placed stays.
func TestAnOldFormLeavesTheCart(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	cart := d.fill("a250 1")
	first := d.form(cart, Transfer)
	_, err := d.Place(ctx, first)
	d.ok(err)
	d.ok(d.Put(ctx, cart, "", Goods, "b500", 1))
	second := d.form(cart, Transfer)
	_, err = d.Place(ctx, second)
	d.ok(err)
	d.ok(d.Put(ctx, cart, "", Goods, "a250", 1)) // the same once more
	for _, f := range []Checkout{first, second} {
		_, err = d.Place(ctx, f)
		d.ok(err)
	}
	c, err := d.Cart(ctx, cart)
	if err != nil || len(c.Lines) != 1 || c.Lines[0].Ref != "a250" {
		t.Errorf("%+v, %v", c.Lines, err)
	}
	third := d.form(cart, Transfer)
	third.tidy()
	claimed, err := d.claimCart(ctx, third)
	d.ok(err)
	d.ok(d.Put(ctx, cart, "", Goods, "a250", 3)) // in another window
	o, err := d.placeCart(ctx, third, claimed)
	d.ok(err)
	if c, _ = d.Cart(ctx, cart); len(o.Lines) != 1 || len(c.Lines) != 1 || c.Lines[0].Ref != "a250" || c.Lines[0].Quantity != 2 {
		t.Errorf("%+v became an order, %+v stayed", o.Lines, c.Lines)
	}
}

// A second copy of a form that comes to its work only when the first is done
// empties no newer cart and counts for nothing.
func TestACopyOfTheForm(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	cart := d.fill("a250 2")
	f := d.form(cart, Transfer)
	slow, claimed := f, Cart{}
	slow.tidy()
	claimed, err := d.claimCart(ctx, slow)
	d.ok(err)
	o, err := d.Place(ctx, f)
	d.ok(err)
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.ok(d.Put(ctx, cart, "", Goods, "a250", 2))
	again, err := d.placeCart(ctx, slow, claimed)
	if err != nil || again.ID != o.ID {
		t.Errorf("%s, %v", again.ID, err)
	}
	if c, err := d.Cart(ctx, cart); err != nil || len(c.Lines) != 1 {
		t.Errorf("%+v, %v", c.Lines, err)
	}
	key, _ := d.phoneCap(o)
	if c, err := d.caps.Get(ctx, key); err != nil || len(c.Open(d.clock())) != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	// One that comes later still finds the order and makes none.
	if again, err = d.Place(ctx, f); err != nil || again.ID != o.ID {
		t.Errorf("%s, %v", again.ID, err)
	}
	d.refused(d.SaveCoupon(ctx, Coupon{Code: "QUA-100", Kind: Credit, Amount: 50_000, Bears: MarketBears, From: d.clock(), To: d.clock().AddDate(0, 1, 0)}), "order.coupon.form")
}

// Who cancels gives the use of a coupon back.
func TestACancelledOrderUsesUpNoCoupon(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	d.ok(d.SaveCoupon(ctx, Coupon{Code: "HOI26", Kind: Percent, Percent: 10, Bears: MarketBears, From: d.clock(), To: d.clock().Add(100 * time.Hour), Uses: 1, By: "p1"}))
	for _, m := range []Method{Cash, Transfer, Cash} {
		cart := d.fill("a250 1")
		d.ok(d.AddCode(ctx, cart, "", "HOI26"))
		o, err := d.Place(ctx, d.form(cart, m))
		d.ok(err)
		if m == Transfer {
			d.transfer("vcb:1", o, o.Total(), d.clock())
		}
		for range 2 {
			d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
			d.sweep()
		}
		if k, err := d.coupons.Get(ctx, "HOI26"); err != nil || k.Left(d.clock()) != 1 || k.Counted != 0 {
			t.Errorf("%s: %d left, %d counted, %v", m, k.Left(d.clock()), k.Counted, err)
		}
	}
}

// Of identical forms at once for the last packet one is placed, and its cart is
// empty afterwards.
func TestADoubleClickEmptiesTheCart(t *testing.T) {
	for range 10 {
		d := newShop(t)
		ctx := t.Context()
		d.goods.capacity["a250"] = 1
		f := d.form(d.fill("a250 1"), Transfer)
		done := make(chan error)
		for range 4 {
			go func() { _, err := d.Place(ctx, f); done <- err }()
		}
		for range 4 {
			<-done
		}
		if _, err := d.Place(ctx, f); err != nil {
			t.Error(err)
		}
		if c, err := d.Cart(ctx, f.Cart); err != nil || len(c.Lines) != 0 {
			t.Fatalf("%+v, %v", c, err)
		}
	}
}

// A process that died before it emptied the cart does not sell the same twice.
func TestACartThatWasNotEmptied(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	cart := d.fill("a250 1", "c1 3")
	before, err := d.Cart(ctx, cart)
	d.ok(err)
	f := d.form(cart, Transfer)
	o, err := d.Place(ctx, f)
	d.ok(err)
	d.ok(d.carts.Update(ctx, cart, func(c *Cart) error {
		c.Lines, c.Orders, c.Form = before.Lines, []string{}, o.ID
		return nil
	}))
	next := d.form(cart, Transfer)
	d.later(time.Hour)
	_, err = d.Place(ctx, next)
	d.refused(err, "order.empty")
	if c, _ := d.Cart(ctx, cart); len(c.Lines) != 0 {
		t.Errorf("%+v", c.Lines)
	}
}
