package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/lang"
)

// moneyDesk are the addresses at which the operator works on money. They stand
// before those of the market, whose organisations have any name.
func (s *Site) moneyDesk(app *fiber.App, l lang.Lang) {
	get := func(path string, h personal) { app.Get(l.Path(path), s.cashier(h)) }
	post := func(path string, h personal) { app.Post(l.Path(path), s.sameOrigin, s.cashier(h)) }
	own := func(path string, form, answer personal) { get(path, form); post(path, answer) }

	own("/console/money", s.moneyPage, s.enterTransfer)
	get("/console/money/transfers", s.transfers)
	own("/console/money/transfer", s.transfer, s.workTransfer)
	own("/console/money/statement", s.statementForm, s.statement)
	own("/console/money/refunds", s.refunds, s.workRefund)
	get("/console/money/orders", s.moneyOrders)
	own("/console/money/orders/:order", s.moneyOrder, s.workOrder)
	own("/console/money/payouts", s.payouts, s.makePayouts)
	own("/console/money/batches/:batch", s.batch, s.endPayout)
	get("/console/money/batches/:batch/file", s.batchFile)
	get("/console/money/invoices", s.moneyInvoices)
	get("/console/money/invoices.csv", s.moneyInvoicesCSV)
	get("/console/money/books/:account", s.books)
	get("/console/money/books/:account/file", s.booksFile)
	own("/console/market/terms", s.marketTerms, s.setMarketRates)
	own("/console/market/terms/commission", s.marketTerms, s.setCommission)
	own("/console/market/terms/coupons", s.marketCoupons, s.workCoupon)
}

// webhooks are the addresses at which banks and the card gateway tell of money.
// A signature proves where a word comes from.
func (s *Site) webhooks(app *fiber.App) {
	app.Post("/webhooks/stripe", s.sameOrigin, s.cardWord)
	app.Post("/webhooks/transfers", s.sameOrigin, s.bankWord)
}

// cashier is me for people who may handle money.
func (s *Site) cashier(h personal) fiber.Handler {
	return s.me(func(c *fiber.Ctx, a account.Actor) error {
		if err := a.May(account.MoneyHandle, account.Object{}); err != nil {
			return err
		}
		return h(c, a)
	})
}
