package order

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
)

func TestRates(t *testing.T) {
	r := Rates{FreeFrom: 500_000, Zones: []Zone{{Provinces: []string{"14", "11"}, Steps: []RateStep{{500, 15_000}, {2000, 25_000}}}, {Steps: []RateStep{{2000, 40_000}}}}}
	for _, tt := range []struct {
		province string
		grams    int64
		goods    money.VND
		fee      money.VND
		code     string
	}{
		{"14", 500, 100_000, 15_000, ""},
		{"14", 501, 100_000, 25_000, ""},
		{"11", 2000, 499_999, 25_000, ""},
		{"11", 2000, 500_000, 0, ""},
		{"79", 100, 100_000, 40_000, ""},
		{"79", 2001, 900_000, 0, "order.too_heavy"}, // free does not mean anything goes
		{"14", 2001, 100_000, 0, "order.too_heavy"},
	} {
		fee, err := r.Fee(tt.province, tt.grams, tt.goods)
		if fee != tt.fee || (err != nil || tt.code != "") && fault.CodeOf(err) != tt.code {
			t.Errorf("%+v: %d, %v", tt, fee, err)
		}
	}
	if _, err := (Rates{Zones: r.Zones[:1]}).Fee("79", 1, 1); fault.CodeOf(err) != "order.no_delivery" {
		t.Error(err)
	}
	for name, bad := range map[string]Rates{
		"zones.0":              {Zones: []Zone{{Steps: []RateStep{{1, 1}}}, {Provinces: []string{"14"}, Steps: []RateStep{{1, 1}}}}},
		"zones.0.steps.1.upTo": {Zones: []Zone{{Steps: []RateStep{{500, 1}, {500, 2}}}}},
		"zones.0.steps.0.fee":  {Zones: []Zone{{Steps: []RateStep{{500, -1}}}}},
		"freeFrom":             {FreeFrom: -1},
	} {
		if err := bad.Validate(); err == nil || !slices.ContainsFunc(fault.As(err).Fields, func(f fault.Field) bool { return f.Name == name }) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
}

func TestCouponsTakeOff(t *testing.T) {
	day := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		coupon Coupon
		off    string // of each parcel: by the seller, by the market
		taken  money.VND
		code   string
	}{
		{Coupon{Kind: Percent, Percent: 10, Bears: MarketBears}, "0/20000 0/10000", 30_000, ""},
		{Coupon{Kind: Percent, Percent: 10, Amount: 15_000, Bears: MarketBears}, "0/10000 0/5000", 15_000, ""},
		{Coupon{Kind: Percent, Percent: 10, Seller: "b", Bears: SellerBears}, "0/0 10000/0", 10_000, ""},
		{Coupon{Kind: Amount, Amount: 10_000, Bears: MarketBears}, "0/6666 0/3334", 10_000, ""},
		{Coupon{Kind: Amount, Amount: 9_000_000, Bears: MarketBears}, "0/200000 0/100000", 300_000, ""},
		{Coupon{Kind: FreeDelivery, Bears: SellerBears, Seller: "a"}, "20000/0 0/0", 20_000, ""},
		{Coupon{Kind: FreeDelivery, Bears: MarketBears}, "0/20000 0/30000", 50_000, ""},
		{Coupon{Kind: Credit, Amount: 1_000_000, Bears: MarketBears}, "0/220000 0/130000", 350_000, ""},
		{Coupon{Kind: Credit, Amount: 100_000, Bears: MarketBears}, "0/62857 0/37143", 100_000, ""},
		{Coupon{Kind: Amount, Amount: 1, Seller: "c", Bears: MarketBears}, "0/0 0/0", 0, "order.coupon.other_goods"},
		{Coupon{Kind: Amount, Amount: 1, Least: 300_001, Bears: MarketBears}, "0/0 0/0", 0, "order.coupon.least"},
	} {
		parcels := []Parcel{{Seller: "a", Goods: 200_000, Fee: 20_000}, {Seller: "b", Goods: 100_000, Fee: 30_000}}
		taken, err := tt.coupon.apply(parcels, day)
		var got []string
		for _, p := range parcels {
			got = append(got, fmt.Sprintf("%d/%d", p.OffSeller, p.OffMarket))
			if p.Total() < 0 {
				t.Errorf("%+v: below zero", tt.coupon)
			}
		}
		if strings.Join(got, " ") != tt.off || taken != tt.taken || (err != nil || tt.code != "") && fault.CodeOf(err) != tt.code {
			t.Errorf("%+v: %v, %d, %v", tt.coupon, got, taken, err)
		}
	}
}

func TestWhenACouponCounts(t *testing.T) {
	day := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	good := Coupon{Kind: Amount, Amount: 1, From: day.Add(-time.Hour), To: day.Add(time.Hour), Uses: 2}
	for code, change := range map[string]func(*Coupon){
		"":                     func(*Coupon) {},
		"order.coupon.over":    func(c *Coupon) { c.To = day.Add(-time.Second) },
		"order.coupon.holder":  func(c *Coupon) { c.Holder = "84999999999" },
		"order.coupon.used_up": func(c *Coupon) { c.Counted = 2 },
	} {
		c := good
		change(&c)
		err := c.usable("84912345678", day)
		if code == "" && err != nil || code != "" && fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	c := good
	c.From = day.Add(time.Minute)
	if err := c.usable("", day); fault.CodeOf(err) != "order.coupon.over" {
		t.Error(err)
	}
}

func TestPhoneKey(t *testing.T) {
	for in, want := range map[string]string{"0912 345 678": "84912345678", "+84 912.345.678": "84912345678", "84912345678": "84912345678", "(0212) 385-1234": "842123851234",
		"912": "", "không": "", "0912345678;drop": "", "": "", "00000000000000000": "", "+1 202 555 0100": "12025550100", "12+345678901": ""} {
		if got := PhoneKey(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestCodesInMemos(t *testing.T) {
	for memo, want := range map[string]string{
		"SLAC34DE":                        "SLAC34DE",
		"chuyen tien slac34de ca phe":     "SLAC34DE",
		"MBVCB.123.SL AC34 DE.CT tu 0123": "SLAC34DE",
		"SL-AC34-DE":                      "SLAC34DE",
		"IBFT SLAC34DEFT25":               "SLAC34DE",
		"hai đơn SLAC34DE SLFGHJKM":       "SLAC34DE SLFGHJKM",
		"SL012345":                        "", // letters that no code has
		"":                                "",
		"SLAC34D":                         "",
	} {
		if got := strings.Join(Codes(memo), " "); got != want {
			t.Errorf("%q: %q, want %q", memo, got, want)
		}
	}
	for range 1000 {
		if c := newCode(); !slices.Equal(Codes("x "+c+" y"), []string{c}) {
			t.Fatalf("%s is not found", c)
		}
	}
}

func FuzzCodes(f *testing.F) {
	f.Add("MBVCB.123.SL AC34 DE.CT")
	f.Fuzz(func(t *testing.T, memo string) {
		for _, c := range Codes(memo) {
			if len(c) != 8 || strings.Trim(c[2:], codeLetters) != "" {
				t.Errorf("%q in %q", c, memo)
			}
		}
	})
}

func TestTax(t *testing.T) {
	day := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		day             time.Time
		goods, services money.VND
		want            money.VND
	}{
		{day, 1_000_000, 0, 15_000},
		{day, 0, 1_000_000, 70_000},
		{day, 100_000, 100_000, 8_500},
		{time.Date(2025, 6, 30, 5, 0, 0, 0, time.UTC), 1_000_000, 1_000_000, 0},
		{time.Date(2025, 6, 30, 17, 0, 0, 0, time.UTC), 1_000_000, 0, 15_000}, // midnight in Vietnam
	} {
		if got := taxOn(tt.day, tt.goods, tt.services); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}

func TestProvinces(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range Provinces {
		if len(p.Code) != 2 || p.Name == "" || seen[p.Code] {
			t.Errorf("%+v", p)
		}
		seen[p.Code] = true
	}
	if p, ok := ProvinceByCode("14"); len(Provinces) != 34 || !ok || p.Name != "Sơn La" {
		t.Errorf("%d, %v", len(Provinces), p)
	}
}

// Whatever happens to an order in whatever order, its money adds up.
func TestMoneyAlwaysAddsUp(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		now := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
		until := now.Add(time.Hour)
		o := Order{ID: "o", Code: "SLAC34DE", Placed: now, Until: &until, Method: []Method{Transfer, Cash, Card}[r.IntN(3)], State: Placing}
		for i := range 1 + r.IntN(3) {
			p := Parcel{Seller: fmt.Sprint("s", i), State: Waiting, Goods: money.VND(1 + r.IntN(900_000)), Fee: money.VND(r.IntN(60_000)), Commission: int64(r.IntN(1500)), Household: r.IntN(2) == 0}
			p.Services = money.VND(r.Int64N(int64(p.Goods)))
			if r.IntN(2) == 0 {
				p.OffSeller = money.VND(r.Int64N(int64(p.Goods)))
			}
			if r.IntN(3) == 0 {
				p.FeeSeller = min(money.VND(r.Int64N(int64(p.Fee)+1)), p.Total())
				p.OffSeller += p.FeeSeller
			}
			if r.IntN(2) == 0 {
				p.OffMarket = money.VND(r.Int64N(int64(p.Total()) + 1))
				p.OffCredit = money.VND(r.Int64N(int64(p.OffMarket) + 1))
			}
			if o.Method != Cash && r.IntN(3) == 0 { // a visit, perhaps with a deposit
				p.OffMarket, p.OffSeller = p.OffMarket-min(p.OffMarket, p.Fee), p.OffSeller-p.FeeSeller
				p.OffCredit = min(p.OffCredit, p.OffMarket)
				p.Key, p.Fee, p.FeeSeller = fmt.Sprint("seats-", i), 0, 0
				p.Rest = money.VND(r.Int64N(int64(p.Total())*2/3 + 1))
			}
			o.Parcels = append(o.Parcels, p)
		}
		if o.Method != Cash {
			o.DueNow = o.now()
		}
		o.open(now)
		if o.Due() == 0 {
			o.confirm("shopper", now)
		}
		entries := map[string]money.VND{}
		for step := range 40 {
			now = now.Add(time.Duration(r.IntN(40)) * time.Minute)
			seller := o.Parcels[r.IntN(len(o.Parcels))].ID()
			switch r.IntN(15) {
			case 13:
				_ = o.attend("p1", seller, now)
			case 14:
				_ = o.leave(Leaving{Parcel: seller, By: "shopper", Percent: []int64{0, 33, 50, 100}[r.IntN(4)], Cause: "visit", Credit: r.IntN(2) == 0}, now)
			case 0, 1:
				if o.Method != Cash {
					amount := []money.VND{o.Due(), o.Total(), 10_000, 1}[r.IntN(4)]
					how := []Method{o.Method, o.Method, Transfer, Card}[r.IntN(4)]
					o.pay(Payment{ID: fmt.Sprint("p", r.IntN(6)), Method: how, Amount: amount, Booked: now, By: "p1"}, now)
				}
			case 2:
				if w := o.next(now); w == toSettle {
					if r.IntN(4) == 0 {
						o.stick("worker", "", now)
					} else {
						o.confirm("worker", now)
					}
				} else if w == toExpire {
					o.expire(now)
				}
			case 3:
				if r.IntN(5) == 0 {
					_ = o.cancel("shopper", "", now)
				}
			case 4, 5, 6, 7, 8, 9:
				m := []Move{Pack, Send, Deliver, Collect, Remit, Return, Drop}[r.IntN(7)]
				_ = o.move(Moving{Move: m, Seller: seller, Collector: []Collector{BySeller, ByCourier}[r.IntN(2)]}, "p1", now)
			case 10:
				if n := len(o.Payments); n > 0 {
					p := o.Payments[r.IntN(n)]
					kind := []EventKind{EventDisputed, EventDisputeOver}[r.IntN(2)]
					if p.Method == Card {
						o.dispute(Event{Kind: kind, Ref: "dp_" + p.ID, Payment: p.ID, Amount: p.Amount / money.VND(1+r.IntN(2)), Lost: r.IntN(3) > 0}, now)
					}
				}
			default:
				for i := range o.Refunds {
					x := &o.Refunds[i]
					if x.State == RefundAsked || x.State == RefundReady {
						if x.State = []RefundState{RefundSent, RefundCredit, RefundReady}[r.IntN(3)]; x.State == RefundCredit {
							x.Done = &now
						}
					}
					_ = o.endRefund(x, "p1", "FT1", r.IntN(3) > 0, now)
				}
			}
			if !o.Balanced() {
				t.Fatalf("after step %d: held %d, unspent %d, refunds %d: %s %+v", step, o.Held(), o.unspent(), o.pendingRefunds(), o.State, o)
			}
			now2 := map[string]money.VND{}
			for _, e := range o.Ledger() {
				now2[e.ID] = e.Amount
			}
			for id, amount := range entries {
				if now2[id] != amount {
					t.Fatalf("the entry %s of %d became %d", id, amount, now2[id])
				}
			}
			entries = now2
			if o.Returned() > o.Paid() {
				t.Fatalf("more goes back than came: %d of %d", o.Returned(), o.Paid())
			}
			var credit, again money.VND
			for _, p := range o.Parcels {
				credit += p.OffCredit
			}
			for _, x := range o.Refunds {
				if x.Method == ByCredit {
					again += x.Amount
				}
			}
			if again > credit {
				t.Fatalf("credits of %d become %d", credit, again)
			}
		}
	}
}

// Coupons in a row: the delivery is free once, and a credit pays all that others
// left, in whatever order parcels stand.
func TestCouponsInARow(t *testing.T) {
	day := time.Date(2026, 11, 26, 5, 0, 0, 0, time.UTC)
	free := Coupon{Kind: FreeDelivery, Bears: MarketBears}
	parcels := []Parcel{{Seller: "a", Goods: 95_000, Fee: 20_000}}
	for i, want := range []money.VND{20_000, 0} {
		if taken, err := free.apply(parcels, day); taken != want || err != nil {
			t.Errorf("%d: %d, %v", i, taken, err)
		}
	}
	for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
		parcels := []Parcel{}
		for _, s := range order {
			parcels = append(parcels, Parcel{Seller: s, Goods: map[string]money.VND{"a": 95_000, "b": 120_000}[s], Fee: 20_000})
		}
		for _, k := range []Coupon{{Kind: Amount, Amount: 90_000, Seller: "a", Bears: SellerBears}, {Kind: Credit, Amount: 1_000_000, Bears: MarketBears}} {
			if _, err := k.apply(parcels, day); err != nil {
				t.Error(err)
			}
		}
		if left := parcels[0].Total() + parcels[1].Total(); left != 0 {
			t.Errorf("%v: %d are left to pay", order, left)
		}
	}
}
