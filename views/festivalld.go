package views

import (
	"slices"
	"time"

	"nguon/app/lang"
	"nguon/tours"
)

// editionLD is an edition with its programme for search engines.
func (b Base) editionLD(e tours.Edition, events []tours.Event, organizer string) ld {
	n := ld{"@context": "https://schema.org", "@type": "Festival", "name": e.Name.In(b.Lang), "url": b.at(e.Path()),
		"startDate": e.From.In(lang.Zone).Format(time.DateOnly), "endDate": e.To.In(lang.Zone).Format(time.DateOnly),
		"eventStatus": "https://schema.org/EventScheduled", "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
		"location": b.groundLD(e, ""), "image": b.absolute(b.picture())}
	if s := paragraphs(e.Story.In(b.Lang)); len(s) > 0 {
		n["description"] = s[0]
	}
	if organizer != "" {
		n["organizer"] = ld{"@type": "Organization", "name": organizer}
	}
	parts := make([]ld, 0, len(events))
	for _, v := range events {
		part := b.eventLD(e, v, organizer)
		delete(part, "@context")
		parts = append(parts, part)
	}
	if len(parts) > 0 {
		n["subEvent"] = parts
	}
	return n
}

// eventLD is one event.
func (b Base) eventLD(e tours.Edition, v tours.Event, organizer string) ld {
	n := ld{"@context": "https://schema.org", "@type": "Event", "name": v.Title.In(b.Lang), "url": b.at(v.Path(e)),
		"startDate": v.Start.In(lang.Zone).Format(time.RFC3339), "endDate": v.End.In(lang.Zone).Format(time.RFC3339),
		"eventStatus": "https://schema.org/EventScheduled", "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
		"location": b.groundLD(e, venueName(b.Lang, e, v.Venue)), "isAccessibleForFree": freeOfCharge(v)}
	switch i := slices.IndexFunc(v.Changes, func(c tours.EventChange) bool { return slices.Contains(c.What, tours.ChangedTime) }); {
	case v.Off():
		n["eventStatus"] = "https://schema.org/EventCancelled"
	case i >= 0:
		n["eventStatus"], n["previousStartDate"] = "https://schema.org/EventRescheduled", v.Changes[i].Start.In(lang.Zone).Format(time.RFC3339)
	}
	if s := paragraphs(v.Story.In(b.Lang)); len(s) > 0 {
		n["description"] = s[0]
	}
	if organizer != "" {
		n["organizer"] = ld{"@type": "Organization", "name": organizer}
	}
	var people []ld
	for _, s := range v.Speakers {
		people = append(people, ld{"@type": "Person", "name": s.Name})
	}
	if len(people) > 0 {
		n["performer"] = people
	}
	var offers []ld
	for _, c := range v.Types {
		offers = append(offers, ld{"@type": "Offer", "name": c.Name.In(b.Lang), "price": int64(c.Price), "priceCurrency": "VND", "url": b.at(v.Path(e))})
	}
	if len(offers) > 0 {
		n["offers"], n["maximumAttendeeCapacity"] = offers, v.Capacity
	}
	return n
}

func freeOfCharge(v tours.Event) bool {
	return !slices.ContainsFunc(v.Types, func(c tours.CustomerType) bool { return c.Price > 0 })
}

// groundLD is where an edition takes place, or one of its venues.
func (b Base) groundLD(e tours.Edition, venue string) ld {
	name := venue
	if name == "" {
		name = placeLine(b.Lang, e)
	}
	n := ld{"@type": "Place", "name": name, "address": ld{"@type": "PostalAddress", "streetAddress": e.Ground.Words.In(b.Lang),
		"addressLocality": upperFirst(communeName(b.Lang, e.Ground.Commune)), "addressRegion": "Sơn La", "addressCountry": "VN"}}
	if e.Ground.Known() {
		n["geo"] = ld{"@type": "GeoCoordinates", "latitude": e.Ground.Lat, "longitude": e.Ground.Lon}
	}
	return n
}

// at is the absolute address of a page of the site in the language of this one.
func (b Base) at(path string) string { return b.BaseURL + b.Lang.Path(path) }
