package lang

import (
	"fmt"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n/template"
)

// filler reads messages that only fill in values, which is nearly all of them,
// without text/template: the trace page words some thirty for each scan, and
// executing templates took an eighth of its time. A message with any other
// action goes to the library's own parser.
type filler struct{ rest template.TextParser }

// Cacheable says that a message is parsed once.
func (filler) Cacheable() bool { return true }

// Parse splits a message at {{.Name}}: texts at even places, names at odd ones.
func (f *filler) Parse(src, left, right string) (template.ParsedTemplate, error) {
	var p pieces
	for rest := src; ; {
		text, action, found := strings.Cut(rest, "{{")
		p = append(p, text)
		if !found {
			return p, nil
		}
		name, after, closed := strings.Cut(action, "}}")
		name, isField := strings.CutPrefix(name, ".")
		if !closed || !isField || strings.Trim(name, letters) != "" {
			return f.rest.Parse(src, left, right)
		}
		p, rest = append(p, name), after
	}
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

type pieces []string

// Execute fills in the values of a map[string]any; one that is missing is
// written as text/template does.
func (p pieces) Execute(data any) (string, error) {
	values, _ := data.(map[string]any)
	var b strings.Builder
	for i, s := range p {
		if i%2 == 0 {
			b.WriteString(s)
			continue
		}
		switch v, ok := values[s]; v := v.(type) {
		case string:
			b.WriteString(v)
		default:
			if !ok {
				v = "<no value>"
			}
			fmt.Fprint(&b, v)
		}
	}
	return b.String(), nil
}
