package lang

import (
	"context"
	"testing"
	"time"
)

func TestPath(t *testing.T) {
	for _, tt := range []struct {
		l          Lang
		path, want string
	}{{Vi, "/", "/"}, {Vi, "/gi", "/gi"}, {En, "/", "/en"}, {En, "/gi", "/en/gi"}} {
		if got := tt.l.Path(tt.path); got != tt.want {
			t.Errorf("%s %s is %s, want %s", tt.l, tt.path, got, tt.want)
		}
	}
	if Vi.Other() != En || En.Other() != Vi {
		t.Error("the other language is not the other")
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]Lang{"vi": Vi, "EN": En} {
		if got, ok := Parse(s); !ok || got != want {
			t.Errorf("%q is %q (%v)", s, got, ok)
		}
	}
	if l, ok := Parse("fr"); ok || l != Vi {
		t.Errorf("French is %q (%v)", l, ok)
	}
}

func TestContext(t *testing.T) {
	if From(context.Background()) != Vi || From(With(context.Background(), En)) != En {
		t.Error("the language does not travel")
	}
}

func TestText(t *testing.T) {
	both, one := Text{Vi: "lô", En: "lot"}, Text{Vi: "lô"}
	if both.In(En) != "lot" || both.In(Vi) != "lô" || one.In(En) != "lô" {
		t.Error("a text is read in the wrong language")
	}
}

func TestUnknownMessage(t *testing.T) {
	if got := Vi.T("no.such.message"); got != "no.such.message" || Vi.Has("no.such.message") {
		t.Errorf("got %q", got)
	}
	if got := Lang("xx").T("site.name"); got != "Nguồn" {
		t.Errorf("an unknown language says %q", got)
	}
}

// English has two plural forms, Vietnamese one; the number stands in it.
func TestPlural(t *testing.T) {
	one, two := En.N("shop.products.count", 1), En.N("shop.products.count", 2)
	if one == two || one == "shop.products.count" {
		t.Errorf("%q and %q", one, two)
	}
	if got := Vi.N("shop.products.count", 1_234); got != "1.234 sản phẩm" {
		t.Errorf("got %q", got)
	}
}

func TestDates(t *testing.T) {
	saturday := time.Date(2026, time.December, 12, 10, 4, 0, 0, time.UTC)
	evening := time.Date(2026, time.December, 12, 17, 30, 0, 0, time.UTC) // already Sunday in Vietnam
	for _, tt := range []struct{ got, want string }{
		{Vi.Date(saturday), "12/12/2026"}, {En.Date(saturday), "12 Dec 2026"},
		{Vi.DateLong(saturday), "Thứ Bảy, 12/12/2026"}, {En.DateLong(saturday), "Sat 12 Dec 2026"},
		{Vi.DateLong(evening), "Chủ Nhật, 13/12/2026"}, {Vi.DateTime(saturday), "12/12/2026 17:04"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Vi.Int(0), "0"}, {Vi.Int(999), "999"}, {Vi.Int(-12_500), "-12.500"}, {En.Int(1_234_567), "1,234,567"},
		{Vi.Num(1_234.5, 1), "1.234,5"}, {En.Num(1_234.5, 2), "1,234.5"}, {Vi.Num(2, 2), "2"}, {Vi.Num(-0.25, 2), "-0,25"}, {En.Num(0.999, 1), "1"},
		{Vi.Kilograms(500), "500\u00a0g"}, {Vi.Kilograms(1_000), "1\u00a0kg"}, {Vi.Kilograms(12_540), "12,5\u00a0kg"}, {En.Kilograms(4_200_000), "4,200\u00a0kg"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}
