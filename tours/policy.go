package tours

import (
	"cmp"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/money"
)

// Policy says how much of what was paid goes back when a party cancels, by how
// long before the departure it does. No step means nothing goes back.
type Policy []Step

// Step is one line of a Policy: who cancels at least Hours before the departure
// gets Percent back.
type Step struct {
	Hours   int64 `bson:"hours"`
	Percent int64 `bson:"percent"`
}

const (
	maxSteps = 6
	maxHours = 60 * 24
)

// tidy puts the most generous step first.
func (p Policy) tidy() Policy {
	list := slices.Clone(p)
	slices.SortFunc(list, func(a, b Step) int { return cmp.Compare(b.Hours, a.Hours) })
	return list
}

// Validate reports steps that contradict one another: fault.Invalid with fields
// like "policy.1". Who cancels later never gets more.
func (p Policy) Validate() error {
	f := fault.NewForm("tours.policy")
	f.Need(len(p) <= maxSteps, "policy", "tours.policy.many")
	for i, s := range p {
		at := "policy." + itoa(i)
		f.Need(s.Hours >= 0 && s.Hours <= maxHours, at, "tours.policy.hours")
		f.Need(s.Percent >= 1 && s.Percent <= 100, at, "tours.policy.percent")
		for _, o := range p[:i] {
			f.Need(o.Hours != s.Hours && (o.Hours > s.Hours) == (o.Percent > s.Percent), at, "tours.policy.order")
		}
	}
	return f.Result()
}

// Percent is how much of what was paid goes back to who cancels now.
func (p Policy) Percent(start, now time.Time) int64 {
	best := int64(0)
	for _, s := range p {
		if !now.Add(time.Duration(s.Hours) * time.Hour).After(start) {
			best = max(best, s.Percent)
		}
	}
	return best
}

// Back is what goes back of an amount, to the đồng: what division leaves is the
// visitor's.
func (p Policy) Back(paid money.VND, start, now time.Time) money.VND {
	return (paid*money.VND(p.Percent(start, now)) + 99) / 100
}

// Until is the last moment at which a step still counts for a departure.
func (s Step) Until(start time.Time) time.Time { return start.Add(-time.Duration(s.Hours) * time.Hour) }
