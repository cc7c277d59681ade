package handlers

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/tours"
	"nguon/views"
)

// The forms of an edition. Their fields are named in views; what the rules call a
// field of a list is the same name with the row of the form in place of the place
// in the list.

func (s *Site) newEditionForm(c *fiber.Ctx, a account.Actor) error {
	o, err := s.committeeOfQuery(c, a)
	if err != nil {
		return err
	}
	f := views.Form{Values: map[string]string{"id": newID(s.Now()), "commune": o.Commune, "phone": o.Phone}}
	if o.Demo {
		f.Values["phone"] = ""
	}
	page := views.EditionFormPage{Base: s.base(c), Form: f, Org: o}
	page.Query, page.Demo = rawQuery(c), o.Demo
	return s.own(c, page)
}

// committeeOfQuery is the committee that a new edition is for.
func (s *Site) committeeOfQuery(c *fiber.Ctx, a account.Actor) (account.Org, error) {
	org, err := query(c, "org")
	if err != nil {
		return account.Org{}, err
	}
	return s.Account.Org(c.UserContext(), a, account.FestivalEdit, org)
}

func (s *Site) newEdition(c *fiber.Ctx, a account.Actor) error {
	o, err := s.committeeOfQuery(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	if !isID(v["id"]) {
		v["id"] = newID(s.Now())
	}
	in := editionTyped(v)
	in.By, in.Edition.ID, in.Edition.Org, in.Edition.Demo, in.Seen = a.Person.ID, v["id"], o.ID, o.Demo, time.Time{}
	e, err := s.Festival.Save(c.UserContext(), in)
	if err != nil {
		page := views.EditionFormPage{Base: s.base(c), Org: o}
		page.Query, page.Demo = rawQuery(c), o.Demo
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_saved")
}

func (s *Site) editEditionForm(c *fiber.Ctx, a account.Actor) error {
	e, o, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	page := views.EditionFormPage{Base: s.base(c), Form: views.Form{Values: editionValues(e)}, Org: o, Edition: &e, Seen: millis(e.Changed)}
	page.Demo = e.Demo
	return s.own(c, page)
}

func (s *Site) editEdition(c *fiber.Ctx, a account.Actor) error {
	e, o, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	in := editionTyped(v)
	in.By, in.Edition.ID, in.Edition.Org = a.Person.ID, e.ID, e.Org
	if _, err = s.Festival.Save(c.UserContext(), in); err != nil {
		page := views.EditionFormPage{Base: s.base(c), Org: o, Edition: &e, Seen: v["seen"]}
		page.Demo = e.Demo
		return s.again(c, err, func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_saved")
}

// millis tells, as a field of a form, which state of something the form shows.
func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// seenOr reads it back; a form that lost it saw nothing that there is.
func seenOr(field string) time.Time {
	if t := seenAt(field); !t.IsZero() {
		return t
	}
	return time.UnixMilli(1)
}

// editionTyped reads the form of an edition.
func editionTyped(v map[string]string) (in tours.EditionEdit) {
	r := &reader{v: v}
	in.Edition = tours.Edition{Name: pair(v, "name"), From: r.day("from"), To: r.day("to"), Story: pairText(v, "story"), Rain: pairText(v, "rain"), Way: pairText(v, "way"),
		Ground: tours.Ground{Words: pair(v, "place"), Commune: v["commune"], Lat: r.degrees("lat"), Lon: r.degrees("lon")}, Phone: one(v["phone"])}
	in.Seen, in.Unread = seenOr(v["seen"]), r.unread
	return in
}

func editionValues(e tours.Edition) map[string]string {
	v := map[string]string{"id": e.ID, "phone": e.Phone, "commune": e.Ground.Commune, "from": onForm(e.From), "to": onForm(e.To)}
	for name, t := range map[string]lang.Text{"name": e.Name, "place": e.Ground.Words, "story": e.Story, "rain": e.Rain, "way": e.Way} {
		v[name], v[name+"En"] = t.Vi, t.En
	}
	if e.Ground.Known() {
		v["lat"], v["lon"] = decimal(e.Ground.Lat), decimal(e.Ground.Lon)
	}
	return v
}

func onForm(t time.Time) string { return t.In(lang.Zone).Format(time.DateOnly) }

func decimal(f float64) string {
	return strings.ReplaceAll(strconv.FormatFloat(f, 'f', -1, 64), ".", ",")
}

// pair is a text on one line with its English twin.
func pair(v map[string]string, name string) lang.Text {
	return lang.Text{Vi: one(v[name]), En: one(v[name+"En"])}
}

// pairText is a text of several lines with its twin.
func pairText(v map[string]string, name string) lang.Text {
	return lang.Text{Vi: plainText(v[name]), En: plainText(v[name+"En"])}
}

// day reads a day; what is missing is for the rules to tell.
func (r *reader) day(name string) time.Time {
	t, err := dayOf(strings.TrimSpace(r.v[name]))
	if err != nil {
		r.wrong(name, "tours.edition.day")
		return time.Time{}
	}
	return t
}

// degrees reads a coordinate with a comma or a point; an empty field is 0.
func (r *reader) degrees(name string) float64 {
	s := strings.TrimSpace(r.v[name])
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", "."), 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		r.wrong(name, "tours.field.place")
		return 0
	}
	return f
}
