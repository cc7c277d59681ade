package qr

import (
	"strings"
	"testing"

	"nguon/app/fault"
	"nguon/app/lang"
)

// The vectors come from the tests of gs1/gs1-syntax-engine and the examples of
// the URI syntax standard.
func TestParseLinkAccepts(t *testing.T) {
	for raw, want := range map[string]string{
		"https://a/01/12312312312333":                                                     "/01/12312312312333",
		"HTTPS://a/01/12312312312333":                                                     "/01/12312312312333",
		"http://a:65535/01/12312312312333":                                                "/01/12312312312333",
		"HTTP://a./01/12312312312333":                                                     "/01/12312312312333",
		"https://xn--fsq.xn--0zwm56d/01/12312312312333":                                   "/01/12312312312333",
		"https://[2001:db8::1]/01/12312312312333":                                         "/01/12312312312333",
		"https://0xC0.0xA8.0x01.0x01/01/12312312312333":                                   "/01/12312312312333",
		"https://a/more/stem/01/12312312312333":                                           "/01/12312312312333",
		"https://a/01/faux/01/12312312312333":                                             "/01/12312312312333",
		"https://a/00/faux/01/12312312312333":                                             "/01/12312312312333",
		"https://a/01/12312312312333/22/TEST/10/ABC/21/XYZ":                               "/01/12312312312333/22/TEST/10/ABC/21/XYZ",
		"https://a/01/12312312312333/22/TEST/21/XYZ":                                      "/01/12312312312333/22/TEST/21/XYZ",
		"https://a/01/12312312312333/22/TEST/10/XYZ":                                      "/01/12312312312333/22/TEST/10/XYZ",
		"https://a/01/12312312312333/10/8003/21/414":                                      "/01/12312312312333/10/8003/21/414",
		"https://a/01/12312312312333/21/XYZ":                                              "/01/12312312312333/21/XYZ",
		"https://a/01/12312312312333/235/TEST":                                            "/01/12312312312333/235/TEST",
		"https://a/01/12312312312333/22/ABC%2d123?99=ABC&98=XYZ%2f987":                    "/01/12312312312333/22/ABC-123?99=ABC&98=XYZ%2F987",
		"https://a/01/12312312312333/22/ABC+123?99=ABC&98=XYZ%2f987":                      "/01/12312312312333/22/ABC%2B123?99=ABC&98=XYZ%2F987",
		"https://a/01/12312312312333?":                                                    "/01/12312312312333",
		"https://a/01/12312312312333?&&&99=ABC&&&&&&98=XYZ&&&":                            "/01/12312312312333?99=ABC&98=XYZ",
		"https://a/01/12312312312333?s1&u1=555&99=ABC&s2&u2=6666&98=XYZ&u3=777&s3&empty=": "/01/12312312312333?99=ABC&98=XYZ",
		"https://a/01/12312312312333/22/test/10/abc/21/xyz#":                              "/01/12312312312333/22/test/10/abc/21/xyz",
		"https://a/01/12312312312333/10/abc?99=A#frag/ment?x=1":                           "/01/12312312312333/10/abc?99=A",
		"https://id.gs1.org/01/09520123456788/10/ABC1/21/12345?17=180426":                 "/01/09520123456788/10/ABC1/21/12345?17=180426",
		"https://example.com/01/09520123456788?3103=000195&3922=0299&17=201225":           "/01/09520123456788?3103=000195&3922=0299&17=201225",
		"https://id.gs1.org/01/09520123456788/235/XYZ?10=ABC123":                          "/01/09520123456788/235/XYZ?10=ABC123",
		"/01/09520123456788/10/A%2FB/21/1":                                                "/01/09520123456788/10/A%2FB/21/1",
		"/01/09520123456788?11=261200&13=261231&15=280229&422=704&7007=251101251215":      "/01/09520123456788?11=261200&13=261231&15=280229&422=704&7007=251101251215",
		"/01/09520123456788?423=704418&424=704&8008=2612311159":                           "/01/09520123456788?423=704418&424=704&8008=2612311159",
		"/01/09520123456788/21/A?8030=abc-_D":                                             "/01/09520123456788/21/A?8030=abc-_D",
		"/01/09520123456788?linkType=gs1:pip&90=x":                                        "/01/09520123456788?90=x",
	} {
		l, err := ParseLink(raw)
		if err != nil {
			t.Errorf("%s: %v", raw, err)
		} else if got := uri(l); got != want {
			t.Errorf("%s: got %s, want %s", raw, got, want)
		}
	}
}

func TestParseLinkRefuses(t *testing.T) {
	const g = "/01/09520123456788"
	for raw, code := range map[string]string{
		"":                                     "none",
		"ftp://a" + g:                          "scheme",
		"HtTp://a" + g:                         "scheme",
		"01/09520123456788":                    "scheme",
		"http://":                              "host",
		"http://" + g:                          "host",
		"https://a$" + g:                       "host",
		"https://u@a" + g:                      "host",
		"https://[fe80::1%25lo]" + g:           "host",
		"http://a/":                            "no_key",
		"http://a/b/":                          "trailing_slash",
		"/":                                    "no_key",
		"/x/y":                                 "no_key",
		"https://01/09520123456788":            "no_key",
		"/gtin/09520123456788":                 "short_name",
		g + "/lot/A":                           "short_name",
		g + "/ser/A":                           "short_name",
		g + "/":                                "trailing_slash",
		g + "/10":                              "path",
		g + "/89/ABC":                          "path",
		g + "//10/A":                           "path",
		"/01/9520123456788":                    "gtin_short",
		"/01/02345673":                         "gtin_short",
		"/01/416000336108":                     "gtin_short",
		"/01/0952012345678":                    "gtin_length",
		"/01/0952012345678X":                   "gtin_digits",
		"/01/09520123456789":                   "check_digit",
		"/01/12345673":                         "gtin_length",
		"/01/%00":                              "nul",
		g + "/10/":                             "empty",
		g + "/10//21/A":                        "empty",
		g + "/21/A/10/B":                       "order",
		g + "/10/A/22/B":                       "order",
		g + "/10/A/235/B":                      "order",
		g + "/235/A/21/B":                      "order",
		g + "/10/A/10/B":                       "duplicate",
		g + "/17/261231":                       "not_in_path",
		g + "/10/A%2":                          "escape",
		g + "/10/A%4g":                         "escape",
		g + "/10/A%":                           "escape",
		g + "/10/A%00B":                        "nul",
		g + "/10/%ff":                          "utf8",
		g + "/10/A%20B":                        "charset",
		g + "/10/L%C3%B4":                      "charset",
		g + "/10/A%7E":                         "charset",
		g + "/10/" + strings.Repeat("A", 21):   "length",
		g + "/235/" + strings.Repeat("A", 29):  "length",
		g + "/10/" + strings.Repeat("A", 5000): "too_long",
		g + "/10/A<B":                          "characters",
		g + "/10/A`B":                          "characters",
		g + "/10/A\\B":                         "characters",
		g + "/10/A^B":                          "characters",
		g + "/10/A{B}":                         "characters",
		g + "/10/A B":                          "characters",
		g + "/10/lô":                           "characters",
		g + "/10/A\x00":                        "characters",
		"/00/006141411234567890":               "key_unsupported",
		"/414/9520123456788":                   "key_unsupported",
		"/8003/09520123456788":                 "key_unsupported",
		g + "/10/A/8004/9520614141234567":      "key_unsupported",
		g + "?10=ABC123":                       "not_in_query",
		g + "?21=ABC123":                       "not_in_query",
		g + "/10/A?10=A":                       "duplicate",
		g + "/235/A?21=B":                      "not_in_query",
		g + "?01=09520123456788":               "duplicate",
		g + "?99=XYZ&99=XYZ":                   "duplicate",
		g + "?99=":                             "empty",
		g + "?99=A+B":                          "charset",
		g + "?99=A%20B":                        "charset",
		g + "?999=faux":                        "unknown_ai",
		g + "?89=ABC":                          "unknown_ai",
		g + "?8200=http%3A%2F%2Fexample.com":   "not_attribute",
		g + "?255=9520123456788":               "not_attribute",
		g + "?17=261301":                       "format",
		g + "?17=260230":                       "format",
		g + "?17=26010":                        "format",
		g + "?422=999":                         "format",
		g + "?422=VN":                          "format",
		g + "?423=70441":                       "format",
		g + "?7007=261300":                     "format",
		g + "?8008=26123124":                   "format",
		g + "?3106=000001":                     "unknown_ai",
		g + "?426=704&422=704":                 "excludes",
		g + "?8030=abc":                        "needs",
		g + "?427=14":                          "needs",
		g + "?90=" + strings.Repeat("A", 31):   "format",
		g + "?91=" + strings.Repeat("A", 91):   "format",
	} {
		_, err := ParseLink(raw)
		if got := fault.CodeOf(err); got != "qr.link."+code || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.80q: got %v, want %s", raw, err, code)
		}
	}
}

func TestParseTargetToleratesOneSlash(t *testing.T) {
	l, err := ParseTarget("/01/09520123456788/10/A/?linkType=linkset")
	if err != nil || l.Lot != "A" || l.LinkType() != "linkset" || !l.WantsLinkset("") {
		t.Errorf("got %+v, %v", l, err)
	}
	if _, err := ParseTarget("/01/09520123456788/10/A//"); err == nil {
		t.Error("two slashes were tolerated")
	}
}

func TestLinkEscapes(t *testing.T) {
	const all = "!\"%&'()*+,/:;<=>?-._"
	l := Link{GTIN: "09520123456788", Lot: all, Attributes: []Attribute{{"90", "a+b&c"}}}
	const want = "/01/09520123456788/10/%21%22%25%26%27%28%29%2A%2B%2C%2F%3A%3B%3C%3D%3E%3F-._?90=a%2Bb%26c"
	if got := uri(l); got != want {
		t.Errorf("got %s", got)
	}
	back, err := ParseLink(uri(l))
	if err != nil || back.Lot != all {
		t.Errorf("got %q, %v", back.Lot, err)
	}
}

// Every fault of this package must be able to speak both languages.
func TestLinkFaultsHaveMessages(t *testing.T) {
	for _, raw := range []string{"", "/x", "/01/1", "/01/09520123456788?10=A", "/01/09520123456788?17=1"} {
		_, err := ParseLink(raw)
		f := fault.As(err)
		for _, l := range lang.All {
			if m := l.Map(f.Code, f.Args); m == f.Code || strings.Contains(m, "no value") {
				t.Errorf("%s: %q", l, m)
			}
		}
	}
}

// spoken reports whether a fault has a message in both languages.
func spoken(err error) bool {
	f := fault.As(err)
	return lang.Vi.Map(f.Code, f.Args) != f.Code && lang.En.Map(f.Code, f.Args) != f.Code
}

// uri writes a link with its attributes but without other parts of the query.
func uri(l Link) string {
	s, sep := l.Path(), "?"
	for _, a := range l.Attributes {
		s += sep + a.AI + "=" + escape(a.Value)
		sep = "&"
	}
	return s
}

func FuzzParseLink(f *testing.F) {
	for _, s := range []string{"https://a/01/09520123456788/10/ABC1/21/12345?17=180426", "/01/09520123456788/235/%2f?99=A&&x",
		"/gtin/0952", "//", "/01//", "https://a/01/%00?%31=2", "/00/1/01/09520123456788/", "/01/09520123456788?8008=2612311159&423=704418"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		l, err := ParseLink(raw)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid || !spoken(err) {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		again, err := ParseLink(uri(l))
		if err != nil || again.Path() != l.Path() || len(again.Attributes) != len(l.Attributes) {
			t.Fatalf("%q does not survive: %+v, %v", raw, l, err)
		}
	})
}
