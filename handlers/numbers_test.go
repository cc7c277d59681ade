package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr"
	"nguon/qr/trace"
)

// freeGTIN is a number of the range for examples that the demonstration does
// not use.
const freeGTIN = "09529999000019"

func (s *site) draft(org, name string) catalog.Product {
	s.t.Helper()
	p, err := s.cat.Save(context.Background(), catalog.Edit{By: "seller", Product: catalog.Product{ID: strings.Repeat("d", 24), Producer: org, Name: name,
		Kind: catalog.Roasted, Species: "arabica", Summary: lang.Text{Vi: "Rang vừa."}, Art: catalog.Art{Color: "leaf"},
		Variants: []catalog.Variant{{GTIN: freeGTIN, NetGrams: 250, Grind: "beans", Price: 90_000}}}})
	must(s.t, err)
	return p
}

// What nobody has approved is not told by its number either.
func TestADraftIsNotFoundByItsNumber(t *testing.T) {
	s := newSite(t)
	org := s.household(s.enter(account.Buyer), "Hộ Lò Văn Thử")
	p := s.draft(org, "Chưa ai duyệt")
	for _, path := range []string{"/01/" + freeGTIN, "/01/" + freeGTIN + "?linkType=linkset", "/01/" + freeGTIN + "/10/X?linkType=all", "/en/verify?code=" + freeGTIN} {
		if a := s.get(path); a.Status != 404 && !strings.HasPrefix(path, "/en/verify") || strings.Contains(a.Body+a.Header.Get("Location"), p.Name) || strings.Contains(a.Header.Get("Location"), p.Slug) {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Location"))
		}
	}
	s.approve(org)
	if a := s.get("/01/" + freeGTIN + "?linkType=linkset"); a.Status != 200 {
		t.Errorf("approved, and not found: %d", a.Status)
	}
}

// Labels are printed before a product is in the shop.
func TestLabelsOfAnApprovedProducersDraft(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	like, err := s.trace.Lot(ctx, gtin, lot)
	must(t, err)
	s.draft(like.Producer, "Sắp bán")
	item := like.Items[0]
	item.GTIN = freeGTIN
	must(t, s.trace.CreateLot(ctx, trace.Lot{ID: "draft", Code: "SN-26-DRAFT", Producer: like.Producer, Items: []trace.Item{item}, Species: like.Species, Season: like.Season, Plots: like.Plots}))
	for _, e := range like.Events {
		must(t, s.trace.Append(ctx, "draft", e))
	}
	issued, err := s.qr.Issue(ctx, qr.IssueRequest{LotCode: "SN-26-DRAFT", Count: 1, By: "test"})
	must(t, err)
	for p := range issued.Packets {
		if a := s.get("/trace/" + freeGTIN + "/SN-26-DRAFT/" + p.Serial); a.Status != 200 || !strings.Contains(a.Body, "Sắp bán") {
			t.Errorf("%d", a.Status)
		}
	}
}

// A product form whose stock is wrong marks the field and stores nothing; sent
// twice, it makes one product.
func TestAProductFormIsCorrectedAndSentTwice(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Owner)
	send := func(stock string) answer {
		return p.post("/console/shop/new?org=demo-suong-nui", "token", p.token(), "do", "save", "rows", "2", "id", strings.Repeat("a", 24), "name", "Thử", "kind", "roasted", "species", "arabica",
			"weight.1", "250", "grind.1", "beans", "price.1", "135.000", "stock.1", stock)
	}
	a := send("2000000")
	if d := a.doc(t); a.Status != 422 || d.Find(`[id="stock.1"][aria-invalid]`).Length() != 1 {
		t.Errorf("%d %s", a.Status, d.Find(".problem").Text())
	}
	for range 2 {
		if a := send("200"); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/shop/"+strings.Repeat("a", 24)) {
			t.Errorf("%d %s", a.Status, a.doc(t).Find(".problem").Text())
		}
	}
}

// Whether somebody else has a draft is not told by how its address is refused.
func TestAnothersDraftIsAsIfItWereNotThere(t *testing.T) {
	s := newSite(t)
	draft, unknown := s.draft("demo-hua-noong", "Chưa bán").ID, strings.Repeat("e", 24)
	for _, r := range []account.Role{account.Owner, account.Staff, account.Buyer, account.Organizer} {
		p := s.enter(r)
		token := p.token()
		for _, end := range []string{"", "/edit", "/preview", "/publish", "/withdraw", "/photo", "/drop"} {
			ask := func(product string) (int, string, string) {
				path := "/console/shop/" + product + end
				a := answer{}
				if end == "" || end == "/edit" || end == "/preview" {
					a = p.get(path)
				} else {
					a = p.post(path, "token", token)
				}
				_, code, _ := strings.Cut(s.log.last(), `"code":`)
				code, _, _ = strings.Cut(code, ",")
				return a.Status, code, strings.ReplaceAll(a.doc(t).Find("main").Text(), product, "")
			}
			status, code, text := ask(draft)
			if s2, c2, t2 := ask(unknown); status != 404 || status != s2 || code != c2 || code == "" || text != t2 {
				t.Errorf("%s %s: %d %s, and %d %s", r, end, status, code, s2, c2)
			}
		}
	}
}
