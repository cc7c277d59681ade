package handlers_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/catalog/order"
)

// goodsOf are the products of a producer in the shop, each with a stock.
func (s *site) goodsOf(producer string) []catalog.Product {
	s.t.Helper()
	list, err := s.cat.ProductsOf(context.Background(), producer)
	must(s.t, err)
	return list
}

// two are a trade item of each of two producers.
func (s *site) two() (a, b catalog.Variant) {
	return s.goodsOf("demo-suong-nui")[0].Sold()[0], s.goodsOf("demo-hua-noong")[0].Sold()[0]
}

func (p *person) cart() string { return p.cookies["__Host-cart"] }

// add puts something into the cart and shows it.
func (p *person) add(ref string, n int) *goquery.Document {
	p.s.t.Helper()
	if a := p.post("/cart", "ref", ref, "quantity", fmt.Sprint(n)); a.Status != 303 || a.Header.Get("Location") != "/cart?done=cart_added" {
		p.s.t.Fatalf("%d %s\n%s", a.Status, a.Header.Get("Location"), a.Body)
	}
	return p.get("/cart").doc(p.s.t)
}

// form fills in the checkout as its page shows it; pairs change fields.
func (p *person) checkout(pairs ...string) []string {
	p.s.t.Helper()
	d := p.get("/checkout?to=14").doc(p.s.t)
	v := map[string]string{"name": "Lò Thị Hoa", "phone": "0912 345 678", "province": "14", "commune": "Phường Tô Hiệu", "street": "12 Tô Hiệu", "method": "transfer", "do": "place"}
	d.Find(`form.bill input[type="hidden"]`).Each(func(_ int, i *goquery.Selection) { v[i.AttrOr("name", "")] = i.AttrOr("value", "") })
	for i := 0; i+1 < len(pairs); i += 2 {
		v[pairs[i]] = pairs[i+1]
	}
	var list []string
	for name, value := range v {
		list = append(list, name, value)
	}
	return list
}

// buys places an order of a cart and returns its path.
func (p *person) buys(pairs ...string) string {
	p.s.t.Helper()
	a := p.post("/checkout", p.checkout(pairs...)...)
	if a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/orders/") {
		p.s.t.Fatalf("%d %s\n%s", a.Status, a.Header.Get("Location"), a.doc(p.s.t).Find("main").Text())
	}
	return a.Header.Get("Location")
}

func (s *site) order(path string) order.Order {
	s.t.Helper()
	o, err := s.orders.Order(context.Background(), strings.TrimPrefix(path, "/orders/"))
	must(s.t, err)
	return o
}

func (s *site) coupon(k order.Coupon) {
	s.t.Helper()
	k.From, k.To, k.By, k.Bears = s.now().Add(-time.Hour), s.now().Add(time.Hour), "test", order.MarketBears
	must(s.t, s.orders.SaveCoupon(context.Background(), k))
}

// reprice gives every variant of a product another price.
func (s *site) reprice(p catalog.Product, price money.VND) {
	s.t.Helper()
	for i := range p.Variants {
		p.Variants[i].Price = price
	}
	must(s.t, s.cat.SaveProduct(context.Background(), p))
}

func text(d *goquery.Document, selector string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(d.Find(selector).Text(), "\u00a0", " ")), " ")
}

func TestProductPagesOfferWhatIsLeft(t *testing.T) {
	s := newSite(t)
	p := s.goodsOf("demo-suong-nui")[0]
	v := p.Sold()
	must(t, s.cat.Count(context.Background(), "test", v[0].GTIN, 3))
	must(t, s.cat.Count(context.Background(), "test", v[1].GTIN, 0))
	for i, l := range lang.All {
		a := s.get(l.Path("/products/" + p.Slug))
		d := a.doc(t)
		if got := text(d, ".variants .left"); !strings.Contains(got, []string{"Còn 3 gói", "3 packets left"}[i]) || !strings.Contains(got, []string{"Hết hàng", "Sold out"}[i]) {
			t.Errorf("%s: %q", l, got)
		}
		f := d.Find(`.variants form[action="` + l.Path("/cart") + `"]`)
		if f.Length() != 1 || f.Find(`input[name="ref"]`).AttrOr("value", "") != v[0].GTIN || f.Find("option").Length() != 3 {
			t.Errorf("%s: %d forms, %d quantities", l, f.Length(), f.Find("option").Length())
		}
		if a.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public") {
			t.Errorf("%s: %v", l, a.Header)
		}
		if !strings.Contains(a.Body, "schema.org/InStock") || !strings.Contains(a.Body, "schema.org/OutOfStock") {
			t.Error("search engines are not told what is left")
		}
	}
}

func TestACartIsFilledAndChanged(t *testing.T) {
	s := newSite(t)
	p := s.visitor()
	if a := p.get("/cart"); a.Status != 200 || p.cart() != "" || a.Header.Get("Cache-Control") != "no-store" || a.doc(t).Find(`.empty a[href="/products"]`).Length() != 1 {
		t.Errorf("an empty cart: %d, cookie %q", a.Status, p.cart())
	}
	one, two := s.two()
	first := p.post("/cart", "ref", one.GTIN, "quantity", "2")
	cookie := first.Header.Get("Set-Cookie")
	for _, want := range []string{"__Host-cart=", "HttpOnly", "secure", "SameSite=Lax", "path=/", "max-age=5184000"} {
		if !strings.Contains(strings.ToLower(cookie), strings.ToLower(want)) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if len(p.cart()) != 32 {
		t.Fatalf("%q", p.cart())
	}
	p.add(two.GTIN, 1)
	d := p.add(one.GTIN, 1) // more of the same
	if d.Find(".parcel").Length() != 2 || d.Find(".items > li").Length() != 2 || d.Find(`.items input[name="quantity"]`).First().AttrOr("value", "") != "3" {
		t.Error(text(d, "main"))
	}
	if d.Find(".done").Length() != 0 || p.get("/cart?done=cart_added").doc(t).Find(".done").Length() != 1 {
		t.Error("what was done is not said once")
	}
	total := func(query string) string { return text(p.get("/cart"+query).doc(t), ".grand > p:first-child strong") }
	goods := 3*one.Price + two.Price
	if got := total(""); got != strings.ReplaceAll(goods.String(), "\u00a0", " ") {
		t.Errorf("%s, want %s", got, goods)
	}
	if got := total("?to=14"); got == total("") {
		t.Error("delivery is not estimated")
	}
	if a := p.get("/cart?to=99"); a.Status != 400 {
		t.Errorf("an unknown province: %d", a.Status)
	}
	if a := p.post("/cart?to=14", "do", "set", "ref", one.GTIN, "quantity", "5"); a.Header.Get("Location") != "/cart?done=cart_changed&to=14" {
		t.Errorf("%d %s", a.Status, a.Header.Get("Location"))
	}
	for _, bad := range []string{"1000", "-1", "x", ""} {
		a := p.post("/cart", "do", "set", "ref", one.GTIN, "quantity", bad)
		if d := a.doc(t); a.Status != 422 || d.Find(`[id="n-`+one.GTIN+`"]`).AttrOr("value", "5") != bad || d.Find(`.problem a[href="#n-`+one.GTIN+`"]`).Length() != 1 {
			t.Errorf("quantity %q: %d %s", bad, a.Status, text(d, "main"))
		}
	}
	p.post("/cart", "do", "remove", "ref", two.GTIN)
	if d := p.get("/en/cart").doc(t); d.Find(".items > li").Length() != 1 || d.Find(`.items input[name="quantity"]`).AttrOr("value", "") != "5" || text(d, "h1") != "Your cart" {
		t.Error(text(d, "main"))
	}
	if a := p.post("/cart", "ref", "09520001999999", "quantity", "1"); a.Status != 409 || !strings.Contains(a.Body, "không còn bán") {
		t.Errorf("what is not sold: %d", a.Status)
	}
	p.cookies["__Host-cart"] = "not-an-id"
	if p.add(one.GTIN, 1); len(p.cart()) != 32 {
		t.Errorf("a broken cookie stays: %q", p.cart())
	}
}

// What changes in the shop is told in the cart, with what to do.
func TestTheCartTellsWhatChanged(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	p := s.visitor()
	products := s.goodsOf("demo-suong-nui")
	a, b, c := products[0].Sold()[0], products[1].Sold()[0], products[2].Sold()[0]
	p.add(a.GTIN, 2)
	p.add(b.GTIN, 9)
	p.add(c.GTIN, 1)
	s.reprice(products[0], 99_000)
	must(t, s.cat.Count(ctx, "test", b.GTIN, 4))
	must(t, s.cat.Withdraw(ctx, "test", products[2].ID, "Hết vụ.", false))
	d := p.get("/cart").doc(t)
	for _, want := range []string{"Giá đổi từ " + strings.ReplaceAll(a.Price.String(), "\u00a0", " ") + " thành 99.000 ₫", "Chỉ còn 4 gói", "Không còn bán", products[2].Name} {
		if !strings.Contains(text(d, ".groups"), want) {
			t.Errorf("no %q in %s", want, text(d, ".groups"))
		}
	}
	if d.Find(".grand .btn").Length() != 0 {
		t.Error("the checkout is offered all the same")
	}
	if x := p.get("/checkout"); x.Status != 303 || x.Header.Get("Location") != "/cart" {
		t.Errorf("%d", x.Status)
	}
	p.post("/cart", "do", "remove", "ref", c.GTIN)
	p.post("/cart", "do", "set", "ref", b.GTIN, "quantity", "4")
	d = p.get("/cart").doc(t)
	accept := d.Find(`.grand form`)
	if accept.Find(`button[value="accept"]`).Length() != 1 || d.Find(".grand .btn").Length() != 1 {
		t.Fatal(text(d, ".grand"))
	}
	price := accept.Find(`input[name="price.goods:`+a.GTIN+`"]`).AttrOr("value", "")
	s.reprice(products[0], 101_000) // meanwhile
	p.post("/cart", "do", "accept", "price.goods:"+a.GTIN, price)
	if d = p.get("/cart").doc(t); !strings.Contains(text(d, ".groups"), "Giá đổi từ 99.000 ₫ thành 101.000 ₫") {
		t.Error("a price that nobody saw was accepted")
	}
	p.post("/cart", "do", "accept", "price.goods:"+a.GTIN, "101000")
	if d = p.get("/cart").doc(t); d.Find(`.grand a.btn[href="/checkout"]`).Length() != 1 || d.Find(".groups .mind").Length() != 0 {
		t.Error(text(d, "main"))
	}
}

func TestCouponsInTheCart(t *testing.T) {
	s := newSite(t)
	one, two := s.two()
	s.coupon(order.Coupon{Code: "MUAHAI", Kind: order.Amount, Amount: 20_000})
	s.coupon(order.Coupon{Code: "CHIHUANOONG", Kind: order.Percent, Percent: 10, Seller: "demo-hua-noong"})
	p := s.visitor()
	p.add(one.GTIN, 1)
	for code, says := range map[string]string{"KHONGCO": "Không có mã này", "": "Không có mã này"} {
		a := p.post("/cart", "do", "coupon", "coupon", code)
		d := a.doc(t)
		if a.Status != 422 || d.Find("#coupon").AttrOr("value", "?") != code || !strings.Contains(text(d, "#coupon-error"), says) {
			t.Errorf("%q: %d %s", code, a.Status, text(d, ".coupons"))
		}
	}
	p.post("/cart", "do", "coupon", "coupon", " mua hai ")
	p.post("/cart", "do", "coupon", "coupon", "chihuanoong")
	d := p.get("/cart").doc(t)
	if got := text(d, ".coupons"); !strings.Contains(got, "MUAHAI −20.000 ₫") || !strings.Contains(got, "không dành cho hàng trong giỏ") || d.Find(".grand a.btn").Length() != 0 {
		t.Error(got)
	}
	p.add(two.GTIN, 1)
	if d = p.get("/cart").doc(t); d.Find(".coupons .mind").Length() != 0 || d.Find(".grand a.btn").Length() != 1 {
		t.Error(text(d, ".sums"))
	}
	p.post("/cart", "do", "uncoupon", "coupon", "MUAHAI")
	if d = p.get("/cart").doc(t); strings.Contains(text(d, ".coupons"), "MUAHAI") {
		t.Error("the code stays")
	}
	o := s.order(p.buys())
	if len(o.Coupons) != 1 || o.Coupons[0].Off != two.Price/10 {
		t.Errorf("%+v", o.Coupons)
	}
}

// A cart survives signing in and waits for its person after signing out.
func TestACartFollowsItsPerson(t *testing.T) {
	s := newSite(t)
	one, two := s.two()
	in := signIn("nguoi-mua@nguon.example")
	home := s.visitor()
	home.add(one.GTIN, 2)
	if a := home.post("/sign-in", "email", in.Email, "password", in.Password); a.Status != 303 {
		t.Fatal(a.Status, a.Body)
	}
	if d := home.get("/cart").doc(t); d.Find(".items > li").Length() != 1 || d.Find(".sections").Length() != 0 {
		t.Error("the cart was lost, or stands in the console")
	}
	kept := home.cart()
	home.post("/sign-out", "token", home.token())
	if home.cart() != "" {
		t.Error("the cart stays with the browser")
	}
	away := s.visitor()
	away.add(two.GTIN, 1)
	away.post("/sign-in", "email", in.Email, "password", in.Password)
	if d := away.get("/cart").doc(t); d.Find(".items > li").Length() != 2 {
		t.Error(text(d, "main"))
	}
	fresh := s.visitor()
	fresh.post("/sign-in", "email", in.Email, "password", in.Password)
	if fresh.cart() != away.cart() || fresh.cart() == kept {
		t.Errorf("%q, want %q", fresh.cart(), away.cart())
	}
	d := fresh.get("/checkout").doc(t)
	if d.Find("#name").AttrOr("value", "") == "" || d.Find("#email").AttrOr("value", "") != in.Email {
		t.Error("who signed in types name and address again")
	}
	if o := s.order(fresh.buys()); o.Person == "" {
		t.Error("the order does not know its person")
	}
	boss := s.visitor() // signs in by two steps
	boss.add(one.GTIN, 1)
	in = signIn("van-hanh@nguon.example")
	boss.post("/sign-in", "email", in.Email, "password", in.Password)
	joined := func() string {
		c, err := s.orders.Cart(context.Background(), boss.cart())
		must(t, err)
		return c.Person
	}
	if joined() != "" {
		t.Error("the password alone opens the person's cart")
	}
	if a := boss.post("/sign-in/code", "code", s.code(in.TOTP)); a.Status != 303 || joined() == "" {
		t.Errorf("%d: a second step lost the cart", a.Status)
	}
}

// Forms of other sites buy nothing.
func TestOtherSitesCannotBuy(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	for _, path := range []string{"/cart", "/checkout", "/orders", "/en/orders/" + strings.Repeat("0", 32) + "/cancel"} {
		a := s.send("POST", path, url.Values{"ref": {one.GTIN}, "quantity": {"1"}}.Encode(), "Content-Type: application/x-www-form-urlencoded", "Sec-Fetch-Site: cross-site")
		if a.Status != 403 || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// A store that is away is said so, and nothing is taken for empty.
func TestBuyingWithABrokenStore(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	path, pairs := p.buys(), []string(nil)
	p.add(one.GTIN, 1)
	pairs = p.checkout()
	s.store.fail(context.DeadlineExceeded)
	for _, path := range []string{"/cart", "/checkout", path} {
		if a := p.get(path); a.Status != 503 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	pairs = append(pairs, "number", "SLAAAAAA")
	for _, path := range []string{"/cart", "/checkout", "/orders", path + "/refund"} {
		if a := p.post(path, pairs...); a.Status != 503 {
			t.Errorf("POST %s: %d", path, a.Status)
		}
	}
}
