package handlers_test

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

// seller is the producer of what the test shopper buys.
const seller = "demo-suong-nui"

// buy places an order of one packet, each from another telephone.
func (s *site) buyOne(m order.Method) order.Order {
	s.t.Helper()
	ctx := context.Background()
	must(s.t, s.cat.Count(ctx, "test", gtin, 500))
	cart := order.NewID()
	must(s.t, s.orders.Put(ctx, cart, "", order.Goods, gtin, 1))
	f := order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: m, Customer: order.Customer{Name: "Lò Thị Hoa", Phone: "09" + digits(order.NewID()),
		Email: "hoa@khach.example", Street: "12 Tô Hiệu", Commune: "Phường Tô Hiệu", Province: "14"}}
	c, err := s.orders.Cart(ctx, cart)
	must(s.t, err)
	b, err := s.orders.Basket(ctx, c, order.Wish{Province: "14", Phone: order.PhoneKey(f.Customer.Phone)})
	must(s.t, err)
	f.Seen = b.Total
	o, err := s.orders.Place(ctx, f)
	must(s.t, err)
	return o
}

func digits(id string) string {
	var b strings.Builder
	for i := range 8 {
		b.WriteByte('0' + id[i]%10)
	}
	return b.String()
}

// pay lets the money of an order come in.
func (s *site) pay(o order.Order, ref string) {
	s.t.Helper()
	_, err := s.orders.Receive(context.Background(), order.Incoming{Ref: ref, Amount: o.Total(), Booked: s.now(), Memo: o.Code}, "webhook", "webhook")
	must(s.t, err)
}

// send1 lets the money of an order come in, and its parcel go out.
func (s *site) send1(o order.Order, ref string) {
	s.t.Helper()
	s.pay(o, ref)
	must(s.t, s.orders.Handle(context.Background(), "p1", o.ID, order.Moving{Move: order.Send, Seller: seller}))
}

// text is what an answer says in its main part.
func (a answer) text(t testing.TB) string {
	t.Helper()
	return strings.Join(strings.Fields(a.doc(t).Find("main").Text()), " ")
}

// moneyForm sends a form of the money desk.
func (p *person) moneyForm(path string, pairs ...string) answer {
	p.s.t.Helper()
	return p.post(path, append([]string{"token", p.token()}, pairs...)...)
}

func TestOneTransferByHand(t *testing.T) {
	s := newSite(t)
	o := s.buyOne(order.Transfer)
	operator, owner := s.enter(account.Operator), s.enter(account.Owner)
	entered := func(ref string, amount money.VND, memo string) []string {
		return []string{"ref", ref, "amount", amount.String(), "day", "2026-11-20", "time", "16:05", "memo", memo}
	}
	if a := owner.moneyForm("/console/money", entered("FT1", o.Total(), o.Code)...); a.Status != 403 {
		t.Errorf("a seller: %d", a.Status)
	}
	a := operator.moneyForm("/console/money", "ref", "", "amount", "một trăm", "day", "hôm qua", "memo", "còn nguyên")
	if d := a.doc(t); a.Status != 422 || d.Find(".field.wrong").Length() != 3 || d.Find(`input[name="memo"]`).AttrOr("value", "") != "còn nguyên" {
		t.Errorf("%d, %d fields", a.Status, d.Find(".field.wrong").Length())
	}
	for field, change := range map[string][2]string{"day": {"day", "2030-01-01"}, "time": {"time", ""}, "ref": {"ref", strings.Repeat("x", 101)}} {
		form := entered("FT0", 1_000, o.Code)
		form[slices.Index(form, change[0])+1] = change[1]
		a := operator.moneyForm("/console/money", form...)
		if d := a.doc(t); a.Status != 422 || d.Find(`.problem a[href="#`+field+`"]`).Length() != 1 || d.Find(".field.wrong").Length() != 1 {
			t.Errorf("%v: %d %s", change, a.Status, d.Find(".problem").Text())
		}
	}
	for _, c := range []struct {
		ref, memo, match string
		amount           money.VND
	}{
		{"FT1", "ck " + o.Code, "exact", o.Total()}, {"FT1", "ck " + o.Code, "exact", o.Total()}, // the form twice
		{"FT 2/x?&", o.Code, "over", 5_000}, {"FT3", "mua cà phê", "unknown", 7_000},
	} {
		a := operator.moneyForm("/console/money", entered(c.ref, c.amount, c.memo)...)
		page := operator.get(a.Header.Get("Location"))
		if a.Status != 303 || page.Status != 200 || !strings.Contains(page.text(t), lang.Vi.T("moneydesk.match."+c.match+".means")) {
			t.Errorf("%s: %d %d %s", c.ref, a.Status, page.Status, page.text(t))
		}
		if got := page.doc(t).Find(`main a[href="/console/money/orders/`+o.ID+`"]`).Length() > 0; got != (c.match != "unknown") {
			t.Errorf("%s leads to its order: %v", c.ref, got)
		}
	}
	again := operator.get(operator.moneyForm("/console/money", entered("FT1", o.Total(), o.Code)...).Header.Get("Location"))
	if !strings.Contains(again.text(t), lang.Vi.T("done.transfer_known")) {
		t.Error("entered twice, and it says that it was noted")
	}
	if a := operator.moneyForm("/console/money", entered("FT1", 1_000, o.Code)...); a.Status != 409 {
		t.Errorf("the reference with another amount: %d", a.Status)
	}
	if o = s.order(o.ID); o.State != order.Confirmed || o.Paid() != o.Total()+5_000 {
		t.Errorf("%s, %d", o.State, o.Paid())
	}
	if text := operator.get("/console/log?action=transfer.enter").text(t); strings.Count(text, lang.Vi.T("logpage.action.transfer.enter")) < 3 {
		t.Error("entering is not on record")
	}
}

func TestAnUnmatchedTransfer(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	o, other := s.buyOne(order.Transfer), s.buyOne(order.Transfer)
	wrong := []byte(o.Code)
	wrong[5] = 'B'
	for i, memo := range []string{string(wrong), "lãi tiền gửi"} {
		_, err := s.orders.Receive(ctx, order.Incoming{Ref: fmt.Sprint("FT", i), Amount: o.Total(), Booked: s.now(), Memo: memo}, "webhook", "webhook")
		must(t, err)
	}
	operator := s.enter(account.Operator)
	if text := operator.get("/console/money/transfers").text(t); !strings.Contains(text, "lãi tiền gửi") || !strings.Contains(text, string(wrong)) {
		t.Error(text)
	}
	page := operator.get("/console/money/transfer?ref=FT0").doc(t)
	if first := page.Find("main .row .code").First().Text(); first != o.Code {
		t.Errorf("the likeliest is %s, want %s", first, o.Code)
	}
	path := "/console/money/transfer"
	for _, c := range []struct {
		form   []string
		status int
		field  string
	}{
		{[]string{"ref", "FT0", "do", "assign", "order", "SLXXXXXX"}, 422, "order"},
		{[]string{"ref", "FT0", "do", "ignore", "aside", " "}, 422, "aside"},
		{[]string{"ref", "FT9", "do", "ignore", "aside", "x"}, 404, ""},
		{[]string{"ref", "FT0", "do", "assign", "order", strings.ToLower(o.Code), "note", "khách gọi"}, 303, ""},
		{[]string{"ref", "FT0", "do", "assign", "order", o.Code, "note", "khách gọi"}, 303, ""},
		{[]string{"ref", "FT0", "do", "assign", "order", other.Code}, 409, ""},
		{[]string{"ref", "FT1", "do", "ignore", "aside", "lãi của ngân hàng"}, 303, ""},
		{[]string{"ref", "FT1", "do", "ignore", "aside", "lãi của ngân hàng"}, 303, ""},
	} {
		a := operator.moneyForm(path, c.form...)
		if a.Status != c.status || c.field != "" && a.doc(t).Find(".field.wrong #"+c.field).Length() != 1 {
			t.Errorf("%v: %d, want %d", c.form, a.Status, c.status)
		}
	}
	if o = s.order(o.ID); o.State != order.Confirmed || len(o.Payments) != 1 || o.Payments[0].Note != "khách gọi" {
		t.Errorf("%s %+v", o.State, o.Payments)
	}
	for state, memo := range map[string]string{"matched": string(wrong), "ignored": "lãi tiền gửi"} {
		if text := operator.get("/console/money/transfers?state=" + state).text(t); !strings.Contains(text, memo) {
			t.Errorf("%s: %s", state, text)
		}
	}
	for path, status := range map[string]int{"/console/money/transfers?state=x": 400, "/console/money/transfers?after=x": 400, "/console/money/transfer?ref=none": 404} {
		if a := operator.get(path); a.Status != status {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// statementOf is a file as a bank exports it.
func statementOf(rows ...string) string {
	return "Ngày giao dịch,Số tham chiếu,Ghi có,Ghi nợ,Nội dung\n" + strings.Join(rows, "\n") + "\n"
}

// sendFile posts a file as a form does.
func (p *person) sendFile(path, field, name, content string) answer {
	p.s.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	must(p.s.t, w.WriteField("token", p.token()))
	part, err := w.CreateFormFile(field, name)
	must(p.s.t, err)
	_, err = part.Write([]byte(content))
	must(p.s.t, err)
	must(p.s.t, w.Close())
	return p.keep(p.s.send("POST", path, b.String(), p.headers("Content-Type: "+w.FormDataContentType())...))
}

func TestAStatement(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	o, twin := s.buyOne(order.Transfer), s.buyOne(order.Transfer)
	s.pay(twin, "sepay:92704")
	operator := s.enter(account.Operator)
	path := "/console/money/statement"
	day := s.now().In(lang.Zone).Format("02/01/2006 15:04:05")
	file := statementOf(
		fmt.Sprintf("%s,FT1,%d,,%s", day, o.Total(), o.Code),
		fmt.Sprintf("%s,FT2,%d,,%s", day, twin.Total(), twin.Code),
		day+",FT3,99000,,=HYPERLINK(lạ)",
		day+",FT4,,5000,phí",
		"không phải ngày,FT5,1000,,x")
	if a := operator.sendFile(path, "file", "x.csv", ""); a.Status != 422 {
		t.Errorf("nothing: %d", a.Status)
	}
	if a := operator.sendFile(path, "file", "x.pdf", "%PDF-1.4"); a.Status != 422 || a.doc(t).Find(".field.wrong #file").Length() != 1 {
		t.Errorf("no statement: %d", a.Status)
	}
	if a := operator.sendFile(path, "file", "x.csv", strings.Repeat("x", 1<<20+1)); a.Status != 422 || !strings.Contains(a.Body, lang.Vi.T("order.statement.large")) {
		t.Errorf("too large: %d", a.Status)
	}
	if a := operator.sendFile(path, "file", "x.csv", strings.Repeat("x", 3<<20)); a.Status != 413 || !strings.Contains(a.Body, lang.Vi.T("order.statement.large")) {
		t.Errorf("far too large: %d", a.Status)
	}
	preview := func() (answer, string, string) {
		t.Helper()
		a := operator.sendFile(path, "file", "x.csv", file)
		d := a.doc(t)
		return a, d.Find(`input[name="file"]`).AttrOr("value", ""), d.Find(`input[name="seal"]`).AttrOr("value", "")
	}
	a, blob, seal := preview()
	if a.Status != 200 || a.doc(t).Find("tbody tr").Length() != 4 || blob == "" {
		t.Fatalf("%d, %d rows\n%s", a.Status, a.doc(t).Find("tbody tr").Length(), a.text(t))
	}
	for _, want := range []string{lang.Vi.T("moneydesk.match.exact"), lang.Vi.T("moneydesk.match.twin"), lang.Vi.T("moneydesk.match.unknown"), lang.Vi.T("order.statement.row.date")} {
		if !strings.Contains(a.text(t), want) {
			t.Errorf("the preview does not say %q", want)
		}
	}
	if _, known, err := s.orders.Known(ctx, "FT1"); known || err != nil || s.order(o.ID).Paid() != 0 {
		t.Error("the preview wrote something")
	}
	// What the page did not show is not received: another file, another session.
	confirm := func(p *person, blob, seal string) answer {
		return p.moneyForm(path, "do", "receive", "file", blob, "seal", seal)
	}
	for name, a := range map[string]answer{"tampered": confirm(operator, blob[:len(blob)-8]+"AAAAAAAA", seal), "no seal": confirm(operator, blob, ""),
		"another session": confirm(s.enter(account.Admin), blob, seal)} {
		if a.Status != 422 || !strings.Contains(a.Body, lang.Vi.T("moneydesk.statement.seal")) {
			t.Errorf("%s: %d", name, a.Status)
		}
	}
	if a := confirm(operator, blob, seal); a.Status != 200 || !strings.Contains(a.text(t), lang.Vi.N("moneydesk.statement.received", 3)) {
		t.Errorf("%d %s", a.Status, a.text(t))
	}
	o, twin = s.order(o.ID), s.order(twin.ID)
	if o.State != order.Confirmed || len(twin.Payments) != 1 || len(twin.Refunds) != 0 {
		t.Errorf("%s, %+v", o.State, twin.Payments)
	}
	if a := confirm(operator, blob, seal); a.Status != 200 || !strings.Contains(a.text(t), lang.Vi.N("moneydesk.statement.received", 0)) {
		t.Errorf("again: %d", a.Status)
	}
	if again, blob, _ := preview(); blob != "" || strings.Count(again.text(t), lang.Vi.T("moneydesk.row.known")) != 4 { // three rows and the summary
		t.Errorf("uploaded again: %s", again.text(t))
	}
	if n, err := s.orders.CountTransfers(ctx, order.TransferUnmatched); n != 2 || err != nil {
		t.Errorf("%d wait", n)
	}
}

func TestRefundsDesk(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	var list []order.Order
	for i := range 3 {
		o := s.buyOne(order.Transfer)
		s.pay(o, fmt.Sprint("FT", i))
		must(t, s.orders.Cancel(ctx, "shopper", o.ID, ""))
		list = append(list, s.order(o.ID))
	}
	operator := s.enter(account.Operator)
	path := "/console/money/refunds"
	text := operator.get(path).text(t)
	if !strings.Contains(text, list[0].Code) || !strings.Contains(text, s.base+"/orders/"+list[0].ID) {
		t.Errorf("the text to the shopper is missing: %s", text)
	}
	step := func(i int, state, do string, more ...string) answer {
		return operator.moneyForm(path, append([]string{"order", list[i].ID, "refund", "r1", "state", state, "do", do}, more...)...)
	}
	bank := []string{"bin", "970436", "number", "0011 0022 0033", "holder", "LO THI HOA"}
	if a := step(0, "asked", "account", "bin", "", "number", "1", "holder", ""); a.Status != 422 || a.doc(t).Find(".field.wrong").Length() != 3 {
		t.Errorf("%d", a.Status)
	}
	if a := step(0, "asked", "dance"); a.Status != 422 {
		t.Errorf("%d", a.Status)
	}
	for _, a := range []answer{step(0, "asked", "account", bank...), step(0, "asked", "account", bank...), step(1, "asked", "account", bank...),
		step(2, "asked", "credit"), step(2, "asked", "credit")} {
		if a.Status != 303 {
			t.Errorf("%d\n%s", a.Status, a.text(t))
		}
	}
	page := operator.get(path + "?state=ready").doc(t)
	once, boxes := page.Find(`input[name="once"]`).AttrOr("value", ""), page.Find(`input[name^="pick."]`)
	if boxes.Length() != 2 {
		t.Fatalf("%d can be picked", boxes.Length())
	}
	if a := operator.moneyForm(path, "do", "batch", "once", once); a.Status != 422 {
		t.Errorf("nothing picked: %d", a.Status)
	}
	batch := []string{"do", "batch", "once", once, "pick." + list[0].ID + ".r1", "on", "pick." + list[1].ID + ".r1", "on", "pick." + list[2].ID + ".r1", "on"}
	var at string
	for range 2 {
		a := operator.moneyForm(path, batch...)
		if at, _, _ = strings.Cut(a.Header.Get("Location"), "?"); a.Status != 303 {
			t.Fatalf("%d", a.Status)
		}
	}
	file := operator.get(at + "/file")
	if file.Status != 200 || strings.Count(file.Body, "001100220033") != 2 || !strings.Contains(file.Header.Get("Content-Disposition"), ".csv") {
		t.Errorf("%d %s", file.Status, file.Body)
	}
	if a := operator.moneyForm(path, "do", "batch", "once", order.NewID(), "pick."+list[0].ID+".r1", "on"); a.Status != 409 {
		t.Errorf("in a second batch: %d", a.Status)
	}
	if a := step(0, "sent", "paid"); a.Status != 422 {
		t.Errorf("without a reference: %d", a.Status)
	}
	for _, a := range []answer{step(0, "sent", "paid", "ref", "FT77"), step(0, "sent", "paid", "ref", "FT77"), step(1, "sent", "failed"), step(1, "failed", "again")} {
		if a.Status != 303 {
			t.Errorf("%d\n%s", a.Status, a.text(t))
		}
	}
	for i, want := range []order.RefundState{order.RefundDone, order.RefundReady, order.RefundCredit} {
		if got := s.order(list[i].ID).Refunds[0].State; got != want {
			t.Errorf("%d is %s, want %s", i, got, want)
		}
	}
	if a := s.enter(account.Owner).moneyForm(path, batch...); a.Status != 403 {
		t.Errorf("a seller: %d", a.Status)
	}
}

func TestOrdersAtTheMoneyDesk(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	operator := s.enter(account.Operator)
	o := s.buyOne(order.Transfer)
	path := "/console/money/orders/" + o.ID
	if a := operator.get("/console/money/orders?code=" + strings.ToLower(o.Code)); a.Status != 303 || a.Header.Get("Location") != path {
		t.Errorf("%d", a.Status)
	}
	if a := operator.get("/console/money/orders?code=SLXXXXXX"); a.Status != 200 || !strings.Contains(a.Body, lang.Vi.T("moneydesk.code.unknown")) {
		t.Errorf("%d", a.Status)
	}
	s.pay(o, "FT1")
	if text := operator.get(path).text(t); !strings.Contains(text, lang.Vi.T("moneydesk.order.entries.none")) {
		t.Error("a parcel that was not sent is a seller's already")
	}
	for _, want := range []string{lang.Vi.T("moneydesk.step.confirmed"), "bank:FT1"} {
		if !strings.Contains(operator.get(path).text(t), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if a := operator.moneyForm(path, "do", "cancel", "note", ""); a.Status != 422 || a.doc(t).Find(".field.wrong #note").Length() != 1 {
		t.Errorf("%d", a.Status)
	}
	for range 2 {
		if a := operator.moneyForm(path, "do", "cancel", "note", "khách gọi"); a.Status != 303 {
			t.Errorf("%d", a.Status)
		}
	}
	if o = s.order(o.ID); o.State != order.Cancelled || len(o.Refunds) != 1 {
		t.Errorf("%s", o.State)
	}
	// The cash of a courier.
	cash := s.buyOne(order.Cash)
	for _, m := range []order.Move{order.Send, order.Collect} {
		must(t, s.orders.Handle(ctx, "p1", cash.ID, order.Moving{Move: m, Seller: seller, Collector: order.ByCourier}))
	}
	if text := operator.get("/console/money/orders?wait=remit").text(t); !strings.Contains(text, cash.Code) {
		t.Error(text)
	}
	path = "/console/money/orders/" + cash.ID
	if a := operator.moneyForm(path, "do", "cancel", "note", "x"); a.Status != 409 {
		t.Errorf("a sent one cancelled: %d", a.Status)
	}
	for range 2 {
		if a := operator.moneyForm(path, "do", "remit", "seller", seller); a.Status != 303 {
			t.Errorf("%d", a.Status)
		}
	}
	if cash = s.order(cash.ID); cash.Paid() != cash.Total() {
		t.Errorf("%d", cash.Paid())
	}
	if a := operator.get("/console/money/orders/" + strings.Repeat("a", 32)); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
	if _, found, err := s.orders.Check(ctx); err != nil || len(found) > 0 {
		t.Error(found, err)
	}
}

func TestPayoutsAtTheDesk(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	s.send1(s.buyOne(order.Transfer), "FT1")
	operator := s.enter(account.Operator)
	path := "/console/money/payouts"
	if d := operator.get(path).doc(t); d.Find(`input[name^="pick."]`).Length() != 0 || !strings.Contains(d.Find("main").Text(), lang.Vi.T("moneydesk.payout.no_account")) {
		t.Error("a seller without an account can be paid")
	}
	must(t, s.orders.SetAccount(ctx, "p1", seller, order.Account{BIN: "970436", Number: "0011001", Name: "HTX SUONG NUI"}))
	owed, err := s.orders.Balance(ctx, seller)
	must(t, err)
	d := operator.get(path).doc(t)
	once := d.Find(`input[name="once"]`).AttrOr("value", "")
	if d.Find(`input[name="pick.`+seller+`"]`).Length() != 1 {
		t.Fatal("the seller cannot be picked")
	}
	if a := operator.moneyForm(path, "once", once); a.Status != 422 {
		t.Errorf("nobody picked: %d", a.Status)
	}
	var at string
	for range 2 {
		a := operator.moneyForm(path, "once", once, "pick."+seller, "on")
		if at, _, _ = strings.Cut(a.Header.Get("Location"), "?"); a.Status != 303 {
			t.Fatalf("%d\n%s", a.Status, a.text(t))
		}
	}
	if a := operator.moneyForm(path, "once", order.NewID(), "pick."+seller, "on"); a.Status != 409 {
		t.Errorf("paid twice: %d", a.Status)
	}
	if f := operator.get(at + "/file"); !strings.Contains(f.Body, fmt.Sprint(int64(owed))) || !strings.Contains(f.Body, "970436") {
		t.Error(f.Body)
	}
	if a := operator.moneyForm(at, "do", "paid", "seller", seller); a.Status != 422 || a.doc(t).Find(".field.wrong").Length() != 1 {
		t.Errorf("without a reference: %d", a.Status)
	}
	for _, form := range [][]string{{"do", "paid", "seller", seller, "ref", "FT5"}, {"do", "paid", "seller", seller, "ref", "FT5"}, {"do", "bounced", "seller", seller}, {"do", "bounced", "seller", seller}} {
		if a := operator.moneyForm(at, form...); a.Status != 303 {
			t.Errorf("%v: %d", form, a.Status)
		}
	}
	if a := operator.moneyForm(at, "do", "paid", "seller", seller, "ref", "FT5"); a.Status != 409 {
		t.Errorf("paid after it came back: %d", a.Status)
	}
	if back, _ := s.orders.Balance(ctx, seller); back != owed {
		t.Errorf("%d of %d came back", back, owed)
	}
	if a := operator.get("/console/money/books/market/file"); a.Status != 200 || !strings.Contains(a.Body, "2026-11,"+seller+",") {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	for _, account := range []string{"market", "tax"} {
		if a := operator.get("/console/money/books/" + account); a.Status != 200 {
			t.Errorf("%s: %d", account, a.Status)
		}
	}
	if a := operator.get("/console/money/books/" + seller); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
	log := operator.get("/console/log").text(t)
	for _, action := range []string{"batch.make", "batch.paid", "batch.bounced"} {
		if !strings.Contains(log, lang.Vi.T("logpage.action."+action)) {
			t.Errorf("%s is not on record", action)
		}
	}
}

func TestTermsOfTheMarket(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	operator := s.enter(account.Operator)
	path := "/console/market/terms"
	// What the page shows is what it stores.
	d := operator.get(path).doc(t)
	shown := []string{}
	form := d.Find(`main form[action="` + path + `"]`)
	for _, name := range []string{"where.0", "steps.0", "where.1", "steps.1", "freeFrom"} {
		f := form.Find(`[name="` + name + `"]`)
		value := f.AttrOr("value", f.Text())
		shown = append(shown, name, value)
	}
	shown = append(shown, "pickup", "on", "cash", "on")
	for range 2 {
		if a := operator.moneyForm(path, shown...); a.Status != 303 {
			t.Fatalf("%d\n%s", a.Status, a.text(t))
		}
	}
	got, err := s.orders.MarketTerms(ctx)
	must(t, err)
	if fmt.Sprint(got.Rates) != fmt.Sprint(order.DefaultTerms.Rates) {
		// One has no provinces where the other has none.
		if len(got.Rates.Zones) != 2 || len(got.Rates.Zones[0].Steps) != 4 || got.Rates.Zones[1].Steps[3].Fee != 190_000 {
			t.Errorf("%+v", got.Rates)
		}
	}
	for field, form := range map[string][]string{
		"steps.0":  {"where.0", "Sơn La", "steps.0", "1000 20.000", "freeFrom", "0"},
		"where.0":  {"where.0", "Sơn Nam", "steps.0", "1000: 20.000", "freeFrom", "0"},
		"steps.2":  {"where.0", "Sơn La", "steps.0", "1000: 20.000", "where.2", "dien bien", "steps.2", "2000: 30.000\n1000: 20.000", "freeFrom", ""},
		"freeFrom": {"steps.0", "1000: 20.000", "freeFrom", "nhiều"},
	} {
		if a := operator.moneyForm(path, form...); a.Status != 422 || a.doc(t).Find(`.field.wrong [name="`+field+`"]`).Length() != 1 {
			t.Errorf("%s: %d %s", field, a.Status, a.doc(t).Find(".problem").Text())
		}
	}
	for _, c := range []struct {
		form   []string
		status int
	}{
		{[]string{"commission", "6,25"}, 303}, {[]string{"commission", "60"}, 422}, {[]string{"commission", "nhiều"}, 422}, {[]string{"commission", ""}, 422},
		{[]string{"seller", seller, "commission", "3"}, 303}, {[]string{"seller", seller, "commission", "-3"}, 422}, {[]string{"seller", "none", "commission", "3"}, 404},
	} {
		if a := operator.moneyForm(path+"/commission", c.form...); a.Status != c.status {
			t.Errorf("%v: %d, want %d", c.form, a.Status, c.status)
		}
	}
	commission := func() int64 {
		terms, err := s.orders.Terms(ctx, seller)
		must(t, err)
		return terms.Commission
	}
	if commission() != 300 {
		t.Errorf("%d", commission())
	}
	operator.moneyForm(path+"/commission", "seller", seller, "commission", "")
	if commission() != 625 {
		t.Errorf("%d", commission())
	}
	if a := s.enter(account.Owner).moneyForm(path, shown...); a.Status != 403 {
		t.Errorf("a seller: %d", a.Status)
	}
}

func TestCouponsOfTheMarket(t *testing.T) {
	s := newSite(t)
	operator := s.enter(account.Operator)
	path := "/console/market/terms/coupons"
	coupon := func(changes ...string) url.Values {
		v := url.Values{}
		all := append([]string{"mark", "tet2027", "kind", "percent", "percent", "10", "bears", "market", "from", "2026-11-20", "to", "2026-12-20", "uses", "100"}, changes...)
		for i := 0; i < len(all); i += 2 {
			v.Set(all[i], all[i+1])
		}
		return v
	}
	send := func(v url.Values) answer {
		v.Set("token", operator.token())
		return operator.keep(s.send("POST", path, v.Encode(), operator.headers("Content-Type: application/x-www-form-urlencoded")...))
	}
	for field, v := range map[string]url.Values{"mark": coupon("mark", "tết"), "percent": coupon("percent", "200"), "bears": coupon("bears", "seller"), "to": coupon("to", "2026-01-01"), "uses": coupon("uses", "x")} {
		if a := send(v); a.Status != 422 || a.doc(t).Find(`.wrong [name="`+field+`"]`).Length() == 0 {
			t.Errorf("%s: %d %s", field, a.Status, a.doc(t).Find(".problem").Text())
		}
	}
	if a := send(coupon()); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, a.doc(t).Find(".problem").Text())
	}
	if a := send(coupon()); a.Status != 409 {
		t.Errorf("the same code again: %d", a.Status)
	}
	if text := operator.get(path).text(t); !strings.Contains(text, "TET2027") {
		t.Error(text)
	}
	if a := send(coupon("mark", "htx5", "seller", seller, "bears", "seller")); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if text := operator.get(path + "?seller=" + seller).text(t); !strings.Contains(text, "HTX5") || strings.Contains(text, "TET2027") {
		t.Error(text)
	}
	for range 2 {
		if a := operator.moneyForm(path, "do", "end", "mark", "TET2027"); a.Status != 303 {
			t.Errorf("%d", a.Status)
		}
	}
	if a := operator.moneyForm(path, "do", "end", "mark", "NONE"); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
	if text := operator.get(path).text(t); !strings.Contains(text, lang.Vi.T("marketterms.coupon.is.off")) {
		t.Error(text)
	}
}

// A store that fails is 503, and nothing is half done.
func TestMoneyDeskWithoutAStore(t *testing.T) {
	s := newSite(t)
	operator := s.enter(account.Operator)
	s.store.fail(fault.New(fault.Unavailable, "store.busy"))
	for _, path := range []string{"/console/money", "/console/money/transfers", "/console/money/refunds", "/console/money/payouts", "/console/market/terms"} {
		if a := operator.get(path); a.Status != 503 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
}

// refundBatch makes a batch of one refund and names it.
func (s *site) refundBatch() string {
	s.t.Helper()
	ctx := context.Background()
	o := s.buyOne(order.Transfer)
	s.pay(o, "FT-"+o.ID)
	must(s.t, s.orders.Cancel(ctx, "shopper", o.ID, ""))
	must(s.t, s.orders.TellAccount(ctx, o.ID, "r1", order.Account{BIN: "970436", Number: "0011001", Name: "LO THI HOA"}))
	b, err := s.orders.MakeRefunds(ctx, "p1", order.NewID(), []order.RefundID{{Order: o.ID, Refund: "r1"}})
	must(s.t, err)
	return b.ID
}
