package handlers

import (
	_ "embed"

	"github.com/gofiber/fiber/v2"
)

//go:embed openapi.yaml
var openAPI []byte

// openAPI is the description of the answers for programs.
func (s *Site) openAPI(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "application/yaml; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.Send(openAPI)
}

// traceJSON is what the trace page says, for programs. It counts no scan: a
// program looked, not a person with a packet.
func (s *Site) traceJSON(c *fiber.Ctx) error {
	k, err := codeOf(c)
	if err != nil {
		return err
	}
	t, err := s.QR.Inspect(c.UserContext(), k.GTIN, k.Lot, k.Serial)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Vary(fiber.HeaderAcceptEncoding)
	return c.JSON(newTraceAnswer(t, s.BaseURL))
}

// open lets pages of other sites read the answer, an error too: it is public
// and carries no cookie.
func open(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD, OPTIONS")
	c.Set(fiber.HeaderAccessControlExposeHeaders, "Link, Location, X-Request-Id")
	c.Vary(fiber.HeaderAccept, fiber.HeaderAcceptLanguage)
	return c.Next()
}
