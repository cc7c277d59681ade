package files

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNamesOfDocuments(t *testing.T) {
	s := open(t, t.TempDir())
	pdf, png, jpg := []byte("%PDF-1"), asPNG(t, quarters(8, 8)), asJPEG(t, quarters(8, 8))
	long := strings.Repeat("ấ", 150)
	for _, c := range []struct {
		given string
		body  []byte
		want  string
	}{
		{"v1.2 giấy phép", pdf, "v1.2 giấy phép.pdf"},
		{"giấy phép.PDF", pdf, "giấy phép.PDF"},
		{"số 12.2024", pdf, "số 12.2024.pdf"},
		{"giấy.docx", pdf, "giấy.docx.pdf"},
		{"giấy.jpg", pdf, "giấy.jpg.pdf"},
		{"giấy.pdf", jpg, "giấy.pdf.jpg"},
		{"giấy.JPEG", jpg, "giấy.jpg"},
		{"giấy.png", png, "giấy.jpg"},
		{"giấy.webp", png, "giấy.jpg"},
		{"", pdf, "tai-lieu.pdf"},
		{long, pdf, long[:96*len("ấ")] + ".pdf"},
		{long + ".PDF", pdf, long[:96*len("ấ")] + ".PDF"},
		{long + ".png", png, long[:96*len("ấ")] + ".jpg"},
		{strings.Repeat("a", 95) + " b.pdf", pdf, strings.Repeat("a", 95) + ".pdf"},
	} {
		d, err := s.Document(t.Context(), c.given, c.body)
		if err != nil || d.Name != c.want || utf8.RuneCountInString(d.Name) > 100 {
			t.Errorf("%q: %q, %v", c.given, d.Name, err)
		}
	}
}

func TestNames(t *testing.T) {
	for given, want := range map[string]string{
		"giấy phép.pdf": "giấy phép.pdf", "../../etc/passwd": "passwd", `a\b\c.pdf`: "c.pdf", "": "tai-lieu", "...": "tai-lieu", "a\r\nX: y.pdf": "aX y.pdf",
		"gpj.\u202efdp": "gpj.fdp", `a".pdf`: "a.pdf", "\xff.pdf": "pdf",
	} {
		if got := cleanName(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}

func FuzzName(f *testing.F) {
	f.Add("giấy phép.pdf")
	f.Add("../\x00\u202e")
	f.Add(". " + strings.Repeat(" .", 60) + "x.png")
	f.Fuzz(func(t *testing.T, s string) {
		n := withEnd(cleanName(s), ".jpg", ".jpeg", ".png", ".webp")
		if len(n) <= len(".jpg") || n[0] == ' ' || strings.ContainsAny(n, "/\\\"\r\n\x00") || len([]rune(n)) > maxNameRunes {
			t.Errorf("%q became %q", s, n)
		}
	})
}
