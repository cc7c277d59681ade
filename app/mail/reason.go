package mail

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"nguon/app/lang"
)

// mask keeps of an address what its owner recognises it by. What is masked
// already stays as it is.
func mask(to string) string {
	local, domain, ok := strings.Cut(to, "@")
	if !ok || local == "" {
		return "•••"
	}
	_, size := utf8.DecodeRuneInString(local)
	return local[:size] + "•••@" + domain
}

// reason is what a server said, as text that can be kept and shown: servers
// repeat addresses in letters of any case, and answer in any encoding.
func reason(cause error, to string) string {
	s := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(cause.Error(), "\uFFFD"))
	s = regexp.MustCompile("(?i)"+regexp.QuoteMeta(to)).ReplaceAllLiteralString(s, mask(to))
	return clip(s)
}

func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > 200 {
		return string(r[:200]) + "…"
	}
	return s
}

// permanentError marks a refusal that no later try will change.
type permanentError struct{ error }

func (e permanentError) Unwrap() error { return e.error }

func permanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}

var errNoText = errors.New("mail: a message has no text in this language")

func noText(key string, l lang.Lang) error {
	return permanentError{fmt.Errorf("%w: %s in %s", errNoText, key, l)}
}
