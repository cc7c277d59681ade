// Package hold keeps account of who has a claim on something scarce: packets of
// a trade item, seats, a guide's day, uses of a coupon. A Book is part of one
// small document, so that every claim is one atomic write; it does no I/O.
package hold

import (
	"slices"
	"time"

	"nguon/app/fault"
)

// Most is how many claims a book bears, so that its document stays small and
// fast to write.
const Most = 1000

// Book lists the claims on one resource. Capacity is kept beside it and given
// to each method, as is the time.
type Book struct {
	Holds   []Claim `bson:"holds"`   // run out at Until
	Settled []Claim `bson:"settled"` // stay until they are folded or released
}

// Claim is what one order has of the resource.
type Claim struct {
	Order    string    `bson:"order"`
	Quantity int64     `bson:"quantity"`
	Until    time.Time `bson:"until"` // zero for a settled claim
}

// Free is how much nobody has a claim on; it is negative when the capacity was
// lowered below what is claimed.
func (b Book) Free(capacity int64, now time.Time) int64 {
	for _, c := range b.Holds {
		if now.Before(c.Until) {
			capacity -= c.Quantity
		}
	}
	for _, c := range b.Settled {
		capacity -= c.Quantity
	}
	return capacity
}

// Hold claims a quantity for an order until a moment. Holding again replaces the
// order's own claim; what is settled is not held again. Too little is
// fault.Conflict "hold.sold_out" with Args "Free", a book that is full is
// fault.Unavailable "hold.busy".
func (b *Book) Hold(capacity int64, order string, quantity int64, until, now time.Time) error {
	b.prune(now)
	if index(b.Settled, order) >= 0 {
		return nil
	}
	i, mine := index(b.Holds, order), int64(0)
	if i >= 0 {
		mine = b.Holds[i].Quantity
	}
	if free := b.Free(capacity, now) + mine; quantity < 1 || free < quantity {
		return soldOut(free)
	}
	if i >= 0 {
		b.Holds[i].Quantity, b.Holds[i].Until = quantity, until
		return nil
	}
	if b.full() {
		return fault.New(fault.Unavailable, "hold.busy")
	}
	b.Holds = append(b.Holds, Claim{order, quantity, until})
	return nil
}

// Settle makes a claim last. An order whose hold ran out gets what is still
// free, or fault.Conflict "hold.sold_out". Settling again changes nothing.
func (b *Book) Settle(capacity int64, order string, quantity int64, now time.Time) error {
	b.prune(now)
	if index(b.Settled, order) >= 0 {
		return nil
	}
	i := index(b.Holds, order)
	if i < 0 || b.Holds[i].Quantity != quantity {
		if err := b.Hold(capacity, order, quantity, now, now); err != nil {
			return err
		}
		i = index(b.Holds, order)
	}
	b.Holds = slices.Delete(b.Holds, i, i+1)
	b.Settled = append(b.Settled, Claim{Order: order, Quantity: quantity})
	return nil
}

// Release gives up an order's claim, held or settled, and returns how much was
// settled. Releasing what is not there changes nothing.
func (b *Book) Release(order string) (settled int64) {
	b.Holds = slices.DeleteFunc(b.Holds, func(c Claim) bool { return c.Order == order })
	return b.Fold(order)
}

// Fold takes a settled claim out of the book, for whoever counts it elsewhere in
// the same write, and returns how much it was; 0 when it is not there.
func (b *Book) Fold(order string) int64 {
	i := index(b.Settled, order)
	if i < 0 {
		return 0
	}
	n := b.Settled[i].Quantity
	b.Settled = slices.Delete(b.Settled, i, i+1)
	return n
}

// Open are the orders that hold something now.
func (b Book) Open(now time.Time) (orders []string) {
	for _, c := range b.Holds {
		if now.Before(c.Until) {
			orders = append(orders, c.Order)
		}
	}
	return orders
}

func (b *Book) full() bool { return len(b.Holds)+len(b.Settled) >= Most }

func (b *Book) prune(now time.Time) {
	b.Holds = slices.DeleteFunc(b.Holds, func(c Claim) bool { return !now.Before(c.Until) })
}

func index(claims []Claim, order string) int {
	return slices.IndexFunc(claims, func(c Claim) bool { return c.Order == order })
}

func soldOut(free int64) error {
	return fault.New(fault.Conflict, "hold.sold_out").With("Free", max(free, 0))
}
