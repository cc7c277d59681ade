package order

import (
	"time"

	"nguon/app/money"
)

// Accounts of the ledger that belong to no seller.
const (
	MarketAccount = "market" // commission, coupons that the market bears, and lost disputes
	CreditAccount = "credit" // what shoppers may still spend of their credits
	TaxAccount    = "tax"    // withheld, owed to the state
)

// EntryKind says what an entry of the ledger is.
type EntryKind string

// Kinds of entries.
const (
	Sale       EntryKind = "sale"
	Delivery   EntryKind = "delivery"
	CouponCost EntryKind = "coupon"
	Fees       EntryKind = "commission"
	Tax        EntryKind = "tax"
	CashKept   EntryKind = "cash"    // the seller collected it and has it
	Given      EntryKind = "given"   // a refund became a credit
	Spent      EntryKind = "spent"   // a credit paid
	Chargeback EntryKind = "dispute" // lost: the cardholder's bank took the money
	Payout     EntryKind = "payout"  // was sent to the seller
	Bounced    EntryKind = "bounced" // a payout that the bank sent back
)

// Entry is one line of the ledger. Its sign is that of what the market owes the
// account. Entries follow from what an order records, and are only added.
type Entry struct {
	ID      string    `bson:"_id"`     // order:parcel:account:kind:cause
	Account string    `bson:"account"` // seller, or one of the market's
	Order   string    `bson:"order,omitempty"`
	Code    string    `bson:"code,omitempty"` // of the order
	Kind    EntryKind `bson:"kind"`
	Cause   string    `bson:"cause"` // "sold", "returned", "given", "lost", "covered"; of a payout its batch
	Amount  money.VND `bson:"amount"`
	At      time.Time `bson:"at"`
	Written time.Time `bson:"written"` // when it came into the ledger
}

// Ledger lists the entries that follow from an order as it stands. What an order
// records stays recorded, so a later list holds all of an earlier one.
func (o Order) Ledger() (list []Entry) {
	for _, p := range o.Parcels {
		list = append(list, o.kept(p)...)
		earned := p.earned(o)
		if earned == nil {
			continue
		}
		list = append(list, o.sold(p, "sold", *earned, 1, false)...)
		if o.Method == Cash && p.Collector == BySeller {
			list = append(list, o.entry(p.ID(), p.Seller, CashKept, "sold", -p.Total(), *earned))
		}
		if p.Visit() && p.Came() && p.Rest > 0 {
			list = append(list, o.entry(p.ID(), p.Seller, CashKept, "sold", -p.Rest, *earned))
		}
		if p.State == Returned && p.Back != nil {
			list = append(list, o.sold(p, "returned", *p.Back, -1, true)...)
		}
	}
	for _, r := range o.Refunds {
		switch {
		case r.State == RefundCredit && r.Method != ByCredit: // what a credit paid is undone with its sale
			list = append(list, o.own(CreditAccount, Given, r.ID, "given", r.Amount, *r.Done))
		case r.Dispute != "":
			list = append(list, o.own(MarketAccount, Chargeback, r.ID, "covered", r.Amount, *r.Done))
		}
	}
	for _, d := range o.Disputes {
		if d.Lost > 0 {
			list = append(list, o.own(MarketAccount, Chargeback, d.Ref, "lost", -d.Lost, *d.At))
		}
	}
	return list
}

// earned is when a parcel's money became the seller's: when what was paid for was
// sent or made ready, so that nobody is paid for what can still be called off;
// when its cash was collected, or came in from the courier.
func (p Parcel) earned(o Order) *time.Time {
	switch {
	case o.Method != Cash:
		return p.SentAt
	case p.Collector == BySeller:
		return p.Cash
	}
	return p.Remitted
}

// sold are the entries of a sale, or undo it. What goes back by mail keeps its
// delivery paid.
func (o Order) sold(p Parcel, cause string, at time.Time, sign money.VND, keepFee bool) (list []Entry) {
	add := func(account string, kind EntryKind, amount money.VND) {
		if amount != 0 {
			list = append(list, o.entry(p.ID(), account, kind, cause, sign*amount, at))
		}
	}
	fee, offSeller, offMarket, credit := p.Fee, p.OffSeller, p.OffMarket, p.OffCredit
	if keepFee {
		bySeller, byMarket := p.feeOff() // of coupons, what lowered the fee stays as well
		fee, offSeller, offMarket, credit = 0, offSeller-bySeller, offMarket-byMarket, p.goodsCredit()
	}
	base := max(p.Goods-(p.OffSeller-p.FeeSeller), 0) // what the seller sold its goods for
	commission, tax := part(base, p.Commission), money.VND(0)
	if p.Household {
		services := p.Services * base / max(p.Goods, 1)
		tax = taxOn(o.Placed, base-services, services)
	}
	add(p.Seller, Sale, p.Goods)
	add(p.Seller, Delivery, fee)
	add(p.Seller, CouponCost, -offSeller)
	add(p.Seller, Fees, -commission)
	add(p.Seller, Tax, -tax)
	add(MarketAccount, Fees, commission)
	add(MarketAccount, CouponCost, credit-offMarket)
	add(CreditAccount, Spent, -credit)
	add(TaxAccount, Tax, tax)
	return list
}

func (o Order) entry(parcel, account string, kind EntryKind, cause string, amount money.VND, at time.Time) Entry {
	return Entry{ID: o.ID + ":" + parcel + ":" + account + ":" + string(kind) + ":" + cause, Account: account, Order: o.ID, Code: o.Code, Kind: kind, Cause: cause, Amount: amount, At: at}
}

// own is an entry of the market that follows from no parcel but from what ref
// names.
func (o Order) own(account string, kind EntryKind, ref, cause string, amount money.VND, at time.Time) Entry {
	e := o.entry("", account, kind, ref, amount, at)
	e.Cause = cause
	return e
}

// Held is the money that the market has of an order: what came in, but for cash
// that sellers have, less what it sent back and what cardholders' banks took.
func (o Order) Held() (sum money.VND) {
	for _, p := range o.Payments {
		if p.Method != Cash {
			sum += p.Amount
		}
	}
	for _, r := range o.Refunds {
		if r.State == RefundDone && r.Dispute == "" {
			sum -= r.Amount
		}
	}
	for _, d := range o.Disputes {
		sum -= d.Lost
	}
	return sum
}

// unspent is what the market holds of an order and owes to no account: what is
// on its way back, was paid of an order that still waits, or for what was not
// sent.
func (o Order) unspent() money.VND {
	sum := o.Held()
	for _, e := range o.Ledger() {
		sum -= e.Amount
	}
	return sum
}

// pendingRefunds is what is on its way back and was not sent.
func (o Order) pendingRefunds() (sum money.VND) {
	for _, r := range o.Refunds {
		if r.State != RefundDone && r.State != RefundCredit {
			sum += r.Amount
		}
	}
	return sum
}

// Balanced reports whether the money of an order adds up.
func (o Order) Balanced() bool {
	waiting := money.VND(0)
	if o.Settled == nil {
		waiting = o.Paid() - o.Returned()
	}
	if o.State == Confirmed && o.Method != Cash {
		for _, p := range o.Parcels {
			if p.SentAt == nil && p.State != Dropped {
				waiting += p.Total() - p.Rest
			}
		}
	}
	return o.unspent() == o.pendingRefunds()+waiting
}
