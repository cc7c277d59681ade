package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/legal"
)

// Component renders the page.
func (p MarketPage) Component() templ.Component {
	p.Base = p.private(p.T("market.title"), p.T("market.description"))
	return p.page()
}

// Component renders the page.
func (p MarketOrgPage) Component() templ.Component {
	p.Base = p.private(p.Org.Name, p.T("market.description"))
	return p.page()
}

// Component renders the page.
func (p TextsPage) Component() templ.Component {
	p.Base = p.private(p.T("market.texts"), p.T("market.texts.description"))
	return p.page()
}

// Component renders the page.
func (p TextPage) Component() templ.Component {
	p.Base = p.private(p.T("legal."+string(p.Text.Page)+".title"), p.T("market.texts.description"))
	return p.page()
}

// Component renders the page.
func (p MailPage) Component() templ.Component {
	p.Base = p.private(p.T("market.mail"), p.T("market.mail.description"))
	return p.page()
}

// after is the address of the next page of a list.
func (b Base) after(cursor string) templ.SafeURL {
	q, err := url.ParseQuery(b.Query)
	if err != nil {
		q = url.Values{}
	}
	q.Set("after", cursor)
	return templ.SafeURL(b.Lang.Path(b.Path) + "?" + q.Encode())
}

func (p MarketOrgPage) acts() []choice {
	var list []choice
	for _, a := range p.Acts {
		list = append(list, choice{string(a), p.T("account.act." + string(a))})
	}
	return list
}

// only is the one act that is possible, "" where there is a choice, or none that
// has a question of its own.
func (p MarketOrgPage) only() account.Act {
	if len(p.Acts) == 1 && p.Lang.Has("market.org.reason."+string(p.Acts[0])) {
		return p.Acts[0]
	}
	return ""
}

func textState(b Base, t legal.Text) string {
	if t.Default {
		return b.T("market.texts.default")
	}
	return b.T("market.texts.changed", "Date", b.Lang.DateTime(t.Changed))
}

func gaps(t legal.Text) int { return len(legal.Gaps(t.Body.Vi)) + len(legal.Gaps(t.Body.En)) }

// gapLine words what a text leaves to be filled in, "" for nothing.
func gapLine(b Base, body, language string) string {
	if g := strings.Join(legal.Gaps(body), "; "); g != "" {
		return b.T(language) + ": " + g
	}
	return ""
}

// mailAbout words what a mail was about.
func mailAbout(l lang.Lang, key string) string {
	return word(l, "market.mail.about.", strings.TrimPrefix(key, "mail."))
}

// aboutPath is the public address of a legal page.
func aboutPath(p legal.Page) string {
	if p == legal.Imprint {
		return "/about"
	}
	return "/about/" + string(p)
}

func itoa(n int) string { return strconv.Itoa(n) }
