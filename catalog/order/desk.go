package order

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/store"
)

// Move is what a seller, or the market, does with a parcel.
type Move string

// Moves of a parcel.
const (
	Pack    Move = "pack"
	Send    Move = "send"    // or make ready to be picked up
	Deliver Move = "deliver" // the shopper has it
	Collect Move = "collect" // its cash was collected
	Remit   Move = "remit"   // the courier handed the cash over to the market
	Return  Move = "return"  // it came back
	Drop    Move = "drop"    // it cannot be sent
	Decline Move = "decline" // what the shopper asked to return stays
)

// Moving is the form of a move.
type Moving struct {
	Move              Move
	Seller            string
	Seen              ParcelState // that the form showed; "" moves from any that allows it
	Carrier, Tracking string
	Collector         Collector // of cash, with Send
	Restock           bool      // with Return: can be sold again
	Note              string
}

// Handle makes a move with a seller's parcel. Repeating it changes nothing; one
// that the parcel's state does not allow is fault.Conflict "order.parcel.state".
func (s *Service) Handle(ctx context.Context, by, id string, m Moving) error {
	m.Carrier, m.Tracking, m.Note = clip(strings.TrimSpace(m.Carrier), 80), clip(strings.TrimSpace(m.Tracking), 80), clip(strings.TrimSpace(m.Note), maxNote)
	return s.change(ctx, id, func(o *Order, now time.Time) error { return o.move(m, by, now) })
}

// allowed says from which states a move leads where; a move whose target the
// parcel has is repeated.
var allowed = map[Move]struct {
	from []ParcelState
	to   ParcelState
}{
	Pack:    {[]ParcelState{ToPack}, Packed},
	Send:    {[]ParcelState{ToPack, Packed}, Sent},
	Deliver: {[]ParcelState{Sent}, Delivered},
	Return:  {[]ParcelState{Sent, Delivered}, Returned},
	Drop:    {[]ParcelState{ToPack, Packed}, Dropped},
}

func (o *Order) move(m Moving, by string, now time.Time) error {
	i := o.Parcel(m.Seller)
	if i < 0 {
		return fault.New(fault.NotFound, "order.not_found")
	}
	wrong := fault.New(fault.Conflict, "order.parcel.state")
	if o.State != Confirmed {
		return wrong
	}
	p, at := &o.Parcels[i], store.Stamp(now)
	if p.Visit() {
		return wrong // its host moves it
	}
	switch m.Move {
	case Collect:
		return o.collect(p, by, now, wrong)
	case Remit:
		return o.remit(p, by, now, wrong)
	case Decline:
		return o.decline(p, by, m.Note, now, wrong)
	}
	rule, ok := allowed[m.Move]
	if !ok {
		return wrong
	}
	if p.State == rule.to {
		return nil
	}
	if !slices.Contains(rule.from, p.State) || m.Seen != "" && m.Seen != p.State {
		return wrong
	}
	p.State = rule.to
	switch m.Move {
	case Send:
		p.SentAt, p.Carrier, p.Tracking = &at, m.Carrier, m.Tracking
		if o.Method == Cash {
			if p.Collector = m.Collector; p.Collector != ByCourier {
				p.Collector = BySeller
			}
		}
	case Deliver:
		p.Got = &at
	case Return:
		p.Back, p.Restock, p.Why = &at, m.Restock, m.Note
	case Drop:
		p.DroppedAt, p.Why = &at, m.Note
	}
	o.step(stepOf[m.Move], by, m.Seller, now)
	o.reconcile(cmp.Or(causeOf[m.Move], "over"), now)
	return nil
}

// causeOf is why money goes back after a move; other moves move none.
var causeOf = map[Move]string{Return: "returned", Drop: "dropped"}

var stepOf = map[Move]string{Pack: "packed", Send: "sent", Deliver: "delivered", Return: "returned", Drop: "dropped"}

// collect notes that cash was collected; what is collected is delivered. What a
// courier has is no payment before it comes in.
func (o *Order) collect(p *Parcel, by string, now time.Time, wrong error) error {
	switch {
	case o.Method != Cash || p.State != Sent && p.State != Delivered:
		return wrong
	case p.Cash != nil:
		return nil
	}
	at := store.Stamp(now)
	p.Cash, p.State = &at, Delivered
	if p.Got == nil {
		p.Got = &at
	}
	if p.Collector == BySeller && p.Total() > 0 {
		o.Payments = append(o.Payments, Payment{ID: "cash:" + o.ID + ":" + p.ID(), Method: Cash, Amount: p.Total(), Booked: at, At: at, By: by})
	}
	o.step("collected", by, p.ID(), now)
	return nil
}

func (o *Order) remit(p *Parcel, by string, now time.Time, wrong error) error {
	switch {
	case o.Method != Cash || p.Collector != ByCourier || p.Cash == nil:
		return wrong
	case p.Remitted != nil:
		return nil
	}
	at := store.Stamp(now)
	p.Remitted = &at
	if p.Total() > 0 {
		o.Payments = append(o.Payments, Payment{ID: "courier:" + o.ID + ":" + p.ID(), Method: Courier, Amount: p.Total(), Booked: at, At: at, By: by})
	}
	o.step("remitted", by, p.ID(), now)
	o.reconcile("returned", now) // of what came back meanwhile
	return nil
}

// decline keeps a parcel with the shopper who asked to return it.
func (o *Order) decline(p *Parcel, by, why string, now time.Time, wrong error) error {
	switch {
	case p.Declined != nil:
		return nil
	case !p.Asking():
		return wrong
	}
	at := store.Stamp(now)
	p.Declined, p.Why = &at, why
	o.step("return_declined", by, p.ID(), now)
	return nil
}

// Asking reports whether the shopper waits for an answer about a return.
func (p Parcel) Asking() bool {
	return p.Asked != "" && p.Declined == nil && (p.State == Sent || p.State == Delivered)
}

// Cancel ends an order before anything was packed. By is "shopper" for who has
// its link.
func (s *Service) Cancel(ctx context.Context, by, id, note string) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error { return o.cancel(by, clip(note, maxNote), now) })
}

// AskReturn notes that a shopper wants to return a parcel, and why.
func (s *Service) AskReturn(ctx context.Context, id, seller, why string) error {
	why = strings.TrimSpace(why)
	if why == "" {
		return fault.New(fault.Invalid, "order.return.form").Field("why", "order.field.missing")
	}
	if utf8.RuneCountInString(why) > maxNote {
		return fault.New(fault.Invalid, "order.return.form").Field("why", "order.field.long")
	}
	return s.change(ctx, id, func(o *Order, now time.Time) error {
		i := o.Parcel(seller)
		if i < 0 {
			return fault.New(fault.NotFound, "order.not_found")
		}
		p := &o.Parcels[i]
		if p.Visit() || p.State != Sent && p.State != Delivered || p.Declined != nil {
			return fault.New(fault.Conflict, "order.parcel.state")
		}
		if p.Asked == "" {
			p.Asked = strings.ToValidUTF8(why, "")
			o.step("return_asked", "shopper", seller, now)
		}
		return nil
	})
}

// ByState lists orders of a state, the latest first.
func (s *Service) ByState(ctx context.Context, state State, after string) ([]Order, string, error) {
	return s.orders.Find(ctx, store.Query{Index: "state", Eq: []any{string(state)}, Desc: true, Limit: 50, After: after})
}

// CountState is how many orders have a state.
func (s *Service) CountState(ctx context.Context, state State) (int64, error) {
	return s.orders.Count(ctx, store.Query{Index: "state", Eq: []any{string(state)}})
}
