package main

import (
	"fmt"
	"log/slog"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// loader reads single settings and collects what is wrong with them.
type loader struct {
	getenv   func(string) string
	problems []error
}

func (l *loader) text(name, def string) string {
	if s := strings.TrimSpace(l.getenv(name)); s != "" {
		return s
	}
	return def
}

func (l *loader) fail(name, format string, args ...any) {
	l.problems = append(l.problems, fmt.Errorf(name+": "+format, args...))
}

// oneOf accepts the default or one of the others; anything else keeps the
// default and is reported.
func (l *loader) oneOf(name, def string, others ...string) string {
	s := l.text(name, def)
	for _, o := range append(others, def) {
		if s == o {
			return s
		}
	}
	l.fail(name, "%q is neither %s nor %s", s, def, strings.Join(others, " nor "))
	return def
}

func (l *loader) port(name string, def int) int {
	s := l.text(name, strconv.Itoa(def))
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 65535 {
		l.fail(name, "%q is not a port from 0 to 65535", s)
		return def
	}
	return n
}

func (l *loader) level(name string) slog.Level {
	var v slog.Level
	s := l.text(name, "info")
	if err := v.UnmarshalText([]byte(s)); err != nil {
		l.fail(name, "%q is not debug, info, warn or error", s)
	}
	return v
}

// prefixes reads addresses and networks apart by commas.
func (l *loader) prefixes(name string) []netip.Prefix {
	var out []netip.Prefix
	for s := range strings.SplitSeq(l.text(name, ""), ",") {
		s = strings.TrimSpace(s)
		if s == "" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if ip, ipErr := netip.ParseAddr(s); ipErr == nil {
			p, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			l.fail(name, "%q is neither an address nor a network such as 10.0.0.0/8", s)
			continue
		}
		out = append(out, p.Masked())
	}
	return out
}

// isOrigin reports whether s is an address without path, query, fragment or
// user: what labels and absolute links are built on.
func isOrigin(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return u.Hostname() != "" && u.String() == u.Scheme+"://"+u.Host
}

// isSender reports whether mail can come from s.
func isSender(s string) bool {
	_, err := mail.ParseAddress(s)
	return err == nil && !strings.ContainsAny(s, "\r\n")
}

func isMongo(s string) bool {
	return strings.HasPrefix(s, "mongodb://") || strings.HasPrefix(s, "mongodb+srv://")
}

// isHost reports whether s can be listened on: an address, or a name.
func isHost(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil || isToken(strings.ReplaceAll(s, ".", "-"))
}

func isToken(s string) bool {
	for _, r := range s {
		if r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') {
			return false
		}
	}
	return s != ""
}
