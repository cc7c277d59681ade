package handlers_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/seats"
	"nguon/catalog/order"
	"nguon/tours"
)

// visitOf is a seeded tour of an organisation, by the beginning of its name.
func (s *site) visitOf(org, name string) tours.Tour {
	s.t.Helper()
	list, err := s.tours.Own(context.Background(), org)
	must(s.t, err)
	i := slices.IndexFunc(list, func(t tours.Tour) bool { return strings.HasPrefix(t.Name, name) })
	if i < 0 {
		s.t.Fatalf("no tour %q", name)
	}
	return list[i]
}

// leaves is a departure of a tour at least so many days ahead.
func (s *site) leaves(t tours.Tour, days int) tours.Departure {
	s.t.Helper()
	list, err := s.tours.Departures(context.Background(), t.ID, s.now().AddDate(0, 0, days), s.now().AddDate(1, 0, 0))
	must(s.t, err)
	if len(list) == 0 {
		s.t.Fatal("no departure")
	}
	return list[0]
}

// party are the fields of a family with lunch and a bag of coffee.
func party(d tours.Departure, pairs ...string) []string {
	list := []string{"departure", d.ID, "people.adult", "2", "people.child", "1", "addons.lunch", "3", "addons.bag", "1", "asked", "3", "guest.0", "Lò Thị Hoa", "answer.shoe.0", "38", "answer.diet", "ăn chay", "do", "book"}
	for i := 0; i < len(pairs); i += 2 {
		if j := slices.Index(list, pairs[i]); j >= 0 && j%2 == 0 {
			list[j+1] = pairs[i+1]
		} else {
			list = append(list, pairs[i], pairs[i+1])
		}
	}
	return list
}

// books books a party, pays what is due now, and returns the booking.
func (s *site) books(p *person, t tours.Tour, pairs []string, more ...string) tours.Booking {
	s.t.Helper()
	if a := p.post("/tours/"+t.Slug+"/book", pairs...); a.Status != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/cart") {
		s.t.Fatalf("%d %s", a.Status, text(a.doc(s.t), "main"))
	}
	o := s.order(p.buys(append([]string{"method", "transfer", "province", "", "commune", "", "street", ""}, more...)...))
	if o.Due() > 0 {
		_, err := s.orders.Receive(context.Background(), order.Incoming{Ref: "FT" + o.Code, Amount: o.Due(), Booked: s.now(), Memo: o.Code}, "webhook", "webhook")
		must(s.t, err)
	}
	for _, l := range o.Lines {
		if l.Kind == seats.Kind {
			b, err := s.tours.Booking(context.Background(), l.Ref)
			must(s.t, err)
			return b
		}
	}
	s.t.Fatal("no visit in the order")
	return tours.Booking{}
}

func TestToursAreFoundByDay(t *testing.T) {
	s := newSite(t)
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	d := s.leaves(pick, 7)
	a := s.get("/tours")
	doc := a.doc(t)
	if a.Status != 200 || doc.Find(".trip").Length() != 3 || doc.Find("a.day.free").Length() == 0 || a.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public") {
		t.Fatalf("%d, %d tours, %s", a.Status, doc.Find(".trip").Length(), a.Header.Get("Cache-Control"))
	}
	if got := text(doc, ".ripe.now"); !strings.Contains(got, "đang chín") {
		t.Errorf("in November cherries are ripe at 860 m: %q", got)
	}
	day := d.Start.In(vietnam()).Format(time.DateOnly)
	doc = s.get("/en/tours?kind=harvest&day=" + day).doc(t)
	if doc.Find(".leave").Length() != 1 || doc.Find(`.leave a[href="/en/tours/`+pick.Slug+`/book?departure=`+d.ID+`"]`).Length() != 1 || doc.Find(".trip").Length() != 1 || doc.Find(`a.day[aria-current="date"]`).Length() != 1 {
		t.Error(text(doc, "main"))
	}
	doc = s.get("/tours/" + pick.Slug + "?month=" + day[:7]).doc(t)
	if doc.Find(`script[type="application/ld+json"]`).Length() != 1 || !strings.Contains(text(doc, "main"), "Từ 200.000") || doc.Find(".leave").Length() < 2 {
		t.Error(text(doc, "main"))
	}
	for path, status := range map[string]int{"/tours?day=2026-13-01": 400, "/tours?day=x": 400, "/tours?month=1999-01": 400, "/tours?kind=cruise": 400, "/tours/khong-co": 404, "/tours/" + pick.Slug + "?day=": 200,
		"/tours/" + pick.Slug + "/book?departure=nothing": 404, "/tours/" + pick.Slug + "/book": 404, "/tickets/" + strings.Repeat("0", 32): 404, "/tickets/x": 404} {
		if a := s.get(path); a.Status != status {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	must(t, s.tours.Withdraw(context.Background(), "test", pick.ID, "", false))
	if a := s.get("/tours/" + pick.Slug); a.Status != 404 {
		t.Errorf("withdrawn: %d", a.Status)
	}
}

func vietnam() *time.Location { return time.FixedZone("", 7*60*60) }

// From the form over the cart to the ticket: each person is asked once it is known
// how many come.
func TestAVisitIsBooked(t *testing.T) {
	s := newSite(t)
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	d := s.leaves(pick, 7)
	path := "/tours/" + pick.Slug + "/book"
	p := s.visitor()
	doc := p.get(path + "?departure=" + d.ID).doc(t)
	if doc.Find(`input[name="people.adult"]`).Length() != 1 || doc.Find(`input[name="guest.0"]`).Length() != 0 {
		t.Fatal(text(doc, "main"))
	}
	for what, pairs := range map[string][]string{
		"people":       {"people.adult", "0", "people.child", "2"},
		"people.adult": {"people.adult", "nhiều"},
		"addons.bag":   {"addons.bag", "11"},
		"guest.0":      {"guest.0", strings.Repeat("a", 81)},
		"answer.diet":  {"answer.diet", strings.Repeat("a", 201)},
	} {
		a := p.post(path, party(d, pairs...)...)
		doc := a.doc(t)
		if a.Status != 422 || doc.Find(`.problem a[href="#`+what+`"]`).Length() != 1 || doc.Find(`[id="`+what+`"]`).Length() != 1 || doc.Find(`input[name="addons.lunch"]`).AttrOr("value", "") != "3" {
			t.Errorf("%s: %d %s", what, a.Status, text(doc, ".problem"))
		}
	}
	a := p.post(path, party(d, "asked", "0")...)
	if doc = a.doc(t); a.Status != 200 || doc.Find("fieldset.panel").Length() != 3 || doc.Find(`input[name="guest.0"]`).AttrOr("value", "") != "Lò Thị Hoa" || !strings.Contains(text(doc, ".adds"), "1.155.000") {
		t.Fatalf("%d %s", a.Status, text(doc, "main"))
	}
	b := s.books(p, pick, party(d))
	if b.State != tours.Booked || b.Seats != 3 || b.Rest != 808_500 || b.Phone == "" || b.Party.Answers["diet"][0] != "ăn chay" || b.Guests[0].Name != "Lò Thị Hoa" {
		t.Errorf("%+v", b)
	}
	d, _ = s.tours.Departure(context.Background(), d.ID)
	if d.Left(s.now()) != 9 || d.Taken != 3 || len(d.Settled) != 0 {
		t.Errorf("%d are left, %d taken, %d claims", d.Left(s.now()), d.Taken, len(d.Settled))
	}
	a = p.get("/tickets/" + b.ID)
	doc = a.doc(t)
	if a.Status != 200 || a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("X-Robots-Tag") != "noindex" || doc.Find(".stub svg.qr").Length() != 1 || doc.Find("details svg.qr").Length() != 3 || !strings.Contains(text(doc, ".stub"), "808.500") {
		t.Errorf("%d %s", a.Status, text(doc, "main"))
	}
	o := p.get("/orders/" + b.Order).doc(t)
	if o.Find(`a[href="/tickets/`+b.ID+`"]`).Length() != 1 || !strings.Contains(text(o, "h1"), "giữ chỗ") {
		t.Error(text(o, "main"))
	}
	// Who knows only the code and the telephone gets no ticket.
	short := s.visitor().post("/orders", "number", b.Code, "phone", b.Phone)
	if short.Status != 200 || strings.Contains(short.Body, b.ID) || strings.Contains(short.Body, b.Order) {
		t.Errorf("%d: a look-up tells the ticket", short.Status)
	}
	// A booking that was ordered is not changed by its old form.
	if a := p.post(path, party(d, "booking", b.ID, "addons.bag", "5")...); a.Status != 409 {
		t.Errorf("%d", a.Status)
	}
}

func TestAVisitInACartIsChanged(t *testing.T) {
	s := newSite(t)
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	d := s.leaves(pick, 7)
	p := s.visitor()
	one, _ := s.two()
	p.add(one.GTIN, 1)
	if a := p.post("/tours/"+pick.Slug+"/book", party(d)...); a.Status != 303 {
		t.Fatal(a.Status)
	}
	doc := p.get("/cart").doc(t)
	if doc.Find(".parcel").Length() != 2 || doc.Find(".parcel input[type=number]").Length() != 1 || !strings.Contains(text(doc, ".grand"), "Trả khi đặt") {
		t.Fatal(text(doc, "main"))
	}
	edit := doc.Find(`a[href*="/book?departure="]`).AttrOr("href", "")
	form := p.get(edit).doc(t)
	if form.Find(`input[name="people.adult"]`).AttrOr("value", "") != "2" {
		t.Error("what was booked is not filled in")
	}
	id := form.Find(`input[name="booking"]`).AttrOr("value", "")
	if a := p.post("/tours/"+pick.Slug+"/book", party(d, "booking", id, "people.adult", "1", "people.child", "0", "addons.lunch", "0", "asked", "1")...); a.Status != 303 {
		t.Fatal(a.Status)
	}
	doc = p.get("/cart").doc(t)
	if doc.Find(".parcel").Length() != 2 || strings.Contains(text(doc, "main"), "trẻ em") {
		t.Error(text(doc, "main"))
	}
	// Somebody else's form does not read it.
	if other := s.visitor().get(edit).doc(t); other.Find(`input[name="people.adult"]`).AttrOr("value", "") != "0" || other.Find(`input[name="booking"]`).AttrOr("value", "") == id {
		t.Error("another's booking is shown")
	}
}

// The last seat, wanted by forty at once and together with a packet.
func TestTheLastSeatOverHTTP(t *testing.T) {
	s := newSite(t, fromNetworks)
	ctx := context.Background()
	pick := s.visitOf("demo-suong-nui", "Thử nếm")
	d := s.leaves(pick, 7)
	must(t, s.tours.Resize(ctx, "test", d.ID, 5))
	one, _ := s.two()
	must(t, s.cat.Count(ctx, "test", one.GTIN, 7))
	var place []func() answer
	for i := range 40 {
		p := s.visitor()
		if a := p.post("/tours/"+pick.Slug+"/book", "departure", d.ID, "people.adult", "1", "do", "book"); a.Status != 303 {
			t.Fatal(a.Status)
		}
		p.add(one.GTIN, 1)
		body := form(p.checkout("method", "transfer", "phone", fmt.Sprintf("09%08d", 5000+i))...)
		place = append(place, func() answer {
			return s.send("POST", "/checkout", body, p.headers("Content-Type: application/x-www-form-urlencoded", fmt.Sprintf("X-Forwarded-For: 203.0.113.%d", i))...)
		})
	}
	var wg sync.WaitGroup
	status := make([]int, len(place))
	for i, f := range place {
		wg.Go(func() { status[i] = f().Status })
	}
	wg.Wait()
	got := 0
	for _, x := range status {
		if x == 303 {
			got++
		} else if x != 409 {
			t.Errorf("status %d", x)
		}
	}
	d, err := s.tours.Departure(ctx, d.ID)
	must(t, err)
	st, err := s.cat.Stock(ctx, one.GTIN)
	must(t, err)
	if got != 5 || d.Left(s.now()) != 0 || st.Free(s.now()) != 2 {
		t.Errorf("%d orders, %d seats and %d packets left", got, d.Left(s.now()), st.Free(s.now()))
	}
}

func TestATicketIsChanged(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	d := s.leaves(pick, 7)
	p := s.visitor()
	b := s.books(p, pick, party(d))
	path := "/tickets/" + b.ID
	if a := p.post(path+"/names", "guest.0", "Quàng Văn An", "guest.1", strings.Repeat("x", 90)); a.Status != 422 || a.doc(t).Find(`details[open] [id="guest.1"]`).AttrOr("value", "") != strings.Repeat("x", 90) {
		t.Errorf("%d", a.Status)
	}
	if a := p.post(path+"/names", "guest.0", "Quàng Văn An"); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if a := p.post(path+"/move", "to", ""); a.Status != 422 {
		t.Errorf("%d", a.Status)
	}
	to := s.leaves(pick, 9)
	if a := p.post(path+"/move", "to", to.ID); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, text(a.doc(t), ".problem"))
	}
	was := b
	b, err := s.tours.Booking(ctx, b.ID)
	must(t, err)
	old, _ := s.tours.Departure(ctx, d.ID)
	now, _ := s.tours.Departure(ctx, to.ID)
	if b.Departure != to.ID || b.From != "" || b.Sequence != 1 || b.Issue != was.Issue+1 || old.Left(s.now()) != 12 || now.Left(s.now()) != 9 || b.Guests[0].Name != "Quàng Văn An" {
		t.Errorf("%+v; %d and %d are left", b, old.Left(s.now()), now.Left(s.now()))
	}
	// Back again, and once more: nothing is lost on the way.
	for _, id := range []string{d.ID, to.ID, d.ID} {
		if a := p.post(path+"/move", "to", id); a.Status != 303 {
			t.Fatalf("%d", a.Status)
		}
	}
	old, _ = s.tours.Departure(ctx, d.ID)
	now, _ = s.tours.Departure(ctx, to.ID)
	if old.Left(s.now()) != 9 || now.Left(s.now()) != 12 {
		t.Errorf("%d and %d are left", old.Left(s.now()), now.Left(s.now()))
	}
	// A day before, half goes back, and the day cannot be changed.
	s.clock.Add(int64(old.Start.Add(-30 * time.Hour).Sub(s.now())))
	doc := p.get(path).doc(t)
	if doc.Find(`form[action$="/move"]`).Length() != 0 || !strings.Contains(text(doc, "main"), "173.250") {
		t.Error(text(doc, "main"))
	}
	if a := p.post(path+"/move", "to", to.ID); a.Status != 409 {
		t.Errorf("%d", a.Status)
	}
	for range 2 { // twice is once
		if a := p.post(path+"/cancel", "as", "money"); a.Status != 303 {
			t.Fatalf("%d %s", a.Status, text(a.doc(t), ".problem"))
		}
	}
	o := s.orderOf(b.Order)
	old, _ = s.tours.Departure(ctx, d.ID)
	if o.Returned() != 173_250 || o.Parcels[0].Kept != 173_250 || old.Left(s.now()) != 12 || !o.Balanced() {
		t.Errorf("%v goes back, %v is kept, %d are left", o.Returned(), o.Parcels[0].Kept, old.Left(s.now()))
	}
	if doc := p.get(path).doc(t); doc.Find(".stub svg.qr").Length() != 0 || !strings.Contains(text(doc, ".stub"), "Đã hủy") {
		t.Error(text(doc, "main"))
	}
}

// Cancelling against the gate: exactly one of them wins, and money and seats say
// the same.
func TestCancelAgainstCheckIn(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	taste := s.visitOf("demo-suong-nui", "Thử nếm")
	d := s.leaves(taste, 7)
	must(t, s.tours.Resize(ctx, "test", d.ID, 200))
	for i := range 12 {
		b := s.books(s.visitor(), taste, []string{"departure", d.ID, "people.adult", "1", "do", "book"})
		var wg sync.WaitGroup
		var cancelled error
		var in tours.Scanned
		var scanned error
		wg.Go(func() { cancelled = s.tours.Cancel(ctx, "shopper", b.ID, false) })
		if i%4 == 0 { // and sometimes one after the other
			wg.Wait()
		}
		wg.Go(func() { in, scanned = s.tours.CheckIn(ctx, "p1", tours.Scan{Departure: d.ID, Ticket: b.Code}) })
		wg.Wait()
		must(t, scanned)
		o := s.orderOf(b.Order)
		p := o.Parcels[0]
		switch in.Result {
		case tours.ScanIn:
			if fault.CodeOf(cancelled) != "tours.booking.came" || !p.Came() || o.Returned() != 0 {
				t.Errorf("in, and cancelled: %v, %s", cancelled, p.State)
			}
		case tours.ScanCancelled:
			if cancelled != nil || p.State != order.Dropped || o.Returned() != o.Paid() {
				t.Errorf("cancelled: %v, %s, %v goes back", cancelled, p.State, o.Returned())
			}
		default:
			t.Errorf("%s", in.Result)
		}
		if !o.Balanced() {
			t.Error("the money does not add up")
		}
	}
}

func TestTheWaitingListOverHTTP(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	taste := s.visitOf("demo-suong-nui", "Thử nếm")
	d := s.leaves(taste, 7)
	must(t, s.tours.Resize(ctx, "test", d.ID, 1))
	first := s.visitor()
	b := s.books(first, taste, []string{"departure", d.ID, "people.adult", "1", "do", "book"})
	path := "/tours/" + taste.Slug
	if doc := s.get(path + "?day=" + d.Start.In(vietnam()).Format(time.DateOnly)).doc(t); doc.Find(`a[href*="/wait?departure=`+d.ID+`"]`).Length() != 1 {
		t.Error("no way to the waiting list")
	}
	w := s.visitor()
	id := w.get(path+"/wait?departure="+d.ID).doc(t).Find(`input[name="id"]`).AttrOr("value", "")
	for field, pairs := range map[string][]string{"email": {"email", "không"}, "name": {"name", ""}, "seats": {"seats", "x"}} {
		all := map[string]string{"departure": d.ID, "id": id, "seats": "1", "name": "Hoa", "email": "hoa@khach.example"}
		all[pairs[0]] = pairs[1]
		var form []string
		for k, v := range all {
			form = append(form, k, v)
		}
		if a := w.post(path+"/wait", form...); a.Status != 422 || a.doc(t).Find(`[id="`+field+`-error"]`).Length() != 1 {
			t.Errorf("%s: %d", field, a.Status)
		}
	}
	for range 2 {
		if a := w.post(path+"/wait", "departure", d.ID, "id", id, "seats", "1", "name", "Hoa", "email", "hoa@khach.example"); a.Status != 200 || !strings.Contains(text(a.doc(t), "main"), "hoa@khach.example") {
			t.Fatalf("%d", a.Status)
		}
	}
	if a := first.post("/tickets/"+b.ID+"/cancel", "as", "money"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	// Who walks in does not get what is offered; who waited does.
	walk := s.visitor()
	if doc := walk.get(path + "/book?departure=" + d.ID).doc(t); !strings.Contains(text(doc, ".empty"), "Hết chỗ") {
		t.Error(text(doc, "main"))
	}
	links := s.letters("hoa@khach.example")
	i := slices.IndexFunc(links, func(l string) bool { return strings.Contains(l, "offer="+id) })
	if i < 0 {
		t.Fatalf("no offer in %v", links)
	}
	doc := w.get(strings.TrimPrefix(links[i], s.base)).doc(t)
	if doc.Find(`input[name="offer"]`).AttrOr("value", "") != id || doc.Find(`input[name="people.adult"]`).Length() != 1 {
		t.Fatal(text(doc, "main"))
	}
	got := s.books(w, taste, []string{"departure", d.ID, "offer", id, "people.adult", "1", "do", "book"})
	if got.State != tours.Booked {
		t.Errorf("%s", got.State)
	}
	d, _ = s.tours.Departure(ctx, d.ID)
	if d.Left(s.now()) != 0 || !d.Queue[0].Over {
		t.Errorf("%d are left, %+v", d.Left(s.now()), d.Queue)
	}
}

func TestAPartyThatCameReviews(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	taste := s.visitOf("demo-suong-nui", "Thử nếm")
	d := s.leaves(taste, 7)
	p := s.visitor()
	b := s.books(p, taste, []string{"departure", d.ID, "people.adult", "1", "do", "book"})
	path := "/tickets/" + b.ID
	if a := p.post(path+"/review", "stars", "5"); a.Status != 409 {
		t.Errorf("before anybody came: %d", a.Status)
	}
	if _, err := s.tours.CheckIn(ctx, "p1", tours.Scan{Departure: d.ID, Ticket: b.Code}); err != nil {
		t.Fatal(err)
	}
	if a := p.post(path+"/review", "stars", "9", "text", "Tuyệt"); a.Status != 422 || a.doc(t).Find("#text").Text() != "Tuyệt" {
		t.Errorf("%d", a.Status)
	}
	for _, stars := range []string{"4", "5"} { // the second takes the place of the first
		if a := p.post(path+"/review", "stars", stars, "text", "Tuyệt <b>vời</b>", "name", "Hoa"); a.Status != 303 {
			t.Fatalf("%d", a.Status)
		}
	}
	s.later()
	doc := s.get("/tours/" + taste.Slug).doc(t)
	if doc.Find(".reviews > li").Length() != 1 || !strings.Contains(text(doc, ".reviews"), "Tuyệt <b>vời</b>") || !strings.Contains(text(doc, ".reviews"), "5 sao") {
		t.Error(text(doc, ".reviews"))
	}
	r, _, err := s.tours.ReviewOf(ctx, b)
	must(t, err)
	must(t, s.tours.Answer(ctx, "host", r.ID, "Cảm ơn chị."))
	if a := p.post(path+"/review", "stars", "1"); a.Status != 409 {
		t.Errorf("after the answer: %d", a.Status)
	}
	must(t, s.tours.Moderate(ctx, "op", r.ID, true, "thử"))
	if doc := s.get("/tours/" + taste.Slug).doc(t); doc.Find(".reviews").Length() != 0 {
		t.Error("a hidden review is shown")
	}
}

// The packet in the kitchen leads to the farm that it came from, while there is a
// seat in season.
func TestATracePageLeadsToTheFarm(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	for _, headers := range [][]string{nil, {"Accept-Encoding: gzip"}} {
		doc := s.get("/en"+page(""), headers...).doc(t)
		if doc.Find(`.next a[href="/en/tours/`+pick.Slug+`"]`).Length() != 1 || !strings.Contains(text(doc, ".next"), "ripe") {
			t.Errorf("%v: %s", headers, text(doc, ".next"))
		}
	}
	must(t, s.tours.Withdraw(ctx, "test", pick.ID, "", false))
	s.later()
	taste := s.visitOf("demo-suong-nui", "Thử nếm")
	doc := s.get(page(""), "Accept-Encoding: gzip").doc(t)
	if doc.Find(`.next a[href="/tours/`+taste.Slug+`"]`).Length() != 1 || strings.Contains(text(doc, ".next"), "chín") {
		t.Error(text(doc, ".next"))
	}
	must(t, s.tours.Withdraw(ctx, "test", taste.ID, "", false))
	s.later()
	if doc := s.get(page(""), "Accept-Encoding: gzip").doc(t); doc.Find(`.next a[href^="/tours/"]`).Length() != 0 {
		t.Error("it leads to a visit that nobody offers")
	}
}
