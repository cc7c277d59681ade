package qr

import (
	"strings"
	"testing"

	"nguon/app/fault"
)

// aloneTyped is how an input reads where no lot is known: its words are the lot
// and the serial in this order.
func aloneTyped(s string) (Link, error) {
	t, err := readTyped(s)
	if err != nil {
		return Link{}, err
	}
	if t.link.GTIN == "" {
		return Link{}, needGTIN(t.rest)
	}
	l, rest := t.link, t.rest
	if len(rest) > 0 && l.Lot == "" {
		l.Lot, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 && l.Serial == "" {
		l.Serial = tidySerial(strings.Join(rest, ""))
	}
	return l, l.check()
}

func TestReadTyped(t *testing.T) {
	serial := string(testSigner().appendSerial(nil, 4711))
	grouped := strings.ToLower(serial[:4] + "-" + serial[4:8] + " " + serial[8:])
	full := "/01/" + testGTIN + "/10/" + testLot + "/21/" + serial
	for in, want := range map[string]string{
		"https://nguon.example" + full:                  full,
		"  \u200b“https://nguon.example" + full + "”\n": full,
		"HtTpS://nguon.example" + full + "?utm=1":       full,
		"nguon.example/stem" + full + "/":               full,
		full:                                            full,
		"https://x.vn/trace/" + testGTIN + "/" + testLot + "/" + serial:                       full,
		"https://x.vn/en/trace/" + testGTIN + "/" + testLot:                                   "/01/" + testGTIN + "/10/" + testLot,
		"x.vn/trace/" + testGTIN + "/A%2FB/":                                                  "/01/" + testGTIN + "/10/A%2FB",
		"https://nguon.example" + full[:20] + "\n" + full[20:]:                                full,
		"(01)" + testGTIN + "(10)" + testLot + "(21)" + serial:                                full,
		"(21) " + serial + " (10) " + testLot + " (17) 261231 (01) " + testGTIN[1:]:           full,
		"(01)" + testGTIN + "(10)A(B)C":                                                       "/01/" + testGTIN + "/10/A%28B%29C",
		testGTIN + " " + testLot + " " + serial:                                               full,
		testGTIN + "/" + testLot + "/" + serial:                                               full,
		testGTIN + "\n" + testLot + "\n" + grouped:                                            full,
		"9520123456788, " + testLot + ", " + grouped:                                          full,
		"9 520123 456788 " + testLot + " " + grouped:                                          full,
		"GTIN: 09520123456788 Lô: SL-2601 Mã: " + grouped:                                     full,
		"Mã hàng 09520123456788\nSố lô SL-2601\nSố sê-ri " + serial:                           full,
		"gtin 09520123456788 LOT SL–2601 S/N " + grouped:                                      full,
		"LÔ:SL-2601 GTIN:09520123456788 seri:" + grouped:                                      full,
		"Lô/Lot SL-2601\nĐóng gói/Packed 03/02/2026\nGTIN 09520123456788\nMã/Code " + grouped: full,
		"GTIN 9 520123 456788 · SL-2601 · " + grouped:                                         full,
		"Lô:SL-2601 " + grouped + " gtin:" + testGTIN:                                         full,
		"Lô SL-2601 GTIN " + testGTIN + " " + grouped:                                         full,
		testGTIN:                 "/01/" + testGTIN,
		testGTIN + " " + testLot: "/01/" + testGTIN + "/10/" + testLot,
	} {
		l, err := aloneTyped(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
		} else if got := l.Path(); got != want {
			t.Errorf("%q: got %s, want %s", in, got, want)
		}
	}
}

func TestReadTypedConfusions(t *testing.T) {
	l, err := aloneTyped(testGTIN + " " + testLot + " ao-iL0o 1234 5678 9")
	if err != nil || l.Serial != "A01100123456789" {
		t.Errorf("got %q, %v", l.Serial, err)
	}
}

func TestReadTypedRefuses(t *testing.T) {
	serial := string(testSigner().appendSerial(nil, 4711))
	for in, code := range map[string]string{
		"":                                       "qr.typed.empty",
		" \t\u200b\n":                            "qr.typed.empty",
		strings.Repeat("A", 3000):                "qr.typed.too_long",
		serial:                                   "qr.typed.need_gtin",
		"Lô SL-2601":                             "qr.typed.need_gtin",
		"09520123456789 A":                       "qr.typed.gtin",
		"gtin 123":                               "qr.typed.gtin",
		"(01)09520123456789":                     "qr.link.check_digit",
		"(01" + testGTIN:                         "qr.typed.elements",
		"(10)A(21)B":                             "qr.typed.need_gtin",
		"(89)A(01)" + testGTIN:                   "qr.link.unknown_ai",
		"https://example.com/hello":              "qr.link.no_key",
		"x.vn/trace/1/2/3/4":                     "qr.link.no_key",
		testGTIN + " " + testLot + " xin-chào":   "qr.link.charset",
		testGTIN + " " + strings.Repeat("A", 21): "qr.link.length",
	} {
		_, err := aloneTyped(in)
		if fault.CodeOf(err) != code {
			t.Errorf("%.60q: got %v, want %s", in, err, code)
		}
	}
}

func FuzzReadTyped(f *testing.F) {
	for _, s := range []string{"https://x.vn/trace/09520123456788/A/B", "(01)09520123456788(10)A(21)B", "gtin 9520123456788 lô a b-c d",
		"09520123456788/A/B", "://", "(", "()", "/01/", "/trace/", "x/trace/%", "Lô:", ": : :"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, err := aloneTyped(s)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || !spoken(err) {
				t.Fatalf("%q: %v", s, err)
			}
			return
		}
		if back, err := ParseLink(l.Path()); err != nil || back.Path() != l.Path() {
			t.Fatalf("%q gave %s, which is no link: %v", s, l.Path(), err)
		}
	})
}
