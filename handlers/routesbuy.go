package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// buying are the addresses of shoppers: cart, checkout and orders. They need no
// session; who has the link of an order may read it.
func (s *Site) buying(app *fiber.App, l lang.Lang) {
	_, _ = app, l
}
