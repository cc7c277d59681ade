package handlers_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
	"nguon/catalog/order"
	"nguon/handlers"
)

// The page of an order pays by VietQR what is due, and tells no other site where
// it stands.
func TestOrderPageOfATransfer(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	one, two := s.two()
	p := s.visitor()
	p.add(one.GTIN, 2)
	p.add(two.GTIN, 1)
	path := p.buys()
	o := s.order(path)
	for _, l := range lang.All {
		a := s.visitor().get(l.Path(path))
		for name, want := range map[string]string{"Cache-Control": "no-store", "Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex"} {
			if got := a.Header.Get(name); got != want {
				t.Errorf("%s is %q", name, got)
			}
		}
		d := a.doc(t)
		if !strings.Contains(text(d, "h1"), strings.ReplaceAll(o.Due().String(), "\u00a0", " ")) || d.Find(`meta[name="robots"][content="noindex"]`).Length() != 1 || d.Find(".demo").Length() != 1 {
			t.Errorf("%s: %s", l, text(d, "h1"))
		}
		picks := d.Find(".picks .pick").Map(func(_ int, x *goquery.Selection) string { return x.Text() })
		if want := []string{o.Due().Digits(), o.Code, "0123456789", "Vietcombank", "CHO NGUON"}; !slices.Equal(picks, want) {
			t.Errorf("%s: %q, want %q", l, picks, want)
		}
		if d.Find("svg.qr[aria-label]").Length() != 1 || !strings.Contains(text(d, ".due"), []string{"24 giờ", "24 hours"}[slices.Index(lang.All[:], l)]) {
			t.Errorf("%s: %s", l, text(d, ".pay"))
		}
	}
	_, err := s.orders.Receive(ctx, order.Incoming{Ref: "vcb:1", Amount: 10_000, Booked: s.now(), Memo: o.Code}, "hand", "op")
	must(t, err)
	if d := p.get(path).doc(t); !strings.Contains(text(d, "h1"), "Còn thiếu") || !strings.Contains(text(d, ".picks"), "Đã nhận10.000 ₫") {
		t.Error(text(d, "main"))
	}
	s.clock.Add(int64(24*time.Hour + time.Minute))
	if d := p.get(path).doc(t); d.Find("svg.qr").Length() != 0 || !strings.Contains(text(d, "h1"), "quá giờ") {
		t.Error("an order that ran out is still to be paid")
	}
	if log := s.log.String(); strings.Contains(log, `"path":"`+path) || strings.Contains(log, `"path":"/en`+path) || !strings.Contains(log, `"path":"/orders/…"`) {
		t.Error("the log holds the address of an order")
	}
}

func TestOrdersAreCapabilities(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/orders/" + strings.Repeat("0", 32), "/orders/x", "/orders/" + strings.Repeat("A", 32), "/en/orders/" + strings.Repeat("f", 31)} {
		if a := s.get(path); a.Status != 404 || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	p := s.visitor()
	for _, form := range []string{"pay", "cancel", "return", "refund"} {
		if a := p.post("/orders/" + strings.Repeat("0", 32) + "/" + form); a.Status != 404 {
			t.Errorf("%s: %d", form, a.Status)
		}
	}
	robots := s.get("/robots.txt").Body
	for _, l := range lang.All {
		for _, path := range []string{"/cart", "/checkout", "/orders"} {
			if !strings.Contains(robots, "Disallow: "+l.Path(path)+"\n") {
				t.Errorf("robots may read %s", l.Path(path))
			}
		}
	}
	if strings.Contains(s.get("/sitemap.xml").Body, "/cart") {
		t.Error("the cart stands in the sitemap")
	}
}

// Cancelled and paid: the page asks where the money goes, and it can be corrected
// until it has left.
func TestCancelAndTellTheAccount(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	path := p.buys()
	o := s.order(path)
	_, err := s.orders.Receive(ctx, order.Incoming{Ref: "vcb:1", Amount: o.Total(), Booked: s.now(), Memo: "CK " + o.Code}, "hand", "op")
	must(t, err)
	d := p.get(path).doc(t)
	if text(d, "h1") != "Đơn đã chắc chắn" || d.Find(`details.ask form[action$="/cancel"]`).Length() != 1 || d.Find(".pay").Length() != 0 {
		t.Fatal(text(d, "main"))
	}
	a := p.post(path + "/cancel")
	if a.Status != 303 || a.Header.Get("Location") != path+"?done=order_cancelled" {
		t.Fatal(a.Status, a.Header.Get("Location"))
	}
	d = p.get(a.Header.Get("Location")).doc(t)
	if d.Find(".done").Length() != 1 || d.Find("#refund form").Length() != 1 || d.Find("#bin option").Length() < 20 || !strings.Contains(text(d, "#refund h2"), strings.ReplaceAll(o.Total().String(), "\u00a0", " ")) {
		t.Fatal(text(d, "main"))
	}
	a = p.post(path+"/refund", "bin", "", "number", "12", "holder", "LO THI HOA")
	d = a.doc(t)
	if a.Status != 422 || d.Find("#bin-error, #number-error").Length() != 2 || d.Find("#holder").AttrOr("value", "") != "LO THI HOA" {
		t.Errorf("%d %s", a.Status, text(d, ".problem"))
	}
	for _, number := range []string{"0999999999", "0888 888 888"} { // told, and corrected
		if a := p.post(path+"/refund", "bin", "970436", "number", number, "holder", "LO THI HOA"); a.Status != 303 {
			t.Fatal(a.Status, text(a.doc(t), "main"))
		}
	}
	if r := s.order(path).Refunds[0]; r.State != order.RefundReady || r.Account.Number != "0888888888" {
		t.Errorf("%+v", r)
	}
	must(t, s.orders.SendRefund(ctx, "op", o.ID, "r1"))
	if a := p.post(path+"/refund", "bin", "970436", "number", "0777777777", "holder", "X"); a.Status != 409 || s.order(path).Refunds[0].Account.Number != "0888888888" {
		t.Errorf("what has left is corrected: %d", a.Status)
	}
	if a := p.post(path + "/cancel"); a.Status != 303 {
		t.Errorf("cancelled twice: %d", a.Status)
	}
}

func TestAReturnIsAskedFor(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	one, two := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	p.add(two.GTIN, 1)
	path := p.buys("method", "cod")
	id := strings.TrimPrefix(path, "/orders/")
	if d := p.get(path).doc(t); d.Find(`form[action$="/return"]`).Length() != 0 || !strings.Contains(text(d, ".intro"), "tiền mặt") {
		t.Error(text(d, "main"))
	}
	must(t, s.orders.Handle(ctx, "staff", id, order.Moving{Move: order.Send, Seller: "demo-suong-nui", Carrier: "Vietnam Post", Tracking: "EMS123"}))
	d := p.get(path).doc(t)
	if got := text(d, ".parcel"); d.Find(`form[action$="/return"]`).Length() != 1 || !strings.Contains(got, "Bên giao: Vietnam Post · Mã vận đơn: EMS123") || text(d, "h1") != "Một phần hàng đã lên đường" {
		t.Error(got)
	}
	if a := p.post(path+"/cancel", "x", "y"); a.Status != 409 || !strings.Contains(a.Body, "không tự hủy được nữa") {
		t.Errorf("cancelled when it was sent: %d", a.Status)
	}
	if a := p.post(path+"/return", "seller", "demo-suong-nui", "why.demo-suong-nui", " "); a.Status != 422 || a.doc(t).Find(`[id="why.demo-suong-nui-error"]`).Length() != 1 {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := p.post(path+"/return", "seller", "demo-hua-noong", "why.demo-hua-noong", "x"); a.Status != 409 {
		t.Errorf("before it was sent: %d", a.Status)
	}
	if a := p.post(path+"/return", "seller", "demo-suong-nui", "why.demo-suong-nui", "Gói bị rách."); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if d := p.get(path).doc(t); d.Find(`form[action$="/return"]`).Length() != 0 || !strings.Contains(text(d, ".legs"), "Gói bị rách.") {
		t.Error(text(d, ".parcel"))
	}
}

// Cards lead to the gateway and back; the page says what waits meanwhile.
func TestPayByCard(t *testing.T) {
	g := &gateway{}
	s := newSite(t, func(d *handlers.Deps) { d.Card = words{} })
	s.orders.Gateway = g
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	path := p.buys("method", "card")
	a := p.get(path)
	if csp := a.Header.Get("Content-Security-Policy"); a.doc(t).Find(`form[action$="/pay"] .btn`).Length() != 1 || !strings.Contains(csp, "form-action 'self' https:;") {
		t.Fatal(csp, text(a.doc(t), "main"))
	}
	if a = p.post(path + "/pay"); a.Status != 303 || a.Header.Get("Location") != "https://card.example/page" || g.start.Done != s.base+path+"?paid=1" || g.start.Back != s.base+path {
		t.Fatalf("%d %s %+v", a.Status, a.Header.Get("Location"), g.start)
	}
	if d := p.get(path + "?paid=1").doc(t); !strings.Contains(text(d, "h1"), "Đang chờ") {
		t.Error(text(d, "h1"))
	}
	g.paid = true
	if d := p.get(path + "?paid=1").doc(t); text(d, "h1") != "Đơn đã chắc chắn" {
		t.Error(text(d, "h1"))
	}
	if a := p.post(path + "/pay"); a.Status != 409 {
		t.Errorf("paid twice: %d", a.Status)
	}
}

type words struct{}

func (words) Event(context.Context, []byte, string) (order.Event, error) { return order.Event{}, nil }

// gateway is a card page that is paid when told.
type gateway struct {
	start order.Start
	paid  bool
}

func (g *gateway) Start(_ context.Context, s order.Start) (order.Session, error) {
	g.start = s
	return g.Session(context.Background(), "cs_1")
}

func (g *gateway) Session(context.Context, string) (order.Session, error) {
	s := order.Session{ID: "cs_1", Order: g.start.Order, URL: "https://card.example/page"}
	if g.paid {
		s.Paid, s.Payment, s.Amount, s.At = true, "pi_1", g.start.Amount, start
	}
	return s, nil
}

func (g *gateway) Refund(context.Context, order.GatewayRefund) (string, error) { return "re_1", nil }

func TestOrdersAreFoundByCodeAndPhone(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	path := p.buys()
	o := s.order(path)
	if a := p.get("/orders"); a.Status != 200 || a.doc(t).Find(`meta[name="robots"][content="noindex"]`).Length() != 1 {
		t.Error(a.Status)
	}
	found := s.visitor().post("/en/orders", "number", strings.ToLower(o.Code), "phone", "+84 912 345 678")
	if page := text(found.doc(t), "main"); found.Status != 200 || !strings.Contains(page, o.Code) {
		t.Errorf("%d %s", found.Status, page)
	}
	for _, secret := range []string{o.ID, o.Customer.Street, o.Customer.Name} {
		if secret == "" || strings.Contains(string(found.Body), secret) {
			t.Errorf("code and phone lead to %q", secret)
		}
	}
	unknown := p.post("/orders", "number", "SLAAAAAA", "phone", "0912345678")
	other := p.post("/orders", "number", o.Code, "phone", "0912345679")
	says := func(a answer) string { return strings.ReplaceAll(text(a.doc(t), "main"), o.Code, "") }
	if unknown.Status != 404 || other.Status != 404 || says(unknown) != says(other) || other.doc(t).Find("#number").AttrOr("value", "") != o.Code {
		t.Errorf("%d %d\n%s\n%s", unknown.Status, other.Status, says(unknown), says(other))
	}
	for _, empty := range [][2]string{{"", ""}, {o.Code, ""}} {
		if a := p.post("/orders", "number", empty[0], "phone", empty[1]); a.Status != 422 {
			t.Errorf("not filled in: %d", a.Status)
		}
	}
	for range 9 {
		p.post("/orders", "number", "SLAAAAAA", "phone", "0912345678")
	}
	a := p.post("/orders", "number", o.Code, "phone", "0912345678")
	if wait := a.Header.Get("Retry-After"); a.Status != 429 || wait == "" {
		t.Errorf("after ten in vain: %d, %q", a.Status, wait)
	}
	if a := p.post("/orders", "number", "SLAAAAAA", "phone", "0912345677"); a.Status != 404 {
		t.Errorf("a neighbour: %d", a.Status)
	}
	s.clock.Add(int64(time.Hour + time.Minute))
	if a := p.post("/orders", "number", o.Code, "phone", "0912345678"); a.Status != 200 {
		t.Errorf("an hour later: %d", a.Status)
	}
}
