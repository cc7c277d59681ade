package meili

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/meilisearch/meilisearch-go"
	"golang.org/x/sync/errgroup"

	"nguon/app/fault"
	"nguon/app/search"
)

// few is how little makes a pass without mistakes worth a second look.
const few = 3

// What is found in a better way goes before what is found in a worse one.
const (
	byNumber = 16
	accented = 4
	plainly  = 1
)

// shortest is the length from which on a number is found by its beginning.
const shortest = 5

// way is one of the readings of a text that are asked for together.
type way struct {
	text   string
	on     []string
	filter string
	weight float64
}

// stage is a wider reading than the one before it; when enough was found, no wider
// one is tried.
type stage struct {
	ways   func(context.Context) ([]way, error)
	enough int64
}

// Search implements search.Index.
func (x *Index) Search(ctx context.Context, q search.Query) (r search.Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, findLimit)
	defer cancel()
	var found answer
	var ways []way
	for i, s := range x.stages(q.Text) {
		wider, err := s.ways(ctx)
		if err != nil {
			return r, err
		}
		if len(wider) == 0 {
			continue
		}
		a, err := x.ask(ctx, q, wider, "", !q.Bare)
		if err != nil {
			return r, err
		}
		if ways == nil || a.total > found.total {
			found, ways, r.Near = a, wider, i > 0
		}
		if found.total >= s.enough {
			break
		}
	}
	if r.Total = found.total; !q.Bare {
		if err := x.without(ctx, q, ways, found.counts); err != nil {
			return r, err
		}
		r.Count(found.counts)
	}
	for _, raw := range found.docs {
		var d search.Document
		if err := json.Unmarshal([]byte(raw), &d); err != nil {
			return r, fault.Wrap(fault.Internal, "internal", fmt.Errorf("search index: %w", err))
		}
		r.Hits = append(r.Hits, d)
	}
	return r, nil
}

// stages are the readings of a text: as it was typed, with typing mistakes, with a
// word that nothing has.
func (x *Index) stages(text string) []stage {
	terms := search.Terms(text)
	if len(terms) == 0 {
		return []stage{{given([]way{{weight: plainly}}), 0}}
	}
	var words []string
	mistakes, number := false, false
	for _, t := range terms {
		words = append(words, t.Words...)
		mistakes = mistakes || slices.ContainsFunc(t.Words, func(w string) bool { return search.Mistakes(w) > 0 })
		number = number || t.Code
	}
	plain := strings.Join(words, " ")
	if last := words[len(words)-1]; !terms[len(terms)-1].Open && len(last) < shortest {
		plain += " " // it does not go on
	}
	read := func(on []string) []way {
		if number {
			on = append([]string{"codes"}, on...)
		}
		list := []way{{plain, on, "", plainly}}
		if marks := spelled(search.Accented(text)); len(marks) > 0 {
			var all []string
			for _, m := range marks {
				all = append(all, `accents = "`+m+`"`)
			}
			list = append(list, way{plain, on, strings.Join(all, " AND "), accented})
		}
		if code := search.Whole(text); code != "" {
			list = append(list, way{code, []string{"codes"}, "", byNumber})
		}
		return list
	}
	list := []stage{{given(read(asTyped)), few}}
	if mistakes {
		list = append(list, stage{given(read(withErrors)), 1})
	} else {
		list[0].enough = 1
	}
	if len(terms) > 1 && search.Loose(terms) {
		list = append(list, stage{func(ctx context.Context) ([]way, error) { return x.missing(ctx, terms) }, 0})
	}
	return list
}

func given(ways []way) func(context.Context) ([]way, error) {
	return func(context.Context) ([]way, error) { return ways, nil }
}

// missing reads a text without the words that nothing has, or else without any one
// of them; none when too little of it would be left.
func (x *Index) missing(ctx context.Context, terms []search.Term) (list []way, err error) {
	probes := &meilisearch.MultiSearchRequest{}
	phrase, on := make([]string, len(terms)), withErrors
	if slices.ContainsFunc(terms, func(t search.Term) bool { return t.Code }) {
		on = slices.Concat([]string{"codes"}, on)
	}
	for i, t := range terms {
		phrase[i] = strings.Join(t.Words, " ")
		probes.Queries = append(probes.Queries, &meilisearch.SearchRequest{IndexUID: x.uid, Query: phrase[i], Limit: 1, AttributesToSearchOn: on, AttributesToRetrieve: []string{"id"}, MatchingStrategy: meilisearch.All})
	}
	got, err := x.server.MultiSearchWithContext(ctx, probes)
	if err != nil {
		return nil, broken(err)
	}
	var kept []string
	var keep []bool
	for i, r := range got.Results {
		switch {
		case r.EstimatedTotalHits > 0:
			kept, keep = append(kept, phrase[i]), append(keep, terms[i].Keep)
		case terms[i].Keep:
			return nil, nil
		}
	}
	n := len(terms)
	if len(kept) == 0 || len(kept) < n-max(1, n/3) {
		return nil, nil
	}
	list = []way{{strings.Join(kept, " "), on, "", accented}}
	if len(kept) == n || n > 3 && len(kept) > n-n/3 {
		for i := range kept {
			if !keep[i] {
				list = append(list, way{strings.Join(slices.Concat(kept[:i], kept[i+1:]), " "), on, "", plainly})
			}
		}
	}
	return list, nil
}

// answer is what the server found.
type answer struct {
	docs   []string
	total  int64
	counts map[string]int64
}

// ask asks in all ways at once. Without names a facet that is not narrowed down by.
func (x *Index) ask(ctx context.Context, q search.Query, ways []way, without search.Facet, count bool) (a answer, err error) {
	var facets []string
	switch {
	case without != "":
		facets = []string{facetOf(without)}
	case count:
		facets = append(facets, facetOf(search.KindFacet))
		for _, f := range search.FacetList {
			facets = append(facets, facetOf(f))
		}
	}
	limit, offset := int64(q.Size), int64(q.Page*q.Size)
	if without != "" {
		limit, offset = 1, 0
	}
	req := &meilisearch.MultiSearchRequest{}
	for _, w := range ways {
		s := &meilisearch.SearchRequest{IndexUID: x.uid, Query: w.text, AttributesToSearchOn: w.on, AttributesToRetrieve: []string{"doc"}, MatchingStrategy: meilisearch.All, Sort: order(q), Locales: []string{"vie", "eng"}}
		if filter := narrowed(q, without, w.filter); filter != "" {
			s.Filter = filter
		}
		if len(ways) > 1 {
			s.FederationOptions = &meilisearch.SearchFederationOptions{Weight: w.weight}
		} else {
			s.Limit, s.Offset, s.Facets = limit, offset, facets
		}
		req.Queries = append(req.Queries, s)
	}
	if len(ways) > 1 {
		req.Federation = &meilisearch.MultiSearchFederation{Limit: limit, Offset: offset}
		if facets != nil {
			req.Federation.FacetsByIndex = map[string][]string{x.uid: facets}
			req.Federation.MergeFacets = &meilisearch.MultiSearchFederationMergeFacets{MaxValuesPerFacet: mostValues}
		}
	}
	got, err := x.server.MultiSearchWithContext(ctx, req)
	if err != nil {
		return a, broken(err)
	}
	hits := got.Hits
	a.total = got.EstimatedTotalHits
	counts := got.FacetDistribution
	if len(ways) == 1 && len(got.Results) == 1 {
		r := got.Results[0]
		hits, a.total = r.Hits, r.EstimatedTotalHits
		if len(r.FacetDistribution) > 0 {
			if err := json.Unmarshal(r.FacetDistribution, &counts); err != nil {
				return a, broken(err)
			}
		}
	}
	for _, h := range hits {
		var doc string
		if err := json.Unmarshal(h["doc"], &doc); err != nil {
			return a, broken(err)
		}
		a.docs = append(a.docs, doc)
	}
	a.counts = map[string]int64{}
	for name, raw := range counts {
		var values map[string]int64
		if err := json.Unmarshal(raw, &values); err != nil {
			return a, broken(err)
		}
		for v, n := range values {
			a.counts[strings.TrimPrefix(name, "facets.")+":"+v] = n
		}
	}
	return a, nil
}

// without counts again what is narrowed down by, each facet as if it were not.
func (x *Index) without(ctx context.Context, q search.Query, ways []way, counts map[string]int64) error {
	wants := q.Wants()
	if len(wants) == 0 {
		return nil
	}
	var group errgroup.Group
	var facets []search.Facet
	for f := range wants {
		facets = append(facets, f)
	}
	answers := make([]answer, len(facets))
	for i, f := range facets {
		group.Go(func() (err error) {
			answers[i], err = x.ask(ctx, q, ways, f, true)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, a := range answers {
		for m, n := range a.counts {
			counts[m] = n
		}
	}
	return nil
}

// narrowed is the filter of a query. Clean let nothing through that would end a
// quoted value.
func narrowed(q search.Query, without search.Facet, more string) string {
	var all []string
	for f, values := range q.Wants() {
		if f != without {
			all = append(all, facetOf(f)+` IN ["`+strings.Join(values, `","`)+`"]`)
		}
	}
	slices.Sort(all)
	if more != "" {
		all = append(all, more)
	}
	return strings.Join(all, " AND ")
}

func order(q search.Query) []string {
	switch {
	case q.Sort == search.PriceUp:
		return []string{"price:asc"}
	case q.Sort == search.PriceDown:
		return []string{"price:desc"}
	case q.Sort == search.Newest, q.Text == "":
		return []string{"created:desc"}
	}
	return nil
}
