package views

import (
	"net/url"
	"strings"

	"nguon/app/lang"
	"nguon/static"
)

// link is an entry of the navigation: a site path and a message key.
type link struct {
	Path, Name string
	Wide       bool // leaves the head of a page on a phone to the others; it is at the foot
}

var navigation = [...]link{
	{"/products", "common.nav.products", false},
	{"/tours", "common.nav.tours", false},
	{"/producers", "common.nav.producers", true},
	{"/festival", "festival.nav", true},
	{"/verify", "common.nav.verify", false},
	{"/gi", "common.nav.gi", false},
}

// crumb is a step of the way back: a worded name and a site path.
type crumb struct{ Name, Path string }

// named fills what the handler left empty, so that every page has a title and
// a description of its own.
func (b Base) named(title, description string) Base {
	if b.Lang == "" {
		b.Lang = lang.Vi
	}
	if b.Title == "" {
		b.Title = title
	}
	if b.Description == "" {
		b.Description = description
	}
	return b
}

func (b Base) fullTitle() string {
	site := b.T("site.name")
	if b.Title == "" || b.Title == site {
		return site
	}
	return b.Title + " · " + site
}

// within reports whether the page stands at or under a path.
func (b Base) within(path string) bool {
	return b.Path == path || strings.HasPrefix(b.Path, path+"/")
}

// inSection reports whether the page belongs to a section of the console; the
// console's front page is a section by itself.
func (b Base) inSection(path string) bool {
	if path == "/console" {
		return b.Path == path
	}
	return b.within(path)
}

// over reports whether the visitor was led to sign in because a session ended.
func (b Base) over() bool {
	if b.Path != "/sign-in" || b.Query == "" {
		return false
	}
	q, err := url.ParseQuery(b.Query)
	return err == nil && q.Get("over") != ""
}

// canonical is the one address of the page that search engines keep.
func (b Base) canonical(l lang.Lang) string {
	if b.canon != "" {
		return b.BaseURL + l.Path(b.canon)
	}
	return b.In(l)
}

func (b Base) picture() string {
	if b.Image != "" {
		return b.Image
	}
	return static.URL("img/share.png")
}
