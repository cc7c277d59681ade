package views

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

// Component renders the lot's part of a trace page.
func (t TraceLot) Component() templ.Component { return t.part() }

func (t TraceLot) t(key string, args ...any) string { return t.Lang.T(key, args...) }

func (t TraceLot) to(path string) templ.SafeURL { return templ.SafeURL(t.Lang.Path(path)) }

func (t TraceLot) lot() *trace.PublicLot { return t.Trace.LotData }

func (t TraceLot) issuer() string {
	return TracePage{Base: Base{Lang: t.Lang}, Trace: t.Trace, Producer: t.Producer}.issuer()
}

func (t TraceLot) producerSlug() string {
	if t.Producer.Slug != "" {
		return t.Producer.Slug
	}
	return t.Trace.Product.ProducerSlug
}

// giResult is what the page shows; a lot that was not judged is undetermined.
func (t TraceLot) giResult() string {
	if t.Trace.GI == nil {
		return string(gi.Undetermined)
	}
	return string(t.Trace.GI.Shown().Result)
}

func (t TraceLot) asOf() string {
	g := t.Trace.GI
	if g.Packed == nil {
		return t.t("tracepage.asof.today", "Date", t.Lang.Date(g.Today.AsOf))
	}
	return t.t("tracepage.asof.packed", "Date", t.Lang.Date(g.Packed.AsOf))
}

func (t TraceLot) todayText() string {
	g := t.Trace.GI
	if g.Today.Result == g.Packed.Result && len(t.changedTests()) == 0 {
		return t.t("tracepage.today.same")
	}
	return t.t("tracepage.today." + string(g.Today.Result))
}

// rightNumber is the right that a test speaks of, "" when it speaks of none.
func rightNumber(test gi.Test) string {
	if test.Name == "right" {
		for _, e := range test.Evidence {
			if n, ok := e.Args["Number"].(string); ok {
				return n
			}
		}
	}
	return ""
}

// changedTests are those that would end otherwise today.
func (t TraceLot) changedTests() []gi.Test {
	var list []gi.Test
	for i, now := range t.Trace.GI.Today.Tests {
		if t.Trace.GI.Packed.Tests[i].Result != now.Result {
			list = append(list, now)
		}
	}
	return list
}

// whereText names the communes and how high the plots lie.
func (t TraceLot) whereText() string {
	var names []string
	low, high := 0, 0
	for _, p := range t.lot().Plots {
		if n := communeName(t.Lang, p.Commune); n != "" && !contains(names, n) {
			names = append(names, n)
		}
		if p.AltitudeM > 0 {
			if low == 0 || p.AltitudeM < low {
				low = p.AltitudeM
			}
			high = max(high, p.AltitudeM)
		}
	}
	parts := []string{t.Lang.N("tracepage.where.plots", len(t.lot().Plots), "Communes", joinNames(t.Lang, names))}
	switch {
	case high == 0:
		parts = append(parts, t.t("tracepage.where.height.unknown"))
	case low == high:
		parts = append(parts, t.t("tracepage.where.height", "M", t.Lang.Int(int64(high))))
	default:
		parts = append(parts, t.t("tracepage.where.heights", "Low", t.Lang.Int(int64(low)), "High", t.Lang.Int(int64(high))))
	}
	if t.lot().Season != "" {
		parts = append(parts, t.t("tracepage.where.season", "Season", t.lot().Season))
	}
	return strings.Join(parts, " ")
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// joinNames lists names as people say them: "A, B và C".
func joinNames(l lang.Lang, names []string) string {
	if len(names) == 0 {
		return l.T("common.unknown.place")
	}
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + l.T("common.and") + " " + names[last]
}

func (t TraceLot) plotMap() mapDrawing {
	m := mapDrawing{}
	var names []string
	for _, p := range t.lot().Plots {
		m.On = append(m.On, p.Commune)
		if p.Near != (place.Point{}) {
			m.Dots = append(m.Dots, p.Near)
		}
		if n := communeName(t.Lang, p.Commune); n != "" && !contains(names, n) {
			names = append(names, n)
		}
	}
	m.Label = t.t("tracepage.map", "Communes", joinNames(t.Lang, names))
	return m
}

func (t TraceLot) plotLine(p trace.PublicPlot) string {
	parts := []string{upperFirst(communeName(t.Lang, p.Commune))}
	if parts[0] == "" {
		parts[0] = t.t("common.unknown.place")
	}
	if p.AltitudeM > 0 {
		parts = append(parts, t.Lang.Int(int64(p.AltitudeM))+"\u00a0m")
	} else {
		parts = append(parts, t.t("tracepage.plot.altitude.unknown"))
	}
	if p.AreaHa > 0 {
		parts = append(parts, t.Lang.Num(p.AreaHa, 2)+"\u00a0ha")
	}
	return strings.Join(parts, " · ")
}

// plotFacts lists all that is asked of a plot; what nobody recorded is said
// to be unknown. The farmer's name appears only where it was allowed.
func (t TraceLot) plotFacts(p trace.PublicPlot) []fact {
	height, area, planted := "", "", ""
	if p.AltitudeM > 0 {
		height = t.t("tracepage.plot.height", "M", t.Lang.Int(int64(p.AltitudeM)))
	}
	if p.AreaHa > 0 {
		area = t.Lang.Num(p.AreaHa, 2) + "\u00a0ha"
	}
	if p.Planted > 0 {
		planted = fmt.Sprint(p.Planted)
	}
	var list []fact
	if p.Farmer != "" {
		list = append(list, fact{t.t("tracepage.plot.farmer"), p.Farmer})
	}
	return append(list,
		fact{t.t("tracepage.plot.commune"), upperFirst(communeName(t.Lang, p.Commune))},
		fact{t.t("tracepage.plot.old"), upperFirst(oldName(p.OldCommune))},
		fact{t.t("tracepage.plot.altitude"), height},
		fact{t.t("tracepage.plot.area"), area},
		fact{t.t("tracepage.plot.species"), word(t.Lang, "shop.species.", string(p.Species))},
		fact{t.t("tracepage.plot.variety"), strings.Join(p.Varieties, ", ")},
		fact{t.t("tracepage.plot.planted"), planted},
		fact{t.t("tracepage.plot.puc"), p.PUC})
}

// plotShape draws the outline of one plot, north up; it is only there when the
// farmer allowed it.
func plotShape(ring []place.Point, label string) templ.Component {
	minX, minY := place.Project(ring[0])
	maxX, maxY := minX, minY
	for _, p := range ring {
		x, y := place.Project(p)
		minX, maxX, minY, maxY = min(minX, x), max(maxX, x), min(minY, y), max(maxY, y)
	}
	scale := 92 / max(maxX-minX, maxY-minY, 1e-9)
	var d strings.Builder
	for i, p := range ring {
		x, y := place.Project(p)
		fmt.Fprintf(&d, "%c%.1f %.1f", "ML"[min(i, 1)], 4+(x-minX)*scale, 4+(y-minY)*scale)
	}
	return raw(fmt.Sprintf(`<svg class="plot-shape" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s"><path d="%sz"/></svg>`,
		8+(maxX-minX)*scale, 8+(maxY-minY)*scale, html.EscapeString(label), d.String()))
}

func (t TraceLot) whoFacts() []fact {
	p := t.Producer
	var list []fact
	if p.Kind != "" {
		list = append(list, fact{t.t("tracepage.who.kind"), word(t.Lang, "shop.producer.", string(p.Kind))})
	}
	list = append(list, fact{t.t("tracepage.who.address"), t.address()})
	if p.Phone != "" {
		list = append(list, fact{t.t("tracepage.who.phone"), p.Phone})
	}
	if p.Members > 0 {
		list = append(list, fact{t.t("tracepage.who.members"), t.Lang.N("shop.members", p.Members)})
	}
	return list
}

func (t TraceLot) address() string {
	if a := t.Producer.Address.In(t.Lang); a != "" {
		return a
	}
	code := t.Producer.Commune
	if code == "" {
		code = t.Trace.Product.Commune
	}
	return upperFirst(communeName(t.Lang, code))
}
