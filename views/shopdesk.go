package views

import (
	"slices"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/catalog"
)

// Component renders the page.
func (p ShopPage) Component() templ.Component {
	p.Base = p.private(p.T("shopdesk.title"), p.T("shopdesk.description"))
	return p.page()
}

// Component renders the page.
func (p ProductDeskPage) Component() templ.Component {
	p.Base = p.private(p.Product.Name, p.T("shopdesk.description"))
	return p.page()
}

// Component renders the page.
func (p PortraitPage) Component() templ.Component {
	p.Base = p.private(p.T("shopdesk.portrait.title", "Org", p.Org.Name), p.T("shopdesk.description"))
	return p.page()
}

// productState is how a product stands: the suffix of a message and the shape
// of its badge.
func productState(p catalog.Product) (state, result string) {
	switch {
	case p.Listed:
		return "listed", "pass"
	case p.Published:
		return "hidden", "undetermined"
	case marketTook(p):
		return "market", "fail"
	case p.Withdrawn != nil:
		return "withdrawn", "plain"
	}
	return "draft", "plain"
}

// marketTook reports whether the operator took a product out; only the operator
// lets it back.
func marketTook(p catalog.Product) bool { return p.Withdrawn != nil && p.Withdrawn.Market }

// withdrawnFor is the reason given for taking a product out, "" without one.
func withdrawnFor(p catalog.Product) string {
	if p.Withdrawn == nil {
		return ""
	}
	return p.Withdrawn.Reason
}

// ocopState is how a claim of stars stands: the suffix of a message and the
// shape of its badge, "" without a claim.
func ocopState(p catalog.Product) (state, result string) {
	switch o := p.OCOP; {
	case o == nil:
		return "", ""
	case o.Checked == nil:
		return "claimed", "undetermined"
	case o.Checked.Holds:
		return "holds", "pass"
	}
	return "refused", "fail"
}

func refusedFor(p catalog.Product) string {
	if p.OCOP == nil || p.OCOP.Checked == nil || p.OCOP.Checked.Holds {
		return ""
	}
	return p.OCOP.Checked.Reason
}

// ocopLine says how a claim of stars stands, and why it was refused.
func ocopLine(b Base, p catalog.Product) string {
	state, _ := ocopState(p)
	if state == "" {
		return ""
	}
	if reason := refusedFor(p); reason != "" {
		return b.T("shopdesk.ocop."+state) + ": " + reason
	}
	return b.T("shopdesk.ocop." + state)
}

func approved(o account.Org) bool { return o.Status == account.Approved }

func (s Shop) newPath() string { return "/console/shop/new?org=" + s.Org.ID }

func (p ProductDeskPage) path(end string) string { return "/console/shop/" + p.Product.ID + end }

// operates reports whether who looks runs the market and may take the product out.
func (p ProductDeskPage) operates() bool {
	return !p.Mine && p.Me != nil && slices.ContainsFunc(p.Me.Sections, func(s Section) bool { return s.Path == "/console/market" })
}

// here are the fields that stand on the desk; any other stands in the form of
// the product.
var here = []string{"photo", "reason"}

// form is what is wrong with the fields of the desk.
func (p ProductDeskPage) form() Form {
	f := p.Form
	if f.Err != nil {
		e := *f.Err
		e.Fields = slices.DeleteFunc(slices.Clone(e.Fields), func(w fault.Field) bool { return !slices.Contains(here, w.Name) })
		f.Err = &e
	}
	return f
}

// lacks are what has to be filled in before buyers can see the product: fields
// of its form, with words.
func (p ProductDeskPage) lacks() (list []choice) {
	if p.Product.Published {
		return nil
	}
	if p.Form.Err != nil {
		for _, w := range p.Form.Err.Fields {
			if !slices.Contains(here, w.Name) {
				list = append(list, choice{w.Name, p.Lang.Map(w.Code, p.Form.Err.Args)})
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	if p.Product.Summary.Vi == "" {
		list = append(list, choice{"summary", p.T("shopdesk.lacks.summary")})
	}
	if len(p.Product.Sold()) == 0 {
		list = append(list, choice{"weight.0", p.T("shopdesk.lacks.variants")})
	}
	return list
}

// ready reports whether the product can be published now.
func (p ProductDeskPage) ready() bool {
	return approved(p.Org) && !p.Product.Published && !marketTook(p.Product) && len(p.lacks()) == 0
}

// mistake reports whether the product may be discarded: a draft that was never in
// the shop. Whether a lot packs it is found out when somebody tries.
func (p ProductDeskPage) mistake() bool {
	return p.Mine && p.Product.First == nil && !marketTook(p.Product)
}

func (p ProductDeskPage) stock(v catalog.Variant) string {
	n, ok := p.Stock[v.GTIN]
	if !ok {
		return p.T("shopdesk.stock.unknown")
	}
	return p.Lang.Int(n)
}

func (p ProductDeskPage) ocopFacts() []fact {
	o := p.Product.OCOP
	return []fact{
		{p.T("productform.stars"), p.N("shop.stars", o.Stars)},
		{p.T("shop.ocop.decision"), o.Decision},
		{p.T("shop.ocop.grantor"), o.Grantor.In(p.Lang)},
		{p.T("shop.paper.validity"), span(p.Lang, o.From, o.To)},
	}
}

// registered is what the public page takes from the registration.
func (p PortraitPage) registered() []fact {
	return []fact{
		{p.T("console.org.name"), p.Org.Name},
		{p.T("console.org.commune"), upperFirst(communeName(p.Lang, p.Org.Commune))},
		{p.T("console.org.address"), p.Org.Address},
		{p.T("console.org.phone"), p.Org.Phone},
	}
}
