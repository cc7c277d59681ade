package qr

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"nguon/app/fault"
	"nguon/app/lang"
	"nguon/qr/trace"
)

func (b *bench) link(t testing.TB, raw string) Link {
	t.Helper()
	l, err := ParseTarget(raw)
	must(t, err)
	return l
}

func TestResolve(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	const item, lot = "/01/" + gtin250, "/01/" + gtin250 + "/10/" + lotPath
	const product, page = "/products/ca-phe-rang-xay", "/trace/" + gtin250 + "/" + lotPath
	for raw, want := range map[string]string{
		item:                                      product,
		item + "/":                                product,
		item + "?utm=a%20b&x":                     product + "?utm=a%20b&x",
		lot:                                       page,
		lot + "?17=261231&s=1":                    page + "?17=261231&s=1",
		lot + "/21/" + serial:                     page + "/" + serial,
		lot + "/21/forged%2Fone":                  page + "/forged%2Fone",
		item + "/10/unknown":                      product + "?lot=unknown",
		item + "/10/unknown/21/" + serial:         product + "?lot=unknown",
		item + "/10/A%26lot%3D%2B":                product + "?lot=A%26lot%3D%2B",
		item + "/10/unknown?lot=" + lotPath:       product + "?lot=unknown&lot=" + lotPath,
		item + "/10/unknown?linkType=gs1:pip":     product + "?lot=unknown&linkType=gs1:pip",
		item + "/21/" + serial:                    page + "/" + serial,
		item + "/21/ABC":                          product + "?serial=ABC",
		item + "/22/A/10/" + lotPath:              page,
		item + "/235/ABC":                         product,
		lot + "?linkType=gs1:pip":                 product + "?linkType=gs1:pip",
		lot + "?linkType=gs1%3Atraceability":      page + "?linkType=gs1%3Atraceability",
		lot + "?linkType=https://gs1.org/voc/pip": product + "?linkType=https://gs1.org/voc/pip",
		lot + "?linkType=gs1:defaultLink":         page + "?linkType=gs1:defaultLink",
	} {
		got, err := b.Resolve(b.ctx, b.link(t, raw))
		if err != nil || got != want {
			t.Errorf("%s: got %s, %v; want %s", raw, got, err, want)
		}
	}
	for raw, code := range map[string]string{
		"/01/09520123456801":                "qr.gtin.unknown",
		"/01/09520123456801/10/" + lotPath:  "qr.gtin.unknown",
		lot + "?linkType=gs1:recipeInfo":    "qr.link.type_absent",
		item + "?linkType=gs1:traceability": "qr.link.type_absent",
	} {
		_, err := b.Resolve(b.ctx, b.link(t, raw))
		wantCode(t, err, fault.NotFound, code)
	}
}

// linkset is RFC 9264 as GS1's schema narrows it.
type linkset struct {
	Linkset []map[string]json.RawMessage `json:"linkset"`
}

func TestLinkset(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 1))[0].Serial
	raw, err := b.Linkset(b.ctx, b.link(t, "/01/"+gtin250+"/10/"+lotPath+"/21/"+serial+"?linkType=linkset"), "https://nguon.example/", lang.En)
	must(t, err)
	var set linkset
	must(t, json.Unmarshal(raw, &set))
	if len(set.Linkset) != 3 {
		t.Fatalf("%d levels: %s", len(set.Linkset), raw)
	}
	defaults := 0
	for i, c := range set.Linkset {
		var anchor, description string
		must(t, json.Unmarshal(c["anchor"], &anchor))
		must(t, json.Unmarshal(c["itemDescription"], &description))
		if !strings.HasPrefix(anchor, "https://nguon.example/01/"+gtin250) || description == "" {
			t.Errorf("%d: %q %q", i, anchor, description)
		}
		targets := map[string]bool{}
		for name, value := range c {
			if name == "anchor" || name == "itemDescription" {
				continue
			}
			if !strings.HasPrefix(name, vocabulary) {
				t.Errorf("%s is no property of the schema", name)
			}
			var refs []linkRef
			must(t, json.Unmarshal(value, &refs))
			for _, r := range refs {
				if r.Title == "" || !strings.HasPrefix(r.Href, "https://nguon.example/") {
					t.Errorf("%s: %+v", name, r)
				}
				if name != vocabulary+"defaultLink" {
					targets[r.Href] = true
				}
			}
		}
		var def []linkRef
		if value, ok := c[vocabulary+"defaultLink"]; ok {
			must(t, json.Unmarshal(value, &def))
			defaults += len(def)
			if def[0].Type != "" || def[0].Hreflang != nil || !targets[def[0].Href] {
				t.Errorf("default link %+v, others %v", def, targets)
			}
		}
	}
	if defaults != 1 || set.Linkset[0][vocabulary+"defaultLink"] == nil {
		t.Errorf("%d default links: %s", defaults, raw)
	}
	_, err = b.Linkset(b.ctx, Link{GTIN: "09520123456801"}, "https://x", lang.Vi)
	wantCode(t, err, fault.NotFound, "qr.gtin.unknown")
}

func TestWantsLinkset(t *testing.T) {
	b := newBench(t)
	for raw, want := range map[string]bool{"?linkType=linkset": true, "?a=1&linkType=all": true, "": false, "?linkType=gs1:pip": false} {
		if b.link(t, "/01/"+gtin250+raw).WantsLinkset("text/html") != want {
			t.Errorf("%s: %v", raw, !want)
		}
	}
	const media = LinksetMedia
	for accept, want := range map[string]bool{
		"":                                 false,
		"*/*":                              false,
		"application/*":                    false,
		"text/html":                        false,
		media:                              true,
		"Application/Linkset+JSON ; Q=0.9": true,
		media + ", */*":                    true,
		media + ";q=0.9, */*":              false,
		media + ";q=0.9, */*;q=0.1":        true,
		media + ";q=0.5, text/html;q=0.5":  true,
		"text/html, " + media + ";q=0.1":   false,
		"text/html, " + media + ";q=0":     false,
		media + ";q=0":                     false,
		media + ";q=0.000":                 false,
		media + ";q=nan":                   false,
		media + ";q=2":                     false,
		media + ";profile=\"x\";q=0.4, text/html;q=0.2, */*":              true,
		media + ";q=0.4, text/*;q=0.6, */*;q=0.1":                         false,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": false,
		"application/linkset+jsonp":                                       false,
	} {
		if b.link(t, "/01/"+gtin250).WantsLinkset(accept) != want {
			t.Errorf("Accept: %s gives %v", accept, !want)
		}
	}
}

func TestResolverFile(t *testing.T) {
	b := newBench(t)
	raw, err := b.ResolverFile()
	must(t, err)
	var file struct {
		ResolverRoot         string
		SupportedPrimaryKeys []string
	}
	must(t, json.Unmarshal(raw, &file))
	if file.ResolverRoot != "https://nguon.example" || len(file.SupportedPrimaryKeys) != 1 || file.SupportedPrimaryKeys[0] != "01" {
		t.Errorf("%s", raw)
	}
}

func TestTyped(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 3))[2].Serial
	soft := strings.ToLower(serial[:5] + "-" + serial[5:9] + " " + strings.ReplaceAll(serial[9:], "0", "o"))
	item, lot := "/01/"+gtin250, "/01/"+gtin250+"/10/"+lotPath
	full := lot + "/21/" + serial
	for in, want := range map[string]string{
		gtin250 + " " + theLot + " " + soft: full,
		gtin250 + " sn-26/01A " + soft:      full,
		gtin250 + " sn 26 01a " + soft:      full,
		gtin250[1:] + "\nSN2601A\n" + soft:  full,
		gtin250 + " " + soft:                full,
		"GTIN " + gtin250 + " mã " + soft:   full,
		theLot + " " + soft:                 full,
		"Lô " + theLot + " Mã " + soft:      full,
		theLot:                              lot,
		gtin250 + " sn-26/01a":              lot,
		gtin250:                             item,
		"https://elsewhere.vn" + lot + "/21/" + strings.ToLower(serial):            full,
		"https://nguon.example/en/trace/" + gtin250 + "/" + lotPath + "/" + serial: full,
		serial:                          full,
		soft:                            full,
		"Mã/Code " + soft:               full,
		gtin250 + " nolot XYZ":          item + "/10/nolot/21/XYZ",
		gtin250 + " " + theLot + " XYZ": lot + "/21/XYZ",
	} {
		l, err := b.Typed(b.ctx, in)
		if err != nil || l.Path() != want {
			t.Errorf("%q: got %s, %v; want %s", in, l.Path(), err, want)
		}
	}
	made, err := b.Typed(b.ctx, gtin250+" nolot XYZ")
	must(t, err)
	if target, err := b.Resolve(b.ctx, made); err != nil || target != "/trace/"+gtin250+"/nolot/XYZ" {
		t.Errorf("a made-up packet leads to %s, %v", target, err)
	}
	for in, code := range map[string]string{
		changedLast(serial):                    "qr.typed.unknown_serial",
		"nolot":                                "qr.typed.need_gtin",
		"xin chào":                             "qr.typed.need_gtin",
		gtin250 + " nolot":                     "qr.lot.unknown",
		"09520123456801 A B":                   "qr.gtin.unknown",
		gtin250 + " A01ABCDEFGHJK":             "qr.typed.need_lot",
		gtin250 + " " + strings.Repeat("Đ", 9): "qr.link.charset",
	} {
		_, err := b.Typed(b.ctx, in)
		if fault.CodeOf(err) != code || !spoken(err) {
			t.Errorf("%q: got %v, want %s", in, err, code)
		}
	}
}

func changedLast(serial string) string {
	if last := len(serial) - 1; serial[last] != '0' {
		return serial[:last] + "0"
	}
	return serial[:len(serial)-1] + "1"
}

// A serial alone is enough, also for an instance that did not print it, a
// second after it last read the label runs.
func TestSerialAlone(t *testing.T) {
	b := newBench(t)
	run := b.issue(t, 1)
	other := b.another(t)
	first := packets(run)[0].Serial
	found := func(s *Service, serial string) bool {
		l, err := s.Typed(b.ctx, serial)
		if err != nil && fault.CodeOf(err) != "qr.typed.unknown_serial" {
			t.Fatal(err)
		}
		return err == nil && l.GTIN == gtin250 && l.Lot == theLot && l.Serial == serial
	}
	if !found(b.Service, first) || !found(other, first) {
		t.Error("the first packet is not found")
	}
	second := packets(b.issue(t, 1))[0].Serial
	if !found(b.Service, second) {
		t.Error("the instance that printed does not know the packet at once")
	}
	if found(other, second) {
		t.Error("another instance reads the runs again within the second")
	}
	b.pass(time.Second)
	if !found(other, second) {
		t.Error("another instance does not know the packet after a second")
	}
	if err := b.deps.Trace.VoidRun(b.ctx, run.Lot.ID, run.Run.Hash, "test", "test"); err != nil {
		t.Fatal(err)
	}
	if !found(b.Service, first) {
		t.Error("a withdrawn packet is not led to its page")
	}
}

// A lot is found however many newer ones the trade item has: typed as it is,
// typed softly, or by a serial alone.
func TestOldLotsAreFound(t *testing.T) {
	b := newBench(t)
	serial := packets(b.issue(t, 3))[2].Serial
	for i := range 130 {
		b.pass(time.Minute)
		must(t, b.deps.Trace.CreateLot(b.ctx, trace.Lot{ID: fmt.Sprintf("new%d", i), Code: fmt.Sprintf("NEW-%d", i), Producer: "coop", Plots: []string{"p-lot1"},
			Items: []trace.Item{{GTIN: gtin250, NetGrams: 250}}, Species: trace.Arabica, Season: "2025/2026"}))
	}
	const item, lot = "/01/" + gtin250, "/01/" + gtin250 + "/10/" + lotPath
	for in, want := range map[string]string{
		gtin250 + " " + theLot:                lot,
		gtin250 + " " + theLot + " " + serial: lot + "/21/" + serial,
		gtin250 + " sn 26 01a " + serial:      lot + "/21/" + serial,
		gtin250 + " sn2601a":                  lot,
		gtin250 + " new 7":                    item + "/10/NEW-7",
		gtin250 + " " + serial:                lot + "/21/" + serial,
	} {
		l, err := b.Typed(b.ctx, in)
		if err != nil || l.Path() != want {
			t.Errorf("%q: got %s, %v; want %s", in, l.Path(), err, want)
		}
	}
	target, err := b.Resolve(b.ctx, b.link(t, item+"/21/"+serial))
	if want := "/trace/" + gtin250 + "/" + lotPath + "/" + serial; err != nil || target != want {
		t.Errorf("a serial alone leads to %s, %v", target, err)
	}
}

// Both languages have the same messages.
func TestMessagesSpeakBothLanguages(t *testing.T) {
	for _, key := range []string{"qr.link.none", "qr.link.too_long", "qr.key.missing", "qr.key.none", "qr.deps", "qr.issue.exhausted", "qr.serial.form",
		"qr.linkset.lot", "qr.linkset.serial", "qr.linkset.title.lot", "qr.linkset.title.product", "qr.linkset.title.serial"} {
		if lang.Vi.T(key) == key || lang.En.T(key) == key || lang.Vi.T(key) == lang.En.T(key) && !strings.HasPrefix(key, "qr.linkset.") {
			t.Errorf("%s: %q, %q", key, lang.Vi.T(key), lang.En.T(key))
		}
	}
}
