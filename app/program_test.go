package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// asProgram makes the test binary behave as the program itself, so that the
// tests here run it as a process of its own: signals, exit codes, an empty
// folder.
const asProgram = "NGUON_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "1" {
		main()
		return
	}
	os.Exit(m.Run())
}

// process is one data folder and the address that its labels carry.
type process struct {
	t    testing.TB
	dir  string
	port string
	base string
	cmd  *exec.Cmd
	out  *output
}

// output is what a process wrote, which a test may read while it runs.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// lines waits until the process has written so many lines that fit.
func (p *process) lines(fits *regexp.Regexp, n int) [][]string {
	p.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); <-tick.C {
		if found := fits.FindAllStringSubmatch(p.out.String(), -1); len(found) >= n {
			return found
		}
	}
	p.t.Fatalf("fewer than %d lines fit %s:\n%s", n, fits, p.out)
	return nil
}

func newProcess(t testing.TB) *process {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(ln.Addr().String())
	ln.Close()
	return &process{t: t, dir: t.TempDir(), port: port, base: "http://127.0.0.1:" + port}
}

func (p *process) command(args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Dir = p.dir
	cmd.Env = []string{asProgram + "=1", "PORT=" + p.port, "BASE_URL=" + p.base, "DATA_DIR=" + filepath.Join(p.dir, "data"),
		"HOME=" + p.dir, "TMPDIR=" + p.dir, "PATH=" + os.Getenv("PATH")}
	return cmd
}

// start serves and returns once the program says that it is ready.
func (p *process) start() {
	p.t.Helper()
	p.out = &output{}
	p.cmd = p.command()
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { p.cmd.Process.Kill() })
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if res, err := http.Get(p.base + "/readyz"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("not ready after a minute:\n%s", p.out)
		case <-tick.C:
		}
	}
}

// stop asks the program to end and expects it to end well.
func (p *process) stop(sig os.Signal) {
	p.t.Helper()
	http.DefaultClient.CloseIdleConnections()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("ended with %v:\n%s", err, p.out)
	}
}

// run runs a command to its end and returns what it wrote to standard output.
func (p *process) run(args ...string) string {
	p.t.Helper()
	cmd := p.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		p.t.Fatalf("%v: %v\n%s", args, err, stderr.String())
	}
	return stdout.String()
}

type lotRow struct{ gtin, lot, product, producer, gi string }

func (p *process) lots() []lotRow {
	p.t.Helper()
	records, err := csv.NewReader(strings.NewReader(p.run("lots", "-format", "csv"))).ReadAll()
	if err != nil || len(records) < 2 {
		p.t.Fatalf("lots: %d records, %v", len(records), err)
	}
	if got := strings.Join(records[0], ","); got != "gtin,lot,product,producer,gi" {
		p.t.Fatalf("columns %q", got)
	}
	var rows []lotRow
	for _, r := range records[1:] {
		rows = append(rows, lotRow{r[0], r[1], r[2], r[3], r[4]})
	}
	return rows
}

// labels prints labels and returns the file.
func (p *process) labels(format string, row lotRow, count int) string {
	p.t.Helper()
	out := filepath.Join(p.dir, fmt.Sprintf("%s-%s-%d.%s", row.gtin, row.lot, count, format))
	p.run("labels", "-lot", row.lot, "-gtin", row.gtin, "-count", fmt.Sprint(count), "-format", format, "-out", out)
	return out
}

// get follows redirects by hand, so that each answer can be checked.
func (p *process) get(url string) (*http.Response, string) {
	p.t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(url)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return res, string(body)
}

// scan opens what a symbol carries, as a phone does, and returns the page.
func (p *process) scan(url string) *goquery.Document {
	p.t.Helper()
	res, _ := p.get(url)
	if res.StatusCode != http.StatusTemporaryRedirect {
		p.t.Fatalf("%s answered %d, want 307", url, res.StatusCode)
	}
	next, err := res.Location()
	if err != nil {
		p.t.Fatal(err)
	}
	page, body := p.get(next.String())
	if page.StatusCode != http.StatusOK {
		p.t.Fatalf("%s answered %d", next, page.StatusCode)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	return doc
}

func attr(doc *goquery.Document, name string) string {
	v, _ := doc.Find("[" + name + "]").First().Attr(name)
	return v
}

func lotOf(t *testing.T, rows []lotRow, code string) lotRow {
	t.Helper()
	prefix, suffix, _ := strings.Cut(code, "*")
	for _, r := range rows {
		if strings.HasPrefix(r.lot, prefix) && strings.HasSuffix(r.lot, suffix) {
			return r
		}
	}
	t.Fatalf("no lot %s", code)
	return lotRow{}
}

// A newcomer's whole path: start on an empty folder, print labels while the
// server runs, read the printed symbols with a decoder that is not the
// encoder, follow each address, read the verdict; then one wrong character; then
// a restart, after which the scans are still known.
func TestPrintScanRestart(t *testing.T) {
	p := newProcess(t)
	p.start()
	rows := p.lots()
	lot := lotOf(t, rows, "SN-")
	urls := decodeSVG(t, p.labels("svg", lot, 5))
	if len(urls) != 5 {
		t.Fatalf("%d symbols on the sheet, want 5", len(urls))
	}
	for _, url := range urls {
		doc := p.scan(url)
		if got := attr(doc, "data-verdict"); got != "genuine" {
			t.Errorf("%s reads %q, want genuine", url, got)
		}
		if got := attr(doc, "data-gi"); got != lot.gi {
			t.Errorf("%s: GI reads %q, the list of lots says %q", url, got, lot.gi)
		}
		if n := doc.Find("[data-test]").Length(); n != 3 {
			t.Errorf("%d GI tests on the page, want 3", n)
		}
	}
	if got := attr(p.scan(flipLast(urls[0])), "data-verdict"); got != "forged" {
		t.Errorf("one character changed reads %q, want forged", got)
	}
	p.run("rotate-keys")
	for _, url := range append(decodeSVG(t, p.labels("svg", lot, 1)), urls[0]) {
		if got := attr(p.scan(url), "data-verdict"); got != "genuine" {
			t.Errorf("after the keys were rotated %s reads %q, want genuine", url, got)
		}
	}
	before := p.count(urls[0])
	p.stop(syscall.SIGTERM)

	p.start()
	if after := p.count(urls[0]); after != before {
		t.Errorf("%d scans before the restart, %d after", before, after)
	}
	if got := attr(p.scan(urls[1]), "data-verdict"); got != "genuine" {
		t.Errorf("after the restart it reads %q", got)
	}
	p.stop(syscall.SIGINT)
}

// A reader that goes away in the middle gives the lot its coffee back.
func TestBrokenPipe(t *testing.T) {
	p := newProcess(t)
	lot := lotOf(t, p.lots(), "PD-*-01")
	cmd := p.command("labels", "-lot", lot.lot, "-gtin", lot.gtin, "-count", "3000", "-format", "csv", "-out", "-")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stdout, make([]byte, len("serial,url"))); err != nil {
		t.Fatal(err)
	}
	stdout.Close()
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("ended with %v, want exit code 1", err)
	}
	// Twice 3,000 packets would not fit.
	p.labels("csv", lot, 3000)
}

// count asks the API, which counts no scan itself.
func (p *process) count(url string) int {
	p.t.Helper()
	m := regexp.MustCompile(`/01/(\d+)/10/([^/]+)/21/(\w+)$`).FindStringSubmatch(url)
	_, body := p.get(fmt.Sprintf("%s/api/v1/trace/%s/%s/%s", p.base, m[1], m[2], m[3]))
	c := regexp.MustCompile(`"count":\s*(\d+)`).FindAllStringSubmatch(body, -1)
	if len(c) == 0 {
		p.t.Fatalf("no scan count in %s", body)
	}
	n := 0
	fmt.Sscan(c[len(c)-1][1], &n)
	if n == 0 {
		p.t.Fatalf("the scan was not counted: %s", body)
	}
	return n
}

func flipLast(s string) string {
	last := byte('0')
	if s[len(s)-1] == '0' {
		last = '1'
	}
	return s[:len(s)-1] + string(last)
}

// Each kind of lot that the demonstration promises reads as it should on the
// page of a printed packet.
func TestPrintedVerdicts(t *testing.T) {
	p := newProcess(t)
	p.start()
	rows := p.lots()
	for _, tt := range []struct{ lot, verdict, gi, failing string }{
		{"SN-", "genuine", "pass", ""},
		{"NX-", "genuine", "fail", "area"},
		{"PP-", "genuine", "undetermined", ""},
		{"BT-", "genuine", "fail", "right"},
		{"NT-", "genuine", "fail", "product"},
		{"HN-", "genuine", "pass", ""},
		{"HN-*-02", "recalled", "pass", ""},
	} {
		r := lotOf(t, rows, tt.lot)
		doc := p.scan(csvURLs(t, p.labels("csv", r, 1))[0])
		if got := attr(doc, "data-verdict"); got != tt.verdict {
			t.Errorf("%s reads %q, want %q", r.lot, got, tt.verdict)
		}
		if got := attr(doc, "data-gi"); got != tt.gi || r.gi != tt.gi {
			t.Errorf("%s: page says GI %q, list says %q, want %q", r.lot, got, r.gi, tt.gi)
		}
		if tt.failing != "" && doc.Find(`[data-test="`+tt.failing+`"][data-result="fail"]`).Length() == 0 {
			t.Errorf("%s: the test %q does not fail on the page", r.lot, tt.failing)
		}
	}
	p.stop(syscall.SIGTERM)
}

func csvURLs(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil || strings.Join(records[0], ",") != "serial,url" {
		t.Fatalf("%v, columns %v", err, records[0])
	}
	var urls []string
	for _, r := range records[1:] {
		if !strings.HasSuffix(r[1], "/21/"+r[0]) {
			t.Errorf("serial %s does not stand in %s", r[0], r[1])
		}
		urls = append(urls, r[1])
	}
	return urls
}

var (
	svgPath = regexp.MustCompile(` d="(M[^"]+)"`)
	svgRun  = regexp.MustCompile(`M(\d+) (\d+)h(\d+)`)
)

// decodeSVG draws each symbol of a sheet and reads it with gozxing.
func decodeSVG(t *testing.T, file string) []string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, sheet, _ := strings.Cut(string(raw), "</defs>")
	var urls []string
	for _, m := range svgPath.FindAllStringSubmatch(sheet, -1) {
		img := drawRuns(m[1])
		if img == nil {
			continue
		}
		urls = append(urls, readSymbol(t, img))
	}
	return urls
}

// readSymbol tries the decoder's finder first; on some clean pictures only its
// mode for them succeeds.
func readSymbol(t *testing.T, img image.Image) string {
	t.Helper()
	var failure error
	for _, hints := range []map[gozxing.DecodeHintType]any{nil, {gozxing.DecodeHintType_PURE_BARCODE: true}} {
		bitmap, err := gozxing.NewBinaryBitmapFromImage(img)
		if err != nil {
			t.Fatal(err)
		}
		result, err := qrcode.NewQRCodeReader().Decode(bitmap, hints)
		if err == nil {
			return result.GetText()
		}
		failure = err
	}
	t.Fatalf("a printed symbol cannot be read: %v", failure)
	return ""
}

// drawRuns paints the dark runs of a symbol, eight pixels a module, with its
// quiet zone; nil when the path is no symbol.
func drawRuns(d string) image.Image {
	const module, quiet = 8, 4
	size, runs := 0, svgRun.FindAllStringSubmatch(d, -1)
	var cells [][3]int
	for _, r := range runs {
		var x, y, w int
		fmt.Sscan(r[1]+" "+r[2]+" "+r[3], &x, &y, &w)
		cells = append(cells, [3]int{x, y, w})
		size = max(size, x+w)
	}
	if size < 21 || size > 177 {
		return nil
	}
	side := (size + 2*quiet) * module
	img := image.NewGray(image.Rect(0, 0, side, side))
	for i := range img.Pix {
		img.Pix[i] = 0xff
	}
	for _, c := range cells {
		for y := (c[1] + quiet) * module; y < (c[1]+quiet+1)*module; y++ {
			for x := (c[0] + quiet) * module; x < (c[0]+c[2]+quiet)*module; x++ {
				img.SetGray(x, y, color.Gray{})
			}
		}
	}
	return img
}
