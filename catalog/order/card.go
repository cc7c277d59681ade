package order

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/store"
)

// makeCredits makes the credits that refunds became.
func (s *Service) makeCredits(ctx context.Context, o Order) error {
	codes, ends := map[string]string{}, map[string]time.Time{}
	for _, r := range o.Refunds {
		if !r.uncredited() {
			continue
		}
		to, err := s.until(ctx, o, r)
		if err != nil {
			return err
		}
		code, err := s.credit(ctx, o, r.ID, r.Amount, to)
		if err != nil {
			return err
		}
		codes[r.ID], ends[r.ID] = code, store.Stamp(to)
	}
	return s.record(ctx, o.ID, func(o *Order, now time.Time) {
		for i, r := range o.Refunds {
			if code := codes[r.ID]; code != "" && r.uncredited() {
				to := ends[r.ID]
				o.Refunds[i].Ref, o.Refunds[i].Expires = code, &to
				o.step("credited", "worker", r.ID, now)
			}
		}
	})
}

// sendCardRefunds hands refunds to the gateway. They are done when an event says
// so; what the gateway refuses fails and waits for somebody to look.
func (s *Service) sendCardRefunds(ctx context.Context, o Order) error {
	if s.Gateway == nil {
		return fault.New(fault.Unavailable, "order.card.away")
	}
	for _, r := range o.Refunds {
		if !o.sendable(r) {
			continue
		}
		ref, err := s.Gateway.Refund(ctx, GatewayRefund{Order: o.ID, Refund: r.try(), Payment: r.Payment, Amount: r.Amount})
		refused := fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid)
		if err != nil && !refused {
			return err
		}
		if err := s.record(ctx, o.ID, func(o *Order, now time.Time) {
			i := o.refund(r.ID)
			if i < 0 || o.Refunds[i].State != RefundReady {
				return
			}
			if refused {
				_ = o.endRefund(&o.Refunds[i], "worker", "", false, now)
				return
			}
			o.Refunds[i].State, o.Refunds[i].Ref = RefundSent, ref
			o.step("refund_sent", "worker", r.ID, now)
		}); err != nil {
			return err
		}
	}
	return nil
}

// attempts are how many used-up attempts one press of the button passes over.
const attempts = 6

// Card opens a page where an order is paid by card, or returns the one that is
// open. Done and back are addresses to return to. Faults: Conflict
// "order.card.over" for an order that waits for nothing; Unavailable.
func (s *Service) Card(ctx context.Context, id, done, back string) (url string, err error) {
	o, err := s.Order(ctx, id)
	if err != nil {
		return "", err
	}
	if o.Method != Card || o.State != Open || o.Due() == 0 {
		return "", fault.New(fault.Conflict, "order.card.over")
	}
	if s.Gateway == nil {
		return "", fault.New(fault.Unavailable, "order.card.away")
	}
	if n := len(o.Sessions); n > 0 { // a page that is open, and asks for what is due, is gone on with
		page, err := s.Gateway.Session(ctx, o.Sessions[n-1])
		switch {
		case err == nil && page.Paid:
			return "", errors.Join(fault.New(fault.Conflict, "order.card.over"), s.Returned(ctx, id))
		case err == nil && page.URL != "" && page.Amount == o.Due():
			return page.URL, nil
		case err != nil && !fault.Is(err, fault.NotFound):
			return "", err
		}
	}
	st := Start{Order: o.ID, Code: o.Code, Attempt: len(o.Sessions) + 1, Amount: o.Due(), Email: o.Customer.Email, Lang: o.Lang, Until: *o.Until, Done: done, Back: back,
		Lines: []StartLine{{Title: o.Code, Amount: o.Due()}}}
	page, err := s.Gateway.Start(ctx, st)
	for range attempts {
		if fault.CodeOf(err) != "order.card.attempt" {
			break
		}
		st.Attempt++ // one that a crash, or another language, has used up
		page, err = s.Gateway.Start(ctx, st)
	}
	if err != nil {
		return "", err
	}
	if slices.Contains(o.Sessions, page.ID) {
		return page.URL, nil
	}
	return page.URL, s.orders.Update(ctx, id, func(o *Order) error {
		if !slices.Contains(o.Sessions, page.ID) {
			o.Sessions = append(o.Sessions, page.ID)
		}
		return nil
	})
}

// Returned asks the gateway how far an order's pages have come: the shopper came
// back, perhaps before the gateway's word.
func (s *Service) Returned(ctx context.Context, id string) error {
	o, err := s.Order(ctx, id)
	if err != nil {
		return err
	}
	return s.asked(ctx, o)
}

func (s *Service) asked(ctx context.Context, o Order) error {
	if s.Gateway == nil {
		return nil
	}
	for _, session := range o.Sessions {
		page, err := s.Gateway.Session(ctx, session)
		if err != nil {
			return err
		}
		if page.Paid && page.Order == o.ID {
			if err := s.payCard(ctx, o.ID, page.Payment, page.Amount, page.At); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) payCard(ctx context.Context, id, payment string, amount money.VND, at time.Time) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error {
		o.pay(Payment{ID: payment, Method: Card, Amount: amount, Booked: at, By: "webhook"}, now)
		return nil
	})
}

// Take acts on a word of the gateway: once, however often and in whatever order
// words come. An order that is not known yet is fault.NotFound, so that the
// gateway sends its word again.
func (s *Service) Take(ctx context.Context, e Event) error {
	if e.Kind == EventOther || e.Kind == EventFailed || e.Kind == EventExpired {
		return nil // the order runs out by itself
	}
	o, err := s.orderOf(ctx, e)
	if err != nil {
		return err
	}
	switch e.Kind {
	case EventPaid:
		return s.payCard(ctx, o.ID, e.Payment, e.Amount, e.At)
	case EventRefunded, EventRefundFailed:
		return s.refundWord(ctx, o, e)
	case EventDisputed, EventDisputeOver:
		return s.change(ctx, o.ID, func(o *Order, now time.Time) error {
			if e.Lost && !slices.ContainsFunc(o.Payments, func(p Payment) bool { return p.ID == e.Payment }) {
				return fault.New(fault.NotFound, "order.not_found") // its money was not told of yet
			}
			o.dispute(e, now)
			return nil
		})
	}
	return nil
}

func (s *Service) orderOf(ctx context.Context, e Event) (Order, error) {
	if e.Order != "" {
		return s.Order(ctx, e.Order)
	}
	for index, value := range map[string]string{"payment": e.Payment, "session": e.Session} {
		if value == "" {
			continue
		}
		o, err := s.orders.First(ctx, store.Query{Index: index, Eq: []any{value}})
		if !fault.Is(err, fault.NotFound) {
			return o, err
		}
	}
	return Order{}, fault.New(fault.NotFound, "order.not_found")
}

func (s *Service) refundWord(ctx context.Context, o Order, e Event) error {
	return s.change(ctx, o.ID, func(o *Order, now time.Time) error {
		i := slices.IndexFunc(o.Refunds, func(r Refund) bool {
			return r.Method == Card && (e.Refund != "" && r.means(e) || e.Refund == "" && e.Ref != "" && r.Ref == e.Ref)
		})
		if i < 0 {
			return nil // made at the gateway by hand: the operator sees it there
		}
		r := &o.Refunds[i]
		switch {
		case e.Kind == EventRefundFailed && e.Ref != "" && !slices.Contains(r.Dead, e.Ref):
			r.Dead = append(r.Dead, e.Ref)
		case e.Kind == EventRefunded && slices.Contains(r.Dead, e.Ref):
			return nil // an old word about a try that failed since
		}
		err := o.endRefund(&o.Refunds[i], "webhook", e.Ref, e.Kind == EventRefunded, now)
		if fault.CodeOf(err) == "order.refund.state" {
			return nil
		}
		return err
	})
}

// try names one attempt at a refund to the gateway.
func (r Refund) try() string {
	if r.Tries == 0 {
		return r.ID
	}
	return r.ID + "." + itoa(r.Tries)
}

// means reports whether a word is about a refund: that it is done, of whichever
// try; that it failed, only of the last, since words come late and again.
func (r Refund) means(e Event) bool {
	id, _, _ := strings.Cut(e.Refund, ".")
	return e.Refund == r.try() || e.Kind == EventRefunded && id == r.ID
}
