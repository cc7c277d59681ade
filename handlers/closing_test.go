package handlers_test

import (
	"context"
	"testing"

	"nguon/app/account"
	"nguon/app/store"
	"nguon/catalog"
)

// household registers one for the buyer; nobody has approved it yet.
func (s *site) household(buyer *person, name string) (org string) {
	s.t.Helper()
	ctx := context.Background()
	a, err := s.acc.Actor(ctx, buyer.cookies["__Host-session"])
	must(s.t, err)
	org = store.NewID(s.now())
	must(s.t, s.acc.Register(ctx, a, org, account.OrgForm{Kind: account.Household, Name: name, TaxCode: "012345678901", Commune: "04132", Address: "Bản Noong", Phone: "0212 385 1234"}))
	return org
}

func (s *site) approve(org string) {
	s.t.Helper()
	operator := s.enter(account.Operator)
	seen := operator.get("/console/market/"+org).doc(s.t).Find(`input[name="seen"]`).AttrOr("value", "")
	if a := operator.post("/console/market/"+org, "act", "approve", "seq", "1", "seen", seen, "token", operator.token()); a.Status != 303 {
		s.t.Fatal(a.Status, a.doc(s.t).Find(".problem").Text())
	}
}

// With its last member a household leaves the shop, and nothing waits to be done.
func TestAHouseholdThatClosesLeavesTheShop(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	buyer := s.enter(account.Buyer)
	org := s.household(buyer, "Hộ Lò Văn Thử")
	s.approve(org)
	p := s.draft(org, "Cà phê nương nhà")
	if a := buyer.post("/console/shop/"+p.ID+"/publish", "token", buyer.token()); a.Status != 303 {
		t.Fatal(a.Status, a.doc(t).Find(".problem").Text())
	}
	maker, err := s.cat.ProducerByID(ctx, org)
	must(t, err)
	pages := []string{"/products/" + p.Slug, "/producers/" + maker.Slug}
	for _, path := range pages {
		if a := s.get(path); a.Status != 200 {
			t.Fatalf("%s: %d", path, a.Status)
		}
	}
	if a := buyer.post("/account/delete", "current", signIn(s.email(account.Buyer)).Password, "token", buyer.token()); a.Status >= 400 {
		t.Fatal(a.Status, a.doc(t).Find(".problem").Text())
	}
	for _, path := range pages {
		if a := s.get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	found, err := s.cat.Products(ctx, catalog.Filter{Producer: maker.Slug})
	if err != nil || len(found.Items) != 0 {
		t.Errorf("%d are found, %v", len(found.Items), err)
	}
	o, err := s.acc.OrgByID(ctx, org)
	if err != nil || o.Status != account.Closed || len(o.Pending) != 0 {
		t.Errorf("%s, waits: %+v, %v", o.Status, o.Pending, err)
	}
	if maker, err = s.cat.ProducerByID(ctx, org); err != nil || maker.Published || maker.Address.Vi+maker.Phone != "" {
		t.Errorf("%+v, %v", maker, err)
	}
}
