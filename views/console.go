package views

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/app/lang"
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
	return p.T("console.org.edit")
}

func (p OrgFormPage) action() string {
	if p.Org.ID == "" {
		return "/console/organisations/new"
	}
	return orgPath(p.Org) + "/edit"
}

// above is the page that the form was opened from.
func (p OrgFormPage) above() crumb {
	if p.Org.ID == "" {
		return crumb{p.T("console.home"), "/console"}
	}
	return crumb{p.Org.Name, orgPath(p.Org)}
}

// fixed are the values that the form shows and does not ask for.
func (p OrgFormPage) fixed() []fact {
	return []fact{
		{p.T("console.org.kind"), p.T("account.kind." + string(p.Org.Kind))},
		{p.T("console.org.name"), p.Org.Name},
		{p.T("console.org.name_en"), cmp.Or(p.Org.NameEn, "–")},
		{p.T("console.org.tax"), p.Org.TaxCode},
	}
}

// Component renders the page.
func (p OrgPage) Component() templ.Component {
	p.Base = p.private(p.Org.Name, p.T("console.description"))
	return p.page()
}

func orgPath(o account.Org) string { return "/console/organisations/" + o.ID }

// brought is what an organisation can do here once it is registered.
var brought = [...]struct{ icon, key string }{{"store", "console.brings.shop"}, {"qr-code", "console.brings.label"}, {"users", "console.brings.people"}}

// statusMeans says what a status lets an organisation do, and what to do next.
func statusMeans(b Base, o account.Org) string {
	key := "console.status." + string(o.Status)
	if weak(b, o) {
		return b.T(key + ".second")
	}
	if !o.Kind.Sells() && b.Lang.Has(key+".office") {
		key += ".office"
	}
	return b.T(key)
}

// weak reports whether the role that an organisation gives waits for the
// second step of who looks: that of the department that keeps the register.
func weak(b Base, o account.Org) bool {
	return o.Kind == account.Department && o.Status == account.Approved && b.Me != nil && b.Me.Second
}

// reasonNow is why an organisation was refused or suspended, "" for others.
func reasonNow(o account.Org) string {
	if n := len(o.Decisions); n > 0 && (o.Status == account.Refused || o.Status == account.Suspended) {
		return o.Decisions[n-1].Reason
	}
	return ""
}

// step is the way on from an organisation: where to, and what it says.
type step struct{ Path, Text string }

func nextStep(b Base, o account.Org) step {
	switch {
	case weak(b, o):
		return step{"/account/two-step", b.T("console.second.turn_on")}
	case o.Status == account.Waiting && o.Kind.Sells():
		return step{"/console/shop/new?org=" + o.ID, b.T("console.next.draft")}
	case o.Status == account.Waiting:
		return step{orgPath(o), b.T("console.next.papers")}
	case o.Status == account.Refused:
		return step{orgPath(o), b.T("console.next.refused")}
	case o.Status == account.Approved && o.Kind.Sells():
		return step{"/console/shop", b.T("console.next.shop")}
	}
	return step{orgPath(o), b.T("console.next.org")}
}

// has reports whether a section of the console is open to who looks: an
// operator reads the page of an organisation without the shop's.
func (b Base) has(section string) bool {
	return b.Me != nil && slices.ContainsFunc(b.Me.Sections, func(s Section) bool { return s.Path == section })
}

// serves reports whether who looks works for the market and may well be in no
// organisation.
func (b Base) serves() bool { return b.has("/console/market") || b.has("/console/reports") }

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

// idLength is that of the store's ids.
const idLength = 24

// short is the end of an id, enough to tell two apart.
func short(id string) string {
	if len(id) != idLength {
		return id
	}
	return id[idLength-6:]
}

// who words the author of an entry.
func who(l lang.Lang, names map[string]string, by string) string {
	if n := names[by]; n != "" {
		return n
	}
	if key := "console.by." + by; l.Has(key) {
		return l.T(key)
	}
	if len(by) == idLength {
		return l.T("console.by.gone") + " (" + short(by) + ")"
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

func latestFirst(list []account.Decision) []account.Decision {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}
