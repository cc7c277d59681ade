package trace

import (
	"strconv"
	"time"

	"nguon/app/lang"
)

// SeasonOf is the coffee season a day belongs to: "2025/2026" from 1 July
// 2025 to 30 June 2026. Picking in the province lies between September and March,
// so no harvest straddles the border.
func SeasonOf(t time.Time) string {
	t = t.In(lang.Zone)
	year := t.Year()
	if t.Month() < time.July {
		year--
	}
	return strconv.Itoa(year) + "/" + strconv.Itoa(year+1)
}

// IsSeason reports whether s names a season as SeasonOf writes it, from
// 1990/1991 on.
func IsSeason(s string) bool {
	if len(s) != 9 || s[4] != '/' {
		return false
	}
	from, err := strconv.Atoi(s[:4])
	if err != nil || from < 1990 {
		return false
	}
	to, err := strconv.Atoi(s[5:])
	return err == nil && to == from+1
}
