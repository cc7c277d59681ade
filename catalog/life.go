package catalog

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Publish puts a product into the shop. It must be complete; one that the
// operator took out comes back only by the operator (market). Publishing it
// again changes nothing.
func (s *Service) Publish(ctx context.Context, by, id string, market bool) error {
	return s.change(ctx, by, id, "product.publish", func(p *Product, now time.Time) (bool, error) {
		if p.Published {
			return false, nil
		}
		if p.Withdrawn != nil && p.Withdrawn.Market && !market {
			return false, fault.New(fault.Forbidden, "catalog.product.taken_out")
		}
		if err := p.validate(lack{}); err != nil {
			return false, err
		}
		p.Published, p.Withdrawn = true, nil
		if p.First == nil {
			p.First = &now
		}
		return true, nil
	}, nil)
}

// Withdraw takes a product out of the shop; packets of it still find their
// story. Market says that the operator does it, who gives a reason.
func (s *Service) Withdraw(ctx context.Context, by, id, reason string, market bool) error {
	reason = strings.TrimSpace(reason)
	if market && reason == "" || utf8.RuneCountInString(reason) > maxSentence || !utf8.ValidString(reason) {
		return fault.New(fault.Invalid, "catalog.product.incomplete").Field("reason", "catalog.product.reason")
	}
	return s.change(ctx, by, id, "product.withdraw", func(p *Product, now time.Time) (bool, error) {
		if !p.Published {
			return false, nil
		}
		p.Published, p.Withdrawn = false, &Withdrawal{By: by, At: now, Reason: reason, Market: market}
		return true, nil
	}, []outbox.Value{{Name: "reason", Text: reason}})
}

// CheckOCOP notes what the operator found of a claim. Decision is the number of
// the paper that was checked: a claim that changed meanwhile is a Conflict.
func (s *Service) CheckOCOP(ctx context.Context, by, id, decision string, holds bool, reason string) error {
	reason = strings.TrimSpace(reason)
	if !holds && reason == "" || utf8.RuneCountInString(reason) > maxSentence || !utf8.ValidString(reason) {
		return fault.New(fault.Invalid, "catalog.product.incomplete").Field("reason", "catalog.product.reason")
	}
	action := "ocop.confirm"
	if !holds {
		action = "ocop.refuse"
	}
	return s.change(ctx, by, id, action, func(p *Product, now time.Time) (bool, error) {
		if p.OCOP == nil || p.OCOP.Decision != decision {
			return false, stale()
		}
		if p.OCOP.Checked != nil && p.OCOP.Checked.Holds == holds && p.OCOP.Checked.Reason == reason {
			return false, nil
		}
		p.OCOP.Checked, p.OCOP.Claimed = &Check{By: by, At: now, Holds: holds, Reason: reason}, nil
		return true, nil
	}, []outbox.Value{{Name: "decision", Text: decision}, {Name: "reason", Text: reason}})
}

// SetPhoto puts a photo in place of the drawn packet, or takes it away when it
// is empty.
func (s *Service) SetPhoto(ctx context.Context, by, id, photo string) error {
	return s.change(ctx, by, id, "product.photo", func(p *Product, _ time.Time) (bool, error) {
		if p.Photo == photo {
			return false, nil
		}
		p.Photo = photo
		return true, nil
	}, []outbox.Value{{Name: "photo", Text: photo}})
}

// change is one step in the life of a product: fn says whether it changed
// anything.
func (s *Service) change(ctx context.Context, by, id, action string, fn func(*Product, time.Time) (bool, error), after []outbox.Value) error {
	p, err := s.products.Get(ctx, id)
	if err != nil {
		return unknown(err, "catalog.product.not_found")
	}
	maker, err := s.producers.Get(ctx, p.Producer)
	if err != nil {
		return unknown(err, "catalog.producer.not_found")
	}
	now := store.Stamp(s.now())
	eid := action + ":" + id + ":" + store.NewID(now)
	err = s.products.Update(ctx, id, func(p *Product) error {
		changed, err := fn(p, now)
		if err != nil || !changed {
			return err
		}
		p.Changed = now
		p.derive(maker, now)
		p.Post(now, outbox.Effect{ID: eid, Entry: &outbox.Entry{At: now, By: by, Action: action, Object: "product:" + id, Org: p.Producer, After: after}})
		return nil
	})
	if err != nil {
		return err
	}
	s.settle(ctx, id)
	again, err := s.producers.Get(ctx, maker.ID)
	if err == nil && (again.Published != maker.Published || again.Commune != maker.Commune) {
		err = s.rederive(ctx, id)
	}
	return err
}
