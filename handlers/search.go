package handlers

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/search"
	"nguon/views"
)

// How many results of each kind stand together, and how many are suggested.
const (
	inGroup   = 4
	suggested = 7
)

// searchQuery reads the address of a search: q, kind, sort, page (from 1), and each
// facet under its name, several times for several values.
func searchQuery(c *fiber.Ctx) (search.Query, error) {
	q := search.Query{Filters: search.Facets{}}
	raw, err := url.ParseQuery(rawQuery(c))
	if err != nil {
		return q, malformed(fault.New(fault.Invalid, "search.query"))
	}
	q.Text, q.Kind, q.Sort = raw.Get("q"), search.Kind(raw.Get("kind")), search.Sort(raw.Get("sort"))
	if p := raw.Get("page"); p != "" {
		n, err := strconv.Atoi(p)
		if err != nil || n < 1 || n > search.MostPages {
			return q, malformed(fault.New(fault.Invalid, "search.query"))
		}
		q.Page = n - 1
	}
	for _, f := range search.FacetList {
		for _, v := range raw[string(f)] {
			if v != "" {
				q.Filters[f] = append(q.Filters[f], v)
			}
		}
	}
	return q, nil
}

// search is the results page.
func (s *Site) search(c *fiber.Ctx) error {
	q, err := searchQuery(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.SearchPage{Base: s.base(c), Now: s.Now()}
	page.Typed = search.Shown(q.Text)
	page.Result, page.Asked, err = s.Finder.Search(ctx, q)
	if err != nil {
		return badQuery(err)
	}
	if q := page.Asked; q.Kind == "" && q.Text != "" && q.Sort == search.Relevance && q.Page == 0 {
		for _, k := range search.Kinds {
			if page.Result.Kinds[k] == 0 {
				continue
			}
			one := q
			one.Kind, one.Size, one.Bare = k, inGroup, true
			r, _, err := s.Finder.Search(ctx, one)
			if err != nil {
				return err
			}
			page.Groups = append(page.Groups, views.SearchGroup{Kind: k, Hits: r.Hits, Total: r.Total})
		}
	}
	if page.Makers, err = s.Catalog.ProducerOptions(ctx); err != nil {
		return err
	}
	for _, d := range page.Result.Hits {
		page.Demo = page.Demo || d.Demo
	}
	page.Query = page.Here()
	page.NoIndex = true
	c.Set(fiber.HeaderContentSecurityPolicy, scripted(plainPolicy))
	return s.show(c, page)
}

// badQuery marks an error about a query as one about the address.
func badQuery(err error) error {
	if fault.Is(err, fault.Invalid) {
		return malformed(err)
	}
	return err
}

// suggest lists the first results for what is being typed, as a piece of a page.
func (s *Site) suggest(c *fiber.Ctx) error {
	typed, err := searchQuery(c)
	if err != nil {
		return err
	}
	page := views.Suggestions{Base: s.base(c)}
	page.Typed = search.Shown(typed.Text)
	if strings.TrimSpace(typed.Text) != "" {
		r, q, err := s.Finder.Search(c.UserContext(), search.Query{Text: typed.Text, Size: suggested, Bare: true})
		if err != nil {
			return badQuery(err)
		}
		page.Result, page.Asked = r, q
	}
	return s.show(c, page)
}

// searchAnswer is what programs are told: the shape is that of openapi.yaml.
type searchAnswer struct {
	Query    string                            `json:"query"`
	Total    int64                             `json:"total"`
	Page     int                               `json:"page"`
	Near     bool                              `json:"near"`
	Degraded bool                              `json:"degraded"`
	Hits     []searchHit                       `json:"hits"`
	Kinds    map[search.Kind]int64             `json:"kinds"`
	Facets   map[search.Facet]map[string]int64 `json:"facets"`
}

type searchHit struct {
	Kind   search.Kind `json:"kind"`
	URL    string      `json:"url"`
	Title  wordsIn     `json:"title"`
	Detail wordsIn     `json:"detail"`
	Price  int64       `json:"price,omitempty"` // đồng
	Sold   bool        `json:"available"`
	Days   []string    `json:"days,omitempty"`
	Demo   bool        `json:"demo,omitempty"`
}

type wordsIn struct {
	Vi string `json:"vi"`
	En string `json:"en,omitempty"`
}

// searchJSON is the results page for programs.
func (s *Site) searchJSON(c *fiber.Ctx) error {
	q, err := searchQuery(c)
	if err != nil {
		return err
	}
	r, q, err := s.Finder.Search(c.UserContext(), q)
	if err != nil {
		return badQuery(err)
	}
	a := searchAnswer{Query: q.Text, Total: r.Total, Page: q.Page + 1, Near: r.Near, Degraded: r.StandIn, Hits: []searchHit{}, Kinds: r.Kinds, Facets: r.Facets}
	for _, d := range r.Hits {
		h := searchHit{Kind: d.Kind, URL: s.BaseURL + d.Path, Title: wordsIn(d.Title), Detail: wordsIn(d.Detail), Price: d.Price, Sold: d.Sold, Demo: d.Demo}
		for _, day := range d.Days {
			h.Days = append(h.Days, views.DayValue(day))
		}
		a.Hits = append(a.Hits, h)
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Vary(fiber.HeaderAcceptEncoding)
	return c.Status(http.StatusOK).JSON(a)
}
