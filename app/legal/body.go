package legal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
)

// MaxText is how many characters a text may have in each language.
const MaxText = 40_000

// checked brings a body to what is kept. What is wrong is fault.Invalid
// "legal.incomplete" with the Fields "vi" and "en".
func checked(body lang.Text) (lang.Text, error) {
	tidied := lang.Text{Vi: tidy(body.Vi), En: tidy(body.En)}
	bad := fault.New(fault.Invalid, "legal.incomplete")
	for _, f := range [...]struct{ name, typed, tidied string }{{"vi", body.Vi, tidied.Vi}, {"en", body.En, tidied.En}} {
		switch {
		case !utf8.ValidString(f.typed):
			bad = bad.Field(f.name, "legal.field.text")
		case f.tidied == "":
			bad = bad.Field(f.name, "legal.field.missing")
		case utf8.RuneCountInString(f.tidied) > MaxText:
			bad = bad.Field(f.name, "legal.field.long")
		}
	}
	if len(bad.Fields) > 0 {
		return lang.Text{}, bad
	}
	return tidied, nil
}

var breaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n")

// tidy writes every line end as one newline and trims the ends of the text.
// Spaces within it stay: Markdown reads them.
func tidy(s string) string { return strings.TrimSpace(strings.Map(visible, breaks.Replace(s))) }

// visible drops what cannot be seen but could turn a text around: controls and
// the marks of direction.
func visible(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\t':
		return ' '
	case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
		return -1
	}
	return r
}
