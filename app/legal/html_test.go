package legal

import (
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

func mustHTML(t *testing.T, body string) string {
	t.Helper()
	out, err := HTML(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func render(t *testing.T, body string) *goquery.Document {
	t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(mustHTML(t, body)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestHTML(t *testing.T) {
	tests := map[string]struct{ body, want string }{
		"nothing":           {"", ""},
		"headings":          {"# a\n\n## b\n\n###### c", "<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>\n"},
		"underlined":        {"a\n===\n\nb\n---", "<h2>a</h2>\n<h3>b</h3>\n"},
		"heading with id":   {"# a {#b onclick=x}", "<h2>a {#b onclick=x}</h2>\n"},
		"emphasis":          {"**a** *b* `c`", "<p><strong>a</strong> <em>b</em> <code>c</code></p>\n"},
		"list":              {"- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
		"list from three":   {"3. a", "<ol start=\"3\">\n<li>a</li>\n</ol>\n"},
		"quotation":         {"> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
		"rule":              {"a\n\n***", "<p>a</p>\n<hr>\n"},
		"line break":        {"a  \nb", "<p>a<br>\nb</p>\n"},
		"indented":          {"a\n\n    b", "<p>a</p>\n<p>b</p>\n"},
		"indented first":    {"      a\n\tb\n\n- c\n\n      d\n\n        e", "<p>a\nb</p>\n<ul>\n<li>\n<p>c</p>\n<p>d</p>\n<p>e</p>\n</li>\n</ul>\n"},
		"fence":             {"```js\"onload=x\na\n```", "<p><code>js&quot;onload=x a </code></p>\n"},
		"gap":               {"- [Tên đơn vị vận hành]", "<ul>\n<li>[Tên đơn vị vận hành]</li>\n</ul>\n"},
		"our page":          {"[a](/en/report)", "<p><a href=\"/en/report\">a</a></p>\n"},
		"this page":         {"[a](#b)", "<p><a href=\"#b\">a</a></p>\n"},
		"elsewhere":         {"[a](https://example.com/?b=1&c=2)", "<p><a href=\"https://example.com/?b=1&amp;c=2\" rel=\"noopener nofollow\">a</a></p>\n"},
		"with a title":      {"[a](http://example.com '\"b')", "<p><a href=\"http://example.com\" title=\"&quot;b\" rel=\"noopener nofollow\">a</a></p>\n"},
		"bare":              {"<https://example.com>", "<p><a href=\"https://example.com\" rel=\"noopener nofollow\">https://example.com</a></p>\n"},
		"mailbox":           {"<a@example.com>", "<p><a href=\"mailto:a@example.com\">a@example.com</a></p>\n"},
		"telephone":         {"[a](tel:+842123456789)", "<p><a href=\"tel:+842123456789\">a</a></p>\n"},
		"reference":         {"[a][b]\n\n[b]: https://example.com", "<p><a href=\"https://example.com\" rel=\"noopener nofollow\">a</a></p>\n"},
		"tag":               {"a <b onclick=x>c</b>", "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n"},
		"block of tags":     {"<script>\nalert(1)\n</script>", "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n"},
		"comment":           {"<!-- a -->", "<p>&lt;!-- a --&gt;</p>\n"},
		"entity":            {"&lt;script&gt;", "<p>&lt;script&gt;</p>\n"},
		"picture":           {"![a & *b*](https://example.com/x.png)", "<p>a &amp; b</p>\n"},
		"picture of a tag":  {"![<img src=x>](x)", "<p>&lt;img src=x&gt;</p>\n"},
		"picture in a link": {"[![a [b](/c)](/d)](/e)", "<p>[a b](/e)</p>\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			if got := mustHTML(t, tt.body); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

// Of a link that may not stand only the words remain.
func TestHTMLForbidsLinks(t *testing.T) {
	for _, to := range []string{
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java&#115;cript:alert(1)", "javascript&colon;alert(1)", "javascript\\:alert(1)",
		"<java\tscript:alert(1)>", "&#1;javascript:alert(1)", "vbscript:x", "data:text/html,x", "data:image/png;base64,AAAA", "file:///etc/passwd",
		"//example.com", "/&#47;example.com", "/\\example.com", "&#47;/example.com", "\\\\example.com", "report", "", "?a=b",
		"https:example.com", "https:///a", "https://nguon.example@example.com", "mailto:", "ftp://example.com", "blob:https://example.com/x",
	} {
		doc := render(t, "[words]("+to+")")
		doc.Find("a").Each(func(_ int, s *goquery.Selection) {
			if href := s.AttrOr("href", ""); strings.Contains(to, "example.com") && strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
				return // a path of this site that only looks like a host
			}
			t.Errorf("%q became %s", to, mustHTML(t, "[words]("+to+")"))
		})
		if !strings.Contains(doc.Text(), "words") {
			t.Errorf("the words of %q are gone", to)
		}
	}
	for _, to := range []string{"javascript:alert(1)", "data:text/html,x", "https://a@example.com", "x-y:z"} {
		if got, want := mustHTML(t, "<"+to+">"), "<p>"+to+"</p>\n"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// allowed are the tags and attributes that HTML promises.
var allowed = map[string][]string{
	"p": nil, "h2": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "ul": nil, "ol": {"start"}, "li": nil, "blockquote": nil,
	"hr": nil, "br": nil, "strong": nil, "em": nil, "code": nil, "a": {"href", "title", "rel"},
}

// checkAllowed reads HTML as a browser does and reports what may not be there.
func checkAllowed(t *testing.T, out string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(out)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Error(z.Err())
			}
			return
		case html.CommentToken, html.DoctypeToken:
			t.Errorf("%s in %q", z.Raw(), out)
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			checkTag(t, z.Token(), out)
		}
	}
}

func checkTag(t *testing.T, tag html.Token, out string) {
	t.Helper()
	attributes, ok := allowed[tag.Data]
	if !ok {
		t.Errorf("<%s> in %q", tag.Data, out)
	}
	rel := ""
	for _, a := range tag.Attr {
		if !slices.Contains(attributes, a.Key) {
			t.Errorf("%s=%q in %q", a.Key, a.Val, out)
		}
		if a.Key == "rel" {
			rel = a.Val
		}
	}
	for _, a := range tag.Attr {
		if a.Key != "href" {
			continue
		}
		to := strings.ToLower(a.Val)
		away := strings.HasPrefix(to, "http://") || strings.HasPrefix(to, "https://")
		ours := strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") || strings.HasPrefix(to, "#")
		if !away && !ours && !strings.HasPrefix(to, "mailto:") && !strings.HasPrefix(to, "tel:") || strings.ContainsAny(to, "\\ \t\n\r") {
			t.Errorf("a link to %q in %q", a.Val, out)
		}
		if away != (rel == "noopener nofollow") {
			t.Errorf("rel=%q to %q in %q", rel, a.Val, out)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, p := range Pages {
		f.Add(defaults[p].Body.Vi)
	}
	for _, s := range []string{
		"<script>alert(1)</script>", "<a href=\"javascript:x\">y</a>", "[a](javascript:b)", "[a](/&#47;b)", "<javascript:a>", "![a](b)",
		"[![a [b](/c)](/d)](/e)", "[a][b]\n\n[b]: data:x \"y\"", "[a](<b\tc>)", "[a](https://b@c)", "# a {onclick=b}", "```a\"b\nc",
		"&lt;script&gt;", "<!-- a", "<?a ?>", "<![CDATA[a]]>", "[a](/b \"<c>&quot;\")", "a\x00b", "\xff<", "[\xff](/\xfe)", "<a@b.c>", "1) a\n   > b\n***",
		"![`<b>`](c)", "[*a](/b)*", "[a](https://[::1]:80)", "[a](mailto:b@c?subject=d\"e)",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		out, err := HTML(body)
		if err != nil {
			t.Fatal(err)
		}
		checkAllowed(t, out)
		for _, g := range Gaps(body) {
			if g == "" || strings.ContainsAny(g, "[]\n") {
				t.Errorf("a gap %q in %q", g, body)
			}
		}
	})
}

func TestHTMLLosesNoLine(t *testing.T) {
	for _, before := range []string{"", "# a\n", "a\n\n", "- a\n", "- a\n\n", "1. a\n\n", "> a\n\n", "***\n"} {
		for indent := range 14 {
			body := before + strings.Repeat(" ", indent) + "word"
			if out := mustHTML(t, body); !strings.Contains(out, "word") {
				t.Errorf("%q became %q", body, out)
			}
		}
	}
}

func TestHTMLOfRepetitions(t *testing.T) {
	const length = 5_000
	for _, piece := range []string{"[", "]", "*a ", "**", "`", "``` ", ">", "- ", "![", "[](", "<a:", "&#", "1. ", "_a", "[a]: b\n", "a\n", "\n> - "} {
		body := strings.Repeat(piece, length/len(piece))
		checkAllowed(t, mustHTML(t, body))
		Gaps(body)
	}
}
