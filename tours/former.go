package tours

import (
	"slices"
	"strings"

	"nguon/app/lang"
)

// Former is what a tour does not offer any more. Bookings may still name it, so
// its ids are never given to anything else.
type Former struct {
	Types     []CustomerType `bson:"types"`
	AddOns    []AddOn        `bson:"addOns"`
	Questions []Question     `bson:"questions"`
}

const (
	maxFormer = 60 // of each list
	maxID     = 40 // characters of a derived id
)

// EveryType is the table of prices with what stood there before, for bookings that
// were made by it.
func (t Tour) EveryType() []CustomerType { return slices.Concat(t.Types, t.Former.Types) }

// EveryAddOn is the same of add-ons.
func (t Tour) EveryAddOn() []AddOn { return slices.Concat(t.AddOns, t.Former.AddOns) }

// EveryQuestion is the same of questions.
func (t Tour) EveryQuestion() []Question { return slices.Concat(t.Questions, t.Former.Questions) }

func typeID(c *CustomerType) *string { return &c.ID }
func addOnID(a *AddOn) *string       { return &a.ID }
func questionID(q *Question) *string { return &q.ID }

// Identify notes what a changed tour offers no more, and gives an id to what has
// none: one of its name that neither stands in its list nor ever stood there. Was is
// the tour before, zero for a new one.
func (t *Tour) Identify(was Tour) {
	t.retire(was)
	identify(t.Types, t.Former.Types, typeID, func(c CustomerType) string { return c.Name.Vi })
	identify(t.AddOns, t.Former.AddOns, addOnID, func(a AddOn) string { return a.Name.Vi })
	identify(t.Questions, t.Former.Questions, questionID, func(q Question) string { return q.Text.Vi })
}

func identify[T any](list, former []T, id func(*T) *string, name func(T) string) {
	taken := map[string]bool{}
	for _, known := range [][]T{list, former} {
		for i := range known {
			taken[*id(&known[i])] = true
		}
	}
	for i := range list {
		own := id(&list[i])
		if *own != "" && lang.IsSlug(*own) && len(*own) <= maxID {
			continue
		}
		base := lang.Slug(name(list[i]))
		if base = strings.Trim(base[:min(len(base), maxID-4)], "-"); base == "" {
			base = "x"
		}
		next := base
		for n := 2; taken[next]; n++ {
			next = base + "-" + itoa(n)
		}
		*own, taken[next] = next, true
	}
}

func (t *Tour) retire(was Tour) {
	t.Former = Former{
		Types:     dropped(was.Types, t.Types, was.Former.Types, typeID),
		AddOns:    dropped(was.AddOns, t.AddOns, was.Former.AddOns, addOnID),
		Questions: dropped(was.Questions, t.Questions, was.Former.Questions, questionID),
	}
}

// dropped is what stood in a list, now or before, and does not stand there now;
// the latest where there are too many.
func dropped[T any](was, now, before []T, id func(*T) *string) []T {
	list, known := []T{}, map[string]bool{}
	for i := range now {
		known[*id(&now[i])] = true
	}
	for _, x := range slices.Concat(before, was) {
		if k := *id(&x); !known[k] {
			known[k] = true
			list = append(list, x)
		}
	}
	return list[max(0, len(list)-maxFormer):]
}
