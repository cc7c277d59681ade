package handlers

import (
	"maps"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/views"
)

// unsentError marks the refusal of a form of ours whose sender has no session,
// or another one than the form was made for. What was typed may be sent again.
type unsentError struct{ err error }

func (e unsentError) Error() string { return e.err.Error() }
func (e unsentError) Unwrap() error { return e.err }

func unsent(err error) error { return unsentError{err} }

// againMost is how much typed text a page holds for sending it again, in bytes.
const againMost = 64 << 10

// sendAgain keeps a refused form for its sender. Secrets, files and very long
// texts are not kept; then the form has to be filled in anew. Signing out needs
// no second try.
func (s *Site) sendAgain(c *fiber.Ctx) *views.Again {
	path := s.base(c).Path
	if path == "/sign-out" {
		return nil
	}
	if strings.HasPrefix(string(c.Request().Header.ContentType()), fiber.MIMEMultipartForm) {
		return &views.Again{Lost: true}
	}
	v := values(c)
	delete(v, "token") // the page has one of its own
	size := 0
	for name, value := range v {
		size += len(name) + len(value)
		if slices.Contains(secrets[:], name) {
			return &views.Again{Lost: true}
		}
	}
	if size > againMost {
		return &views.Again{Lost: true}
	}
	a := &views.Again{Path: withQuery(c, path)}
	for _, name := range slices.Sorted(maps.Keys(v)) {
		a.Fields = append(a.Fields, views.Typed{Name: name, Value: strings.ToValidUTF8(v[name], "\ufffd")})
	}
	return a
}
