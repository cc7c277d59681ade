package views

import (
	"strconv"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

// moves are what can be done with a parcel now, the usual one first.
func (x DeskParcel) moves(o DeskOrder) []order.Move {
	if o.State != order.Confirmed {
		return nil
	}
	owing := o.Method == order.Cash && x.Cash == nil
	switch {
	case x.Asking() && owing:
		return []order.Move{order.Return, order.Decline, order.Collect}
	case x.Asking():
		return []order.Move{order.Return, order.Decline}
	case x.State == order.ToPack:
		return []order.Move{order.Pack, order.Send, order.Drop}
	case x.State == order.Packed:
		return []order.Move{order.Send, order.Drop}
	case x.State == order.Sent && owing:
		return []order.Move{order.Collect, order.Deliver, order.Return}
	case x.State == order.Sent:
		return []order.Move{order.Deliver, order.Return}
	case x.State == order.Delivered && owing:
		return []order.Move{order.Collect, order.Return}
	case x.State == order.Delivered:
		return []order.Move{order.Return}
	}
	return nil
}

// moveWords are what the button of a move says.
func (x DeskParcel) moveWords(b Base, m order.Move) string {
	if x.Way != order.Ship && (m == order.Send || m == order.Deliver) {
		return b.T("orderdesk.move." + string(m) + ".pickup")
	}
	return b.T("orderdesk.move." + string(m))
}

// plain reports whether a move asks for nothing.
func plainMove(m order.Move) bool {
	return m == order.Pack || m == order.Deliver || m == order.Collect
}

// noteOf names the note of a move: two may stand on one page.
func noteOf(m order.Move) string {
	if m == order.Decline {
		return "declined"
	}
	return "note"
}

// tried reports whether a form of this parcel was sent and came back.
func (p DeskOrderPage) tried(n int, m order.Move) bool {
	return p.Form.Err != nil && len(p.Form.Err.Fields) > 0 && p.Form.Get("n") == strconv.Itoa(n) && p.Form.Get("move") == string(m)
}

func collectors(b Base) []choice {
	return words(b, "orderdesk.collector.", order.BySeller, order.ByCourier)
}

func restocks(b Base) []choice {
	return []choice{{"yes", b.T("orderdesk.restock.yes")}, {"no", b.T("orderdesk.restock.no")}}
}

// say is what a seller can send to a shopper by SMS or Zalo at this stage, in
// the shopper's language; "" where there is nothing to say.
func (x DeskParcel) say(o DeskOrder) string {
	l := o.Lang
	address := x.Org.Address
	if x.Way == order.AtStand && !x.Stand.Gone {
		address = x.Place(l)
	}
	args := []any{"Code", o.Code, "Seller", sellerName(l, x), "Address", address, "Carrier", x.Carrier, "Tracking", x.Tracking, "Why", x.Why}
	key := "orderdesk.say." + string(x.State)
	switch {
	case x.Declined != nil && x.State != order.Returned:
		key = "orderdesk.say.declined"
	case x.State == order.Sent && x.Way != order.Ship:
		key = "orderdesk.say.ready"
	case x.State == order.Sent && x.Carrier+x.Tracking == "":
		key = "orderdesk.say.sent.plain"
	case x.State == order.Dropped && x.Why == "":
		key = "orderdesk.say.dropped.plain"
	}
	if !l.Has(key) {
		return ""
	}
	s := l.T(key, args...)
	if sum := x.ToCollect(o); sum > 0 && x.State != order.Delivered {
		s += " " + l.T("orderdesk.say.cash", "Sum", sum.String())
	}
	if x.Org.Phone != "" {
		s += " " + l.T("orderdesk.say.call", "Phone", x.Org.Phone)
	}
	return s
}

func sellerName(l lang.Lang, x DeskParcel) string {
	if l == lang.En && x.Org.NameEn != "" {
		return x.Org.NameEn
	}
	return x.Org.Name
}

// sum is one line of money: what it is, and how much.
type sum struct {
	Words  string
	Amount money.VND
	Total  bool
}

// price lists what the shopper pays for a parcel.
func (x DeskParcel) price(b Base) (list []sum) {
	add := func(words string, amount money.VND) {
		if amount != 0 {
			list = append(list, sum{words, amount, false})
		}
	}
	add(b.T("orderdesk.money.goods"), x.Goods)
	add(b.T("orderdesk.money.fee"), x.Fee)
	add(b.T("orderdesk.money.off_seller"), -x.OffSeller)
	add(b.T("orderdesk.money.off_market"), -x.OffMarket)
	return append(list, sum{b.T("orderdesk.money.total"), x.Total(), true})
}

// entryKinds in the order in which they are shown.
var entryKinds = [...]order.EntryKind{order.Sale, order.Delivery, order.CouponCost, order.Fees, order.Tax, order.CashKept}

// share lists what a parcel brings the seller, by kind.
func (x DeskParcel) share(b Base) (list []sum, net money.VND) {
	by := map[order.EntryKind]money.VND{}
	for _, e := range x.Entries {
		by[e.Kind] += e.Amount
		net += e.Amount
	}
	for _, k := range entryKinds {
		if by[k] == 0 {
			continue
		}
		words := b.T("orderdesk.share." + string(k))
		if k == order.Fees {
			words = b.T("orderdesk.share.commission", "Rate", b.Lang.Num(float64(x.Commission)/100, 2))
		}
		list = append(list, sum{words, by[k], false})
	}
	key := "orderdesk.share.net"
	switch {
	case net < 0:
		key = "orderdesk.share.owes"
	case !x.Earned:
		key = "orderdesk.share.later"
	}
	return append(list, sum{b.T(key), max(net, -net), true}), net
}
