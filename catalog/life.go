package catalog

import (
	"context"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// step is what became of a product, for the log; one without an action changed
// nothing.
type step struct {
	action string
	after  []outbox.Value
	tells  string // task that tells the owners, "" for what they did themselves
}

// Publish puts a product into the shop. It must be complete; one that the
// operator took out comes back only by the operator (market), who lets back
// nothing else: Conflict "catalog.product.not_taken_out". Publishing it again
// changes nothing.
func (s *Service) Publish(ctx context.Context, by, id string, market bool) error {
	return s.change(ctx, by, id, func(p *Product, now time.Time) (step, error) {
		if market {
			return p.letBack(now)
		}
		return p.publish(now)
	})
}

func (p *Product) publish(now time.Time) (step, error) {
	if p.Published {
		return step{}, nil
	}
	if p.takenOut() {
		return step{}, fault.New(fault.Forbidden, "catalog.product.taken_out")
	}
	if err := p.validate(lack{}); err != nil {
		return step{}, err
	}
	p.Published, p.Withdrawn = true, nil
	if p.First == nil {
		p.First = &now
	}
	return step{action: "product.publish"}, nil
}

// letBack undoes what the operator did: the product is back in the shop if it
// was there and is complete, else its people may publish it again.
func (p *Product) letBack(now time.Time) (step, error) {
	if p.Published {
		return step{}, nil
	}
	if !p.takenOut() {
		return step{}, fault.New(fault.Conflict, "catalog.product.not_taken_out")
	}
	hidden := p.Withdrawn.Hidden || p.validate(lack{}) != nil
	p.Withdrawn = nil
	if hidden {
		return step{action: "product.allow", tells: TaskLetBack}, nil
	}
	st, err := p.publish(now)
	st.tells = TaskLetBack
	return st, err
}

// takenOut reports whether the operator took a product out.
func (p *Product) takenOut() bool { return p.Withdrawn != nil && p.Withdrawn.Market }

// Withdraw takes a product out of the shop; packets of it still find their
// story. Market says that the operator does it, who gives a reason; then its
// people cannot publish it, even if it was not in the shop at that moment.
func (s *Service) Withdraw(ctx context.Context, by, id, reason string, market bool) error {
	reason = strings.TrimSpace(reason)
	if err := reasonWrong(reason, market); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(p *Product, now time.Time) (step, error) {
		return p.withdraw(Withdrawal{By: by, At: now, Reason: reason, Market: market}), nil
	})
}

func (p *Product) withdraw(w Withdrawal) step {
	if !p.Published && (!w.Market || p.takenOut()) {
		return step{}
	}
	w.Hidden = !p.Published
	p.Published, p.Withdrawn = false, &w
	st := step{action: "product.withdraw", after: []outbox.Value{{Name: "reason", Text: w.Reason}}}
	if w.Market {
		st.tells = TaskTakenOut
	}
	return st
}

func reasonWrong(reason string, required bool) error {
	if required && reason == "" || utf8.RuneCountInString(reason) > maxSentence || !utf8.ValidString(reason) {
		return fault.New(fault.Invalid, "catalog.reason").Field("reason", "catalog.product.reason")
	}
	return nil
}

// CheckOCOP notes what the operator found of a claim. Seen is Changed of the
// product whose claim was looked at: one that changed since is the Conflict
// "catalog.product.stale". Noting the same again changes nothing.
func (s *Service) CheckOCOP(ctx context.Context, by, id string, seen time.Time, holds bool, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := reasonWrong(reason, !holds); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(p *Product, now time.Time) (step, error) {
		return p.check(Check{By: by, At: now, Holds: holds, Reason: reason}, store.Stamp(seen))
	})
}

// check is the rule of CheckOCOP. A claim that changes loses its check, so one
// that carries this very check is the one that was looked at.
func (p *Product) check(c Check, seen time.Time) (step, error) {
	if p.OCOP == nil {
		return step{}, stale()
	}
	if was := p.OCOP.Checked; was != nil && was.By == c.By && was.Holds == c.Holds && was.Reason == c.Reason {
		return step{}, nil
	}
	if !p.Changed.Equal(seen) {
		return step{}, stale()
	}
	p.OCOP.Checked, p.OCOP.Claimed = &c, nil
	action, tells := "ocop.confirm", TaskConfirmed
	if !c.Holds {
		action, tells = "ocop.refuse", TaskRefused
	}
	return step{action: action, tells: tells, after: []outbox.Value{{Name: "ocop", Text: p.OCOP.told()}, {Name: "reason", Text: c.Reason}}}, nil
}

// told is what the log says of a claim.
func (o OCOP) told() string { return strconv.Itoa(o.Stars) + " " + o.Decision }

// SetPhoto puts a photo in place of the drawn packet, or takes it away when it
// is empty.
func (s *Service) SetPhoto(ctx context.Context, by, id, photo string) error {
	return s.change(ctx, by, id, func(p *Product, _ time.Time) (step, error) {
		if p.Photo == photo {
			return step{}, nil
		}
		p.Photo = photo
		return step{action: "product.photo", after: []outbox.Value{{Name: "photo", Text: photo}}}, nil
	})
}

// change takes one step in the life of a product; one that was discarded has no
// more of them.
func (s *Service) change(ctx context.Context, by, id string, fn func(*Product, time.Time) (step, error)) error {
	p, err := s.ByID(ctx, id)
	if err != nil {
		return err
	}
	maker, err := s.producers.Get(ctx, p.Producer)
	if err != nil {
		return unknown(err, "catalog.producer.not_found")
	}
	now := store.Stamp(s.now())
	nonce := store.NewID(now)
	err = s.rewrite(ctx, id, maker, now, func(p *Product) (bool, error) {
		if p.Dropped {
			return false, dropped()
		}
		st, err := fn(p, now)
		if err != nil || st.action == "" {
			return false, err
		}
		p.Changed = next(p.Changed, now)
		p.Post(now, outbox.Effect{ID: st.action + ":" + id + ":" + nonce,
			Entry: &outbox.Entry{At: now, By: by, Action: st.action, Object: "product:" + id, Org: p.Producer, After: st.after}})
		if st.tells != "" {
			p.Post(now, outbox.Effect{ID: st.tells + ":" + id + ":" + nonce, Task: &outbox.Task{Name: st.tells, Object: id}})
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	return s.recheck(ctx, maker, id)
}

// next is the time of a change: two changes never bear the same, because what
// somebody saw is told by it.
func next(last, now time.Time) time.Time {
	if now.After(last) {
		return now
	}
	return last.Add(time.Millisecond)
}
