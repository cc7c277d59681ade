package views

import (
	"maps"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"nguon/catalog"
)

// Component renders the page.
func (p ClaimsPage) Component() templ.Component {
	p.Base = p.private(p.T(p.key()), p.T("market.description"))
	return p.page()
}

// key is the message that names the list.
func (p ClaimsPage) key() string {
	if p.Out {
		return "market.out"
	}
	return "market.claims"
}

// about says of a product what the list is about.
func (p ClaimsPage) about(x catalog.Product) string {
	if p.Out {
		return p.T("market.out.since", "Date", p.Lang.Date(x.Withdrawn.At))
	}
	return p.N("shop.stars", x.OCOP.Stars)
}

// Component renders the page.
func (p ClaimPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("market.description"))
	return p.page()
}

// heading names the product, and its stars where it claims any.
func (p ClaimPage) heading() string {
	if p.Product.OCOP == nil {
		return name(p.Lang, p.Product)
	}
	return p.T("market.claim.title", "Product", name(p.Lang, p.Product))
}

func (p ClaimPage) was() string {
	c := p.Product.OCOP.Checked
	switch {
	case c == nil:
		return ""
	case c.Holds:
		return p.T("market.claim.was.yes", "Date", p.Lang.Date(c.At))
	}
	return p.T("market.claim.was.no", "Date", p.Lang.Date(c.At), "Reason", c.Reason)
}

// The page of a claim has two forms with a field "reason". Each is answered at
// its own address, which tells whose mistakes came back.
func (p ClaimPage) forms() (check, out Form) {
	if strings.HasSuffix(p.Path, "/withdraw") {
		return Form{}, p.Form.renamed("reason", "out")
	}
	return p.Form, Form{}
}

// problems are those of both forms, for the summary.
func (p ClaimPage) problems() Form {
	check, out := p.forms()
	if out.Err != nil {
		return out
	}
	return check
}

// renamed calls a field by another name, where two forms of a page have one of
// the same name.
func (f Form) renamed(from, to string) Form {
	if f.Err != nil {
		e := *f.Err
		e.Fields = slices.Clone(e.Fields)
		for i := range e.Fields {
			if e.Fields[i].Name == from {
				e.Fields[i].Name = to
			}
		}
		f.Err = &e
	}
	f.Values = maps.Clone(f.Values)
	if f.Values != nil {
		f.Values[to] = f.Values[from]
	}
	return f
}

func ocopFacts(b Base, o catalog.OCOP) []fact {
	return []fact{
		{"OCOP", b.N("shop.stars", o.Stars)},
		{b.T("shop.ocop.decision"), o.Decision},
		{b.T("shop.ocop.grantor"), o.Grantor.In(b.Lang)},
		{b.T("shop.paper.validity"), span(b.Lang, o.From, o.To)},
	}
}
