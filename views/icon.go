package views

import (
	"context"
	"embed"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"github.com/a-h/templ"
)

// The icons are Lucide's (ISC licence, in the same folder).
//
//go:embed lucide/*.svg
var lucide embed.FS

var icons = mustIcons()

var svgTag = regexp.MustCompile(`(?s)^.*?<svg[^>]*>(.*)</svg>\s*$`)

// mustIcons keeps what stands inside each drawing; size and stroke come from
// the style sheet.
func mustIcons() map[string]string {
	m := map[string]string{}
	names, err := fs.Glob(lucide, "lucide/*.svg")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		b, err := lucide.ReadFile(name)
		if err != nil {
			panic(err)
		}
		inner := svgTag.ReplaceAllString(string(b), "$1")
		m[strings.TrimSuffix(strings.TrimPrefix(name, "lucide/"), ".svg")] = strings.Join(strings.Fields(inner), " ")
	}
	return m
}

// icon draws one of the icons, always beside words that say the same, hence
// hidden from screen readers. It panics for a name that is not in the folder.
func icon(name string) templ.Component {
	inner, ok := icons[name]
	if !ok {
		panic("views: no icon " + name)
	}
	return raw(`<svg class="i" viewBox="0 0 24 24" aria-hidden="true">` + inner + `</svg>`)
}

// raw is markup that this package made itself; visitors' text never gets here.
func raw(markup string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		_, err := io.WriteString(w, markup)
		return err
	})
}
