package views

import (
	"time"

	"nguon/app/account"
	"nguon/app/legal"
	"nguon/app/report"
	"nguon/catalog"
)

// ConsolePage is /console: what waits, and the organisations of who looks.
type ConsolePage struct {
	Base
	Orgs  []account.Org
	Tasks []Section // with Open > 0
}

// OrgFormPage is /console/organisations/new and …/{id}/edit. Fields: kind, name,
// nameEn, taxCode, commune, address, phone.
type OrgFormPage struct {
	Base
	Form  Form
	Org   account.Org // zero for a new one
	Fixed bool        // kind, name and tax code were approved and stay
}

// OrgPage is /console/organisations/{id}. Field of the form: document (a file).
type OrgPage struct {
	Base
	Org   account.Org
	Owner bool // who looks may change it
	Names map[string]string
	Form  Form
}

// PeoplePage is /console/people/{org}. Fields: email, role.
type PeoplePage struct {
	Base
	Org    account.Org
	People map[string]account.Person // by id, of Org.Members
	Owner  bool
	MeID   string
	Form   Form
	Today  time.Time
}

// PeopleListPage is /console/people for who is in several organisations, or in
// none; Admin shows the way to /console/people/roles.
type PeopleListPage struct {
	Base
	Orgs  []account.Org
	Admin bool
}

// RolesPage is /console/people/roles, the administrator's. Field: email.
type RolesPage struct {
	Base
	Form   Form
	Found  *account.Person // who has the address that was asked for
	Given  map[account.Role][]account.Person
	MeID   string
	Asked  bool // an address was asked for
	Search string
}

// MarketPage is /console/market: organisations by status.
type MarketPage struct {
	Base
	Status account.Status
	Orgs   []account.Org
	Next   string
	Counts map[account.Status]int64
	Claims int64 // recognitions that wait for a check
	Failed int64 // mails that were given up
}

// MarketOrgPage is /console/market/{org}. Fields: act, reason.
type MarketOrgPage struct {
	Base
	Org      account.Org
	Names    map[string]string
	People   map[string]account.Person
	SameTax  []account.Org     // others with the same tax code
	Own      bool              // who looks is a member and may not decide
	Acts     []account.Act     // open ones
	Products []catalog.Product // all that a seller has, drafts too
	Form     Form
	Whole    bool // the chain of decisions holds
}

// ClaimsPage is /console/market/claims: recognitions that wait for a check, or
// products that were taken out.
type ClaimsPage struct {
	Base
	Out    bool
	Items  []catalog.Product
	Makers map[string]catalog.Producer
	Next   string
}

// ClaimPage is /console/market/claims/{product}. Fields: holds ("yes", "no"),
// reason; and, below, reason of withdrawing the listing.
type ClaimPage struct {
	Base
	Product  catalog.Product
	Producer catalog.Producer
	Seen     string // of the product that the form shows
	Own      bool   // who looks is a member of the producer and may not decide
	Form     Form
}

// TextsPage is /console/market/texts.
type TextsPage struct {
	Base
	Texts []legal.Text
}

// TextPage is /console/market/texts/{page}. Fields: vi, en; Rev is the
// revision that the form showed.
type TextPage struct {
	Base
	Text    legal.Text
	Form    Form
	History []legal.Revision
	Names   map[string]string
}

// MailPage is /console/market/mail: mails that were given up.
type MailPage struct {
	Base
	Failed []FailedMail
}

// FailedMail is one of them; the address is masked.
type FailedMail struct {
	ID, Key, To, Reason string
	At                  time.Time
}

// ReportsPage is /console/reports.
type ReportsPage struct {
	Base
	Inbox   report.Inbox
	Inboxes []report.Inbox // of who looks
	Status  report.Status
	Items   []report.Report
	Next    string
}

// ReportPage is /console/reports/{id}. Field: words. Once is the token of the
// answer's form.
type ReportPage struct {
	Base
	Report report.Report
	Names  map[string]string
	Form   Form
	Once   string
}

// LogPage is /console/log. Fields of the filter: org, by, object, action, from,
// to (days, as in 2026-11-25).
type LogPage struct {
	Base
	Form    Form
	Entries []account.LogEntry
	Names   map[string]string // of people, by id
	Objects map[string]string // names by object: "product:65a0…"
	Orgs    []account.Org     // to choose from
	All     bool              // who looks may read everything
	Next    string
	Export  string // site path of the CSV file with the same filter
}

// ShopPage is /console/shop: the products of each own producer, drafts too.
type ShopPage struct {
	Base
	Shops []Shop
}

// Shop is a producer and all its products.
type Shop struct {
	Org      account.Org
	Products []catalog.Product
	Slug     string // of the public page, "" while buyers do not see it
}

// ProductFormPage is /console/shop/new?org= and …/{id}/edit. Fields: name,
// nameEn, kind, species, roast, process, summary, summaryEn, story, storyEn, notes
// and notesEn (one a line), brew, brewEn, color, stars, decision, grantor, from, to,
// and for each row n of variants weight.n (grams), grind.n, price.n, gtin.n,
// stock.n, ended.n. The buttons save ("do=save") and add a row ("do=row").
type ProductFormPage struct {
	Base
	Form    Form
	Org     account.Org
	Product *catalog.Product // nil for a new one
	Rows    int              // of variants
	Seen    string           // of the product that the form shows
}

// ProductDeskPage is /console/shop/{id}: a product, how it stands, and what can
// be done with it. Fields: photo (a file), reason.
type ProductDeskPage struct {
	Base
	Org     account.Org
	Product catalog.Product
	Stock   map[string]int64
	Mine    bool // who looks may change it, else only take it out
	Form    Form
}

// PortraitPage is /console/shop/{org}/portrait. Fields: story, storyEn, founded,
// members, areaHa.
type PortraitPage struct {
	Base
	Form     Form
	Org      account.Org
	Producer catalog.Producer
	Owner    bool // who looks may change the registration
}

// ReportFormPage is /report. Fields: reason, words, where, contact; About was
// found by the address of the page that the visitor came from. Trap is a field
// that only programs fill in.
type ReportFormPage struct {
	Base
	Form  Form
	About *report.About // nil: the visitor names the page first (field: page)
	Once  string
}

// AboutPage is /about and /about/{page}: a text that the operator edits.
type AboutPage struct {
	Base
	Text legal.Text
	HTML string // safe markup of the text in the language of the page
}
