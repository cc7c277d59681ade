package handlers_test

import (
	"context"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/pay/stripepay/stripefake"
	"nguon/catalog/order"
)

// Who asked for a company invoice stands in the files of those who issue it, with
// rows that add up to what was paid.
func TestInvoicesForTheAccountant(t *testing.T) {
	s := newSite(t)
	asked := func(name string) func(*order.Checkout) {
		return func(f *order.Checkout) {
			f.Customer.Email = "ketoan@khach.example"
			f.Invoice = &order.Invoice{Name: name, TaxCode: "0101234567-001", Address: "=1+1, Hà Nội"}
		}
	}
	both := s.buy(order.Transfer, []string{ourOrg, otherOrg}, asked("Công ty Hai Nhà"))
	theirs := s.buy(order.Transfer, []string{otherOrg}, asked("Công ty Bên Kia"))
	plain := s.buy(order.Transfer, []string{ourOrg})
	gone := s.buy(order.Transfer, []string{ourOrg}, asked("Công ty Đã Thôi"))
	must(t, s.orders.Cancel(context.Background(), "shopper", gone.ID, ""))
	month := s.now().In(lang.Zone).Format("2006-01")

	owner, operator := s.enter(account.Owner), s.enter(account.Operator)
	d := owner.get("/console/orders").doc(t)
	path, ok := d.Find(`a[href^="/console/orders/invoices"]`).Attr("href")
	if !ok {
		t.Fatal("nothing leads to the invoices")
	}
	for _, l := range lang.All {
		text := owner.get(l.Path(path)).text(t)
		if !strings.Contains(text, "Công ty Hai Nhà") || !strings.Contains(text, both.Code) || strings.Contains(text, "Bên Kia") || strings.Contains(text, plain.Code) || strings.Contains(text, "Đã Thôi") {
			t.Errorf("%s: %s", l, text)
		}
	}
	a := owner.get(path)
	if strings.Contains(a.Body, both.ID) {
		t.Error("the page of a seller tells where the shopper's order stands")
	}
	file, _ := a.doc(t).Find("a[download]").Attr("href")
	sums := func(a answer) map[string]int64 {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.Body, "\ufeff"))).ReadAll()
		if err != nil || a.Status != 200 || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
			t.Fatalf("%d, %v", a.Status, err)
		}
		got := map[string]int64{}
		for _, r := range rows[1:] {
			n, err := strconv.ParseInt(r[12], 10, 64)
			must(t, err)
			got[r[1]] += n
			if r[3] != "0101234567-001" || r[4] != "'=1+1, Hà Nội" || r[5] != "ketoan@khach.example" {
				t.Errorf("%q", r)
			}
		}
		return got
	}
	p := both.Parcels[both.Parcel(ourOrg)]
	if got := sums(owner.get(file)); len(got) != 1 || got[both.Code] != int64(p.Total()) {
		t.Errorf("%v, want %d", got, p.Total())
	}
	if got := sums(operator.get("/console/money/invoices.csv?month=" + month)); len(got) != 2 || got[both.Code] != int64(both.Total()) || got[theirs.Code] != int64(theirs.Total()) {
		t.Errorf("%v", got)
	}
	if text := operator.get("/console/money/invoices").text(t); !strings.Contains(text, "Bên Kia") || !strings.Contains(text, "Hai Nhà") {
		t.Error(text)
	}
	if text := owner.get("/console/orders/invoices?month=2025-01").text(t); !strings.Contains(text, "không ai xin") {
		t.Error(text)
	}
	for _, bad := range []string{"11", "2999-01", "1000-01", "%3Cb%3E"} {
		a := owner.get("/console/orders/invoices?month=" + bad)
		if a.doc(t).Find(".problem").Length() != 1 || a.doc(t).Find("a[download]").Length() != 0 {
			t.Errorf("%s: %d", bad, a.Status)
		}
		if a := owner.get("/console/orders/invoices.csv?month=" + bad); a.Status != 422 {
			t.Errorf("the file of %s: %d", bad, a.Status)
		}
	}
	s.store.fail(fault.New(fault.Unavailable, "unavailable"))
	if a := owner.get("/console/orders/invoices"); a.Status != 503 {
		t.Errorf("without a store: %d", a.Status)
	}
}

// A return that is declined leaves the pile, is told with its reason, and stands
// in the log of the seller's people.
func TestAReturnIsDeclined(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	o := s.buy(order.Transfer, []string{ourOrg}, func(f *order.Checkout) { f.Customer.Email = "hoa@khach.example" })
	owner, staff := s.enter(account.Owner), s.enter(account.Staff)
	if a := staff.move(o, ourOrg, order.Send, order.ToPack); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if a := staff.move(o, ourOrg, order.Decline, order.Sent, "declined.0", "không"); a.Status != 409 {
		t.Errorf("nobody asked: %d", a.Status)
	}
	must(t, s.orders.AskReturn(ctx, o.ID, ourOrg, "Gói bị rách"))
	if a := staff.move(o, ourOrg, order.Decline, order.Sent, "declined.0", " "); a.Status != 422 || a.doc(t).Find(`#declined\.0[aria-invalid]`).Length() != 1 {
		t.Errorf("without a reason: %d", a.Status)
	}
	for range 2 {
		if a := staff.move(o, ourOrg, order.Decline, order.Sent, "declined.0", "Gói đã dùng quá nửa"); a.Status != 303 {
			t.Errorf("%d", a.Status)
		}
	}
	if text := owner.get("/console/orders?show=back").text(t); strings.Contains(text, o.Code) {
		t.Error("it still waits")
	}
	page := s.visitor().get("/orders/" + o.ID)
	if text := page.text(t); !strings.Contains(text, "không nhận trả hàng") || !strings.Contains(text, "Gói đã dùng quá nửa") {
		t.Error(text)
	}
	if a := owner.get("/console/log?org=" + ourOrg + "&action=order.return_declined"); !strings.Contains(a.Body, o.Code) || strings.Contains(a.Body, o.ID) {
		t.Error("the owner does not see what staff did, or sees the shopper's address")
	}
}

// The market sees a dispute that was lost, and says so.
func TestALostDisputeAtTheDesk(t *testing.T) {
	s, fake := cards(t)
	o, payment := s.byCard(fake)
	deliver := func(only string) {
		t.Helper()
		if _, err := fake.Deliver(s.cardHook(), 1, 1, stripefake.Only(only)); err != nil {
			t.Fatal(err)
		}
	}
	deliver("checkout.session.completed")
	dispute, err := fake.Dispute(payment)
	must(t, err)
	must(t, fake.CloseDispute(dispute, false))
	deliver("charge.dispute.closed")
	operator := s.enter(account.Operator)
	list := func() string { return operator.get("/console/money/orders?wait=disputed").text(t) }
	if !strings.Contains(list(), o.Code) {
		t.Error(list())
	}
	path := "/console/money/orders/" + o.ID
	if text := operator.get(path).text(t); !strings.Contains(text, "Đã thua") || !strings.Contains(text, "khiếu nại thẻ · đã thua") {
		t.Error(text)
	}
	if a := operator.moneyForm(path, "do", "dispute", "ref", dispute); a.Status != 303 {
		t.Error(a.Status)
	}
	if a := operator.moneyForm(path, "do", "dispute", "ref", "dp_other"); a.Status != 404 {
		t.Error(a.Status)
	}
	if strings.Contains(list(), o.Code) {
		t.Error("seen, and it waits")
	}
}

// The script of an order's page may run there and nowhere else, and the page
// says the same without it.
func TestTheCountdown(t *testing.T) {
	s := newSite(t)
	one, _ := s.two()
	p := s.visitor()
	p.add(one.GTIN, 1)
	path := p.buys()
	a := p.get(path)
	d := a.doc(t)
	seconds, _ := strconv.Atoi(d.Find("[data-seconds]").AttrOr("data-seconds", ""))
	if left := time.Duration(seconds) * time.Second; left > 24*time.Hour || left < 24*time.Hour-time.Minute {
		t.Errorf("%s are left", left)
	}
	src, _ := d.Find(`script[type="module"]`).Attr("src")
	if js := s.get(src); js.Status != 200 || js.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
		t.Errorf("%s: %d %s", src, js.Status, js.Header.Get("Content-Type"))
	}
	if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "script-src 'self'; connect-src 'self';") {
		t.Error(csp)
	}
	if csp := p.get("/cart").Header.Get("Content-Security-Policy"); strings.Contains(csp, "script-src") {
		t.Error(csp)
	}
	o := s.order(path)
	s.pay(o, "vcb:1")
	d = p.get(path).doc(t)
	if d.Find("script[src]").Length() != 0 || d.Find("[data-rev]").AttrOr("data-rev", "") == a.doc(t).Find("[data-rev]").AttrOr("data-rev", "") {
		t.Error("paid, and the page waits")
	}
}
