package handlers_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/tours"
)

// atGate is somebody at the gate of a departure with three parties.
func (s *site) atGate() (host *person, d tours.Departure, list []tours.Booking) {
	s.t.Helper()
	pick := s.visitOf("demo-suong-nui", "Một buổi")
	d = s.leaves(pick, 7)
	for i, email := range []string{"a@khach.example", "b@khach.example", ""} {
		list = append(list, s.books(s.visitor(), pick, party(d), "name", []string{"Lò Thị Hoa", "=cmd|x", "Cà Văn Ín"}[i], "email", email, "phone", "09123456"+string('0'+byte(i))+"0"))
	}
	return s.enter(account.Staff), d, list
}

// signedIn posts a form of somebody who signed in.
func (p *person) signedIn(path string, pairs ...string) answer {
	p.s.t.Helper()
	return p.post(path, append([]string{"token", p.token()}, pairs...)...)
}

func TestTheGateWithoutScripts(t *testing.T) {
	s := newSite(t)
	host, d, list := s.atGate()
	path := "/console/tours/checkin/" + d.ID
	day := host.get("/console/tours/checkin?day=" + d.Start.In(vietnam()).Format(time.DateOnly)).doc(t)
	if day.Find(`a[href="`+path+`"]`).Length() != 1 || !strings.Contains(text(day, "main"), "0 / 9") {
		t.Error(text(day, "main"))
	}
	doc := host.get(path).doc(t)
	if doc.Find(".parties > li").Length() != 3 || doc.Find("form[data-let]").Length() != 3 || strings.Contains(doc.Text(), list[0].ID) {
		t.Fatal(text(doc, "main"))
	}
	if html, _ := doc.Html(); strings.Contains(html, list[0].ID) || strings.Contains(html, list[1].ID) {
		t.Error("the page of the gate tells the address of tickets")
	}
	symbol, err := s.tours.Ticket(list[0], 0)
	must(t, err)
	other, err := s.tours.Ticket(tours.Booking{ID: list[0].ID, Departure: s.leaves(s.visitOf("demo-suong-nui", "Một buổi"), 9).ID, Issue: 1}, 0)
	must(t, err)
	for _, tt := range []struct {
		pairs  []string
		status int
		says   string
	}{
		{[]string{"ticket", ""}, 422, "Chưa có mã nào"},
		{[]string{"ticket", "SLXXXXXX"}, 200, "Không phải vé"},
		{[]string{"ticket", symbol + "x"}, 200, "Không phải vé"},
		{[]string{"ticket", other}, 200, "chuyến khác"},
		{[]string{"ticket", symbol, "place.2", "on"}, 200, "1 / 3 người của đoàn"},
		{[]string{"ticket", symbol, "place.2", "on"}, 200, "Vé đã dùng"},
		{[]string{"ticket", " " + strings.ToLower(list[0].Code) + " "}, 200, "Mời vào"},
		{[]string{"ticket", list[0].Code}, 200, "Quàng Thị Viên"}, // who let them in
		{[]string{"ticket", list[1].Ref()}, 200, "Thu 808.500"},
	} {
		s.later()
		a := host.signedIn(path, append(tt.pairs, "do", "scan")...)
		if a.Status != tt.status || !strings.Contains(text(a.doc(t), "main"), tt.says) {
			t.Errorf("%v: %d %s", tt.pairs, a.Status, text(a.doc(t), ".verdict"))
		}
	}
	must(t, s.tours.Cancel(context.Background(), "shopper", list[2].ID, false))
	if a := host.signedIn(path, "do", "scan", "ticket", list[2].Code); !strings.Contains(text(a.doc(t), ".verdict"), "không còn hiệu lực") {
		t.Error(text(a.doc(t), ".verdict"))
	}
	if o := s.orderOf(list[1].Order); !o.Parcels[0].Came() || o.Paid() != 1_155_000 {
		t.Errorf("the shop does not know that they came: %+v", o.Parcels[0])
	}
	// Somebody without a ticket: twice the same form is one party.
	id := doc.Find(`input[name="booking"]`).AttrOr("value", "")
	if a := host.signedIn(path, "do", "walkin", "booking", id, "people.adult", "0"); a.Status != 422 || a.doc(t).Find("details[open] #people").Length() != 1 {
		t.Errorf("%d", a.Status)
	}
	for range 2 {
		if a := host.signedIn(path, "do", "walkin", "booking", id, "people.adult", "2", "name", "Khách"); a.Status != 303 {
			t.Fatalf("%d %s", a.Status, text(a.doc(t), ".problem"))
		}
	}
	if a := host.signedIn(path, "do", "walkin", "booking", strings.Repeat("a", 32), "people.adult", "9"); a.Status != 409 {
		t.Errorf("more than there are: %d", a.Status)
	}
	now, err := s.tours.Departure(context.Background(), d.ID)
	must(t, err)
	if now.Left(s.now()) != 4 { // twelve, less two parties and a walk-in; the third was cancelled
		t.Errorf("%d are left", now.Left(s.now()))
	}
	s.store.fail(errors.New("broken"))
	if a := host.get(path); a.Status != 503 && a.Status != 500 {
		t.Errorf("a broken store: %d", a.Status)
	}
}

func TestTheRosterOfADevice(t *testing.T) {
	s := newSite(t)
	host, d, list := s.atGate()
	path := "/console/tours/checkin/" + d.ID
	a := host.get(path + "/roster.json")
	var roster struct {
		Keys     []struct{ ID int64 }
		Bookings []struct {
			Ref, Code, State string
			People, Notes    []string
			Issue, Due       int64
		}
	}
	must(t, json.Unmarshal([]byte(a.Body), &roster))
	if a.Header.Get("Cache-Control") != "no-store" || len(roster.Keys) != 1 || len(roster.Bookings) != 3 || len(roster.Bookings[0].People) != 3 || roster.Bookings[0].Due != 808_500 {
		t.Errorf("%+v", roster)
	}
	for _, b := range list {
		if strings.Contains(a.Body, b.ID) || strings.Contains(a.Body, b.Order) {
			t.Error("the roster tells the address of a ticket or an order")
		}
	}
	at := s.now().Add(-time.Hour).Format(time.RFC3339)
	send := func(scans string) string {
		t.Helper()
		a := host.signedIn(path+"/scans", "scans", scans)
		if a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Body)
		}
		return a.Body
	}
	one := `{"id":"1","ticket":"` + list[0].Code + `","places":[1,3],"at":"` + at + `","offline":true}`
	two := `{"id":"2","ticket":"` + list[1].Ref() + `","places":[1],"at":"` + at + `","offline":true}`
	must(t, s.tours.Cancel(context.Background(), "shopper", list[1].ID, false)) // while the gate had no network
	for range 2 {
		if got := send("[" + one + "," + two + "]"); !strings.Contains(got, `"id":"1","result":"in"`) || !strings.Contains(got, `"id":"2","result":"cancelled"`) {
			t.Error(got)
		}
	}
	b, err := s.tours.Booking(context.Background(), list[0].ID)
	must(t, err)
	off, err := s.tours.Booking(context.Background(), list[1].ID)
	must(t, err)
	if len(b.Arrivals) != 2 || !b.Arrivals[0].Offline || len(b.Odd) != 0 || len(off.Odd) != 1 || off.State != tours.Left {
		t.Errorf("%+v; %+v", b.Arrivals, off.Odd)
	}
	for _, bad := range []string{"", "{", `{"a":1}`, "[" + strings.Repeat(one+",", 200) + one + "]"} {
		if a := host.signedIn(path+"/scans", "scans", bad); a.Status != 400 {
			t.Errorf("%.20q: %d", bad, a.Status)
		}
	}
	doc := host.get("/console/tours/departures/" + d.ID).doc(t)
	if !strings.Contains(text(doc, "main"), "vé đã hủy") || !strings.Contains(text(doc, "main"), "Không có mạng") {
		t.Error(text(doc, "main"))
	}
	if a := s.get("/console/sw.js"); a.Status != 200 || a.Header.Get("Cache-Control") != "no-cache" || !strings.Contains(a.Header.Get("Content-Security-Policy"), "connect-src 'self'") {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

func TestTheManifest(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	host, d, list := s.atGate()
	path := "/console/tours/departures/" + d.ID
	doc := host.get("/en" + path).doc(t)
	if got := text(doc, ".facts"); !strings.Contains(got, "Adult6") || !strings.Contains(got, "9") || !strings.Contains(got, "2.425.500") {
		t.Error(got)
	}
	if !strings.Contains(text(doc, "main"), "Any diet we should know of: ăn chay") {
		t.Error(text(doc, "main"))
	}
	csv := host.get(path + "/manifest.csv")
	if csv.Status != 200 || !strings.Contains(csv.Body, "'=cmd|x") || strings.Contains(csv.Body, list[0].ID) || strings.Count(csv.Body, "\n") != 4 {
		t.Errorf("%d %s", csv.Status, csv.Body)
	}
	sheet := host.get(path + "/print").doc(t)
	if sheet.Find("tbody tr").Length() != 3 || sheet.Find(".boxed").Length() != 9 || !strings.Contains(text(sheet, "tbody"), "808.500") {
		t.Error(text(sheet, "main"))
	}
	// Rain: who left no address is called, with words to say.
	must(t, s.tours.CallOff(ctx, "p1", d.ID, "weather", "Đường sạt lở", s.now().AddDate(0, 0, 3)))
	s.tick()
	doc = host.get(path).doc(t)
	if doc.Find(`a[href^="sms:"]`).Length() != 1 || !strings.Contains(text(doc, ".panel"), "Cà Văn Ín") || !strings.Contains(text(doc, ".panel"), "sạt lở") {
		t.Fatal(text(doc, "main"))
	}
	if got := text(doc, ".facts"); strings.Contains(got, "phải thu") {
		t.Errorf("money is asked for of who cannot come: %s", got)
	}
	// The party reads it with its order, and chooses where the ticket says so.
	if got := text(s.get("/orders/"+list[0].Order).doc(t), "main"); !strings.Contains(got, "Chuyến thăm đã thay đổi") || !strings.Contains(got, "Không diễn ra") {
		t.Error(got)
	}
	if doc := s.get("/tickets/" + list[0].ID).doc(t); doc.Find(`.panel [name="to"]`).Length() != 1 || doc.Find(`.panel button[name="as"]`).Length() != 2 || doc.Find(`main button[name="as"]`).Length() != 2 {
		t.Error(text(doc, "main"))
	}
	if a := host.signedIn(path, "ref", list[2].Ref(), "called", "yes"); a.Status != 303 {
		t.Errorf("%d", a.Status)
	}
	if got := text(host.get(path).doc(t), ".panel"); !strings.Contains(got, "Đã gọi") {
		t.Error(got)
	}
	if a := host.signedIn(path, "ref", "000000000000", "called", "yes"); a.Status != 404 {
		t.Errorf("%d", a.Status)
	}
}
