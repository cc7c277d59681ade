package handlers

import (
	"cmp"
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"

	"nguon/app/lang"
)

// client is the address of the visitor. A proxy that is not named in the
// settings is the visitor; behind a named one it is the right-most address
// of its header that is not a named proxy, because what stands left of it was
// written by the visitor. The address is never stored or logged.
func (s *Site) client(c *fiber.Ctx) netip.Addr {
	ip := peer(c)
	if !s.trusts(ip) {
		return ip
	}
	hops := s.hops(c)
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		ip = hop.Unmap()
		if !s.trusts(ip) {
			break
		}
	}
	return ip
}

// hops are the addresses that the proxies wrote down, each behind those it was
// told. Some proxies add a line of their own instead of lengthening the last.
func (s *Site) hops(c *fiber.Ctx) []string {
	name := cmp.Or(s.ClientIPHeader, fiber.HeaderXForwardedFor)
	var hops []string
	for _, line := range c.Request().Header.PeekAll(name) {
		hops = append(hops, strings.Split(string(line), ",")...)
	}
	return hops
}

// peer is who opened the connection.
func peer(c *fiber.Ctx) netip.Addr {
	ip, _ := netip.AddrFromSlice(c.Context().RemoteIP())
	return ip.Unmap()
}

// region is where a named proxy says the visitor is, "" when none says so.
func (s *Site) region(c *fiber.Ctx) string {
	if s.RegionHeader == "" {
		return ""
	}
	region := c.Get(s.RegionHeader)
	if !s.trusts(peer(c)) || len(region) > maxRegion || !isText(region) {
		return ""
	}
	return strings.Clone(region)
}

const maxRegion = 32

func (s *Site) trusts(ip netip.Addr) bool {
	for _, p := range s.Proxies {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// preferred is the language that Accept-Language asks for, for addresses that
// carry none: English only when it is wanted more than Vietnamese.
func preferred(header string) lang.Lang {
	best, weight := lang.Vi, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, q := weighted(part)
		primary, _, _ := strings.Cut(tag, "-")
		l, ok := lang.Parse(primary)
		if ok && (q > weight || q == weight && l == lang.Vi) {
			best, weight = l, q
		}
	}
	return best
}

// weighted splits one element of an Accept header into its value and weight.
func weighted(part string) (value string, q float64) {
	value, params, _ := strings.Cut(part, ";")
	q = 1
	for p := range strings.SplitSeq(params, ";") {
		name, v, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "q") {
			q = quality(v)
		}
	}
	return strings.ToLower(strings.TrimSpace(value)), q
}

// quality reads a qvalue of RFC 9110 §12.4.2; what is not one counts as 0.
func quality(s string) float64 {
	whole, frac, _ := strings.Cut(s, ".")
	if len(frac) > 3 || len(whole) != 1 || whole != "0" && whole != "1" {
		return 0
	}
	q, unit := float64(whole[0]-'0'), 0.1
	for _, d := range frac {
		if d < '0' || d > '9' {
			return 0
		}
		q, unit = q+float64(d-'0')*unit, unit/10
	}
	return min(q, 1)
}

// acceptsGzip reports whether the answer may be compressed with gzip.
func acceptsGzip(header string) bool {
	ok := false
	for part := range strings.SplitSeq(header, ",") {
		switch value, q := weighted(part); value {
		case "gzip", "x-gzip":
			return q > 0
		case "*":
			ok = q > 0
		}
	}
	return ok
}
