package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// orderDesk are the addresses at which sellers work on orders.
func (s *Site) orderDesk(app *fiber.App, l lang.Lang) {
	get := func(path string, h personal) { app.Get(l.Path(path), s.me(h)) }
	own := func(path string, form, answer personal) {
		get(path, form)
		app.Post(l.Path(path), s.sameOrigin, s.me(answer))
	}

	get("/console/orders", s.orders)
	get("/console/orders/packing.pdf", s.packing)
	get("/console/orders/invoices", s.sellerInvoices)
	get("/console/orders/invoices.csv", s.sellerInvoicesCSV)
	get("/console/orders/:code", s.order)
	own("/console/orders/:code/move", s.order, s.moveParcel)

	own("/console/shop/:org/terms", s.terms, s.setRates)
	own("/console/shop/:org/terms/market", s.terms, s.dropRates)
	own("/console/shop/:org/terms/account", s.terms, s.setAccount)
	own("/console/shop/:org/coupons", s.coupons, s.saveCoupon)
	own("/console/shop/:org/coupons/end", s.coupons, s.endCoupon)
	get("/console/shop/:org/balance", s.balance)
	get("/console/shop/:org/balance.csv", s.balanceCSV)
}
