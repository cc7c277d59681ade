package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/catalog"
)

// People of a seller note why the stock changed, each form once, and see what
// orders did to it.
func TestTheStockAndItsReasons(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	list, err := s.cat.Own(ctx, ourOrg)
	must(t, err)
	p := list[0]
	gtin := p.Sold()[0].GTIN
	must(t, s.cat.Count(ctx, "test", gtin, 40))
	staff := s.enter(account.Staff)
	path := "/console/shop/" + p.ID + "/stock"
	if d := staff.get("/console/shop/" + p.ID).doc(t); d.Find(`a[href="`+path+`"]`).Length() != 1 {
		t.Error("nothing leads to the stock")
	}
	onHand := func() int64 {
		t.Helper()
		st, err := s.cat.Stock(ctx, gtin)
		must(t, err)
		return st.OnHand
	}
	send := func(once, reason, quantity string) answer {
		t.Helper()
		return staff.post(path, "token", staff.token(), "once", once, "gtin", gtin, "reason", reason, "quantity", quantity)
	}
	for _, step := range []struct {
		once, reason, quantity string
		then                   int64
	}{{"f1", "received", "60", 100}, {"f1", "received", "60", 100}, {"f2", "damaged", "3", 97}, {"f2", "damaged", "3", 97}, {"f3", "counted", "1.095", 1095}} {
		if a := send(step.once, step.reason, step.quantity); a.Status != 303 {
			t.Fatalf("%+v: %d %s", step, a.Status, a.text(t))
		}
		if got := onHand(); got != step.then {
			t.Errorf("%+v: %d on the shelf", step, got)
		}
	}
	for _, bad := range [][3]string{{"sold", "1", "reason"}, {"", "1", "reason"}, {"received", "nhiều", "quantity"}, {"received", "", "quantity"}, {"received", "-1", "quantity"}, {"damaged", "9999", "quantity"}, {"counted", "2000000", "quantity"}} {
		a := send("x", bad[0], bad[1])
		if a.Status != 422 || a.doc(t).Find(`.problem a[href^="#`+bad[2]+`"]`).Length() != 1 {
			t.Errorf("%v: %d %s", bad, a.Status, a.doc(t).Find(".problem").Text())
		}
	}
	if a := staff.post(path, "token", staff.token(), "once", "y", "gtin", "09521234000012", "reason", "received", "quantity", "1"); a.Status != 422 {
		t.Errorf("a number of somebody else: %d", a.Status)
	}
	s.buy("cod", []string{ourOrg})
	for _, l := range []string{"", "/en"} {
		if text := staff.get(l + path).text(t); !strings.Contains(text, "+60") || !strings.Contains(text, "−3") || !strings.Contains(text, []string{"Hư hỏng", "Damaged"}[len(l)/3]) {
			t.Errorf("%s", text)
		}
	}
	if a := s.enter(account.Buyer).get(path); a.Status != 404 {
		t.Errorf("somebody else: %d", a.Status)
	}
	s.store.fail(fault.New(fault.Unavailable, "unavailable"))
	if a := staff.get(path); a.Status != 503 {
		t.Errorf("without a store: %d", a.Status)
	}
}

// A draft that says the number of another producer's product neither counts its
// packets nor is told how many there are.
func TestADraftCountsNothingOfOthers(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	theirs, err := s.cat.Own(ctx, otherOrg)
	must(t, err)
	v := theirs[0].Sold()[0]
	must(t, s.cat.Count(ctx, "test", v.GTIN, 77))
	mine := catalog.Product{ID: "draft-of-mine", Producer: ourOrg, Name: "Nháp", Kind: catalog.Roasted, Species: theirs[0].Species, Roast: "medium", Process: theirs[0].Process, Art: theirs[0].Art,
		Variants: []catalog.Variant{{GTIN: v.GTIN, NetGrams: v.NetGrams, Grind: v.Grind, Price: v.Price}}}
	p, err := s.cat.Save(ctx, catalog.Edit{By: "p", Product: mine, Stock: map[string]int64{"0": 0}})
	must(t, err)
	if st, err := s.cat.Stock(ctx, v.GTIN); err != nil || st.OnHand != 77 {
		t.Errorf("%d of theirs are left, %v", st.OnHand, err)
	}
	if got, err := s.cat.OnHand(ctx, p); err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if list, err := s.cat.Held(ctx, p); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
}
