package handlers_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/goods"
	"nguon/app/lang"
	"nguon/catalog/order"
)

const (
	ourOrg   = "demo-suong-nui"
	otherOrg = "demo-hua-noong"
)

// buy places an order of the first trade item of each seller, by its shopper's
// own telephone. Change fits the form.
func (s *site) buy(m order.Method, sellers []string, change ...func(*order.Checkout)) order.Order {
	s.t.Helper()
	ctx := context.Background()
	cart := order.NewID()
	for _, org := range sellers {
		s.fill(cart, org)
	}
	s.bought++
	f := order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: m, Network: fmt.Sprint("net", s.bought),
		Customer: order.Customer{Name: "Cầm Thị Khách", Phone: fmt.Sprintf("09%08d", s.bought), Street: "12 Tô Hiệu", Commune: "Phường Tô Hiệu", Province: "14"}}
	for _, c := range change {
		c(&f)
	}
	c, err := s.orders.Cart(ctx, cart)
	must(s.t, err)
	b, err := s.orders.Basket(ctx, c, order.Wish{Province: f.Customer.Province, Ways: f.Ways, Phone: order.PhoneKey(f.Customer.Phone)})
	must(s.t, err)
	f.Seen = b.Total
	o, err := s.orders.Place(ctx, f)
	if err != nil {
		s.t.Fatalf("%v: %+v", err, b)
	}
	if m == order.Transfer {
		_, err := s.orders.Receive(ctx, order.Incoming{Ref: "bank:" + o.Code, Amount: o.Total(), Booked: s.now(), Memo: o.Code}, "hand", "worker")
		must(s.t, err)
	}
	return s.orderOf(o.ID)
}

func (s *site) orderOf(id string) order.Order {
	s.t.Helper()
	o, err := s.orders.Order(context.Background(), id)
	must(s.t, err)
	return o
}

// fill puts one thing of a seller into a cart: whatever is on its shelf.
func (s *site) fill(cart, org string) {
	s.t.Helper()
	ctx := context.Background()
	products, err := s.cat.Own(ctx, org)
	must(s.t, err)
	for _, p := range products {
		for _, v := range p.Sold() {
			if q, err := (goods.Goods{Catalog: s.cat}).Quote(ctx, v.GTIN); err == nil && q.Free > 0 {
				must(s.t, s.orders.Put(ctx, cart, "", order.Goods, v.GTIN, 1))
				return
			}
		}
	}
	s.t.Fatalf("%s has nothing on its shelf", org)
}

func (s *site) state(o order.Order, org string) order.ParcelState {
	o = s.orderOf(o.ID)
	return o.Parcels[o.Parcel(org)].State
}

func squash(s string) string { return strings.Join(strings.Fields(s), " ") }

func TestASellerFindsItsOrders(t *testing.T) {
	s := newSite(t)
	cash := s.buy(order.Cash, []string{ourOrg})
	both := s.buy(order.Transfer, []string{ourOrg, otherOrg})
	theirs := s.buy(order.Cash, []string{otherOrg})
	owner := s.enter(account.Owner)
	d := owner.get("/console/orders").doc(t)
	if rows := d.Find(".parcels > li").Length(); rows != 2 {
		t.Errorf("%d parcels", rows)
	}
	list := squash(d.Find(".parcels").Text())
	p := both.Parcels[both.Parcel(ourOrg)]
	for _, want := range []string{cash.Code, both.Code, "Cầm Thị Khách", "1 × ", squash(p.Total().String()), "Cần gói", "chuyển khoản", "tiền mặt khi nhận"} {
		if !strings.Contains(list, want) {
			t.Errorf("the list lacks %q: %s", want, list)
		}
	}
	if strings.Contains(list, theirs.Code) || strings.Contains(list, squash(both.Total().String())) {
		t.Error("the list shows what is of others")
	}
	if got := d.Find(`.tabs [aria-current] .count`).Text(); got != "2" {
		t.Errorf("counts %q", got)
	}
	if got := squash(owner.get("/console").doc(t).Find(".rows").First().Text()); !strings.Contains(got, "Kiện hàng cần gói 2") {
		t.Errorf("the console says %q", got)
	}
	if a := owner.get("/console/orders?org=" + otherOrg); a.Status != 404 {
		t.Errorf("others' list: %d", a.Status)
	}
	if a := owner.get("/console/orders?after=junk"); a.Status != 400 {
		t.Errorf("a cursor of nobody: %d", a.Status)
	}
	for _, show := range order.Desks {
		if a := owner.get("/en/console/orders?show=" + string(show)); a.Status != 200 {
			t.Errorf("%s: %d", show, a.Status)
		}
	}
	if a := s.enter(account.Authority).get("/console/orders"); a.Status != 200 || a.doc(t).Find(".tabs").Length() != 0 {
		t.Errorf("who sells nothing: %d", a.Status)
	}
	operator := s.enter(account.Operator)
	if a := operator.get("/console/orders?org=" + otherOrg); !strings.Contains(a.Body, theirs.Code) {
		t.Errorf("the operator: %d", a.Status)
	}
}

func TestASellerSeesItsParcelOnly(t *testing.T) {
	s := newSite(t)
	o := s.buy(order.Transfer, []string{ourOrg, otherOrg}, func(f *order.Checkout) {
		f.Customer.Email, f.Customer.Note = "khach@khach.example", "Gọi trước khi giao"
		f.Ways = map[string]order.Way{ourOrg: order.Pickup}
		f.Invoice = &order.Invoice{Name: "Công ty Khách", TaxCode: "0101234567", Address: "Hà Nội"}
	})
	theirs := s.buy(order.Cash, []string{otherOrg})
	waiting := s.buyUnpaid()
	owner := s.enter(account.Owner)
	a := owner.get("/console/orders/" + o.Code)
	text := squash(a.doc(t).Find("main").Text())
	for _, want := range []string{o.Code, "Cầm Thị Khách", o.Customer.Phone, "Gọi trước khi giao", "Công ty Khách", "0101234567", "trang tự báo bằng thư"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	hidden := []string{"khach@khach.example", "12 Tô Hiệu", o.ID, squash(o.Total().String())}
	for _, l := range o.Lines {
		if l.Seller == otherOrg {
			hidden = append(hidden, l.Title.Vi+" · "+l.Detail.Vi)
		}
	}
	for _, bad := range hidden {
		if strings.Contains(squash(a.Body), bad) {
			t.Errorf("the page of a seller shows %q", bad)
		}
	}
	if got := a.doc(t).Find(`a[href="tel:` + o.Customer.Phone + `"]`).Length(); got != 1 {
		t.Errorf("%d links to the telephone", got)
	}
	unknown := owner.get("/console/orders/SLXXXXXX")
	for _, path := range []string{theirs.Code, theirs.ID, waiting.Code} {
		if a := owner.get("/console/orders/" + path); a.Status != 404 || squash(a.doc(t).Find("main").Text()) != squash(unknown.doc(t).Find("main").Text()) {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	operator := s.enter(account.Operator)
	d := operator.get("/console/orders/" + o.Code).doc(t)
	if d.Find(".parcel").Length() != 2 || !strings.Contains(d.Find("main").Text(), "12 Tô Hiệu") {
		t.Error("the operator does not see all")
	}
	if a := operator.get("/console/orders/" + waiting.Code); a.Status != 200 || !strings.Contains(a.Body, "chờ khách trả tiền") {
		t.Errorf("the operator and an order that waits: %d", a.Status)
	}
}

// buyUnpaid is an order that waits for its transfer.
func (s *site) buyUnpaid() order.Order {
	s.t.Helper()
	ctx := context.Background()
	f := order.Checkout{ID: order.NewID(), Cart: order.NewID(), Lang: lang.Vi, Method: order.Transfer, Network: "unpaid",
		Customer: order.Customer{Name: "Người Chưa Trả", Phone: "0988 000 000", Street: "1", Commune: "X", Province: "14"}}
	s.fill(f.Cart, ourOrg)
	c, err := s.orders.Cart(ctx, f.Cart)
	must(s.t, err)
	b, err := s.orders.Basket(ctx, c, order.Wish{Province: "14"})
	must(s.t, err)
	f.Seen = b.Total
	o, err := s.orders.Place(ctx, f)
	must(s.t, err)
	return o
}

// move sends a form of the page of an order, as it stands there.
func (p *person) move(o order.Order, org string, m order.Move, seen order.ParcelState, pairs ...string) answer {
	p.s.t.Helper()
	return p.post("/console/orders/"+o.Code+"/move", append([]string{"token", p.token(), "n", "0", "seller", org, "move", string(m), "seen", string(seen)}, pairs...)...)
}

func TestAParcelGoesItsWay(t *testing.T) {
	s := newSite(t)
	o := s.buy(order.Cash, []string{ourOrg})
	staff := s.enter(account.Staff)
	page := func() string { return squash(staff.get("/console/orders/" + o.Code).doc(t).Find("main").Text()) }
	if got := page(); !strings.Contains(got, "sẽ gói hàng sớm") || !strings.Contains(got, "Khi nhận, bạn trả") {
		t.Errorf("no words for the shopper: %s", got)
	}
	for _, step := range []struct {
		move  order.Move
		seen  order.ParcelState
		pairs []string
		then  order.ParcelState
	}{
		{order.Pack, order.ToPack, nil, order.Packed},
		{order.Send, order.Packed, []string{"carrier.0", "VNPost", "tracking.0", "EB123", "collector.0", "seller"}, order.Sent},
		{order.Collect, order.Sent, nil, order.Delivered},
		{order.Return, order.Delivered, []string{"restock.0", "yes", "note.0", "Còn nguyên"}, order.Returned},
	} {
		for range 2 { // repeated, it is one step
			if a := staff.move(o, ourOrg, step.move, step.seen, step.pairs...); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/console/orders/"+o.Code+"?done=") {
				t.Fatalf("%s: %d\n%s", step.move, a.Status, squash(a.doc(t).Find(".problem").Text()))
			}
		}
		if got := s.state(o, ourOrg); got != step.then {
			t.Errorf("after %s it is %s", step.move, got)
		}
		if step.move == order.Send {
			if got := page(); !strings.Contains(got, "VNPost EB123") || !strings.Contains(got, "Cơ sở thu và giữ") {
				t.Errorf("sent, the page reads %s", got)
			}
		}
	}
	if got := s.orderOf(o.ID); len(got.Steps) != len([]string{"placed", "confirmed", "packed", "sent", "collected", "returned", "refund"}) || !got.Parcels[0].Restock || got.Parcels[0].Why != "Còn nguyên" {
		t.Errorf("%+v", got.Steps)
	}
	a := s.enter(account.Operator).get("/console/log?action=order.sent")
	if !strings.Contains(a.Body, "Gửi kiện hàng") || !strings.Contains(a.Body, o.Code) {
		t.Error("it is not on record")
	}
}

func TestFormsOfAParcelThatAreRefused(t *testing.T) {
	s := newSite(t)
	o := s.buy(order.Cash, []string{ourOrg, otherOrg})
	owner := s.enter(account.Owner)
	refused := func(a answer, status int, want string) {
		t.Helper()
		if a.Status != status || !strings.Contains(squash(a.doc(t).Find("main").Text()), want) {
			t.Errorf("%d, want %d with %q: %s", a.Status, status, want, squash(a.doc(t).Find("main .problem").Text()))
		}
	}
	refused(owner.move(o, ourOrg, order.Drop, order.ToPack, "note.0", " "), 422, "Hãy ghi lý do")
	refused(owner.move(o, ourOrg, order.Send, order.ToPack, "carrier.0", "VNPost"), 422, "Hãy chọn một mục")
	refused(owner.move(o, ourOrg, "fly", order.ToPack), 409, "không còn hợp")
	refused(owner.move(o, ourOrg, order.Remit, order.ToPack), 409, "không còn hợp")
	refused(owner.move(o, ourOrg, order.Deliver, order.ToPack), 409, "không còn hợp")
	refused(owner.move(o, otherOrg, order.Pack, order.ToPack), 404, "")
	refused(s.enter(account.Buyer).move(o, ourOrg, order.Pack, order.ToPack), 404, "")
	if a := owner.post("/console/orders/"+o.Code+"/move", "n", "0", "seller", ourOrg, "move", "pack", "seen", "to_pack"); a.Status != 403 {
		t.Errorf("without its token: %d", a.Status)
	}
	if got := s.state(o, ourOrg); got != order.ToPack {
		t.Error(got)
	}
	// Somebody else packed it meanwhile: the form to drop it comes late.
	if a := owner.move(o, ourOrg, order.Pack, order.ToPack); a.Status != 303 {
		t.Fatal(a.Status)
	}
	refused(owner.move(o, ourOrg, order.Drop, order.ToPack, "note.0", "hết hàng"), 409, "Đã gói")
	if got := s.state(o, ourOrg); got != order.Packed {
		t.Error(got)
	}
	if a := owner.move(o, ourOrg, order.Drop, order.Packed, "note.0", "Kiện bị ướt"); a.Status != 303 || s.state(o, ourOrg) != order.Dropped || s.state(o, otherOrg) != order.ToPack {
		t.Errorf("%d: %s", a.Status, s.state(o, ourOrg))
	}
	s.store.fail(fault.New(fault.Unavailable, "store.busy"))
	if a := owner.get("/console/orders"); a.Status != 503 {
		t.Errorf("a broken store: %d", a.Status)
	}
}

func TestThePackingList(t *testing.T) {
	s := newSite(t)
	var codes []string
	long := "Nguyễn Hoàng Quỳnh Anh Thư Bảo Ngọc Thượng Ẩm Ướt Ợ Ữ"
	for i := range 60 {
		codes = append(codes, s.buy(order.Cash, []string{ourOrg}, func(f *order.Checkout) {
			if i%10 == 0 {
				f.Customer.Name, f.Customer.Street = long, strings.Repeat("Ngõ 123 đường Trần Đăng Ninh, ", 5)
				f.Customer.Note = strings.Repeat("Nhờ gọi trước khi giao, cổng sắt màu xanh. ", 6)
			}
		}).Code)
		if i == 30 {
			s.later()
		}
	}
	other := s.buy(order.Cash, []string{otherOrg})
	owner := s.enter(account.Owner)
	a := owner.get("/console/orders/packing.pdf")
	if a.Status != 200 || a.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(a.Body, "%PDF-1.7") {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Content-Type"))
	}
	if e := owner.get("/en/console/orders/packing.pdf?org=" + otherOrg); e.Status != 404 {
		t.Errorf("others' list: %d", e.Status)
	}
	text := pdfText(t, a.Body)
	for _, want := range append(codes, long, "HTX Cà phê Sương Núi Phiếu đóng gói", "Trang 1", "Phường Tô Hiệu, Sơn La", "Thu tiền mặt: ", "1 × ") {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q", want)
		}
	}
	if n := strings.Count(text, "cổng sắt màu xanh"); n != 36 {
		t.Errorf("the notes stand %d times in it", n)
	}
	if strings.Contains(text, other.Code) {
		t.Error("the list has an order of others")
	}
	if n := strings.Count(text, "Thu tiền mặt:"); n != 60 {
		t.Errorf("%d parcels, want 60", n)
	}
}

func TestAnEmptyPackingListSaysSo(t *testing.T) {
	s := newSite(t)
	if text := pdfText(t, s.enter(account.Owner).get("/en/console/orders/packing.pdf").Body); !strings.Contains(text, "Nothing to pack.") {
		t.Error(text)
	}
}

// pdfText reads a PDF by a program that is not ours, each blank once.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	tool, err := exec.LookPath("pdftotext")
	switch {
	case err != nil && os.Getenv("REQUIRE_SERVICES") == "1":
		t.Fatal("pdftotext is not installed")
	case err != nil:
		t.Skip("pdftotext is not installed")
	}
	path := filepath.Join(t.TempDir(), "list.pdf")
	must(t, os.WriteFile(path, []byte(body), 0o600))
	out, err := exec.CommandContext(t.Context(), tool, "-raw", path, "-").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return squash(string(out))
}
