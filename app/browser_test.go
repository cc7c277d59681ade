package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"nguon/qr"
)

// viewports are a cheap phone and an office screen.
var viewports = []struct{ width, height int64 }{{360, 740}, {1280, 900}}

// Home, product, trace (each verdict) and verify, at both widths and in both
// languages: nothing spills sideways, targets are large enough, fonts come
// from the site, nothing is asked of another host, and the console is silent.
// With SCREENSHOTS set to a folder every page is saved there; a page that
// fails is saved in any case.
func TestBrowser(t *testing.T) {
	browser := newBrowser(t)
	s := withStates(t)
	pages := map[string]string{
		"home": "/", "products": "/products", "filtered": "/products?kind=roasted&stars=4&sort=-price", "nothing": "/products?kind=green&stars=5",
		"product": "/products/ca-phe-rang-suong-nui-arabica-che-bien-uot", "producers": "/producers", "producer": "/producers/htx-ca-phe-suong-nui",
		"verify": "/verify", "verify-error": "/verify?code=95200010000", "gi": "/gi", "right": "/gi/SL-MAU-02",
		"missing": "/khong-co-trang-nay", "bad-link": "/01/09520001000011/10/SN", "gallery": "/_gallery",
	}
	for state, path := range s.states {
		pages["trace-"+string(state)] = path
	}
	// Pages that warn although no packet is judged.
	recalled := s.states[qr.Recalled]
	pages["recalled-lot"] = recalled[:strings.LastIndexByte(recalled, '/')]
	pages["unknown-lot"] = pages["product"] + "?lot=FAKE-1"
	pages["unknown-serial"] = pages["product"] + "?serial=A0NONE"
	for name, path := range pages {
		for _, prefix := range []string{"", "/en"} {
			if prefix == "/en" && (name == "bad-link") {
				continue // an address on a packet has no language
			}
			for _, v := range viewports {
				label := fmt.Sprintf("%s%s-%d", name, strings.ReplaceAll(prefix, "/", "-"), v.width)
				t.Run(label, func(t *testing.T) { browser.look(t, s.base+in(prefix, path), label, v.width, v.height) })
			}
		}
	}
}

// in is the address of a path in the language of a prefix.
func in(prefix, path string) string {
	if prefix != "" && path == "/" {
		return prefix
	}
	return prefix + path
}

type browser struct{ ctx context.Context }

func newBrowser(t *testing.T) *browser {
	t.Helper()
	exe, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("REQUIRE_SERVICES") == "1" {
			t.Fatal("REQUIRE_SERVICES=1, and there is no chromium")
		}
		t.Skip("no chromium on this machine: pages are not looked at in a browser")
	}
	opts := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(exe), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.Headless, chromedp.NoFirstRun, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("hide-scrollbars", true),
		chromedp.WSURLReadTimeout(time.Minute),
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop := chromedp.NewContext(alloc)
	t.Cleanup(func() { stop(); stopAlloc() })
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// findings is what the page says of itself; the script only reads.
type findings struct {
	Overflow  int
	Wide      []string
	Small     []string
	Foreign   []string
	FontError []string
	H1, Title string
	Lang      string
	Images    []string
}

const inspect = `(() => {
  const root = document.documentElement, w = root.clientWidth;
  const name = e => e.tagName.toLowerCase() + '.' + (e.className.baseVal ?? e.className) + ' ' + (e.textContent || '').trim().slice(0, 30);
  const shown = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0; };
  const hidden = e => e.closest('svg,[class*="sr-only"],[class*="visually"],.skip,.vh') || getComputedStyle(e).position === 'absolute';
  return {
    Overflow: root.scrollWidth - w,
    Wide: [...document.body.querySelectorAll('*')].filter(e => shown(e) && !hidden(e) && e.getBoundingClientRect().right > w + 1).slice(0, 5).map(name),
    Small: [...document.querySelectorAll('button, input:not([type=hidden]), select, summary, nav a, a[class*="button"], a[class*="btn"]')]
      .filter(e => shown(e) && !e.closest('.vh') && (e.closest('label.tick') || e).getBoundingClientRect().height < 43.5).slice(0, 5).map(e => name(e) + ' ' + e.getBoundingClientRect().height),
    Foreign: performance.getEntriesByType('resource').map(r => r.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:')),
    FontError: [...document.fonts].filter(f => f.status === 'error').map(f => f.family),
    H1: (document.querySelector('h1') || {}).textContent || '', Title: document.title, Lang: root.lang,
    Images: [...document.images].filter(i => i.complete && i.naturalWidth === 0).map(i => i.src),
  };
})()`

func (b *browser) look(t *testing.T, url, label string, width, height int64) {
	var complaints complaints
	ctx, stop := chromedp.NewContext(b.ctx, chromedp.WithListener(complaints.hear))
	defer stop()
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	var device []chromedp.EmulateViewportOption
	if width < 500 {
		device = append(device, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height, device...), chromedp.Navigate(url))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
	f, err := chromedp.Run(ctx, chromedp.Evaluate[findings](inspect))
	if err != nil {
		t.Fatal(err)
	}
	f.report(t, url, complaints.list())
	f.language(t, url)
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" && t.Failed() {
		dir = filepath.Join(os.TempDir(), "nguon-screenshots")
	}
	if dir == "" { // drawing a whole page takes as long as everything before
		return
	}
	shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, label+".png")
	if err := save(file, shot); err != nil {
		t.Fatal(err)
	}
	t.Logf("screenshot in %s", file)
}

func save(file string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, b, 0o644)
}

// complaints collects what the browser says about a page: exceptions, console
// calls, and refusals of the content security policy.
type complaints struct {
	mu    sync.Mutex
	heard []string
}

func (c *complaints) hear(ev any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventExceptionThrown:
		c.heard = append(c.heard, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		c.heard = append(c.heard, string(e.Type))
	case *log.EventEntryAdded:
		// An answer of 4xx is logged too; pages that are errors are meant to be.
		if e.Entry.Source != log.EntrySourceNetwork {
			c.heard = append(c.heard, e.Entry.Text)
		}
	}
}

func (c *complaints) list() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heard
}

func (f findings) report(t *testing.T, url string, complaints []string) {
	t.Helper()
	if f.Overflow > 0 || len(f.Wide) > 0 {
		t.Errorf("%s is %d px wider than the screen: %q", url, f.Overflow, f.Wide)
	}
	if len(f.Small) > 0 {
		t.Errorf("%s has targets lower than 44 px: %q", url, f.Small)
	}
	if len(f.Foreign) > 0 {
		t.Errorf("%s asks other sites: %q", url, f.Foreign)
	}
	if len(f.FontError) > 0 || len(f.Images) > 0 {
		t.Errorf("%s: fonts %q and images %q did not load", url, f.FontError, f.Images)
	}
	if strings.TrimSpace(f.H1) == "" || strings.TrimSpace(f.Title) == "" {
		t.Errorf("%s has no heading (%q) or no title (%q)", url, f.H1, f.Title)
	}
	if len(complaints) > 0 {
		t.Errorf("%s: the console says %q", url, complaints)
	}
}

// language checks that the path decides; an address on a packet has none, and
// there the browser's own wish counts.
func (f findings) language(t *testing.T, url string) {
	t.Helper()
	want := "vi"
	if strings.Contains(url, "/en/") || strings.HasSuffix(url, "/en") {
		want = "en"
	}
	if f.Lang != want && !strings.Contains(url, "/01/") {
		t.Errorf("%s says lang=%q, want %q", url, f.Lang, want)
	}
}
