package legal

import (
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// gap is something in brackets that has a letter in it and stays within one
// block.
var gap = regexp.MustCompile(`\[([^\[\]\n]*\pL[^\[\]\n]*)\]`)

// escaped brackets are meant to stand there.
var escaped = strings.NewReplacer(`\[`, "", `\]`, "")

// Gaps lists what a text still leaves to the operator, such as "Tên đơn vị vận
// hành" for "[Tên đơn vị vận hành]": in order, each once, without brackets. The
// brackets of a link are none.
func Gaps(body string) []string {
	source := []byte(body)
	shown := escaped.Replace(words(markdown.Parser().Parse(text.NewReader(source)), source))
	var found []string
	for _, m := range gap.FindAllStringSubmatch(shown, -1) {
		if g := strings.TrimSpace(m[1]); !slices.Contains(found, g) {
			found = append(found, g)
		}
	}
	return found
}

// words is the text of a node, one line for each block.
func words(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) { // its error is that of this function
		switch c := c.(type) {
		case *ast.Text:
			if entering {
				b.Write(c.Segment.Value(source))
				if c.SoftLineBreak() || c.HardLineBreak() {
					b.WriteByte(' ')
				}
			}
		case *ast.String:
			if entering {
				b.Write(c.Value)
			}
		default:
			if !entering && c.Type() == ast.TypeBlock {
				b.WriteByte('\n')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}
