package views

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/search"
	"nguon/catalog"
	"nguon/static"
)

// SearchPage is /search. Fields: q, kind, sort, page, and facets under their names.
type SearchPage struct {
	Base
	Typed  string       // as it was typed
	Asked  search.Query // as it was understood
	Result search.Result
	Groups []SearchGroup // the first of each kind, where none was asked for
	Makers []catalog.Producer
	Now    time.Time
}

// SearchGroup are the first results of one kind.
type SearchGroup struct {
	Kind  search.Kind
	Hits  []search.Document
	Total int64
}

// Suggestions is a piece of a page: what is found for what is being typed.
type Suggestions struct {
	Base
	Typed  string
	Asked  search.Query
	Result search.Result
}

var searchSheet = templ.Join(linkedSheet(), raw(`<script type="module" src="`+static.URL("js/search.js")+`"></script>`))

// Component renders the page.
func (p SearchPage) Component() templ.Component {
	title := p.T("search.title")
	if p.Typed != "" {
		title = p.T("search.title.for", "Text", p.Asked.Text)
	}
	p.Base = p.named(title, p.T("search.description"))
	return p.page()
}

// Component renders the piece.
func (p Suggestions) Component() templ.Component { return p.piece() }

// DayValue is a day as addresses have it: "2026-12-05".
func DayValue(t time.Time) string { return t.In(lang.Zone).Format(time.DateOnly) }

// address is the search as it stands, changed.
func (p SearchPage) address(change func(*search.Query)) string {
	q := p.Asked
	q.Text, q.Page, q.Filters = p.Asked.Text, 0, search.Facets{}
	for f, v := range p.Asked.Filters {
		q.Filters[f] = slices.Clone(v)
	}
	change(&q)
	v := url.Values{}
	set := func(name, s string) {
		if s != "" {
			v.Set(name, s)
		}
	}
	set("q", q.Text)
	set("kind", string(q.Kind))
	set("sort", string(q.Sort))
	if q.Page > 0 {
		v.Set("page", strconv.Itoa(q.Page+1))
	}
	for f, values := range q.Filters {
		for _, x := range values {
			v.Add(string(f), x)
		}
	}
	if len(v) == 0 {
		return "/search"
	}
	return "/search?" + v.Encode()
}

func (p SearchPage) ofKind(k search.Kind) string {
	return p.address(func(q *search.Query) { q.Kind = k })
}

func (p SearchPage) sorted(s search.Sort) string {
	return p.address(func(q *search.Query) { q.Sort = s })
}

func (p SearchPage) turned(page int) string {
	return p.address(func(q *search.Query) { q.Page = page })
}

func (p SearchPage) plain() string {
	return p.address(func(q *search.Query) { q.Filters, q.Kind, q.Sort = nil, "", "" })
}

// Here is the query of the page's own address.
func (p SearchPage) Here() string {
	_, query, _ := strings.Cut(p.turned(p.Asked.Page), "?")
	return query
}

// toggled puts a value of a facet in, or takes it out.
func (p SearchPage) toggled(f search.Facet, value string) string {
	return p.address(func(q *search.Query) {
		if i := slices.Index(q.Filters[f], value); i >= 0 {
			q.Filters[f] = slices.Delete(q.Filters[f], i, i+1)
		} else {
			q.Filters[f] = append(q.Filters[f], value)
		}
	})
}

// facetRow is a value of a facet with how many results have it.
type facetRow struct {
	Value, Name string
	N           int64
	On          bool
}

// shownRows is how many values of a facet are shown before the rest is folded away.
const shownRows = 6

// narrows reports whether there is something to narrow the results down by.
func (p SearchPage) narrows() bool {
	return slices.ContainsFunc(search.FacetList[:], func(f search.Facet) bool { return len(p.rows(f)) > 0 })
}

// rows are the values of a facet, in its order; what is chosen is always there.
func (p SearchPage) rows(f search.Facet) (list []facetRow) {
	counts := p.Result.Facets[f]
	on := p.Asked.Filters[f]
	for value, n := range counts {
		if n > 0 && !slices.Contains(on, value) && p.tells(f, value) {
			list = append(list, facetRow{value, p.facetName(f, value), n, false})
		}
	}
	for _, value := range on {
		list = append(list, facetRow{value, p.facetName(f, value), counts[value], true})
	}
	slices.SortFunc(list, func(a, b facetRow) int {
		switch f {
		case search.Stars:
			return cmp.Compare(b.Value, a.Value)
		case search.Day, search.Season:
			return cmp.Compare(a.Value, b.Value)
		case search.PriceBand:
			return cmp.Compare(bandStart(a.Value), bandStart(b.Value))
		}
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(lang.SortKey(a.Name), lang.SortKey(b.Name)))
	})
	return list
}

// tells reports whether a value is worth showing: days that are over are not.
func (p SearchPage) tells(f search.Facet, value string) bool {
	return f != search.Day || value >= DayValue(p.Now)
}

func bandStart(name string) int64 {
	for _, b := range search.Bands {
		if b.Name == name {
			return b.From
		}
	}
	return 0
}

func (p SearchPage) facetName(f search.Facet, value string) string {
	switch f {
	case search.Coffee:
		return p.T("shop.kind." + value)
	case search.Stars:
		n, _ := strconv.Atoi(value)
		return p.N("shop.stars", n)
	case search.Paper:
		return p.known("paper." + value)
	case search.Process:
		return p.known("shop.process." + value)
	case search.Roast:
		return p.known("shop.roast." + value)
	case search.GI:
		return p.T("search.gi.right")
	case search.Maker:
		for _, m := range p.Makers {
			if m.Slug == value {
				return producerName(p.Lang, m)
			}
		}
	case search.Commune:
		return upperFirst(communeName(p.Lang, value))
	case search.PriceBand:
		for _, b := range search.Bands {
			switch {
			case b.Name != value:
			case b.To == 0:
				return p.T("search.price.from", "From", money.VND(b.From).String())
			case b.From == 0:
				return p.T("search.price.to", "To", money.VND(b.To).String())
			default:
				return p.T("search.price.between", "From", money.VND(b.From).String(), "To", money.VND(b.To).String())
			}
		}
	case search.Day:
		if t, err := time.ParseInLocation(time.DateOnly, value, lang.Zone); err == nil {
			return p.Lang.DateLong(t)
		}
	case search.Season:
		if n, err := strconv.Atoi(value); err == nil && n >= 1 && n <= 12 {
			return p.T("search.month." + strconv.Itoa(n))
		}
	}
	return value
}

// known is a message, or its last part where there is none: an address may hold
// anything.
func (b Base) known(key string) string {
	if b.Lang.Has(key) {
		return b.T(key)
	}
	return key[strings.LastIndexByte(key, '.')+1:]
}

func (p SearchPage) filtered() bool {
	return len(p.Asked.Filters) > 0
}

// pages is how many pages there are, as far as they are shown.
func (p SearchPage) pages() int {
	n := int((p.Result.Total + int64(p.Asked.Size) - 1) / int64(p.Asked.Size))
	return min(n, search.MostPages)
}

// found says how many results there are.
func (p SearchPage) found() string {
	n := int(p.Result.Total)
	if p.Asked.Text == "" {
		return p.N("search.count", n)
	}
	return p.N("search.count.for", n, "Text", p.Asked.Text)
}

func kindIcon(k search.Kind) string {
	switch k {
	case search.Product:
		return "coffee"
	case search.Producer:
		return "store"
	case search.Tour:
		return "sprout"
	case search.Event:
		return "calendar-days"
	}
	return "stamp"
}

// snippet is the line of a text in which something was found, cut around it; none
// where the title or the detail shows why it was.
func snippet(l lang.Lang, d search.Document, m search.Marker) []search.Piece {
	for _, t := range []lang.Text{d.Title, d.Detail} {
		if slices.ContainsFunc(m.Mark(t.In(l)), func(x search.Piece) bool { return x.Found }) {
			return nil
		}
	}
	for line := range strings.Lines(d.Text.In(l)) {
		pieces := m.Mark(strings.TrimSpace(line))
		i := slices.IndexFunc(pieces, func(x search.Piece) bool { return x.Found })
		if i < 0 {
			continue
		}
		if i > 0 {
			pieces[i-1].Text = lastPart(pieces[i-1].Text, 60)
			pieces = pieces[i-1:]
		}
		n := 0
		for j, x := range pieces {
			if n += len([]rune(x.Text)); n > 160 {
				pieces[j].Text = firstPart(x.Text, max(160-(n-len([]rune(x.Text))), 0))
				return pieces[:j+1]
			}
		}
		return pieces
	}
	return nil
}

// firstPart and lastPart are the first and the last characters of a text, cut between words.
func firstPart(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n])
	if i := strings.LastIndexByte(cut, ' '); i > 0 {
		cut = cut[:i]
	}
	return cut + "…"
}

func lastPart(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[len(r)-n:])
	if i := strings.IndexByte(cut, ' '); i > 0 {
		cut = cut[i:]
	}
	return "…" + cut
}

func allKinds(kinds map[search.Kind]int64) (n int64) {
	for _, k := range kinds {
		n += k
	}
	return n
}

// sortName is the part of a message that names a sort.
func sortName(s search.Sort) string {
	switch s {
	case search.PriceUp:
		return "price"
	case search.PriceDown:
		return "price_down"
	case search.Newest:
		return "new"
	}
	return "relevance"
}
