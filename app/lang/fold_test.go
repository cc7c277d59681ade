package lang

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "Cà phê": "ca phe", "ĐẶC SẢN": "dac san", "đường": "duong", "Sơn  La\t\n": "son la", "  Ướt ": "uot", "Nguyễn Thị Ỏm": "nguyen thi om", "ABC-12": "abc-12",
	} {
		if got := Fold(s); got != want {
			t.Errorf("%q folds to %q, want %q", s, got, want)
		}
		if got := Fold(norm.NFD.String(s)); got != want {
			t.Errorf("%q, decomposed, folds to %q, want %q", s, got, want)
		}
	}
}

func TestSlug(t *testing.T) {
	for s, want := range map[string]string{
		"": "", "₫ — !": "", "Cà phê Sương Núi": "ca-phe-suong-nui", "  A  &  B ": "a-b", "Đặc sản (2026)": "dac-san-2026", "---": "", "x—y": "x-y",
	} {
		if got := Slug(s); got != want {
			t.Errorf("%q makes the slug %q, want %q", s, got, want)
		}
	}
	if long := Slug(strings.Repeat("cà phê ", 50)); len(long) > maxSlug || !IsSlug(long) {
		t.Errorf("%q has %d bytes", long, len(long))
	}
}

func TestIsSlug(t *testing.T) {
	for _, s := range []string{"", "-", "a-", "-a", "a--b", "A", "cà", "a b", "a_b", strings.Repeat("a", maxSlug+1)} {
		if IsSlug(s) {
			t.Errorf("%q is no slug", s)
		}
	}
}

func FuzzSlug(f *testing.F) {
	for _, s := range []string{"Cà phê", "ĐƯỜNG", "a\u0300b", "\xff\x00", "İ", "ﬁ", strings.Repeat("ê-", 90)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		slug := Slug(s)
		if slug != "" && !IsSlug(slug) {
			t.Errorf("%q makes %q, which is no slug", s, slug)
		}
		if again := Slug(slug); again != slug {
			t.Errorf("%q makes %q and then %q", s, slug, again)
		}
	})
}

// The order of the Vietnamese alphabet, tones only where letters are the same.
func TestSortKey(t *testing.T) {
	want := []string{"a", "á", "An", "ă", "â", "ba", "da", "đa", "e", "ê", "o", "ô", "ơ", "u", "ư", "y"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if SortKey(norm.NFD.String("Đặng Ước")) != SortKey("Đặng Ước") {
		t.Error("a decomposed name sorts elsewhere")
	}
}
