package views

import (
	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/qr"
	"nguon/qr/trace"
	"nguon/static"
)

// Component renders the whole page; Pieces and Fills are the same page in parts.
func (p TracePage) Component() templ.Component { return p.prepared().page() }

// ShowsLot reports whether the lot's part stands on this page: not under a
// code that was never issued, where it could be taken for the packet's.
func (p TracePage) ShowsLot() bool { return p.showsLot() }

func (p TracePage) prepared() TracePage {
	t := p.Trace
	p.Base = p.named(p.title(), p.T("tracepage.description", "Lot", t.Lot))
	p.bare, p.canon = true, tracePath(t.GTIN, t.Lot, "")
	p.Path = tracePath(t.GTIN, t.Lot, t.Serial) // not as it was asked for, which may be encoded in any way
	p.NoIndex = p.NoIndex || t.Serial != "" || !p.showsLot()
	p.Demo = p.Demo || t.Demo
	if p.showsLot() && t.Product.Name != "" {
		p.JSONLD = append(p.JSONLD, p.linkedData())
	}
	return p
}

// title names the lot, and that it was called back, but not the verdict: it is
// the same for all its packets.
func (p TracePage) title() string {
	n := traceProductName(p.Lang, p.Trace)
	if n == "" {
		return p.T("tracepage.title", "Lot", p.Trace.Lot)
	}
	if p.recall() != nil {
		return p.T("tracepage.title.recalled", "Lot", p.Trace.Lot) + " · " + n
	}
	return n + " · " + p.T("shop.lot", "Lot", p.Trace.Lot)
}

func (p TracePage) showsLot() bool {
	return p.Trace.LotData != nil && p.Trace.State != qr.Forged && p.Trace.State != qr.Unknown
}

func (p TracePage) lotPart() templ.Component {
	return TraceLot{Lang: p.Lang, Trace: p.Trace, Producer: p.Producer, Visit: p.Visit, Today: p.Today}.Component()
}

// scanned reports whether earlier scans are told: only of codes that we issued.
func (p TracePage) scanned() bool {
	switch p.Trace.State {
	case qr.Genuine, qr.Suspicious, qr.Recalled, qr.Void:
		return p.Trace.Serial != ""
	}
	return false
}

func (p TracePage) scanLine() string {
	if p.open {
		return scansMark
	}
	s := p.Trace.Scans
	if s.First.IsZero() {
		return p.T("tracepage.scan.first")
	}
	if s.Count <= 1 {
		return p.T("tracepage.scan.once", "Date", p.Lang.Date(s.First))
	}
	return p.N("tracepage.scan.since", int(s.Count-1), "Date", p.Lang.Date(s.First))
}

// compares reports whether the visitor can hold the packet against the page.
func (p TracePage) compares() bool {
	return p.showsLot()
}

func (p TracePage) compareKind() string {
	switch {
	case p.Trace.Serial != "":
		return "packet"
	case p.waiting():
		return "waiting"
	}
	return "lot"
}

// sayKind is the state, with lots told apart that were called back or that no
// packet carries yet.
func (p TracePage) sayKind() string {
	switch {
	case p.Trace.State != qr.LotOnly:
	case p.recall() != nil:
		return "lot.recalled"
	case p.waiting():
		return "lot.waiting"
	}
	return string(p.Trace.State)
}

// tone is the state that the verdict is headed and drawn as: a lot that was
// called back is so also where no packet is judged.
func (p TracePage) tone() qr.State {
	if p.Trace.State == qr.LotOnly && p.recall() != nil {
		return qr.Recalled
	}
	return p.Trace.State
}

// recall is the notice of a lot that was called back. It stands first on every
// page that shows the lot, whatever else is said of the code.
func (p TracePage) recall() *trace.Recall {
	if !p.showsLot() {
		return nil
	}
	return p.Trace.LotData.Recall
}

func (p TracePage) waiting() bool { return p.Trace.LotData != nil && p.Trace.LotData.PackedOn == nil }

// names fill the sentences of the verdict.
func (p TracePage) names() []any {
	void := ""
	if r := p.Trace.Run; r != nil && r.Voided != nil {
		void = p.Lang.Date(*r.Voided)
	}
	return []any{"Producer", p.issuer(), "Lot", p.Trace.Lot, "Product", traceProductName(p.Lang, p.Trace), "Voided", void}
}

func (p TracePage) issuer() string {
	if p.Producer.Name != "" {
		return producerName(p.Lang, p.Producer)
	}
	return p.Trace.Product.ProducerName
}

// packetFacts is what stands on the packet itself.
func (p TracePage) packetFacts() []fact {
	t := p.Trace
	list := []fact{{p.T("tracepage.packet.name"), traceProductName(p.Lang, t)}}
	if t.Product.Grind != "" && t.Product.Grind != "none" {
		list = append(list, fact{p.T("tracepage.packet.form"), word(p.Lang, "shop.grind.", t.Product.Grind)})
	}
	if t.Product.NetGrams > 0 {
		list = append(list, fact{p.T("tracepage.packet.weight"), p.Lang.Kilograms(t.Product.NetGrams)})
	}
	packed := p.T("tracepage.packet.waiting")
	if t.LotData.PackedOn != nil {
		packed = p.Lang.DateLong(*t.LotData.PackedOn)
	}
	list = append(list, fact{p.T("tracepage.packet.packed"), packed}, fact{p.T("tracepage.packet.lot"), t.Lot})
	if t.Serial != "" {
		list = append(list, fact{p.T("tracepage.packet.serial"), grouped(t.Serial)})
	}
	return list
}

func traceProductName(l lang.Lang, t qr.Trace) string {
	return lang.Text{Vi: t.Product.Name, En: t.Product.NameEn}.In(l)
}

func (p TracePage) linkedData() ld {
	t := p.Trace
	props := []ld{{"@type": "PropertyValue", "name": p.T("tracepage.packet.lot"), "value": t.Lot}}
	if t.LotData.PackedOn != nil {
		props = append(props, ld{"@type": "PropertyValue", "name": p.T("tracepage.packet.packed"), "value": t.LotData.PackedOn.In(lang.Zone).Format("2006-01-02")})
	}
	return ld{"@context": "https://schema.org", "@type": "Product", "name": traceProductName(p.Lang, t), "gtin": t.GTIN,
		"url": p.canonical(p.Lang), "additionalProperty": props,
		"manufacturer":    ld{"@type": "Organization", "name": p.issuer()},
		"countryOfOrigin": ld{"@type": "Country", "name": "VN"}}
}

var inlineSheet = raw("<style>" + static.Inline("css/trace.css") + "</style>")
