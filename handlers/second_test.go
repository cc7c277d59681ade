package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/lang"
)

// weak signs in somebody who got a role that counts only behind the second
// step, and has not turned it on.
func (s *site) weak(r account.Role) *person {
	s.t.Helper()
	ctx, email, password := context.Background(), string(r)+"-moi@nguon.example", "nương chè xanh mướt"
	someone, _, err := s.acc.Create(ctx, account.NewPerson{Email: email, Name: "Quàng Văn Mới", Lang: lang.Vi, Roles: []account.Role{r}})
	must(s.t, err)
	link, err := s.acc.FirstLink(ctx, someone.ID)
	must(s.t, err)
	p := s.visitor()
	_, token, _ := strings.Cut(link, "token=")
	if a := p.post("/reset", "token", token, "password", password); a.Status != 200 {
		s.t.Fatal(a.Status, a.Body)
	}
	if a := p.post("/sign-in", "email", email, "password", password); a.Status != 303 {
		s.t.Fatal(a.Status, a.Body)
	}
	return p
}

// Whose role waits for the second step is led to turn it on, wherever the role
// would open a page.
func TestAWaitingRoleLeadsToTheSecondStep(t *testing.T) {
	s := newSite(t)
	p := s.weak(account.Admin)
	for _, path := range []string{"/console/market", "/console/market/claims", "/console/reports", "/console/log", "/console/people/roles"} {
		a := p.get(path)
		if d := a.doc(t); a.Status != 403 || d.Find(".acts a.btn").First().AttrOr("href", "") != "/account/two-step" {
			t.Errorf("%s: %d, leads to %q", path, a.Status, d.Find(".acts a.btn").First().AttrOr("href", ""))
		}
	}
	d := p.get("/console").doc(t)
	if b := d.Find("main a.btn:not(.quiet)"); b.Length() != 1 || b.AttrOr("href", "") != "/account/two-step" {
		t.Errorf("the console leads to %q", b.AttrOr("href", ""))
	}
	if a := s.enter(account.Buyer).get("/console/log"); a.Status != 403 || a.doc(t).Find(`main a[href="/account/two-step"]`).Length() != 0 {
		t.Errorf("a buyer is led to the second step: %d", a.Status)
	}
}
