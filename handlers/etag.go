package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// unchanged names the version of the answer and reports whether the visitor
// has it already; then the status is 304 and no body is needed.
func unchanged(c *fiber.Ctx, tag string) bool {
	c.Set(fiber.HeaderETag, tag)
	if !matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return false
	}
	c.Status(http.StatusNotModified)
	return true
}

// tagOf is a weak entity tag of what an answer is made of.
func tagOf(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
		h.Write([]byte{0})
	}
	var sum [sha256.Size]byte
	return `W/"` + hex.EncodeToString(h.Sum(sum[:0])[:12]) + `"`
}

// matches is the weak comparison of If-None-Match (RFC 9110 §13.1.2): the
// same page may come compressed or not.
func matches(header, tag string) bool {
	if strings.TrimSpace(header) == "*" {
		return true
	}
	tag = strings.TrimPrefix(tag, "W/")
	for part := range strings.SplitSeq(header, ",") {
		if strings.TrimPrefix(strings.TrimSpace(part), "W/") == tag {
			return true
		}
	}
	return false
}
