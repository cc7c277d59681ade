package views

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/qr/trace"
)

var roasts = [...]catalog.Roast{catalog.Light, catalog.MediumLight, catalog.Medium, catalog.MediumDark, catalog.Dark}

// roastDegree counts from 1, light, to 5, dark; 0 when nothing was roasted.
func roastDegree(r catalog.Roast) int { return slices.Index(roasts[:], r) + 1 }

func tileColor(p catalog.Product) string {
	if _, ok := cloths[p.Art.Color]; ok {
		return p.Art.Color
	}
	return "roast"
}

// cheapest is the lowest price of a product as text.
func cheapest(p catalog.Product) string {
	sold := p.Sold()
	if len(sold) == 0 {
		return ""
	}
	return slices.MinFunc(sold, func(a, b catalog.Variant) int { return int(a.Price - b.Price) }).Price.String()
}

// perKilo is the price of a kilogram, for comparing weights; false for a
// variant without weight.
func perKilo(v catalog.Variant) (money.VND, bool) {
	if v.NetGrams <= 0 {
		return 0, false
	}
	return money.VND((int64(v.Price)*1000/v.NetGrams + 500) / 1000 * 1000), true
}

func upperFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// lotLine says when a lot was packed, or that it was not.
func lotLine(l lang.Lang, lot LotLink) string {
	parts := []string{l.T("shop.lot.waiting")}
	if lot.PackedOn != nil {
		parts[0] = l.T("shop.lot.packed", "Date", unbroken(l.Date(*lot.PackedOn)))
	}
	if lot.Season != "" {
		parts = append(parts, l.T("shop.lot.season", "Season", lot.Season))
	}
	return strings.Join(parts, " · ")
}

var resultIcons = map[string]string{"pass": "check", "fail": "x", "undetermined": "circle-help", "plain": "info"}

func resultIcon(result string) string {
	if name, ok := resultIcons[result]; ok {
		return name
	}
	return "info"
}

// paper is a certificate of a product, producer or lot as it is shown.
type paper struct {
	Scheme, Number, Issuer, Holder string
	From, To                       time.Time
	Standing                       string // "valid", "not_yet", "expired", "revoked"
	Revoked                        *time.Time
}

func (p paper) result() string {
	switch p.Standing {
	case "valid":
		return "pass"
	case "not_yet":
		return "plain"
	}
	return "fail"
}

func (p paper) facts(l lang.Lang) []fact {
	list := []fact{
		{l.T("shop.paper.number"), p.Number},
		{l.T("shop.paper.issuer"), p.Issuer},
	}
	if p.Holder != "" {
		list = append(list, fact{l.T("shop.paper.holder"), p.Holder})
	}
	list = append(list, fact{l.T("shop.paper.validity"), span(l, p.From, p.To)})
	if p.Revoked != nil {
		list = append(list, fact{l.T("shop.paper.revoked"), l.Date(*p.Revoked)})
	}
	return list
}

func certificatePapers(list []catalog.Certificate, today time.Time) []paper {
	papers := make([]paper, 0, len(list))
	for _, c := range list {
		papers = append(papers, paper{Scheme: c.Scheme, Number: c.Number, Issuer: c.Issuer, From: c.From, To: c.To, Standing: standing(c.From, c.To, today)})
	}
	return papers
}

func lotPapers(list []trace.Paper, today time.Time) []paper {
	papers := make([]paper, 0, len(list))
	for _, c := range list {
		p := paper{Scheme: c.Scheme, Number: c.Number, Issuer: c.Issuer, Holder: c.Holder, From: c.From, To: c.To, Revoked: c.Revoked, Standing: standing(c.From, c.To, today)}
		if c.Revoked != nil && !today.Before(*c.Revoked) {
			p.Standing = "revoked"
		}
		papers = append(papers, p)
	}
	return papers
}
