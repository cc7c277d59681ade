package catalog

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"nguon/app/fault"
	"nguon/app/gs1"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Edit is what a member of a producer enters of a product. Who may is decided
// elsewhere; By is noted.
type Edit struct {
	By      string
	Product Product
	Seen    time.Time        // Changed of the product that the form showed, zero for a new one
	Stock   map[string]int64 // counted packets by place among the variants ("0"); others are left alone
	Unread  []fault.Field    // fields that hold what could not be read; told with whatever else is wrong
}

// Save stores a draft, or changes what the shop shows. Variants without a GTIN
// get an in-store number. Trade items that were ever published or printed keep
// their number, weight and grind, because packets bear them; they can only end.
// A form for a new product that is sent twice makes one product. Faults: Invalid
// with Fields, before anything is stored; Conflict "catalog.product.stale" when
// somebody else changed it since Seen, "catalog.variant.gtin_taken" for a number
// of another product, which a draft may say until it is published; NotFound for a product of another producer.
func (s *Service) Save(ctx context.Context, e Edit) (Product, error) {
	p, err := s.save(ctx, e)
	if fault.CodeOf(err) == "catalog.product.stale" && e.Seen.IsZero() {
		p, err = s.sentAgain(ctx, e, err)
	}
	if err != nil {
		return Product{}, err
	}
	for i, v := range p.Variants {
		n, counted := e.Stock[strconv.Itoa(i)]
		if !counted {
			continue
		}
		theirs, err := s.othersHold(ctx, p, v.GTIN)
		if err == nil && !theirs { // a draft that says a number of others counts nothing of theirs
			err = s.Count(ctx, e.By, v.GTIN, n)
		}
		if err != nil {
			return p, err
		}
	}
	s.settle(ctx, p.ID)
	return p, nil
}

func (s *Service) save(ctx context.Context, e Edit) (Product, error) {
	p := e.Product
	old, err := s.editable(ctx, p, e.Seen)
	if err != nil {
		return Product{}, err
	}
	now := store.Stamp(s.now())
	p.tidy()
	p.merge(old, now)
	if err := fault.Join(e.unread(), p.validate(lack{gaps: !p.Published, numbers: true}), p.numbersWrong(old), e.stockWrong()); err != nil {
		return Product{}, err
	}
	if err := s.number(ctx, &p); err != nil {
		return Product{}, err
	}
	p.Post(now, e.entry(old, p, now))
	err = s.put(ctx, &p, old, now)
	return p, err
}

// sentAgain answers a form for a new product that has been made meanwhile: it
// is the same form if the product is as it says and nobody changed it since.
func (s *Service) sentAgain(ctx context.Context, e Edit, otherwise error) (Product, error) {
	old, err := s.products.Get(ctx, e.Product.ID)
	if err != nil {
		return Product{}, err
	}
	p := e.Product
	p.tidy()
	if len(e.Unread) > 0 || p.Producer != old.Producer || !old.Changed.Equal(old.Created) || !p.says(old) {
		return Product{}, otherwise
	}
	return old, e.stockWrong()
}

// says reports whether a form says what is stored; a variant without a number
// is the one that was given one.
func (p Product) says(old Product) bool {
	return p.isStill(old) && p.Roast == old.Roast && p.Process == old.Process && p.Summary == old.Summary && p.Story == old.Story &&
		p.Brew == old.Brew && p.Art == old.Art && slices.Equal(p.Notes, old.Notes) &&
		(p.OCOP == nil) == (old.OCOP == nil) && (p.OCOP == nil || p.OCOP.same(*old.OCOP)) &&
		slices.EqualFunc(p.Variants, old.Variants, func(v, o Variant) bool {
			if v.GTIN == "" && gs1.IsRestricted(o.GTIN) {
				v.GTIN = o.GTIN
			}
			return v == o
		})
}

// unread is what could not be read of the form.
func (e Edit) unread() error {
	f := form{fault.NewForm("catalog.product.incomplete")}
	for _, w := range e.Unread {
		f.Wrong(w.Name, w.Code)
	}
	return f.Result()
}

// stockWrong checks the counts of a form: each is of a variant and possible.
func (e Edit) stockWrong() error {
	f := form{fault.NewForm("catalog.product.incomplete")}
	for _, place := range slices.Sorted(maps.Keys(e.Stock)) {
		i, err := strconv.Atoi(place)
		f.need(err == nil && i >= 0 && i < len(e.Product.Variants) && countable(e.Stock[place]), "variants."+place+".stock", "stock.count")
	}
	return f.Result()
}

// editable reads the product that is to be changed; nil for a new one.
func (s *Service) editable(ctx context.Context, p Product, seen time.Time) (*Product, error) {
	old, err := s.products.Get(ctx, p.ID)
	switch {
	case fault.Is(err, fault.NotFound) && seen.IsZero():
		return nil, nil
	case fault.Is(err, fault.NotFound) || err == nil && (old.Producer != p.Producer || old.Dropped):
		return nil, fault.New(fault.NotFound, "catalog.product.not_found")
	case err != nil:
		return nil, err
	case !old.Changed.Equal(store.Stamp(seen)):
		return nil, stale()
	}
	return &old, nil
}

func stale() error { return fault.New(fault.Conflict, "catalog.product.stale") }

// merge keeps what a form does not change, and decides what becomes of a
// claim: one that says something new, or of something new, has to be checked
// again.
func (p *Product) merge(old *Product, now time.Time) {
	p.Created, p.Changed, p.Published, p.First = now, now, false, nil
	if old != nil {
		p.Slug, p.Created, p.Published, p.First, p.Withdrawn = old.Slug, old.Created, old.Published, old.First, old.Withdrawn
		p.Papers, p.Photo, p.Demo, p.Box = old.Papers, old.Photo, old.Demo, old.Box
		p.Changed = next(old.Changed, now)
	}
	if p.Papers == nil {
		p.Papers = []Certificate{}
	}
	if p.OCOP == nil {
		return
	}
	o := *p.OCOP
	o.Checked, o.Claimed = nil, &now
	if old != nil && old.OCOP != nil && old.OCOP.same(o) && (old.OCOP.Checked == nil || p.isStill(*old)) {
		o.Checked, o.Claimed = old.OCOP.Checked, old.OCOP.Claimed
	}
	p.OCOP = &o
}

// isStill reports whether two states of a product are what one deciding paper
// names: stars are given to a product of that name, kind and species.
func (p Product) isStill(old Product) bool {
	return p.Name == old.Name && p.NameEn == old.NameEn && p.Kind == old.Kind && p.Species == old.Species
}

// numbersWrong checks the numbers of variants beyond their form: a number that
// is somebody's own may not be typed, and what packets bear stays.
func (p Product) numbersWrong(old *Product) error {
	f := form{fault.NewForm("catalog.product.incomplete")}
	for i, v := range p.Variants {
		f.need(!gs1.IsRestricted(v.GTIN) || old != nil && old.find(v.GTIN) >= 0, "variants."+strconv.Itoa(i)+".gtin", "variant.restricted")
	}
	if old == nil {
		return f.Result()
	}
	for _, o := range old.Variants {
		i := p.find(o.GTIN)
		if !old.borne(o.GTIN) {
			continue
		}
		if i < 0 {
			f.need(false, "variants", "variant.gone")
			continue
		}
		f.need(p.Variants[i].NetGrams == o.NetGrams && p.Variants[i].Grind == o.Grind, "variants."+strconv.Itoa(i)+".netGrams", "variant.fixed")
	}
	return f.Result()
}

// find is the place of a number among the variants, -1 for none.
func (p Product) find(gtin string) int {
	return slices.IndexFunc(p.Variants, func(v Variant) bool { return v.GTIN == gtin })
}

// number gives in-store numbers to variants that have none.
func (s *Service) number(ctx context.Context, p *Product) error {
	for i, v := range p.Variants {
		if v.GTIN != "" {
			continue
		}
		n, err := s.InStore(ctx)
		if err != nil {
			return err
		}
		p.Variants[i].GTIN = n
	}
	return nil
}

// put writes a product if it is still as old says.
func (s *Service) put(ctx context.Context, p *Product, old *Product, now time.Time) error {
	maker, err := s.producers.Get(ctx, p.Producer)
	if err != nil {
		return unknown(err, "catalog.producer.not_found")
	}
	if old == nil {
		p.Printed = nil
		p.derive(maker, now)
		err = s.insertProduct(ctx, p)
	} else {
		err = s.replace(ctx, p, *old, maker, now)
	}
	if err != nil {
		return err
	}
	return s.recheck(ctx, maker, p.ID)
}

func (s *Service) replace(ctx context.Context, p *Product, old Product, maker Producer, now time.Time) error {
	err := s.products.Update(ctx, p.ID, func(cur *Product) error {
		if !cur.Changed.Equal(old.Changed) {
			return stale()
		}
		box, printed := cur.Box, cur.Printed
		box.Post(now, p.Pending...)
		*cur = *p
		cur.Box, cur.Printed = box, printed
		cur.derive(maker, now)
		*p = *cur
		return nil
	})
	if fault.CodeOf(err) == "store.conflict" {
		return s.clash(ctx, *p, err)
	}
	return err
}

func (e Edit) entry(old *Product, p Product, now time.Time) outbox.Effect {
	o := outbox.Entry{At: now, By: e.By, Action: "product.edit", Object: "product:" + p.ID, Org: p.Producer, After: p.told()}
	if old == nil {
		o.Action = "product.create"
	} else {
		o.Before = old.told()
	}
	return outbox.Effect{ID: o.Action + ":" + p.ID + ":" + store.NewID(now), Entry: &o}
}

// told is what the log says of a product: what buyers pay and rely on, and the
// numbers that it says are its own.
func (p Product) told() []outbox.Value {
	vs := []outbox.Value{{Name: "name", Text: p.Name}}
	for _, v := range p.Variants {
		of := strconv.FormatInt(v.NetGrams, 10) + " g " + v.Grind
		vs = append(vs, outbox.Value{Name: "price " + of, Text: strconv.FormatInt(int64(v.Price), 10)}, outbox.Value{Name: "gtin " + of, Text: v.GTIN})
	}
	if p.OCOP != nil {
		vs = append(vs, outbox.Value{Name: "ocop", Text: p.OCOP.told()})
	}
	return vs
}

// Own lists all products of a producer by name, drafts too: for its people and
// the operator.
func (s *Service) Own(ctx context.Context, producer string) ([]Product, error) {
	found := []Product{}
	err := s.products.All(ctx, store.Query{Index: "own", Eq: []any{producer}}, func(p Product) error {
		if !p.Dropped {
			found = append(found, p)
		}
		return nil
	})
	return found, err
}

// ByID finds a product in whatever state, but none that was discarded: for its
// people and the operator.
func (s *Service) ByID(ctx context.Context, id string) (Product, error) {
	p, err := s.products.Get(ctx, id)
	if err == nil && p.Dropped {
		return Product{}, dropped()
	}
	return p, unknown(err, "catalog.product.not_found")
}

// NameOf is the name of a product in whatever state, one that was discarded too:
// for the log, which still speaks of it.
func (s *Service) NameOf(ctx context.Context, id string) (string, error) {
	p, err := s.products.Get(ctx, id)
	return p.Name, unknown(err, "catalog.product.not_found")
}

// Claims lists products whose recognition waits for a check, the oldest claim
// first, and the cursor of the next page.
func (s *Service) Claims(ctx context.Context, after string) ([]Product, string, error) {
	return s.products.Find(ctx, store.Query{Index: "claims", Limit: usualPage, After: after})
}

// TakenOut lists products that the operator took out of the shop, the latest
// first, and the cursor of the next page.
func (s *Service) TakenOut(ctx context.Context, after string) ([]Product, string, error) {
	return s.products.Find(ctx, store.Query{Index: "out", Eq: []any{true}, Desc: true, Limit: usualPage, After: after})
}

// CountClaims is how many claims wait.
func (s *Service) CountClaims(ctx context.Context) (int64, error) {
	return s.products.Count(ctx, store.Query{Index: "claims"})
}
