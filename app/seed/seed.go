// Package seed fills an empty store with demonstration data: invented
// producers in real communes of Sơn La, their products, plots, lots and use
// rights. Everything it writes is marked as demonstration data, uses GTINs of
// the 952 range that GS1 keeps for examples, and makes no claim about a real
// firm.
package seed

import (
	"context"
	"fmt"
	"time"

	"nguon/app/account"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
)

// Services are what the data is written through, so that demonstration data
// obeys every rule that real data must.
type Services struct {
	Catalog *catalog.Service
	Trace   *trace.Service
	// GI opens the register with a clock, so that each decision of the
	// demonstration is on record from the day it was taken.
	GI  func(ctx context.Context, now func() time.Time) (*gi.Service, error)
	Now func() time.Time
	// Accounts takes the people and organisations; nil leaves them out. SignIns
	// says how each address signs in.
	Accounts *account.Service
	Tours    *tours.Service // nil leaves visits out
	SignIns  func(email string) SignIn
	Festival *tours.Editions // nil leaves the festival out
}

// Run writes the demonstration data. Ids and business keys are fixed, so a
// run that was interrupted can be repeated.
func Run(ctx context.Context, s Services) error {
	y := season(s.Now())
	for _, step := range []struct {
		name string
		do   func(context.Context, Services, int) error
	}{
		{"producers", writeProducers},
		{"people", writePeople},
		{"products", writeProducts},
		{"register", writeRegister},
		{"land", writeLand},
		{"lots", writeLots},
		{"festival", writeFestival},
		{"visits", writeVisits},
	} {
		if err := step.do(ctx, s, y); err != nil {
			return fmt.Errorf("seed: %s: %w", step.name, err)
		}
	}
	return nil
}

// season is the year in which the last whole season was packed: the harvest
// runs from October to January, packing ends in September. Dates hang on it,
// so that the demonstration does not grow old.
func season(now time.Time) int {
	now = now.In(lang.Zone)
	if now.Month() >= time.October {
		return now.Year()
	}
	return now.Year() - 1
}

// day is a calendar day in Vietnam.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, lang.Zone)
}

// at is a moment of a working day in Vietnam.
func at(year int, month time.Month, d, hour int) time.Time {
	return time.Date(year, month, d, hour, 0, 0, 0, lang.Zone)
}

// gtin numbers the trade items of a producer inside the range that GS1 keeps
// for examples (prefix 952).
func gtin(producer, item int) string {
	digits := fmt.Sprintf("095200%02d%05d", producer, item)
	return digits + string(gs1.CheckDigit(digits))
}

func text(vi, en string) lang.Text { return lang.Text{Vi: vi, En: en} }

// recorder is named as the author of every seeded entry of a history.
const recorder = "demo"
