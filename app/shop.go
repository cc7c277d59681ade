package main

import (
	"context"
	"log/slog"
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
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/handlers"
)

// sellers tells orders who sells: an organisation, its public face and its
// terms.
type sellers struct {
	account *account.Service
	catalog *catalog.Service
	orders  *order.Service
}

// Seller implements order.Sellers.
func (s *sellers) Seller(ctx context.Context, id string) (order.Seller, error) {
	p, err := s.catalog.ProducerByID(ctx, id)
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
	return order.Seller{ID: id, Name: p.Name, NameEn: p.NameEn, Household: p.Kind == catalog.Household, MaySell: may && p.Published,
		PickupAt: p.Address.Vi, Phone: p.Phone, Path: "/producers/" + p.Slug, Commission: t.Commission, Rates: t.Rates, Demo: p.Demo}, nil
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
	who := &sellers{account: s.account, catalog: s.catalog}
	d.Sellers = who
	s.orders, err = order.New(ctx, d)
	who.orders, out.orders = s.orders, s.orders
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
	key := map[string]string{order.TaskNew: "mail.new_order", order.TaskCancelled: "mail.seller_cancelled", order.TaskAsked: "mail.seller_return"}[t.Name]
	if !ok || key == "" {
		return fault.New(fault.Internal, "internal")
	}
	o, err := e.orders.Order(ctx, orderID)
	if err != nil {
		return err
	}
	return e.account.TellOwners(ctx, id, seller, key, o.Told(seller, lang.Vi), "/console/orders/"+o.Code, e.mail.Add)
}

// words reads what the card gateway tells, nil where there is none.
func (s *services) words() handlers.CardWords {
	if s.card == nil {
		return nil
	}
	return s.card
}
