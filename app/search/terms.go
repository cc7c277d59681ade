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
	Keep     bool       // is a number of something: nothing is found without it
}

// stop are words that say nothing here, in both languages, folded. They count only
// when nothing else was typed.
var stop = map[string]bool{"the": true, "of": true, "from": true, "in": true, "and": true, "with": true, "for": true, "a": true, "an": true, "at": true, "to": true,
	"va": true, "cua": true, "o": true, "tu": true, "tai": true, "cho": true, "voi": true, "nhung": true, "cac": true}

// Terms reads what a query asks for. Phrases of the trade are read as one, and
// numbers of several parts, such as "HN-26-01", as one word.
func Terms(text string) (list []Term) {
	var words []string
	flush := func() {
		list = append(list, terms(words)...)
		words = nil
	}
	for part := range strings.FieldsSeq(text) {
		if code := numbered(part); code != "" {
			flush()
			list = append(list, Term{Words: []string{code}, Code: true, Keep: true})
			continue
		}
		words = append(words, Plain(part)...)
	}
	flush()
	if kept := slices.DeleteFunc(slices.Clone(list), func(t Term) bool { return len(t.Words) == 1 && stop[t.Words[0]] }); len(kept) > 0 {
		list = kept
	}
	if n := len(list); n > 1 && slices.ContainsFunc(list, func(t Term) bool { return t.Keep }) { // what a number is called says nothing
		if kept := slices.DeleteFunc(slices.Clone(list), func(t Term) bool { return len(t.Words) == 1 && called[t.Words[0]] }); len(kept) > 0 {
			list = kept
		}
	}
	if n := len(list); n > 0 {
		list[n-1].Open = !hasDigit(list[n-1].Words[len(list[n-1].Words)-1])
	}
	return list
}

func terms(words []string) (list []Term) {
	for i := 0; i < len(words); {
		m, n := trade.at(words, i)
		n = max(n, 1)
		t := Term{Words: words[i : i+n], Concepts: m.concepts, Also: m.also}
		if t.Code = slices.ContainsFunc(t.Words, hasDigit); t.Code && n == 1 {
			t.Keep = isNumber(words[i])
		}
		list = append(list, t)
		i += n
	}
	return list
}

// called are words that stand before a number, in both languages, folded.
var called = map[string]bool{"lo": true, "ma": true, "so": true, "lot": true, "code": true, "no": true, "gtin": true, "dt": true, "sdt": true, "tel": true}

// numbered is a part of a text that is the number of something, with letters and
// digits and what parts them, as one word; "" for anything else.
func numbered(part string) string {
	words := Plain(part)
	if len(words) < 2 || Whole(part) == "" || !slices.ContainsFunc(words, hasDigit) || !strings.ContainsFunc(part, unicode.IsLetter) {
		return ""
	}
	return strings.Join(words, "")
}

// isNumber reports whether a word alone is the number of something: a year is not.
func isNumber(word string) bool { return len(word) > 4 && Whole(word) != "" }

// Loose reports whether a query may be answered without some of its words: not one
// that is a number typed with spaces.
func Loose(terms []Term) bool {
	letters := 0
	for _, t := range terms {
		for _, w := range t.Words {
			switch {
			case hasDigit(w):
			case len(w) > 3:
				return true
			default:
				letters++
			}
		}
	}
	return letters > 1 || letters == len(terms)
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
