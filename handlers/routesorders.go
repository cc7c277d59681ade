package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// orderDesk are the addresses at which sellers work on orders.
func (s *Site) orderDesk(app *fiber.App, l lang.Lang) {
	_, _ = app, l
}
