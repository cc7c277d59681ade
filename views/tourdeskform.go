package views

import (
	"cmp"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/tours"
)

// TourFormPage is /console/tours/new?org= and …/{tour}/edit. Fields: kind, name,
// nameEn, commune, altitude; story, host, meeting, parking, toilets, food, bring,
// rain, included, each also with "En"; phone, speaks.{language}, hours, minutes,
// level, youngest, lat, lon, road, fromDay, fromMonth, toDay, toMonth; rows of
// customer types typeId.n, typeVi.n, typeEn.n, typePrice.n, typeSeats.n,
// typeAlone.n; of add-ons addId.n, addVi.n, addEn.n, addPrice.n, addMost.n; of
// questions askId.n, askVi.n, askEn.n, askChoices.n, askEach.n, askNeed.n; of the
// refund table stepHours.n, stepPercent.n; of what it shares useWhat.n, useFor.n
// (a row of the add-ons, "" for the departure), useMany.n; deposit, fewest, decide,
// cutoff, seats, plot.{id}, product.{gtin}, seen, more (rows more than usual). The
// buttons save ("do=save") and add rows ("do=more").
type TourFormPage struct {
	Base
	Form     Form
	Org      account.Org
	Tour     *tours.Tour // nil for a new one
	Shared   []tours.Resource
	Plots    []Shown
	Products []Shown
	Editions []Shown        // of the festival, that a visit may belong to
	Rows     map[string]int // by list: "type", "add", "ask", "step", "use"
	Seen     string
}

// Shown is a plot or a product that a visit may show.
type Shown struct{ ID, Name string }

// Component renders the page.
func (p TourFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("tourdesk.description"))
	return p.page()
}

func (p TourFormPage) heading() string {
	if p.Tour == nil {
		return p.T("tourdesk.new")
	}
	return p.T("tourdesk.edit.title", "Tour", p.Tour.Name)
}

func (p TourFormPage) action() string {
	if p.Tour == nil {
		return "/console/tours/new?" + url.Values{"org": {p.Org.ID}}.Encode()
	}
	return tourPath(*p.Tour, "/edit")
}

func (p TourFormPage) back() crumb {
	if p.Tour == nil {
		return toursCrumb(p.Base)
	}
	return tourCrumb(p.Base, *p.Tour)
}

func (p TourFormPage) draft() bool { return p.Tour == nil || !p.Tour.Published }

func (p TourFormPage) save() string {
	if p.draft() {
		return p.T("tourdesk.save.draft")
	}
	return p.T("form.save")
}

// stale reports whether somebody else changed the visit meanwhile.
func (p TourFormPage) stale() bool {
	return p.Tour != nil && p.Form.Err != nil && p.Form.Err.Code == "tours.form.stale"
}

// row is what a row of a list is called.
func (p TourFormPage) row(list string, i int) string {
	return cmp.Or(p.Form.Get(at(list+"Vi", i)), p.T("tourdesk.row."+list, "N", itoa(i+1)))
}

func (p TourFormPage) kinds() []choice {
	return words(p.Base, "tourdesk.kind.", tours.Harvest, tours.Tasting, tours.Homestay, tours.Trail)
}

func (p TourFormPage) levels() []choice {
	return words(p.Base, "tourdesk.level.", tours.Easy, tours.Moderate, tours.Hard)
}

func (p TourFormPage) roads() []choice {
	return words(p.Base, "tourdesk.road.", tours.ByBus, tours.ByCar, tours.ByBike, tours.By4WD)
}

// Spoken are the languages that the form offers (ISO 639-1).
var Spoken = [...]string{"vi", "en", "fr", "zh", "ko", "ja", "de", "th", "lo"}

func (p TourFormPage) tongues() []Shown {
	list := make([]Shown, len(Spoken))
	for i, l := range Spoken {
		list[i] = Shown{l, p.T("tourdesk.speaks." + l)}
	}
	return list
}

func (p TourFormPage) monthDays() []choice {
	list := []choice{{"", "–"}}
	for n := 1; n <= 31; n++ {
		list = append(list, choice{strconv.Itoa(n), strconv.Itoa(n)})
	}
	return list
}

func (p TourFormPage) months() []choice {
	list := []choice{{"", "–"}}
	for n := time.January; n <= time.December; n++ {
		text := p.T("tourdesk.month", "N", int(n))
		if p.Lang == "en" {
			text = n.String()
		}
		list = append(list, choice{strconv.Itoa(int(n)), text})
	}
	return list
}

func (p TourFormPage) things() []choice {
	list := []choice{{"", p.T("tourdesk.use.none")}}
	for _, r := range p.Shared {
		if !r.Ended {
			list = append(list, choice{r.ID, r.Name + " (" + p.Lang.Int(r.Capacity) + ")"})
		}
	}
	return list
}

// uses are what a part of what tours share is needed for.
func (p TourFormPage) uses() []choice {
	list := []choice{{"", p.T("tourdesk.use.whole")}}
	for i := range p.Rows["add"] {
		list = append(list, choice{strconv.Itoa(i), p.T("tourdesk.use.each", "Name", p.row("add", i))})
	}
	return list
}

// english reports whether the English part of the form holds something to see.
func (p TourFormPage) english() bool {
	names := []string{"nameEn"}
	for _, t := range tourTexts {
		names = append(names, t+"En")
	}
	return filled(p.Base, p.Form, names...)
}

// tourTexts are the texts of a visit that are written in both languages, in the
// order of the form.
var tourTexts = [...]string{"story", "host", "meeting", "parking", "toilets", "food", "bring", "included", "rain"}

func (p TourFormPage) text(name string, rows int) field {
	d := field{Name: name, Label: p.T("tourdesk.field." + name), Type: "area", Rows: rows, Optional: true, Max: 4000}
	if hint := "tourdesk.hint." + name; p.Lang.Has(hint) {
		d.Hint = p.T(hint)
	}
	return d
}

func (p TourFormPage) texts(names ...string) []field {
	list := make([]field, len(names))
	for i, n := range names {
		list[i] = p.text(n, 2)
	}
	return list
}

// editions are the choices of the festival that a visit belongs to.
func (p TourFormPage) editions() []choice {
	list := []choice{{"", p.T("tourdesk.edition.none")}}
	for _, e := range p.Editions {
		list = append(list, choice{e.ID, e.Name})
	}
	return list
}
