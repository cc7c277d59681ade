package catalog

import (
	"time"

	"nguon/app/lang"
)

// ValidOn reports whether the recognition holds on the Vietnamese calendar day
// of t, the first and the last day included.
func (o OCOP) ValidOn(t time.Time) bool {
	return lang.OnDays(t, o.From, o.To)
}

// StarsOn is the number of stars that were checked and hold on the day of t, 0
// for none. Pages show this, never OCOP.Stars, which may have run out.
func (p Product) StarsOn(t time.Time) int {
	if p.OCOP == nil || !p.OCOP.Holds() || !p.OCOP.ValidOn(t) {
		return 0
	}
	return p.OCOP.Stars
}

// Holds reports whether the operator has seen the deciding paper.
func (o OCOP) Holds() bool { return o.Checked != nil && o.Checked.Holds }

// same reports whether two claims say the same.
func (o OCOP) same(p OCOP) bool {
	return o.Stars == p.Stars && o.Decision == p.Decision && o.Grantor == p.Grantor && o.From.Equal(p.From) && o.To.Equal(p.To)
}

// turn is the next moment after t at which the stars begin or end.
func (o *OCOP) turn(t time.Time) *time.Time {
	if o == nil {
		return nil
	}
	for _, at := range [...]time.Time{lang.Midnight(o.From), lang.Midnight(o.To).AddDate(0, 0, 1)} {
		if at.After(t) {
			at = at.UTC()
			return &at
		}
	}
	return nil
}
