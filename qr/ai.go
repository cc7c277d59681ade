package qr

import (
	"fmt"
	"strconv"
	"strings"

	"nguon/app/gs1"
)

// attribute says what the value of one query AI must look like and which
// other AIs it needs or excludes.
type attribute struct {
	format    []component
	needs     []string
	excluded  []string
	formatDoc string // as the table has it, for messages
}

// component is one part of a value: a kind of character, a length, a rule.
type component struct {
	kind     byte // 'N' digits, 'X' character set 82, 'Z' base64url
	min, max int
	optional bool
	rule     string
}

var attributes = parseAttributes(attributeTable)

func parseAttributes(table string) map[string]attribute {
	m := make(map[string]attribute)
	for line := range strings.Lines(table) {
		cols := strings.Split(strings.TrimSpace(line), "|")
		if len(cols) < 2 {
			continue
		}
		for len(cols) < 4 {
			cols = append(cols, "")
		}
		doc := strings.Join(strings.Fields(cols[1]), " ")
		a := attribute{parseFormat(doc), list(cols[2]), list(cols[3]), doc}
		for _, ai := range strings.Fields(cols[0]) {
			for _, full := range expand(ai) {
				m[full] = a
			}
		}
	}
	return m
}

// expand replaces a final n: a measure has 0 to 5 decimals, other AIs ten members.
func expand(ai string) []string {
	stem, ok := strings.CutSuffix(ai, "n")
	if !ok {
		return []string{ai}
	}
	top := 9
	if stem[0] == '3' && (stem < "390" || stem == "395") {
		top = 5
	}
	var all []string
	for d := 0; d <= top; d++ {
		all = append(all, stem+strconv.Itoa(d))
	}
	return all
}

func list(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}

func parseFormat(doc string) []component {
	var all []component
	for _, f := range strings.Fields(doc) {
		var c component
		if inner, ok := strings.CutPrefix(f, "["); ok {
			f, c.optional = strings.TrimSuffix(inner, "]"), true
		}
		f, c.rule, _ = strings.Cut(f, ",")
		c.kind, f = f[0], f[1:]
		upTo, ranged := strings.CutPrefix(f, "..")
		n, err := strconv.Atoi(upTo)
		if err != nil {
			panic(fmt.Sprintf("qr: attribute format %q", doc))
		}
		c.min, c.max = n, n
		if ranged {
			c.min = 1
		}
		all = append(all, c)
	}
	return all
}

// fits reports whether a decoded value has the attribute's format.
func (a attribute) fits(v string) bool {
	for _, c := range a.format {
		if v == "" && c.optional {
			continue
		}
		n := min(len(v), c.max)
		if n < c.min || !c.accepts(v[:n]) {
			return false
		}
		v = v[n:]
	}
	return v == ""
}

func (c component) accepts(v string) bool {
	for i := range len(v) {
		b := v[i]
		digit := b >= '0' && b <= '9'
		letter := b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z'
		if c.kind == 'N' && !digit || c.kind == 'Z' && !digit && !letter && b != '-' && b != '_' && b != '=' {
			return false
		}
	}
	return (c.kind != 'X' || gs1.InSet82(v)) && c.obeys(v)
}

func (c component) obeys(v string) bool {
	switch c.rule {
	case "csum":
		return gs1.ValidCheckDigit(v)
	case "zero":
		return v == "0"
	case "date":
		return validDate(v, false)
	case "date0":
		return validDate(v, true)
	case "time":
		return v[:2] < "24" && v[2:] < "60"
	case "hour":
		return validDate(v[:6], false) && v[6:] < "24"
	case "minute":
		return len(v) == 2 && v < "60" || len(v) == 4 && v[:2] < "60" && v[2:] < "60"
	case "country":
		return isCountry(v)
	case "processor":
		return v == "999" || isCountry(v)
	case "countries":
		return areCountries(v)
	}
	return true
}

// validDate checks YYMMDD; day 00 means an unnamed day where that is allowed.
// Within the sliding century of GS1 every year divisible by four is a leap year.
func validDate(v string, day0 bool) bool {
	year, _ := strconv.Atoi(v[:2])
	month, _ := strconv.Atoi(v[2:4])
	day, _ := strconv.Atoi(v[4:])
	if month < 1 || month > 12 || day == 0 && !day0 {
		return false
	}
	last := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 {
		last = 29
	}
	return day <= last
}

func areCountries(v string) bool {
	if len(v)%3 != 0 {
		return false
	}
	for i := 0; i < len(v); i += 3 {
		if !isCountry(v[i : i+3]) {
			return false
		}
	}
	return true
}

func isCountry(v string) bool { return strings.Contains(countries, " "+v+" ") }

// isAI reports whether a path may hold this AI at all.
func isAI(s string) bool {
	if _, ok := attributes[s]; ok {
		return true
	}
	return s != "" && !strings.Contains(s, " ") &&
		(strings.Contains(primaryKeys, " "+s+" ") || strings.Contains(pathAIs, " "+s+" "))
}

func isPrimaryKey(s string) bool { return isAI(s) && strings.Contains(primaryKeys, " "+s+" ") }

// matchesAI compares an AI with one of a list, in which n is any digit.
func matchesAI(pattern, ai string) bool {
	if len(pattern) != len(ai) {
		return false
	}
	for i := range len(ai) {
		if pattern[i] != 'n' && pattern[i] != ai[i] {
			return false
		}
	}
	return true
}
