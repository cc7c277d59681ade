package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// buying are the addresses of shoppers: cart, checkout and orders. They need no
// session; who has the link of an order may read it.
func (s *Site) buying(app *fiber.App, l lang.Lang) {
	open := func(path string, form, answer fiber.Handler) {
		app.Get(l.Path(path), form)
		app.Post(l.Path(path), s.sameOrigin, answer)
	}
	open("/cart", s.cart, s.changeCart)
	open("/checkout", s.checkout, s.placeOrder)
	open("/orders", s.findForm, s.findOrder)
	open("/tours/:slug/book", s.bookForm, s.book)
	open("/tours/:slug/wait", s.waitForm, s.wait)
	app.Get(l.Path("/tickets/:ticket"), s.ticket)
	app.Get(l.Path("/tickets/:ticket/visit.ics"), s.ticketCalendar)
	open("/tickets/:ticket/cancel", s.ticket, s.cancelTicket)
	open("/tickets/:ticket/move", s.ticket, s.moveTicket)
	open("/tickets/:ticket/names", s.ticket, s.nameTicket)
	open("/tickets/:ticket/review", s.ticket, s.reviewTicket)
	app.Get(l.Path("/orders/:order"), s.orderPage)
	open("/orders/:order/pay", s.orderPage, s.payByCard)
	open("/orders/:order/cancel", s.orderPage, s.cancelOrder)
	open("/orders/:order/return", s.orderPage, s.askReturn)
	open("/orders/:order/refund", s.orderPage, s.tellAccount)
}
