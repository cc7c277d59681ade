package handlers

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
	"nguon/qr"
)

// digitalLink answers the address in a packet's symbol as a GS1-conformant
// resolver: a redirect to the page that fits best, or the list of links when
// a program asks for it. It reads the request line itself, since decoding
// twice or cleaning the path would accept what the syntax refuses.
func (s *Site) digitalLink(c *fiber.Ctx) error {
	target := withQuery(c, rawPath(c))
	link, err := qr.ParseTarget(target)
	if err != nil {
		return malformed(err)
	}
	ctx := c.UserContext()
	if link.WantsLinkset(c.Get(fiber.HeaderAccept)) {
		set, err := s.QR.Linkset(ctx, link, s.BaseURL, lang.From(ctx))
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderLink, `<`+qr.LinksetContext+`>; rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"`)
		c.Set(fiber.HeaderContentType, qr.LinksetMedia)
		c.Set(fiber.HeaderCacheControl, "no-cache")
		return c.Send(set)
	}
	page, err := s.QR.Resolve(ctx, link)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderLink, `<`+s.BaseURL+link.Path()+`?linkType=linkset>; rel="linkset"; type="`+qr.LinksetMedia+`"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderLocation, lang.From(ctx).Path(page))
	c.Status(http.StatusTemporaryRedirect)
	return nil
}

// preflight tells other sites what they may ask of an open address.
func preflight(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAllow, "GET, HEAD, OPTIONS")
	c.Set(fiber.HeaderAccessControlAllowHeaders, "Accept, Accept-Language")
	c.Set(fiber.HeaderAccessControlMaxAge, "86400")
	c.Status(http.StatusNoContent)
	return nil
}

// resolverFile describes the resolver to others of its kind.
func (s *Site) resolverFile(c *fiber.Ctx) error {
	file, err := s.QR.ResolverFile()
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, fiber.MIMEApplicationJSON)
	c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	return c.Send(file)
}
