package tours

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/store"
)

const (
	maxChoices = 20
	maxAddOns  = 100 // of one thing that a party takes
)

// rows notes what is wrong with the lists of a tour: "types.0.name", "addOns.1.price",
// "questions.0.choices", "uses.2".
func (t Tour) rows(f *fault.Form) {
	f.Need(len(t.Types) <= maxTypes, "types", "tours.field.many")
	names, ids := twice{}, twice{}
	for i, c := range t.Types {
		at := "types." + itoa(i)
		named(f, at+".name", c.Name, names, ids.again(c.ID))
		f.Need(c.Price >= 0 && c.Price <= maxPrice, at+".price", "tours.field.money")
		f.Need(c.Seats >= 0 && c.Seats <= 4, at+".seats", "tours.field.number")
	}
	f.Need(len(t.AddOns) <= maxList, "addOns", "tours.field.many")
	names, ids = twice{}, twice{}
	for i, a := range t.AddOns {
		at := "addOns." + itoa(i)
		named(f, at+".name", a.Name, names, ids.again(a.ID))
		f.Need(a.Price >= 0 && a.Price <= maxPrice, at+".price", "tours.field.money")
		f.Need(a.Most >= 0 && a.Most <= maxAddOns, at+".most", "tours.field.number")
	}
	f.Need(len(t.Questions) <= maxList, "questions", "tours.field.many")
	names, ids = twice{}, twice{}
	for i, q := range t.Questions {
		at := "questions." + itoa(i)
		named(f, at+".text", q.Text, names, ids.again(q.ID))
		f.Need(choicesSane(q.Choices), at+".choices", "tours.field.choices")
	}
	t.shares(f)
}

// shares notes what is wrong with what a tour takes of what tours share.
func (t Tour) shares(f *fault.Form) {
	f.Need(len(t.Uses) <= maxList, "uses", "tours.field.many")
	seen := twice{}
	for i, u := range t.Uses {
		at := "uses." + itoa(i)
		f.Need(u.Resource != "", at, "tours.field.choice")
		f.Need(u.Quantity >= 1 && u.Quantity <= maxSeats, at, "tours.field.number")
		f.Need(u.AddOn == "" || slices.ContainsFunc(t.AddOns, func(a AddOn) bool { return a.ID == u.AddOn }), at, "tours.field.addon")
		f.Need(!seen.again(u.Resource+"/"+u.AddOn), at, "tours.field.double")
	}
}

// twice finds what comes a second time; nothing is no thing.
type twice map[string]bool

func (t twice) again(s string) bool {
	was := t[s]
	t[s] = s != ""
	return was
}

// named notes what is wrong with the name of a row; two rows of one name cannot be
// told apart in a booking.
func named(f *fault.Form, field string, name lang.Text, names twice, sameID bool) {
	f.Need(strings.TrimSpace(name.Vi) != "", field, "tours.field.missing")
	f.Need(utf8.RuneCountInString(name.Vi) <= maxName && utf8.RuneCountInString(name.En) <= maxName, field, "tours.field.long")
	f.Need(!names.again(strings.ToLower(strings.TrimSpace(name.Vi))) && !sameID, field, "tours.field.double")
}

// choicesSane reports whether a question asks for anything, or to choose among
// several different answers.
func choicesSane(list []lang.Text) bool {
	seen := twice{}
	for _, c := range list {
		if n := utf8.RuneCountInString(c.Vi); n == 0 || n > maxName || utf8.RuneCountInString(c.En) > maxName || seen.again(strings.ToLower(c.Vi)) {
			return false
		}
	}
	return len(list) == 0 || len(list) >= 2 && len(list) <= maxChoices
}

// known checks that what a tour uses is shared in its organisation: fault.Invalid
// "tours.form" with fields "uses.N".
func (s *Service) known(ctx context.Context, t Tour) error {
	if len(t.Uses) == 0 {
		return nil
	}
	shared, err := s.Resources(ctx, t.Org)
	if err != nil {
		return err
	}
	f := fault.NewForm("tours.form")
	for i, u := range t.Uses {
		f.Need(slices.ContainsFunc(shared, func(r Resource) bool { return r.ID == u.Resource && !r.Ended }), "uses."+itoa(i), "tours.field.choice")
	}
	return f.Result()
}

// follow carries a changed tour to its coming departures: its name, and what their
// bookings have of what tours share. Bookings come first: where it is not enough,
// that is only noted. Cut-off and fewest people stay as they were planned.
func (s *Service) follow(ctx context.Context, was, t Tour) error {
	shares, name := !slices.Equal(was.Uses, t.Uses), was.Title() != t.Title()
	if !shares && !name {
		return nil
	}
	now := s.Now()
	coming, err := s.Departures(ctx, t.ID, now.AddDate(0, 0, -8), now.AddDate(10, 0, 0)) // a tour lasts a week at most
	for _, d := range coming {
		if err != nil || !d.End.After(now) {
			continue
		}
		if name {
			err = s.changeDeparture(ctx, d.ID, func(d *Departure) error { d.Title = t.Title(); return nil })
		}
		if err == nil && shares && d.State != CalledOff {
			err = s.respread(ctx, d, was, t)
		}
	}
	return err
}

// respread moves what the bookings of a departure have of what tours share from how
// the tour used it to how it does now.
func (s *Service) respread(ctx context.Context, d Departure, was, t Tour) error {
	return s.eachBooked(ctx, d.ID, func(b Booking) error {
		key := b.claim()
		return s.swap(ctx, d.ID, was.pieces(d, key, b.Party.AddOns), t.pieces(d, key, b.Party.AddOns))
	})
}

// swap gives some parts of what tours share back and takes others.
func (s *Service) swap(ctx context.Context, departure string, back, take []piece) error {
	for _, p := range back {
		if err := s.dropPiece(ctx, p); err != nil {
			return err
		}
	}
	for _, p := range take {
		if err := s.takePiece(ctx, p); err != nil {
			s.Log.Warn("what tours share is not enough for a departure", "departure", departure, "error", err)
		}
	}
	return nil
}

// TakenOut lists the tours that the market took out, by name.
func (s *Service) TakenOut(ctx context.Context) (list []Tour, err error) {
	err = s.tours.All(ctx, store.Query{Index: "listed", Eq: []any{false}}, func(t Tour) error {
		if t.Taken != "" {
			list = append(list, t)
		}
		return nil
	})
	return list, err
}
