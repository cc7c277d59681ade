package order

import (
	"slices"

	"nguon/app/fault"
	"nguon/app/money"
)

// Rates are what delivery costs from one seller.
type Rates struct {
	FreeFrom money.VND `bson:"freeFrom"` // goods from which delivery costs nothing, 0 for never
	Zones    []Zone    `bson:"zones"`    // the first that names a province counts
	Pickup   bool      `bson:"pickup"`   // may be fetched at the seller's
	Cash     bool      `bson:"cash"`     // may be paid on delivery
}

// Zone is a part of the country with one price list. No provinces means all
// that no zone before it names.
type Zone struct {
	Provinces []string   `bson:"provinces"` // codes
	Steps     []RateStep `bson:"steps"`     // by weight, lightest first
}

// RateStep is the price of a parcel up to a weight in grams.
type RateStep struct {
	UpTo int64     `bson:"upTo"`
	Fee  money.VND `bson:"fee"`
}

// Fee is what a parcel of a weight in grams to a province costs, for goods of a
// sum. Where nothing is sent to it is fault.Invalid "order.no_delivery", what is
// too heavy "order.too_heavy" with Args "Grams".
func (r Rates) Fee(province string, grams int64, goods money.VND) (money.VND, error) {
	for _, z := range r.Zones {
		if len(z.Provinces) > 0 && !slices.Contains(z.Provinces, province) {
			continue
		}
		for _, s := range z.Steps {
			if grams <= s.UpTo {
				if r.FreeFrom > 0 && goods >= r.FreeFrom {
					return 0, nil
				}
				return s.Fee, nil
			}
		}
		most := int64(0)
		if n := len(z.Steps); n > 0 {
			most = z.Steps[n-1].UpTo
		}
		return 0, fault.New(fault.Invalid, "order.too_heavy").With("Grams", most)
	}
	return 0, fault.New(fault.Invalid, "order.no_delivery")
}

// Validate reports what is wrong with rates: fault.Invalid with fields like
// "zones.1.steps.0.fee".
func (r Rates) Validate() error {
	f := fault.NewForm("order.rates")
	f.Need(r.FreeFrom >= 0 && r.FreeFrom <= maxMoney, "freeFrom", "order.field.money")
	f.Need(len(r.Zones) <= maxZones, "zones", "order.field.many")
	for i, z := range r.Zones {
		at := "zones." + itoa(i)
		f.Need(len(z.Provinces) > 0 || i == len(r.Zones)-1, at, "order.rates.rest_last")
		for _, p := range z.Provinces {
			_, known := ProvinceByCode(p)
			f.Need(known, at, "order.rates.province")
		}
		f.Need(len(z.Steps) > 0, at, "order.rates.no_step")
		for j, s := range z.Steps {
			f.Need(s.UpTo > 0 && s.UpTo <= maxGrams && (j == 0 || s.UpTo > z.Steps[j-1].UpTo), at+".steps."+itoa(j)+".upTo", "order.rates.weight")
			f.Need(s.Fee >= 0 && s.Fee <= maxMoney, at+".steps."+itoa(j)+".fee", "order.field.money")
		}
	}
	return f.Result()
}

func (r Rates) same(o Rates) bool {
	return r.FreeFrom == o.FreeFrom && r.Pickup == o.Pickup && r.Cash == o.Cash && slices.EqualFunc(r.Zones, o.Zones, func(a, b Zone) bool {
		return slices.Equal(a.Provinces, b.Provinces) && slices.Equal(a.Steps, b.Steps)
	})
}
