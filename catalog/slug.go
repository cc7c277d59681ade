package catalog

import (
	"strconv"

	"nguon/app/fault"
	"nguon/app/lang"
)

// A name may be taken by others; after so many the person is asked for a slug.
const slugTries = 50

// slugs are the addresses to try for a new record: the one that was asked for,
// or those made from the name, of which the later ones end in a number. A name
// in another script ("咖啡") makes none; then a word for the kind of record and
// the end of its id stand for it.
func slugs(asked, name, kind, id string) []string {
	if asked != "" {
		return []string{asked}
	}
	base := lang.Slug(name)
	if base == "" {
		base = lang.Slug(kind + "-" + id[max(0, len(id)-8):])
	}
	tries := []string{base}
	for i := 2; i <= slugTries; i++ {
		if s := base + "-" + strconv.Itoa(i); lang.IsSlug(s) {
			tries = append(tries, s)
		}
	}
	return tries
}

// keepSlug holds on to the address that a record was published under: names
// change, printed links do not.
func keepSlug(stored, asked string) (string, error) {
	if asked != "" && asked != stored {
		return "", fault.New(fault.Conflict, "catalog.slug.fixed").With("Slug", stored).Field("slug", "catalog.slug.fixed")
	}
	return stored, nil
}
