package handlers_test

import (
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/report"
	"nguon/catalog"
)

// A draft is discarded by its people, is on record, and is gone for everybody.
func TestADraftIsDiscarded(t *testing.T) {
	s := newSite(t)
	p := s.draft("demo-suong-nui", "Soạn nhầm")
	owner, operator := s.enter(account.Owner), s.enter(account.Operator)
	path := "/console/shop/" + p.ID
	if d := owner.get(path).doc(t); d.Find(`details.ask form[action="`+path+`/drop"]`).Length() != 1 {
		t.Error("it is not offered")
	}
	a := owner.post(path+"/drop", "token", owner.token())
	if a.Status != 303 || a.Header.Get("Location") != "/console/shop?done=product_dropped" {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Location"))
	}
	if a := owner.get("/console/shop?done=product_dropped"); strings.Contains(a.Body, p.Name) || !strings.Contains(a.doc(t).Find(".done").Text(), lang.Vi.T("done.product_dropped")) {
		t.Error("it is still listed, or nothing says that it is gone")
	}
	for _, path := range []string{path, path + "/edit", path + "/preview", "/console/market/claims/" + p.ID} {
		who := owner
		if strings.Contains(path, "/market/") {
			who = operator
		}
		if a := who.get(path); a.Status != 404 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := owner.get("/console/log?org=demo-suong-nui&action=product.drop"); !strings.Contains(a.doc(t).Find(".log").Text(), lang.Vi.T("logpage.action.product.drop")) {
		t.Errorf("the log says %q", a.doc(t).Find("main").Text())
	} else if !strings.Contains(a.doc(t).Find(".log").Text(), p.Name) {
		t.Errorf("what was discarded has no name: %q", a.doc(t).Find(".log").Text())
	}
	if a := owner.get("/console/log.csv?org=demo-suong-nui&action=product.drop"); !strings.Contains(a.Body, p.Name) {
		t.Error("nor has it in the file")
	}
}

// The log tells which numbers a product says, and what of a portrait changed.
func TestTheLogTellsNumbersAndPortraits(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	s.draft("demo-suong-nui", "Cà phê mới")
	maker, err := s.cat.ProducerByID(ctx, "demo-suong-nui")
	must(t, err)
	must(t, s.cat.SetPortrait(ctx, "seller", maker.ID, catalog.Portrait{Story: lang.Text{Vi: "Năm chữ"}, Founded: 1987, Members: maker.Members, AreaHa: 12.5}))
	owner := s.enter(account.Owner)
	for action, wants := range map[string][]string{
		"product.create": {"mã 250 g, " + lang.Vi.T("shop.grind.beans") + ": " + freeGTIN},
		"face.edit":      {"1987", "12.5", lang.Vi.T("logpage.value.founded"), lang.Vi.T("logpage.value.vi"), "→ 7"},
	} {
		said := strings.Join(strings.Fields(owner.get("/console/log?org=demo-suong-nui&action="+action).doc(t).Find(".log .changes").Text()), " ")
		for _, want := range wants {
			if !strings.Contains(said, want) {
				t.Errorf("%s: %q lacks %q", action, said, want)
			}
		}
		if strings.Contains(said, lang.Vi.T("logpage.value.members")) {
			t.Errorf("%s tells what stayed: %q", action, said)
		}
	}
}

// What a lot packs stays, and the page says why.
func TestWhatALotPacksIsNotDiscarded(t *testing.T) {
	s := newSite(t)
	p, _, err := s.cat.ByGTIN(context.Background(), gtin)
	must(t, err)
	owner := s.enter(account.Owner)
	a := owner.post("/console/shop/"+p.ID+"/drop", "token", owner.token())
	if a.Status != 409 || !strings.Contains(a.doc(t).Find(".problem").Text(), lang.Vi.T("catalog.product.in_lot")) {
		t.Errorf("%d %s", a.Status, a.doc(t).Find(".problem").Text())
	}
}

// One answer names all that is wrong: what could not be read, what is missing,
// and the second of two variants that are the same, in the rows where they stand.
func TestAProductFormIsAnsweredOnce(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	a := p.post("/console/shop/new?org=demo-suong-nui", "token", p.token(), "do", "save", "rows", "4", "id", strings.Repeat("a", 24), "name", "", "kind", "roasted", "species", "arabica",
		"weight.0", "250", "grind.0", "beans", "price.0", "135.000", "weight.2", "250", "grind.2", "beans", "price.2", "nhiều", "stock.2", "vài", "weight.3", "250", "grind.3", "fine", "price.3", "1000",
		"stars", "3", "decision", "12/QĐ", "grantor", "", "from", "hôm qua", "to", "2027-01-01")
	d := a.doc(t)
	if a.Status != 422 || d.Find("main [aria-invalid]").Length() != 6 {
		t.Errorf("%d, %d fields: %s", a.Status, d.Find("main [aria-invalid]").Length(), d.Find(".problem").Text())
	}
	for id, code := range map[string]string{"name": "catalog.field.missing", "weight.2": "catalog.variant.twice", "price.2": "catalog.variant.price", "stock.2": "catalog.field.number",
		"grantor": "catalog.field.missing", "from": "catalog.field.date"} {
		if note := d.Find(`[id="` + id + `-error"]`).Text(); !strings.Contains(note, lang.Vi.T(code)) {
			t.Errorf("%s: %q", id, note)
		}
	}
}

// The operator comes to a product from its organisation, from the list of what
// was taken out and from a report about it, though no claim of it waits.
func TestTheOperatorsWaysToAProduct(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	list, err := s.cat.Own(ctx, "demo-hua-noong")
	must(t, err)
	p := list[0]
	operator := s.enter(account.Operator)
	path := "/console/market/claims/" + p.ID
	to := func(from string) int { return operator.get(from).doc(t).Find(`main a[href="` + path + `"]`).Length() }
	if to("/console/market/demo-hua-noong") != 1 || to("/console/market/claims") != 0 || to("/console/market/claims?show=out") != 0 {
		t.Error("the organisation does not list its product, or another list does")
	}
	if d := operator.get(path).doc(t); d.Find(`main a[href="/console/market/demo-hua-noong"]`).Length() != 1 {
		t.Error("the product does not lead back to the organisation and its papers")
	}
	if a := operator.post(path+"/withdraw", "token", operator.token(), "reason", "Ảnh là của nơi khác."); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if to("/console/market/claims?show=out") != 1 || to("/console/market/claims") != 0 {
		t.Error("what was taken out is not listed")
	}
	if a := operator.get("/console/market/claims?show=all"); a.Status != 400 {
		t.Errorf("an unknown list: %d", a.Status)
	}
	if a := s.visitor().get("/report?about=/products/" + list[1].Slug); a.Status != 200 {
		t.Fatal(a.Status)
	}
	once := strings.Repeat("o", 40)
	if a := s.visitor().post("/report", "about", "/products/"+list[1].Slug, "reason", string(report.FalseClaim), "words", "Ảnh chụp ở nơi khác.", "once", once); a.Status >= 400 {
		t.Fatal(a.Status, a.doc(t).Find(".problem").Text())
	}
	filed, _, err := s.rep.Inbox(ctx, report.Operator, report.Open, "")
	must(t, err)
	if len(filed) != 1 || filed[0].About.Product != list[1].ID {
		t.Fatalf("%+v", filed)
	}
	if a := operator.get("/console/market/claims/" + filed[0].About.Product); a.Status != 200 {
		t.Errorf("the product of the report: %d", a.Status)
	}
}

// A missing reason is asked for as such, not as a gap in the product.
func TestAReasonIsAskedFor(t *testing.T) {
	s := newSite(t)
	p := s.claimant("demo-hua-noong")
	operator := s.enter(account.Operator)
	path := "/console/market/claims/" + p.ID
	seen := operator.get(path).doc(t).Find(`main input[name="seen"]`).AttrOr("value", "")
	for _, form := range [][]string{{path, "holds", "no", "seen", seen, "reason", " "}, {path + "/withdraw", "reason", ""}} {
		a := operator.post(form[0], append([]string{"token", operator.token()}, form[1:]...)...)
		if says := a.doc(t).Find(".problem").Text(); a.Status != 422 || !strings.Contains(says, lang.Vi.T("catalog.reason")) || strings.Contains(says, lang.Vi.T("catalog.product.incomplete")) {
			t.Errorf("%s: %d %q", form[0], a.Status, says)
		}
	}
}

// Only who may change the registration is led to where it is changed.
func TestThePortraitLeadsStaffNowhere(t *testing.T) {
	s := newSite(t)
	for role, want := range map[account.Role]int{account.Owner: 1, account.Staff: 0} {
		p := s.enter(role)
		a := p.get("/console/shop/demo-suong-nui/portrait")
		if n := a.doc(t).Find(`main a[href="/console/organisations/demo-suong-nui/edit"]`).Length(); a.Status != 200 || n != want {
			t.Errorf("%s: %d, %d links", role, a.Status, n)
		}
	}
}

// Packets that were sold while a form stood open stay sold.
func TestAnEditCountsOnlyWhatWasTyped(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	owner := s.enter(account.Owner)
	list, err := s.cat.Own(ctx, "demo-suong-nui")
	must(t, err)
	p := list[0]
	gtin := p.Variants[0].GTIN
	before, err := s.cat.OnHand(ctx, p)
	must(t, err)
	where := "/console/shop/" + p.ID + "/edit"
	fields := []string{"token", owner.token()}
	owner.get(where).doc(t).Find("main form").First().Find("input, select, textarea").Each(func(_ int, f *goquery.Selection) {
		name, value := f.AttrOr("name", ""), f.AttrOr("value", "")
		switch {
		case name == "token" || f.AttrOr("type", "") == "radio" && f.AttrOr("checked", "no") == "no" || f.AttrOr("type", "") == "checkbox":
			return
		case f.Is("textarea"):
			value = f.Text()
		case f.Is("select"):
			value = f.Find("option[selected]").AttrOr("value", "")
		}
		fields = append(fields, name, value)
	})
	must(t, s.cat.SettleStock(ctx, "order-1", gtin, 3))
	must(t, s.cat.FoldStock(ctx, "order-1", gtin))
	if a := owner.post(where, append(fields, "do", "save")...); a.Status != 303 {
		t.Fatal(a.Status, a.doc(t).Find(".problem").Text())
	}
	if after, err := s.cat.OnHand(ctx, p); err != nil || after[gtin] != before[gtin]-3 {
		t.Errorf("%d on the shelf, want %d, %v", after[gtin], before[gtin]-3, err)
	}
}
