package handlers_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/seed"
	"nguon/tours"
)

const (
	festYear  = "2026" // of the demonstration, four weeks after start
	ourFest   = "/console/festival/" + seed.Festival
	ourEvent  = ourFest + "/events/demo-su-kien-5"
	committee = "demo-ban-to-chuc"
)

// form is a form of a page as a browser would send it, areas too.
func (p *person) form(path, action string) map[string]string {
	p.s.t.Helper()
	a := p.get(path)
	f := a.doc(p.s.t).Find(`form[action="` + action + `"]`)
	v := map[string]string{}
	if f.Length() != 1 {
		p.s.t.Fatalf("%d: no form to %s", a.Status, action)
	}
	for _, in := range f.Find("input, textarea, select").EachIter() {
		name, value := in.AttrOr("name", ""), in.AttrOr("value", "")
		_, ticked := in.Attr("checked")
		switch kind := in.AttrOr("type", ""); {
		case in.Is("textarea"):
			v[name] = in.Text()
		case in.Is("select"):
			chosen := in.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = in.Find("option").First()
			}
			v[name] = chosen.AttrOr("value", "")
		case (kind == "checkbox" || kind == "radio") && !ticked, kind == "file":
		default:
			v[name] = value
		}
	}
	return v
}

func TestTheFestivalIsPublic(t *testing.T) {
	s := newSite(t)
	a := s.get("/festival")
	if a.Status != 200 || a.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public") || a.doc(t).Find(`a[href="/festival/`+festYear+`"]`).Length() != 1 {
		t.Errorf("%d %v", a.Status, a.Header)
	}
	for path, wants := range map[string][]string{
		"/festival/" + festYear:                                           {"Khai mạc và vòng xòe", "Chợ cà phê OCOP", "HTX Cà phê Sương Núi", "Dữ liệu mẫu"},
		"/en/festival/" + festYear + "?day=2026-12-19":                    {"Picking contest", "Sat 19 Dec 2026"},
		"/festival/" + festYear + "?venue=nha-trung-bay":                  {"Nếm thử cùng người rang"},
		"/festival/" + festYear + "/print":                                {"Chủ Nhật, 20/12/2026", "Bế mạc và trao giải"},
		"/festival/" + festYear + "/nem-thu-cung-nguoi-rang":              {"80.000", "Lường Văn Rang (mẫu)", "Công ty TNHH Rang xay Ban Trắng"},
		"/en/festival/" + festYear + "/ca-nha-rang-ca-phe-bang-chao-gang": {"Roasting in an iron pan", "with an adult"},
	} {
		a := s.get(path)
		if a.Status != 200 || a.Header.Get("Set-Cookie") != "" || !strings.HasPrefix(a.Header.Get("Cache-Control"), "public") {
			t.Errorf("%s: %d %s", path, a.Status, a.Header.Get("Cache-Control"))
		}
		for _, want := range wants {
			if !strings.Contains(a.Body, want) {
				t.Errorf("%s lacks %q", path, want)
			}
		}
	}
	for path, want := range map[string]int{"/festival/1999": 404, "/festival/02026": 404, "/festival/2026x": 404, "/festival/" + festYear + "/nothing": 404, "/festival/" + festYear + "?day=2026-12-17": 400,
		"/festival/" + festYear + "?day=x": 400, "/festival/" + festYear + "?venue=x": 400, "/festival/" + festYear + "/nothing.ics": 404, "/festival/x.ics": 404} {
		if a := s.get(path); a.Status != want {
			t.Errorf("%s: %d, want %d", path, a.Status, want)
		}
	}
	for path, want := range map[string]string{"/": "/festival/" + festYear, "/producers/htx-ca-phe-suong-nui": "/festival/" + festYear} {
		if s.get(path).doc(t).Find(`main a[href="`+want+`"]`).Length() != 1 {
			t.Errorf("%s does not lead to the festival", path)
		}
	}
	if m := s.get("/sitemap.xml").Body; !strings.Contains(m, s.base+"/en/festival/"+festYear+"/khai-mac-va-vong-xoe<") {
		t.Error("the sitemap lacks the programme")
	}
	s.clock.Add(int64(60 * 24 * time.Hour))
	d := s.get("/festival").doc(t)
	if d.Find(".empty").Length() != 1 || d.Find(`.rows a[href="/festival/`+festYear+`"]`).Length() != 1 || s.get("/").doc(t).Find(`main a[href^="/festival"]`).Length() != 0 {
		t.Error("what is over is announced")
	}
}

func TestCalendarsOfTheFestival(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	a := s.get("/festival/" + festYear + ".ics")
	if a.Status != 200 || a.Header.Get("Content-Type") != "text/calendar; charset=utf-8" || strings.Count(a.Body, "BEGIN:VEVENT") != 11 || !strings.Contains(a.Header.Get("Content-Disposition"), "festival-2026.ics") {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	if again := s.get("/festival/"+festYear+".ics", "If-None-Match: "+a.Header.Get("ETag")); again.Status != 304 {
		t.Errorf("asked again: %d", again.Status)
	}
	one := "/en/festival/" + festYear + "/nem-thu-cung-nguoi-rang.ics"
	b := s.get(one).Body
	for _, want := range []string{"SUMMARY:Tasting with the roaster", "DTSTART:20261219T023000Z", "SEQUENCE:0", "STATUS:CONFIRMED", "UID:demo-su-kien-5@nguon.example", "URL:https://nguon.example/en/festival/2026/nem-thu-cung-nguoi-rang"} {
		if !strings.Contains(b, want+"\r\n") {
			t.Errorf("%q is missing in\n%s", want, b)
		}
	}
	must(t, s.fest.CallOff(ctx, "p", "demo-su-kien-5", lang.Text{Vi: "Mưa to"}))
	if b := s.get(one).Body; !strings.Contains(b, "STATUS:CANCELLED\r\n") || !strings.Contains(b, "SEQUENCE:1\r\n") || !strings.Contains(b, "Mưa to") {
		t.Error(b)
	}
	// Before there is a programme, the days themselves.
	e, err := s.fest.Save(ctx, tours.EditionEdit{Edition: tours.Edition{ID: strings.Repeat("e", 24), Org: committee, Name: lang.Text{Vi: "Kỳ sau"}, From: start.AddDate(1, 0, 0), To: start.AddDate(1, 0, 1), Ground: tours.Ground{Commune: "03670", Words: lang.Text{Vi: "Sân"}},
		Story: lang.Text{Vi: "x"}, Rain: lang.Text{Vi: "x"}}})
	must(t, err)
	e.Venues = []tours.Venue{{Name: lang.Text{Vi: "Sân"}, Kind: tours.AtField}}
	_, err = s.fest.SetVenues(ctx, tours.EditionEdit{Edition: e, Seen: e.Changed})
	must(t, err)
	must(t, s.fest.Publish(ctx, "p", e.ID))
	if b := s.get("/festival/2027.ics").Body; strings.Count(b, "BEGIN:VEVENT") != 1 || !strings.Contains(b, "DTSTART:20271119T170000Z") || !strings.Contains(b, "DTEND:20271121T170000Z") {
		t.Error(b)
	}
}

func TestACommitteeMakesAnEdition(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	p := s.enter(account.Organizer)
	path := "/console/festival/new?org=" + committee
	v := p.form(path, path)
	if v["commune"] != "03670" || len(v["id"]) != 24 {
		t.Errorf("%v", v)
	}
	for field, pairs := range map[string][]string{"name": {"name", " "}, "from": {"from", "hôm qua"}, "to": {"to", "2027-12-01"}, "lat": {"lat", "bắc"}, "lon": {"lon", "NaN"}, "commune": {"commune", ""}, "storyEn": {"storyEn", strings.Repeat("x", 4001)}} {
		typed := pairsOf(map[string]string{"token": v["token"], "id": v["id"], "commune": "03670", "name": "Lễ hội", "from": "2027-12-17", "to": "2027-12-19"}, pairs...)
		a := p.post(path, typed...)
		d := a.doc(t)
		if a.Status != 422 || d.Find(`.problem a[href="#`+field+`"]`).Length() != 1 || d.Find(`[id="`+field+`"][aria-invalid="true"]`).Length() != 1 {
			t.Errorf("%v: %d %s", pairs, a.Status, squash(d.Find(".problem").Text()))
		}
		if field != "commune" && !strings.HasPrefix(d.Find(`[id="`+pairs[0]+`"]`).AttrOr("value", d.Find(`[id="`+pairs[0]+`"]`).Text()), pairs[1]) {
			t.Errorf("%s is lost", pairs[0])
		}
	}
	good := func(pairs ...string) []string {
		return pairsOf(map[string]string{"token": v["token"], "id": v["id"], "commune": "03670", "name": "Lễ hội", "from": "2027-12-17", "to": "2027-12-19", "lat": "21,327", "lon": "103.9141"}, pairs...)
	}
	if a := p.post(path, good("from", "2026-12-01", "to", "2026-12-02")...); a.Status != 409 || a.doc(t).Find(`.problem a[href="#from"]`).Length() != 1 {
		t.Errorf("a year that is taken: %d", a.Status)
	}
	desk := "/console/festival/" + v["id"]
	for range 2 {
		if a := p.post(path, good()...); a.Status != 303 || a.Header.Get("Location") != desk+"?done=edition_saved" {
			t.Fatalf("%d %s", a.Status, a.Header.Get("Location"))
		}
	}
	e, err := s.fest.Edition(ctx, v["id"])
	must(t, err)
	if e.Year != 2027 || e.Org != committee || !e.Demo || e.Ground.Lat != 21.327 || e.Ground.Lon != 103.9141 || e.Published {
		t.Errorf("%+v", e)
	}
	d := p.get(desk + "?done=edition_saved").doc(t)
	if d.Find(".done").Length() != 1 || d.Find(`.lacks a[href="`+desk+`/venues"]`).Length() != 1 || d.Find(`.lacks a[href="`+desk+`/edit#story"]`).Length() != 1 {
		t.Errorf("the desk says %s", squash(d.Find("main").Text()))
	}
	if a := p.post(desk+"/publish", "token", v["token"]); a.Status != 422 {
		t.Errorf("published with gaps: %d", a.Status)
	}
	s.venuesAndBooths(p, desk)
	f := p.form(desk+"/edit", desk+"/edit")
	if a := p.post(desk+"/edit", pairsOf(f, "story", "Một\r\n\r\nHai", "rain", "Vào nhà", "place", "Sân vận động")...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := p.post(desk+"/edit", pairsOf(f, "story", "Của người khác")...); a.Status != 409 || a.doc(t).Find("#story").Text() != "Của người khác" || a.doc(t).Find(`main a[href="`+desk+`/edit"]`).Length() != 1 {
		t.Errorf("changed by somebody else: %d", a.Status)
	}
	if a := s.get("/festival/2027"); a.Status != 404 {
		t.Errorf("a draft is shown: %d", a.Status)
	}
	if a := p.get(desk + "/preview"); a.Status != 200 || !strings.Contains(a.Body, "Sân vận động") || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("the preview: %d", a.Status)
	}
	if a := p.post(desk+"/publish", "token", v["token"]); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find("main").Text()))
	}
	if a := s.get("/festival/2027"); a.Status != 200 || !strings.Contains(a.Body, "<p class=\"read\">Hai</p>") {
		t.Errorf("%d", a.Status)
	}
	if a := p.get(desk + "/preview"); a.Status != 303 || a.Header.Get("Location") != "/festival/2027" {
		t.Errorf("the preview of what is shown: %d", a.Status)
	}
	if a := p.post(desk+"/withdraw", "token", v["token"]); a.Status != 303 || s.get("/festival/2027").Status != 404 {
		t.Error("it was not withdrawn")
	}
	log := squash(p.get("/console/log?org=" + committee).doc(t).Find(".log").Text())
	for _, action := range []string{"edition.create", "edition.venues", "edition.booths", "edition.publish", "edition.withdraw"} {
		if !strings.Contains(log, lang.Vi.T("logpage.action."+action)) {
			t.Errorf("the log lacks %s", action)
		}
	}
}

// venuesAndBooths fills in the lists of an edition without either.
func (s *site) venuesAndBooths(p *person, desk string) {
	t := s.t
	t.Helper()
	if a := p.get(desk + "/booths"); a.doc(t).Find(`main a[href="`+desk+`/venues"]`).Length() != 1 || a.doc(t).Find(`main form[action="`+desk+`/booths"]`).Length() != 0 {
		t.Error("booths before venues")
	}
	v := p.form(desk+"/venues", desk+"/venues")
	// A row is left empty between two; one more row loses nothing.
	typed := pairsOf(v, "venues.0.name", "Sân khấu", "venues.0.x", "50", "venues.0.y", "10", "venues.2.name", "Nhà", "venues.2.kind", "hall", "venues.2.x", "120", "venues.2.y", "giữa")
	a := p.post(desk+"/venues", append(slices.Clone(typed), "do", "row")...)
	if d := a.doc(t); a.Status != 200 || d.Find(`[name="venues.3.name"]`).Length() != 1 || d.Find(`[name="venues.2.y"]`).AttrOr("value", "") != "giữa" {
		t.Errorf("a row more: %d", a.Status)
	}
	a = p.post(desk+"/venues", append(slices.Clone(typed), "do", "save")...)
	for _, field := range []string{"venues.2.x", "venues.2.y"} {
		if a.Status != 422 || a.doc(t).Find(`.problem a[href="#`+field+`"]`).Length() != 1 {
			t.Errorf("%s: %d %s", field, a.Status, squash(a.doc(t).Find(".problem").Text()))
		}
	}
	if a := p.post(desk+"/venues", pairsOf(v, "venues.2.x", "90", "venues.2.y", "50", "do", "save")...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := p.post(desk+"/venues", pairsOf(v, "do", "save")...); a.Status != 409 {
		t.Errorf("venues changed by somebody else: %d", a.Status)
	}
	b := p.form(desk+"/booths", desk+"/booths")
	a = p.post(desk+"/booths", pairsOf(b, "booths.1.number", "A1", "booths.1.producer", "somebody", "booths.1.venue", "nha", "do", "save")...)
	if a.Status != 422 || a.doc(t).Find(`.problem a[href="#booths.1.producer"]`).Length() != 1 {
		t.Errorf("a producer that is not offered: %d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := p.post(desk+"/booths", pairsOf(b, "booths.1.producer", ourOrg, "booths.1.pickup", "on", "do", "save")...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	e, err := s.fest.Edition(context.Background(), strings.TrimPrefix(desk, "/console/festival/"))
	must(t, err)
	if len(e.Venues) != 2 || e.Venues[1].ID != "nha" || len(e.Booths) != 1 || !e.Booths[0].Pickup || e.Booths[0].ID != "a1" {
		t.Errorf("%+v %+v", e.Venues, e.Booths)
	}
}

func TestACommitteeFillsTheProgramme(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	p := s.enter(account.Organizer)
	path := ourFest + "/events/new"
	v := p.form(path, path)
	fill := func(pairs ...string) []string {
		return pairsOf(map[string]string{"token": v["token"], "id": v["id"], "kind": "talk", "title": "Chuyện rang", "venue": "nha-trung-bay", "day": "2026-12-20", "begins": "14:00", "ends": "15:30", "entry": "free",
			"speakers.rows": "2", "types.rows": "2", "policy.rows": "2", "do": "save"}, pairs...)
	}
	ticket := []string{"entry", "ticketed", "capacity", "30", "types.1.name", "Người lớn", "types.1.price", "50.000"}
	for field, pairs := range map[string][]string{
		"kind": {"kind", "party"}, "title": {"title", ""}, "venue": {"venue", "x"}, "day": {"day", ""}, "begins": {"begins", "25:00"}, "ends": {"ends", ""}, "booths": {"booths", "A1, Z9"}, "speakers.1.name": {"speakers.1.of", "Viện"},
		"capacity": append(slices.Clone(ticket), "capacity", "nhiều"), "types": {"entry", "ticketed", "capacity", "5"}, "types.1.price": append(slices.Clone(ticket), "types.1.price", "rẻ"),
		"policy.1.percent": append(slices.Clone(ticket), "policy.1.hours", "24", "policy.1.percent", "nửa"), "policy.1.hours": append(slices.Clone(ticket), "policy.1.hours", "9999", "policy.1.percent", "50"),
		"until": {"until", "mai"},
	} {
		a := p.post(path, fill(pairs...)...)
		if d := a.doc(t); a.Status != 422 || d.Find(`.problem a[href="#`+field+`"]`).Length() != 1 || d.Find(".problem li").Length() != 1 {
			t.Errorf("%s: %d %s", field, a.Status, squash(d.Find(".problem").Text()))
		}
	}
	// Another event has the hall; the message says when.
	a := p.post(path, fill("day", "2026-12-19", "begins", "10:00", "ends", "12:00")...)
	if text := squash(a.doc(t).Find(".problem").Text()); a.Status != 422 || !strings.Contains(text, "từ 09:30 đến 11:00") {
		t.Errorf("%d %s", a.Status, text)
	}
	a = p.post(path, fill("do", "more.types", "types.1.name", "Trẻ em")...)
	if d := a.doc(t); a.Status != 200 || d.Find(`[name="types.2.name"]`).Length() != 1 || d.Find(`[name="types.1.name"]`).AttrOr("value", "") != "Trẻ em" {
		t.Errorf("a row more: %d", a.Status)
	}
	for range 2 {
		a = p.post(path, fill(append(slices.Clone(ticket), "begins", "14h", "ends", "15h30", "booths", "a1, A 3", "speakers.1.name", "Lò Văn A", "policy.0.hours", "24", "policy.0.percent", "50", "policy.1.hours", "48", "policy.1.percent", "100", "cutoff", "2")...)...)
		if a.Status != 303 || a.Header.Get("Location") != ourFest+"?done=event_saved" {
			t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
		}
	}
	got, err := s.fest.Event(ctx, v["id"])
	must(t, err)
	if got.Start.In(lang.Zone).Format("2006-01-02 15:04") != "2026-12-20 14:00" || got.End.Sub(got.Start) != 90*time.Minute || !slices.Equal(got.Booths, []string{"a1", "a3"}) || len(got.Speakers) != 1 ||
		len(got.Types) != 1 || got.Types[0].Price != 50_000 || !got.Types[0].Alone || len(got.Policy) != 2 || got.Policy[0].Hours != 48 || got.Slug != "chuyen-rang" {
		t.Errorf("%+v", got)
	}
	one := ourFest + "/events/" + v["id"]
	f := p.form(one, one)
	if f["begins"] != "14:00" || f["booths"] != "A1, A3" || f["types.0.price"] != "50.000" || f["policy.0.hours"] != "48" || f["entry"] != "ticketed" {
		t.Errorf("%v", f)
	}
	// Past midnight, without another day.
	if a := p.post(one, pairsOf(f, "begins", "23:00", "ends", "01:00", "day", "2026-12-18", "venue", "san-khau-xoe")...); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := p.post(one, pairsOf(f, "title", "Của tôi")...); a.Status != 409 || a.doc(t).Find("#title").AttrOr("value", "") != "Của tôi" || a.doc(t).Find(`main a[href="`+one+`"]`).Length() != 1 {
		t.Errorf("changed by somebody else: %d", a.Status)
	}
	if text := squash(s.get("/festival/" + festYear + "/chuyen-rang").doc(t).Find(".changed").Text()); !strings.Contains(text, "Giờ cũ: Chủ Nhật, 20/12/2026, 14:00–15:30; Nơi cũ: Nhà trưng bày") {
		t.Errorf("visitors read %q", text)
	}
	if got, _ = s.fest.Event(ctx, v["id"]); got.Sequence != 1 || got.End.Sub(got.Start) != 2*time.Hour {
		t.Errorf("%+v", got)
	}
}

func TestEventsAreCopiedCalledOffAndDiscarded(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Organizer)
	copied := p.form(ourFest+"/events/new?from=demo-su-kien-9", ourFest+"/events/new")
	if copied["title"] == "" || copied["types.1.child"] != "on" || copied["id"] == "demo-su-kien-9" || copied["seen"] != "" {
		t.Errorf("%v", copied)
	}
	if a := p.get(ourFest + "/events/new?from=nothing"); a.Status != 404 {
		t.Errorf("a copy of nothing: %d", a.Status)
	}
	token := copied["token"]
	a := p.post(ourEvent+"/off", "token", token, "reason", " ", "reasonEn", "x")
	if d := a.doc(t); a.Status != 422 || d.Find(`.problem a[href="#reason"]`).Length() != 1 || d.Find("#title").AttrOr("value", "") != "Nếm thử cùng người rang" {
		t.Errorf("%d %s", a.Status, squash(d.Find(".problem").Text()))
	}
	if a := p.post(ourEvent+"/off", "token", token, "reason", "Người rang ốm"); a.Status != 303 {
		t.Fatal(a.Status)
	}
	page := s.get("/festival/" + festYear + "/nem-thu-cung-nguoi-rang")
	if text := squash(page.doc(t).Find("main").Text()); !strings.Contains(text, "Đã hủy") || !strings.Contains(text, "Người rang ốm") || !strings.Contains(page.Body, "EventCancelled") {
		t.Errorf("visitors read %s", text)
	}
	if d := p.get(ourEvent).doc(t); d.Find(`form[action="`+ourEvent+`"]`).Length() != 0 || d.Find(`a[href="`+ourFest+`/events/new?from=demo-su-kien-5"]`).Length() != 1 {
		t.Error("what was called off can be edited, or not copied")
	}
	if a := p.post(ourEvent+"/drop", "token", token); a.Status != 409 {
		t.Errorf("what visitors know is discarded: %d", a.Status)
	}
	// Its hour is free again.
	again := p.form(ourFest+"/events/new?from=demo-su-kien-5", ourFest+"/events/new")
	if a := p.post(ourFest+"/events/new", pairsOf(again, "do", "save")...); a.Status != 303 {
		t.Errorf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
}

func TestADraftEventIsPreviewedAndDiscarded(t *testing.T) {
	s := newSite(t)
	ctx := context.Background()
	p := s.enter(account.Organizer)
	e, err := s.fest.Save(ctx, tours.EditionEdit{Edition: tours.Edition{ID: strings.Repeat("e", 24), Org: committee, Name: lang.Text{Vi: "Kỳ sau"}, From: start.AddDate(1, 0, 0), To: start.AddDate(1, 0, 0), Ground: tours.Ground{Commune: "03670"}}})
	must(t, err)
	e.Venues = []tours.Venue{{Name: lang.Text{Vi: "Sân"}, Kind: tours.AtField}}
	_, err = s.fest.SetVenues(ctx, tours.EditionEdit{Edition: e, Seen: e.Changed})
	must(t, err)
	_, err = s.fest.SaveEvent(ctx, tours.EventEdit{Event: tours.Event{ID: strings.Repeat("f", 24), Edition: e.ID, Kind: tours.Talk, Title: lang.Text{Vi: "Nháp"}, Venue: "san", Start: start.AddDate(1, 0, 0), End: start.AddDate(1, 0, 0).Add(time.Hour)}})
	must(t, err)
	one := "/console/festival/" + e.ID + "/events/" + strings.Repeat("f", 24)
	if a := p.get(one + "/preview"); a.Status != 200 || !strings.Contains(a.Body, "Nháp") || a.doc(t).Find(`main .done a[href="`+one+`"]`).Length() != 1 {
		t.Errorf("the preview: %d", a.Status)
	}
	if a := p.get("/console/festival/demo-le-hoi/events/" + strings.Repeat("f", 24)); a.Status != 404 {
		t.Errorf("under another edition: %d", a.Status)
	}
	if a := p.post(one+"/drop", "token", p.token()); a.Status != 303 || p.get(one).Status != 404 {
		t.Errorf("not discarded: %d", a.Status)
	}
}

func TestPhotoOfTheFestival(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Organizer)
	path := ourFest + "/photo"
	for name, content := range map[string]string{"nothing": "", "no picture": "Đây là chữ."} {
		a := p.sendFile(path, "photo", "anh.jpg", content)
		if a.Status != 422 || a.doc(t).Find(`.problem a[href="#photo"]`).Length() != 1 {
			t.Errorf("%s: %d %s", name, a.Status, squash(a.doc(t).Find(".problem").Text()))
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, 640, 360))))
	if a := p.sendFile(path, "photo", "anh.png", b.String()); a.Status != 303 {
		t.Fatalf("%d %s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	photo := s.get("/festival/"+festYear).doc(t).Find("img.edition-photo").AttrOr("src", "")
	if a := s.get(photo); a.Status != 200 || a.Header.Get("Content-Type") != "image/jpeg" {
		t.Errorf("%q: %d", photo, a.Status)
	}
	if a := p.post(path, "token", p.token(), "remove", "on"); a.Status != 303 || s.get("/festival/"+festYear).doc(t).Find("img").Length() != 0 {
		t.Errorf("it was not taken away: %d", a.Status)
	}
}

func TestWhoMayHoldAFestival(t *testing.T) {
	s := newSite(t)
	for _, r := range []account.Role{account.Owner, account.Operator, account.Authority, account.Buyer} {
		p := s.enter(r)
		token := p.token()
		for _, path := range []string{ourFest + "/edit", ourFest + "/venues", ourFest + "/publish", ourFest + "/withdraw", ourEvent, ourEvent + "/off", ourEvent + "/drop", ourFest + "/photo"} {
			if a := p.get(path); a.Status != 404 {
				t.Errorf("%s reads %s: %d", r, path, a.Status)
			}
			if a := p.post(path, "token", token, "reason", "x"); a.Status != 404 {
				t.Errorf("%s changes %s: %d", r, path, a.Status)
			}
		}
		if strings.Contains(p.get("/console").Body, "/console/festival") {
			t.Errorf("%s is led to what is closed", r)
		}
	}
	p := s.enter(account.Organizer)
	if !strings.Contains(p.get("/console").Body, `href="/console/festival"`) {
		t.Error("the committee is not led to its festival")
	}
	if a := p.post(ourFest+"/withdraw", "reason", "x"); a.Status != 403 {
		t.Errorf("without a token: %d", a.Status)
	}
}

// The operator suspends a committee: its festival is shown to nobody, and again
// when the suspension is lifted.
func TestTheFestivalOfASuspendedCommittee(t *testing.T) {
	s := newSite(t)
	e, err := s.fest.Edition(context.Background(), seed.Festival)
	must(t, err)
	operator := s.enter(account.Operator)
	act := func(what string) {
		t.Helper()
		d := operator.get("/console/market/" + committee).doc(t)
		f := d.Find(`form:has([name="act"][value="` + what + `"])`)
		pairs := []string{"act", what, "reason", "Giấy phép hết hạn.", "token", operator.token()}
		for _, name := range []string{"seq", "seen"} {
			pairs = append(pairs, name, f.Find(`[name="`+name+`"]`).AttrOr("value", ""))
		}
		if a := operator.post("/console/market/"+committee, pairs...); a.Status != 303 {
			t.Fatalf("%s: %d %s", what, a.Status, text(a.doc(t), ".problem"))
		}
	}
	for _, x := range []struct {
		act    string
		status int
	}{{"suspend", 404}, {"lift", 200}} {
		act(x.act)
		for _, path := range []string{e.Path(), e.Path() + "/print", e.Path() + ".ics"} {
			if a := s.get(path); a.Status != x.status {
				t.Errorf("%s after %s: %d", path, x.act, a.Status)
			}
		}
		for _, path := range []string{"/festival", "/sitemap.xml"} {
			if got := strings.Contains(s.get(path).Body, e.Path()); got != (x.status == 200) {
				t.Errorf("%s after %s leads there: %t", path, x.act, got)
			}
		}
	}
}

func TestTheFestivalWithABrokenStore(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Organizer)
	v := p.form(ourFest+"/edit", ourFest+"/edit")
	s.store.fail(fault.New(fault.Unavailable, "store.busy"))
	for _, path := range []string{"/festival", "/festival/" + festYear, "/festival/" + festYear + ".ics", "/festival/" + festYear + "/print", "/festival/" + festYear + "/thi-pha-phin", ourFest, ourFest + "/booths"} {
		if a := p.get(path); a.Status != 503 {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	if a := p.post(ourFest+"/edit", pairsOf(v)...); a.Status != 503 {
		t.Errorf("saving: %d", a.Status)
	}
	s.store.fail(nil)
}

// A programme as large as the rules allow fits into the forms.
func TestHundredsOfBooths(t *testing.T) {
	s := newSite(t)
	p := s.enter(account.Organizer)
	v := url.Values{}
	for name, value := range p.form(ourFest+"/booths", ourFest+"/booths") {
		v.Set(name, value)
	}
	const many = 400
	v.Set("rows", strconv.Itoa(many))
	v.Set("do", "save")
	for i := range many {
		at := "booths." + strconv.Itoa(i) + "."
		v.Set(at+"number", "C"+strconv.Itoa(i))
		v.Set(at+"venue", "cho-ca-phe")
		v.Set(at+"producer", "")
		v.Set(at+"name", "Gian hàng của hội nông dân xã số "+strconv.Itoa(i))
	}
	var pairs []string
	for name := range v {
		pairs = append(pairs, name, v.Get(name))
	}
	if a := p.post(ourFest+"/booths", pairs...); a.Status != 303 {
		t.Errorf("%d %.300s", a.Status, squash(a.doc(t).Find(".problem").Text()))
	}
	if a := p.get(ourFest + "/booths"); a.Status != 200 {
		t.Error(a.Status)
	}
}
