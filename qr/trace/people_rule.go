package trace

import (
	"slices"
	"strings"
	"time"

	"nguon/app/fault"
)

// Validate reports everything wrong with the person's record as
// fault.Invalid "trace.farmer.invalid".
func (f Farmer) Validate() error {
	w := fault.NewForm("trace.farmer.invalid")
	w.Need(f.ID != "", "id", "trace.field.required")
	w.Need(f.Producer != "", "producer", "trace.field.required")
	w.Need(strings.TrimSpace(f.Name) != "", "name", "trace.field.required")
	w.Need(shortText(f.Name, 120), "name", "trace.field.text")
	w.Need(shortText(f.Photo, 300), "photo", "trace.field.text")
	return w.Result()
}

// Validate reports everything wrong with the facility as fault.Invalid
// "trace.facility.invalid".
func (f Facility) Validate() error {
	w := fault.NewForm("trace.facility.invalid")
	w.Need(f.ID != "", "id", "trace.field.required")
	w.Need(f.Producer != "", "producer", "trace.field.required")
	w.Need(strings.TrimSpace(f.Name) != "", "name", "trace.field.required")
	w.Need(shortText(f.Name, 120), "name", "trace.field.text")
	kinds := []FacilityKind{WetMill, DryMill, Roastery, Warehouse, FarmYard}
	w.Need(slices.Contains(kinds, f.Kind), "kind", "trace.facility.kind")
	checkCommune(w, f.Commune, f.OldCommune)
	return w.Result()
}

// Validate reports everything wrong with the consent as fault.Invalid
// "trace.consent.invalid". Silence is no consent: how it was given must be said.
func (c Consent) Validate(now time.Time) error {
	w := fault.NewForm("trace.consent.invalid")
	w.Need(c.ID != "", "id", "trace.field.required")
	w.Need(c.Farmer != "", "farmer", "trace.field.required")
	w.Need(slices.Contains([]Purpose{ShowName, ShowPhoto, ShowPlot}, c.Purpose), "purpose", "trace.consent.purpose")
	w.Need(!c.Given.IsZero() && !c.Given.After(now), "given", "trace.consent.given")
	w.Need(strings.TrimSpace(c.Evidence) != "" && shortText(c.Evidence, 300), "evidence", "trace.consent.evidence")
	return w.Result()
}

// Live reports whether the consent stands now; from the moment it is
// withdrawn it does not.
func (c Consent) Live(now time.Time) bool {
	return !now.Before(c.Given) && (c.Withdrawn == nil || now.Before(*c.Withdrawn))
}

// withdraw ends the consent, once.
func (c *Consent) withdraw(now time.Time) error {
	if c.Withdrawn != nil {
		return errUnchanged
	}
	t := stamp(now)
	c.Withdrawn = &t
	return nil
}

// again compares a consent with one stored under its id: giving the same
// again changes nothing, and never revives a withdrawn one.
func (c Consent) again(given Consent) error {
	if c.Farmer == given.Farmer && c.Purpose == given.Purpose {
		return nil
	}
	return fault.New(fault.Conflict, "trace.consent.taken")
}
