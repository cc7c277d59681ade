package qr

import (
	"strings"

	"nguon/app/gs1"
)

// Link is a GS1 Digital Link whose primary key is a GTIN: what a packet's code
// says. TPX excludes CPV, Lot and Serial.
type Link struct {
	GTIN   string // AI 01, 14 digits with a right check digit
	CPV    string // AI 22, consumer product variant
	Lot    string // AI 10
	Serial string // AI 21
	TPX    string // AI 235, third-party controlled extension

	Attributes []Attribute // attribute AIs of the query, in the order they came
	Query      string      // the raw query, without "?", as it is passed on

	asked bool // a person asks about this very packet: Resolve does not walk up from its serial
}

// Attribute is one AI of the query with its decoded value.
type Attribute struct{ AI, Value string }

// maxLink bounds what a parser looks at; a label's address has under 120 bytes.
const maxLink = 4096

// ParseLink reads an uncompressed GS1 Digital Link to the letter of the URI
// syntax standard 1.6: an absolute URI with any host and stem, or a raw
// request target ("/01/…?…"). The right-most primary key wins. Every error is
// fault.Invalid with a code under "qr.link." that says what is wrong.
func ParseLink(raw string) (Link, error) {
	path, query, err := splitURI(raw)
	if err != nil {
		return Link{}, err
	}
	return parseParts(path, query)
}

// ParseTarget is ParseLink for a resolver, which should tolerate one trailing
// slash in the path.
func ParseTarget(raw string) (Link, error) {
	path, query, err := splitURI(raw)
	if err != nil {
		return Link{}, err
	}
	return parseParts(strings.TrimSuffix(path, "/"), query)
}

// splitURI takes scheme, host and fragment off and returns path and query.
func splitURI(raw string) (path, query string, err error) {
	switch {
	case raw == "":
		return "", "", linkFault("qr.link.none")
	case len(raw) > maxLink:
		return "", "", linkFault("qr.link.too_long").With("Max", maxLink)
	case !isURI(raw):
		return "", "", linkFault("qr.link.characters")
	}
	rest, absolute := cutScheme(raw)
	if absolute {
		slash := strings.IndexByte(rest, '/')
		if slash < 1 || !isHost(rest[:slash]) {
			return "", "", linkFault("qr.link.host")
		}
		rest = rest[slash:]
	} else if rest[0] != '/' {
		return "", "", linkFault("qr.link.scheme")
	}
	rest, _, _ = strings.Cut(rest, "#")
	path, query, _ = strings.Cut(rest, "?")
	return path, query, nil
}

// cutScheme removes the scheme, which is all lower or all upper case.
func cutScheme(s string) (rest string, ok bool) {
	for _, scheme := range [...]string{"https://", "HTTPS://", "http://", "HTTP://"} {
		if rest, ok = strings.CutPrefix(s, scheme); ok {
			return rest, true
		}
	}
	return s, false
}

// isHost checks characters only, as the reference engine does: no user part,
// no zone of an IPv6 address.
func isHost(s string) bool {
	for i := range len(s) {
		if c := s[i]; !unreserved(c) && c != ':' && c != '[' && c != ']' || c == '_' || c == '~' {
			return false
		}
	}
	return true
}

func parseParts(path, query string) (Link, error) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	start := keyAt(segments)
	if start < 0 {
		return Link{}, noKey(path, segments)
	}
	if key := segments[start]; key != "01" {
		return Link{}, linkFault("qr.link.key_unsupported").With("AI", key)
	}
	l := Link{Query: query}
	seen := make([]string, 0, 8)
	for i := start; i < len(segments); i += 2 {
		ai := segments[i]
		v, err := unescape(ai, segments[i+1], false)
		if err == nil {
			err = l.set(ai, v, seen)
		}
		if err != nil {
			return Link{}, err
		}
		seen = append(seen, ai)
	}
	if err := l.parseQuery(seen); err != nil {
		return Link{}, err
	}
	return l, nil
}

// keyAt walks back over /AI/value pairs to the right-most primary key; -1
// when a pair is not one or there is no key.
func keyAt(segments []string) int {
	for i := len(segments) - 2; i >= 0 && isAI(segments[i]); i -= 2 {
		if isPrimaryKey(segments[i]) {
			return i
		}
	}
	return -1
}

// shortNames were allowed before version 1.3 of the syntax.
const shortNames = " gtin itip gdti gcn ginc gsin gln payto partygln grai giai cpid gmn gsrnp gsrn sscc cpv lot ser cpsn srin refno glnx "

// noKey says why a path holds no primary key.
func noKey(path string, segments []string) error {
	if strings.HasSuffix(path, "/") && path != "/" {
		return linkFault("qr.link.trailing_slash")
	}
	for i := len(segments) - 2; i >= 0; i-- {
		s := segments[i]
		if s != "" && strings.Contains(shortNames, " "+strings.ToLower(s)+" ") {
			return linkFault("qr.link.short_name").With("Name", s)
		}
	}
	for i, s := range segments {
		if s == "01" {
			return linkFault("qr.link.path").With("Part", excerpt(strings.Join(segments[min(i+2, len(segments)):], "/")))
		}
	}
	return linkFault("qr.link.no_key")
}

// set takes one pair of the path; seen holds the AIs before it.
func (l *Link) set(ai, v string, seen []string) error {
	for _, s := range seen {
		if s == ai {
			return linkFault("qr.link.duplicate").With("AI", ai)
		}
	}
	var field *string
	most := gs1.MaxQualifier
	switch ai {
	case "01":
		l.GTIN = v
		return checkGTIN(v)
	case "22":
		field = &l.CPV
	case "10":
		field = &l.Lot
	case "21":
		field = &l.Serial
	case "235":
		field, most = &l.TPX, 28
	default:
		return linkFault("qr.link.not_in_path").With("AI", ai)
	}
	if len(v) > most {
		return linkFault("qr.link.length").With("AI", ai).With("Max", most)
	}
	if !mayFollow(ai, seen[len(seen)-1]) {
		return linkFault("qr.link.order").With("AI", ai)
	}
	*field = v
	return nil
}

// mayFollow: behind a GTIN come 22, 10, 21 in this order, each optional, or
// 235 alone.
func mayFollow(ai, before string) bool {
	switch ai {
	case "22", "235":
		return before == "01"
	case "10":
		return before == "01" || before == "22"
	}
	return before != "235" // 21
}

func checkGTIN(v string) error {
	if gs1.IsGTIN14(v) {
		return nil
	}
	for i := range len(v) {
		if v[i] < '0' || v[i] > '9' {
			return linkFault("qr.link.gtin_digits").With("GTIN", excerpt(v))
		}
	}
	if full, ok := gs1.GTIN14(v); ok {
		return linkFault("qr.link.gtin_short").With("GTIN", v).With("Full", full)
	}
	if len(v) != 14 {
		return linkFault("qr.link.gtin_length").With("GTIN", excerpt(v)).With("N", len(v))
	}
	return linkFault("qr.link.check_digit").With("GTIN", v)
}
