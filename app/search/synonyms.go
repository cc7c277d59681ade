package search

import (
	_ "embed"
	"strings"
)

//go:embed synonyms.txt
var synonymsText string

// synonyms are the groups by each of their phrases, folded.
var synonyms, longest = readSynonyms(synonymsText)

// readSynonyms reads groups, one on a line: "đặc sản | specialty". A phrase that
// stands in two groups belongs to both.
func readSynonyms(text string) (by map[string][][]string, longest int) {
	by = map[string][][]string{}
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, "#")
		var group [][]string
		for phrase := range strings.SplitSeq(line, "|") {
			if words := Plain(phrase); len(words) > 0 {
				group = append(group, words)
				longest = max(longest, len(words))
			}
		}
		for _, words := range group {
			key := strings.Join(words, " ")
			for _, other := range group {
				if o := strings.Join(other, " "); o != key {
					by[key] = append(by[key], other)
				}
			}
		}
	}
	return by, longest
}

// Synonyms are all of them, each phrase with what it also finds, folded, for an
// engine that looks them up by itself.
func Synonyms() map[string][]string {
	all := make(map[string][]string, len(synonyms))
	for key, others := range synonyms {
		for _, o := range others {
			all[key] = append(all[key], strings.Join(o, " "))
		}
	}
	return all
}
