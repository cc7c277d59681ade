package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"nguon/app/lang"
	"nguon/app/pay/vietqr"
	"nguon/catalog"
	"nguon/catalog/order"
)

// withShop serves a site that takes transfers, whose public address is the one
// it listens on, with a coupon.
func withShop(t *testing.T) (base, data string, svc *services) {
	t.Helper()
	p := newProcess(t) // for a free port
	cfg, err := LoadConfig(env("DATA_DIR", t.TempDir(), "BASE_URL", p.base, "BANK_BIN", "970436", "BANK_ACCOUNT", "0123456789", "BANK_ACCOUNT_NAME", "CHO CA PHE NGUON"))
	if err != nil {
		t.Fatal(err)
	}
	svc = serveAt(t, cfg, "127.0.0.1:"+p.port).svc
	now := time.Now()
	if err := svc.orders.SaveCoupon(t.Context(), order.Coupon{Code: "MUAHAI", Kind: order.Amount, Amount: 20_000, Bears: order.MarketBears, From: now.Add(-time.Hour), To: now.Add(time.Hour), By: "test"}); err != nil {
		t.Fatal(err)
	}
	return p.base, cfg.DataDir, svc
}

// A shopper at phone width puts goods of two producers into the cart, uses a
// coupon, checks out, reads the VietQR, is paid for at the desk, asks for a
// return, and finds the order again from another phone: with scripts, and with
// scripts switched off.
func TestBrowserBuying(t *testing.T) {
	for _, scripts := range []bool{true, false} {
		name := map[bool]string{true: "shopper", false: "shopper-plain"}[scripts]
		t.Run(name, func(t *testing.T) {
			base, data, svc := withShop(t)
			v := newVisitor(t, base, name)
			if !scripts {
				v.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
					_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
					return err
				}))
			}
			v.buy(svc, data, scripts)
		})
	}
}

func (v *visitor) buy(svc *services, data string, scripts bool) {
	t := v.t
	t.Helper()
	ctx := t.Context()
	first, second := v.productOf(svc, "demo-suong-nui"), v.productOf(svc, "demo-hua-noong")
	v.open("/cart")
	v.sees("Giỏ hàng đang trống")
	v.open("/products/" + first.Slug)
	v.fill(map[string]string{"quantity": "2"})
	v.click(`.variants form button`)
	v.sees("Đã bỏ vào giỏ", "HTX Cà phê Sương Núi")
	v.open("/products/" + second.Slug)
	v.click(`.variants form button`)
	v.sees("Hua Noong")
	v.fill(map[string]string{"coupon": "khongco"})
	v.click(`button[value="coupon"]`)
	v.sees("Không có mã này")
	v.fill(map[string]string{"coupon": "muahai"})
	v.click(`button[value="coupon"]`)
	v.sees("MUAHAI", "−20.000")
	v.fill(map[string]string{"to": "79"})
	v.click(`form[method="get"] button`)
	v.sees("32.000")
	v.click(`.grand a.btn`)

	v.fill(map[string]string{"phone": "12", "name": "Lò Thị Hoa", "commune": "Phường Tô Hiệu", "street": "12 Tô Hiệu", "province": "14"})
	v.click(`button[value="place"]`)
	v.sees("Số điện thoại chưa đúng", "Tổng cộng đổi từ")
	v.fill(map[string]string{"phone": "0912 345 678", "email": "hoa@khach.example"})
	v.do(chromedp.Click(chromedp.CSS(`[name="way.demo-hua-noong"][value="pickup"]`)))
	v.click(`button[value="recount"]`)
	v.sees("Đã tính lại", "Nhận tại cơ sở")
	v.do(chromedp.Click(chromedp.CSS(`[name="method"][value="transfer"]`)))
	v.click(`button[value="place"]`)
	v.sees("Chờ bạn chuyển", "Vietcombank", "0123456789", "CHO CA PHE NGUON", "Giữ hàng tới", map[bool]string{true: "23:59:", false: "24 giờ"}[scripts], "Dữ liệu mẫu")

	path := v.url()
	o, err := svc.orders.Order(ctx, lastPart(path))
	if err != nil {
		t.Fatal(err)
	}
	if want := 2*first.Sold()[0].Price + second.Sold()[0].Price - 20_000 + 20_000; o.Total() != want {
		t.Errorf("the order costs %s, want %s", o.Total(), want)
	}
	if code := v.payment(); code.Amount != o.Due() || code.Purpose != o.Code || code.BIN != "970436" || code.Number != "0123456789" || !code.Dynamic {
		t.Errorf("the symbol says %+v", code)
	}
	letter(t, data, "hoa@khach.example", "Đã nhận đơn "+o.Code)
	operator := newVisitor(t, v.base, v.name+"-operator")
	operator.signIn(demoSignIn(t, svc, "operator"))
	operator.open("/console/money")
	now := time.Now().In(lang.Zone)
	operator.fill(map[string]string{"ref": "FT" + o.Code, "amount": o.Due().Digits(), "day": now.Format(time.DateOnly), "time": now.Format("15:04"), "memo": "CK " + o.Code})
	operator.click(`form[action="/console/money"] .btn`)
	operator.sees("Đã ghi giao dịch", o.Code)
	letter(t, data, "hoa@khach.example", "Đơn "+o.Code+" đã chắc chắn")
	if scripts { // the page looks by itself
		v.do(chromedp.WaitVisible(chromedp.CSS(`main:not(:has(.pay)) .order`)))
	} else {
		v.click(`.pay a.btn`)
	}
	v.sees("Đơn đã chắc chắn", "Nhận chuyển khoản")
	owner := newVisitor(t, v.base, v.name+"-owner")
	owner.signIn(demoSignIn(t, svc, "owner"))
	owner.open("/console/orders")
	owner.click(`.rows.parcels a[href$="/` + o.Code + `"]`)
	owner.click(`.moves form.inline .btn`)
	owner.sees("Đã gói")
	owner.fill(map[string]string{"carrier.0": "Vietnam Post", "tracking.0": "EMS123"})
	owner.click(`.moves form.sending .btn`)
	owner.sees("EMS123")
	letter(t, data, "hoa@khach.example", "Hàng của HTX Cà phê Sương Núi đã gửi")
	v.open(path)
	v.sees("Một phần hàng đã lên đường", "EMS123")
	v.do(chromedp.Click(chromedp.CSS(`.parcel details summary`)))
	v.fill(map[string]string{"why.demo-suong-nui": "Gói bị rách."})
	v.click(`form[action$="/return"] button`)
	v.sees("Đã gửi yêu cầu trả hàng", "Gói bị rách.")
	v.open("/en" + path)
	v.sees("You asked for a return")

	v.open("/orders")
	v.fill(map[string]string{"number": o.Code, "phone": "0999 999 999"})
	v.send()
	v.sees("Không tìm thấy đơn này")
	v.fill(map[string]string{"phone": "+84912345678"})
	v.send()
	v.sees(o.Code, "Bạn đã xin trả hàng")
	v.open("/cart")
	v.sees("Giỏ hàng đang trống")
}

func (v *visitor) productOf(svc *services, producer string) catalog.Product {
	v.t.Helper()
	list, err := svc.catalog.ProductsOf(v.t.Context(), producer)
	if err != nil || len(list) == 0 {
		v.t.Fatal(list, err)
	}
	return list[0]
}

// payment reads the symbol of the page as a phone's camera would.
func (v *visitor) payment() vietqr.Code {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.ScreenshotScale(chromedp.CSS(`svg.qr`), 3))
	if err != nil {
		v.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		v.t.Fatal(err)
	}
	code, err := vietqr.Parse(readSymbol(v.t, picture))
	if err != nil {
		v.t.Fatal(err)
	}
	return code
}

// Every page of buying, empty, full and with what is wrong, at both widths and in
// both languages, as TestBrowser looks at public pages.
func TestBrowserShopperPages(t *testing.T) {
	base, _, svc := withShop(t)
	b := newBrowser(t)
	v := b.visitor(t, base, "looks")
	paths := []string{"/cart", "/orders"}
	look := func(step string) {
		for _, path := range paths {
			for _, prefix := range []string{"", "/en"} {
				for _, w := range viewports {
					label := fmt.Sprintf("buy-%s%s%s-%d", step, prefix, path, w.width)
					label = strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(label)
					t.Run(label, func(t *testing.T) { b.look(t, base+in(prefix, path), label, w.width, w.height) })
				}
			}
		}
	}
	look("empty")
	first, second := v.productOf(svc, "demo-suong-nui"), v.productOf(svc, "demo-hua-noong")
	for _, p := range []catalog.Product{first, second} {
		v.open("/products/" + p.Slug)
		v.click(`.variants form button`)
	}
	paths = []string{"/products/" + first.Slug, "/cart?to=14", "/checkout?to=14"}
	look("full")
	if err := svc.catalog.Count(t.Context(), "test", first.Sold()[0].GTIN, 0); err != nil {
		t.Fatal(err)
	}
	paths = []string{"/products/" + first.Slug, "/cart"}
	look("sold-out")
}
