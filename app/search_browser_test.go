package main

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Somebody types the beginning of a name without accents and takes what is
// suggested; the form does the same without the script.
func TestBrowserSearch(t *testing.T) {
	p := newProcess(t)
	cfg, err := LoadConfig(env("DATA_DIR", t.TempDir(), "BASE_URL", p.base))
	if err != nil {
		t.Fatal(err)
	}
	serveAt(t, cfg, "127.0.0.1:"+p.port)
	v := newVisitor(t, p.base, "search")
	v.open("/search")
	v.fits()
	v.do(chromedp.SendKeys(chromedp.CSS("#q"), "suong n"))
	shown := func(want int) bool {
		t.Helper()
		var n int
		for range 40 {
			if n, err = chromedp.Run(v.ctx, chromedp.Evaluate[int](`document.querySelectorAll(".suggestions:not([hidden]) a").length`)); err != nil {
				t.Fatal(err)
			}
			if (n > 0) == (want > 0) {
				return true
			}
			time.Sleep(100 * time.Millisecond)
		}
		return false
	}
	if !shown(1) {
		t.Fatal("nothing is suggested")
	}
	if got := v.text(".suggestions mark"); got == "" {
		t.Error("nothing is marked in what is suggested")
	}
	v.do(chromedp.KeyEvent("\u001b")) // Escape
	if !shown(0) {
		t.Error("Escape leaves the suggestions open")
	}
	v.do(chromedp.SendKeys(chromedp.CSS("#q"), "ui"))
	if !shown(1) {
		t.Fatal("nothing is suggested again")
	}
	v.click(".suggestions a")
	v.sees("Sương Núi")
	v.open("/en/search?q=suong+nui&kind=product")
	v.fits()
	v.sees("Sương Núi", "result")
	v.click(`.hits > li > a`)
	v.sees("Sương Núi")
}
