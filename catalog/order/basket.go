package order

import (
	"cmp"
	"context"
	"slices"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

// Basket is a cart as it would be bought now: each line with its quote, one
// parcel for each seller, and what stands in the way.
type Basket struct {
	Cart     Cart
	Items    []Item
	Parcels  []Offer
	Coupons  []Applied
	Refused  []RefusedCode // coupons that do not count, and why
	Total    money.VND
	Now      money.VND // what of Total is paid before anybody comes
	Demo     bool
	Problems bool // something must be changed before it can be bought
}

// Item is a line of a basket.
type Item struct {
	Line
	Image  string
	Free   int64
	Seen   money.VND // price when it was put in, where that was another
	Gone   bool      // is not sold any more
	Short  bool      // more than there is
	Closed bool      // its seller may not sell now
	rest   money.VND // of the price, what is paid later
}

// Offer is a parcel of a basket, with the ways in which it can come.
type Offer struct {
	Parcel
	Ship     bool // to where it is to go
	ShipFee  money.VND
	NoShip   error  // why not, where the province is known
	PickupAt string // "" where it cannot be picked up
	Stand    *Stand // nil where it cannot be fetched at one
	Cash     bool
	Grams    int64
}

// RefusedCode is a coupon that does not count.
type RefusedCode struct {
	Code string
	Err  *fault.Error
}

// Wish is what a shopper has chosen for a basket so far.
type Wish struct {
	Province string         // code, "" for not yet
	Ways     map[string]Way // by seller; the usual one where there is none
	Phone    string         // key, for coupons that somebody holds
}

// Basket prices a cart. Nothing is held.
func (s *Service) Basket(ctx context.Context, c Cart, w Wish) (Basket, error) {
	b := Basket{Cart: c}
	sellers := map[string]Seller{}
	for _, l := range c.Lines {
		it, err := s.item(ctx, l, sellers)
		if err != nil {
			return b, err
		}
		b.Problems = b.Problems || it.Gone || it.Short || it.Closed
		b.Demo = b.Demo || sellers[it.Seller].Demo
		b.Items = append(b.Items, it)
	}
	b.offers(sellers, w)
	if err := s.applyCodes(ctx, &b, w); err != nil {
		return b, err
	}
	b.shares()
	for _, p := range b.Parcels {
		b.Total += p.Total()
	}
	return b, nil
}

func (s *Service) item(ctx context.Context, l CartLine, sellers map[string]Seller) (Item, error) {
	it := Item{Line: Line{Kind: l.Kind, Ref: l.Ref, Quantity: l.Quantity, Price: l.Seen}}
	q, err := s.quote(ctx, l.Kind, l.Ref)
	if fault.Is(err, fault.NotFound) {
		it.Gone = true
		return it, nil
	}
	if err != nil {
		return it, err
	}
	it.Line = Line{Kind: l.Kind, Ref: l.Ref, Seller: q.Seller, Title: q.Title, Detail: q.Detail, Path: q.Path, Quantity: l.Quantity,
		Price: q.Price, Grams: q.Grams, Service: q.Service, Needs: q.Needs, Apart: q.Apart}
	if q.Apart {
		it.Quantity, it.rest = 1, q.Price-q.Now
	}
	it.Image, it.Free, it.Short = q.Image, q.Free, q.Free < it.Quantity
	if l.Seen != q.Price {
		it.Seen = l.Seen
	}
	m, ok := sellers[q.Seller]
	if !ok {
		if m, err = s.Sellers.Seller(ctx, q.Seller); err != nil && !fault.Is(err, fault.NotFound) {
			return it, err
		}
		sellers[q.Seller] = m
	}
	it.Closed = !m.MaySell
	return it, nil
}

// offers makes one parcel for each seller of what can be bought, and one for each
// visit.
func (b *Basket) offers(sellers map[string]Seller, w Wish) {
	for _, it := range b.Items {
		if it.Gone {
			continue
		}
		i := slices.IndexFunc(b.Parcels, func(p Offer) bool { return p.ID() == it.Parcel() })
		if i < 0 {
			m := sellers[it.Seller]
			b.Parcels = append(b.Parcels, Offer{Parcel: Parcel{Seller: it.Seller, SellerName: m.Name, SellerEn: m.NameEn, SellerTel: m.Phone, SellerPath: m.Path, State: Waiting, Commission: m.Commission, Household: m.Household}, Cash: m.Rates.Cash})
			i = len(b.Parcels) - 1
			if it.Apart {
				b.Parcels[i].Key = it.Parcel()
			} else {
				b.Parcels[i].Stand = m.Stand
				if m.Rates.Pickup {
					b.Parcels[i].PickupAt = cmp.Or(m.PickupAt, m.Name)
				}
			}
		}
		p := &b.Parcels[i]
		p.Goods += it.Sum()
		p.Rest += it.rest
		p.Grams += it.Grams * it.Quantity
		if it.Service {
			p.Services += it.Sum()
		}
	}
	for i := range b.Parcels {
		b.Parcels[i].way(sellers[b.Parcels[i].Seller].Rates, w)
	}
}

// way settles how a parcel comes, and what that costs.
func (p *Offer) way(r Rates, w Wish) {
	if p.Grams == 0 {
		p.Way = OnSite
		return
	}
	if w.Province != "" {
		p.ShipFee, p.NoShip = r.Fee(w.Province, p.Grams, p.Goods)
		p.Ship = p.NoShip == nil
	}
	none := w.Ways[p.Seller] == "" && !p.Ship && w.Province != "" // it has to be fetched
	switch want := w.Ways[p.Seller]; {
	case p.PickupAt != "" && (want == Pickup || none):
		p.Way, p.Parcel.PickupAt = Pickup, p.PickupAt
	case p.Stand != nil && (want == AtStand || none):
		p.Way, p.Parcel.Stand = AtStand, p.Stand
	default:
		p.Way = Ship
		if p.Ship {
			p.Fee = p.ShipFee
		}
	}
}

// applyCodes takes coupons off, in the order in which they were put in.
func (s *Service) applyCodes(ctx context.Context, b *Basket, w Wish) error {
	parcels := make([]Parcel, len(b.Parcels))
	for i, p := range b.Parcels {
		parcels[i] = p.Parcel
	}
	now := s.Now()
	for _, code := range b.Cart.Codes {
		k, err := s.coupons.Get(ctx, code)
		if fault.Is(err, fault.NotFound) {
			err = fault.New(fault.Invalid, "order.coupon.unknown")
		} else if err != nil {
			return err
		} else {
			phone := w.Phone
			if phone == "" {
				phone = k.Holder // it is asked for at the checkout
			}
			err = k.usable(phone, now)
		}
		var off money.VND
		if err == nil {
			off, err = k.apply(parcels, now)
		}
		if err != nil {
			b.Refused = append(b.Refused, RefusedCode{code, fault.As(err)})
			continue
		}
		if off == 0 { // nothing is left for it to take off
			continue
		}
		b.Coupons = append(b.Coupons, Applied{Code: code, Seller: k.Seller, Bears: k.Bears, Off: off, Claim: k.claim(off)})
	}
	for i := range b.Parcels {
		b.Parcels[i].Parcel = parcels[i]
	}
	return nil
}

// shares settles what of each visit is paid now, once coupons are off: the same
// part of what is left as of the price, at most what is left.
func (b *Basket) shares() {
	for i := range b.Parcels {
		p := &b.Parcels[i]
		if p.Rest > 0 && p.Goods > 0 {
			p.Rest = p.Total() * p.Rest / p.Goods
		}
		if p.Visit() {
			p.Cash = p.Total() == 0 // nothing is brought to whom it could be paid
		}
		b.Now += p.Total() - p.Rest
	}
}

// needs sums what lines need, for each resource, in the order of resources: all
// who hold several take them in the same order.
func needs(lines []Line) []Need {
	sum := map[Need]int64{}
	for _, l := range lines {
		for _, n := range l.Needs {
			sum[Need{Kind: n.Kind, Resource: n.Resource}] += n.Quantity * l.Quantity
		}
	}
	list := make([]Need, 0, len(sum))
	for n, q := range sum {
		n.Quantity = q
		list = append(list, n)
	}
	slices.SortFunc(list, func(a, b Need) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Resource, b.Resource)) })
	return list
}

// needsOf are what the lines of one parcel need.
func (o Order) needsOf(parcel string) []Need {
	return needs(slices.DeleteFunc(slices.Clone(o.Lines), func(l Line) bool { return l.Parcel() != parcel }))
}

// moved reports whether something is other than the cart has it: a price, what is
// left, a coupon.
func (b Basket) moved() bool {
	return b.Problems || len(b.Refused) > 0 || slices.ContainsFunc(b.Items, func(i Item) bool { return i.Seen != 0 })
}

// named is an error about one thing of a basket with the thing's name.
func (b Basket) named(err error, l lang.Lang) error {
	if fault.CodeOf(err) != "order.capped.share" {
		return err
	}
	e := fault.As(err)
	for _, it := range b.Items {
		if it.Ref == e.Args["Ref"] {
			return e.With("Title", it.Title.In(l))
		}
	}
	return e
}
