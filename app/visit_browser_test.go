package main

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"nguon/app/lang"
	"nguon/catalog/order"
	"nguon/tours"
)

// waits lets a page come to show words by itself.
func (v *visitor) waits(words string) {
	v.t.Helper()
	for range 120 {
		if strings.Contains(v.text("body"), words) {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	v.look("failed")
	v.t.Fatalf("%s never sees %q in\n%s", v.name, words, v.text("body"))
}

// reads reads a symbol of the page as a phone's camera would.
func (v *visitor) reads(selector string) string {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.ScreenshotScale(chromedp.CSS(selector), 3))
	if err != nil {
		v.t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		v.t.Fatal(err)
	}
	return readSymbol(v.t, picture)
}

// saturday is a day of the Festival with a visit that picks cherries.
func saturday(t *testing.T, svc *services) (tours.Edition, time.Time, tours.Tour) {
	t.Helper()
	e, err := svc.festival.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list, err := svc.tours.Published(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range e.Days() {
		for _, x := range list {
			if day.Weekday() == time.Saturday && x.Kind == tours.Harvest {
				return e, day, x
			}
		}
	}
	t.Fatal("no harvest on a Saturday of the Festival")
	return e, time.Time{}, tours.Tour{}
}

// A family plans a Saturday of the Festival on a phone: two adults and a child pick
// and roast, with lunch and a bag of coffee. They pay the deposit and get a ticket;
// the gate lets them in while its network is down, and tells it afterwards; they
// review.
func TestBrowserVisit(t *testing.T) {
	p := newProcess(t)
	cfg, err := LoadConfig(env("DATA_DIR", t.TempDir(), "BASE_URL", p.base, "BANK_BIN", "970436", "BANK_ACCOUNT", "0123456789", "BANK_ACCOUNT_NAME", "CHO CA PHE NGUON"))
	if err != nil {
		t.Fatal(err)
	}
	server := serveAt(t, cfg, "127.0.0.1:"+p.port)
	svc, ctx := server.svc, t.Context()
	e, day, x := saturday(t, svc)

	v := newVisitor(t, p.base, "family")
	v.open(e.Path() + "?day=" + day.Format(time.DateOnly))
	v.sees(e.Name.Vi)
	v.click(`a[href^="/tours/` + x.Slug + `"]`)
	v.sees(lang.Vi.DateLong(day), e.Name.Vi)
	if now := time.Now(); x.Season.Has(now) {
		v.sees("Quả đang chín")
	}
	v.click(`.leave a.btn`)
	v.fill(map[string]string{"people.adult": "0", "people.child": "1"})
	v.click(`button[value="book"]`)
	v.sees("Trẻ em cần đi cùng người lớn")
	v.fill(map[string]string{"people.adult": "2", "people.child": "1", "addons.lunch": "3", "addons.bag": "1"})
	v.click(`button[value="book"]`)
	v.sees("1.155.000", "346.500") // each is asked now
	v.fill(map[string]string{"guest.0": "Lò Thị Hoa", "answer.shoe.2": "33"})
	v.click(`button[value="book"]`)
	v.sees("Đã bỏ vào giỏ", "Trả khi đặt")
	v.click(`.grand a.btn`)
	v.fill(map[string]string{"phone": "0912 345 678", "name": "Lò Thị Hoa", "email": "hoa@khach.example"})
	v.do(chromedp.Click(chromedp.CSS(`[name="method"][value="transfer"]`)))
	v.click(`button[value="place"]`)
	v.sees("346.500")
	o, err := svc.orders.Order(ctx, lastPart(v.url()))
	if err != nil {
		t.Fatal(err)
	}
	if code := v.payment(); code.Amount != o.Due() || code.Amount != 346_500 {
		t.Errorf("the symbol says %+v, due is %s", code, o.Due())
	}
	if _, err := svc.orders.Receive(ctx, order.Incoming{Ref: "FT1", Amount: o.Due(), Booked: time.Now(), Memo: o.Code}, "webhook", "webhook"); err != nil {
		t.Fatal(err)
	}
	letter(t, cfg.DataDir, "hoa@khach.example", "Vé của bạn: "+x.Name)
	v.open("/orders/" + o.ID)
	v.sees("Đã giữ chỗ cho bạn")
	v.click(`a[href^="/tickets/"]`)
	v.sees("Vé hợp lệ", "2 người lớn", "808.500", "Điểm hẹn")
	ticket, path := v.reads(`.stub svg.qr`), v.url()
	b, err := svc.tours.Booking(ctx, lastPart(path))
	if err != nil {
		t.Fatal(err)
	}

	g := newVisitor(t, p.base, "gate")
	g.signIn(demoSignIn(t, svc, "owner"))
	g.open("/console/tours/checkin?day=" + day.Format(time.DateOnly))
	g.click(`a.btn[href="/console/tours/checkin/` + b.Departure + `"]`)
	g.waits("Có mạng")
	g.kept(b.Departure)

	// The network is gone: the page opens, tickets are checked, nothing is lost.
	if err := server.stop(); err != nil {
		t.Fatal(err)
	}
	g.open("/console/tours/checkin/" + b.Departure)
	g.waits("Không có mạng")
	scan := func(text, says string) {
		t.Helper()
		g.fill(map[string]string{"ticket": text})
		g.do(chromedp.Click(chromedp.CSS(`[data-scan] button[value="scan"]`)))
		g.waits(says)
	}
	scan("NGV1.AAAA", "Không phải vé của Nguồn")
	scan(ticket, "Mời vào")
	g.sees("Thu 808.500", "bữa trưa nhà sàn", "Chờ gửi: 1")
	scan(ticket, "Vé đã dùng rồi")
	scan(b.Code, "Vé đã dùng rồi")

	server = serveAt(t, cfg, "127.0.0.1:"+p.port)
	svc = server.svc
	g.do(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("online"))`))
	g.waits("Có mạng")
	for range 120 {
		if b, err = svc.tours.Booking(ctx, b.ID); err == nil && len(b.Arrivals) == 3 && !strings.Contains(g.text("body"), "Chờ gửi") {
			break
		}
		time.Sleep(250 * time.Millisecond)
	}
	if len(b.Arrivals) != 3 || !b.Arrivals[0].Offline {
		t.Fatalf("%+v", b.Arrivals)
	}
	if o, err = svc.orders.Order(ctx, o.ID); err != nil || o.Paid() != 1_155_000 || !o.Parcels[0].Came() {
		t.Errorf("%v was paid, %v", o.Paid(), err)
	}
	g.open("/console/tours/departures/" + b.Departure)
	g.sees("3 / 3", "Không có mạng", "33")
	if strings.Contains(g.text("body"), "cần xem lại") {
		t.Error("what one gate scanned twice is told as if two gates had")
	}

	// Who signs out leaves no list of visitors on the device.
	if !g.device(true) {
		t.Error("the gate keeps no list")
	}
	g.click(`form[action="/sign-out"] button`)
	g.sees("Bạn đã đăng xuất")
	if !g.device(false) {
		t.Error("the list stays after signing out")
	}

	v.open(path)
	v.sees("Đã vào cửa", "Chuyến đi thế nào")
	v.do(chromedp.Click(chromedp.CSS(`[name="stars"][value="5"]`)))
	v.fill(map[string]string{"text": "Các con rang cà phê rất vui.", "name": "Hoa"})
	v.click(`form[action$="/review"] button.btn`)
	v.sees("Cảm ơn bạn")
	v.open("/tours/" + x.Slug)
	v.sees("Các con rang cà phê rất vui.", "5 sao")
}

// device waits until the lists of a gate are on the device, or are not.
func (v *visitor) device(there bool) bool {
	v.t.Helper()
	script := fmt.Sprintf(`(async () => {
		for (let i = 0; i < 40; i++) {
			const lists = Object.keys(localStorage).filter((k) => k.startsWith("gate.roster.")).length;
			const pages = (await caches.keys()).length;
			if (%t ? lists && pages : !lists && !pages) return true;
			await new Promise((done) => setTimeout(done, 250));
		}
		return false;
	})()`, there)
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
	return err == nil && ok
}

// kept waits until the worker has what the gate needs without a network.
func (v *visitor) kept(departure string) {
	v.t.Helper()
	script := fmt.Sprintf(`(async () => {
		for (let i = 0; i < 80; i++) {
			const keys = (await (await caches.open("nguon-gate-1")).keys()).map((k) => new URL(k.url).pathname);
			if (keys.some((k) => k.endsWith(%q)) && keys.some((k) => k.endsWith("checkin.js"))) return true;
			await new Promise((done) => setTimeout(done, 250));
		}
		return false;
	})()`, departure)
	ctx, cancel := context.WithTimeout(v.ctx, 30*time.Second)
	defer cancel()
	ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
	if err != nil || !ok {
		v.t.Fatalf("the gate's page is not kept: %v", err)
	}
}
