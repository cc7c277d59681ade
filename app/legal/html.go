package legal

import (
	"net/url"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"nguon/app/fault"
)

// markdown reads headings, lists, quotations, rules, emphasis, code within a
// line, and links. What would be HTML is text like any other. There are no code
// blocks: people indent paragraphs.
var markdown = goldmark.New(goldmark.WithParser(parser.NewParser(
	parser.WithBlockParsers(
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(parser.NewListParser(), 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewATXHeadingParser(), 600),
		util.Prioritized(parser.NewBlockquoteParser(), 800),
		util.Prioritized(paragraph{parser.NewParagraphParser()}, 1000),
	),
	parser.WithInlineParsers(
		util.Prioritized(parser.NewCodeSpanParser(), 100),
		util.Prioritized(parser.NewLinkParser(), 200),
		util.Prioritized(parser.NewAutoLinkParser(), 300),
		util.Prioritized(parser.NewEmphasisParser(), 500),
	),
	parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	parser.WithASTTransformers(util.Prioritized(tamer{}, 100)),
)))

// paragraph takes indented lines too, which would be lost where nothing does.
type paragraph struct{ parser.BlockParser }

// CanAcceptIndentedLine implements parser.BlockParser.
func (paragraph) CanAcceptIndentedLine() bool { return true }

// HTML renders a text: p, h2 to h6, ul, ol, li, blockquote, hr, br, strong, em,
// code and a, nothing else, whoever wrote it. "#" is h2, because the page has
// its own h1. Links lead to pages of this site ("/…", "#…"), to http and https,
// to a mailbox or a telephone; of others the words remain, as of pictures.
func HTML(body string) (string, error) {
	var b strings.Builder
	if err := markdown.Convert([]byte(body), &b); err != nil {
		return "", fault.Wrap(fault.Internal, "internal", err)
	}
	return b.String(), nil
}

// tamer takes out of a parsed text what HTML promises not to contain.
type tamer struct{}

// Transform implements parser.ASTTransformer.
func (tamer) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	var leads []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // its error is that of this function
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			n.Level = min(n.Level+1, 6)
		case *ast.Image:
			leads = append(leads, n)
			return ast.WalkSkipChildren, nil
		case *ast.Link, *ast.AutoLink:
			leads = append(leads, n)
		}
		return ast.WalkContinue, nil
	})
	for _, n := range leads {
		tame(n, r.Source())
	}
}

// tame marks a link that leads off the site, and leaves of a forbidden one, or
// of a picture, only the words.
func tame(n ast.Node, source []byte) {
	switch n := n.(type) {
	case *ast.Image:
		n.Parent().ReplaceChild(n.Parent(), n, ast.NewString([]byte(words(n, source))))
	case *ast.AutoLink:
		if to := reach(address(n, source)); to == nowhere {
			label := ast.NewString(n.Label(source))
			label.SetRaw(true)
			n.Parent().ReplaceChild(n.Parent(), n, label)
		} else {
			to.mark(n)
		}
	case *ast.Link:
		if to := reach(string(util.URLEscape(n.Destination, true))); to == nowhere {
			unwrap(n)
		} else {
			to.mark(n)
		}
	}
}

func unwrap(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = n.FirstChild() {
		n.Parent().InsertBefore(n.Parent(), n, c)
	}
	n.Parent().RemoveChild(n.Parent(), n)
}

// address is what the renderer makes of <…>.
func address(n *ast.AutoLink, source []byte) string {
	to := string(util.URLEscape(n.URL(source), false))
	if n.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(to), "mailto:") {
		to = "mailto:" + to
	}
	return to
}

// where is where a link leads.
type where int

const (
	nowhere where = iota // it may not stand
	here                 // this site, a mailbox, a telephone
	away
)

func (w where) mark(n ast.Node) {
	if w == away {
		n.SetAttributeString("rel", []byte("noopener nofollow"))
	}
}

// reach judges an address as it is written into the page. A name before the
// host ("https://nguon.vn@other.example") is only ever there to deceive.
func reach(to string) where {
	if strings.ContainsFunc(to, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' }) {
		return nowhere
	}
	if strings.HasPrefix(to, "#") || strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") {
		return here
	}
	u, err := url.Parse(to)
	if err != nil {
		return nowhere
	}
	switch u.Scheme {
	case "http", "https":
		if u.Hostname() != "" && u.User == nil {
			return away
		}
	case "mailto", "tel":
		if u.Opaque != "" {
			return here
		}
	}
	return nowhere
}
