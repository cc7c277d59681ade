package handlers

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"nguon/app/fault"
)

// maxValue is the longest value of a path or query that is looked at: longer
// ones cannot name anything here.
const maxValue = 512

// segment reads a path parameter as it stood in the request line, decoded
// exactly once, as a string of its own. Bad escapes, control characters and
// invalid UTF-8 are malformed.
func segment(c *fiber.Ctx, name string) (string, error) {
	raw := c.Params(name)
	if len(raw) > maxValue {
		return "", malformed(fault.New(fault.Invalid, "http.too_long"))
	}
	s, err := url.PathUnescape(raw)
	if err != nil || !isText(s) {
		return "", malformed(fault.New(fault.Invalid, "http.bad_path"))
	}
	return strings.Clone(s), nil
}

// query reads a query parameter; one that is given twice counts as its first.
func query(c *fiber.Ctx, name string) (string, error) {
	return checked(string(c.Request().URI().QueryArgs().Peek(name)))
}

// lines is query for a field of several lines: what separates lines and
// columns of a pasted text, or elements in what a scanner types, is a blank.
func lines(c *fiber.Ctx, name string) (string, error) {
	return checked(separators.Replace(string(c.Request().URI().QueryArgs().Peek(name))))
}

var separators = strings.NewReplacer("\r", " ", "\n", " ", "\t", " ", "\x1d", " ")

func checked(s string) (string, error) {
	switch {
	case len(s) > maxValue:
		return "", malformed(fault.New(fault.Invalid, "http.too_long"))
	case !isText(s):
		return "", malformed(fault.New(fault.Invalid, "http.bad_query"))
	}
	return strings.TrimSpace(s), nil
}

// isText reports whether s is valid UTF-8 without control characters.
func isText(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool {
		return r < ' ' || r >= 0x7f && r < 0xa0
	}) < 0
}

// rawPath is the path of the request line, nothing decoded.
func rawPath(c *fiber.Ctx) string { return string(c.Request().URI().PathOriginal()) }

// rawQuery is the query of the request line, nothing decoded.
func rawQuery(c *fiber.Ctx) string { return string(c.Request().URI().QueryString()) }

// withQuery passes the query of the request on to another address.
func withQuery(c *fiber.Ctx, address string) string {
	if q := rawQuery(c); q != "" {
		return address + "?" + q
	}
	return address
}
