package handlers

import (
	"slices"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/qr/gi"
	"nguon/views"
)

// register is /gi: what the indication means and who may use it.
func (s *Site) register(c *fiber.Ctx) error {
	holders, err := s.GI.Holders(c.UserContext())
	if err != nil {
		return err
	}
	page := views.GIPage{Base: s.base(c), Holders: holders, Today: s.Now()}
	page.Demo = slices.ContainsFunc(holders, func(h gi.Holder) bool { return h.Demo })
	return s.show(c, page)
}

// right is one entry of the register.
func (s *Site) right(c *fiber.Ctx) error {
	number, err := segment(c, "number")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	right, err := s.GI.Right(ctx, number)
	if err != nil {
		return err
	}
	holders, err := s.GI.Holders(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(holders, func(h gi.Holder) bool { return h.Number == right.Number })
	if i < 0 {
		return fault.New(fault.NotFound, "http.not_found")
	}
	maker, err := orNil(s.Catalog.ProducerByID(ctx, right.Holder))
	if err != nil {
		return err
	}
	page := views.GIRightPage{Base: s.base(c), Today: s.Now(),
		Right: views.NewGIRight(right, holders[i], maker.Slug, right.Verify() == nil)}
	page.Demo = right.Demo
	return s.show(c, page)
}
