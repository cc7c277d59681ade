package handlers

import (
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
	"nguon/views"
)

// verify is a form for those who cannot scan: a link or a code leads to its
// page, anything else comes back as typed, with what to do.
func (s *Site) verify(c *fiber.Ctx) error {
	input, err := lines(c, "code")
	page := views.VerifyPage{Base: s.base(c), Input: input}
	page.Path = "/verify"
	if unsold, err := query(c, "unsold"); err == nil && unsold != "" {
		page.Unsold, page.NoIndex, page.Query = true, true, "unsold=1"
	}
	if err == nil && input == "" {
		return s.show(c, page)
	}
	if err == nil {
		var target string
		if target, err = s.typed(c, input); err == nil {
			c.Set(fiber.HeaderCacheControl, "no-store")
			return c.Redirect(lang.From(c.UserContext()).Path(target), http.StatusSeeOther)
		}
	}
	fit, status := answer(err)
	if status >= http.StatusInternalServerError {
		return err
	}
	page.Err, page.NoIndex = fit, true
	c.Locals(localCode, fit.Code)
	if err := s.render(c, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Status(status)
	return nil
}

// typed finds the page of what somebody typed.
func (s *Site) typed(c *fiber.Ctx, input string) (string, error) {
	link, err := s.QR.Typed(c.UserContext(), address(input))
	if err != nil {
		return "", err
	}
	return s.QR.Resolve(c.UserContext(), link)
}

// address makes an address of what lost its first slash on the way, or was
// written in capitals, as symbols of our own trace pages may be.
func address(input string) string {
	for _, start := range [...]string{"01/", "trace/", "TRACE/"} {
		if strings.HasPrefix(input, start) {
			input = "/" + input
		}
	}
	return strings.Replace(input, "/TRACE/", "/trace/", 1)
}
