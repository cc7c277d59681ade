package main

import (
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"nguon/app/search"
)

var updateDocuments = flag.Bool("documents", false, "write the documents of the search list anew from the demonstration data")

// The documents by which search is measured are those of the demonstration, as they
// are indexed.
func TestDocumentsOfTheSearchList(t *testing.T) {
	s, err := open(t.Context(), testConfig(t), slog.New(slog.DiscardHandler), command)
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	var list []search.Document
	if err := s.finder.Source.Each(t.Context(), func(d search.Document) error { list = append(list, d); return nil }); err != nil {
		t.Fatal(err)
	}
	kinds := map[search.Kind]int{}
	for _, d := range list {
		kinds[d.Kind]++
		if d.Title.Vi == "" || d.Path == "" || d.Detail.Vi == "" || len(d.Names) == 0 {
			t.Errorf("%s lacks what it is found by: %+v", d.ID, d)
		}
	}
	for _, k := range search.Kinds {
		if kinds[k] == 0 {
			t.Errorf("no %s is found", k)
		}
	}
	if *updateDocuments {
		for i, d := range list {
			if d.Kind == search.Tour { // whose ids are new each time
				list[i].ID = "tour-" + strings.TrimPrefix(d.Path, "/tours/")
			}
		}
		slices.SortFunc(list, func(a, b search.Document) int { return strings.Compare(a.ID, b.ID) })
		raw, err := json.MarshalIndent(list, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("search/searchtest/documents.json", append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
