package views

import (
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
)

// Component renders the page.
func (p AccountPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.title"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p ProfilePage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.profile"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p PasswordPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.password"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p AddressPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.address"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p NewAddressPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.address"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p SecondPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.second"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p RecoveryPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.recovery.title"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p AskPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.ask."+p.Kind+".title"), p.T("accountpage.description"))
	return p.page()
}

// Component renders the page.
func (p SessionsPage) Component() templ.Component {
	p.Base = p.private(p.T("accountpage.sessions"), p.T("accountpage.description"))
	return p.page()
}

// way is a row that leads to a page of the account, or to a file.
type way struct {
	Path, Name, Text string
	File             bool
}

func (w way) icon() string {
	if w.File {
		return "download"
	}
	return "chevron-right"
}

func (p AccountPage) rows() []way {
	second := p.T("accountpage.second.off")
	if two := p.Person.Second; two != nil && two.On != nil {
		second = p.T("accountpage.second.on")
	}
	return []way{
		{Path: "/account/profile", Name: p.T("accountpage.profile"), Text: p.Person.Name + " · " + p.T("accountpage.lang."+string(p.Person.Lang))},
		{Path: "/account/address", Name: p.T("accountpage.address"), Text: p.Person.Email},
		{Path: "/account/password", Name: p.T("accountpage.password"), Text: p.T("accountpage.password.since", "Date", p.Lang.Date(p.Person.Since))},
		{Path: "/account/two-step", Name: p.T("accountpage.second"), Text: second},
		{Path: "/account/sessions", Name: p.T("accountpage.sessions"), Text: p.N("accountpage.sessions.n", p.Live)},
		{Path: "/account/data", Name: p.T("accountpage.data"), Text: p.T("accountpage.data.text"), File: true},
		{Path: "/account/delete", Name: p.T("accountpage.delete"), Text: p.T("accountpage.delete.text")},
	}
}

func roleNames(l lang.Lang, roles []account.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = l.T("account.role." + string(r))
	}
	return strings.Join(names, ", ")
}

// spaced groups a key by four, for typing.
func spaced(key string) string {
	var b strings.Builder
	for i, r := range key {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (p ProfilePage) languages() []choice {
	return []choice{{"vi", p.T("accountpage.lang.vi")}, {"en", p.T("accountpage.lang.en")}}
}

// orgResult shows a status by shape as a badge does.
func orgResult(s account.Status) string {
	switch s {
	case account.Approved:
		return "pass"
	case account.Waiting:
		return "undetermined"
	}
	return "fail"
}
