// Package gs1 holds the basic rules of the GS1 General Specifications that
// several domains need: check digits, GTINs and the characters an element
// string may hold. Source: GS1 syntax dictionary (linters csum, cset82).
package gs1

import "strings"

// ValidCheckDigit reports whether a string of digits ends in its mod-10 check
// digit, weights 3, 1 from the right.
func ValidCheckDigit(s string) bool {
	return len(s) > 1 && isDigits(s) && CheckDigit(s[:len(s)-1]) == s[len(s)-1]
}

// CheckDigit is the digit that completes a string of digits.
func CheckDigit(digits string) byte {
	sum, weight := 0, 3
	for i := len(digits) - 1; i >= 0; i-- {
		sum += weight * int(digits[i]-'0')
		weight = 4 - weight
	}
	return byte('0' + (10-sum%10)%10)
}

// IsGTIN14 reports whether s is a GTIN as an address carries it: 14 digits
// with a right check digit.
func IsGTIN14(s string) bool { return len(s) == 14 && ValidCheckDigit(s) }

// GTIN14 brings a GTIN-8, -12, -13 or -14 as people type it (spaces and dashes
// allowed) to 14 digits; ok is false for a wrong length or check digit.
func GTIN14(s string) (gtin string, ok bool) {
	s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	switch len(s) {
	case 8, 12, 13, 14:
		s = strings.Repeat("0", 14-len(s)) + s
	default:
		return "", false
	}
	return s, IsGTIN14(s)
}

// MaxQualifier is the longest lot (AI 10) and serial (AI 21), X..20.
const MaxQualifier = 20

// InSet82 reports whether s is not empty and holds only characters of GS1
// character set 82 (ISO/IEC 646 subset): no space, no Vietnamese letters.
func InSet82(s string) bool {
	for i := range len(s) {
		if !set82[s[i]] {
			return false
		}
	}
	return s != ""
}

// IsQualifier reports whether s can be a lot or serial number.
func IsQualifier(s string) bool { return len(s) <= MaxQualifier && InSet82(s) }

var set82 = func() (t [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!\"%&'()*+,-./_:;<=>?") {
		t[c] = true
	}
	return t
}()

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// IsRestricted reports whether a GTIN-14 lies in a range that is unique within
// one company or region only, or is no trade item at all: GTIN-12 of number
// system 2 and 4, GTIN-13 of prefixes 02, 04, 20-29, coupons 05, 98 and 99
// (GS1 General Specifications, GS1 Prefixes). GTIN-8 and levels of packaging
// are judged by the item inside.
func IsRestricted(gtin string) bool {
	if len(gtin) != 14 {
		return false
	}
	switch p := gtin[1:3]; p {
	case "02", "04", "05", "98", "99":
		return true
	default:
		return p[0] == '2'
	}
}
