package trace

// books follow coffee through the steps of one lot twice: as reported, and as
// the harvest and the most generous yields can explain it. A gram that the harvest
// cannot explain stays unexplained in every later form.
type books struct {
	granted   map[int]float64  // plausible harvest by Seq
	stock     map[Form]int64   // reported, out minus in; negative when overdrawn
	plausible map[Form]float64 // never above stock

	picked, grantedAll float64 // cherries reported and plausible
	green, greenAll    float64 // green beans reported and plausible, over the whole lot
	packed             int64
	packedPlausible    float64
	roasted            bool // something was roasted: green beans no longer count as final

	checks []Check
}

func keep(l Lot, granted map[int]float64) *books {
	b := &books{granted: granted, stock: map[Form]int64{}, plausible: map[Form]float64{}}
	for _, s := range l.Steps() {
		if s.Void() || s.Kind == Inspect {
			continue
		}
		if s.Kind == Harvest {
			b.harvest(s)
			continue
		}
		b.change(s)
	}
	return b
}

func (b *books) harvest(s Step) {
	b.stock[Cherry] += s.OutGrams
	b.plausible[Cherry] += b.granted[s.Seq]
	b.picked += float64(s.OutGrams)
	b.grantedAll += b.granted[s.Seq]
}

func (b *books) change(s Step) {
	in := b.draw(s)
	band, _ := yields.Step(s.Kind, s.InForm, s.OutForm)
	out := min(float64(s.OutGrams), in*band.Max)
	if s.OutForm == Green && s.InForm != Green {
		out = max(0, min(out, b.grantedAll*yields.Total.Max-b.greenAll))
		b.green += float64(s.OutGrams)
		b.greenAll += out
	}
	b.roasted = b.roasted || s.OutForm == Roasted || s.OutForm == Ground
	if s.Kind == Pack {
		b.packed += s.OutGrams
		b.packedPlausible += out
	} else {
		b.stock[s.OutForm] += s.OutGrams
		b.plausible[s.OutForm] += out
	}
	b.checks = append(b.checks, yieldCheck(s, band))
}

// draw takes the step's input out of stock and returns its plausible part:
// explained and unexplained coffee leave in the proportion in which they lie there.
func (b *books) draw(s Step) float64 {
	has := b.stock[s.InForm]
	b.stock[s.InForm] = has - s.InGrams
	if s.InGrams > has {
		b.checks = append(b.checks, Check{Seq: s.Seq, Step: s.Kind, Code: CheckOverdrawn,
			Ratio: ratio(float64(s.InGrams), float64(has)), Max: 1})
	}
	if has <= 0 {
		return 0
	}
	out := min(b.plausible[s.InForm], b.plausible[s.InForm]*float64(s.InGrams)/float64(has))
	b.plausible[s.InForm] -= out
	return out
}

// packable is the coffee that packets can hold, in the form it is sold in:
// what was packed and what still lies unpacked, reported and plausible. All
// trade items of the lot share it. Once something is roasted, green beans left over
// do not count, because nothing says that they will be sold as such.
func (b *books) packable() int64 {
	reported, plausible := b.packed, b.packedPlausible
	forms := []Form{Green}
	if b.roasted {
		forms = []Form{Roasted, Ground}
	}
	for _, f := range forms {
		reported += b.stock[f]
		plausible += b.plausible[f]
	}
	// A thousandth of a gram takes up the rounding of the sums above.
	return max(0, min(reported, int64(plausible+0.001)))
}

// unfinished reports whether coffee lies in a form before green beans.
func (b *books) unfinished() bool {
	for _, f := range []Form{Cherry, WetParch, Parchment, DryCherry} {
		if b.stock[f] > 0 {
			return true
		}
	}
	return false
}
