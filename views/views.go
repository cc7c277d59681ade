// Package views holds the pages of the site as typed components. A page is a
// struct that embeds Base; its Component renders the whole document. Nothing
// here decides anything but how things are shown and worded.
package views

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate

import (
	"cmp"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/lang"
)

// Page is what a handler renders.
type Page interface{ Component() templ.Component }

// Base is what every page knows. A handler fills the first group; the page
// itself words Title and Description when they are empty.
type Base struct {
	Lang    lang.Lang
	Path    string // of the page without /en: "/products"
	Start   string // where the form stands that Path answers; "" for Path itself
	Query   string // raw query without "?", only when it changes what is shown
	BaseURL string // "https://nguon.vn", no slash at the end
	Demo    bool   // what is shown is demonstration data
	Dev     bool   // shows the way to the gallery
	NoIndex bool   // keeps the page out of search engines
	Token   string // proves that a form came from a page of ours; "" where nobody has signed in
	Done    string // key of a message about what was done just now, "" for none
	Me      *Me    // who has signed in; nil on public pages, which are the same for everybody

	Title       string // without the name of the site
	Description string
	Image       string // address for Open Graph, absolute or from "/static"; a picture of the site when empty
	JSONLD      []any  // each becomes one script of type application/ld+json

	canon string // site path that search engines keep, when it is not Path
	bare  bool   // leaves the navigation to the footer
	open  bool   // leaves the holes of a trace page open, see Pieces
	// shopper: a page of somebody who buys; it needs a cookie, and none of the
	// console's sections.
	shopper bool
	real    bool // some of what is shown is not demonstration data
}

// Me is what a page shows of who has signed in.
type Me struct {
	Name     string
	Email    string    // for password managers, beside fields of the password
	Sections []Section // of the console, after the person's roles
	Second   bool      // a role waits for the second step to be turned on
}

// Section is one part of the console.
type Section struct {
	Path string // site path
	Name string // message key
	Icon string
	Open int64 // things that wait there, 0 for none
}

// shows notes that something of demonstration data, or real, is on the page.
func (b *Base) shows(demo bool) {
	if demo {
		b.Demo = true
	} else {
		b.real = true
	}
}

// mixed reports whether each piece of demonstration data must say so itself,
// because the note on top would speak of real ones too.
func (b Base) mixed() bool { return b.Demo && b.real }

// T is the message in the language of the page.
func (b Base) T(key string, args ...any) string { return b.Lang.T(key, args...) }

// N is the message in the plural form for n.
func (b Base) N(key string, n int, args ...any) string { return b.Lang.N(key, n, args...) }

// To is the address of another page of the site in the language of this one.
func (b Base) To(path string) templ.SafeURL { return templ.SafeURL(b.Lang.Path(path)) }

// In is the absolute address of this page in a language.
func (b Base) In(l lang.Lang) string { return b.BaseURL + b.local(l) }

func (b Base) local(l lang.Lang) string {
	p := l.Path(cmp.Or(b.Start, b.Path))
	if b.Query != "" {
		p += "?" + b.Query
	}
	return p
}

// absolute completes an address of this site.
func (b Base) absolute(path string) string {
	if strings.HasPrefix(path, "/") {
		return b.BaseURL + path
	}
	return path
}
