package handlers

import (
	"context"
	"log/slog"
	"net"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"nguon/app/lang"
)

func TestPreferredLanguage(t *testing.T) {
	for header, want := range map[string]lang.Lang{
		"":                          lang.Vi,
		"*":                         lang.Vi,
		"vi-VN,vi;q=0.9,en;q=0.8":   lang.Vi,
		"en-US,en;q=0.9":            lang.En,
		"en-US,en;q=0.9,vi;q=0.8":   lang.En,
		"en;q=0.5,vi;q=0.5":         lang.Vi,
		"vi,en":                     lang.Vi,
		"en,vi":                     lang.Vi,
		"fr,en;q=0.3":               lang.En,
		"en;q=0":                    lang.Vi,
		"en;q=nonsense":             lang.Vi,
		"EN":                        lang.En,
		",;,;q=,=":                  lang.Vi,
		"en;q=1.0001, vi;q=0.001":   lang.Vi,
		"en;q=0.2;level=1,vi;q=0.1": lang.En,
	} {
		if got := preferred(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

func TestAcceptsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "gzip, deflate, br": true, "br": false, "*": true, "identity, *;q=0": false,
		"gzip;q=0": false, "gzip;q=0, *": false, "GZIP;q=0.001": true, "x-gzip": true, "gzipped": false,
	} {
		if got := acceptsGzip(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestClientIsNotWhatItSays(t *testing.T) {
	s := New(Deps{RegionHeader: "Fly-Region", Proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}})
	app := s.app
	for _, c := range []struct {
		from, forwarded, want, region string
	}{
		{"203.0.113.7", "198.51.100.1", "203.0.113.7", ""},
		{"10.0.0.1", "198.51.100.1", "198.51.100.1", "sin"},
		{"10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1", "sin"},
		{"10.0.0.1", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1", "sin"},
		{"10.0.0.1", "", "10.0.0.1", "sin"},
		{"10.0.0.1", "unknown", "10.0.0.1", "sin"},
		{"10.0.0.1", "rubbish, 10.2.2.2", "10.2.2.2", "sin"},
		{"fd00::1", "2001:db8::1", "2001:db8::1", "sin"},
		{"10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1", "sin"},
	} {
		fc := new(fasthttp.RequestCtx)
		fc.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.ParseIP(c.from)}, nil)
		fc.Request.Header.Set(fiber.HeaderXForwardedFor, c.forwarded)
		fc.Request.Header.Set("Fly-Region", "sin")
		ctx := app.AcquireCtx(fc)
		if got := s.client(ctx).String(); got != c.want {
			t.Errorf("from %s, forwarded %q: %s, want %s", c.from, c.forwarded, got, c.want)
		}
		if got := s.region(ctx); got != c.region {
			t.Errorf("from %s: region %q, want %q", c.from, got, c.region)
		}
		app.ReleaseCtx(ctx)
	}
}

// TestAProxyMayGiveTheAddressInAHeaderOfItsOwn: where the right-most address of
// X-Forwarded-For is the site's own, all visitors would be one.
func TestAProxyMayGiveTheAddressInAHeaderOfItsOwn(t *testing.T) {
	s := New(Deps{ClientIPHeader: "Fly-Client-IP", Proxies: []netip.Prefix{netip.MustParsePrefix("172.16.0.0/12")}})
	for _, c := range []struct {
		name, from, want string
		headers          []string
	}{
		{"as Fly sends it", "172.16.5.4", "198.51.100.7", []string{"Fly-Client-IP: 198.51.100.7", "X-Forwarded-For: 198.51.100.7, 66.241.124.9"}},
		{"IPv6", "172.16.5.4", "2001:db8::7", []string{"Fly-Client-IP: 2001:db8::7"}},
		{"not from the proxy", "203.0.113.7", "203.0.113.7", []string{"Fly-Client-IP: 198.51.100.7"}},
		{"only the other header", "172.16.5.4", "172.16.5.4", []string{"X-Forwarded-For: 198.51.100.7"}},
		{"not an address", "172.16.5.4", "172.16.5.4", []string{"Fly-Client-IP: rubbish"}},
		{"a line of the visitor before the proxy's", "172.16.5.4", "198.51.100.7", []string{"Fly-Client-IP: 192.0.2.66", "Fly-Client-IP: 198.51.100.7"}},
	} {
		fc := new(fasthttp.RequestCtx)
		fc.Init(new(fasthttp.Request), &net.TCPAddr{IP: net.ParseIP(c.from)}, nil)
		for _, h := range c.headers {
			name, value, _ := strings.Cut(h, ": ")
			fc.Request.Header.Add(name, value)
		}
		ctx := s.app.AcquireCtx(fc)
		if got := s.client(ctx).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		s.app.ReleaseCtx(ctx)
	}
}

func TestEntityTagsMatch(t *testing.T) {
	for header, want := range map[string]bool{
		`W/"a"`: true, `"a"`: true, `"b", W/"a"`: true, `*`: true, ``: false, `a`: false, `"ab"`: false, `W/"b"`: false,
	} {
		if got := matches(header, `W/"a"`); got != want {
			t.Errorf("%s: %v", header, got)
		}
	}
}

func TestReadinessTurnsRedWhenStopping(t *testing.T) {
	s := New(Deps{Ping: func(context.Context) error { return nil }, Log: slog.New(slog.DiscardHandler)})
	for _, want := range []int{200, 503} {
		resp, err := s.app.Test(httptest.NewRequest("GET", "/readyz", nil), -1)
		if err != nil || resp.StatusCode != want {
			t.Errorf("%v, want %d: %v", resp.StatusCode, want, err)
		}
		s.draining.Store(true)
	}
}
