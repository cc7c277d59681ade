package search

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nguon/app/fault"
	"nguon/app/place"
)

// Clean brings a query into the form that engines take: text composed, cut,
// and without what nobody types; values that no menu offers are fault.Invalid
// "search.query" with the field, so that no engine reads them as its own language.
func (q Query) Clean() (Query, error) {
	f := fault.NewForm("search.query")
	q.Text = cleanText(scanned(q.Text))
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
			f.Need(isValue(v) && isOffered(facet, v), string(facet), "search.value")
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

// offered are the values of facets that have no others, as package catalog names
// them.
var offered = map[Facet][]string{Coffee: {"green", "roasted", "ground", "other"}, Process: {"washed", "natural", "honey", "anaerobic"}, Roast: {"light", "medium_light", "medium", "medium_dark", "dark"},
	GI: {"right"}, Stars: {"1", "2", "3", "4", "5"}, Season: {"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"}}

// isOffered reports whether some document could have a value of a facet.
func isOffered(f Facet, v string) bool {
	switch f {
	case Day:
		_, err := time.Parse(time.DateOnly, v)
		return err == nil
	case Commune:
		_, ok := place.ByCode(v)
		return ok
	case PriceBand:
		return slices.ContainsFunc(Bands[:], func(b Band) bool { return b.Name == v })
	}
	list, closed := offered[f]
	return !closed || slices.Contains(list, v)
}

// cleanText composes a text (NFKC: letters of full width too), turns what is no letter, digit or mark of a code into
// spaces, and cuts it.
func cleanText(s string) string {
	if len(s) > 16*mostText { // before anything else looks at all of it
		s = s[:16*mostText]
	}
	s = norm.NFKC.String(strings.ToValidUTF8(s, " "))
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

// What a scanner types: an address of a GS1 Digital Link, an element string with its
// application identifiers in brackets, or with the symbology's own mark before it
// (GS1 General Specifications, 5.10.2 and 5.4.6.2).
var (
	linkText    = regexp.MustCompile(`(?i)/01/(\d{8,14})(?:/10/([^/?#\s]{1,20}))?`)
	elementText = regexp.MustCompile(`^\s*\(01\)\s*(\d{8,14})(?:\s*\(10\)\s*([^\s(]{1,20}))?`)
	symbolText  = regexp.MustCompile(`^\s*\](?:C1|e0|d2|Q3|J1)01(\d{14})(?:10([^\s\x1d]{1,20}))?`)
)

// scanned is the trade item and the lot of what a scanner read; any other text is
// what it was.
func scanned(s string) string {
	if len(s) > 16*mostText {
		return s
	}
	for _, form := range [...]*regexp.Regexp{linkText, elementText, symbolText} {
		m := form.FindStringSubmatch(s)
		if m == nil {
			continue
		}
		lot, err := url.PathUnescape(m[2])
		if err != nil {
			lot = m[2]
		}
		return m[1] + " " + lot
	}
	return s
}

// Shown is a text as it was typed, without what no page can show.
func Shown(s string) string {
	r := []rune(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.C, r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, s[:min(len(s), 16*mostText)]))
	return string(r[:min(len(r), mostText)])
}
