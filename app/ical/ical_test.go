package ical

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	goical "github.com/emersion/go-ical"
)

var begins = time.Date(2026, 12, 18, 19, 0, 0, 0, time.FixedZone("+07", 7*60*60))

func opening() Event {
	return Event{UID: "v1@nguon.example", Start: begins, End: begins.Add(2 * time.Hour), Stamp: begins.AddDate(0, 0, -20), Sequence: 3,
		Summary:     "Khai mạc Lễ hội cà phê Sơn La: rước cờ, múa xòe; và \\ nếm thử",
		Description: "Dòng một, có phẩy; có chấm phẩy\r\nDòng hai: " + strings.Repeat("cà phê chè Sơn La thơm lừng ", 12),
		Location:    "Sân khấu chính, Quảng trường Tây Bắc", URL: "https://nguon.example/festival/2026/khai-mac", Lat: 21.3301, Lon: 103.9123,
		Organizer: "Ban tổ chức; \"mẫu\"", Phone: "0212 000 000", Mail: "hoi@nguon.example", Alarm: 3 * time.Hour}
}

func parse(t *testing.T, text string) *goical.Calendar {
	t.Helper()
	c, err := goical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return c
}

func text(t *testing.T, e goical.Event, name string) string {
	t.Helper()
	s, err := e.Props.Text(name)
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return s
}

func TestACalendarIsReadAsItWasMeant(t *testing.T) {
	in := opening()
	c := parse(t, Calendar{Name: "Lễ hội, 2026", URL: "https://nguon.example/festival/2026", Events: []Event{in, {UID: "v2", Start: begins, End: begins, Stamp: begins}}}.String())
	events := c.Events()
	if len(events) != 2 || c.Props.Get("METHOD") != nil {
		t.Fatalf("%d events", len(events))
	}
	e := events[0]
	if from, err := e.DateTimeStart(time.UTC); err != nil || !from.Equal(in.Start) || from.Location() != time.UTC {
		t.Error(from, err)
	}
	if to, err := e.DateTimeEnd(time.UTC); err != nil || !to.Equal(in.End) {
		t.Error(to, err)
	}
	for name, want := range map[string]string{"SUMMARY": in.Summary, "LOCATION": in.Location, "UID": in.UID, "DESCRIPTION": strings.ReplaceAll(in.Description, "\r", ""), "CONTACT": `Ban tổ chức; "mẫu", 0212 000 000`} {
		if got := text(t, e, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"SEQUENCE": "3", "STATUS": "CONFIRMED", "GEO": "21.330100;103.912300", "URL": in.URL, "ORGANIZER": "mailto:hoi@nguon.example", "DTSTART": "20261218T120000Z"} {
		if got := e.Props.Get(name).Value; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if cn := e.Props.Get("ORGANIZER").Params.Get("CN"); cn != "Ban tổ chức mẫu" {
		t.Errorf("CN %q", cn)
	}
	if len(e.Children) != 1 || e.Children[0].Props.Get("TRIGGER").Value != "-PT180M" {
		t.Errorf("%+v", e.Children)
	}
	if bare := events[1]; bare.Props.Get("GEO") != nil || bare.Props.Get("LOCATION") != nil || bare.Props.Get("ORGANIZER") != nil || len(bare.Children) != 0 {
		t.Error("what is empty is written")
	}
}

func TestACancelledEventSaysSo(t *testing.T) {
	in := opening()
	in.Cancelled, in.Sequence = true, 4
	c := parse(t, Calendar{Method: Cancel, Events: []Event{in}}.String())
	e := c.Events()[0]
	if e.Props.Get("STATUS").Value != "CANCELLED" || e.Props.Get("SEQUENCE").Value != "4" || c.Props.Get("METHOD").Value != "CANCEL" || len(e.Children) != 0 {
		t.Errorf("%v %v", c.Props, e.Props)
	}
}

// lines are the lines as they are sent.
func lines(t *testing.T, s string) []string {
	t.Helper()
	if !strings.HasSuffix(s, "\r\n") {
		t.Error("the last line does not end")
	}
	list := strings.Split(strings.TrimSuffix(s, "\r\n"), "\r\n")
	for _, l := range list {
		if len(l) > lineLength || !utf8.ValidString(l) || strings.ContainsAny(l, "\r\n") {
			t.Errorf("%d octets: %q", len(l), l)
		}
	}
	return list
}

func TestLinesAreShortAndWhole(t *testing.T) {
	in := opening()
	in.Summary = strings.Repeat("ặ", 200) // three octets each, no place to break
	s := Calendar{Name: strings.Repeat("Lễ hội ", 30), Events: []Event{in}}.String()
	folded := 0
	for _, l := range lines(t, s) {
		if strings.HasPrefix(l, " ") {
			folded++
		}
	}
	if folded < 10 {
		t.Errorf("%d folded lines", folded)
	}
	if got := text(t, parse(t, s).Events()[0], "SUMMARY"); got != in.Summary {
		t.Errorf("unfolded: %q", got)
	}
}

func TestNoTextBeginsALine(t *testing.T) {
	for _, evil := range []string{"a\r\nBEGIN:VEVENT", "a\nSTATUS:CANCELLED", "a\rATTENDEE:x", "a\x00\x1b\x7fb", "\xff"} {
		in := opening()
		in.UID, in.Summary, in.Location, in.Description, in.URL, in.Organizer, in.Phone = evil, evil, evil, evil, "https://x/", evil, evil
		s := Calendar{Name: evil, Events: []Event{in}}.String()
		for _, l := range lines(t, s) {
			if l == "STATUS:CANCELLED" || strings.HasPrefix(l, "ATTENDEE") || strings.ContainsAny(l, "\x00\x1b\x7f") {
				t.Errorf("%q became %q", evil, l)
			}
		}
		if n := strings.Count(s, "\r\nBEGIN:VEVENT\r\n"); n != 1 {
			t.Errorf("%q: %d events", evil, n)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("Cà phê, chè; \\n\nvà")
	f.Add("\r\n\r\n ")
	f.Add(strings.Repeat("ở ", 100))
	f.Fuzz(func(t *testing.T, s string) {
		in := opening()
		in.Summary, in.Organizer = s, s
		out := Calendar{Name: s, Events: []Event{in}}.String()
		lines(t, out)
		if got := parse(t, out).Events(); len(got) != 1 {
			t.Errorf("%d events", len(got))
		}
	})
}
