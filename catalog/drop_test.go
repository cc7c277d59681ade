package catalog

import (
	"context"
	"errors"
	"slices"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
)

// lots are numbers that lots of the producer "a" pack.
func lots(used ...string) InLot {
	return func(_ context.Context, producer, gtin string) (bool, error) {
		return producer == "a" && slices.Contains(used, gtin), nil
	}
}

// A draft that was discarded is gone for everybody, and its number is free.
func TestADraftIsDiscarded(t *testing.T) {
	s, _ := newService(t)
	ctx := t.Context()
	log := &keeper{}
	s.Perform(log)
	s.InLots(lots())
	save(t, s, producer("a", "HTX An", "04132"))
	e := draft("Nhầm")
	e.Product.Variants[0].GTIN = gtin(7)
	e.Product.OCOP = &OCOP{Stars: 3, Decision: "12/QĐ", Grantor: lang.Text{Vi: "Tỉnh"}, From: on("2025-01-01"), To: on("2027-12-31")}
	p, err := s.Save(ctx, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Drop(ctx, "p1", p.ID); err != nil {
		t.Fatal(err)
	}
	if last := log.list[len(log.list)-1]; last.Action != "product.drop" || last.By != "p1" || last.Object != "product:"+p.ID || last.Org != "a" {
		t.Errorf("%+v", last)
	}
	list, err := s.Own(ctx, "a")
	waiting, _, err2 := s.Claims(ctx, "")
	if n, err3 := s.CountClaims(ctx); len(list)+len(waiting)+int(n) != 0 || errors.Join(err, err2, err3) != nil {
		t.Errorf("%d listed, %d wait, %d counted, %v", len(list), len(waiting), n, errors.Join(err, err2, err3))
	}
	e.Seen = p.Changed
	again := e.Product
	again.Published = true
	for what, try := range map[string]func() error{
		"read":             func() error { _, err := s.ByID(ctx, p.ID); return err },
		"saved":            func() error { _, err := s.Save(ctx, e); return err },
		"saved as new":     func() error { n := e; n.Seen = on("0001-01-01"); _, err := s.Save(ctx, n); return err },
		"published":        func() error { return s.Publish(ctx, "p1", p.ID, false) },
		"taken out":        func() error { return s.Withdraw(ctx, "op", p.ID, "Vì thế.", true) },
		"let back":         func() error { return s.Publish(ctx, "op", p.ID, true) },
		"checked":          func() error { return s.CheckOCOP(ctx, "op", p.ID, p.Changed, true, "") },
		"given a photo":    func() error { return s.SetPhoto(ctx, "p1", p.ID, "/photos/x.jpg") },
		"discarded":        func() error { return s.Drop(ctx, "p1", p.ID) },
		"brought in again": func() error { again.Summary.Vi = "Một câu."; return s.SaveProduct(ctx, again) },
	} {
		wantFault(t, what, try(), fault.NotFound, "catalog.product.not_found")
	}
	if _, err := s.Refresh(ctx); err != nil {
		t.Error(err)
	}
	e = draft("Nhầm")
	e.Product.ID, e.Product.Variants[0].GTIN = "d2", gtin(7)
	right, err := s.Save(ctx, e)
	if err != nil || right.Slug == p.Slug {
		t.Fatalf("%q: %v", right.Slug, err)
	}
	if err := s.Claim(ctx, "a", gtin(7)); err != nil {
		t.Fatal(err)
	}
	if holder, _, err := s.ByGTIN(ctx, gtin(7)); err != nil || holder.ID != "d2" {
		t.Errorf("%s holds the number, %v", holder.ID, err)
	}
}

// What buyers or packets know stays.
func TestWhatCannotBeDiscarded(t *testing.T) {
	ctx := t.Context()
	broken := fault.New(fault.Unavailable, "unavailable")
	bare := producer("b", "HTX Bình", "04132")
	bare.Published = false
	for _, c := range []struct {
		name     string
		producer string
		gtin     string // "" for an in-store number
		inLot    InLot
		before   func(*Service, Product) error
		kind     fault.Kind
		code     string // "" where it goes
	}{
		{"a draft in no lot", "a", gtin(7), lots(), nil, 0, ""},
		{"its number is in a lot", "a", gtin(7), lots(gtin(7)), nil, fault.Conflict, "catalog.product.in_lot"},
		{"its in-store number is in a lot", "a", "", lots("02000000000015"), nil, fault.Conflict, "catalog.product.in_lot"},
		{"a number that it says is in another's lot", "b", gtin(7), lots(gtin(7)), nil, 0, ""},
		{"lots cannot be asked", "a", gtin(7), func(context.Context, string, string) (bool, error) { return false, broken }, nil, fault.Unavailable, "unavailable"},
		{"nobody says how to ask", "a", gtin(7), nil, nil, fault.Unavailable, "unavailable"},
		{"it was in the shop", "a", gtin(7), lots(), func(s *Service, p Product) error {
			return errors.Join(s.Publish(ctx, "p1", p.ID, false), s.Withdraw(ctx, "p1", p.ID, "", false))
		}, fault.Conflict, "catalog.product.kept"},
		{"the operator took it out", "a", gtin(7), lots(), func(s *Service, p Product) error {
			return s.Withdraw(ctx, "op", p.ID, "Ảnh.", true)
		}, fault.Conflict, "catalog.product.kept"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := newService(t)
			s.InLots(c.inLot)
			save(t, s, producer("a", "HTX An", "04132"), bare)
			e := draft("Nháp")
			e.Product.Producer, e.Product.Variants[0].GTIN, e.Product.Summary.Vi = c.producer, c.gtin, "Một câu."
			p, err := s.Save(ctx, e)
			if err == nil && c.before != nil {
				err = c.before(s, p)
			}
			if err != nil {
				t.Fatal(err)
			}
			err = s.Drop(ctx, "p1", p.ID)
			if c.code == "" && err != nil {
				t.Fatal(err)
			}
			if c.code != "" {
				wantFault(t, c.name, err, c.kind, c.code)
			}
			if _, err := s.ByID(ctx, p.ID); (err == nil) != (c.code != "") {
				t.Errorf("afterwards: %v", err)
			}
		})
	}
}
