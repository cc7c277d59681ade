// Package money counts Vietnamese đồng. An amount is a whole number of đồng:
// VND has no minor unit (ISO 4217 exponent 0).
package money

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// VND is an amount in đồng; negative for what is owed back.
type VND int64

// Errors of Parse and Sum.
var (
	ErrSyntax   = errors.New("money: not an amount")
	ErrOverflow = errors.New("money: amount out of range")
)

// String writes the amount as people in Vietnam read it: "185.000 ₫", with a
// no-break space before the sign.
func (v VND) String() string { return v.Digits() + "\u00a0₫" }

// Digits writes the amount with points between thousands and no sign of
// currency: "185.000".
func (v VND) Digits() string {
	s := strconv.FormatInt(int64(v), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Parse reads what people type: "185000", "185.000", "185.000 ₫", "185,000 VND",
// "185000đ". Separators must stand between groups of three digits; a decimal
// part is refused, because đồng have none.
func Parse(s string) (VND, error) {
	s = strings.TrimSpace(strings.ReplaceAll(s, "\u00a0", " "))
	for _, suffix := range []string{"₫", "VND", "vnd", "VNĐ", "vnđ", "đ", "Đ"} {
		if t, ok := strings.CutSuffix(s, suffix); ok {
			s = strings.TrimSpace(t)
			break
		}
	}
	sign := int64(1)
	if t, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -1, t
	}
	digits, ok := ungroup(s)
	if !ok {
		return 0, ErrSyntax
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, ErrOverflow
	}
	return VND(sign * n), nil
}

func ungroup(s string) (string, bool) {
	sep := ""
	if strings.Contains(s, ".") {
		sep = "."
	} else if strings.Contains(s, ",") {
		sep = ","
	} else if strings.Contains(s, " ") {
		sep = " "
	}
	groups := []string{s}
	if sep != "" {
		groups = strings.Split(s, sep)
	}
	for i, g := range groups {
		switch {
		case g == "" || strings.Trim(g, "0123456789") != "":
			return "", false
		case len(groups) > 1 && i == 0 && len(g) > 3:
			return "", false
		case i > 0 && len(g) != 3:
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

// Sum adds amounts and refuses to wrap around.
func Sum(amounts ...VND) (VND, error) {
	var total VND
	for _, a := range amounts {
		if (a > 0 && total > math.MaxInt64-a) || (a < 0 && total < math.MinInt64-a) {
			return 0, ErrOverflow
		}
		total += a
	}
	return total, nil
}

// Times multiplies a unit price by a quantity and refuses to wrap around.
func (v VND) Times(n int64) (VND, error) {
	if v == 0 || n == 0 {
		return 0, nil
	}
	p := int64(v) * n
	if p/n != int64(v) || (n == -1 && v == math.MinInt64) {
		return 0, ErrOverflow
	}
	return VND(p), nil
}
