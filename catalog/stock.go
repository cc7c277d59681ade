package catalog

import (
	"context"
	"slices"
	"time"

	"nguon/app/fault"
	"nguon/app/hold"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Stock is how many packets of a trade item there are and who has a claim on
// them. It stands apart from the product's description, because it changes with
// every sale.
type Stock struct {
	GTIN      string   `bson:"_id"`
	OnHand    int64    `bson:"onHand"` // on the shelf, claimed or not; below zero when more left than were counted
	Moves     []Move   `bson:"moves"`  // the latest of them, oldest first
	Past      []string `bson:"past"`   // keys of earlier moves that must not be made again
	hold.Book `bson:",inline"`

	Offered    bool `bson:"offered,omitempty"` // some of it was free at the last write
	outbox.Box `bson:",inline"`
}

// turn lets the search index follow when the last packet goes or the first comes.
func (st *Stock) turn(was bool, now time.Time) {
	if free := st.Free(now) > 0; free != st.Offered || free != was {
		st.Offered = free
		st.Post(now, outbox.Reindex("stock:"+st.GTIN, now))
	}
}

// Free is how many packets nobody has a claim on; below zero when more are
// claimed than are there.
func (st Stock) Free(now time.Time) int64 { return st.Book.Free(st.OnHand, now) }

// Reason says why a stock changed.
type Reason string

// Reasons of a change of stock.
const (
	Received Reason = "received"
	Counted  Reason = "counted"
	Sold     Reason = "sold" // left the house
	Damaged  Reason = "damaged"
	Returned Reason = "returned"
)

// Move is one change of a stock.
type Move struct {
	Key      string    `bson:"key"` // of its cause; repeating it changes nothing
	Reason   Reason    `bson:"reason"`
	Quantity int64     `bson:"quantity"` // added, or taken when negative
	By       string    `bson:"by"`       // a person; empty for an order, which Key names
	At       time.Time `bson:"at"`
}

// A stock is read and written whole with every claim, so it remembers little.
const (
	maxStock = 1_000_000
	maxMoves = 100
	maxPast  = 100
	maxKey   = 100
)

// countable reports whether there can be so many packets.
func countable(n int64) bool { return n >= 0 && n <= maxStock }

// move changes what is on the shelf. The oldest moves are forgotten; of those
// that only their key keeps from being made again, the key is remembered longer.
func (st *Stock) move(m Move) {
	st.OnHand += m.Quantity
	st.Moves = append(st.Moves, m)
	for len(st.Moves) > maxMoves {
		if old := st.Moves[0]; old.Reason != Sold && old.Reason != Counted {
			st.Past = append(st.Past, old.Key)
		}
		st.Moves = slices.Delete(st.Moves, 0, 1)
	}
	if over := len(st.Past) - maxPast; over > 0 {
		st.Past = slices.Delete(st.Past, 0, over)
	}
}

// made reports whether the move with a key was made, as far as the stock
// remembers.
func (st *Stock) made(key string) bool {
	return slices.Contains(st.Past, key) ||
		slices.ContainsFunc(st.Moves, func(m Move) bool { return m.Key == key })
}

// shelve changes a stock in one write. One that nobody counted begins empty.
func (s *Service) shelve(ctx context.Context, gtin string, fn func(*Stock) error) error {
	now, turned := store.Stamp(s.now()), false
	err := s.stocks.Upsert(ctx, gtin, Stock{GTIN: gtin}, func(st *Stock) error {
		was := st.Free(now) > 0
		if err := fn(st); err != nil {
			return err
		}
		st.turn(was, now)
		turned = len(st.Pending) > 0
		return nil
	})
	if err == nil && turned {
		s.settleStock(ctx, gtin)
	}
	return err
}

// Count notes how many packets somebody counted on the shelf; claims stay as
// they are. The first count is a receipt. The same number again changes nothing.
func (s *Service) Count(ctx context.Context, by, gtin string, n int64) error {
	if !countable(n) {
		return fault.New(fault.Invalid, "catalog.stock.count")
	}
	now := store.Stamp(s.now())
	key := store.NewID(now)
	return s.shelve(ctx, gtin, func(st *Stock) error {
		m := Move{Key: key, Reason: Counted, Quantity: n - st.OnHand, By: by, At: now}
		if len(st.Moves) == 0 {
			m.Reason = Received
		}
		if m.Quantity != 0 {
			st.move(m)
		}
		return nil
	})
}

// Adjust notes packets that were received, or that are damaged and leave the
// shelf; n is above zero. The same reason and key again change nothing, as long as
// the stock remembers them. Faults: Invalid "catalog.stock.reason",
// "catalog.stock.count", and "catalog.stock.damaged" with Args "OnHand".
func (s *Service) Adjust(ctx context.Context, by, gtin string, reason Reason, n int64, key string) error {
	if reason != Received && reason != Damaged || key == "" || len(key) > maxKey {
		return fault.New(fault.Invalid, "catalog.stock.reason")
	}
	if n < 1 || n > maxStock {
		return fault.New(fault.Invalid, "catalog.stock.count")
	}
	m := Move{Key: string(reason) + ":" + key, Reason: reason, Quantity: n, By: by, At: store.Stamp(s.now())}
	if reason == Damaged {
		m.Quantity = -n
	}
	return s.shelve(ctx, gtin, func(st *Stock) error {
		switch {
		case st.made(m.Key):
			return nil
		case reason == Damaged && st.OnHand < n:
			return fault.New(fault.Invalid, "catalog.stock.damaged").With("OnHand", max(st.OnHand, 0))
		case st.OnHand+m.Quantity > maxStock:
			return fault.New(fault.Invalid, "catalog.stock.count")
		}
		st.move(m)
		return nil
	})
}

// Stock finds the stock of a trade item; one that nobody ever counted is empty.
func (s *Service) Stock(ctx context.Context, gtin string) (Stock, error) {
	st, err := s.stocks.Get(ctx, gtin)
	if fault.CodeOf(err) == "store.not_found" {
		return Stock{GTIN: gtin}, nil
	}
	return st, err
}

// OnHand is how many packets of each trade item of a product stand on the
// shelf; one that nobody ever counted is missing, as is one that a draft says but
// another product holds.
func (s *Service) OnHand(ctx context.Context, p Product) (map[string]int64, error) {
	own := []string{}
	for _, gtin := range numbersOf(p) {
		theirs, err := s.othersHold(ctx, p, gtin)
		if err != nil {
			return nil, err
		}
		if !theirs {
			own = append(own, gtin)
		}
	}
	return s.stocksOf(ctx, own, func(st Stock) int64 { return st.OnHand })
}

// Held are the stocks of the numbers that a product holds, in the order of its
// variants.
func (s *Service) Held(ctx context.Context, p Product) ([]Stock, error) {
	list := []Stock{}
	for _, gtin := range numbersOf(p) {
		if !slices.Contains(p.Numbers, gtin) {
			continue
		}
		st, err := s.Stock(ctx, gtin)
		if err != nil {
			return nil, err
		}
		list = append(list, st)
	}
	return list, nil
}

// Available is how many packets of each trade item can be had now; one that
// nobody ever counted is missing, and can not be had.
func (s *Service) Available(ctx context.Context, gtins []string) (map[string]int64, error) {
	now := s.now()
	return s.stocksOf(ctx, gtins, func(st Stock) int64 { return st.Free(now) })
}

// stocksOf reads a number of each stock that was ever counted; below zero it
// says that there is nothing.
func (s *Service) stocksOf(ctx context.Context, gtins []string, number func(Stock) int64) (map[string]int64, error) {
	found := make(map[string]int64, len(gtins))
	for _, gtin := range gtins {
		st, err := s.stocks.Get(ctx, gtin)
		if fault.CodeOf(err) == "store.not_found" {
			continue
		}
		if err != nil {
			return nil, err
		}
		found[gtin] = max(number(st), 0)
	}
	return found, nil
}

func numbersOf(p Product) []string {
	list := make([]string, len(p.Variants))
	for i, v := range p.Variants {
		list[i] = v.GTIN
	}
	return list
}
