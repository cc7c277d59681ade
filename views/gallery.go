package views

import (
	"fmt"
	"slices"
	"time"

	"github.com/a-h/templ"

	"nguon/qr"
	"nguon/qr/gi"
	"nguon/static"
)

// Component renders the page.
func (p Gallery) Component() templ.Component {
	p.Base = p.named(p.T("gallery.title"), p.T("gallery.lead"))
	p.NoIndex, p.Demo = true, true
	return p.page()
}

var states = [...]qr.State{qr.Genuine, qr.Suspicious, qr.Recalled, qr.Void, qr.Unknown, qr.Forged, qr.LotOnly}

// colours are the tokens by name; their values change with the scheme.
var colours = [...]string{"paper", "card", "tint", "line", "edge", "ink", "soft", "roast", "cherry", "leaf", "indigo", "turmeric", "pass", "fail", "open", "sash"}

func (p Gallery) today() time.Time { return sampleDay(8, 2) }

func (p Gallery) verdictOf(s qr.State) TracePage {
	return TracePage{Base: Base{Lang: p.Lang}, Trace: sampleTrace(s), Producer: sampleProducer(), Today: p.today()}
}

// lotOf is a lot's part whose tests ended as given.
func (p Gallery) lotOf(area, product, right gi.Result) TraceLot {
	t := sampleTrace(qr.LotOnly)
	v := sampleVerdict(sampleDay(2, 24), area, product, right)
	t.GI = &qr.GI{Packed: &v, Today: v}
	return TraceLot{Lang: p.Lang, Trace: t, Producer: sampleProducer(), Today: p.today()}
}

func (p Gallery) list() ProductList {
	return ProductList{Base: p.Base, Total: 1, Items: sampleProducts()[:1]}
}

func (p Gallery) register() GIPage {
	h := func(number string, s gi.Status) gi.Holder {
		return gi.Holder{Number: number, Name: sampleProducer().Name, Commune: "04132", Products: []string{"green", "roasted"}, Status: s, From: sampleDay(1, 1), To: sampleDay(12, 31), Since: sampleDay(5, 5), Demo: true}
	}
	return GIPage{Base: p.Base, Today: p.today(), Holders: []gi.Holder{h("MAU-01", gi.Valid), h("MAU-02", gi.Suspended), h("MAU-03", gi.Expired), h("MAU-04", gi.Withdrawn), h("MAU-05", gi.NotYet)}}
}

func iconNames() []string {
	names := make([]string, 0, len(icons))
	for name := range icons {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// motifStrip shows one woven pattern.
func motifStrip(i int) templ.Component {
	id := fmt.Sprintf("motif%d", i)
	return raw(`<svg width="100%" height="36" shape-rendering="crispEdges" aria-hidden="true"><defs>` + motifs[i].pattern(id, 4) +
		`</defs><rect width="100%" height="36" fill="#1e2855"/><rect width="100%" height="36" fill="url(#` + id + `)"/></svg>`)
}

// gallerySheet adds the swatches to the sheet of the shop pages.
var gallerySheet = templ.Join(linkedSheet(), raw(`<link rel="stylesheet" href="`+static.URL("css/gallery.css")+`">`))
