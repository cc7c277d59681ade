package lang

import (
	"encoding/hex"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Fold brings a text to the form in which it is compared: lower case, without
// tone marks and accents, đ as d, runs of white space as one space. Composed
// and decomposed input (NFC, NFD) fold alike.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		r = unicode.ToLower(r)
		if r == 'đ' || r == 'ð' { // some keyboards give the Icelandic letter, which looks the same
			r = 'd'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Slug turns a name into the part of an address that stands for it: folded
// ASCII letters and digits joined by single hyphens, at most 80 bytes. It is
// empty when the name holds neither.
func Slug(s string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range Fold(s) {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			hyphen = b.Len() > 0
			continue
		}
		if b.Len() >= maxSlug-1 {
			break
		}
		if hyphen {
			b.WriteByte('-')
			hyphen = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

const maxSlug = 80

// IsSlug reports whether s could have come from Slug.
func IsSlug(s string) bool {
	if s == "" || len(s) > maxSlug {
		return false
	}
	prev := byte('-')
	for i := range len(s) {
		c := s[i]
		if c != '-' && (c < 'a' || c > 'z') && (c < '0' || c > '9') || c == '-' && prev == '-' {
			return false
		}
		prev = c
	}
	return prev != '-'
}

// A collator is not safe for concurrent use, hence the pool.
var collators = sync.Pool{New: func() any { return collate.New(language.Vietnamese) }}

// SortKey is a key whose byte order is the Vietnamese dictionary order
// (a ă â, d đ, e ê, o ô ơ, u ư, tones last), as hexadecimal text, because
// MongoDB orders BSON binary by length first.
func SortKey(s string) string {
	c := collators.Get().(*collate.Collator)
	defer collators.Put(c)
	var buf collate.Buffer
	return hex.EncodeToString(c.KeyFromString(&buf, norm.NFC.String(s)))
}
