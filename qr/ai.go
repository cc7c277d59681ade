package qr

import (
	"fmt"
	"strconv"
	"strings"

	"nguon/app/gs1"
)

// The table of application identifiers follows the GS1 syntax dictionary
// (github.com/gs1/gs1-syntax-dictionary, Apache-2.0), cut down to what a
// Digital Link whose primary key is a GTIN may carry.

// primaryKeys are the AIs that can begin a Digital Link; only 01 is served.
const primaryKeys = " 00 01 253 255 401 402 414 415 417 8003 8004 8006 8010 8013 8017 8018 "

// pathAIs stand only behind some primary key in a path.
const pathAIs = " 10 21 22 235 254 7040 8011 8019 8020 "

// attributeTable: AIs, format, groups of which one AI must be there too
// (besides the GTIN), AIs that exclude it. In lists "n" stands for any digit.
const attributeTable = `
00                                   | N18,csum
11 13 15 16 17                       | N6,date0
20                                   | N2
240 241 251                          | X..30
242                                  | N..6
243                                  | X..20
250                                  | X..30 | 21
253                                  | N13,csum [X..17]
254                                  | X..20 | 414
30                                   | N..8
310n 311n 312n 313n 314n 315n 316n   | N6
320n 321n 322n 323n 324n 325n 326n   | N6
327n 328n 329n 330n 331n 332n 333n   | N6
334n 335n 336n 337n 340n 341n 342n   | N6
343n 344n 345n 346n 347n 348n 349n   | N6
350n 351n 352n 353n 354n 355n 356n   | N6
357n 360n 361n 362n 363n 364n 365n   | N6
366n 367n 368n 369n                  | N6
392n                                 | N..15    | 30,31nn,32nn,35nn,36nn | 393n
393n                                 | N3 N..15 | 30,31nn,32nn,35nn,36nn | 392n
395n                                 | N6       | 30,31nn,32nn,35nn,36nn | 392n,393n,8005
400 401                              | X..30
402                                  | N17,csum
410 411 412 413 414 416 417          | N13,csum
420                                  | X..20 | | 421
421                                  | N3,country X..9 | | 420
422 424                              | N3,country | | 426
423 425                              | N..15,countries | | 426
426                                  | N3,country | | 422,423,424,425
427                                  | X..3 | 422
7001                                 | N13
7002                                 | X..30
7003                                 | N6,date N4,time
7004                                 | N..4 | 10
7005                                 | X..12
7006                                 | N6,date
7007                                 | N6,date [N6,date]
7008                                 | X..3
7009                                 | X..10
7010                                 | X..2
7011                                 | N6,date [N4,time]
7020                                 | X..20 | 416
7021                                 | X..20
7022                                 | X..20 | 7021
7023 8004                            | X..30
703n                                 | N3,processor X..27
7040                                 | N1 X3
710 711 712 713 714 715 716          | X..20
723n                                 | X2 X..28
7240                                 | X..20
8001                                 | N14
8002 8012                            | X..20
8003                                 | N1,zero N13,csum [X..16]
8005                                 | N6
8008                                 | N8,hour [N..4,minute]
8009                                 | X..50
8017                                 | N18,csum | | 8018
8018                                 | N18,csum | | 8017
8030                                 | Z..90 | 21
90                                   | X..30
91 92 93 94 95 96 97 98 99           | X..90
`

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
