package gi

import "time"

// Judge decides whether coffee is of the indication as of a day: rights count
// as they stood on that day in Vietnam, by the day decisions took effect. Rights
// are those of the packer; others are ignored.
func (r Rules) Judge(s Subject, rights []Right, at time.Time) Verdict {
	var own []Right
	for _, right := range rights {
		if right.Holder == s.Packer && s.Packer != "" {
			own = append(own, right)
		}
	}
	v := Verdict{AsOf: at, Tests: [3]Test{r.area(s), r.product(s, own, at), r.right(s, own, at)}, Result: Pass}
	for _, t := range v.Tests {
		v.Result = worse(v.Result, t.Result)
	}
	return v
}
