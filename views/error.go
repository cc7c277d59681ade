package views

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"nguon/app/lang"
)

// Component renders the page.
func (p ErrorPage) Component() templ.Component {
	p.Base = p.named(p.heading(), p.T("errorpage.description"))
	p.NoIndex = true
	return p.page()
}

func (p ErrorPage) code() string { return strconv.Itoa(p.Status) }

// group is the status whose words are used; others of the same class read as
// the plain 400 and 500 do.
func (p ErrorPage) group() string {
	switch p.Status {
	case http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict, http.StatusGone,
		http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return p.code()
	case http.StatusMethodNotAllowed:
		return "404"
	}
	if p.Status >= 500 {
		return "500"
	}
	return "400"
}

// ownWords are errors that have a title and ways of their own, whatever their status.
var ownWords = map[string]string{"account.link.gone": "link_gone", "account.link.known": "link_known", "account.invite.gone": "invite_gone", "account.second.needed": "second"}

// cause names the words of the page: of the error itself, else of its status.
func (p ErrorPage) cause() string {
	if p.Again != nil {
		return "again_" + p.code()
	}
	if p.Err != nil && ownWords[p.Err.Code] != "" {
		return ownWords[p.Err.Code]
	}
	if p.Status == http.StatusBadRequest && p.within("/search") {
		return "search"
	}
	return p.group()
}

func (p ErrorPage) heading() string { return p.T("errorpage.title." + p.cause()) }

// says is the message of the error itself where it has one that a visitor may
// read, else what the status means.
func (p ErrorPage) says() string { return p.saysIn(p.Lang) }

func (p ErrorPage) saysIn(l lang.Lang) string {
	switch {
	case p.Again != nil && p.Again.Lost:
		return l.T("errorpage.says." + p.cause() + ".lost")
	case p.Again != nil:
		return l.T("errorpage.says." + p.cause())
	case p.Err != nil && p.Status < 500 && l.Has(p.Err.Code):
		return problemWords(l, p.Err)
	}
	return l.T("errorpage.says." + p.group())
}

// next says what to do.
func (p ErrorPage) next() string {
	key := "errorpage.next." + p.cause()
	if p.Again != nil && p.Again.Lost {
		key = "errorpage.next.again_lost"
	}
	return p.T(key)
}

// inOther is the same in the other language, for whoever landed in the wrong one.
func (p ErrorPage) inOther() string { return p.saysIn(p.Lang.Other()) }

// ways lead on; the first is the likeliest next step.
func (p ErrorPage) ways() []crumb {
	home := crumb{p.T("errorpage.way.home"), "/"}
	verify := crumb{p.T("errorpage.way.verify"), "/verify"}
	products := crumb{p.T("errorpage.way.products"), "/products"}
	console := crumb{p.T("errorpage.way.console"), "/console"}
	in := crumb{p.T("sign.in"), "/sign-in"}
	switch p.cause() {
	case "again_401":
		return []crumb{{p.T("errorpage.way.sign_in_form"), p.again()}, home}
	case "again_403", "413":
		return []crumb{{p.T("errorpage.way.form"), p.again()}, home}
	case "link_gone":
		return p.fresh(in)
	case "link_known", "401":
		return []crumb{in, home}
	case "invite_gone":
		return []crumb{console, home}
	case "search":
		again := "/search"
		if v, _ := url.ParseQuery(p.Query); v.Get("q") != "" {
			again += "?" + url.Values{"q": {v.Get("q")}}.Encode()
		}
		return []crumb{{p.T("errorpage.way.search"), again}, products, home}
	case "second":
		return []crumb{{p.T("console.second.turn_on"), "/account/two-step"}, console}
	}
	switch {
	case p.Status >= 500 || p.Status == http.StatusTooManyRequests:
		return []crumb{{p.T("errorpage.way.again"), p.again()}, home}
	case p.Input != "" || p.within("/01") || p.within("/trace"):
		return []crumb{verify, home}
	case p.within("/gi"):
		return []crumb{{p.T("errorpage.way.gi"), "/gi"}, home}
	case p.Me != nil:
		return []crumb{console, home}
	}
	return []crumb{products, verify, home}
}

// fresh leads to where another link is to be had; first, to the one of the
// same kind.
func (p ErrorPage) fresh(in crumb) []crumb {
	forgot, up := crumb{p.T("errorpage.way.forgot"), "/forgot"}, crumb{p.T("errorpage.way.sign_up"), "/sign-up"}
	switch {
	case p.within("/account"):
		return []crumb{{p.T("errorpage.way.address"), "/account/address"}, in}
	case p.within("/confirm"):
		return []crumb{up, in, forgot}
	}
	return []crumb{forgot, in, up}
}

func (p ErrorPage) again() string {
	if p.Query != "" {
		return p.Path + "?" + p.Query
	}
	return p.Path
}

// clip keeps what was typed short enough to read.
func clip(s string) string {
	r := []rune(s)
	if len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// lostPath is a path that ends among the hills.
func lostPath() templ.Component { return lost }

var lost = raw(`<svg class="lost" viewBox="0 0 320 150" aria-hidden="true"><path class="far" d="M0 110L50 60 84 86 130 34 176 84 214 58 268 96 320 70V150H0z"/><path class="near" d="M0 128Q70 92 138 118T268 116 320 108V150H0z"/><path class="way" d="M36 146Q70 132 108 136T168 124Q190 116 184 108" fill="none"/><path class="sign" d="M204 118V88M192 88h26l8 6-8 6h-26z"/></svg>`)
