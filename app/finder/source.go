package finder

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/search"
	"nguon/catalog"
	"nguon/qr/gi"
	"nguon/qr/trace"
	"nguon/tours"
)

// Domains is a Source that reads the services.
type Domains struct {
	Catalog  *catalog.Service
	Tours    *tours.Service
	Festival *tours.Editions
	GI       *gi.Service
	Trace    *trace.Service
	Account  *account.Service
	Now      func() time.Time
	Bad      func(error) // is told of what cannot be read and is left out of an index that is built

	mu   sync.Mutex
	read time.Time // when open was
	open map[string][]time.Time
}

const (
	lotsFound = 50                   // of each trade item, the newest: by their codes it is found
	ahead     = 180 * 24 * time.Hour // how far days that can be booked are looked for
	reread    = 30 * time.Second     // how old days may be that nobody has written to: holds that ran out, last moments that went by
)

// Objects that stand for other documents: all products of an organisation, all that
// it shows, all events of an edition, the product of a stock.
const (
	stock      = "stock"
	productsOf = "products-of"
	shownBy    = "org"
	edition    = "edition"
)

// Documents implements Source.
func (s *Domains) Documents(ctx context.Context, object string) (put []search.Document, out []string, err error) {
	kind, id, _ := strings.Cut(object, ":")
	objects := []string{object}
	switch kind {
	case productsOf:
		objects, err = s.productsOf(ctx, id)
	case shownBy:
		objects, err = s.shownBy(ctx, id)
	case edition:
		objects, err = s.eventsOf(ctx, id)
	case stock:
		var p catalog.Product
		if p, _, err = s.Catalog.ByGTIN(ctx, id); fault.Is(err, fault.NotFound) {
			return nil, nil, nil
		}
		objects = []string{"product:" + p.ID}
	}
	for _, object := range objects {
		if err != nil {
			break
		}
		kind, id, _ := strings.Cut(object, ":")
		var d search.Document
		var ok bool
		switch d, ok, err = s.document(ctx, search.Kind(kind), id); {
		case fault.Is(err, fault.NotFound), err == nil && !ok:
			out, err = append(out, DocumentID(object)), nil
		case err == nil:
			put = append(put, d)
		}
	}
	return put, out, err
}

func (s *Domains) productsOf(ctx context.Context, org string) (list []string, err error) {
	own, err := s.Catalog.Own(ctx, org)
	for _, p := range own {
		list = append(list, "product:"+p.ID)
	}
	return list, err
}

func (s *Domains) eventsOf(ctx context.Context, edition string) (list []string, err error) {
	all, err := s.Festival.Programme(ctx, edition)
	for _, v := range all {
		list = append(list, "event:"+v.ID)
	}
	return list, err
}

func (s *Domains) shownBy(ctx context.Context, org string) (list []string, err error) {
	if list, err = s.productsOf(ctx, org); err != nil {
		return nil, err
	}
	list = append(list, "producer:"+org)
	own, err := s.Tours.Own(ctx, org)
	if err != nil {
		return nil, err
	}
	for _, t := range own {
		list = append(list, "tour:"+t.ID)
	}
	editions, err := s.Festival.Own(ctx, org)
	for _, e := range editions {
		if err == nil {
			var events []string
			events, err = s.eventsOf(ctx, e.ID)
			list = append(list, events...)
		}
	}
	return list, err
}

func (s *Domains) document(ctx context.Context, kind search.Kind, id string) (d search.Document, ok bool, err error) {
	switch kind {
	case search.Product:
		p, err := s.Catalog.ByID(ctx, id)
		if err != nil {
			return d, false, err
		}
		return s.product(ctx, p)
	case search.Producer:
		p, err := s.Catalog.ProducerByID(ctx, id)
		if err != nil {
			return d, false, err
		}
		d, ok = producerDocument(p, s.Now())
		return d, ok, nil
	case search.Tour:
		t, err := s.Tours.Tour(ctx, id)
		if err != nil {
			return d, false, err
		}
		now := s.Now()
		list, err := s.Tours.Departures(ctx, id, now, now.Add(ahead))
		if err != nil {
			return d, false, err
		}
		return s.tour(ctx, t, bookable(list, now))
	case search.Event:
		v, err := s.Festival.Event(ctx, id)
		if err != nil {
			return d, false, err
		}
		e, err := s.Festival.Edition(ctx, v.Edition)
		if err != nil {
			return d, false, err
		}
		return s.event(ctx, e, v)
	case search.Right:
		r, err := s.GI.Right(ctx, id)
		if err != nil {
			return d, false, err
		}
		return rightDocument(r.HolderOn(s.Now())), true, nil
	}
	return d, false, fault.Wrap(fault.Internal, "internal", fmt.Errorf("nothing of kind %q is found", kind))
}

func (s *Domains) product(ctx context.Context, p catalog.Product) (d search.Document, ok bool, err error) {
	if !p.Listed {
		return d, false, nil
	}
	now := s.Now()
	var x productFacts
	if x.Maker, err = s.Catalog.ProducerByID(ctx, p.Producer); err != nil {
		return d, false, err
	}
	rights, err := s.GI.RightsOf(ctx, p.Producer)
	if err != nil {
		return d, false, err
	}
	x.Right = slices.ContainsFunc(rights, func(r gi.Right) bool {
		h := r.HolderOn(now)
		return h.Status == gi.Valid && slices.Contains(h.Products, string(p.Kind))
	})
	var gtins []string
	for _, v := range p.Sold() {
		gtins = append(gtins, v.GTIN)
		n := 0
		for lot, err := range s.Trace.EachOf(ctx, v.GTIN) {
			if err != nil {
				return d, false, err
			}
			if n++; n > lotsFound {
				break
			}
			x.Lots = append(x.Lots, lot.Code)
		}
	}
	left, err := s.Catalog.Available(ctx, gtins)
	if err != nil {
		return d, false, err
	}
	for _, n := range left {
		x.Left = x.Left || n > 0
	}
	d, ok = productDocument(p, x, now)
	return d, ok, nil
}

func (s *Domains) tour(ctx context.Context, t tours.Tour, days []time.Time) (d search.Document, ok bool, err error) {
	if may, err := s.Account.MayPublish(ctx, t.Org); err != nil || !may {
		return d, false, err
	}
	o, err := s.Account.OrgByID(ctx, t.Org)
	if err != nil {
		return d, false, err
	}
	x := tourFacts{Host: lang.Text{Vi: o.Name, En: o.NameEn}, Days: days}
	p, err := s.Catalog.ProducerByID(ctx, t.Org)
	if err == nil && p.Published {
		x.Slug = p.Slug
	} else if err != nil && !fault.Is(err, fault.NotFound) {
		return d, false, err
	}
	d, ok = tourDocument(t, x)
	return d, ok, nil
}

func (s *Domains) event(ctx context.Context, e tours.Edition, v tours.Event) (d search.Document, ok bool, err error) {
	if may, err := s.Account.MayPublish(ctx, e.Org); err != nil || !may {
		return d, false, err
	}
	d, ok = eventDocument(e, v, s.Now())
	return d, ok, nil
}

// bookable are the days on which somebody can still book, in order.
func bookable(list []tours.Departure, now time.Time) (days []time.Time) {
	for _, x := range list {
		if x.Bookable(now) == nil && x.Left(now) > 0 {
			days = append(days, lang.Midnight(x.Start))
		}
	}
	slices.SortFunc(days, time.Time.Compare)
	return slices.CompactFunc(days, time.Time.Equal)
}

// Each implements Source.
func (s *Domains) Each(ctx context.Context, yield func(search.Document) error) error {
	give := func(d search.Document, ok bool, err error) error {
		if fault.Is(err, fault.NotFound) { // what it belongs to is no more
			return nil
		}
		if err != nil && s.Bad != nil && ctx.Err() == nil && !fault.Is(err, fault.Unavailable) {
			s.Bad(err)
			return nil
		}
		if err != nil || !ok {
			return err
		}
		return yield(d)
	}
	for _, each := range []func(context.Context, func(search.Document, bool, error) error) error{s.products, s.producers, s.visits, s.events, s.rights} {
		if err := each(ctx, give); err != nil {
			return err
		}
	}
	return nil
}

func (s *Domains) products(ctx context.Context, give func(search.Document, bool, error) error) error {
	f := catalog.Filter{Limit: 100}
	for {
		page, err := s.Catalog.Products(ctx, f)
		if err != nil {
			return err
		}
		for _, p := range page.Items {
			if err := give(s.product(ctx, p)); err != nil {
				return err
			}
		}
		if f.After = page.Next; f.After == "" {
			return nil
		}
	}
}

func (s *Domains) producers(ctx context.Context, give func(search.Document, bool, error) error) error {
	after, now := "", s.Now()
	for {
		list, next, err := s.Catalog.Producers(ctx, after)
		if err != nil {
			return err
		}
		for _, p := range list {
			d, ok := producerDocument(p, now)
			if err := give(d, ok, nil); err != nil {
				return err
			}
		}
		if after = next; after == "" {
			return nil
		}
	}
}

func (s *Domains) visits(ctx context.Context, give func(search.Document, bool, error) error) error {
	all, err := s.Tours.Published(ctx)
	if err != nil {
		return err
	}
	days, err := s.days(ctx)
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := give(s.tour(ctx, t, days[t.ID])); err != nil {
			return err
		}
	}
	return nil
}

// days are those that can be booked, by tour.
func (s *Domains) days(ctx context.Context) (map[string][]time.Time, error) {
	now := s.Now()
	list, err := s.Tours.OpenBetween(ctx, now, now.Add(ahead))
	by := map[string][]tours.Departure{}
	for _, d := range list {
		by[d.Tour] = append(by[d.Tour], d)
	}
	days := map[string][]time.Time{}
	for tour, list := range by {
		days[tour] = bookable(list, now)
	}
	return days, err
}

// lately are the days as they were read not long ago.
func (s *Domains) lately(ctx context.Context) (map[string][]time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.Now(); s.open == nil || now.Sub(s.read).Abs() >= reread {
		days, err := s.days(ctx)
		if err != nil {
			return nil, err
		}
		s.open, s.read = days, now
	}
	return s.open, nil
}

func (s *Domains) events(ctx context.Context, give func(search.Document, bool, error) error) error {
	all, err := s.Festival.Listed(ctx)
	if err != nil {
		return err
	}
	for _, e := range all {
		list, err := s.Festival.Programme(ctx, e.ID)
		if err != nil {
			return err
		}
		for _, v := range list {
			if err := give(s.event(ctx, e, v)); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Domains) rights(ctx context.Context, give func(search.Document, bool, error) error) error {
	list, err := s.GI.Holders(ctx)
	if err != nil {
		return err
	}
	for _, h := range list {
		if err := give(rightDocument(h), true, nil); err != nil {
			return err
		}
	}
	return nil
}

// Drifts implements Source: the days of each tour, the standing of each right and
// so of the products of its holder.
func (s *Domains) Drifts(ctx context.Context) (map[string]string, error) {
	days, err := s.lately(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for tour, list := range days {
		is := ""
		for _, d := range list {
			is += d.Format(time.DateOnly) + " "
		}
		all["tour:"+tour] = is
	}
	holders, err := s.GI.Holders(ctx)
	if err != nil {
		return nil, err
	}
	for _, h := range holders {
		is := string(h.Status) + " " + strings.Join(h.Products, " ")
		all["right:"+h.Number] = is + " " + h.Name
		all[productsOf+":"+h.Holder] += is + ";"
	}
	return all, nil
}
