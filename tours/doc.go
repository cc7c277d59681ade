// Package tours is about visits and festivals: editions of the Coffee Festival
// with their programme, tours and their departures, bookings, tickets and the
// gate. It knows neither orders nor products; whoever joins them fulfils orders
// of seats from it.
package tours

import "strconv"

func itoa(n int) string { return strconv.Itoa(n) }
