package order

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/store"
)

func (o Order) refund(id string) int {
	return slices.IndexFunc(o.Refunds, func(r Refund) bool { return r.ID == id })
}

// changeRefund makes a step of one refund.
func (s *Service) changeRefund(ctx context.Context, id, refund string, fn func(*Order, *Refund, time.Time) error) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error {
		i := o.refund(refund)
		if i < 0 {
			return fault.New(fault.NotFound, "order.refund.not_found")
		}
		return fn(o, &o.Refunds[i], now)
	})
}

// refundState is the fault of a step that a refund's state does not allow.
func refundState() error { return fault.New(fault.Conflict, "order.refund.state") }

// TellAccount notes to which bank account money goes back. It can be corrected
// until the money is in a batch.
func (s *Service) TellAccount(ctx context.Context, id, refund string, a Account) error {
	return s.NoteAccount(ctx, "shopper", id, refund, a)
}

// NoteAccount is TellAccount by somebody of the market, to whom the shopper said
// the account on the telephone.
func (s *Service) NoteAccount(ctx context.Context, by, id, refund string, a Account) error {
	a.tidy()
	if err := a.validate(); err != nil {
		return err
	}
	return s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error {
		if r.State != RefundAsked && r.State != RefundReady && r.State != RefundFailed || r.Method == Card {
			return refundState()
		}
		if r.Account != nil && *r.Account == a && r.State == RefundReady {
			return nil
		}
		r.Account, r.State = &a, RefundReady
		o.step("refund_account", by, r.ID, now)
		return nil
	})
}

func (a *Account) tidy() {
	a.BIN, a.Number, a.Name = strings.TrimSpace(a.BIN), strings.Join(strings.Fields(a.Number), ""), strings.Join(strings.Fields(a.Name), " ")
}

func (a Account) validate() error {
	f := fault.NewForm("order.account.form")
	f.Need(len(a.BIN) == 6 && strings.Trim(a.BIN, "0123456789") == "", "bin", "order.field.choice")
	f.Need(len(a.Number) >= 6 && len(a.Number) <= 19 && strings.Trim(strings.ToUpper(a.Number), "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "", "number", "order.account.number")
	f.Need(a.Name != "" && utf8.RuneCountInString(a.Name) <= 80 && utf8.ValidString(a.Name), "holder", "order.field.missing")
	return f.Result()
}

// SendRefund notes that a refund went into a batch of transfers, or was handed
// over in cash, so that nobody sends it again.
func (s *Service) SendRefund(ctx context.Context, by, id, refund string) error {
	return s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error {
		switch {
		case r.State == RefundSent:
			return nil
		case r.State != RefundReady || r.Method == Card:
			return refundState()
		}
		r.State = RefundSent
		o.step("refund_sent", by, r.ID, now)
		return nil
	})
}

// EndRefund notes the bank's or the gateway's word on a refund that was sent.
// Ref is the bank's reference.
func (s *Service) EndRefund(ctx context.Context, by, id, refund, ref string, done bool) error {
	ref = clip(strings.TrimSpace(ref), maxRef)
	if done && ref == "" {
		return fault.New(fault.Invalid, "order.refund.form").Field("ref", "order.transfer.ref")
	}
	return s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error { return o.endRefund(r, by, ref, done, now) })
}

func (o *Order) endRefund(r *Refund, by, ref string, done bool, now time.Time) error {
	switch {
	case r.State == RefundDone && done, r.State == RefundFailed && !done:
		return nil
	case r.Dispute != "", r.State != RefundSent && !(r.Method == Card && r.State == RefundReady) && !(r.State == RefundDone && !done && r.Method != ByCredit):
		return refundState()
	}
	at := store.Stamp(now)
	r.Ref = ref
	if !done {
		r.State, r.Done = RefundFailed, nil
		o.step("refund_failed", by, r.ID, now)
		o.cover(now)
		return nil
	}
	r.State, r.Done = RefundDone, &at
	o.step("refunded", by, r.ID, now)
	return nil
}

// creditable reports whether a refund can become a credit: nothing of it was
// sent, or it came back. One that is ready for a gateway may be on its way.
func (r Refund) creditable() bool {
	return r.Dispute == "" && (r.State == RefundAsked || r.State == RefundReady && r.Method != Card || r.State == RefundFailed)
}

// CreditRefund gives the shopper a credit in place of money, which whoever asks
// has agreed with the shopper.
func (s *Service) CreditRefund(ctx context.Context, by, id, refund string) (code string, err error) {
	o, err := s.Order(ctx, id)
	if err != nil {
		return "", err
	}
	i := o.refund(refund)
	switch {
	case i < 0:
		return "", fault.New(fault.NotFound, "order.refund.not_found")
	case o.Refunds[i].State == RefundCredit:
		return s.creditCode(o, refund), nil
	case !o.Refunds[i].creditable():
		return "", refundState()
	}
	// Claimed first: a refund that is being credited cannot be sent as well.
	err = s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error {
		if !r.creditable() {
			return refundState()
		}
		at := store.Stamp(now)
		r.State, r.Ref, r.Done = RefundCredit, "", &at
		o.step("credit", by, r.ID, now)
		return nil
	})
	if err != nil {
		return "", err
	}
	return s.creditCode(o, refund), nil // advance has made it, or the worker will
}

// RetryRefund lets a refund that failed be sent anew.
func (s *Service) RetryRefund(ctx context.Context, by, id, refund string) error {
	return s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error {
		switch {
		case r.State == RefundReady:
			return nil
		case r.State != RefundFailed:
			return refundState()
		}
		r.State = RefundReady
		if r.Method == Card {
			r.Tries++
		}
		o.step("refund_again", by, r.ID, now)
		return nil
	})
}

// RefundByTransfer sends money by the bank that could not go back to its card:
// the shopper is asked for an account.
func (s *Service) RefundByTransfer(ctx context.Context, by, id, refund string) error {
	return s.changeRefund(ctx, id, refund, func(o *Order, r *Refund, now time.Time) error {
		switch {
		case r.Method == Transfer && r.Payment != "":
			return nil
		case r.Method != Card || r.State != RefundFailed:
			return refundState()
		}
		r.Method, r.State, r.Ref = Transfer, RefundAsked, ""
		o.step("refund_other", by, r.ID, now)
		return nil
	})
}

// SeeDispute notes that somebody of the market knows of a dispute that was lost.
func (s *Service) SeeDispute(ctx context.Context, by, id, ref string) error {
	return s.change(ctx, id, func(o *Order, now time.Time) error {
		i := slices.IndexFunc(o.Disputes, func(d Dispute) bool { return d.Ref == ref })
		if i < 0 || o.Disputes[i].Lost == 0 {
			return fault.New(fault.NotFound, "order.not_found")
		}
		if !o.Disputes[i].Seen {
			o.Disputes[i].Seen = true
			o.step("dispute_seen", by, ref, now)
		}
		return nil
	})
}
