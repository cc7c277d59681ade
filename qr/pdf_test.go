package qr

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// labelTool finds a program that judges our files; without it the test is
// skipped, or fails where REQUIRE_SERVICES=1 says that nothing may be missing.
func labelTool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("REQUIRE_SERVICES") == "1" {
		t.Fatalf("%s is not installed", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}

func runTool(t *testing.T, name string, args ...string) string {
	t.Helper()
	var out, complaint bytes.Buffer
	cmd := exec.CommandContext(t.Context(), labelTool(t, name), args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s%s", name, err, out.String(), complaint.String())
	}
	return out.String()
}

func savePDF(t *testing.T, l Label, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "labels.pdf")
	if err := os.WriteFile(path, writeLabels(t, FormatPDF, l, labelRun(n)), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// rasterPages draws the pages of a PDF as grey PNG files.
func rasterPages(t *testing.T, pdf string, dpi int) []string {
	t.Helper()
	prefix := strings.TrimSuffix(pdf, ".pdf")
	runTool(t, "pdftoppm", "-r", strconv.Itoa(dpi), "-gray", "-png", pdf, prefix)
	pages, err := filepath.Glob(prefix + "-*.png")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	slices.Sort(pages)
	return pages
}

func readGray(t *testing.T, path string) *image.Gray {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	decoded, err := png.Decode(in)
	if err != nil {
		t.Fatal(err)
	}
	grey := image.NewGray(decoded.Bounds())
	draw.Draw(grey, grey.Rect, decoded, grey.Rect.Min, draw.Src)
	return grey
}

// blur softens a page as a worn print head and a hand-held camera do: each
// dot takes three quarters of its darkness from its neighbours.
func blur(t *testing.T, path string) {
	t.Helper()
	sharp := readGray(t, path)
	soft := image.NewGray(sharp.Rect)
	copy(soft.Pix, sharp.Pix)
	for y := 1; y < sharp.Rect.Dy()-1; y++ {
		for x := 1; x < sharp.Rect.Dx()-1; x++ {
			sum := 0
			for dy, share := range [...]int{1, 2, 1} {
				row := sharp.Pix[(y+dy-1)*sharp.Stride+x-1:]
				sum += share * (int(row[0]) + 2*int(row[1]) + int(row[2]))
			}
			soft.Pix[y*soft.Stride+x] = byte(sum / 16)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, soft); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Every symbol of a sheet is read back by programs that are not ours, sharp
// and blurred, from the resolution of both kinds of printer.
func TestPDFSymbolsScan(t *testing.T) {
	const count = 30 // a full sheet and a begun one
	for _, dpi := range []int{300, 203} {
		for _, blurred := range []bool{false, true} {
			if blurred && dpi == 300 {
				continue // 203 dpi is the harder of the two
			}
			t.Run(fmt.Sprintf("%d dpi, blurred %v", dpi, blurred), func(t *testing.T) {
				l := fullLabel()
				l.DPI = dpi
				pages := rasterPages(t, savePDF(t, l, count), dpi)
				if len(pages) != 2 {
					t.Fatalf("%d pages, want 2", len(pages))
				}
				var got []string
				for _, page := range pages {
					if blurred {
						blur(t, page)
					}
					got = append(got, strings.Fields(runTool(t, "zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page))...)
				}
				var want []string
				for p := range labelRun(count) {
					want = append(want, p.URL)
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("%d of %d symbols came back:\n%s", len(got), len(want), strings.Join(got, "\n"))
				}
			})
		}
	}
}

// Modules land on whole dots: at the printer's resolution a symbol has black
// and white and nothing between.
func TestPDFSymbolsAreCrisp(t *testing.T) {
	for _, dpi := range []int{300, 203} {
		l := fullLabel()
		l.DPI = dpi
		page := rasterPages(t, savePDF(t, l, labelsPerSheet), dpi)[0]
		picture := readGray(t, page)
		p, err := newPress(l)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		for packet := range labelRun(labelsPerSheet) {
			s, a, err := p.print(packet)
			if err != nil {
				t.Fatal(err)
			}
			x, y := p.grid.place(i)
			if wrong := wrongDots(picture, s, x+a.left, y+a.top, p.grid.module); wrong > 0 {
				t.Errorf("%d dpi, label %d: %d dots are not as they should be", dpi, i, wrong)
			}
			i++
		}
	}
}

func wrongDots(page *image.Gray, s symbol, left, top, module int) int {
	wrong := 0
	for y := range (s.size + 2*quietModules) * module {
		for x := range (s.size + 2*quietModules) * module {
			mx, my := x/module-quietModules, y/module-quietModules
			want := byte(255)
			if mx >= 0 && my >= 0 && mx < s.size && my < s.size && s.dark(mx, my) {
				want = 0
			}
			if page.GrayAt(left+x, top+y).Y != want {
				wrong++
			}
		}
	}
	return wrong
}

func TestPDFIsWellFormed(t *testing.T) {
	for name, l := range map[string]Label{"full": fullLabel(), "empty": {}, "foreign": {ProductName: "咖啡 ☕ قهوة (\\)", Lot: ")\\("}} {
		for _, count := range []int{1, 24, 25, 500} {
			out := runTool(t, "qpdf", "--check", savePDF(t, l, count))
			if !strings.Contains(out, "No syntax or stream encoding errors") {
				t.Errorf("%s, %d labels: %s", name, count, out)
			}
		}
	}
}

func TestPDFTextComesBack(t *testing.T) {
	l := fullLabel()
	l.ProductName = "Cà phê Arabica Sơn La chế biến ướt lên men yếm khí, Đặc sản Mường Ẳng"
	pdf := savePDF(t, l, 2)
	text := strings.Join(strings.Fields(runTool(t, "pdftotext", "-raw", pdf, "-")), " ")
	for _, want := range []string{l.ProductName, l.Variant, l.Producer, "Lô/Lot SL25-0012", "Đóng gói/Packed 12/12/2026",
		"GTIN 09520123456788", "Quét để xem nguồn gốc", "Scan for origin", "1000 001K 3M9Q WERT V"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %q", want, text)
		}
	}
	info := runTool(t, "pdfinfo", pdf)
	for _, want := range []string{"Tem truy xuất: " + l.ProductName + ", lô SL25-0012", "Nguồn", "(A4)", "PDF version:     1.7"} {
		if !strings.Contains(info, want) {
			t.Errorf("%q is missing in\n%s", want, info)
		}
	}
	fonts := runTool(t, "pdffonts", pdf)
	if strings.Count(fonts, "CID TrueType") != 2 || strings.Count(fonts, "yes yes yes") != 2 {
		t.Errorf("not two embedded subsets with Unicode:\n%s", fonts)
	}
}

// The same labels make the same bytes, whatever the number of cores.
func TestPDFIsDeterministic(t *testing.T) {
	first := writeLabels(t, FormatPDF, fullLabel(), labelRun(200))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, cores := range []int{1, 2, 5} {
		runtime.GOMAXPROCS(cores)
		if !bytes.Equal(first, writeLabels(t, FormatPDF, fullLabel(), labelRun(200))) {
			t.Errorf("%d cores make another file", cores)
		}
	}
	if bytes.Equal(first, writeLabels(t, FormatPDF, fullLabel(), labelRun(199))) {
		t.Error("other labels make the same file")
	}
}

// The table of objects is checked without any tool too.
func TestPDFObjectTable(t *testing.T) {
	out := writeLabels(t, FormatPDF, fullLabel(), labelRun(100))
	start := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(out)
	if start == nil {
		t.Fatal("no startxref at the end")
	}
	at, err := strconv.Atoi(string(start[1]))
	if err != nil || !bytes.HasPrefix(out[at:], []byte("xref\n0 ")) {
		t.Fatalf("no table at %d: %v", at, err)
	}
	entries := regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllSubmatch(out[at:], -1)
	if len(entries) < 20 {
		t.Fatalf("%d objects", len(entries))
	}
	for i, e := range entries {
		at, err := strconv.Atoi(string(e[1]))
		if err != nil || !bytes.HasPrefix(out[at:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
			t.Errorf("object %d is not at %s", i+1, e[1])
		}
	}
	if n := bytes.Count(out, []byte("/Type/Page/")); n != 5 || !bytes.Contains(out, []byte("/Count 5/")) {
		t.Errorf("%d pages, want 5", n)
	}
}
