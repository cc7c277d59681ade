package views

import (
	"strings"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/tours"
)

func festAt(day, hour, minute int) time.Time {
	return time.Date(2026, 12, day, hour, minute, 0, 0, lang.Zone)
}

func both(vi, en string) lang.Text { return lang.Text{Vi: vi, En: en} }

// sampleEdition is an edition with everything in it.
func sampleEdition() tours.Edition {
	first := festAt(1, 8, 0)
	return tours.Edition{ID: "65a0000000000000000000e1", Org: deskOrg, Year: 2026, Name: both("Lễ hội cà phê Sơn La lần thứ tư, mừng mùa hái chín", "Fourth Sơn La Coffee Festival"), From: festAt(18, 0, 0), To: festAt(20, 0, 0), Published: true, First: &first, Demo: true,
		Ground: tours.Ground{Words: both("Quảng trường Tây Bắc", "Tây Bắc square"), Commune: "03670", Lat: 21.327, Lon: 103.9141}, Phone: "0212 000 0000", Photo: "/photos/" + strings.Repeat("a", 32) + "-l.jpg",
		Story: both("Ba ngày giữa mùa hái.\n\nVào cửa tự do.", "Three days in the picking season.\n\nEntry is free."), Rain: both("Chuyển vào nhà trưng bày.", "Into the hall."), Way: both("Xe khách từ Hà Nội.", "Coaches from Hanoi."),
		Venues: []tours.Venue{{ID: "san-khau", Name: both("Sân khấu", "Stage"), Words: both("Giữa quảng trường", "In the middle"), Kind: tours.AtStage, X: 50, Y: 0}, {ID: "nha", Name: both("Nhà trưng bày", "Hall"), Kind: tours.AtHall, X: 100, Y: 50},
			{ID: "cho", Name: both("Chợ", "Market"), Kind: tours.AtMarket, X: 0, Y: 50}, {ID: "san", Name: both("Sân hái", "Ground"), Kind: tours.AtField, X: 50, Y: 100}, {ID: "bep", Name: both("Bếp", "Kitchen"), Kind: tours.AtFood, X: 20, Y: 90}, {ID: "cong", Name: both("Cổng", "Gate"), Kind: tours.AtHelp, X: 80, Y: 90}},
		Booths: []tours.Booth{{ID: "a1", Number: "A1", Venue: "cho", Producer: "mau-1", Pickup: true}, {ID: "a2", Number: "A2", Venue: "cho", Name: `Hội <b>Nông dân</b>`}, {ID: "a3", Number: "A3", Venue: "cho", Producer: "hidden"}}}
}

// sampleEvents are a programme in which everything happens: a market of three
// days, what moved, what was called off, what goes on after midnight.
func sampleEvents() []tours.Event {
	e := sampleEdition()
	event := func(id string, kind tours.EventKind, title lang.Text, venue string, from, to time.Time) tours.Event {
		return tours.Event{ID: id, Edition: e.ID, Kind: kind, Slug: lang.Slug(title.Vi), Title: title, Venue: venue, Start: from, End: to, State: tours.EventOn, Created: *e.First, Changed: *e.First, Demo: true}
	}
	market := event("v1", tours.Bazaar, both("Chợ cà phê", "Coffee market"), "cho", festAt(18, 8, 0), festAt(20, 17, 0))
	market.Booths = []string{"a1", "a2", "gone"}
	moved := event("v2", tours.Talk, both("Chuyện một gói cà phê", "The story of a packet"), "nha", festAt(18, 14, 0), festAt(18, 15, 30))
	moved.Story, moved.Speakers, moved.Sequence = both("Từ quả tới mã.", "From cherry to code."), []tours.Speaker{{Name: "Lò Thị Hoa", Of: "HTX Mẫu", Words: both("Trồng cà phê", "Grows coffee")}, {Name: "Cầm Văn Chủ"}}, 1
	moved.Changes = []tours.EventChange{{At: festAt(10, 9, 0), What: []string{tours.ChangedTime, tours.ChangedVenue}, Sequence: 1, Start: festAt(19, 9, 0), End: festAt(19, 10, 0), Venue: "san-khau"}}
	night := event("v3", tours.Show, both("Đêm xòe", "Night of xòe"), "san-khau", festAt(18, 22, 0), festAt(19, 1, 0))
	off := event("v4", tours.Contest, both("Thi hái quả chín", "Picking contest"), "san", festAt(19, 8, 0), festAt(19, 9, 30))
	off.State, off.Reason, off.Sequence = tours.EventOff, both("Mưa lớn, sân hái trơn.", "Heavy rain."), 2
	off.Changes = []tours.EventChange{{At: festAt(10, 9, 0), What: []string{tours.ChangedState}, Sequence: 2}}
	tasting := event("v5", tours.Cupping, both("Nếm thử cùng người rang", "Tasting with the roaster"), "nha", festAt(19, 9, 30), festAt(19, 11, 0))
	tasting.Ticketed, tasting.Capacity, tasting.Cutoff, tasting.Policy = true, 24, 2, tours.Policy{{Hours: 48, Percent: 100}, {Hours: 24, Percent: 50}}
	tasting.Types = []tours.CustomerType{{ID: "adult", Name: both("Người lớn", "Adult"), Price: 80_000, Seats: 1, Alone: true}, {ID: "child", Name: both("Trẻ em", "Child"), Seats: 1}}
	return []tours.Event{market, moved, night, off, tasting}
}

func sampleVisits() []VisitRow {
	return []VisitRow{{Day: festAt(19, 0, 0), Start: festAt(19, 7, 30), Title: "Hái và rang ở bản Mẫu", Path: "/x?departure=d1", Left: "6"}}
}

// festivalPages are the public pages of the festival in the states that matter.
func festivalPages(l lang.Lang) map[string]Page {
	base := func(path string) Base {
		path, query, _ := strings.Cut(path, "?")
		return Base{Lang: l, Path: path, Query: query, BaseURL: "https://nguon.example"}
	}
	e, events := sampleEdition(), sampleEvents()
	bare := tours.Edition{ID: "e2", Year: 2027, Name: both("Lễ hội", ""), From: festAt(18, 0, 0), To: festAt(18, 0, 0), Ground: tours.Ground{Commune: "03670"}}
	makers := map[string]catalog.Producer{"mau-1": sampleProducer()}
	preview := base("/console/festival/" + e.ID + "/preview")
	preview.Path = "/x"
	return map[string]Page{
		"festival":       FestivalPage{Base: base("/festival"), Coming: []tours.Edition{e, bare}, Past: []tours.Edition{e}},
		"festival-none":  FestivalPage{Base: base("/festival")},
		"festival-past":  FestivalPage{Base: base("/festival"), Past: []tours.Edition{bare}},
		"edition":        EditionPage{Base: base("/festival/2026"), Edition: e, Events: events, Producers: makers, Organizer: "Ban tổ chức mẫu", Visits: sampleVisits()},
		"edition-day":    EditionPage{Base: base("/festival/2026?day=2026-12-19"), Edition: e, Events: events, Day: festAt(19, 0, 0), Producers: makers, Visits: sampleVisits()},
		"edition-venue":  EditionPage{Base: base("/festival/2026?venue=nha"), Edition: e, Events: events, Venue: "nha", Producers: makers, Visits: sampleVisits()},
		"edition-bare":   EditionPage{Base: base("/festival/2027"), Edition: bare},
		"edition-day-0":  EditionPage{Base: base("/festival/2026?day=2026-12-20"), Edition: e, Day: festAt(20, 0, 0)},
		"edition-print":  EditionPrint{Base: base("/festival/2026/print"), Edition: e, Events: events, Now: festAt(12, 9, 0)},
		"edition-print0": EditionPrint{Base: base("/festival/2027/print"), Edition: bare, Now: festAt(12, 9, 0)},
		"event":          EventPage{Base: base("/festival/2026/chuyen"), Edition: e, Event: events[1], Producers: makers, Organizer: "Ban tổ chức mẫu"},
		"event-market":   EventPage{Base: base("/festival/2026/cho-ca-phe"), Edition: e, Event: events[0], Producers: makers},
		"event-off":      EventPage{Base: base("/festival/2026/thi"), Edition: e, Event: events[3]},
		"event-ticketed": EventPage{Base: base("/festival/2026/nem"), Edition: e, Event: events[4], Organizer: "Ban tổ chức mẫu"},
		"home-festival":  Home{Base: base("/"), Producers: []catalog.Producer{sampleProducer()}, Festival: &e},
		"producer-booth": ProducerPage{Base: base("/producers/x"), Producer: sampleProducer(), Festival: &e, Today: festAt(1, 9, 0)},
	}
}

// festivalDeskPages are the pages of a committee.
func festivalDeskPages(l lang.Lang) map[string]Page {
	me := &Me{Name: "Hoàng Văn Hội", Sections: []Section{{"/console", "console.home", "gauge", 0}, {"/console/festival", "festdesk.section", "calendar", 0}}}
	e, events := sampleEdition(), sampleEvents()
	e.Name.Vi = "Lễ hội cà phê"
	base := func(below string) Base {
		return Base{Lang: l, Path: "/console/festival" + below, BaseURL: "https://nguon.example", Token: "form-token", Me: me}
	}
	draft := e
	draft.Published, draft.First, draft.Venues, draft.Booths, draft.Photo = false, nil, nil, nil, ""
	ready := e
	ready.Published, ready.First = false, nil
	withdrawn := e
	withdrawn.Published = false
	org := account.Org{ID: deskOrg, Kind: account.Committee, Name: "Ban tổ chức Lễ hội cà phê", Status: account.Approved, Commune: "03670"}
	waiting := org
	waiting.Status = account.Waiting
	at := "/" + e.ID
	wrong := func(code string, values map[string]string, fields ...string) Form {
		err := fault.New(fault.Invalid, code).With("From", "19:00").With("To", "21:00")
		for _, f := range fields {
			err = err.Field(f, "tours.field.missing")
		}
		return Form{Values: values, Err: err}
	}
	typed := map[string]string{"name": `<b>"Tên"`, "from": "2026-12-18", "commune": "", "venues.0.name": "Sân <b>khấu</b>", "venues.0.kind": "stage", "booths.0.number": "A1", "title": "Khai mạc", "entry": "ticketed", "venue": "nha", "types.0.name": "Người lớn"}
	stale := Form{Values: typed, Err: fault.New(fault.Conflict, "tours.event.stale")}
	return map[string]Page{
		"fest":               FestivalDeskPage{Base: base(""), Committees: []Committee{{Org: org, Editions: []tours.Edition{e, draft, withdrawn}}, {Org: waiting}, {Org: org}}},
		"fest-edition":       EditionDeskPage{Base: base(at), Org: org, Edition: e, Events: events},
		"fest-draft":         EditionDeskPage{Base: base(at), Org: org, Edition: draft, Lacks: []fault.Field{{Name: "venues", Code: "x"}, {Name: "story", Code: "x"}, {Name: "booths.1.venue", Code: "x"}, {Name: "booths.2.venue", Code: "x"}}},
		"fest-ready":         EditionDeskPage{Base: base(at), Org: org, Edition: ready},
		"fest-photo-wrong":   EditionDeskPage{Base: base(at), Org: org, Edition: ready, Form: deskWrong("files.empty", nil, "photo")},
		"fest-new":           EditionFormPage{Base: base("/new"), Org: org, Form: Form{Values: map[string]string{"id": "x"}}},
		"fest-edit-wrong":    EditionFormPage{Base: base(at + "/edit"), Org: org, Edition: &e, Seen: "1", Form: wrong("tours.edition.form", typed, "name", "nameEn", "from", "to", "place", "placeEn", "commune", "lat", "lon", "phone", "story", "storyEn", "rain", "way")},
		"fest-venues":        VenuesPage{Base: base(at + "/venues"), Edition: e, Rows: 3, Seen: "1", Form: Form{Values: typed}},
		"fest-venues-wrong":  VenuesPage{Base: base(at + "/venues"), Edition: draft, Rows: 2, Seen: "1", Form: wrong("tours.edition.form", typed, "venues", "venues.0.name", "venues.0.nameEn", "venues.1.kind", "venues.1.x", "venues.1.y", "venues.0.words")},
		"fest-booths":        BoothsPage{Base: base(at + "/booths"), Edition: e, Rows: 2, Producers: []catalog.Producer{sampleProducer()}, Form: Form{Values: typed}},
		"fest-booths-none":   BoothsPage{Base: base(at + "/booths"), Edition: draft, Rows: 2},
		"fest-booths-wrong":  BoothsPage{Base: base(at + "/booths"), Edition: e, Rows: 2, Form: wrong("tours.edition.form", typed, "booths", "booths.0.number", "booths.1.venue", "booths.1.producer", "booths.1.name")},
		"fest-event-new":     EventFormPage{Base: base(at + "/events/new"), Edition: e, Speakers: 1, Types: 2, Steps: 1, Form: Form{Values: map[string]string{"entry": "free"}}},
		"fest-event-wrong":   EventFormPage{Base: base(at + "/events/new"), Edition: e, Speakers: 2, Types: 2, Steps: 2, Form: wrong("tours.event.form", typed, "kind", "title", "titleEn", "story", "venue", "day", "begins", "ends", "until", "speakers", "speakers.1.name", "booths", "entry", "capacity", "cutoff", "types", "types.0.price", "types.1.name", "policy", "policy.1.hours", "policy.1.percent")},
		"fest-event":         EventFormPage{Base: base(at + "/events/v2"), Edition: e, Event: &events[1], Speakers: 1, Types: 2, Steps: 1, Seen: "1", Form: Form{Values: typed}},
		"fest-event-off":     EventFormPage{Base: base(at + "/events/v4"), Edition: e, Event: &events[3], Speakers: 1, Types: 2, Steps: 1},
		"fest-event-stale":   EventFormPage{Base: base(at + "/events/v2"), Edition: e, Event: &events[1], Speakers: 1, Types: 1, Steps: 1, Form: stale},
		"fest-event-draft":   EventFormPage{Base: base(at + "/events/v2"), Edition: ready, Event: &events[1], Speakers: 1, Types: 1, Steps: 1},
		"fest-reason-wrong":  EventFormPage{Base: base(at + "/events/v2"), Edition: e, Event: &events[1], Speakers: 1, Types: 1, Steps: 1, Form: wrong("tours.event.call_off", typed, "reason", "reasonEn")},
		"fest-event-nowhere": EventFormPage{Base: base(at + "/events/new"), Edition: draft, Speakers: 1, Types: 1, Steps: 1},
	}
}
