package views

import (
	"net/http"
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
		http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return p.code()
	case http.StatusMethodNotAllowed:
		return "404"
	}
	if p.Status >= 500 {
		return "500"
	}
	return "400"
}

func (p ErrorPage) heading() string { return p.T("errorpage.title." + p.group()) }

// says is the message of the error itself where it has one that a visitor may
// read, else what the status means.
func (p ErrorPage) says() string { return p.saysIn(p.Lang) }

func (p ErrorPage) saysIn(l lang.Lang) string {
	if p.Err != nil && p.Status < 500 && l.Has(p.Err.Code) {
		return l.Map(p.Err.Code, shown(l, p.Err.Args))
	}
	return l.T("errorpage.says." + p.group())
}

// inOther is the same in the other language, for whoever landed in the wrong one.
func (p ErrorPage) inOther() string { return p.saysIn(p.Lang.Other()) }

// ways lead on; the first is the likeliest next step.
func (p ErrorPage) ways() []crumb {
	home := crumb{p.T("errorpage.way.home"), "/"}
	verify := crumb{p.T("errorpage.way.verify"), "/verify"}
	products := crumb{p.T("errorpage.way.products"), "/products"}
	switch {
	case p.Status >= 500 || p.Status == http.StatusTooManyRequests:
		return []crumb{{p.T("errorpage.way.again"), p.again()}, home}
	case p.Input != "" || p.within("/01") || p.within("/trace"):
		return []crumb{verify, home}
	case p.within("/gi"):
		return []crumb{{p.T("errorpage.way.gi"), "/gi"}, home}
	}
	return []crumb{products, verify, home}
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
