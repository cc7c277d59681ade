package views

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"nguon/static"
)

// private names a page that only one person sees and no search engine keeps.
func (b Base) private(title, description string) Base {
	b = b.named(title, description)
	b.NoIndex = true
	return b
}

// Component renders the page.
func (p SignUpPage) Component() templ.Component {
	p.Base = p.named(p.T("sign.up.title"), p.T("sign.up.description"))
	return p.page()
}

// Component renders the page.
func (p SignInPage) Component() templ.Component {
	p.Base = p.private(p.T("sign.in.title"), p.T("sign.in.description"))
	return p.page()
}

// Component renders the page.
func (p CodePage) Component() templ.Component {
	p.Base = p.private(p.T("sign.code.title"), p.T("sign.code.description"))
	return p.page()
}

// Component renders the page.
func (p ForgotPage) Component() templ.Component {
	p.Base = p.private(p.T("sign.forgot.title"), p.T("sign.forgot.description"))
	return p.page()
}

// Component renders the page.
func (p ResetPage) Component() templ.Component {
	p.Base = p.private(p.T("sign.reset.title"), p.T("sign.reset.description"))
	return p.page()
}

// Component renders the page.
func (p ConfirmPage) Component() templ.Component {
	p.Base = p.private(p.T("sign.confirm.title"), p.T("sign.confirm.description"))
	return p.page()
}

// Component renders the page.
func (p JoinPage) Component() templ.Component {
	p.Base = p.private(p.T("sign.join.title", "Org", p.Org), p.T("sign.join.description"))
	return p.page()
}

// Component renders the page.
func (p NoticePage) Component() templ.Component {
	p.Base = p.private(p.T(p.Key+".title", p.Args...), p.T(p.Key+".title", p.Args...))
	return p.page()
}

// forgetScript takes what the gate keeps for hours without a network off the device.
var forgetScript = raw(`<script type="module" src="` + static.URL("js/forget.js") + `"></script>`)

func (p NoticePage) says() []string { return strings.Split(p.T(p.Key+".text", p.Args...), "\n\n") }

// mails reports whether the notice speaks of a mail, which a development site
// writes into a file.
func (p NoticePage) mails() bool {
	return p.Dev && strings.HasSuffix(p.Key, "_sent") && !strings.Contains(p.Key, "report")
}

// next keeps where somebody wanted to go.
func next(path, to string) string {
	if to == "" {
		return path
	}
	return path + "?" + url.Values{"next": {to}}.Encode()
}

func (p JoinPage) back() string { return "/join?" + url.Values{"token": {p.Link}}.Encode() }

// sheetFor is the style sheet of a page that people see before and after they
// have signed in.
func sheetFor(b Base) templ.Component {
	if b.Me != nil {
		return deskSheet()
	}
	return linkedSheet()
}
