package views

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/qr/gi"
)

var testNames = [...]string{"area", "product", "right"}

// Component renders the page.
func (p GIPage) Component() templ.Component {
	p.Base = p.named(p.T("gipage.title"), p.T("gipage.description"))
	if p.Rules.Registration == "" {
		p.Rules = gi.RulesToday()
	}
	for _, h := range p.Holders {
		p.shows(h.Demo)
	}
	return p.page()
}

func (p GIPage) units() []gi.Unit { return p.Rules.Units() }

func (p GIPage) registration() []fact {
	r := p.Rules
	decided := ""
	if !r.Decided.IsZero() {
		decided = p.Lang.Date(r.Decided.Time)
	}
	return []fact{
		{p.T("gipage.registration.number"), r.Registration},
		{p.T("gipage.registration.decision"), r.Decision},
		{p.T("gipage.registration.date"), decided},
		{p.T("gipage.registration.manager"), r.Manager.In(p.Lang)},
		{p.T("gipage.kinds"), upperFirst(kindList(p.Lang, r.Kinds))},
	}
}

func (p GIPage) ruleArgs() []any {
	r := p.Rules
	return []any{"Min", p.Lang.Int(int64(r.AltitudeMin)), "Max", p.Lang.Int(int64(r.AltitudeMax)),
		"Species", word(p.Lang, "shop.species.", r.Species), "Kinds", kindList(p.Lang, r.Kinds), "N", len(r.OldCommunes)}
}

func (p GIPage) areaMap() mapDrawing {
	m := mapDrawing{Label: p.T("gipage.area.map")}
	for _, u := range p.units() {
		if u.Cover == gi.Full {
			m.On = append(m.On, u.Commune.Code)
		} else {
			m.Part = append(m.Part, u.Commune.Code)
		}
	}
	return m
}

// kindList names product kinds as a sentence does.
func kindList(l lang.Lang, kinds []string) string {
	names := make([]string, 0, len(kinds))
	for _, k := range kinds {
		names = append(names, word(l, "gi.kind.", k))
	}
	if len(names) == 0 {
		return ""
	}
	return joinNames(l, names)
}

func oldNames(list []place.OldCommune) string {
	names := make([]string, 0, len(list))
	for _, o := range list {
		names = append(names, o.FullName())
	}
	return upperFirst(strings.Join(names, ", "))
}

// Component renders the page.
func (p GIRightPage) Component() templ.Component {
	h := p.Right.Holder
	p.Base = p.named(h.Name+" · "+p.T("gipage.right", "Number", h.Number), p.T("gipage.right.description", "Holder", h.Name, "Number", h.Number))
	p.Demo = p.Demo || h.Demo
	return p.page()
}

func (p GIRightPage) crumbs() []crumb {
	return []crumb{{p.T("common.nav.gi"), "/gi"}, {p.Right.Holder.Number, rightPath(p.Right.Holder.Number)}}
}

// statusText says since when the status stands and until when it holds.
func (p GIRightPage) statusText() string {
	h := p.Right.Holder
	args := []any{"Since", p.Lang.Date(h.Since), "From", p.Lang.Date(h.From), "To", p.Lang.Date(h.To), "Today", p.Lang.Date(p.Today)}
	key := "gipage.status." + string(h.Status)
	if h.Status == gi.Valid && h.To.IsZero() {
		key += ".open"
	}
	text := p.T(key, args...)
	if r := h.Reason.In(p.Lang); r != "" && h.Status != gi.Valid {
		text += " " + p.T("gipage.reason", "Reason", r)
	}
	return text
}

func (p GIRightPage) facts() []fact {
	h := p.Right.Holder
	return []fact{
		{p.T("gipage.number"), h.Number},
		{p.T("gipage.commune"), upperFirst(communeName(p.Lang, h.Commune))},
		{p.T("gipage.kinds"), upperFirst(kindList(p.Lang, h.Products))},
		{p.T("gipage.period"), span(p.Lang, h.From, h.To)},
	}
}

func (p GIRightPage) newestFirst() []GIDecision {
	list := slices.Clone(p.Right.Decisions)
	slices.Reverse(list)
	return list
}

// decisionLine is the paper's number and the time for which it holds.
func (p GIRightPage) decisionLine(d GIDecision) string {
	line := p.T("gipage.decision", "Number", d.Number)
	if s := span(p.Lang, d.From, d.To); s != "" {
		line += " · " + s
	}
	return line
}

var actionIcons = map[gi.Action]string{gi.Grant: "stamp", gi.Renew: "history", gi.Suspend: "octagon-alert",
	gi.Lift: "undo-2", gi.Withdraw: "ban", gi.Amend: "clipboard-check"}

func actionIcon(a gi.Action) string {
	if name, ok := actionIcons[a]; ok {
		return name
	}
	return "scroll-text"
}

func reportValues(l lang.Lang, values map[string]float64) []fact {
	keys := make([]string, 0, len(values))
	for k := range values {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	list := make([]fact, 0, len(keys))
	for _, k := range keys {
		list = append(list, fact{propertyName(l, k), l.Num(values[k], 3) + "\u00a0" + propertyUnit(l, k)})
	}
	return list
}
