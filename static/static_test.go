package static

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestOpenFindsWhatURLNames(t *testing.T) {
	for name, f := range files {
		got, current, ok := Open(URL(name))
		if !ok || !current || !bytes.Equal(got.Body, f.Body) || got.Type == "application/octet-stream" {
			t.Errorf("%s: ok %v, current %v, type %s", name, ok, current, got.Type)
		}
		if _, current, ok = Open("/static/0000000000000000/" + name); !ok || current {
			t.Errorf("%s under another hash: ok %v, current %v", name, ok, current)
		}
	}
	for _, bad := range []string{"", "/static/", "/static/abc", "/static/../x", "/static/abc/../static.go", "/static/abc/css/none.css"} {
		if _, _, ok := Open(bad); ok {
			t.Errorf("%q was found", bad)
		}
	}
}

func TestGzipUnpacks(t *testing.T) {
	for name, f := range files {
		if f.Gzip == nil {
			continue
		}
		z, err := gzip.NewReader(bytes.NewReader(f.Gzip))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(z); err != nil || !bytes.Equal(b, f.Body) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSqueezeIsSafe: squeezing knows no quoted text, so the sheets may hold
// none that it would change.
func TestSqueezeIsSafe(t *testing.T) {
	quoted := regexp.MustCompile(`"[^"]*"`)
	names, err := fs.Glob(FS, "css/*.css")
	if err != nil || len(names) == 0 {
		t.Fatal(err)
	}
	for _, name := range names {
		b, _ := FS.ReadFile(name)
		for _, q := range quoted.FindAll(b, -1) {
			if string(squeeze(q)) != string(q) {
				t.Errorf("%s: %s would become %s", name, q, squeeze(q))
			}
		}
		if open, shut := bytes.Count(b, []byte("{")), bytes.Count(b, []byte("}")); open != shut {
			t.Errorf("%s: %d { and %d }", name, open, shut)
		}
		if bytes.Contains(b, []byte("http")) {
			t.Errorf("%s names an address of somebody else", name)
		}
	}
	if got := string(squeeze([]byte("a > b , c {\n  color: red; /* x */\n  margin: 0 auto;\n}\n"))); got != "a>b,c{color:red;margin:0 auto}" {
		t.Errorf("squeezed to %q", got)
	}
}

func TestSheetsNameFilesByHash(t *testing.T) {
	css := Inline("css/trace.css")
	if !strings.Contains(css, URL("fonts/be-vietnam-pro-700.woff2")) || strings.Contains(css, "url(/fonts") {
		t.Error("the fonts are not addressed by their hash")
	}
	if !strings.HasPrefix(InlineHash("css/trace.css"), "'sha256-") || strings.Contains(css, "</") {
		t.Error("the sheet cannot stand inside a page")
	}
}

func TestFontsAreSmall(t *testing.T) {
	for _, name := range []string{"fonts/be-vietnam-pro-500.woff2", "fonts/be-vietnam-pro-700.woff2"} {
		if n := len(files[name].Body); n == 0 || n > 12*1024 {
			t.Errorf("%s: %d bytes, want at most 12 KB", name, n)
		}
	}
}

// pairs are text on ground with the contrast they need: 4.5 for text (WCAG AA),
// 7 for verdicts (AAA), 3 for the edges of fields.
var pairs = []struct {
	text, ground string
	least        float64
}{
	{"ink", "paper", 7}, {"ink", "card", 7}, {"ink", "tint", 7}, {"soft", "paper", 4.5}, {"soft", "card", 4.5}, {"soft", "tint", 4.5},
	{"roast", "paper", 4.5}, {"cherry", "paper", 4.5}, {"leaf", "paper", 4.5}, {"indigo", "paper", 4.5},
	{"link", "paper", 4.5}, {"link", "card", 4.5}, {"link", "tint", 4.5}, {"on-button", "button", 4.5}, {"button", "paper", 4.5},
	{"pass", "paper", 7}, {"pass", "card", 7}, {"fail", "paper", 7}, {"fail", "card", 7}, {"open", "paper", 7}, {"open", "card", 7},
	{"on-sash", "sash", 7}, {"on-sash-soft", "sash", 7}, {"edge", "card", 3}, {"edge", "paper", 3},
}

func TestContrast(t *testing.T) {
	base, _ := FS.ReadFile("css/base.css")
	light, dark, ok := strings.Cut(string(base), "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("no dark scheme")
	}
	dark, _, _ = strings.Cut(dark, "}\n}")
	for scheme, css := range map[string]string{"light": light, "dark": dark} {
		tokens := tokensOf(css)
		for _, p := range pairs {
			if c, err := contrast(tokens[p.text], tokens[p.ground]); err != nil || c < p.least {
				t.Errorf("%s: %s on %s has contrast %.2f, want %.1f (%v)", scheme, p.text, p.ground, c, p.least, err)
			}
		}
	}
}

func TestVerdictContrast(t *testing.T) {
	proof, _ := FS.ReadFile("css/proof.css")
	verdict := regexp.MustCompile(`--v: (#[0-9a-f]{6}); --on-v: (#[0-9a-f]{6})`)
	all := verdict.FindAllStringSubmatch(string(proof), -1)
	if len(all) < 5 {
		t.Fatalf("%d verdict colours", len(all))
	}
	for _, m := range all {
		if c, err := contrast(m[2], m[1]); err != nil || c < 7 {
			t.Errorf("%s on %s has contrast %.2f, want 7 (%v)", m[2], m[1], c, err)
		}
	}
}

func tokensOf(css string) map[string]string {
	m := map[string]string{}
	for _, t := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{6})`).FindAllStringSubmatch(css, -1) {
		m[t[1]] = t[2]
	}
	return m
}

// contrast is the ratio that WCAG 2.2 defines, of two colours as "#rrggbb".
func contrast(a, b string) (float64, error) {
	la, err := luminance(a)
	if err != nil {
		return 0, err
	}
	lb, err := luminance(b)
	return (math.Max(la, lb) + .05) / (math.Min(la, lb) + .05), err
}

func luminance(hex string) (float64, error) {
	if len(hex) != 7 {
		return 0, fmt.Errorf("%q is no colour", hex)
	}
	l := 0.0
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[1+2*i:3+2*i], 16, 8)
		if err != nil {
			return 0, err
		}
		c := float64(n) / 255
		if c <= .04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+.055)/1.055, 2.4)
		}
		l += weight * c
	}
	return l, nil
}
