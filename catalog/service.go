package catalog

import (
	"context"
	"errors"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Service keeps producers and products in the store.
type Service struct {
	producers *store.Collection[Producer]
	products  *store.Collection[Product]
	stocks    *store.Collection[Stock]
	numbers   *store.Collection[numberDoc]
	now       func() time.Time
	out       *outbox.Outbox[Product]
	faces     *outbox.Outbox[Producer]
	stockOut  *outbox.Outbox[Stock]
	inLot     InLot
}

// InLot reports whether a lot of a producer packs a number.
type InLot func(ctx context.Context, producer, gtin string) (bool, error)

// InLots says how to find that out. Call it while the program is put together;
// without it no draft can be discarded.
func (s *Service) InLots(inLot InLot) { s.inLot = inLot }

// Perform says who does the work that follows from changes of products. Call
// it while the program is put together; without it such work waits.
func (s *Service) Perform(by outbox.Performer) {
	s.out = outbox.New(s.products, by, func(p *Product) (string, *outbox.Box) { return p.ID, &p.Box })
	s.faces = outbox.New(s.producers, by, func(p *Producer) (string, *outbox.Box) { return p.ID, &p.Box })
	s.stockOut = outbox.New(s.stocks, by, func(st *Stock) (string, *outbox.Box) { return st.GTIN, &st.Box })
}

func (s *Service) settleStock(ctx context.Context, gtin string) {
	if s.stockOut != nil {
		_ = s.stockOut.Settle(ctx, gtin)
	}
}

func (s *Service) settle(ctx context.Context, id string) {
	if s.out != nil {
		_ = s.out.Settle(ctx, id) // what fails waits for Sweep
	}
}

func (s *Service) settleProducer(ctx context.Context, id string) {
	if s.faces != nil {
		_ = s.faces.Settle(ctx, id)
	}
}

// Sweep does work that a crash left undone: what was posted before a moment.
// What fails of products does not hold up producers.
func (s *Service) Sweep(ctx context.Context, before time.Time) (int, error) {
	if s.out == nil {
		return 0, nil
	}
	n, err := s.out.Sweep(ctx, before)
	m, faces := s.faces.Sweep(ctx, before)
	k, stocks := s.stockOut.Sweep(ctx, before)
	return n + m + k, errors.Join(err, faces, stocks)
}

// New declares the catalogue's collections in db.
func New(ctx context.Context, db store.DB, now func() time.Time) (*Service, error) {
	producers, err := store.Open[Producer](ctx, db, store.Spec{
		Name:    "producers",
		Version: 3,
		Upgrade: upgradeProducer,
		Indexes: []store.Index{
			{Name: "slug", Parts: []store.Part{{Path: "slug"}}, Unique: true},
			{Name: "listed", Parts: []store.Part{{Path: "published", Kind: store.Bool}, {Path: "sortName"}}},
			{Name: "stale", Parts: []store.Part{{Path: "stale", Kind: store.Bool}}},
			outbox.Index,
		},
	})
	if err != nil {
		return nil, err
	}
	byFacet := func(name, order string, kind store.Kind) store.Index {
		return store.Index{Name: name, Parts: []store.Part{{Path: "facets", Each: true}, {Path: order, Kind: kind}}}
	}
	products, err := store.Open[Product](ctx, db, store.Spec{
		Name:    "products",
		Version: 5, // in which drafts hold numbers only when labels bear them
		Upgrade: upgradeProduct,
		Indexes: []store.Index{
			{Name: "slug", Parts: []store.Part{{Path: "slug"}}, Unique: true},
			{Name: "gtin", Parts: []store.Part{{Path: "numbers", Each: true}}, Unique: true},
			{Name: "producer", Parts: []store.Part{{Path: "producer"}, {Path: "listed", Kind: store.Bool}, {Path: "sortName"}}},
			{Name: "own", Parts: []store.Part{{Path: "producer"}, {Path: "sortName"}}},
			{Name: "claims", Parts: []store.Part{{Path: "ocop.claimed", Kind: store.Time}}, Sparse: true},
			{Name: "out", Parts: []store.Part{{Path: "withdrawn.market", Kind: store.Bool}, {Path: "withdrawn.at", Kind: store.Time}}, Sparse: true},
			outbox.Index,
			{Name: "refresh", Parts: []store.Part{{Path: "refreshAt", Kind: store.Time}}, Sparse: true},
			byFacet("by_name", "sortName", store.Text),
			byFacet("by_price", "minPrice", store.Int),
		},
	})
	if err != nil {
		return nil, err
	}
	// An older program would drop the claims that version 2 brought and the work that
	// version 3 carries; a stock without any needs no upgrade.
	stocks, err := store.Open[Stock](ctx, db, store.Spec{Name: "stocks", Version: 3, Indexes: []store.Index{outbox.Index}})
	if err != nil {
		return nil, err
	}
	numbers, err := store.Open[numberDoc](ctx, db, store.Spec{Name: "catalog_numbers", Version: 1})
	if err != nil {
		return nil, err
	}
	return &Service{producers: producers, products: products, stocks: stocks, numbers: numbers, now: now}, nil
}

// Refresh brings the lists up to date: products whose stars began or ended
// since they were written, and products of producers whose change was
// interrupted. A worker calls it now and then; until it does, expired stars are neither
// shown nor found, but Page.Total may still count them. It returns how
// many products it looked at, and may be repeated.
func (s *Service) Refresh(ctx context.Context) (int, error) {
	n := 0
	due := store.Query{Index: "refresh", To: s.now().Add(time.Millisecond)}
	err := s.products.All(ctx, due, func(p Product) error {
		n++
		return s.rederive(ctx, p.ID)
	})
	if err != nil {
		return n, err
	}
	err = s.producers.All(ctx, store.Query{Index: "stale", Eq: []any{true}}, func(p Producer) error {
		m, err := s.spread(ctx, p)
		n += m
		return err
	})
	return n, err
}

// rederive writes a product's derived fields anew; a draft lets go of numbers
// that no lot bears.
func (s *Service) rederive(ctx context.Context, id string) error {
	p, err := s.products.Get(ctx, id)
	if err != nil {
		return err
	}
	maker, err := s.producers.Get(ctx, p.Producer)
	if err != nil {
		return err
	}
	printed, err := s.printed(ctx, p)
	if err != nil {
		return err
	}
	err = s.rewrite(ctx, id, maker, s.now(), func(now *Product) (bool, error) {
		if now.Changed.Equal(p.Changed) { // else labels may have been printed meanwhile
			now.Printed = printed
		}
		return true, nil
	})
	if err != nil {
		return err
	}
	return s.recheck(ctx, maker, id)
}

// recheck derives a product anew when its producer changed while the product
// was written, since that change may not have seen it.
func (s *Service) recheck(ctx context.Context, maker Producer, id string) error {
	now, err := s.producers.Get(ctx, maker.ID)
	if err != nil || now.Published == maker.Published && now.Commune == maker.Commune {
		return err
	}
	return s.rederive(ctx, id)
}

// spread carries a producer's change to its products, then notes that it is
// done, unless the producer changed again meanwhile.
func (s *Service) spread(ctx context.Context, maker Producer) (int, error) {
	n := 0
	for _, listed := range [...]bool{true, false} {
		q := store.Query{Index: "producer", Eq: []any{maker.ID, listed}}
		err := s.products.All(ctx, q, func(p Product) error {
			n++
			return s.rederive(ctx, p.ID)
		})
		if err != nil {
			return n, err
		}
	}
	return n, s.producers.Update(ctx, maker.ID, func(p *Producer) error {
		if p.Commune == maker.Commune && p.Published == maker.Published {
			p.Stale = false
		}
		return nil
	})
}

// unknown turns the store's "not found" into one with a code of the catalogue.
func unknown(err error, code string) error {
	if fault.CodeOf(err) == "store.not_found" {
		return fault.Wrap(fault.NotFound, code, err)
	}
	return err
}
