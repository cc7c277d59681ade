package tours

import (
	"context"
	"net/mail"
	"slices"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/outbox"
)

// Total is how many people a party has.
func (p Party) Total() (n int64) {
	for _, x := range p.People {
		n += x
	}
	return n
}

// AsksEach reports whether something is asked of each person.
func (t Tour) AsksEach() bool {
	return slices.ContainsFunc(t.Questions, func(q Question) bool { return q.Each })
}

// OfferStands reports whether somebody of the waiting list has seats kept.
func (d *Departure) OfferStands(offer string, now time.Time) bool { return d.offered(offer, now) > 0 }

// Wait puts a party on the waiting list of a departure and confirms it by mail; the
// same id again changes nothing. Faults: Invalid "tours.waiting.form" with fields
// name, email, seats; those of Departure.Wait.
func (s *Service) Wait(ctx context.Context, departure string, w Waiter) error {
	f := fault.NewForm("tours.waiting.form")
	a, err := mail.ParseAddress(w.Email)
	f.Need(err == nil && a.Address == w.Email && len(w.Email) <= 254, "email", "tours.waiting.email")
	f.Need(w.Name != "" && utf8.RuneCountInString(w.Name) <= 80 && utf8.ValidString(w.Name), "name", "tours.field.missing")
	if err := f.Result(); err != nil {
		return err
	}
	return s.changeDeparture(ctx, departure, func(d *Departure) error {
		now := s.Now()
		known := d.waiter(w.ID) >= 0
		if !known && slices.ContainsFunc(d.Queue, func(x Waiter) bool { return x.Email == w.Email && !x.Over }) {
			return fault.New(fault.Conflict, "tours.waiting.again")
		}
		if err := d.Wait(w, now); err != nil || known {
			return err
		}
		d.Post(now, outbox.Effect{ID: "waits:" + w.ID, Mail: &outbox.Mail{To: w.Email, Name: w.Name, Lang: string(w.Lang), Key: "mail.waiting",
			Args: map[string]string{"Title": d.Title.In(w.Lang), "When": w.Lang.DateTime(d.Start), "Seats": w.Lang.Int(w.Seats)}, Link: d.Path + "/wait?departure=" + d.ID + "&id=" + w.ID}})
		return nil
	})
}

// LeaveList takes a party off the waiting list; its offer goes to the next.
func (s *Service) LeaveList(ctx context.Context, departure, id string) error {
	return s.changeDeparture(ctx, departure, func(d *Departure) error { d.Leave(id, s.Now()); return nil })
}
