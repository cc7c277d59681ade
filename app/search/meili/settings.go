package meili

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"slices"

	"github.com/meilisearch/meilisearch-go"

	"nguon/app/search"
)

// Fields by what they are compared for: as it was typed, or with mistakes.
var (
	asTyped    = []string{"title", "names", "text", "joined"}
	withErrors = []string{"near", "nearText", "joined"}
)

// settings are those of an index.
func settings() *meilisearch.Settings {
	s := &meilisearch.Settings{
		// An order that was asked for goes before everything, as in every engine.
		RankingRules:         []string{"sort", "words", "typo", "attribute", "proximity", "exactness", "sold:desc", "created:desc"},
		SearchableAttributes: []string{"title", "near", "names", "codes", "text", "nearText", "joined"},
		DisplayedAttributes:  []string{"doc"},
		FilterableAttributes: []string{"accents", facetOf(search.KindFacet)},
		SortableAttributes:   []string{"price", "created", "sold"},
		LocalizedAttributes:  []*meilisearch.LocalizedAttributes{{Locales: []string{"vie", "eng"}, AttributePatterns: []string{"*"}}},
		Synonyms:             search.Synonyms(),
		TypoTolerance: &meilisearch.TypoTolerance{Enabled: true, MinWordSizeForTypos: meilisearch.MinWordSizeForTypos{OneTypo: search.OneMistake, TwoTypos: search.TwoMistakes},
			DisableOnWords: []string{}, DisableOnAttributes: []string{"title", "names", "codes", "text", "joined"}, DisableOnNumbers: true},
		Pagination: &meilisearch.Pagination{MaxTotalHits: mostTotal},
		Faceting:   &meilisearch.Faceting{MaxValuesPerFacet: mostValues, SortFacetValuesBy: map[string]meilisearch.SortFacetType{"*": meilisearch.SortFacetTypeCount}},
	}
	for _, f := range search.FacetList {
		s.FilterableAttributes = append(s.FilterableAttributes, facetOf(f))
	}
	return s
}

// mostValues is how many values of a facet are counted, the most frequent first:
// more than there are communes, days of half a year and producers of the province.
const mostValues = 2000

// mostTotal is up to how many results are counted: all there could be.
const mostTotal = 10_000_000

func facetOf(f search.Facet) string { return "facets." + string(f) }

// alike compares what the server says of its settings with what it was told,
// whatever the order in which it lists them.
func alike(is, should *meilisearch.Settings) bool {
	a, errA := json.Marshal(told(*is))
	b, errB := json.Marshal(told(*should))
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// told are the settings that settings sets, in one order.
func told(s meilisearch.Settings) meilisearch.Settings {
	sorted := func(list []string) []string { return slices.Sorted(slices.Values(list)) }
	t := meilisearch.Settings{RankingRules: s.RankingRules, SearchableAttributes: s.SearchableAttributes, DisplayedAttributes: sorted(s.DisplayedAttributes), FilterableAttributes: sorted(s.FilterableAttributes),
		SortableAttributes: sorted(s.SortableAttributes), LocalizedAttributes: s.LocalizedAttributes, Synonyms: map[string][]string{}, Pagination: s.Pagination, Faceting: s.Faceting}
	for k, list := range s.Synonyms {
		t.Synonyms[k] = slices.Compact(sorted(list))
	}
	if s.TypoTolerance != nil {
		typo := *s.TypoTolerance
		typo.DisableOnAttributes, typo.DisableOnWords = sorted(typo.DisableOnAttributes), sorted(typo.DisableOnWords)
		t.TypoTolerance = &typo
	}
	return t
}

// sameList compares lists whatever their order.
func sameList(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// spelled writes words in letters that the server does not take accents from.
func spelled(words []string) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = hex.EncodeToString([]byte(w))
	}
	return list
}
