package order

import (
	"fmt"
	"strings"
	"testing"

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
		f := Checkout{Lang: lang.Vi, Method: c.method, Customer: Customer{Key: "84912345678", Name: "Hoa", Phone: "0912345678"}}
		b := Basket{Total: moneyOf(c.total), Parcels: []Offer{{Parcel: Parcel{Seller: "htx", Way: Pickup}, Cash: true}}}
		if err := f.validate(b, false); (err == nil) != c.want {
			t.Errorf("%s of %d: %v", c.method, c.total, err)
		}
	}
}
