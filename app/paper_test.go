package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// tool finds a program of the machine; without it the test is skipped, and
// fails where services are required.
func tool(t *testing.T, name string) string {
	t.Helper()
	exe, err := exec.LookPath(name)
	if err == nil {
		return exe
	}
	if os.Getenv("REQUIRE_SERVICES") == "1" {
		t.Fatalf("REQUIRE_SERVICES=1, and there is no %s", name)
	}
	t.Skipf("no %s on this machine: the printed PDF is not read back", name)
	return ""
}

// A sheet as it leaves the printer: the PDF is sound, its picture at 300 dpi
// is read by a reader that knows nothing of us, and every address leads to a
// page that knows the packet.
func TestPaper(t *testing.T) {
	qpdf, pdftoppm, zbarimg := tool(t, "qpdf"), tool(t, "pdftoppm"), tool(t, "zbarimg")
	p := newProcess(t)
	p.start()
	file := p.labels("pdf", lotOf(t, p.lots(), "SN-"), 24)
	if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	page := filepath.Join(p.dir, "sheet")
	if out, err := exec.Command(pdftoppm, "-r", "300", "-gray", "-png", "-singlefile", file, page).CombinedOutput(); err != nil {
		t.Fatalf("pdftoppm: %v\n%s", err, out)
	}
	out, err := exec.Command(zbarimg, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", page+".png").Output()
	if err != nil {
		t.Fatalf("zbarimg: %v", err)
	}
	urls := strings.Fields(string(out))
	if len(urls) != 24 {
		t.Fatalf("%d of 24 symbols were read", len(urls))
	}
	for _, url := range urls {
		if !strings.HasPrefix(url, p.base+"/01/") {
			t.Fatalf("a symbol carries %q", url)
		}
		if got := attr(p.scan(url), "data-verdict"); got != "genuine" {
			t.Errorf("%s reads %q", url, got)
		}
	}
	p.stop(syscall.SIGTERM)
}
