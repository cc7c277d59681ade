package mail

import (
	"nguon/app/ical"
)

// calendar is the entry of a calendar that comes with a message: it asks for a
// place in it, or takes its place back (RFC 5546).
func (d doc) calendar(base, host string) (text string, cancels bool) {
	e := d.Event
	if e == nil {
		return "", false
	}
	method := ical.Request
	if e.Cancelled {
		method = ical.Cancel
	}
	link := ""
	if isPath(e.Link) {
		link = base + d.Lang.Path(e.Link)
	}
	c := ical.Calendar{Method: method, Events: []ical.Event{{UID: e.UID + "@" + host, Start: e.Start, End: e.End, Stamp: d.At, Sequence: e.Sequence, Cancelled: e.Cancelled,
		Summary: e.Title, Description: e.Text, Location: e.Place, Lat: e.Lat, Lon: e.Lon, URL: link}}}
	return c.String(), e.Cancelled
}
