package order

import (
	"context"

	"nguon/app/store"
)

// Desk is one of the piles in which a seller finds parcels. A parcel may lie in
// two: cash on its way is sent and has still to be collected.
type Desk string

// Desks of a seller.
const (
	DeskPack Desk = "pack" // to pack
	DeskWay  Desk = "way"  // packed or sent
	DeskCash Desk = "cash" // sent, and its cash was not collected
	DeskBack Desk = "back" // the shopper wants to return it, or it came back
	DeskDone Desk = "done" // the shopper has it and it is paid
	DeskOff  Desk = "off"  // cancelled, or could not be sent
)

// Desks are all piles in the order of the work.
var Desks = [...]Desk{DeskPack, DeskWay, DeskCash, DeskBack, DeskDone, DeskOff}

// desks says in which piles a parcel lies. Of an order that was never paid, or
// waits for money, sellers see nothing.
func (o Order) desks(p Parcel) (list []Desk) {
	if p.Visit() || o.Settled == nil || o.State != Confirmed && o.State != Cancelled {
		return nil
	}
	unpaid := o.Method == Cash && p.Cash == nil
	asked := p.Asking()
	switch p.State {
	case ToPack:
		return []Desk{DeskPack}
	case Packed:
		return []Desk{DeskWay}
	case Sent:
		list = append(list, DeskWay)
	case Returned:
		return []Desk{DeskBack}
	case Dropped:
		return []Desk{DeskOff}
	case Delivered:
		if !asked && !unpaid {
			list = append(list, DeskDone)
		}
	default:
		return nil
	}
	if unpaid {
		list = append(list, DeskCash)
	}
	if asked {
		list = append(list, DeskBack)
	}
	return list
}

// OnDesk reports whether sellers of an order see it at their desks.
func (o Order) OnDesk() bool { return len(o.Desk) > 0 }

// desk lists where the parcels of an order lie, for the index.
func (o Order) desk() []string {
	list := []string{}
	for _, p := range o.Parcels {
		for _, d := range o.desks(p) {
			list = append(list, deskKey(p.Seller, d))
		}
	}
	return list
}

func deskKey(seller string, d Desk) string { return seller + ":" + string(d) }

// oldestFirst are the piles that are worked off from the bottom.
func (d Desk) oldestFirst() bool { return d == DeskPack || d == DeskCash }

// DeskList lists orders with a parcel in a pile of a seller: what is to be packed
// or collected the oldest first, all others the latest first.
func (s *Service) DeskList(ctx context.Context, seller string, d Desk, after string) ([]Order, string, error) {
	return s.orders.Find(ctx, store.Query{Index: "desk", Eq: []any{deskKey(seller, d)}, Desc: !d.oldestFirst(), Limit: 50, After: after})
}

// DeskAll calls fn for each order of a pile, until it fails.
func (s *Service) DeskAll(ctx context.Context, seller string, d Desk, fn func(Order) error) error {
	return s.orders.All(ctx, store.Query{Index: "desk", Eq: []any{deskKey(seller, d)}, Desc: !d.oldestFirst()}, fn)
}

// DeskCount is how many parcels lie in a pile of a seller.
func (s *Service) DeskCount(ctx context.Context, seller string, d Desk) (int64, error) {
	return s.orders.Count(ctx, store.Query{Index: "desk", Eq: []any{deskKey(seller, d)}})
}

// Statement lists what a seller's parcel brings: as the ledger has it once it is
// earned, before that as it will be. Cash that the seller collects is in it only
// once it was collected.
func (o Order) Statement(seller string) (list []Entry, earned bool) {
	i := o.Parcel(seller)
	if i < 0 {
		return nil, false
	}
	all := o.Ledger()
	if earned = o.Parcels[i].earned(o) != nil; !earned {
		all = o.sold(o.Parcels[i], "sold", o.Placed, 1, false)
	}
	for _, e := range all {
		if e.Account == seller {
			list = append(list, e)
		}
	}
	return list, earned
}
