package account

import (
	"net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxAddress is the longest path of RFC 5321 §4.5.3.1.3 without its brackets.
const maxAddress = 254

// parseAddress reads an e-mail address as people type it. Only ASCII is
// accepted: letters of other scripts that look like Latin ones would let one
// address pass for another. What is wrong comes as the code of a message.
func parseAddress(s string) (address, wrong string) {
	s = strings.TrimSpace(s)
	switch {
	case s == "":
		return "", "account.email.missing"
	case len(s) > maxAddress:
		return "", "account.email.long"
	case strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII }):
		return "", "account.email.ascii"
	case strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>()[]\,;:"`, r) }):
		return "", "account.email.form"
	}
	a, err := mail.ParseAddress(s)
	local, domain, ok := strings.Cut(s, "@")
	if err != nil || a.Address != s || !ok || len(local) > 64 || !isDomain(domain) {
		return "", "account.email.form"
	}
	return local + "@" + strings.ToLower(domain), ""
}

// isDomain accepts host names of at least two labels.
func isDomain(s string) bool {
	labels := strings.Split(s, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' ||
			strings.Trim(strings.ToLower(l), "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return false
		}
	}
	return len(labels) > 1
}

// addressKey is what tells addresses apart: no mail service of our days tells
// upper from lower case.
func addressKey(address string) string { return strings.ToLower(address) }

// textLimits of single-line texts, in characters.
const (
	maxName   = 80
	maxPhone  = 30
	maxReason = 1_000
	maxLine   = 300
)

// line checks a text of one line: what is wrong with it as the code of a
// message, "" when nothing is.
func line(s string, most int, required bool) string {
	switch {
	case s == "" && required:
		return "account.field.missing"
	case utf8.RuneCountInString(s) > most:
		return "account.field.long"
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unprintable):
		return "account.field.text"
	}
	return ""
}

// named checks what somebody is called. It stands in mails to people who have
// not asked for one, so it leads nowhere.
func named(s string, most int, required bool) string {
	if wrong := line(s, most, required); wrong != "" {
		return wrong
	}
	if low := strings.ToLower(plainDots.Replace(s)); strings.Contains(low, "://") || strings.Contains(low, "www.") || isHost.MatchString(low) {
		return "account.field.link"
	}
	return ""
}

// plainDots undoes what only looks like a dot, and spaces around dots.
var plainDots = strings.NewReplacer("。", ".", "．", ".", "｡", ".", "․", ".", " .", ".", ". ", ".")

// isHost finds what mail programs make a link of: a name under a domain that
// people know. "TS.Nguyễn" and "Cty.TNHH" are none.
var isHost = regexp.MustCompile(`[a-z0-9-]{2,}\.(app|biz|cc|click|club|cn|co|com|dev|edu|gov|info|io|link|live|ly|me|mobi|net|online|org|pro|ru|shop|site|store|top|tv|us|vip|vn|win|xyz)($|[^a-z0-9\pL])`)

// unprintable are characters that could break a header, or turn what stands
// beside them around: controls, line and paragraph separators, and the
// invisible marks of direction.
func unprintable(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || unicode.Is(unicode.Bidi_Control, r) || r == '\ufeff'
}
