package tours

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Resource is something that several tours of one organisation share: a guide, a
// minibus, a roaster.
type Resource struct {
	ID       string    `bson:"_id"`
	Org      string    `bson:"org"`
	Name     string    `bson:"name"`
	Capacity int64     `bson:"capacity"` // how much of it there is at one time: two guides, sixteen seats
	Ended    bool      `bson:"ended,omitempty"`
	Changed  time.Time `bson:"changed"`
}

// Validate reports what is wrong: fault.Invalid "tours.resource.form" with fields
// name, capacity.
func (r Resource) Validate() error {
	f := fault.NewForm("tours.resource.form")
	f.Need(strings.TrimSpace(r.Name) != "", "name", "tours.field.missing")
	f.Need(utf8.RuneCountInString(r.Name) <= maxName, "name", "tours.field.long")
	f.Need(r.Capacity >= 1 && r.Capacity <= maxCapacity, "capacity", "tours.field.number")
	return f.Result()
}

// Use is what a tour takes of a resource while it is under way: for the whole
// departure, as soon as anybody books it, or for each of an add-on.
type Use struct {
	Resource string `bson:"resource"`
	AddOn    string `bson:"addOn,omitempty"`
	Quantity int64  `bson:"quantity"`
}

// Day is one resource on one day of Vietnam with all claims on it: what is taken
// at one moment is decided in one write.
type Day struct {
	ID     string     `bson:"_id"` // resource/2026-12-12
	Claims []DayClaim `bson:"claims"`
	Erase  time.Time  `bson:"erase"`
}

// DayClaim is what one booking has of a resource from one moment to another.
type DayClaim struct {
	Departure string     `bson:"departure"`
	Order     string     `bson:"order"` // and its booking
	Whole     bool       `bson:"whole"` // of the departure, shared by all its bookings
	Quantity  int64      `bson:"quantity"`
	From      time.Time  `bson:"from"`
	To        time.Time  `bson:"to"`
	Until     *time.Time `bson:"until,omitempty"` // nil for what is settled
}

// maxDayClaims keeps a day small and fast to write.
const maxDayClaims = 1000

func (c DayClaim) live(now time.Time) bool { return c.Until == nil || now.Before(*c.Until) }

// Used is the most that is taken at any moment between two: a departure's own
// claim counts once, however many bookings share it.
func (d Day) Used(from, to, now time.Time) (most int64) {
	moments := []time.Time{from}
	for _, c := range d.Claims {
		if c.From.After(from) && c.From.Before(to) {
			moments = append(moments, c.From)
		}
	}
	for _, m := range moments {
		sum, whole := int64(0), map[string]int64{}
		for _, c := range d.Claims {
			if !c.live(now) || c.From.After(m) || !c.To.After(m) {
				continue
			}
			if c.Whole {
				whole[c.Departure] = max(whole[c.Departure], c.Quantity)
			} else {
				sum += c.Quantity
			}
		}
		for _, n := range whole {
			sum += n
		}
		most = max(most, sum)
	}
	return most
}

// Claim takes a part of the resource; again replaces what the order had of it for
// this departure, and what is settled stays so. Too little is fault.Conflict
// "hold.sold_out" with Args "Free", and the claim before it stays.
func (d *Day) Claim(capacity int64, c DayClaim, now time.Time) error {
	d.Claims = slices.DeleteFunc(d.Claims, func(x DayClaim) bool { return !x.live(now) })
	same := func(x DayClaim) bool { return x.Order == c.Order && x.Departure == c.Departure && x.Whole == c.Whole }
	i := slices.IndexFunc(d.Claims, same)
	before := slices.Clone(d.Claims)
	if i >= 0 {
		if d.Claims[i].Until == nil {
			c.Until = nil
		}
		d.Claims = slices.Delete(d.Claims, i, i+1)
	}
	rest := d.Used(c.From, c.To, now)
	d.Claims = append(d.Claims, c)
	switch {
	case c.Quantity < 1 || d.Used(c.From, c.To, now) > capacity:
		d.Claims = before
		return fault.New(fault.Conflict, "hold.sold_out").With("Free", max(capacity-rest, 0))
	case len(d.Claims) > maxDayClaims:
		d.Claims = before
		return fault.New(fault.Unavailable, "hold.busy")
	}
	return nil
}

// Release gives up what an order has of the resource for a departure.
func (d *Day) Release(order, departure string) {
	d.Claims = slices.DeleteFunc(d.Claims, func(c DayClaim) bool { return c.Order == order && c.Departure == departure })
}

// piece is one day of a resource that a booking needs.
type piece struct {
	Resource string
	Day      string // document
	Claim    DayClaim
}

// pieces are the days of resources that a booking of a departure needs, in the
// order in which everybody takes them.
func (t Tour) pieces(d Departure, order string, addOns map[string]int64) (list []piece) {
	for _, u := range t.Uses {
		n := u.Quantity
		if u.AddOn != "" {
			n *= addOns[u.AddOn]
		}
		if n < 1 {
			continue
		}
		for day := lang.Midnight(d.Start); day.Before(d.End); day = day.AddDate(0, 0, 1) {
			from, to := day, day.AddDate(0, 0, 1)
			if d.Start.After(from) {
				from = d.Start
			}
			if d.End.Before(to) {
				to = d.End
			}
			list = append(list, piece{u.Resource, u.Resource + "/" + day.Format(time.DateOnly),
				DayClaim{Departure: d.ID, Order: order, Whole: u.AddOn == "", Quantity: n, From: from.UTC(), To: to.UTC()}})
		}
	}
	slices.SortFunc(list, func(a, b piece) int { return strings.Compare(a.Day, b.Day) })
	return list
}
