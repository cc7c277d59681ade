package tours

import (
	"strconv"
	"strings"
	"time"

	"nguon/app/lang"
)

// ParseDay reads a day of Vietnam as people type it, "12/12/2026", "12.12.2026",
// "12-12-2026", or as browsers send it, "2026-12-12".
func ParseDay(s string) (time.Time, bool) {
	s = strings.Join(strings.Fields(s), "")
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == '.' || r == '-' })
	if len(parts) != 3 || strings.Count(s, "/")+strings.Count(s, ".")+strings.Count(s, "-") != 2 {
		return time.Time{}, false
	}
	if len(parts[0]) == 4 {
		parts[0], parts[2] = parts[2], parts[0]
	}
	day, month, year := small(parts[0], 2), small(parts[1], 2), small(parts[2], 4)
	if len(parts[2]) != 4 || year < 2000 || year > 2200 || month < 1 || day < 1 {
		return time.Time{}, false
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, lang.Zone)
	return t, t.Day() == day && int(t.Month()) == month
}

// small reads a number of at most n digits, -1 for anything else.
func small(s string, n int) int {
	if s == "" || len(s) > n || strings.Trim(s, "0123456789") != "" {
		return -1
	}
	v, _ := strconv.Atoi(s)
	return v
}

// ParseDays reads days, one a line or with commas between; bad is the first that
// is none.
func ParseDays(s string) (list []time.Time, bad string) {
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' }) {
		if strings.TrimSpace(word) == "" {
			continue
		}
		day, ok := ParseDay(word)
		if !ok {
			return nil, strings.TrimSpace(word)
		}
		list = append(list, day)
	}
	return list, ""
}

// ParseClock reads a time of the day: "08:00", "8:00", "8h", "8h30", "8g30", "8.30".
func ParseClock(s string) (ClockTime, bool) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	hours, minutes, _ := strings.Cut(strings.NewReplacer("giờ", ":", "h", ":", "g", ":", ".", ":").Replace(s), ":")
	if minutes == "" && strings.ContainsAny(s, "hg") {
		minutes = "00"
	}
	h, m := small(hours, 2), small(minutes, 2)
	if len(minutes) != 2 || h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	return ClockTime(h*60 + m), true
}

// String writes it as a form shows it: "08:00".
func (c ClockTime) String() string {
	return time.Date(2000, 1, 1, int(c)/60, int(c)%60, 0, 0, time.UTC).Format("15:04")
}

// ParsePlace reads a latitude and a longitude in degrees, with a comma or a point;
// a pair pasted into the first, "21.33, 103.90", counts where the second is empty.
// Nothing in both is 0, 0.
func ParsePlace(lat, lon string) (north, east float64, ok bool) {
	lat, lon = strings.TrimSpace(lat), strings.TrimSpace(lon)
	if lat == "" && lon == "" {
		return 0, 0, true
	}
	if lon == "" {
		lat, lon = pair(lat)
	}
	north, ok = degrees(lat)
	east, fine := degrees(lon)
	return north, east, ok && fine && north >= -90 && north <= 90 && east >= -180 && east <= 180
}

// pair splits what maps let people copy: "21.33, 103.90", "21.33 103.90", or with
// commas in the numbers "21,33; 103,90" and "21,33 103,90".
func pair(s string) (lat, lon string) {
	for _, sep := range [...]string{";", ", ", " "} {
		if a, b, cut := strings.Cut(s, sep); cut {
			return strings.TrimSpace(a), strings.TrimSpace(b)
		}
	}
	if a, b, cut := strings.Cut(s, ","); cut && strings.Contains(s, ".") {
		return a, b
	}
	return s, ""
}

func degrees(s string) (float64, bool) {
	s = strings.TrimSuffix(strings.ReplaceAll(s, ",", "."), "°")
	if s == "" || strings.Trim(s, "0123456789.-") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}

// ParseChoices reads the answers of a question, one a line, "Vietnamese | English".
func ParseChoices(s string) []lang.Text {
	list := []lang.Text{}
	for line := range strings.Lines(strings.ReplaceAll(s, "\r", "\n")) {
		vi, en, _ := strings.Cut(line, "|")
		if t := (lang.Text{Vi: strings.Join(strings.Fields(vi), " "), En: strings.Join(strings.Fields(en), " ")}); t.Vi != "" {
			list = append(list, t)
		}
	}
	return list
}
