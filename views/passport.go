package views

import (
	"nguon/qr/gi"
)

// group is one of the eight groups of a minimum product passport (Decree
// 37/2026/NĐ-CP, article 32).
type group struct {
	Name, Value string
	Missing     string // what is said when Value is empty
}

func (g group) result() string {
	if g.Value == "" {
		return string(gi.Undetermined)
	}
	return string(gi.Pass)
}

func (g group) text() string {
	if g.Value == "" {
		return g.Missing
	}
	return g.Value
}

// passportGroups fills the groups from what this page knows. Expiry dates and
// safety warnings are printed on packets but not recorded here yet, and that
// is what the page says of them.
func (t TraceLot) passportGroups() []group {
	p := t.Trace.Product
	made := ""
	if t.lot().PackedOn != nil {
		made = t.t("tracepage.passport.dates.packed", "Date", t.Lang.Date(*t.lot().PackedOn))
	}
	return []group{
		t.group("product", joined(traceProductName(t.Lang, t.Trace), "GTIN "+t.Trace.GTIN, p.Name != "")),
		t.group("maker", joined(t.issuer(), t.address(), t.issuer() != "")),
		t.group("origin", t.origin()),
		t.group("trace", t.steps()),
		t.group("papers", t.paperNumbers()),
		t.group("dates", made),
		t.group("safety", ""),
		t.group("digital", t.t("tracepage.passport.digital.here", "GTIN", t.Trace.GTIN, "Lot", t.Trace.Lot)),
	}
}

func (t TraceLot) group(code, value string) group {
	g := group{Name: t.t("tracepage.passport." + code), Value: value}
	if value == "" {
		g.Missing = t.t("tracepage.passport." + code + ".missing")
	}
	return g
}

func joined(a, b string, ok bool) string {
	if !ok {
		return ""
	}
	if b == "" {
		return a
	}
	return a + ", " + b
}

func (t TraceLot) origin() string {
	var names []string
	for _, p := range t.lot().Plots {
		if n := communeName(t.Lang, p.Commune); n != "" && !contains(names, n) {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return upperFirst(t.t("tracepage.passport.origin.grown", "Communes", joinNames(t.Lang, names)))
}

func (t TraceLot) steps() string {
	n := len(t.lot().Steps)
	if n == 0 {
		return ""
	}
	return t.Lang.N("tracepage.passport.trace.steps", n)
}

func (t TraceLot) paperNumbers() string {
	n := len(t.lot().Papers) + len(t.lot().Quality)
	if n == 0 {
		return ""
	}
	return t.Lang.N("tracepage.passport.papers.count", n)
}

func (t TraceLot) passportCount() string {
	have := 0
	groups := t.passportGroups()
	for _, g := range groups {
		if g.Value != "" {
			have++
		}
	}
	return t.t("tracepage.passport.count", "Have", have, "All", len(groups))
}
