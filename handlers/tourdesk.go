package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/files"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// tourDesk are the addresses at which hosts plan their visits, and the market
// watches over them. Words come before what a path names: these stand before
// /console/market/{org}, and after whatever else is fixed below /console/tours.
func (s *Site) tourDesk(app *fiber.App, l lang.Lang) {
	get := func(path string, h personal) { app.Get(l.Path(path), s.me(h)) }
	own := func(path string, form, answer personal) {
		get(path, form)
		app.Post(l.Path(path), s.sameOrigin, s.me(answer))
	}
	get("/console/market/reviews", s.marketReviews)
	own("/console/market/reviews/:review", s.marketReview, s.moderate)
	get("/console/market/tours", s.marketTours)
	own("/console/market/tours/:tour", s.marketTour, s.takeTourOut)

	get("/console/tours", s.tourList)
	own("/console/tours/new", s.newTourForm, s.newTour)
	own("/console/tours/shared", s.shared, s.saveShared)
	get("/console/tours/reviews", s.reviewDesk)
	own("/console/tours/reviews/:review", s.reviewForm, s.answerReview)
	own("/console/tours/departures/:departure/change", s.departureForm, s.changeDeparture)
	own("/console/tours/departures/:departure/off", s.callOffForm, s.callOff)

	get("/console/tours/:tour", s.tourHome)
	own("/console/tours/:tour/edit", s.editTourForm, s.editTour)
	own("/console/tours/:tour/photo", s.tourHome, s.setTourPhoto)
	own("/console/tours/:tour/publish", s.tourHome, s.publishTour)
	own("/console/tours/:tour/withdraw", s.tourHome, s.withdrawTour)
	get("/console/tours/:tour/departures", s.departureList)
	own("/console/tours/:tour/plan", s.planForm, s.plan)
}

const (
	nextInList = 2 // departures of each tour
	nextOnHome = 5
	lookAhead  = 120 * 24 * time.Hour
)

func (s *Site) tourList(c *fiber.Ctx, a account.Actor) error {
	page := views.TourDeskPage{Base: s.base(c), Now: s.Now()}
	for _, o := range a.Orgs {
		if a.May(account.TourRead, account.OfOrg(o)) != nil {
			continue
		}
		list, err := s.Tours.Own(c.UserContext(), o.ID)
		if err != nil {
			return err
		}
		host := views.Host{Org: o}
		for _, t := range list {
			next, err := s.coming(c.UserContext(), t.ID, nextInList)
			if err != nil {
				return err
			}
			host.Tours = append(host.Tours, views.HostTour{Tour: t, Next: next})
		}
		page.Hosts = append(page.Hosts, host)
		page.Demo = page.Demo || o.Demo
	}
	return s.own(c, page)
}

// coming are the next departures of a tour that take place.
func (s *Site) coming(ctx context.Context, tour string, most int) ([]tours.Departure, error) {
	now := s.Now()
	list, err := s.Tours.Departures(ctx, tour, now, now.Add(lookAhead))
	list = slices.DeleteFunc(list, func(d tours.Departure) bool { return d.State == tours.CalledOff })
	return list[:min(len(list), most)], err
}

// hostTour reads the tour that the path names, and its organisation, for somebody
// who may do verb with it. Another's is answered as if it were not there.
func (s *Site) hostTour(c *fiber.Ctx, a account.Actor, verb account.Verb) (tours.Tour, account.Org, error) {
	name, err := id(c, "tour")
	if err != nil {
		return tours.Tour{}, account.Org{}, err
	}
	t, err := s.Tours.Tour(c.UserContext(), name)
	if err != nil {
		return t, account.Org{}, err
	}
	o, err := s.hostOrg(c, a, verb, t.Org)
	return t, o, err
}

// hostOrg is an organisation that receives visitors. What is none of the actor's
// business is answered like a tour that is not there.
func (s *Site) hostOrg(c *fiber.Ctx, a account.Actor, verb account.Verb, org string) (account.Org, error) {
	o, err := s.Account.Org(c.UserContext(), a, verb, org)
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "tours.tour.not_found")
	}
	return o, err
}

func (s *Site) tourHome(c *fiber.Ctx, a account.Actor) error {
	page, err := s.tourHomePage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) tourHomePage(c *fiber.Ctx, a account.Actor) (page views.TourHomePage, err error) {
	t, o, err := s.hostTour(c, a, account.TourRead)
	if err != nil {
		return page, err
	}
	page = views.TourHomePage{Base: s.base(c), Org: o, Tour: t, Mine: a.May(account.TourEdit, account.OfOrg(o)) == nil, Now: s.Now(), Names: map[string]string{}}
	page.Demo = t.Demo
	if e := fault.As(t.Validate(true)); e != nil {
		page.Lacks = fault.As(tourNames(e, nil)).Fields
	}
	ctx := c.UserContext()
	if page.Next, err = s.coming(ctx, t.ID, nextOnHome); err != nil {
		return page, err
	}
	shared, err := s.Tours.Resources(ctx, t.Org)
	for _, r := range shared {
		page.Names[r.ID] = r.Name
	}
	return page, err
}

func (s *Site) homeAgain(c *fiber.Ctx, a account.Actor, err error, v map[string]string) error {
	page, broken := s.tourHomePage(c, a)
	if broken != nil {
		return broken
	}
	return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
}

func (s *Site) publishTour(c *fiber.Ctx, a account.Actor) error {
	t, _, err := s.hostTour(c, a, account.TourPublish)
	if err != nil {
		return err
	}
	if err := s.Tours.Publish(c.UserContext(), a.Person.ID, t.ID, false); err != nil {
		return s.homeAgain(c, a, tourNames(err, nil), values(c))
	}
	return s.see(c, "/console/tours/"+t.ID, "done", "tour_published")
}

func (s *Site) withdrawTour(c *fiber.Ctx, a account.Actor) error {
	t, _, err := s.hostTour(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	if err := s.Tours.Withdraw(c.UserContext(), a.Person.ID, t.ID, "", false); err != nil {
		return err
	}
	return s.see(c, "/console/tours/"+t.ID, "done", "tour_withdrawn")
}

// setTourPhoto adds a picture, puts one first or takes one away.
func (s *Site) setTourPhoto(c *fiber.Ctx, a account.Actor) error {
	t, _, err := s.hostTour(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	v := values(c)
	ctx, done := c.UserContext(), "tour_photos"
	i := slices.Index(t.Photos, v["which"])
	list := slices.Clone(t.Photos)
	if i >= 0 {
		list = slices.Delete(list, i, i+1)
	}
	switch {
	case v["do"] == "remove":
	case v["do"] == "first" && i >= 0:
		list = slices.Insert(list, 0, v["which"])
	case v["do"] == "first":
	default:
		list, err = s.withUpload(c, t.Photos)
		done = "photo_added"
	}
	if err == nil {
		err = s.Tours.SetPhotos(ctx, a.Person.ID, t.ID, list)
	}
	if err != nil {
		return s.homeAgain(c, a, err, v)
	}
	return s.see(c, "/console/tours/"+t.ID, "done", done)
}

// withUpload keeps the picture of the form and puts it last.
func (s *Site) withUpload(c *fiber.Ctx, photos []string) ([]string, error) {
	_, body, err := upload(c, "photo")
	if err != nil {
		return nil, asField(err, "photo")
	}
	photo, err := s.Files.Photo(c.UserContext(), body)
	if err != nil {
		return nil, asField(err, "photo")
	}
	src := photoPath + photo.ID + "-" + string(files.Large) + ".jpg"
	if slices.Contains(photos, src) { // the same picture again
		return photos, nil
	}
	return append(slices.Clone(photos), src), nil
}

// hosts are the own organisations that receive visitors, and the one of the query,
// else the first; none is fault.NotFound.
func (s *Site) hosts(c *fiber.Ctx, a account.Actor, verb account.Verb) (org account.Org, all []account.Org, err error) {
	for _, o := range a.Orgs {
		if a.May(verb, account.OfOrg(o)) == nil {
			all = append(all, o)
		}
	}
	name, err := query(c, "org")
	switch {
	case err != nil:
	case name != "":
		org, err = s.hostOrg(c, a, verb, name)
	case len(all) > 0:
		org = all[0]
	default:
		err = fault.New(fault.NotFound, "http.not_found")
	}
	return org, all, err
}

// shared are the things that the tours of an organisation share.
func (s *Site) shared(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sharedPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) sharedPage(c *fiber.Ctx, a account.Actor) (page views.SharedPage, err error) {
	page = views.SharedPage{Base: s.base(c)}
	page.Query = rawQuery(c)
	if page.Org, page.Orgs, err = s.hosts(c, a, account.TourEdit); err != nil {
		return page, err
	}
	page.Demo = page.Org.Demo
	list, err := s.Tours.Resources(c.UserContext(), page.Org.ID)
	if err != nil {
		return page, err
	}
	own, err := s.Tours.Own(c.UserContext(), page.Org.ID)
	for _, r := range list {
		x := views.SharedThing{Resource: r}
		for _, t := range own {
			if slices.ContainsFunc(t.Uses, func(u tours.Use) bool { return u.Resource == r.ID }) {
				x.Used = append(x.Used, t)
			}
		}
		page.Things = append(page.Things, x)
	}
	return page, err
}

// saveShared keeps a new thing, or changes or ends one that is there.
func (s *Site) saveShared(c *fiber.Ctx, a account.Actor) error {
	page, err := s.sharedPage(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	end := ""
	r := tours.Resource{Org: page.Org.ID, ID: v["thing"]}
	if r.ID != "" {
		i := slices.IndexFunc(page.Things, func(x views.SharedThing) bool { return x.ID == r.ID })
		if i < 0 {
			return fault.New(fault.NotFound, "tours.resource.not_found")
		}
		end, r.Ended = "."+r.ID, page.Things[i].Ended
	}
	if v["do"] == "end" || v["do"] == "again" {
		r.Ended = v["do"] == "end"
	}
	n := &numbers{v: v, f: fault.NewForm("tours.resource.form")}
	r.Name, r.Capacity = one(v["name"+end]), n.whole("capacity"+end)
	err = fault.Join(n.f.Result(), suffixed(r.Validate(), end))
	if err == nil {
		_, err = s.Tours.SaveResource(c.UserContext(), r)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/tours/shared", "done", "shared_saved", "org", page.Org.ID)
}

// suffixed renames the fields of an error to those of one of several forms.
func suffixed(err error, end string) error {
	if !fault.Is(err, fault.Invalid) {
		return err
	}
	return withNames(err, func(name string) string { return name + end })
}

// withNames gives the fields of an error other names.
func withNames(err error, name func(string) string) error {
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out := &e
	for _, f := range fields {
		out = out.Field(name(f.Name), f.Code)
	}
	return out
}

// marketTours lists what visitors see, and what the market took out.
func (s *Site) marketTours(c *fiber.Ctx, a account.Actor) error {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.MarketToursPage{Base: s.base(c), Hosts: map[string]string{}}
	var err error
	if page.Shown, err = s.Tours.Published(ctx); err != nil {
		return err
	}
	if page.Out, err = s.Tours.TakenOut(ctx); err != nil {
		return err
	}
	for _, t := range slices.Concat(page.Shown, page.Out) {
		page.Demo = page.Demo || t.Demo
		if page.Hosts[t.Org] != "" {
			continue
		}
		o, err := s.Account.OrgByID(ctx, t.Org)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		page.Hosts[t.Org] = o.Name
	}
	return s.own(c, page)
}

func (s *Site) marketTour(c *fiber.Ctx, a account.Actor) error {
	page, err := s.marketTourPage(c, a)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) marketTourPage(c *fiber.Ctx, a account.Actor) (page views.MarketTourPage, err error) {
	if err := a.May(account.OrgDecide, account.Object{}); err != nil {
		return page, err
	}
	page = views.MarketTourPage{Base: s.base(c), Now: s.Now()}
	if page.Tour, page.Org, err = s.hostTour(c, a, account.TourRead); err != nil {
		return page, err
	}
	page.Demo, page.Own = page.Tour.Demo, page.Org.Has(a.Person.ID)
	return page, nil
}

// takeTourOut takes a visit out of the market, or lets it back; nobody decides on
// what his own organisation offers.
func (s *Site) takeTourOut(c *fiber.Ctx, a account.Actor) error {
	page, err := s.marketTourPage(c, a)
	if err != nil {
		return err
	}
	if page.Own {
		return fault.New(fault.Forbidden, "account.org.own")
	}
	v, done := values(c), "tour_taken"
	if v["do"] == "back" {
		done, err = "tour_back", s.Tours.Publish(c.UserContext(), a.Person.ID, page.Tour.ID, true)
	} else {
		err = s.Tours.Withdraw(c.UserContext(), a.Person.ID, page.Tour.ID, strings.TrimSpace(v["reason"]), true)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/market/tours/"+page.Tour.ID, "done", done)
}
