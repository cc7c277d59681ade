package views

import (
	"nguon/app/lang"
	"nguon/qr/gi"
	"nguon/qr/trace"
)

var stepIcons = map[trace.EventKind]string{trace.Harvest: "cherry", trace.Collect: "weight", trace.Pulp: "droplets", trace.Dry: "sun",
	trace.Hull: "factory", trace.Sort: "funnel", trace.Blend: "blend", trace.Roast: "flame", trace.Grind: "coffee",
	trace.Pack: "package-check", trace.Inspect: "search"}

func stepIcon(k trace.EventKind) string {
	if name, ok := stepIcons[k]; ok {
		return name
	}
	return "check"
}

// stepName is the step with its manner.
func (t TraceLot) stepName(s trace.PublicStep) string {
	name := word(t.Lang, "tracepage.step.", string(s.Kind))
	if d := word(t.Lang, "tracepage.detail.", s.Detail); d != "" {
		name += ", " + d
	}
	return name
}

// stepDay is the day of a step, or its first and last.
func (t TraceLot) stepDay(s trace.PublicStep) string {
	when := unbroken(t.Lang.Date(s.At))
	if !s.Until.IsZero() && t.Lang.Date(s.Until) != t.Lang.Date(s.At) {
		when += " – " + unbroken(t.Lang.Date(s.Until))
	}
	return when
}

func (t TraceLot) stepPlace(s trace.PublicStep) string {
	facility := s.Facility
	if facility == "" {
		facility = t.t("tracepage.facility.unknown")
	}
	if c := communeName(t.Lang, s.Commune); c != "" {
		return facility + ", " + c
	}
	return facility
}

// stepWeight says what went in and what came out; "" for a step that changes
// no weight.
func (t TraceLot) stepWeight(s trace.PublicStep) string {
	form := func(f trace.Form) string { return word(t.Lang, "tracepage.form.", string(f)) }
	switch {
	case s.InGrams == 0 && s.OutGrams == 0:
		return ""
	case s.InGrams == 0:
		return t.t("tracepage.weight.out", "Out", t.Lang.Kilograms(s.OutGrams), "OutForm", form(s.OutForm))
	case s.InForm == s.OutForm && s.InGrams == s.OutGrams:
		return t.t("tracepage.weight.same", "Out", t.Lang.Kilograms(s.OutGrams), "OutForm", form(s.OutForm))
	}
	return t.t("tracepage.weight.both", "In", t.Lang.Kilograms(s.InGrams), "InForm", form(s.InForm),
		"Out", t.Lang.Kilograms(s.OutGrams), "OutForm", form(s.OutForm))
}

func (t TraceLot) correction(s trace.PublicStep) string {
	if s.Reason == "" {
		return t.t("tracepage.corrected")
	}
	return t.t("tracepage.corrected.why", "Reason", s.Reason)
}

func (t TraceLot) balanceText() string {
	b := t.lot().Balance
	if b.CommittedGrams == 0 {
		return t.t("tracepage.balance.unprinted", "Packable", t.Lang.Kilograms(b.PackableGrams))
	}
	return t.t("tracepage.balance.says", "Packable", t.Lang.Kilograms(b.PackableGrams), "Committed", t.Lang.Kilograms(b.CommittedGrams))
}

// packedShare is the part of the coffee that stands on labels, in percent.
func (t TraceLot) packedShare() int {
	b := t.lot().Balance
	return int(min(100, max(0, b.CommittedGrams*100/max(b.PackableGrams, 1))))
}

// checks are the lines of the balance that hold, or those that do not.
func (t TraceLot) checks(ok bool) []trace.Check {
	var list []trace.Check
	for _, c := range t.lot().Balance.Checks {
		if c.OK == ok {
			list = append(list, c)
		}
	}
	return list
}

func checkResult(c trace.Check) string {
	if c.OK {
		return string(gi.Pass)
	}
	return string(gi.Fail)
}

// checkText is one line of the balance in words, with its figures.
func (t TraceLot) checkText(c trace.Check) string {
	what := t.t("tracepage.check.lot")
	if c.Step != "" {
		what = word(t.Lang, "tracepage.step.", string(c.Step))
	}
	hundredths := func(f float64) string { return t.Lang.Num(f*100, 1) }
	percent := func(f float64) string { return hundredths(f) + "\u00a0%" }
	args := []any{"Step", what, "Ratio", percent(c.Ratio), "Min", hundredths(c.Min), "Max", percent(c.Max)}
	key := "tracepage.check." + c.Code
	if !c.OK && t.Lang.Has(key+".off") {
		key += ".off"
	}
	if !t.Lang.Has(key) {
		key = "tracepage.check.other"
	}
	return t.t(key, args...)
}

// shortHash is enough of a hash to compare by eye.
func shortHash(h string) string {
	if len(h) > 16 {
		return h[:16]
	}
	return h
}

// reportFacts lists the measured values by name.
func (t TraceLot) reportFacts(r trace.Report) []fact {
	list := []fact{{t.t("tracepage.report.lab"), r.Lab}, {t.t("tracepage.report.on"), t.Lang.Date(r.On)}}
	if !r.ValidTo.IsZero() {
		list = append(list, fact{t.t("tracepage.report.until"), t.Lang.Date(r.ValidTo)})
	}
	list = append(list, reportValues(t.Lang, r.Values)...)
	if r.CupPoints > 0 {
		list = append(list, fact{t.t("tracepage.report.cup"), t.Lang.Num(r.CupPoints, 2)})
	}
	return list
}

func propertyName(l lang.Lang, k string) string { return word(l, "gi.property.", k) }

func propertyUnit(l lang.Lang, k string) string {
	if l.Has("gi.unit." + k) {
		return l.T("gi.unit." + k)
	}
	return ""
}
