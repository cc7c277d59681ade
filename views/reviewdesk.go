package views

import (
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/tours"
)

// ReviewDeskPage is /console/tours/reviews?org=: what visitors say, for the host;
// or, for the market, /console/market/reviews of all hosts in one state.
type ReviewDeskPage struct {
	Base
	Market bool
	Show   tours.ReviewState // of the market's list
	Org    account.Org
	Orgs   []account.Org // to choose from
	Items  []tours.Review
	Tours  map[string]string // names by id
	Next   string
}

// ReviewPage is one review: /console/tours/reviews/{review} with the field answer
// for the host, /console/market/reviews/{review} with the field reason for the
// market.
type ReviewPage struct {
	Base
	Market bool
	Own    bool // the market's reader belongs to the host and may not decide
	Review tours.Review
	Tour   tours.Tour
	Form   Form
}

// MarketToursPage is /console/market/tours: visits that are shown, and those that
// the market took out.
type MarketToursPage struct {
	Base
	Shown, Out []tours.Tour
	Hosts      map[string]string // names by organisation
}

// MarketTourPage is /console/market/tours/{tour}. Field: reason.
type MarketTourPage struct {
	Base
	Org  account.Org
	Tour tours.Tour
	Own  bool // who looks is a member of the host and may not decide
	Now  time.Time
	Form Form
}

// Component renders the page.
func (p ReviewDeskPage) Component() templ.Component {
	p.Base = p.private(p.T("reviewdesk.title"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p ReviewPage) Component() templ.Component {
	p.Base = p.private(p.T("reviewdesk.one"), p.T("tourdesk.description"))
	return p.page()
}

// Component renders the page.
func (p MarketToursPage) Component() templ.Component {
	p.Base = p.private(p.T("tourdesk.market"), p.T("market.description"))
	return p.page()
}

// Component renders the page.
func (p MarketTourPage) Component() templ.Component {
	p.Base = p.private(tourTitle(p.Base, p.Tour), p.T("market.description"))
	return p.page()
}

func (p ReviewDeskPage) list() string {
	if p.Market {
		return "/console/market/reviews"
	}
	return "/console/tours/reviews"
}

// above leads back from the list.
func (p ReviewDeskPage) above() crumb {
	if p.Market {
		return crumb{p.T("market.title"), "/console/market"}
	}
	return toursCrumb(p.Base)
}

func (p ReviewPage) action() string {
	if p.Market {
		return "/console/market/reviews/" + p.Review.ID
	}
	return "/console/tours/reviews/" + p.Review.ID
}

func (p ReviewPage) above() crumb {
	if p.Market {
		return crumb{p.T("reviewdesk.title"), "/console/market/reviews"}
	}
	return crumb{p.T("reviewdesk.title"), "/console/tours/reviews?org=" + p.Review.Org}
}

// signed says who wrote a review and when they were there.
func signed(b Base, r tours.Review) string {
	name := r.Name
	if name == "" {
		name = b.T("reviewdesk.nameless")
	}
	return name + " · " + b.T("reviewdesk.visited", "Date", b.Lang.Date(r.Visited))
}
