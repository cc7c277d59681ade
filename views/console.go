package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
	"nguon/app/outbox"
	"nguon/app/place"
)

// Component renders the page.
func (p ConsolePage) Component() templ.Component {
	p.Base = p.private(p.T("console.home"), p.T("console.description"))
	return p.page()
}

// Component renders the page.
func (p OrgFormPage) Component() templ.Component {
	p.Base = p.private(p.heading(), p.T("console.description"))
	return p.page()
}

func (p OrgFormPage) heading() string {
	if p.Org.ID == "" {
		return p.T("console.org.new")
	}
	return p.Org.Name
}

func (p OrgFormPage) action() string {
	if p.Org.ID == "" {
		return "/console/organisations/new"
	}
	return "/console/organisations/" + p.Org.ID + "/edit"
}

// Component renders the page.
func (p OrgPage) Component() templ.Component {
	p.Base = p.private(p.Org.Name, p.T("console.description"))
	return p.page()
}

// asked begins a menu in which nothing is chosen beforehand.
func asked(b Base, list ...choice) []choice {
	return append([]choice{{"", b.T("form.choose")}}, list...)
}

func orgKinds(b Base) []choice {
	var list []choice
	for _, k := range account.OrgKinds {
		list = append(list, choice{string(k), b.T("account.kind." + string(k))})
	}
	return asked(b, list...)
}

// communes are today's communes in dictionary order.
func communes(b Base) []choice {
	all := place.All()
	slices.SortFunc(all, func(x, y place.Commune) int { return strings.Compare(lang.SortKey(x.Name), lang.SortKey(y.Name)) })
	list := make([]choice, len(all))
	for i, c := range all {
		list[i] = choice{c.Code, c.FullName}
		if b.Lang == lang.En {
			list[i].Text = c.FullNameEn
		}
	}
	return asked(b, list...)
}

// who words the author of an entry.
func who(l lang.Lang, names map[string]string, by string) string {
	if n := names[by]; n != "" {
		return n
	}
	if key := "console.by." + by; l.Has(key) {
		return l.T(key)
	}
	if len(by) == 24 {
		return l.T("console.by.gone") + " (" + by[18:] + ")"
	}
	return by
}

func orgFacts(b Base, o account.Org) []fact {
	return []fact{
		{b.T("console.org.kind"), b.T("account.kind." + string(o.Kind))},
		{b.T("console.org.name_en"), o.NameEn},
		{b.T("console.org.tax"), o.TaxCode},
		{b.T("console.org.commune"), upperFirst(communeName(b.Lang, o.Commune))},
		{b.T("console.org.address"), o.Address},
		{b.T("console.org.phone"), o.Phone},
	}
}

// bytesText writes a size as people read it.
func bytesText(l lang.Lang, n int64) string {
	if n < 1<<20 {
		return l.Int(max(n>>10, 1)) + " KB"
	}
	return l.Num(float64(n)/(1<<20), 1) + " MB"
}

func actResult(a account.Act) string {
	switch a {
	case account.Approve, account.Lift:
		return "pass"
	case account.Apply:
		return "undetermined"
	}
	return "fail"
}

func seq(o account.Org) string { return strconv.Itoa(len(o.Decisions)) }

// valuesText words what stood before or after a change.
func valuesText(vs []outbox.Value) string {
	parts := make([]string, 0, len(vs))
	for _, v := range vs {
		if v.Text != "" {
			parts = append(parts, v.Name+": "+v.Text)
		}
	}
	return strings.Join(parts, " · ")
}

func latestFirst(list []account.Decision) []account.Decision {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// sells reports whether the sections of who looks hold the products: an operator
// reads the page of an organisation without them.
func (b Base) sells() bool {
	return slices.ContainsFunc(b.Me.Sections, func(s Section) bool { return s.Path == "/console/shop" })
}
