package views

import (
	"slices"
	"time"

	"github.com/a-h/templ"

	"nguon/app/account"
	"nguon/catalog"
)

// StockPage is /console/shop/{product}/stock: what stands on the shelf of each
// trade item that packets bear, and why it changed. Fields: gtin, reason,
// quantity. Once names the form.
type StockPage struct {
	Base
	Form    Form
	Org     account.Org
	Product catalog.Product
	Mine    bool
	Stocks  []catalog.Stock
	Names   map[string]string
	Now     time.Time
	Once    string
}

// Component renders the page.
func (p StockPage) Component() templ.Component {
	p.Base = p.private(p.T("shopdesk.stock.title"), p.T("shopdesk.description"))
	return p.page()
}

func (p StockPage) path() string { return "/console/shop/" + p.Product.ID }

// variant words the trade item of a number.
func (p StockPage) variant(gtin string) string {
	for _, v := range p.Product.Variants {
		if v.GTIN == gtin {
			return p.Lang.Kilograms(v.NetGrams) + " · " + word(p.Lang, "shop.grind.", v.Grind)
		}
	}
	return itemNumber(p.Lang, gtin)
}

func (p StockPage) variants() (list []choice) {
	for _, st := range p.Stocks {
		list = append(list, choice{st.GTIN, p.variant(st.GTIN)})
	}
	if len(list) != 1 {
		list = slices.Insert(list, 0, choice{"", p.T("form.choose")})
	}
	return list
}

func (p StockPage) reasons() []choice {
	return words(p.Base, "shopdesk.stock.reason.", catalog.Received, catalog.Damaged, catalog.Counted)
}

// facts say what stands on the shelf, what of it orders have, and what is free.
func (p StockPage) facts(st catalog.Stock) []fact {
	free := max(st.Free(p.Now), 0)
	return []fact{
		{p.T("shopdesk.stock.on_hand"), p.Lang.Int(st.OnHand)},
		{p.T("shopdesk.stock.claimed"), p.Lang.Int(max(st.OnHand-free, 0))},
		{p.T("shopdesk.stock.free"), p.Lang.Int(free)},
	}
}

// moves are the latest changes, the last one first.
func moves(st catalog.Stock) []catalog.Move {
	list := slices.Clone(st.Moves)
	slices.Reverse(list)
	return list[:min(len(list), 30)]
}

// moveBy is who changed a stock: an order has nobody.
func (p StockPage) moveBy(m catalog.Move) string {
	if m.By == "" {
		return p.T("shopdesk.stock.by_order")
	}
	return who(p.Lang, p.Names, m.By)
}

// signed is a quantity with its sign.
func (p StockPage) signed(n int64) string {
	if n > 0 {
		return "+" + p.Lang.Int(n)
	}
	return "−" + p.Lang.Int(-n)
}
