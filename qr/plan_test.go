package qr

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"nguon/app/fault"
)

// A refused request takes no numbers: the serials after it are as short and as
// many as before.
func TestRefusalTakesNoNumbers(t *testing.T) {
	b := newBench(t)
	for _, r := range []IssueRequest{
		{LotCode: theLot, GTIN: gtin250, Count: 900_000, By: "anna"},
		{LotCode: theLot, GTIN: gtin250, Count: 10},
	} {
		for range 3 {
			if _, err := b.Issue(b.ctx, r); err == nil {
				t.Fatalf("%+v was issued", r)
			}
		}
	}
	if next := b.issue(t, 5); next.Run.First != 1 {
		t.Errorf("the next run begins at %d", next.Run.First)
	}
	if _, err := b.Issue(b.ctx, IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 336, By: "anna"}); fault.CodeOf(err) != "trace.run.exceeds" {
		t.Errorf("336 more of 340: %v", err)
	}
	if next := b.issue(t, 335); next.Run.First != 6 {
		t.Errorf("the run after it begins at %d", next.Run.First)
	}
}

// A plan refuses what Issue would, and leaves nothing behind.
func TestPlan(t *testing.T) {
	b := newBench(t)
	p, err := b.Plan(b.ctx, IssueRequest{LotCode: theLot, Count: 340, By: "anna"})
	must(t, err)
	if p.GTIN != gtin250 || !p.Chosen || p.Loopback || p.Product.Slug == "" || p.Lot.Code != theLot {
		t.Errorf("%+v", p)
	}
	for _, c := range []struct {
		r    IssueRequest
		kind fault.Kind
		code string
	}{
		{IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 341, By: "anna"}, fault.Conflict, "trace.run.exceeds"},
		{IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 0, By: "anna"}, fault.Invalid, "qr.issue.count"},
		{IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 1}, fault.Invalid, "trace.run.invalid"},
		{IssueRequest{LotCode: "none", GTIN: gtin250, Count: 1, By: "anna"}, fault.NotFound, "qr.lot.unknown"},
	} {
		_, err := b.Plan(b.ctx, c.r)
		wantCode(t, err, c.kind, c.code)
	}
	if b.keys.set.Load().current != "" {
		t.Error("planning made a signing key")
	}
	issued := b.issue(t, 40)
	if issued.Run.First != 1 {
		t.Errorf("planning took numbers: the run begins at %d", issued.Run.First)
	}
	for _, packet := range packets(issued) {
		if len(packet.URL) > len(p.LongestURL) || !strings.HasPrefix(p.LongestURL, packet.URL[:len(packet.URL)-len(packet.Serial)]) {
			t.Fatalf("%s is longer than %s", packet.URL, p.LongestURL)
		}
	}
	again := IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 300, By: "anna", Key: "order-7"}
	_, err = b.Issue(b.ctx, again)
	must(t, err)
	if _, err = b.Plan(b.ctx, again); err != nil {
		t.Errorf("a repeated request: %v", err)
	}
}

// However serial and address divide into segments, no symbol is larger than
// that of the longest serial.
func TestLongestSerialIsLongest(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		n := rnd.Int64N(1 << 20)
		head := "https://" + strings.Repeat("a", rnd.IntN(150)) + "/01/09520123456788/10/SN26/21/"
		serial := []byte(longestSerial(n))
		serial = serial[:len(serial)-5]
		for i := range serial {
			if serial[i] = crockford[rnd.IntN(10)]; rnd.IntN(8) == 0 {
				serial[i] = crockford[10+rnd.IntN(22)]
			}
		}
		got, err := encodeSymbol(head + string(serial))
		must(t, err)
		most, err := encodeSymbol(head + longestSerial(n))
		must(t, err)
		if got.size > most.size {
			t.Fatalf("%s%s has %d modules, the longest %d", head, serial, got.size, most.size)
		}
	}
}

func TestCheckLabel(t *testing.T) {
	long := "https://" + strings.Repeat("a", 260) + ".vn/01/09520123456788"
	for name, c := range map[string]struct {
		format Format
		dpi    int
		count  int64
		url    string
		want   string
	}{
		"pdf":                 {FormatPDF, 300, 1_000_000, "https://x.vn/01/1", ""},
		"pdf, coarse":         {FormatPDF, 203, 1, "https://x.vn/01/1", ""},
		"svg, ten sheets":     {FormatSVG, 0, mostSVGLabels, "https://x.vn/01/1", ""},
		"svg, one more":       {FormatSVG, 300, mostSVGLabels + 1, "https://x.vn/01/1", "qr.label.svg_limit"},
		"no such printer":     {FormatPDF, 600, 1, "https://x.vn/01/1", "qr.label.dpi"},
		"no such format":      {"doc", 300, 1, "https://x.vn/01/1", "qr.label.format"},
		"none":                {FormatCSV, 300, 0, "https://x.vn/01/1", "qr.label.none"},
		"too long an address": {FormatPDF, 300, 1, long, "qr.label.too_small"},
		"a table of them":     {FormatCSV, 300, 1, long, ""},
	} {
		if err := CheckLabel(c.format, Label{DPI: c.dpi}, c.count, c.url); fault.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A text of any length costs no more to set than a label's full of it.
func TestLabelTextsAreBounded(t *testing.T) {
	l := Label{ProductName: strings.Repeat("ơ ", 90_000), Lot: strings.Repeat("A", 200_000)}.cleaned()
	if name := []rune(l.ProductName); len(name) != maxText || len(l.Lot) != maxText || name[2] != 'ơ' {
		t.Errorf("%d and %d characters", len(name), len(l.Lot))
	}
}

// Whatever a person asks for, what CheckLabel lets pass is written, and what
// is written as SVG is well formed.
func FuzzLabels(f *testing.F) {
	f.Add("svg", 300, int64(2), "SN-26/01a", "09520123456788", "Cà phê rang xay", "250 g", "https://nguon.example/01/09520123456788")
	f.Add("PDF", 203, int64(1), "", "", "\x00<&>\xff\u202e]]>", "e\u0301", "")
	f.Add("csv", -1, int64(0), "\n\"", "1", strings.Repeat("Nguyễn ", 60), "\uffff", "x")
	f.Add("svg", 255, int64(-1), "", "", "", "", "")
	f.Add("pdf", 0, int64(1), "L", "", strings.Repeat("a", 200_000), strings.Repeat("ơ ", 90_000), "https://x.vn")
	f.Add("svg", 0, int64(3), "\u0085", "</svg>", "\U000F0000", " ", strings.Repeat("z", 400))
	f.Fuzz(func(t *testing.T, format string, dpi int, count int64, lot, gtin, name, about, url string) {
		fm, err := ParseFormat(format)
		if err != nil {
			return
		}
		count = min(count, 3)
		l := Label{ProductName: name, Variant: about, Producer: name + about, Lot: lot, GTIN: gtin, DPI: dpi, Loopback: dpi%2 == 0}
		all := slices.Repeat([]Packet{{Serial: lot, URL: url}}, int(max(count, 0)))
		refused := CheckLabel(fm, l, count, url)
		var b bytes.Buffer
		err = WriteLabels(t.Context(), &b, fm, l, slices.Values(all))
		if fault.CodeOf(refused) != fault.CodeOf(err) {
			t.Fatalf("checking says %v, writing %v", refused, err)
		}
		if err != nil && fault.KindOf(err) != fault.Invalid && url != "" {
			t.Fatal(err)
		}
		if b.Len() > 2<<20 {
			t.Fatalf("%d labels have %d bytes", count, b.Len())
		}
		if err == nil && fm == FormatSVG {
			wellFormed(t, b.Bytes())
		}
	})
}

func wellFormed(t *testing.T, raw []byte) {
	d := xml.NewDecoder(bytes.NewReader(raw))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, raw)
		}
	}
}

// Nobody prints a number of somebody else's product, or of none.
func TestLabelsOfAnothersNumber(t *testing.T) {
	b := newBench(t)
	items := b.deps.Products.(shelf)
	other := items[gtin250]
	for _, c := range []struct {
		change func()
		kind   fault.Kind
		code   string
	}{
		{func() { other.Producer = "other"; items[gtin250] = other }, fault.Conflict, "qr.issue.taken"},
		{func() { delete(items, gtin250) }, fault.NotFound, "qr.issue.no_product"},
	} {
		c.change()
		r := IssueRequest{LotCode: theLot, GTIN: gtin250, Count: 1, By: "anna"}
		_, err := b.Plan(b.ctx, r)
		wantCode(t, err, c.kind, c.code)
		_, err = b.Issue(b.ctx, r)
		wantCode(t, err, c.kind, c.code)
	}
}

// A product that the shop does not show has no page of its own.
func TestANumberOfAnUnlistedProduct(t *testing.T) {
	b := newBench(t)
	items := b.deps.Products.(shelf)
	p := items[gtin250]
	p.Listed = false
	items[gtin250] = p
	for query, want := range map[string]string{"": "/verify?unsold=1", "a=b": "/verify?unsold=1&a=b"} {
		if to, err := b.Resolve(b.ctx, Link{GTIN: gtin250, Query: query}); err != nil || to != want {
			t.Errorf("%s, %v", to, err)
		}
	}
	_, err := b.Resolve(b.ctx, Link{GTIN: gtin250, Query: "linkType=gs1:pip"})
	wantCode(t, err, fault.NotFound, "qr.link.type_absent")
	set, err := b.Linkset(b.ctx, Link{GTIN: gtin250, Lot: theLot}, "https://nguon.example", "vi")
	if err != nil || strings.Contains(string(set), p.Slug) || strings.Contains(string(set), "voc/pip") || !strings.Contains(string(set), "voc/traceability") {
		t.Errorf("%s, %v", set, err)
	}
}
