package qr

import "strings"

// parseQuery reads the attribute AIs; names that are not all digits, and
// names without "=", are nobody's business here.
func (l *Link) parseQuery(path []string) error {
	for pair := range strings.SplitSeq(l.Query, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || !allDigits(name) {
			continue
		}
		if err := l.attribute(name, value, path); err != nil {
			return err
		}
	}
	return l.checkAttributes(path)
}

func (l *Link) attribute(ai, raw string, path []string) error {
	a, known := attributes[ai]
	code := ""
	switch {
	case inPath(ai, path):
		code = "qr.link.duplicate"
	case ai == "22" || ai == "21" || ai == "235" || ai == "10" && !inPath("235", path):
		code = "qr.link.not_in_query"
	case !isAI(ai) && ai != "8200":
		code = "qr.link.unknown_ai"
	case !known:
		code = "qr.link.not_attribute"
	}
	for _, other := range l.Attributes {
		if other.AI == ai {
			code = "qr.link.duplicate"
		}
	}
	if code != "" {
		return linkFault(code).With("AI", excerpt(ai))
	}
	v, err := unescape(ai, raw, true)
	if err != nil {
		return err
	}
	if !a.fits(v) {
		return linkFault("qr.link.format").With("AI", ai).With("Value", excerpt(v)).With("Format", a.formatDoc)
	}
	l.Attributes = append(l.Attributes, Attribute{ai, v})
	return nil
}

// checkAttributes holds the attributes against the AIs they need or exclude.
func (l *Link) checkAttributes(path []string) error {
	for _, at := range l.Attributes {
		a := attributes[at.AI]
		if len(a.needs) > 0 && l.partner(a.needs, path) == "" {
			return linkFault("qr.link.needs").With("AI", at.AI).With("Needs", strings.Join(a.needs, ", "))
		}
		if other := l.partner(a.excluded, nil); other != "" {
			return linkFault("qr.link.excludes").With("AI", at.AI).With("Other", other)
		}
	}
	return nil
}

// partner finds an AI of the link that a list names.
func (l *Link) partner(patterns, path []string) string {
	for _, p := range patterns {
		for _, at := range l.Attributes {
			if matchesAI(p, at.AI) {
				return at.AI
			}
		}
		if inPath(p, path) {
			return p
		}
	}
	return ""
}

func inPath(ai string, path []string) bool {
	for _, p := range path {
		if p == ai {
			return true
		}
	}
	return false
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
