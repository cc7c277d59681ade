package views

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"nguon/app/lang"
	"nguon/tours"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before it is committed")

func festDoc(t *testing.T, l lang.Lang, name string) *goquery.Document {
	t.Helper()
	d, _ := mustDocument(t, festivalPages(l)[name])
	return d
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// sheet is what a page says, a line for each element that holds words itself.
func sheet(d *goquery.Document) string {
	var b strings.Builder
	d.Find("main").Find("h1, p, caption, tr").Each(func(_ int, s *goquery.Selection) {
		if goquery.NodeName(s) != "tr" {
			b.WriteString(text(s) + "\n")
			return
		}
		var cells []string
		s.Find("th, td").Each(func(_ int, c *goquery.Selection) { cells = append(cells, text(c)) })
		b.WriteString("  " + strings.Join(cells, " | ") + "\n")
	})
	return b.String()
}

// The printable programme, as it reads.
func TestPrintedProgramme(t *testing.T) {
	for _, l := range lang.All {
		name := "testdata/programme." + string(l) + ".txt"
		d := festDoc(t, l, "edition-print")
		got := sheet(d)
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs:\n%s", name, got)
		}
		if d.Find(`script:not([type="application/ld+json"])`).Length() != 0 {
			t.Error("the sheet needs a script")
		}
	}
}

func TestTheProgrammeByDayAndVenue(t *testing.T) {
	for name, want := range map[string]string{
		"edition":       "8:18/8:19/8:20",
		"edition-day":   "8:19",
		"edition-venue": "8:18/8:19",
		"edition-day-0": "8:20",
		"edition-bare":  "",
	} {
		var days []string
		festDoc(t, lang.Vi, name).Find(".programme-day h3").Each(func(_ int, s *goquery.Selection) {
			_, day, _ := strings.Cut(text(s), ", ")
			days = append(days, "8:"+day[:2])
		})
		if got := strings.Join(days, "/"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
	d := festDoc(t, lang.Vi, "edition-venue")
	if got := d.Find(".programme > li"); got.Length() != 2 || strings.Contains(got.Text(), "Chợ") {
		t.Errorf("other venues: %s", text(got))
	}
	if d.Find(".visits").Length() != 0 {
		t.Error("visits show where only one venue was asked for")
	}
	if got := d.Find(`.plan .here`); got.Length() != 1 {
		t.Error("the plan does not show the venue")
	}
	if got := d.Find(`.on-days a[aria-current]`); got.Length() != 1 || got.AttrOr("href", "") != "/festival/2026?venue=nha#programme" {
		t.Errorf("the days: %s", got.AttrOr("href", ""))
	}
	if got := d.Find(`.on-days a`).Eq(2).AttrOr("href", ""); got != "/festival/2026?day=2026-12-19&venue=nha#programme" {
		t.Errorf("a day leads to %s", got)
	}
	if got := d.Find(`link[rel="canonical"]`).AttrOr("href", ""); got != "https://nguon.example/festival/2026" {
		t.Errorf("search engines keep %s", got)
	}
}

func TestEventsSayWhatBecameOfThem(t *testing.T) {
	d := festDoc(t, lang.Vi, "edition")
	rows := map[string]string{}
	d.Find(".programme > li").Each(func(_ int, s *goquery.Selection) {
		rows[text(s.Find("h4"))] += text(s.Find(".when")) + "; " + text(s.Find(".changed")) + "; " + text(s.Find(".entry")) + "|"
	})
	for title, want := range map[string]string{
		"Chợ cà phê":              "08:00 – 17:00 CN 20/12; ; |08:00 T6 18/12 – 17:00 CN 20/12; ; |08:00 T6 18/12 – 17:00; ; |",
		"Chuyện một gói cà phê":   "14:00–15:30; Đã đổi Giờ cũ: Thứ Bảy, 19/12/2026, 09:00–10:00; Nơi cũ: Sân khấu. Đổi ngày 10/12/2026.; |",
		"Đêm xòe":                 "22:00 – 01:00 T7 19/12; ; |22:00 T6 18/12 – 01:00; ; |",
		"Thi hái quả chín":        "08:00–09:30; Đã hủy Mưa lớn, sân hái trơn.; |",
		"Nếm thử cùng người rang": "09:30–11:00; ; Vé từ 80.000 ₫|",
	} {
		if rows[title] != want {
			t.Errorf("%s: %q, want %q", title, rows[title], want)
		}
	}
	if got := d.Find(".visits a"); got.Length() != 1 || text(got) != "Hái và rang ở bản Mẫu Đi lúc 07:30 6" || got.AttrOr("href", "") != "/x?departure=d1" {
		t.Errorf("visits: %s", text(got))
	}
}

func TestBoothsLeadToProducers(t *testing.T) {
	d := festDoc(t, lang.En, "edition")
	if got := d.Find("#booth-a1 a").AttrOr("href", ""); got != "/en/producers/htx-ca-phe-mau" {
		t.Error(got)
	}
	if got := text(d.Find("#booth-a2")); !strings.Contains(got, "Hội <b>Nông dân</b>") || d.Find("#booth-a2 a").Length() != 0 {
		t.Error(got)
	}
	if got := text(d.Find("#booth-a3")); !strings.Contains(got, "To be announced") {
		t.Errorf("a producer that the shop does not show: %s", got)
	}
	if d.Find("#booths .note").Length() != 1 || d.Find("#booths .tag").Length() != 1 {
		t.Error("where orders can be fetched")
	}
	if got := text(festDoc(t, lang.Vi, "producer-booth").Find(".at-festival")); !strings.Contains(got, "gian A1") {
		t.Errorf("the producer's page: %q", got)
	}
}

// events reads the linked data of a page.
func linked(t *testing.T, d *goquery.Document, kind string) map[string]any {
	t.Helper()
	var found map[string]any
	d.Find(`script[type="application/ld+json"]`).Each(func(_ int, s *goquery.Selection) {
		var v map[string]any
		if err := json.Unmarshal([]byte(s.Text()), &v); err != nil {
			t.Fatal(err)
		}
		if v["@type"] == kind {
			found = v
		}
	})
	if found == nil {
		t.Fatalf("no %s", kind)
	}
	return found
}

func TestLinkedDataOfTheFestival(t *testing.T) {
	f := linked(t, festDoc(t, lang.En, "edition"), "Festival")
	parts, _ := f["subEvent"].([]any)
	if f["startDate"] != "2026-12-18" || f["endDate"] != "2026-12-20" || len(parts) != 5 || f["url"] != "https://nguon.example/en/festival/2026" {
		t.Errorf("%v", f)
	}
	moved := linked(t, festDoc(t, lang.Vi, "event"), "Event")
	if moved["eventStatus"] != "https://schema.org/EventRescheduled" || moved["previousStartDate"] != "2026-12-19T09:00:00+07:00" || moved["isAccessibleForFree"] != true || moved["offers"] != nil {
		t.Errorf("%v", moved)
	}
	if off := linked(t, festDoc(t, lang.Vi, "event-off"), "Event"); off["eventStatus"] != "https://schema.org/EventCancelled" {
		t.Errorf("%v", off)
	}
	paid := linked(t, festDoc(t, lang.Vi, "event-ticketed"), "Event")
	offers, _ := paid["offers"].([]any)
	place, _ := paid["location"].(map[string]any)
	if len(offers) != 2 || offers[0].(map[string]any)["price"] != 80_000.0 || paid["isAccessibleForFree"] != false || place["name"] != "Nhà trưng bày" || place["geo"] == nil {
		t.Errorf("%v", paid)
	}
}

func TestEventPagesHaveTheirNextStep(t *testing.T) {
	for name, want := range map[string]string{"event": "/festival/2026/chuyen-mot-goi-ca-phe.ics", "event-off": "/festival/2026?day=2026-12-19#programme"} {
		if got := festDoc(t, lang.Vi, name).Find(".acts .btn").First().AttrOr("href", ""); got != want {
			t.Errorf("%s leads to %s", name, got)
		}
	}
	d := festDoc(t, lang.Vi, "event-ticketed")
	got := text(d.Find("#tickets"))
	for _, want := range []string{"Người lớn 80.000 ₫", "Trẻ em đi cùng người lớn Miễn phí", "Trả đến 17/12/2026 09:30: hoàn 100 %.", "Trả đến 18/12/2026 09:30: hoàn 50 %."} {
		if !strings.Contains(got, want) {
			t.Errorf("the tickets lack %q: %s", want, got)
		}
	}
	if !strings.Contains(text(d.Find(".facts")), "19/12/2026 07:30") {
		t.Error("the last moment to reserve a seat")
	}
}

func TestTheDeskSaysWhatComesNext(t *testing.T) {
	desk := func(name string) *goquery.Document {
		d, _ := mustDocument(t, festivalDeskPages(lang.Vi)[name])
		return d
	}
	d := desk("fest-draft")
	if got := d.Find(".lacks a"); got.Length() != 3 || !strings.HasSuffix(got.Last().AttrOr("href", ""), "/venues") || d.Find(`form[action$="/publish"]`).Length() != 0 {
		t.Errorf("a draft: %s", text(got))
	}
	if desk("fest-ready").Find(`.step form[action$="/publish"]`).Length() != 1 {
		t.Error("what is complete cannot be published")
	}
	if d = desk("fest-edition"); d.Find(`form[action$="/withdraw"]`).Length() != 1 || d.Find(`form[action$="/publish"]`).Length() != 0 {
		t.Error("what is published cannot be withdrawn")
	}
	for name, forms := range map[string]string{"fest-event": "/off", "fest-event-draft": "/drop", "fest-event-off": ""} {
		d := desk(name)
		if off, drop := d.Find(`form[action$="/off"]`).Length() == 1, d.Find(`form[action$="/drop"]`).Length() == 1; off != (forms == "/off") || drop != (forms == "/drop") {
			t.Errorf("%s: call off %v, discard %v", name, off, drop)
		}
	}
	if got := desk("fest-event-stale").Find("main > .wrap > a.btn").AttrOr("href", ""); !strings.HasSuffix(got, "/events/v2") {
		t.Errorf("the latest version is at %q", got)
	}
}

func TestPlanKeepsInside(t *testing.T) {
	for _, v := range []tours.Venue{{X: -9, Y: 0}, {X: 50, Y: 50}, {X: 100, Y: 1000}} {
		x, y := onPlan(v)
		if x < planMargin || x > planWidth-planMargin || y < planMargin || y > planHeight-planMargin {
			t.Errorf("%+v stands at %.1f, %.1f", v, x, y)
		}
	}
}
