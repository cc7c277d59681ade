package views

import (
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/place"
	"nguon/catalog"
	"nguon/tours"
)

// TourKinds are all kinds of visits, in the order of menus.
var TourKinds = []tours.Kind{tours.Harvest, tours.Tasting, tours.Homestay, tours.Trail}

// TourHost is who receives the people of a tour. Path is "" for one without a page.
type TourHost struct {
	Name, NameEn, Path string
	Sells              bool
}

func (h TourHost) name(l lang.Lang) string { return lang.Text{Vi: h.Name, En: h.NameEn}.In(l) }

// TourList is /tours.
type TourList struct {
	Base
	Now      time.Time
	Kind     tours.Kind // of the filter, "" for all
	Day      *time.Time // that was chosen
	Month    time.Time  // of the calendar, its first day
	Calendar Calendar
	Tours    []tours.Tour               // of the kind
	OnDay    []tours.Departure          // of Tours, on Day
	Next     map[string]tours.Departure // the next that can be booked, by tour
	Ripe     []tours.Ripe
}

// Trip is a visit as a card.
type Trip struct {
	Tour tours.Tour
	Next *tours.Departure // that can be booked, nil for none
	Ripe tours.RipeState
	Now  time.Time
}

// TourPage is /tours/{slug}.
type TourPage struct {
	Base
	Tour       tours.Tour
	Host       TourHost
	Now        time.Time
	Day        *time.Time
	Month      time.Time
	Last       bool // later months have departures too
	Calendar   Calendar
	Departures []tours.Departure // of Day, or of Month
	Ripe       tours.RipeState
	Products   []TourProduct
	Edition    *tours.Edition // of the festival that the tour belongs to, nil for none
	Reviews    []tours.Review
}

// TourProduct is a product that a tour shows.
type TourProduct struct {
	Product catalog.Product
	Maker   catalog.Producer
}

// Calendar is one month of departures, by day.
type Calendar struct {
	Month time.Time
	Days  []CalendarDay // of the month, the first first
	Now   time.Time
}

// CalendarDay is what is free on one day.
type CalendarDay struct {
	Date  time.Time
	Leave int   // departures
	Free  int64 // seats that can be booked
}

// NewCalendar counts what is free on each day of a month.
func NewCalendar(month, now time.Time, list []tours.Departure) Calendar {
	c := Calendar{Month: month, Now: now}
	for day := month; day.Month() == month.Month(); day = day.AddDate(0, 0, 1) {
		x := CalendarDay{Date: day}
		for _, d := range list {
			if lang.Day(d.Start) == lang.Day(day) && d.Start.After(now) {
				x.Leave++
				if d.Bookable(now) == nil {
					x.Free += d.Left(now)
				}
			}
		}
		c.Days = append(c.Days, x)
	}
	return c
}

// blanks are the days of the week before the first of the month; weeks begin on
// Monday.
func (c Calendar) blanks() int { return (int(c.Month.Weekday()) + 6) % 7 }

// prev is whether a month before still has days to come.
func (c Calendar) prev() bool { return c.Month.After(c.Now) }

// Component renders the page.
func (p TourList) Component() templ.Component {
	p.Base = p.named(p.T("visit.list.title"), p.T("visit.list.description"))
	for _, t := range p.Tours {
		p.shows(t.Demo)
	}
	return p.page()
}

// Component renders the page.
func (p TourPage) Component() templ.Component {
	p.Base = p.named(p.Tour.Title().In(p.Lang), firstSentence(p.Tour.Story.In(p.Lang)))
	return p.page()
}

// firstSentence is how a text begins, for a description.
func firstSentence(s string) string {
	for i, r := range s {
		if r == '\n' || i > 40 && (r == '.' || r == ';') || i > 200 {
			return s[:i]
		}
	}
	return s
}

// with is the address of the list with other choices.
func (p TourList) with(kind tours.Kind, day *time.Time, month time.Time) string {
	v := url.Values{}
	if kind != "" {
		v.Set("kind", string(kind))
	}
	switch {
	case day != nil:
		v.Set("day", day.Format(time.DateOnly))
	case !month.IsZero():
		v.Set("month", month.Format("2006-01"))
	}
	return address("/tours", v)
}

func address(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

func (p TourPage) path() string { return "/tours/" + p.Tour.Slug }

func (p TourPage) at(day *time.Time, month time.Time) string {
	v := url.Values{}
	if day != nil {
		v.Set("day", day.Format(time.DateOnly))
	} else {
		v.Set("month", month.Format("2006-01"))
	}
	return address(p.path(), v) + "#days"
}

// tourOf finds a tour of the list.
func (p TourList) tourOf(id string) tours.Tour {
	i := slices.IndexFunc(p.Tours, func(t tours.Tour) bool { return t.ID == id })
	if i < 0 {
		return tours.Tour{}
	}
	return p.Tours[i]
}

func (p TourList) trip(t tours.Tour) Trip {
	x := Trip{Tour: t, Ripe: tours.RipeAt(p.Ripe, t.Commune, t.Altitude, p.Now), Now: p.Now}
	if d, ok := p.Next[t.ID]; ok {
		x.Next = &d
	}
	return x
}

// priceFrom words the lowest price of who comes alone.
func priceFrom(b Base, t tours.Tour) string {
	least, ok := t.PriceFrom()
	switch {
	case !ok:
		return ""
	case least == 0:
		return b.T("visit.free")
	}
	return b.T("visit.from", "Price", least.String())
}

func priceOf(b Base, v money.VND) string {
	if v == 0 {
		return b.T("visit.free")
	}
	return v.String()
}

// lasts words how long a visit takes.
func lasts(b Base, minutes int64) string {
	h, m := int(minutes/60), int(minutes%60)
	switch {
	case minutes == 0:
		return ""
	case h >= 24:
		return b.N("visit.days", (h+23)/24)
	case h == 0:
		return b.N("orderpage.minutes", m)
	case m == 0:
		return b.N("orderpage.hours", h)
	}
	return b.N("orderpage.hours", h) + " " + b.N("orderpage.minutes", m)
}

// seatsLeft words how many seats a departure has, or why it has none.
func seatsLeft(b Base, d tours.Departure, now time.Time) string {
	n := d.Left(now)
	switch {
	case d.State == tours.CalledOff:
		return b.T("visit.off")
	case d.State == tours.Closed || now.After(d.Cutoff):
		return b.T("visit.closed")
	case n == 0:
		return b.T("visit.full")
	case n <= fewLeft:
		return b.N("visit.left", int(n))
	}
	return b.T("visit.left.some")
}

// SeatsLeft words how many seats a departure has.
func SeatsLeft(l lang.Lang, d tours.Departure, now time.Time) string {
	return seatsLeft(Base{Lang: l}, d, now)
}

// season words when a tour is offered.
func seasonWords(b Base, s tours.Season) string {
	if s == (tours.Season{}) {
		return b.T("visit.season.all")
	}
	return b.T("visit.season", "From", dayOfYear(b.Lang, s.From), "To", dayOfYear(b.Lang, s.To))
}

func dayOfYear(l lang.Lang, d tours.MonthDay) string {
	t := time.Date(2024, time.Month(d/100), int(d%100), 0, 0, 0, 0, time.UTC)
	if l == lang.En {
		return t.Format("2 January")
	}
	return t.Format("2/1")
}

// policyLines word the table of what comes back.
func policyLines(b Base, p tours.Policy) (list []string) {
	for _, s := range p {
		list = append(list, b.T("visit.policy.step", "Hours", hoursWords(b, s.Hours), "Percent", strconv.FormatInt(s.Percent, 10)))
	}
	if len(list) == 0 {
		return []string{b.T("visit.policy.none")}
	}
	return append(list, b.T("visit.policy.later"))
}

func hoursWords(b Base, h int64) string {
	if h >= 48 && h%24 == 0 {
		return b.N("visit.days_before", int(h/24))
	}
	return b.N("visit.hours_before", int(h))
}

// kindArt is the colour of the drawing of a visit that has no photo.
func kindArt(k tours.Kind) string {
	switch k {
	case tours.Harvest:
		return "cherry"
	case tours.Tasting:
		return "roast"
	case tours.Homestay:
		return "indigo"
	}
	return "leaf"
}

// scenery is drawn for a visit without a photo: rows of coffee on a slope.
func scenery(k tours.Kind) templ.Component {
	return raw(`<svg class="scene scene-` + kindArt(k) + `" viewBox="0 0 160 100" preserveAspectRatio="xMidYMid slice" aria-hidden="true"><rect width="160" height="100" class="sky"/><circle cx="122" cy="26" r="12" class="sun"/>` +
		`<path d="M0 62 34 34 62 54 96 22 160 66V100H0Z" class="far"/><path d="M0 78Q44 52 92 68T160 62V100H0Z" class="near"/>` +
		`<path d="M6 92q20-16 52-14M30 98q24-18 62-16M70 98q22-14 60-12M112 98q16-8 46-8" class="rows"/><g class="fruit"><circle cx="38" cy="82" r="2.4"/><circle cx="45" cy="80" r="2.4"/><circle cx="86" cy="86" r="2.4"/><circle cx="93" cy="84.5" r="2.4"/><circle cx="126" cy="88" r="2.4"/></g></svg>`)
}

// average is that of the reviews of a tour, 0 where there are none.
func average(list []tours.Review) (stars float64) {
	for _, r := range list {
		stars += float64(r.Stars)
	}
	if len(list) > 0 {
		stars /= float64(len(list))
	}
	return stars
}

// tourLD is a visit for search engines (schema.org TouristTrip), with its coming
// departures as events.
func (p TourPage) tourLD() ld {
	t := p.Tour
	place := ld{"@type": "Place", "name": t.Meeting.Words.In(p.Lang), "address": ld{"@type": "PostalAddress", "addressLocality": communeName(p.Lang, t.Commune), "addressRegion": "Sơn La", "addressCountry": "VN"}}
	if t.Meeting.Lat != 0 {
		place["geo"] = ld{"@type": "GeoCoordinates", "latitude": t.Meeting.Lat, "longitude": t.Meeting.Lon}
	}
	here := p.BaseURL + p.Lang.Path(p.path())
	events := []ld{}
	least, _ := t.PriceFrom()
	for _, d := range p.Departures {
		state := "https://schema.org/InStock"
		if d.Bookable(p.Now) != nil || d.Left(p.Now) == 0 {
			state = "https://schema.org/SoldOut"
		}
		events = append(events, ld{"@type": "Event", "name": t.Title().In(p.Lang), "startDate": d.Start.In(lang.Zone).Format(time.RFC3339), "endDate": d.End.In(lang.Zone).Format(time.RFC3339),
			"eventStatus": "https://schema.org/EventScheduled", "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode", "location": place,
			"offers": ld{"@type": "Offer", "price": int64(least), "priceCurrency": "VND", "availability": state, "url": here}})
	}
	n := ld{"@context": "https://schema.org", "@type": "TouristTrip", "name": t.Title().In(p.Lang), "description": t.Story.In(p.Lang), "url": here,
		"provider": ld{"@type": "Organization", "name": p.Host.name(p.Lang)}, "itinerary": place, "subjectOf": events,
		"offers": ld{"@type": "Offer", "price": int64(least), "priceCurrency": "VND"}}
	if s := average(p.Reviews); s > 0 {
		n["aggregateRating"] = ld{"@type": "AggregateRating", "ratingValue": s, "reviewCount": len(p.Reviews)}
	}
	return n
}

// mapLink opens the meeting point in whatever a phone has for maps (RFC 5870).
func mapLink(m tours.Meeting) templ.SafeURL {
	return templ.SafeURL("geo:" + strconv.FormatFloat(m.Lat, 'f', 5, 64) + "," + strconv.FormatFloat(m.Lon, 'f', 5, 64))
}

// coordinates as they are typed into a map.
func coordinates(m tours.Meeting) string {
	return strconv.FormatFloat(m.Lat, 'f', 5, 64) + ", " + strconv.FormatFloat(m.Lon, 'f', 5, 64)
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// dots is the meeting point on the map; it is told to everybody, so it is not
// blurred.
func (p TourPage) dots() []place.Point {
	if p.Tour.Meeting.Lat == 0 {
		return nil
	}
	return []place.Point{{Lat: p.Tour.Meeting.Lat, Lon: p.Tour.Meeting.Lon}}
}

func roadIcon(r tours.Road) string {
	switch r {
	case tours.ByBus:
		return "bus"
	case tours.ByBike:
		return "bike"
	}
	return "car"
}
