package views

import (
	"html"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/catalog/order"
)

// CartPage is /cart.
type CartPage struct {
	Base
	Form   Form
	Basket order.Basket
	Dest   string                     // province of the estimate, "" for none
	Things map[string]catalog.Product // that lines name, by reference
}

// Component renders the page.
func (p CartPage) Component() templ.Component {
	p.Base = p.shopping(p.T("cartpage.title"))
	return p.page()
}

// shopping is what the pages of a shopper have in common: nothing for search
// engines, and no sections of the console around them.
func (b Base) shopping(title string) Base {
	b = b.named(title, b.Lang.T("cartpage.description"))
	b.NoIndex, b.shopper = true, true
	return b
}

// with is the address of a page that goes on with the estimate.
func (p CartPage) with(path string) templ.SafeURL {
	if p.Dest != "" {
		path += "?to=" + p.Dest
	}
	return p.To(path)
}

// gone are the lines that are not sold any more.
func (p CartPage) gone() (list []order.Item) {
	for _, it := range p.Basket.Items {
		if it.Gone {
			list = append(list, it)
		}
	}
	return list
}

// itemsOf are the lines of one parcel that can be priced.
func itemsOf(b order.Basket, parcel string) (list []order.Item) {
	for _, it := range b.Items {
		if !it.Gone && it.Parcel() == parcel {
			list = append(list, it)
		}
	}
	return list
}

// changed are the lines whose price is another than the one they were put in
// with.
func changed(b order.Basket) (list []order.Item) {
	for _, it := range b.Items {
		if it.Seen != 0 && !it.Gone {
			list = append(list, it)
		}
	}
	return list
}

// priceField names the hidden field of a price that a page tells.
func priceField(it order.Item) string { return "price." + string(it.Kind) + ":" + it.Ref }

func digits[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// itemTitle is what a line is called, also when it is not sold any more.
func itemTitle(b Base, it order.Item, things map[string]catalog.Product) string {
	if t := it.Title.In(b.Lang); t != "" {
		return t
	}
	if p, ok := things[it.Ref]; ok {
		return name(b.Lang, p)
	}
	return b.T("cartpage.gone.unnamed")
}

// quantityProblem is what is wrong with the quantity of a line.
func (p CartPage) quantityProblem(it order.Item) string { return p.Form.wrong(p.Base, "n-"+it.Ref) }

// typedQuantity is what stands in the field of a line.
func (p CartPage) typedQuantity(it order.Item) string {
	if p.Form.Err != nil && p.Form.Get("ref") == it.Ref && p.Form.Get("do") == "set" {
		return p.Form.Get("quantity")
	}
	return digits(it.Quantity)
}

// estimate is the form of the menu of provinces.
func (p CartPage) estimate() Form { return Form{Values: map[string]string{"to": p.Dest}} }

// provinces are the choices of a menu.
func provinces(b Base) []choice {
	list := []choice{{"", b.T("form.choose")}}
	for _, p := range order.Provinces {
		list = append(list, choice{p.Code, p.Name})
	}
	return list
}

// feeWords is what a parcel's delivery costs, or why it is not known.
func feeWords(b Base, p order.Offer, dest string) string {
	switch {
	case p.Way == order.OnSite:
		return b.T("cartpage.fee.none")
	case p.Way == order.AtStand:
		return b.T("cartpage.fee.stand")
	case p.Way == order.Pickup && dest != "" && p.NoShip != nil:
		return b.T("cartpage.fee.only_pickup")
	case p.Way == order.Pickup:
		return b.T("cartpage.fee.pickup")
	case dest == "":
		return b.T("cartpage.fee.unknown")
	case p.NoShip != nil:
		return problemWords(b.Lang, fault.As(p.NoShip))
	case p.Fee == 0:
		return b.T("cartpage.fee.free")
	}
	return p.Fee.String()
}

// off is what coupons take from a parcel.
func off(p order.Parcel) string { return "−" + (p.OffSeller + p.OffMarket).String() }

// fees reports whether the total holds what every parcel costs to be sent.
func feesKnown(b order.Basket, dest string) bool {
	for _, p := range b.Parcels {
		if p.Way == order.Ship && (dest == "" || p.NoShip != nil) {
			return false
		}
	}
	return true
}

// refusal words why a coupon does not count.
func refusal(b Base, r order.RefusedCode) string { return b.Lang.Map(r.Err.Code, r.Err.Args) }

// thing is the picture of a line: of its product, with a mark of its own, since
// two lines may be of one product.
func thing(l lang.Lang, it order.Item, things map[string]catalog.Product) templ.Component {
	p, ok := things[it.Ref]
	switch {
	case ok && p.Photo == "":
		return raw(drawPacketAs(l, p, it.Ref))
	case ok:
		return picture(l, p)
	case it.Image != "":
		return raw(`<img class="photo" src="` + html.EscapeString(it.Image) + `" alt="" loading="lazy" decoding="async">`)
	}
	if it.Apart {
		return icon("ticket")
	}
	return icon("package")
}

// tileOf is the ground that the picture of a line stands on.
func tileOf(it order.Item, things map[string]catalog.Product) string {
	return "tile-" + tileColor(things[it.Ref])
}

// fewLeft is from how many packets on the shop says how many are left.
const fewLeft = 10

// left words how many of a trade item can be had.
func left(b Base, n int64) string {
	switch {
	case n <= 0:
		return b.T("shop.left.none")
	case n <= fewLeft:
		return b.N("shop.left.few", int(n))
	}
	return b.T("shop.left.some")
}

// upTo are the quantities that a menu offers.
func upTo(n int64) (list []string) {
	for i := int64(1); i <= min(n, fewLeft); i++ {
		list = append(list, digits(i))
	}
	return list
}

// sends reports whether anything of a basket is goods, which go somewhere.
func sends(b order.Basket) bool {
	return slices.ContainsFunc(b.Parcels, func(o order.Offer) bool { return !o.Visit() })
}
