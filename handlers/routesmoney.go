package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// moneyDesk are the addresses at which the operator works on money.
func (s *Site) moneyDesk(app *fiber.App, l lang.Lang) {
	_, _ = app, l
}
