package views

import (
	"strings"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/catalog/order"
)

const (
	buyLong = "Hợp tác xã Nông nghiệp Dịch vụ Tổng hợp Cà phê Đặc sản Thượng Nguồn Sông Mã"
	buyGTIN = "09521234000012"
)

var buyNow = time.Date(2026, 11, 26, 3, 0, 0, 0, time.UTC)

func buyItem(ref, seller string, n int64, price money.VND, change func(*order.Item)) order.Item {
	it := order.Item{Line: order.Line{Kind: order.Goods, Ref: ref, Seller: seller, Title: lang.Text{Vi: "Cà phê Arabica Chiềng Ban rang mộc thủ công bằng chảo gang", En: "Pan-roasted Arabica"},
		Detail: lang.Text{Vi: "250 g · Nguyên hạt", En: "250 g · Whole beans"}, Path: "/products/x", Quantity: n, Price: price, Grams: 280}, Free: 20}
	if change != nil {
		change(&it)
	}
	return it
}

func buyOffer(seller, name string, goods money.VND, change func(*order.Offer)) order.Offer {
	o := order.Offer{Parcel: order.Parcel{Seller: seller, SellerName: name, Way: order.Ship, State: order.Waiting, Goods: goods, Fee: 20_000}, Ship: true, ShipFee: 20_000, PickupAt: "Bản Noong, xã Chiềng Mai", Cash: true, Grams: 560}
	if change != nil {
		change(&o)
	}
	return o
}

func fullBasket() order.Basket {
	return order.Basket{Items: []order.Item{buyItem(buyGTIN, "htx", 2, 135_000, nil), buyItem("09521234000029", "ho", 1, 89_000, nil)},
		Parcels: []order.Offer{buyOffer("htx", buyLong, 270_000, func(o *order.Offer) { o.OffMarket = 20_000 }),
			buyOffer("ho", "Hộ X", 89_000, func(o *order.Offer) {
				o.Way, o.Fee, o.Ship, o.NoShip = order.Pickup, 0, false, fault.New(fault.Invalid, "order.no_delivery")
			})},
		Coupons: []order.Applied{{Code: "MUAHAI", Off: 20_000}}, Total: 359_000, Demo: true}
}

// troubled is a basket with everything that can stand in the way.
func troubled() order.Basket {
	b := fullBasket()
	b.Problems = true
	b.Items[0].Seen = 120_000
	b.Items[1].Short, b.Items[1].Free = true, 0
	b.Items = append(b.Items,
		buyItem("09521234000036", "htx", 9, 50_000, func(it *order.Item) { it.Short, it.Free = true, 3 }),
		buyItem("09521234000043", "htx", 1, 60_000, func(it *order.Item) { it.Closed = true }),
		order.Item{Line: order.Line{Kind: order.Goods, Ref: "09521234000050", Quantity: 1}, Gone: true},
		order.Item{Line: order.Line{Kind: "seat", Ref: "s1", Quantity: 1}, Gone: true})
	b.Refused = []order.RefusedCode{{Code: "HETHAN", Err: fault.New(fault.Invalid, "order.coupon.over")}, {Code: "TU500", Err: fault.New(fault.Invalid, "order.coupon.least").With("Least", "500.000 ₫")}}
	return b
}

func buyThings() map[string]catalog.Product {
	p := sampleProduct(catalog.Roasted, "roast", 4)
	photo := p
	photo.Photo = "/photos/x-l.jpg"
	return map[string]catalog.Product{buyGTIN: p, "09521234000029": photo, "09521234000036": p, "09521234000050": p}
}

func buyOrder(change func(*order.Order)) order.Order {
	until := buyNow.Add(23*time.Hour + 12*time.Minute)
	o := order.Order{ID: strings.Repeat("0a", 16), Code: "SLQW34TA", Placed: buyNow.Add(-time.Hour), Method: order.Transfer, State: order.Open, DueNow: 359_000, Until: &until, Demo: true,
		Customer: order.Customer{Name: "Lò Thị Hoa", Phone: "0912 345 678", Email: "hoa@khach.example", Street: "12 Tô Hiệu", Commune: "Phường Tô Hiệu", Province: "14", Note: "Giao sau 17 giờ."},
		Coupons:  []order.Applied{{Code: "MUAHAI", Off: 20_000}}}
	b := fullBasket()
	for _, it := range b.Items {
		o.Lines = append(o.Lines, it.Line)
	}
	for _, p := range b.Parcels {
		o.Parcels = append(o.Parcels, p.Parcel)
	}
	if change != nil {
		change(&o)
	}
	return o
}

// confirmed is an order that was paid, with its parcels in a state.
func confirmed(states ...order.ParcelState) func(*order.Order) {
	return func(o *order.Order) {
		at := buyNow
		o.State, o.Settled = order.Confirmed, &at
		o.Payments = []order.Payment{{ID: "vcb:1", Method: order.Transfer, Amount: 359_000, Booked: buyNow}}
		for i, s := range states {
			p := &o.Parcels[i]
			p.State = s
			o.Steps = append(o.Steps, order.Step{Name: "packed", Note: p.Seller, At: at})
			switch s {
			case order.Sent, order.Delivered, order.Returned:
				p.SentAt, p.Carrier, p.Tracking = &at, "Vietnam Post", "EMS123456789VN"
			case order.Dropped:
				p.DroppedAt = &at
			}
			if s == order.Delivered || s == order.Returned {
				p.Got = &at
			}
			if s == order.Returned {
				p.Back, p.Asked = &at, "Gói bị rách."
				o.Steps = append(o.Steps, order.Step{Name: "return_asked", Note: p.Seller, At: at})
			}
		}
	}
}

// ended is an order that is over, with what goes back.
func ended(s order.State, paid money.VND, refunds ...order.Refund) func(*order.Order) {
	return func(o *order.Order) {
		o.State, o.Refunds = s, refunds
		if paid > 0 {
			o.Payments = []order.Payment{{ID: "vcb:1", Method: order.Transfer, Amount: paid, Booked: buyNow}}
		}
	}
}

func buyRefund(id, cause string, s order.RefundState) order.Refund {
	r := order.Refund{ID: id, Amount: 359_000, Method: order.Transfer, State: s, Cause: cause, Ref: "FT1"}
	if s != order.RefundAsked {
		r.Account = &order.Account{BIN: "970436", Number: "0999999999", Name: "LO THI HOA"}
	}
	return r
}

func shopperBase(l lang.Lang, path string) Base {
	return Base{Lang: l, Path: path, BaseURL: "https://nguon.example"}
}

// ordersIn are orders in every stage, by its name.
func ordersIn() map[string]order.Order {
	card := func(o *order.Order) { o.Method = order.Card }
	passed := buyNow.Add(-time.Minute)
	return map[string]order.Order{
		"open_transfer": buyOrder(nil), "part": buyOrder(func(o *order.Order) {
			o.Payments = []order.Payment{{ID: "1", Method: order.Transfer, Amount: 9_000, Booked: buyNow}}
		}),
		"open_card": buyOrder(card), "card_back": buyOrder(card), "late": buyOrder(func(o *order.Order) { o.Until = &passed }),
		"placing": buyOrder(func(o *order.Order) { o.State = order.Placing }), "failed": buyOrder(ended(order.Failed, 0)),
		"settling":  buyOrder(func(o *order.Order) { o.State = order.Settling }),
		"confirmed": buyOrder(confirmed(order.ToPack, order.Packed)), "some_sent": buyOrder(confirmed(order.Sent, order.ToPack)),
		"confirmed_cod": buyOrder(func(o *order.Order) {
			confirmed(order.ToPack, order.ToPack)(o)
			o.Method, o.Payments = order.Cash, nil
			o.Invoice = &order.Invoice{Name: buyLong, TaxCode: "0101234567", Address: "1 Tô Hiệu"}
		}),
		"sent": buyOrder(confirmed(order.Sent, order.Delivered)), "delivered": buyOrder(confirmed(order.Delivered, order.Delivered)),
		"ready": buyOrder(func(o *order.Order) {
			confirmed(order.Sent, order.Sent)(o)
			o.Parcels[0].Way, o.Parcels[1].Way = order.Pickup, order.Pickup
		}),
		"back": buyOrder(func(o *order.Order) {
			confirmed(order.Returned, order.Dropped)(o)
			o.Refunds = []order.Refund{buyRefund("r1", "returned", order.RefundDone), buyRefund("r2", "dropped", order.RefundCredit)}
		}),
		"expired": buyOrder(ended(order.Expired, 0)), "expired_paid": buyOrder(ended(order.Expired, 9_000, buyRefund("r1", "late", order.RefundFailed))),
		"cancelled": buyOrder(ended(order.Cancelled, 0)), "cancelled_paid": buyOrder(ended(order.Cancelled, 359_000, buyRefund("r1", "cancelled", order.RefundReady), buyRefund("r2", "over", order.RefundSent))),
		"stuck": buyOrder(ended(order.Stuck, 359_000, buyRefund("r1", "stuck", order.RefundAsked))),
	}
}

// shopperPages are the pages of a shopper: empty, full, with long names, with
// errors.
func shopperPages(l lang.Lang) map[string]Page {
	wrong := wrongAt("order.checkout", "phone", "order.field.phone", "name", "order.field.missing", "email", "order.field.email", "province", "order.field.choice", "commune", "order.field.missing",
		"street", "order.field.missing", "method", "order.field.method", "way.htx", "order.field.way", "invoiceTax", "order.field.tax", "note", "order.field.long")
	filled := map[string]string{"phone": "12", "name": "Lò Thị Hoa", "province": "14", "way.htx": "ship", "way.ho": "pickup", "method": "transfer", "invoiceTax": "1", "note": `"<b>`}
	all := []order.Method{order.Transfer, order.Cash, order.Card}
	done := shopperBase(l, "/cart")
	done.Done = "done.cart_added"
	member := shopperBase(l, "/cart")
	member.Me, member.Token = &Me{Name: "Lò Thị Hoa", Sections: []Section{{Path: "/console", Name: "console.home", Icon: "house"}}}, "form-token"
	priced := fullBasket()
	priced.Items[0].Seen = 120_000
	onlyCoupon := fullBasket()
	onlyCoupon.Refused = troubled().Refused
	pages := map[string]Page{
		"cart-0":          CartPage{Base: shopperBase(l, "/cart")},
		"cart":            CartPage{Base: done, Basket: fullBasket(), Things: buyThings(), Dest: "14"},
		"cart-open":       CartPage{Base: member, Basket: fullBasket(), Things: buyThings()},
		"cart-trouble":    CartPage{Base: shopperBase(l, "/cart"), Basket: troubled(), Things: buyThings(), Dest: "79"},
		"cart-price":      CartPage{Base: shopperBase(l, "/cart"), Basket: priced, Things: buyThings()},
		"cart-coupon":     CartPage{Base: shopperBase(l, "/cart"), Basket: onlyCoupon, Things: buyThings(), Form: Form{Values: map[string]string{"coupon": "<X>"}, Err: wrongAt("order.coupon.unknown", "coupon", "order.coupon.unknown")}},
		"cart-quantity":   CartPage{Base: shopperBase(l, "/cart"), Basket: fullBasket(), Things: buyThings(), Form: Form{Values: map[string]string{"do": "set", "ref": buyGTIN, "quantity": "1000"}, Err: wrongAt("order.cart.quantity", "n-"+buyGTIN, "order.cart.quantity").With("Most", 999)}},
		"checkout":        CheckoutPage{Base: shopperBase(l, "/checkout"), ID: strings.Repeat("0b", 16), Basket: fullBasket(), Methods: all, Things: buyThings(), Form: Form{Values: map[string]string{"province": "14", "way.htx": "ship"}}},
		"checkout-wrong":  CheckoutPage{Base: shopperBase(l, "/checkout"), ID: strings.Repeat("0b", 16), Basket: fullBasket(), Methods: all, Things: buyThings(), Form: Form{Values: filled, Err: wrong}},
		"checkout-stuck":  CheckoutPage{Base: shopperBase(l, "/checkout"), ID: strings.Repeat("0b", 16), Basket: troubled(), Methods: all[:1], Things: buyThings(), Was: 300_000, Form: Form{Values: filled, Err: fault.New(fault.Conflict, "order.changed")}},
		"checkout-none":   CheckoutPage{Base: member, ID: strings.Repeat("0b", 16), Basket: priced, Things: buyThings(), Recounted: true},
		"find":            FindPage{Base: shopperBase(l, "/orders")},
		"find-not":        FindPage{Base: shopperBase(l, "/orders"), Form: Form{Values: map[string]string{"number": "<SL>", "phone": "09"}, Err: fault.New(fault.NotFound, "order.not_found")}},
		"order-account":   OrderPage{Base: shopperBase(l, "/orders/"+buyOrder(nil).ID), Now: buyNow, Order: ordersIn()["stuck"], Form: Form{Values: map[string]string{"holder": "X"}, Err: wrongAt("order.account.form", "bin", "order.field.choice", "number", "order.account.number")}},
		"order-return":    OrderPage{Base: shopperBase(l, "/orders/"+buyOrder(nil).ID), Now: buyNow, Order: ordersIn()["sent"], Form: Form{Err: wrongAt("order.return.form", "why.htx", "order.field.missing")}},
		"order-cancelled": OrderPage{Base: done, Now: buyNow, Order: ordersIn()["cancelled"]},
	}
	pages["order-declined"] = OrderPage{Base: shopperBase(l, "/orders/"+buyOrder(nil).ID), Now: buyNow, Order: buyOrder(func(o *order.Order) {
		confirmed(order.Delivered, order.Delivered)(o)
		o.Parcels[0].Asked, o.Parcels[0].Declined, o.Parcels[0].Why = "Gói bị rách.", &buyNow, "Gói đã dùng quá nửa."
		o.Steps = append(o.Steps, order.Step{Name: "return_asked", Note: o.Parcels[0].Seller, At: buyNow}, order.Step{Name: "return_declined", Note: o.Parcels[0].Seller, At: buyNow})
		credit := buyRefund("r2", "dropped", order.RefundCredit)
		credit.Method, credit.Ref, credit.Expires = order.ByCredit, "TD-0123456789ABCDEF", &buyNow
		o.Refunds = []order.Refund{buyRefund("r1", "dispute", order.RefundDone), credit}
	})}
	for stage, o := range ordersIn() {
		p := OrderPage{Base: shopperBase(l, "/orders/"+o.ID), Now: buyNow, Order: o, Payee: order.Account{BIN: "970436", Number: "0123456789", Name: "CHO NGUON"}, Card: true, Back: stage == "card_back"}
		p.Demo = o.Demo
		if p.Payable() && o.Method == order.Transfer {
			p.QR = "00020101021238540010A00000072701240006970436011001234567890208QRIBFTTA5303704540635900058 02VN62120808SLQW34TA6304ABCD"
		}
		pages["order-"+stage] = p
	}
	return pages
}
