package order

import (
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/money"
	"nguon/app/outbox"
)

// Bearer is who pays for what a coupon takes away.
type Bearer string

// Bearers of the cost of a coupon.
const (
	MarketBears Bearer = "market"
	SellerBears Bearer = "seller"
)

// CouponKind is what a coupon takes away.
type CouponKind string

// Kinds of coupon. A credit is an amount that one person holds and can use in
// parts.
const (
	Percent      CouponKind = "percent"
	Amount       CouponKind = "amount"
	FreeDelivery CouponKind = "delivery"
	Credit       CouponKind = "credit"
)

// Coupon takes something away from the price of an order. What it still allows
// is scarce: uses, or the đồng of a credit.
type Coupon struct {
	Code       string     `bson:"_id"` // upper case
	Kind       CouponKind `bson:"kind"`
	Percent    int64      `bson:"percent,omitempty"` // of the goods, 1 to 100
	Amount     money.VND  `bson:"amount,omitempty"`  // of an amount or a credit; the most of a percentage, 0 for no limit
	Seller     string     `bson:"seller"`            // whose goods it counts for; "" for all
	Bears      Bearer     `bson:"bears"`
	From       time.Time  `bson:"from"`
	To         time.Time  `bson:"to"`               // the last moment
	Least      money.VND  `bson:"least"`            // goods of the seller, or of the order, from which it counts
	Uses       int64      `bson:"uses"`             // altogether, 0 for no limit
	Holder     string     `bson:"holder,omitempty"` // key of the telephone that may use it; "" for everybody
	Cause      string     `bson:"cause,omitempty"`  // of a credit: the refund that it stands for
	Off        bool       `bson:"off,omitempty"`    // taken back
	By         string     `bson:"by"`
	Created    time.Time  `bson:"created"`
	Counted    int64      `bson:"counted"`          // uses, or đồng, that were folded
	Folded     []string   `bson:"folded,omitempty"` // the latest orders whose uses were
	hold.Book  `bson:",inline"`
	outbox.Box `bson:",inline"`
}

// capacity is how much of it can be claimed.
func (c Coupon) capacity() int64 {
	switch {
	case c.Kind == Credit:
		return int64(c.Amount) - c.Counted
	case c.Uses == 0:
		return 1 << 40
	}
	return c.Uses - c.Counted
}

// Left is how much of it is still free: uses, or đồng of a credit.
func (c Coupon) Left(now time.Time) int64 { return c.Free(c.capacity(), now) }

// usable says why a coupon does not count now, nil when it does.
func (c Coupon) usable(phone string, now time.Time) error {
	switch {
	case c.Off, now.Before(c.From), now.After(c.To):
		return fault.New(fault.Invalid, "order.coupon.over")
	case c.Holder != "" && c.Holder != phone:
		return fault.New(fault.Invalid, "order.coupon.holder")
	case c.Left(now) < 1:
		return fault.New(fault.Conflict, "order.coupon.used_up")
	}
	return nil
}

// apply takes a coupon off parcels and returns how much it took. Parts of an
// amount are shared over parcels by their goods; what division leaves goes to
// the last. Nothing falls below zero.
func (c Coupon) apply(parcels []Parcel, now time.Time) (money.VND, error) {
	var mine []int
	var goods, fees, left money.VND
	for i, p := range parcels {
		if c.Seller == "" || p.Seller == c.Seller {
			mine = append(mine, i)
			goods += p.Goods
			fees += p.fee()
			left += p.Total()
		}
	}
	if len(mine) == 0 {
		return 0, fault.New(fault.Invalid, "order.coupon.other_goods")
	}
	if goods < c.Least {
		return 0, fault.New(fault.Invalid, "order.coupon.least").With("Least", c.Least.String())
	}
	off := money.VND(0)
	share := func(p Parcel) money.VND { return p.Goods }
	whole := goods
	switch c.Kind {
	case Percent:
		if off = goods * money.VND(c.Percent) / 100; c.Amount > 0 {
			off = min(off, c.Amount)
		}
	case Amount:
		off = c.Amount
	case Credit:
		off, whole = money.VND(c.Left(now)), left
		share = Parcel.Total
	case FreeDelivery:
		off, whole = fees, fees
		share = Parcel.fee
	}
	return c.spread(parcels, mine, off, whole, share), nil
}

func (c Coupon) spread(parcels []Parcel, mine []int, off, whole money.VND, share func(Parcel) money.VND) (taken money.VND) {
	if whole <= 0 {
		return 0
	}
	room := money.VND(0)
	for _, i := range mine {
		room += parcels[i].Total()
	}
	off = min(off, whole, room)
	shares := make([]money.VND, len(mine)) // as they are before anything is taken
	for k, i := range mine {
		shares[k] = share(parcels[i])
	}
	for k, i := range mine {
		part := off * shares[k] / whole
		if k == len(mine)-1 {
			part = off - taken
		}
		part = min(part, parcels[i].Total())
		off, fee := &parcels[i].OffMarket, &parcels[i].FeeMarket
		if c.Bears == SellerBears {
			off, fee = &parcels[i].OffSeller, &parcels[i].FeeSeller
		}
		switch *off += part; c.Kind {
		case FreeDelivery:
			*fee += part
		case Credit:
			parcels[i].OffCredit += part
		}
		taken += part
	}
	return taken
}

// fee is what other coupons left of the delivery.
func (p Parcel) fee() money.VND {
	bySeller, byMarket := p.feeOff()
	return p.Fee - bySeller - byMarket
}

// claim is how much of the coupon an order takes.
func (c Coupon) claim(off money.VND) int64 {
	if c.Kind == Credit {
		return int64(off)
	}
	return 1
}
