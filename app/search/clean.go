package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nguon/app/fault"
)

// Clean brings a query into the form that engines take: text composed (NFC), cut,
// and without what nobody types; values that no menu offers are fault.Invalid
// "search.query" with the field, so that no engine reads them as its own language.
func (q Query) Clean() (Query, error) {
	f := fault.NewForm("search.query")
	q.Text = cleanText(q.Text)
	f.Need(q.Kind == "" || slices.Contains(Kinds[:], q.Kind), "kind", "search.kind")
	f.Need(slices.Contains(Sorts[:], q.Sort), "sort", "search.sort")
	f.Need(q.Page >= 0 && q.Page < MostPages, "page", "search.page")
	f.Need(q.Size >= 0 && q.Size <= MostSize, "size", "search.size")
	rows := 0
	kept := Facets{}
	for facet, values := range q.Filters {
		f.Need(slices.Contains(FacetList[:], facet), string(facet), "search.facet")
		for _, v := range values {
			rows++
			f.Need(isValue(v), string(facet), "search.value")
		}
		if len(values) > 0 {
			kept[facet] = slices.Compact(slices.Sorted(slices.Values(values)))
		}
	}
	f.Need(rows <= mostRows, "filters", "search.many")
	q.Filters = kept
	if q.Size == 0 {
		q.Size = PageSize
	}
	return q, f.Result()
}

// isValue reports whether a text can be a value of a facet: codes, slugs, days.
func isValue(v string) bool {
	return v != "" && len(v) <= mostValue && !strings.ContainsFunc(v, func(r rune) bool {
		return r > unicode.MaxASCII || r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// cleanText composes a text, turns what is no letter, digit or mark of a code into
// spaces, and cuts it.
func cleanText(s string) string {
	if len(s) > 16*mostText { // before anything else looks at all of it
		s = s[:16*mostText]
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, " "))
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.Mn, r), strings.ContainsRune("-/.'%&+", r):
		default:
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
			n++
		}
		if n++; n > mostText {
			break
		}
		b.WriteRune(r)
	}
	words := strings.Fields(b.String())
	for i, w := range words {
		if utf8.RuneCountInString(w) > mostWord {
			words[i] = string([]rune(w)[:mostWord])
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool {
		return !strings.ContainsFunc(w, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
	})
	words = words[:min(mostWords, len(words))]
	return strings.Join(words, " ")
}
