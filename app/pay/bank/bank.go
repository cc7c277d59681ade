// Package bank reads what banks and their messengers say of transfers that came
// in: the CSV of a statement and signed webhooks. It also writes the file with
// which a bank pays many accounts at once.
package bank

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds of what is read and returned.
const (
	MaxFile = 1 << 20 // bytes of a statement or a webhook
	MaxRows = 20_000  // rows of a statement below its header
	MaxRef  = 100     // bytes of a reference
	MaxMemo = 500     // runes of a memo
)

const maxName = 120 // runes of a sender, an account, a column's name

// clean makes text fit to be stored and shown: valid, composed, on one line, cut
// to a number of runes.
func clean(s string, most int) string {
	// Enough for the runes that are kept; the rest of a huge cell is not looked at.
	if limit := most * utf8.UTFMax * 8; len(s) > limit {
		s = s[:limit]
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "\uFFFD"))
	var b strings.Builder
	n, space := 0, false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = b.Len() > 0
			continue
		}
		if space && n < most-1 {
			b.WriteByte(' ')
			n++
		}
		if space = false; n == most {
			break
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSuffix(b.String(), " ")
}

// reference brings a reference to at most MaxRef bytes: a long one ends in a
// digest of the whole. It is "" when there is none.
func reference(prefix, id string) string {
	short := clean(id, maxName)
	if short == "" {
		return ""
	}
	if ref := prefix + short; len(ref) <= MaxRef && len(id) <= maxName {
		return ref
	}
	sum := sha256.Sum256([]byte(id))
	return prefix + "sha256-" + hex.EncodeToString(sum[:16])
}
