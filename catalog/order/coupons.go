package order

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/store"
)

// couponNeed is the kind of need that uses of a coupon are.
const couponNeed Kind = "coupon"

// couponUses is the fulfiller of coupons: their uses, or the đồng of a credit,
// are held, settled and released like anything scarce.
type couponUses struct{ s *Service }

func (u couponUses) Quote(context.Context, string) (Quote, error) {
	return Quote{}, fault.New(fault.NotFound, "order.kind")
}

func (u couponUses) Hold(ctx context.Context, order string, n Need, until time.Time) error {
	return u.change(ctx, n.Resource, func(k *Coupon) error {
		if err := k.open(u.s.Now()); err != nil {
			return err
		}
		return k.Book.Hold(k.capacity(), order, n.Quantity, store.Stamp(until), u.s.Now())
	})
}

func (u couponUses) Settle(ctx context.Context, order string, n Need) error {
	return u.change(ctx, n.Resource, func(k *Coupon) error {
		if slices.Contains(k.Folded, order) {
			return nil // a step that was asleep
		}
		return k.Book.Settle(k.capacity(), order, n.Quantity, u.s.Now())
	})
}

func (u couponUses) Release(ctx context.Context, order string, n Need) error {
	return u.change(ctx, n.Resource, func(k *Coupon) error { k.Book.Release(order); return nil })
}

// mostFolded are the orders that a coupon remembers.
const mostFolded = 500

// Fold counts a use. What a credit paid of an order that is cancelled becomes
// another credit.
func (u couponUses) Fold(ctx context.Context, order string, n Need) error {
	return u.change(ctx, n.Resource, func(k *Coupon) error {
		if used := k.Book.Fold(order); used > 0 {
			k.Counted += used
			k.Folded = append(k.Folded, order)
			k.Folded = k.Folded[max(len(k.Folded)-mostFolded, 0):]
		}
		return nil
	})
}

// Restore gives the use of an order that was cancelled back, as long as the
// coupon remembers it. Of a credit nothing comes back here.
func (u couponUses) Restore(ctx context.Context, order string, n Need) error {
	return u.change(ctx, n.Resource, func(k *Coupon) error {
		if i := slices.Index(k.Folded, order); i >= 0 && k.Kind != Credit {
			k.Counted -= n.Quantity
			k.Folded = slices.Delete(k.Folded, i, i+1)
		}
		return nil
	})
}

func (u couponUses) change(ctx context.Context, code string, fn func(*Coupon) error) error {
	return u.s.coupons.Update(ctx, code, fn)
}

// open says why nobody may start to use a coupon now.
func (c Coupon) open(now time.Time) error {
	if c.Off || now.Before(c.From) || now.After(c.To) {
		return fault.New(fault.Conflict, "order.coupon.over")
	}
	return nil
}

// SaveCoupon makes a coupon; credits are made of refunds alone. Faults: Invalid with Fields; Conflict
// "order.coupon.taken" for a code that exists.
func (s *Service) SaveCoupon(ctx context.Context, k Coupon) error {
	k.Code = tidyCode(k.Code)
	now := store.Stamp(s.Now())
	k.Created, k.From, k.To, k.Counted, k.Off = now, store.Stamp(k.From), store.Stamp(k.To), 0, false
	if err := k.validate(); err != nil {
		return err
	}
	k.note("coupon.make", k.By, now)
	err := s.coupons.Insert(ctx, k)
	if fault.Is(err, fault.Conflict) {
		return fault.New(fault.Conflict, "order.coupon.taken").Field("code", "order.coupon.taken")
	}
	if err == nil {
		_ = s.couponOut.Settle(ctx, k.Code) // what fails waits for Sweep
	}
	return err
}

// note puts what a person did with a coupon on record.
func (k *Coupon) note(action, by string, now time.Time) {
	e := outbox.Entry{At: now, By: by, Action: action, Object: "coupon:" + k.Code, Org: k.Seller,
		After: []outbox.Value{{Name: "kind", Text: string(k.Kind)}, {Name: "bears", Text: string(k.Bears)}}}
	k.Post(now, outbox.Effect{ID: action + ":" + k.Code, Entry: &e})
}

func (k Coupon) validate() error {
	f := fault.NewForm("order.coupon.form")
	f.Need(len(k.Code) >= 4 && len(k.Code) <= maxCoupon && !strings.ContainsFunc(k.Code, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-'
	}), "code", "order.coupon.code")
	switch k.Kind {
	case Percent:
		f.Need(k.Percent >= 1 && k.Percent <= 100, "percent", "order.coupon.percent")
		f.Need(k.Amount >= 0 && k.Amount <= maxMoney, "amount", "order.field.money")
	case Amount:
		f.Need(k.Amount >= 1 && k.Amount <= maxMoney, "amount", "order.field.money")
	case FreeDelivery:
	default:
		f.Wrong("kind", "order.field.choice")
	}
	f.Need(k.Bears == MarketBears || k.Bears == SellerBears, "bears", "order.field.choice")
	f.Need(k.Bears == MarketBears || k.Seller != "", "bears", "order.coupon.bearer")
	f.Need(!k.From.IsZero() && k.To.After(k.From), "to", "order.coupon.span")
	f.Need(k.Least >= 0 && k.Least <= maxMoney, "least", "order.field.money")
	f.Need(k.Uses >= 0 && k.Uses <= 1_000_000, "uses", "order.coupon.uses")
	f.Need(utf8.ValidString(k.Code), "code", "order.coupon.code")
	f.Need(!strings.HasPrefix(k.Code, creditPrefix), "code", "order.coupon.reserved")
	return f.Result()
}

// EndCoupon takes a coupon of a seller back, or any where seller is ""; orders
// that hold it keep it.
func (s *Service) EndCoupon(ctx context.Context, by, seller, code string) error {
	now := store.Stamp(s.Now())
	err := s.coupons.Update(ctx, code, func(k *Coupon) error {
		if seller != "" && k.Seller != seller {
			return fault.New(fault.NotFound, "order.coupon.unknown")
		}
		if !k.Off {
			k.Off = true
			k.note("coupon.end", by, now)
		}
		return nil
	})
	if err == nil {
		_ = s.couponOut.Settle(ctx, code) // what fails waits for Sweep
	}
	if fault.CodeOf(err) == "store.not_found" {
		return fault.New(fault.NotFound, "order.coupon.unknown")
	}
	return err
}

// Coupons lists coupons of a seller, of the market when it is "", newest first.
func (s *Service) Coupons(ctx context.Context, seller, after string) ([]Coupon, string, error) {
	return s.coupons.Find(ctx, store.Query{Index: "seller", Eq: []any{seller}, Desc: true, Limit: 50, After: after})
}

// creditPrefix begins the codes of credits, and of no other coupon.
const creditPrefix = "TD-"

// IsCredit reports whether what was applied is a credit.
func (a Applied) IsCredit() bool { return strings.HasPrefix(a.Code, creditPrefix) }

// isCredit reports whether a need is đồng of a credit.
func (n Need) isCredit() bool {
	return n.Kind == couponNeed && strings.HasPrefix(n.Resource, creditPrefix)
}

// creditCode cannot be guessed by who knows an order's code and telephone, as its
// sellers do.
func (s *Service) creditCode(o Order, refund string) string {
	return creditPrefix + strings.ToUpper(s.hash("credit", o.ID, refund)[:16])
}

// least is how long a credit is good that stands in place of another.
const least = 30 * 24 * time.Hour

// until is how long a credit of a refund is good: a year, or as long as the ones
// that it stands in place of, but a month at least.
func (s *Service) until(ctx context.Context, o Order, r Refund) (time.Time, error) {
	now := s.Now()
	if r.Method != ByCredit {
		return now.AddDate(1, 0, 0), nil
	}
	to := now.Add(least)
	for _, a := range o.Coupons {
		if !a.IsCredit() {
			continue
		}
		k, err := s.coupons.Get(ctx, a.Code)
		if gone(err) != nil {
			return to, err
		}
		if k.To.After(to) {
			to = k.To
		}
	}
	return to, nil
}

// credit makes money that goes back a credit of its owner instead. The same
// refund makes one.
func (s *Service) credit(ctx context.Context, o Order, refund string, amount money.VND, to time.Time) (string, error) {
	now := store.Stamp(s.Now())
	code := s.creditCode(o, refund)
	k := Coupon{Code: code, Kind: Credit, Amount: amount, Bears: MarketBears, From: now.Add(-time.Minute), To: store.Stamp(to),
		Holder: o.Customer.Key, Cause: o.ID + ":" + refund, By: "worker", Created: now}
	err := s.coupons.Insert(ctx, k)
	if fault.Is(err, fault.Conflict) {
		var old Coupon
		if old, err = s.coupons.Get(ctx, code); err == nil && old.Cause != k.Cause {
			err = fault.New(fault.Conflict, "order.coupon.taken")
		}
	}
	return code, err
}

// Used is how often a coupon was used, or is about to be.
func (c Coupon) Used(now time.Time) int64 { return c.Counted + c.capacity() - c.Left(now) }
