package order

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// TransferState is what became of a transfer.
type TransferState string

// States of a transfer.
const (
	TransferNew       TransferState = "new" // is being matched
	TransferMatched   TransferState = "matched"
	TransferUnmatched TransferState = "unmatched" // somebody has to look
	TransferIgnored   TransferState = "ignored"   // is no payment of an order
)

// Match says how a transfer fits its order.
type Match string

// Matches.
const (
	Exact   Match = "exact"
	Over    Match = "over"
	Under   Match = "under"
	Late    Match = "late"
	Unknown Match = "unknown"
)

// TransferIn is a transfer that came in. Its id is the bank's reference.
type TransferIn struct {
	ID     string        `bson:"_id"`
	Amount money.VND     `bson:"amount"`
	Booked time.Time     `bson:"booked"`
	Memo   string        `bson:"memo"`
	From   string        `bson:"from,omitempty"`
	To     string        `bson:"to,omitempty"`
	Source string        `bson:"source"` // "hand", "csv", "webhook"
	By     string        `bson:"by"`
	At     time.Time     `bson:"at"`
	State  TransferState `bson:"state"`
	Match  Match         `bson:"match"`
	Order  string        `bson:"order,omitempty"`
	Code   string        `bson:"code,omitempty"`
	Note   string        `bson:"note,omitempty"`
	Like   string        `bson:"like,omitempty"` // the transfer that it may be, told by another source

	outbox.Box `bson:",inline"`
}

const (
	maxRef  = 100
	maxMemo = 500
	maxNote = 300
)

// ahead is how far in the future a booking may lie: clocks differ, and some
// sources tell UTC.
const ahead = 24 * time.Hour

func (in Incoming) validate(now time.Time) error {
	f := fault.NewForm("order.transfer.form")
	f.Need(in.Ref != "" && utf8.ValidString(in.Ref), "ref", "order.transfer.ref")
	f.Need(len(in.Ref) <= maxRef, "ref", "order.transfer.long")
	f.Need(in.Amount >= 1 && in.Amount <= 100*maxMoney, "amount", "order.field.money")
	f.Need(!in.Booked.IsZero(), "booked", "order.transfer.booked")
	f.Need(in.Booked.Before(now.Add(ahead)), "booked", "order.transfer.future")
	f.Need(utf8.RuneCountInString(in.Memo) <= maxMemo && utf8.ValidString(in.Memo), "memo", "order.field.long")
	return f.Result()
}

// tight is a memo in upper case without anything but letters and digits.
func tight(memo string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToUpper(lang.Fold(memo)))
}

// Codes finds what may be codes of orders in a memo, as banks leave them: in
// letters of any case, with other words run together or parted by signs.
func Codes(memo string) (codes []string) {
	text := strings.ToUpper(lang.Fold(memo))
	seen := map[string]bool{}
	for _, t := range [...]string{text, tight(memo)} {
		for i := 0; i+8 <= len(t); i++ {
			c := t[i : i+8]
			if strings.HasPrefix(c, "SL") && strings.Trim(c[2:], codeLetters) == "" && !seen[c] {
				seen[c] = true
				codes = append(codes, c)
			}
		}
	}
	return codes
}

// Receive takes a transfer in that somebody entered, a statement listed or the
// bank told. The same reference again is the same transfer. It is matched by
// the code in its memo; what fits no order waits for somebody to look.
func (s *Service) Receive(ctx context.Context, in Incoming, source, by string) (TransferIn, error) {
	in.Memo = clip(in.Memo, maxMemo)
	if err := in.validate(s.Now()); err != nil {
		return TransferIn{}, err
	}
	now := store.Stamp(s.Now())
	t := TransferIn{ID: in.Ref, Amount: in.Amount, Booked: store.Stamp(in.Booked), Memo: in.Memo, From: clip(in.From, maxNote), To: clip(in.To, maxNote), Source: source, By: by, At: now, State: TransferNew, Match: Unknown, Note: clip(in.Note, maxNote)}
	if source == "hand" {
		t.note("transfer.enter", by, t.Note, now)
	}
	err := s.transfers.Insert(ctx, t)
	if err == nil {
		defer func() { _ = s.moneyOut.Settle(ctx, t.ID) }() // what fails waits for Sweep
	}
	if fault.Is(err, fault.Conflict) {
		if t, err = s.transfers.Get(ctx, in.Ref); err == nil && (t.Amount != in.Amount) {
			return t, fault.New(fault.Conflict, "order.transfer.other").With("Ref", in.Ref)
		}
	}
	if err != nil {
		return t, err
	}
	return s.match(ctx, t)
}

// match looks for the order of a transfer that is new.
func (s *Service) match(ctx context.Context, t TransferIn) (TransferIn, error) {
	if t.State != TransferNew {
		return t, nil
	}
	for _, code := range s.codesOf(t.Memo, t.To) {
		o, err := s.orders.First(ctx, store.Query{Index: "code", Eq: []any{code}})
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return t, err
		}
		return s.assign(ctx, t, o, assigning{by: t.By, note: t.Note})
	}
	return s.changeTransfer(ctx, t.ID, func(t *TransferIn) {
		if t.State == TransferNew {
			t.State = TransferUnmatched
		}
	})
}

// codesOf are the codes in a memo; none where the money came in somewhere else.
func (s *Service) codesOf(memo, to string) []string {
	if to = digitsOf(to); s.Account != "" && to != "" && to != digitsOf(s.Account) {
		return nil
	}
	return Codes(memo)
}

// matchOf says how a transfer fits an order that has not counted it yet.
func matchOf(t TransferIn, o Order) Match {
	switch {
	case o.Until != nil && t.Booked.After(*o.Until):
		return Late
	case t.Amount == o.Due():
		return Exact
	case t.Amount > o.Due():
		return Over
	}
	return Under
}

// assigning is how a transfer comes to its order.
type assigning struct {
	by, note string
	person   bool // somebody has looked
}

// likely is the note on a transfer that may be another one told twice.
const likely = "có thể trùng"

// assign pays an order with a transfer. It is paid first: what is paid twice is
// noted once. Where nobody has looked, what may be a payment that another source
// told of under another reference waits for somebody to look.
func (s *Service) assign(ctx context.Context, t TransferIn, o Order, a assigning) (TransferIn, error) {
	m, like := matchOf(t, o), ""
	err := s.change(ctx, o.ID, func(o *Order, now time.Time) error {
		p := Payment{ID: "bank:" + t.ID, Method: Transfer, Amount: t.Amount, Booked: t.Booked, By: a.by, Note: a.note, Source: t.Source}
		if like = ""; !a.person {
			like = o.twin(p)
		}
		if like == "" {
			o.pay(p, now)
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	return s.changeTransfer(ctx, t.ID, func(t *TransferIn) {
		switch {
		case t.State != TransferNew && t.State != TransferUnmatched:
		case like != "":
			t.State, t.Order, t.Code, t.Note, t.Like = TransferUnmatched, o.ID, o.Code, likely, like
		default:
			t.State, t.Match, t.Order, t.Code, t.Note = TransferMatched, m, o.ID, o.Code, a.note
			if a.person {
				t.note("transfer.assign", a.by, a.note, s.Now())
			}
		}
	})
}

// told is how far apart two sources may date one transfer: a statement may know
// only its day.
const told = 24 * time.Hour

// twin is the transfer that a payment may be: of the same amount and about the
// same time, but from another source. "" when there is none, or the payment is noted already.
func (o Order) twin(p Payment) (ref string) {
	for _, x := range o.Payments {
		switch {
		case x.ID == p.ID:
			return ""
		case x.Method == Transfer && x.Amount == p.Amount && x.origin() != p.origin() && x.Booked.Sub(p.Booked).Abs() <= told:
			ref = strings.TrimPrefix(x.ID, "bank:")
		}
	}
	return ref
}

// origin is who told of a transfer. Services that speak for the bank are told
// apart by how their references begin: "sepay:1".
func (p Payment) origin() string {
	service, _, is := strings.Cut(strings.TrimPrefix(p.ID, "bank:"), ":")
	if p.Source != "webhook" || !is {
		return p.Source
	}
	return p.Source + ":" + service
}

// note puts what a person did with a transfer on record.
func (t *TransferIn) note(action, by, note string, now time.Time) {
	e := outbox.Entry{At: store.Stamp(now), By: by, Action: action, Object: "transfer:" + t.ID,
		After: []outbox.Value{{Name: "amount", Text: t.Amount.String()}, {Name: "code", Text: t.Code}, {Name: "note", Text: note}}}
	t.Post(now, outbox.Effect{ID: action + ":" + t.ID, Entry: &e})
}

// Assign matches a transfer that fitted none by hand. Faults: NotFound for an
// unknown code, Conflict "order.transfer.done" for one that is matched already.
func (s *Service) Assign(ctx context.Context, by, ref, code, note string) (TransferIn, error) {
	t, err := s.transfer(ctx, ref)
	if err != nil {
		return t, err
	}
	o, err := s.ByCode(ctx, code)
	if err != nil {
		return t, err
	}
	switch {
	case t.State == TransferMatched && t.Order == o.ID:
		return t, nil
	case t.State != TransferUnmatched:
		return t, fault.New(fault.Conflict, "order.transfer.done")
	}
	return s.assign(ctx, t, o, assigning{by, clip(note, maxNote), true})
}

// Ignore puts a transfer aside that is no payment of an order.
func (s *Service) Ignore(ctx context.Context, by, ref, note string) error {
	_, err := s.changeTransfer(ctx, ref, func(t *TransferIn) {
		if t.State == TransferUnmatched {
			t.State, t.By, t.Note = TransferIgnored, by, clip(note, maxNote)
			t.note("transfer.ignore", by, t.Note, s.Now())
		}
	})
	return err
}

// Transfers lists transfers of a state, the latest first.
func (s *Service) Transfers(ctx context.Context, state TransferState, after string) ([]TransferIn, string, error) {
	return s.transfers.Find(ctx, store.Query{Index: "state", Eq: []any{string(state)}, Desc: true, Limit: 50, After: after})
}

// CountTransfers is how many transfers have a state.
func (s *Service) CountTransfers(ctx context.Context, state TransferState) (int64, error) {
	return s.transfers.Count(ctx, store.Query{Index: "state", Eq: []any{string(state)}})
}

// Known finds a transfer by its reference; ok is false when it did not come in.
func (s *Service) Known(ctx context.Context, ref string) (t TransferIn, ok bool, err error) {
	t, err = s.transfers.Get(ctx, ref)
	if fault.Is(err, fault.NotFound) {
		return t, false, nil
	}
	return t, err == nil, err
}

// SweepTransfers matches what a crash left new.
func (s *Service) SweepTransfers(ctx context.Context) (n int, err error) {
	err = s.transfers.All(ctx, store.Query{Index: "state", Eq: []any{string(TransferNew)}}, func(t TransferIn) error {
		n++
		_, err := s.match(ctx, t)
		return err
	})
	return n, err
}

// ByCode finds an order by its code, for the desk and the telephone.
func (s *Service) ByCode(ctx context.Context, code string) (Order, error) {
	o, err := s.orders.First(ctx, store.Query{Index: "code", Eq: []any{tidyCode(code)}})
	return o, unknown(err)
}

func (s *Service) transfer(ctx context.Context, ref string) (TransferIn, error) {
	t, err := s.transfers.Get(ctx, ref)
	if fault.CodeOf(err) == "store.not_found" {
		return t, fault.New(fault.NotFound, "order.transfer.not_found")
	}
	return t, err
}

func (s *Service) changeTransfer(ctx context.Context, ref string, fn func(*TransferIn)) (t TransferIn, err error) {
	err = s.transfers.Update(ctx, ref, func(d *TransferIn) error {
		fn(d)
		t = *d
		return nil
	})
	if fault.CodeOf(err) == "store.not_found" {
		err = fault.New(fault.NotFound, "order.transfer.not_found")
	}
	if err == nil && t.PendingAt != nil {
		_ = s.moneyOut.Settle(ctx, ref) // what fails waits for Sweep
	}
	return t, err
}

func clip(s string, most int) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
