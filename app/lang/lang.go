// Package lang holds everything that depends on a language: the Vietnamese and
// English messages with plurals, how dates and numbers are written, folding of
// accents for comparison, slugs for addresses and keys for sorting.
package lang

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Lang is one of the two languages of the site.
type Lang string

// Vietnamese is written first and is the default; English stands under /en.
const (
	Vi Lang = "vi"
	En Lang = "en"
)

// All lists the languages, the default first.
var All = [...]Lang{Vi, En}

//go:embed messages/*.json
var files embed.FS

var localizers = mustLoad()

func mustLoad() map[Lang]*i18n.Localizer {
	bundle := i18n.NewBundle(language.Vietnamese)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(files, "messages/*.json")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		if _, err := bundle.LoadMessageFileFS(files, name); err != nil {
			panic(fmt.Errorf("lang: %s: %w", name, err))
		}
	}
	m := make(map[Lang]*i18n.Localizer, len(All))
	for _, l := range All {
		m[l] = i18n.NewLocalizer(bundle, string(l))
	}
	return m
}

// Parse reads a language code as it stands in a path, a header's primary tag
// or a form; ok is false for a language the site does not speak.
func Parse(s string) (Lang, bool) {
	switch Lang(strings.ToLower(s)) {
	case Vi:
		return Vi, true
	case En:
		return En, true
	}
	return Vi, false
}

// Other is the language one can switch to.
func (l Lang) Other() Lang {
	if l == En {
		return Vi
	}
	return En
}

// Path turns a path of the site ("/products") into the address of the same
// page in this language ("/en/products").
func (l Lang) Path(path string) string {
	if l != En {
		return path
	}
	if path == "/" {
		return "/en"
	}
	return "/en" + path
}

// T returns the message with the given key. Args are pairs of placeholder name
// and value: T("trace.issuer", "Producer", name). A missing key returns the
// key itself; a test keeps both catalogues complete.
func (l Lang) T(key string, args ...any) string {
	return l.message(&i18n.LocalizeConfig{MessageID: key, TemplateData: pairs(args)})
}

// N returns the message in the plural form for n, which it may show as {{.N}}.
func (l Lang) N(key string, n int, args ...any) string {
	data := pairs(args)
	data["N"] = l.Int(int64(n))
	return l.message(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
}

// Map is T with the arguments in a map, as fault.Error carries them.
func (l Lang) Map(key string, args map[string]any) string {
	return l.message(&i18n.LocalizeConfig{MessageID: key, TemplateData: args})
}

// Has reports whether a message with this key exists in the language itself,
// with or without plural forms.
func (l Lang) Has(key string) bool {
	_, tag, err := l.localizer().LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key, TemplateData: map[string]any{}})
	var missing *i18n.MessageNotFoundErr
	return !errors.As(err, &missing) && tag.String() == string(l)
}

var parser = new(filler)

func (l Lang) message(c *i18n.LocalizeConfig) string {
	c.TemplateParser = parser
	s, err := l.localizer().Localize(c)
	if err != nil && s == "" {
		return c.MessageID
	}
	return s
}

func (l Lang) localizer() *i18n.Localizer {
	if z, ok := localizers[l]; ok {
		return z
	}
	return localizers[Vi]
}

func pairs(args []any) map[string]any {
	m := make(map[string]any, len(args)/2+1)
	for i := 0; i+1 < len(args); i += 2 {
		if k, ok := args[i].(string); ok {
			m[k] = args[i+1]
		}
	}
	return m
}

// Text is a text written in both languages. English may be missing.
type Text struct {
	Vi string `bson:"vi" json:"vi"`
	En string `bson:"en,omitempty" json:"en,omitempty"`
}

// In returns the text in the language, or in Vietnamese when there is none.
func (t Text) In(l Lang) string {
	if l == En && t.En != "" {
		return t.En
	}
	return t.Vi
}

type contextKey struct{}

// With returns a context that carries the visitor's language.
func With(ctx context.Context, l Lang) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// From is the language of a context, Vietnamese when it carries none.
func From(ctx context.Context) Lang {
	if l, ok := ctx.Value(contextKey{}).(Lang); ok {
		return l
	}
	return Vi
}
