package handlers

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog/order"
	"nguon/static"
	"nguon/tours"
	"nguon/views"
)

// gateDesk are the addresses of who stands at a gate, and of the list of who comes.
func (s *Site) gateDesk(app *fiber.App, l lang.Lang) {
	get := func(path string, h personal) { app.Get(l.Path(path), s.me(h)) }
	own := func(path string, form, answer personal) {
		get(path, form)
		app.Post(l.Path(path), s.sameOrigin, s.me(answer))
	}
	app.Get(l.Path("/console/sw.js"), s.worker)
	get("/console/tours/checkin", s.gateDay)
	own("/console/tours/checkin/:departure", s.gate, s.scan)
	get("/console/tours/checkin/:departure/roster.json", s.roster)
	own("/console/tours/checkin/:departure/scans", s.gate, s.scans)
	own("/console/tours/departures/:departure", s.manifest, s.noteCall)
	get("/console/tours/departures/:departure/manifest.csv", s.manifestCSV)
	get("/console/tours/departures/:departure/print", s.manifestPrint)
}

// worker is the script that lets the gate's page open without a network. It has a
// policy of its own, since it fetches.
func (s *Site) worker(c *fiber.Ctx) error {
	f, _, ok := static.Open(static.URL("js/sw.js"))
	if !ok {
		return fault.New(fault.NotFound, "http.not_found")
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; connect-src 'self'")
	return c.Send(f.Body)
}

// departureFor reads the departure that the path names for somebody who may do verb
// with it.
func (s *Site) departureFor(c *fiber.Ctx, a account.Actor, verb account.Verb) (page views.Gate, err error) {
	name, err := id(c, "departure")
	if err != nil {
		return page, err
	}
	ctx := c.UserContext()
	page = views.Gate{Base: s.base(c), Now: s.Now()}
	if page.Departure, err = s.Tours.Departure(ctx, name); err != nil {
		return page, err
	}
	if _, err = s.hostOrg(c, a, verb, page.Departure.Org); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.NotFound, "tours.departure.not_found")
		}
		return page, err
	}
	if page.Tour, err = s.Tours.Tour(ctx, page.Departure.Tour); err != nil {
		return page, err
	}
	page.Demo = page.Tour.Demo
	if page.Roster, err = s.Tours.Roster(ctx, name); err != nil {
		return page, err
	}
	page.Names, err = s.names(c, gateKeepers(page.Roster)...)
	return page, err
}

// gateKeepers are the people who let others in.
func gateKeepers(list []tours.Booking) (ids []string) {
	for _, b := range list {
		for _, x := range b.Arrivals {
			ids = append(ids, x.By)
		}
		for _, x := range b.Odd {
			ids = append(ids, x.By)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (s *Site) gateDay(c *fiber.Ctx, a account.Actor) error {
	page := views.GateDay{Base: s.base(c), Now: s.Now()}
	day, _, err := dayAndMonth(c, page.Now)
	if err != nil {
		return err
	}
	page.Day = lang.Midnight(page.Now)
	if day != nil {
		page.Day = *day
	}
	ctx := c.UserContext()
	for _, o := range a.Orgs {
		if a.May(account.TourGate, account.OfOrg(o)) != nil {
			continue
		}
		list, err := s.Tours.OfOrg(ctx, o.ID, page.Day, page.Day.AddDate(0, 0, 1))
		if err != nil {
			return err
		}
		for _, d := range list {
			roster, err := s.Tours.Roster(ctx, d.ID)
			if err != nil {
				return err
			}
			page.List = append(page.List, views.Gate{Base: page.Base, Departure: d, Roster: roster})
		}
		page.Demo = page.Demo || o.Demo
	}
	return s.own(c, page)
}

func (s *Site) gate(c *fiber.Ctx, a account.Actor) error {
	page, err := s.gatePage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) gatePage(c *fiber.Ctx, a account.Actor) (page views.GatePage, err error) {
	page.Gate, err = s.departureFor(c, a, account.TourGate)
	page.WalkIn = order.NewID()
	c.Set(fiber.HeaderContentSecurityPolicy, scripted(plainPolicy))
	c.Set(fiber.HeaderPermissionsPolicy, "camera=(self), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
	return page, err
}

// scan lets people in, by a ticket, a code, or a pick from the list; or books and
// lets in who came without.
func (s *Site) scan(c *fiber.Ctx, a account.Actor) error {
	v := values(c)
	page, err := s.gatePage(c, a)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	if v["do"] == "walkin" {
		w, err := wanted(page.Tour, v, lang.From(ctx))
		w.ID, w.Departure = v["booking"], page.Departure.ID
		if !isCapability(w.ID) {
			w.ID = order.NewID()
		}
		if err == nil {
			_, err = s.Tours.WalkIn(ctx, a.Person.ID, w, v["name"], v["phone"])
		}
		if err != nil {
			page.WalkIn = w.ID
			return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
		}
		return s.see(c, "/console/tours/checkin/"+page.Departure.ID, "done", "walked_in")
	}
	if strings.TrimSpace(v["ticket"]) == "" {
		err := fault.New(fault.Invalid, "tours.gate.form").Field("ticket", "tours.gate.empty")
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	r, err := s.Tours.CheckIn(ctx, a.Person.ID, tours.Scan{Departure: page.Departure.ID, Ticket: v["ticket"], Places: places(v)})
	if err != nil {
		return err
	}
	if page.Gate, err = s.departureFor(c, a, account.TourGate); err != nil {
		return err
	}
	page.Result = &r
	return s.own(c, page)
}

// places are the people whose boxes are ticked; none for all of them.
func places(v map[string]string) (list []int) {
	for name, value := range v {
		if n, ok := strings.CutPrefix(name, "place."); ok && value == "on" {
			if p, err := strconv.Atoi(n); err == nil {
				list = append(list, p)
			}
		}
	}
	slices.Sort(list)
	return list
}

// rosterJSON is the list of the day as a gate without a network needs it. It names
// bookings by their Ref, which opens nothing.
type rosterJSON struct {
	Departure string        `json:"departure"`
	Made      time.Time     `json:"made"`
	End       time.Time     `json:"end"`
	Keys      []keyJSON     `json:"keys"`
	Bookings  []bookingJSON `json:"bookings"`
}

type keyJSON struct {
	ID  uint32 `json:"id"`
	Key string `json:"key"` // Ed25519, raw, base64url
}

type bookingJSON struct {
	Ref    string   `json:"ref"`
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	People []string `json:"people"` // place 1 first
	In     []inJSON `json:"in"`
	State  string   `json:"state"`
	Issue  int64    `json:"issue"`
	Due    int64    `json:"due"` // đồng
	Notes  []string `json:"notes"`
}

type inJSON struct {
	Place int       `json:"place"`
	At    time.Time `json:"at"`
	By    string    `json:"by"`
}

func (s *Site) roster(c *fiber.Ctx, a account.Actor) error {
	g, err := s.departureFor(c, a, account.TourGate)
	if err != nil {
		return err
	}
	out := rosterJSON{Departure: g.Departure.ID, Made: g.Now.UTC(), End: g.Departure.End, Keys: []keyJSON{}, Bookings: []bookingJSON{}}
	for id, key := range s.Tours.Gate() {
		out.Keys = append(out.Keys, keyJSON{id, base64.RawURLEncoding.EncodeToString(key)})
	}
	for _, b := range g.Roster {
		x := bookingJSON{Ref: b.Ref(), Code: b.Code, Name: b.Name, State: string(b.State), Issue: b.Issue, In: []inJSON{}, People: g.People(b), Notes: g.Notes(b)}
		if len(b.Arrivals) == 0 {
			x.Due = int64(b.Rest)
		}
		for _, in := range b.Arrivals {
			x.In = append(x.In, inJSON{in.Place, in.At, g.Who(in.By)})
		}
		out.Bookings = append(out.Bookings, x)
	}
	return c.JSON(out)
}

// scanJSON is one scan as a gate tells it: made without a network, perhaps long
// ago and perhaps told before.
type scanJSON struct {
	ID      string    `json:"id"`
	Ticket  string    `json:"ticket"`
	Places  []int     `json:"places"`
	At      time.Time `json:"at"`
	Offline bool      `json:"offline"`
}

type scannedJSON struct {
	ID     string   `json:"id"`
	Result string   `json:"result"`
	Ref    string   `json:"ref"`
	Name   string   `json:"name"`
	Places []int    `json:"places"`
	Before []inJSON `json:"before"`
	Due    int64    `json:"due"`
}

// mostScans are those of one request.
const mostScans = 100

// scans takes what a gate scanned.
func (s *Site) scans(c *fiber.Ctx, a account.Actor) error {
	name, err := id(c, "departure")
	if err != nil {
		return err
	}
	d, err := s.Tours.Departure(c.UserContext(), name)
	if err != nil {
		return err
	}
	if _, err := s.hostOrg(c, a, account.TourGate, d.Org); err != nil {
		return err
	}
	var list []scanJSON
	if err := json.Unmarshal([]byte(c.FormValue("scans")), &list); err != nil || len(list) > mostScans {
		return malformed(fault.Wrap(fault.Invalid, "tours.gate.form", err))
	}
	out := []scannedJSON{}
	for _, x := range list {
		r, err := s.Tours.CheckIn(c.UserContext(), a.Person.ID, tours.Scan{Departure: name, Ticket: x.Ticket, Places: x.Places, At: x.At, Offline: x.Offline})
		if err != nil {
			return err
		}
		y := scannedJSON{ID: x.ID, Result: string(r.Result), Places: r.Places, Before: []inJSON{}}
		if r.Booking.ID != "" {
			y.Ref, y.Name = r.Booking.Ref(), cmp.Or(r.Booking.Name, r.Booking.Code)
			if len(r.Places) == len(r.Booking.Arrivals) {
				y.Due = int64(r.Booking.Rest)
			}
		}
		who, err := s.names(c, gateKeepers([]tours.Booking{{Arrivals: r.Before}})...)
		if err != nil {
			return err
		}
		for _, in := range r.Before {
			y.Before = append(y.Before, inJSON{in.Place, in.At, who[in.By]})
		}
		out = append(out, y)
	}
	return c.JSON(fiber.Map{"results": out})
}
