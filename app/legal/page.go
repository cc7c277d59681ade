// Package legal keeps the legal pages of the site: a default text of each in
// both languages, the texts that the operator wrote instead, with their
// history, and how such a text becomes HTML that can do no harm.
package legal

import (
	"slices"
	"time"

	"nguon/app/lang"
)

// Page names a legal page. Its title and its one-sentence description are the
// messages "legal.<page>.title" and "legal.<page>.description".
type Page string

// The pages.
const (
	Imprint    Page = "imprint" // who runs the site
	Terms      Page = "terms"
	Privacy    Page = "privacy"
	Delivery   Page = "delivery"
	Returns    Page = "returns"
	Complaints Page = "complaints"
)

// Pages lists them in the order in which they are shown.
var Pages = []Page{Imprint, Terms, Privacy, Delivery, Returns, Complaints}

// ParsePage reads a page as it stands in an address.
func ParsePage(s string) (Page, bool) {
	if !slices.Contains(Pages, Page(s)) {
		return "", false
	}
	return Page(s), true
}

// Text is what a page says now. Rev is 0 and Default true while nobody has
// edited it; Changed is then the day the default was written.
type Text struct {
	Page    Page
	Body    lang.Text // Markdown; HTML renders it
	Changed time.Time
	Rev     int
	Default bool
}
