package ordertest

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog/order"
)

// SeatsKind is the kind of the stand-in's lines.
const SeatsKind order.Kind = "seats"

// Seats sells seats from memory: a second kind of thing beside goods. A
// reference is the resource, or the resource and more after a slash
// ("tour/child"), so that several lines can need the same. Set the fields before
// it is used.
type Seats struct {
	Seller string
	Price  money.VND

	mu     sync.Mutex
	now    func() time.Time
	left   map[string]int64 // neither folded nor never there
	books  map[string]*hold.Book
	folded map[[2]string]bool // by order and resource; false once it was restored
}

// NewSeats has so many seats of each resource.
func NewSeats(capacity map[string]int64, now func() time.Time) *Seats {
	s := &Seats{Seller: "seats", Price: 150_000, now: now, left: maps.Clone(capacity),
		books: map[string]*hold.Book{}, folded: map[[2]string]bool{}}
	for r := range capacity {
		s.books[r] = &hold.Book{}
	}
	return s
}

// Free is how many seats of a resource nobody has a claim on.
func (s *Seats) Free(resource string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free(resource)
}

func (s *Seats) free(resource string) int64 {
	b, ok := s.books[resource]
	if !ok {
		return 0
	}
	return b.Free(s.left[resource], s.now())
}

// Claims are the orders that hold or settled something of a resource.
func (s *Seats) Claims(resource string) (held, settled []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.books[resource]
	if !ok {
		return nil, nil
	}
	for _, c := range b.Settled {
		settled = append(settled, c.Order)
	}
	return b.Open(s.now()), settled
}

// Quote implements order.Fulfiller.
func (s *Seats) Quote(_ context.Context, ref string) (order.Quote, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	resource, _, _ := strings.Cut(ref, "/")
	if _, ok := s.books[resource]; !ok {
		return order.Quote{}, fault.New(fault.NotFound, "store.not_found")
	}
	return order.Quote{Seller: s.Seller, Title: lang.Text{Vi: "Ghế " + ref, En: "Seat " + ref}, Path: "/tours/" + resource,
		Price: s.Price, Service: true, Free: max(s.free(resource), 0),
		Needs: []order.Need{{Kind: SeatsKind, Resource: resource, Quantity: 1}}}, nil
}

// change does something to a resource's claims; one that is unknown has none.
func (s *Seats) change(n order.Need, fn func(b *hold.Book, left *int64) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.books[n.Resource]
	if !ok {
		b = &hold.Book{}
	}
	left := s.left[n.Resource]
	err := fn(b, &left)
	if ok {
		s.left[n.Resource] = left
	}
	return err
}

// Hold implements order.Fulfiller.
func (s *Seats) Hold(_ context.Context, o string, n order.Need, until time.Time) error {
	return s.change(n, func(b *hold.Book, left *int64) error {
		if _, gone := s.folded[[2]string{o, n.Resource}]; gone {
			return nil
		}
		return b.Hold(*left, o, n.Quantity, until, s.now())
	})
}

// Settle implements order.Fulfiller.
func (s *Seats) Settle(_ context.Context, o string, n order.Need) error {
	return s.change(n, func(b *hold.Book, left *int64) error {
		if _, gone := s.folded[[2]string{o, n.Resource}]; gone {
			return nil
		}
		return b.Settle(*left, o, n.Quantity, s.now())
	})
}

// Release implements order.Fulfiller.
func (s *Seats) Release(_ context.Context, o string, n order.Need) error {
	return s.change(n, func(b *hold.Book, _ *int64) error {
		b.Release(o)
		return nil
	})
}

// Fold implements order.Fulfiller.
func (s *Seats) Fold(_ context.Context, o string, n order.Need) error {
	return s.change(n, func(b *hold.Book, left *int64) error {
		if q := b.Fold(o); q > 0 {
			*left -= q
			s.folded[[2]string{o, n.Resource}] = true
		}
		return nil
	})
}

// Restore implements order.Fulfiller.
func (s *Seats) Restore(_ context.Context, o string, n order.Need) error {
	return s.change(n, func(_ *hold.Book, left *int64) error {
		if key := [2]string{o, n.Resource}; s.folded[key] {
			s.folded[key] = false
			*left += n.Quantity
		}
		return nil
	})
}
