package handlers

import (
	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/legal"
	"nguon/views"
)

// imprint is /about: who runs the site.
func (s *Site) imprint(c *fiber.Ctx) error { return s.legalPage(c, legal.Imprint) }

// about is one of the other legal pages.
func (s *Site) aboutPage(c *fiber.Ctx) error {
	name, err := segment(c, "page")
	if err != nil {
		return err
	}
	p, ok := legal.ParsePage(name)
	if !ok || p == legal.Imprint { // which has the shorter address
		return fault.New(fault.NotFound, "legal.not_found")
	}
	return s.legalPage(c, p)
}

func (s *Site) legalPage(c *fiber.Ctx, p legal.Page) error {
	t, err := s.Legal.Text(c.UserContext(), p)
	if err != nil {
		return err
	}
	html, err := legal.HTML(t.Body.In(lang.From(c.UserContext())))
	if err != nil {
		return err
	}
	return s.show(c, views.AboutPage{Base: s.base(c), Text: t, HTML: html})
}
