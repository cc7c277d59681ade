package main

import (
	"context"
	"log/slog"
	"strconv"
	"time"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/goods"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/app/outbox"
	"nguon/app/pay/stripepay"
	"nguon/app/pay/vietqr"
	"nguon/app/seal"
	"nguon/app/seats"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/handlers"
	"nguon/tours"
)

// sellers tells orders who sells: an organisation, its public face and its
// terms.
type sellers struct {
	account  *account.Service
	catalog  *catalog.Service
	orders   *order.Service
	festival *tours.Editions
}

// Seller implements order.Sellers.
func (s *sellers) Seller(ctx context.Context, id string) (order.Seller, error) {
	p, err := s.catalog.ProducerByID(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return s.committee(ctx, id)
	}
	if err != nil {
		return order.Seller{}, err
	}
	may, err := s.account.MayPublish(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	t, err := s.orders.Terms(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	stand, err := seats.StandOf(ctx, s.festival, id, time.Now())
	if err != nil {
		return order.Seller{}, err
	}
	return order.Seller{ID: id, Name: p.Name, NameEn: p.NameEn, Household: p.Kind == catalog.Household, MaySell: may && p.Published,
		PickupAt: p.Address.Vi, Stand: stand, Phone: p.Phone, Path: "/producers/" + p.Slug, Commission: t.Commission, Rates: t.Rates, Demo: p.Demo}, nil
}

// committee is who holds a festival: it has no public face in the catalogue, and
// sells visits and tickets.
func (s *sellers) committee(ctx context.Context, id string) (order.Seller, error) {
	o, err := s.account.OrgByID(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	if o.Kind != account.Committee {
		return order.Seller{}, fault.New(fault.NotFound, "http.not_found")
	}
	t, err := s.orders.Terms(ctx, id)
	if err != nil {
		return order.Seller{}, err
	}
	return order.Seller{ID: id, Name: o.Name, NameEn: o.NameEn, MaySell: o.Status == account.Approved, Phone: o.Phone, Path: "/festival", Commission: t.Commission, Rates: t.Rates, Demo: o.Demo}, nil
}

// shop joins orders with who sells, what is sold and how it is paid.
func (s *services) shop(ctx context.Context, cfg Config, out *effects, log *slog.Logger) (err error) {
	key, err := seal.Key([]byte(cfg.SecretKey), "nguon/order/1")
	if err != nil {
		return err
	}
	d := order.Deps{DB: s.db, Effects: out, Fulfillers: map[order.Kind]order.Fulfiller{order.Goods: goods.Goods{Catalog: s.catalog}},
		Account: cfg.BankAccount, Webhook: cfg.TransferSecret != "", Key: key, Now: time.Now, Log: log}
	if cfg.StripeKey != "" {
		s.card = stripepay.New(stripepay.Options{Key: cfg.StripeKey, WebhookSecrets: cfg.StripeSecrets, Base: cfg.StripeBase, Log: log})
		d.Gateway = s.card
	}
	d.Pay = cfg.payee().tell
	who := &sellers{account: s.account, catalog: s.catalog, festival: s.festival}
	d.Sellers = who
	paid := &seats.Shop{}
	s.tours, err = tours.New(ctx, tours.Deps{DB: s.db, Effects: out, Shop: paid, Secret: []byte(cfg.SecretKey), OldSecret: []byte(cfg.SecretKeyOld), Now: time.Now, Log: log})
	if err != nil {
		return err
	}
	d.Fulfillers[seats.Kind] = seats.Seats{Tours: s.tours}
	s.orders, err = order.New(ctx, d)
	who.orders, paid.Orders, out.orders, out.tours = s.orders, s.orders, s.orders, s.tours
	return err
}

// payee is the account that shoppers transfer to.
type payee struct{ bin, number, name string }

// tell words how an order is transferred: the bank, and the VietQR that its app
// reads. Without an account there is nothing to tell.
func (p payee) tell(code string, due money.VND) (qr string, args map[string]string) {
	if p.number == "" || due <= 0 {
		return "", nil
	}
	b, _ := vietqr.BankByBIN(p.bin)
	args = map[string]string{"Bank": b.Short, "Account": p.number, "Holder": p.name}
	qr, err := vietqr.Payload(vietqr.Payee{BIN: p.bin, Number: p.number, Name: p.name}, due, code)
	if err != nil {
		return "", args
	}
	return qr, args
}

// orderTask performs what orders post.
func (e *effects) orderTask(ctx context.Context, id string, t outbox.Task) error {
	switch t.Name {
	case order.TaskVisit:
		return seats.Follow(ctx, e.orders, e.tours, t)
	case order.TaskStand:
		return seats.FollowPlaced(ctx, e.festival, e.orders, t)
	case order.TaskLedger:
		return e.orders.WriteLedger(ctx, t.Object)
	case order.TaskStuck:
		o, err := e.orders.Order(ctx, t.Object)
		if err != nil {
			return err
		}
		return e.account.TellOperators(ctx, id, "mail.stuck", map[string]string{"Code": o.Code}, "/console/money", e.mail.Add)
	}
	orderID, seller, ok := order.CutTask(t.Object)
	key := map[string]string{order.TaskNew: "mail.new_order", order.TaskCancelled: "mail.seller_cancelled", order.TaskAsked: "mail.seller_return", order.TaskStandGone: "mail.seller_stand"}[t.Name]
	if !ok || key == "" {
		return fault.New(fault.Internal, "internal")
	}
	o, err := e.orders.Order(ctx, orderID)
	if err != nil {
		return err
	}
	return e.account.TellOwners(ctx, id, seller, key, o.Told(seller, lang.Vi), "/console/orders/"+o.Code, e.mail.Add)
}

// visitTask performs what bookings and reviews post.
func (e *effects) visitTask(ctx context.Context, id string, t outbox.Task) error {
	switch t.Name {
	case tours.TaskBooked:
		return e.toldOfVisit(ctx, id, t.Object)
	case tours.TaskReview:
		r, err := e.tours.Review(ctx, t.Object)
		if err != nil {
			return err
		}
		tour, err := e.tours.Tour(ctx, r.Tour)
		if err != nil {
			return err
		}
		return e.account.TellOwners(ctx, id, r.Org, "mail.new_review", map[string]string{"Title": tour.Name, "Stars": strconv.FormatInt(r.Stars, 10), "Text": r.Text}, "/console/tours/reviews", e.mail.Add)
	}
	return e.tours.Do(ctx, t)
}

// festivalTask carries changes of a festival to the seats of its ticketed events,
// to orders that are fetched at its booths, and to the search index.
func (e *effects) festivalTask(ctx context.Context, t outbox.Task) error {
	if t.Name == tours.TaskEvent {
		if err := e.festival.Follow(ctx, t.Object, e.tours.SyncEvent); err != nil {
			return err
		}
		return e.finder.Note(ctx, "event:"+t.Object)
	}
	if err := e.festival.FollowAll(ctx, t.Object, e.tours.SyncEvent); err != nil {
		return err
	}
	if err := seats.FollowEdition(ctx, e.festival, e.orders, t.Object); err != nil {
		return err
	}
	return e.finder.Note(ctx, "edition:"+t.Object)
}

// toldOfVisit sends the party its ticket and tells the host who comes.
func (e *effects) toldOfVisit(ctx context.Context, id, booking string) error {
	b, t, d, err := e.tours.Whole(ctx, booking)
	if err != nil {
		return err
	}
	if b.Email != "" {
		m, err := e.tours.TicketMail(b, t, d)
		if err != nil {
			return err
		}
		if err := e.mail.Add(ctx, id+":ticket", m); err != nil {
			return err
		}
	}
	b.Lang = lang.Vi
	return e.account.TellOwners(ctx, id, b.Org, "mail.new_visit", map[string]string{"Title": t.Name, "When": lang.Vi.DateTime(d.Start), "Party": b.Words(t), "Name": b.Name, "Code": b.Code},
		"/console/tours/departures/"+d.ID, e.mail.Add)
}

// words reads what the card gateway tells, nil where there is none.
func (s *services) words() handlers.CardWords {
	if s.card == nil {
		return nil
	}
	return s.card
}
