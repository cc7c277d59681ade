// Package handlers is HTTP and nothing else: routes, what stands before every
// handler, forms and parameters in, pages and statuses out. routes.go shows
// all of it on one screen.
package handlers

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/files"
	"nguon/app/finder"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/app/mail"
	"nguon/app/report"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
	"nguon/views"
)

// Deps is what the site is made of; every field but the last group is needed.
type Deps struct {
	Account  *account.Service
	Legal    *legal.Service
	Reports  *report.Service
	Files    *files.Store
	Mail     *mail.Queue
	Catalog  *catalog.Service
	Finder   *finder.Finder
	Orders   *order.Service
	Tours    *tours.Service
	Festival *tours.Editions
	Trace    *trace.Service
	GI       *gi.Service
	QR       *qr.Service
	Ping     func(context.Context) error // whether the stores answer
	Now      func() time.Time
	Log      *slog.Logger
	BaseURL  string // scheme://host[:port], what absolute links are built on

	Card           CardWords      // nil where cards are not taken
	TransferSecret string         // of what a bank's service tells; empty: nobody tells
	Payee          order.Account  // that shoppers transfer to
	Dev            bool           // shows /_gallery
	Proxies        []netip.Prefix // whose word on the visitor's address counts
	ClientIPHeader string         // in which they give it; X-Forwarded-For when empty
	RegionHeader   string         // in which they say where the visitor is
}

// CardWords reads what a card gateway tells, and checks that it is the gateway.
type CardWords interface {
	Event(ctx context.Context, body []byte, header string) (order.Event, error)
}

// Site answers requests.
type Site struct {
	Deps
	https bool // the public address is https and browsers may insist on it
	// secureCookies: the public address is https.
	secureCookies bool

	draining atomic.Bool
	frames   *frames
	app      *fiber.App
}

// New makes a site of its parts.
func New(d Deps) *Site {
	secure := strings.HasPrefix(d.BaseURL, "https://")
	s := &Site{Deps: d, https: !d.Dev && secure, secureCookies: secure, frames: newFrames()}
	s.app = s.routes()
	return s
}

// Serve answers requests on the listener until Stop; it is called once.
func (s *Site) Serve(ln net.Listener) error { return s.app.Listener(ln) }

// Stop ends Serve on the same listener: /readyz answers 503, no connection is
// taken any more, requests under way are finished. It returns
// context.DeadlineExceeded when some were not after d.
func (s *Site) Stop(ln net.Listener, d time.Duration) error {
	s.draining.Store(true)
	err := s.app.ShutdownWithTimeout(d)
	_ = ln.Close() // a server that had not begun to accept does not know its listener
	return err
}

// base is what every page of this request starts from.
func (s *Site) base(c *fiber.Ctx) views.Base {
	path := rawPath(c)
	l := lang.From(c.UserContext())
	if l == lang.En {
		if path = strings.TrimPrefix(path, "/en"); path == "" {
			path = "/"
		}
	}
	b := views.Base{Lang: l, Path: path, BaseURL: s.BaseURL, Dev: s.Dev}
	if !safe(c.Method()) {
		b.Start, b.Query = startOf(path), linkQuery(c, path)
	}
	if a := actor(c); a.SignedIn() {
		b.Me, b.Token, b.NoIndex, b.Done = sectionsOf(a), formToken(s.cookie(c, sessionCookie)), true, doneKey(c)
	}
	return b
}

// startOf is where the form stands that an address answers which takes nothing
// else; "" for the others, where the form stands at the address itself.
func startOf(path string) string {
	if path == "/sign-out" {
		return "/sign-in"
	}
	for _, end := range [...]string{"/apply", "/documents/remove", "/revoke"} {
		if start, cut := strings.CutSuffix(path, end); cut {
			return start
		}
	}
	return ""
}

// linkQuery is the query under which a form stands that carries the token of a
// mailed link, so that the page that answers it leads to its twin.
func linkQuery(c *fiber.Ctx, path string) string {
	field := map[string]string{"/confirm": "token", "/reset": "token", "/account/address/confirm": "token", "/join": "link"}[path]
	if field == "" {
		return ""
	}
	token := c.FormValue(field)
	if token == "" || len(token) > maxValue {
		return ""
	}
	return url.Values{"token": {token}}.Encode()
}

// sectionsOf is what the pages of somebody show of the console: the sections
// that the roles open.
func sectionsOf(a account.Actor) *views.Me {
	me := &views.Me{Name: a.Person.Name, Email: a.Person.Email, Second: a.NeedsSecond()}
	add := func(open bool, path, name, icon string) {
		if open {
			me.Sections = append(me.Sections, views.Section{Path: path, Name: name, Icon: icon})
		}
	}
	sells := slices.ContainsFunc(a.Orgs, func(o account.Org) bool { return o.Kind.Sells() })
	add(true, "/console", "console.home", "gauge")
	add(sells, "/console/shop", "console.shop", "store")
	add(sells, "/console/orders", "orderdesk.section", "package")
	holds := slices.ContainsFunc(a.Orgs, func(o account.Org) bool { return o.Kind == account.Committee })
	add(holds, "/console/festival", "festdesk.section", "calendar")
	add(slices.ContainsFunc(a.Orgs, func(o account.Org) bool { return o.Kind.Hosts() }), "/console/tours", "tourdesk.section", "mountain")
	add(len(a.Orgs) > 0 || a.Is(account.Admin), "/console/people", "console.people", "users")
	add(a.Is(account.Operator, account.Admin), "/console/market", "console.market", "shield-check")
	add(a.May(account.MoneyHandle, account.Object{}) == nil, "/console/money", "console.money", "banknote")
	add(a.Is(account.Authority, account.Operator, account.Admin), "/console/reports", "console.reports", "inbox")
	add(owns(a) || a.Is(account.Authority, account.Operator, account.Admin), "/console/log", "console.log", "history")
	return me
}

// render writes a whole page or nothing: a failure half-way leaves the
// response as it was.
func (s *Site) render(c *fiber.Ctx, page views.Page) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := page.Component().Render(c.UserContext(), buf); err != nil {
		return fault.Wrap(fault.Internal, "internal", err)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	c.Response().SetBody(buf.Bytes()) // copies, so the buffer may go back
	return nil
}

// How long any cache may keep a public page. What is said of a lot may be two
// seconds old, of which the lot's own cache takes one.
const (
	keepLots = "public, max-age=1"
	keep     = "public, max-age=15"
)

// show renders a public page, which any cache may keep for a moment.
func (s *Site) show(c *fiber.Ctx, page views.Page) error { return s.showFor(c, page, keep) }

// showLots is show for a page that tells of lots.
func (s *Site) showLots(c *fiber.Ctx, page views.Page) error { return s.showFor(c, page, keepLots) }

func (s *Site) showFor(c *fiber.Ctx, page views.Page, control string) error {
	if err := s.render(c, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, control)
	c.Vary(fiber.HeaderAcceptEncoding)
	return nil
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
