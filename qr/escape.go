package qr

import (
	"strings"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/gs1"
)

const upperHex = "0123456789ABCDEF"

// escape writes a value as a Digital Link carries it: only A-Z a-z 0-9 - . _ ~
// stay as they are.
func escape(s string) string {
	n := 0
	for i := range len(s) {
		if !unreserved(s[i]) {
			n++
		}
	}
	if n == 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 2*n)
	for i := range len(s) {
		if c := s[i]; unreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteByte('%')
			b.WriteByte(upperHex[c>>4])
			b.WriteByte(upperHex[c&15])
		}
	}
	return b.String()
}

func unreserved(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
		c == '-' || c == '.' || c == '_' || c == '~'
}

// inURI holds what RFC 3986 allows in a URI beside letters and digits; < > { }
// \ ^ ` " | and spaces are not among them.
const inURI = "-._~:/?#[]@!$&'()*+,;=%"

func isURI(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !unreserved(c) && strings.IndexByte(inURI, c) < 0 {
			return false
		}
	}
	return true
}

// unescape undoes percent-encoding in the value of an AI and checks what comes
// out. In a query + stands for a space, which no value may hold.
func unescape(ai, s string, query bool) (string, error) {
	bad := func(code string) (string, error) { return "", linkFault(code).With("AI", ai).With("Value", excerpt(s)) }
	if s == "" {
		return bad("qr.link.empty")
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%':
			if i+2 >= len(s) || unhex(s[i+1]) < 0 || unhex(s[i+2]) < 0 {
				return bad("qr.link.escape")
			}
			c = byte(unhex(s[i+1])<<4 | unhex(s[i+2]))
			i += 2
		case c == '+' && query:
			c = ' '
		}
		if c == 0 {
			return bad("qr.link.nul")
		}
		b.WriteByte(c)
	}
	v := b.String()
	if !utf8.ValidString(v) {
		return bad("qr.link.utf8")
	}
	if !gs1.InSet82(v) {
		return bad("qr.link.charset")
	}
	return v, nil
}

func unhex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func linkFault(code string) *fault.Error { return fault.New(fault.Invalid, code) }

// excerpt is the beginning of what somebody sent, short enough for a message.
func excerpt(s string) string {
	const most = 40
	s = strings.ToValidUTF8(s, "\uFFFD")
	for i := range s {
		if i > most {
			return s[:i] + "…"
		}
	}
	return s
}
