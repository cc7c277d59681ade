package search

import (
	"slices"
	"strings"
	"time"

	"nguon/app/lang"
)

// Prepared is a document in the words that engines compare: texts are folded and
// cut into words, so that all engines read them alike.
type Prepared struct {
	Title, Names, Text string
	Exact              string   // of title, detail and names, with their accents
	Joined             string   // syllables in a row as one word
	Codes              []string // see Code
	Facets             []string // "coffee:ground", "kind:product"
}

// Prepare brings a document into those words.
func Prepare(d Document) Prepared {
	names := strings.Join(slices.Concat([]string{d.Detail.Vi, d.Detail.En}, d.Names), " \n ")
	title := d.Title.Vi + " \n " + d.Title.En
	p := Prepared{Title: said(title), Names: said(names), Text: said(d.Text.Vi + " \n " + d.Text.En),
		Exact: strings.Join(unique(Exact(title+" \n "+names)), " "), Facets: []string{mark(KindFacet, string(d.Kind))}, Codes: []string{}}
	var joined []string
	for _, s := range slices.Concat([]string{d.Title.Vi, d.Title.En, d.Detail.Vi}, d.Names) {
		joined = append(joined, Joined(Plain(s))...)
	}
	for part := range strings.SplitSeq(d.Text.Vi, "\n") {
		joined = append(joined, pairs(Plain(part))...)
	}
	for part := range strings.FieldsSeq(strings.Join([]string{title, names, d.Text.Vi, d.Text.En}, " ")) {
		if code := numbered(part); code != "" {
			joined = append(joined, code)
		}
	}
	p.Joined = strings.Join(unique(joined), " ")
	for _, c := range d.Codes {
		if c = Code(c); c != "" && !slices.Contains(p.Codes, c) {
			p.Codes = append(p.Codes, c)
		}
	}
	for facet, values := range d.Facets {
		for _, v := range values {
			p.Facets = append(p.Facets, mark(facet, v))
		}
	}
	if band := BandOf(d.Price); band != "" {
		p.Facets = append(p.Facets, mark(PriceBand, band))
	}
	for _, day := range d.Days {
		p.Facets = append(p.Facets, mark(Day, day.In(lang.Zone).Format(time.DateOnly)))
	}
	slices.Sort(p.Facets)
	return p
}

// said are the words of a text and the tokens of what they mean; no phrase goes over
// the end of a line.
func said(text string) string {
	var words, concepts []string
	for line := range strings.SplitSeq(text, "\n") {
		plain := Plain(line)
		words, concepts = append(words, plain...), append(concepts, Concepts(plain)...)
		for i := 1; i < len(plain); i++ { // "250 g" is typed as "250g"
			if isUnit[plain[i]] && hasDigit(plain[i-1]) {
				concepts = append(concepts, plain[i-1]+plain[i])
			}
		}
	}
	return strings.Join(append(words, unique(concepts)...), " ")
}

var isUnit = map[string]bool{"g": true, "kg": true, "ml": true, "l": true, "m": true, "km": true, "ha": true}

// KindFacet is the kind of a document, counted as a facet is.
const KindFacet Facet = "kind"

func mark(f Facet, value string) string { return string(f) + ":" + value }

// Marks are the values of a facet as Prepared has them.
func Marks(f Facet, values []string) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = mark(f, v)
	}
	return list
}

// Wants are the filters of a query, its kind among them.
func (q Query) Wants() map[Facet][]string {
	all := map[Facet][]string{}
	for f, values := range q.Filters {
		if len(values) > 0 {
			all[f] = values
		}
	}
	if q.Kind != "" {
		all[KindFacet] = []string{string(q.Kind)}
	}
	return all
}

// Count sorts counts of marks into facets and kinds.
func (r *Result) Count(marks map[string]int64) {
	r.Facets, r.Kinds = map[Facet]map[string]int64{}, map[Kind]int64{}
	for m, n := range marks {
		name, value, _ := strings.Cut(m, ":")
		f := Facet(name)
		if f == KindFacet {
			r.Kinds[Kind(value)] = n
			continue
		}
		if r.Facets[f] == nil {
			r.Facets[f] = map[string]int64{}
		}
		r.Facets[f][value] = n
	}
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// pairs are two syllables in a row written as one word.
func pairs(words []string) (list []string) {
	for i := 1; i < len(words); i++ {
		list = append(list, words[i-1]+words[i])
	}
	return list
}
