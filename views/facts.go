package views

import (
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/place"
	"nguon/catalog"
)

// fact is a line of a list of facts; an empty Value is said to be unknown.
type fact struct{ Name, Value string }

// word is the message for a code of the data, the code itself where a newer
// record uses one that has no message yet.
func word(l lang.Lang, prefix, code string) string {
	if code == "" {
		return ""
	}
	if key := prefix + code; l.Has(key) {
		return l.T(key)
	}
	return strings.ReplaceAll(code, "_", " ")
}

// productFacts are the fixed facts of a product that are known, for the page
// and for search engines.
func productFacts(l lang.Lang, p catalog.Product) []fact {
	all := []fact{
		{l.T("shop.fact.kind"), word(l, "shop.kind.", string(p.Kind))},
		{l.T("shop.fact.species"), word(l, "shop.species.", p.Species)},
		{l.T("shop.fact.process"), word(l, "shop.process.", string(p.Process))},
		{l.T("shop.fact.roast"), word(l, "shop.roast.", string(p.Roast))},
	}
	known := all[:0]
	for _, f := range all {
		if f.Value != "" {
			known = append(known, f)
		}
	}
	return known
}

// communeName is today's name of a commune as it stands in a sentence, "" when the code is unknown.
func communeName(l lang.Lang, code string) string {
	c, ok := place.ByCode(code)
	if !ok {
		return ""
	}
	kind := "commune"
	if c.Ward {
		kind = "ward"
	}
	return l.T("common."+kind, "Name", c.Name)
}

// oldName is the commune and district before July 2025, "" when not recorded.
func oldName(key string) string {
	o, ok := place.Old(key)
	if !ok {
		return ""
	}
	return o.FullName() + ", " + o.DistrictName()
}

// producerName is the name in the language of the page.
func producerName(l lang.Lang, p catalog.Producer) string {
	return lang.Text{Vi: p.Name, En: p.NameEn}.In(l)
}

// span writes a validity: "01/03/2025 – 28/02/2028", with what is missing left open.
func span(l lang.Lang, from, to time.Time) string {
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case to.IsZero():
		return l.T("common.from", "From", unbroken(l.Date(from)))
	case from.IsZero():
		return l.T("common.until", "To", unbroken(l.Date(to)))
	}
	return unbroken(l.Date(from)) + " – " + unbroken(l.Date(to))
}

// standing says of a validity whether it holds on a day: "valid", "not_yet"
// or "expired". The last day still counts.
func standing(from, to, day time.Time) string {
	switch {
	case lang.OnDays(day, from, to):
		return "valid"
	case lang.Day(day) < lang.Day(from):
		return "not_yet"
	}
	return "expired"
}

// paragraphs splits a text at empty lines.
func paragraphs(text string) []string {
	var list []string
	for _, p := range strings.Split(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			list = append(list, p)
		}
	}
	return list
}
