package account

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"nguon/app/lang"
)

// Limits of a password: characters at least, bytes at most.
const (
	MinPassword = 10
	MaxPassword = 256
)

//go:embed data/common.txt.gz
var commonGz []byte

// common is the list of common passwords, one set for the life of the program.
var common = sync.OnceValue(func() map[string]struct{} {
	z, err := gzip.NewReader(bytes.NewReader(commonGz))
	if err != nil {
		panic(err) // embedded, so a test meets it first
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	set := make(map[string]struct{}, 47_000)
	for line := range strings.Lines(string(text)) {
		set[strings.TrimSpace(line)] = struct{}{}
	}
	return set
})

// weak says why a new password is refused, as the code of a message; "" when
// it is not. Own are words that everybody knows of the person.
func weak(password string, own ...string) string {
	if len(password) > MaxPassword {
		return "account.password.long"
	}
	folded := lang.Fold(password)
	switch {
	case !utf8.ValidString(password):
		return "account.password.text"
	case utf8.RuneCountInString(norm.NFC.String(password)) < MinPassword:
		return "account.password.short"
	case distinct(folded) < 5 || isCommon(folded):
		return "account.password.common"
	}
	for _, word := range own {
		if word = lang.Fold(word); len(word) >= 4 && core(folded) == core(word) {
			return "account.password.own"
		}
	}
	return ""
}

// isCommon knows the words of the list with digits or signs around them, and
// written twice.
func isCommon(folded string) bool {
	tight := strings.ReplaceAll(folded, " ", "")
	half := tight[:len(tight)/2]
	tries := []string{folded, tight, core(tight)}
	if half+half == tight {
		tries = append(tries, half)
	}
	for _, s := range tries {
		if _, ok := common()[s]; ok {
			return true
		}
	}
	return false
}

// core is what remains of a word without what people hang on to it.
func core(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}
