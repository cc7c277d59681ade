// Package catalog lists the producers and the OCOP coffee they sell. Stock,
// orders and payments stand in packages of their own.
package catalog

import (
	"time"

	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
)

// ProducerKind is the legal form of a seller.
type ProducerKind string

// Kinds of producer.
const (
	Cooperative ProducerKind = "cooperative"
	Firm        ProducerKind = "firm"
	Household   ProducerKind = "household"
)

// Producer is the public face of an organisation and shares its id.
type Producer struct {
	ID        string        `bson:"_id"`
	Slug      string        `bson:"slug"`
	Name      string        `bson:"name"`
	NameEn    string        `bson:"nameEn,omitempty"`
	Kind      ProducerKind  `bson:"kind"`
	Commune   string        `bson:"commune"` // today's code
	Address   lang.Text     `bson:"address"`
	Phone     string        `bson:"phone,omitempty"`
	Story     lang.Text     `bson:"story"`
	Founded   int           `bson:"founded,omitempty"`
	Members   int           `bson:"members,omitempty"` // households that deliver to it
	AreaHa    float64       `bson:"areaHa,omitempty"`
	Papers    []Certificate `bson:"papers"`
	SortName  string        `bson:"sortName"`  // lang.SortKey(Name)
	Published bool          `bson:"published"` // false hides it and all it sells
	Demo      bool          `bson:"demo,omitempty"`

	FaceSeq int64 `bson:"faceSeq"` // of the registration that it shows; see Face

	// Stale says that its products may still carry what they derived from an
	// earlier version of it; Refresh finishes that.
	Stale      bool `bson:"stale"`
	outbox.Box `bson:",inline"`
}

// Certificate is a paper of a producer or product, with its validity.
type Certificate struct {
	Scheme string    `bson:"scheme"` // message key suffix under "paper."
	Number string    `bson:"number"`
	Issuer string    `bson:"issuer"`
	From   time.Time `bson:"from"`
	To     time.Time `bson:"to"`
}

// Kind is what form of coffee a product is.
type Kind string

// Kinds of product. Other holds cascara, drip bags, instant: coffee that the
// geographical indication does not name.
const (
	Green   Kind = "green"
	Roasted Kind = "roasted"
	Ground  Kind = "ground"
	Other   Kind = "other"
)

// Roast is the degree of roasting.
type Roast string

// Degrees of roasting; empty for green beans.
const (
	Light       Roast = "light"
	MediumLight Roast = "medium_light"
	Medium      Roast = "medium"
	MediumDark  Roast = "medium_dark"
	Dark        Roast = "dark"
)

// Process is how cherries became beans.
type Process string

// Ways of processing.
const (
	Washed    Process = "washed"
	Natural   Process = "natural"
	Honey     Process = "honey"
	Anaerobic Process = "anaerobic"
)

// OCOP is the recognition under the One Commune One Product programme. What a
// producer enters is a claim until the operator has seen the deciding paper.
type OCOP struct {
	Stars    int       `bson:"stars"`    // 1 to 5
	Decision string    `bson:"decision"` // number of the deciding paper
	Grantor  lang.Text `bson:"grantor"`
	From     time.Time `bson:"from"`
	To       time.Time `bson:"to"` // 36 months after From under Decision 148/QĐ-TTg; the last day counts

	Checked *Check     `bson:"checked,omitempty"` // nil: not shown to the public
	Claimed *time.Time `bson:"claimed,omitempty"` // waits for a check since
}

// Check is what the operator found of a claim.
type Check struct {
	By     string    `bson:"by"`
	At     time.Time `bson:"at"`
	Holds  bool      `bson:"holds"`
	Reason string    `bson:"reason,omitempty"` // why it does not
}

// Variant is one trade item of a product: a weight and a grind, with its own
// GTIN and price.
type Variant struct {
	GTIN     string    `bson:"gtin"` // GTIN-14
	NetGrams int64     `bson:"netGrams"`
	Grind    string    `bson:"grind"`           // message key suffix under "grind.": "beans", "fine", "medium", "coarse", "phin", "none"
	Price    money.VND `bson:"price"`           // tax included
	Ended    bool      `bson:"ended,omitempty"` // no longer sold; packets of it still name it
}

// Art says how the stand-in packet is drawn when there is no photo.
type Art struct {
	Color  string `bson:"color"`  // a token of the palette: "roast", "cherry", "leaf", "indigo", "turmeric"
	Motif  int    `bson:"motif"`  // number of the brocade pattern, from 0
	Window bool   `bson:"window"` // shows beans through a window
}

// Product is one thing a producer sells, in one or more variants.
type Product struct {
	ID         string        `bson:"_id"`
	Slug       string        `bson:"slug"`
	Producer   string        `bson:"producer"`
	Name       string        `bson:"name"`
	NameEn     string        `bson:"nameEn,omitempty"`
	Kind       Kind          `bson:"kind"`
	Species    string        `bson:"species"` // "arabica", "robusta", "blend"
	Roast      Roast         `bson:"roast,omitempty"`
	Process    Process       `bson:"process,omitempty"`
	Summary    lang.Text     `bson:"summary"` // one sentence
	Story      lang.Text     `bson:"story"`
	Notes      []lang.Text   `bson:"notes"` // tasting notes
	Brew       lang.Text     `bson:"brew"`  // how to prepare it
	OCOP       *OCOP         `bson:"ocop,omitempty"`
	Papers     []Certificate `bson:"papers"`
	Photo      string        `bson:"photo,omitempty"` // address of an own file; the drawn packet stands in
	Art        Art           `bson:"art"`
	Variants   []Variant     `bson:"variants"`
	Published  bool          `bson:"published"`
	Created    time.Time     `bson:"created"`
	Changed    time.Time     `bson:"changed"`
	First      *time.Time    `bson:"first,omitempty"` // when it was first published; from then on trade items stay
	Withdrawn  *Withdrawal   `bson:"withdrawn,omitempty"`
	Dropped    bool          `bson:"dropped,omitempty"` // a draft that was discarded, for good; see Drop
	Printed    []string      `bson:"printed,omitempty"` // numbers that lots bore before it was in the shop; see Claim
	Demo       bool          `bson:"demo,omitempty"`
	outbox.Box `bson:",inline"`

	// Derived on every write, for the indexes.
	Numbers   []string   `bson:"numbers"`  // GTINs that it holds against others; see numbers
	Commune   string     `bson:"commune"`  // the producer's
	Listed    bool       `bson:"listed"`   // it and its producer are published
	MinPrice  int64      `bson:"minPrice"` // cheapest variant, đồng
	SortName  string     `bson:"sortName"`
	Facets    []string   `bson:"facets"`              // every combination of filters that finds it; see facets
	RefreshAt *time.Time `bson:"refreshAt,omitempty"` // when its stars begin or end, and with them its facets
}

// Withdrawal says who took a product out of the shop, when and why.
type Withdrawal struct {
	By     string    `bson:"by"`
	At     time.Time `bson:"at"`
	Reason string    `bson:"reason,omitempty"`
	Market bool      `bson:"market,omitempty"` // by the operator: only the operator lets it back
	Hidden bool      `bson:"hidden,omitempty"` // it was not in the shop then, and does not come into it when it is let back
}

// Sold are the variants that are sold today.
func (p Product) Sold() []Variant {
	sold := make([]Variant, 0, len(p.Variants))
	for _, v := range p.Variants {
		if !v.Ended {
			sold = append(sold, v)
		}
	}
	return sold
}

// Filter selects published products; zero values do not filter.
type Filter struct {
	Kind     Kind
	Stars    int    // at least
	Producer string // slug
	Commune  string // code
	Sort     Sort
	After    string // cursor
	Limit    int    // of a page, 0 for the usual size
}

// Page is one page of products.
type Page struct {
	Items []Product
	Next  string // cursor of the next page, "" on the last
	Total int64  // products on all pages
}

// Sort is an order of products.
type Sort string

// Orders of the product list; ByName is the default.
const (
	ByName    Sort = ""
	PriceUp   Sort = "price"
	PriceDown Sort = "-price"
)
