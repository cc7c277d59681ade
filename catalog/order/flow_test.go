package order

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
)

func TestTransferToTheEnd(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	cart := d.fill("a250 2", "b500 1")
	f := d.form(cart, Transfer)
	o, err := d.Place(ctx, f)
	d.ok(err)
	if o.State != Open || len(o.Parcels) != 2 || o.Total() != 2*95_000+120_000+2*20_000 || o.Due() != o.Total() || !strings.HasPrefix(o.Code, "SL") {
		t.Fatalf("%+v", o)
	}
	again, err := d.Place(ctx, f)
	if err != nil || again.ID != o.ID || again.Code != o.Code {
		t.Errorf("the form sent twice: %v %v", again.ID, err)
	}
	if c, _ := d.Cart(ctx, cart); len(c.Lines) != 0 {
		t.Error("the cart is still full")
	}
	if d.free(d.goods, "a250") != 18 {
		t.Error("nothing is held")
	}
	if tr := d.transfer("vcb:1", o, o.Total(), d.clock()); tr.State != TransferMatched || tr.Match != Exact {
		t.Errorf("%+v", tr)
	}
	d.transfer("vcb:1", o, o.Total(), d.clock()) // told twice
	o = d.get(o.ID)
	if o.State != Confirmed || o.Paid() != o.Total() || o.Settled == nil || o.Wake != nil {
		t.Fatalf("%+v", o)
	}
	for _, seller := range []string{"htx", "ho"} {
		for _, m := range []Move{Pack, Send, Send, Deliver} {
			d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: m, Seller: seller, Carrier: "VNPost", Tracking: "E123"}))
		}
	}
	d.refused(d.Handle(ctx, "p1", o.ID, Moving{Move: Pack, Seller: "htx"}), "order.parcel.state")
	d.refused(d.Handle(ctx, "p1", o.ID, Moving{Move: Pack, Seller: "khac"}), "order.not_found")
	d.refused(d.Cancel(ctx, "shopper", o.ID, ""), "order.cancel.packed")
	if d.goods.capacity["a250"] != 18 || d.free(d.goods, "a250") != 18 || d.goods.capacity["b500"] != 19 {
		t.Errorf("what left the house is not counted off: %v", d.goods.capacity)
	}
	d.sound()
	// The household's tax is withheld, the commission of both taken.
	for account, want := range map[string]int64{"htx": 190_000 + 20_000 - 9_500, "ho": 120_000 + 20_000 - 6_000 - 1_800, MarketAccount: 15_500, TaxAccount: 1_800} {
		if got, err := d.Balance(ctx, account); int64(got) != want || err != nil {
			t.Errorf("%s: %d, want %d, %v", account, got, want, err)
		}
	}
	var keys []string
	for _, m := range d.mails {
		keys = append(keys, m.Key)
		if m.Name != "" {
			t.Error("a stranger's words are mailed")
		}
	}
	if got := strings.Join(keys, " "); strings.Count(got, "order_sent") != 2 || strings.Count(got, "order_confirmed") != 1 || strings.Count(got, "order_received") != 1 {
		t.Error(got)
	}
}

func TestCash(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Cash, "a250 1", "b500 1")
	if o.State != Confirmed || o.Due() != 0 || d.free(d.goods, "a250") != 19 {
		t.Fatalf("%+v", o)
	}
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "htx", Collector: BySeller}))
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "ho", Collector: ByCourier}))
	d.refused(d.Handle(ctx, "p1", o.ID, Moving{Move: Remit, Seller: "ho"}), "order.parcel.state")
	for _, m := range []Moving{{Move: Collect, Seller: "htx"}, {Move: Collect, Seller: "ho"}, {Move: Collect, Seller: "ho"}} {
		d.ok(d.Handle(ctx, "p1", o.ID, m))
	}
	d.sound()
	balance := func(account string) int64 {
		b, err := d.Balance(ctx, account)
		d.ok(err)
		return int64(b)
	}
	if balance("htx") != -4_750 || balance("ho") != 0 { // it has the money and owes the commission; the courier has the other's
		t.Errorf("%d, %d", balance("htx"), balance("ho"))
	}
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Remit, Seller: "ho"}))
	if balance("ho") != 140_000-6_000-1_800 {
		t.Errorf("%d after the courier paid", balance("ho"))
	}
	d.sound()
	if o = d.get(o.ID); !o.Uncapped || o.Paid() != o.Total() {
		t.Errorf("%+v", o)
	}
}

func TestMoneyThatDoesNotFit(t *testing.T) {
	type in struct {
		ref    string
		amount int64 // more than what is due
		late   time.Duration
	}
	for name, tt := range map[string]struct {
		in      []in
		state   State
		refunds string
	}{
		"exact":            {[]in{{"1", 0, 0}}, Confirmed, ""},
		"over":             {[]in{{"1", 5_000, 0}}, Confirmed, "over 5000"},
		"under":            {[]in{{"1", -5_000, 0}}, Open, ""},
		"in two":           {[]in{{"1", -5_000, 0}, {"2", 0, 0}}, Confirmed, ""},
		"twice":            {[]in{{"1", 0, 0}, {"2", 115_000, 0}}, Confirmed, "over 115000"},
		"late and free":    {[]in{{"1", 0, 25 * time.Hour}}, Confirmed, ""},
		"late and under":   {[]in{{"1", -5_000, 25 * time.Hour}}, Expired, "late 110000"},
		"under, then late": {[]in{{"1", -5_000, 0}, {"2", 0, 26 * time.Hour}}, Expired, "late 110000, late 5000"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			o := d.place(Transfer, "a250 1")
			for _, x := range tt.in {
				d.later(x.late)
				d.sweep()
				amount := o.Total() + moneyOf(x.amount)
				if now := d.get(o.ID); x.ref == "2" {
					amount = now.Due() + moneyOf(x.amount)
				}
				d.transfer("vcb:"+x.ref, o, amount, d.clock())
			}
			d.sweep()
			o = d.get(o.ID)
			var refunds []string
			for _, r := range o.Refunds {
				refunds = append(refunds, fmt.Sprintf("%s %d", r.Cause, r.Amount))
			}
			if o.State != tt.state || strings.Join(refunds, ", ") != tt.refunds {
				t.Errorf("%s, %v; want %s, %s", o.State, refunds, tt.state, tt.refunds)
			}
			d.sound()
		})
	}
}

// Somebody else bought the last packet before a late payment came.
func TestPaidLateAndSoldOut(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Transfer, "a250 20")
	d.later(holdTransfer + grace)
	d.sweep()
	if got := d.get(o.ID); got.State != Expired || !got.Released || got.Wake != nil {
		t.Fatalf("%s, released %v, wakes %v", got.State, got.Released, got.Wake)
	}
	other := d.place(Cash, "a250 1", "c1 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	o = d.get(o.ID)
	if o.State != Stuck || !o.Released || len(o.Refunds) != 1 || o.Refunds[0].Amount != o.Total() || o.Refunds[0].State != RefundAsked {
		t.Fatalf("%+v", o)
	}
	if d.free(d.goods, "a250") != 19 || d.get(other.ID).State != Confirmed {
		t.Error("it took what was another's")
	}
	if n := len(d.tasks); n == 0 {
		t.Error("no operator was told")
	}
	d.refused(d.SendRefund(ctx, "p1", o.ID, "r1"), "order.refund.state")
	d.ok(d.TellAccount(ctx, o.ID, "r1", Account{"970436", "0123 4567 89", "LO THI HOA"}))
	d.ok(d.SendRefund(ctx, "p1", o.ID, "r1"))
	d.refused(d.TellAccount(ctx, o.ID, "r1", Account{"970436", "999999999", "AI DO"}), "order.refund.state")
	for range 2 {
		d.ok(d.EndRefund(ctx, "p1", o.ID, "r1", "FT123", true))
	}
	d.sound()
	if got := d.get(o.ID); got.Held() != 0 {
		t.Errorf("%d are held", got.Held())
	}
}

func TestACreditInPlaceOfMoney(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	f := d.form(d.fill("a250 1"), Transfer)
	o, err := d.Place(ctx, f)
	d.ok(err)
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	if d.free(d.goods, "a250") != 20 {
		t.Error("the packet did not go back")
	}
	code, err := d.CreditRefund(ctx, "p1", o.ID, "r1")
	d.ok(err)
	if _, err := d.CreditRefund(ctx, "p1", o.ID, "r1"); err != nil {
		t.Error(err)
	}
	d.sound()
	cart := d.fill("c1 1")
	d.ok(d.AddCode(ctx, cart, "", strings.ToLower(code)))
	stranger := d.form(cart, Transfer)
	_, err = d.Place(ctx, stranger)
	d.refused(err, "order.changed") // it is somebody else's
	own := d.form(cart, Transfer)
	own.Customer.Phone = f.Customer.Phone
	c, _ := d.Cart(ctx, cart)
	b, err := d.Basket(ctx, c, Wish{Province: "14", Phone: PhoneKey(f.Customer.Phone)})
	d.ok(err)
	own.Seen = b.Total
	two, err := d.Place(ctx, own)
	d.ok(err)
	if two.Total() != 168_000+20_000-115_000 {
		t.Errorf("%d", two.Total())
	}
	d.transfer("vcb:2", two, two.Total(), d.clock())
	d.sound()
	d.ok(d.Cancel(ctx, "shopper", two.ID, "")) // and what it paid becomes another
	two = d.get(two.ID)
	if len(two.Refunds) != 2 || two.Refunds[0].Amount != two.Total() || two.Refunds[1].Method != ByCredit {
		t.Fatalf("%+v", two.Refunds)
	}
	again := two.Refunds[1]
	k, err := d.coupons.Get(ctx, again.Ref)
	if err != nil || k.Left(d.clock()) != 115_000 || k.Holder != PhoneKey(f.Customer.Phone) || again.Ref == code {
		t.Errorf("%+v, %v", k, err)
	}
	if k, err = d.coupons.Get(ctx, code); err != nil || k.Left(d.clock()) != 0 {
		t.Errorf("%d are left of the first credit, %v", k.Left(d.clock()), err)
	}
	if sum, err := d.Balance(ctx, CreditAccount); sum != 115_000 || err != nil {
		t.Errorf("the market owes %d in credits, %v", sum, err)
	}
	d.sound()
}

// What a credit paid of a parcel becomes a credit again when the parcel cannot
// be sent or comes back, whatever else was paid with it.
func TestACreditsShareComesBack(t *testing.T) {
	for name, tt := range map[string]struct {
		credit  money.VND
		moves   []Moving
		money   money.VND // that goes back beside it
		credits money.VND
	}{
		"part, dropped":          {100_000, []Moving{{Move: Drop, Seller: "htx"}}, 69_902, 45_098},
		"part, returned":         {100_000, []Moving{{Move: Send, Seller: "htx"}, {Move: Return, Seller: "htx"}}, 49_902, 45_098},
		"all, dropped":           {1_000_000, []Moving{{Move: Drop, Seller: "htx"}}, 0, 115_000},
		"all, returned":          {1_000_000, []Moving{{Move: Send, Seller: "htx"}, {Move: Return, Seller: "htx"}}, 0, 95_000},
		"all, both, one and one": {1_000_000, []Moving{{Move: Drop, Seller: "htx"}, {Move: Drop, Seller: "ho"}}, 0, 255_000},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			ctx := t.Context()
			f := d.form(d.fill("a250 1", "b500 1"), Transfer)
			d.ok(d.coupons.Insert(ctx, Coupon{Code: "TD-MOT", Kind: Credit, Amount: tt.credit, Bears: MarketBears, From: d.clock(), To: d.clock().AddDate(1, 0, 0), Holder: PhoneKey(f.Customer.Phone)}))
			d.ok(d.AddCode(ctx, f.Cart, "", "TD-MOT"))
			f.Seen = max(f.Seen-tt.credit, 0)
			o, err := d.Place(ctx, f)
			d.ok(err)
			if o.Total() > 0 {
				d.transfer("vcb:1", o, o.Total(), d.clock())
			}
			for _, m := range tt.moves {
				d.ok(d.Handle(ctx, "p1", o.ID, m))
			}
			o = d.get(o.ID)
			var back, credits money.VND
			for _, r := range o.Refunds {
				if r.Method != ByCredit {
					back += r.Amount
					continue
				}
				k, err := d.coupons.Get(ctx, r.Ref)
				if credits += r.Amount; err != nil || k.Left(d.clock()) != int64(r.Amount) {
					t.Errorf("%+v, %v", k, err)
				}
			}
			if back != tt.money || credits != tt.credits {
				t.Errorf("%d and %d in credits go back, want %d and %d", back, credits, tt.money, tt.credits)
			}
			d.sound()
		})
	}
}

func TestReturns(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Transfer, "a250 2", "b500 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.refused(d.AskReturn(ctx, o.ID, "htx", "Gói bị rách"), "order.parcel.state")
	for _, s := range []string{"htx", "ho"} {
		d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: s}))
	}
	d.ok(d.AskReturn(ctx, o.ID, "htx", "Gói bị rách"))
	for range 2 {
		d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Return, Seller: "htx", Restock: true}))
	}
	o = d.get(o.ID)
	if len(o.Refunds) != 1 || o.Refunds[0].Amount != 190_000 || o.Refunds[0].Cause != "returned" || d.goods.capacity["a250"] != 20 {
		t.Errorf("%+v, %v", o.Refunds, d.goods.capacity)
	}
	d.sound()
	if b, _ := d.Balance(ctx, "htx"); b != 20_000 { // the way was paid
		t.Errorf("%d", b)
	}
}

func TestASellerDropsAParcel(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	o := d.place(Transfer, "a250 2", "b500 1")
	d.transfer("vcb:1", o, o.Total(), d.clock())
	d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Drop, Seller: "ho"}))
	o = d.get(o.ID)
	if len(o.Refunds) != 1 || o.Refunds[0].Amount != 140_000 || d.free(d.goods, "b500") != 20 || d.free(d.goods, "a250") != 18 {
		t.Errorf("%+v", o.Refunds)
	}
	d.sound()
}

// Forty buyers want the last twenty at once.
func TestFortyBuyersTwentyUnits(t *testing.T) {
	for name, tt := range map[string]struct {
		lines  []string
		method Method
		want   int
		left   func(d *shop) int64
	}{
		"goods by transfer": {[]string{"a250 1"}, Transfer, 20, func(d *shop) int64 { return d.free(d.goods, "a250") }},
		"goods by cash":     {[]string{"a250 1"}, Cash, 20, func(d *shop) int64 { return d.free(d.goods, "a250") }},
		"goods and seats": {[]string{"a250 1", "sat 1"}, Transfer, 20, func(d *shop) int64 {
			return d.free(d.goods, "a250") + d.free(d.seats, "sat") + d.free(d.seats, "guide")
		}},
		"two lines share one resource": {[]string{"a250 2", "box 1"}, Transfer, 5, func(d *shop) int64 { return d.free(d.goods, "a250") }},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			forms := make([]Checkout, 40)
			for i := range forms {
				forms[i] = d.form(d.fill(tt.lines...), tt.method)
			}
			var wg sync.WaitGroup
			errs := make([]error, len(forms))
			for i, f := range forms {
				wg.Go(func() { _, errs[i] = d.Place(t.Context(), f) })
			}
			wg.Wait()
			placed := 0
			for _, err := range errs {
				switch fault.CodeOf(err) {
				case "":
					placed++
				case "order.sold_out", "order.changed":
				default:
					if err == nil {
						placed++
					} else {
						t.Error(err)
					}
				}
			}
			d.sweep()
			if placed != tt.want || tt.left(d) != 0 {
				t.Errorf("%d orders, want %d; %d are left", placed, tt.want, tt.left(d))
			}
		})
	}
}

func TestACouponWithOneUseLeft(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	d.ok(d.SaveCoupon(ctx, Coupon{Code: "hoi2026", Kind: Amount, Amount: 20_000, Bears: MarketBears, From: d.clock(), To: d.clock().Add(time.Hour), Uses: 1, By: "p1"}))
	forms := make([]Checkout, 20)
	for i := range forms {
		cart := d.fill("a250 1")
		d.ok(d.AddCode(ctx, cart, "", "HOI2026"))
		forms[i] = d.form(cart, Cash)
	}
	var wg sync.WaitGroup
	errs := make([]error, len(forms))
	for i, f := range forms {
		wg.Go(func() { _, errs[i] = d.Place(ctx, f) })
	}
	wg.Wait()
	placed := 0
	for _, err := range errs {
		if err == nil {
			placed++
		} else if c := fault.CodeOf(err); c != "order.sold_out" && c != "order.changed" {
			t.Error(err)
		}
	}
	if k, _ := d.coupons.Get(ctx, "HOI2026"); placed != 1 || k.Counted != 1 || d.free(d.goods, "a250") != 19 {
		t.Errorf("%d orders, %d uses", placed, k.Counted)
	}
}

func TestOpenOrdersAreCapped(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	var last Order
	for i := range mostOpen + 1 {
		f := d.form(d.fill("a250 1"), Transfer)
		f.Customer.Phone = "0912 345 678"
		o, err := d.Place(ctx, f)
		if i < mostOpen {
			d.ok(err)
			last = o
		} else {
			d.refused(err, "order.capped")
		}
	}
	d.ok(d.Cancel(ctx, "shopper", last.ID, ""))
	f := d.form(d.fill("a250 1"), Transfer)
	f.Customer.Phone = "+84 912-345-678"
	_, err := d.Place(ctx, f)
	d.ok(err)
}

// Who had the delivery for nothing does not pay for it by returning.
func TestAReturnAfterFreeDelivery(t *testing.T) {
	for bears, want := range map[Bearer]string{SellerBears: "htx 0, market 0", MarketBears: "htx 20000, market -20000"} {
		d := newShop(t)
		ctx := t.Context()
		d.ok(d.SaveCoupon(ctx, Coupon{Code: "MIENSHIP", Kind: FreeDelivery, Bears: bears, Seller: "htx", From: d.clock(), To: d.clock().Add(time.Hour), By: "p1"}))
		cart := d.fill("a250 1")
		d.ok(d.AddCode(ctx, cart, "", "MIENSHIP"))
		o, err := d.Place(ctx, d.form(cart, Transfer))
		d.ok(err)
		d.transfer("vcb:1", o, o.Total(), d.clock())
		d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Send, Seller: "htx", Seen: ToPack}))
		d.ok(d.Handle(ctx, "p1", o.ID, Moving{Move: Return, Seller: "htx", Seen: Sent}))
		if r := d.get(o.ID).Refunds; len(r) != 1 || r[0].Amount != 95_000 {
			t.Errorf("%s: %+v", bears, r)
		}
		d.sound()
		htx, _ := d.Balance(ctx, "htx")
		market, _ := d.Balance(ctx, MarketAccount)
		if got := fmt.Sprintf("htx %d, market %d", htx, market); got != want {
			t.Errorf("%s: %s, want %s", bears, got, want)
		}
	}
}

func TestOldCartsAndCountsGo(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	d.fill("a250 1")
	o := d.place(Transfer, "c1 1")
	d.ok(d.Cancel(ctx, "shopper", o.ID, ""))
	if n, err := d.SweepCarts(ctx); n != 0 || err != nil {
		t.Error(n, err)
	}
	d.later(cartKept + capsKept)
	if n, err := d.SweepCarts(ctx); n != 4 || err != nil { // two carts; the telephone's count and the network's
		t.Error(n, err)
	}
}

func TestTheMailShowsHowToPay(t *testing.T) {
	d := newShop(t)
	d.Pay = func(code string, due money.VND) (string, map[string]string) {
		return "QR " + code + " " + due.String(), map[string]string{"Account": "0123"}
	}
	o := d.place(Transfer, "a250 1")
	d.place(Cash, "a250 1")
	shown := 0
	for _, m := range d.mails {
		if m.QR != "" {
			shown++
			if m.Key != "mail.order_received" || m.QR != "QR "+o.Code+" "+o.Due().String() || m.Args["Account"] != "0123" || m.Link != "/orders/"+o.ID {
				t.Errorf("%+v", m)
			}
		}
	}
	if shown != 1 {
		t.Errorf("%d mails show a code", shown)
	}
}

// Of two people who change the rates at once, the second is told.
func TestTwoPeopleChangeTheRates(t *testing.T) {
	d := newShop(t)
	ctx := t.Context()
	for _, seller := range []string{"htx", Market} {
		seen := time.Time{}
		mine, theirs := Rates{Pickup: true, FreeFrom: 1, Zones: []Zone{}}, Rates{Pickup: true, FreeFrom: 2, Zones: []Zone{}}
		d.ok(d.SetRates(ctx, "p1", seller, seen, mine))
		d.ok(d.SetRates(ctx, "p1", seller, seen, mine)) // sent twice
		d.refused(d.SetRates(ctx, "p2", seller, seen, theirs), "order.terms.changed")
		now, err := d.terms.Get(ctx, seller)
		d.ok(err)
		d.later(time.Second)
		d.ok(d.SetRates(ctx, "p2", seller, now.Changed, theirs))
		d.refused(d.SetRates(ctx, "p1", seller, now.Changed, mine), "order.terms.changed")
	}
}

// What is refused at the door earned nobody anything: all that a credit paid of
// it comes back.
func TestACreditAtTheDoor(t *testing.T) {
	for name, tt := range map[string]struct {
		moves   []Moving
		credits money.VND
	}{
		"refused":             {[]Moving{{Move: Send}, {Move: Return}}, 105_000},
		"paid, then returned": {[]Moving{{Move: Send}, {Move: Collect}, {Move: Return}}, 95_000},
		"paid to the courier": {[]Moving{{Move: Send, Collector: ByCourier}, {Move: Collect}, {Move: Return}, {Move: Remit}}, 95_000},
	} {
		t.Run(name, func(t *testing.T) {
			d := newShop(t)
			ctx := t.Context()
			f := d.form(d.fill("a250 1"), Cash)
			d.ok(d.coupons.Insert(ctx, Coupon{Code: "TD-MOT", Kind: Credit, Amount: 105_000, Bears: MarketBears, From: d.clock(), To: d.clock().AddDate(1, 0, 0), Holder: PhoneKey(f.Customer.Phone)}))
			d.ok(d.AddCode(ctx, f.Cart, "", "TD-MOT"))
			f.Seen -= 105_000
			o, err := d.Place(ctx, f)
			d.ok(err)
			for _, m := range tt.moves {
				m.Seller = "htx"
				d.ok(d.Handle(ctx, "p1", o.ID, m))
			}
			credits := money.VND(0)
			for _, r := range d.get(o.ID).Refunds {
				if r.Method == ByCredit {
					credits += r.Amount
				}
			}
			if credits != tt.credits {
				t.Errorf("%d, want %d", credits, tt.credits)
			}
			d.sound()
		})
	}
}
