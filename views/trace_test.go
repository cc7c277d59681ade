package views

import (
	"bytes"
	"compress/gzip"
	"context"
	"strings"
	"testing"

	"nguon/app/lang"
	"nguon/qr"
	"nguon/static"
)

func TestTracePageSaysItsVerdict(t *testing.T) {
	for _, l := range lang.All {
		for name, trace := range sampleTraces() {
			t.Run(string(l)+"/"+name, func(t *testing.T) {
				d, html := mustDocument(t, samplePages(l)["trace-"+name])
				if got := d.Find("[data-verdict]"); got.Length() != 1 || got.AttrOr("data-verdict", "") != string(trace.State) {
					t.Errorf("data-verdict %q, want one %q", got.AttrOr("data-verdict", ""), trace.State)
				}
				shows := trace.State != qr.Forged && trace.State != qr.Unknown
				if n := d.Find("[data-gi]").Length(); n != map[bool]int{true: 1, false: 0}[shows] {
					t.Errorf("%d × data-gi", n)
				}
				if shows && trace.GI != nil {
					shown := trace.GI.Shown()
					if got := d.Find("[data-gi]").AttrOr("data-gi", ""); got != string(shown.Result) {
						t.Errorf("data-gi = %q, want %q", got, shown.Result)
					}
					for _, test := range shown.Tests {
						s := d.Find(`[data-test="` + test.Name + `"]`)
						if s.Length() != 1 || s.AttrOr("data-result", "") != string(test.Result) || s.Find("li").Length() == 0 {
							t.Errorf("test %s: %d elements, result %q", test.Name, s.Length(), s.AttrOr("data-result", ""))
						}
					}
				}
				if strings.Contains(strings.ToLower(html), "hàng thật") || strings.Contains(strings.ToLower(html), "hàng chính hãng") || strings.Contains(html, "genuine product") {
					t.Error("claims more than we know")
				}
			})
		}
	}
}

func TestForgedPageTellsNoOrigin(t *testing.T) {
	d, html := mustDocument(t, samplePages(lang.Vi)["trace-forged"])
	if !strings.Contains(d.Find("h1").Text(), "Mã này không do chúng tôi phát hành; nếu bạn gõ tay, hãy kiểm tra lại") {
		t.Errorf("h1 reads %q", d.Find("h1").Text())
	}
	if strings.Contains(html, "SN-014") || d.Find(".map, .line, .compare").Length() > 0 {
		t.Error("a forged code shows the origin of a lot")
	}
	if got := d.Find(".acts .btn").First().AttrOr("href", ""); got != "/verify" {
		t.Errorf("next step is %q", got)
	}
}

func TestGenuinePageAsksToCompare(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["trace-genuine"])
	text := d.Find(".compare").Text()
	for _, want := range []string{"Cà phê mẫu Sương Núi", "250\u00a0g", "24/02/2026", "SN-26A1", "A1K7 Q2M9 X4T0 C8RW"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing from what to compare", want)
		}
	}
	if got := d.Find(".scans").Text(); !strings.Contains(got, "12/03/2026") || !strings.Contains(got, "3 lần") {
		t.Errorf("scans read %q", got)
	}
	today := d.Find(".today").Text()
	if !strings.Contains(today, "02/08/2026") || !strings.Contains(today, "Không đạt") {
		t.Errorf("today reads %q", today)
	}
}

func TestFirstScan(t *testing.T) {
	for l, want := range map[lang.Lang]string{lang.Vi: "lần đầu mã này được quét", lang.En: "first time"} {
		d, _ := mustDocument(t, samplePages(l)["trace-first"])
		if got := d.Find(".scans").Text(); !strings.Contains(got, want) {
			t.Errorf("%s: %q", l, got)
		}
	}
}

func TestLotPageJudgesNoPacket(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["trace-lot"])
	if d.Find(".scans").Length() > 0 || !strings.Contains(d.Find(".verdict").Text(), "không xét gói nào") {
		t.Error("a lot's page speaks of a packet")
	}
	if d.Find(`meta[name="robots"]`).Length() > 0 {
		t.Error("a lot's page is kept from search engines")
	}
	serial, _ := mustDocument(t, samplePages(lang.Vi)["trace-genuine"])
	if serial.Find(`meta[name="robots"][content="noindex"]`).Length() == 0 {
		t.Error("a serial's page is offered to search engines")
	}
	if got := serial.Find(`link[rel="canonical"]`).AttrOr("href", ""); got != "https://nguon.example/trace/09521234000012/SN-26A1" {
		t.Errorf("canonical is %q", got)
	}
}

// TestARecallComesFirst: whoever looks at a lot that was called back reads that
// before anything else, whether the page judges a packet or not.
func TestARecallComesFirst(t *testing.T) {
	for _, l := range lang.All {
		for name, head := range map[string]string{"recalled": "recalled", "lot-recalled": "recalled", "void-recalled": "void"} {
			page := samplePages(l)["trace-"+name].(TracePage)
			d, _ := mustDocument(t, page)
			verdict, r := d.Find("[data-verdict]"), page.Trace.LotData.Recall
			if got := verdict.AttrOr("data-verdict", ""); got != string(page.Trace.State) {
				t.Errorf("%s/%s: data-verdict %q", l, name, got)
			}
			if !verdict.HasClass("v-"+head) || !strings.Contains(verdict.Find(".kind").Text(), l.T("tracepage.kind."+head)) {
				t.Errorf("%s/%s: the notice is not drawn as %s", l, name, head)
			}
			if got := verdict.Find("h1 + .recall").Text(); !strings.Contains(got, r.Reason.In(l)) || !strings.Contains(got, r.Advice.In(l)) || !strings.Contains(got, l.Date(r.At)) {
				t.Errorf("%s/%s: right below the title stands %q", l, name, got)
			}
			if got := d.Find("title").Text(); !strings.HasPrefix(got, l.T("tracepage.title.recalled", "Lot", page.Trace.Lot)) {
				t.Errorf("%s/%s: the page is titled %q", l, name, got)
			}
			if got := d.Find(".gi.recalled h2 + p").Text(); got != l.T("tracepage.gi.recalled") {
				t.Errorf("%s/%s: the indication is told of as if nothing were: %q", l, name, got)
			}
		}
		d, html := mustDocument(t, samplePages(l)["trace-lot"])
		if d.Find(".recall, .gi.recalled").Length() > 0 || strings.Contains(html, l.T("tracepage.kind.recalled")) {
			t.Errorf("%s: a lot that was not called back looks so", l)
		}
	}
}

func TestUnknownIsSaidToBeUnknown(t *testing.T) {
	d, _ := mustDocument(t, samplePages(lang.Vi)["trace-genuine"])
	plot := d.Find("details.plot").Eq(1).Text()
	if !strings.Contains(plot, "Chưa có thông tin") || !strings.Contains(plot, "chưa ghi độ cao") {
		t.Errorf("a plot without altitude reads %q", plot)
	}
	groups := d.Find("#passport").Closest("details").Find("ol > li")
	if groups.Length() != 8 {
		t.Errorf("%d passport groups, want 8", groups.Length())
	}
}

// TestPiecesJoin: the parts that a handler sends one after the other are the
// page that Component renders, for another packet of the lot too.
func TestPiecesJoin(t *testing.T) {
	ctx := context.Background()
	for _, s := range []qr.State{qr.Genuine, qr.Suspicious, qr.Recalled, qr.Void, qr.LotOnly} {
		p := samplePages(lang.En)["trace-"+string(s)].(TracePage)
		pieces, err := p.Pieces(ctx)
		must(t, err)
		other := p
		if s != qr.LotOnly {
			other.Trace.Serial, other.Trace.Scans = "B2K7Q2M9X4T0C8RW", qr.Scans{}
		}
		for _, page := range []TracePage{p, other} {
			fills := page.Fills()
			var b bytes.Buffer
			for _, piece := range pieces {
				b.Write(piece.Text)
				b.WriteString(fills[piece.Then])
			}
			if whole := mustRender(t, page); !bytes.Equal(whole, b.Bytes()) {
				t.Errorf("%s, %s: %d bytes joined, %d whole", s, page.Trace.Serial, b.Len(), len(whole))
			}
		}
		if want := map[bool]int{true: 1, false: 4}[s == qr.LotOnly]; len(pieces) < want {
			t.Errorf("%s: %d pieces", s, len(pieces))
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestTracePageWeight keeps the page with everything it needs, compressed,
// under the budget of 40 KB (DESIGN, Budgets).
func TestTracePageWeight(t *testing.T) {
	for _, l := range lang.All {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write(mustRender(t, samplePages(l)["trace-genuine"]))
		must(t, z.Close())
		total := b.Len()
		for _, name := range []string{"fonts/be-vietnam-pro-500.woff2", "fonts/be-vietnam-pro-700.woff2", "img/favicon.svg"} {
			f, _, _ := static.Open(static.URL(name))
			if f.Gzip != nil {
				total += len(f.Gzip)
			} else {
				total += len(f.Body)
			}
		}
		t.Logf("%s: page %d, with fonts and icon %d bytes", l, b.Len(), total)
		if total > 36_000 {
			t.Errorf("%s: %d bytes, want at most 36,000 so that a long lot stays under 40,000", l, total)
		}
	}
}

// A code is never broken at its hyphens, and nothing is added to its text.
func TestCodesStayOnOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"Lô PD-26-02 đã bị thu hồi": `Lô <span class="nb">PD-26-02</span> đã bị thu hồi`,
		"phiếu MAU-PT-2611, ngày":   `phiếu <span class="nb">MAU-PT-2611,</span> ngày`,
		"a – b -c d- <i>":           "a – b -c d- &lt;i&gt;",
		"đúng mức 1–1,6\u00a0%":     "đúng mức <span class=\"nb\">1–1,6\u00a0%</span>",
		"x-<i>":                     `<span class="nb">x-&lt;i&gt;</span>`,
		strings.Repeat("A-", 40):    strings.Repeat("A-", 40),
		"":                          "",
	} {
		var b strings.Builder
		if err := coded(text).Render(context.Background(), &b); err != nil || b.String() != want {
			t.Errorf("%q reads %q (%v)", text, b.String(), err)
		}
	}
}
