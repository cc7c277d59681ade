package handlers_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/seed"
	"nguon/catalog/order"
	"nguon/tours"
)

// Who comes to the Festival fetches the coffee there: the booth stands at the
// checkout, with the order, in its mails and at the seller's desk, and follows
// what the committee changes.
func TestAnOrderIsFetchedAtTheFestival(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	e, err := s.fest.Edition(ctx, seed.Festival)
	must(t, err)
	booth, ok := e.Pickup(ourOrg)
	if !ok {
		t.Fatal("our booth hands nothing out")
	}
	one, two := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	doc := p.get("/checkout?to=14").doc(t)
	label := doc.Find(`[name="way.demo-suong-nui"][value="stand"]`).Closest("label")
	if !strings.Contains(squash(label.Text()), "Gian "+booth.Number) || !strings.Contains(squash(label.Text()), e.Name.Vi) {
		t.Fatalf("the checkout offers %q", squash(doc.Find(".form").Text()))
	}
	o := s.order(p.buys("way.demo-suong-nui", "stand", "seen", fmt.Sprint(int64(one.Price)), "province", "", "commune", "", "street", "", "method", "cod", "email", "hoa@khach.example"))
	if x := o.Parcels[0]; o.State != order.Confirmed || x.Way != order.AtStand || x.Fee != 0 || x.Stand == nil {
		t.Fatalf("%s %+v", o.State, x)
	}
	see := func(want string) {
		t.Helper()
		if got := text(p.get("/orders/"+o.ID).doc(t), "main .parcel"); !strings.Contains(got, want) {
			t.Errorf("the order lacks %q: %s", want, got)
		}
	}
	see("Gian " + booth.Number)
	owner := s.enter(account.Owner)
	desk := "/console/orders/" + o.Code
	if got := text(owner.get(desk).doc(t), "main"); !strings.Contains(got, "Gian "+booth.Number) || strings.Contains(got, "12 Tô Hiệu") {
		t.Errorf("the desk says %s", got)
	}
	if got := text(owner.get("/console/shop/"+ourOrg+"/terms").doc(t), "main"); !strings.Contains(got, "Gian "+booth.Number) {
		t.Error("the seller is not told that its booth hands out")
	}
	if got := text(s.get(e.Path()).doc(t), "#booth-"+booth.ID); !strings.Contains(got, "Nhận đơn đặt trước") {
		t.Errorf("the booth says %q", got)
	}

	// The committee gives the booth another number, then takes it away.
	set := func(change func([]tours.Booth) []tours.Booth) {
		t.Helper()
		cur, err := s.fest.Edition(ctx, e.ID)
		must(t, err)
		cur.Booths = change(slices.Clone(cur.Booths))
		_, err = s.fest.SetBooths(ctx, tours.EditionEdit{By: "test", Edition: cur, Seen: cur.Changed})
		must(t, err)
	}
	isOurs := func(b tours.Booth) bool { return b.Producer == ourOrg }
	set(func(list []tours.Booth) []tours.Booth {
		list[slices.IndexFunc(list, isOurs)].Number = "Z9"
		return list
	})
	see("Gian Z9")
	if got := text(owner.get(desk).doc(t), "main"); !strings.Contains(got, "Gian Z9") {
		t.Errorf("the desk says %s", got)
	}
	set(func(list []tours.Booth) []tours.Booth { return slices.DeleteFunc(list, isOurs) })
	see("không còn nữa")
	if got := text(owner.get(desk).doc(t), "main .parcel .mind"); !strings.Contains(got, "Hãy gọi cho khách") {
		t.Errorf("the desk says %q", got)
	}
	q := s.visitor()
	q.add(two.GTIN, 1)
	q.add(one.GTIN, 1)
	if n := q.get("/checkout?to=14").doc(t).Find(`[name="way.demo-suong-nui"][value="stand"]`).Length(); n != 0 {
		t.Error("a booth that is no more is still offered")
	}
	if a := owner.move(o, ourOrg, order.Drop, order.ToPack, "note.0", "Không còn gian hàng"); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if got := text(p.get("/orders/"+o.ID).doc(t), "main"); strings.Contains(got, "không còn nữa") {
		t.Errorf("a cancelled parcel still asks to call: %s", got)
	}
	_, err = s.mail.Work(ctx)
	must(t, err)
	told := ""
	for _, m := range s.box.list {
		if m.To.Address == "hoa@khach.example" {
			told += m.Subject + "\n"
		}
	}
	for _, want := range []string{"nơi nhận hàng đã đổi", "không nhận được ở lễ hội nữa"} {
		if strings.Count(told, want) != 1 {
			t.Errorf("%q is not told once:\n%s", want, told)
		}
	}
}
