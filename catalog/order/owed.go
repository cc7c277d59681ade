package order

import (
	"slices"
	"time"

	"nguon/app/money"
	"nguon/app/store"
)

// owed is what the shopper owes in the end, as far as the order has come.
func (o Order) owed() (sum money.VND) {
	if o.Settled == nil {
		return 0
	}
	for _, p := range o.Parcels {
		switch {
		case p.Visit() && p.State == Dropped:
			sum += p.Kept
		case o.State != Confirmed:
		case p.Visit() && !p.Came():
			sum += p.Total() - p.Rest
		case p.State == Dropped, o.Method == Cash && p.earned(o) == nil: // of cash, what was not collected is paid by nothing
		case p.State == Returned:
			bySeller, byMarket := p.feeOff()
			sum += p.Fee - bySeller - byMarket // goods go back, the way is paid
		default:
			sum += p.Total()
		}
	}
	return sum
}

// feeOff is what coupons took of the delivery, by who bears it: those for the
// delivery, and what others took beyond the goods.
func (p Parcel) feeOff() (bySeller, byMarket money.VND) {
	bySeller, byMarket = p.FeeSeller, p.FeeMarket
	beyond := max(p.OffSeller+p.OffMarket-bySeller-byMarket-p.Goods, 0)
	beyond = min(beyond, p.Fee-bySeller-byMarket)
	fromMarket := min(beyond, p.OffMarket-byMarket)
	return bySeller + beyond - fromMarket, byMarket + fromMarket
}

// goodsCredit is what credits paid of the goods: all but what lowered the
// delivery beyond them.
func (p Parcel) goodsCredit() money.VND {
	_, byMarket := p.feeOff()
	return max(p.OffCredit-(byMarket-p.FeeMarket), 0)
}

// creditBack is what credits paid of parcels that were dropped or came back, and
// did not become a credit again.
func (o Order) creditBack() (sum money.VND) {
	if o.Settled == nil {
		return 0 // credits are only held
	}
	for _, p := range o.Parcels {
		switch p.State {
		case Dropped:
			sum += p.OffCredit - p.KeptCredit
		case Returned:
			if o.Method == Cash && p.Cash == nil { // refused at the door: nobody earned the way
				sum += p.OffCredit
			} else {
				sum += p.goodsCredit()
			}
		}
	}
	for _, r := range o.Refunds {
		if r.Method == ByCredit {
			sum -= r.Amount
		}
	}
	return sum
}

// reconcile gives back whatever was paid beyond what is owed and is not on its
// way back already, each part the way it came. Cause is why.
func (o *Order) reconcile(cause string, now time.Time) {
	at := store.Stamp(now)
	add := func(r Refund) {
		r.ID, r.At = "r"+itoa(len(o.Refunds)+1), at
		o.Refunds = append(o.Refunds, r)
	}
	excess := o.Paid() - o.Returned() - o.owed()
	take := func(most money.VND) money.VND {
		part := max(min(excess, most), 0)
		excess -= part
		return part
	}
	for _, d := range o.Disputes {
		if part := take(d.Lost - o.covered(d)); part > 0 { // the shopper has it
			add(Refund{Amount: part, Method: Card, State: RefundDone, Cause: "dispute", Payment: d.Payment, Dispute: d.Ref, Ref: d.Ref, Done: &at})
			o.step("refund_covered", "worker", o.lastRefund(), now)
		}
	}
	for _, p := range o.Payments {
		if part := take(o.left(p)); part > 0 {
			add(Refund{Amount: part, Method: Card, State: RefundReady, Cause: cause, Payment: p.ID})
			o.step("refund", "worker", o.lastRefund(), now)
		}
	}
	if part := take(excess); part > 0 {
		r := Refund{Amount: part, Method: o.Method, State: RefundAsked, Cause: cause}
		if r.Method == Card || slices.ContainsFunc(o.Payments, func(p Payment) bool { return p.Method == Transfer }) {
			r.Method = Transfer
		}
		add(r)
		o.step("refund", "worker", o.lastRefund(), now)
	}
	if back := o.creditBack(); back > 0 {
		add(Refund{Amount: back, Method: ByCredit, State: RefundCredit, Cause: cause, Done: &at})
		o.step("credit", "worker", o.lastRefund(), now)
	}
}

func (o Order) lastRefund() string { return o.Refunds[len(o.Refunds)-1].ID }

// left is how much of a payment can go back by its card: what neither a refund
// nor the cardholder's bank took.
func (o Order) left(p Payment) money.VND {
	if p.Method != Card {
		return 0
	}
	left := p.Amount
	for _, r := range o.Refunds {
		if r.Payment == p.ID && r.Dispute == "" {
			left -= r.Amount
		}
	}
	for _, d := range o.Disputes {
		if d.Payment == p.ID {
			left -= d.Lost
		}
	}
	return max(left, 0)
}

// covered is what of a lost dispute stands in place of refunds.
func (o Order) covered(d Dispute) (sum money.VND) {
	for _, r := range o.Refunds {
		if r.Dispute == d.Ref {
			sum += r.Amount
		}
	}
	return sum
}

// dispute notes a dispute's beginning or end. The end of one stays, whichever
// word comes first. What a lost one took stands in place of refunds of its
// payment that did not go out.
func (o *Order) dispute(e Event, now time.Time) {
	over := e.Kind == EventDisputeOver
	i := slices.IndexFunc(o.Disputes, func(d Dispute) bool { return d.Ref == e.Ref })
	if i < 0 {
		o.Disputes = append(o.Disputes, Dispute{Ref: e.Ref, Payment: e.Payment})
		i = len(o.Disputes) - 1
	} else if o.Disputes[i].Over || !over {
		return
	}
	o.Disputes[i].Over = over
	o.step(string(e.Kind), "webhook", e.Ref, now)
	if over && e.Lost {
		o.lose(&o.Disputes[i], e, now)
	}
}

// lose notes what the bank took: also of money that had gone back already.
func (o *Order) lose(d *Dispute, e Event, now time.Time) {
	p := slices.IndexFunc(o.Payments, func(p Payment) bool { return p.ID == e.Payment })
	if p < 0 {
		return
	}
	at := store.Stamp(now)
	d.Payment, d.At, d.Lost = e.Payment, &at, o.Payments[p].Amount
	if e.Amount > 0 {
		d.Lost = min(d.Lost, e.Amount)
	}
	o.cover(now)
	if !o.mayPay() {
		o.reconcile("over", now)
	}
}

// cover lets what lost disputes took stand in place of refunds of the same
// payments that did not go out: of one that is larger, a part.
func (o *Order) cover(now time.Time) {
	at := store.Stamp(now)
	for _, d := range o.Disputes {
		room := d.Lost - o.covered(d)
		for i := range o.Refunds {
			r := &o.Refunds[i]
			waits := r.State == RefundAsked || r.State == RefundReady || r.State == RefundFailed
			if room <= 0 || r.Payment != d.Payment || r.Dispute != "" || !waits {
				continue
			}
			if r.Amount > room {
				rest := *r
				rest.ID, rest.Amount = "r"+itoa(len(o.Refunds)+1), r.Amount-room
				rest.Tries++
				o.Refunds = append(o.Refunds, rest)
				r = &o.Refunds[i]
				r.Amount = room
			}
			room -= r.Amount
			r.State, r.Method, r.Dispute, r.Ref, r.Done = RefundDone, Card, d.Ref, d.Ref, &at
			o.step("refund_covered", "worker", r.ID, now)
		}
	}
}

// Disputed reports whether a dispute is not over.
func (o Order) Disputed() bool {
	return slices.ContainsFunc(o.Disputes, func(d Dispute) bool { return !d.Over })
}

// disputed reports whether a payment is under a dispute that is not over; none
// of it is refunded then.
func (o Order) disputed(payment string) bool {
	return slices.ContainsFunc(o.Disputes, func(d Dispute) bool { return !d.Over && d.Payment == payment })
}

// lostUnseen reports whether a dispute was lost that nobody of the market has
// looked at.
func (o Order) lostUnseen() bool {
	return slices.ContainsFunc(o.Disputes, func(d Dispute) bool { return d.Lost > 0 && !d.Seen })
}
