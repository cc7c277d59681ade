package handlers

import (
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/tours"
	"nguon/views"
)

// rowNames carries places in the lists of the rules back to the rows of a form:
// for each list the rows that are not empty.
type rowNames map[string][]int

func (n rowNames) of(field, code string) string {
	parts := strings.SplitN(field, ".", 3)
	rows, list := n[parts[0]]
	if !list || len(parts) < 2 {
		return field
	}
	i, err := strconv.Atoi(parts[1])
	if err != nil || i >= len(rows) {
		return field
	}
	parts[1] = strconv.Itoa(rows[i])
	if parts[0] == "policy" && len(parts) == 2 { // the rules name the step, not its field
		if parts = append(parts, "hours"); code == "tours.policy.percent" {
			parts[2] = "percent"
		}
	}
	return strings.Join(parts, ".")
}

// rename gives the fields of an error the names of the form. Of a field that is
// named twice, the first word counts.
func (n rowNames) rename(err error) error {
	if !ours(err) {
		return err
	}
	e := *fault.As(err)
	fields := e.Fields
	e.Fields = nil
	out, said := &e, map[string]bool{}
	for _, f := range fields {
		if name := n.of(f.Name, f.Code); !said[name] {
			out, said[name] = out.Field(name, f.Code), true
		}
	}
	return out
}

// rowAt reads the fields of a row; an empty one is left out of the list.
func rowAt(v map[string]string, list string, row int, needs ...string) (get func(string) string, ok bool) {
	at := list + "." + strconv.Itoa(row) + "."
	for _, name := range needs {
		ok = ok || strings.TrimSpace(v[at+name]) != ""
	}
	return func(name string) string { return one(v[at+name]) }, ok
}

// count is how many rows a form has.
func count(v map[string]string, field string, most int) int {
	n, _ := strconv.Atoi(v[field])
	return min(max(n, 1), most)
}

const (
	venueRows = 30
	boothRows = 400
	moreRows  = 3 // empty ones at the end
)

func (s *Site) venuesForm(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := map[string]string{}
	for i, x := range e.Venues {
		at := "venues." + strconv.Itoa(i) + "."
		v[at+"id"], v[at+"name"], v[at+"nameEn"], v[at+"words"], v[at+"wordsEn"] = x.ID, x.Name.Vi, x.Name.En, x.Words.Vi, x.Words.En
		v[at+"kind"], v[at+"x"], v[at+"y"] = string(x.Kind), strconv.FormatInt(x.X, 10), strconv.FormatInt(x.Y, 10)
	}
	page := views.VenuesPage{Base: s.base(c), Form: views.Form{Values: v}, Edition: e, Rows: min(len(e.Venues)+moreRows, venueRows), Seen: millis(e.Changed)}
	page.Demo = e.Demo
	return s.own(c, page)
}

func (s *Site) setVenues(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	v := values(c)
	page := views.VenuesPage{Base: s.base(c), Edition: e, Rows: count(v, "rows", venueRows), Seen: v["seen"]}
	page.Demo = e.Demo
	if v["do"] == "row" {
		page.Rows = min(page.Rows+1, venueRows)
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	in, names := venuesTyped(v, page.Rows)
	in.By, in.Edition.ID, in.Edition.Org, in.Seen = a.Person.ID, e.ID, e.Org, seenOr(v["seen"])
	if _, err := s.Festival.SetVenues(c.UserContext(), in); err != nil {
		return s.again(c, names.rename(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_venues")
}

func venuesTyped(v map[string]string, rows int) (in tours.EditionEdit, names rowNames) {
	r := &reader{v: v}
	names = rowNames{"venues": nil}
	for i := range rows {
		get, ok := rowAt(v, "venues", i, "name", "nameEn", "words", "x", "y")
		if !ok {
			continue
		}
		at := "venues." + strconv.Itoa(i) + "."
		in.Edition.Venues = append(in.Edition.Venues, tours.Venue{ID: get("id"), Name: lang.Text{Vi: get("name"), En: get("nameEn")}, Words: lang.Text{Vi: get("words"), En: get("wordsEn")},
			Kind: tours.VenueKind(get("kind")), X: r.whole(at+"x", "venues."+strconv.Itoa(len(names["venues"]))+".x"), Y: r.whole(at+"y", "venues."+strconv.Itoa(len(names["venues"]))+".y")})
		names["venues"] = append(names["venues"], i)
	}
	in.Unread = r.unread
	return in, names
}

func (s *Site) boothsPage(c *fiber.Ctx, e tours.Edition) (page views.BoothsPage, err error) {
	page = views.BoothsPage{Base: s.base(c), Edition: e}
	page.Demo = e.Demo
	page.Producers, err = s.Catalog.ProducerOptions(c.UserContext())
	return page, err
}

func (s *Site) boothsForm(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	page, err := s.boothsPage(c, e)
	if err != nil {
		return err
	}
	v := map[string]string{}
	for i, b := range e.Booths {
		at := "booths." + strconv.Itoa(i) + "."
		v[at+"id"], v[at+"number"], v[at+"venue"], v[at+"producer"], v[at+"name"], v[at+"pickup"] = b.ID, b.Number, b.Venue, b.Producer, b.Name, ticked(b.Pickup)
	}
	page.Form.Values, page.Rows, page.Seen = v, min(len(e.Booths)+moreRows, boothRows), millis(e.Changed)
	return s.own(c, page)
}

func (s *Site) setBooths(c *fiber.Ctx, a account.Actor) error {
	e, _, err := s.ownEdition(c, a)
	if err != nil {
		return err
	}
	page, err := s.boothsPage(c, e)
	if err != nil {
		return err
	}
	v := values(c)
	page.Rows, page.Seen = count(v, "rows", boothRows), v["seen"]
	if v["do"] == "row" {
		page.Rows = min(page.Rows+1, boothRows)
		page.Form = typed(v, nil)
		return s.own(c, page)
	}
	in, names := boothsTyped(v, page.Rows, e, page.Producers)
	in.By, in.Edition.ID, in.Edition.Org, in.Seen = a.Person.ID, e.ID, e.Org, seenOr(v["seen"])
	if _, err := s.Festival.SetBooths(c.UserContext(), in); err != nil {
		return s.again(c, names.rename(err), func(f views.Form) views.Page { page.Form = f; return page }, v)
	}
	return s.see(c, festivalPath(e, ""), "done", "edition_booths")
}

// boothsTyped reads the rows. A producer is one of the menu, or the one that the
// booth had.
func boothsTyped(v map[string]string, rows int, e tours.Edition, menu []catalog.Producer) (in tours.EditionEdit, names rowNames) {
	offered := map[string]bool{"": true}
	for _, p := range menu {
		offered[p.ID] = true
	}
	for _, b := range e.Booths {
		offered[b.Producer] = true
	}
	names = rowNames{"booths": nil}
	for i := range rows {
		get, ok := rowAt(v, "booths", i, "number", "venue", "producer", "name")
		if !ok {
			continue
		}
		b := tours.Booth{ID: get("id"), Number: get("number"), Venue: get("venue"), Producer: get("producer"), Name: get("name"), Pickup: get("pickup") == "on"}
		if !offered[b.Producer] {
			in.Unread = append(in.Unread, fault.Field{Name: "booths." + strconv.Itoa(len(in.Edition.Booths)) + ".producer", Code: "tours.field.choice"})
		}
		in.Edition.Booths = append(in.Edition.Booths, b)
		names["booths"] = append(names["booths"], i)
	}
	return in, names
}
