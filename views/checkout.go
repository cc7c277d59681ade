package views

import (
	"slices"

	"github.com/a-h/templ"

	"nguon/app/fault"
	"nguon/app/money"
	"nguon/catalog"
	"nguon/catalog/order"
)

// CheckoutPage is /checkout.
type CheckoutPage struct {
	Base
	Form      Form
	ID        string // of the order that the form makes, however often it is sent
	Basket    order.Basket
	Methods   []order.Method // that are offered
	Things    map[string]catalog.Product
	Recounted bool      // shown again for the new total only
	Was       money.VND // total that was shown before, where it is another now
}

// Component renders the page.
func (p CheckoutPage) Component() templ.Component {
	p.Base = p.shopping(p.T("checkoutpage.title"))
	return p.page()
}

// Blocked reports whether something must be put right in the cart first.
func (p CheckoutPage) Blocked() bool {
	return p.Basket.Problems || len(p.Basket.Refused) > 0 || len(changed(p.Basket)) > 0
}

// stuck reports whether the order cannot be placed before lines or coupons are
// changed. New prices are told on the page itself.
func (p CheckoutPage) stuck() bool { return p.Basket.Problems || len(p.Basket.Refused) > 0 }

// dest is the province that was chosen, "" for none.
func (p CheckoutPage) dest() string {
	if _, known := order.ProvinceByCode(p.Form.Get("province")); known {
		return p.Form.Get("province")
	}
	return ""
}

// goodsParcels are the parcels of a basket that are sent or fetched.
func goodsParcels(b order.Basket) (n int) {
	for _, o := range b.Parcels {
		if !o.Visit() {
			n++
		}
	}
	return n
}

// ships reports whether anything is sent.
func (p CheckoutPage) ships() bool {
	return slices.ContainsFunc(p.Basket.Parcels, func(o order.Offer) bool { return o.Way == order.Ship })
}

// ways are the choices of a parcel: one that cannot be sent is left out.
func (p CheckoutPage) ways(o order.Offer) (list []choice) {
	switch {
	case o.NoShip != nil:
	case !o.Ship:
		list = append(list, choice{string(order.Ship), p.T("checkoutpage.way.ship")})
	case o.ShipFee == 0:
		list = append(list, choice{string(order.Ship), p.T("checkoutpage.way.ship_free")})
	default:
		list = append(list, choice{string(order.Ship), p.T("checkoutpage.way.ship_fee", "Fee", o.ShipFee.String())})
	}
	if o.PickupAt != "" {
		list = append(list, choice{string(order.Pickup), p.T("checkoutpage.way.pickup", "At", o.PickupAt)})
	}
	if o.Stand != nil {
		list = append(list, choice{string(order.AtStand), p.T("checkoutpage.way.stand", "At", o.Stand.At.In(p.Lang), "Event", o.Stand.Event.In(p.Lang), "Days", o.Stand.Days(p.Lang))})
	}
	return list
}

// wayHint says why a parcel cannot be sent.
func (p CheckoutPage) wayHint(o order.Offer) string {
	if o.NoShip == nil {
		return ""
	}
	return problemWords(p.Lang, fault.As(o.NoShip))
}

// payments are the choices of how to pay.
func (p CheckoutPage) payments() (list []choice) {
	for _, m := range p.Methods {
		list = append(list, choice{string(m), p.T("checkoutpage.pay." + string(m))})
	}
	return list
}

// invoiceOpen reports whether the fields of the invoice stand open.
func (p CheckoutPage) invoiceOpen() bool {
	for _, name := range [...]string{"invoiceName", "invoiceTax", "invoiceAddress"} {
		if p.Form.Get(name) != "" || p.Form.wrong(p.Base, name) != "" {
			return true
		}
	}
	return false
}

// blockers are the lines that cannot be bought as they are.
func (p CheckoutPage) blockers() (list []order.Item) {
	for _, it := range p.Basket.Items {
		if it.Gone || it.Closed || it.Short {
			list = append(list, it)
		}
	}
	return list
}

// put is the button's value that sets how many of a line are wanted.
func put(it order.Item, n int64) string {
	return "put:" + string(it.Kind) + ":" + it.Ref + ":" + digits(n)
}

// blocked words what is wrong with a line.
func (p CheckoutPage) blocked(it order.Item) string {
	switch {
	case it.Gone:
		return p.T("cartpage.gone.says")
	case it.Closed:
		return p.T("cartpage.closed")
	case it.Apart:
		return p.T("cartpage.visit_full")
	case it.Free > 0:
		return p.N("cartpage.short", int(it.Free))
	}
	return p.T("cartpage.sold_out")
}
