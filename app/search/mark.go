package search

import (
	"slices"
	"strings"
	"unicode"

	"nguon/app/lang"
)

// Piece is a stretch of a text, found or not.
type Piece struct {
	Text  string
	Found bool
}

// Marker shows where in a text the words of a query stand.
type Marker struct {
	words   []string   // folded
	phrases [][]string // that mean the same, found as a whole
	open    string     // the last word, that may go on
	near    bool
}

// NewMarker reads a query; near looks for words with typing mistakes too.
func NewMarker(text string, near bool) Marker {
	m := Marker{near: near}
	for _, t := range Terms(text) {
		m.words = append(m.words, t.Words...)
		m.phrases = append(m.phrases, t.Also...)
		if t.Open {
			m.open = t.Words[len(t.Words)-1]
		}
	}
	return m
}

// Mark cuts a text into pieces; together they are the text, accents and all.
func (m Marker) Mark(text string) (list []Piece) {
	type span struct{ from, to int }
	var words []span
	begun := -1
	for i, r := range text {
		in := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
		switch {
		case in && begun < 0:
			begun = i
		case !in && begun >= 0:
			words = append(words, span{begun, i})
			begun = -1
		}
	}
	if begun >= 0 {
		words = append(words, span{begun, len(text)})
	}
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = lang.Fold(text[w.from:w.to])
	}
	found := make([]bool, len(words))
	for i := range words {
		found[i] = found[i] || m.is(plain[i])
		for _, phrase := range m.phrases {
			if end := i + len(phrase); end <= len(plain) && slices.Equal(plain[i:end], phrase) {
				for j := i; j < end; j++ {
					found[j] = true
				}
			}
		}
		joined := plain[i]
		for k := i + 1; k < min(i+4, len(words)); k++ { // "caphe" for "cà phê"
			if joined += plain[k]; slices.Contains(m.words, joined) {
				for j := i; j <= k; j++ {
					found[j] = true
				}
			}
		}
	}
	from, is := 0, false // of the piece that goes on
	turn := func(at int, next bool) {
		if next != is {
			if at > from {
				list = append(list, Piece{text[from:at], is})
			}
			from, is = at, next
		}
	}
	for i, w := range words {
		if i > 0 && found[i] && found[i-1] && strings.TrimSpace(text[words[i-1].to:w.from]) == "" {
			continue // what stands between two that were found belongs to them
		}
		if i > 0 {
			turn(words[i-1].to, false)
		}
		turn(w.from, found[i])
	}
	if n := len(words); n > 0 {
		turn(words[n-1].to, false)
	}
	if from < len(text) {
		list = append(list, Piece{text[from:], is})
	}
	return list
}

func (m Marker) is(word string) bool {
	if slices.Contains(m.words, word) || len(m.open) > 1 && strings.HasPrefix(word, m.open) {
		return true
	}
	return m.near && slices.ContainsFunc(m.words, func(w string) bool { n := Mistakes(w); return n > 0 && distance(w, word, n) <= n })
}

// distance is how many letters must be put in, left out or changed to make one
// word of the other (Levenshtein 1966), or anything above most.
func distance(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return most + 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		last := row[0]
		row[0] = i + 1
		least := row[0]
		for j := range y {
			cost := 1
			if x[i] == y[j] {
				cost = 0
			}
			last, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, last+cost)
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
	}
	return row[len(y)]
}
