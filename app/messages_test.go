package main

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nguon/app/lang"
)

// catalogue reads every message of a language: its key, and its text or plural
// forms.
func catalogue(t *testing.T, l lang.Lang) map[string]any {
	t.Helper()
	files, err := filepath.Glob("lang/messages/*." + string(l) + ".json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	all, from := map[string]any{}, map[string]string{}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for k, v := range m {
			if from[k] != "" {
				t.Errorf("%s stands in %s and in %s", k, from[k], name)
			}
			all[k], from[k] = v, name
		}
	}
	return all
}

func TestBothLanguagesHaveTheSameMessages(t *testing.T) {
	vi, en := catalogue(t, lang.Vi), catalogue(t, lang.En)
	for k := range vi {
		if _, ok := en[k]; !ok {
			t.Errorf("%s has no English message", k)
		}
	}
	for k := range en {
		if _, ok := vi[k]; !ok {
			t.Errorf("%s has no Vietnamese message", k)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(vi)) {
		if got, want := placeholders(en[k]), placeholders(vi[k]); !slices.Equal(got, want) {
			t.Errorf("%s: English fills in %v, Vietnamese %v", k, got, want)
		}
	}
}

var placeholder = regexp.MustCompile(`\{\{-?\s*\.(\w+)`)

// placeholders lists what a message fills in; of plural forms, what "other"
// does.
func placeholders(message any) []string {
	text, ok := message.(string)
	if forms, plural := message.(map[string]any); plural {
		text, ok = forms["other"].(string)
	}
	if !ok {
		return []string{"neither a text nor plural forms"}
	}
	found := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		found[m[1]] = true
	}
	return slices.Sorted(maps.Keys(found))
}

func TestMessagesDoNotShout(t *testing.T) {
	for _, l := range lang.All {
		for k, v := range catalogue(t, l) {
			if s, ok := v.(string); ok && strings.Contains(s, "!") {
				t.Errorf("%s (%s): %q", k, l, s)
			}
		}
	}
}

// faultMakers are the calls whose argument at the given place is a code.
var faultMakers = map[string]int{"New": 1, "Wrap": 1, "Field": 1, "linkFault": 0}

func TestEveryFaultCodeHasAMessage(t *testing.T) {
	n := 0
	sources(t, func(name string, content []byte) {
		if strings.HasSuffix(name, ".templ") {
			return
		}
		set := token.NewFileSet()
		f, err := parser.ParseFile(set, name, content, 0)
		if err != nil {
			t.Error(err)
			return
		}
		ast.Inspect(f, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			code, ok := codeOf(call)
			if !ok {
				return true
			}
			n++
			for _, l := range lang.All {
				if !l.Has(code) {
					t.Errorf("%s: no message %q in %s", set.Position(call.Pos()), code, l)
				}
			}
			return true
		})
	})
	if n < 20 {
		t.Errorf("found only %d codes; is the search still right?", n)
	}
}

// codeOf finds the literal code in fault.New(kind, "code"), fault.Wrap(kind,
// "code", err), e.Field("name", "code") and the like.
func codeOf(call *ast.CallExpr) (string, bool) {
	var fn string
	switch f := call.Fun.(type) {
	case *ast.SelectorExpr:
		if pkg, ok := f.X.(*ast.Ident); ok && f.Sel.Name != "Field" && pkg.Name != "fault" {
			return "", false
		}
		fn = f.Sel.Name
	case *ast.Ident:
		fn = f.Name
	}
	at, ok := faultMakers[fn]
	if !ok || len(call.Args) <= at {
		return "", false
	}
	lit, ok := call.Args[at].(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	code, err := strconv.Unquote(lit.Value)
	return code, err == nil && code != ""
}
