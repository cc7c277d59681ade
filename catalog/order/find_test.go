package order

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"nguon/app/fault"
)

// A network looks up in vain ten times within an hour by one telephone, however
// many ask at once; others do not wait for it, and what is found costs nothing.
func TestLookUpsAreLimited(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	const network, phone = "192.0.2.1/32", "0999 999 999"
	o := d.place(Transfer, "a250 1")
	guess := func(phone string) error { _, err := d.Find(ctx, network, "SLAAAAAA", phone); return err }
	var let atomic.Int64
	var all sync.WaitGroup
	for range 3 * mostFinds {
		all.Go(func() {
			switch err := guess(phone); {
			case fault.CodeOf(err) == "order.not_found":
				let.Add(1)
			case !fault.Is(err, fault.TooMany) && !fault.Is(err, fault.Unavailable):
				t.Error(err)
			}
		})
	}
	all.Wait()
	for let.Load() < mostFinds && fault.CodeOf(guess(phone)) == "order.not_found" { // some found the store busy
		let.Add(1)
	}
	if let.Load() != mostFinds {
		t.Errorf("%d look-ups were let through", let.Load())
	}
	err := guess(phone)
	d.refused(err, "order.find.many")
	if wait := fault.As(err).Args["Seconds"]; wait != int64(3600) {
		t.Errorf("the next is in %v seconds", wait)
	}
	for range mostFindsAll { // a neighbour who knows what to ask
		if found, err := d.Find(ctx, network, " "+o.Code+" ", "+"+o.Customer.Key); err != nil || found.ID != o.ID {
			t.Fatal(found.ID, err)
		}
	}
	for i := range mostFindsAll {
		if err := guess(fmt.Sprintf("09880000%02d", i)); fault.Is(err, fault.TooMany) {
			break
		} else if i == mostFindsAll-1 {
			t.Error("one telephone after the other")
		}
	}
	_, err = d.Find(ctx, "192.0.2.2/32", "SLAAAAAA", phone)
	d.refused(err, "order.not_found")
	d.later(time.Hour)
	d.refused(guess(phone), "order.not_found")
}

// Whoever guesses learns nothing: a code that does not exist and one with
// another telephone are answered alike.
func TestFindTellsNothing(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Transfer, "a250 1")
	for _, try := range [][2]string{{"SLAAAAAA", o.Customer.Phone}, {o.Code, "0999 999 999"}} {
		_, err := d.Find(ctx, "net", try[0], try[1])
		d.refused(err, "order.not_found")
	}
	for _, try := range [][2]string{{o.Code, ""}, {" ", o.Customer.Phone}, {o.Code, "abc"}, {"", ""}} {
		_, err := d.Find(ctx, "net", try[0], try[1])
		d.refused(err, "order.find.form")
	}
}

func TestAGuardedOrder(t *testing.T) {
	o := Order{ID: NewID(), Code: "SLAC34DE", Refunds: []Refund{{ID: "r1", State: RefundCredit, Ref: "TD-AAAA"}, {ID: "r2", State: RefundDone, Ref: "FT1"}},
		Coupons: []Applied{{Code: "TD-BBBB"}, {Code: "HOI26"}}}
	g := o.Guarded()
	if g.ID != "" || g.Code != o.Code || g.Refunds[0].Ref != "" || g.Refunds[1].Ref != "FT1" || g.Coupons[0].Code != "" || g.Coupons[1].Code != "HOI26" {
		t.Errorf("%+v", g)
	}
	if o.Refunds[0].Ref == "" || o.Coupons[0].Code == "" {
		t.Error("the order itself was changed")
	}
}
