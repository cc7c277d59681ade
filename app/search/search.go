// Package search is the port of the index that finds products, producers,
// visits, events and entries of the register however their names are typed. Its
// engines are search/bleveindex and search/meili; both pass search/searchtest.
// What it holds is derived: it can be thrown away and built anew.
package search

import (
	"context"
	"errors"
	"time"

	"nguon/app/lang"
)

// Kind is what a document stands for.
type Kind string

// Kinds of documents.
const (
	Product  Kind = "product"
	Producer Kind = "producer"
	Tour     Kind = "tour"
	Event    Kind = "event"
	Right    Kind = "right" // of the register of the geographical indication
)

// Kinds are all of them, in the order in which results are grouped.
var Kinds = [...]Kind{Product, Tour, Event, Producer, Right}

// Document is one thing that can be found, as the public may see it. ID is its
// kind and its id in the store: "product-0193…".
type Document struct {
	ID      string      `json:"id"`
	Kind    Kind        `json:"kind"`
	Path    string      `json:"path"` // of its page
	Image   string      `json:"image,omitempty"`
	Title   lang.Text   `json:"title"`
	Detail  lang.Text   `json:"detail"`          // one line that tells it from others
	Text    lang.Text   `json:"text"`            // what else is said of it
	Names   []string    `json:"names,omitempty"` // other words that it is looked for by: who makes it, communes of today and of before
	Codes   []string    `json:"codes,omitempty"` // numbers on it: they are found whole, or by their beginning
	Price   int64       `json:"price,omitempty"` // the lowest, đồng; 0 for none
	Sold    bool        `json:"sold"`            // can be had now
	Created time.Time   `json:"created"`
	Facets  Facets      `json:"facets"`
	Days    []time.Time `json:"days,omitempty"` // on which it can be visited, each at midnight in Vietnam
	Demo    bool        `json:"demo,omitempty"`
}

// Facets are what documents are narrowed down by, each with its values.
type Facets map[Facet][]string

// Facet is one property by which results are narrowed down.
type Facet string

// Facets of documents. Day holds days as "2026-12-05", Season months as "01".
const (
	Coffee    Facet = "coffee"  // "green", "roasted", "ground", "other"
	Stars     Facet = "stars"   // of OCOP: "1" to "5"
	Paper     Facet = "paper"   // scheme of a certificate that is valid today
	GI        Facet = "gi"      // "right": its maker may use the indication for such a thing
	Process   Facet = "process" // "washed", "natural", "honey", "anaerobic"
	Roast     Facet = "roast"
	Maker     Facet = "producer" // slug
	Commune   Facet = "commune"  // code
	PriceBand Facet = "price"    // see Bands
	Day       Facet = "day"
	Season    Facet = "season"
)

// FacetList are all of them, in the order in which they are shown.
var FacetList = [...]Facet{Coffee, Stars, GI, Paper, Process, Roast, PriceBand, Day, Season, Maker, Commune}

// Band is a span of prices.
type Band struct {
	Name     string
	From, To int64 // đồng; To is not part of it, 0 for no end
}

// Bands are the spans of prices that are told apart.
var Bands = [...]Band{{"0-100", 0, 100_000}, {"100-200", 100_000, 200_000}, {"200-400", 200_000, 400_000}, {"400", 400_000, 0}}

// BandOf is the name of the span in which a price lies, "" for none.
func BandOf(price int64) string {
	for _, b := range Bands {
		if price > 0 && price >= b.From && (b.To == 0 || price < b.To) {
			return b.Name
		}
	}
	return ""
}

// Sort is an order of results.
type Sort string

// Orders of results; Relevance is the default.
const (
	Relevance Sort = ""
	PriceUp   Sort = "price"
	PriceDown Sort = "-price"
	Newest    Sort = "new"
)

// Sorts are all of them.
var Sorts = [...]Sort{Relevance, PriceUp, PriceDown, Newest}

// Query is what somebody looks for. Text may be empty: then filters find.
type Query struct {
	Text    string
	Kind    Kind // "" for all
	Filters Facets
	Sort    Sort
	Page    int  // from 0
	Size    int  // of a page, 0 for PageSize
	Bare    bool // only hits are wanted, no counts of kinds and facets
}

// Sizes of pages and what a query may hold. Results behind the last page are not
// shown by any engine.
const (
	PageSize  = 24
	MostSize  = 100
	MostPages = 40
	mostText  = 200 // characters of a query that count
	mostWords = 12
	mostWord  = 60 // characters of a word
	mostRows  = 40 // values of filters
	mostValue = 80 // characters of one
)

// Result is a page of what was found.
type Result struct {
	Hits   []Document
	Total  int64
	Kinds  map[Kind]int64             // how many of each, whatever kind was asked for
	Facets map[Facet]map[string]int64 // how many of each value; a facet that is filtered by counts as if it were not
	Near   bool                       // nothing, or too little, was found as typed: it was read with typing mistakes, or not every word was found

	StandIn bool // another engine answered than the one that should have; no engine sets it
}

// ErrRefused marks errors of an engine that answers and does not take what it was
// told: a document, a query.
var ErrRefused = errors.New("refused by the search engine")

// Index is an engine. Its methods are safe for concurrent use.
type Index interface {
	// Put adds documents, or replaces those with their ids.
	Put(ctx context.Context, docs []Document) error
	// Delete takes documents out; one that is not there is no error.
	Delete(ctx context.Context, ids []string) error
	// Search answers a query that Clean has gone over. Unavailable when the engine
	// cannot be reached.
	Search(ctx context.Context, q Query) (Result, error)
	// Rebuild puts what each yields in place of everything. Searches meanwhile see
	// the old state, then the new one; what is put or deleted meanwhile is not lost.
	Rebuild(ctx context.Context, each func(yield func(Document) error) error) error
	// Count is how many documents there are.
	Count(ctx context.Context) (int64, error)
	Close() error
}

// Standing is what an index on a server says of itself.
type Standing struct {
	Ready            bool      // it is there, and set up as it should be
	Created, Updated time.Time // by the clock of its server
}
