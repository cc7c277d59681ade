// Package ical writes calendars that phones and mail programs take in (RFC 5545):
// moments in UTC, lines of at most 75 octets that end in CRLF. It does no I/O.
package ical

import (
	"strconv"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// ContentType is what a calendar is sent as.
const ContentType = "text/calendar; charset=utf-8"

// Method says what a calendar in a mail asks for (RFC 5546). The zero value leaves
// it out, as in a file that somebody fetches.
type Method string

// Methods.
const (
	Publish Method = "PUBLISH"
	Request Method = "REQUEST"
	Cancel  Method = "CANCEL"
)

// Calendar is a list of events with a name.
type Calendar struct {
	Name   string
	URL    string // of the page that it stands for
	Method Method
	Events []Event
}

// Event is one entry. What is empty is left out.
type Event struct {
	UID         string // stays the same for ever
	Start, End  time.Time
	Stamp       time.Time // when what is said here was written
	Sequence    int64     // grows when time, place or state change
	Cancelled   bool
	Summary     string
	Description string
	Location    string
	URL         string
	Lat, Lon    float64 // WGS 84; 0 and 0 for none
	Organizer   string
	Phone       string
	Mail        string        // of the organizer; programs that answer need it
	Alarm       time.Duration // before it begins; 0 for none
}

const lineLength = 75 // octets

// String is the calendar as it is sent.
func (c Calendar) String() string {
	cal := ics.NewCalendar()
	cal.SetProductId("-//Nguon//Ca phe Son La//VI")
	cal.SetCalscale("GREGORIAN")
	if c.Method != "" {
		cal.SetMethod(ics.Method(c.Method))
	}
	if c.Name != "" {
		cal.SetName(plain(c.Name))
	}
	if c.URL != "" {
		cal.SetUrl(plain(c.URL))
	}
	for _, e := range c.Events {
		e.add(cal)
	}
	return cal.Serialize(ics.WithLineLength(lineLength), ics.WithNewLine("\r\n"))
}

func (e Event) add(cal *ics.Calendar) {
	v := cal.AddEvent(plain(e.UID))
	v.SetDtStampTime(e.Stamp)
	v.SetModifiedAt(e.Stamp)
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End)
	v.SetSequence(int(e.Sequence))
	v.SetStatus(ics.ObjectStatusConfirmed)
	if e.Cancelled {
		v.SetStatus(ics.ObjectStatusCancelled)
	}
	for _, p := range []struct {
		name ics.ComponentProperty
		text string
	}{
		{ics.ComponentPropertySummary, e.Summary}, {ics.ComponentPropertyDescription, e.Description},
		{ics.ComponentPropertyLocation, e.Location}, {ics.ComponentPropertyUrl, e.URL}, {ics.ComponentPropertyContact, e.contact()},
	} {
		if p.text != "" {
			v.SetProperty(p.name, plain(p.text))
		}
	}
	if e.Lat != 0 || e.Lon != 0 {
		v.SetGeo(degrees(e.Lat), degrees(e.Lon))
	}
	if e.Mail != "" {
		v.SetOrganizer("mailto:"+plain(e.Mail), ics.WithCN(named(e.Organizer)))
	}
	if e.Alarm > 0 && !e.Cancelled {
		a := v.AddAlarm()
		a.SetAction(ics.ActionDisplay)
		a.SetTrigger("-PT" + strconv.FormatInt(int64(e.Alarm/time.Minute), 10) + "M")
		a.SetProperty(ics.ComponentPropertyDescription, plain(e.Summary))
	}
}

// contact is who answers questions.
func (e Event) contact() string {
	if e.Organizer == "" || e.Phone == "" {
		return e.Organizer + e.Phone
	}
	return e.Organizer + ", " + e.Phone
}

func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }

// plain keeps what a text may hold: line ends become one character, which is
// escaped, and other control characters go, so that no text begins a line.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r != '\n' && r != '\t' && (r < ' ' || r == 0x7f):
			return -1
		}
		return r
	}, s)
}

// named is a name as a parameter takes it: such a value has no escapes.
func named(s string) string {
	return strings.Join(strings.FieldsFunc(plain(s), func(r rune) bool { return r == ' ' || strings.ContainsRune("\"\n\t,;:\\'", r) }), " ")
}
