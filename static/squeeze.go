package static

import (
	"bytes"
	"regexp"
)

var (
	comments = regexp.MustCompile(`(?s)/\*.*?\*/`)
	spaces   = regexp.MustCompile(`\s+`)
	aroundOf = regexp.MustCompile(` ?([{};,>]) ?`)
	lastSemi = regexp.MustCompile(`;}`)
)

// squeeze takes comments and needless white space out of a style sheet. It
// keeps quoted text as it is only where that holds no doubled spaces or
// braces, which a test asserts for the files here.
func squeeze(css []byte) []byte {
	css = comments.ReplaceAll(css, nil)
	css = spaces.ReplaceAll(css, []byte(" "))
	css = aroundOf.ReplaceAll(css, []byte("$1"))
	css = lastSemi.ReplaceAll(css, []byte("}"))
	css = bytes.ReplaceAll(css, []byte(": "), []byte(":"))
	return bytes.TrimSpace(css)
}
