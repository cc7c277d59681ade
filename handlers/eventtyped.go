package handlers

import (
	"strconv"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
)

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
