package views

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
	"nguon/catalog"
)

func TestProductListFilters(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["products"])
	if got := d.Find(`[role="status"]`).Text(); got != "41 sản phẩm" {
		t.Errorf("count reads %q", got)
	}
	if n := d.Find(".chip.off").Length(); n != 4 {
		t.Errorf("%d chips for four filters", n)
	}
	for _, field := range []string{"kind", "stars", "producer", "commune", "sort"} {
		if d.Find(`form[method="get"] select[name="`+field+`"]`).Length() != 1 {
			t.Errorf("no menu %s", field)
		}
	}
	if got := d.Find(`select[name="kind"] option[selected]`).AttrOr("value", ""); got != "roasted" {
		t.Errorf("chosen kind %q", got)
	}
	first := d.Find(".chip.off").First().AttrOr("href", "")
	if strings.Contains(first, "kind=") || !strings.Contains(first, "stars=3") {
		t.Errorf("the first chip leads to %s, want the other filters without kind", first)
	}
	next := d.Find(`a[rel="next"]`).AttrOr("href", "")
	if !strings.Contains(next, "after=c2") || !strings.Contains(next, "kind=roasted") {
		t.Errorf("next page is %s", next)
	}
}

func TestPluralOfOne(t *testing.T) {
	p := samplePages(lang.En)["products"].(ProductList)
	p.Total = 1
	d, _ := mustDocument(t, p)
	if got := d.Find(`[role="status"]`).Text(); got != "1 product" {
		t.Errorf("count reads %q", got)
	}
}

func TestEmptyListSaysWhatToDo(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["products-0"])
	if d.Find(".empty a.btn").AttrOr("href", "") != "/products" || d.Find(".grid").Length() != 0 {
		t.Error("the empty list does not lead to all products")
	}
}

func TestProductPageShowsEveryVariant(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["product"])
	rows := d.Find(".variants tbody tr")
	if rows.Length() != 3 || !strings.Contains(rows.First().Text(), "135.000\u00a0₫") || !strings.Contains(rows.First().Text(), "09521234000012") {
		t.Errorf("variants read %q", rows.Text())
	}
	d.Find(".variants .nb").Each(func(i int, n *goquery.Selection) { // whole numbers, and words that may break
		if got := n.Text(); strings.Trim(got, "0123456789") != "" || len(got) != 14 {
			t.Errorf("row %d keeps %q on one line", i, got)
		}
	})
	if got := strings.Join(strings.Fields(rows.Last().Find(".code").Text()), " "); got != "Mã nội bộ 02000000000015" {
		t.Errorf("an in-store number reads %q", got)
	}
	if got := d.Find(".acts .btn").First().AttrOr("href", ""); got != "/trace/09521234000012/SN-26A1" {
		t.Errorf("next step leads to %q", got)
	}
	if got := d.Find(`.lots a`).Eq(1).AttrOr("href", ""); got != "/trace/09521234000012/SN-25%2F9" {
		t.Errorf("a lot with a slash leads to %q", got)
	}
}

func TestARecalledLotIsListedButNotOffered(t *testing.T) {
	p := samplePages(lang.Vi)["product"].(ProductPage)
	p.Lots[0].Recalled = true
	d, _ := mustDocument(t, p)
	if got := d.Find(".product-top .acts .btn").First().AttrOr("href", ""); got != "/trace/09521234000012/SN-26B" {
		t.Errorf("next step leads to %q, want the newest lot that was not called back", got)
	}
	if n := d.Find(".lots .badge.fail").Length(); n != 2 || d.Find(".lots li").Length() != 3 {
		t.Errorf("%d lots are marked as called back, want 2 of 3", n)
	}
	p.Lots = p.Lots[:2]
	d, _ = mustDocument(t, p)
	if got := d.Find(".product-top .acts .btn").First().AttrOr("href", ""); !strings.HasPrefix(got, "/producers/") {
		t.Errorf("next step leads to %q although all lots were called back", got)
	}
}

func TestAnUnknownLotIsSaidToBeUnknown(t *testing.T) {
	for _, l := range lang.All {
		d, _ := mustDocument(t, samplePages(l)["product-lot"])
		if got := d.Find(".crumbs + .problem").Text(); !strings.Contains(got, "XX-26-99") || !strings.Contains(got, l.T("shop.unknown_lot.says")) {
			t.Errorf("%s: the page begins with %q", l, got)
		}
		if d, _ = mustDocument(t, samplePages(l)["product"]); d.Find(".problem").Length() > 0 {
			t.Errorf("%s: a notice without a cause", l)
		}
	}
}

func TestDemonstrationDataSaysSo(t *testing.T) {
	for name, p := range samplePages(lang.Vi) {
		d, html := mustDocument(t, p)
		if strings.Contains(html, "HTX Cà phê Đặc sản Mẫu") && !strings.HasPrefix(name, "verify") && d.Find(".demo").Length()+d.Find(".demo-tag").Length() == 0 {
			t.Errorf("%s shows demonstration data without saying so", name)
		}
	}
}

func TestPacketsDiffer(t *testing.T) {
	seen := map[string]string{}
	for _, p := range sampleProducts() {
		drawing := drawPacket(lang.Vi, p)
		if other, ok := seen[drawing]; ok {
			t.Errorf("%s and %s are drawn alike", p.Slug, other)
		}
		seen[drawing] = p.Slug
		if drawing != drawPacket(lang.Vi, p) {
			t.Errorf("%s is drawn differently each time", p.Slug)
		}
		if strings.Contains(drawing, "%!") {
			t.Errorf("%s: %s", p.Slug, drawing)
		}
	}
}

func TestPacketEscapesItsName(t *testing.T) {
	p := sampleProduct(catalog.Roasted, "leaf", -3)
	p.Name = `<b>&"`
	if d := drawPacket(lang.Vi, p); strings.Contains(d, "<b>") {
		t.Error("a name became markup")
	}
}

func TestMotifsAreEven(t *testing.T) {
	for i, m := range motifs {
		for y, row := range m {
			if len(row) != len(m[0]) || strings.Trim(row, ".tclp") != "" {
				t.Errorf("motif %d row %d: %q", i, y, row)
			}
		}
	}
}
