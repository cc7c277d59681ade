package handlers

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"nguon/app/account"
	"nguon/app/fault"
	"nguon/app/lang"
)

// safe reports whether a method changes nothing (RFC 9110 §9.2.1).
func safe(method string) bool {
	return method == fiber.MethodGet || method == fiber.MethodHead || method == fiber.MethodOptions
}

// signedPaths are paths whose requests prove by a signature where they come from.
const signedPaths = "/webhooks/"

// sameOrigin lets only pages of ours change anything: by the browser's word
// where the request came from (Fetch Metadata), or, where an older browser says
// nothing, by an Origin that is the public address. So forms of pages without
// a cookie are protected as well. It is the rule of net/http's
// CrossOriginProtection, but for requests that bear neither header: those are
// refused.
func (s *Site) sameOrigin(c *fiber.Ctx) error {
	if safe(c.Method()) || strings.HasPrefix(rawPath(c), signedPaths) {
		return c.Next()
	}
	switch site := c.Get("Sec-Fetch-Site"); site {
	case "same-origin", "none":
		return c.Next()
	case "":
		if c.Get(fiber.HeaderOrigin) == s.BaseURL {
			return c.Next()
		}
	}
	return fault.New(fault.Forbidden, "http.cross_origin")
}

// Names of the cookies. Behind https they begin with __Host-, so that no other
// host, and no page without encryption, can set them.
const (
	sessionCookie = "session"
	deviceCookie  = "device"
)

const (
	sessionKept = 60 * 24 * time.Hour
	deviceKept  = 365 * 24 * time.Hour
)

func (s *Site) cookieName(name string) string {
	if s.secureCookies {
		return "__Host-" + name
	}
	return name
}

func (s *Site) cookie(c *fiber.Ctx, name string) string {
	return strings.Clone(c.Cookies(s.cookieName(name)))
}

// setCookie sets a cookie that scripts cannot read and other sites cannot send
// along; an empty value removes it.
func (s *Site) setCookie(c *fiber.Ctx, name, value string, kept time.Duration) {
	k := &fiber.Cookie{Name: s.cookieName(name), Value: value, Path: "/", HTTPOnly: true, Secure: s.secureCookies,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int(kept / time.Second)}
	if value == "" {
		k.MaxAge, k.Expires = -1, time.Unix(1, 0)
	}
	c.Cookie(k)
}

// enter gives the browser a session that has just begun.
func (s *Site) enter(c *fiber.Ctx, o account.Opened) {
	s.setCookie(c, sessionCookie, o.Secret, sessionKept)
	if o.Device != "" {
		s.setCookie(c, deviceCookie, o.Device, deviceKept)
	}
}

// formToken is what a form of somebody who signed in carries: a keyed hash of
// the session's secret under a mask of its own each time, so that compressing
// the page tells nothing about it.
func formToken(secret string) string {
	out := make([]byte, 2*sha256.Size)
	rand.Read(out[:sha256.Size]) // never fails; it ends the program instead
	subtle.XORBytes(out[sha256.Size:], out[:sha256.Size], formMAC(secret))
	return base64.RawURLEncoding.EncodeToString(out)
}

func validToken(secret, token string) bool {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 2*sha256.Size {
		return false
	}
	mac := make([]byte, sha256.Size)
	subtle.XORBytes(mac, b[:sha256.Size], b[sha256.Size:])
	return hmac.Equal(mac, formMAC(secret))
}

func formMAC(secret string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte("nguon/form/1"))
	return m.Sum(nil)
}

const localActor = "actor"

// personal is a handler for people who have signed in.
type personal func(c *fiber.Ctx, a account.Actor) error

// me finds out who asks. Nobody is led to sign in and back; a form without its
// token changes nothing. Nothing of what follows is kept by any cache.
func (s *Site) me(h personal) fiber.Handler {
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderCacheControl, "no-store")
		secret := s.cookie(c, sessionCookie)
		a, err := s.Account.Actor(c.UserContext(), secret)
		if fault.Is(err, fault.Unauthenticated) && safe(c.Method()) {
			path := "/sign-in"
			if fault.CodeOf(err) == "account.session.waits" {
				path = "/sign-in/code"
			}
			return s.see(c, path, "next", s.here(c), "over", s.over(c, err))
		}
		if fault.Is(err, fault.Unauthenticated) {
			return unsent(err)
		}
		if err != nil {
			return err
		}
		c.Locals(localActor, a)
		if !safe(c.Method()) && !validToken(secret, c.FormValue("token")) {
			return unsent(fault.New(fault.Forbidden, "http.token"))
		}
		return h(c, a)
	}
}

// meOrOver is me for what needs no session that still lasts: signing out.
func (s *Site) meOrOver(h personal) fiber.Handler {
	mine := s.me(h)
	return func(c *fiber.Ctx) error {
		if err := mine(c); !fault.Is(err, fault.Unauthenticated) {
			return err
		}
		return h(c, account.Actor{})
	}
}

// over is "1" for who had a session that ended, so that the page where they
// sign in says so.
func (s *Site) over(c *fiber.Ctx, err error) string {
	if fault.CodeOf(err) == "account.session.none" && s.cookie(c, sessionCookie) != "" {
		return "1"
	}
	return ""
}

// actor is who me found, a visitor elsewhere.
func actor(c *fiber.Ctx) account.Actor {
	a, _ := c.Locals(localActor).(account.Actor)
	return a
}

// maybe is who asks on a page that everybody may see, such as an invitation;
// a visitor when nobody has signed in.
func (s *Site) maybe(c *fiber.Ctx) (account.Actor, error) {
	secret := s.cookie(c, sessionCookie)
	if secret == "" {
		return account.Actor{}, nil
	}
	a, err := s.Account.Actor(c.UserContext(), secret)
	if fault.Is(err, fault.Unauthenticated) {
		return account.Actor{}, nil
	}
	if err == nil {
		c.Locals(localActor, a)
	}
	return a, err
}

// see leads to another page of the site after a form (303), in the language of
// this one; pairs fill the query.
func (s *Site) see(c *fiber.Ctx, path string, pairs ...string) error {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	target := lang.From(c.UserContext()).Path(path)
	if len(q) > 0 {
		target += "?" + q.Encode()
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderLocation, target)
	c.Status(http.StatusSeeOther)
	return nil
}

// here is the site path that was asked for, with its query and without the
// language.
func (s *Site) here(c *fiber.Ctx) string {
	path := s.base(c).Path
	if len(path) > maxValue {
		return ""
	}
	return withQuery(c, path)
}

// local accepts a path of this site to go on to, and nothing that a browser
// could take for another site.
func local(next string) string {
	if len(next) < 2 || len(next) > 2*maxValue || next[0] != '/' || !isLetter(next[1]) || !isText(next) || strings.ContainsAny(next, "\\") {
		return ""
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Fragment != "" {
		return ""
	}
	return next
}

// network names where a request comes from, for limits: an IPv4 address, or the
// part of an IPv6 address that one customer has. It is hashed before it is
// kept, and forgotten within hours.
func (s *Site) network(c *fiber.Ctx) string {
	ip := s.client(c)
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.Masked().String()
		}
	}
	return netip.PrefixFrom(ip, 32).String()
}

// doneKey is the message of ?done=, "" for what is no such message.
func doneKey(c *fiber.Ctx) string {
	done, err := query(c, "done")
	if err != nil || done == "" || strings.Trim(done, "abcdefghijklmnopqrstuvwxyz_") != "" {
		return ""
	}
	if key := "done." + done; lang.Vi.Has(key) {
		return key
	}
	return ""
}

// owns reports whether somebody owns an organisation.
func owns(a account.Actor) bool {
	return slices.ContainsFunc(a.Orgs, func(o account.Org) bool {
		return slices.ContainsFunc(o.Members, func(m account.Member) bool { return m.Person == a.Person.ID && m.Role == account.Owner })
	})
}
