// Package order is the buying of anything: a cart, an order with what it holds,
// payments, one parcel for each seller, and the ledger. It knows neither
// products nor tours: a line is a kind, a reference, a quantity and a price, and
// a Fulfiller of its kind quotes, holds and settles it.
package order

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
)

// Kind of a line names who fulfils it.
type Kind string

// Goods are packets of a trade item.
const Goods Kind = "goods"

// Need is a quantity of one scarce resource. Kind and Resource together name it.
type Need struct {
	Kind     Kind   `bson:"kind"`
	Resource string `bson:"resource"`
	Quantity int64  `bson:"quantity"`
}

// Line is one thing that is bought, with what was said of it when the order was
// placed.
type Line struct {
	Kind     Kind      `bson:"kind"`
	Ref      string    `bson:"ref"` // to its fulfiller: a GTIN
	Seller   string    `bson:"seller"`
	Title    lang.Text `bson:"title"`
	Detail   lang.Text `bson:"detail"` // "250 g, beans"
	Path     string    `bson:"path"`   // of its page
	Quantity int64     `bson:"quantity"`
	Price    money.VND `bson:"price"`           // of one, tax included
	Grams    int64     `bson:"grams"`           // of one; 0 for what is not sent
	Service  bool      `bson:"service"`         // taxed as one
	Needs    []Need    `bson:"needs"`           // of one
	Apart    bool      `bson:"apart,omitempty"` // a parcel of its own: a visit
}

// Parcel is the ID of the parcel that a line is part of.
func (l Line) Parcel() string {
	if l.Apart {
		return string(l.Kind) + "-" + l.Ref
	}
	return l.Seller
}

// Sum is the price of the line.
func (l Line) Sum() money.VND { return l.Price * money.VND(l.Quantity) }

// Words name what was bought, without how many: "Cà phê … · 250 g, nguyên hạt".
func (l Line) Words(in lang.Lang) string {
	s := l.Title.In(in)
	if d := l.Detail.In(in); d != "" {
		s += " · " + d
	}
	return s
}

// Way is how a parcel reaches the shopper.
type Way string

// Ways of delivery.
const (
	Ship    Way = "ship"
	Pickup  Way = "pickup"  // fetched at the seller's
	AtStand Way = "stand"   // fetched at the seller's stand
	OnSite  Way = "on_site" // nothing is sent: seats
)

// ParcelState is how far a parcel has come.
type ParcelState string

// States of a parcel, in their order; a parcel of an order that waits for money
// is Waiting.
const (
	Waiting   ParcelState = "waiting"
	ToPack    ParcelState = "to_pack"
	Packed    ParcelState = "packed"
	Sent      ParcelState = "sent" // or ready to be picked up
	Delivered ParcelState = "delivered"
	Returned  ParcelState = "returned"
	Dropped   ParcelState = "dropped" // cancelled before it was sent
)

// Collector is who takes the cash of a parcel.
type Collector string

// Collectors of cash.
const (
	BySeller  Collector = "seller"
	ByCourier Collector = "courier"
)

// Parcel is one seller's part of an order, or one visit of it. Its terms are those
// of the sale.
type Parcel struct {
	Key        string      `bson:"key,omitempty"` // of a visit; goods are known by their seller
	Seller     string      `bson:"seller"`
	SellerName string      `bson:"sellerName"`
	SellerEn   string      `bson:"sellerEn,omitempty"`   // its name in English, where it has one
	SellerTel  string      `bson:"sellerTel,omitempty"`  // telephone of the seller, for the shopper
	SellerPath string      `bson:"sellerPath,omitempty"` // of its page
	PickupAt   string      `bson:"pickupAt,omitempty"`   // address where it is fetched
	Stand      *Stand      `bson:"stand,omitempty"`      // where it is fetched, of AtStand
	Way        Way         `bson:"way"`
	State      ParcelState `bson:"state"`
	Goods      money.VND   `bson:"goods"`                // sum of its lines
	Fee        money.VND   `bson:"fee"`                  // of delivery
	OffSeller  money.VND   `bson:"offSeller"`            // coupons that the seller bears
	OffMarket  money.VND   `bson:"offMarket"`            // coupons that the market bears
	FeeSeller  money.VND   `bson:"feeSeller"`            // of OffSeller, what lowered the delivery
	FeeMarket  money.VND   `bson:"feeMarket"`            // of OffMarket, likewise
	OffCredit  money.VND   `bson:"offCredit"`            // of OffMarket, what the shopper's own credits paid
	Rest       money.VND   `bson:"rest,omitempty"`       // of a visit, what is paid to the host when people come
	Kept       money.VND   `bson:"kept,omitempty"`       // of one that was cancelled, what stays the host's of the money
	KeptCredit money.VND   `bson:"keptCredit,omitempty"` // and of credits
	Commission int64       `bson:"commission"`
	Household  bool        `bson:"household"` // tax is withheld
	Services   money.VND   `bson:"services"`  // of Goods, what is a service

	Collector Collector  `bson:"collector,omitempty"` // of its cash
	Carrier   string     `bson:"carrier,omitempty"`
	Tracking  string     `bson:"tracking,omitempty"`
	SentAt    *time.Time `bson:"sentAt,omitempty"`
	Got       *time.Time `bson:"got,omitempty"`      // by the shopper
	Cash      *time.Time `bson:"cash,omitempty"`     // was collected
	Remitted  *time.Time `bson:"remitted,omitempty"` // cash that a courier collected came in
	Back      *time.Time `bson:"back,omitempty"`     // returned
	Asked     string     `bson:"asked,omitempty"`    // why the shopper wants to return it
	Declined  *time.Time `bson:"declined,omitempty"` // when the seller said no to that
	Restock   bool       `bson:"restock,omitempty"`  // what came back can be sold again
	DroppedAt *time.Time `bson:"droppedAt,omitempty"`
	Why       string     `bson:"why,omitempty"` // it was dropped or may not come back, or what came back was like
}

// ID is what tells the parcels of an order apart.
func (p Parcel) ID() string { return cmp.Or(p.Key, p.Seller) }

// now is what has to be paid before anything is sent and before anybody comes.
func (o Order) now() (sum money.VND) {
	for _, p := range o.Parcels {
		sum += p.Total() - p.Rest
	}
	return sum
}

// Name is the seller's in a language.
func (p Parcel) Name(l lang.Lang) string { return lang.Text{Vi: p.SellerName, En: p.SellerEn}.In(l) }

// Total is what the shopper pays for a parcel.
func (p Parcel) Total() money.VND { return p.Goods + p.Fee - p.OffSeller - p.OffMarket }

// Method is how an order is paid.
type Method string

// Methods of payment.
const (
	Transfer Method = "transfer" // by VietQR or by hand
	Cash     Method = "cod"
	Card     Method = "card"
	Courier  Method = "courier" // cash that a courier collected and handed over
	ByCredit Method = "credit"  // of a refund: what a credit paid becomes a credit again
)

// Payment is money that came in. ID is unique over all orders: the bank's
// reference or the payment's id at its gateway.
type Payment struct {
	ID     string    `bson:"id"`
	Method Method    `bson:"method"`
	Amount money.VND `bson:"amount"`
	Booked time.Time `bson:"booked"` // by the bank: it decides what is late
	At     time.Time `bson:"at"`
	By     string    `bson:"by"` // person, "webhook", "worker"
	Note   string    `bson:"note,omitempty"`
	Source string    `bson:"source,omitempty"` // of a transfer: who told of it
}

// RefundState is how far money on its way back is.
type RefundState string

// States of a refund.
const (
	RefundAsked  RefundState = "asked"  // by which account is not known yet
	RefundReady  RefundState = "ready"  // can go into a batch, or to the gateway
	RefundSent   RefundState = "sent"   // waits for the bank's or gateway's word
	RefundDone   RefundState = "done"   //
	RefundFailed RefundState = "failed" // has to be done anew
	RefundCredit RefundState = "credit" // became a credit instead
)

// Refund is money that goes back to the shopper.
type Refund struct {
	ID      string      `bson:"id"` // within the order, from its cause
	Amount  money.VND   `bson:"amount"`
	Method  Method      `bson:"method"`
	State   RefundState `bson:"state"`
	Cause   string      `bson:"cause"`             // message key suffix under "order.refund."
	Payment string      `bson:"payment,omitempty"` // id of the payment that it undoes, for a card
	Dispute string      `bson:"dispute,omitempty"` // lost, by which the cardholder's bank took it already
	Account *Account    `bson:"account,omitempty"`
	Batch   string      `bson:"batch,omitempty"` // of transfers, in which it was sent
	Ref     string      `bson:"ref,omitempty"`   // of the bank or the gateway; code of a credit
	Tries   int         `bson:"tries,omitempty"` // how often it failed at the gateway
	Dead    []string    `bson:"dead,omitempty"`  // references of tries that failed
	At      time.Time   `bson:"at"`
	Done    *time.Time  `bson:"done,omitempty"`
	Expires *time.Time  `bson:"expires,omitempty"` // of a credit, once it was made
}

// Dispute is a claim of a cardholder's bank on a payment.
type Dispute struct {
	Ref     string     `bson:"ref"` // of the gateway
	Payment string     `bson:"payment,omitempty"`
	Over    bool       `bson:"over"`
	Lost    money.VND  `bson:"lost,omitempty"` // what the bank took
	At      *time.Time `bson:"at,omitempty"`   // when it was lost
	Seen    bool       `bson:"seen,omitempty"` // somebody of the market knows that it was lost
}

// Account is a bank account.
type Account struct {
	BIN    string `bson:"bin"` // of the bank, six digits
	Number string `bson:"number"`
	Name   string `bson:"name"`
}

// Customer is who buys and where it goes.
type Customer struct {
	Name     string `bson:"name"`
	Phone    string `bson:"phone"` // as typed
	Key      string `bson:"key"`   // digits of the phone with 84 in front, for looking up
	Email    string `bson:"email,omitempty"`
	Street   string `bson:"street,omitempty"`
	Commune  string `bson:"commune,omitempty"`
	Province string `bson:"province,omitempty"` // code
	Note     string `bson:"note,omitempty"`
}

// Address is where parcels are sent to, on one line; "" where nothing was said.
func (c Customer) Address() string {
	parts := []string{strings.Trim(c.Street, " ,"), strings.Trim(c.Commune, " ,")}
	if p, ok := ProvinceByCode(c.Province); ok {
		parts = append(parts, p.Name)
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", ")
}

// Invoice is asked for by companies; none is issued automatically.
type Invoice struct {
	Name    string `bson:"name"`
	TaxCode string `bson:"taxCode"`
	Address string `bson:"address"`
}

// Applied is a coupon of an order. Off is what it takes away altogether.
type Applied struct {
	Code   string    `bson:"code"`
	Seller string    `bson:"seller,omitempty"` // whose goods it counts for; "" for all
	Bears  Bearer    `bson:"bears"`
	Off    money.VND `bson:"off"`
	Claim  int64     `bson:"claim"` // of the coupon: one use, or đồng of a credit
}

// State of an order.
type State string

// States of an order.
const (
	Placing   State = "placing"  // what it needs is being held
	Failed    State = "failed"   // something was sold out; nothing is held
	Open      State = "open"     // waits for money
	Settling  State = "settling" // paid; what was held becomes its own
	Confirmed State = "confirmed"
	Expired   State = "expired"
	Cancelled State = "cancelled"
	Stuck     State = "stuck" // paid, and cannot be fulfilled
)

// Step is one transition of an order.
type Step struct {
	Name string    `bson:"name"`
	At   time.Time `bson:"at"`
	By   string    `bson:"by"` // person, "shopper", "webhook", "worker"
	Note string    `bson:"note,omitempty"`
}

// Order is what one shopper buys at one moment. ID is unguessable: who knows it
// may read the order.
type Order struct {
	ID       string    `bson:"_id"`
	Code     string    `bson:"code"` // for bank memos and the telephone; opens nothing
	Cart     string    `bson:"cart"` // that it came from
	Person   string    `bson:"person,omitempty"`
	Lang     lang.Lang `bson:"lang"`
	Placed   time.Time `bson:"placed"`
	Customer Customer  `bson:"customer"`
	Invoice  *Invoice  `bson:"invoice,omitempty"`
	Method   Method    `bson:"method"`
	Lines    []Line    `bson:"lines"`
	Parcels  []Parcel  `bson:"parcels"`
	Coupons  []Applied `bson:"coupons"`
	Needs    []Need    `bson:"needs"` // summed per resource, in their order
	DueNow   money.VND `bson:"dueNow"`

	State    State      `bson:"state"`
	Until    *time.Time `bson:"until,omitempty"`   // how long what it needs is held
	Settled  *time.Time `bson:"settled,omitempty"` // when what it needs became its own
	Released bool       `bson:"released"`          // nothing is held or settled any more
	Uncapped bool       `bson:"uncapped"`          // it counts for no limit of open orders any more
	Network  string     `bson:"network,omitempty"` // keyed hash of where it came from, until then
	Done     []string   `bson:"done"`              // steps in other documents: "fold:seller", "restore:seller", "drop:seller"
	Lease    *time.Time `bson:"lease,omitempty"`   // until when one process works on it alone
	Payments []Payment  `bson:"payments"`
	Refunds  []Refund   `bson:"refunds"`
	Steps    []Step     `bson:"steps"`
	Sessions []string   `bson:"sessions"` // at the card gateway
	Disputes []Dispute  `bson:"disputes,omitempty"`
	Demo     bool       `bson:"demo,omitempty"`
	Rev      int64      `bson:"rev"`            // grows with each step
	Wake     *time.Time `bson:"wake,omitempty"` // when the worker has to look, nil for never

	Sellers    []string `bson:"sellers"`          // of the parcels, for the index
	Refs       []string `bson:"refs"`             // ids of payments, for the index
	Desk       []string `bson:"desk"`             // where parcels lie, for the index: "seller:pack"
	Waits      []string `bson:"waits"`            // for the operator, for the index
	Stands     []string `bson:"stands,omitempty"` // events at which something is to be fetched, for the index
	outbox.Box `bson:",inline"`
}

// Total is what the shopper pays altogether.
func (o Order) Total() (sum money.VND) {
	for _, p := range o.Parcels {
		sum += p.Total()
	}
	return sum
}

// Paid is what came in, cash that was collected included.
func (o Order) Paid() (sum money.VND) {
	for _, p := range o.Payments {
		sum += p.Amount
	}
	return sum
}

// Returned is the money that goes or went back, also as a credit.
func (o Order) Returned() (sum money.VND) {
	for _, r := range o.Refunds {
		if r.Method != ByCredit {
			sum += r.Amount
		}
	}
	return sum
}

// Due is what is still to be paid now; 0 when nothing is.
func (o Order) Due() money.VND { return max(o.DueNow-o.Paid(), 0) }

// Parcel finds a part by its ID, -1 when there is none. That of a seller's goods
// is the seller.
func (o Order) Parcel(id string) int {
	for i, p := range o.Parcels {
		if p.ID() == id {
			return i
		}
	}
	return -1
}
