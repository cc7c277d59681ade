package searchtest

import (
	_ "embed"
	"encoding/json"
	"strings"

	"nguon/app/search"
)

//go:embed documents.json
var documentsJSON []byte

//go:embed queries.tsv
var queriesTSV string

// Documents are those of the list of queries: the demonstration data of the shop as
// it is indexed, in a file of its own, so that the figures stay comparable when the
// demonstration changes.
func Documents() ([]search.Document, error) {
	var list []search.Document
	err := json.Unmarshal(documentsJSON, &list)
	return list, err
}

// Wanted is a query with what should be among its first results.
type Wanted struct {
	Text string
	Kind search.Kind
	IDs  []string // all of them should be among the first five; the first one first
	Why  string
}

// Queries is the list by which the quality of an engine is measured: one query on a
// line with its kind, ids separated by spaces, and what it tries.
func Queries() (list []Wanted) {
	for line := range strings.Lines(queriesTSV) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		for len(f) < 4 {
			f = append(f, "")
		}
		list = append(list, Wanted{Text: f[0], Kind: search.Kind(f[1]), IDs: strings.Fields(f[2]), Why: f[3]})
	}
	return list
}
