package search

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed synonyms.txt
var synonymsText string

// trade are the phrases of the trade, folded.
var trade = readSynonyms(synonymsText)

// phrases are groups of phrases that mean the same. Each group is a concept: what
// says one of its phrases is indexed under its token as well, so that to look for
// any of them is to look for one word.
type phrases struct {
	by      map[string]meaning
	longest int // words of a phrase
}

// meaning is what a phrase says.
type meaning struct {
	concepts []string
	also     [][]string // the other phrases of its groups
}

// readSynonyms reads groups, one on a line: "đặc sản | specialty". A phrase that
// stands in two groups belongs to both.
func readSynonyms(text string) phrases {
	p := phrases{by: map[string]meaning{}}
	n := 0
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		var group [][]string
		for phrase := range strings.SplitSeq(line, "|") {
			if words := Plain(phrase); len(words) > 0 {
				group = append(group, words)
				p.longest = max(p.longest, len(words))
			}
		}
		if len(group) == 0 {
			continue
		}
		token := "xq" + strconv.Itoa(n) + "qx" // no word of either language
		n++
		add := func(key string, but []string) {
			m := p.by[key]
			if !slices.Contains(m.concepts, token) {
				m.concepts = append(m.concepts, token)
			}
			for _, other := range group {
				if !slices.Equal(other, but) {
					m.also = append(m.also, other)
				}
			}
			p.by[key] = m
		}
		for _, words := range group {
			add(strings.Join(words, " "), words)
			if len(words) > 1 { // "dacsan" says what "đặc sản" says
				add(strings.Join(words, ""), nil)
			}
		}
	}
	return p
}

// at is the longest phrase that begins at a word, and how many words it has; 0 for
// none.
func (p phrases) at(words []string, i int) (meaning, int) {
	for k := min(p.longest, len(words)-i); k >= 1; k-- {
		if m, ok := p.by[strings.Join(words[i:i+k], " ")]; ok {
			return m, k
		}
	}
	return meaning{}, 0
}

// Concepts are the tokens of what is said in a row of words, also within a longer
// phrase: "cà phê bột" says coffee too.
func Concepts(words []string) (list []string) {
	for i := range words {
		for k := 1; k <= min(trade.longest, len(words)-i); k++ {
			if m, ok := trade.by[strings.Join(words[i:i+k], " ")]; ok {
				list = append(list, m.concepts...)
			}
		}
	}
	return unique(list)
}

// Synonyms are all phrases, folded, each with the tokens of what it means.
func Synonyms() map[string][]string {
	all := make(map[string][]string, len(trade.by))
	for phrase, m := range trade.by {
		all[phrase] = m.concepts
	}
	return all
}
