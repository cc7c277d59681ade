package order

import (
	"time"

	"nguon/app/lang"
	"nguon/app/money"
)

// taxRate is what a marketplace that takes the payment withholds from household
// sellers, in hundredths of a percent of what they sold: value-added and
// personal income tax.
type taxRate struct {
	from            int64 // first day, as lang.Day
	goods, services [2]int64
}

// taxRates are those of Decree 117/2025/NĐ-CP Article 5: goods 1 % and 0.5 %,
// services 5 % and 2 %. The last that has begun counts.
var taxRates = []taxRate{{lang.Day(time.Date(2025, 7, 1, 12, 0, 0, 0, lang.Zone)), [2]int64{100, 50}, [2]int64{500, 200}}}

// taxOn is what is withheld of goods and services that were sold on a day.
func taxOn(day time.Time, goods, services money.VND) (sum money.VND) {
	for i := len(taxRates) - 1; i >= 0; i-- {
		r := taxRates[i]
		if lang.Day(day) < r.from {
			continue
		}
		for k := range r.goods {
			sum += part(goods, r.goods[k]) + part(services, r.services[k])
		}
		break
	}
	return sum
}

// part is some hundredths of a percent of an amount, rounded down to the đồng.
func part(of money.VND, rate int64) money.VND { return of * money.VND(rate) / 10_000 }
