package views

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog/order"
)

const longSeller = "org-1" // of sellerOrg, whose name is long

// deskOrderIn is an order of two sellers, ours in a state, with everything in it
// that our page may show and with what it may not.
func deskOrderIn(state order.ParcelState, m order.Method, way order.Way) order.Order {
	on := deskNoon
	o := order.Order{ID: "secret-link", Code: "SLACDEFG", Lang: lang.Vi, Placed: on, Method: m, State: order.Confirmed, Settled: &on,
		Customer: order.Customer{Name: "Nguyễn Hoàng Quỳnh Anh Thư Bảo Ngọc Thượng Ẩm", Phone: "0912 345 678", Key: "secret-key", Street: "Ngõ 123 đường Trần Đăng Ninh, tổ dân phố số 4,", Commune: "Phường Tô Hiệu", Province: "14", Note: "Gọi trước khi giao"},
		Lines: []order.Line{{Kind: order.Goods, Ref: "1", Seller: longSeller, Title: lang.Text{Vi: "Cà phê Arabica Chiềng Ban rang mộc thủ công bằng chảo gang", En: "Chiềng Ban arabica"}, Detail: lang.Text{Vi: "250 g · nguyên hạt", En: "250 g · beans"}, Quantity: 2, Price: 95_000},
			{Kind: order.Goods, Ref: "2", Seller: longSeller, Title: lang.Text{Vi: "Trà vỏ quả", En: "Cascara"}, Quantity: 1, Price: 60_000},
			{Kind: order.Goods, Ref: "3", Seller: "other", Title: lang.Text{Vi: "secret-goods"}, Quantity: 1, Price: 777_000}},
		Parcels: []order.Parcel{{Seller: "other", SellerName: "secret-seller", Way: order.Ship, State: order.ToPack, Goods: 777_000, Fee: 1_000},
			{Seller: longSeller, Way: way, State: state, Goods: 250_000, Fee: 30_000, OffSeller: 20_000, OffMarket: 10_000, Commission: 500, Household: true}},
		Coupons: []order.Applied{{Code: "MUAVU-26", Seller: longSeller, Bears: order.SellerBears, Off: 20_000}, {Code: "secret-credit", Bears: order.MarketBears, Off: 10_000}},
		Steps: []order.Step{{Name: "placed", At: on, By: "shopper"}, {Name: "confirmed", At: on, By: "worker"}, {Name: "packed", At: on, By: deskMe, Note: longSeller},
			{Name: "sent", At: on, By: deskGone, Note: "other"}}}
	p := &o.Parcels[1]
	switch state {
	case order.Sent, order.Delivered, order.Returned:
		p.SentAt, p.Carrier, p.Tracking = &on, "VNPost", "EB123456789VN"
	case order.Dropped:
		p.DroppedAt, p.Why = &on, "Kho bị dột"
	}
	if state == order.Delivered || state == order.Returned {
		p.Got = &on
	}
	if state == order.Returned {
		p.Back, p.Restock, p.Why = &on, true, "Còn nguyên"
	}
	return o
}

func orderDeskPages(l lang.Lang) map[string]Page {
	org := sellerOrg(account.Approved)
	other := org
	other.ID, other.Name = "other", "HTX Khác"
	names := map[string]string{deskMe: "Lò Thị Hoa"}
	page := func(o order.Order, orgs ...account.Org) DeskOrderPage {
		if len(orgs) == 0 {
			orgs = []account.Org{org}
		}
		return DeskOrderPage{Base: sellerBase(l, "/console/orders/SLACDEFG"), Order: NewDeskOrder(o, orgs...), Names: names}
	}
	pages := map[string]Page{
		"orders-0":    OrderDeskPage{Base: sellerBase(l, "/console/orders")},
		"orders-none": OrderDeskPage{Base: sellerBase(l, "/console/orders"), Orgs: []account.Org{org}, Org: org, Show: order.DeskCash, Counts: map[order.Desk]int64{}},
		"orders": OrderDeskPage{Base: sellerBase(l, "/console/orders"), Orgs: []account.Org{org, other}, Org: org, Show: order.DeskPack, Counts: map[order.Desk]int64{order.DeskPack: 1234, order.DeskBack: 1}, Next: "n", Terms: true,
			Orders: []DeskOrder{NewDeskOrder(deskOrderIn(order.ToPack, order.Cash, order.Ship), org), NewDeskOrder(deskOrderIn(order.ToPack, order.Transfer, order.Pickup), org)}},
	}
	for _, st := range []order.ParcelState{order.ToPack, order.Packed, order.Sent, order.Delivered, order.Returned, order.Dropped} {
		pages["order-cash-"+string(st)] = page(deskOrderIn(st, order.Cash, order.Ship))
		pages["order-pickup-"+string(st)] = page(deskOrderIn(st, order.Transfer, order.Pickup))
	}
	english := deskOrderIn(order.Sent, order.Transfer, order.Ship)
	english.Lang, english.Customer.Email = lang.En, "secret-mail@khach.example"
	english.Invoice = &order.Invoice{Name: "Công ty TNHH Thương mại và Dịch vụ Tổng hợp Khách", TaxCode: "0101234567", Address: "Hà Nội"}
	english.Parcels[1].Asked = "Gói bị rách"
	pages["order-mailed"] = page(english)
	asking, declined := deskOrderIn(order.Delivered, order.Transfer, order.Ship), deskOrderIn(order.Delivered, order.Transfer, order.Ship)
	asking.Parcels[1].Asked, declined.Parcels[1].Asked = "Gói bị rách", "Gói bị rách"
	declined.Parcels[1].Declined, declined.Parcels[1].Why = &deskNoon, "Gói đã dùng quá nửa"
	declined.Steps = append(declined.Steps, order.Step{Name: "return_declined", At: deskNoon, By: deskMe, Note: longSeller})
	pages["order-asking"], pages["order-declined"] = page(asking), page(declined)
	unsaid := page(asking)
	unsaid.Form = Form{Values: map[string]string{"n": "0", "move": "decline"}, Err: wrongAt("orderdesk.form", "declined.0", "orderdesk.why.missing")}
	pages["order-asking-wrong"] = unsaid
	invoices := InvoicesPage{Base: sellerBase(l, "/console/orders/invoices"), Desk: "/console/orders/invoices", Org: org, Month: deskNoon, Orders: []InvoiceOrder{NewInvoiceOrder(english, org.ID)}}
	pages["invoices"] = invoices
	invoices.Orders = nil
	pages["invoices-none"] = invoices
	invoices.Form = Form{Values: map[string]string{"month": "<11>"}, Err: wrongAt("orderdesk.invoices.form", "month", "orderdesk.invoices.month.wrong")}
	pages["invoices-wrong"] = invoices
	market := NewInvoiceOrder(english, "")
	market.ID = strings.Repeat("c", 32)
	pages["invoices-market"] = InvoicesPage{Base: sellerBase(l, "/console/money/invoices"), Desk: "/console/money/invoices", Month: deskNoon, Orders: []InvoiceOrder{market}}
	stuck := deskOrderIn(order.Waiting, order.Transfer, order.Ship)
	stuck.State, stuck.Settled = order.Stuck, nil
	pages["order-stuck"] = page(stuck)
	wrong := page(deskOrderIn(order.ToPack, order.Cash, order.Ship))
	wrong.Form = Form{Values: map[string]string{"n": "0", "move": "drop", "note.0": ""}, Err: wrongAt("orderdesk.form", "note.0", "orderdesk.why.missing", "collector.0", "order.field.choice")}
	pages["order-wrong"] = wrong
	late := page(deskOrderIn(order.Packed, order.Cash, order.Ship))
	late.Form = Form{Values: map[string]string{"n": "0", "move": "drop"}, Err: fault.New(fault.Conflict, "order.parcel.state")}
	pages["order-late"] = late
	all := deskOrderIn(order.Sent, order.Transfer, order.Ship)
	all.Parcels[0].SellerName, all.Lines[2].Title.Vi = "", "Trà khác"
	pages["order-operator"] = page(all, org, other)

	rates := order.DefaultTerms
	own := rates
	own.Own, own.Account = true, &order.Account{BIN: "970436", Number: "0011002233", Name: "HTX SUONG NUI"}
	form := map[string]string{"zones": "2", "z0.p14": "on", "z0.p01": "on", "z0.steps": "2", "z0.to.0": "1.000", "z0.fee.0": "20.000", "z1.steps": "1", "r.steps": "1", "pickup": "on", "freeFrom": "800.000"}
	bad := wrongAt("order.rates", "z0.to.1", "order.rates.weight", "z0.fee.0", "order.field.money", "z1", "terms.zone.provinces", "r", "order.rates.no_step", "r.fee.0", "order.field.missing", "freeFrom", "order.field.money", "zones", "order.rates.nothing")
	terms := func(t order.Terms, open, owner bool, f Form) TermsPage {
		return TermsPage{Base: sellerBase(l, "/console/shop/org-1/terms"), Org: org, Terms: t, Open: open, Owner: owner, Form: f}
	}
	pages["terms"] = terms(rates, false, true, Form{})
	pages["terms-own"] = terms(own, true, true, Form{Values: form})
	pages["terms-wrong"] = terms(rates, true, true, Form{Values: form, Err: bad})
	pages["terms-operator"] = terms(own, true, false, Form{Values: form})
	pages["terms-account-wrong"] = terms(rates, false, true, Form{Values: map[string]string{"bin": "", "number": "1"}, Err: wrongAt("order.account.form", "bin", "order.field.choice", "number", "order.account.number", "holder", "order.field.missing")})

	k := order.Coupon{Code: "MUAVU-26", Kind: order.Percent, Percent: 10, Amount: 30_000, Seller: org.ID, From: deskNoon.Add(-time.Hour), To: deskNoon.AddDate(0, 1, 0), Least: 100_000, Uses: 5, Counted: 2, By: "secret-person"}
	with := func(change func(*order.Coupon)) order.Coupon { c := k; change(&c); return c }
	pages["coupons"] = CouponsPage{Base: sellerBase(l, "/console/shop/org-1/coupons"), Org: org, Today: deskNoon, Next: "n", Coupons: []order.Coupon{k, with(func(c *order.Coupon) { c.Code, c.Off = "A-1", true }), with(func(c *order.Coupon) { c.Code, c.Counted = "A-2", 5 }),
		with(func(c *order.Coupon) { c.Code, c.To, c.Kind = "A-3", deskNoon.Add(-time.Minute), order.Amount }), with(func(c *order.Coupon) {
			c.Code, c.From, c.Kind, c.Uses, c.Least = "A-4", deskNoon.Add(time.Hour), order.FreeDelivery, 0, 0
		})}}
	pages["coupons-none"] = CouponsPage{Base: sellerBase(l, "/console/shop/org-1/coupons"), Org: org, Today: deskNoon}
	pages["coupons-wrong"] = CouponsPage{Base: sellerBase(l, "/console/shop/org-1/coupons"), Org: org, Today: deskNoon, Form: Form{Values: map[string]string{"code": "x"}, Err: wrongAt("order.coupon.form", "code", "order.coupon.code", "kind", "order.field.choice", "percent", "order.coupon.percent", "amount", "order.field.money", "from", "catalog.field.date", "to", "order.coupon.span", "least", "order.field.money", "uses", "order.coupon.uses")}}
	var entries []order.Entry
	for i, kind := range balanceKinds {
		entries = append(entries, order.Entry{ID: "e", Account: org.ID, Code: "SLACDEFG", Kind: kind, Cause: [...]string{"sold", "returned", "dropped"}[i%3], Amount: -12_345, At: deskNoon})
	}
	entries[len(entries)-1].Code, entries[len(entries)-1].Cause = "", "CHI-2026-11"
	pages["balance"] = BalancePage{Base: sellerBase(l, "/console/shop/org-1/balance"), Org: org, Sum: -7_800, Entries: entries, Next: "n"}
	pages["balance-none"] = BalancePage{Base: sellerBase(l, "/console/shop/org-1/balance"), Org: org}
	return pages
}

func orderDoc(t *testing.T, l lang.Lang, name string) *goquery.Document {
	t.Helper()
	d, _ := mustDocument(t, orderDeskPages(l)[name])
	return d
}

func TestOrderDeskIsWordedAndKeepsSecrets(t *testing.T) {
	for _, l := range lang.All {
		for name, p := range orderDeskPages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, p)
				d.Find("title, main *, nav *").Each(func(_ int, s *goquery.Selection) {
					for _, text := range []string{strings.TrimSpace(s.Text()), s.AttrOr("aria-label", "")} {
						if loneKey.MatchString(text) {
							t.Errorf("the page shows the message key %q", text)
						}
						if strings.Contains(text, "!") {
							t.Errorf("%q shouts", text)
						}
					}
				})
				for _, bad := range []string{"<no value>", "{{", "%!", "01/01/0001", "secret-"} {
					if strings.Contains(html, bad) {
						t.Errorf("the page shows %q", bad)
					}
				}
				if d.Find("h1").Length() != 1 || d.Find("[style]").Length() > 0 {
					t.Error("not one title, or a style inside")
				}
			})
		}
	}
}

func TestOrderDeskForms(t *testing.T) {
	for _, l := range lang.All {
		for name, p := range orderDeskPages(l) {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, _ := mustDocument(t, p)
				d.Find("main input:not([type=hidden]), main select, main textarea").Each(func(_ int, s *goquery.Selection) {
					id := s.AttrOr("id", "")
					if s.Closest("label").Length() == 0 && (id == "" || d.Find(`label[for="`+id+`"]`).Length() != 1) {
						t.Errorf("field %q has no label", s.AttrOr("name", ""))
					}
				})
				d.Find(`main form[method="post"]`).Each(func(_ int, s *goquery.Selection) {
					if s.Find(`input[name="token"]`).AttrOr("value", "") != "form-token" {
						t.Errorf("the form to %s has no token", s.AttrOr("action", ""))
					}
				})
				ids := map[string]bool{}
				d.Find("[id]").Each(func(_ int, s *goquery.Selection) {
					if id := s.AttrOr("id", ""); ids[id] {
						t.Errorf("id %q stands twice", id)
					} else {
						ids[id] = true
					}
				})
				if strings.HasSuffix(name, "-wrong") {
					if links, want := d.Find(".problem li a").Length(), len(wrongOf(p).Fields); links != want {
						t.Errorf("%d of %d lines lead to their fields", links, want)
					}
					d.Find(".problem li a").Each(func(_ int, s *goquery.Selection) {
						if !ids[strings.TrimPrefix(s.AttrOr("href", ""), "#")] {
							t.Errorf("the summary leads to %s, which is not there", s.AttrOr("href", ""))
						}
					})
				}
			})
		}
	}
}

// What can be done follows from how far a parcel has come; each form says in
// which state it was shown.
func TestMovesFollowTheState(t *testing.T) {
	for name, want := range map[string]string{
		"order-cash-to_pack": "pack send drop", "order-cash-packed": "send drop", "order-cash-sent": "collect deliver return", "order-cash-delivered": "collect return",
		"order-pickup-sent": "deliver return", "order-pickup-delivered": "return", "order-cash-returned": "", "order-cash-dropped": "", "order-stuck": "", "order-late": "send drop",
	} {
		d := orderDoc(t, lang.Vi, name)
		var got []string
		d.Find(".moves form").Each(func(_ int, s *goquery.Selection) {
			got = append(got, s.Find(`input[name="move"]`).AttrOr("value", ""))
			if seen := s.Find(`input[name="seen"]`).AttrOr("value", ""); name != "order-late" && !strings.HasSuffix(name, seen) || seen == "" {
				t.Errorf("%s: a form was seen in %q", name, seen)
			}
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", name, got, want)
		}
	}
	if d := orderDoc(t, lang.Vi, "order-cash-packed"); d.Find(`input[name="collector.0"]`).Length() != 2 || d.Find("#carrier\\.0").Length() != 1 {
		t.Error("who collects, or the carrier, is not asked for")
	}
	if d := orderDoc(t, lang.Vi, "order-pickup-packed"); d.Find(`input[name="collector.0"], #carrier\.0`).Length() != 0 {
		t.Error("what is picked up asks for a carrier")
	}
	if d := orderDoc(t, lang.Vi, "order-wrong"); d.Find("details.ask[open] #note\\.0").Length() != 1 {
		t.Error("the form that is wrong is closed")
	}
}

func TestWordsToSend(t *testing.T) {
	for name, want := range map[string]string{
		"order-cash-to_pack": "sẽ gói hàng sớm. Khi nhận, bạn trả 250.000", "order-cash-packed": "đã gói xong", "order-cash-sent": "VNPost EB123456789VN. Khi nhận, bạn trả",
		"order-pickup-sent": "sẵn sàng. Mời bạn tới lấy", "order-cash-delivered": "cảm ơn bạn", "order-cash-returned": "nhận lại hàng", "order-cash-dropped": "Kho bị dột",
	} {
		for _, l := range lang.All { // in the shopper's language, whoever looks
			text := strings.ReplaceAll(orderDoc(t, l, name).Find("textarea[readonly]").Text(), "\u00a0", " ")
			if !strings.Contains(text, want) || !strings.Contains(text, "SLACDEFG") || !strings.Contains(text, "Thượng Nguồn Sông Mã") {
				t.Errorf("%s/%s: %q, want %q in it", l, name, text, want)
			}
		}
	}
	d := orderDoc(t, lang.Vi, "order-mailed")
	if d.Find("textarea[readonly]").Length() != 0 || !strings.Contains(d.Find("main").Text(), "trang tự báo bằng thư") || !strings.Contains(d.Find("main").Text(), "0101234567") {
		t.Error("with a mail, or an invoice, something else is said")
	}
	if got := orderDoc(t, lang.Vi, "order-cash-sent").Find(`a[href^="sms:0912345678?body="]`); got.Length() != 1 || strings.Contains(got.AttrOr("href", ""), "+") {
		t.Errorf("%s", got.AttrOr("href", ""))
	}
}

func TestMoneyOfAParcel(t *testing.T) {
	text := func(name string, n int) string {
		return strings.ReplaceAll(strings.Join(strings.Fields(orderDoc(t, lang.Vi, name).Find(".sums").Eq(n).Text()), " "), "\u00a0", " ")
	}
	if got := text("order-cash-to_pack", 0); got != "Tiền hàng250.000 ₫ Phí giao hàng30.000 ₫ Giảm giá, cơ sở chịu-20.000 ₫ Giảm giá, chợ chịu-10.000 ₫ Khách trả250.000 ₫" &&
		!strings.Contains(got, "Giảm giá, chợ chịu") {
		t.Error(got)
	}
	for _, want := range []string{"Hoa hồng 5 %", "-11.500", "Thuế giữ lại cho hộ", "-3.450", "Cơ sở sẽ được hưởng", "245.050"} {
		if got := text("order-cash-to_pack", 1); !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if got := text("order-pickup-to_pack", 1); !strings.Contains(got, "Cơ sở sẽ được hưởng") {
		t.Error(got)
	}
	if got := text("order-pickup-sent", 1); !strings.Contains(got, "Chợ trả cho cơ sở") {
		t.Error(got)
	}
	if d := orderDoc(t, lang.Vi, "order-operator"); d.Find(".parcel").Length() != 2 || !strings.Contains(d.Find(".parcel h2").Text(), "HTX Khác") {
		t.Error("the operator does not see both parcels")
	}
}

func TestTermsAndCouponsShowHowTheyStand(t *testing.T) {
	d := orderDoc(t, lang.Vi, "terms")
	if text := d.Find(".rates").Text(); !strings.Contains(text, "Sơn La") || !strings.Contains(text, "Mọi nơi khác") || d.Find(`a[href$="?own=1"]`).Length() != 1 {
		t.Errorf("%q", text)
	}
	d = orderDoc(t, lang.Vi, "terms-own")
	if d.Find(".provinces").Length() != 2 || d.Find(".provinces").First().Find("input").Length() != len(order.Provinces) || d.Find(".provinces").First().Find("[checked]").Length() != 2 {
		t.Error("the provinces are not ticked")
	}
	if d.Find("details.plot").First().Is("[open]") || !d.Find("details.plot").Last().Is("[open]") || d.Find("#bin option[selected]").AttrOr("value", "") != "970436" {
		t.Error("the folds, or the account, are not as they are known")
	}
	if d := orderDoc(t, lang.Vi, "terms-operator"); d.Find(`form[action$="/account"]`).Length() != 0 || !strings.Contains(d.Find("#account").Text(), "0011002233") {
		t.Error("the operator can change where payouts go")
	}
	var states []string
	orderDoc(t, lang.Vi, "coupons").Find(".rows .badge").Each(func(_ int, s *goquery.Selection) { states = append(states, strings.TrimSpace(s.Text())) })
	if got := strings.Join(states, ", "); got != "Đang dùng được, Đã dừng, Dùng hết, Hết hạn, Chưa đến ngày" {
		t.Error(got)
	}
	if n := orderDoc(t, lang.En, "coupons").Find(`form[action="/en/console/shop/org-1/coupons/end"]`).Length(); n != 2 {
		t.Errorf("%d coupons can be ended", n)
	}
	if text := orderDoc(t, lang.Vi, "balance").Find(".balance").Text(); !strings.Contains(text, "Cơ sở đang nợ chợ") || strings.Contains(text, "-") {
		t.Error(text)
	}
}
