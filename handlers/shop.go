package handlers

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/lang"
	"nguon/app/place"
	"nguon/catalog"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/tours"
	"nguon/views"
)

// How many things the pages show at once.
const (
	onFrontPage  = 6
	onFrontTrips = 3
	onListPage   = 12
	lotsShown    = 8
	moreShown    = 4
)

// home is the front page: a few products, the producers, a lot to look at.
func (s *Site) home(c *fiber.Ctx) error {
	ctx := c.UserContext()
	list, err := s.Catalog.Products(ctx, catalog.Filter{Limit: onFrontPage})
	if err != nil {
		return err
	}
	producers, _, err := s.Catalog.Producers(ctx, "")
	if err != nil {
		return err
	}
	byID, err := s.producersOf(ctx, list.Items)
	if err != nil {
		return err
	}
	page := views.Home{Base: s.base(c), Products: list.Items, Producers: producers, ProducerByID: byID}
	for _, p := range producers {
		page.Demo = page.Demo || p.Demo
	}
	lots, err := s.lotLinks(c, list.Items)
	if err != nil {
		return err
	}
	page.Example = example(lots)
	if page.Trips, err = s.trips(ctx, onFrontTrips, func(tours.Tour) bool { return true }); err != nil {
		return err
	}
	if page.Festival, err = s.nextEdition(ctx); err != nil {
		return err
	}
	return s.showLots(c, page)
}

// example is a lot to look at that was not called back, best one that carries
// the indication; nil when there is none.
func example(lots []views.LotLink) *views.LotLink {
	lots = slices.DeleteFunc(lots, func(l views.LotLink) bool { return l.Recalled })
	if len(lots) == 0 {
		return nil
	}
	best := slices.IndexFunc(lots, func(l views.LotLink) bool { return l.GI == gi.Pass })
	return &lots[max(best, 0)]
}

// products is the list with its filters.
func (s *Site) products(c *fiber.Ctx) error {
	filter, err := productFilter(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.ProductList{Base: s.base(c), Filter: filter}
	found, err := s.Catalog.Products(ctx, filter)
	if err != nil {
		return badCursor(filter.After, err)
	}
	page.Items, page.Next, page.Total = found.Items, found.Next, found.Total
	if page.Producers, err = s.Catalog.ProducerOptions(ctx); err != nil {
		return err
	}
	if page.Communes, err = s.Catalog.CommuneOptions(ctx); err != nil {
		return err
	}
	if page.ProducerByID, err = s.producersOf(ctx, page.Items); err != nil {
		return err
	}
	page.Query = rawQuery(c)
	page.NoIndex = filter.After != ""
	page.Demo = anyDemo(page.Items)
	return s.show(c, page)
}

// productFilter reads the filters of the address. A value that no menu offers
// is malformed, so that no page claims to show what it does not.
func productFilter(c *fiber.Ctx) (catalog.Filter, error) {
	f := catalog.Filter{Limit: onListPage}
	values := map[string]string{}
	for _, name := range [...]string{"kind", "stars", "producer", "commune", "sort", "after"} {
		v, err := query(c, name)
		if err != nil {
			return f, err
		}
		values[name] = v
	}
	f.Kind, f.Sort = catalog.Kind(values["kind"]), catalog.Sort(values["sort"])
	f.Producer, f.Commune, f.After = values["producer"], values["commune"], values["after"]
	stars := values["stars"]
	if len(stars) == 1 && stars[0] >= '1' && stars[0] <= '5' {
		f.Stars = int(stars[0] - '0')
	}
	if stars != "" && f.Stars == 0 || !offered(f) {
		return f, malformed(fault.New(fault.Invalid, "http.bad_filter"))
	}
	return f, nil
}

// offered reports whether the menus of the list hold these choices.
func offered(f catalog.Filter) bool {
	kinds := []catalog.Kind{"", catalog.Green, catalog.Roasted, catalog.Ground, catalog.Other}
	sorts := []catalog.Sort{catalog.ByName, catalog.PriceUp, catalog.PriceDown}
	_, known := place.ByCode(f.Commune)
	return slices.Contains(kinds, f.Kind) && slices.Contains(sorts, f.Sort) &&
		(f.Producer == "" || lang.IsSlug(f.Producer)) && (f.Commune == "" || known)
}

// badCursor marks an error about a cursor as one about the address.
func badCursor(after string, err error) error {
	if after != "" && fault.Is(err, fault.Invalid) {
		return malformed(err)
	}
	return err
}

// product is one product, its lots, and others of its producer.
func (s *Site) product(c *fiber.Ctx) error {
	slug, err := slugOf(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.ProductPage{Base: s.base(c), Today: s.Now()}
	if page.Product, err = s.Catalog.Product(ctx, slug); err != nil {
		return err
	}
	if page.Producer, err = s.Catalog.ProducerByID(ctx, page.Product.Producer); err != nil {
		return err
	}
	if page.Lots, err = s.lotLinks(c, []catalog.Product{page.Product}); err != nil {
		return err
	}
	if page.More, err = s.Catalog.ProductsOf(ctx, page.Product.Producer); err != nil {
		return err
	}
	if page.Left, err = s.left(ctx, page.Product); err != nil {
		return err
	}
	page.More = without(page.More, page.Product.ID, moreShown)
	if page.Trips, err = s.trips(ctx, moreShown, shows(page.Product)); err != nil {
		return err
	}
	if page.UnknownLot, err = s.unknownLot(c, page.Product); err != nil {
		return err
	}
	if page.UnknownSerial, err = s.unknownSerial(c, page.Product); err != nil {
		return err
	}
	switch {
	case page.UnknownLot != "":
		page.Query, page.NoIndex = url.Values{"lot": {page.UnknownLot}}.Encode(), true
	case page.UnknownSerial != "":
		page.Query, page.NoIndex = url.Values{"serial": {page.UnknownSerial}}.Encode(), true
	}
	page.Demo = page.Product.Demo
	return s.showLots(c, page)
}

// shows reports whether a visit shows a product.
func shows(p catalog.Product) func(tours.Tour) bool {
	return func(t tours.Tour) bool {
		return slices.ContainsFunc(p.Variants, func(v catalog.Variant) bool { return slices.Contains(t.Products, v.GTIN) })
	}
}

// left is how many packets of each variant can be had.
func (s *Site) left(ctx context.Context, p catalog.Product) (map[string]int64, error) {
	numbers := []string{}
	for _, v := range p.Sold() {
		numbers = append(numbers, v.GTIN)
	}
	return s.Catalog.Available(ctx, numbers)
}

// unknownLot is the lot in the query, which the resolver adds when it has
// walked up from a lot that it does not know; "" when a variant does have it.
func (s *Site) unknownLot(c *fiber.Ctx, p catalog.Product) (string, error) {
	lot, err := query(c, "lot")
	if err != nil || !gs1.IsQualifier(lot) {
		return "", nil
	}
	for _, v := range p.Variants {
		if part, err := orNil(s.QR.LotPart(c.UserContext(), v.GTIN, lot)); err != nil || part != nil {
			return "", err
		}
	}
	return lot, nil
}

// unknownSerial is the same for a serial without a lot.
func (s *Site) unknownSerial(c *fiber.Ctx, p catalog.Product) (string, error) {
	serial, err := query(c, "serial")
	if err != nil || !gs1.IsQualifier(serial) {
		return "", nil
	}
	for _, v := range p.Variants {
		path, err := orNil(s.QR.Resolve(c.UserContext(), qr.Link{GTIN: v.GTIN, Serial: serial}))
		if err != nil || strings.HasPrefix(path, "/trace/") {
			return "", err
		}
	}
	return serial, nil
}

// producers is the list of all producers.
func (s *Site) producers(c *fiber.Ctx) error {
	after, err := query(c, "after")
	if err != nil {
		return err
	}
	page := views.ProducerList{Base: s.base(c)}
	if page.Producers, page.Next, err = s.Catalog.Producers(c.UserContext(), after); err != nil {
		return badCursor(after, err)
	}
	page.Query = rawQuery(c)
	page.NoIndex = after != ""
	for _, p := range page.Producers {
		page.Demo = page.Demo || p.Demo
	}
	return s.show(c, page)
}

// producer is one producer: what it sells, where from, and its use rights.
func (s *Site) producer(c *fiber.Ctx) error {
	slug, err := slugOf(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	page := views.ProducerPage{Base: s.base(c), Today: s.Now()}
	if page.Producer, err = s.Catalog.Producer(ctx, slug); err != nil {
		return err
	}
	if page.Products, err = s.Catalog.ProductsOf(ctx, page.Producer.ID); err != nil {
		return err
	}
	if page.Rights, err = s.rightsOf(ctx, page.Producer.ID); err != nil {
		return err
	}
	if page.Lots, err = s.lotLinks(c, page.Products); err != nil {
		return err
	}
	if page.Festival, err = s.standsAt(ctx, page.Producer.ID); err != nil {
		return err
	}
	if page.Trips, err = s.trips(ctx, onListPage, func(t tours.Tour) bool { return t.Org == page.Producer.ID }); err != nil {
		return err
	}
	page.Demo = page.Producer.Demo
	return s.showLots(c, page)
}

// slugOf reads the slug of the path; what cannot be one was never issued.
func slugOf(c *fiber.Ctx) (string, error) {
	slug, err := segment(c, "slug")
	if err == nil && !lang.IsSlug(slug) {
		err = fault.New(fault.NotFound, "http.not_found")
	}
	return slug, err
}
