package bank

import (
	"strings"
	"time"

	"nguon/app/lang"
	"nguon/app/money"
)

const maxAmount = 1_000_000_000_000_000 // đồng: more is a slip

// plain takes off what spreadsheets put around a cell so that it stays text:
// ="00123", '00123.
func plain(cell string) string {
	cell = strings.TrimSpace(strings.ReplaceAll(cell, "\u00a0", " "))
	if inner, ok := strings.CutPrefix(cell, `="`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok && !strings.Contains(inner, `"`) {
			return strings.TrimSpace(inner)
		}
	}
	return strings.TrimPrefix(cell, "'")
}

// amount reads an amount in đồng as banks write it: 1.234.567, 1,234,567.00,
// +1234567, -1.000 VND, (1.000). A blank cell and a dash are 0. ok is false for
// anything else, decimals that are not zero among it.
func amount(cell string) (v money.VND, ok bool) {
	s := strings.ToUpper(plain(cell))
	if s == "" || s == "-" {
		return 0, true
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, "VND"))
	for _, unit := range []string{"VND", "VNĐ", "₫", "Đ"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, unit))
	}
	sign := money.VND(1)
	switch {
	case strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")"):
		sign, s = -1, s[1:len(s)-1]
	case strings.HasPrefix(s, "-"):
		sign, s = -1, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	s = strings.TrimSpace(s)
	if i := strings.LastIndexAny(s, ".,"); i > 0 && (s[i+1:] == "00" || s[i+1:] == "0") {
		s = s[:i]
	}
	if s == "" || s[0] < '0' || s[0] > '9' {
		return 0, false
	}
	v, err := money.Parse(s)
	return sign * v, err == nil && v <= maxAmount
}

// whole reads the amount of a JSON message: an integer, at most with zeros
// behind a point.
func whole(s string) (money.VND, bool) {
	digits, zeros, _ := strings.Cut(s, ".")
	sign := money.VND(1)
	if d, ok := strings.CutPrefix(digits, "-"); ok {
		sign, digits = -1, d
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" || strings.Trim(zeros, "0") != "" || len(zeros) > 2 { // 20.000 is not 20
		return 0, false
	}
	v, err := money.Parse(digits)
	return sign * v, err == nil && v <= maxAmount
}

// when reads a time in Vietnam at the beginning of a text: dd/mm/yyyy,
// dd-mm-yyyy or yyyy-mm-dd, then perhaps hh:mm or hh:mm:ss. A day without a time
// is its beginning, which is never to the shopper's harm. rest is what follows.
func when(s string) (at time.Time, rest string, ok bool) {
	s = plain(s)
	day, rest := s, ""
	if i := strings.IndexAny(s, " T\t\r\n"); i >= 0 {
		day, rest = s[:i], strings.TrimSpace(s[i+1:])
	}
	p := numbers(day, "/-.")
	if len(p) != 3 {
		return at, s, false
	}
	if p[2] > 31 {
		p[0], p[2] = p[2], p[0]
	}
	clock, after, _ := strings.Cut(strings.ReplaceAll(rest, "\n", " "), " ")
	h := numbers(clock, ":")
	if len(h) == 2 {
		h = append(h, 0)
	}
	if len(h) == 3 && h[0] < 24 && h[1] < 60 && h[2] < 60 {
		rest = strings.TrimSpace(after)
	} else {
		h = []int{0, 0, 0}
	}
	at = time.Date(p[0], time.Month(p[1]), p[2], h[0], h[1], h[2], 0, lang.Zone)
	ok = p[0] >= 2000 && p[0] < 2100 && at.Month() == time.Month(p[1]) && at.Day() == p[2]
	return at, rest, ok
}

// numbers splits at one of the separators into numbers of at most four digits;
// nil when there is anything else.
func numbers(s, seps string) (list []int) {
	n, digits, sep := 0, 0, byte(0)
	for i := range len(s) + 1 {
		switch {
		case i < len(s) && s[i] >= '0' && s[i] <= '9' && digits < 4:
			n, digits = n*10+int(s[i]-'0'), digits+1
		case digits > 0 && (i == len(s) || strings.IndexByte(seps, s[i]) >= 0 && (sep == 0 || sep == s[i])):
			list = append(list, n)
			n, digits = 0, 0
			if i < len(s) {
				sep = s[i]
			}
		default:
			return nil
		}
	}
	return list
}
