package views

import (
	"slices"
	"strings"
	"testing"

	"nguon/app/lang"
	"nguon/catalog"
)

// The operator reaches every product: from its organisation, whatever became of
// its stars, and from the list of what was taken out.
func TestTheOperatorReachesEveryProduct(t *testing.T) {
	products := sellerProducts()
	for _, l := range lang.All {
		org := deskPages(l)["market-org"].(MarketOrgPage)
		if d, _ := mustDocument(t, org); !strings.Contains(d.Find("main").Text(), l.T("market.org.products.none")) {
			t.Error("an organisation without products does not say so")
		}
		for _, name := range []string{"listed", "hidden", "draft", "market"} {
			org.Products = append(org.Products, products[name])
		}
		d, _ := mustDocument(t, org)
		rows := d.Find(`a[href^="` + l.Path("/console/market/claims/") + `"]`)
		if rows.Length() != 4 || rows.Find(".badge").Length() != 4 || !strings.Contains(rows.Text(), l.T("shopdesk.ocop.holds")) || !strings.Contains(rows.Text(), l.T("shopdesk.state.market")) {
			t.Errorf("%d products: %q", rows.Length(), rows.Text())
		}
		list := deskPages(l)["claims"].(ClaimsPage)
		list.Out, list.Items, list.Query = true, []catalog.Product{products["market"]}, "show=out"
		d, _ = mustDocument(t, list)
		row := d.Find(`main .rows a`)
		if row.AttrOr("href", "") != l.Path("/console/market/claims/market") || !strings.Contains(row.Text(), "Ảnh là của nơi khác.") || row.Length() != 1 {
			t.Errorf("taken out: %q", row.Text())
		}
		if here := d.Find(`.tabs [aria-current="page"]`); here.Length() != 1 || here.AttrOr("href", "") != l.Path("/console/market/claims")+"?show=out" {
			t.Error("no tab says which list this is")
		}
		if more := d.Find(".pages a").AttrOr("href", ""); !strings.Contains(more, "show=out") {
			t.Errorf("the next page is of another list: %s", more)
		}
		list.Items, list.Next = nil, ""
		if d, _ = mustDocument(t, list); !strings.Contains(d.Find(".empty").Text(), l.T("market.out.none")) {
			t.Error("an empty list does not say so")
		}
		d, _ = mustDocument(t, deskPages(l)["market"])
		if d.Find(`main a[href="`+l.Path("/console/market/claims")+`?show=out"]`).Length() != 1 {
			t.Error("the market does not lead to what was taken out")
		}
	}
	plain, _ := mustDocument(t, deskPages(lang.Vi)["claim-draft"])
	if strings.Contains(plain.Find("h1").Text(), "OCOP") {
		t.Error("a product without stars is headed by them")
	}
}

// Beside the question whether a decision is real stands the way to the papers.
func TestAClaimLeadsToThePapers(t *testing.T) {
	d, _ := mustDocument(t, deskPages(lang.Vi)["claim"])
	p := deskPages(lang.Vi)["claim"].(ClaimPage)
	if d.Find(`main a[href="/console/market/`+p.Product.Producer+`"]`).Length() != 1 || p.Product.Producer == "" {
		t.Error("the organisation is not linked")
	}
}

// A reason that some answers need is not called optional, and says when it is
// needed; the browser does not ask for it.
func TestReasonsThatSomeDecisionsNeed(t *testing.T) {
	for _, name := range []string{"claim", "claim-wrong", "market-org", "market-org-wrong"} {
		d := deskDoc(t, name)
		label := d.Find(`label[for="reason"]`).Text()
		if strings.Contains(label, lang.Vi.T("form.optional")) || !strings.Contains(label, ", nếu ") {
			t.Errorf("%s: %q", name, label)
		}
		if _, asked := d.Find("#reason").Attr("required"); asked {
			t.Errorf("%s: a reason is asked of who confirms", name)
		}
	}
	if !slices.Contains(logActions[:], "product.drop") {
		t.Error("the log does not offer what was discarded")
	}
}
