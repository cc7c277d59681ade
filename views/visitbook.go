package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/tours"
)

// BookPage is /tours/{slug}/book.
type BookPage struct {
	Base
	Form      Form
	Tour      tours.Tour
	Departure tours.Departure
	Now       time.Time
	Offered   bool  // seats are kept for who came by the link of the waiting list
	People    int64 // of whom something is asked each; 0 before it is known how many come
}

// WaitPage is /tours/{slug}/wait.
type WaitPage struct {
	Base
	Form      Form
	Tour      tours.Tour
	Departure tours.Departure
	Now       time.Time
	Waits     bool // it has just been put on the list
}

// Component renders the page.
func (p BookPage) Component() templ.Component {
	p.Base = p.shopping(p.T("visit.book.title", "Title", p.Tour.Title().In(p.Lang)))
	return p.page()
}

// Component renders the page.
func (p WaitPage) Component() templ.Component {
	p.Base = p.shopping(p.T("visit.wait.title", "Title", p.Tour.Title().In(p.Lang)))
	return p.page()
}

// shut says why the departure cannot be booked, "" when it can.
func (p BookPage) shut() string {
	if err := p.Departure.Bookable(p.Now); err != nil {
		return seatsLeft(p.Base, p.Departure, p.Now)
	}
	if p.Departure.Left(p.Now) == 0 && !p.Offered {
		return p.T("visit.full")
	}
	return ""
}

// typeLabel is a kind of people with its price.
func (p BookPage) typeLabel(c tours.CustomerType) string {
	return upperFirst(c.Name.In(p.Lang)) + " · " + priceOf(p.Base, c.Price)
}

func (p BookPage) addOnLabel(a tours.AddOn) string {
	return upperFirst(a.Name.In(p.Lang)) + " · " + priceOf(p.Base, a.Price)
}

// sum is what the party costs as far as it is known, nil when it cannot be priced.
func (p BookPage) sum() *tours.Price {
	if p.People == 0 {
		return nil
	}
	party := tours.Party{People: map[string]int64{}, AddOns: map[string]int64{}}
	for _, c := range p.Tour.Types {
		party.People[c.ID] = number(p.Form.Get("people." + c.ID))
	}
	for _, a := range p.Tour.AddOns {
		party.AddOns[a.ID] = number(p.Form.Get("addons." + a.ID))
	}
	price, err := p.Tour.PriceOf(party)
	if err != nil {
		return nil
	}
	return &price
}

func number(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
	if err != nil {
		return 0
	}
	return n
}

// guestNames are the kinds of people of the party, one for each person, in the
// order of the table of prices.
func (p BookPage) guestNames() (list []string) {
	for _, c := range p.Tour.Types {
		for i := range min(number(p.Form.Get("people."+c.ID)), 50) {
			list = append(list, upperFirst(c.Name.In(p.Lang))+" "+strconv.FormatInt(i+1, 10))
		}
	}
	return list
}

// choices of a question; answers are kept as their Vietnamese words.
func choicesOf(b Base, q tours.Question) []choice {
	list := []choice{{"", b.T("form.choose")}}
	for _, c := range q.Choices {
		list = append(list, choice{c.Vi, c.In(b.Lang)})
	}
	return list
}

// answerIn is an answer in the language of who reads it.
func answerIn(l lang.Lang, q tours.Question, a string) string {
	for _, c := range q.Choices {
		if c.Vi == a {
			return c.In(l)
		}
	}
	return a
}

func restOf(p tours.Price) money.VND { return p.Total() - p.Now }

// visitPath is where a visit is told of: an event of a festival in its programme.
func visitPath(t tours.Tour) string { return orText(t.Page, "/tours/"+t.Slug) }

// listCrumb is the list above a visit.
func listCrumb(b Base, t tours.Tour) crumb {
	if t.Page != "" {
		return crumb{b.T("festival.title"), "/festival"}
	}
	return crumb{b.T("visit.list.title"), "/tours"}
}
