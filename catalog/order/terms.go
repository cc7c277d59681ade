package order

import (
	"context"
	"errors"
	"time"

	"nguon/app/fault"
	"nguon/app/outbox"
	"nguon/app/store"
)

// Terms are how one seller sells. Market is the id of those that count for
// sellers who have set none of their own.
type Terms struct {
	Seller     string    `bson:"_id"`
	Rates      Rates     `bson:"rates"`
	Own        bool      `bson:"own"`               // the seller set rates of its own
	Commission int64     `bson:"commission"`        // hundredths of a percent of the goods; set by the operator
	Special    bool      `bson:"special"`           // the commission is this seller's own
	Account    *Account  `bson:"account,omitempty"` // where payouts go
	Changed    time.Time `bson:"changed"`
	outbox.Box `bson:",inline"`
}

// Market names the terms of the market.
const Market = "market"

// DefaultTerms count before the operator has set any: what parcels of up to five
// kilograms cost, a commission of five percent.
var DefaultTerms = Terms{Seller: Market, Commission: 500, Rates: Rates{Pickup: true, Cash: true, Zones: []Zone{
	{Provinces: []string{"14"}, Steps: []RateStep{{1000, 20_000}, {3000, 30_000}, {10_000, 50_000}, {30_000, 110_000}}},
	{Steps: []RateStep{{1000, 32_000}, {3000, 45_000}, {10_000, 85_000}, {30_000, 190_000}}},
}}}

// MarketTerms are the operator's.
func (s *Service) MarketTerms(ctx context.Context) (Terms, error) {
	t, err := s.terms.Get(ctx, Market)
	if fault.Is(err, fault.NotFound) {
		return DefaultTerms, nil
	}
	return t, err
}

// Terms are those of a seller, filled in with the market's where it has none.
func (s *Service) Terms(ctx context.Context, seller string) (Terms, error) {
	m, err := s.MarketTerms(ctx)
	if err != nil {
		return m, err
	}
	t, err := s.terms.Get(ctx, seller)
	if fault.Is(err, fault.NotFound) {
		t, err = Terms{Seller: seller}, nil
	}
	if !t.Own {
		t.Rates = m.Rates
	}
	if !t.Special {
		t.Commission = m.Commission
	}
	return t, err
}

// SetRates stores the rates of a seller, or of the market. Seen is Changed of the
// terms that the form showed; where somebody changed them since, it is
// fault.Conflict "order.terms.changed".
func (s *Service) SetRates(ctx context.Context, by, seller string, seen time.Time, r Rates) error {
	if err := r.Validate(); err != nil {
		return err
	}
	if len(r.Zones) == 0 && !r.Pickup {
		return fault.New(fault.Invalid, "order.rates").Field("zones", "order.rates.nothing")
	}
	return s.changeTerms(ctx, by, seller, "terms.rates", func(t *Terms) error {
		if t.Own && t.Rates.same(r) {
			return errSame
		}
		if t.Changed.UnixMilli() != seen.UnixMilli() {
			return fault.New(fault.Conflict, "order.terms.changed")
		}
		t.Rates, t.Own = r, true
		return nil
	})
}

// DropRates lets the market's rates count for a seller again.
func (s *Service) DropRates(ctx context.Context, by, seller string) error {
	return s.changeTerms(ctx, by, seller, "terms.rates", func(t *Terms) error { t.Rates, t.Own = Rates{Zones: []Zone{}}, false; return nil })
}

// SetCommission sets the commission of the market, or of one seller, in
// hundredths of a percent; less than zero lets the market's count again. Orders
// keep the one that they were placed under.
func (s *Service) SetCommission(ctx context.Context, by, seller string, rate int64) error {
	if rate > 5000 || rate < 0 && seller == Market {
		return fault.New(fault.Invalid, "order.commission").Field("commission", "order.commission")
	}
	return s.changeTerms(ctx, by, seller, "terms.commission", func(t *Terms) error { t.Commission, t.Special = max(rate, 0), rate >= 0; return nil })
}

// SetAccount says where a seller is paid.
func (s *Service) SetAccount(ctx context.Context, by, seller string, a Account) error {
	a.tidy()
	if err := a.validate(); err != nil {
		return err
	}
	return s.changeTerms(ctx, by, seller, "terms.account", func(t *Terms) error { t.Account = &a; return nil })
}

// errSame is of a form that was sent twice: nothing is written.
var errSame = errors.New("the same")

func (s *Service) changeTerms(ctx context.Context, by, seller, action string, fn func(*Terms) error) error {
	now := store.Stamp(s.Now())
	change := func(t *Terms) error {
		if err := fn(t); err != nil {
			return err
		}
		t.Changed = now
		e := outbox.Entry{At: now, By: by, Action: action, Object: "terms:" + seller}
		if seller != Market {
			e.Org = seller
		}
		t.Post(now, outbox.Effect{ID: action + ":" + seller + ":" + store.NewID(now), Entry: &e})
		return nil
	}
	empty := Terms{Seller: seller, Rates: Rates{Zones: []Zone{}}}
	if seller == Market {
		empty = DefaultTerms
	}
	err := s.terms.Upsert(ctx, seller, empty, change)
	if errors.Is(err, errSame) {
		return nil
	}
	if err == nil {
		_ = s.termsOut.Settle(ctx, seller) // what fails waits for Sweep
	}
	return err
}
