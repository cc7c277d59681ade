package mail

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
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
// repeat addresses in letters of any case, filters the links that they do not
// like, and both answer in any encoding.
func reason(cause error, d doc) string {
	s := blank(oneLine(cause.Error()), d.To, mask(d.To))
	for _, secret := range secrets(d) {
		s = blank(s, secret, "…")
	}
	return clip(s)
}

// blank replaces a text in letters of any case.
func blank(s, what, by string) string {
	if what == "" {
		return s
	}
	return regexp.MustCompile("(?i)"+regexp.QuoteMeta(what)).ReplaceAllLiteralString(s, by)
}

// secrets are the name, and the values in the link as written and as meant.
func secrets(d doc) []string {
	list := []string{d.Name}
	_, query, _ := strings.Cut(d.Link, "?")
	for pair := range strings.SplitSeq(query, "&") {
		_, value, _ := strings.Cut(pair, "=")
		list = append(list, value)
		if plain, err := url.QueryUnescape(value); err == nil {
			list = append(list, plain)
		}
	}
	return list
}

func clip(s string) string {
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

var (
	errNoText = errors.New("mail: a message has no text in this language")
	errLink   = errors.New("mail: a link is not a path of this site")
)

func noText(key string, l lang.Lang) error {
	return permanentError{fmt.Errorf("%w: %s in %s", errNoText, key, l)}
}
