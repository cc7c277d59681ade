package views

import (
	"fmt"
	"hash/fnv"
	"html"
	"strings"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/catalog"
)

// cloth is how a packet of one colour is printed: the ground, a darker fold,
// two ridges and the sky behind them, and the ink on the ground.
type cloth struct{ ground, fold, far, near, sky, ink string }

var cloths = map[string]cloth{
	"roast":    {"#5a3a22", "#452b18", "#8a6243", "#704a2d", "#d9b48a", "#fbf7f0"},
	"cherry":   {"#a32a20", "#7f1e17", "#cf6a52", "#b8442f", "#f0b98d", "#fbf7f0"},
	"leaf":     {"#2f6b3a", "#234f2b", "#6f9f68", "#4a8450", "#dfe3b1", "#fbf7f0"},
	"indigo":   {"#27346b", "#1b2550", "#5b6aa6", "#3d4b88", "#e3c9b4", "#fbf7f0"},
	"turmeric": {"#d99a1e", "#b47c10", "#a8611d", "#8a4a1b", "#f8e3ae", "#221a14"},
}

// beanColors are those of the beans in the window, from green to dark.
var beanColors = map[catalog.Roast]string{"": "#9aa06a", catalog.Light: "#b47b45", catalog.MediumLight: "#96602f",
	catalog.Medium: "#774722", catalog.MediumDark: "#573116", catalog.Dark: "#3b2110"}

// picture shows a product: its photo, or a packet drawn from what is known of
// it when there is none.
func picture(l lang.Lang, p catalog.Product) templ.Component {
	if p.Photo != "" {
		return raw(`<img class="photo" src="` + html.EscapeString(p.Photo) + `" alt="` + html.EscapeString(name(l, p)) + `" loading="lazy" decoding="async">`)
	}
	return raw(drawPacket(l, p))
}

// packet is one drawing in the making, 240 by 300 units.
type packet struct {
	strings.Builder
	id   string
	seed uint32
	cloth
	shape
	p catalog.Product
}

// shape is the outline of a packet and where things stand on it.
type shape struct {
	body             string // d of the outline
	top, label, foot int    // y of the picture, of the label, of the lower band
	left, right      int    // edges of the label
	extras           string // markup drawn over the body
}

func drawPacket(l lang.Lang, p catalog.Product) string { return drawPacketAs(l, p, "") }

// drawPacketAs draws the same packet under a mark, for a page that shows one
// product more than once.
func drawPacketAs(l lang.Lang, p catalog.Product, mark string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(p.Slug + p.ID))
	d := &packet{id: fmt.Sprintf("pk%x%s", h.Sum32(), mark), seed: h.Sum32(), p: p}
	var ok bool
	if d.cloth, ok = cloths[p.Art.Color]; !ok {
		d.cloth = cloths["roast"]
	}
	d.shape = d.outline()
	fmt.Fprintf(d, `<svg class="packet" viewBox="18 16 204 284" role="img" aria-label="%s">`, html.EscapeString(name(l, p)))
	fmt.Fprintf(d, `<defs>%s<clipPath id="%sc"><path d="%s"/></clipPath></defs>`, pick(p.Art.Motif).pattern(d.id+"w", 2), d.id, d.body)
	d.WriteString(`<ellipse cx="120" cy="288" rx="92" ry="8" fill="#221a14" opacity=".18"/>`)
	fmt.Fprintf(d, `<g clip-path="url(#%sc)"><rect width="240" height="300" fill="%s"/>`, d.id, d.ground)
	d.landscape()
	d.bands()
	d.name(l)
	d.window()
	d.shade()
	d.WriteString(`</g>` + d.extras + `</svg>`)
	return d.String()
}

// outline chooses the packet: a jute sack for green beans, a tall pouch for
// roasted ones, a folded block bag for ground coffee, a box for the rest.
func (d *packet) outline() shape {
	switch d.p.Kind {
	case catalog.Green:
		return shape{"M70 66C44 108 38 210 52 284Q120 296 188 284C202 210 196 108 170 66Q184 44 176 24Q148 34 120 28Q92 34 64 24Q56 44 70 66Z",
			66, 126, 254, 58, 182, `<path d="M68 64Q120 76 172 64" fill="none" stroke="#e0a526" stroke-width="5"/><path d="M68 64Q120 76 172 64" fill="none" stroke="#221a14" stroke-opacity=".3" stroke-width="5" stroke-dasharray="2 4"/><path d="M118 70q-10 14-4 26m8-26q10 12 8 24" fill="none" stroke="#e0a526" stroke-width="3" stroke-linecap="round"/>`}
	case catalog.Ground:
		return shape{"M52 44H188L192 284H48Z", 74, 130, 258, 58, 182,
			`<path d="M50 44H190V74H50Z" fill="` + d.fold + `"/><path d="M50 74H190" stroke="#221a14" stroke-opacity=".35"/><path d="M50 54H190" stroke="#fff" stroke-opacity=".16"/><rect x="40" y="58" width="160" height="9" rx="4.5" fill="#d9b48a"/><path d="M46 62.5H194" stroke="#8a6243" stroke-opacity=".6"/>`}
	case catalog.Other:
		return shape{"M46 60L194 60L194 284L46 284Z", 60, 118, 258, 54, 186,
			`<path d="M46 60L62 40H178L194 60Z" fill="` + d.fold + `"/><path d="M62 40H178L194 60H46Z" fill="#fff" opacity=".12"/><path d="M100 60a20 14 0 0 0 40 0z" fill="#221a14" opacity=".35"/>`}
	}
	return shape{"M50 28H190L192 52C200 130 200 210 194 282Q120 294 46 282C40 210 40 130 48 52Z", 46, 118, 254, 54, 186,
		`<path d="M50 28H190V46H50Z" fill="` + d.fold + `"/><path d="M50 32H190M50 37H190M50 42H190" stroke="#fff" stroke-opacity=".18"/><path d="M44 30l6-4v26l-4 2zM196 30l-6-4v26l4 2z" fill="` + d.fold + `"/><circle cx="120" cy="60" r="5" fill="#221a14" opacity=".35"/><circle cx="120" cy="60" r="1.6" fill="#fff" opacity=".5"/>`}
}

// landscape is the province above the label: sky, sun or moon, two ridges
// whose line follows from the product.
func (d *packet) landscape() {
	h := d.label - d.top
	fmt.Fprintf(d, `<rect y="%d" width="240" height="%d" fill="%s"/>`, d.top, h, d.sky)
	fmt.Fprintf(d, `<circle cx="%d" cy="%d" r="%d" fill="%s"/>`, 70+int(d.seed%100), d.top+h*2/5, 12+int(d.seed>>8%8), "#fbf7f0")
	d.ridge(d.far, h*3/5, d.seed)
	d.ridge(d.near, h*2/5, d.seed>>7)
	for i := range 3 { // terraces
		fmt.Fprintf(d, `<path d="M0 %[1]dQ60 %[2]d 120 %[1]dT240 %[1]d" fill="none" stroke="%[3]s" stroke-opacity=".5" stroke-width="1.5"/>`, d.label-4-i*6, d.label-9-i*6, d.sky)
	}
}

func (d *packet) ridge(color string, height int, seed uint32) {
	fmt.Fprintf(d, `<path fill="%s" d="M0 %d`, color, d.label)
	for x := 0; x <= 240; x += 24 {
		seed = seed*1664525 + 1013904223
		fmt.Fprintf(d, "L%d %d", x, d.label-height/2-int(seed>>16)%max(height*3/4, 1))
	}
	fmt.Fprintf(d, `L240 %dZ"/>`, d.label)
}

func (d *packet) bands() {
	for _, y := range []float64{float64(d.label), float64(d.foot)} {
		fmt.Fprintf(d, `<g transform="translate(0 %g)"><rect width="240" height="18" fill="%s"/><rect width="240" height="18" fill="url(#%sw)"/></g>`, y, cloths["indigo"].fold, d.id)
	}
}

// shade gives the flat print its volume.
func (d *packet) shade() {
	d.WriteString(`<path d="M0 0H66Q56 150 64 300H0Z" fill="#000" opacity=".14"/><path d="M240 0H178Q190 150 180 300H240Z" fill="#000" opacity=".2"/><path d="M78 0h16Q84 150 92 300H76Z" fill="#fff" opacity=".09"/>`)
	if d.p.Kind == catalog.Green {
		d.WriteString(`<g stroke="#221a14" stroke-opacity=".1">`)
		for y := 24; y < 290; y += 5 {
			fmt.Fprintf(d, `<path d="M30 %dH210"/>`, y)
		}
		d.WriteString(`</g>`)
	}
}
