package order

import (
	"context"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
)

// Quote is what a fulfiller says of one thing today.
type Quote struct {
	Seller  string
	Title   lang.Text
	Detail  lang.Text
	Path    string // of its page
	Image   string // address of a picture, "" for none
	Price   money.VND
	Grams   int64
	Service bool
	Apart   bool      // one only, in a parcel of its own
	Now     money.VND // with Apart, what of the price is paid when it is bought
	Free    int64     // how many can be had now
	Needs   []Need    // of one
	Demo    bool
}

// Fulfiller provides one kind of thing. Holding, settling, releasing and folding
// twice changes nothing.
type Fulfiller interface {
	// Quote is fault.NotFound for what is not sold.
	Quote(ctx context.Context, ref string) (Quote, error)
	// Hold claims a need for an order until a moment, or is fault.Conflict
	// "hold.sold_out" with Args "Free".
	Hold(ctx context.Context, order string, n Need, until time.Time) error
	// Settle makes a claim last; where it ran out, it takes what is free or is
	// fault.Conflict "hold.sold_out".
	Settle(ctx context.Context, order string, n Need) error
	// Release gives a claim up, held or settled.
	Release(ctx context.Context, order string, n Need) error
	// Fold counts a settled claim off for good: it left the house.
	Fold(ctx context.Context, order string, n Need) error
	// Restore takes what was folded back in: it came back.
	Restore(ctx context.Context, order string, n Need) error
}

// Seller is what an order has to know of who sells.
type Seller struct {
	ID, Name   string
	NameEn     string // "" for none
	Household  bool
	MaySell    bool   // approved today
	PickupAt   string // address; "" for none
	Stand      *Stand // where it also hands out; nil for none
	Phone      string // for shoppers; "" for none
	Path       string // of its page
	Commission int64  // in hundredths of a percent of the goods
	Rates      Rates
	Demo       bool
}

// Sellers finds who sells; an unknown one is fault.NotFound.
type Sellers interface {
	Seller(ctx context.Context, id string) (Seller, error)
}
