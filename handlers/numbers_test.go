package handlers_test

import (
	"context"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/fault"
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

// What was never in the shop is not told by its number, approved or not.
func TestADraftIsNotFoundByItsNumber(t *testing.T) {
	s := newSite(t)
	org := s.household(s.enter(account.Buyer), "Hộ Lò Văn Thử")
	p := s.draft(org, "Chưa ai duyệt")
	hidden := func() {
		t.Helper()
		for _, path := range []string{"/01/" + freeGTIN, "/01/" + freeGTIN + "?linkType=linkset", "/01/" + freeGTIN + "/10/X?linkType=all", "/en/verify?code=" + freeGTIN} {
			if a := s.get(path); a.Status != 404 || strings.Contains(a.Body, p.Name) {
				t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Location"))
			}
		}
	}
	hidden()
	s.approve(org)
	hidden()
	must(t, s.cat.Publish(context.Background(), "seller", p.ID, false))
	if a := s.get("/01/" + freeGTIN); a.Status != 307 || a.Header.Get("Location") != "/products/"+p.Slug {
		t.Errorf("published: %d %s", a.Status, a.Header.Get("Location"))
	}
	must(t, s.cat.Withdraw(context.Background(), "seller", p.ID, "", false))
	s.unsold(p)
}

// unsold is what the number of a product says that the shop does not show.
func (s *site) unsold(p catalog.Product) {
	s.t.Helper()
	for _, path := range []string{"/01/" + freeGTIN, "/01/" + freeGTIN + "/10/X", "/verify?code=" + freeGTIN} {
		a := s.get(path, "Accept-Language: en")
		to := a.Header.Get("Location")
		if a.Status != 307 && a.Status != 303 || strings.Contains(to, p.Slug) {
			s.t.Fatalf("%s: %d %s", path, a.Status, to)
		}
		b := s.get(to)
		if note := b.doc(s.t).Find("main .note").Text(); b.Status != 200 || !strings.Contains(note, lang.Vi.T("verify.unsold")) && !strings.Contains(note, lang.En.T("verify.unsold")) {
			s.t.Errorf("%s: %d %q", to, b.Status, note)
		}
	}
	if a := s.get("/01/" + freeGTIN + "?linkType=gs1:pip"); a.Status != 404 {
		s.t.Errorf("a page of the product: %d", a.Status)
	}
	if a := s.get("/01/" + freeGTIN + "?linkType=linkset"); a.Status != 200 || strings.Contains(a.Body, p.Slug) {
		s.t.Errorf("linkset: %d %s", a.Status, a.Body)
	}
}

// lotLike makes a lot of a producer, with all that happened to another.
func (s *site) lotLike(like trace.Lot, producer, code string) {
	s.t.Helper()
	ctx := context.Background()
	item := like.Items[0]
	item.GTIN = freeGTIN
	must(s.t, s.trace.CreateLot(ctx, trace.Lot{ID: code, Code: code, Producer: producer, Items: []trace.Item{item}, Species: like.Species, Season: like.Season, Plots: like.Plots}))
	for _, e := range like.Events {
		must(s.t, s.trace.Append(ctx, code, e))
	}
}

// Labels are printed before a product is in the shop: from then on the number is
// its own, and nobody else prints it.
func TestLabelsOfAnApprovedProducersDraft(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	like, err := s.trace.Lot(ctx, gtin, lot)
	must(t, err)
	p := s.draft(like.Producer, "Sắp bán")
	s.lotLike(like, like.Producer, "SN-26-DRAFT")
	s.lotLike(like, "demo-hua-noong", "SN-26-OTHER")
	print := func(code string) (*qr.Issued, error) {
		r := qr.IssueRequest{LotCode: code, Count: 1, By: "test"}
		if _, err := s.qr.Plan(ctx, r); err != nil {
			return nil, err
		}
		return s.qr.Issue(ctx, r)
	}
	if _, err := print("SN-26-OTHER"); fault.CodeOf(err) != "qr.issue.no_product" || !fault.Is(err, fault.NotFound) {
		t.Errorf("a lot without a product: %v", err)
	}
	if _, err := s.qr.Plan(ctx, qr.IssueRequest{LotCode: "SN-26-DRAFT", Count: 1, By: "test"}); err != nil || s.get("/01/"+freeGTIN).Status != 404 {
		t.Errorf("a plan claims the number: %v", err)
	}
	issued, err := print("SN-26-DRAFT")
	must(t, err)
	for packet := range issued.Packets {
		a := s.get("/trace/" + freeGTIN + "/SN-26-DRAFT/" + packet.Serial)
		if a.Status != 200 || !strings.Contains(a.Body, "Sắp bán") || strings.Contains(a.Body, "/products/"+p.Slug) {
			t.Errorf("%d", a.Status)
		}
	}
	s.unsold(p)
	if _, err := print("SN-26-OTHER"); fault.CodeOf(err) != "qr.issue.taken" || !fault.Is(err, fault.Conflict) {
		t.Errorf("labels with another's number: %v", err)
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
