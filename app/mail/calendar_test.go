package mail

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"nguon/app/lang"
	"nguon/app/outbox"
)

// A mail about a visit brings the entry of a calendar; one about a visit that is
// off takes the same entry out again.
func TestACalendarComesWithAMail(t *testing.T) {
	at := time.Date(2026, 12, 12, 1, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		cancelled bool
		sequence  int64
		method    string
		status    string
	}{{false, 0, "REQUEST", "CONFIRMED"}, {false, 2, "REQUEST", "CONFIRMED"}, {true, 3, "CANCEL", "CANCELLED"}} {
		d := doc{ID: "m", Lang: lang.En, At: at, Event: &outbox.Event{UID: "booking-1", Start: at, End: at.Add(time.Hour), Sequence: tt.sequence, Cancelled: tt.cancelled,
			Title: "Hái quả, rang; và thử nếm", Place: "Cổng xưởng", Link: "/tickets/x"}}
		text, cancels := d.calendar("https://nguon.example", "nguon.example")
		cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
		if err != nil {
			t.Fatal(err)
		}
		e := cal.Events()[0]
		got := func(name string) string {
			p := e.Props.Get(name)
			if p == nil {
				return ""
			}
			return p.Value
		}
		title, err := e.Props.Text("SUMMARY")
		if err != nil || cancels != tt.cancelled || cal.Props.Get("METHOD").Value != tt.method || got("STATUS") != tt.status || got("UID") != "booking-1@nguon.example" ||
			got("SEQUENCE") != string('0'+byte(tt.sequence)) || title != "Hái quả, rang; và thử nếm" || got("URL") != "https://nguon.example/en/tickets/x" {
			t.Errorf("%v: %s", err, text)
		}
		m := message(Envelope{ID: "m", From: nil, To: nil, Calendar: text, Cancels: cancels, Text: "x", HTML: "<p>x"})
		var b bytes.Buffer
		if _, err := m.WriteTo(&b); err != nil && !strings.Contains(err.Error(), "sender") {
			t.Fatal(err)
		}
		if s := b.String(); !strings.Contains(s, "method="+tt.method) || !strings.Contains(s, "visit.ics") {
			t.Error(s)
		}
	}
}
