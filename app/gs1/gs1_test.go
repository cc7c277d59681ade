package gs1

import "testing"

// The vectors are those of the GS1 syntax dictionary (linter csum).
func TestCheckDigit(t *testing.T) {
	for _, s := range []string{"02345673", "416000336108", "1234567890128", "12345678901231", "123456789012345675", "09520123456788"} {
		if !ValidCheckDigit(s) {
			t.Errorf("%s is right", s)
		}
	}
	for _, s := range []string{"", "0", "12345673", "416000336109", "0952012345678x", "x9520123456788", "09520123456787", "٠٩٥٢"} {
		if ValidCheckDigit(s) {
			t.Errorf("%q is not right", s)
		}
	}
}

func TestGTIN14(t *testing.T) {
	for s, want := range map[string]string{
		"09520123456788": "09520123456788", "9520123456788": "09520123456788", "416000336108": "00416000336108", "02345673": "00000002345673",
		"0952 0123 4567 88": "09520123456788", "952-0123456788": "09520123456788",
	} {
		if got, ok := GTIN14(s); !ok || got != want {
			t.Errorf("%q is %q (%v), want %q", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "123", "9520123456789", "95201234567881", "095201234567880", "952012345678X"} {
		if got, ok := GTIN14(s); ok {
			t.Errorf("%q was taken as %q", s, got)
		}
	}
	if IsGTIN14("9520123456788") {
		t.Error("thirteen digits are no GTIN of an address")
	}
}

func TestQualifier(t *testing.T) {
	for _, s := range []string{"A", "SN-26-01", "!\"%&'()*+,-./_:;<=>?", "abcdefghijklmnopqrst"} {
		if !IsQualifier(s) {
			t.Errorf("%q may be a lot", s)
		}
	}
	for _, s := range []string{"", " ", "Lô", "a b", "#1", "a\x00", "x@y", "[1]", "abcdefghijklmnopqrstu"} {
		if IsQualifier(s) {
			t.Errorf("%q may not be a lot", s)
		}
	}
}
