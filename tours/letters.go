package tours

import (
	"slices"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Calendar is the entry of a booking in its party's calendar.
func (b Booking) Calendar(t Tour, d Departure) outbox.Event {
	l := b.Lang
	e := outbox.Event{UID: "booking-" + b.Ref(), Start: d.Start, End: d.End, Sequence: b.Sequence, Cancelled: b.State == Left || b.State == NoShow || d.State == CalledOff,
		Title: t.Title().In(l), Place: t.Meeting.Words.In(l), Lat: t.Meeting.Lat, Lon: t.Meeting.Lon, Link: "/tickets/" + b.ID}
	e.Text = strings.TrimSpace(b.Words(t) + "\n" + l.T("tours.letter.phone", "Phone", t.Phone))
	return e
}

// Words name the party of a booking: "2 người lớn, 1 trẻ em, 3 bữa trưa".
func (b Booking) Words(t Tour) string {
	var parts []string
	for _, c := range t.EveryType() {
		if n := b.Of(c.ID); n > 0 {
			parts = append(parts, b.Lang.T("tours.people", "N", b.Lang.Int(n), "Type", c.Name.In(b.Lang)))
		}
	}
	for _, a := range t.EveryAddOn() {
		if n := b.Party.AddOns[a.ID]; n > 0 {
			parts = append(parts, b.Lang.Int(n)+" × "+a.Name.In(b.Lang))
		}
	}
	return strings.Join(parts, ", ")
}

// TicketMail is the mail with the ticket of a booking.
func (s *Service) TicketMail(b Booking, t Tour, d Departure) (outbox.Mail, error) {
	symbol, err := s.Ticket(b, 0)
	if err != nil {
		return outbox.Mail{}, err
	}
	c := b
	c.Pending = nil
	c.mail(t, d, "mail.ticket", "ticket", s.Now())
	m := *c.Pending[0].Mail
	m.QR = symbol
	return m, nil
}

// Ticket is the text of the symbol that lets the whole party in, or one of it.
func (s *Service) Ticket(b Booking, place int) (string, error) {
	return s.signer.Sign(Ticket{Event: b.Departure, Booking: b.Ref(), Place: uint16(place), Issue: uint16(b.Issue)})
}

// mail tells the party of a change; what names it with the sequence of the
// calendar entry, so that each change is told once.
func (b *Booking) mail(t Tour, d Departure, key, what string, now time.Time) {
	l := b.Lang
	args := map[string]string{"Title": t.Title().In(l), "When": l.DateTime(d.Start), "Where": t.Meeting.Words.In(l), "Party": b.Words(t), "Phone": t.Phone,
		"Bring": t.Bring.In(l), "Code": b.Code, "Rest": "", "Cause": "", "Until": "", "Was": ""}
	if b.Rest > 0 {
		args["Rest"] = l.T("tours.letter.rest", "Rest", b.Rest.String())
	}
	if b.Choice != nil {
		args["Until"] = l.DateTime(b.Choice.Until)
		if b.Choice.Was != nil {
			args["Was"] = l.DateTime(*b.Choice.Was)
		}
	}
	if d.Off != nil {
		args["Cause"] = strings.TrimSpace(l.T("tours.off."+d.Off.Cause) + " " + d.Off.Note)
	}
	e := b.Calendar(t, d)
	b.Post(now, outbox.Effect{ID: what + ":" + b.ID + ":" + itoa(int(b.Sequence)), Mail: &outbox.Mail{To: b.Email, Name: b.Name, Lang: string(l), Key: key, Args: args, Link: "/tickets/" + b.ID, Event: &e}})
}

// remind posts a reminder, once for each time.
func (b *Booking) remind(t Tour, d Departure, what string, now time.Time) {
	if slices.Contains(b.Sent, what) {
		return
	}
	b.Sent = append(b.Sent, what)
	if b.Email == "" {
		return
	}
	key := map[string]string{remindDays: "mail.visit_soon", remindHours: "mail.visit_now"}[what]
	b.mail(t, d, key, what, now)
}

// calledOff lets the party choose what it wants instead.
func (b *Booking) calledOff(t Tour, d Departure, now time.Time) {
	if b.State != Booked || len(b.Arrivals) > 0 || b.Choice != nil && b.Choice.Cause == d.Off.Cause {
		return
	}
	b.Choice, b.Called = &Choice{Cause: d.Off.Cause, Until: d.Off.Until}, nil
	b.Sequence++
	if b.Email != "" {
		b.mail(t, d, "mail.visit_called_off", "off", now)
	}
}

// retimed tells the party that its departure leaves at another time; it may have
// its money back until a moment.
func (b *Booking) retimed(t Tour, d Departure, now time.Time) {
	if b.State != Booked || b.Start.Equal(d.Start) && b.Place == d.Place {
		return
	}
	was := b.Start
	b.Start, b.Place, b.Called = d.Start, d.Place, nil
	if was.Equal(d.Start) { // the same hour elsewhere
		b.Sequence++
		if b.Email != "" {
			b.mail(t, d, "mail.visit_elsewhere", "elsewhere", now)
		}
		return
	}
	b.Choice = &Choice{Cause: "moved", Until: store.Stamp(d.Start.Add(-time.Hour)), Was: &was}
	b.Sequence++
	b.Sent = []string{}
	if b.Email != "" {
		b.mail(t, d, "mail.visit_retimed", "retimed", now)
	}
}

// Title is the name of a tour in both languages.
func (t Tour) Title() lang.Text { return lang.Text{Vi: t.Name, En: t.NameEn} }
