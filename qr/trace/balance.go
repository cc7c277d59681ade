package trace

import "nguon/app/lang"

// Balance holds the lot's steps against plausible yields and its plots against
// what they can bear, and says how much coffee packets can hold: what is
// reported in final form, and never more than the harvest can explain.
func (l Lot) Balance(land Land) Balance {
	granted, room := land.harvests(l)
	b := keep(l, granted)
	v := Balance{PackableGrams: b.packable(), CommittedGrams: l.Committed(), OK: true}
	if b.picked > 0 {
		v.Checks = append(v.Checks, within(Check{Step: Harvest, Code: CheckCapacity, Ratio: ratio(b.picked, room), Max: 1}))
	} else {
		v.Checks = append(v.Checks, Check{Step: Harvest, Code: CheckMissing})
	}
	v.Checks = append(v.Checks, b.checks...)
	if c, ok := b.totalCheck(); ok {
		v.Checks = append(v.Checks, c)
	}
	if b.picked > 0 && b.green == 0 { // nothing wrong while the coffee is in the making
		v.Checks = append(v.Checks, Check{Step: Hull, Code: CheckMissing, OK: b.unfinished()})
	}
	if v.CommittedGrams > 0 {
		v.Checks = append(v.Checks, within(Check{Code: CheckLabels, Max: 1,
			Ratio: ratio(float64(v.CommittedGrams), float64(v.PackableGrams))}))
	}
	for _, c := range v.Checks {
		v.OK = v.OK && c.OK
	}
	return v
}

// packable is Balance's PackableGrams.
func (l Lot) packable(land Land) int64 {
	granted, _ := land.harvests(l)
	return keep(l, granted).packable()
}

// stock is the reported weight that lies in a form.
func (l Lot) stock(f Form) int64 { return keep(l, nil).stock[f] }

// totalCheck compares green beans with cherries. While coffee is still in the
// making only the upper bound can be judged.
func (b *books) totalCheck() (Check, bool) {
	if b.picked == 0 || b.green == 0 {
		return Check{}, false
	}
	c := Check{Code: CheckTotal, Ratio: ratio(b.green, b.picked), Min: yields.Total.Min, Max: yields.Total.Max}
	if b.unfinished() {
		c.Min = 0
	}
	return within(c), true
}

func yieldCheck(s Step, band Band) Check {
	c := Check{Seq: s.Seq, Step: s.Kind, Code: CheckYield, Min: band.Min, Max: band.Max,
		Ratio: ratio(float64(s.OutGrams), float64(s.InGrams))}
	if s.OutGrams > s.InGrams {
		c.Code, c.Min, c.Max = CheckMoreOut, 0, 1
	}
	return within(c)
}

// within judges a check; a millionth takes up rounding.
func within(c Check) Check {
	const slack = 1e-6
	c.OK = c.Ratio >= c.Min-slack && c.Ratio <= c.Max+slack
	return c
}

// ratio is a/b, at most maxRatio: a page and JSON have no word for infinity.
func ratio(a, b float64) float64 {
	const maxRatio = 999
	if a <= 0 {
		return 0
	}
	if b <= 0 || a/b > maxRatio {
		return maxRatio
	}
	return a / b
}

// Text is the sentence about the check in a language: what was found, and
// against what it was held.
func (c Check) Text(l lang.Lang) string {
	key := "trace.balance." + c.Code
	switch {
	case c.OK || c.Code == CheckMissing || c.Code == CheckMoreOut || c.Code == CheckOverdrawn:
	case c.Ratio > c.Max:
		key += ".high"
	default: // only yields have a lower bound
		key += ".low"
	}
	step := ""
	if c.Step != "" {
		step = l.T("trace.step." + string(c.Step))
	}
	return l.T(key, "Step", step, "Seq", c.Seq, "Ratio", l.Num(c.Ratio*100, 1),
		"Min", l.Num(c.Min*100, 1), "Max", l.Num(c.Max*100, 1))
}
