package bleveindex

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/search/query"

	"nguon/app/fault"
	"nguon/app/search"
)

// How much a word counts in each field, and how much of that is left when only its
// beginning, a likeness or another word for it was found.
const (
	inTitle, inNames, inCodes = 6, 3, 12 // beside 1 anywhere

	begun   = 0.4
	alike   = 0.2
	meant   = 0.5
	accents = 40 // what bears the accents as they were typed comes first
	asTyped = 10 // before what has typing mistakes
)

// few is how little makes an exact pass worth a second look.
const few = 3

// Search implements search.Index.
func (x *Index) Search(ctx context.Context, q search.Query) (r search.Result, err error) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	var found *bleve.SearchResult
	var counts *tally
	common, done := x.common()
	defer done()
	read := reader{text: q.Text, terms: search.Terms(q.Text), common: common}
	for _, stage := range read.stages() {
		wider, n, err := x.stage(ctx, q, stage.query)
		if err != nil {
			return r, err
		}
		if found == nil || wider.Total > found.Total {
			r.Near = found != nil
			found, counts = wider, n
		}
		if found.Total >= stage.enough {
			break
		}
	}
	r.Total = int64(found.Total)
	if counts != nil {
		r.Count(counts.result())
	}
	for _, h := range found.Hits {
		var d search.Document
		raw, _ := h.Fields["doc"].(string)
		if err := json.Unmarshal([]byte(raw), &d); err != nil {
			return r, fault.Wrap(fault.Internal, "internal", fmt.Errorf("search index: %s: %w", h.ID, err))
		}
		r.Hits = append(r.Hits, d)
	}
	return r, nil
}

// stage asks for the hits of a page and for the counts, which of a narrowed query are
// those of what is found without filters: what is kept out by one filter counts for
// that filter's facet.
func (x *Index) stage(ctx context.Context, q search.Query, text query.Query) (found *bleve.SearchResult, counts *tally, err error) {
	if q.Bare || len(q.Wants()) == 0 {
		found, err = x.run(ctx, q, text, &counts)
		return found, counts, err
	}
	var all *tally
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		all, failed = x.countAll(ctx, q, text)
	}()
	bare := q
	bare.Bare = true
	found, err = x.run(ctx, bare, text, nil)
	<-done
	return found, all, cmp.Or(err, failed)
}

// often is the share of documents from which on a word says nothing of which comes
// first.
const often = 0.5

// common tells which words stand in so many documents, until done is called.
func (x *Index) common() (common func(field, word string) bool, done func()) {
	none := func(string, string) bool { return false }
	all, err := x.docs.DocCount()
	if err != nil || all <= fewDocs {
		return none, func() {}
	}
	advanced, err := x.docs.Advanced()
	if err != nil {
		return none, func() {}
	}
	reader, err := advanced.Reader()
	if err != nil {
		return none, func() {}
	}
	return func(field, word string) bool {
		rows, err := reader.TermFieldReader(context.Background(), []byte(word), field, false, false, false)
		if err != nil {
			return false
		}
		defer rows.Close()
		return float64(rows.Count()) > often*float64(all)
	}, func() { _ = reader.Close() }
}

// fewDocs is how many documents are too few to tell.
const fewDocs = 1000

// run asks for the hits of a page, and counts all that is found.
func (x *Index) run(ctx context.Context, q search.Query, text query.Query, counts **tally) (*bleve.SearchResult, error) {
	all := []query.Query{text}
	for facet, values := range q.Wants() {
		var any []query.Query
		for _, m := range search.Marks(facet, values) {
			any = append(any, term("facets", m, 0))
		}
		all = append(all, bleve.NewDisjunctionQuery(any...))
	}
	req := bleve.NewSearchRequestOptions(text, q.Size, q.Page*q.Size, false)
	if len(all) > 1 {
		req.Query = bleve.NewConjunctionQuery(all...)
	}
	req.Fields = []string{"doc"}
	req.SortBy(order(q))
	if !q.Bare {
		ctx = x.counting(ctx, q, counts)
	}
	found, err := x.docs.SearchInContext(ctx, req)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, "search.broken", err)
	}
	return found, nil
}

// countAll counts what a text finds without any filter.
func (x *Index) countAll(ctx context.Context, q search.Query, text query.Query) (counts *tally, err error) {
	req := bleve.NewSearchRequestOptions(text, 0, 0, false)
	req.Score = bleve.ScoreNone
	if _, err := x.docs.SearchInContext(x.counting(ctx, q, &counts), req); err != nil {
		return nil, fault.Wrap(fault.Unavailable, "search.broken", err)
	}
	return counts, nil
}

func order(q search.Query) []string {
	switch q.Sort {
	case search.PriceUp:
		return []string{"price", "-_score", "_id"}
	case search.PriceDown:
		return []string{"-price", "-_score", "_id"}
	case search.Newest:
		return []string{"-created", "_id"}
	}
	if q.Text == "" {
		return []string{"-created", "_id"}
	}
	return []string{"-_score"}
}

// reader makes queries of what was typed.
type reader struct {
	text   string
	terms  []search.Term
	common func(field, word string) bool
}

// stage is a way of reading a query; when enough was found, no wider one is tried.
type stage struct {
	query  query.Query
	enough uint64
}

// stages are those ways, each wider than the one before: as it was typed, with
// typing mistakes, with a word that nothing has.
func (r reader) stages() []stage {
	if len(r.terms) == 0 {
		return []stage{{bleve.NewMatchAllQuery(), 0}}
	}
	exact := r.ranked(bleve.NewConjunctionQuery(r.each(false)...), false)
	list := []stage{{exact, few}}
	if slices.ContainsFunc(r.terms, func(t search.Term) bool {
		return slices.ContainsFunc(t.Words, func(w string) bool { return search.Mistakes(w) > 0 })
	}) {
		near := r.ranked(bleve.NewConjunctionQuery(r.each(true)...), true)
		list = append(list, stage{bleve.NewDisjunctionQuery(boosted(exact, asTyped), near), 1})
	} else {
		list[0].enough = 1
	}
	if n := len(r.terms); n > 1 && search.Loose(r.terms) {
		some := bleve.NewDisjunctionQuery(r.each(true)...)
		some.SetMin(float64(n - max(1, n/3)))
		all := []query.Query{some}
		for _, t := range r.terms {
			if t.Keep {
				all = append(all, termQuery(t, false))
			}
		}
		list = append(list, stage{r.ranked(bleve.NewConjunctionQuery(all...), true), 0})
	}
	return list
}

// ranked finds what a query finds, or what bears it as its number, and puts first
// what says it in its title, then in its names, and what bears the accents as they
// were typed.
func (r reader) ranked(q query.Query, near bool) query.Query {
	if code := search.Whole(r.text); code != "" {
		q = bleve.NewDisjunctionQuery(q, term("codes", code, inCodes), prefix("codes", code, inCodes*begun))
	}
	b := bleve.NewBooleanQuery()
	b.AddMust(q)
	first := func(field, word string, boost float64) {
		if !r.common(field, word) {
			b.AddShould(term(field, word, boost))
		}
	}
	for _, t := range r.terms {
		for i, w := range t.Words {
			first("title", w, inTitle)
			first("names", w, inNames)
			if t.Open && i == len(t.Words)-1 && len(w) >= 2 {
				b.AddShould(prefix("title", w, inTitle*begun))
			}
			if most := search.Mistakes(w); near && most > 0 {
				b.AddShould(like("title", w, most, inTitle*alike))
			}
		}
		for _, c := range t.Concepts {
			first("title", c, inTitle*meant)
		}
	}
	for _, w := range search.Accented(r.text) {
		first("exact", w, accents)
	}
	return b
}

func (r reader) each(near bool) (list []query.Query) {
	for _, t := range r.terms {
		list = append(list, termQuery(t, near))
	}
	return list
}

// termQuery asks for the words of a term, or for what means the same.
func termQuery(t search.Term, near bool) query.Query {
	var words []query.Query
	for i, w := range t.Words {
		words = append(words, wordQuery(w, t.Open && i == len(t.Words)-1, near))
	}
	any := []query.Query{bleve.NewConjunctionQuery(words...)}
	if len(words) == 1 {
		any = words
	}
	if len(t.Concepts) > 0 && len(words) > 1 { // what says the phrase says the concept
		any = nil
	}
	for _, c := range t.Concepts {
		any = append(any, term("all", c, 1))
	}
	if len(any) == 1 {
		return any[0]
	}
	return bleve.NewDisjunctionQuery(any...)
}

// wordQuery asks for one word anywhere.
func wordQuery(w string, last, near bool) query.Query {
	any := []query.Query{term("all", w, 1)}
	n := len([]rune(w))
	if search.Whole(w) != "" {
		code := search.Code(w)
		any = append(any, term("codes", code, inCodes))
		if len(code) >= 5 {
			any = append(any, prefix("codes", code, inCodes*begun))
		}
	}
	if n >= 4 {
		any = append(any, term("joined", w, 1))
	}
	if last && n >= 2 {
		any = append(any, prefix("all", w, begun))
	}
	if most := search.Mistakes(w); near && most > 0 {
		any = append(any, like("all", w, most, alike))
		if n >= 5 {
			any = append(any, like("joined", w, most, alike))
		}
	}
	if len(any) == 1 {
		return any[0]
	}
	return bleve.NewDisjunctionQuery(any...)
}

func term(field, word string, boost float64) query.Query {
	q := bleve.NewTermQuery(word)
	q.SetField(field)
	if boost > 0 {
		q.SetBoost(boost)
	}
	return q
}

func prefix(field, word string, boost float64) query.Query {
	q := bleve.NewPrefixQuery(word)
	q.SetField(field)
	q.SetBoost(boost)
	return q
}

func like(field, word string, mistakes int, boost float64) query.Query {
	q := bleve.NewFuzzyQuery(word)
	q.SetField(field)
	q.SetFuzziness(mistakes)
	q.SetPrefix(1)
	q.SetBoost(boost)
	return q
}

func boosted(q query.Query, by float64) query.Query {
	b := bleve.NewConjunctionQuery(q)
	b.SetBoost(by)
	return b
}
