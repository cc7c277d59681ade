package handlers_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/tours"
)

// comer books for a party at the gate, as somebody who came without a ticket does:
// the booking stands at once and has no address for mails.
func (s *site) comer(d tours.Departure, name string) tours.Booking {
	s.t.Helper()
	s.bought++
	b, err := s.tours.WalkIn(context.Background(), "p1", tours.Wanted{ID: fmt.Sprintf("%032x", s.bought), Departure: d.ID,
		Party: tours.Party{People: map[string]int64{"adult": 2, "child": 1}, AddOns: map[string]int64{}}, Lang: lang.Vi}, name, "0912")
	must(s.t, err)
	return b
}

func TestDeparturesArePlanned(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(ourOrg, "hái")
	path := hostDesk + "/" + tour.ID + "/plan"
	token := owner.token()
	week := func(pairs ...string) []string {
		return pairsOf(map[string]string{"token": token, "do": "week", "from": "1/3/2027", "to": "2027-03-31", "days.1": "on", "days.4": "on", "time.0": "08:00", "time.2": "13h30", "except": "8/3/2027\n11/3/2027", "weekSeats": "20"}, pairs...)
	}
	for _, x := range []struct{ field, want, pairs string }{
		{"from", "chọn ngày", "from=đầu tháng"},
		{"to", "không được trước", "to=1/2/2027"},
		{"to", "một năm", "to=1/2/2029"},
		{"days", "một ngày trong tuần", "days.1=&days.4="},
		{"days", "không có chuyến nào", "do=show&from=1/3/2027&to=1/3/2027&except=1/3/2027"},
		{"times", "một giờ khởi hành", "time.0=&time.2="},
		{"time.2", "không phải là giờ|chưa đúng", "time.2=trưa"},
		{"except", "“Tết” không phải là ngày", "except=Tết"},
		{"weekSeats", "số hợp lý", "weekSeats=99999999"},
		{"from", "không có chuyến nào", "from=1/3/2027&to=1/3/2027&except=1/3/2027"},
		{"day", "chọn ngày", "do=one&day=30/2/2027"},
		{"time", "chưa đúng", "do=one&day=12/12/2026&time=25:00"},
		{"day", "đã qua", "do=one&day=12/12/2025&time=08:00"},
	} {
		var pairs []string
		for pair := range strings.SplitSeq(x.pairs, "&") {
			k, v, _ := strings.Cut(pair, "=")
			pairs = append(pairs, k, v)
		}
		a := owner.post(path, week(pairs...)...)
		d := a.doc(t)
		note, said := d.Find(`[id="`+x.field+`-error"]`).Text(), false
		for want := range strings.SplitSeq(x.want, "|") {
			said = said || strings.Contains(note, want)
		}
		if a.Status != 422 || !said {
			t.Errorf("%s: %d, %s says %q; %s", x.pairs, a.Status, x.field, note, squash(d.Find(".problem").Text()))
		}
	}
	d := owner.post(path, week("do", "show")...).doc(t)
	if text := squash(d.Find("#would").Text()); !strings.Contains(text, "Sẽ có 14 chuyến") || !strings.Contains(text, "Thứ Năm, 04/03/2027, 13:30") || strings.Contains(text, "08/03/2027") {
		t.Errorf("it would be %s", text)
	}
	a := owner.post(path, week()...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if text := squash(owner.get(a.Header.Get("Location")).doc(t).Find("main").Text()); !strings.Contains(text, "Đã thêm 14 chuyến.") || !strings.Contains(text, "0/20 chỗ") || !strings.Contains(text, "13:30–18:30") {
		t.Error(text)
	}
	a = owner.post(path, week("do", "week", "days.0", "on")...)
	if text := squash(owner.get(a.Header.Get("Location")).doc(t).Find(".done").Text()); text != "Đã thêm 8 chuyến. 14 chuyến đã có từ trước." {
		t.Error(text)
	}
	a = owner.post(path, "token", token, "do", "one", "day", "24/12/2026", "time", "19h", "seats", "")
	if a.Status != 303 || !strings.Contains(a.Header.Get("Location"), "month=2026-12") {
		t.Fatalf("%d %s", a.Status, a.Header.Get("Location"))
	}
	list, err := s.tours.Departures(context.Background(), tour.ID, time.Date(2026, 12, 24, 12, 0, 0, 0, time.UTC), time.Date(2026, 12, 24, 13, 0, 0, 0, time.UTC))
	must(t, err)
	if len(list) != 1 || list[0].Capacity != 12 {
		t.Errorf("%+v", list)
	}
	if a := owner.get(hostDesk + "/" + tour.ID + "/departures?month=2031-05"); !strings.Contains(a.Body, "Tháng này chưa có chuyến") {
		t.Error("an empty month says nothing")
	}
	if a := owner.get(hostDesk + "/" + tour.ID + "/departures?month=may"); a.Status != 400 {
		t.Errorf("no month: %d", a.Status)
	}
}

func TestADepartureIsChanged(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	d := s.nextOf(s.tourOf(ourOrg, "hái"))
	s.comer(d, "Hoa")
	path := hostDesk + "/departures/" + d.ID + "/change"
	token := owner.token()
	state := func() tours.Departure {
		now, err := s.tours.Departure(context.Background(), d.ID)
		must(t, err)
		return now
	}
	if text := squash(owner.get(path).doc(t).Find("main").Text()); !strings.Contains(text, "1 đoàn, 3 người, sẽ được báo") || !strings.Contains(text, "1 đoàn không để lại thư") || !strings.Contains(text, "3/12 chỗ") {
		t.Error(text)
	}
	for do, want := range map[string]tours.DepartureState{"close": tours.Closed, "open": tours.Open} {
		if a := owner.post(path, "token", token, "do", do); a.Status != 303 || state().State != want {
			t.Errorf("%s: %d %s", do, a.Status, state().State)
		}
	}
	for field, pairs := range map[string][]string{"capacity": {"do", "seats", "capacity", "2"}, "start": {"do", "move", "start", "1/1/2026", "time", "08:00"}, "time": {"do", "move", "start", "1/1/2027", "time", ""}} {
		a := owner.post(path, append(pairs, "token", token)...)
		if a.Status != 422 || a.doc(t).Find("#"+field+"-error").Length() != 1 {
			t.Errorf("%v: %d %s", pairs, a.Status, squash(a.doc(t).Find(".problem").Text()))
		}
	}
	if note := owner.post(path, "token", token, "do", "seats", "capacity", "2").doc(t).Find("#capacity-error").Text(); !strings.Contains(note, "(3)") {
		t.Error(note)
	}
	if a := owner.post(path, "token", token, "do", "seats", "capacity", "30"); a.Status != 303 || state().Capacity != 30 {
		t.Error(a.Status)
	}
	if a := owner.post(path, "token", token, "do", "move", "start", "30/12/2026", "time", "7h15"); a.Status != 303 || state().Start.Format(time.RFC3339) != "2026-12-30T00:15:00Z" {
		t.Errorf("%d %s", a.Status, state().Start)
	}
	if a := owner.post(path, "token", token, "do", "dance"); a.Status != 422 {
		t.Errorf("nothing that can be done: %d", a.Status)
	}
	log := squash(owner.get("/console/log?org=" + ourOrg).doc(t).Find(".log").Text())
	for _, action := range []string{"departure.close", "departure.resize", "departure.move"} {
		if !strings.Contains(log, lang.Vi.T("logpage.action."+action)) {
			t.Errorf("the log lacks %s", action)
		}
	}
}

func TestADepartureIsCalledOff(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	d := s.nextOf(s.tourOf(ourOrg, "hái"))
	s.comer(d, "Hoa")
	path := hostDesk + "/departures/" + d.ID + "/off"
	token := owner.token()
	page := owner.get(path).doc(t)
	if text := squash(page.Find("main").Text()); !strings.Contains(text, "1 đoàn, 3 người") || !strings.Contains(text, "1 đoàn không để lại thư") || !strings.Contains(text, "Hủy chuyến và báo cho 1 đoàn") {
		t.Error(text)
	}
	if until := page.Find("#until").AttrOr("value", ""); until != s.now().In(lang.Zone).AddDate(0, 0, 7).Format(time.DateOnly) {
		t.Error(until)
	}
	for field, pairs := range map[string][]string{"cause": {"cause", "too_few", "until", "1/1/2027"}, "until": {"cause", "weather", "until", "1/1/2026"}, "note": {"cause", "other", "until", "1/1/2027", "note", strings.Repeat("x", 301)}} {
		a := owner.post(path, append(pairs, "token", token)...)
		if a.Status != 422 || a.doc(t).Find("#"+field+"-error").Length() != 1 {
			t.Errorf("%v: %d %s", pairs, a.Status, squash(a.doc(t).Find(".problem").Text()))
		}
	}
	a := owner.post(path, "token", token, "cause", "weather", "note", "Đường sạt", "until", "1/1/2027")
	if a.Status != 303 || !strings.Contains(a.Header.Get("Location"), "done=departure_off_call") {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	now, err := s.tours.Departure(context.Background(), d.ID)
	must(t, err)
	if now.State != tours.CalledOff || now.Off.Cause != "weather" || now.Off.Note != "Đường sạt" || now.Off.Until.Format(time.RFC3339) != "2027-01-01T16:59:00Z" {
		t.Errorf("%+v", now.Off)
	}
	if d := owner.get(a.Header.Get("Location")).doc(t); d.Find("main form").Length() != 0 || !strings.Contains(d.Find(".done").Text(), "gọi cho họ") {
		t.Error("it can still be changed, or nobody is told to call")
	}
	if text := squash(owner.get(hostDesk + "/" + d.Tour + "/departures?month=" + d.Start.In(lang.Zone).Format("2006-01")).doc(t).Find("main").Text()); !strings.Contains(text, "Vì thời tiết. Đường sạt") {
		t.Error(text)
	}
}

// What is none of somebody's business is not there, whoever asks.
func TestOthersVisitsAreNotThere(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(otherOrg, "Hua Noong")
	d := s.nextOf(tour)
	token := owner.token()
	for _, path := range []string{"/" + tour.ID, "/" + tour.ID + "/edit", "/" + tour.ID + "/plan", "/" + tour.ID + "/departures", "/departures/" + d.ID + "/change", "/departures/" + d.ID + "/off", "/new?org=" + otherOrg, "/reviews?org=" + otherOrg} {
		a := owner.get(hostDesk + path)
		if b := owner.get(hostDesk + "/" + strings.Repeat("a", 24)); a.Status != 404 || strings.HasPrefix(path, "/"+tour.ID) && squash(a.doc(t).Find("main").Text()) != squash(b.doc(t).Find("main").Text()) {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{"/" + tour.ID + "/edit", "/" + tour.ID + "/photo", "/" + tour.ID + "/publish", "/" + tour.ID + "/withdraw", "/" + tour.ID + "/plan", "/departures/" + d.ID + "/change", "/departures/" + d.ID + "/off"} {
		if a := owner.post(hostDesk+path, "token", token); a.Status != 404 {
			t.Errorf("POST %s: %d", path, a.Status)
		}
		if a := owner.post(hostDesk + path); a.Status != 403 {
			t.Errorf("POST %s without a token: %d", path, a.Status)
		}
	}
}
