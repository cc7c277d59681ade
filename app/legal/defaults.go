package legal

import (
	"embed"
	"fmt"
	"strings"
	"time"

	"nguon/app/lang"
)

//go:embed texts/*.md
var files embed.FS

var defaults = mustLoad()

// written is the day of the default texts, which each of them names at its end.
var written = time.Date(2026, time.November, 25, 0, 0, 0, 0, lang.Zone)

func mustLoad() map[Page]Text {
	texts := make(map[Page]Text, len(Pages))
	for _, p := range Pages {
		body := lang.Text{Vi: mustRead(p, lang.Vi), En: mustRead(p, lang.En)}
		texts[p] = Text{Page: p, Body: body, Changed: written.UTC(), Default: true}
	}
	return texts
}

func mustRead(p Page, l lang.Lang) string {
	b, err := files.ReadFile("texts/" + string(p) + "." + string(l) + ".md")
	if err != nil {
		panic(fmt.Errorf("legal: %w", err)) // embedded, so a test meets it first
	}
	return strings.TrimSpace(string(b))
}
