package views

import (
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/fault"
	"nguon/app/lang"
)

// eachShopperPage runs a check on every page of a shopper in both languages.
func eachShopperPage(t *testing.T, check func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string)) {
	t.Helper()
	for _, l := range lang.All {
		for name, p := range shopperPages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				check(t, l, name, d, html)
			})
		}
	}
}

func TestShopperPagesAreWordedAndPrivate(t *testing.T) {
	eachShopperPage(t, func(t *testing.T, l lang.Lang, name string, d *goquery.Document, html string) {
		d.Find("title, main *, nav *").Each(func(_ int, s *goquery.Selection) {
			for _, text := range []string{strings.TrimSpace(s.Text()), s.AttrOr("aria-label", "")} {
				if loneKey.MatchString(text) {
					t.Errorf("the page shows the message key %q", text)
				}
			}
		})
		for _, bad := range []string{"<no value>", "{{", "%!", "01/01/0001", "<b>", "0001-01"} {
			if strings.Contains(html, bad) {
				t.Errorf("the page shows %q", bad)
			}
		}
		if d.Find("h1").Length() != 1 || d.Find("[style], [onclick], script:not([type='application/ld+json']):not([src^='/static/'])").Length() > 0 {
			t.Error("not one title, or a style or script inside")
		}
		if d.Find("html").AttrOr("lang", "") != string(l) || d.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 || d.Find(".sections").Length() != 0 {
			t.Error("another language, not kept out of search engines, or with the console around it")
		}
		level := 0
		d.Find("h1, h2, h3, h4").Each(func(_ int, s *goquery.Selection) {
			n := int(goquery.NodeName(s)[1] - '0')
			if n > level+1 && level > 0 {
				t.Errorf("heading %q jumps from level %d to %d", s.Text(), level, n)
			}
			level = n
		})
		d.Find("svg").Each(func(_ int, s *goquery.Selection) {
			if s.AttrOr("aria-hidden", "") != "true" && s.AttrOr("aria-label", "") == "" {
				t.Error("an svg that is neither hidden nor named")
			}
		})
	})
}

func TestShopperFormsAreLabelledAndLinked(t *testing.T) {
	eachShopperPage(t, func(t *testing.T, l lang.Lang, _ string, d *goquery.Document, _ string) {
		d.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if s.Closest("label").Length() == 0 && (id == "" || d.Find(`label[for="`+id+`"]`).Length() != 1) {
				t.Errorf("field %q has no label", s.AttrOr("name", ""))
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
		d.Find(`main button, main a.btn`).Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()) == "" {
				t.Error("a button without words")
			}
		})
	})
}

// At most one button is loud: the next step.
func TestShopperPagesHaveOneNextStep(t *testing.T) {
	eachShopperPage(t, func(t *testing.T, _ lang.Lang, name string, d *goquery.Document, _ string) {
		loud := d.Find("main .btn:not(.quiet)").Not("details *")
		want := map[string]int{"cart-trouble": 0, "cart-coupon": 0, "checkout-stuck": 0, "checkout-none": 0}
		n, known := want[name]
		switch {
		case known && loud.Length() != n, !known && loud.Length() > 1:
			t.Errorf("%d loud buttons: %q", loud.Length(), loud.Text())
		case !known && !strings.HasPrefix(name, "order-") && loud.Length() != 1:
			t.Errorf("%d loud buttons", loud.Length())
		}
	})
}

func buyWrongOf(p Page) *fault.Error {
	switch p := p.(type) {
	case CartPage:
		return p.Form.Err
	case CheckoutPage:
		return p.Form.Err
	case OrderPage:
		return p.Form.Err
	case FindPage:
		return p.Form.Err
	}
	return nil
}

func TestShopperFormsSayWhatIsWrong(t *testing.T) {
	for _, l := range lang.All {
		for name, p := range shopperPages(l) {
			err := buyWrongOf(p)
			if err == nil {
				continue
			}
			d, _ := mustDocument(t, p)
			if d.Find(`.problem[role="alert"] li a`).Length() != len(err.Fields) {
				t.Errorf("%s: the summary does not list %d fields", name, len(err.Fields))
			}
			linesName(t, d)
			for _, f := range err.Fields {
				if note := d.Find(`[id="` + f.Name + `-error"]`); note.Length() != 1 || !strings.Contains(note.Text(), l.Map(f.Code, err.Args)) {
					t.Errorf("%s: %s does not say %q", name, f.Name, f.Code)
				}
			}
		}
	}
}

func TestTheCartSaysWhatToDo(t *testing.T) {
	d, _ := mustDocument(t, shopperPages(lang.Vi)["cart-trouble"])
	for _, want := range []string{"Giá đổi từ 120.000 ₫ thành 135.000 ₫", "Chỉ còn 3 gói", "Món này vừa hết", "tạm ngừng bán", "Món này không còn bán", "Món đã gỡ khỏi cửa hàng", "Chưa gửi được tới đó"} {
		if !strings.Contains(strings.ReplaceAll(d.Find(".groups").Text(), "\u00a0", " "), want) {
			t.Errorf("no %q", want)
		}
	}
	if d.Find(`button[value="set"]`).Length() != 3 || d.Find(`button[value="remove"]`).Length() != 6 || d.Find(`button[value="uncoupon"]`).Length() != 3 {
		t.Error("a line or a coupon cannot be changed")
	}
	d, _ = mustDocument(t, shopperPages(lang.Vi)["cart"])
	if d.Find(".done").Length() != 1 || d.Find(`.grand a.btn[href="/checkout?to=14"]`).Length() != 1 || d.Find(`form[action="/cart?to=14"]`).Length() == 0 || d.Find("svg.packet").Length() != 1 || d.Find("img.photo").Length() != 1 {
		t.Error("the way on, or the pictures, are missing")
	}
	open, _ := mustDocument(t, shopperPages(lang.En)["cart-open"])
	if !strings.Contains(open.Find(".grand").Text(), "Without the delivery") || !strings.Contains(open.Find(".adds").First().Text(), "Depends on the province") {
		t.Error("that delivery is not counted is not said")
	}
}

func TestTheCheckoutTellsAndCounts(t *testing.T) {
	d, _ := mustDocument(t, shopperPages(lang.Vi)["checkout-stuck"])
	for _, value := range []string{"put:goods:09521234000036:3", "put:goods:09521234000036:0", "put:goods:09521234000050:0", "put:seat:s1:0", "drop:HETHAN", "recount"} {
		if d.Find(`form.bill button[value="`+value+`"]`).Length() != 1 {
			t.Errorf("no button %s", value)
		}
	}
	if d.Find(`input[name="price.goods:`+buyGTIN+`"][value="135000"]`).Length() != 1 || !strings.Contains(d.Find(".told").Text(), "300.000") || d.Find(`input[name="seen"]`).AttrOr("value", "") != "359000" {
		t.Error("the price that is told is not sent along")
	}
	d, _ = mustDocument(t, shopperPages(lang.Vi)["checkout"])
	if d.Find(`[name="way.htx"]`).Length() != 2 || d.Find(`[name="way.ho"]`).Length() != 1 || !strings.Contains(d.Find(".form").Text(), "Chưa gửi được tới tỉnh này") || d.Find(`[name="method"]`).Length() != 3 || d.Find("details[open]").Length() != 0 {
		t.Error("the ways to get and to pay are not those of the basket")
	}
	if first := d.Find("form.bill input:not([type=hidden]), form.bill select").First(); first.AttrOr("name", "") != "phone" {
		t.Errorf("the first field is %s", first.AttrOr("name", ""))
	}
}

func TestOrdersSayHowFarTheyAre(t *testing.T) {
	for _, l := range lang.All {
		said := map[string]string{}
		for stage := range ordersIn() {
			p := shopperPages(l)["order-"+stage].(OrderPage)
			if got := p.stage(); got != stage {
				t.Errorf("%s counts as %s", stage, got)
			}
			if h := p.heading(); said[h] != "" && !slices.Contains([]string{"confirmed", "confirmed_cod"}, stage) {
				t.Errorf("%s reads as %s does: %q", stage, said[h], h)
			} else {
				said[h] = stage
			}
			d, _ := mustDocument(t, p)
			if d.Find("svg.qr").Length() != map[bool]int{true: 1}[p.QR != ""] || (d.Find(`form[action$="/pay"]`).Length() == 1) != (stage == "open_card" || stage == "card_back") {
				t.Errorf("%s: what can be paid is not what is due", stage)
			}
			if (d.Find(`form[action$="/cancel"]`).Length() == 1) != slices.Contains([]string{"open_transfer", "part", "open_card", "card_back", "late", "confirmed_cod"}, stage) {
				t.Errorf("%s: cancelling is offered, or is not", stage)
			}
			if d.Find(`form[action$="/return"]`).Length() != map[string]int{"sent": 2, "delivered": 2, "ready": 2, "some_sent": 1}[stage] {
				t.Errorf("%s: %d returns are offered", stage, d.Find(`form[action$="/return"]`).Length())
			}
			if (d.Find(`#refund form[action$="/refund"]`).Length() == 1) != slices.Contains([]string{"stuck", "expired_paid", "cancelled_paid"}, stage) {
				t.Errorf("%s: the account is asked for, or is not", stage)
			}
		}
	}
	d, _ := mustDocument(t, shopperPages(lang.Vi)["order-back"])
	for _, want := range []string{"Bên giao: Vietnam Post · Mã vận đơn: EMS123456789VN", "Gói bị rách.", "Không gửi", "Đã trả. Số tham chiếu: FT1.", "phiếu mua hàng FT1"} {
		if !strings.Contains(d.Find("main").Text(), want) {
			t.Errorf("no %q", want)
		}
	}
	d, _ = mustDocument(t, shopperPages(lang.Vi)["order-cancelled_paid"])
	if d.Find("#number").AttrOr("value", "") != "0999999999" {
		t.Error("an account that was told cannot be corrected")
	}
}

func TestProductsAreSoldWhereThereIsStock(t *testing.T) {
	p := samplePages(lang.Vi)["product"].(ProductPage)
	d, _ := mustDocument(t, p)
	if d.Find(`form[action="/cart"]`).Length() != 0 || d.Find(".acts .btn:not(.quiet)").Length() != 1 {
		t.Error("what has no stock is sold")
	}
	sold := p.Product.Sold()
	p.Left = map[string]int64{sold[0].GTIN: 3, sold[1].GTIN: 40}
	for _, l := range lang.All {
		p.Lang = l
		d, _ = mustDocument(t, p)
		rows := d.Find(".variants tbody tr")
		if rows.Eq(0).Find("option").Length() != 3 || rows.Eq(1).Find("option").Length() != 10 || rows.Eq(2).Find("form").Length() != 0 {
			t.Errorf("%s: %s", l, rows.Text())
		}
		if d.Find(".acts .btn:not(.quiet)").Length() != 0 {
			t.Error("the story is louder than the goods")
		}
	}
}
