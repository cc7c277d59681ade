// Package vietqr writes and reads the codes that Vietnamese banking apps scan
// for a transfer over NAPAS 247: an EMV payload with the bank's BIN, the account,
// the amount and the memo. It needs no network and no contract. Source: NAPAS,
// QR Format T&C v1.0 (September 2021), and EMVCo's merchant-presented mode.
package vietqr

import (
	"strings"
	"unicode"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/app/money"
)

// Payee is who is paid: the BIN of the bank (six digits), the account number, and
// the holder's name as people compare it with what their app shows; the name is
// not part of a payload.
type Payee struct{ BIN, Number, Name string }

// Payload is the text of a QR code that pays an amount into an account, with the
// memo as Memo writes it. An amount of 0 leaves it to the payer. Errors are
// fault.Invalid: "vietqr.bin", "vietqr.account", "vietqr.amount", and
// "vietqr.memo" when nothing of the memo is left.
func Payload(p Payee, amount money.VND, memo string) (string, error) {
	purpose := Memo(memo)
	if purpose == "" {
		return "", fault.New(fault.Invalid, "vietqr.memo")
	}
	return Code{Dynamic: amount > 0, BIN: p.BIN, Number: p.Number, Service: ToAccount, Amount: amount, Purpose: purpose}.Payload()
}

// MaxMemo is how many characters of a memo reach the payee.
const MaxMemo = 25

// Memo is what a transfer carries of a text: letters without accents, digits and
// single spaces, cut after 25 characters, so what must arrive stands first. It
// is empty when none of the text is a letter or digit.
func Memo(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) {
			continue // of decomposed text
		}
		c, ok := plain(r)
		if !ok {
			gap = b.Len() > 0
			continue
		}
		if gap && b.Len() < MaxMemo-1 {
			b.WriteByte(' ')
			gap = false
		}
		if gap || b.Len() == MaxMemo {
			break
		}
		b.WriteByte(c)
	}
	return b.String()
}

// plain is a letter without its accents, in its case, or a digit.
func plain(r rune) (byte, bool) {
	folded := lang.Fold(string(r))
	if len(folded) != 1 || !isAlnum(folded[0]) {
		return 0, false
	}
	if c := folded[0]; unicode.IsUpper(r) && c >= 'a' {
		return c - 'a' + 'A', true
	}
	return folded[0], true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

func all(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}
