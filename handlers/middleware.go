package handlers

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
	"nguon/app/lang"
)

// Keys of what a request carries beside its context.
const (
	localID   = "request"
	localCode = "code"
)

// rescue turns a panic below it into an internal error: fasthttp would end
// the whole process.
func rescue(c *fiber.Ctx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.Wrap(fault.Internal, "internal", fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	return c.Next()
}

// observe gives the request an id, turns its error into an answer and writes
// its one line in the log: no address of the visitor, no query.
func (s *Site) observe(c *fiber.Ctx) error {
	start := time.Now() // how long it took is no rule of the domain
	id := newRequestID()
	c.Locals(localID, id)
	c.Set(fiber.HeaderXRequestID, id)
	if err := rescue(c); err != nil {
		if err := s.fail(c, err); err != nil {
			return err
		}
	}
	status := c.Response().StatusCode()
	attrs := [...]slog.Attr{
		slog.String("method", c.Method()), slog.String("path", loggable(rawPath(c))),
		slog.Int("status", status), slog.Int("bytes", len(c.Response().Body())),
		slog.Duration("took", time.Since(start)), slog.String("request", id), {},
	}
	n := len(attrs) - 1
	if code, ok := c.Locals(localCode).(string); ok {
		attrs[n], n = slog.String("code", code), n+1
	}
	s.Log.LogAttrs(c.UserContext(), slog.LevelInfo, "request", attrs[:n]...)
	return nil
}

// newRequestID is made here only; an id from outside could forge log lines.
func newRequestID() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

func requestID(c *fiber.Ctx) string {
	id, _ := c.Locals(localID).(string)
	return id
}

// loggable is a path as the log may hold it: who knows the address of an order
// may read it, so it does not stand there.
func loggable(path string) string {
	before, after, ok := strings.Cut(path, "/orders/")
	if !ok || before != "" && before != "/en" {
		return clipped(path)
	}
	_, rest, _ := strings.Cut(after, "/")
	return clipped(strings.TrimSuffix(before+"/orders/…/"+rest, "/"))
}

// clipped keeps log lines short whatever was asked for.
func clipped(path string) string {
	const most = 200
	if len(path) > most {
		return path[:most] + "…"
	}
	return path
}

// wellFormed refuses request lines that fasthttp could not take apart: it
// goes on with an empty path, which would be the front page.
func wellFormed(c *fiber.Ctx) error {
	if path := c.Request().URI().PathOriginal(); len(path) == 0 || path[0] != '/' {
		return fiber.NewError(http.StatusBadRequest)
	}
	return c.Next()
}

// within gives the request's context an end, because Fiber's has none.
func within(d time.Duration) fiber.Handler {
	return func(c *fiber.Ctx) error {
		ctx, cancel := context.WithTimeout(c.UserContext(), d)
		defer cancel()
		c.SetUserContext(ctx)
		return c.Next()
	}
}

// language reads the language from the path, or from Accept-Language where
// addresses carry none because programs and labels use them.
func language(c *fiber.Ctx) error {
	c.SetUserContext(lang.With(c.UserContext(), languageOf(c)))
	return c.Next()
}

func languageOf(c *fiber.Ctx) lang.Lang {
	switch path := rawPath(c); {
	case path == "/en" || strings.HasPrefix(path, "/en/"):
		return lang.En
	case strings.HasPrefix(path, "/01/") || strings.HasPrefix(path, "/api/"):
		return preferred(c.Get(fiber.HeaderAcceptLanguage))
	}
	return lang.Vi
}

// bare leads from an address with slashes at its end to the one without, since
// people and programs add them. Digital Links may end in one by their syntax.
// A name must follow the first slash: two slashes, or what browsers take for
// one, would lead to another host.
func bare(c *fiber.Ctx) error {
	path := rawPath(c)
	name := strings.TrimRight(path, "/")
	reads := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if len(name) < 2 || len(name) == len(path) || !reads || !isLetter(name[1]) || strings.HasPrefix(path, "/01/") {
		return c.Next()
	}
	c.Set(fiber.HeaderLocation, withQuery(c, name))
	c.Status(http.StatusPermanentRedirect)
	return nil
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// headers sets what protects a visitor on every answer.
func (s *Site) headers(c *fiber.Ctx) error {
	s.secure(c)
	return c.Next()
}

// policy is the Content-Security-Policy, with one more source of styles for
// the page whose style sheet stands in it.
func policy(style string) string {
	if style != "" {
		style = " " + style
	}
	return "default-src 'none'; style-src 'self'" + style + "; img-src 'self' data:; font-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

var plainPolicy = policy("")

// scripted is a policy that lets scripts of ours run and ask this site.
func scripted(policy string) string {
	return strings.Replace(policy, "default-src 'none';", "default-src 'none'; script-src 'self'; connect-src 'self';", 1)
}

func (s *Site) secure(c *fiber.Ctx) {
	h := &c.Response().Header
	h.Set(fiber.HeaderContentSecurityPolicy, plainPolicy)
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderReferrerPolicy, "strict-origin-when-cross-origin")
	h.Set(fiber.HeaderPermissionsPolicy, "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	if s.https {
		h.Set(fiber.HeaderStrictTransportSecurity, "max-age=31536000")
	}
}
