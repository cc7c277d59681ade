package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/static"
	"nguon/views"
)

// healthz says that the process serves; it asks nobody else.
func (s *Site) healthz(c *fiber.Ctx) error { return plain(c, "ok\n") }

// readyz says whether visitors should be sent here: not while stopping, and
// not while the store or the folder of files is away. Without Meilisearch searches
// are answered all the same, so it only says so.
func (s *Site) readyz(c *fiber.Ctx) error {
	if s.draining.Load() {
		c.Status(http.StatusServiceUnavailable)
		return plain(c, "stopping\n")
	}
	if err := s.Ping(c.UserContext()); err != nil {
		s.logFailure(c, err, http.StatusServiceUnavailable)
		c.Status(http.StatusServiceUnavailable)
		return plain(c, "store unavailable\n")
	}
	if s.Finder.Degraded() {
		return plain(c, "ok\nsearch degraded: the embedded index stands in\n")
	}
	return plain(c, "ok\n")
}

func plain(c *fiber.Ctx, text string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString(text)
}

// static sends a file whose address holds the hash of its content, so that it
// may be kept for ever; an address of another version is answered with the
// present file and not kept.
func (s *Site) static(c *fiber.Ctx) error {
	f, current, ok := static.Open(rawPath(c))
	if !ok {
		return fault.New(fault.NotFound, "http.not_found")
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, "no-cache")
	if current {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	}
	tag := `"` + f.Hash + `"`
	body := f.Body
	if f.Gzip != nil {
		c.Vary(fiber.HeaderAcceptEncoding)
		if acceptsGzip(c.Get(fiber.HeaderAcceptEncoding)) {
			c.Set(fiber.HeaderContentEncoding, "gzip")
			tag, body = `"`+f.Hash+`-gzip"`, f.Gzip
		}
	}
	if unchanged(c, tag) {
		c.Response().Header.Del(fiber.HeaderContentEncoding)
		return nil
	}
	return c.Send(body) // never changed, so it may be kept
}

// gallery shows every component, in development only.
func (s *Site) gallery(c *fiber.Ctx) error {
	page := views.Gallery{Base: s.base(c)}
	page.NoIndex = true
	return s.show(c, page)
}
