package report

import (
	"crypto/rand"
	"strings"
)

const (
	prefix    = "BC-"
	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	digits    = 6 // 2^30 numbers: enough to be quoted, too few to be a secret
)

// newNumber draws a number; that it is free is for the unique index to say.
func newNumber() string {
	b := make([]byte, digits)
	rand.Read(b) // never fails; it ends the program instead
	for i := range b {
		b[i] = crockford[b[i]%32]
	}
	return prefix + string(b)
}

var misread = strings.NewReplacer("O", "0", "I", "1", "L", "1", "-", "", " ", "")

// parseNumber reads a number as people write it down: in any case, with or
// without its first letters and hyphens, with O, I and L for 0 and 1.
func parseNumber(s string) (string, bool) {
	if len(s) > 40 {
		return "", false
	}
	s = misread.Replace(strings.ToUpper(s))
	if len(s) > digits {
		s = strings.TrimPrefix(s, strings.TrimSuffix(prefix, "-"))
	}
	if len(s) != digits || strings.Trim(s, crockford) != "" {
		return "", false
	}
	return prefix + s, true
}
