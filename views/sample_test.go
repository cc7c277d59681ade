package views

import (
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/catalog"
	"nguon/qr"
	"nguon/qr/gi"
	"nguon/static"
)

var write = flag.String("write", "", "folder to write the sample pages to, for looking at them")

// samplePages are all pages in the states that matter, by a name for messages.
func samplePages(l lang.Lang) map[string]Page {
	base := func(path string) Base { return Base{Lang: l, Path: path, BaseURL: "https://nguon.example"} }
	maker, items, today := sampleProducer(), sampleProducts(), sampleDay(8, 2)
	makers := map[string]catalog.Producer{maker.ID: maker}
	packed := sampleDay(2, 24)
	lots := []LotLink{{GTIN: "09521234000012", Lot: "SN-26A1", PackedOn: &packed, Season: "2025/2026", GI: gi.Pass},
		{GTIN: "09521234000012", Lot: "SN-25/9", PackedOn: &packed, Season: "2024/2025", Recalled: true}, {GTIN: "09521234000012", Lot: "SN-26B"}}
	right := gi.Right{Number: "MAU-01", HolderName: maker.Name, Reports: []gi.Report{{Number: "DK-1", Lab: "Phòng thử nghiệm mẫu", Kind: "roasted", On: packed, ValidTo: today, Values: map[string]float64{"caffeine_pct": 1.25}}},
		Decisions: []gi.Decision{
			{Seq: 1, Action: gi.Grant, Number: "12/QĐ-MAU", From: sampleDay(1, 1), To: sampleDay(12, 31), By: "secret-person", Key: "secret-key", Recorded: packed, Hash: "abcdef0123456789abcdef"},
			{Seq: 2, Action: gi.Suspend, Number: "34/QĐ-MAU", From: sampleDay(5, 5), Reason: lang.Text{Vi: "Chưa nộp phiếu định kỳ.", En: "The periodic report was not sent."}, Corrects: 1, Recorded: today, Hash: "1234567890"}}}
	holder := gi.Holder{Number: "MAU-01", Name: maker.Name, Commune: "04132", Products: []string{"green", "roasted"}, Status: gi.Suspended, From: sampleDay(1, 1), To: sampleDay(12, 31), Since: sampleDay(5, 5), Reason: right.Decisions[1].Reason, Demo: true}
	items[0].Variants = append(items[0].Variants, catalog.Variant{GTIN: "02000000000015", NetGrams: 1000, Grind: "medium", Price: 1_250_000})
	unpriced := items[4]
	unpriced.OCOP, unpriced.Papers, unpriced.Notes = nil, maker.Papers, nil
	pages := map[string]Page{
		"home":        Home{Base: base("/"), Products: items, Producers: []catalog.Producer{maker, maker}, ProducerByID: makers, Example: &lots[0]},
		"home-empty":  Home{Base: base("/")},
		"products":    ProductList{Base: base("/products"), Items: items, Total: 41, Next: "c2", Filter: catalog.Filter{Kind: catalog.Roasted, Stars: 3, Producer: maker.Slug, Commune: "04132"}, Producers: []catalog.Producer{maker}, Communes: []string{"04132", "03670"}, ProducerByID: makers},
		"products-0":  ProductList{Base: base("/products"), Filter: catalog.Filter{Kind: catalog.Green}},
		"product":     ProductPage{Base: base("/products/" + items[0].Slug), Product: items[0], Producer: maker, Lots: lots, More: items[1:], Today: today},
		"product-0":   ProductPage{Base: base("/products/" + items[4].Slug), Product: unpriced, Producer: catalog.Producer{Slug: "x", Name: "Hộ X"}, Today: today},
		"product-lot": ProductPage{Base: base("/products/" + items[0].Slug), Product: items[0], Producer: maker, Lots: lots[1:2], Today: today, UnknownLot: "XX-26-99"},
		"producers":   ProducerList{Base: base("/producers"), Producers: []catalog.Producer{maker, maker, maker}, Next: "n"},
		"producers-0": ProducerList{Base: base("/producers")},
		"producer":    ProducerPage{Base: base("/producers/" + maker.Slug), Producer: maker, Products: items, Rights: []gi.Holder{holder}, Lots: lots, Today: today},
		"producer-0":  ProducerPage{Base: base("/producers/x"), Producer: catalog.Producer{Slug: "x", Name: "Hộ X", Kind: catalog.Household}, Today: today},
		"verify":      VerifyPage{Base: base("/verify")},
		"verify-bad":  VerifyPage{Base: base("/verify"), Input: `https://x/01/095<b>`, Err: fault.New(fault.Invalid, "errorpage.says.400")},
		"gi":          GIPage{Base: base("/gi"), Rules: gi.RulesToday(), Holders: Gallery{Base: base("/")}.register().Holders, Today: today},
		"gi-0":        GIPage{Base: base("/gi"), Rules: gi.RulesToday(), Today: today},
		"gi-right":    GIRightPage{Base: base("/gi/MAU-01"), Right: NewGIRight(right, holder, maker.Slug, true), Today: today},
		"gallery":     Gallery{Base: base("/_gallery")},
	}
	for _, status := range []int{400, 401, 403, 404, 409, 410, 422, 429, 500, 503} {
		e := ErrorPage{Base: base("/x"), Status: status}
		if status >= 500 {
			e.RequestID = "01J9-REQUEST"
		}
		if status == 400 {
			e.Input = "/01/0952<script>"
		}
		pages["error-"+e.code()] = e
	}
	typed := []Typed{{"name", `Cà phê "Sương Núi" <mới>`}, {"story", "Dòng một\r\nDòng hai"}}
	inside := func(path string) Base {
		b := base(path)
		b.Me, b.Token, b.NoIndex = &Me{Name: "Lò Thị Hoa"}, "form-token", true
		return b
	}
	pages["error-again-401"] = ErrorPage{Base: base("/x"), Status: 401, Again: &Again{Path: "/x?org=1", Fields: typed}}
	pages["error-again-403"] = ErrorPage{Base: inside("/x"), Status: 403, Again: &Again{Path: "/x?org=1", Fields: typed}}
	pages["error-lost-401"] = ErrorPage{Base: base("/x"), Status: 401, Again: &Again{Lost: true}}
	pages["error-lost-403"] = ErrorPage{Base: inside("/x"), Status: 403, Again: &Again{Lost: true}}
	pages["error-second"] = ErrorPage{Base: inside("/x"), Status: 403, Err: fault.New(fault.Forbidden, "account.second.needed")}
	unread := base("/search")
	unread.Query = "q=mật+ong&stars=9!"
	pages["error-search"] = ErrorPage{Base: unread, Status: 400, Input: "/search?q=mật+ong&stars=9!", Err: fault.New(fault.Invalid, "search.query")}
	pages["error-413"] = ErrorPage{Base: base("/x"), Status: 413, Err: fault.New(fault.Invalid, "files.too_large").With("Most", 10)}
	for name, path := range map[string]string{"confirm": "/confirm", "reset": "/reset", "move": "/account/address/confirm"} {
		e := ErrorPage{Base: base(path), Status: 410, Err: fault.New(fault.Gone, "account.link.gone")}
		e.Query = "token=a.b"
		pages["error-gone-"+name] = e
	}
	pages["error-known"] = ErrorPage{Base: base("/x"), Status: 410, Err: fault.New(fault.Gone, "account.link.known")}
	pages["error-invite"] = ErrorPage{Base: base("/x"), Status: 410, Err: fault.New(fault.Gone, "account.invite.gone")}
	for name, t := range sampleTraces() {
		pages["trace-"+name] = TracePage{Base: base(tracePath(t.GTIN, t.Lot, t.Serial)), Trace: t, Producer: maker, Today: today}
	}
	maps.Copy(pages, festivalPages(l))
	maps.Copy(pages, searchPages(l))
	return pages
}

func sampleTraces() map[string]qr.Trace {
	m := map[string]qr.Trace{}
	for _, s := range states {
		m[string(s)] = sampleTrace(s)
	}
	bare := sampleTrace(qr.Forged)
	bare.LotData, bare.GI, bare.Product, bare.Scans = nil, nil, qr.Product{}, qr.Scans{}
	m["forged-bare"] = bare
	first := sampleTrace(qr.Genuine)
	first.Scans = qr.Scans{Count: 1}
	m["first"] = first
	recalled := sampleTrace(qr.LotOnly)
	recalled.LotData.Recall = sampleTrace(qr.Recalled).LotData.Recall
	m["lot-recalled"] = recalled
	withdrawn := sampleTrace(qr.Void)
	withdrawn.LotData.Recall = recalled.LotData.Recall
	m["void-recalled"] = withdrawn
	waiting := sampleTrace(qr.LotOnly)
	waiting.LotData.PackedOn, waiting.LotData.Balance.PackableGrams = nil, 0
	waiting.GI = &qr.GI{Today: sampleVerdict(sampleDay(8, 2), gi.Undetermined, gi.Pass, gi.Pass)}
	m["waiting"] = waiting
	nothing := sampleTrace(qr.Genuine)
	l := *nothing.LotData
	l.Plots, l.Steps, l.Papers, l.Quality, l.Balance.Checks, l.ChainValid = nil, nil, nil, nil, nil, false
	nothing.LotData, nothing.GI = &l, nil
	m["nothing"] = nothing
	return m
}

func mustRender(t *testing.T, p Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Component().Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestWrite writes the pages and what they need, to be looked at in a browser:
// go test ./views -run TestWrite -write /tmp/pages
func TestWrite(t *testing.T) {
	if *write == "" {
		t.Skip("no -write folder given")
	}
	put := func(name string, b []byte) {
		name = filepath.Join(*write, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, l := range lang.All {
		for name, p := range samplePages(l) {
			put(name+"."+string(l)+".html", mustRender(t, p))
		}
	}
	names := []string{"css/site.css", "css/trace.css", "css/gallery.css"}
	err := fs.WalkDir(static.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(name, ".css") {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		f, _, _ := static.Open(static.URL(name))
		put(static.URL(name), f.Body)
	}
}
