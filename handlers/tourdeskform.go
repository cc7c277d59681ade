package handlers

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/store"
	"nguon/tours"
	"nguon/views"
)

// The form of a visit. Its fields are named in views.TourFormPage; this file and
// tourdeskrows.go carry them to a tours.Tour and back.

const (
	emptyRows = 2  // after those of a list that are filled in
	mostRowsT = 40 // of a list that a form may send
)

func (s *Site) newTourForm(c *fiber.Ctx, a account.Actor) error {
	o, err := s.hostOfNew(c, a)
	if err != nil {
		return err
	}
	t := tours.Tour{Kind: tours.Harvest, Level: tours.Easy, Meeting: tours.Meeting{Road: tours.ByCar}, Speaks: []string{"vi"}, Commune: o.Commune, Phone: o.Phone,
		Policy: tours.Policy{{Hours: 48, Percent: 100}}, Cutoff: 12}
	v := tourValues(t)
	v["id"] = store.NewID(s.Now())
	page, err := s.tourForm(c, o, nil, v)
	if err != nil {
		return err
	}
	return s.own(c, page)
}

func (s *Site) hostOfNew(c *fiber.Ctx, a account.Actor) (account.Org, error) {
	org, err := query(c, "org")
	if err != nil {
		return account.Org{}, err
	}
	return s.hostOrg(c, a, account.TourEdit, org)
}

func (s *Site) newTour(c *fiber.Ctx, a account.Actor) error {
	o, err := s.hostOfNew(c, a)
	if err != nil {
		return err
	}
	return s.saveTour(c, a, o, nil)
}

func (s *Site) editTourForm(c *fiber.Ctx, a account.Actor) error {
	t, o, err := s.hostTour(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	page, err := s.tourForm(c, o, &t, tourValues(t))
	if err != nil {
		return err
	}
	page.Seen = t.Changed.Format(time.RFC3339Nano)
	return s.own(c, page)
}

func (s *Site) editTour(c *fiber.Ctx, a account.Actor) error {
	t, o, err := s.hostTour(c, a, account.TourEdit)
	if err != nil {
		return err
	}
	return s.saveTour(c, a, o, &t)
}

// tourForm is the page of the form with what stands in it.
func (s *Site) tourForm(c *fiber.Ctx, o account.Org, t *tours.Tour, v map[string]string) (page views.TourFormPage, err error) {
	page = views.TourFormPage{Base: s.base(c), Form: views.Form{Values: v}, Org: o, Tour: t, Rows: tourRows(v), Seen: v["seen"]}
	page.Demo = o.Demo
	if t == nil {
		page.Query = rawQuery(c)
	}
	ctx := c.UserContext()
	if page.Shared, err = s.Tours.Resources(ctx, o.ID); err != nil {
		return page, err
	}
	if page.Editions, err = s.comingEditions(ctx, t); err != nil {
		return page, err
	}
	page.Plots, page.Products, err = s.showable(ctx, lang.From(ctx), o)
	return page, err
}

// comingEditions are those of the festival that a visit may belong to: published
// and not over, and the one that it belongs to already.
func (s *Site) comingEditions(ctx context.Context, t *tours.Tour) (list []views.Shown, err error) {
	all, err := s.Festival.Listed(ctx)
	for _, e := range all {
		if !e.Over(s.Now()) || t != nil && t.Edition == e.ID {
			list = append(list, views.Shown{ID: e.ID, Name: e.Name.In(lang.From(ctx))})
		}
	}
	return list, err
}

// showable are the plots and the products of an organisation that a visit may show.
func (s *Site) showable(ctx context.Context, l lang.Lang, o account.Org) (plots, products []views.Shown, err error) {
	if !o.Kind.Sells() {
		return nil, nil, nil
	}
	land, err := s.Trace.Plots(ctx, o.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, p := range land {
		name := p.Code
		if p.AltitudeM > 0 {
			name += " · " + l.Int(int64(p.AltitudeM)) + " m"
		}
		plots = append(plots, views.Shown{ID: p.ID, Name: name})
	}
	goods, err := s.Catalog.Own(ctx, o.ID)
	for _, p := range goods {
		for _, x := range p.Variants {
			if x.GTIN != "" && !x.Ended {
				products = append(products, views.Shown{ID: x.GTIN, Name: p.Name + " · " + l.Kilograms(x.NetGrams)})
			}
		}
	}
	return plots, products, err
}

func (s *Site) saveTour(c *fiber.Ctx, a account.Actor, o account.Org, old *tours.Tour) error {
	v := values(c)
	page, err := s.tourForm(c, o, old, v)
	if err != nil {
		return err
	}
	if v["do"] == "more" {
		more, _ := strconv.Atoi(v["more"])
		v["more"] = strconv.Itoa(min(max(more, 0)+3, mostRowsT))
		page.Rows = tourRows(v)
		return s.own(c, page)
	}
	r := readTour(v, old, page)
	if r.t.Org = o.ID; old == nil {
		r.t.ID = v["id"]
	}
	err = fault.Join(r.f.Result(), tourNames(r.t.Validate(old != nil && old.Published), r.at))
	saved := r.t
	if err == nil {
		var seen time.Time
		if old != nil {
			if seen, err = time.Parse(time.RFC3339Nano, v["seen"]); err != nil {
				return fault.New(fault.Conflict, "tours.form.stale")
			}
		}
		saved, err = s.Tours.Save(c.UserContext(), a.Person.ID, r.t, seen)
		err = tourNames(err, r.at)
	}
	if err != nil {
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, "/console/tours/"+saved.ID, "done", "tour_saved")
}

// tourReader reads the form. At says under which name of the form a row of the
// tour stands: "types.0.name" is "typeVi.3" where rows were left empty.
type tourReader struct {
	numbers
	t, was tours.Tour
	at     map[string]string
}

// numbers reads numbers of a form and notes those that are none.
type numbers struct {
	v map[string]string
	f *fault.Form
}

// whole reads a number; an empty field is 0.
func (n *numbers) whole(name string) int64 {
	s := strings.NewReplacer(" ", "", "\u00a0", "", "%", "").Replace(n.v[name])
	if s == "" {
		return 0
	}
	i, err := money.Parse(s) // with or without points between thousands
	n.f.Need(err == nil && i >= 0, name, "tours.field.number")
	return int64(i)
}

// price reads an amount; 0 is written, not left out.
func (n *numbers) price(name string) money.VND {
	i, err := money.Parse(n.v[name])
	n.f.Need(err == nil, name, "tours.field.money")
	return i
}

func (n *numbers) text(name string) lang.Text {
	return lang.Text{Vi: plainText(n.v[name]), En: plainText(n.v[name+"En"])}
}

func readTour(v map[string]string, old *tours.Tour, page views.TourFormPage) *tourReader {
	r := &tourReader{numbers: numbers{v, fault.NewForm("tours.form")}, at: map[string]string{}}
	t := &r.t
	if old != nil {
		r.was, t.ID = *old, old.ID
	}
	t.Name, t.NameEn, t.Kind, t.Level = one(v["name"]), one(v["nameEn"]), tours.Kind(v["kind"]), tours.Level(v["level"])
	t.Commune, t.Altitude, t.Phone, t.Youngest = v["commune"], r.whole("altitude"), one(v["phone"]), r.whole("youngest")
	t.Story, t.Host, t.Parking, t.Toilets, t.Food = r.text("story"), r.text("host"), r.text("parking"), r.text("toilets"), r.text("food")
	t.Bring, t.Rain, t.Included = r.text("bring"), r.text("rain"), r.text("included")
	t.Minutes = r.whole("hours")*60 + r.whole("minutes")
	lat, lon, ok := tours.ParsePlace(v["lat"], v["lon"])
	r.f.Need(ok, "lat", "tours.field.place")
	t.Meeting = tours.Meeting{Lat: lat, Lon: lon, Words: r.text("meeting"), Road: tours.Road(v["road"])}
	t.Season = tours.Season{From: r.monthDay("from"), To: r.monthDay("to")}
	t.Deposit, t.Fewest, t.Decide, t.Cutoff, t.Seats = r.whole("deposit"), r.whole("fewest"), r.whole("decide"), r.whole("cutoff"), r.whole("seats")
	for _, l := range views.Spoken {
		if v["speaks."+l] == "on" {
			t.Speaks = append(t.Speaks, l)
		}
	}
	t.Plots, t.Products = r.ticked("plot", page.Plots), r.ticked("product", page.Products)
	t.Edition = v["edition"]
	r.f.Need(t.Edition == "" || slices.ContainsFunc(page.Editions, func(x views.Shown) bool { return x.ID == t.Edition }), "edition", "tours.field.choice")
	r.rows()
	return r
}

func (n *numbers) ticked(name string, list []views.Shown) []string {
	on := []string{}
	for _, x := range list {
		if n.v[name+"."+x.ID] == "on" {
			on = append(on, x.ID)
		}
	}
	return on
}

func (n *numbers) monthDay(name string) tours.MonthDay {
	return tours.MonthDay(n.whole(name+"Month")*100 + n.whole(name+"Day"))
}

// tourNames renames what is wrong with a tour to the fields of the form.
func tourNames(err error, at map[string]string) error {
	if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	return withNames(err, func(name string) string { return tourName(name, at) })
}

// formOfTour are fields of a tour that the form calls otherwise; of lists, the
// first row's.
var formOfTour = map[string]string{"season": "fromDay", "place": "lat", "minutes": "hours", "types": "typeVi.0", "addOns": "addVi.0", "questions": "askVi.0",
	"policy": "stepHours.0", "uses": "useWhat.0", "shows": "plot"}

// formOfRow are the same of their rows.
var formOfRow = map[string]string{"types.name": "typeVi", "types.price": "typePrice", "types.seats": "typeSeats", "addOns.name": "addVi", "addOns.price": "addPrice", "addOns.most": "addMost",
	"questions.text": "askVi", "questions.choices": "askChoices", "policy": "stepHours", "uses": "useWhat"}

func tourName(name string, at map[string]string) string {
	if n, ok := formOfTour[name]; ok {
		return n
	}
	parts := strings.Split(name, ".")
	if len(parts) < 2 {
		return name
	}
	row := parts[1]
	if n, ok := at[parts[0]+"."+row]; ok {
		row = n
	}
	if n, ok := formOfRow[strings.Join(slices.Delete(parts, 1, 2), ".")]; ok {
		return n + "." + row
	}
	return name
}
