package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/seed"
	"nguon/catalog"
	"nguon/catalog/order"
	"nguon/tours"
)

// What the operator does with a product reaches its owner, and nobody else, by
// mail; what a lot packs cannot be discarded.
func TestOwnersReadOfTheirProducts(t *testing.T) {
	ctx := t.Context()
	cfg := testConfig(t)
	s, err := open(ctx, cfg, slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	list, err := s.catalog.Own(ctx, "demo-suong-nui")
	if err != nil {
		t.Fatal(err)
	}
	var p catalog.Product
	for _, x := range list {
		if x.OCOP != nil && x.Published {
			p = x
		}
	}
	for _, do := range []func() error{
		func() error {
			return s.catalog.CheckOCOP(ctx, "op", p.ID, p.Changed, false, "Không thấy số này.")
		},
		func() error { return s.catalog.Withdraw(ctx, "op", p.ID, "Ảnh của nơi khác.", true) },
		func() error { return s.catalog.Publish(ctx, "op", p.ID, true) },
		func() error {
			now, err := s.catalog.ByID(ctx, p.ID)
			if err != nil {
				return err
			}
			return s.catalog.CheckOCOP(ctx, "op", p.ID, now.Changed, true, "")
		},
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.mail.Work(ctx); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(cfg.DataDir, mailFolder)
	for _, subject := range []string{"chưa được xác nhận", "bị gỡ khỏi chợ", "trở lại chợ", "đã được xác nhận"} {
		if link := letter(t, cfg.DataDir, "chu-htx@nguon.example", subject); link != cfg.BaseURL+"/console/shop/"+p.ID {
			t.Errorf("%q leads to %s", subject, link)
		}
	}
	names, err := filepath.Glob(filepath.Join(folder, "*.eml"))
	if err != nil || len(names) != 4 {
		t.Errorf("%d mails, %v", len(names), err)
	}
	for _, name := range names {
		if b, err := os.ReadFile(name); err != nil || strings.Contains(string(b), "no value") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := s.catalog.Drop(ctx, "p", p.ID); fault.CodeOf(err) != "catalog.product.in_lot" {
		t.Errorf("discarded: %v", err)
	}
}

// Who was to hand an order out at a booth that the committee took away is told.
func TestASellerReadsThatItsBoothIsGone(t *testing.T) {
	ctx := t.Context()
	cfg := testConfig(t)
	s, err := open(ctx, cfg, slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const seller = "demo-suong-nui"
	page, err := s.catalog.Products(ctx, catalog.Filter{Producer: "htx-ca-phe-suong-nui"})
	must(err)
	if len(page.Items) == 0 {
		t.Fatal("nothing is sold")
	}
	cart := order.NewID()
	must(s.orders.Put(ctx, cart, "", order.Goods, page.Items[0].Sold()[0].GTIN, 1))
	ways := map[string]order.Way{seller: order.AtStand}
	c, err := s.orders.Cart(ctx, cart)
	must(err)
	b, err := s.orders.Basket(ctx, c, order.Wish{Ways: ways})
	must(err)
	o, err := s.orders.Place(ctx, order.Checkout{ID: order.NewID(), Cart: cart, Lang: lang.Vi, Method: order.Cash, Network: "n", Ways: ways, Seen: b.Total,
		Customer: order.Customer{Name: "Lò Thị Hoa", Phone: "0912 345 678"}})
	must(err)
	e, err := s.festival.Edition(ctx, seed.Festival)
	must(err)
	e.Booths = slices.DeleteFunc(slices.Clone(e.Booths), func(b tours.Booth) bool { return b.Producer == seller })
	_, err = s.festival.SetBooths(ctx, tours.EditionEdit{By: "test", Edition: e, Seen: e.Changed})
	must(err)
	_, err = s.mail.Work(ctx)
	must(err)
	if link := letter(t, cfg.DataDir, "chu-htx@nguon.example", "không lấy được ở lễ hội"); link != cfg.BaseURL+"/console/orders/"+o.Code {
		t.Errorf("the mail leads to %s", link)
	}
}
