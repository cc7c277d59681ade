package search

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"nguon/app/lang"
)

// Plain are the words of a text in the form in which they are compared: folded,
// split at everything that is neither letter nor digit.
func Plain(text string) []string {
	return strings.FieldsFunc(lang.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Exact are the words of a text with their accents, in lower case, composed (NFC).
func Exact(text string) []string {
	return strings.FieldsFunc(strings.ToLower(norm.NFC.String(text)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Joined are syllables in a row written as one word, as many type them: "caphe",
// "sonla", "dacsan", "caphesonla".
func Joined(words []string) []string {
	var list []string
	for i := range words {
		joined := words[i]
		for _, w := range words[i+1 : min(i+4, len(words))] {
			if hasDigit(joined) || hasDigit(w) {
				break
			}
			joined += w
			list = append(list, joined)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// Code brings a number on a packet or a paper into the form in which it is
// compared: upper case, without spaces, points and hyphens.
func Code(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, lang.Fold(s)))
}

// Term is one thing that a query asks for.
type Term struct {
	Words    []string   // folded, in a row
	Concepts []string   // tokens under which what means the same is indexed
	Also     [][]string // what means the same
	Open     bool       // its last word may go on: it is still being typed
	Code     bool       // holds a digit: no typing mistakes are allowed
}

// stop are words that say nothing here, in both languages, folded. They count only
// when nothing else was typed.
var stop = map[string]bool{"the": true, "of": true, "from": true, "in": true, "and": true, "with": true, "for": true, "a": true, "an": true, "at": true, "to": true,
	"va": true, "cua": true, "o": true, "tu": true, "tai": true, "cho": true, "voi": true, "nhung": true, "cac": true}

// Terms reads what a query asks for. Phrases of the trade are read as one.
func Terms(text string) (list []Term) {
	words := Plain(text)
	if kept := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return stop[w] && !partOfPhrase(words, w) }); len(kept) > 0 {
		words = kept
	}
	for i := 0; i < len(words); {
		m, n := trade.at(words, i)
		n = max(n, 1)
		t := Term{Words: words[i : i+n], Concepts: m.concepts, Also: m.also, Open: i+n == len(words)}
		t.Code = slices.ContainsFunc(t.Words, hasDigit)
		list = append(list, t)
		i += n
	}
	return list
}

// partOfPhrase reports whether a word stands in a phrase of the trade in the query.
func partOfPhrase(words []string, w string) bool {
	for i := range words {
		if _, n := trade.at(words, i); n > 1 && slices.Contains(words[i:i+n], w) {
			return true
		}
	}
	return false
}

func hasDigit(s string) bool { return strings.ContainsFunc(s, unicode.IsDigit) }

// Accented are the words of a query that were typed with accents: among what is
// found without regard to them, what bears them comes first.
func Accented(text string) []string {
	list := Exact(text)
	return slices.DeleteFunc(list, func(w string) bool { return lang.Fold(w) == w })
}

// Whole is a query read as one number, such as a telephone typed with spaces, ""
// where it is none.
func Whole(text string) string {
	c := Code(text)
	letters := 0
	for _, r := range c {
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if len(c) < 4 || len(c) > 40 || len(c)-letters < 2 || letters > 0 && len(c) < 5 || strings.Count(strings.TrimSpace(text), " ") > 5 {
		return ""
	}
	return c
}

// From how many letters on a word may hold one typing mistake, and two.
const (
	OneMistake  = 4
	TwoMistakes = 8
)

// Mistakes is how many typing mistakes a word may hold; none in a number.
func Mistakes(word string) int {
	n := len([]rune(word))
	switch {
	case hasDigit(word) || n < OneMistake:
		return 0
	case n < TwoMistakes:
		return 1
	}
	return 2
}
