package views

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"
)

// longestCode is the most that is kept on one line; a longer word may break.
const longestCode = 20

// coded writes a sentence in which a code such as "PD-26-02", or a range such
// as "1–1,6", stays on one line: browsers break at its hyphens and dashes.
func coded(text string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		for part := range strings.SplitAfterSeq(text, " ") {
			out, word := templ.EscapeString(part), strings.TrimSuffix(part, " ")
			if hyphened(word) {
				out = `<span class="nb">` + templ.EscapeString(word) + "</span>" + part[len(word):]
			}
			if _, err := io.WriteString(w, out); err != nil {
				return err
			}
		}
		return nil
	})
}

// hyphened reports whether a word is short and has a hyphen or a dash inside.
func hyphened(word string) bool {
	at := strings.IndexAny(word, "-–")
	return at > 0 && at < len(word)-1 && len(word) <= longestCode
}

// grouped writes a packet code in fours, as the label does.
func grouped(serial string) string {
	var b strings.Builder
	for i := 0; i < len(serial); i++ {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteByte(serial[i])
	}
	return b.String()
}

// unbroken keeps the words of a short text, a date or a weight, on one line.
func unbroken(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

// flow splits what went into a step from what came out, so that a line breaks
// between the two.
func flow(weight string) []string {
	in, out, both := strings.Cut(weight, " → ")
	if !both {
		return []string{weight}
	}
	return []string{in + " →", out}
}
