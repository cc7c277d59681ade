package lang

import (
	"strconv"
	"strings"
	"time"
)

// Zone is the time zone of Vietnam, UTC+7 without summer time since 1975; the
// tz database is not needed for it.
var Zone = time.FixedZone("+07", 7*60*60)

var weekdaysVi = [...]string{"Chủ Nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}

// Date writes a day: "12/12/2026", in English "12 Dec 2026".
func (l Lang) Date(t time.Time) string {
	if l == En {
		return t.In(Zone).Format("2 Jan 2006")
	}
	return t.In(Zone).Format("02/01/2006")
}

// DateLong writes a day with its weekday: "Thứ Bảy, 12/12/2026", in English
// "Sat 12 Dec 2026".
func (l Lang) DateLong(t time.Time) string {
	t = t.In(Zone)
	if l == En {
		return t.Format("Mon 2 Jan 2006")
	}
	return weekdaysVi[t.Weekday()] + ", " + t.Format("02/01/2006")
}

// DateTime writes a day and the time in Vietnam: "12/12/2026 15:04".
func (l Lang) DateTime(t time.Time) string {
	return l.Date(t) + " " + t.In(Zone).Format("15:04")
}

// Int writes a whole number with its thousands apart: "12.500", in English
// "12,500".
func (l Lang) Int(n int64) string { return l.group(strconv.FormatInt(n, 10)) }

// Num writes a number with at most the given decimals, without trailing
// zeros: "1.234,5", in English "1,234.5".
func (l Lang) Num(f float64, decimals int) string {
	s := strconv.FormatFloat(f, 'f', decimals, 64)
	whole, frac, _ := strings.Cut(s, ".")
	frac = strings.TrimRight(frac, "0")
	s = l.group(whole)
	if frac == "" {
		return s
	}
	if l == En {
		return s + "." + frac
	}
	return s + "," + frac
}

func (l Lang) group(s string) string {
	sep := byte('.')
	if l == En {
		sep = ','
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(s) {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(sep)
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Kilograms writes a weight given in grams: "12,5 kg", "500 g" under one
// kilogram.
func (l Lang) Kilograms(grams int64) string {
	if grams < 1000 && grams > -1000 {
		return l.Int(grams) + "\u00a0g"
	}
	return l.Num(float64(grams)/1000, 1) + "\u00a0kg"
}
