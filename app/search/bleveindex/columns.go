package bleveindex

import (
	"context"
	"strings"

	bleve "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/collector"
	index "github.com/blevesearch/bleve_index_api"

	"nguon/app/search"
)

// columns hold the facets of every document of one state of the index in memory, by
// the number that the state gives it: counting thousands of hits then reads no file.
// A state lasts until the next write.
type columns struct {
	of    index.IndexReader
	from  []uint32 // of document i, marks[from[i]:from[i+1]]
	ids   []uint16
	marks []string       // by id, as search.Prepare has them
	facet []search.Facet // by id
}

// mostMarks is how many values of all facets together are told apart.
const mostMarks = 1 << 16

// columns are those of a state, read when it is asked for first.
func (x *Index) columns(of index.IndexReader) (*columns, error) {
	x.cols.Lock()
	defer x.cols.Unlock()
	if x.kept != nil && x.kept.of == of {
		return x.kept, nil
	}
	c, err := readColumns(of)
	if err == nil {
		x.kept = c
	}
	return c, err
}

func readColumns(of index.IndexReader) (*columns, error) {
	values, err := of.DocValueReader([]string{"facets"})
	if err != nil {
		return nil, err
	}
	all, err := of.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer all.Close()
	c := &columns{of: of, from: []uint32{0}}
	known := map[string]uint16{}
	for {
		id, err := all.Next()
		if err != nil {
			return nil, err
		}
		if id == nil {
			return c, nil
		}
		for n := id.Value(); uint64(len(c.from)) <= n; { // numbers of documents that are no more
			c.from = append(c.from, uint32(len(c.ids)))
		}
		err = values.VisitDocValues(id, func(_ string, term []byte) {
			mark, ok := known[string(term)]
			if !ok && len(c.marks) < mostMarks {
				mark = uint16(len(c.marks))
				name, _, _ := strings.Cut(string(term), ":")
				c.marks, c.facet = append(c.marks, string(term)), append(c.facet, search.Facet(name))
				known[string(term)], ok = mark, true
			}
			if ok {
				c.ids = append(c.ids, mark)
			}
		})
		if err != nil {
			return nil, err
		}
		c.from = append(c.from, uint32(len(c.ids)))
	}
}

// tally counts the values of what it is shown. A facet that is filtered by counts as
// if it were not: a document that only this facet keeps out counts for it.
type tally struct {
	*columns
	wants  map[search.Facet][]uint16
	counts []int64 // by mark
	own    []int64 // the same, without the filter of the mark's own facet
}

func (c *columns) tally(q search.Query) *tally {
	t := &tally{columns: c, wants: map[search.Facet][]uint16{}, counts: make([]int64, len(c.marks)), own: make([]int64, len(c.marks))}
	for facet, values := range q.Wants() {
		t.wants[facet] = []uint16{}
		for _, m := range search.Marks(facet, values) {
			for id, mark := range c.marks {
				if mark == m {
					t.wants[facet] = append(t.wants[facet], uint16(id))
				}
			}
		}
	}
	return t
}

func (t *tally) add(doc uint64) {
	if doc+1 >= uint64(len(t.from)) {
		return
	}
	ids := t.ids[t.from[doc]:t.from[doc+1]]
	var fails search.Facet
	n := 0
	for facet, want := range t.wants {
		if !anyOf(ids, want) {
			fails = facet
			if n++; n > 1 {
				return
			}
		}
	}
	for _, id := range ids {
		if n == 0 {
			t.counts[id]++
		}
		if n == 0 || t.facet[id] == fails {
			t.own[id]++
		}
	}
}

func anyOf(ids, want []uint16) bool {
	for _, a := range ids {
		for _, b := range want {
			if a == b {
				return true
			}
		}
	}
	return false
}

// result are the counts by mark.
func (t *tally) result() map[string]int64 {
	m := map[string]int64{}
	for id, n := range t.counts {
		if _, filtered := t.wants[t.facet[id]]; filtered {
			n = t.own[id]
		}
		if n > 0 {
			m[t.marks[id]] = n
		}
	}
	return m
}

// counting lets a search count everything that it matches, beside keeping the hits
// of its page.
func (x *Index) counting(ctx context.Context, q search.Query, into **tally) context.Context {
	var make bleve.MakeDocumentMatchHandler = func(sc *bleve.SearchContext) (bleve.DocumentMatchHandler, bool, error) {
		c, err := x.columns(sc.IndexReader)
		if err != nil {
			return nil, false, err
		}
		t := c.tally(q)
		*into = t
		keep, ids, err := collector.MakeTopNDocumentMatchHandler(sc)
		return func(d *bleve.DocumentMatch) error {
			if d != nil {
				t.add(d.IndexInternalID.Value())
			}
			return keep(d)
		}, ids, err
	}
	return context.WithValue(ctx, bleve.MakeDocumentMatchHandlerKey, make)
}
