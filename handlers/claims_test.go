package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/catalog"
)

// claimant is a product of another producer that claims stars.
func (s *site) claimant(org string) catalog.Product {
	s.t.Helper()
	list, err := s.cat.Own(context.Background(), org)
	must(s.t, err)
	for _, p := range list {
		if p.OCOP != nil && p.OCOP.Stars < 5 {
			return p
		}
	}
	s.t.Fatalf("%s claims no stars", org)
	return catalog.Product{}
}

// The operator's form speaks of what its page showed.
func TestStarsRaisedUnderTheOperatorsEyes(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	p := s.claimant("demo-hua-noong")
	operator := s.enter(account.Operator)
	path := "/console/market/claims/" + p.ID
	seen := operator.get(path).doc(t).Find(`main input[name="seen"]`).AttrOr("value", "")
	raised := *p.OCOP
	raised.Stars, p.OCOP = 5, &raised
	_, err := s.cat.Save(ctx, catalog.Edit{By: "seller", Product: p, Seen: p.Changed})
	must(t, err)
	confirm := func(seen string) answer {
		return operator.post(path, "token", operator.token(), "seen", seen, "holds", "yes", "reason", "")
	}
	a := confirm(seen)
	d := a.doc(t)
	if a.Status != 409 || d.Find(`main input[name="holds"][checked]`).Length() != 0 || !strings.Contains(d.Find("main").Text(), lang.Vi.N("shop.stars", 5)) {
		t.Errorf("%d: the answer to other stars stands on the page of these", a.Status)
	}
	fresh := d.Find(`main input[name="seen"]`).AttrOr("value", "")
	for range 2 {
		if a := confirm(fresh); a.Status != 303 {
			t.Errorf("%d\n%s", a.Status, a.doc(t).Find(".problem").Text())
		}
	}
	now, err := s.cat.ByID(ctx, p.ID)
	must(t, err)
	if now.OCOP.Checked == nil || !now.OCOP.Checked.Holds {
		t.Errorf("%+v", now.OCOP)
	}
}

// An operator decides on nothing that his own organisation sells.
func TestAnOperatorsOwnProducts(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	own, other := s.claimant("demo-suong-nui"), s.claimant("demo-hua-noong")
	operator := s.enter(account.Operator)
	a, err := s.acc.Actor(ctx, operator.cookies["__Host-session"])
	must(t, err)
	must(t, s.acc.Seat(ctx, own.Producer, a.Person.ID, account.Staff))
	for _, c := range []struct {
		product catalog.Product
		status  int
		forms   int
	}{{own, 403, 0}, {other, 303, 2}} {
		path := "/console/market/claims/" + c.product.ID
		page := operator.get(path).doc(t)
		if got := page.Find(`main form[action^="/console/market/claims/"]`).Length(); got != c.forms {
			t.Errorf("%s has %d forms", c.product.Producer, got)
		}
		seen := page.Find(`main input[name="seen"]`).AttrOr("value", "0")
		for _, form := range [][]string{
			{path, "seen", seen, "holds", "yes"}, {path + "/withdraw", "reason", "Ảnh là của nơi khác."}, {path + "/withdraw", "do", "publish"},
		} {
			a := operator.post(form[0], append([]string{"token", operator.token()}, form[1:]...)...)
			if a.Status != c.status || c.status == 403 && !strings.Contains(a.Body, lang.Vi.T("account.org.own")) {
				t.Errorf("%s %v: %d, want %d", c.product.Producer, form[1:], a.Status, c.status)
			}
		}
	}
}

// What a seller did not let out is not the operator's to publish.
func TestAnOperatorPublishesNoDraft(t *testing.T) {
	s := newSite(t)
	p := s.claimant("demo-hua-noong")
	must(t, s.cat.Withdraw(context.Background(), "seller", p.ID, "", false))
	operator := s.enter(account.Operator)
	path := "/console/market/claims/" + p.ID + "/withdraw"
	if a := operator.post(path, "token", operator.token(), "do", "publish"); a.Status != 409 || !strings.Contains(a.Body, lang.Vi.T("catalog.product.not_taken_out")) {
		t.Errorf("%d", a.Status)
	}
	if a := operator.post(path, "token", operator.token(), "reason", "Ảnh là của nơi khác."); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if a := operator.get("/console/market/claims/" + p.ID); !strings.Contains(a.doc(t).Find("main").Text(), "Ảnh là của nơi khác.") {
		t.Error("the reason is lost")
	}
}
