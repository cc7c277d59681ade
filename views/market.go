package views

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/catalog"
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
func (p ClaimsPage) Component() templ.Component {
	p.Base = p.private(p.T("market.claims"), p.T("market.description"))
	return p.page()
}

// Component renders the page.
func (p ClaimPage) Component() templ.Component {
	p.Base = p.private(p.T("market.claim.title", "Product", p.Product.Name), p.T("market.description"))
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

func (p ClaimPage) was() string {
	c := p.Product.OCOP.Checked
	switch {
	case c == nil:
		return ""
	case c.Holds:
		return p.T("market.claim.was", "Result", p.T("market.claim.was.yes"))
	}
	return p.T("market.claim.was", "Result", p.T("market.claim.was.no", "Reason", c.Reason))
}

func ocopFacts(b Base, o catalog.OCOP) []fact {
	return []fact{
		{"OCOP", b.N("shop.stars", o.Stars)},
		{b.T("shop.ocop.decision"), o.Decision},
		{b.T("shop.ocop.grantor"), o.Grantor.In(b.Lang)},
		{b.T("shop.paper.validity"), span(b.Lang, o.From, o.To)},
	}
}

func textState(b Base, t legal.Text) string {
	if t.Default {
		return b.T("market.texts.default")
	}
	return b.T("market.texts.changed", "Date", b.Lang.DateTime(t.Changed))
}

func gaps(t legal.Text) int { return len(legal.Gaps(t.Body.Vi)) + len(legal.Gaps(t.Body.En)) }

func gapList(body string) string { return strings.Join(legal.Gaps(body), "; ") }

// aboutPath is the public address of a legal page.
func aboutPath(p legal.Page) string {
	if p == legal.Imprint {
		return "/about"
	}
	return "/about/" + string(p)
}

func memberLine(l lang.Lang, o account.Org, people map[string]account.Person) []string {
	var list []string
	for _, m := range o.Members {
		if p, ok := people[m.Person]; ok {
			list = append(list, p.Name+" · "+p.Email+" · "+l.T("account.member."+string(m.Role)))
		}
	}
	return slices.Clip(list)
}

func itoa(n int) string { return strconv.Itoa(n) }
