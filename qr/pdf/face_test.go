package pdf

import (
	"slices"
	"testing"
)

func TestWrap(t *testing.T) {
	f, err := Bold()
	if err != nil {
		t.Fatal(err)
	}
	lines, cut := f.Wrap("Cà phê Arabica Sơn La rang mộc", 10, f.Width("Cà phê Arabica", 10)+0.1, 3)
	if want := []string{"Cà phê Arabica", "Sơn La rang", "mộc"}; cut || !slices.Equal(lines, want) {
		t.Errorf("got %q, %v", lines, cut)
	}
	lines, cut = f.Wrap("Cà phê Arabica Sơn La rang mộc", 10, f.Width("Cà phê Arabica", 10)+0.1, 2)
	if want := []string{"Cà phê Arabica", "Sơn La…"}; !cut || !slices.Equal(lines, want) && lines[1] != "Sơn La rang…" {
		t.Errorf("got %q, %v", lines, cut)
	}
	if lines, _ = f.Wrap("", 10, 50, 3); len(lines) != 0 {
		t.Errorf("an empty text makes lines: %q", lines)
	}
	for _, r := range "ăâđêôơưĂÂĐÊÔƠƯếềểễệốồổỗộớờởỡợứừửữựẤẦẨẪẬ₫·…" {
		if g := f.glyph(r); g.ID == 0 || g.Advance == 0 {
			t.Errorf("the font has no %c", r)
		}
	}
	if f.Width("AV", 10) >= f.Width("A", 10)+f.Width("V", 10) {
		t.Error("no kerning between A and V")
	}
}
