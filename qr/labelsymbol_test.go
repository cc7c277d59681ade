package qr

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	zxing "github.com/makiuchi-d/gozxing/qrcode"
)

// decodeSymbol reads the one symbol of a picture with a decoder that is not
// the encoder. Its search for the corners misses one clean symbol in fifty,
// depending on the size of the picture, hence the second way of looking.
func decodeSymbol(t testing.TB, picture image.Image) string {
	t.Helper()
	var failure error
	for _, hints := range []map[gozxing.DecodeHintType]any{nil, {gozxing.DecodeHintType_PURE_BARCODE: true}} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		if err != nil {
			t.Fatal(err)
		}
		result, err := zxing.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil {
			return result.GetText()
		}
		failure = err
	}
	t.Fatal(failure)
	return ""
}

func whitePaper(w, h int) *image.Gray {
	paper := image.NewGray(image.Rect(0, 0, w, h))
	draw.Draw(paper, paper.Rect, image.White, image.Point{}, draw.Src)
	return paper
}

func blacken(paper *image.Gray, x, y, w, h int) {
	draw.Draw(paper, image.Rect(x, y, x+w, y+h), image.NewUniform(color.Black), image.Point{}, draw.Src)
}

// printed draws a symbol with its quiet zone, a few dots a module.
func (s symbol) printed(dots int) image.Image {
	side := (s.size + 2*quietModules) * dots
	paper := whitePaper(side, side)
	s.runs(func(x, y, length int) {
		blacken(paper, (x+quietModules)*dots, (y+quietModules)*dots, length*dots, dots)
	})
	return paper
}

func TestSymbolsDecode(t *testing.T) {
	addresses := []string{
		"http://127.0.0.1:8080/01/09520123456788/10/A/21/1",
		"https://nguon.sonla.vn/01/09520123456788/10/A%2FB%2BC/21/" + strings.Repeat("Z", 20),
		"https://xn--ngun-1qa.vn/01/09520123456788/10/lot-%28a%29/21/9",
		"HTTPS://EXAMPLE.VN/01/09520123456788/10/ABC/21/DEF",
		"https://e.vn/01/09520123456788",
	}
	for p := range labelRun(100) {
		addresses = append(addresses, p.URL)
	}
	for _, address := range addresses {
		s, err := encodeSymbol(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := decodeSymbol(t, s.printed(5)); got != address {
			t.Errorf("printed %q, read %q", address, got)
		}
	}
}

// Every length up to what a label has room for decodes, so that no padding
// or version of the encoder goes wrong unseen.
func TestSymbolsOfEveryLengthDecode(t *testing.T) {
	g, err := newGrid(300)
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		address := ("https://nguon.sonla.vn/01/09520123456788/10/SL25-0012/21/" + strings.Repeat("K3m9-QWER5678/", 20))[:n]
		s, err := encodeSymbol(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.box(s.size); err != nil || n == 300 {
			if n < 200 {
				t.Errorf("only %d characters go on a label", n)
			}
			return
		}
		if got := decodeSymbol(t, s.printed(4)); got != address {
			t.Errorf("%d characters: printed %q, read %q", n, address, got)
		}
	}
}

func TestEncodeSymbolWithoutAddress(t *testing.T) {
	if _, err := encodeSymbol(""); err == nil {
		t.Error("a packet without an address was encoded")
	}
}

// svgGroup is what the test understands of a label in an SVG.
type svgGroup struct {
	Transform string `xml:"transform,attr"`
	Paths     []struct {
		Class     string `xml:"class,attr"`
		Transform string `xml:"transform,attr"`
		D         string `xml:"d,attr"`
	} `xml:"path"`
	Texts []string `xml:"text"`
}

type svgDocument struct {
	Width  string     `xml:"width,attr"`
	Height string     `xml:"height,attr"`
	Groups []svgGroup `xml:"g"`
	Defs   struct {
		Groups []svgGroup `xml:"g"`
	} `xml:"defs"`
}

var numbers = regexp.MustCompile(`-?[0-9.]+`)

func numbersOf(t testing.TB, s string) []float64 {
	t.Helper()
	var out []float64
	for _, n := range numbers.FindAllString(s, -1) {
		f, err := strconv.ParseFloat(n, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

// rasterise draws the symbol of a label from its SVG path at the resolution
// of the printer and reports how far edges are from whole dots.
func (g svgGroup) rasterise(t testing.TB, dpi float64) (picture image.Image, off float64) {
	t.Helper()
	perMM := dpi / millimetresPerInch
	at := numbersOf(t, g.Transform)
	for _, p := range g.Paths {
		if p.Class != "symbol" {
			continue
		}
		m := numbersOf(t, p.Transform) // x, y, scale
		dot := func(mm float64) int {
			off = max(off, math.Abs(mm*perMM-math.Round(mm*perMM)))
			return int(math.Round(mm * perMM))
		}
		runs := numbersOf(t, p.D)
		quiet := dot(quietModules * m[2])
		right := 0.0
		for i := 0; i < len(runs); i += 5 {
			right = max(right, runs[i]+runs[i+2])
		}
		side := 2*quiet + dot(right*m[2])
		paper := whitePaper(side, side)
		margin, down := dot(at[0]+m[0])-quiet, dot(at[1]+m[1])-quiet
		for i := 0; i < len(runs); i += 5 { // x, y, length, 1, -length
			x, y := at[0]+m[0]+runs[i]*m[2], at[1]+m[1]+runs[i+1]*m[2]
			x2, y2 := x+runs[i+2]*m[2], y+m[2]
			blacken(paper, dot(x)-margin, dot(y)-down, dot(x2)-dot(x), dot(y2)-dot(y))
		}
		return paper, off
	}
	t.Fatal("no symbol in the group")
	return nil, 0
}

func TestSVGSymbolsDecode(t *testing.T) {
	for _, dpi := range []int{300, 203} {
		l := fullLabel()
		l.DPI = dpi
		const count = 50 // three sheets
		out := writeLabels(t, FormatSVG, l, labelRun(count))
		var doc svgDocument
		if err := xml.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		if len(doc.Groups) != count {
			t.Fatalf("%d labels in the drawing, want %d", len(doc.Groups), count)
		}
		if !strings.HasSuffix(doc.Width, "mm") || math.Abs(numbersOf(t, doc.Width)[0]-210) > 0.1 || math.Abs(numbersOf(t, doc.Height)[0]-3*297) > 0.3 {
			t.Errorf("the drawing is %s × %s", doc.Width, doc.Height)
		}
		i := 0
		for p := range labelRun(count) {
			picture, off := doc.Groups[i].rasterise(t, float64(dpi))
			if got := decodeSymbol(t, picture); got != p.URL {
				t.Errorf("label %d: read %q, want %q", i, got, p.URL)
			}
			if off > 0.05 {
				t.Errorf("label %d: an edge is %.3f dots off", i, off)
			}
			if texts := doc.Groups[i].Texts; len(texts) != 1 || strings.ReplaceAll(texts[0], " ", "") != p.Serial {
				t.Errorf("label %d: texts %q, want the serial %s", i, texts, p.Serial)
			}
			i++
		}
	}
}

func TestSVGEscapes(t *testing.T) {
	l := fullLabel()
	l.ProductName = `A&B <script>"x"</script>]]>`
	out := writeLabels(t, FormatSVG, l, labelRun(1))
	var doc svgDocument
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	if text := strings.Join(doc.Defs.Groups[0].Texts, " "); !strings.Contains(text, "A&B <script>") {
		t.Errorf("the name came back as %q", text)
	}
	if bytes.Contains(out, []byte("<script")) || bytes.Contains(out, []byte("href=\"http")) {
		t.Error("the drawing runs or loads something")
	}
}

func TestSVGGolden(t *testing.T) {
	l := fullLabel()
	l.Loopback = true
	got := writeLabels(t, FormatSVG, l, labelRun(2))
	const golden = "testdata/label.svg"
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error(firstDifference(string(got), string(want)))
	}
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return fmt.Sprintf("line %d\n got %s\nwant %s\nrun with -update when the change is meant", i+1, g[i], w[i])
		}
	}
	return fmt.Sprintf("%d lines, want %d", len(g), len(w))
}
