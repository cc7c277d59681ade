package handlers

import (
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
	"nguon/views"
)

const (
	speakerRows = 12
	typeRows    = 8
	policyRows  = 6
)

// ownEvent reads the event that the path names, of an own edition.
func (s *Site) ownEvent(c *fiber.Ctx, a account.Actor) (e tours.Edition, v tours.Event, err error) {
	if e, _, err = s.ownEdition(c, a); err != nil {
		return e, v, err
	}
	name, err := id(c, "event")
	if err != nil {
		return e, v, err
	}
	v, err = s.Festival.Event(c.UserContext(), name)
	if err == nil && v.Edition != e.ID {
		err = fault.New(fault.NotFound, "tours.event.not_found")
	}
	return e, v, err
}

func (s *Site) eventFormPage(c *fiber.Ctx, e tours.Edition, v *tours.Event) views.EventFormPage {
	page := views.EventFormPage{Base: s.base(c), Edition: e, Event: v, Speakers: 1, Types: 2, Steps: 1}
	page.Demo = e.Demo
	return page
}

// newEventForm is empty, or a copy of another event of the edition.
func (s *Site) newEventForm(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	from, err := query(c, "from")
	if err != nil {
		return err
	}
	page := s.eventFormPage(c, e, nil)
	page.Query = rawQuery(c)
	v := map[string]string{"kind": string(tours.Talk), "entry": "free", "day": onForm(e.From)}
	if from != "" {
		old, err := s.Festival.Event(c.UserContext(), from)
		if err == nil && old.Edition != e.ID {
			err = fault.New(fault.NotFound, "tours.event.not_found")
		}
		if err != nil {
			return err
		}
		v = eventValues(e, old)
		page.Speakers, page.Types, page.Steps = len(old.Speakers)+1, len(old.Types)+1, len(old.Policy)+1
	}
	v["id"] = newID(s.Now())
	page.Form.Values = v
	return s.own(c, page)
}

func (s *Site) newEvent(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if !isID(v["id"]) {
		v["id"] = newID(s.Now())
	}
	return s.saveEvent(c, a, s.eventFormPage(c, e, nil), v["id"], time.Time{}, v)
}

func (s *Site) eventForm(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	return s.own(c, s.filledEvent(c, e, old))
}

// filledEvent is the form of an event as it stands.
func (s *Site) filledEvent(c *fiber.Ctx, e tours.Edition, v tours.Event) views.EventFormPage {
	page := s.eventFormPage(c, e, &v)
	page.Speakers, page.Types, page.Steps, page.Seen = len(v.Speakers)+1, max(len(v.Types)+1, 2), len(v.Policy)+1, millis(v.Changed)
	page.Form.Values = eventValues(e, v)
	return page
}

func (s *Site) editEvent(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	return s.saveEvent(c, a, s.eventFormPage(c, e, &old), old.ID, seenOr(v["seen"]), v)
}

func (s *Site) saveEvent(c *fiber.Ctx, a account.Actor, page views.EventFormPage, event string, seen time.Time, v map[string]string) error {
	page.Speakers, page.Types, page.Steps = count(v, "speakers.rows", speakerRows), count(v, "types.rows", typeRows), count(v, "policy.rows", policyRows)
	page.Seen = v["seen"]
	if list, more := strings.CutPrefix(v["do"], "more."); more {
		switch list {
		case "speakers":
			page.Speakers = min(page.Speakers+1, speakerRows)
		case "types":
			page.Types = min(page.Types+1, typeRows)
		case "policy":
			page.Steps = min(page.Steps+1, policyRows)
		}
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	in, names := eventTyped(v, page.Edition, page.Speakers, page.Types, page.Steps)
	in.By, in.Event.ID, in.Event.Edition, in.Seen = a.Person.ID, event, page.Edition.ID, seen
	if _, err := s.Festival.SaveEvent(c.UserContext(), in); err != nil {
		return s.again(c, names.rename(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(page.Edition, ""), "done", "event_saved")
}

// eventTyped reads the form of an event. An end before the beginning, without a
// day of its own, is on the morning after.
func eventTyped(v map[string]string, e tours.Edition, speakers, types, steps int) (in tours.EventEdit, names rowNames) {
	r := &reader{v: v}
	names = rowNames{"speakers": nil, "types": nil, "policy": nil}
	x := tours.Event{Kind: tours.EventKind(v["kind"]), Title: pair(v, "title"), Story: pairText(v, "story"), Venue: v["venue"], Ticketed: v["entry"] == "ticketed"}
	x.Start, x.End = r.times(e.From)
	x.Booths = r.booths(e)
	for i := range speakers {
		if get, ok := rowAt(v, "speakers", i, "name", "of", "words", "wordsEn"); ok {
			x.Speakers = append(x.Speakers, tours.Speaker{Name: get("name"), Of: get("of"), Words: lang.Text{Vi: get("words"), En: get("wordsEn")}})
			names["speakers"] = append(names["speakers"], i)
		}
	}
	if x.Ticketed {
		x.Capacity, x.Cutoff = r.whole("capacity", "capacity"), r.whole("cutoff", "cutoff")
		r.types(&x, types, names)
		r.policy(&x, steps, names)
	}
	in.Event, in.Unread = x, r.unread
	return in, names
}

func (r *reader) types(x *tours.Event, rows int, names rowNames) {
	for i := range rows {
		get, ok := rowAt(r.v, "types", i, "name", "nameEn", "price")
		if !ok {
			continue
		}
		price, err := money.Parse(get("price"))
		if err != nil {
			r.wrong("types."+strconv.Itoa(len(x.Types))+".price", "tours.field.money")
		}
		x.Types = append(x.Types, tours.CustomerType{ID: get("id"), Name: lang.Text{Vi: get("name"), En: get("nameEn")}, Price: price, Seats: 1, Alone: get("child") != "on"})
		names["types"] = append(names["types"], i)
	}
}

func (r *reader) policy(x *tours.Event, rows int, names rowNames) {
	for i := range rows {
		if _, ok := rowAt(r.v, "policy", i, "hours", "percent"); ok {
			at := "policy." + strconv.Itoa(i) + "."
			field := "policy." + strconv.Itoa(len(x.Policy))
			x.Policy = append(x.Policy, tours.Step{Hours: r.whole(at+"hours", field), Percent: r.whole(at+"percent", field+".percent")})
			names["policy"] = append(names["policy"], i)
		}
	}
}

// times reads when an event begins and ends. What cannot be read is told; something
// stands in for it, so that the rules do not tell it again.
func (r *reader) times(first time.Time) (start, end time.Time) {
	day, until := r.day("day"), r.day("until")
	from, begins := clockOf(r.v["begins"])
	to, ends := clockOf(r.v["ends"])
	if day.IsZero() {
		day = lang.Midnight(first)
		if len(r.unread) == 0 {
			r.wrong("day", "tours.edition.day")
		}
	}
	if !begins {
		r.wrong("begins", "tours.event.time")
	}
	if !ends {
		r.wrong("ends", "tours.event.time")
	}
	if !begins || !ends {
		from, to = 8*time.Hour, 9*time.Hour
	}
	switch {
	case !until.IsZero():
		return day.Add(from), until.Add(to)
	case to < from:
		return day.Add(from), day.Add(24*time.Hour + to)
	}
	return day.Add(from), day.Add(to)
}

// clockOf reads a time of the day: "19:00", "7h30".
func clockOf(s string) (time.Duration, bool) {
	s = strings.NewReplacer("h", ":", "H", ":", "g", ":", ".", ":").Replace(strings.TrimSpace(s))
	hour, minute, _ := strings.Cut(s, ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m, wrong := uint64(0), error(nil)
	if minute != "" {
		m, wrong = strconv.ParseUint(minute, 10, 8)
	}
	if err != nil || wrong != nil || h > 23 || m > 59 || len(hour) > 2 || len(minute) > 2 {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, true
}

// booths reads the numbers of booths, with commas between them.
func (r *reader) booths(e tours.Edition) []string {
	ids, seen := []string{}, map[string]bool{}
	for number := range strings.SplitSeq(strings.ReplaceAll(r.v["booths"], ";", ","), ",") {
		if number = one(number); number == "" {
			continue
		}
		b, ok := e.BoothNumbered(number)
		if !ok {
			r.wrong("booths", "tours.event.booth")
			continue
		}
		if !seen[b.ID] {
			ids, seen[b.ID] = append(ids, b.ID), true
		}
	}
	return ids
}

func eventValues(e tours.Edition, x tours.Event) map[string]string {
	at := func(t time.Time) string { return t.In(lang.Zone).Format("15:04") }
	v := map[string]string{"id": x.ID, "kind": string(x.Kind), "title": x.Title.Vi, "titleEn": x.Title.En, "story": x.Story.Vi, "storyEn": x.Story.En, "venue": x.Venue,
		"day": onForm(x.Start), "begins": at(x.Start), "ends": at(x.End), "entry": "free", "booths": ""}
	if lang.Day(x.Start) != lang.Day(x.End) {
		v["until"] = onForm(x.End)
	}
	var numbers []string
	for _, id := range x.Booths {
		if b, ok := e.Booth(id); ok {
			numbers = append(numbers, b.Number)
		}
	}
	v["booths"] = strings.Join(numbers, ", ")
	for i, sp := range x.Speakers {
		row := "speakers." + strconv.Itoa(i) + "."
		v[row+"name"], v[row+"of"], v[row+"words"], v[row+"wordsEn"] = sp.Name, sp.Of, sp.Words.Vi, sp.Words.En
	}
	if !x.Ticketed {
		return v
	}
	v["entry"], v["capacity"], v["cutoff"] = "ticketed", strconv.FormatInt(x.Capacity, 10), strconv.FormatInt(x.Cutoff, 10)
	for i, t := range x.Types {
		row := "types." + strconv.Itoa(i) + "."
		v[row+"id"], v[row+"name"], v[row+"nameEn"], v[row+"price"], v[row+"child"] = t.ID, t.Name.Vi, t.Name.En, t.Price.Digits(), ticked(!t.Alone)
	}
	for i, st := range x.Policy {
		row := "policy." + strconv.Itoa(i) + "."
		v[row+"hours"], v[row+"percent"] = strconv.FormatInt(st.Hours, 10), strconv.FormatInt(st.Percent, 10)
	}
	return v
}

func (s *Site) callEventOff(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if err := s.Festival.CallOff(c.UserContext(), a.Person.ID, old.ID, pair(v, "reason")); err != nil {
		page := s.filledEvent(c, e, old)
		for name, value := range page.Form.Values {
			v[name] = value
		}
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "event_off")
}

func (s *Site) dropEvent(c *fiber.Ctx, a account.Actor) error {
	e, old, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	if err := s.Festival.DropEvent(c.UserContext(), a.Person.ID, old.ID); err != nil {
		page := s.filledEvent(c, e, old)
		return s.again(c, err, func(f views.Form) views.Page { page.Form.Err = f.Err; return page }, values(c))
	}
	return s.see(c, festivalPath(e, ""), "done", "event_dropped")
}

// previewEvent is the event as visitors will see it.
func (s *Site) previewEvent(c *fiber.Ctx, a account.Actor) error {
	e, v, err := s.ownEvent(c, a)
	if err != nil {
		return err
	}
	if e.Published {
		return s.see(c, v.Path(e))
	}
	page, err := s.eventPage(c, e.Public(), v.Public())
	if err != nil {
		return err
	}
	page.Preview = festivalPath(e, "/events/"+v.ID)
	return s.own(c, page)
}
