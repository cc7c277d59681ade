package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"nguon/app/fault"
	"nguon/app/lang"
)

var token = strings.Repeat("Once0123", 4)

func draft(change ...func(*Draft)) Draft {
	d := Draft{
		About: About{Kind: Packet, Path: "/trace/09520123456788/SL-2601/A07WASGJ9JQD1", Title: lang.Text{Vi: "Cà phê Thử", En: "Trial coffee"},
			GTIN: "09520123456788", Lot: "SL-2601", Serial: "A07WASGJ9JQD1", Facts: []Fact{{"Mã", "hợp lệ"}, {"Lượt quét", "7"}}},
		Reason: CodeCopied, Words: "Tem dán đè lên tem khác.", Where: "Chợ Mai Sơn", Contact: "an@example.com", Lang: lang.Vi, Once: token,
	}
	for _, c := range change {
		c(&d)
	}
	return d
}

func TestDraft(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Draft)
		wrong  string // "field=code" of the mistakes
	}{
		{"complete", func(*Draft) {}, ""},
		{"nothing optional", func(d *Draft) { d.Where, d.Contact, d.About.Facts = "", "", nil }, ""},
		{"a listing", func(d *Draft) { d.About.Kind, d.Reason = Listing, FalseClaim }, ""},
		{"a language we do not speak", func(d *Draft) { d.Lang = "th" }, ""},
		{"no kind", func(d *Draft) { d.About.Kind = "" }, "about=about reason=reason"},
		{"no title", func(d *Draft) { d.About.Title = lang.Text{En: "Coffee"} }, "about=about"},
		{"no path", func(d *Draft) { d.About.Path = "" }, "about=about"},
		{"a path elsewhere", func(d *Draft) { d.About.Path = "//example.com/" }, "about=about"},
		{"a path elsewhere by backslash", func(d *Draft) { d.About.Path = `/\example.com/` }, "about=about"},
		{"a script for a path", func(d *Draft) { d.About.Path = "javascript:alert(1)" }, "about=about"},
		{"a path not escaped", func(d *Draft) { d.About.Path = "/products/cà-phê" }, "about=about"},
		{"a path without end", func(d *Draft) { d.About.Path = "/" + strings.Repeat("a", 1000) }, "about=about"},
		{"no reason", func(d *Draft) { d.Reason = "" }, "reason=reason"},
		{"a reason of the other kind", func(d *Draft) { d.Reason = Price }, "reason=reason"},
		{"no words", func(d *Draft) { d.Words = " \n " }, "words=words_short"},
		{"just enough", func(d *Draft) { d.Words = " đặt đè tem\n" }, ""},
		{"too few", func(d *Draft) { d.Words = "đè  tem   x " }, "words=words_short"},
		{"invisible words", func(d *Draft) { d.Words = strings.Repeat("\u200b\u202e", 10) }, "words=words_short"},
		{"as many as allowed", func(d *Draft) { d.Words = strings.Repeat("đ", MaxWords) + "\r\n" }, ""},
		{"one more", func(d *Draft) { d.Words = strings.Repeat("đ", MaxWords+1) }, "words=words_long"},
		{"unreadable", func(d *Draft) { d.Words += "\xff" }, "words=text"},
		{"where, as long as allowed", func(d *Draft) { d.Where = strings.Repeat("ơ", MaxWhere) }, ""},
		{"where, longer", func(d *Draft) { d.Where = strings.Repeat("ơ", MaxWhere+1) }, "where=where_long"},
		{"where, unreadable", func(d *Draft) { d.Where = "\xff" }, "where=text"},
		{"a wrong address", func(d *Draft) { d.Contact = "an at example.com" }, "contact=contact"},
		{"no token", func(d *Draft) { d.Once = "" }, "once=once"},
		{"a short token", func(d *Draft) { d.Once = token[1:] }, "once=once"},
		{"a long token", func(d *Draft) { d.Once = strings.Repeat("a", 129) }, "once=once"},
		{"a token of anything", func(d *Draft) { d.Once = token + "\x00" }, "once=once"},
		{"nothing", func(d *Draft) { *d = Draft{} }, "about=about reason=reason words=words_short once=once"},
	} {
		_, err := draft(tt.change).report()
		if got := mistakes(t, err); got != tt.wrong {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.wrong)
		}
	}
}

// mistakes writes the wrong fields of an error, whose codes must have messages.
func mistakes(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	if !fault.Is(err, fault.Invalid) || fault.CodeOf(err) != "report.incomplete" {
		return err.Error()
	}
	var found []string
	for _, f := range fault.As(err).Fields {
		for _, l := range lang.All {
			if !l.Has(f.Code) {
				t.Errorf("%s has no message in %s", f.Code, l)
			}
		}
		found = append(found, f.Name+"="+strings.TrimPrefix(f.Code, "report.field."))
	}
	return strings.Join(found, " ")
}

func TestDraftIsTidied(t *testing.T) {
	r, err := draft(func(d *Draft) {
		d.Words = "  Dòng một \r\n\r\n\r\n\tdòng\u202e hai\x00.  \rba\n"
		d.Where = " Chợ \n Mai\u00a0 Sơn "
		d.Contact = " an@example.com\n"
		d.Lang = "EN"
		d.About.Title.Vi = " Cà phê\r\nThử "
		d.About.Facts = []Fact{{" Mã ", strings.Repeat("đ", 301)}}
		for len(d.About.Facts) < 40 {
			d.About.Facts = append(d.About.Facts, Fact{"\xffA", "b"})
		}
	}).report()
	if err != nil {
		t.Fatal(err)
	}
	if r.Words != "Dòng một\n\ndòng hai .\nba" || r.Where != "Chợ Mai Sơn" || r.Contact != "an@example.com" || r.Lang != lang.En {
		t.Errorf("%q, %q, %q, %s", r.Words, r.Where, r.Contact, r.Lang)
	}
	facts := r.About.Facts
	if r.About.Title.Vi != "Cà phê Thử" || len(facts) != 30 || facts[0].Name != "Mã" || facts[1].Name != "A" {
		t.Errorf("%q, %d facts, %+v", r.About.Title.Vi, len(facts), facts[:2])
	}
	if n := utf8.RuneCountInString(facts[0].Text); n != 300 || !strings.HasSuffix(facts[0].Text, "…") {
		t.Errorf("a fact of %d characters", n)
	}
}

func TestAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"an@example.com": true, "an.le+coffee@mail.son-la.example": true, "A@EXAMPLE.COM": true,
		strings.Repeat("a", 64) + "@example.com": true,
		strings.Repeat("a", 65) + "@example.com": false,
		"an@" + strings.Repeat("a.", 125) + "vn": false,
		"":                                       false, "an": false, "an@": false, "@example.com": false, "an@example": false, "an@@example.com": false,
		"an@example.com\r\nBcc: b@example.com": false, "an@example.com, b@example.com": false,
		"An <an@example.com>": false, "<an@example.com>": false, `"an"@example.com`: false, "an(x)@example.com": false,
		"an@[127.0.0.1]": false, "an@127.0.0.1": false, "an@-example.com": false, "an@example-.com": false,
		"an@example..com": false, "an@example.com.": false, "an..le@example.com": false, ".an@example.com": false,
		"ân@example.com": false, "an@exámple.com": false, "an @example.com": false, "an@exam\x00ple.com": false, "an@exa_mple.com": false,
	} {
		if got := isAddress(address); got != want {
			t.Errorf("%q: %v", address, got)
		}
	}
}

// Whatever is accepted as an address is one ASCII word with one @.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"an@example.com", "a\r\nb@c.d", "\"a b\"@c.d", "a@b@c.d", "ä@c.d"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if isAddress(s) && (len(strings.Fields(s)) != 1 || strings.Count(s, "@") != 1 ||
			strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })) {
			t.Errorf("%q", s)
		}
	})
}

// Tidying a second time changes nothing, and leaves nothing invisible.
func FuzzTidy(f *testing.F) {
	for _, s := range []string{"a\r\n\r\n\r\nb", "\u202eab\xff", " \u2029 x\t\u200dy\n", strings.Repeat("ợ ", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, fn := range map[string]func(string) string{"line": line, "paragraphs": paragraphs, "clip": clip} {
			once := fn(s)
			if fn(once) != once || !utf8.ValidString(once) || strings.ContainsAny(once, "\x00\r\t\u202e\u200b\u2028") || strings.Contains(once, "\n\n\n") {
				t.Errorf("%s turns %q into %q, then %q", name, s, once, fn(once))
			}
			if name != "paragraphs" && strings.Contains(once, "\n") {
				t.Errorf("%s leaves two lines in %q", name, once)
			}
		}
	})
}

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		kind    Kind
		inbox   Inbox
		reasons []Reason
	}{
		{Packet, Authority, []Reason{DataDiffers, CodeCopied, Opened, Quality, Other}},
		{Listing, Operator, []Reason{FalseClaim, NotAsDescribed, Price, Offensive, Other}},
		{"tour", "", nil},
	} {
		if got := Reasons(tt.kind); !slices.Equal(got, tt.reasons) {
			t.Errorf("%s: %v", tt.kind, got)
		}
		for _, r := range tt.reasons {
			if got := InboxOf(tt.kind, r); got != tt.inbox || !got.known() {
				t.Errorf("%s, %s goes to %q", tt.kind, r, got)
			}
		}
		if got := InboxOf(tt.kind, "none"); got != "" {
			t.Errorf("%s without a reason goes to %q", tt.kind, got)
		}
	}
	Reasons(Packet)[0] = Price
	if Reasons(Packet)[0] != DataDiffers {
		t.Error("the list of reasons can be changed")
	}
}

// Pages build these keys from values.
func TestValuesHaveMessages(t *testing.T) {
	keys := []string{"mail.report_answer.subject", "mail.report_answer.text"}
	for _, k := range kinds {
		keys = append(keys, "report.kind."+string(k.kind), "report.inbox."+string(k.inbox))
		for _, r := range k.reasons {
			keys = append(keys, "report.reason."+string(r))
		}
	}
	for _, s := range []Status{Open, Answered, Closed} {
		keys = append(keys, "report.status."+string(s))
	}
	for _, l := range lang.All {
		for _, k := range keys {
			if !l.Has(k) {
				t.Errorf("%s has no message in %s", k, l)
			}
		}
		for key, n := range map[string]int{"words_short": MinWords, "words_long": MaxWords, "where_long": MaxWhere} {
			if text := l.T("report.field." + key); !strings.Contains(text, l.Int(int64(n))) {
				t.Errorf("%s does not say %s: %s", key, fmt.Sprint(n), text)
			}
		}
	}
}
