package order

import (
	"context"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/store"
)

// TaskVisit, whose object is "order@parcel", tells whoever fulfils a visit that
// its order was placed, confirmed or is over, or that the visit was left.
const TaskVisit = "order-visit"

// Visit reports whether a parcel is people who come, and nothing that is sent.
func (p Parcel) Visit() bool { return p.Key != "" }

// Came reports whether the people of a visit did.
func (p Parcel) Came() bool { return p.Visit() && p.SentAt != nil }

// VisitRef is the reference of a visit to its fulfiller.
func (o Order) VisitRef(parcel string) (ref string, ok bool) {
	for _, l := range o.Lines {
		if l.Apart && l.Parcel() == parcel {
			return l.Ref, true
		}
	}
	return "", false
}

// ParcelOf is the ID of the parcel of a visit.
func ParcelOf(kind Kind, ref string) string { return Line{Kind: kind, Ref: ref, Apart: true}.Parcel() }

// Leaving ends a visit before anybody came.
type Leaving struct {
	Parcel  string
	By      string // "shopper", "worker" or a person
	Percent int64  // of what was paid, that goes back
	Cause   string // message key suffix under "order.refund.": "visit", "called_off", "no_show"
	Credit  bool   // it goes back as a credit
}

// Leave ends a visit and gives back the part of what was paid that goes back, to
// the đồng: what division leaves is the shopper's. Leaving again changes nothing.
// Faults: Conflict "order.parcel.state" once people came, or nothing was paid.
func (s *Service) Leave(ctx context.Context, id string, l Leaving) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error { return o.leave(l, now) })
}

func (o *Order) leave(l Leaving, now time.Time) error {
	i := o.Parcel(l.Parcel)
	if i < 0 || !o.Parcels[i].Visit() {
		return fault.New(fault.NotFound, "order.not_found")
	}
	p := &o.Parcels[i]
	switch {
	case p.State == Dropped || o.over():
		return nil
	case o.State != Confirmed || p.State != ToPack:
		return fault.New(fault.Conflict, "order.parcel.state")
	}
	at := store.Stamp(now)
	paid := p.Total() - p.Rest
	p.State, p.DroppedAt, p.Why = Dropped, &at, l.Cause
	p.Kept, p.KeptCredit = paid-upTo(paid, l.Percent), p.OffCredit-upTo(p.OffCredit, l.Percent)
	o.step("left", l.By, l.Parcel, now)
	first := len(o.Refunds)
	o.reconcile(l.Cause, now)
	for j := first; l.Credit && j < len(o.Refunds); j++ {
		if r := &o.Refunds[j]; r.creditable() || r.State == RefundReady { // nobody has seen it yet
			r.State, r.Done = RefundCredit, &at
			o.step("credit", l.By, r.ID, now)
		}
	}
	return nil
}

// upTo is a part of an amount in percent, rounded up.
func upTo(sum money.VND, percent int64) money.VND { return (sum*money.VND(percent) + 99) / 100 }

// Attend notes that the people of a visit came; what was still to be paid, the
// host has. Again it changes nothing; of a visit that was left it is
// fault.Conflict "order.parcel.state".
func (s *Service) Attend(ctx context.Context, by, id, parcel string) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error { return o.attend(by, parcel, now) })
}

func (o *Order) attend(by, parcel string, now time.Time) error {
	i := o.Parcel(parcel)
	if i < 0 || !o.Parcels[i].Visit() {
		return fault.New(fault.NotFound, "order.not_found")
	}
	p := &o.Parcels[i]
	switch {
	case p.Came():
		return nil
	case o.State != Confirmed || p.State != ToPack:
		return fault.New(fault.Conflict, "order.parcel.state")
	}
	at := store.Stamp(now)
	p.State, p.SentAt, p.Got = Delivered, &at, &at
	if p.Rest > 0 {
		o.Payments = append(o.Payments, Payment{ID: "cash:" + o.ID + ":" + parcel, Method: Cash, Amount: p.Rest, Booked: at, At: at, By: by})
	}
	o.step("came", by, parcel, now)
	return nil
}

// kept are the entries of a visit that was left, or that nobody came to: what
// stays the host's.
func (o Order) kept(p Parcel) (list []Entry) {
	base := p.Kept + p.KeptCredit
	if p.State != Dropped || base == 0 {
		return nil
	}
	commission, tax := part(base, p.Commission), money.VND(0)
	if p.Household {
		tax = taxOn(o.Placed, 0, base)
	}
	add := func(account string, kind EntryKind, amount money.VND) {
		if amount != 0 {
			list = append(list, o.entry(p.ID(), account, kind, "kept", amount, *p.DroppedAt))
		}
	}
	add(p.Seller, Sale, base)
	add(p.Seller, Fees, -commission)
	add(p.Seller, Tax, -tax)
	add(MarketAccount, Fees, commission)
	add(CreditAccount, Spent, -p.KeptCredit)
	add(TaxAccount, Tax, tax)
	return list
}

// tellsVisit reports whether whoever fulfils a visit is told of a step.
func tellsVisit(st Step, p Parcel) bool {
	switch st.Name {
	case "placed", "confirmed", "cancelled", "expired", "stuck":
		return true
	}
	return strings.TrimSpace(st.Note) == p.ID() && (st.Name == "left" || st.Name == "came")
}
