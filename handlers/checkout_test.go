package handlers_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/catalog/order"
)

func TestCheckoutSaysWhatIsWrong(t *testing.T) {
	s := newSite(t)
	one, two := s.two()
	p := s.visitor()
	if a := p.get("/checkout"); a.Status != 303 || a.Header.Get("Location") != "/cart" {
		t.Errorf("with an empty cart: %d", a.Status)
	}
	p.add(one.GTIN, 2)
	p.add(two.GTIN, 1)
	if a := p.get("/checkout"); a.Header.Get("Cache-Control") != "no-store" || a.doc(t).Find(`meta[name="robots"][content="noindex"]`).Length() != 1 {
		t.Error("a checkout may be kept or indexed")
	}
	for field, bad := range map[string]string{"name": "", "phone": "123", "email": "không phải thư", "province": "", "commune": "", "street": "", "method": "card", "invoiceTax": "12"} {
		a := p.post("/checkout", p.checkout(field, bad, "note", "giao sau 17 giờ")...)
		d := a.doc(t)
		if a.Status != 422 || d.Find(`[id="`+field+`-error"]`).Length() != 1 || d.Find(`.problem a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: %d %s", field, a.Status, text(d, ".problem"))
		}
		if d.Find("#note").Text() != "giao sau 17 giờ" || field != "street" && d.Find("#street").AttrOr("value", "") != "12 Tô Hiệu" || d.Find(`[name="way.demo-suong-nui"][checked]`).AttrOr("value", "") != "ship" {
			t.Errorf("%s: what was typed is lost", field)
		}
		if field == "invoiceTax" && d.Find("details[open] #invoiceTax").Length() != 1 {
			t.Error("the fold hides what is wrong")
		}
	}
	if d := p.post("/checkout", p.checkout("method", "")...).doc(t); !strings.Contains(text(d, "#method-error"), "Hãy chọn") {
		t.Error(text(d, "#method-error"))
	}
	// Another province costs more: the form shows it, and places nothing.
	pairs := p.checkout("province", "79")
	a := p.post("/checkout", pairs...)
	d := a.doc(t)
	if a.Status != 409 || !strings.Contains(text(d, ".told"), "Tổng cộng đổi từ") || d.Find(`#province option[selected]`).AttrOr("value", "") != "79" {
		t.Fatalf("%d %s", a.Status, text(d, "main"))
	}
	seen := d.Find(`input[name="seen"]`).AttrOr("value", "")
	if i := slices.Index(pairs, "seen"); pairs[i+1] == seen {
		t.Error("the total stays")
	} else {
		pairs[i+1] = seen
	}
	if a := p.post("/checkout", pairs...); a.Status != 303 {
		t.Errorf("with the new total: %d %s", a.Status, text(a.doc(t), ".problem"))
	}
}

func TestCheckoutCountsAnewAndKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 2)
	a := p.post("/checkout", p.checkout("do", "recount", "way.demo-suong-nui", "pickup", "name", "", "method", "cod")...)
	d := a.doc(t)
	if a.Status != 200 || d.Find(".problem").Length() != 0 || d.Find(`[name="method"][value="cod"][checked]`).Length() != 1 || d.Find(`[name="way.demo-suong-nui"][value="pickup"][checked]`).Length() != 1 {
		t.Fatalf("%d %s", a.Status, text(d, "main"))
	}
	if got := d.Find(`input[name="seen"]`).AttrOr("value", ""); got != fmt.Sprint(int64(2*one.Price)) {
		t.Errorf("picked up, it costs %s", got)
	}
	o := s.order(p.buys("way.demo-suong-nui", "pickup", "seen", fmt.Sprint(int64(2*one.Price)), "province", "", "commune", "", "street", "", "method", "cod"))
	if o.State != order.Confirmed || o.Parcels[0].Way != order.Pickup || o.Parcels[0].Fee != 0 {
		t.Errorf("%+v", o.Parcels)
	}
}

// Between looking and placing the shop may change: nothing is bought that was not
// shown, and nothing typed is lost.
func TestSoldOutBetween(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	one, two := s.two()
	p := s.visitor()
	p.add(one.GTIN, 3)
	p.add(two.GTIN, 1)
	pairs := p.checkout()
	must(t, s.cat.Count(ctx, "test", one.GTIN, 2))
	a := p.post("/checkout", pairs...)
	d := a.doc(t)
	put := fmt.Sprintf("put:goods:%s:2", one.GTIN)
	if a.Status != 409 || d.Find(`button[value="`+put+`"]`).Length() != 1 || d.Find(`button[value="place"]`).Length() != 0 || d.Find("#name").AttrOr("value", "") != "Lò Thị Hoa" {
		t.Fatalf("%d %s", a.Status, text(d, "main"))
	}
	with := func(name, value string) []string {
		list := slices.Clone(pairs)
		for i := 0; i < len(list); i += 2 {
			if list[i] == name {
				list[i+1] = value
			}
		}
		return list
	}
	d = p.post("/checkout", with("do", put)...).doc(t)
	if d.Find(`button[value="place"]`).Length() != 1 || d.Find("#street").AttrOr("value", "") != "12 Tô Hiệu" {
		t.Fatal(text(d, "main"))
	}
	pairs = with("seen", d.Find(`input[name="seen"]`).AttrOr("value", ""))
	// The last two go while the form is on its way; the order of this form fails
	// and the next one is new.
	rival := s.visitor()
	rival.add(one.GTIN, 2)
	rival.buys("phone", "0987 654 321", "method", "cod")
	a = p.post("/checkout", pairs...)
	if d = a.doc(t); a.Status != 409 || !strings.Contains(text(d, ".form"), "vừa hết") {
		t.Fatalf("%d %s", a.Status, text(d, "main"))
	}
	d = p.post("/checkout", with("do", fmt.Sprintf("put:goods:%s:0", one.GTIN))...).doc(t)
	pairs = with("seen", d.Find(`input[name="seen"]`).AttrOr("value", ""))
	if a := p.post("/checkout", pairs...); a.Status != 303 {
		t.Errorf("%d %s", a.Status, text(a.doc(t), ".problem"))
	}
}

func TestAPriceThatChangesAtTheCheckoutIsToldThere(t *testing.T) {
	s := newSite(t)
	product := s.goodsOf("demo-suong-nui")[0]
	p := s.visitor()
	p.add(product.Sold()[0].GTIN, 1)
	pairs := p.checkout()
	s.reprice(product, 77_000)
	a := p.post("/checkout", pairs...)
	d := a.doc(t)
	if a.Status != 409 || !strings.Contains(text(d, ".slip"), "thành 77.000 ₫") {
		t.Fatalf("%d %s", a.Status, text(d, "main"))
	}
	d.Find(`form.bill input[type="hidden"]`).Each(func(_ int, i *goquery.Selection) {
		name, value := i.AttrOr("name", ""), i.AttrOr("value", "")
		if at := slices.Index(pairs, name); at >= 0 {
			pairs[at+1] = value
		} else {
			pairs = append(pairs, name, value)
		}
	})
	if a := p.post("/checkout", pairs...); a.Status != 303 {
		t.Errorf("agreed, it is refused: %d %s", a.Status, text(a.doc(t), "main"))
	}
}

// The same form many times at once is one order, whoever waits.
func TestTheSameFormIsOneOrder(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 2)
	body := form(p.checkout()...)
	headers := p.headers("Content-Type: application/x-www-form-urlencoded")
	where := make([]string, 8)
	var all sync.WaitGroup
	for i := range where {
		all.Go(func() { where[i] = s.send("POST", "/checkout", body, headers...).Header.Get("Location") })
	}
	all.Wait()
	for _, w := range where {
		if w != where[0] || !strings.HasPrefix(w, "/orders/") {
			t.Errorf("%q", where)
			break
		}
	}
	free, err := s.cat.Available(context.Background(), []string{one.GTIN})
	must(t, err)
	if free[one.GTIN] != 22 {
		t.Errorf("%d of 24 are left", free[one.GTIN])
	}
	if d := p.get("/cart").doc(t); d.Find(".empty").Length() != 1 {
		t.Error("the cart is still full")
	}
	// Who learns the id of a form learns nothing of the order.
	other := s.visitor()
	other.add(one.GTIN, 1)
	if a := other.post("/checkout", other.checkout("id", strings.TrimPrefix(where[0], "/orders/"))...); a.Status != 404 {
		t.Errorf("another's form: %d %s", a.Status, a.Header.Get("Location"))
	}
}
