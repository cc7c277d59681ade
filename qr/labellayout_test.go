package qr

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Nothing on a label may run over its edge, into the quiet zone of the symbol
// or into another line, whatever the texts, the printer and the symbol.
func TestLabelNeverOverflows(t *testing.T) {
	long := "Cà phê đặc sản Arabica Catimor Chiềng Ban chế biến ướt lên men yếm khí kéo dài bảy mươi hai giờ, rang vừa, xay thô cho phin giấy"
	full := fullLabel()
	labels := map[string]Label{
		"usual":         full,
		"empty":         {},
		"name only":     {ProductName: "Cà phê"},
		"no name":       {Lot: "L1", GTIN: full.GTIN, PackedOn: full.PackedOn},
		"one long word": {ProductName: strings.Repeat("Ấ", 200), Variant: strings.Repeat("Ữ", 80), Producer: strings.Repeat("Ễ", 90), Lot: strings.Repeat("W", 20)},
		"all long":      {ProductName: long + " " + long, Variant: long, Producer: long, Lot: strings.Repeat("W%", 40), GTIN: full.GTIN, PackedOn: full.PackedOn},
		"foreign":       {ProductName: "咖啡 ☕ กาแฟ قهوة", Producer: "Nậm Păm ɛ̌ ﬁ ①", Lot: "1"},
	}
	for name, label := range labels {
		for _, dpi := range []int{300, 203} {
			for _, loopback := range []bool{false, true} {
				label.DPI, label.Loopback = dpi, loopback
				p, err := newPress(label)
				if err != nil {
					t.Fatal(err)
				}
				for modules := 21; ; modules += 4 {
					a, err := p.artwork(modules)
					if err != nil {
						break
					}
					checkArtwork(t, fmt.Sprintf("%s, %d dpi, %d modules, loopback %v", name, dpi, modules, loopback), p, a)
				}
			}
		}
	}
}

func checkArtwork(t *testing.T, name string, p *press, a artwork) {
	t.Helper()
	g := p.grid
	serial, _ := p.serialLine(a.serial, strings.Repeat("W", 20))
	lines := append(slices.Clone(a.lines), serial)
	left, top, side := g.mm(a.left), g.mm(a.top), g.mm(a.box)
	if left < 0 || top < labelInset+bandHeight || top+side > labelHeight-0.5 {
		t.Errorf("%s: the symbol at %.2f, %.2f with %.2f mm leaves its place", name, left, top, side)
	}
	const slack = 0.01
	for i, l := range lines {
		if l.width == 0 || l.size < 2*millimetresPerPoint {
			t.Errorf("%s: %q is set at %.2f pt, too small to read", name, l.text, l.size/millimetresPerPoint)
		}
		if l.x < symbolLeft-slack || l.x+l.width > labelWidth-labelInset+slack || l.y+0.25*l.size > labelHeight-0.9 || l.y-l.size < labelInset+bandHeight {
			t.Errorf("%s: %q runs off the label: x %.2f to %.2f, baseline %.2f", name, l.text, l.x, l.x+l.width, l.y)
		}
		if l.x < left+side-slack && l.y+0.25*l.size > top+slack && l.y-0.95*l.size < top+side-slack {
			t.Errorf("%s: %q stands in the quiet zone", name, l.text)
		}
		for _, other := range lines[:i] {
			apart := l.y - other.y
			if apart < 0 {
				apart = -apart
			}
			if l.x < other.x+other.width-slack && other.x < l.x+l.width-slack && apart < 0.9*min(l.size, other.size) {
				t.Errorf("%s: %q and %q overlap", name, l.text, other.text)
			}
		}
	}
}

// What a reader compares or types is never cut, at the lengths GS1 allows.
func TestLabelKeepsWhatIsCompared(t *testing.T) {
	l := fullLabel()
	l.Lot, l.Loopback = strings.Repeat("W", 20), true
	for _, dpi := range []int{300, 203} {
		l.DPI = dpi
		p, err := newPress(l)
		if err != nil {
			t.Fatal(err)
		}
		for _, modules := range []int{33, 37, 41, 49} {
			a, err := p.artwork(modules)
			if err != nil {
				t.Fatal(err)
			}
			var all []string
			for _, line := range a.lines {
				all = append(all, line.text)
			}
			text := strings.Join(all, " ")
			for _, want := range []string{l.Lot, l.GTIN, "12/12/2026", "250 g · nguyên hạt", "Lô/Lot", "Đóng gói/Packed", "máy này", "computer only"} {
				if !strings.Contains(text, want) {
					t.Errorf("%d dpi, %d modules: %q is missing in %q", dpi, modules, want, text)
				}
			}
			if !strings.Contains(strings.Join(all, " "), "Sơn La") {
				t.Errorf("%d dpi, %d modules: the name is cut: %q", dpi, modules, text)
			}
		}
	}
}
