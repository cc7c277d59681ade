package handlers

import (
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// departureList is a month of departures of a tour: that of the query, else that
// of the next departure, else this one.
func (s *Site) departureList(c *fiber.Ctx, a account.Actor) error {
	t, o, err := s.hostTour(c, a, account.TourRead)
	if err != nil {
		return err
	}
	page := views.DeparturesPage{Base: s.base(c), Org: o, Tour: t, Mine: a.May(account.TourEdit, account.OfOrg(o)) == nil, Now: s.Now()}
	page.Demo, page.Query = t.Demo, rawQuery(c)
	ctx := c.UserContext()
	if page.Month, err = s.monthOf(c, t.ID); err != nil {
		return err
	}
	if page.Departures, err = s.Tours.Departures(ctx, t.ID, page.Month, page.Month.AddDate(0, 1, 0).Add(-time.Millisecond)); err != nil {
		return err
	}
	if added, err := query(c, "new"); err == nil && added != "" {
		n, _ := strconv.Atoi(added)
		word, _ := query(c, "there")
		there, _ := strconv.Atoi(word)
		page.Planned = &views.PlannedNow{New: max(n, 0), There: max(there, 0)}
	}
	return s.own(c, page)
}

func (s *Site) monthOf(c *fiber.Ctx, tour string) (time.Time, error) {
	month, err := query(c, "month")
	if err != nil {
		return time.Time{}, err
	}
	if month != "" {
		t, err := time.ParseInLocation("2006-01", month, lang.Zone)
		if err != nil || t.Year() < 2000 || t.Year() > 2200 {
			return t, malformed(fault.New(fault.Invalid, "http.bad_filter"))
		}
		return t, nil
	}
	next, err := s.coming(c.UserContext(), tour, 1)
	if err != nil || len(next) == 0 {
		return lang.Month(s.Now()), err
	}
	return lang.Month(next[0].Start), nil
}

func (s *Site) planPage(c *fiber.Ctx, a account.Actor) (page views.PlanPage, err error) {
	t, o, err := s.hostTour(c, a, account.TourEdit)
	page = views.PlanPage{Base: s.base(c), Org: o, Tour: t}
	page.Demo = t.Demo
	return page, err
}

func (s *Site) planForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.planPage(c, a)
	if err != nil {
		return err
	}
	tomorrow := s.Now().In(lang.Zone).AddDate(0, 0, 1)
	page.Form.Values = map[string]string{"from": tomorrow.Format(time.DateOnly), "to": tomorrow.AddDate(0, 1, 0).Format(time.DateOnly), "time": "08:00", "time.0": "08:00", "days.6": "on", "days.0": "on"}
	return s.own(c, page)
}

// plan adds departures, or shows what a pattern would add.
func (s *Site) plan(c *fiber.Ctx, a account.Actor) error {
	page, err := s.planPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	n := &numbers{v: v, f: fault.NewForm("tours.pattern")}
	planned := tours.Planned{Tour: page.Tour.ID}
	seats := "weekSeats"
	if v["do"] == "one" {
		seats = "seats"
		planned.Starts = s.typedStart(n, "day")
	} else {
		planned.Starts = typedPattern(n)
	}
	planned.Capacity = n.whole(seats)
	if err := n.f.Result(); err == nil && v["do"] != "one" && v["do"] != "week" {
		page.Form, page.Would = views.Form{Values: v}, s.ahead(planned.Starts)
		if len(page.Would) > 0 {
			return s.own(c, page)
		}
		n.f.Need(false, "days", "tours.pattern.none")
	}
	err = n.f.Result()
	added := 0
	if err == nil {
		added, err = s.Tours.Plan(c.UserContext(), a.Person.ID, planned)
		err = planNames(err, v["do"] == "one", seats)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	ahead := s.ahead(planned.Starts)
	return s.see(c, "/console/tours/"+page.Tour.ID+"/departures", "month", ahead[0].In(lang.Zone).Format("2006-01"), "new", strconv.Itoa(added), "there", strconv.Itoa(len(ahead)-added))
}

// ahead are the moments that are still to come.
func (s *Site) ahead(list []time.Time) []time.Time {
	now := s.Now()
	return slices.DeleteFunc(slices.Clone(list), func(t time.Time) bool { return !t.After(now) })
}

// typedStart reads one moment from the fields of a day and time.
func (s *Site) typedStart(n *numbers, field string) []time.Time {
	day, ok := tours.ParseDay(n.v[field])
	n.f.Need(ok, field, "tours.pattern.day")
	at, fine := tours.ParseClock(n.v["time"])
	n.f.Need(fine, "time", "tours.pattern.time")
	start := at.On(day)
	n.f.Need(!ok || !fine || start.After(s.Now()), field, "tours.departure.past")
	return []time.Time{start}
}

// typedPattern reads the form of a weekly plan.
func typedPattern(n *numbers) []time.Time {
	p := tours.Pattern{}
	day := func(field string) time.Time {
		t, ok := tours.ParseDay(n.v[field])
		n.f.Need(ok, field, "tours.pattern.day")
		return t
	}
	p.From, p.To = day("from"), day("to")
	for d := time.Sunday; d <= time.Saturday; d++ {
		if n.v["days."+strconv.Itoa(int(d))] == "on" {
			p.Days = append(p.Days, d)
		}
	}
	for i := range views.PlanTimes {
		field := "time." + strconv.Itoa(i)
		if one(n.v[field]) == "" {
			continue
		}
		at, ok := tours.ParseClock(n.v[field])
		n.f.Need(ok, field, "tours.pattern.time")
		p.Times = append(p.Times, at)
	}
	except, bad := tours.ParseDays(n.v["except"])
	n.f.Need(bad == "", "except", "departuredesk.except.bad")
	n.f.With("Word", bad)
	p.Except = except
	if e := fault.As(p.Validate()); e != nil {
		for _, f := range e.Fields {
			n.f.Need(false, f.Name, f.Code)
		}
		return nil
	}
	return p.Departures()
}

// planNames renames what the service says of a plan to the fields of its form.
func planNames(err error, one bool, seats string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	return withNames(err, func(name string) string {
		switch {
		case name == "capacity":
			return seats
		case name == "from" && one:
			return "day"
		}
		return name
	})
}

// hostDeparture reads the departure that the path names, and its organisation, for
// somebody who may do verb with it.
func (s *Site) hostDeparture(c *fiber.Ctx, a account.Actor, verb account.Verb) (tours.Departure, account.Org, error) {
	name, err := id(c, "departure")
	if err != nil {
		return tours.Departure{}, account.Org{}, err
	}
	d, err := s.Tours.Departure(c.UserContext(), name)
	if err != nil {
		return d, account.Org{}, err
	}
	o, err := s.Account.Org(c.UserContext(), a, verb, d.Org)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "tours.departure.not_found")
	}
	return d, o, err
}

// affected counts who would be told of a change.
func (s *Site) affected(c *fiber.Ctx, d tours.Departure) (a views.Affected, err error) {
	list, err := s.Tours.Roster(c.UserContext(), d.ID)
	for _, b := range list {
		if b.State != tours.Booked {
			continue
		}
		a.Parties++
		a.People += len(b.Guests)
		if b.Email == "" {
			a.Silent++
		}
	}
	for _, w := range d.Queue {
		if !w.Over {
			a.Waiting++
		}
	}
	return a, err
}

func (s *Site) departureForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.departurePage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) departurePage(c *fiber.Ctx, a account.Actor) (page views.DepartureFormPage, err error) {
	d, o, err := s.hostDeparture(c, a, account.TourEdit)
	if err != nil {
		return page, err
	}
	page = views.DepartureFormPage{Base: s.base(c), Org: o, Departure: d, Calls: a.May(account.TourPublish, account.OfOrg(o)) == nil, Now: s.Now()}
	page.Demo = o.Demo
	page.Form.Values = departureValues(d)
	page.Affected, err = s.affected(c, d)
	return page, err
}

func departureValues(d tours.Departure) map[string]string {
	at := d.Start.In(lang.Zone)
	return map[string]string{"capacity": strconv.FormatInt(d.Capacity, 10), "start": at.Format(time.DateOnly), "time": at.Format("15:04")}
}

// changeDeparture closes a departure, opens it, or changes its seats or its time.
func (s *Site) changeDeparture(c *fiber.Ctx, a account.Actor) error {
	d, _, err := s.hostDeparture(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	v, ctx, done := values(c), c.UserContext(), ""
	n := &numbers{v: v, f: fault.NewForm("tours.departure.form")}
	switch v["do"] {
	case "close", "open":
		done = map[string]string{"close": "departure_closed", "open": "departure_open"}[v["do"]]
		err = s.Tours.Close(ctx, a.Person.ID, d.ID, v["do"] == "close")
	case "seats":
		done = "departure_seats"
		seats := n.whole("capacity")
		if err = n.f.Result(); err == nil {
			err = s.Tours.Resize(ctx, a.Person.ID, d.ID, seats)
		}
	case "move":
		done = "departure_moved"
		start := s.typedStart(n, "start")
		if err = n.f.Result(); err == nil {
			err = s.Tours.Retime(ctx, a.Person.ID, d.ID, start[0])
		}
	default:
		err = fault.New(fault.Invalid, "tours.departure.form")
	}
	if err != nil {
		return s.departureAgain(c, a, err, v)
	}
	return s.see(c, "/console/tours/departures/"+d.ID+"/change", "done", done)
}

func (s *Site) departureAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.departurePage(c, a)
	if broken != nil {
		return broken
	}
	all := page.Form.Values // the other forms of the page keep what counts
	for name, value := range v {
		all[name] = value
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, all)
}

// chooseFor is how long parties choose what they want instead, unless the host says
// otherwise.
const chooseFor = 7

func (s *Site) callOffForm(c *fiber.Ctx, a account.Actor) error {
	page, err := s.callOffPage(c, a)
	if err != nil {
		return err
	}
	page.Form.Values = map[string]string{"cause": "weather", "until": s.Now().In(lang.Zone).AddDate(0, 0, chooseFor).Format(time.DateOnly)}
	return s.own(c, page)
}

func (s *Site) callOffPage(c *fiber.Ctx, a account.Actor) (page views.CallOffPage, err error) {
	d, o, err := s.hostDeparture(c, a, account.TourPublish)
	if err != nil {
		return page, err
	}
	page = views.CallOffPage{Base: s.base(c), Org: o, Departure: d}
	page.Demo = o.Demo
	page.Affected, err = s.affected(c, d)
	return page, err
}

// callOff calls a departure off; parties choose until the end of a day.
func (s *Site) callOff(c *fiber.Ctx, a account.Actor) error {
	page, err := s.callOffPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	f := fault.NewForm("tours.departure.form")
	day, ok := tours.ParseDay(v["until"])
	f.Need(ok, "until", "tours.pattern.day")
	f.Need(v["cause"] == "weather" || v["cause"] == "other", "cause", "tours.off.cause")
	if err = f.Result(); err == nil {
		until := day.AddDate(0, 0, 1).Add(-time.Minute)
		err = s.Tours.CallOff(c.UserContext(), a.Person.ID, page.Departure.ID, v["cause"], v["note"], until)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	done := "departure_off"
	if page.Affected.Silent > 0 {
		done = "departure_off_call"
	}
	return s.see(c, "/console/tours/departures/"+page.Departure.ID+"/change", "done", done)
}
