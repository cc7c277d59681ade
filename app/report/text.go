package report

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// visible drops what cannot be seen but could turn a text around or break a
// line out of its place: controls and format characters such as the marks of
// direction.
func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// line brings a text to one line with single spaces.
func line(s string) string {
	return strings.Join(strings.Fields(strings.Map(visible, strings.ToValidUTF8(s, ""))), " ")
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// paragraphs brings a longer text to lines with single spaces, with at most
// one empty line between them.
func paragraphs(s string) string {
	s = strings.Map(visible, breaks.Replace(strings.ToValidUTF8(s, "")))
	var b strings.Builder
	gap := 0
	for l := range strings.SplitSeq(s, "\n") {
		if l = strings.Join(strings.Fields(l), " "); l == "" {
			gap++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(gap, 1)+1])
		}
		b.WriteString(l)
		gap = 0
	}
	return b.String()
}

// clip brings a text to one line of at most maxFact characters.
func clip(s string) string {
	s = line(s)
	if utf8.RuneCountInString(s) <= maxFact {
		return s
	}
	return string([]rune(s)[:maxFact-1]) + "…"
}
