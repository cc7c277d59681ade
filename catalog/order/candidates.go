package order

import (
	"context"
	"errors"
	"slices"

	"nguon/app/fault"
	"nguon/app/store"
)

// Foreseen is what Receive would make of a transfer.
type Foreseen struct {
	Known bool // came in before; State and Order are those of then
	State TransferState
	Match Match
	Order *Order
	Like  string // the transfer that it may be
}

// Foresee says what Receive would make of a transfer; nothing is written.
func (s *Service) Foresee(ctx context.Context, in Incoming, source string) (f Foreseen, err error) {
	t, known, err := s.Known(ctx, in.Ref)
	if err != nil {
		return f, err
	}
	if known {
		f = Foreseen{Known: true, State: t.State, Match: t.Match, Like: t.Like}
		if t.Amount != in.Amount {
			return f, fault.New(fault.Conflict, "order.transfer.other").With("Ref", in.Ref)
		}
		if t.Order != "" {
			o, err := s.Order(ctx, t.Order)
			f.Order = &o
			return f, err
		}
		return f, nil
	}
	f = Foreseen{State: TransferUnmatched, Match: Unknown}
	for _, code := range s.codesOf(in.Memo, in.To) {
		o, err := s.ByCode(ctx, code)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return f, err
		}
		f.Order = &o
		if f.Like = o.twin(Payment{ID: "bank:" + in.Ref, Amount: in.Amount, Booked: in.Booked, Source: source}); f.Like == "" {
			f.State, f.Match = TransferMatched, matchOf(TransferIn{Amount: in.Amount, Booked: in.Booked}, o)
		}
		break
	}
	return f, nil
}

// Candidate is an order that a transfer may be meant for.
type Candidate struct {
	Order  Order
	Amount bool // what is due, or was, is what came in
	Code   bool // its code is the memo's but for one letter
}

// mostLooked bounds how many orders of a state candidates are looked for among.
const mostLooked = 500

var errEnough = errors.New("enough")

// Candidates lists orders that a transfer without a known code may be meant for,
// the likeliest first: those that wait for money, or ran out.
func (s *Service) Candidates(ctx context.Context, t TransferIn) ([]Candidate, error) {
	var list []Candidate
	words := tightWords(t.Memo)
	for _, st := range [...]State{Open, Expired} {
		n := 0
		err := s.orders.All(ctx, store.Query{Index: "state", Eq: []any{string(st)}, Desc: true, Limit: 100}, func(o Order) error {
			due := o.DueNow - o.Paid()
			c := Candidate{o, due == t.Amount, slices.ContainsFunc(words, func(w string) bool { return near(w, o.Code) })}
			if o.Method != Cash && (c.Amount || c.Code) {
				list = append(list, c)
			}
			if n++; n >= mostLooked {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			return nil, err
		}
	}
	weight := func(c Candidate) (w int) {
		if c.Code {
			w += 2
		}
		if c.Amount {
			w++
		}
		return w
	}
	slices.SortStableFunc(list, func(a, b Candidate) int { return weight(b) - weight(a) })
	return list[:min(len(list), 12)], nil
}

// tightWords are the parts of a memo that may be a code with one letter wrong,
// missing or too many.
func tightWords(memo string) (list []string) {
	text := tight(memo)
	for n := codeLength - 1; n <= codeLength+1; n++ {
		for i := 0; i+n <= len(text); i++ {
			list = append(list, text[i:i+n])
		}
	}
	return list
}

const codeLength = 8

// near reports whether two texts differ by at most one letter that is another,
// missing or too many.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	switch len(b) - len(a) {
	case 0:
		return i == len(a) || a[i+1:] == b[i+1:]
	case 1:
		return a[i:] == b[i+1:]
	}
	return false
}
