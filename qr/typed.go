package qr

import (
	"strings"
	"unicode"

	"nguon/app/fault"
	"nguon/app/gs1"
)

// maxTyped bounds what a person types or pastes, in bytes.
const maxTyped = 2048

func needGTIN(rest []string) error {
	return fault.New(fault.Invalid, "qr.typed.need_gtin").With("Input", excerpt(strings.Join(rest, " ")))
}

// typed is an input as far as it can be read without knowing the lots: what is
// certain, and the words that may be a lot and a serial.
type typed struct {
	link Link
	rest []string
}

// readTyped reads what people type or paste when they cannot scan: a link of
// any host (also the address of our trace page), an element string
// "(01)…(10)…(21)…", or GTIN, lot and serial as the label prints them, with or
// without words in front, in any case, with spaces and dashes. A GTIN comes as
// 8, 12, 13 or 14 digits. Faults are Invalid with codes under "qr.typed." or
// "qr.link.".
func readTyped(s string) (typed, error) {
	if len(s) > maxTyped {
		return typed{}, fault.New(fault.Invalid, "qr.typed.too_long").With("Max", maxTyped)
	}
	s = plain(s)
	switch lower := strings.ToLower(s); {
	case s == "":
		return typed{}, fault.New(fault.Invalid, "qr.typed.empty")
	case strings.Contains(lower, "://") || strings.Contains(lower, "/01/") || strings.Contains(lower, "/trace/"):
		l, err := pastedLink(s)
		return typed{link: l}, err
	case s[0] == '(':
		l, err := elementString(s)
		return typed{link: l}, err
	}
	return readWords(s)
}

// plain makes one line of an input: every kind of space becomes one blank, every
// kind of dash a hyphen, and invisible characters and quotes around it go.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Zs, r):
			return ' '
		case unicode.Is(unicode.Pd, r) || r == '\u2212':
			return '-'
		case unicode.Is(unicode.Cf, r) || unicode.IsControl(r) || r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Trim(strings.Join(strings.Fields(s), " "), `"'“”‘’<> `)
}

// pastedLink reads a Digital Link or the address of a trace page, with or
// without a scheme. Blanks come from lines broken on the way.
func pastedLink(s string) (Link, error) {
	s = strings.ReplaceAll(s, " ", "")
	if i := strings.Index(s, "://"); i >= 0 {
		s = strings.ToLower(s[:i]) + s[i:]
	} else if s[0] != '/' {
		s = "https://" + s
	}
	path, query, err := splitURI(s)
	if err != nil {
		return Link{}, err
	}
	path = strings.TrimSuffix(path, "/")
	if _, after, ok := strings.Cut(path, "/trace/"); ok {
		return traceLink(strings.Split(after, "/"))
	}
	l, err := parseParts(path, query)
	l.Query = ""
	return l, err
}

// traceLink reads the part of our own addresses behind /trace/.
func traceLink(parts []string) (Link, error) {
	if len(parts) > 3 {
		return Link{}, linkFault("qr.link.no_key")
	}
	var l Link
	fields := [...]*string{&l.GTIN, &l.Lot, &l.Serial}
	for i, p := range parts {
		v, err := unescape([...]string{"01", "10", "21"}[i], p, false)
		if err != nil {
			return Link{}, err
		}
		*fields[i] = v
	}
	return l, l.check()
}

// elementString reads "(01)09520123456788(10)ABC1(21)12345" in any order, with
// blanks anywhere.
func elementString(s string) (Link, error) {
	var l Link
	s = strings.ReplaceAll(s, " ", "")
	for s != "" {
		ai, rest, ok := strings.Cut(strings.TrimPrefix(s, "("), ")")
		if !ok || !allDigits(ai) || len(ai) > 4 {
			return Link{}, fault.New(fault.Invalid, "qr.typed.elements").With("Part", excerpt(s))
		}
		value := rest[:nextElement(rest)]
		s = rest[len(value):]
		field := map[string]*string{"01": &l.GTIN, "10": &l.Lot, "21": &l.Serial, "22": &l.CPV, "235": &l.TPX}[ai]
		switch {
		case field == nil && !isAI(ai):
			return Link{}, linkFault("qr.link.unknown_ai").With("AI", ai)
		case field == nil:
			continue
		case *field != "":
			return Link{}, linkFault("qr.link.duplicate").With("AI", ai)
		}
		*field = value
	}
	if l.GTIN == "" {
		return Link{}, needGTIN([]string{l.Lot, l.Serial})
	}
	if full, ok := gs1.GTIN14(l.GTIN); ok {
		l.GTIN = full
	}
	return l, l.check()
}

// nextElement is where the next "(AI)" begins; a value may hold brackets too.
func nextElement(s string) int {
	for i := range len(s) {
		if s[i] != '(' {
			continue
		}
		if end := strings.IndexByte(s[i:], ')'); end > 2 && end < 6 && isAI(s[i+1:i+end]) {
			return i
		}
	}
	return len(s)
}

// check holds a link that was put together by hand against the rules of the
// values.
func (l Link) check() error {
	if err := checkGTIN(l.GTIN); err != nil {
		return err
	}
	for _, q := range [...]struct{ ai, v string }{{"22", l.CPV}, {"10", l.Lot}, {"21", l.Serial}} {
		if q.v == "" {
			continue
		}
		if err := checkQualifier(q.ai, q.v); err != nil {
			return err
		}
	}
	if l.TPX != "" && (len(l.TPX) > 28 || !gs1.InSet82(l.TPX) || l.CPV+l.Lot+l.Serial != "") {
		return linkFault("qr.link.order").With("AI", "235")
	}
	return nil
}
