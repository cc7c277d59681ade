package money

import (
	"errors"
	"math"
	"testing"
)

func TestString(t *testing.T) {
	for v, want := range map[VND]string{
		0: "0\u00a0₫", 5: "5\u00a0₫", 999: "999\u00a0₫", 1_000: "1.000\u00a0₫", 185_000: "185.000\u00a0₫", 12_345_678: "12.345.678\u00a0₫",
		-65_000: "-65.000\u00a0₫", math.MinInt64: "-9.223.372.036.854.775.808\u00a0₫",
	} {
		if got := v.String(); got != want {
			t.Errorf("%d reads %q, want %q", int64(v), got, want)
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]VND{
		"0": 0, "185000": 185_000, "185.000": 185_000, "185,000": 185_000, "185 000": 185_000, "1.234.567": 1_234_567,
		"185.000 ₫": 185_000, "185.000\u00a0₫": 185_000, "185000đ": 185_000, "185.000 VND": 185_000, "185.000 vnd": 185_000,
		"185.000 VNĐ": 185_000, "185.000 vnđ": 185_000, "185.000Đ": 185_000, " 65.000 ": 65_000, "-65.000": -65_000,
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("%q is %d (%v), want %d", s, got, err, want)
		}
	}
	for s, want := range map[string]error{
		"": ErrSyntax, "₫": ErrSyntax, "đ": ErrSyntax, "-": ErrSyntax, "--5": ErrSyntax, "+5": ErrSyntax, "abc": ErrSyntax, "1.5": ErrSyntax, "12.34": ErrSyntax,
		"1.2345": ErrSyntax, "1234.567": ErrSyntax, "1.234,567": ErrSyntax, ".000": ErrSyntax, "1..000": ErrSyntax, "185.000 USD": ErrSyntax, "١٢٣": ErrSyntax,
		"9223372036854775808": ErrOverflow, "99.999.999.999.999.999.999": ErrOverflow,
	} {
		if got, err := Parse(s); !errors.Is(err, want) {
			t.Errorf("%q is %d (%v), want %v", s, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"185.000 ₫", "185000đ", "1,234", "-0", "9223372036854775807", "\u00a0", "1 000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(v.String()); err != nil || again != v {
			t.Errorf("%q is %d, which is written %q and read back as %d (%v)", s, v, v, again, err)
		}
	})
}

func TestSumAndTimes(t *testing.T) {
	if got, err := Sum(); got != 0 || err != nil {
		t.Errorf("nothing sums to %d (%v)", got, err)
	}
	if got, err := Sum(185_000, -65_000, 1); got != 120_001 || err != nil {
		t.Errorf("got %d (%v)", got, err)
	}
	for _, vs := range [][]VND{{math.MaxInt64, 1}, {math.MinInt64, -1}, {1, math.MaxInt64}} {
		if got, err := Sum(vs...); !errors.Is(err, ErrOverflow) {
			t.Errorf("%v sums to %d (%v)", vs, got, err)
		}
	}
	if got, err := VND(135_000).Times(3); got != 405_000 || err != nil {
		t.Errorf("got %d (%v)", got, err)
	}
	if got, err := VND(-5).Times(2); got != -10 || err != nil {
		t.Errorf("got %d (%v)", got, err)
	}
	for _, tt := range []struct {
		v VND
		n int64
	}{{math.MaxInt64, 2}, {math.MinInt64, -1}, {1 << 40, 1 << 40}, {-1, math.MinInt64}} {
		if got, err := tt.v.Times(tt.n); !errors.Is(err, ErrOverflow) {
			t.Errorf("%d × %d is %d (%v)", tt.v, tt.n, got, err)
		}
	}
}
