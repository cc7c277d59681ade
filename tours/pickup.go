package tours

import (
	"slices"
	"time"

	"nguon/app/lang"
)

// pickupAhead is how long before its first day orders can be sent to a booth:
// what is roasted much earlier would be stale when it is fetched.
const pickupAhead = 45 * 24 * time.Hour

// Hands reports whether what is ordered now can be fetched during an edition: the
// last day is left to bring it there.
func (e Edition) Hands(now time.Time) bool {
	return e.Published && lang.Day(now) < lang.Day(e.To) && !now.Before(e.From.Add(-pickupAhead))
}

// Pickup is the booth at which a producer hands out orders, the first of several;
// an edition that is hidden has none.
func (e Edition) Pickup(producer string) (Booth, bool) {
	i := slices.IndexFunc(e.Booths, func(b Booth) bool { return e.Published && b.Pickup && producer != "" && b.Producer == producer })
	if i < 0 {
		return Booth{}, false
	}
	return e.Booths[i], true
}

// BoothWords say which booth and where: "Gian A1, Chợ cà phê".
func (e Edition) BoothWords(b Booth) lang.Text {
	v, _ := e.Venue(b.Venue)
	in := func(l lang.Lang) string { return l.T("tours.booth", "Number", b.Number, "Venue", v.Name.In(l)) }
	return lang.Text{Vi: in(lang.Vi), En: in(lang.En)}
}
