package views

import (
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/fault"
	"nguon/app/lang"
)

// eachSellerPage runs a check on every page of the desk in both languages.
func eachSellerPage(t *testing.T, check func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string)) {
	t.Helper()
	for _, l := range lang.All {
		for name, p := range sellerPages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				check(t, l, name, d, html)
			})
		}
	}
}

var loneKey = regexp.MustCompile(`^[a-z_]+(\.[a-z_0-9]+)+$`)

func TestDeskIsWordedAndKeepsSecrets(t *testing.T) {
	eachSellerPage(t, func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string) {
		d.Find("title, main *, nav *").Each(func(_ int, s *goquery.Selection) {
			for _, text := range []string{strings.TrimSpace(s.Text()), s.AttrOr("aria-label", "")} {
				if loneKey.MatchString(text) && goquery.NodeName(s) != "textarea" {
					t.Errorf("the page shows the message key %q", text)
				}
			}
		})
		for _, bad := range []string{"<no value>", "{{", "%!", "01/01/0001", "secret-"} {
			if strings.Contains(html, bad) {
				t.Errorf("the page shows %q", bad)
			}
		}
		if d.Find("h1").Length() != 1 || d.Find("[style], script:not([type='application/ld+json'])").Length() > 0 {
			t.Error("not one title, or a style or script inside")
		}
		if got := d.Find("html").AttrOr("lang", ""); got != string(l) {
			t.Errorf("%s is in %q", name, got)
		}
	})
}

func TestDeskFormsAreLabelledAndProtected(t *testing.T) {
	eachSellerPage(t, func(t *testing.T, l lang.Lang, name string, d *goquery.Document, _ string) {
		d.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Closest("label").Length() == 0 && (id == "" || d.Find(`label[for="`+id+`"]`).Length() != 1) {
				t.Errorf("field %q has no label", s.AttrOr("name", ""))
			}
		})
		d.Find(`main form[method="post"]`).Each(func(_ int, s *goquery.Selection) {
			want := "form-token"
			if strings.HasPrefix(name, "report") {
				want = ""
			}
			if got := s.Find(`input[name="token"]`).AttrOr("value", ""); got != want {
				t.Errorf("the form to %s has the token %q", s.AttrOr("action", ""), got)
			}
		})
		ids := map[string]bool{}
		d.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			if ids[s.AttrOr("id", "")] {
				t.Errorf("id %q stands twice", s.AttrOr("id", ""))
			}
			ids[s.AttrOr("id", "")] = true
		})
		d.Find(`main a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
			if !ids[s.AttrOr("href", "")[1:]] {
				t.Errorf("a link to %s, which is not on the page", s.AttrOr("href", ""))
			}
		})
		d.Find("main a[href^='/'], main form").Each(func(_ int, s *goquery.Selection) {
			if href := s.AttrOr("href", s.AttrOr("action", "/")); (l == lang.En) != strings.HasPrefix(href, "/en/") {
				t.Errorf("%q leaves the language", href)
			}
		})
	})
}

// wrongOf are the fields of a form that the page must show as wrong.
func wrongOf(p Page) *fault.Error {
	switch p := p.(type) {
	case ProductFormPage:
		return p.Form.Err
	case PortraitPage:
		return p.Form.Err
	case ReportFormPage:
		return p.Form.Err
	case ProductDeskPage:
		return p.form().Err
	case OrderPage:
		return p.Form.Err
	case InvoicesPage:
		return p.Form.Err
	case DeskOrderPage:
		return p.Form.Err
	case TermsPage:
		return p.Form.Err
	case CouponsPage:
		return p.Form.Err
	}
	return nil
}

func TestDeskFormsSayWhatIsWrong(t *testing.T) {
	for name, p := range sellerPages(lang.Vi) {
		err := wrongOf(p)
		if err == nil {
			continue
		}
		d, _ := mustDocument(t, p)
		if d.Find(`.problem[role="alert"] li a`).Length() != len(err.Fields) {
			t.Errorf("%s: the summary does not list %d fields", name, len(err.Fields))
		}
		linesName(t, d)
		for _, f := range err.Fields {
			field := d.Find(`[id="` + f.Name + `"]`)
			if note := d.Find(`[id="` + f.Name + `-error"]`); note.Length() != 1 || !strings.Contains(note.Text(), lang.Vi.T(f.Code)) {
				t.Errorf("%s: %s does not say %q", name, f.Name, lang.Vi.T(f.Code))
			}
			if typed := field.Is(`input:not([type="radio"]), select, textarea`); typed &&
				(field.AttrOr("aria-invalid", "") != "true" || !strings.Contains(field.AttrOr("aria-describedby", ""), f.Name+"-error")) {
				t.Errorf("%s: %s is not tied to what is wrong with it", name, f.Name)
			}
		}
	}
}

func TestShopShowsHowEachProductStands(t *testing.T) {
	d, _ := mustDocument(t, sellerPages(lang.Vi)["shop"])
	rows := d.Find(".goods > li")
	for i, want := range []struct{ badge, says string }{{"Đang bán", "Sao OCOP đã đối chiếu"}, {"Đang ẩn", "Sao OCOP chờ đối chiếu"}, {"Bản nháp", "135.000"}, {"Bản nháp", "Chiềng Ban"},
		{"Đã gỡ", "Hết vụ."}, {"Người vận hành đã gỡ", "Không thấy quyết định này."}} {
		row := rows.Eq(i)
		if got := strings.TrimSpace(row.Find(".badge").Text()); got != want.badge || !strings.Contains(row.Text(), want.says) {
			t.Errorf("row %d has the badge %q and reads %q", i, got, row.Text())
		}
	}
	if rows.Length() != 6 || d.Find(`a.btn[href="/console/shop/new?org=org-1"]`).Length() != 2 || d.Find(`a[href="/console/shop/org-1/portrait"]`).Length() != 2 {
		t.Error("products, or the ways to a new one and to the public page, are missing")
	}
	if waiting := d.Find(".shop").Eq(1); !strings.Contains(waiting.Find(".note").Text(), "chờ duyệt") || waiting.Find(".empty").Length() != 1 {
		t.Errorf("a shop that waits for approval reads %q", waiting.Text())
	}
	if d.Find(`a[href^="/producers/"]`).Length() != 1 {
		t.Error("the public page is not linked exactly where buyers see it")
	}
	none, _ := mustDocument(t, sellerPages(lang.En)["shop-0"])
	if none.Find(`.empty a.btn[href="/en/console/organisations/new"]`).Length() != 1 {
		t.Error("who has no organisation is not led to register one")
	}
}

func TestProductDeskOffersOneNextStep(t *testing.T) {
	for name, want := range map[string]string{
		"draft": `form[action="/console/shop/draft/publish"] .btn`, "bare": `a.btn[href="/console/shop/bare/edit"]`, "listed": `a.btn[href^="/products/"]`,
		"withdrawn": `form[action="/console/shop/withdrawn/publish"] .btn`, "market": `a.btn[href="/console/shop/market/edit"]`, "waiting": `a.btn[href="/console/shop/draft/edit"]`,
	} {
		d, _ := mustDocument(t, sellerPages(lang.Vi)["desk-"+name])
		loud := d.Find("main .btn:not(.quiet)").Not(".ask *")
		if loud.Length() != 1 || !loud.Is(want) {
			t.Errorf("%s: %d loud buttons, want one that is %s", name, loud.Length(), want)
		}
		if name != "listed" && d.Find(`a[href$="/preview"]`).Length() != 1 {
			t.Errorf("%s has no preview", name)
		}
		if offered := d.Find(`details.ask form[action$="/drop"]`).Length() == 1; offered != (name == "draft" || name == "bare" || name == "waiting") {
			t.Errorf("%s: discarding is offered: %v", name, offered)
		}
		if d.Find(`form[action$="/withdraw"]`).Length() != map[bool]int{true: 1}[name == "listed"] {
			t.Errorf("%s: withdrawing is offered, or is not", name)
		}
	}
	if market, _ := mustDocument(t, sellerPages(lang.Vi)["desk-market"]); market.Find(`main .note a[href="/about"]`).Length() != 1 {
		t.Error("who cannot publish is told to ask the operator, and not where")
	}
	bare, _ := mustDocument(t, sellerPages(lang.Vi)["desk-bare"])
	if bare.Find(`.lacks a[href="/console/shop/bare/edit#summary"]`).Length() != 1 || bare.Find(`.lacks a[href="/console/shop/bare/edit#weight.0"]`).Length() != 1 {
		t.Error("what a draft lacks is not listed")
	}
	refused, _ := mustDocument(t, sellerPages(lang.Vi)["desk-refused"])
	if refused.Find(".problem").Length() != 1 || refused.Find(".problem a").Length() != 0 || !strings.Contains(refused.Find(".lacks").Text(), "từ 1 đến 20") {
		t.Error("why publishing failed does not lead to the fields of the product's form")
	}
}

func TestOthersOnlyLookAtAProduct(t *testing.T) {
	p := sellerPages(lang.Vi)["desk-operator"].(ProductDeskPage)
	d, _ := mustDocument(t, p)
	if d.Find("main form").Length() != 0 || d.Find(`a[href$="/edit"]`).Length() != 0 || d.Find(`a[href^="/console/market"]`).Length() != 0 {
		t.Error("somebody else can change the product")
	}
	p.Me = &Me{Sections: []Section{{Path: "/console/market", Name: "console.market", Icon: "stamp"}}}
	if d, _ = mustDocument(t, p); d.Find(`main a.btn[href="/console/market/claims/listed"]`).Length() != 1 {
		t.Error("the operator is not led to where a product is taken out")
	}
}

func TestProductFormSendsWhatStays(t *testing.T) {
	d, _ := mustDocument(t, sellerPages(lang.Vi)["form-edit"])
	form := d.Find("form.product-form")
	for name, want := range map[string]string{"seen": "177", "rows": "3", "id": "p1", "weight.0": "250", "grind.0": "phin", "gtin.0": "09521234000012", "org": "org-1"} {
		if got := form.Find(`input[type="hidden"][name="` + name + `"]`); got.Length() != 1 || got.AttrOr("value", "") != want {
			t.Errorf("hidden %s is %q, want %q", name, got.AttrOr("value", ""), want)
		}
	}
	first := form.Find("button").First()
	if first.AttrOr("value", "") != "save" || first.AttrOr("name", "") != "do" {
		t.Error("the key for sending does something else than saving")
	}
	more := form.Find(`button[value="row"]`)
	if _, ok := more.Attr("formnovalidate"); !ok || more.AttrOr("formaction", "") != "/console/shop/listed/edit#weight.3" {
		t.Errorf("a row is added at %q", more.AttrOr("formaction", ""))
	}
	if form.Find(`input[name="ended.0"][type="checkbox"]`).Length() != 1 || form.Find(`[name="ended.2"]`).Length() != 0 {
		t.Error("ending a variant is offered, or is not")
	}
	if form.Find(`input[name="weight.2"]:not([type])`).Length()+form.Find(`input[name="weight.2"][type="text"]`).Length() != 1 {
		t.Error("a new variant cannot be typed")
	}
	if n := form.Find(`select[name="stars"] option`).Length(); n != 6 || form.Find(`select[name="stars"] option`).First().AttrOr("value", "-") != "" {
		t.Errorf("%d choices of stars", n)
	}
	if form.Find(`input[name="color"][value="leaf"][checked]`).Length() != 1 || form.Find(".swatch-tick svg").Length() != 5 {
		t.Error("the colours are not drawn, or the chosen one is not marked")
	}
	if _, open := form.Find("details").Attr("open"); !open {
		t.Error("English that was typed is folded away")
	}
	fresh, _ := mustDocument(t, sellerPages(lang.Vi)["form"])
	if fresh.Find("details[open]").Length() != 0 || fresh.Find(`form.product-form`).AttrOr("action", "") != "/console/shop/new?org=org-1" {
		t.Error("a new product begins with English, or goes elsewhere")
	}
	stale, _ := mustDocument(t, sellerPages(lang.Vi)["form-stale"])
	if stale.Find(`main a.btn[href="/console/shop/listed/edit"]`).Length() != 1 {
		t.Error("a form that is too old offers no fresh one")
	}
	taken := sellerPages(lang.Vi)["form-stale"].(ProductFormPage)
	taken.Form.Err = fault.New(fault.Conflict, "catalog.variant.gtin_taken").With("GTIN", "09521234000012").Field("gtin.1", "catalog.variant.gtin_taken")
	taken.Product.First = nil
	d, _ = mustDocument(t, taken)
	if d.Find(`main a.btn[href="/console/shop/listed/edit"]`).Length() != 0 || !strings.Contains(d.Find(`[id="gtin.1-error"]`).Text(), "09521234000012") {
		t.Error("a number that is taken is not marked where it stands, or the typed form is thrown away")
	}
}

func TestProductFormEndsAtTwentyVariants(t *testing.T) {
	p := sellerPages(lang.Vi)["form"].(ProductFormPage)
	p.Rows = mostRows
	if d, _ := mustDocument(t, p); d.Find(`button[value="row"]`).Length() != 0 || d.Find(".variant-row").Length() != mostRows {
		t.Error("a twenty-first variant is offered")
	}
}

// A draft may have gaps, so the browser asks for nothing; what buyers see is
// whole, so there it does.
func TestTheBrowserAsksForNoMoreThanADraftNeeds(t *testing.T) {
	for name, want := range map[string]bool{"form": true, "form-edit": false} {
		d, _ := mustDocument(t, sellerPages(lang.Vi)[name])
		save := d.Find(`form.product-form button[value="save"]`)
		if open := save.Filter("[formnovalidate]").Length(); save.Length() != 2 || (open == 2) != want || open == 1 {
			t.Errorf("%s: %d of %d buttons save without the browser's check", name, open, save.Length())
		}
	}
	p := sellerPages(lang.Vi)["form-edit"].(ProductFormPage)
	withdrawn := sellerProducts()["withdrawn"]
	p.Product = &withdrawn
	if d, _ := mustDocument(t, p); d.Find(`form.product-form button[value="save"][formnovalidate]`).Length() != 2 {
		t.Error("what is out of the shop is no draft to the browser")
	}
}

// Who changes what was confirmed reads beforehand what that does to the stars.
func TestConfirmedStarsAreAtStake(t *testing.T) {
	for product, want := range map[string]bool{"listed": true, "hidden": false, "draft": false, "market": false} {
		p := sellerPages(lang.Vi)["form-edit"].(ProductFormPage)
		x := sellerProducts()[product]
		p.Product = &x
		d, _ := mustDocument(t, p)
		if said := strings.Contains(d.Find(".if-stars .note").Text(), lang.Vi.T("productform.ocop.confirmed")); said != want {
			t.Errorf("%s: said %v", product, said)
		}
	}
	if d, _ := mustDocument(t, sellerPages(lang.Vi)["form"]); d.Find(".if-stars .note").Length() != 0 {
		t.Error("a new product has stars at stake")
	}
}

// No link leads where buyers, or this person, cannot go.
func TestNoWayToWhatIsClosed(t *testing.T) {
	p := sellerPages(lang.Vi)["preview"].(ProductPage)
	for _, published := range []bool{true, false} {
		p.Producer.Published = published
		d, _ := mustDocument(t, p)
		if n := d.Find(`main a[href^="/producers/` + p.Producer.Slug + `"]`).Length(); (n > 0) != published || !strings.Contains(d.Find("main .product-top").Text(), p.Producer.Name) {
			t.Errorf("published %v: %d links to the producer", published, n)
		}
	}
	q := sellerPages(lang.Vi)["portrait"].(PortraitPage)
	for _, owner := range []bool{true, false} {
		q.Owner = owner
		if d, _ := mustDocument(t, q); (d.Find(`main a[href="/console/organisations/org-1/edit"]`).Length() == 1) != owner {
			t.Errorf("owner %v: the registration can be changed, or cannot", owner)
		}
	}
}
