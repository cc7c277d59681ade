package handlers_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"mime/multipart"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
)

const hostDesk = "/console/tours"

// tourOf is a visit of an organisation of the demonstration.
func (s *site) tourOf(org, part string) tours.Tour {
	s.t.Helper()
	list, err := s.tours.Own(context.Background(), org)
	must(s.t, err)
	for _, t := range list {
		if strings.Contains(t.Name, part) {
			return t
		}
	}
	s.t.Fatal(part)
	return tours.Tour{}
}

// nextOf is the first departure of a tour that is more than a day ahead.
func (s *site) nextOf(t tours.Tour) tours.Departure {
	s.t.Helper()
	list, err := s.tours.Departures(context.Background(), t.ID, s.now().AddDate(0, 0, 2), s.now().AddDate(0, 3, 0))
	must(s.t, err)
	if len(list) == 0 {
		s.t.Fatal("no departure")
	}
	return list[0]
}

// filledForm is a form of a page as a browser would send it, texts of several lines
// too.
func filledForm(t *testing.T, a answer, action string) map[string]string {
	t.Helper()
	v := fieldsOf(t, a, action)
	a.doc(t).Find(`form[action="` + action + `"]`).First().Find("textarea").Each(func(_ int, in *goquery.Selection) {
		v[in.AttrOr("name", "")] = strings.TrimPrefix(in.Text(), "\n")
	})
	a.doc(t).Find(`form[action="` + action + `"]`).First().Find("select").Each(func(_ int, in *goquery.Selection) {
		v[in.AttrOr("name", "")] = in.Find("option[selected]").AttrOr("value", in.Find("option").First().AttrOr("value", ""))
	})
	return v
}

func TestTheDeskOfVisits(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	d := owner.get(hostDesk).doc(t)
	text := squash(d.Find("main").Text())
	for _, want := range []string{"Một buổi hái quả chín", "Thử nếm", "Đang mở", "còn 12 chỗ"} {
		if !strings.Contains(text, want) {
			t.Errorf("the list lacks %q: %s", want, text)
		}
	}
	if strings.Contains(text, "Hua Noong") || d.Find(`main a[href="/console/tours/new?org=`+ourOrg+`"]`).Length() != 1 || d.Find(`main a[href="/console/tours/checkin"]`).Length() != 1 {
		t.Error("another's visits are listed, or a way is missing")
	}
	if d.Find(`.sections a[href="/console/tours"]`).Length() != 1 {
		t.Error("the section is missing")
	}
	organizer := s.enter(account.Organizer)
	if d := organizer.get(hostDesk).doc(t); d.Find(".empty .btn").Length() != 1 {
		t.Error("an empty desk says nothing")
	}
	if d := s.enter(account.Province).get("/console").doc(t); d.Find(`.sections a[href="/console/tours"]`).Length() != 0 {
		t.Error("the province's office receives no visitors")
	}
}

func TestAVisitIsWrittenAndPublished(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	path := "/console/tours/new?org=" + ourOrg
	v := filledForm(t, owner.get(path), path)
	if v["road"] != "car" || v["stepHours.0"] != "48" || v["speaks.vi"] != "on" {
		t.Errorf("the form begins with %v", v)
	}
	a := owner.post(path, pairsOf(v, "do", "save", "name", "  Đi bộ   qua rẫy ", "kind", "trail")...)
	if a.Status != 303 {
		t.Fatalf("an incomplete draft: %d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	home, _, _ := strings.Cut(a.Header.Get("Location"), "?")
	// Sent twice it is one draft; under the same id another name is not it.
	if again := owner.post(path, pairsOf(v, "do", "save", "name", "  Đi bộ   qua rẫy ", "kind", "trail")...); again.Status != 303 || again.Header.Get("Location") != a.Header.Get("Location") {
		t.Errorf("sent twice: %d %s", again.Status, again.Header.Get("Location"))
	}
	if other := owner.post(path, pairsOf(v, "do", "save", "name", "Đi bộ qua suối", "kind", "trail")...); other.Status != 409 {
		t.Errorf("another visit from the same form: %d", other.Status)
	}
	if other := owner.post(path, pairsOf(v, "do", "save", "name", "Đi bộ qua rẫy", "kind", "trail", "seats", "9")...); other.Status != 409 {
		t.Errorf("changed after going back: %d", other.Status)
	}
	d := owner.get(home).doc(t)
	for _, field := range []string{"story", "hours", "meeting", "rain", "seats", "typeVi.0"} {
		if d.Find(`.lacks a[href="`+home+`/edit#`+field+`"]`).Length() != 1 {
			t.Errorf("%s is not said to be missing: %s", field, squash(d.Find(".lacks").Text()))
		}
	}
	if d.Find(`form[action="`+home+`/publish"]`).Length() != 0 {
		t.Error("an incomplete visit can be published")
	}
	if a := owner.post(home+"/publish", "token", owner.token()); a.Status != 422 {
		t.Errorf("publishing: %d", a.Status)
	}
	v = filledForm(t, owner.get(home+"/edit"), home+"/edit")
	a = owner.post(home+"/edit", pairsOf(v, "do", "save", "story", "Đi từ sáng.\r\n\r\nVề lúc trưa.", "hours", "4", "minutes", "30", "meeting", "Cổng bản", "lat", "21.2310, 104.0160", "lon", "", "rain", "Dời ngày", "phone", "0212",
		"seats", "10", "typeVi.1", "Người lớn", "typePrice.1", "150.000", "typeAlone.1", "on", "addVi.0", "Cơm trưa", "addPrice.0", "80.000", "askVi.0", "Ngủ đâu", "askChoices.0", "Nhà sàn | Stilt house\nLều", "askNeed.0", "on",
		"fromDay", "15", "fromMonth", "10", "toDay", "28", "toMonth", "2", "plot.demo-SN-R01", "on", "plot.demo-HN-R01", "on")...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	got, err := s.tours.Tour(context.Background(), strings.TrimPrefix(home, "/console/tours/"))
	must(t, err)
	if got.Name != "Đi bộ qua rẫy" || got.Story.Vi != "Đi từ sáng.\n\nVề lúc trưa." || got.Minutes != 270 || got.Meeting.Lon != 104.016 || got.Season != (tours.Season{From: 1015, To: 228}) || got.Published ||
		len(got.Types) != 1 || got.Types[0].ID != "nguoi-lon" || got.Types[0].Seats != 1 || got.AddOns[0].ID != "com-trua" || got.Questions[0].Choices[0].En != "Stilt house" || len(got.Plots) != 1 {
		t.Errorf("%+v", got)
	}
	if a := owner.post(home+"/publish", "token", owner.token()); a.Status != 303 {
		t.Fatalf("publishing: %d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if d := owner.get(home).doc(t); d.Find(`main a[href="/tours/`+got.Slug+`"]`).Length() != 1 {
		t.Error("no way to the public page")
	}
	if a := owner.post(home+"/withdraw", "token", owner.token()); a.Status != 303 {
		t.Error(a.Status)
	}
	if got, _ := s.tours.Tour(context.Background(), got.ID); got.Published {
		t.Error("it is still shown")
	}
	log := squash(owner.get("/console/log?org=" + ourOrg).doc(t).Find(".log").Text())
	for _, action := range []string{"tour.create", "tour.edit", "tour.publish", "tour.withdraw"} {
		if !strings.Contains(log, lang.Vi.T("logpage.action."+action)) {
			t.Errorf("the log lacks %s", action)
		}
	}
}

func TestTheFormOfAVisitSaysWhatIsWrong(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(ourOrg, "hái")
	path := hostDesk + "/" + tour.ID + "/edit"
	good := filledForm(t, owner.get(path), path)
	for _, x := range []struct{ field, want, pairs string }{
		{"name", "chưa điền", "name="},
		{"altitude", "3.200", "altitude=9000"},
		{"altitude", "con số|số hợp lý", "altitude=cao"},
		{"lat", "ở Việt Nam", "lat=48,85&lon=2,35"},
		{"lat", "ở Việt Nam", "lat=đầu bản"},
		{"fromDay", "Mùa cần", "toDay="},
		{"typePrice.0", "Số tiền", "typePrice.0="},
		{"typeVi.1", "trùng", "typeVi.1=người lớn"},
		{"typeVi.4", "chưa điền", "typePrice.4=1000"},
		{"addMost.2", "số hợp lý", "addMost.2=500"},
		{"askChoices.0", "hai đến hai mươi", "askChoices.0=Một"},
		{"stepHours.2", "được hoàn ít hơn", "stepHours.2=12&stepPercent.2=80"},
		{"stepHours.0", "Phần trăm", "stepPercent.0=0"},
		{"useWhat.0", "hợp lý", "useMany.0=0"},
		{"useFor.0", "không còn trong bảng", "addVi.1=&addEn.1=&addPrice.1="},
		{"decide", "nói trước bao nhiêu giờ", "decide="},
		{"story", "chưa điền", "story="},
		{"typeVi.0", "chưa điền", "typeAlone.0=&typeAlone.2="},
		{"youngest", "hợp lý", "youngest=30"},
		{"deposit", "Phần trăm", "deposit=130"},
	} {
		v := map[string]string{}
		for k, w := range good {
			v[k] = w
		}
		for pair := range strings.SplitSeq(x.pairs, "&") {
			k, w, _ := strings.Cut(pair, "=")
			v[k] = w
		}
		a := owner.post(path, pairsOf(v, "do", "save")...)
		d := a.doc(t)
		note := d.Find(`[id="` + x.field + `-error"]`).Text()
		said := false
		for want := range strings.SplitSeq(x.want, "|") {
			said = said || strings.Contains(note, want)
		}
		if a.Status != 422 || !said || d.Find(`.problem a[href="#`+x.field+`"]`).Length() == 0 {
			t.Errorf("%s: %d, %q says %q; %s", x.pairs, a.Status, x.field, note, squash(d.Find(".problem").Text()))
		}
	}
	if now := s.tourOf(ourOrg, "hái"); !now.Changed.Equal(tour.Changed) {
		t.Error("something was saved")
	}
	// What was typed stays, with as many empty rows as before.
	a := owner.post(path, pairsOf(good, "do", "save", "name", "", "typeVi.3", "cụ già")...)
	if d := a.doc(t); d.Find(`[id="typeVi.3"]`).AttrOr("value", "") != "cụ già" || d.Find(`[id="typeVi.5"]`).Length() != 1 {
		t.Error("a row is lost")
	}
	good["name"] = tour.Name
	if d := owner.post(path, pairsOf(good, "do", "more")...).doc(t); d.Find(`[id="addVi.7"]`).Length() != 1 || d.Find(`[id="typeVi.3"]`).AttrOr("value", "") != "cụ già" {
		t.Error("no more rows, or what was typed is lost")
	}
}

// Rows that are emptied go; what bookings name keeps its id and its name.
func TestRowsOfAVisitComeAndGo(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(ourOrg, "hái")
	path := hostDesk + "/" + tour.ID + "/edit"
	v := filledForm(t, owner.get(path), path)
	if v["useFor.0"] != "1" || v["typeId.1"] != "child" {
		t.Fatalf("%v", v)
	}
	a := owner.post(path, pairsOf(v, "do", "save", "typeVi.1", "", "typeEn.1", "", "typePrice.1", "", "typeVi.4", "Trẻ em", "typePrice.4", "100000", "addVi.0", "", "addEn.0", "", "addPrice.0", "", "addVi.3", "Bữa trưa nhà sàn", "addPrice.3", "0")...)
	if a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	got, err := s.tours.Tour(context.Background(), tour.ID)
	must(t, err)
	var ids []string
	for _, c := range got.EveryType() {
		ids = append(ids, c.ID)
	}
	for _, x := range got.EveryAddOn() {
		ids = append(ids, x.ID)
	}
	if strings.Join(ids, " ") != "adult local tre-em child bus bag bua-trua-nha-san lunch" || got.Uses[0].AddOn != "bus" || got.Former.AddOns[0].Name.Vi != "bữa trưa nhà sàn" {
		t.Errorf("%v %+v", ids, got.Uses)
	}
}

func TestTwoPeopleWriteOneVisit(t *testing.T) {
	s := newSite(t)
	owner, staff := s.enter(account.Owner), s.enter(account.Staff)
	tour := s.tourOf(ourOrg, "Thử nếm")
	path := hostDesk + "/" + tour.ID + "/edit"
	first, second := filledForm(t, owner.get(path), path), filledForm(t, staff.get(path), path)
	if a := owner.post(path, pairsOf(first, "do", "save", "host", "Anh Pành.")...); a.Status != 303 {
		t.Fatal(a.Status)
	}
	a := staff.post(path, pairsOf(second, "do", "save", "host", "Chị Ỏm.")...)
	d := a.doc(t)
	if a.Status != 409 || !strings.Contains(d.Find(".problem").Text(), "Có người vừa sửa") || d.Find("#host").Text() != "Chị Ỏm." || d.Find(`main a.btn[href="`+path+`"]`).Length() == 0 {
		t.Errorf("%d %s", a.Status, squash(d.Find(".problem").Text()))
	}
	if now := s.tourOf(ourOrg, "Thử nếm"); now.Host.Vi != "Anh Pành." {
		t.Error(now.Host)
	}
}

// picture is a small photo as a form sends it.
func picture(t *testing.T, token string, size int) (body, kind string) {
	t.Helper()
	var photo, b bytes.Buffer
	must(t, jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 300+size, 300)), nil))
	w := multipart.NewWriter(&b)
	must(t, w.WriteField("token", token))
	f, err := w.CreateFormFile("photo", "vuon.jpg")
	must(t, err)
	_, err = f.Write(photo.Bytes())
	must(t, err)
	must(t, w.Close())
	return b.String(), "Content-Type: " + w.FormDataContentType()
}

func TestPhotosOfAVisit(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(ourOrg, "hái")
	home := hostDesk + "/" + tour.ID
	token := owner.token()
	for n := range 9 {
		body, kind := picture(t, token, n)
		a := s.send("POST", home+"/photo", body, owner.headers(kind)...)
		if want := map[bool]int{true: 303, false: 422}[n < 8]; a.Status != want {
			t.Errorf("photo %d: %d", n, a.Status)
		}
	}
	photos := s.tourOf(ourOrg, "hái").Photos
	if len(photos) != 8 {
		t.Fatal(photos)
	}
	if a := owner.post(home+"/photo", "token", token, "do", "first", "which", photos[2]); a.Status != 303 {
		t.Error(a.Status)
	}
	if a := owner.post(home+"/photo", "token", token, "do", "remove", "which", photos[0]); a.Status != 303 {
		t.Error(a.Status)
	}
	if now := s.tourOf(ourOrg, "hái").Photos; len(now) != 7 || now[0] != photos[2] || now[1] != photos[1] {
		t.Errorf("%v", now)
	}
	if a := owner.post(home+"/photo", "token", token); a.Status != 422 || a.doc(t).Find("#photo-error").Length() != 1 {
		t.Errorf("no file: %d", a.Status)
	}
	if d := owner.get(home).doc(t); d.Find(".tour-photos img").Length() != 7 {
		t.Error("they do not show")
	}
}

func TestWhatVisitsShare(t *testing.T) {
	s := newSite(t)
	owner, token := s.enter(account.Owner), ""
	token = owner.token()
	path := hostDesk + "/shared?org=" + ourOrg
	if text := squash(owner.get(path).doc(t).Find("main").Text()); !strings.Contains(text, "Xe 12 chỗ") || !strings.Contains(text, "Thử nếm") {
		t.Error(text)
	}
	if a := owner.post(path, "token", token, "do", "save", "name", "", "capacity", "nhiều"); a.Status != 422 || a.doc(t).Find(".problem li a").Length() != 2 {
		t.Errorf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := owner.post(path, "token", token, "do", "save", "name", "Lò rang", "capacity", "1"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	list, err := s.tours.Resources(context.Background(), ourOrg)
	must(t, err)
	ids := map[string]string{}
	for _, r := range list {
		ids[r.Name] = r.ID
	}
	bus, oven := ids["Xe 12 chỗ (mẫu)"], ids["Lò rang"]
	if a := owner.post(path, "token", token, "do", "end", "thing", bus, "name."+bus, "Xe 12 chỗ", "capacity."+bus, "12"); a.Status != 409 || !strings.Contains(a.doc(t).Find(".problem").Text(), "Vẫn còn chuyến dùng") {
		t.Errorf("ending what is used: %d", a.Status)
	}
	if a := owner.post(path, "token", token, "do", "save", "thing", oven, "name."+oven, "Lò rang 5 kg", "capacity."+oven, "0"); a.Status != 422 || a.doc(t).Find(`[id="capacity.`+oven+`-error"]`).Length() != 1 {
		t.Errorf("no room: %d", a.Status)
	}
	if a := owner.post(path, "token", token, "do", "end", "thing", oven, "name."+oven, "Lò rang 5 kg", "capacity."+oven, "2"); a.Status != 303 {
		t.Error(a.Status)
	}
	if a := owner.post(path, "token", token, "do", "save", "thing", strings.Repeat("a", 24), "name", "x", "capacity", "1"); a.Status != 404 {
		t.Errorf("nothing of ours: %d", a.Status)
	}
	if a := owner.get(hostDesk + "/shared?org=" + otherOrg); a.Status != 404 {
		t.Errorf("others' things: %d", a.Status)
	}
}

func TestTheMarketTakesAVisitOut(t *testing.T) {
	s := newSite(t)
	owner, operator := s.enter(account.Owner), s.enter(account.Operator)
	tour := s.tourOf(ourOrg, "hái")
	path := "/console/market/tours/" + tour.ID
	if d := operator.get("/console/market").doc(t); d.Find(`a[href="/console/market/tours"]`).Length() != 1 || d.Find(`a[href="/console/market/reviews"]`).Length() != 1 {
		t.Error("the market does not lead there")
	}
	if d := operator.get(hostDesk + "/" + tour.ID).doc(t); d.Find(`main a[href="`+path+`"]`).Length() != 1 || d.Find("main form").Length() != 0 {
		t.Error("the operator reads it with forms, or without a way")
	}
	token := operator.token()
	if a := operator.post(path, "token", token, "do", "take", "reason", " "); a.Status != 422 || a.doc(t).Find("#reason-error").Length() != 1 {
		t.Errorf("without a reason: %d", a.Status)
	}
	if a := operator.post(path, "token", token, "do", "take", "reason", "Ảnh của nơi khác"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	if d := operator.get("/console/market/tours").doc(t); !strings.Contains(d.Find("main").Text(), "Ảnh của nơi khác") {
		t.Error("it is not listed")
	}
	home := hostDesk + "/" + tour.ID
	if d := owner.get(home).doc(t); !strings.Contains(d.Find("main").Text(), "Ảnh của nơi khác") || d.Find(`form[action="`+home+`/publish"]`).Length() != 0 {
		t.Error("the host does not read why")
	}
	if a := owner.post(home+"/publish", "token", owner.token()); a.Status != 403 {
		t.Errorf("the host lets it back: %d", a.Status)
	}
	if a := operator.post(path, "token", token, "do", "back"); a.Status != 303 || !s.tourOf(ourOrg, "hái").Published {
		t.Error("it is not back")
	}
}

func TestTheDeskOfVisitsOnABrokenStore(t *testing.T) {
	s := newSite(t)
	owner := s.enter(account.Owner)
	tour := s.tourOf(ourOrg, "hái")
	d := s.nextOf(tour)
	token := owner.token()
	home, leaving := hostDesk+"/"+tour.ID, hostDesk+"/departures/"+d.ID
	for _, path := range []string{hostDesk, hostDesk + "/new?org=" + ourOrg, home, home + "/edit", home + "/departures", home + "/plan", hostDesk + "/shared", hostDesk + "/reviews", leaving + "/change", leaving + "/off"} {
		s.store.fail(fault.Wrap(fault.Unavailable, "store.unavailable", errors.New("gone")))
		if a := owner.get(path); a.Status != 503 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	for _, path := range []string{hostDesk + "/new?org=" + ourOrg, home + "/edit", home + "/plan", home + "/publish", hostDesk + "/shared", leaving + "/change", leaving + "/off"} {
		if a := owner.post(path, "token", token); a.Status != 503 {
			t.Errorf("POST %s: %d", path, a.Status)
		}
	}
	s.store.fail(nil)
}
