package order

import (
	"cmp"
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/store"
)

// Checkout is the form by which a cart becomes an order. ID is the form's own:
// sent twice, it is one order.
type Checkout struct {
	ID       string
	Cart     string
	Person   string
	Lang     lang.Lang
	Customer Customer
	Invoice  *Invoice
	Ways     map[string]Way
	Method   Method
	Seen     money.VND // the total that the page showed
	Network  string    // where it came from, for limits; it is not stored
}

// What one order may hold of the shop before money came in.
const (
	mostCashValue money.VND = 5_000_000
	mostValue     money.VND = 50_000_000
)

// codeLetters leave out what is taken for another on a screen or in a memo:
// 0 and O, 1 I and L, 2 and Z, 5 and S, 8 and B, U and V.
const codeLetters = "ACDEFGHJKMNPQRTVWXY34679"

// newCode is what a shopper tells on the telephone and a bank in its memo: SL
// for the province and six letters.
func newCode() string {
	b := make([]byte, 6)
	rand.Read(b) // never fails; it ends the program instead
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return "SL" + string(b)
}

// PhoneKey is what tells telephones apart: digits with the country's 84 in front;
// "" for what cannot be one.
func PhoneKey(s string) string {
	var b strings.Builder
	for i, r := range strings.TrimSpace(s) {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0, r == ' ', r == '.', r == '-', r == '(', r == ')':
		default:
			return ""
		}
	}
	d := b.String()
	if t, ok := strings.CutPrefix(d, "0"); ok && !strings.HasPrefix(strings.TrimSpace(s), "+") {
		d = "84" + t
	}
	if len(d) < 10 || len(d) > 15 || d[0] == '0' || strings.HasPrefix(d, "840") {
		return ""
	}
	return d
}

func (f *Checkout) tidy() {
	line := func(s string) string { return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ") }
	c := &f.Customer
	c.Name, c.Phone, c.Email = line(c.Name), line(c.Phone), strings.TrimSpace(c.Email)
	c.Street, c.Commune, c.Note = line(c.Street), line(c.Commune), line(c.Note)
	c.Key = PhoneKey(c.Phone)
	if f.Invoice != nil {
		i := *f.Invoice
		i.Name, i.TaxCode, i.Address = line(i.Name), strings.Join(strings.Fields(i.TaxCode), ""), line(i.Address)
		f.Invoice = &i
	}
}

// validate checks a checkout against what it is about to buy.
func (f Checkout) validate(b Basket, card bool) error {
	bad := fault.NewForm("order.checkout")
	text := func(s string, most int, required bool, field string) {
		switch {
		case required && s == "":
			bad.Wrong(field, "order.field.missing")
		case utf8.RuneCountInString(s) > most:
			bad.Wrong(field, "order.field.long")
		case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
			bad.Wrong(field, "order.field.text")
		}
	}
	c := f.Customer
	ships := slices.ContainsFunc(b.Parcels, func(p Offer) bool { return p.Way == Ship })
	text(c.Name, 80, true, "name")
	bad.Need(!strings.Contains(c.Name, "://"), "name", "order.field.text")
	bad.Need(c.Key != "" && len(c.Phone) <= 30, "phone", "order.field.phone")
	bad.Need(c.Email == "" || isAddress(c.Email), "email", "order.field.email")
	text(c.Note, 300, false, "note")
	_, known := ProvinceByCode(c.Province)
	bad.Need(known || !ships && c.Province == "", "province", "order.field.choice")
	text(c.Street, 200, ships, "street")
	text(c.Commune, 100, ships, "commune")
	if f.Invoice != nil {
		text(f.Invoice.Name, 200, true, "invoiceName")
		text(f.Invoice.Address, 300, true, "invoiceAddress")
		bad.Need(len(f.Invoice.TaxCode) >= 10 && len(f.Invoice.TaxCode) <= 14 && strings.Trim(f.Invoice.TaxCode, "0123456789-") == "", "invoiceTax", "order.field.tax")
	}
	cash := !slices.ContainsFunc(b.Parcels, func(p Offer) bool { return !p.Cash })
	bad.Need(f.Method == Transfer || f.Method == Cash && cash || f.Method == Card && card, "method", "order.field.method")
	bad.Need(f.Method != Cash || b.Total <= mostCashValue, "method", "order.cash.most")
	bad.Need(b.Total <= mostValue, "method", "order.value")
	b.ask(f.Ways, known, bad)
	return bad.Result()
}

func isAddress(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	return ok && local != "" && len(s) <= 254 && strings.Contains(domain, ".") && !strings.ContainsFunc(s, func(r rune) bool {
		return r <= ' ' || r > unicode.MaxASCII || strings.ContainsRune(`<>()[]\,;:"`, r)
	}) && !strings.HasPrefix(domain, ".") && !strings.HasSuffix(domain, ".") && !strings.Contains(domain, "@")
}

// Place makes an order of a cart and holds, for cash settles, all that it needs
// or nothing. Faults: Invalid with Fields; Conflict "order.changed" when a price
// or a stock is another than the cart has, "order.recounted" with Args "Total"
// when the total is not what the page showed, "order.sold_out", "order.empty";
// TooMany of takeCaps. The same form again is the same order.
func (s *Service) Place(ctx context.Context, f Checkout) (Order, error) {
	if len(f.ID) != idLength || strings.Trim(f.ID, "0123456789abcdef") != "" {
		return Order{}, fault.New(fault.Invalid, "order.checkout")
	}
	if o, err := s.orders.Get(ctx, f.ID); !fault.Is(err, fault.NotFound) {
		return s.placedBefore(ctx, o, f, err)
	}
	f.tidy()
	if err := s.emptied(ctx, f); err != nil {
		return Order{}, err
	}
	c, err := s.claimCart(ctx, f)
	if err != nil {
		return Order{}, err
	}
	if slices.Contains(c.Orders, f.ID) { // a copy of the form was faster
		o, err := s.orders.Get(ctx, f.ID)
		return s.placedBefore(ctx, o, f, err)
	}
	o, err := s.placeCart(ctx, f, c)
	if err != nil && !fault.Is(err, fault.Unavailable) { // which may have made the order
		s.freeCart(ctx, f)
	}
	return o, err
}

func (s *Service) placeCart(ctx context.Context, f Checkout, c Cart) (Order, error) {
	b, err := s.Basket(ctx, c, Wish{f.Customer.Province, f.Ways, f.Customer.Key})
	if err != nil {
		return Order{}, err
	}
	if len(b.Items) == 0 {
		return Order{}, fault.New(fault.Conflict, "order.empty")
	}
	if err := f.validate(b, s.Gateway != nil); err != nil {
		return Order{}, err
	}
	if b.moved() {
		return Order{}, fault.New(fault.Conflict, "order.changed")
	}
	if f.Seen != b.Total {
		return Order{}, fault.New(fault.Conflict, "order.recounted").With("Total", b.Total.String())
	}
	o := s.build(f, b)
	if err := s.takeCaps(ctx, o, b); err != nil {
		return Order{}, b.named(err, f.Lang)
	}
	if o, err = s.insert(ctx, o); err != nil {
		if fault.Is(err, fault.Conflict) { // the form came twice at once
			return s.copied(ctx, f, o)
		}
		_ = s.freeCaps(ctx, o) // what fails runs out
		return Order{}, err
	}
	return s.take(ctx, o)
}

// copied is the order that a copy of the form has made while this one was being
// worked on. It has emptied the cart, which may hold other things by now, and
// freed what it counted for; mine has counted anew.
func (s *Service) copied(ctx context.Context, f Checkout, mine Order) (Order, error) {
	o, err := s.orders.Get(ctx, f.ID)
	if err == nil && (o.Uncapped || o.State == Failed) {
		_ = s.freeCaps(ctx, mine) // what fails runs out
	}
	if err := f.comesTo(o, err); err != nil {
		return Order{}, err
	}
	s.freeCart(ctx, f)
	return o, nil
}

// placedBefore is the order that a form has made already. One that is still
// being placed is waited for by asking again.
func (s *Service) placedBefore(ctx context.Context, o Order, f Checkout, err error) (Order, error) {
	if err := f.comesTo(o, err); err != nil {
		return Order{}, err
	}
	return o, s.clearCart(ctx, o)
}

// comesTo says why a form does not come to an order that bears its id, nil when it
// does; err is that of reading it.
func (f Checkout) comesTo(o Order, err error) error {
	switch {
	case err != nil:
		return unknown(err)
	case o.Cart != f.Cart:
		return fault.New(fault.NotFound, "order.not_found")
	case o.State == Failed:
		return fault.New(fault.Conflict, "order.sold_out")
	case o.State == Placing:
		return fault.New(fault.Unavailable, "store.busy")
	}
	return nil
}

// build makes the order of a basket; nothing is held yet.
func (s *Service) build(f Checkout, b Basket) Order {
	now := store.Stamp(s.Now())
	o := Order{ID: f.ID, Cart: f.Cart, Person: f.Person, Lang: f.Lang, Placed: now, Customer: f.Customer, Invoice: f.Invoice, Method: f.Method,
		Lines: []Line{}, Parcels: []Parcel{}, Coupons: slices.Clone(b.Coupons), State: Placing, Payments: []Payment{}, Refunds: []Refund{},
		Steps: []Step{}, Done: []string{}, Sellers: []string{}, Refs: []string{}, Sessions: []string{}, Demo: b.Demo}
	if o.Coupons == nil {
		o.Coupons = []Applied{}
	}
	for _, it := range b.Items {
		o.Lines = append(o.Lines, it.Line)
	}
	for _, p := range b.Parcels {
		o.Parcels = append(o.Parcels, p.Parcel)
		if !slices.Contains(o.Sellers, p.Seller) {
			o.Sellers = append(o.Sellers, p.Seller)
		}
	}
	o.Needs = needs(o.Lines)
	for _, k := range o.Coupons {
		o.Needs = append(o.Needs, Need{couponNeed, k.Code, k.Claim})
	}
	if f.Network != "" {
		o.Network = s.hash("network", f.Network)
	}
	if f.Method != Cash {
		o.DueNow = o.now()
		until := now.Add(s.holdFor(f.Method))
		o.Until = &until
	}
	lease := store.Stamp(now.Add(leaseFor))
	o.Lease = &lease
	o.seal(now)
	return o
}

func (s *Service) holdFor(m Method) time.Duration {
	switch {
	case m == Card:
		return holdCard
	case s.Webhook:
		return holdWebhook
	}
	return holdTransfer
}

// insert stores an order under a code that no other has.
func (s *Service) insert(ctx context.Context, o Order) (Order, error) {
	for range 5 {
		o.Code = newCode()
		err := s.orders.Insert(ctx, o)
		if !fault.Is(err, fault.Conflict) {
			return o, err
		}
		if _, found := s.orders.Get(ctx, o.ID); !fault.Is(found, fault.NotFound) {
			return o, cmp.Or(found, err)
		}
	}
	return o, fault.New(fault.Unavailable, "store.busy")
}

// take holds what an order needs, or settles it where nothing is to be paid
// before. With one that is not to be had, none is kept.
func (s *Service) take(ctx context.Context, o Order) (Order, error) {
	for _, n := range o.Needs {
		err := s.takeOne(ctx, o, n)
		if err == nil {
			continue
		}
		if !fault.Is(err, fault.Conflict) && !fault.Is(err, fault.NotFound) {
			return Order{}, err // the worker ends it
		}
		if e := s.record(ctx, o.ID, func(o *Order, now time.Time) {
			if o.State == Placing {
				o.fail("shopper", n.Resource, now)
			}
		}); e != nil {
			return Order{}, e
		}
		s.follow(ctx, o.ID)
		return Order{}, fault.Wrap(fault.Conflict, "order.sold_out", err)
	}
	placed := false
	err := s.record(ctx, o.ID, func(o *Order, now time.Time) {
		if placed = o.State == Placing; !placed {
			return // the worker has given it up meanwhile
		}
		o.open(now)
		if o.DueNow == 0 {
			o.confirm("shopper", now)
		}
	})
	if err != nil {
		return Order{}, err
	}
	if placed && o.Method == Cash {
		if err := s.keepPhone(ctx, o, s.Now().Add(capsKept)); err != nil {
			s.Log.Warn("an order on delivery counts only for a while", "order", masked(o.ID), "error", err)
		}
	}
	s.follow(ctx, o.ID)
	if !placed {
		return Order{}, errInterrupted(s.releaseAll(ctx, o))
	}
	if o, err = s.orders.Get(ctx, o.ID); err != nil {
		return o, err
	}
	return o, s.clearCart(ctx, o)
}

func errInterrupted(err error) error {
	return cmp.Or(err, error(fault.New(fault.Unavailable, "store.busy")))
}

func (s *Service) takeOne(ctx context.Context, o Order, n Need) error {
	f, err := s.fulfiller(n.Kind)
	if err != nil {
		return err
	}
	if o.DueNow == 0 {
		return f.Settle(ctx, o.ID, n)
	}
	return f.Hold(ctx, o.ID, n, o.Until.Add(grace)) // a word about money in time may be late
}
