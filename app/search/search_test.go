package search

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTerms(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "Cà phê đặc sản": "ca phe=coffee|cafe|cafe; dac san=specialty|speciality>", "coffee from Sơn La": "coffee=ca phe|cafe|cafe; son; la>", "của": "cua>", "SN-26-01": "sn2601#!", "cà phê HN-26-01": "ca phe=coffee|cafe|cafe; hn2601#!",
		"lô HN-26-01": "hn2601#!", "lô đất": "lo; dat>", "9520001000010 arabika": "9520001000010#!; arabika>", "lễ hội 2026": "le hoi=festival; 2026#", "26/12/2026": "26#; 12#; 2026#", "250g": "250g#", "4 sao": "4#; sao=star|stars>",
		"dacsan": "dacsan=dac san|specialty|speciality>",
	} {
		var got []string
		for _, term := range Terms(text) {
			s := strings.Join(term.Words, " ")
			var also []string
			for _, a := range term.Also {
				also = append(also, strings.Join(a, " "))
			}
			if len(also) > 0 {
				s += "=" + strings.Join(also, "|")
			}
			if term.Code {
				s += "#"
			}
			if term.Keep {
				s += "!"
			}
			if term.Open {
				s += ">"
			}
			got = append(got, s)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q is read as %q, want %q", text, s, want)
		}
	}
}

// A number typed with spaces is not answered by what bears a part of it.
func TestLoose(t *testing.T) {
	for text, want := range map[string]bool{"sn 26 09": false, "26 09": false, "mau 202": false, "lễ hội 2025": true, "festival 2025": true, "ca phe": true, "rang 18": true} {
		if got := Loose(Terms(text)); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

// What a scanner types is read as the trade item and the lot that it names.
func TestScanned(t *testing.T) {
	for text, want := range map[string]string{
		"https://nguon.example/01/09520001000010/10/HN-26-01/21/K7M2": "09520001000010 HN-26-01", "HTTP://ID.GS1.ORG/01/09520001000010": "09520001000010",
		"/en/01/09520001000010/10/A%2FB?x=1": "09520001000010 A/B", "(01)09520001000010(10)HN-26-01(21)K7M2": "09520001000010 HN-26-01", "(01) 09520001000010": "09520001000010",
		"]C10109520001000010": "09520001000010", "]d20109520001000010" + "10HN-26-01\x1d21K7": "09520001000010 HN-26-01", "(01) cà phê": "01 cà phê", "09520001000010": "09520001000010", "/01/abc": "/01/abc", "]C1": "C1",
	} {
		if q, err := (Query{Text: text}).Clean(); err != nil || q.Text != want {
			t.Errorf("%q is read as %q, want %q, %v", text, q.Text, want, err)
		}
	}
}

func TestShown(t *testing.T) {
	for text, want := range map[string]string{"“cà phê” & <b>": "“cà phê” & <b>", "a\x00\u202eb\ufffd": "ab", strings.Repeat("ă", 300): strings.Repeat("ă", mostText)} {
		if got := Shown(text); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}

func TestSynonymsGoBothWays(t *testing.T) {
	all, means := Synonyms(), map[string][]string{}
	for phrase, tokens := range all {
		if len(tokens) == 0 {
			t.Errorf("%q means nothing", phrase)
		}
		for _, token := range tokens {
			means[token] = append(means[token], phrase)
		}
		for _, term := range Terms(phrase) {
			for _, other := range term.Also {
				if !slices.Contains(strings.Split(strings.Join(all[strings.Join(other, " ")], " "), " "), term.Concepts[0]) && len(term.Concepts) == 1 {
					t.Errorf("%q finds %q, which does not find it", phrase, other)
				}
			}
		}
	}
	for token, phrases := range means {
		if len(phrases) < 2 {
			t.Errorf("%s is only %q", token, phrases)
		}
	}
	if len(all) < 80 {
		t.Errorf("%d phrases", len(all))
	}
}

func TestWhole(t *testing.T) {
	for text, want := range map[string]string{"0212 385 1234": "02123851234", "PP-26-01": "PP2601", "mau-0414/QĐ-UBND": "MAU0414QDUBND", "cà phê": "", "250 g": "", "4 sao": "", "2026": "2026", "1 2": ""} {
		if got := Whole(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestMark(t *testing.T) {
	for _, tt := range []struct {
		query string
		near  bool
		text  string
		want  string
	}{
		{"suong nui", false, "Cà phê Sương Núi, chế biến ướt", "Cà phê [Sương Núi], chế biến ướt"},
		{"suongnui", false, "Cà phê Sương Núi", "Cà phê [Sương Núi]"},
		{"specialty", false, "Cà phê đặc sản", "Cà phê [đặc sản]"},
		{"arabika", true, "Arabica rang", "[Arabica] rang"},
		{"arabika", false, "Arabica rang", "Arabica rang"},
		{"ph", false, "Cà phê phin", "Cà [phê phin]"},
		{"phe", false, "Ca\u0300 phe\u0302", "Ca\u0300 [phe\u0302]"},
		{"mật ong", false, "Chỉ bạn vị ngọt của mẻ mật ong", "Chỉ bạn vị ngọt của mẻ [mật ong]"},
		{"honey", false, "Mẻ bán ướt, bạn ạ", "Mẻ [bán ướt], bạn ạ"},
		{"x", false, "", ""},
		{"b", false, "<b>&amp;", "<[b]>&amp;"},
	} {
		var got string
		for _, p := range NewMarker(tt.query, tt.near).Mark(tt.text) {
			if p.Found {
				got += "[" + p.Text + "]"
			} else {
				got += p.Text
			}
		}
		if got != tt.want {
			t.Errorf("%q in %q: %q, want %q", tt.query, tt.text, got, tt.want)
		}
	}
}

func TestClean(t *testing.T) {
	q, err := Query{Text: " \x00Cà\u202e  phê*\"(\n", Filters: Facets{Stars: {"4", "3", "4"}, Roast: {}}}.Clean()
	if want := (Query{Text: "Cà phê", Filters: Facets{Stars: {"3", "4"}}, Size: PageSize}); err != nil || !reflect.DeepEqual(q, want) {
		t.Errorf("%+v, %v", q, err)
	}
	if q, _ = (Query{Text: "ca\u0300"}).Clean(); q.Text != "cà" {
		t.Errorf("%q is not composed", q.Text)
	}
}

func TestDistance(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		most int
		want int
	}{{"arabika", "arabica", 1, 1}, {"arbica", "arabica", 1, 1}, {"a", "abcd", 2, 3}, {"", "", 1, 0}, {"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}} {
		if got := distance(tt.a, tt.b, tt.most); got != tt.want {
			t.Errorf("%q to %q: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// Whatever is typed is cleaned to something short, and its marks together are the
// text again.
func FuzzQuery(f *testing.F) {
	for _, s := range []string{"cà phê", "SN-26-01", "a\x00b", "ca\u0300 phe\u0302", strings.Repeat("x ", 300), "🌱 ☕", "\xff"} {
		f.Add(s, "Cà phê Sương Núi")
	}
	f.Fuzz(func(t *testing.T, typed, text string) {
		q, err := Query{Text: typed}.Clean()
		if err != nil {
			t.Fatal(err)
		}
		again, _ := q.Clean()
		if !utf8.ValidString(q.Text) || utf8.RuneCountInString(q.Text) > mostText || len(strings.Fields(q.Text)) > mostWords || again.Text != q.Text {
			t.Errorf("%q is cleaned to %q", typed, q.Text)
		}
		Terms(q.Text)
		Whole(q.Text)
		Accented(q.Text)
		for _, near := range []bool{false, true} {
			var b strings.Builder
			for _, p := range NewMarker(q.Text, near).Mark(text) {
				b.WriteString(p.Text)
			}
			if b.String() != text {
				t.Errorf("%q marked for %q is %q", text, q.Text, b.String())
			}
		}
	})
}
